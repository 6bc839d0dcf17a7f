/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-message.h"
#include "pinion-net.h"
#include "pinion-saved-search.h"
#include "pinion-store-drafts.h"
#include "pinion-store-snooze.h"

#include <glib/gi18n-lib.h>

/* Milliseconds in which changes of labels are gathered. */
#define RELOAD_DELAY 60

/* Seconds between looks for what another process wrote. */
#define POLL_INTERVAL 1

/* Seconds after which files of a draft that is not kept are of no use. */
#define DRAFT_FILES_AGE (24 * 60 * 60)

#define PARSER_THREADS 2
#define INDEXER_THREADS 1

enum
{
  SIGNAL_CHANGED,
  SIGNAL_STORE_CHANGED,
  SIGNAL_INDEXED,
  SIGNAL_OUTBOX_CHANGED,
  SIGNAL_MESSAGE_CHANGED,
  SIGNAL_ARRIVED,
  SIGNAL_OPERATION_FAILED,
  SIGNAL_DAY_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionEngine, pinion_engine, G_TYPE_OBJECT)

static PinionSyncResult *
sync_result_copy (const PinionSyncResult *self)
{
  return g_memdup2 (self, sizeof *self);
}

static PinionDone *
done_copy (const PinionDone *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (PinionSyncResult, pinion_sync_result, sync_result_copy, g_free)
G_DEFINE_BOXED_TYPE (PinionDone, pinion_done, done_copy, g_free)

static void
pinion_engine_dispose (GObject *object)
{
  PinionEngine *self = PINION_ENGINE (object);

  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->index_source, g_source_remove);
  dex_clear (&self->indexing);
  g_clear_object (&self->search);
  if (self->store != NULL && self->subscription != 0)
    pinion_store_unsubscribe (self->store, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->accounts);
  g_clear_object (&self->labels);
  g_clear_object (&self->sections);
  g_clear_object (&self->saved_searches);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (pinion_engine_parent_class)->dispose (object);
}

static void
pinion_engine_finalize (GObject *object)
{
  PinionEngine *self = PINION_ENGINE (object);

  g_hash_table_unref (self->labels_by_id);
  g_clear_pointer (&self->snoozed, g_array_unref);
  g_hash_table_unref (self->hopeless_drafts);
  g_free (self->zone);
  g_clear_pointer (&self->parser, pinion_worker_free);
  g_clear_pointer (&self->indexer, pinion_worker_free);

  G_OBJECT_CLASS (pinion_engine_parent_class)->finalize (object);
}

