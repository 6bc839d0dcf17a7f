-- SPDX-License-Identifier: GPL-3.0-or-later
-- Labels made, renamed and deleted here.  What the server has and what the person wants are apart:
-- raw_name and path are the server's.

-- local: made here, the server does not have it yet.  leaving: the person wants it away; an operation
-- says how.  wanted_name, wanted_path: what renames that are on their way will make of it, NULL
-- where nothing changes; made from folder and operation by pinion-store-labels.c, never by anything
-- else.
ALTER TABLE folder ADD COLUMN local INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN wanted_name BLOB;
ALTER TABLE folder ADD COLUMN wanted_path TEXT;

-- trim: the history range was narrowed: what was received before this moment is let go of.
ALTER TABLE account ADD COLUMN trim INTEGER NOT NULL DEFAULT 0;

-- Of operations on folders (from_folder): the name to make, and the path it stands for.
ALTER TABLE operation ADD COLUMN name BLOB;
ALTER TABLE operation ADD COLUMN path TEXT;

-- One step of a command on a folder; name, path: what it had before.
CREATE TABLE undo_folder (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  operation_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name BLOB NOT NULL,
  path TEXT NOT NULL
) STRICT;

CREATE INDEX undo_folder_group ON undo_folder (group_id);
