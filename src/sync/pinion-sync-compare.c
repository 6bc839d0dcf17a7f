/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* A server that reports changes again and again where there are none is not believed for ever. */
#define MOST_IN_VAIN 20
#define IN_VAIN_INTERVAL (2 * G_USEC_PER_SEC)

/* So many new messages are little. */
#define FEW_NEW 400

typedef struct
{
  PinionSyncFolder *folder;
  gint64 account;
  gint64 start;
  gint64 before;
  GArray *known;
  PinionSyncPlan *plan;
} Comparison;

PinionFlags
pinion_sync_flags_to_store (PinionImapFlags flags)
{
  PinionFlags result = 0;

  result |= (flags & PINION_IMAP_FLAG_SEEN) != 0 ? PINION_FLAG_SEEN : 0;
  result |= (flags & PINION_IMAP_FLAG_ANSWERED) != 0 ? PINION_FLAG_ANSWERED : 0;
  result |= (flags & PINION_IMAP_FLAG_FLAGGED) != 0 ? PINION_FLAG_FLAGGED : 0;
  result |= (flags & PINION_IMAP_FLAG_DELETED) != 0 ? PINION_FLAG_DELETED : 0;
  result |= (flags & PINION_IMAP_FLAG_DRAFT) != 0 ? PINION_FLAG_DRAFT : 0;
  result |= (flags & PINION_IMAP_FLAG_FORWARDED) != 0 ? PINION_FLAG_FORWARDED : 0;

  return result;
}

PinionImapFlags
pinion_sync_flags_to_imap (PinionFlags flags)
{
  PinionImapFlags result = 0;

  result |= (flags & PINION_FLAG_SEEN) != 0 ? PINION_IMAP_FLAG_SEEN : 0;
  result |= (flags & PINION_FLAG_ANSWERED) != 0 ? PINION_IMAP_FLAG_ANSWERED : 0;
  result |= (flags & PINION_FLAG_FLAGGED) != 0 ? PINION_IMAP_FLAG_FLAGGED : 0;
  result |= (flags & PINION_FLAG_DELETED) != 0 ? PINION_IMAP_FLAG_DELETED : 0;
  result |= (flags & PINION_FLAG_DRAFT) != 0 ? PINION_IMAP_FLAG_DRAFT : 0;
  result |= (flags & PINION_FLAG_FORWARDED) != 0 ? PINION_IMAP_FLAG_FORWARDED : 0;

  return result;
}

static DexFuture *
read_known (PinionStoreSession *session,
            gpointer            data)
{
  Comparison *comparison = data;
  PinionSyncFolder *folder = comparison->folder;
  g_autoptr (GArray) placements = pinion_store_placements_list (session, folder->folder->id);

  folder->unsettled = pinion_store_placements_are_unsettled (session, folder->folder->id);
  comparison->known = g_array_sized_new (FALSE, FALSE, sizeof (PinionKnown), placements->len);
  for (guint i = 0; i < placements->len; i++)
    {
      const PinionStorePlacement *placement = &g_array_index (placements, PinionStorePlacement, i);
      PinionKnown known = { placement->uid, pinion_sync_flags_to_imap (placement->flags) };

      g_array_append_val (comparison->known, known);
    }

  return dex_future_new_true ();
}

static DexFuture *
store_plan (PinionStoreSession *session,
            gpointer            data)
{
  Comparison *comparison = data;
  gint64 folder = comparison->folder->folder->id;
  PinionSyncPlan *plan = comparison->plan;
  g_autoptr (GArray) changes
      = g_array_sized_new (FALSE, FALSE, sizeof (PinionStoreFlagChange), plan->changed->len);

  for (guint i = 0; i < plan->changed->len; i++)
    {
      const PinionImapUidFlags *flags = &g_array_index (plan->changed, PinionImapUidFlags, i);
      PinionStoreFlagChange change = { flags->uid, pinion_sync_flags_to_store (flags->flags) };

      g_array_append_val (changes, change);
    }

  pinion_store_flags_changed (session, folder, (PinionStoreFlagChange *) changes->data,
                              changes->len);
  pinion_store_vanished (session, folder, (guint32 *) plan->vanished->data, plan->vanished->len);

  return dex_future_new_true ();
}

