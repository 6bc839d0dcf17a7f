/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One attempt, step by step; PLAIN and LOGIN. */

#include "pinion-sasl-private.h"

#include "pinion-worker.h"

#include <string.h>

/* A KDC that does not answer holds one of them for a while; this long it is waited for. */
#define N_THREADS 2
#define ANSWER_SECONDS 60

/* -- PLAIN and LOGIN ------------------------------------------------------------------------ */

/* message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616, 2) */
static GBytes *
make_plain (PinionSasl *self)
{
  const char *password = pinion_secret_peek (self->secret);
  g_autofree char *front = g_strconcat (" ", self->user, NULL);
  gsize before = strlen (front) + 1;
  gsize length = before + strlen (password);
  char *message = g_malloc (length);

  memcpy (message, front, before);
  message[0] = '\0';
  memcpy (message + before, password, length - before);
  GBytes *bytes = pinion_sasl_bytes_new (message, length);
  explicit_bzero (message, length);
  g_free (message);

  return bytes;
}

static GBytes *
plain_step (PinionSasl *self,
            GBytes     *challenge,
            GError    **error)
{
  self->done = TRUE;
  self->shown = TRUE;

  return make_plain (self);
}

/* The words of LOGIN's questions differ from server to server; their order does not. */
static GBytes *
login_step (PinionSasl *self,
            GBytes     *challenge,
            GError    **error)
{
  const char *answer = self->step == 0 ? self->user : pinion_secret_peek (self->secret);

  self->done = self->step == 1;
  self->shown = self->done;

  return pinion_sasl_bytes_new (answer, strlen (answer));
}

static const PinionSaslKind plain_kind = { .name = "PLAIN",
                                           .client_first = TRUE,
                                           .step = plain_step };

static const PinionSaslKind login_kind = { .name = "LOGIN", .step = login_step };

static const PinionSaslKind login_command_kind = { .name = "LOGIN" };

static const PinionSaslKind *
find_kind (PinionSaslMechanism mechanism)
{
  static const PinionSaslKind *const kinds[] = {
    [PINION_SASL_PLAIN] = &plain_kind,
    [PINION_SASL_LOGIN] = &login_kind,
    [PINION_SASL_LOGIN_COMMAND] = &login_command_kind,
    [PINION_SASL_SCRAM_SHA_256] = &pinion_sasl_scram_kind,
    [PINION_SASL_SCRAM_SHA_256_PLUS] = &pinion_sasl_scram_plus_kind,
    [PINION_SASL_NTLM] = &pinion_sasl_ntlm_kind,
    [PINION_SASL_GSSAPI] = &pinion_sasl_gssapi_kind,
  };

  return kinds[mechanism];
}

/* -- Life ----------------------------------------------------------------------------------- */

static gboolean
is_text (const char *text)
{
  return text != NULL && *text != '\0' && g_utf8_validate (text, -1, NULL);
}

/* The connection's own secret where there is one: it binds to this connection, the certificate only
 * to the server. */
static void
take_bindings (PinionSasl              *self,
               const PinionSaslContext *context)
{
  GBytes *best = context->exporter != NULL ? context->exporter : context->end_point;

  self->plus_failed = (context->failed & (1u << PINION_SASL_SCRAM_SHA_256_PLUS)) != 0;
  self->binding_type = context->exporter != NULL ? "tls-exporter" : "tls-server-end-point";
  self->binding = best != NULL ? g_bytes_ref (best) : NULL;
  self->end_point = context->end_point != NULL ? g_bytes_ref (context->end_point) : NULL;
}

