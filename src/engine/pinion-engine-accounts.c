/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-imap-connection.h"
#include "pinion-smtp-connection.h"

#include <string.h>

#define STACK_SIZE (256 * 1024)

/* Directories lock an account after a few refused passwords; this many are ours to spend. */
#define SIGN_IN_ATTEMPTS 3

/* -- Stages, brought to the main thread ----------------------------------------------------- */

typedef struct
{
  PinionStageSink *sink;
  PinionProtocol protocol;
  PinionStage stage;
  PinionStageState state;
  char *detail;
  GError *error;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  pinion_stage_sink_unref (report->sink);
  g_free (report->detail);
  g_clear_error (&report->error);
  g_free (report);
}

static gboolean
on_report (gpointer data)
{
  Report *report = data;

  pinion_stage_sink_report (report->sink, report->protocol, report->stage, report->state,
                            report->detail, report->error);

  return G_SOURCE_REMOVE;
}

static void
carry_report (PinionProtocol   protocol,
              PinionStage      stage,
              PinionStageState state,
              const char      *detail,
              const GError    *error,
              gpointer         user_data)
{
  Report *report = g_new0 (Report, 1);

  report->sink = pinion_stage_sink_ref (user_data);
  report->protocol = protocol;
  report->stage = stage;
  report->state = state;
  report->detail = g_strdup (detail);
  report->error = error != NULL ? g_error_copy (error) : NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_report, report, report_free);
}

static PinionStageSink *
make_carrier (PinionStageSink *sink)
{
  if (sink == NULL)
    return NULL;

  return pinion_stage_sink_new (carry_report, pinion_stage_sink_ref (sink),
                                (GDestroyNotify) pinion_stage_sink_unref);
}

/* -- Verification --------------------------------------------------------------------------- */

/* The fiber is never discarded, because what it waits for may settle before it has run again, which
 * libdex does not bear.  Whoever lets go of @promise cancels @cancellable, and the fiber asks nothing
 * more of a server once it has seen that. */
typedef struct
{
  PinionAccount *account;
  PinionSecret *secret;
  PinionStageSink *sink;
  gboolean try_user_names;
  DexPromise *promise;
  GCancellable *cancellable;
} Verification;

static void
verification_free (gpointer data)
{
  Verification *verification = data;

  pinion_account_free (verification->account);
  g_clear_pointer (&verification->secret, pinion_secret_unref);
  g_clear_pointer (&verification->sink, pinion_stage_sink_unref);
  dex_clear (&verification->promise);
  g_clear_object (&verification->cancellable);
  g_free (verification);
}

/* user@domain, DOMAIN\user, user: what Exchange takes, the likeliest first. */
static GStrv
dup_user_names (const PinionAccount *account,
                gboolean             several)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *email = account->email;
  const char *at = strrchr (email, '@');

  if (account->imap.user != NULL && *account->imap.user != '\0' && !several)
    {
      g_strv_builder_add (names, account->imap.user);
      return g_strv_builder_end (names);
    }

  g_strv_builder_add (names, email);
  if (several && at != NULL)
    {
      g_autofree char *user = g_strndup (email, (gsize) (at - email));
      g_autofree char *domain = g_strndup (at + 1, strcspn (at + 1, "."));
      g_autofree char *upper = g_utf8_strup (domain, -1);

      g_strv_builder_take (names, g_strdup_printf ("%s\\%s", upper, user));
      g_strv_builder_add (names, user);
    }

  return g_strv_builder_end (names);
}

static gboolean
await_imap (DexFuture *future,
            GError   **error)
{
  g_autoptr (GPtrArray) mailboxes = dex_await_boxed (future, error);

  return mailboxes != NULL;
}

static gboolean
await_smtp (DexFuture *future,
            GError   **error)
{
  g_autoptr (PinionSmtpConnection) smtp = dex_await_object (future, error);

  if (smtp == NULL)
    return FALSE;

  dex_await (pinion_smtp_connection_quit (smtp), NULL);
  return TRUE;
}

static DexFuture *
begin_imap (Verification *verification)
{
  const PinionAccount *account = verification->account;

  return pinion_imap_verify (&account->imap, verification->secret, account->ca_pem,
                             verification->sink);
}

static DexFuture *
begin_smtp (Verification *verification)
{
  const PinionAccount *account = verification->account;

  return pinion_smtp_connect (&account->smtp, verification->secret, account->ca_pem, NULL,
                              verification->sink);
}

static void
use_name (Verification *verification,
          const char   *name,
          gboolean      smtp_too)
{
  g_set_str (&verification->account->imap.user, name);
  if (smtp_too)
    g_set_str (&verification->account->smtp.user, name);
}