/* Of a folder that is new here only who is there: their flags come with their headers. */
static GArray *
list_uids (PinionSync   *self,
           PinionUidSet *uids,
           GError      **error)
{
  PinionImapSearch *search = pinion_imap_search_new ();
  g_autoptr (GError) failure = NULL;

  if (pinion_uid_set_get_size (uids) != PINION_UID_MAX)
    pinion_imap_search_set_uids (search, uids);
  g_autoptr (GArray) found
      = pinion_await_boxed (pinion_imap_connection_search (self->connection, search), &failure);
  if (pinion_error_is (failure, PINION_ERROR_REFUSED))
    return pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, uids), error);
  if (found == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  GArray *there = g_array_sized_new (FALSE, TRUE, sizeof (PinionImapUidFlags), found->len);
  for (guint i = 0; i < found->len; i++)
    {
      PinionImapUidFlags one = { .uid = g_array_index (found, guint32, i) };

      if (pinion_uid_set_contains (uids, one.uid))
        g_array_append_val (there, one);
    }

  return there;
}

static GArray *
flags_of (PinionSync   *self,
          PinionUidSet *uids,
          GArray       *known,
          GError      **error)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);

  if (pinion_uid_set_is_empty (uids))
    return g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags));

  if (known->len == 0)
    return list_uids (self, uids, error);

  /* A server that does not count changes is asked so again and again, so it has to be cheap. */
  if (selected->highestmodseq == 0)
    return pinion_await_boxed (pinion_imap_connection_scan_flags (self->connection, uids), error);

  return pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, uids), error);
}

static void
add_known (PinionUidSet *uids,
           GArray       *known)
{
  for (guint i = 0; i < known->len; i++)
    pinion_uid_set_add (uids, g_array_index (known, PinionKnown, i).uid);
}

void
pinion_sync_add_awaited (const PinionSyncFolder *folder,
                         PinionUidSet           *uids)
{
  if (folder->unsettled && folder->uids.uidnext > 0)
    pinion_uid_set_add_range (uids, folder->uids.uidnext, PINION_UID_MAX);
}

/* The UIDs of the messages within the history range, and all that are here already. */
static PinionUidSet *
find_range (PinionSync       *self,
            PinionSyncFolder *folder,
            GArray           *known,
            guint32           uidnext,
            GError          **error)
{
  PinionHistory history = self->account->history;
  gint64 start
      = pinion_history_get_start (history, pinion_sync_now (), self->account->created);

  if (folder->compare == PINION_COMPARE_NEW && folder->uids.uidnext > 0)
    return pinion_uid_set_new_range (folder->uids.uidnext, PINION_UID_MAX);

  if (start == G_MININT64)
    return pinion_uid_set_new_all ();

  /* No history: what the folder held when it was first seen is left alone. */
  if (history == PINION_HISTORY_NONE && folder->uids.uidnext == 0 && uidnext > 0)
    folder->uids.uidnext = uidnext;
  if (history == PINION_HISTORY_NONE && folder->uids.uidnext > 0)
    {
      PinionUidSet *range = pinion_uid_set_new_range (folder->uids.uidnext, PINION_UID_MAX);
      add_known (range, known);
      return range;
    }

  PinionImapSearch *search = pinion_imap_search_new ();
  pinion_imap_search_add_since (search, start);
  g_autoptr (GArray) found
      = pinion_await_boxed (pinion_imap_connection_search (self->connection, search), error);
  if (found == NULL)
    return NULL;

  PinionUidSet *range
      = pinion_uid_set_new_from_array ((const guint32 *) found->data, found->len);
  add_known (range, known);
  pinion_sync_add_awaited (folder, range);
  return range;
}

static gboolean
is_refused (PinionSync       *self,
            PinionSyncFolder *folder,
            guint32           uid)
{
  gint64 key = folder->folder->id << 32 | uid;

  return g_hash_table_contains (self->refused_headers, &key);
}

static int
compare_descending (gconstpointer a,
                    gconstpointer b)
{
  guint32 one = *(const guint32 *) a;
  guint32 two = *(const guint32 *) b;

  return (one < two) - (one > two);
}

static void
remove_repeated (GArray *uids)
{
  guint kept = 0;

  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);

      if (kept == 0 || g_array_index (uids, guint32, kept - 1) != uid)
        g_array_index (uids, guint32, kept++) = uid;
    }

  g_array_set_size (uids, kept);
}

/* @whole: all of the folder was compared, so that nothing else is missing; otherwise what was queued
 * before still is.  Returns: whether it is anything else than what was missing before. */
static gboolean
queue_missing (PinionSync       *self,
               PinionSyncFolder *folder,
               GArray           *missing,
               gboolean          whole)
{
  pinion_sync_folder_drop_ahead (folder);
  g_autoptr (GArray) before = g_steal_pointer (&folder->missing);

  folder->missing = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = folder->next; !whole && i < before->len; i++)
    g_array_append_val (folder->missing, g_array_index (before, guint32, i));
  folder->next = folder->told = 0;

  for (guint i = 0; i < missing->len; i++)
    {
      guint32 uid = g_array_index (missing, guint32, i);

      if (!is_refused (self, folder, uid))
        g_array_append_val (folder->missing, uid);
    }

  g_array_sort (folder->missing, compare_descending);
  remove_repeated (folder->missing);

  return folder->missing->len != before->len
         || (before->len > 0
             && memcmp (before->data, folder->missing->data, before->len * sizeof (guint32)) != 0);
}

