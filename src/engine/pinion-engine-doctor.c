/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The doctor: what the store and the syncs find, in words of the engine. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-doctor.h"

/* Milliseconds between looks at whether another process is done, and how long it is waited for. */
#define LOOK_INTERVAL 200
#define PATIENCE (10 * 60 * G_USEC_PER_SEC)

G_DEFINE_BOXED_TYPE (PinionExamination,
                     pinion_examination,
                     pinion_examination_ref,
                     pinion_examination_unref)

static void
difference_free (gpointer data)
{
  PinionDifference *self = data;

  g_free (self->kind);
  g_free (self->label);
  g_free (self->text);
  g_free (self);
}

static void
examination_clear (gpointer data)
{
  PinionExamination *self = data;

  g_ptr_array_unref (self->differences);
  g_clear_error (&self->error);
}

PinionExamination *
pinion_examination_ref (PinionExamination *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_examination_unref (PinionExamination *self)
{
  g_atomic_rc_box_release_full (self, examination_clear);
}

/* -- Gathering ------------------------------------------------------------------------------ */

/* Differences on their way from the store's words to the engine's. */
typedef struct
{
  PinionExamination *examination;
  GPtrArray *found;
  gboolean examine;
} Gathering;

static void
take_difference (PinionStoreSession          *session,
                 PinionExamination           *examination,
                 const PinionStoreDifference *found)
{
  PinionDifference *difference = g_new0 (PinionDifference, 1);
  g_autoptr (PinionStoreFolder) folder
      = found->folder_id != 0 ? pinion_store_folder_get (session, found->folder_id) : NULL;

  difference->kind = g_strdup (found->kind);
  difference->account = found->account_id;
  difference->label = folder != NULL ? g_strdup (folder->path) : NULL;
  difference->message = found->message_id;
  difference->conversation = found->thread_id;
  difference->uid = found->uid;
  difference->text = g_strdup (found->text);
  g_ptr_array_add (examination->differences, difference);
}

static DexFuture *
gather (PinionStoreSession *session,
        gpointer            data)
{
  Gathering *gathering = data;
  PinionExamination *examination = gathering->examination;

  if (gathering->examine)
    {
      PinionStoreExamined examined = { 0 };

      pinion_store_examine (session, gathering->found, &examined);
      examination->messages = examined.messages;
      examination->files = examined.files;
      examination->pending = examined.pending;
      examination->failed = examined.failed;
    }

  for (guint i = 0; i < gathering->found->len; i++)
    take_difference (session, examination, g_ptr_array_index (gathering->found, i));

  return dex_future_new_true ();
}

static GPtrArray *
examine_account (PinionAccountItem *item,
                 GError           **error)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      GPtrArray *found = pinion_await_boxed (pinion_account_item_examine (item), &failure);

      if (found != NULL)
        return found;

      if (!pinion_error_is (failure, PINION_ERROR_BUSY)
          || g_strcmp0 (pinion_error_get_detail (failure, "watched"), "yes") == 0
          || g_get_monotonic_time () >= deadline)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      pinion_await (dex_timeout_new_msec (LOOK_INTERVAL), NULL);
    }
}

/* First the servers, whose syncs are kept out meanwhile, then the store as it is then. */
static gboolean
examine_servers (PinionEngine      *self,
                 PinionExamination *examination,
                 GError           **error)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      g_autoptr (GError) failure = NULL;
      g_autoptr (GPtrArray) found = examine_account (item, &failure);

      if (found == NULL)
        {
          if (examination->error == NULL)
            examination->error = g_steal_pointer (&failure);
          continue;
        }

      Gathering gathering = { examination, found, FALSE };
      if (!pinion_await (pinion_store_read (self->store, gather, &gathering, NULL), error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
examine_fiber (gpointer data)
{
  PinionEngine *self = data;
  GError *error = NULL;
  g_autoptr (PinionExamination) examination = g_atomic_rc_box_new0 (PinionExamination);
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_difference_free);
  Gathering gathering = { examination, found, TRUE };

  examination->differences = g_ptr_array_new_with_free_func (difference_free);
  if (!pinion_await (pinion_store_read (self->store, gather, &gathering, NULL), &error)
      || !examine_servers (self, examination, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_EXAMINATION, g_steal_pointer (&examination));
}

DexFuture *
pinion_engine_examine (PinionEngine *self)
{
  return pinion_fiber_spawn (NULL, 0, examine_fiber, g_object_ref (self), g_object_unref);
}
