/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers, user names and passwords changed in place: tried first, proven to be the same mailbox,
 * and only then kept. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
/* @replaces: the password is another one.  Never changed once it is handed out. */
struct _PinionProvenServers
{
  gatomicrefcount refs;
  PinionAccount *account;
  PinionSecret *secret;
  gboolean replaces;
};

G_DEFINE_BOXED_TYPE (PinionProvenServers, pinion_proven_servers, pinion_proven_servers_ref,
                     pinion_proven_servers_unref)

PinionProvenServers *
pinion_proven_servers_ref (PinionProvenServers *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pinion_proven_servers_unref (PinionProvenServers *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  pinion_account_free (self->account);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_free (self);
}

static PinionProvenServers *
servers_new (const PinionAccount *account,
             PinionSecret        *secret)
{
  PinionProvenServers *self = g_new0 (PinionProvenServers, 1);

  g_atomic_ref_count_init (&self->refs);
  self->account = pinion_account_copy (account);
  self->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  self->replaces = secret != NULL;

  return self;
}

/* -- Trying --------------------------------------------------------------------------------- */

/* Whoever lets go of @promise cancels @cancellable, which ends every wait; the fiber itself runs to
 * its end, see pinion-engine-verify.c. */
typedef struct
{
  PinionEngine *engine;
  PinionProvenServers *servers;
  PinionStageSink *sink;
  DexPromise *promise;
  GCancellable *cancellable;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  g_object_unref (trial->engine);
  g_clear_pointer (&trial->servers, pinion_proven_servers_unref);
  g_clear_pointer (&trial->sink, pinion_stage_sink_unref);
  dex_clear (&trial->promise);
  g_clear_object (&trial->cancellable);
  g_free (trial);
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

/* The proof has nobody to tell. */
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

/* @future (transfer full), or the end of the wait as soon as nobody wants it any more. */
static DexFuture *
unless_cancelled (Trial     *trial,
                  DexFuture *future)
{
  return dex_future_first (future, dex_cancellable_new_from_cancellable (trial->cancellable), NULL);
}

static gboolean
find_secret (Trial             *trial,
             PinionAccountItem *item,
             GError           **error)
{
  if (trial->servers->secret == NULL)
    trial->servers->secret
        = pinion_await_boxed (unless_cancelled (trial, pinion_account_item_find_secret (item)),
                              error);

  return trial->servers->secret != NULL;
}

static gboolean
verify (Trial   *trial,
        GError **error)
{
  PinionProvenServers *servers = trial->servers;
  g_autoptr (PinionAccount) verified = pinion_await_boxed (
      unless_cancelled (trial, pinion_engine_verify_sparingly (servers->account, servers->secret,
                                                               trial->sink)),
      error);

  return verified != NULL;
}

/* What was let go of ends by itself: the connection is closed under it. */
static gboolean
prove_same (Trial   *trial,
            GError **error)
{
  PinionEngine *self = trial->engine;
  g_autoptr (PinionStageSink) quiet = pinion_stage_sink_new_quiet (NULL);
  g_autoptr (PinionSync) sync
      = pinion_sync_new (self->store, self->parser, trial->servers->account,
                         trial->servers->secret, on_status, NULL, NULL);

  pinion_stage_sink_set_cancellable (quiet, trial->cancellable);
  gboolean done
      = pinion_await (unless_cancelled (trial, pinion_sync_prove_same (sync, quiet)), error);
  if (g_cancellable_is_cancelled (trial->cancellable))
    pinion_sync_wake (sync, PINION_SYNC_WAKE_STOP | PINION_SYNC_WAKE_NETWORK);

  return done;
}

static gboolean
try_settings (Trial             *trial,
              PinionAccountItem *item,
              GError           **error)
{
  PinionAccount *account = trial->servers->account;
  const PinionAccount *before = pinion_account_item_get_account (item);
  gboolean elsewhere = leads_elsewhere (&before->imap, &account->imap);

  g_set_str (&account->uuid, before->uuid);

  return find_secret (trial, item, error) && verify (trial, error)
         && (!elsewhere || prove_same (trial, error));
}

static DexFuture *
prove_fiber (gpointer data)
{
  Trial *trial = data;
  g_autoptr (GError) error = NULL;
  PinionAccountItem *item
      = pinion_engine_find_account (trial->engine, trial->servers->account->id);

  if (item == NULL)
    {
      dex_promise_reject (trial->promise, pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                            PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                            "there is no such account"));
      return dex_future_new_true ();
    }

  g_autoptr (PinionAccountItem) held = g_object_ref (item);
  if (try_settings (trial, held, &error))
    dex_promise_resolve_boxed (trial->promise, PINION_TYPE_PROVEN_SERVERS,
                               g_steal_pointer (&trial->servers));
  else
    dex_promise_reject (trial->promise, g_steal_pointer (&error));

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_prove_servers (PinionEngine        *self,
                             const PinionAccount *account,
                             PinionSecret        *secret,
                             PinionStageSink     *sink)
{
  GError *error = NULL;
  DexFuture *proven;
  Trial *trial;

  if (!check_server (&account->imap, PINION_PROTOCOL_IMAP, &error)
      || !check_server (&account->smtp, PINION_PROTOCOL_SMTP, &error))
    return dex_future_new_for_error (error);

  trial = g_new0 (Trial, 1);
  trial->engine = g_object_ref (self);
  trial->servers = servers_new (account, secret);
  trial->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  trial->promise = dex_promise_new_cancellable ();
  trial->cancellable = g_object_ref (dex_promise_get_cancellable (trial->promise));

  proven = DEX_FUTURE (dex_ref (trial->promise));
  dex_future_disown (pinion_fiber_spawn (NULL, 0, prove_fiber, trial, trial_free));

  return dex_future_first (proven, NULL);
}

/* -- Keeping -------------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  PinionProvenServers *servers;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->engine);
  pinion_proven_servers_unref (change->servers);
  g_free (change);
}

/* The servers only: what else was changed meanwhile stays. */
static DexFuture *
store_servers (PinionStoreSession *session,
               gpointer            data)
{
  const PinionAccount *wanted = ((Change *) data)->servers->account;
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
keep_secret (const PinionProvenServers *servers)
{
  g_autofree char *label = g_strdup_printf ("Pinion: %s", servers->account->email);

  return !servers->replaces
         || pinion_await (pinion_secret_store (servers->account->uuid, label, servers->secret),
                          NULL);
}

static DexFuture *
change_fiber (gpointer data)
{
  Change *change = data;
  PinionEngine *self = change->engine;
  const PinionProvenServers *servers = change->servers;
  PinionAccountItem *item = pinion_engine_find_account (self, servers->account->id);
  GError *error = NULL;

  if (item == NULL)
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                       PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                       "there is no such account"));

  /* Nothing runs in between: the old host never gets the new password, nor the new one the old. */
  g_autoptr (PinionAccountItem) held = g_object_ref (item);
  gboolean kept = keep_secret (servers);
  pinion_await (pinion_account_item_stop (item), NULL);
  if (servers->replaces)
    pinion_account_item_set_secret (item, servers->secret);

  gboolean done = pinion_await (pinion_store_write (self->store, store_servers, change, NULL),
                                &error)
                  && pinion_await (pinion_engine_reload (self), &error);
  if (servers->replaces && kept)
    pinion_account_item_note_kept (item);
  pinion_account_item_start_again (item);

  return done ? dex_future_new_for_boolean (kept) : dex_future_new_for_error (error);
}

DexFuture *
pinion_engine_change_servers (PinionEngine        *self,
                              PinionProvenServers *proven)
{
  Change *change = g_new0 (Change, 1);
  DexFuture *changed;

  change->engine = g_object_ref (self);
  change->servers = pinion_proven_servers_ref (proven);
  changed = pinion_fiber_spawn (NULL, 0, change_fiber, change, change_free);
  dex_future_disown (dex_ref (changed));

  return changed;
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
