/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Somebody a person writes as: an address, the name beside it, and what messages end with. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The longest signature that is kept, in bytes. */
#define PINION_MAX_SIGNATURE (64 * 1024)

/* Nothing is %NULL.  @signature: as the person wrote it, text or HTML. */
typedef struct
{
  char *address;
  char *name;
  char *signature;
} PinionIdentity;

/* @name, @signature: (nullable).  Returns: (transfer full) */
PinionIdentity *pinion_identity_new  (const char *address,
                                      const char *name,
                                      const char *signature);
PinionIdentity *pinion_identity_copy (const PinionIdentity *self);
void            pinion_identity_free (PinionIdentity *self);

/* Whether @signature (nullable) is written in HTML: it has a tag of the kinds that signatures have. */
gboolean pinion_signature_is_html (const char *signature);

/* -- Lists of PinionIdentity; (nullable), then empty -- */

/* Returns: (transfer full) */
GPtrArray *pinion_identities_new   (void);
/* Returns: (transfer full) (nullable) */
GPtrArray *pinion_identities_copy  (GPtrArray *self);
gboolean   pinion_identities_equal (GPtrArray *a,
                                    GPtrArray *b);
/* The one with @address (nullable), in any case.  Returns: (nullable), borrowed */
const PinionIdentity *pinion_identities_find (GPtrArray  *self,
                                              const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionIdentity, pinion_identity_free)

G_END_DECLS
