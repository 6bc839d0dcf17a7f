/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies of attachments, for opening them: read-only files in a private folder that goes away with
 * this object.  What can run code, or is not what its name says, is never opened from here. */

#pragma once

#include <gdk/gdk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_PART_FILES (pinion_part_files_get_type ())
G_DECLARE_FINAL_TYPE (PinionPartFiles, pinion_part_files, PINION, PART_FILES, GObject)

PinionPartFiles *pinion_part_files_new (PinionEngine *engine);

/* Makes the copy.  Resolves to its path (string). */
DexFuture *pinion_part_files_fetch (PinionPartFiles        *self,
                                    gint64                  message,
                                    const PinionAttachment *attachment);

/* A small picture of a picture.  Resolves to a GdkTexture at most @size pixels wide and high;
 * rejects where it is none, too large, or of a format that is not looked into. */
DexFuture *pinion_part_files_load_thumbnail (PinionPartFiles        *self,
                                             gint64                  message,
                                             const PinionAttachment *attachment,
                                             int                     size);

typedef enum
{
  PINION_PART_SAFE,
  PINION_PART_RUNS_CODE,
  PINION_PART_PRETENDS,
} PinionPartRisk;

/* What opening a file named @file_name would mean, by its name, its declared type and its first
 * bytes.  @name_type, @real_type: (out) (transfer full) (nullable) set where it pretends: what the
 * two say in words. */
PinionPartRisk pinion_part_judge (const char  *file_name,
                                  const char  *declared_type,
                                  const char  *head,
                                  gsize        length,
                                  char       **name_type,
                                  char       **real_type);

G_END_DECLS