static void
pinion_engine_class_init (PinionEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pinion_engine_dispose;
  object_class->finalize = pinion_engine_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STORE_CHANGED]
      = g_signal_new ("store-changed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, PINION_TYPE_STORE_CHANGES);
  signals[SIGNAL_INDEXED] = g_signal_new ("indexed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_OUTBOX_CHANGED]
      = g_signal_new ("outbox-changed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE_CHANGED]
      = g_signal_new ("message-changed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_ARRIVED]
      = g_signal_new ("arrived", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[SIGNAL_OPERATION_FAILED]
      = g_signal_new ("operation-failed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_DAY_CHANGED]
      = g_signal_new ("day-changed", PINION_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 0);
}

static void
pinion_engine_init (PinionEngine *self)
{
  self->snooze_due = G_MAXINT64;
  self->drafts_due = G_MAXINT64;
  self->hopeless_drafts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->accounts = g_list_store_new (PINION_TYPE_ACCOUNT_ITEM);
  self->labels = g_list_store_new (PINION_TYPE_LABEL);
  self->sections = g_list_store_new (PINION_TYPE_SECTION);
  self->saved_searches = g_list_store_new (PINION_TYPE_SAVED_SEARCH);
  self->labels_by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->parser = pinion_worker_new ("pinion-mime", PARSER_THREADS);
  self->indexer = pinion_worker_new_background ("pinion-index", INDEXER_THREADS);
}

/* -- Changes -------------------------------------------------------------------------------- */

static gboolean
on_reload_due (gpointer data)
{
  PinionEngine *self = data;

  self->reload_source = 0;
  dex_future_disown (pinion_engine_reload (self));

  return G_SOURCE_REMOVE;
}

static DexFuture *
on_refused_taken (DexFuture *completed,
                  gpointer   user_data)
{
  PinionEngine *self = user_data;
  GPtrArray *refused = g_value_get_boxed (dex_future_get_value (completed, NULL));

  for (guint i = 0; i < refused->len; i++)
    {
      const PinionPending *item = g_ptr_array_index (refused, i);
      g_autofree char *words = g_strdup_printf (
          _("The server refused a change to “%s”. It is as it was before."),
          item->subject != NULL && *item->subject != '\0' ? item->subject : _("(no subject)"));

      g_signal_emit (self, signals[SIGNAL_OPERATION_FAILED], 0, words);
    }

  return dex_future_new_true ();
}

static void
take_changes (PinionEngine       *self,
              PinionStoreChanges *changes)
{
  g_signal_emit (self, signals[SIGNAL_STORE_CHANGED], 0, changes);

  for (guint i = 0; i < changes->messages->len; i++)
    g_signal_emit (self, signals[SIGNAL_MESSAGE_CHANGED], 0,
                   g_array_index (changes->messages, gint64, i));

  if (changes->arrived->len > 0)
    g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, changes->arrived);
  if (changes->outbox || changes->everything)
    g_signal_emit (self, signals[SIGNAL_OUTBOX_CHANGED], 0);
  if (self->running && (changes->threads->len > 0 || changes->everything))
    pinion_engine_index_changed (self);
  if (changes->operations || changes->outbox || changes->everything)
    pinion_engine_wake (self, 0, PINION_SYNC_WAKE_JOURNAL);
  if (changes->operations && self->running)
    dex_future_disown (dex_future_then (pinion_engine_take_refused (self), on_refused_taken,
                                        g_object_ref (self), g_object_unref));
  if (self->reload_source == 0)
    self->reload_source = g_timeout_add (RELOAD_DELAY, on_reload_due, self);
}

typedef struct
{
  GWeakRef engine;
} Subscriber;

typedef struct
{
  PinionEngine *engine;
  PinionStoreChanges *changes;
} Told;

static void
subscriber_free (gpointer data)
{
  Subscriber *subscriber = data;

  g_weak_ref_clear (&subscriber->engine);
  g_free (subscriber);
}

static void
told_free (gpointer data)
{
  Told *told = data;

  g_object_unref (told->engine);
  pinion_store_changes_unref (told->changes);
  g_free (told);
}

static gboolean
on_changes_told (gpointer data)
{
  Told *told = data;

  if (!told->engine->closed && told->engine->store != NULL)
    take_changes (told->engine, told->changes);

  return G_SOURCE_REMOVE;
}

/* On the writer's thread. */
static void
on_changes (PinionStore        *store,
            PinionStoreChanges *changes,
            gpointer            user_data)
{
  Subscriber *subscriber = user_data;
  PinionEngine *engine = g_weak_ref_get (&subscriber->engine);

  if (engine == NULL)
    return;

  Told *told = g_new0 (Told, 1);
  told->engine = engine;
  told->changes = pinion_store_changes_ref (changes);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_changes_told, told, told_free);
}

static void
subscribe (PinionEngine *self)
{
  Subscriber *subscriber = g_new0 (Subscriber, 1);

  g_weak_ref_init (&subscriber->engine, self);
  self->subscription = pinion_store_subscribe (self->store, on_changes, subscriber,
                                               subscriber_free);
}

/* -- Accounts and labels -------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  GPtrArray *accounts;
  GPtrArray *folders;
  GPtrArray *sections;
  GPtrArray *searches;
  GArray *snoozed;
  gint64 due;
  GArray *stale;
} Contents;

static void
contents_free (gpointer data)
{
  Contents *contents = data;

  g_object_unref (contents->engine);
  g_clear_pointer (&contents->accounts, g_ptr_array_unref);
  g_clear_pointer (&contents->folders, g_ptr_array_unref);
  g_clear_pointer (&contents->sections, g_ptr_array_unref);
  g_clear_pointer (&contents->searches, g_ptr_array_unref);
  g_clear_pointer (&contents->snoozed, g_array_unref);
  g_clear_pointer (&contents->stale, g_array_unref);
  g_free (contents);
}

static DexFuture *
read_contents (PinionStoreSession *session,
               gpointer            data)
{
  Contents *contents = data;

  contents->accounts = pinion_store_accounts_list (session);
  contents->folders = pinion_store_folders_list (session, 0);
  contents->sections = pinion_store_sections_list (session);
  contents->searches = pinion_store_saved_searches_list (session);
  contents->snoozed = pinion_store_snoozed_list (session, &contents->due);
  contents->stale = pinion_store_drafts_stale (session);

  return dex_future_new_true ();
}

static gboolean
is_listed (GPtrArray         *accounts,
           PinionAccountItem *item)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      if (account->id == pinion_account_item_get_id (item))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
on_stopped (DexFuture *completed,
            gpointer   user_data)
{
  pinion_account_item_start_again (user_data);

  return NULL;
}

/* Perhaps changed by another process; a sync takes its settings when it begins, so that it begins
 * anew. One that waits for another password has something to try where it was changed. */
static void
take_account (PinionAccountItem   *known,
              const PinionAccount *account)
{
  const PinionAccount *before = pinion_account_item_get_account (known);
  gboolean servers = !pinion_server_equal (&before->imap, &account->imap)
                     || !pinion_server_equal (&before->smtp, &account->smtp)
                     || (before->refused && !account->refused);
  gboolean history = before->history != account->history;
  gboolean waits = pinion_account_item_is_running (known)
                   || pinion_account_item_is_refused (known);

  pinion_account_item_set_account (known, account);
  if (servers)
    pinion_account_item_forget_secret (known);
  if ((servers || history) && waits)
    dex_future_disown (dex_future_finally (pinion_account_item_stop (known), on_stopped,
                                           g_object_ref (known), g_object_unref));
}

/* Moves only what stands elsewhere. */
static void
order_accounts (PinionEngine *self,
                GPtrArray    *accounts)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      g_autoptr (PinionAccountItem) there
          = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      PinionAccountItem *item = pinion_engine_find_account (self, account->id);
      guint position;

      if (item == there || !g_list_store_find (self->accounts, item, &position))
        continue;

      g_object_ref (item);
      g_list_store_remove (self->accounts, position);
      g_list_store_insert (self->accounts, i, item);
      g_object_unref (item);
    }
}

static void
take_accounts (PinionEngine *self,
               GPtrArray    *accounts)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i > 0; i--)
    {
      g_autoptr (PinionAccountItem) item
          = g_list_model_get_item (G_LIST_MODEL (self->accounts), i - 1);

      if (!is_listed (accounts, item))
        {
          dex_future_disown (pinion_account_item_stop (item));
          g_list_store_remove (self->accounts, i - 1);
        }
    }

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      PinionAccountItem *known = pinion_engine_find_account (self, account->id);

      if (known != NULL)
        {
          take_account (known, account);
          continue;
        }

      g_autoptr (PinionAccountItem) item = pinion_account_item_new (self, account);
      g_list_store_append (self->accounts, item);
      if (self->running)
        pinion_account_item_start (item);
    }

  order_accounts (self, accounts);
}

