-- SPDX-License-Identifier: GPL-3.0-or-later
-- A small store as schema 3 has it.
PRAGMA application_id = 1349086830;
PRAGMA user_version = 3;
CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  history TEXT NOT NULL,
  pin_all INTEGER NOT NULL,
  ca_pem TEXT,
  created INTEGER NOT NULL,
  imap_host TEXT,
  imap_port INTEGER NOT NULL,
  imap_encryption TEXT NOT NULL,
  imap_user TEXT,
  imap_trusted_sha256 TEXT,
  smtp_host TEXT,
  smtp_port INTEGER NOT NULL,
  smtp_encryption TEXT NOT NULL,
  smtp_user TEXT,
  smtp_trusted_sha256 TEXT,
  imap_sign_in TEXT NOT NULL DEFAULT 'password',
  smtp_sign_in TEXT NOT NULL DEFAULT 'password'
, trim INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "account" VALUES(1,'a41fc73f-4c34-4485-8df7-218842b0639d','me@example.com','Me','personal','1y',1,NULL,0,NULL,993,'tls',NULL,NULL,NULL,587,'starttls',NULL,NULL,'kerberos','password',0);
CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  raw_name BLOB NOT NULL,
  delimiter INTEGER NOT NULL DEFAULT 0,
  path TEXT NOT NULL,
  role INTEGER NOT NULL DEFAULT 0,
  role_by_hand INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,
  hidden_by_hand INTEGER NOT NULL DEFAULT 0,
  hidden_reason TEXT,
  selectable INTEGER NOT NULL DEFAULT 1,
  missing INTEGER NOT NULL DEFAULT 0,
  pinned INTEGER NOT NULL DEFAULT 0,
  colour TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  uidvalidity INTEGER NOT NULL DEFAULT 0,
  uidnext INTEGER NOT NULL DEFAULT 0,
  highestmodseq INTEGER NOT NULL DEFAULT 0,
  server_total INTEGER NOT NULL DEFAULT 0,
  since INTEGER NOT NULL DEFAULT 9223372036854775807,
  synced INTEGER NOT NULL DEFAULT 0, local INTEGER NOT NULL DEFAULT 0, leaving INTEGER NOT NULL DEFAULT 0, wanted_name BLOB, wanted_path TEXT,
  UNIQUE (account_id, raw_name)
) STRICT;
INSERT INTO "folder" VALUES(1,1,X'494E424F58',47,'INBOX',1,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(2,1,X'53656E74',47,'Sent',2,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(3,1,X'447261667473',47,'Drafts',3,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(4,1,X'5472617368',47,'Trash',4,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(5,1,X'4A756E6B',47,'Junk',5,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(6,1,X'41726368697665',47,'Archive',6,0,0,0,NULL,1,0,0,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(7,1,X'50726F6A65637473',47,'Projects',0,0,0,0,NULL,1,0,1,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
INSERT INTO "folder" VALUES(8,1,X'46616D696C79',47,'Family',0,0,0,0,NULL,1,0,1,NULL,0,0,0,0,0,9223372036854775807,0,0,0,NULL,NULL);
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  thread_id INTEGER NOT NULL REFERENCES thread (id),
  key INTEGER NOT NULL,
  date INTEGER NOT NULL,
  received INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  size INTEGER NOT NULL,
  has_attachments INTEGER NOT NULL,
  bulk INTEGER NOT NULL,
  body_state INTEGER NOT NULL DEFAULT 0,
  body_place INTEGER NOT NULL DEFAULT 0,
  body_size INTEGER NOT NULL DEFAULT 0,
  opening INTEGER NOT NULL DEFAULT 0,
  poison INTEGER NOT NULL DEFAULT 0,
  local_draft INTEGER NOT NULL DEFAULT 0,
  reply_to INTEGER NOT NULL DEFAULT 0,
  orphaned INTEGER,
  message_id TEXT,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  recipients TEXT NOT NULL,
  subject TEXT NOT NULL,
  snippet TEXT NOT NULL,
  people TEXT
) STRICT;
INSERT INTO "message" VALUES(1,1,1,8185133504545360693,100,100,0,1000,0,0,0,0,0,0,0,0,0,NULL,'a@x','Ana','ana@example.com','Me','a@x','',NULL);
INSERT INTO "message" VALUES(2,1,1,9126010317820255966,200,200,5,1000,0,0,0,0,0,0,0,0,0,NULL,'b@x','Ana','ana@example.com','Me','b@x','',NULL);
INSERT INTO "message" VALUES(3,1,2,6121823726080820055,300,300,5,1000,0,0,0,0,0,0,0,0,0,NULL,'c@x','Ana','ana@example.com','Me','c@x','',NULL);
CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  group_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  uncertain INTEGER NOT NULL DEFAULT 0,
  message_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
  from_placement INTEGER REFERENCES placement (id) ON DELETE SET NULL,
  to_placement INTEGER REFERENCES placement (id) ON DELETE SET NULL,
  from_folder INTEGER NOT NULL DEFAULT 0,
  to_folder INTEGER NOT NULL DEFAULT 0,
  flag INTEGER NOT NULL DEFAULT 0,
  value INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_text TEXT,
  subject TEXT
, name BLOB, path TEXT) STRICT;
INSERT INTO "operation" VALUES(1,1,1,2,0,0,1,1,4,1,6,0,0,1795381993,0,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "operation" VALUES(2,1,2,0,0,0,3,3,NULL,7,0,4,1,1795381993,0,0,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  sender TEXT NOT NULL,
  recipients TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  send_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_text TEXT
) STRICT;
CREATE TABLE placement (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  uid INTEGER,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  server_flags INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  UNIQUE (folder_id, uid)
) STRICT;
INSERT INTO "placement" VALUES(1,1,1,1,0,1,1795381993);
INSERT INTO "placement" VALUES(2,1,2,2,5,0,1795381993);
INSERT INTO "placement" VALUES(3,7,1,3,1,0,1795381993);
INSERT INTO "placement" VALUES(4,6,NULL,1,0,0,1795381993);
CREATE TABLE reference (
  account_id INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  thread_id INTEGER NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;
INSERT INTO "reference" VALUES(1,4698614661990767622,1);
INSERT INTO "reference" VALUES(1,6803913952393654236,1);
INSERT INTO "reference" VALUES(1,8289608290854843293,2);
CREATE TABLE removed_file (
  message_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (message_id, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE thread (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;
INSERT INTO "thread" VALUES(1,1);
INSERT INTO "thread" VALUES(2,1);
CREATE TABLE thread_view (
  thread_id INTEGER NOT NULL,
  view_id INTEGER NOT NULL,
  date INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  PRIMARY KEY (thread_id, view_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "thread_view" VALUES(1,-5,200,1,0);
INSERT INTO "thread_view" VALUES(1,-4,200,2,1);
INSERT INTO "thread_view" VALUES(1,1,200,1,0);
INSERT INTO "thread_view" VALUES(1,6,100,1,1);
INSERT INTO "thread_view" VALUES(2,-5,300,1,0);
INSERT INTO "thread_view" VALUES(2,-4,300,1,0);
INSERT INTO "thread_view" VALUES(2,7,300,1,0);
CREATE TABLE undo_folder (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  operation_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name BLOB NOT NULL,
  path TEXT NOT NULL
) STRICT;
CREATE TABLE undo_group (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "undo_group" VALUES(1,1795381993,0);
INSERT INTO "undo_group" VALUES(2,1795381993,0);
CREATE TABLE undo_item (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  operation_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  from_folder INTEGER NOT NULL,
  to_folder INTEGER NOT NULL,
  flag INTEGER NOT NULL,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO "undo_item" VALUES(1,1,1,1,2,1,6,0,0);
INSERT INTO "undo_item" VALUES(2,2,3,0,0,0,0,4,0);
CREATE TABLE view_total (
  view_id INTEGER PRIMARY KEY,
  threads INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL
) STRICT;
INSERT INTO "view_total" VALUES(-5,2,2,0);
INSERT INTO "view_total" VALUES(-4,2,3,1);
INSERT INTO "view_total" VALUES(1,1,1,0);
INSERT INTO "view_total" VALUES(6,1,1,1);
INSERT INTO "view_total" VALUES(7,1,1,0);
CREATE UNIQUE INDEX folder_role ON folder (account_id, role) WHERE role > 0;
CREATE INDEX thread_account ON thread (account_id);
CREATE UNIQUE INDEX message_key ON message (account_id, key);
CREATE INDEX message_thread ON message (thread_id);
CREATE INDEX message_received ON message (account_id, received);
CREATE INDEX message_unavailable ON message (account_id) WHERE body_state = 2;
CREATE INDEX message_wanted ON message (account_id, received) WHERE body_state = 0;
CREATE INDEX message_orphaned ON message (account_id, orphaned) WHERE orphaned IS NOT NULL;
CREATE INDEX message_opening ON message (opening) WHERE opening > 0;
CREATE INDEX message_draft ON message (account_id, date) WHERE local_draft = 1;
CREATE INDEX placement_message ON placement (message_id);
CREATE INDEX reference_thread ON reference (thread_id);
CREATE INDEX thread_view_list ON thread_view (view_id, date, thread_id);
CREATE INDEX operation_message ON operation (message_id);
CREATE INDEX operation_from ON operation (from_placement);
CREATE INDEX operation_to ON operation (to_placement);
CREATE INDEX operation_account ON operation (account_id, state, id);
CREATE INDEX undo_item_group ON undo_item (group_id);
CREATE INDEX undo_item_message ON undo_item (message_id);
CREATE INDEX outbox_account ON outbox (account_id, state, id);
CREATE INDEX undo_folder_group ON undo_folder (group_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('account',1);
INSERT INTO "sqlite_sequence" VALUES('folder',8);
INSERT INTO "sqlite_sequence" VALUES('thread',2);
INSERT INTO "sqlite_sequence" VALUES('message',3);
INSERT INTO "sqlite_sequence" VALUES('placement',4);
INSERT INTO "sqlite_sequence" VALUES('undo_group',2);
INSERT INTO "sqlite_sequence" VALUES('operation',2);
