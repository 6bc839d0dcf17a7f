-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a person writes as and from where: signatures and further addresses; the accounts' order and
-- colours.

-- position: among the accounts, smaller ones first, then by id.  colour: "#rrggbb".
-- refused: the server refused the password that is kept; it is not tried again by itself.
ALTER TABLE account ADD COLUMN signature TEXT;
ALTER TABLE account ADD COLUMN colour TEXT;
ALTER TABLE account ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

-- The further addresses, in the order of their ids.
CREATE TABLE alias (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE INDEX alias_account ON alias (account_id);
