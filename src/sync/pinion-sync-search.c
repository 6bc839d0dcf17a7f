/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server finds, on a connection of its own beside whatever else syncs the account.
 *
 * What is found and not here lies outside the history range, mostly.  It is taken in as any message
 * of its folder: comparisons look at all that is here, whatever the range (pinion-sync-compare.c),
 * so that nothing of it goes stale; setting the range anew lets go of it. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-imap-search.h"
#include "pinion-store-server-hits.h"

#include <string.h>

/* What the server found in one folder.  @uids: the newest of them; @known: of these, what is here,
 * gint64 ids of messages; @missing: the rest. */
typedef struct
{
  PinionSyncFolder *folder;
  PinionUidSet *uids;
  PinionUidSet *missing;
  GArray *known;
} Place;

/* A message that may be taken in. */
typedef struct
{
  Place *place;
  guint32 uid;
  gint64 received;
} Candidate;

/* How many hits are remembered for each that is taken in: what is here is mostly found here,
 * too. */
#define HITS_FOR_EACH 5

/* @hits_left: that may still be remembered. */
typedef struct
{
  PinionSync *sync;
  PinionSearchQuery *query;
  guint most;
  guint hits_left;
  GPtrArray *folders;
  GPtrArray *places;
  PinionSyncFound *found;
} Searching;

/* -- The result ----------------------------------------------------------------------------- */

static void
failure_free (gpointer data)
{
  PinionSyncSearchFailure *failure = data;

  g_free (failure->label);
  g_error_free (failure->error);
  g_free (failure);
}

PinionSyncFound *
pinion_sync_found_ref (PinionSyncFound *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
found_clear (gpointer data)
{
  g_ptr_array_unref (((PinionSyncFound *) data)->failures);
}

void
pinion_sync_found_unref (PinionSyncFound *self)
{
  g_atomic_rc_box_release_full (self, found_clear);
}

G_DEFINE_BOXED_TYPE (PinionSyncFound, pinion_sync_found, pinion_sync_found_ref,
                      pinion_sync_found_unref)

static void
add_failure (Searching  *self,
             const char *label,
             GError     *error)
{
  PinionSyncSearchFailure *failure = g_new0 (PinionSyncSearchFailure, 1);

  failure->label = g_strdup (label);
  failure->error = error;
  g_ptr_array_add (self->found->failures, failure);
}

/* -- Places --------------------------------------------------------------------------------- */

static void
place_free (gpointer data)
{
  Place *place = data;

  g_clear_pointer (&place->folder, pinion_sync_folder_free);
  g_clear_pointer (&place->uids, pinion_uid_set_unref);
  g_clear_pointer (&place->missing, pinion_uid_set_unref);
  g_clear_pointer (&place->known, g_array_unref);
  g_free (place);
}

static const PinionStoreFolder *
get_folder (const Place *place)
{
  return place->folder->folder;
}

static void
searching_clear (Searching *self)
{
  pinion_search_query_unref (self->query);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_clear_pointer (&self->found, pinion_sync_found_unref);
}

static DexFuture *
read_folders (PinionStoreSession *session,
              gpointer            data)
{
  Searching *self = data;

  self->folders = pinion_store_folders_list (session, self->sync->account->id);

  return dex_future_new_true ();
}

/* A folder that was never looked into has no numbers to take messages in by, and what is hidden is
 * no mail. */
static gboolean
is_searched (const PinionStoreFolder *folder)
{
  return folder->selectable && !folder->hidden && !folder->local && folder->uids.uidvalidity != 0;
}

static gboolean
open_place (Searching *self,
            Place     *place,
            GError   **error)
{
  g_autofree char *raw_name
      = g_strndup (g_bytes_get_data (get_folder (place)->raw_name, NULL),
                   g_bytes_get_size (get_folder (place)->raw_name));
  g_autoptr (PinionImapSelected) selected = pinion_await_boxed (
      pinion_imap_connection_select (self->sync->connection, raw_name, TRUE), error);

  if (selected == NULL)
    return FALSE;

  return selected->uidvalidity == get_folder (place)->uids.uidvalidity
         || pinion_error_set (error, PINION_ERROR_BUSY, PINION_PROTOCOL_IMAP, PINION_STAGE_OPEN,
                              "the folder counts its messages anew");
}

/* The server may only say now that it does not know the letters. */
static void
name_charset (GError **error)
{
  const char *said = pinion_error_get_detail (*error, "server-text");

  if (strstr ((*error)->message, "BADCHARSET") == NULL
      && (said == NULL || strstr (said, "BADCHARSET") == NULL))
    return;

  g_autoptr (GError) refused = g_steal_pointer (error);
  pinion_error_set (error, PINION_ERROR_SEARCH_ASCII_ONLY, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                    "%s", refused->message);
}

static gboolean
ask (Searching *self,
     Place     *place,
     GError   **error)
{
  PinionImapQuirks quirks = pinion_imap_connection_get_quirks (self->sync->connection);
  g_autoptr (PinionImapSearch) search = pinion_imap_search_new ();

  pinion_imap_search_set_newest (search, self->most + 1);
  if (!pinion_imap_search_add_query (search, self->query,
                                     (quirks & PINION_IMAP_QUIRK_ASCII_SEARCH) != 0, error))
    return FALSE;

  pinion_imap_search_add_undeleted (search);
  place->uids = pinion_await_boxed (
      pinion_imap_connection_search_set (self->sync->connection, g_steal_pointer (&search)),
      error);
  if (place->uids == NULL)
    name_charset (error);

  return place->uids != NULL;
}

static DexFuture *
read_known (PinionStoreSession *session,
            gpointer            data)
{
  Place *place = data;
  g_autoptr (GArray) uids = pinion_uid_set_to_array (place->uids, G_MAXUINT16);

  place->known = g_array_new (FALSE, FALSE, sizeof (gint64));
  place->missing = pinion_uid_set_new ();
  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);
      gint64 message = pinion_store_placement_find (session, get_folder (place)->id, uid);

      if (message != 0)
        g_array_append_val (place->known, message);
      else
        pinion_uid_set_add (place->missing, uid);
    }

  return dex_future_new_true ();
}

