/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The store, checked against itself: every row against the rows it was made from, every counter
 * against what it counts, every file against its row.  Reads only. */

#pragma once

#include "pinion-store.h"

G_BEGIN_DECLS

/* One thing that is not as it should be.  @kind: kebab-case, one for each check.  Ids and @uid are 0
 * where they do not apply.  @text: technical words, never of a message's content. */
typedef struct
{
  const char *kind;
  gint64 account_id;
  gint64 folder_id;
  gint64 message_id;
  gint64 thread_id;
  guint32 uid;
  char *text;
} PinionStoreDifference;

void pinion_store_difference_free (PinionStoreDifference *self);

/* Adds to @differences (of PinionStoreDifference).  @kind: a literal.  The one that is made is
 * returned, borrowed, for its ids to be set. */
PinionStoreDifference *pinion_store_difference_add (GPtrArray  *differences,
                                                    const char *kind,
                                                    const char *format,
                                                    ...) G_GNUC_PRINTF (3, 4);

/* What was looked at.  @pending: operations that wait for the server; @failed: those it refused. */
typedef struct
{
  gint64 messages;
  gint64 files;
  gint64 pending;
  gint64 failed;
} PinionStoreExamined;

/* Checks everything, of all accounts; adds what it finds to @differences.  Its time grows with the
 * mail: seconds for some 100,000 messages. */
void pinion_store_examine (PinionStoreSession  *session,
                           GPtrArray           *differences,
                           PinionStoreExamined *examined);

/* A placement as it is compared with the server.  @message_id_header: (nullable), normalised. */
typedef struct
{
  guint32 uid;
  guint32 flags;
  gint64 message_id;
  char *message_id_header;
} PinionStoreWitness;

void pinion_store_witness_clear (gpointer witness);

/* @message_id as the store writes it.  Returns: (transfer full) (nullable) */
char *pinion_store_witness_dup_id (const char *message_id);

/* Returns: (transfer full): PinionStoreWitness by ascending UID, of those with a UID. */
GArray *pinion_store_witnesses_list (PinionStoreSession *session,
                                     gint64              folder_id);

/* At most @most of them, from all ages of the folder. */
GArray *pinion_store_witnesses_sample (PinionStoreSession *session,
                                       gint64              folder_id,
                                       guint               most);

/* Whether an operation was begun whose outcome in @folder_id is not known yet. */
gboolean pinion_store_folder_is_uncertain (PinionStoreSession *session,
                                           gint64              folder_id);

G_END_DECLS
