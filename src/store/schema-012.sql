-- SPDX-License-Identifier: GPL-3.0-or-later
-- Copies of one message that do not say the same: what a list sent on beside what came directly, or what was
-- edited on its way.  They are one message, but none stands for another when a copy is to go.

-- text_size: 0 where it is the text that the message's row tells of, else the size of that other text.
ALTER TABLE placement ADD COLUMN text_size INTEGER NOT NULL DEFAULT 0;

-- Of the copy that a step was about.
ALTER TABLE undo_item ADD COLUMN text_size INTEGER NOT NULL DEFAULT 0;