/* How often the server was asked to sign in before it failed with @error. */
static guint
get_attempts (const GError *error)
{
  const char *attempts = pinion_error_get_detail (error, "attempts");

  return attempts != NULL ? (guint) g_ascii_strtoull (attempts, NULL, 10) : 1;
}

static gboolean
is_wanted (Verification *verification,
           GError      **error)
{
  if (!g_cancellable_is_cancelled (verification->cancellable))
    return TRUE;

  g_clear_error (error);
  return pinion_error_set (error, PINION_ERROR_CANCELLED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                           "cancelled");
}

/* A form costs as many attempts as there are mechanisms that fail: the next one most likely as many
 * as the last. */
static gboolean
verify_names (Verification *verification,
              gboolean      smtp_follows,
              GError      **error)
{
  g_auto (GStrv) names = dup_user_names (verification->account, TRUE);
  guint spent = 0, cost = 1;

  for (guint i = 0; names[i] != NULL && spent + cost <= SIGN_IN_ATTEMPTS; i++)
    {
      use_name (verification, names[i], smtp_follows);
      g_clear_error (error);
      if (await_imap (begin_imap (verification), error))
        return TRUE;
      if (!g_error_matches (*error, PINION_ERROR, PINION_ERROR_SIGN_IN_REFUSED)
          || !is_wanted (verification, error))
        return FALSE;
      cost = get_attempts (*error);
      spent += cost;
    }

  /* What the person sees is the form they would have typed. */
  use_name (verification, names[0], smtp_follows);
  return FALSE;
}

/* Where the user name is certain both go side by side; else SMTP waits until IMAP has found the form,
 * so that no attempt is wasted. */
static PinionAccount *
verify (Verification *verification,
        GError      **error)
{
  PinionAccount *account = verification->account;
  gboolean smtp_follows = account->smtp.user == NULL || *account->smtp.user == '\0';
  g_autoptr (GError) imap_error = NULL;
  g_autoptr (GError) smtp_error = NULL;
  gboolean imap_done;
  gboolean smtp_done = FALSE;

  if (verification->try_user_names)
    {
      imap_done = verify_names (verification, smtp_follows, &imap_error);
      if (imap_done && is_wanted (verification, &smtp_error))
        smtp_done = await_smtp (begin_smtp (verification), &smtp_error);
    }
  else
    {
      if (smtp_follows)
        g_set_str (&account->smtp.user, account->imap.user);
      DexFuture *imap = begin_imap (verification);
      DexFuture *smtp = begin_smtp (verification);
      imap_done = await_imap (imap, &imap_error);
      smtp_done = await_smtp (smtp, &smtp_error);
    }

  if (imap_done && smtp_done)
    return pinion_account_copy (account);

  g_propagate_error (error, imap_done ? g_steal_pointer (&smtp_error)
                                      : g_steal_pointer (&imap_error));
  return NULL;
}

static DexFuture *
verify_fiber (gpointer data)
{
  Verification *verification = data;
  GError *error = NULL;
  PinionAccount *account = verify (verification, &error);

  if (account != NULL)
    dex_promise_resolve_boxed (verification->promise, PINION_TYPE_ACCOUNT, account);
  else
    dex_promise_reject (verification->promise, error);

  return dex_future_new_true ();
}

static gboolean
check_server (const PinionServer *server,
              PinionProtocol      protocol,
              GError            **error)
{
  if (!pinion_host_is_valid (server->host))
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol,
                             PINION_STAGE_RESOLVE, "the hostname is not valid");
  if (server->port == 0)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol, PINION_STAGE_REACH,
                             "the port is not valid");

  return TRUE;
}

static gboolean
check_account (const PinionAccount *account,
               GError             **error)
{
  if (!pinion_address_is_valid (account->email))
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "the email address is not valid");

  return check_server (&account->imap, PINION_PROTOCOL_IMAP, error)
         && check_server (&account->smtp, PINION_PROTOCOL_SMTP, error);
}

DexFuture *
pinion_engine_verify_account (PinionEngine        *self,
                              const PinionAccount *account,
                              PinionSecret        *secret,
                              gboolean             try_user_names,
                              PinionStageSink     *sink)
{
  GError *error = NULL;

  if (!check_account (account, &error))
    return dex_future_new_for_error (error);

  Verification *verification = g_new0 (Verification, 1);
  verification->account = pinion_account_copy (account);
  verification->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  verification->sink = make_carrier (sink);
  /* A ticket has a name of its own. */
  verification->try_user_names = try_user_names && pinion_account_needs_password (account);
  if (!verification->try_user_names && (account->imap.user == NULL || *account->imap.user == '\0'))
    g_set_str (&verification->account->imap.user, account->email);

  verification->promise = dex_promise_new_cancellable ();
  verification->cancellable = g_object_ref (dex_promise_get_cancellable (verification->promise));
  DexFuture *verified = DEX_FUTURE (dex_ref (verification->promise));
  dex_future_disown (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), STACK_SIZE,
                                          verify_fiber, verification, verification_free));

  return verified;
}

