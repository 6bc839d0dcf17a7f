/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifying an account, stage by stage, IMAP and SMTP side by side.
 *
 * Both connect at once.  SMTP signs in when IMAP has: then it knows the form of the user name,
 * and how many attempts are left.  What was refused by one and taken by the other was not a
 * wrong password. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-imap-connection.h"
#include "pinion-smtp-connection.h"

#include <string.h>

/* The first use of TLS or of the network's state loads modules that nobody knows beforehand. */
#define STACK_SIZE (512 * 1024)

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

  pinion_stage_sink_pass_on (report->sink, report->protocol, report->stage, report->state,
                             report->detail, report->error);

  return G_SOURCE_REMOVE;
}

static void
carry_report (PinionStageSink *sink,
              PinionProtocol   protocol,
              PinionStage      stage,
              PinionStageState state,
              const char      *detail,
              const GError    *error)
{
  Report *report;

  if (sink == NULL)
    return;

  report = g_new0 (Report, 1);
  report->sink = pinion_stage_sink_ref (sink);
  report->protocol = protocol;
  report->stage = stage;
  report->state = state;
  report->detail = g_strdup (detail);
  report->error = error != NULL ? g_error_copy (error) : NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_report, report, report_free);
}

/* -- Verification --------------------------------------------------------------------------- */

typedef struct _Verification Verification;

/* One of the two servers.  @over: settles once connecting has ended, whatever comes of
 * it.  @told: a mask of the stages that were done.  @trying: (nullable) the form of the user
 * name that is being tried. */
typedef struct
{
  Verification *verification;
  PinionProtocol protocol;
  PinionStageSink *sink;
  DexPromise *over;
  guint told;
  const char *trying;
  gboolean done;
  gboolean left_out;
  GError *error;
} Side;

/* The fibers are never discarded, because what they wait for may settle before they have run
 * again, which libdex does not bear.  Whoever lets go of @promise cancels @cancellable, which
 * ends every wait.  @sparing: SMTP signs in only where IMAP did.  @smtp_follows: the user name
 * of SMTP is that of IMAP.  @spent: attempts that were refused. */
struct _Verification
{
  PinionAccount *account;
  PinionSecret *secret;
  PinionStageSink *sink;
  gboolean try_user_names;
  gboolean sparing;
  gboolean smtp_follows;
  DexPromise *promise;
  GCancellable *cancellable;
  Side imap;
  Side smtp;
  guint spent;
};

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->sink, pinion_stage_sink_unref);
  dex_clear (&side->over);
  g_clear_error (&side->error);
}

static void
verification_free (gpointer data)
{
  Verification *verification = data;

  pinion_account_free (verification->account);
  g_clear_pointer (&verification->secret, pinion_secret_unref);
  g_clear_pointer (&verification->sink, pinion_stage_sink_unref);
  dex_clear (&verification->promise);
  g_clear_object (&verification->cancellable);
  side_clear (&verification->imap);
  side_clear (&verification->smtp);
  g_free (verification);
}

/* A failure is told when it has been looked into; another form of the name, or mechanism, goes
 * through the same stages again, which is nobody's concern. */
static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  Side *side = user_data;

  if (state == PINION_STAGE_STATE_FAILED || (side->told & 1u << stage) != 0)
    return;
  if (state == PINION_STAGE_STATE_DONE)
    side->told |= 1u << stage;
  if (state == PINION_STAGE_STATE_RUNNING && stage == PINION_STAGE_SIGN_IN)
    detail = side->trying;

  carry_report (side->verification->sink, protocol, stage, state, detail, NULL);
}

static void
side_init (Side           *side,
           Verification   *verification,
           PinionProtocol  protocol)
{
  side->verification = verification;
  side->protocol = protocol;
  side->over = dex_promise_new ();
  side->sink = pinion_stage_sink_new (on_stage, side, NULL);
  pinion_stage_sink_set_cancellable (side->sink, verification->cancellable);
  pinion_stage_sink_set_transcript (side->sink,
                                    pinion_stage_sink_get_transcript (verification->sink));
}

static gboolean
is_wanted (Verification *verification)
{
  return !g_cancellable_is_cancelled (verification->cancellable);
}

/* Whether the server judged the password, and did not like it. */
static gboolean
is_refused (const Side *side)
{
  return side->error != NULL && pinion_error_is (side->error, PINION_ERROR_SIGN_IN_REFUSED);
}

