-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a person did to a flag and the server has by now, until all folders were compared once more: a copy
-- that turns up meanwhile may have been made before.

-- done: microseconds since 1970.
CREATE TABLE flag_act (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  flag INTEGER NOT NULL,
  done INTEGER NOT NULL,
  PRIMARY KEY (message_id, flag)
) STRICT, WITHOUT ROWID;
