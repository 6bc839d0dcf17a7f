/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the mechanisms share: one attempt, and a table of functions for each of them. */

#pragma once

#include "pinion-sasl.h"

G_BEGIN_DECLS

/* @client_first: the client speaks first.  @slow: a step blocks.
 * @step: (nullable) answers the server's @challenge; an empty one asks for the first answer.
 * @state_free: frees the state that @step keeps. */
typedef struct
{
  const char *name;
  gboolean client_first;
  gboolean slow;
  GBytes *(*step) (PinionSasl *self,
                   GBytes     *challenge,
                   GError    **error);
  GDestroyNotify state_free;
} PinionSaslKind;

/* @offered: for words.  @binding, @binding_type: (nullable) for SCRAM; @end_point: for GSS-API.
 * @step: how many answers were given.  @shown: something the password can be judged or guessed by
 * has been handed out.  @busy: a worker is at it.  @said: answers, all of them. */
struct _PinionSasl
{
  gatomicrefcount refs;
  PinionSaslMechanism mechanism;
  const PinionSaslKind *kind;
  PinionProtocol protocol;
  char *host;
  char *user;
  PinionSecret *secret;
  char *offered;
  gboolean plus_failed;
  const char *binding_type;
  GBytes *binding;
  GBytes *end_point;

  guint step;
  gboolean done;
  gboolean shown;
  gboolean busy;
  gpointer state;
  GPtrArray *said;
};

extern const PinionSaslKind pinion_sasl_scram_kind;
extern const PinionSaslKind pinion_sasl_scram_plus_kind;
extern const PinionSaslKind pinion_sasl_ntlm_kind;
extern const PinionSaslKind pinion_sasl_gssapi_kind;

/* Sets @error, which is about @self; always returns %NULL. */
gpointer pinion_sasl_fail (PinionSasl     *self,
                           PinionErrorCode code,
                           const char     *message,
                           GError        **error);

/* The names that were offered, with blanks between.  Returns: (transfer full) */
char *pinion_sasl_join_offered (const char *const *offered);

/* @text as SASLprep (RFC 4013) makes it for comparing; as it is where that forbids a character: no
 * server can have prepared it either.  Returns: (transfer full) */
char *pinion_sasl_prepare (const char *text);

/* Frees a string after wiping it; (nullable). */
void pinion_sasl_wipe (char *text);

/* For tests: the nonce of the client in place of a random one.  Before the first step. */
void pinion_sasl_scram_set_nonce (PinionSasl *self,
                                  const char *nonce);

G_END_DECLS
