-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the person signs in to a server: with a password, or with a Kerberos ticket.

ALTER TABLE account ADD COLUMN imap_sign_in TEXT NOT NULL DEFAULT 'password';
ALTER TABLE account ADD COLUMN smtp_sign_in TEXT NOT NULL DEFAULT 'password';
