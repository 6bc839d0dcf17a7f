-- SPDX-License-Identifier: GPL-3.0-or-later
-- One index of messages by what is known of their bodies and when they came, in place of one by date, one of
-- those whose body is wanted and one of those without: what new mail is written to costs a first sync the most.
-- That of threads by account only served the removal of accounts, which goes over all of the account's mail
-- anyway.

DROP INDEX message_received;
DROP INDEX message_wanted;
DROP INDEX message_unavailable;
DROP INDEX thread_account;

CREATE INDEX message_body ON message (account_id, body_state, received);

-- The hash first, which tells one row from another at once, and of accounts there are few.
DROP INDEX message_key;
CREATE UNIQUE INDEX message_key ON message (key, account_id);

CREATE TABLE reference_by_hash (
  account_id INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  thread_id INTEGER NOT NULL REFERENCES thread (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (hash, account_id)
) STRICT, WITHOUT ROWID;

INSERT INTO reference_by_hash SELECT account_id, hash, thread_id FROM reference ORDER BY hash, account_id;
DROP TABLE reference;
ALTER TABLE reference_by_hash RENAME TO reference;
CREATE INDEX reference_thread ON reference (thread_id);