static void
tell_failure (Side               *side,
              const PinionServer *server)
{
  Verification *verification = side->verification;

  if (side->error == NULL || !is_wanted (verification))
    return;

  pinion_engine_diagnose (side->error, server, side->protocol, verification->account->ca_pem,
                          verification->cancellable);
  if (is_wanted (verification) && pinion_error_get_stage (side->error) != PINION_STAGE_NONE)
    carry_report (verification->sink, side->protocol, pinion_error_get_stage (side->error),
                  PINION_STAGE_STATE_FAILED, NULL, side->error);
}

/* -- IMAP ----------------------------------------------------------------------------------- */

/* user@domain, DOMAIN\user, user: what Exchange takes, the likeliest first. */
static GStrv
dup_user_names (const char *email)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *at = strrchr (email, '@');

  g_strv_builder_add (names, email);
  if (at != NULL)
    {
      g_autofree char *user = g_strndup (email, (gsize) (at - email));
      g_autofree char *domain = g_strndup (at + 1, strcspn (at + 1, "."));
      g_autofree char *upper = g_utf8_strup (domain, -1);

      g_strv_builder_take (names, g_strdup_printf ("%s\\%s", upper, user));
      g_strv_builder_add (names, user);
    }

  return g_strv_builder_end (names);
}

/* How often the server was asked to sign in before it failed with @error. */
static guint
get_attempts (const GError *error)
{
  const char *attempts = pinion_error_get_detail (error, "attempts");

  return attempts != NULL ? (guint) g_ascii_strtoull (attempts, NULL, 10) : 1;
}

static void
verify_imap_once (Side *side)
{
  Verification *verification = side->verification;
  const PinionAccount *account = verification->account;
  g_autoptr (GPtrArray) mailboxes = NULL;

  g_clear_error (&side->error);
  mailboxes = pinion_await_boxed (pinion_imap_verify (&account->imap, verification->secret,
                                                      account->ca_pem, side->sink),
                                  &side->error);
  side->done = mailboxes != NULL;
  if (side->error != NULL && pinion_error_get_stage (side->error) == PINION_STAGE_SIGN_IN)
    verification->spent += get_attempts (side->error);
}

/* A form costs as many attempts as there are mechanisms that fail: the next one most likely as many
 * as the last. */
static void
verify_names (Side *side)
{
  Verification *verification = side->verification;
  g_auto (GStrv) names = dup_user_names (verification->account->email);
  guint cost = 1;

  for (guint i = 0; names[i] != NULL && verification->spent + cost <= SIGN_IN_ATTEMPTS; i++)
    {
      g_set_str (&verification->account->imap.user, names[i]);
      side->trying = names[i];
      verify_imap_once (side);
      side->trying = NULL;
      if (!is_refused (side) || !is_wanted (verification))
        return;
      cost = get_attempts (side->error);
    }

  /* What the person sees is the form they would have typed. */
  g_set_str (&verification->account->imap.user, names[0]);
}

/* How many attempts SMTP has, once IMAP is over. */
static guint
count_attempts (const Verification *verification)
{
  const GError *error = verification->imap.error;
  guint left = SIGN_IN_ATTEMPTS - MIN (verification->spent, SIGN_IN_ATTEMPTS);

  if (verification->sparing && !verification->imap.done)
    return 0;

  /* Nobody knows yet which form of the name is right. */
  if (error != NULL && verification->try_user_names
      && pinion_error_get_stage (error) < PINION_STAGE_SIGN_IN)
    return 0;

  return left;
}

/* Taken for sending, refused for reading: the password is not what is wrong. */
static void
compare_with_smtp (Side *side)
{
  Verification *verification = side->verification;

  if (!is_refused (side) || !verification->smtp_follows || count_attempts (verification) == 0)
    return;

  pinion_await (dex_ref (DEX_FUTURE (verification->smtp.over)), NULL);
  if (verification->smtp.done)
    side->error->code = PINION_ERROR_IMAP_DISABLED;
}

static DexFuture *
imap_fiber (gpointer data)
{
  Side *side = data;

  if (side->verification->try_user_names)
    verify_names (side);
  else
    verify_imap_once (side);

  dex_promise_resolve_boolean (side->over, TRUE);
  compare_with_smtp (side);
  tell_failure (side, &side->verification->account->imap);

  return dex_future_new_true ();
}

/* -- SMTP ----------------------------------------------------------------------------------- */

