/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Passwords: in memory they are wiped when the last owner lets go; at rest they live in the Secret
 * Service (libsecret) and nowhere else. */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A password in memory; atomically counted, never logged. */
typedef struct _PinionSecret PinionSecret;

#define PINION_TYPE_SECRET (pinion_secret_get_type ())
GType pinion_secret_get_type (void);

PinionSecret *pinion_secret_new   (const char *text);
PinionSecret *pinion_secret_ref   (PinionSecret *self);
void          pinion_secret_unref (PinionSecret *self);

/* Returns: the NUL-terminated bytes, borrowed; never copy them into anything that is kept. */
const char *pinion_secret_peek (PinionSecret *self);

/* The password of the account @uuid.  Resolves to a PinionSecret (boxed), or rejects with
 * PINION_ERROR_PASSWORD_MISSING, _KEYRING_LOCKED or _KEYRING_UNAVAILABLE. */
DexFuture *pinion_secret_lookup (const char *uuid);

/* Keeps it, replacing an older one.  @label: what the keyring shows ("Pinion: ana@example.com").
 * Resolves to TRUE. */
DexFuture *pinion_secret_store (const char   *uuid,
                                const char   *label,
                                PinionSecret *secret);

/* Forgets it; resolves to TRUE, also where there was none. */
DexFuture *pinion_secret_clear (const char *uuid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSecret, pinion_secret_unref)

G_END_DECLS
