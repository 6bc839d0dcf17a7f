-- SPDX-License-Identifier: GPL-3.0-or-later
-- Searches that people keep under a name, and what servers found for others.

-- query: as it was typed.  search_order: a PinionStoreSearchOrder.  pinned: it stands in the
-- sidebar.  position: smaller ones first.
CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  search_order INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  position INTEGER NOT NULL
) STRICT;

-- How one was before a command.  existed: else taking back removes it.
CREATE TABLE undo_saved_search (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  subject INTEGER NOT NULL,
  existed INTEGER NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  search_order INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  position INTEGER NOT NULL
) STRICT;

CREATE INDEX undo_saved_search_group ON undo_saved_search (group_id);

-- What a server found for a question that this computer may not answer: a message outside the
-- history range, whose text is not here.  query: as it was typed.  turn: larger for later
-- searches.
CREATE TABLE server_hit (
  query TEXT NOT NULL,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  turn INTEGER NOT NULL,
  PRIMARY KEY (query, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX server_hit_message ON server_hit (message_id);
