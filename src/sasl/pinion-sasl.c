/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sasl.h"

#include <string.h>

struct _PinionSasl
{
  PinionSaslMechanism mechanism;
  char *user;
  PinionSecret *secret;
  guint step;
};

/* -- Bytes that wipe themselves ------------------------------------------------------------- */

typedef struct
{
  gsize length;
  guint8 data[];
} WipedBytes;

static void
wiped_bytes_free (gpointer data)
{
  WipedBytes *self = data;

  explicit_bzero (self->data, self->length);
  g_free (self);
}

static WipedBytes *
wiped_bytes_new (gsize length)
{
  WipedBytes *self = g_malloc (sizeof *self + length);

  self->length = length;
  return self;
}

static GBytes *
wiped_bytes_to_bytes (WipedBytes *self)
{
  return g_bytes_new_with_free_func (self->data, self->length, wiped_bytes_free, self);
}

GBytes *
pinion_sasl_bytes_new (gconstpointer data,
                       gsize         length)
{
  WipedBytes *bytes = wiped_bytes_new (length);

  if (length > 0)
    memcpy (bytes->data, data, length);
  return wiped_bytes_to_bytes (bytes);
}

/* -- Base64 --------------------------------------------------------------------------------- */

GBytes *
pinion_sasl_encode_line (const char *prefix,
                         GBytes     *response,
                         gboolean    initial)
{
  gsize before = strlen (prefix);
  gsize size;
  const guint8 *data = g_bytes_get_data (response, &size);
  /* As g_base64_encode_step () asks for, and CRLF */
  WipedBytes *line = wiped_bytes_new (before + (size / 3 + 1) * 4 + 4 + 2);
  char *out = (char *) line->data + before;
  int state = 0, save = 0;

  memcpy (line->data, prefix, before);
  if (size > 0)
    {
      out += g_base64_encode_step (data, size, FALSE, out, &state, &save);
      out += g_base64_encode_close (FALSE, out, &state, &save);
    }
  else if (initial)
    {
      *out++ = '=';
    }

  *out++ = '\r';
  *out++ = '\n';
  line->length = (gsize) (out - (char *) line->data);

  return wiped_bytes_to_bytes (line);
}

GBytes *
pinion_sasl_decode (const char *base64,
                    GError    **error)
{
  g_autofree char *text = g_strstrip (g_strdup (base64));
  gsize length = strlen (text);
  gsize digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  if (length % 4 != 0 || length - digits > 2 || strspn (text + digits, "=") != length - digits)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_SIGN_IN,
                        "The server's challenge is not base64");
      return NULL;
    }

  if (length == 0)
    return g_bytes_new (NULL, 0);

  guchar *data = g_base64_decode (text, &length);
  return g_bytes_new_take (data, length);
}

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

/* -- Choosing ------------------------------------------------------------------------------- */

const char *
pinion_sasl_mechanism_to_string (PinionSaslMechanism mechanism)
{
  static const char *const names[] = { "PLAIN", "LOGIN", "LOGIN command" };

  return mechanism < G_N_ELEMENTS (names) ? names[mechanism] : "";
}

static gboolean
is_offered (const char *const *offered,
            const char        *name)
{
  for (guint i = 0; offered != NULL && offered[i] != NULL; i++)
    if (g_ascii_strcasecmp (offered[i], name) == 0)
      return TRUE;

  return FALSE;
}

gboolean
pinion_sasl_choose (PinionProtocol       protocol,
                    const char          *user,
                    const char *const   *offered,
                    gboolean             login_command,
                    PinionSaslMechanism *mechanism,
                    GError             **error)
{
  gboolean command = login_command && protocol == PINION_PROTOCOL_IMAP;

  if (command && pinion_sasl_user_has_mailbox (user))
    *mechanism = PINION_SASL_LOGIN_COMMAND;
  else if (is_offered (offered, "PLAIN"))
    *mechanism = PINION_SASL_PLAIN;
  else if (command)
    *mechanism = PINION_SASL_LOGIN_COMMAND;
  else if (is_offered (offered, "LOGIN"))
    *mechanism = PINION_SASL_LOGIN;
  else
    {
      static const char *const nothing[] = { NULL };
      g_autofree char *names = g_strjoinv (" ", (char **) (offered != NULL ? offered : nothing));

      return pinion_error_set (error, PINION_ERROR_SIGN_IN_NO_MECHANISM, protocol,
                               PINION_STAGE_SIGN_IN, "No way to sign in with a password (%s)",
                               *names != '\0' ? names : "nothing is offered");
    }

  return TRUE;
}

