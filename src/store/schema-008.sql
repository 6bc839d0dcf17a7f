-- SPDX-License-Identifier: GPL-3.0-or-later
-- Searches that people keep under a name.

-- query: as it was typed.  search_order: a PinionStoreSearchOrder.  pinned: it stands in the sidebar.
-- position: smaller ones first.
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
