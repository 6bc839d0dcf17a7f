/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers, user names and passwords changed in place: tried first, proven to be the same mailbox,
 * and only then kept. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

typedef struct
{
  PinionEngine *engine;
  PinionAccount *account;
  PinionSecret *secret;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->engine);
  g_clear_pointer (&change->account, pinion_account_free);
  g_clear_pointer (&change->secret, pinion_secret_unref);
  g_free (change);
}

static gboolean
check_server (const PinionServer *server,
              PinionProtocol      protocol,
              GError            **error)
{
  if (!pinion_host_is_valid (server->host))
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol, PINION_STAGE_RESOLVE,
                             "the hostname is not valid");
  if (server->port == 0)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol, PINION_STAGE_REACH,
                             "the port is not valid");
  if (server->user == NULL || *server->user == '\0')
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol, PINION_STAGE_SIGN_IN,
                             "the user name is missing");

  return TRUE;
}

/* A trial has nobody to tell. */
static void
on_status (const PinionSyncStatus *status,
           gpointer                user_data)
{
}

/* Whether it may be another mailbox. */
static gboolean
leads_elsewhere (const PinionServer *before,
                 const PinionServer *now)
{
  return g_strcmp0 (before->host, now->host) != 0 || before->port != now->port
         || before->encryption != now->encryption || g_strcmp0 (before->user, now->user) != 0;
}

static gboolean
try_settings (Change            *change,
              PinionAccountItem *item,
              GError           **error)
{
  PinionEngine *self = change->engine;
  const PinionAccount *before = pinion_account_item_get_account (item);
  gboolean prove = leads_elsewhere (&before->imap, &change->account->imap);
  g_autoptr (PinionSecret) kept = NULL;

  if (change->secret == NULL)
    kept = dex_await_boxed (pinion_account_item_find_secret (item), error);
  if (change->secret == NULL && kept == NULL)
    return FALSE;

  g_autoptr (PinionSync) sync = pinion_sync_new (
      self->store, self->parser, change->account, change->secret != NULL ? change->secret : kept,
      on_status, NULL, NULL);

  return dex_await (pinion_sync_try_settings (sync, prove), error);
}

/* The servers only: what else was changed meanwhile stays. */
static DexFuture *
store_servers (PinionStoreSession *session,
               gpointer            data)
{
  const PinionAccount *wanted = ((Change *) data)->account;
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, wanted->id);

  if (account == NULL)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such account");
      return dex_future_new_true ();
    }

  pinion_server_copy (&account->imap, &wanted->imap);
  pinion_server_copy (&account->smtp, &wanted->smtp);
  account->refused = FALSE;
  pinion_store_account_update (session, account);

  return dex_future_new_true ();
}

/* The new password has worked, so that it is used even where the keyring does not take it. */
static gboolean
keep_secret (Change *change)
{
  g_autofree char *label = g_strdup_printf ("Pinion: %s", change->account->email);

  return change->secret == NULL
         || dex_await (pinion_secret_store (change->account->uuid, label, change->secret), NULL);
}

static DexFuture *
change_fiber (gpointer data)
{
  Change *change = data;
  PinionEngine *self = change->engine;
  PinionAccountItem *item = pinion_engine_find_account (self, change->account->id);
  GError *error = NULL;

  if (item == NULL)
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                       PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                       "there is no such account"));

  g_autoptr (PinionAccountItem) held = g_object_ref (item);
  g_set_str (&change->account->uuid, pinion_account_item_get_account (item)->uuid);
  if (!try_settings (change, item, &error))
    return dex_future_new_for_error (error);

  /* Nothing runs in between: the old host never gets the new password, nor the new one the old. */
  gboolean kept = keep_secret (change);
  dex_await (pinion_account_item_stop (item), NULL);
  if (change->secret != NULL)
    pinion_account_item_set_secret (item, change->secret);

  gboolean done = dex_await (pinion_store_write (self->store, store_servers, change, NULL), &error)
                  && dex_await (pinion_engine_reload (self), &error);
  if (change->secret != NULL && kept)
    pinion_account_item_note_kept (item);
  pinion_account_item_start_again (item);

  return done ? dex_future_new_for_boolean (kept) : dex_future_new_for_error (error);
}

DexFuture *
pinion_engine_change_servers (PinionEngine        *self,
                              const PinionAccount *account,
                              PinionSecret        *secret)
{
  GError *error = NULL;
  Change *change;

  if (!check_server (&account->imap, PINION_PROTOCOL_IMAP, &error)
      || !check_server (&account->smtp, PINION_PROTOCOL_SMTP, &error))
    return dex_future_new_for_error (error);

  change = g_new0 (Change, 1);
  change->engine = g_object_ref (self);
  change->account = pinion_account_copy (account);
  change->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;

  return dex_scheduler_spawn (NULL, 0, change_fiber, change, change_free);
}

/* -- Refused passwords ---------------------------------------------------------------------- */

typedef struct
{
  gint64 account;
  gboolean refused;
} Refusal;

static DexFuture *
store_refusal (PinionStoreSession *session,
               gpointer            data)
{
  const Refusal *refusal = data;

  pinion_store_account_set_refused (session, refusal->account, refusal->refused);

  return dex_future_new_true ();
}

void
pinion_engine_note_refusal (PinionEngine *self,
                            gint64        account,
                            gboolean      refused)
{
  Refusal refusal = { account, refused };

  dex_future_disown (pinion_store_write (self->store, store_refusal,
                                         g_memdup2 (&refusal, sizeof refusal), g_free));
}
