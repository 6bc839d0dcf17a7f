-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was put off: it is left out of the Inbox until its time.

-- Known by the message's key, so that it is found again when the message was fetched anew.
-- since: when the person put it off.  until: when it comes back.  back: when it did come back, 0
-- while it is away.  fresh: it came back by itself and was not read since.
CREATE TABLE snooze (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  back INTEGER NOT NULL DEFAULT 0,
  fresh INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX snooze_until ON snooze (until) WHERE back = 0;

-- One message of a command: what it had before; until 0: nothing.
CREATE TABLE undo_snooze (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES undo_group (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL,
  key INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  back INTEGER NOT NULL,
  fresh INTEGER NOT NULL
) STRICT;

CREATE INDEX undo_snooze_group ON undo_snooze (group_id);