PinionSasl *
pinion_sasl_new (PinionSaslMechanism      mechanism,
                 const PinionSaslContext *context,
                 GError                 **error)
{
  gboolean ticket = mechanism == PINION_SASL_GSSAPI;
  const char *password = context->secret != NULL ? pinion_secret_peek (context->secret) : "";

  /* A NUL ends a C string, so that none can be in here; it is the separator of PLAIN. */
  if (!ticket && (!is_text (context->user) || !is_text (password)))
    {
      pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                        PINION_STAGE_SIGN_IN, "The user name or the password is empty or no text");
      return NULL;
    }

  PinionSasl *self = g_new0 (PinionSasl, 1);
  g_atomic_ref_count_init (&self->refs);
  self->mechanism = mechanism;
  self->kind = find_kind (mechanism);
  self->protocol = context->protocol;
  self->host = g_strdup (context->host);
  self->user = g_strdup (context->user != NULL ? context->user : "");
  /* With a ticket the password is nobody's business. */
  self->secret = ticket ? pinion_secret_new ("") : pinion_secret_ref (context->secret);
  self->offered = pinion_sasl_join_offered (context->offered);
  self->said = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  take_bindings (self, context);

  return self;
}

PinionSasl *
pinion_sasl_ref (PinionSasl *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pinion_sasl_unref (PinionSasl *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->state != NULL)
    self->kind->state_free (self->state);
  g_free (self->host);
  g_free (self->user);
  pinion_secret_unref (self->secret);
  g_free (self->offered);
  g_clear_pointer (&self->binding, g_bytes_unref);
  g_clear_pointer (&self->end_point, g_bytes_unref);
  g_ptr_array_unref (self->said);
  g_free (self);
}

PinionSaslMechanism
pinion_sasl_get_mechanism (PinionSasl *self)
{
  return self->mechanism;
}

gboolean
pinion_sasl_has_initial_response (PinionSasl *self)
{
  return self->kind->client_first;
}

gpointer
pinion_sasl_fail (PinionSasl     *self,
                  PinionErrorCode code,
                  const char     *message,
                  GError        **error)
{
  pinion_error_set (error, code, self->protocol, PINION_STAGE_SIGN_IN, "%s: %s", self->kind->name,
                    message);

  return NULL;
}

/* -- Steps ---------------------------------------------------------------------------------- */

static GBytes *
take_step (PinionSasl *self,
           GBytes     *challenge,
           GError    **error)
{
  if (self->done || self->kind->step == NULL)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the server asks for more than there is",
                             error);

  GBytes *answer = self->kind->step (self, challenge, error);
  if (answer == NULL)
    return NULL;

  self->step++;
  g_ptr_array_add (self->said, g_bytes_ref (answer));

  return answer;
}

GBytes *
pinion_sasl_step (PinionSasl   *self,
                  const guint8 *challenge,
                  gsize         length,
                  GError      **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (challenge, length);

  return take_step (self, bytes, error);
}

/* An answer that is on its way to a worker thread. */
typedef struct
{
  PinionSasl *sasl;
  GBytes *challenge;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  pinion_sasl_unref (question->sasl);
  g_bytes_unref (question->challenge);
  g_free (question);
}

static DexFuture *
answer (gpointer data)
{
  Question *question = data;
  GError *error = NULL;
  GBytes *bytes = take_step (question->sasl, question->challenge, &error);

  if (bytes == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (G_TYPE_BYTES, bytes);
}

/* Of the whole process, and never freed: a call that waits for a KDC cannot be ended.  What it is
 * at nobody else touches meanwhile, see @busy. */
static PinionWorker *
get_worker (void)
{
  static PinionWorker *worker = NULL;

  if (g_once_init_enter_pointer (&worker))
    g_once_init_leave_pointer (&worker, pinion_worker_new ("pinion-sasl", N_THREADS));

  return worker;
}

static DexFuture *
on_answered (DexFuture *completed,
             gpointer   user_data)
{
  PinionSasl *self = user_data;

  g_autoptr (GError) error = NULL;

  /* Out of time, it is still at it. */
  dex_future_get_value (completed, &error);
  self->busy = g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT);

  return NULL;
}