/* -- Keeping -------------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  PinionAccount *account;
  PinionSecret *secret;
  gboolean keep_secret;
  gint64 id;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_object_unref (keeping->engine);
  g_clear_pointer (&keeping->account, pinion_account_free);
  g_clear_pointer (&keeping->secret, pinion_secret_unref);
  g_free (keeping);
}

static DexFuture *
store_account (PinionStoreSession *session,
               gpointer            data)
{
  Keeping *keeping = data;
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *other = g_ptr_array_index (accounts, i);

      if (g_ascii_strcasecmp (other->email, keeping->account->email) == 0
          && g_ascii_strcasecmp (other->imap.host, keeping->account->imap.host) == 0
          && other->imap.port == keeping->account->imap.port
          && g_strcmp0 (other->imap.user, keeping->account->imap.user) == 0)
        {
          pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                     "this account is here already");
          return dex_future_new_true ();
        }
    }

  keeping->account->created = g_get_real_time () / G_USEC_PER_SEC;
  keeping->id = pinion_store_account_add (session, keeping->account);

  return dex_future_new_true ();
}

static DexFuture *
add_fiber (gpointer data)
{
  Keeping *keeping = data;
  PinionEngine *self = keeping->engine;
  GError *error = NULL;

  if (keeping->keep_secret)
    {
      g_autofree char *label = g_strdup_printf ("Pinion: %s", keeping->account->email);

      if (!dex_await (pinion_secret_store (keeping->account->uuid, label, keeping->secret),
                      &error))
        return dex_future_new_for_error (error);
    }

  if (!dex_await (pinion_store_write (self->store, store_account, keeping, NULL), &error))
    {
      if (keeping->keep_secret)
        dex_await (pinion_secret_clear (keeping->account->uuid), NULL);
      return dex_future_new_for_error (error);
    }

  gboolean running = self->running;
  self->running = FALSE;
  gboolean loaded = dex_await (pinion_engine_reload (self), &error);
  self->running = running;
  if (!loaded)
    return dex_future_new_for_error (error);

  PinionAccountItem *item = pinion_engine_find_account (self, keeping->id);
  if (item != NULL && keeping->secret != NULL)
    pinion_account_item_set_secret (item, keeping->secret);
  if (item != NULL && keeping->keep_secret)
    pinion_account_item_note_kept (item);
  if (item != NULL && running)
    pinion_account_item_start (item);

  return dex_future_new_for_int64 (keeping->id);
}

DexFuture *
pinion_engine_add_account (PinionEngine        *self,
                           const PinionAccount *account,
                           PinionSecret        *secret,
                           gboolean             keep_secret)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->engine = g_object_ref (self);
  keeping->account = pinion_account_copy (account);
  keeping->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  keeping->keep_secret = keep_secret && pinion_account_needs_password (account);

  return dex_scheduler_spawn (NULL, 0, add_fiber, keeping, keeping_free);
}

static DexFuture *
remove_account (PinionStoreSession *session,
                gpointer            data)
{
  Keeping *keeping = data;

  pinion_store_account_remove (session, keeping->id);

  return dex_future_new_true ();
}

/* An index keeps words of what has left it; it is made anew of what the others have. */
static void
forget_words (PinionEngine *self)
{
  g_autoptr (GPtrArray) left = NULL;

  if (!pinion_store_search_discard (self->search))
    return;

  left = dex_await_boxed (pinion_store_search_next (self->search, 1, FALSE), NULL);
  if (self->running)
    pinion_engine_index_changed (self);
}

static DexFuture *
remove_fiber (gpointer data)
{
  Keeping *keeping = data;
  PinionEngine *self = keeping->engine;
  PinionAccountItem *item = pinion_engine_find_account (self, keeping->id);
  GError *error = NULL;

  if (item == NULL)
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                       PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                       "there is no such account"));

  g_autofree char *uuid = g_strdup (pinion_account_item_get_account (item)->uuid);

  dex_await (pinion_account_item_stop (item), NULL);
  if (!dex_await (pinion_store_write (self->store, remove_account, keeping, NULL), &error))
    return dex_future_new_for_error (error);

  /* Without a keyring there is nothing in it either. */
  dex_await (pinion_secret_clear (uuid), NULL);
  forget_words (self);

  return pinion_engine_reload (self);
}

DexFuture *
pinion_engine_remove_account (PinionEngine *self,
                              gint64        account)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->engine = g_object_ref (self);
  keeping->id = account;

  return dex_scheduler_spawn (NULL, 0, remove_fiber, keeping, keeping_free);
}
