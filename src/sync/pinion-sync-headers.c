/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-envelope.h"
#include "pinion-store-keys.h"

/* The first screenful at once, then more at a time, fewer where they do not come quickly, so that what the
 * person opens is not kept waiting; and fewer towards the end, so that little is left to be stored when
 * all have come.  Before the bodies of that screenful come as many as the server is likely to say in so
 * many microseconds, if they are worth it. */
#define FIRST_BATCH 50
#define LEAST_BATCH 125
#define LEAST_LAST_BATCH 250
#define QUICK_BATCH (G_USEC_PER_SEC / 4)
#define SLOW_BATCH G_USEC_PER_SEC
#define QUICK_TIME (G_USEC_PER_SEC / 10)
#define LEAST_QUICK 200

/* What a row of the list and threading need; Content-Type tells attachments where the structure
 * does not. */
#define FIELDS                                                                                     \
  "From To Subject Date Message-ID In-Reply-To References Thread-Index List-Id Precedence "         \
  "Auto-Submitted Content-Type"

/* Above that, the structure is not asked for: the server would have to read every message, and
 * each tells more exactly itself when it comes. */
#define MOST_STRUCTURES 400

/* So many of a folder that is new here are listed without the dates when they came, all but the first screenful:
 * a server may need a quarter of its time for these.  They are asked for afterwards, see
 * pinion-sync-dates.c. */
#define MANY_MISSING 2000

/* What is on its way while one batch is stored: one is fetched, two are read. */
#define MOST_AHEAD 3

/* How much memory is taken for the texts of a batch at a time, in bytes. */
#define STRINGS_AT_ONCE (32 * 1024)

/* Seconds. */
#define SYNCED_INTERVAL 3600

/* So few are listed without telling. */
#define FEW_LISTED 200

/* One FETCH, of what is missing from @from on.  @came: settles when it has been fetched, @ready when it has
 * been read, too.
 * @dated: with the dates when they came.  @asked: when (monotonic).  @stored: (nullable) when it has been stored.  @fetched: empty once it is
 * read; @incoming: what was read, whose texts are in @strings.  Counted: the parser's job outlives the
 * interest in it. */
typedef struct _PinionSyncBatch
{
  PinionSync *sync;
  PinionSyncFolder *folder;
  guint from;
  gboolean dated;
  gint64 asked;
  DexFuture *came;
  DexFuture *ready;
  DexFuture *stored;
  PinionUidSet *uids;
  GPtrArray *fetched;
  GStringChunk *strings;
  GPtrArray *keys;
  GArray *incoming;
  gboolean finished;
} Batch;

static Batch *
batch_new (PinionSync       *sync,
           PinionSyncFolder *folder)
{
  Batch *batch = g_atomic_rc_box_new0 (Batch);

  batch->sync = g_object_ref (sync);
  batch->folder = folder;
  batch->strings = g_string_chunk_new (STRINGS_AT_ONCE);
  batch->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_keys_free);
  batch->incoming = g_array_new (FALSE, TRUE, sizeof (PinionStoreIncoming));

  return batch;
}

static void
batch_clear (gpointer data)
{
  Batch *batch = data;

  g_object_unref (batch->sync);
  dex_clear (&batch->came);
  dex_clear (&batch->ready);
  dex_clear (&batch->stored);
  g_clear_pointer (&batch->uids, pinion_uid_set_unref);
  g_clear_pointer (&batch->fetched, g_ptr_array_unref);
  g_array_unref (batch->incoming);
  g_string_chunk_free (batch->strings);
  g_ptr_array_unref (batch->keys);
}

static void
batch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, batch_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_unref)

/* Without a structure, what the outermost type is good for. */
static gboolean
has_attachments (const PinionImapMessage  *message,
                 const PinionMimeEnvelope *envelope)
{
  if (message->attachment == PINION_IMAP_ATTACHMENT_UNKNOWN)
    return envelope->is_mixed;

  return message->attachment == PINION_IMAP_ATTACHMENT_YES;
}

/* 0 where it is still to be asked for. */
static gint64
find_received (const Batch             *batch,
               const PinionImapMessage *message,
               gint64                   date)
{
  if (message->internal_date != G_MININT64)
    return message->internal_date;

  return batch->dated ? date : 0;
}

/* What is kept of a message is copied together, and the rest given back at once: thousands of small pieces
 * that are given back later, on another thread, take longer than the reading. */
