-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a foreign key asks of the tables that new mail is written to holds when the transaction ends.  Where it
-- had to hold at once, SQLite kept a copy of each page that a statement with several rows touched, in case a
-- later row is refused.  Only the words of the schema change, which SQLite allows for foreign keys
-- (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").

PRAGMA writable_schema = ON;

UPDATE sqlite_schema
SET sql = replace (sql, 'REFERENCES thread (id)', 'REFERENCES thread (id) DEFERRABLE INITIALLY DEFERRED')
WHERE type = 'table' AND name = 'message';

UPDATE sqlite_schema
SET sql = replace (sql, 'ON DELETE CASCADE', 'ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED')
WHERE type = 'table' AND name IN ('message', 'placement', 'reference');

PRAGMA writable_schema = RESET;
