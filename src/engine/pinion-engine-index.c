/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeping the search index: what the store says is to be indexed is read and parsed on a thread of
 * its own, a few messages at a time, and handed to the index. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-message.h"

#include <string.h>

/* Milliseconds in which changes are gathered before they are indexed. */
#define DELAY 300

/* Milliseconds until what waits for its body or what another process indexes is looked at again;
 * twice as many after each failure, so that a full disk is not tried in vain all day. */
#define RETRY_DELAY 5000
#define MAX_DOUBLINGS 6

/* How often somebody looks who waits for all of it, and how long. */
#define LOOK_INTERVAL 100
#define PATIENCE (10 * 60 * G_USEC_PER_SEC)

/* Microseconds after which "indexed" tells what has been indexed so far. */
#define TELL_INTERVAL (2 * G_USEC_PER_SEC)

#define DOCUMENTS_AT_ONCE 4000

/* Of one transaction, while which the next messages are read. */
#define MOST_DOCUMENTS 400
#define MOST_BYTES (4 * 1024 * 1024)

/* Of one header of people. */
#define MAX_PEOPLE 100

typedef struct
{
  PinionEngine *engine;
  PinionStoreSearch *search;
  GPtrArray *documents;
  guint next;
  gint64 told;
} Round;

/* -- Reading a message, on the index's thread ----------------------------------------------- */

static char *
dup_people (GPtrArray *addresses)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (addresses->len, MAX_PEOPLE); i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (addresses, i);

      g_string_append_printf (text, "%s %s\n", address->name != NULL ? address->name : "",
                              address->address);
    }

  return g_string_free (text, FALSE);
}

static void
take_string (char **place,
             char  *text)
{
  g_free (*place);
  *place = text;
}

static void
remember_people (PinionStoreDocument *document,
                 GPtrArray           *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (addresses, i);

      pinion_store_document_add_person (document, address->name, address->address);
    }
}

/* What the header says in full; the store keeps only what a list shows. */
static void
take_people (PinionStoreDocument     *document,
             const PinionMimeMessage *mime)
{
  take_string (&document->recipients, dup_people (mime->to));
  document->copies = dup_people (mime->cc);
  document->blind = dup_people (mime->bcc);
  if (mime->from->len > 0)
    take_string (&document->sender, dup_people (mime->from));

  g_ptr_array_set_size (document->people, 0);
  remember_people (document, mime->from);
  remember_people (document, mime->to);
  remember_people (document, mime->cc);
}

static char *
dup_file_names (const PinionMimeMessage *mime)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < mime->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (mime->parts, i);

      if (part->file_name != NULL && part->is_attachment)
        g_string_append_printf (names, "%s\n", part->file_name);
    }

  return g_string_free (names, FALSE);
}

/* Its file may have gone since; then that is noted, too, and what the store knows is indexed. */
static gsize
read_document (PinionStore         *store,
               PinionStoreDocument *document)
{
  if (document->body_path == NULL)
    return 0;

  document->is_poison = !pinion_store_search_begin_reading (store, document->message);
  if (document->is_poison)
    return 0;

  g_autoptr (PinionMimeMessage) mime
      = pinion_mime_message_parse_file_some (document->body_path, PINION_MIME_HEADERS, NULL);
  if (mime == NULL)
    return 0;

  take_people (document, mime);
  document->files = dup_file_names (mime);
  if (!mime->is_placeholder)
    document->body = pinion_mime_message_dup_text (mime);

  gsize length = document->body != NULL ? strlen (document->body) : 0;
  pinion_store_document_take_apart (document);
  return length;
}

/* Reads the next ones until there is enough for a transaction. */
static DexFuture *
read_some (gpointer data)
{
  Round *round = data;
  GPtrArray *some = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_document_free);
  gsize bytes = 0;

  while (round->next < round->documents->len && bytes < MOST_BYTES && some->len < MOST_DOCUMENTS)
    {
      PinionStoreDocument *document = g_ptr_array_index (round->documents, round->next);

      round->documents->pdata[round->next++] = pinion_store_document_new (0);
      bytes += read_document (round->engine->store, document);
      g_ptr_array_add (some, document);
    }
  pinion_store_search_end_reading (round->engine->store);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, some);
}

/* -- Rounds --------------------------------------------------------------------------------- */

static void
round_free (gpointer data)
{
  Round *round = data;

  g_object_unref (round->engine);
  g_object_unref (round->search);
  g_clear_pointer (&round->documents, g_ptr_array_unref);
  g_free (round);
}

static gboolean
finish_putting (DexFuture **putting,
                GError    **error)
{
  return *putting == NULL || pinion_await (g_steal_pointer (putting), error);
}

/* The transactions beside the reading of the next messages: one may wait for the one before it, as some
 * take longer to read than to put and some the other way. */
static gboolean
index_documents (Round   *round,
                 GError **error)
{
  DexFuture *before = NULL, *last = NULL;
  gboolean fine = TRUE;

  round->next = 0;
  while (fine && round->next < round->documents->len && !round->engine->index_stopped)
    {
      g_autoptr (GPtrArray) some = pinion_await_boxed (
          pinion_worker_run (round->engine->indexer, read_some, round, NULL), error);

      fine = some != NULL && finish_putting (&before, error);
      if (fine)
        {
          before = g_steal_pointer (&last);
          last = pinion_store_search_put (round->search, some);
        }
    }

  fine = finish_putting (&before, fine ? error : NULL) && fine;
  return finish_putting (&last, fine ? error : NULL) && fine;
}