static void
read_message (Batch                    *batch,
              PinionMimeEnvelopeReader *reader,
              PinionStoreHasher        *hasher,
              const PinionImapMessage  *message)
{
  gsize length = 0;
  const char *header = message->header != NULL ? g_bytes_get_data (message->header, &length) : NULL;
  PinionMimeEnvelope envelope;

  pinion_mime_envelope_reader_read (reader, header != NULL ? header : "", length, &envelope);

  PinionStoreIncoming incoming = {
    .uid = message->uid,
    .flags = pinion_sync_flags_to_store (message->flags),
    .received = find_received (batch, message, envelope.date),
    .size = message->size,
    .header = {
      .message_id = envelope.message_id,
      .references = envelope.links,
      .thread_key = envelope.thread_index,
      .date = envelope.date,
      .from_name = envelope.from_name,
      .from_address = envelope.from_address,
      .to = envelope.to,
      .subject = envelope.subject,
      .has_attachments = has_attachments (message, &envelope),
      .bulk = envelope.is_automatic,
    },
  };
  PinionStoreKeys *keys = pinion_store_keys_new (hasher, &incoming.header, message->size);

  /* What lasts no longer than the next header is in the keys. */
  incoming.header.message_id = keys->message_id;
  incoming.header.references = NULL;
  incoming.header.thread_key = NULL;
  incoming.header.keys = keys;
  g_ptr_array_add (batch->keys, keys);
  g_array_append_val (batch->incoming, incoming);
}

/* On the parser's thread. */
static DexFuture *
read_headers (gpointer data)
{
  Batch *batch = data;
  g_autoptr (PinionMimeEnvelopeReader) reader = pinion_mime_envelope_reader_new (batch->strings);
  g_autoptr (PinionStoreHasher) hasher = pinion_store_hasher_new ();
  gsize n = 0;
  g_autofree gpointer *messages = g_ptr_array_steal (batch->fetched, &n);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (PinionImapMessage) message = messages[i];

      read_message (batch, reader, hasher, message);
    }

  return dex_future_new_true ();
}

/* What the server did not hand out is to be asked for again next time. */
static PinionStoreUidState
state_of (const PinionSyncFolder *folder)
{
  PinionStoreUidState uids = folder->uids;

  if (folder->refused)
    uids.highestmodseq = 0;

  return uids;
}

static void
store_state (PinionStoreSession     *session,
             const PinionSyncFolder *folder)
{
  PinionStoreUidState uids = state_of (folder);

  pinion_store_folder_set_uids (session, folder->folder->id, &uids);

  /* A local placement that the server did not show, though everything was compared, is not there. */
  if (folder->prune_before > 0)
    pinion_store_placements_prune (session, folder->folder->id, folder->prune_before);
}

/* After store_state(). */
static void
note_stored (PinionSyncFolder *folder)
{
  folder->kept = state_of (folder);
  folder->prune_before = 0;
}

static DexFuture *
store_batch (PinionStoreSession *session,
             gpointer            data)
{
  Batch *batch = data;

  pinion_store_messages_add (session, batch->folder->folder->id,
                             (PinionStoreIncoming *) batch->incoming->data, batch->incoming->len);

  /* Only once everything is here does the folder count as known up to its UIDNEXT. */
  if (batch->finished)
    store_state (session, batch->folder);

  return dex_future_new_true ();
}

static void
note_refused (PinionSync *self,
              Batch      *batch)
{
  PinionSyncFolder *folder = batch->folder;
  g_autoptr (PinionUidSet) came = pinion_uid_set_new ();
  g_autoptr (GArray) uids = pinion_uid_set_to_array (batch->uids, PINION_SYNC_HEADER_BATCH);

  for (guint i = 0; i < batch->incoming->len; i++)
    pinion_uid_set_add (came, g_array_index (batch->incoming, PinionStoreIncoming, i).uid);

  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);

      if (!pinion_uid_set_contains (came, uid))
        {
          gint64 *key = g_new (gint64, 1);
          *key = folder->folder->id << 32 | uid;
          g_hash_table_add (self->refused_headers, key);
          folder->refused = TRUE;
        }
    }
}

static PinionUidSet *
next_uids (PinionSyncFolder *folder,
           guint             size)
{
  guint n = MIN (size, folder->missing->len - folder->next);
  PinionUidSet *uids = pinion_uid_set_new_from_array (
      &g_array_index (folder->missing, guint32, folder->next), n);

  folder->next += n;
  return uids;
}

/* -- Ahead ---------------------------------------------------------------------------------- */

