/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from files into a label. */

#pragma once

#include "pinion-engine.h"

G_BEGIN_DECLS

/* A file that was left out, and why. */
typedef struct
{
  char *name;
  GError *error;
} PinionRefusedFile;

/* What came of the files: @n_added are on their way to the server, @n_labelled were here and have the
 * label now, @n_known were here with it.  @refused: of PinionRefusedFile.  @done: to be undone; its
 * group is 0 where nothing was done.  Immutable. */
typedef struct
{
  guint n_added;
  guint n_labelled;
  guint n_known;
  GPtrArray *refused;
  PinionDone done;
} PinionImported;

#define PINION_TYPE_IMPORTED (pinion_imported_get_type ())
GType pinion_imported_get_type (void);

PinionImported *pinion_imported_ref   (PinionImported *self);
void            pinion_imported_unref (PinionImported *self);

/* @n of @total files are done.  On the main thread. */
typedef void (*PinionImportFunc) (guint    n,
                                  guint    total,
                                  gpointer user_data);

/* Reads @files, one after the other, and gives each message the label @label; what is no message is left
 * out.  Each is in the store before the next one is read.  @progress: (nullable).  @cancellable:
 * (nullable): what is done by then stays.  Resolves to a PinionImported (boxed); rejects where
 * @label takes no messages or the store fails before anything is done; a store that fails later ends it, and
 * the file it failed at is among the refused. */
DexFuture *pinion_engine_import (PinionEngine     *self,
                                 GListModel       *files,
                                 gint64            label,
                                 GCancellable     *cancellable,
                                 PinionImportFunc  progress,
                                 gpointer          user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImported, pinion_imported_unref)

G_END_DECLS