DexFuture *
pinion_sasl_respond (PinionSasl *self,
                     const char *challenge)
{
  g_autoptr (GError) error = NULL;
  /* Exchange says "334 NTLM supported" in clear before NTLM begins. */
  gboolean ignored = self->mechanism == PINION_SASL_NTLM && self->step == 0;
  g_autoptr (GBytes) bytes = pinion_sasl_decode (challenge != NULL && !ignored ? challenge : "",
                                                 &error);

  if (bytes != NULL && self->busy)
    pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the server does not wait for the answer",
                      &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  Question *question = g_new0 (Question, 1);
  DexFuture *future;
  question->sasl = pinion_sasl_ref (self);
  question->challenge = g_steal_pointer (&bytes);

  if (self->kind->slow)
    {
      self->busy = TRUE;
      future = pinion_worker_run (get_worker (), answer, question, question_free);
      future = dex_future_first (future, dex_timeout_new_seconds (ANSWER_SECONDS), NULL);
      return dex_future_finally (future, on_answered, pinion_sasl_ref (self),
                                 (GDestroyNotify) pinion_sasl_unref);
    }

  future = answer (question);
  question_free (question);
  return future;
}

gboolean
pinion_sasl_is_done (PinionSasl *self)
{
  return !self->busy && self->done;
}

/* -- What went wrong ------------------------------------------------------------------------ */

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
  pinion_sasl_wipe (encoded);

  return text;
}

/* Also as it was before base64, where it is text (SCRAM), and the proof alone. */
static char *
blank_answer (char   *text,
              GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  text = blank_base64 (text, bytes);
  if (size == 0 || !g_utf8_validate (data, (gssize) size, NULL))
    return text;

  char *clear = g_strndup (data, size);
  const char *proof = strstr (clear, ",p=");
  if (proof != NULL)
    text = blank (text, proof + strlen (",p="));
  pinion_sasl_wipe (clear);

  return text;
}

char *
pinion_sasl_redact (PinionSasl *self,
                    const char *text)
{
  const char *password = pinion_secret_peek (self->secret);
  g_autoptr (GBytes) plain = make_plain (self);
  g_autoptr (GBytes) alone = pinion_sasl_bytes_new (password, strlen (password));
  char *clean = g_strdup (text);

  /* The longer forms first: a short password may be part of its own base64. */
  if (*password != '\0')
    clean = blank_base64 (clean, plain);
  clean = blank_base64 (clean, alone);
  for (guint i = 0; !self->busy && i < self->said->len; i++)
    clean = blank_answer (clean, g_ptr_array_index (self->said, i));

  return blank (clean, password);
}

GError *
pinion_sasl_explain (PinionSasl *self,
                     GError     *error)
{
  g_autoptr (GError) cause = pinion_error_adopt (error, self->protocol, PINION_STAGE_SIGN_IN);
  const char *said = pinion_error_get_detail (cause, "server-text");
  g_autofree char *message = pinion_sasl_redact (self, cause->message);
  g_autofree char *text = said != NULL ? pinion_sasl_redact (self, said) : NULL;

  /* Nobody has typed anything that could be wrong. */
  if (self->mechanism == PINION_SASL_GSSAPI &&
      pinion_error_is (cause, PINION_ERROR_SIGN_IN_REFUSED))
    cause->code = PINION_ERROR_TICKET_REFUSED;

  g_free (cause->message);
  cause->message = g_steal_pointer (&message);
  if (text != NULL)
    pinion_error_set_detail (cause, "server-text", text);

  return g_steal_pointer (&cause);
}

guint
pinion_sasl_get_failed (PinionSasl *self)
{
  gboolean told = self->mechanism == PINION_SASL_SCRAM_SHA_256 && self->binding != NULL &&
                  !self->plus_failed;

  return 1u << (told ? PINION_SASL_SCRAM_SHA_256_PLUS : self->mechanism);
}

gboolean
pinion_sasl_may_try_another (PinionSasl   *self,
                             const GError *error)
{
  if (self->busy || self->mechanism == PINION_SASL_NTLM || self->mechanism == PINION_SASL_GSSAPI)
    return FALSE;

  /* SMTP: the server does not know what it offered. */
  if (pinion_error_is (error, PINION_ERROR_SIGN_IN_NO_MECHANISM))
    return TRUE;

  return pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED) && !self->shown;
}
