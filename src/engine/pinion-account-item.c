/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
/* How much newer figures count for the time left. */
#define RATE_WINDOW 10.0

/* Seconds without the server after which it is away.  Tests have less time. */
#define AWAY_SECONDS (30 * 60)
#define AWAY_VARIABLE "PINION_TEST_AWAY_SECONDS"

struct _PinionAccountItem
{
  GObject parent_instance;

  PinionEngine *engine; /* borrowed: the engine owns its items */
  PinionAccount *account;
  PinionSecret *secret;
  gboolean secret_is_given; /* by the person, not by the keyring */
  gboolean is_looking_up;
  PinionSync *sync;
  DexFuture *ended;
  PinionSyncState state;
  GError *error;
  guint away_source;
  gboolean away;
  char *label;
  guint done;
  guint total;
  gboolean is_listing;
  gint64 rate_since;
  guint rate_done;
  double rate;
  PinionProgressFunc progress;
  gpointer progress_data;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_ACCOUNT,
  PROP_STATE,
  PROP_AWAY,
  PROP_LABEL,
  PROP_DONE,
  PROP_TOTAL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PinionAccountItem, pinion_account_item, G_TYPE_OBJECT)

static void
pinion_account_item_dispose (GObject *object)
{
  g_clear_handle_id (&PINION_ACCOUNT_ITEM (object)->away_source, g_source_remove);

  G_OBJECT_CLASS (pinion_account_item_parent_class)->dispose (object);
}

static void
pinion_account_item_finalize (GObject *object)
{
  PinionAccountItem *self = PINION_ACCOUNT_ITEM (object);

  g_clear_pointer (&self->account, pinion_account_free);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_clear_object (&self->sync);
  dex_clear (&self->ended);
  g_clear_error (&self->error);
  g_free (self->label);

  G_OBJECT_CLASS (pinion_account_item_parent_class)->finalize (object);
}

static void
pinion_account_item_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PinionAccountItem *self = PINION_ACCOUNT_ITEM (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->account->id);
      break;
    case PROP_ACCOUNT:
      g_value_set_boxed (value, self->account);
      break;
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_AWAY:
      g_value_set_boolean (value, self->away);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_DONE:
      g_value_set_uint (value, self->done);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pinion_account_item_class_init (PinionAccountItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = pinion_account_item_dispose;
  object_class->finalize = pinion_account_item_finalize;
  object_class->get_property = pinion_account_item_get_property;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ACCOUNT]
      = g_param_spec_boxed ("account", NULL, NULL, PINION_TYPE_ACCOUNT, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_AWAY] = g_param_spec_boolean ("away", NULL, NULL, FALSE, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_DONE] = g_param_spec_uint ("done", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_account_item_init (PinionAccountItem *self)
{
}

/* With a ticket there is no password; an empty one stands for it, so that none is looked for. */
static void
settle_secret (PinionAccountItem *self)
{
  gboolean needed = pinion_account_needs_password (self->account);

  if (needed && self->secret != NULL && *pinion_secret_peek (self->secret) == '\0')
    g_clear_pointer (&self->secret, pinion_secret_unref);
  else if (!needed && self->secret == NULL)
    self->secret = pinion_secret_new ("");
}

PinionAccountItem *
pinion_account_item_new (PinionEngine        *engine,
                         const PinionAccount *account)
{
  PinionAccountItem *self = g_object_new (PINION_TYPE_ACCOUNT_ITEM, NULL);

  self->engine = engine;
  self->account = pinion_account_copy (account);
  settle_secret (self);

  return self;
}

void
pinion_account_item_set_account (PinionAccountItem   *self,
                                 const PinionAccount *account)
{
  if (pinion_account_equal (self->account, account))
    return;

  g_clear_pointer (&self->account, pinion_account_free);
  self->account = pinion_account_copy (account);
  settle_secret (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
}

void
pinion_account_item_set_secret (PinionAccountItem *self,
                                PinionSecret      *secret)
{
  g_clear_pointer (&self->secret, pinion_secret_unref);
  self->secret = pinion_secret_ref (secret);
  self->secret_is_given = TRUE;
  if (self->sync != NULL)
    pinion_sync_set_secret (self->sync, secret);
}

void
pinion_account_item_note_kept (PinionAccountItem *self)
{
  self->secret_is_given = FALSE;
}

void
pinion_account_item_forget_secret (PinionAccountItem *self)
{
  if (self->secret_is_given)
    return;

  g_clear_pointer (&self->secret, pinion_secret_unref);
  settle_secret (self);
}

gboolean
pinion_account_item_is_refused (PinionAccountItem *self)
{
  return self->account->refused && !self->secret_is_given;
}

PinionSecret *
pinion_account_item_get_secret (PinionAccountItem *self)
{
  return self->secret;
}

gint64
pinion_account_item_get_id (PinionAccountItem *self)
{
  return self->account->id;
}

const PinionAccount *
pinion_account_item_get_account (PinionAccountItem *self)
{
  return self->account;
}

PinionSyncState
pinion_account_item_get_state (PinionAccountItem *self)
{
  return self->state;
}

const GError *
pinion_account_item_get_error (PinionAccountItem *self)
{
  return self->error;
}

gboolean
pinion_account_item_get_away (PinionAccountItem *self)
{
  return self->away;
}

guint
pinion_account_item_get_done (PinionAccountItem *self)
{
  return self->done;
}

guint
pinion_account_item_get_total (PinionAccountItem *self)
{
  return self->total;
}

gboolean
pinion_account_item_get_is_listing (PinionAccountItem *self)
{
  return self->is_listing;
}

guint
pinion_account_item_get_seconds_left (PinionAccountItem *self)
{
  if (self->is_listing || self->rate <= 0.0 || self->total <= self->done)
    return 0;

  return (guint) MIN ((self->total - self->done) / self->rate, 86400.0);
}

PinionSync *
pinion_account_item_get_sync (PinionAccountItem *self)
{
  return self->sync;
}

gboolean
pinion_account_item_is_running (PinionAccountItem *self)
{
  return self->sync != NULL;
}

/* -- Away ----------------------------------------------------------------------------------- */

static void
set_away (PinionAccountItem *self,
          gboolean           away)
{
  if (self->away == away)
    return;

  self->away = away;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AWAY]);
}