static DexFuture *
on_fetched (DexFuture *fetched,
            gpointer   user_data)
{
  Batch *batch = user_data;

  batch->fetched = g_value_dup_boxed (dex_future_get_value (fetched, NULL));

  return pinion_worker_run (batch->sync->parser, read_headers, g_atomic_rc_box_acquire (batch),
                            batch_unref);
}

static void
ask (PinionSync       *self,
     PinionSyncFolder *folder,
     guint             size)
{
  Batch *batch = batch_new (self, folder);
  PinionImapHeaders wanted = 0;

  batch->from = folder->next;
  batch->dated = batch->from == 0 || folder->missing->len < MANY_MISSING
                 || folder->kept.uidnext > 0;
  if (batch->dated)
    wanted |= PINION_IMAP_HEADERS_DATE;
  else
    pinion_sync_dates_forget (self);
  if (folder->missing->len <= MOST_STRUCTURES)
    wanted |= PINION_IMAP_HEADERS_STRUCTURE;
  batch->uids = next_uids (folder, size);
  batch->asked = g_get_monotonic_time ();
  if (g_queue_is_empty (&folder->ahead))
    self->headers_came = batch->asked;
  batch->came = pinion_imap_connection_fetch_headers (self->connection, batch->uids, FIELDS, wanted);
  batch->ready = dex_future_then (dex_ref (batch->came), on_fetched, g_atomic_rc_box_acquire (batch),
                                  batch_unref);
  g_queue_push_tail (&folder->ahead, batch);
}

static guint
next_size (PinionSync             *self,
           const PinionSyncFolder *folder)
{
  guint left = folder->missing->len - folder->next;

  return MIN (self->header_batch, MAX (left / 4, LEAST_LAST_BATCH));
}

/* The first bodies come behind the first screenful and what comes as quickly, and much right behind them would
 * keep them waiting. */
static gboolean
is_early (PinionSync       *self,
          PinionSyncFolder *folder)
{
  const Batch *next = g_queue_peek_head (&folder->ahead);

  if (self->first_bodies_here)
    return FALSE;
  if (self->fetching != NULL)
    return next != NULL;

  return folder->next == FIRST_BATCH || (next != NULL && next->from == FIRST_BATCH);
}

/* What is asked for next is fetched and read while the last is stored. */
static void
ask_ahead (PinionSync       *self,
           PinionSyncFolder *folder)
{
  while (folder->ahead.length < MOST_AHEAD && folder->next < folder->missing->len
         && !is_early (self, folder))
    ask (self, folder, folder->next == 0 && !folder->near ? FIRST_BATCH : next_size (self, folder));
}

/* While the first screenful is stored and its bodies are looked up, as many as come in no time. */
static void
ask_quick (PinionSync       *self,
           PinionSyncFolder *folder)
{
  if (!self->first_bodies_here && folder->folder->role == PINION_FOLDER_ROLE_INBOX
      && self->quick_headers >= LEAST_QUICK && folder->next == FIRST_BATCH
      && folder->next < folder->missing->len)
    ask (self, folder, self->quick_headers);
}

gboolean
pinion_sync_headers_await_quick (PinionSync       *self,
                                 PinionSyncFolder *folder)
{
  const Batch *batch = g_queue_peek_tail (&folder->ahead);

  if (batch == NULL || batch->from != FIRST_BATCH || !pinion_sync_folder_is_open (self, folder))
    return FALSE;

  /* The bodies are not asked for together with them: a server may keep the end of an answer back for the
   * next one.  An error is the next step's. */
  pinion_await (dex_ref (batch->came), NULL);

  return TRUE;
}

void
pinion_sync_headers_ask_ahead (PinionSync       *self,
                               PinionSyncFolder *folder)
{
  if (folder->next > 0)
    ask_ahead (self, folder);
}

void
pinion_sync_headers_begin (PinionSync       *self,
                           PinionSyncFolder *folder)
{
  ask_ahead (self, folder);
}

guint
pinion_sync_headers_done (const PinionSyncFolder *folder)
{
  const Batch *first = folder->ahead.head != NULL ? folder->ahead.head->data : NULL;

  return first != NULL ? first->from : folder->next;
}

/* What it waits for holds a reference, too. */
static void
batch_drop (gpointer data)
{
  Batch *batch = data;

  dex_clear (&batch->came);
  dex_clear (&batch->ready);
  batch_unref (batch);
}

void
pinion_sync_folder_drop_ahead (PinionSyncFolder *folder)
{
  folder->next = pinion_sync_headers_done (folder);
  g_queue_clear_full (&folder->ahead, batch_drop);
}

