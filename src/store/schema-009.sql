-- SPDX-License-Identifier: GPL-3.0-or-later
-- Drafts that the server has, too, so that other programs can go on with them.

-- server_drafts: local drafts are kept on the server.
ALTER TABLE account ADD COLUMN server_drafts INTEGER NOT NULL DEFAULT 0;

-- A message that is the server's copy of a local draft; it is shown nowhere.  draft_id: NULL where
-- the draft is no more: the copy is deleted as soon as it is there.  version: the draft's key when the
-- copy was made of it, 0 where that is not known any more; each save gives the draft another.  made:
-- it is there, not only on its way.
CREATE TABLE draft_copy (
  copy_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  draft_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
  version INTEGER NOT NULL,
  made INTEGER NOT NULL
) STRICT;

CREATE INDEX draft_copy_draft ON draft_copy (draft_id);
