/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names, and which mechanism is the right one. */

#include "pinion-sasl-private.h"

#include <string.h>

/* -- Names ---------------------------------------------------------------------------------- */

/* Where the mailbox part begins (its separator), or %NULL. */
static const char *
find_mailbox_part (const char *user)
{
  const char *first = strpbrk (user, "\\/");

  if (first == NULL)
    return NULL;

  /* "user@domain\alias": the part before is whole already */
  if (memchr (user, '@', (gsize) (first - user)) != NULL)
    return first;

  /* "DOMAIN\user\alias"; DOMAIN alone is none */
  return strpbrk (first + 1, "\\/");
}

gboolean
pinion_sasl_user_has_mailbox (const char *user)
{
  const char *part = find_mailbox_part (user);

  return part != NULL && part[1] != '\0';
}

char *
pinion_sasl_dup_user (PinionProtocol protocol,
                      const char    *user)
{
  if (protocol == PINION_PROTOCOL_SMTP && pinion_sasl_user_has_mailbox (user))
    return g_strndup (user, (gsize) (find_mailbox_part (user) - user));

  return g_strdup (user);
}

const char *
pinion_sasl_mechanism_to_string (PinionSaslMechanism mechanism)
{
  static const char *const names[] = {
    "PLAIN", "LOGIN", "LOGIN command", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "NTLM", "GSSAPI",
  };

  return mechanism < G_N_ELEMENTS (names) ? names[mechanism] : "";
}

/* -- What binds to the connection ----------------------------------------------------------- */

static GBytes *
get_binding (GIOStream              *stream,
             GTlsChannelBindingType  type)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  /* Where the library or the version of TLS has none, there is none. */
  if (!g_tls_connection_get_channel_binding_data (G_TLS_CONNECTION (stream), type, data, NULL) ||
      data->len == 0)
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

void
pinion_sasl_context_bind (PinionSaslContext *self,
                          GIOStream         *stream)
{
  pinion_sasl_context_clear (self);
  self->encrypted = stream != NULL && G_IS_TLS_CONNECTION (stream);
  if (!self->encrypted)
    return;

  self->exporter = get_binding (stream, G_TLS_CHANNEL_BINDING_TLS_EXPORTER);
  self->end_point = get_binding (stream, G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT);
}

void
pinion_sasl_context_clear (PinionSaslContext *self)
{
  self->encrypted = FALSE;
  g_clear_pointer (&self->exporter, g_bytes_unref);
  g_clear_pointer (&self->end_point, g_bytes_unref);
}

/* -- Choosing ------------------------------------------------------------------------------- */

char *
pinion_sasl_join_offered (const char *const *offered)
{
  static const char *const nothing[] = { NULL };

  return g_strjoinv (" ", (char **) (offered != NULL ? offered : nothing));
}

static gboolean
is_offered (const PinionSaslContext *context,
            PinionSaslMechanism      mechanism)
{
  const char *name = pinion_sasl_mechanism_to_string (mechanism);

  for (guint i = 0; context->offered != NULL && context->offered[i] != NULL; i++)
    if (g_ascii_strcasecmp (context->offered[i], name) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
can_use (const PinionSaslContext *context,
         PinionSaslMechanism      mechanism)
{
  if ((context->failed & (1u << mechanism)) != 0)
    return FALSE;
  if (mechanism == PINION_SASL_LOGIN_COMMAND)
    return context->login_command && context->protocol == PINION_PROTOCOL_IMAP;
  if (mechanism == PINION_SASL_SCRAM_SHA_256_PLUS && context->exporter == NULL &&
      context->end_point == NULL)
    return FALSE;

  return is_offered (context, mechanism);
}

/* No other way would open the mailbox that was asked for, but the person's own in its place. */
static gboolean
names_mailbox (const PinionSaslContext *context)
{
  return context->protocol == PINION_PROTOCOL_IMAP && context->user != NULL &&
         pinion_sasl_user_has_mailbox (context->user);
}

static gboolean
choose_for_password (const PinionSaslContext *context,
                     PinionSaslMechanism     *mechanism)
{
  static const PinionSaslMechanism order[] = {
    PINION_SASL_SCRAM_SHA_256_PLUS, PINION_SASL_SCRAM_SHA_256, PINION_SASL_PLAIN,
    PINION_SASL_LOGIN,              PINION_SASL_LOGIN_COMMAND,
  };

  *mechanism = PINION_SASL_LOGIN_COMMAND;
  if (names_mailbox (context) && can_use (context, PINION_SASL_LOGIN_COMMAND))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      *mechanism = order[i];
      if (can_use (context, order[i]))
        return TRUE;
    }

  /* Exchange offers it beside the others, where it most often does not work; and after another
   * mechanism it never does. */
  *mechanism = PINION_SASL_NTLM;
  return context->failed == 0 && !names_mailbox (context) && can_use (context, PINION_SASL_NTLM);
}

static gboolean
choose_for_ticket (const PinionSaslContext *context,
                   PinionSaslMechanism     *mechanism)
{
  *mechanism = PINION_SASL_GSSAPI;
  return !names_mailbox (context) && can_use (context, PINION_SASL_GSSAPI);
}

gboolean
pinion_sasl_choose (const PinionSaslContext *context,
                    PinionSaslMechanism     *mechanism,
                    GError                 **error)
{
  gboolean ticket = context->sign_in == PINION_SIGN_IN_KERBEROS;

  if (!context->encrypted)
    return pinion_error_set (error, PINION_ERROR_INTERNAL, context->protocol,
                             PINION_STAGE_SIGN_IN, "There is no signing in without TLS");

  if (ticket ? choose_for_ticket (context, mechanism) : choose_for_password (context, mechanism))
    return TRUE;

  g_autofree char *names = pinion_sasl_join_offered (context->offered);
  return pinion_error_set (error, PINION_ERROR_SIGN_IN_NO_MECHANISM, context->protocol,
                           PINION_STAGE_SIGN_IN, "No way to sign in with a %s%s (%s)",
                           ticket ? "ticket" : "password",
                           names_mailbox (context) ? " to another mailbox" : "",
                           *names != '\0' ? names : "nothing is offered");
}
