/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of default folder names, shared with its lookup. */

#pragma once

#include "pinion-sync-roles.h"

G_BEGIN_DECLS

/* @weak: a generic name that another client may have made beside Exchange's own folder. */
typedef struct
{
  const char *name;
  PinionFolderKind kind;
  gboolean weak;
} PinionFolderName;

extern const PinionFolderName pinion_folder_names[];
extern const guint pinion_n_folder_names;

G_END_DECLS