static gboolean
check_rest (PinionSyncFolder *folder,
            gboolean          found,
            GError          **error)
{
  gint64 now = g_get_monotonic_time ();

  if (found || now - folder->compared_at > IN_VAIN_INTERVAL)
    folder->in_vain = 0;
  folder->compared_at = now;

  return ++folder->in_vain <= MOST_IN_VAIN
         || pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP,
                              PINION_STAGE_NONE, "the folder never comes to rest");
}

/* By all that is there, or by all that is new. Returns: (transfer full) (nullable) */
static PinionSyncPlan *
plan_everything (PinionSync *self,
                 Comparison *comparison,
                 guint32     uidnext,
                 GError    **error)
{
  g_autoptr (PinionUidSet) asked
      = find_range (self, comparison->folder, comparison->known, uidnext, error);
  if (asked == NULL)
    return NULL;

  g_autoptr (GArray) server = flags_of (self, asked, comparison->known, error);
  if (server == NULL)
    return NULL;

  return pinion_sync_plan_new (server, comparison->known, asked);
}

/* Of what came since the folder was last compared, what is there. */
static guint
count_new (const Comparison *comparison)
{
  const PinionSyncPlan *plan = comparison->plan;
  guint n = plan->missing->len;

  for (guint i = comparison->known->len; i > 0; i--)
    {
      if (g_array_index (comparison->known, PinionKnown, i - 1).uid
          < comparison->folder->uids.uidnext)
        break;
      n++;
    }

  return n - plan->vanished->len;
}

/* What has been counted is not new any more; the server tells its next UID only when the folder is
 * opened.  In a look at all of it, what came while it went on has not been counted. */
static void
pass_counted (PinionSyncFolder *folder,
              const Comparison *comparison,
              gboolean          is_new)
{
  const GArray *missing = comparison->plan->missing;
  const GArray *known = comparison->known;
  guint32 last = 0;

  if (known->len > 0)
    last = g_array_index (known, PinionKnown, known->len - 1).uid;
  if (is_new && missing->len > 0)
    last = MAX (last, g_array_index (missing, guint32, 0));
  if (last >= folder->uids.uidnext && last < PINION_UID_MAX)
    folder->uids.uidnext = last + 1;
}

/* After a look at what is new.  Where fewer are there than it makes, another client took some of the
 * old ones away: the count stays what it was with them, else nothing would ever tell.
 * Returns: whether it is so. */
static gboolean
note_new (PinionSync       *self,
          const Comparison *comparison)
{
  PinionSyncFolder *folder = comparison->folder;
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);

  folder->uids.server_total += count_new (comparison);

  return selected != NULL && selected->exists < folder->uids.server_total;
}

/* What is stored and queued from now on is the state of the folder as @status has it.  Returns: whether
 * anything was found. */
static gboolean
note_compared (PinionSync             *self,
               Comparison             *comparison,
               const PinionImapStatus *status,
               gboolean                whole)
{
  PinionSyncFolder *folder = comparison->folder;
  const PinionSyncPlan *plan = comparison->plan;
  gboolean found = queue_missing (self, folder, plan->missing, whole);
  gboolean is_new = folder->compare == PINION_COMPARE_NEW && folder->uids.uidnext > 0;
  gboolean lacks = is_new && note_new (self, comparison);

  if (whole)
    folder->uids.since = comparison->start;
  folder->status = *status;
  if (!is_new)
    folder->uids.server_total = status->messages;
  folder->uids.synced = comparison->before;
  if (status->uidnext > 0)
    folder->uids.uidnext = MAX (folder->uids.uidnext, status->uidnext);
  pass_counted (folder, comparison, is_new);
  /* Only a look at all of it tells that no older change was missed. */
  if (folder->compare == PINION_COMPARE_ALL)
    {
      folder->uids.highestmodseq = status->highestmodseq;
      folder->prune_before = comparison->before;
    }
  folder->compare = lacks ? PINION_COMPARE_ALL : PINION_COMPARE_NOTHING;
  folder->compared = TRUE;
  folder->near = comparison->known->len > 0 && plan->missing->len > 0
                 && plan->missing->len <= FEW_NEW;

  return found || plan->changed->len > 0 || plan->vanished->len > 0;
}

