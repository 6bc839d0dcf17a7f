/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The traffic log on standard error, switched on with PINION_DEBUG=traffic, for reports of what a
 * server said.  Control bytes are escaped, long lines cut; secrets are never passed in. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Read from the environment once. */
gboolean pinion_traffic_is_enabled (void);

/* One line of the log for each line of @data.  @name: "imap 3"; @direction: 'C' or 'S'. */
void pinion_traffic_log (const char   *name,
                         char          direction,
                         const guint8 *data,
                         gsize         length);

/* The same for bytes nobody may see: only their place. */
void pinion_traffic_log_secret (const char *name,
                                char        direction);

G_END_DECLS