static gboolean
same_order (PinionEngine *self,
            GPtrArray    *folders)
{
  GListModel *model = G_LIST_MODEL (self->labels);

  if (g_list_model_get_n_items (model) != folders->len)
    return FALSE;

  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (model, i);
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);

      if (pinion_label_get_id (label) != folder->id)
        return FALSE;
    }

  return TRUE;
}

static void
take_folders (PinionEngine *self,
              GPtrArray    *folders)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same = same_order (self, folders);

  for (guint i = 0; i < folders->len; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);
      PinionLabel *label = g_hash_table_lookup (self->labels_by_id, &folder->id);

      if (label != NULL)
        {
          pinion_label_update (label, folder);
          g_object_ref (label);
        }
      else
        {
          label = pinion_label_new (folder);
        }
      g_ptr_array_add (labels, label);
    }

  if (same)
    return;

  g_hash_table_remove_all (self->labels_by_id);
  g_list_store_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)),
                       labels->pdata, labels->len);
  for (guint i = 0; i < folders->len; i++)
    {
      PinionLabel *label = g_ptr_array_index (labels, i);
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);
      gint64 *key = g_object_get_data (G_OBJECT (label), "id-key");

      if (key == NULL)
        {
          key = g_memdup2 (&folder->id, sizeof folder->id);
          g_object_set_data_full (G_OBJECT (label), "id-key", key, g_free);
        }
      g_hash_table_insert (self->labels_by_id, key, label);
    }
}

