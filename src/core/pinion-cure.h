/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one thing that a button can do about a failure. */

#pragma once

#include "pinion-account.h"
#include "pinion-error.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_CURE_NONE,        /* only trying again */
  PINION_CURE_STARTTLS,    /* switch the encryption, on the same port */
  PINION_CURE_TLS,
  PINION_CURE_TLS_PORT,    /* switch to TLS on its own port */
  PINION_CURE_SWITCH,      /* use the port and encryption that were tried and work */
  PINION_CURE_TRUST,       /* trust this one certificate */
  PINION_CURE_CREDENTIALS, /* look at address and password again */
  PINION_CURE_SERVER,      /* look at the server's page again */
} PinionCure;

PinionCure pinion_cure_for_error (const GError *error);

/* In kebab-case, never %NULL. */
const char *pinion_cure_to_string (PinionCure cure);

/* What the button says, translated; %NULL for none. */
const char *pinion_cure_get_label (PinionCure     cure,
                                   PinionProtocol protocol);

/* The same with the facts of @error.  Returns: (transfer full) (nullable) */
char *pinion_cure_dup_label (PinionCure    cure,
                             const GError *error);

/* Whether @cure is another way to reach the server, and which: @port, @encryption. */
gboolean pinion_cure_get_way (PinionCure        cure,
                              const GError     *error,
                              guint16          *port,
                              PinionEncryption *encryption);

G_END_DECLS