static gboolean
on_away (gpointer data)
{
  PinionAccountItem *self = data;

  self->away_source = 0;
  set_away (self, TRUE);

  return G_SOURCE_REMOVE;
}

static guint
get_away_seconds (void)
{
  const char *text = g_getenv (AWAY_VARIABLE);

  return text != NULL ? (guint) CLAMP (g_ascii_strtoull (text, NULL, 10), 1, AWAY_SECONDS)
                      : AWAY_SECONDS;
}

/* Time while the computer sleeps does not count: the source's clock stands still then. */
static void
note_reach (PinionAccountItem *self)
{
  gboolean trying = self->state == PINION_SYNC_CONNECTING || self->state == PINION_SYNC_OFFLINE;

  if (!trying)
    {
      g_clear_handle_id (&self->away_source, g_source_remove);
      set_away (self, FALSE);
    }
  else if (!self->away && self->away_source == 0)
    {
      self->away_source = g_timeout_add_seconds (get_away_seconds (), on_away, self);
    }
}

/* -- What the sync tells -------------------------------------------------------------------- */

typedef struct
{
  GWeakRef item;
} Observer;

typedef struct
{
  PinionAccountItem *item;
  PinionSyncStatus *status;
} Told;

static void
observer_free (gpointer data)
{
  Observer *observer = data;

  g_weak_ref_clear (&observer->item);
  g_free (observer);
}

static void
told_free (gpointer data)
{
  Told *told = data;

  g_object_unref (told->item);
  pinion_sync_status_free (told->status);
  g_free (told);
}

static void
note_rate (PinionAccountItem *self,
           guint              done)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - self->rate_since) / G_USEC_PER_SEC;

  if (self->rate_since == 0 || done < self->rate_done || seconds > 3 * RATE_WINDOW)
    {
      self->rate_since = now;
      self->rate_done = done;
      self->rate = 0.0;
    }
  else if (seconds >= 1.0)
    {
      double rate = (done - self->rate_done) / seconds;
      double weight = MIN (1.0, seconds / RATE_WINDOW);

      self->rate = self->rate <= 0.0 ? rate : self->rate * (1.0 - weight) + rate * weight;
      self->rate_since = now;
      self->rate_done = done;
    }
}

/* A directory locks an account after a few of them, so that it is not tried again at the next start
 * either.  A password that is right now proves that it was the server's mistake. */