static DexFuture *
reload_fiber (gpointer data)
{
  Contents *contents = data;
  PinionEngine *self = contents->engine;
  GError *error = NULL;

  if (self->store == NULL)
    return dex_future_new_true ();
  if (!pinion_await (pinion_store_read (self->store, read_contents, contents, NULL), &error))
    return dex_future_new_for_error (error);
  if (self->accounts == NULL)
    return dex_future_new_true ();

  take_accounts (self, contents->accounts);
  pinion_engine_take_sections (self, contents->sections);
  pinion_engine_take_saved_searches (self, contents->searches);
  take_folders (self, contents->folders);
  pinion_engine_take_snoozed (self, contents->snoozed, contents->due);
  pinion_engine_take_stale (self, contents->stale);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_reload (PinionEngine *self)
{
  Contents *contents = g_new0 (Contents, 1);

  contents->engine = g_object_ref (self);

  return pinion_fiber_spawn (NULL, 0, reload_fiber, contents, contents_free);
}

GListModel *
pinion_engine_get_accounts (PinionEngine *self)
{
  return G_LIST_MODEL (self->accounts);
}

GListModel *
pinion_engine_get_labels (PinionEngine *self)
{
  return G_LIST_MODEL (self->labels);
}

PinionLabel *
pinion_engine_find_label (PinionEngine *self,
                          gint64        id)
{
  return g_hash_table_lookup (self->labels_by_id, &id);
}

PinionLabel *
pinion_engine_find_role (PinionEngine *self,
                         gint64        account,
                         PinionRole    role)
{
  GListModel *model = G_LIST_MODEL (self->labels);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (model, i);

      if (pinion_label_get_role (label) == role
          && (account == 0 || pinion_label_get_account (label) == account))
        return label;
    }

  return NULL;
}

PinionLabel *
pinion_engine_find_path (PinionEngine *self,
                         gint64        account,
                         const char   *path)
{
  GListModel *model = G_LIST_MODEL (self->labels);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (model, i);

      if (pinion_label_get_account (label) == account
          && g_strcmp0 (pinion_label_get_path (label), path) == 0)
        return label;
    }

  return NULL;
}

PinionAccountItem *
pinion_engine_find_account (PinionEngine *self,
                            gint64        id)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);

      if (pinion_account_item_get_id (item) == id)
        return item;
    }

  return NULL;
}

/* -- Life ----------------------------------------------------------------------------------- */

void
pinion_engine_expect_connection (void)
{
  dex_unref (pinion_net_prepare ());
}

char *
pinion_engine_dup_default_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "pinion", NULL);
}