static gboolean
search_place (Searching *self,
              Place     *place,
              GError   **error)
{
  return open_place (self, place, error) && ask (self, place, error)
         && pinion_sync_read (self->sync, read_known, place, error);
}

/* -- Taking in ------------------------------------------------------------------------------ */

/* When each was received; what does not come is left out. */
static gboolean
add_candidates (Searching *self,
                Place     *place,
                GArray    *candidates,
                GError   **error)
{
  if (!open_place (self, place, error))
    return FALSE;

  g_autoptr (GPtrArray) fetched = pinion_await_boxed (
      pinion_imap_connection_fetch_headers (self->sync->connection, place->missing, "Message-ID",
                                            PINION_IMAP_HEADERS_DATE),
      error);

  for (guint i = 0; fetched != NULL && i < fetched->len; i++)
    {
      const PinionImapMessage *message = g_ptr_array_index (fetched, i);
      Candidate candidate = { place, message->uid, message->internal_date };

      g_array_append_val (candidates, candidate);
    }

  return fetched != NULL;
}

static int
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  gint64 x = ((const Candidate *) a)->received;
  gint64 y = ((const Candidate *) b)->received;

  return x < y ? 1 : -(x > y);
}

/* Leaves the newest of all in the places. */
static gboolean
choose_newest (Searching *self,
               GError   **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < self->places->len && !pinion_sync_is_stopping (self->sync); i++)
    {
      Place *place = g_ptr_array_index (self->places, i);
      g_autoptr (GError) refused = NULL;

      if (pinion_uid_set_is_empty (place->missing)
          || add_candidates (self, place, candidates, &refused))
        continue;
      if (pinion_sync_is_fatal (self->sync, refused))
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return FALSE;
        }
      add_failure (self, get_folder (place)->path, g_steal_pointer (&refused));
    }

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      g_clear_pointer (&place->missing, pinion_uid_set_unref);
      place->missing = pinion_uid_set_new ();
    }
  g_array_sort (candidates, compare_candidates);
  for (guint i = 0; i < candidates->len && i < self->most; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      pinion_uid_set_add (candidate->place->missing, candidate->uid);
    }

  return TRUE;
}

typedef struct
{
  Searching *searching;
  GArray *messages;
} Noting;

static DexFuture *
note_hits (PinionStoreSession *session,
           gpointer            data)
{
  Noting *noting = data;

  pinion_store_server_hits_add (session, noting->searching->query, noting->messages);

  return dex_future_new_true ();
}

