-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the sidebar stands: sections the person made, what is folded, which order was chosen.

-- position: among the account's sections, smaller ones first.
CREATE TABLE section (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  folded INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX section_account ON section (account_id);

-- What every account has without asking: labels in no section.  label_order: a PinionStoreLabelOrder.
ALTER TABLE account ADD COLUMN labels_folded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN label_order INTEGER NOT NULL DEFAULT 0;

-- section_id: NULL for none.  folded: the labels in it are not shown.
ALTER TABLE folder ADD COLUMN section_id INTEGER REFERENCES section (id) ON DELETE SET NULL;
ALTER TABLE folder ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;

CREATE INDEX folder_section ON folder (section_id) WHERE section_id IS NOT NULL;

-- How something in the sidebar stood before a command.  kind: a folder, a section, an account.
-- existed: else taking back removes it.  number: a folder's section, an account's order; flag: pinned,
-- folded or pin_all; text: a colour or a name.
CREATE TABLE undo_look (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  existed INTEGER NOT NULL,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  flag INTEGER NOT NULL,
  text TEXT
) STRICT;

CREATE INDEX undo_look_group ON undo_look (group_id);