/* A lost connection costs nothing of what is queued; what the server refuses is passed over. */
static void
note_failed (PinionSync       *self,
             PinionSyncFolder *folder,
             guint             from,
             const GError     *error)
{
  if (pinion_sync_is_fatal (self, error))
    {
      pinion_sync_folder_drop_ahead (folder);
      folder->next = from;
    }
  else
    {
      folder->refused = TRUE;
    }
}

gboolean
pinion_sync_finish_headers (PinionSync *self,
                            GError    **error)
{
  g_autoptr (Batch) batch = g_steal_pointer (&self->storing_headers);
  g_autoptr (GError) failure = NULL;

  if (batch == NULL)
    return TRUE;

  if (!pinion_await (g_steal_pointer (&batch->stored), &failure))
    {
      note_failed (self, batch->folder, batch->from, failure);
      if (!pinion_sync_is_fatal (self, failure))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (batch->finished)
    note_stored (batch->folder);
  for (guint i = 0; i < batch->incoming->len; i++)
    self->new_messages += g_array_index (batch->incoming, PinionStoreIncoming, i).is_new;

  return TRUE;
}

/* The next one may come to the store before this one is stored; what is waited for has to be there:
 * the first screenful, and the last of a folder. */
static gboolean
take_in (PinionSync *self,
         Batch      *batch,
         GError    **error)
{
  gboolean is_awaited = batch->from == 0 || batch->folder->ahead.length == 0;

  if (batch->finished && !pinion_sync_finish_headers (self, error))
    return FALSE;

  batch->stored = pinion_store_write (self->store, store_batch, g_atomic_rc_box_acquire (batch),
                                      batch_unref);
  if (!pinion_sync_finish_headers (self, error))
    {
      pinion_await (g_steal_pointer (&batch->stored), NULL);
      return FALSE;
    }

  self->storing_headers = g_atomic_rc_box_acquire (batch);

  return !is_awaited || pinion_sync_finish_headers (self, error);
}

/* How many headers come quickly, by the time that the first ones took. */
static void
note_pace (PinionSync *self,
           Batch      *batch)
{
  gint64 took = MAX (g_get_monotonic_time () - batch->asked, 1);

  self->quick_headers = (guint) MIN (batch->incoming->len * QUICK_TIME / took,
                                     PINION_SYNC_HEADER_BATCH);
}

static void
adapt (PinionSync *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 took = now - self->headers_came;

  self->headers_came = now;
  if (took < QUICK_BATCH)
    self->header_batch = MIN (self->header_batch * 2, PINION_SYNC_HEADER_BATCH);
  else if (took > SLOW_BATCH)
    self->header_batch = MAX (self->header_batch / 2, LEAST_BATCH);
}

static gboolean
fetch_batch (PinionSync       *self,
             PinionSyncFolder *folder,
             GError          **error)
{
  guint generation = folder->generation;

  if (!pinion_sync_open_folder (self, folder, error))
    return FALSE;
  if (folder->generation != generation)
    return TRUE;

  ask_ahead (self, folder);
  g_autoptr (Batch) batch = g_queue_pop_head (&folder->ahead);
  if (batch == NULL)
    return TRUE;

  if (!pinion_await (g_steal_pointer (&batch->ready), error))
    {
      note_failed (self, folder, batch->from, *error);
      return FALSE;
    }

  if (batch->from == 0)
    {
      note_pace (self, batch);
      ask_quick (self, folder);
    }
  if (batch->incoming->len >= LEAST_BATCH)
    adapt (self);
  batch->finished = folder->ahead.length == 0 && folder->next == folder->missing->len;
  ask_ahead (self, folder);
  note_refused (self, batch);

  return take_in (self, batch, error);
}

static DexFuture *
store_states (PinionStoreSession *session,
              gpointer            data)
{
  GPtrArray *folders = data;

  for (guint i = 0; i < folders->len; i++)
    store_state (session, g_ptr_array_index (folders, i));

  return dex_future_new_true ();
}

/* When it was last compared need not be known to the second: where nothing else changed, and nothing waits to
 * be seen, a look at the folder writes nothing. */
static gboolean
is_kept (const PinionSyncFolder *folder)
{
  const PinionStoreUidState *kept = &folder->kept;
  PinionStoreUidState now = state_of (folder);

  return !folder->unsettled && kept->uidvalidity == now.uidvalidity
         && kept->uidnext == now.uidnext && kept->highestmodseq == now.highestmodseq
         && kept->server_total == now.server_total && kept->since == now.since
         && ABS (now.synced - kept->synced) < SYNCED_INTERVAL;
}

/* Where nothing is missing the state is still to be kept: the folder has been compared.  That of all such
 * folders at once. */
static gboolean
keep_states (PinionSync *self,
             gboolean   *worked,
             GError    **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->missing->len > 0 || folder->next > 0
          || folder->compare != PINION_COMPARE_NOTHING || !folder->compared)
        continue;

      folder->next = G_MAXUINT;
      folder->compared = FALSE;
      if (is_kept (folder))
        folder->prune_before = 0;
      else
        g_ptr_array_add (folders, folder);
    }
  if (folders->len == 0)
    return TRUE;

  *worked = TRUE;
  if (!pinion_sync_write (self, store_states, folders, error))
    return FALSE;

  for (guint i = 0; i < folders->len; i++)
    note_stored (g_ptr_array_index (folders, i));

  return TRUE;
}