static void
tell_indexed (Round *round)
{
  round->told = g_get_monotonic_time ();
  if (!round->engine->closed)
    g_signal_emit_by_name (round->engine, "indexed");
}

static DexFuture *
index_fiber (gpointer data)
{
  Round *round = data;
  PinionEngine *self = round->engine;
  GError *error = NULL;
  gboolean any = FALSE;

  while (!self->index_stopped)
    {
      round->documents = pinion_await_boxed (
          pinion_store_search_next (round->search, DOCUMENTS_AT_ONCE, self->index_everything),
          &error);
      if (round->documents == NULL || round->documents->len == 0
          || !index_documents (round, &error))
        break;
      any = TRUE;
      if (g_get_monotonic_time () - round->told > TELL_INTERVAL)
        tell_indexed (round);
      g_clear_pointer (&round->documents, g_ptr_array_unref);
    }

  self->index_everything = FALSE;
  if (any || (error == NULL && self->index_missed))
    tell_indexed (round);

  return error != NULL ? dex_future_new_for_error (error) : dex_future_new_true ();
}

static gboolean
is_indexing (PinionEngine *self)
{
  return self->indexing != NULL && dex_future_is_pending (self->indexing);
}

/* One at a time; who asks while it runs waits for the same. */
static DexFuture *
run_index (PinionEngine *self,
           gboolean      everything)
{
  self->index_everything |= everything;
  if (is_indexing (self))
    return dex_ref (self->indexing);

  dex_clear (&self->indexing);
  Round *round = g_new0 (Round, 1);
  round->engine = g_object_ref (self);
  round->search = g_object_ref (self->search);
  round->told = g_get_monotonic_time ();
  self->indexing = pinion_fiber_spawn (NULL, 0, index_fiber, round, round_free);

  return dex_ref (self->indexing);
}

static gboolean
on_index_due (gpointer data)
{
  PinionEngine *self = data;

  self->index_source = 0;
  pinion_engine_index_soon (self, 0);

  return G_SOURCE_REMOVE;
}

static void
plan_index (PinionEngine *self,
            guint         delay)
{
  self->index_due = g_get_monotonic_time () + delay * (gint64) 1000;
  self->index_source = g_timeout_add (delay, on_index_due, self);
}

static DexFuture *
on_indexed (DexFuture *completed,
            gpointer   user_data)
{
  PinionEngine *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    g_debug ("the index is not kept now: %s", error->message);

  gboolean has_failed = error != NULL && !pinion_error_is (error, PINION_ERROR_BUSY);
  self->index_checked |= error == NULL;
  self->index_missed = error != NULL;
  self->index_failures = has_failed ? MIN (self->index_failures + 1, MAX_DOUBLINGS) : 0;
  if (!self->index_stopped && self->index_source == 0)
    plan_index (self, RETRY_DELAY << self->index_failures);

  return dex_future_new_true ();
}

static DexFuture *
on_waiting_counted (DexFuture *completed,
                    gpointer   user_data)
{
  PinionEngine *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  if (value == NULL || self->index_stopped || is_indexing (self)
      || (g_value_get_int64 (value) == 0 && self->index_checked))
    return dex_future_new_true ();

  return dex_future_finally (run_index (self, FALSE), on_indexed, g_object_ref (self),
                             g_object_unref);
}

/* Earlier than planned, but for what failed. */
void
pinion_engine_index_soon (PinionEngine *self,
                          guint         delay)
{
  gint64 due = g_get_monotonic_time () + delay * (gint64) 1000;

  if (self->index_stopped || self->search == NULL
      || (self->index_source != 0 && (self->index_failures > 0 || self->index_due <= due)))
    return;

  g_clear_handle_id (&self->index_source, g_source_remove);
  if (delay > 0)
    plan_index (self, delay);
  else
    dex_future_disown (dex_future_finally (pinion_store_search_count_waiting (self->search),
                                           on_waiting_counted, g_object_ref (self),
                                           g_object_unref));
}

void
pinion_engine_index_changed (PinionEngine *self)
{
  pinion_engine_index_soon (self, DELAY);
}

/* -- All of it ------------------------------------------------------------------------------ */

static gboolean
count_waiting (PinionEngine *self,
               gint64       *waiting,
               GError      **error)
{
  *waiting = pinion_await_int64 (pinion_store_search_count_waiting (self->search), error);

  return error == NULL || *error == NULL;
}

/* Until nothing waits any more, by this process or another.  Where mail comes faster than it is
 * indexed, what is indexed by then has to do. */
static DexFuture *
index_all_fiber (gpointer data)
{
  PinionEngine *self = data;
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  gint64 waiting = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;

      if (pinion_await (run_index (self, TRUE), &error) && count_waiting (self, &waiting, &error)
          && waiting == 0)
        return dex_future_new_true ();
      if (error != NULL && !pinion_error_is (error, PINION_ERROR_BUSY))
        return dex_future_new_for_error (g_steal_pointer (&error));
      if (self->index_stopped || g_get_monotonic_time () >= deadline)
        return dex_future_new_true ();

      pinion_await (dex_timeout_new_msec (error != NULL ? LOOK_INTERVAL : 1), NULL);
    }
}

DexFuture *
pinion_engine_index_all (PinionEngine *self)
{
  return pinion_fiber_spawn (NULL, 0, index_all_fiber, g_object_ref (self), g_object_unref);
}
