/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-secret.h"

#include "pinion-error.h"

#include <libsecret/secret.h>
#include <string.h>

struct _PinionSecret
{
  gatomicrefcount refs;
  gsize length;
  char text[];
};

G_DEFINE_BOXED_TYPE (PinionSecret, pinion_secret, pinion_secret_ref, pinion_secret_unref)

static const SecretSchema schema = {
  "io.github.pinionmail.Pinion.Account",
  SECRET_SCHEMA_NONE,
  {
      { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

PinionSecret *
pinion_secret_new (const char *text)
{
  gsize length = strlen (text);
  PinionSecret *self = g_malloc (sizeof *self + length + 1);

  g_atomic_ref_count_init (&self->refs);
  self->length = length;
  memcpy (self->text, text, length + 1);

  return self;
}

PinionSecret *
pinion_secret_ref (PinionSecret *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pinion_secret_unref (PinionSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  explicit_bzero (self->text, self->length);
  g_free (self);
}

const char *
pinion_secret_peek (PinionSecret *self)
{
  return self->text;
}

/* Any failure of the Secret Service, told apart by what the person can do about it. */
static GError *
adopt_keyring_error (GError *error)
{
  PinionErrorCode code = PINION_ERROR_KEYRING_UNAVAILABLE;

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    code = PINION_ERROR_KEYRING_LOCKED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    code = PINION_ERROR_CANCELLED;

  GError *adopted = pinion_error_new (code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                      "%s", error->message);
  g_error_free (error);
  return adopted;
}

static void
on_lookup_done (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  char *text = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    dex_promise_reject (promise, adopt_keyring_error (error));
  else if (text == NULL)
    dex_promise_reject (promise,
                        pinion_error_new (PINION_ERROR_PASSWORD_MISSING, PINION_PROTOCOL_NONE,
                                          PINION_STAGE_SIGN_IN, "no password in the keyring"));
  else
    dex_promise_resolve_boxed (promise, PINION_TYPE_SECRET, pinion_secret_new (text));

  secret_password_free (text);
}

static void
on_store_done (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;

  if (!secret_password_store_finish (result, &error))
    dex_promise_reject (promise, adopt_keyring_error (error));
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

static void
on_clear_done (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    dex_promise_reject (promise, adopt_keyring_error (error));
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

/* libsecret's asynchronous calls answer on the caller's thread-default main context. */
DexFuture *
pinion_secret_lookup (const char *uuid)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_lookup (&schema, dex_promise_get_cancellable (promise), on_lookup_done,
                          dex_ref (promise), "account", uuid, NULL);

  return DEX_FUTURE (promise);
}

DexFuture *
pinion_secret_store (const char   *uuid,
                     const char   *label,
                     PinionSecret *secret)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, pinion_secret_peek (secret),
                         dex_promise_get_cancellable (promise), on_store_done, dex_ref (promise),
                         "account", uuid, NULL);

  return DEX_FUTURE (promise);
}

DexFuture *
pinion_secret_clear (const char *uuid)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_clear (&schema, dex_promise_get_cancellable (promise), on_clear_done,
                         dex_ref (promise), "account", uuid, NULL);

  return DEX_FUTURE (promise);
}