static gboolean
take_in_place (Searching *self,
               Place     *place,
               GError   **error)
{
  Noting noting = { self, place->known };

  if (!pinion_uid_set_is_empty (place->missing))
    {
      g_autoptr (GArray) taken = NULL;

      if (!open_place (self, place, error))
        return FALSE;
      taken = pinion_sync_take_headers (self->sync, place->folder, place->missing, error);
      if (taken == NULL)
        return FALSE;
      g_array_append_vals (place->known, taken->data, taken->len);
      self->found->taken += taken->len;
    }

  /* The newest stand last. */
  if (place->known->len > self->hits_left)
    g_array_remove_range (place->known, 0, place->known->len - self->hits_left);
  self->hits_left -= place->known->len;

  return place->known->len == 0 || pinion_sync_write (self->sync, note_hits, &noting, error);
}

/* -- The whole ------------------------------------------------------------------------------ */

typedef gboolean (*PlaceFunc) (Searching *self,
                  Place                  *place,
                  GError                **error);

/* What one folder refuses does not keep the others.  Returns: whether to go on */
static gboolean
do_place (Searching *self,
          Place     *place,
          PlaceFunc  func,
          GError   **error)
{
  GError *refused = NULL;

  if (pinion_sync_is_stopping (self->sync))
    return pinion_error_set (error, PINION_ERROR_CANCELLED, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_NONE, "cancelled");
  if (func (self, place, &refused))
    return TRUE;

  /* What cannot be asked at all is not asked in each folder again. */
  if (pinion_sync_is_fatal (self->sync, refused)
      || pinion_error_is (refused, PINION_ERROR_SEARCH_ASCII_ONLY)
      || pinion_error_is (refused, PINION_ERROR_SEARCH_UNSUPPORTED))
    {
      g_propagate_error (error, refused);
      return FALSE;
    }

  add_failure (self, get_folder (place)->path, refused);
  return TRUE;
}

static gboolean
search_places (Searching *self,
               GError   **error)
{
  guint n = self->folders->len;

  for (guint i = 0; i < n; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (self->folders, i);
      Place *place;

      if (!is_searched (folder))
        continue;
      place = g_new0 (Place, 1);
      place->folder = pinion_sync_folder_new (folder);
      g_ptr_array_add (self->places, place);
      pinion_sync_report (self->sync, PINION_SYNC_PHASE_WORKING, folder->path, i, n, TRUE);
      if (!do_place (self, place, search_place, error))
        return FALSE;
      if (place->missing == NULL)
        g_ptr_array_remove (self->places, place);
    }

  return TRUE;
}

static guint
count_missing (Searching *self)
{
  gsize missing = 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = g_ptr_array_index (self->places, i);

      missing += pinion_uid_set_get_size (place->missing);
      self->found->known += place->known->len;
      self->found->more |= pinion_uid_set_get_size (place->uids) > self->most;
    }

  return (guint) MIN (missing, G_MAXUINT);
}

static gboolean
search (Searching *self,
        GError   **error)
{
  if (!pinion_sync_read (self->sync, read_folders, self, error) || !search_places (self, error))
    return FALSE;

  if (count_missing (self) > self->most)
    {
      self->found->more = TRUE;
      if (!choose_newest (self, error))
        return FALSE;
    }
  for (guint i = 0; i < self->places->len; i++)
    {
      if (!do_place (self, g_ptr_array_index (self->places, i), take_in_place, error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
search_fiber (gpointer data)
{
  PinionSync *self = data;
  Searching searching = {
    .sync = self,
    .query = g_steal_pointer (&self->question),
    .most = self->most_found,
    .hits_left = HITS_FOR_EACH * self->most_found,
    .places = g_ptr_array_new_with_free_func (place_free),
    .found = g_atomic_rc_box_new0 (PinionSyncFound),
  };
  g_autoptr (PinionSyncFound) found = NULL;
  GError *error = NULL;

  searching.found->failures = g_ptr_array_new_with_free_func (failure_free);
  pinion_sync_settle_in (self);
  gboolean done = pinion_sync_connect (self, &error) && search (&searching, &error);
  pinion_sync_end_session (self, done);
  found = pinion_sync_found_ref (searching.found);
  searching_clear (&searching);

  if (!done)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_SYNC_FOUND, g_steal_pointer (&found));
}

DexFuture *
pinion_sync_search (PinionSync        *self,
                    PinionSearchQuery *query,
                    guint              most,
                    PinionStageSink   *sink)
{
  g_clear_pointer (&self->sink, pinion_stage_sink_unref);
  self->sink = pinion_stage_sink_ref (sink);
  g_clear_pointer (&self->question, pinion_search_query_unref);
  self->question = pinion_search_query_ref (query);
  self->most_found = most;

  return pinion_sync_start (self, search_fiber);
}
