-- SPDX-License-Identifier: GPL-3.0-or-later
-- Times are seconds since 1970.  Flags are PinionFlags.  Ids come from AUTOINCREMENT where they
-- leave the database or name a file: they are never used twice.

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
  smtp_trusted_sha256 TEXT
) STRICT;

-- raw_name: the bytes of LIST, the folder's identity; path: for showing only.
-- missing: LIST no longer has it; the row keeps what the person chose for it.
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
  synced INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account_id, raw_name)
) STRICT;

CREATE UNIQUE INDEX folder_role ON folder (account_id, role) WHERE role > 0;

CREATE TABLE thread (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX thread_account ON thread (account_id);

-- key: what a message is recognised by, see pinion-store-keys.h.  flags: what is shown, that is
-- what the person wants.  orphaned: since when it lies in no folder.  opening: the process that
-- has it open, see poison.
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

CREATE UNIQUE INDEX message_key ON message (account_id, key);
CREATE INDEX message_thread ON message (thread_id);
CREATE INDEX message_received ON message (account_id, received);
CREATE INDEX message_wanted ON message (account_id, received) WHERE body_state = 0;
CREATE INDEX message_unavailable ON message (account_id) WHERE body_state = 2;
CREATE INDEX message_orphaned ON message (account_id, orphaned) WHERE orphaned IS NOT NULL;
CREATE INDEX message_opening ON message (opening) WHERE opening > 0;
CREATE INDEX message_draft ON message (account_id, date) WHERE local_draft = 1;

-- Where a message lies.  uid: NULL until the server told it.  server_flags: what the server last
-- said.  gone: the person wants it away; an operation says how.
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

CREATE INDEX placement_message ON placement (message_id);

-- Which thread a Message-ID belongs to, whether or not its message is here.
CREATE TABLE reference (
  account_id INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  thread_id INTEGER NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX reference_thread ON reference (thread_id);

-- The lists.  view_id: a folder's id, or a negative number for a virtual view of an account.
-- Made from message and placement by pinion-store-counters.c, never by anything else.
CREATE TABLE thread_view (
  thread_id INTEGER NOT NULL,
  view_id INTEGER NOT NULL,
  date INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  PRIMARY KEY (thread_id, view_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX thread_view_list ON thread_view (view_id, date, thread_id);

CREATE TABLE view_total (
  view_id INTEGER PRIMARY KEY,
  threads INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL
) STRICT;

-- The journal.  from_placement, to_placement: NULL where the placement is no more (or not known).
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
) STRICT;

CREATE INDEX operation_message ON operation (message_id);
CREATE INDEX operation_from ON operation (from_placement);
CREATE INDEX operation_to ON operation (to_placement);
CREATE INDEX operation_account ON operation (account_id, state, id);

CREATE TABLE undo_group (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One step of a command; value: the flag's value before it.
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

CREATE INDEX undo_item_group ON undo_item (group_id);
CREATE INDEX undo_item_message ON undo_item (message_id);

-- recipients: one a line.
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

CREATE INDEX outbox_account ON outbox (account_id, state, id);

-- Files to remove once the transaction that made them superfluous is committed.
CREATE TABLE removed_file (
  message_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (message_id, place)
) STRICT, WITHOUT ROWID;