static DexFuture *
open_fiber (gpointer data)
{
  const char *directory = data;
  GError *error = NULL;
  g_autoptr (PinionEngine) self = g_object_new (PINION_TYPE_ENGINE, NULL);

  self->store = pinion_await_object (pinion_store_open (directory), &error);
  if (self->store == NULL)
    return dex_future_new_for_error (error);

  self->search = pinion_store_search_new (self->store);
  subscribe (self);
  if (!pinion_await (pinion_engine_reload (self), &error)
      || !pinion_await (pinion_engine_wake_snoozed (self), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (g_steal_pointer (&self));
}

DexFuture *
pinion_engine_open (const char *directory)
{
  pinion_mime_init ();

  return pinion_fiber_spawn (NULL, 0, open_fiber, g_strdup (directory), g_free);
}

void
pinion_engine_notice_day (PinionEngine *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int day = g_date_time_get_year (now) * 1000 + g_date_time_get_day_of_year (now);
  gboolean is_first = self->zone == NULL;
  gboolean is_other
      = g_set_str (&self->zone, g_time_zone_get_identifier (g_date_time_get_timezone (now)));

  is_other |= day != self->day;
  self->day = day;
  if (is_other && !is_first)
    g_signal_emit (self, signals[SIGNAL_DAY_CHANGED], 0);
}

static gboolean
on_poll_due (gpointer data)
{
  PinionEngine *self = data;

  dex_future_disown (pinion_store_poll_external (self->store));
  pinion_engine_notice_sleep (self);
  pinion_engine_notice_day (self);
  dex_future_disown (pinion_engine_wake_snoozed (self));
  pinion_engine_copy_due_drafts (self);

  return G_SOURCE_CONTINUE;
}

void
pinion_engine_start (PinionEngine *self)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  if (self->running)
    return;

  self->running = TRUE;
  pinion_engine_notice_day (self);
  self->poll_source = g_timeout_add_seconds (POLL_INTERVAL, on_poll_due, self);
  pinion_engine_watch_network (self);
  pinion_engine_index_changed (self);
  dex_future_disown (pinion_engine_sweep_draft_files (self, DRAFT_FILES_AGE));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      pinion_account_item_start (item);
    }
}

static DexFuture *
write_nothing (PinionStoreSession *session,
               gpointer            data)
{
  return dex_future_new_true ();
}

static DexFuture *
close_fiber (gpointer data)
{
  PinionEngine *self = data;
  g_autoptr (GPtrArray) ends = g_ptr_array_new_with_free_func (dex_unref);
  GListModel *model = G_LIST_MODEL (self->accounts);

  self->running = FALSE;
  self->closed = TRUE;
  self->index_stopped = TRUE;
  g_clear_handle_id (&self->index_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->reload_source, g_source_remove);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      g_ptr_array_add (ends, pinion_account_item_stop (item));
    }
  for (guint i = 0; i < ends->len; i++)
    pinion_await (dex_ref (g_ptr_array_index (ends, i)), NULL);
  if (self->indexing != NULL)
    pinion_await (dex_ref (self->indexing), NULL);

  /* What was done is seen at once, but still on its way to the disk: writing keeps its order. */
  pinion_await (pinion_store_write (self->store, write_nothing, NULL, NULL), NULL);

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_close (PinionEngine *self)
{
  return pinion_fiber_spawn (NULL, 0, close_fiber, g_object_ref (self), g_object_unref);
}

void
pinion_engine_wake (PinionEngine  *self,
                    gint64         account,
                    PinionSyncWake why)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      PinionSync *sync = pinion_account_item_get_sync (item);

      if (sync != NULL && (account == 0 || pinion_account_item_get_id (item) == account)
          && !pinion_error_is (pinion_account_item_get_error (item), PINION_ERROR_SIGN_IN_REFUSED))
        pinion_sync_wake (sync, why);
    }
}

void
pinion_engine_sync_now (PinionEngine *self)
{
  pinion_engine_wake (self, 0, PINION_SYNC_WAKE_SERVER);
}

void
pinion_engine_set_secret (PinionEngine *self,
                          gint64        account,
                          PinionSecret *secret)
{
  PinionAccountItem *item = pinion_engine_find_account (self, account);

  if (item != NULL)
    pinion_account_item_set_secret (item, secret);
}