static void
note_refusal (PinionAccountItem *self)
{
  gboolean works = self->state == PINION_SYNC_IDLE || self->state == PINION_SYNC_SYNCING;
  gboolean refused = self->state == PINION_SYNC_FAILED
                     && pinion_error_is (self->error, PINION_ERROR_SIGN_IN_REFUSED);

  if ((refused || works) && self->account->refused != refused)
    {
      self->account->refused = refused;
      pinion_engine_note_refusal (self->engine, self->account->id, refused);
    }
}

static void
take_status (PinionAccountItem *self,
             PinionSyncStatus  *status)
{
  static const PinionSyncState states[] = {
    [PINION_SYNC_PHASE_IDLE] = PINION_SYNC_IDLE,
    [PINION_SYNC_PHASE_CONNECTING] = PINION_SYNC_CONNECTING,
    [PINION_SYNC_PHASE_WORKING] = PINION_SYNC_SYNCING,
    [PINION_SYNC_PHASE_OFFLINE] = PINION_SYNC_OFFLINE,
    [PINION_SYNC_PHASE_FAILED] = PINION_SYNC_FAILED,
  };

  if (self->is_listing != status->listing)
    self->rate_since = 0;
  self->is_listing = status->listing;
  note_rate (self, status->done);
  self->state = states[status->phase];
  self->done = status->done;
  self->total = status->total;
  g_set_str (&self->label, status->label);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&status->error);
  note_reach (self);
  note_refusal (self);
}

static gboolean
on_status_told (gpointer data)
{
  Told *told = data;
  PinionAccountItem *self = told->item;

  /* What was told before the pause. */
  if (self->state == PINION_SYNC_PAUSED && self->engine->paused)
    return G_SOURCE_REMOVE;
  /* It is only on its way from the keyring. */
  if (self->is_looking_up
      && pinion_error_is (told->status->error, PINION_ERROR_PASSWORD_MISSING))
    return G_SOURCE_REMOVE;

  take_status (self, told->status);
  if (self->progress != NULL && self->state == PINION_SYNC_SYNCING)
    self->progress (self->label, self->done, self->total, self->progress_data);

  for (guint i = PROP_STATE; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  return G_SOURCE_REMOVE;
}

/* On the sync's thread. */
static void
on_status (const PinionSyncStatus *status,
           gpointer                user_data)
{
  Observer *observer = user_data;
  PinionAccountItem *item = g_weak_ref_get (&observer->item);

  if (item == NULL)
    return;

  Told *told = g_new0 (Told, 1);
  told->item = item;
  told->status = pinion_sync_status_copy (status);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_status_told, told, told_free);
}

static PinionSync *
make_sync (PinionAccountItem *self)
{
  Observer *observer = g_new0 (Observer, 1);

  g_weak_ref_init (&observer->item, self);

  return pinion_sync_new (self->engine->store, self->engine->parser, self->account, self->secret,
                          on_status, observer, observer_free);
}

/* -- Passwords ------------------------------------------------------------------------------ */

static DexFuture *
keep_secret (DexFuture *completed,
             gpointer   user_data)
{
  PinionAccountItem *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  if (value != NULL)
    {
      g_clear_pointer (&self->secret, pinion_secret_unref);
      self->secret = g_value_dup_boxed (value);
      self->secret_is_given = FALSE;
    }

  return dex_ref (completed);
}

