/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The database file itself: making, opening, bringing up to date, moving aside when it is
 * broken. */

#pragma once

#include "pinion-store-sql.h"

G_BEGIN_DECLS

/* How long another process is waited for. */
#define PINION_STORE_BUSY_MILLISECONDS 30000

#define PINION_STORE_DATABASE "pinion.db"

/* Opens DIR/pinion.db for writing, makes or upgrades it; a broken one is moved to DIR/broken-TIME
 * and
 * @rebuilt is set.  One process at a time.  Returns: %NULL with @error */
sqlite3 *pinion_store_database_open (const char *dir,
                                     gboolean   *rebuilt,
                                     GError    **error);

/* A read-only connection to what the former made. */
sqlite3 *pinion_store_database_open_reader (const char *dir,
                                            GError    **error);

/* The next opening shall rebuild it. */
void pinion_store_database_mark_broken (const char *dir);

/* Waits until everything committed is on the disk. */
void pinion_store_database_flush (const char *dir);

G_END_DECLS
