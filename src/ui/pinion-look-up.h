/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The assistant's look-up of an address's servers, in the background.
 *
 * It begins without the password.  Where the domain's own server would say more to who signs in,
 * it is asked once more with the password, when there is one.  Another address, or letting go of
 * the object, ends it at once. */

#pragma once

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_LOOK_UP (pinion_look_up_get_type ())
G_DECLARE_FINAL_TYPE (PinionLookUp, pinion_look_up, PINION, LOOK_UP, GObject)

/* Signal "changed": more is known, or it has begun or ended. */

/* Returns: (transfer full) */
PinionLookUp *pinion_look_up_new (PinionEngine *engine);

/* Looks up @address, unless that is done or under way already; nothing where it is none.  @secret:
 * (nullable) to be used where it is asked for. */
void pinion_look_up_begin (PinionLookUp *self,
                           const char   *address,
                           PinionSecret *secret);

/* The person agrees that @host is asked, and told the password if it asks for it. */
void pinion_look_up_agree (PinionLookUp *self,
                           const char   *host);

/* Ends it; what was found stays. */
void pinion_look_up_stop (PinionLookUp *self);

gboolean pinion_look_up_is_running (PinionLookUp *self);

/* What is known so far; (nullable), borrowed until it changes. */
PinionDiscovery *pinion_look_up_get_found (PinionLookUp *self);

/* A host outside of the domain that Autodiscover points at, while nothing better is known;
 * (nullable), borrowed until it changes. */
const char *pinion_look_up_get_other_host (PinionLookUp *self);

G_END_DECLS
