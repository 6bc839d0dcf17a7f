-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nothing changed with this number.

SELECT 1;
