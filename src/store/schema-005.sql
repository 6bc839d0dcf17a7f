-- SPDX-License-Identifier: GPL-3.0-or-later
-- quiet: new mail of the account is not told of by notifications.
ALTER TABLE account ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