/* Of what is missing; one whose state is kept is beyond it. */
static guint
count_listed (const PinionSyncFolder *folder)
{
  return MIN (pinion_sync_headers_done (folder), folder->missing->len);
}

/* Counts what is listed from now on: what was listed before is not told again. */
static void
begin_listing (PinionSync *self)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      guint done = count_listed (folder);

      folder->told = done == folder->missing->len ? done : 0;
    }
}

/* What is to be listed of @folder once it is compared for the first time, as far as the server told. */
static guint
expect (PinionSync             *self,
        const PinionSyncFolder *folder)
{
  if (folder->compared || folder->uids.uidvalidity != 0
      || self->account->history != PINION_HISTORY_ALL)
    return 0;

  return folder->expected;
}

static void
report (PinionSync       *self,
        PinionSyncFolder *now)
{
  guint done = 0, total = 0;

  if (!self->status.listing)
    begin_listing (self);
  for (guint i = 0; i < self->folders->len; i++)
    {
      const PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);

      done += count_listed (folder) - folder->told;
      total += folder->missing->len - folder->told + expect (self, folder);
    }

  if (total > FEW_LISTED)
    pinion_sync_report_listing (self, now->folder->path, done, total);
  else
    pinion_sync_report_comparing (self, now->folder->path);
}

gboolean
pinion_sync_headers_step (PinionSync *self,
                          gboolean   *worked,
                          GError    **error)
{
  if (!keep_states (self, worked, error))
    return FALSE;

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      g_autoptr (GError) refused = NULL;

      if (folder->ahead.length == 0 && folder->next >= folder->missing->len)
        continue;

      *worked = TRUE;
      report (self, folder);
      if (fetch_batch (self, folder, &refused) || !pinion_sync_is_fatal (self, refused))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  return TRUE;
}

/* -- What was searched for ------------------------------------------------------------------ */

/* Another sync may have found meanwhile that the folder counts anew: these UIDs mean nothing
 * then. */
static DexFuture *
store_found (PinionStoreSession *session,
             gpointer            data)
{
  Batch *batch = data;
  const PinionStoreFolder *folder = batch->folder->folder;
  g_autoptr (PinionStoreFolder) now = pinion_store_folder_get (session, folder->id);

  if (now == NULL || now->uids.uidvalidity != folder->uids.uidvalidity)
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_BUSY, PINION_PROTOCOL_IMAP,
                                                       PINION_STAGE_NONE,
                                                       "the folder counts its messages anew"));

  pinion_store_messages_add (session, folder->id, (PinionStoreIncoming *) batch->incoming->data,
                             batch->incoming->len);

  return dex_future_new_true ();
}

GArray *
pinion_sync_take_headers (PinionSync       *self,
                          PinionSyncFolder *folder,
                          PinionUidSet     *uids,
                          GError          **error)
{
  g_autoptr (Batch) batch = batch_new (self, folder);
  DexFuture *fetched;
  GArray *messages;

  batch->uids = pinion_uid_set_ref (uids);
  batch->dated = TRUE;
  fetched = pinion_imap_connection_fetch_headers (self->connection, uids, FIELDS, PINION_IMAP_HEADERS_ALL);
  if (!pinion_await (dex_future_then (fetched, on_fetched, g_atomic_rc_box_acquire (batch),
                                      batch_unref),
                     error)
      || !pinion_sync_write (self, store_found, batch, error))
    return NULL;

  messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < batch->incoming->len; i++)
    g_array_append_val (messages, g_array_index (batch->incoming, PinionStoreIncoming, i).id);

  return messages;
}