/* -- One attempt ---------------------------------------------------------------------------- */

PinionSasl *
pinion_sasl_new (PinionSaslMechanism mechanism,
                 const char         *user,
                 PinionSecret       *secret,
                 GError            **error)
{
  const char *password = pinion_secret_peek (secret);

  g_return_val_if_fail (mechanism == PINION_SASL_PLAIN || mechanism == PINION_SASL_LOGIN, NULL);

  /* A NUL ends a C string, so that none can be in here; it is the separator of PLAIN. */
  if (user == NULL || *user == '\0' || *password == '\0' ||
      !g_utf8_validate (user, -1, NULL) || !g_utf8_validate (password, -1, NULL))
    {
      pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                        PINION_STAGE_SIGN_IN, "The user name or the password is empty or no text");
      return NULL;
    }

  PinionSasl *self = g_new0 (PinionSasl, 1);
  self->mechanism = mechanism;
  self->user = g_strdup (user);
  self->secret = pinion_secret_ref (secret);

  return self;
}

void
pinion_sasl_free (PinionSasl *self)
{
  if (self == NULL)
    return;

  g_free (self->user);
  pinion_secret_unref (self->secret);
  g_free (self);
}

PinionSaslMechanism
pinion_sasl_get_mechanism (PinionSasl *self)
{
  return self->mechanism;
}

/* message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616, 2) */
static GBytes *
make_plain (PinionSasl *self)
{
  const char *password = pinion_secret_peek (self->secret);
  gsize user = strlen (self->user);
  gsize pass = strlen (password);
  WipedBytes *message = wiped_bytes_new (user + pass + 2);

  message->data[0] = 0;
  memcpy (message->data + 1, self->user, user);
  message->data[user + 1] = 0;
  memcpy (message->data + user + 2, password, pass);

  return wiped_bytes_to_bytes (message);
}

GBytes *
pinion_sasl_step (PinionSasl   *self,
                  const guint8 *challenge,
                  gsize         length,
                  GError      **error)
{
  guint step = self->step;

  if (pinion_sasl_is_done (self))
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_SIGN_IN,
                        "The server asks for more than %s has",
                        pinion_sasl_mechanism_to_string (self->mechanism));
      return NULL;
    }

  self->step++;
  if (self->mechanism == PINION_SASL_PLAIN)
    return make_plain (self);

  /* The words of LOGIN's questions differ from server to server; their order does not. */
  const char *answer = step == 0 ? self->user : pinion_secret_peek (self->secret);
  return pinion_sasl_bytes_new (answer, strlen (answer));
}

gboolean
pinion_sasl_is_done (PinionSasl *self)
{
  return self->step >= (self->mechanism == PINION_SASL_PLAIN ? 1 : 2);
}

/* -- What the server said ------------------------------------------------------------------- */

/* Replaces @needle in @text (taken) by "***". */
static char *
blank (char       *text,
       const char *needle)
{
  if (*needle == '\0' || strstr (text, needle) == NULL)
    return text;

  g_autoptr (GString) string = g_string_new_take (text);
  g_string_replace (string, needle, "***", 0);

  return g_string_free_and_steal (g_steal_pointer (&string));
}

static char *
blank_base64 (char   *text,
              GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  char *encoded = g_base64_encode (data, size);

  text = blank (text, encoded);
  explicit_bzero (encoded, strlen (encoded));
  g_free (encoded);

  return text;
}

char *
pinion_sasl_redact (PinionSasl *self,
                    const char *text)
{
  const char *password = pinion_secret_peek (self->secret);
  g_autoptr (GBytes) plain = make_plain (self);
  g_autoptr (GBytes) alone = pinion_sasl_bytes_new (password, strlen (password));
  char *clean = blank_base64 (g_strdup (text), plain);

  /* The longer forms first: a short password may be part of its own base64. */
  clean = blank_base64 (clean, alone);
  return blank (clean, password);
}
