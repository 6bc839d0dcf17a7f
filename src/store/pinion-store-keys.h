/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a message and a reference are recognised by: 63-bit hashes of their normalised facts.  Pure.
 *
 * A message's key is its Message-ID with date and sender, so that a broken program's re-used id, or
 * a guessed one, hides nothing; without an id it is date, sender, people, subject and size. */

#pragma once

#include "pinion-store-mirror.h"

G_BEGIN_DECLS

/* @message_id, with or without <>, blanks dropped, to one spelling.
 * Returns: (transfer full) (nullable): %NULL if nothing is left. */
char *pinion_store_normalise_id (const char *message_id);

gint64 pinion_store_key_of_message   (const PinionStoreHeader *header,
                                      guint64                  size);
gint64 pinion_store_key_of_reference (const char *message_id);

/* What a message is threaded by: itself, what it refers to and its Thread-Index, as a sorted set.  Of a
 * long list of references the first and the last ones count.
 * Returns: (transfer full): of gint64 */
GArray *pinion_store_hash_references (const PinionStoreHeader *header);

/* What hashes the headers of a batch, on one thread at a time. */
typedef struct _PinionStoreHasher PinionStoreHasher;

/* Returns: (transfer full) */
PinionStoreHasher *pinion_store_hasher_new  (void);
void               pinion_store_hasher_free (PinionStoreHasher *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreHasher, pinion_store_hasher_free)

/* All of the above for a header of @size bytes (RFC822.SIZE), on whatever thread: the hashes cost more
 * than a row does, and the store has one thread to write.
 * Returns: (transfer full): for @keys of the header */
PinionStoreKeys *pinion_store_keys_new  (PinionStoreHasher       *hasher,
                                         const PinionStoreHeader *header,
                                         guint64                  size);
void             pinion_store_keys_free (PinionStoreKeys *self);

G_END_DECLS