/* Stored while the server looks for what is missing.  What could not be stored is found again. */
static gboolean
take_plan (PinionSync             *self,
           Comparison             *comparison,
           const PinionImapStatus *status,
           gboolean                whole,
           GError                **error)
{
  PinionSyncFolder *folder = comparison->folder;
  const PinionSyncFolder before = *folder;
  const gboolean is_empty = comparison->plan->changed->len == 0
                            && comparison->plan->vanished->len == 0;
  DexFuture *stored = is_empty ? dex_future_new_true ()
                               : pinion_store_write (self->store, store_plan, comparison, NULL);
  gboolean found = note_compared (self, comparison, status, whole);

  pinion_sync_headers_begin (self, folder);
  if (pinion_await (stored, error))
    return check_rest (folder, found, error);

  pinion_sync_folder_drop_ahead (folder);
  folder->uids = before.uids;
  folder->status = before.status;
  folder->prune_before = before.prune_before;
  folder->compare = before.compare;
  folder->compared = before.compared;
  folder->near = FALSE;
  return FALSE;
}

static gboolean
compare_uids (PinionSync *self,
              Comparison *comparison,
              GError    **error)
{
  PinionSyncFolder *folder = comparison->folder;
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);
  PinionImapStatus status = { selected->exists, G_MAXUINT32, selected->uidnext,
                              selected->uidvalidity, .highestmodseq = selected->highestmodseq };
  g_autoptr (PinionImapResync) resync = NULL;

  if (!pinion_sync_ask_changes (self, folder, &resync, error))
    return FALSE;

  if (resync != NULL)
    {
      status.highestmodseq = resync->modseq;
      status.messages = resync->selected->exists;
      comparison->plan
          = pinion_sync_plan_changes (self, folder, comparison->known, resync, error);
    }
  else
    {
      comparison->plan = plan_everything (self, comparison, status.uidnext, error);
    }

  if (comparison->plan == NULL)
    return FALSE;

  return take_plan (self, comparison, &status,
                    resync == NULL && folder->compare == PINION_COMPARE_ALL, error);
}

/* What is known is read while the server opens the folder, and before it is asked what is there: what comes
 * into the store meanwhile, by a search, is not missed in the answer. */
static gboolean
open_and_read (PinionSync *self,
               Comparison *comparison,
               GError    **error)
{
  PinionSyncFolder *folder = comparison->folder;
  guint generation = folder->generation;
  DexFuture *known = pinion_store_read (self->store, read_known, comparison, NULL);
  gboolean is_open = pinion_sync_open_folder (self, folder, error);
  gboolean is_read = pinion_await (known, is_open ? error : NULL);

  if (!is_open || !is_read || folder->generation == generation)
    return is_open && is_read;

  g_clear_pointer (&comparison->known, g_array_unref);
  return pinion_sync_read (self, read_known, comparison, error);
}

static gboolean
compare_folder (PinionSync       *self,
                PinionSyncFolder *folder,
                GError          **error)
{
  Comparison comparison = { .folder = folder };

  if (!pinion_sync_finish_headers (self, error))
    return FALSE;

  comparison.before = pinion_sync_now ();
  comparison.start = pinion_history_get_start (self->account->history, comparison.before,
                                               self->account->created);
  gboolean done = open_and_read (self, &comparison, error)
                  && compare_uids (self, &comparison, error);
  g_clear_pointer (&comparison.known, g_array_unref);
  g_clear_pointer (&comparison.plan, pinion_sync_plan_free);

  return done;
}

gboolean
pinion_sync_compare_step (PinionSync *self,
                          gboolean   *worked,
                          GError    **error)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      g_autoptr (GError) refused = NULL;

      /* The headers of one folder come before the comparison of the next: the Inbox is useful while
       * the rest is still unknown. */
      if ((folder->ahead.length > 0 || folder->next < folder->missing->len) && !self->compared_all
          && folder->compare == PINION_COMPARE_NOTHING)
        return TRUE;
      if (folder->compare == PINION_COMPARE_NOTHING)
        continue;

      *worked = TRUE;
      if (self->asked_all && self->comparing_since == 0)
        self->comparing_since = g_get_real_time ();
      pinion_sync_report_comparing (self, folder->folder->path);
      if (compare_folder (self, folder, &refused))
        return TRUE;

      /* Without the Inbox it is no mailbox. */
      if (pinion_sync_is_fatal (self, refused) || folder->folder->role == PINION_FOLDER_ROLE_INBOX)
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return FALSE;
        }

      /* One folder that the server cannot open is set aside; the rest goes on. */
      g_debug ("a folder could not be opened: %s", refused->message);
      folder->compare = PINION_COMPARE_NOTHING;
      return TRUE;
    }

  self->compared_all = TRUE;
  return TRUE;
}
