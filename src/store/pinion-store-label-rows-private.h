/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folders of an account with the names they will have, and the arithmetic of these names. */

#pragma once

#include "pinion-store-labels.h"

G_BEGIN_DECLS

/* A folder, with the name it will have once all that waits is done. */
typedef struct
{
  gint64 id;
  GBytes *raw_name;
  char *path;
  GBytes *name;
  char *shown;
  char delimiter;
  PinionFolderRole role;
  gboolean is_not_mail;
  gboolean local;
  gboolean gone;
  gboolean missing;
} PinionLabelRow;

/* Of one account, also those that are missing.  Returns: (transfer full): PinionLabelRow */
GArray *pinion_label_rows_load (PinionStoreSession *session,
                                gint64              account);

/* Returns: (nullable) */
PinionLabelRow *pinion_label_rows_find (GArray *rows,
                                        gint64  id);

/* The folder that a new one with this name would get in the way of.  @but: not this one.
 * Returns: (nullable) */
PinionLabelRow *pinion_label_rows_find_name (GArray                 *rows,
                                             const PinionStoreLevel *level,
                                             gint64                  but);

/* Whether @name is @top, or lies below it; @rest: (out) what follows. */
gboolean pinion_label_is_within (GBytes      *name,
                                 GBytes      *top,
                                 char         delimiter,
                                 const char **rest,
                                 gsize       *rest_length);

/* @name and @rest as one name.  Returns: (transfer full) */
GBytes *pinion_label_join (GBytes     *name,
                           const char *rest,
                           gsize       rest_length);

/* @path, that begins with @old_top, below @top.  Returns: (transfer full) */
char *pinion_label_join_path (const char *path,
                              const char *old_top,
                              const char *top);

G_END_DECLS