DexFuture *
pinion_account_item_find_secret (PinionAccountItem *self)
{
  if (self->secret != NULL)
    return dex_future_new_take_boxed (PINION_TYPE_SECRET, pinion_secret_ref (self->secret));

  return dex_future_then (pinion_secret_lookup (self->account->uuid), keep_secret,
                          g_object_ref (self), g_object_unref);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
set_state (PinionAccountItem *self,
           PinionSyncState    state)
{
  self->state = state;
  note_reach (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static GError *
new_refusal (PinionAccountItem *self)
{
  GError *error = pinion_error_new (PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_IMAP,
                                    PINION_STAGE_SIGN_IN, "the kept password was refused before");

  pinion_error_set_detail (error, "host", self->account->imap.host);
  pinion_error_set_detail (error, "user", self->account->imap.user);

  return error;
}

static DexFuture *
on_secret_looked_up (DexFuture *completed,
                     gpointer   user_data)
{
  PinionAccountItem *self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_looking_up = FALSE;
  if (self->sync == NULL)
    return NULL;

  /* Without a password the sync says so itself, unless the keyring knows better. */
  if (dex_future_get_value (completed, &error) == NULL)
    {
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
      set_state (self, PINION_SYNC_FAILED);
      return NULL;
    }

  pinion_sync_set_secret (self->sync, self->secret);
  return NULL;
}

void
pinion_account_item_start (PinionAccountItem *self)
{
  if (self->sync != NULL)
    return;
  if (self->engine->paused)
    {
      set_state (self, PINION_SYNC_PAUSED);
      return;
    }
  if (pinion_account_item_is_refused (self))
    {
      g_clear_error (&self->error);
      self->error = new_refusal (self);
      set_state (self, PINION_SYNC_FAILED);
      return;
    }

  self->sync = make_sync (self);
  pinion_sync_set_thrifty (self->sync, pinion_engine_is_thrifty (self->engine));
  self->ended = pinion_sync_watch (self->sync);

  self->is_looking_up = self->secret == NULL;
  if (self->is_looking_up)
    dex_future_disown (dex_future_finally (pinion_account_item_find_secret (self),
                                           on_secret_looked_up, g_object_ref (self),
                                           g_object_unref));
}

void
pinion_account_item_start_again (PinionAccountItem *self)
{
  if (self->engine->running && !self->engine->closed
      && pinion_engine_find_account (self->engine, self->account->id) == self)
    pinion_account_item_start (self);
}

static DexFuture *
on_ended (DexFuture *completed,
          gpointer   user_data)
{
  return dex_future_new_true ();
}

DexFuture *
pinion_account_item_stop (PinionAccountItem *self)
{
  if (self->sync == NULL)
    return dex_future_new_true ();

  pinion_sync_stop (self->sync);
  g_clear_object (&self->sync);

  return dex_future_finally (g_steal_pointer (&self->ended), on_ended, g_object_ref (self),
                             g_object_unref);
}

void
pinion_account_item_pause (PinionAccountItem *self)
{
  dex_future_disown (pinion_account_item_stop (self));
  g_clear_error (&self->error);
  set_state (self, PINION_SYNC_PAUSED);
}

typedef struct
{
  PinionAccountItem *item;
  PinionSyncWork work;
  gint64 message;
} Once;

static void
once_free (gpointer data)
{
  Once *once = data;

  g_object_unref (once->item);
  g_free (once);
}

static DexFuture *
once_fiber (gpointer data)
{
  Once *once = data;
  GError *error = NULL;

  if (once->message != 0 && pinion_account_item_is_refused (once->item))
    return dex_future_new_for_error (new_refusal (once->item));

  g_autoptr (PinionSecret) secret
      = pinion_await_boxed (pinion_account_item_find_secret (once->item), &error);

  if (secret == NULL)
    return dex_future_new_for_error (error);

  g_autoptr (PinionSync) sync = make_sync (once->item);
  if (once->message != 0)
    pinion_sync_want_body (sync, once->message);
  PinionSyncCounts *counts = pinion_await_boxed (pinion_sync_run_once (sync, once->work), &error);
  if (counts == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_SYNC_COUNTS, counts);
}

DexFuture *
pinion_account_item_run_once (PinionAccountItem *self,
                              PinionSyncWork     work,
                              PinionProgressFunc progress,
                              gpointer           user_data)
{
  Once *once = g_new0 (Once, 1);

  self->progress = progress;
  self->progress_data = user_data;
  once->item = g_object_ref (self);
  once->work = work;

  return pinion_fiber_spawn (NULL, 0, once_fiber, once, once_free);
}

DexFuture *
pinion_account_item_fetch_body (PinionAccountItem *self,
                                gint64             message)
{
  Once *once = g_new0 (Once, 1);

  once->item = g_object_ref (self);
  once->message = message;

  return pinion_fiber_spawn (NULL, 0, once_fiber, once, once_free);
}

static DexFuture *
examine_fiber (gpointer data)
{
  PinionAccountItem *self = data;
  GError *error = NULL;
  g_autoptr (PinionSecret) secret = pinion_await_boxed (pinion_account_item_find_secret (self),
                                                        &error);

  if (secret == NULL)
    return dex_future_new_for_error (error);

  g_autoptr (PinionSync) sync = make_sync (self);
  GPtrArray *found = pinion_await_boxed (pinion_sync_examine (sync), &error);
  if (found == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, found);
}

DexFuture *
pinion_account_item_examine (PinionAccountItem *self)
{
  return pinion_fiber_spawn (NULL, 0, examine_fiber, g_object_ref (self), g_object_unref);
}