static guint
permit_sign_in (PinionServer *server,
                gpointer      user_data)
{
  Side *side = user_data;
  Verification *verification = side->verification;
  guint attempts;

  pinion_await (dex_ref (DEX_FUTURE (verification->imap.over)), NULL);
  attempts = is_wanted (verification) ? count_attempts (verification) : 0;
  side->left_out = attempts == 0;
  if (verification->smtp_follows)
    g_set_str (&server->user, verification->account->imap.user);

  return attempts;
}

/* Taken for reading, refused for sending. */
static void
compare_with_imap (Side *side)
{
  if (is_refused (side) && side->verification->imap.done && side->verification->smtp_follows)
    side->error->code = PINION_ERROR_SENDING_DISABLED;
}

static DexFuture *
smtp_fiber (gpointer data)
{
  Side *side = data;
  Verification *verification = side->verification;
  const PinionAccount *account = verification->account;
  g_autoptr (PinionSmtpConnection) smtp = NULL;

  smtp = pinion_await_object (pinion_smtp_connect_with_permit (&account->smtp, verification->secret,
                                                               account->ca_pem, NULL, side->sink,
                                                               permit_sign_in, side),
                              &side->error);
  side->done = smtp != NULL;
  if (side->left_out)
    g_clear_error (&side->error);
  dex_promise_resolve_boolean (side->over, TRUE);

  if (smtp != NULL)
    pinion_await (pinion_smtp_connection_quit (smtp), NULL);
  compare_with_imap (side);
  tell_failure (side, &account->smtp);

  return dex_future_new_true ();
}

/* -- Both ----------------------------------------------------------------------------------- */

/* Returns: (transfer full) what the whole failed with */
static GError *
get_failure (Verification *verification)
{
  if (!is_wanted (verification))
    return pinion_error_new (PINION_ERROR_CANCELLED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                             "cancelled");

  return verification->imap.done ? g_steal_pointer (&verification->smtp.error)
                                 : g_steal_pointer (&verification->imap.error);
}

static DexFuture *
verify_fiber (gpointer data)
{
  Verification *verification = data;
  PinionAccount *account = verification->account;
  DexScheduler *scheduler = dex_scheduler_get_thread_default ();
  DexFuture *imap = pinion_fiber_spawn (scheduler, STACK_SIZE, imap_fiber, &verification->imap,
                                         NULL);
  DexFuture *smtp = pinion_fiber_spawn (scheduler, STACK_SIZE, smtp_fiber, &verification->smtp,
                                         NULL);

  pinion_await (imap, NULL);
  pinion_await (smtp, NULL);

  if (verification->imap.done && verification->smtp.done && is_wanted (verification))
    {
      if (verification->smtp_follows)
        g_set_str (&account->smtp.user, account->imap.user);
      dex_promise_resolve_boxed (verification->promise, PINION_TYPE_ACCOUNT,
                                 pinion_account_copy (account));
    }
  else
    dex_promise_reject (verification->promise, get_failure (verification));

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

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

static Verification *
verification_new (const PinionAccount *account,
                  PinionSecret        *secret,
                  gboolean             try_user_names,
                  PinionStageSink     *sink)
{
  Verification *self = g_new0 (Verification, 1);

  self->account = pinion_account_copy (account);
  self->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  self->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  /* A ticket has a name of its own. */
  self->try_user_names = try_user_names && pinion_account_needs_password (account);
  if (!self->try_user_names && is_empty (account->imap.user))
    g_set_str (&self->account->imap.user, account->email);
  self->smtp_follows = is_empty (account->smtp.user)
                       || g_strcmp0 (account->smtp.user, self->account->imap.user) == 0;

  self->promise = dex_promise_new_cancellable ();
  self->cancellable = g_object_ref (dex_promise_get_cancellable (self->promise));
  side_init (&self->imap, self, PINION_PROTOCOL_IMAP);
  side_init (&self->smtp, self, PINION_PROTOCOL_SMTP);

  return self;
}

static DexFuture *
start (Verification *verification)
{
  DexFuture *verified = DEX_FUTURE (dex_ref (verification->promise));

  dex_future_disown (pinion_fiber_spawn (dex_thread_pool_scheduler_get_default (), STACK_SIZE,
                                          verify_fiber, verification, verification_free));

  /* Only who waits for a promise can let go of it; the promise itself is the fiber's too. */
  return dex_future_first (verified, NULL);
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

  return start (verification_new (account, secret, try_user_names, sink));
}

DexFuture *
pinion_engine_verify_sparingly (const PinionAccount *account,
                                PinionSecret        *secret,
                                PinionStageSink     *sink)
{
  Verification *verification = verification_new (account, secret, FALSE, sink);

  verification->sparing = TRUE;

  return start (verification);
}
