/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-message.h"
#include "pinion-store-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* How many are asked for at a time: as many bytes as come in about half a second, so that what the
 * person opens meanwhile is not kept waiting. */
#define GROUP_MESSAGES 400
#define LEAST_BYTES (256 * 1024)
#define MOST_BYTES (8 * 1024 * 1024)
#define QUICK (G_USEC_PER_SEC / 4)
#define SLOW G_USEC_PER_SEC
#define FIRST_WANTED 50

/* How many are looked for at a time, and then got folder by folder: the newest by recency, the older they are
 * the less, for each turn to another folder costs the server as much as a hundred messages. */
#define LEAST_WANTED 1000
#define MOST_WANTED 16000

#define NEAR_WANTED 400
#define NEAR_BYTES (4 * 1024 * 1024)

/* How many may wait for the parser before the network is made to wait. */
#define PARSING_AT_ONCE 64

/* A body on its way: fetched, written to a temporary file, parsed; then stored with its group. */
typedef struct
{
  gint64 message;
  GBytes *bytes;
  char *path;
  char *snippet;
  gboolean has_attachments;
  gboolean placeholder;
  GError *error;
} Arrival;

/* One FETCH.  @ids: message ids by UID.  @fetch: (nullable) resolves to the UIDs that came.  Counted:
 * the parser's jobs and the storing outlive the fetch. */
typedef struct _PinionSyncGroup
{
  PinionSync *sync;
  PinionSyncFolder *folder;
  GHashTable *ids;
  GPtrArray *arrivals;
  GPtrArray *jobs;
  GArray *unavailable;
  DexFuture *fetch;
} Group;

static void
arrival_free (Arrival *arrival)
{
  if (arrival->path != NULL)
    g_unlink (arrival->path);
  g_free (arrival->path);
  g_clear_pointer (&arrival->bytes, g_bytes_unref);
  g_free (arrival->snippet);
  g_clear_error (&arrival->error);
  g_free (arrival);
}

static Group *
group_new (PinionSync       *sync,
           PinionSyncFolder *folder)
{
  Group *group = g_atomic_rc_box_new0 (Group);

  group->sync = g_object_ref (sync);
  group->folder = folder;
  group->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  group->arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) arrival_free);
  group->jobs = g_ptr_array_new_with_free_func (dex_unref);
  group->unavailable = g_array_new (FALSE, FALSE, sizeof (gint64));

  return group;
}

static void
group_clear (gpointer data)
{
  Group *group = data;

  g_object_unref (group->sync);
  g_hash_table_unref (group->ids);
  g_ptr_array_unref (group->arrivals);
  g_ptr_array_unref (group->jobs);
  g_array_unref (group->unavailable);
  dex_clear (&group->fetch);
}

static void
group_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, group_clear);
}

static gboolean
write_file (const char *path,
            GBytes     *bytes,
            GError    **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gsize done = 0;

  while (fd >= 0 && done < length)
    {
      gssize n = write (fd, data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        break;
      done += (gsize) n;
    }

  int failure = errno;
  if (fd >= 0 && close (fd) == 0 && done == length)
    return TRUE;

  g_unlink (path);
  return pinion_error_set (error,
                           failure == ENOSPC || failure == EDQUOT ? PINION_ERROR_DISK_FULL
                                                                  : PINION_ERROR_STORE_FAILED,
                           PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s", path,
                           g_strerror (failure));
}

/* On the parser's thread. */
static DexFuture *
parse_arrival (gpointer data)
{
  Arrival *arrival = data;
  g_autoptr (PinionMimeMessage) mime = NULL;

  if (arrival->bytes != NULL)
    {
      if (!write_file (arrival->path, arrival->bytes, &arrival->error))
        return dex_future_new_true ();
      mime = pinion_mime_message_parse_some (arrival->bytes, PINION_MIME_SNIPPET);
      g_clear_pointer (&arrival->bytes, g_bytes_unref);
    }
  else
    {
      mime = pinion_mime_message_parse_file_some (arrival->path, PINION_MIME_SNIPPET,
                                                  &arrival->error);
    }

  if (mime != NULL)
    {
      arrival->snippet = g_strdup (mime->snippet);
      arrival->has_attachments = mime->has_attachments;
      arrival->placeholder = mime->is_placeholder;
    }

  return dex_future_new_true ();
}

static DexFuture *
on_body (PinionImapMessage *message,
         gpointer           user_data)
{
  g_autoptr (PinionImapMessage) owned = message;
  Group *group = user_data;
  const gint64 *id = g_hash_table_lookup (group->ids, GUINT_TO_POINTER (message->uid));

  if (id == NULL || (message->body == NULL && message->body_path == NULL))
    return NULL;

  Arrival *arrival = g_new0 (Arrival, 1);
  arrival->message = *id;
  if (message->body != NULL)
    arrival->bytes = g_bytes_ref (message->body);
  arrival->path = message->body_path != NULL ? g_steal_pointer (&message->body_path)
                                             : pinion_store_dup_temp_path (group->sync->store);
  g_ptr_array_add (group->arrivals, arrival);

  DexFuture *job = pinion_worker_run (group->sync->parser, parse_arrival, arrival, NULL);
  g_ptr_array_add (group->jobs, dex_ref (job));

  /* Before the network goes on, the job of some messages ago has to be done. */
  if (group->jobs->len > PARSING_AT_ONCE)
    {
      dex_unref (job);
      return dex_ref (g_ptr_array_index (group->jobs, group->jobs->len - PARSING_AT_ONCE));
    }

  dex_unref (job);
  return NULL;
}

static DexFuture *
store_group (PinionStoreSession *session,
             gpointer            data)
{
  Group *group = data;

  for (guint i = 0; i < group->arrivals->len; i++)
    {
      Arrival *arrival = g_ptr_array_index (group->arrivals, i);
      PinionStoreBodyFacts facts = { arrival->snippet, arrival->has_attachments };

      if (arrival->error != NULL)
        continue;
      if (arrival->placeholder)
        {
          pinion_store_body_unavailable (session, arrival->message);
          continue;
        }
      pinion_store_body_arrived (session, arrival->message, arrival->path, &facts);
      g_clear_pointer (&arrival->path, g_free);
    }

  for (guint i = 0; i < group->unavailable->len; i++)
    pinion_store_body_unavailable (session, g_array_index (group->unavailable, gint64, i));

  return dex_future_new_true ();
}

static GError *
first_error (Group *group)
{
  for (guint i = 0; i < group->arrivals->len; i++)
    {
      const Arrival *arrival = g_ptr_array_index (group->arrivals, i);
      if (arrival->error != NULL)
        return g_error_copy (arrival->error);
    }

  return NULL;
}

/* Waits for the parser, then stores: beside the next fetch. */
static DexFuture *
store_fiber (gpointer data)
{
  Group *group = data;
  GError *error = NULL;

  for (guint i = 0; i < group->jobs->len; i++)
    pinion_await (dex_ref (g_ptr_array_index (group->jobs, i)), NULL);

  pinion_await (pinion_store_write (group->sync->store, store_group,
                                    g_atomic_rc_box_acquire (group), group_unref),
                &error);
  if (error == NULL)
    error = first_error (group);

  return error != NULL ? dex_future_new_for_error (error) : dex_future_new_true ();
}

static gboolean
finish_storing (PinionSync *self,
                GError    **error)
{
  if (self->storing == NULL)
    return TRUE;

  return pinion_await (g_steal_pointer (&self->storing), error);
}

static void
refuse_body (PinionSync *self,
             gint64      message)
{
  gint64 *key = g_new (gint64, 1);

  *key = message;
  g_hash_table_add (self->refused_bodies, key);
}

/* What was asked for and did not come is not to be had now (Exchange answers OK and nothing). */
static void
note_unavailable (Group        *group,
                  PinionUidSet *came)
{
  GHashTableIter iter;
  gpointer uid, id;

  g_hash_table_iter_init (&iter, group->ids);
  while (g_hash_table_iter_next (&iter, &uid, &id))
    {
      if (!pinion_uid_set_contains (came, GPOINTER_TO_UINT (uid)))
        {
          g_array_append_val (group->unavailable, *(gint64 *) id);
          refuse_body (group->sync, *(gint64 *) id);
        }
    }
}

static void
refuse_group (Group *group)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, group->ids);
  while (g_hash_table_iter_next (&iter, NULL, &id))
    refuse_body (group->sync, *(gint64 *) id);
}

/* More at a time where they come quickly, fewer where they do not. */
static void
adapt (PinionSync *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 took = now - self->group_came;

  self->group_came = now;
  if (took < QUICK)
    self->group_bytes = MIN (self->group_bytes * 2, MOST_BYTES);
  else if (took > SLOW)
    self->group_bytes = MAX (self->group_bytes / 2, LEAST_BYTES);
}

/* Waits for what is on its way, then stores it: beside what comes next. */
static gboolean
complete_fetch (PinionSync *self,
                GError    **error)
{
  Group *group = g_steal_pointer (&self->fetching);
  g_autoptr (GError) refused = NULL;

  if (group == NULL)
    return TRUE;

  g_autoptr (PinionUidSet) came = pinion_await_boxed (g_steal_pointer (&group->fetch), &refused);
  if (came != NULL)
    note_unavailable (group, came);
  else if (!pinion_sync_is_fatal (self, refused))
    {
      refuse_group (group);
      g_clear_error (&refused);
    }
  adapt (self);

  /* What came before an error is kept all the same. */
  gboolean stored = finish_storing (self, refused == NULL ? error : NULL);
  self->storing = pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, store_fiber, group,
                                       group_unref);
  if (refused == NULL)
    return stored;

  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

gboolean
pinion_sync_finish_bodies (PinionSync *self,
                           GError    **error)
{
  gboolean complete = complete_fetch (self, error);

  return finish_storing (self, complete ? error : NULL) && complete;
}

/* Asks for the group, without waiting for it.  %FALSE without @error where its UIDs mean nothing any
 * more. */
static gboolean
begin_fetch (PinionSync   *self,
             Group        *group,
             PinionUidSet *uids,
             GError      **error)
{
  g_autofree char *temp = pinion_store_dup_temp_path (self->store);
  g_autofree char *directory = g_path_get_dirname (temp);
  guint generation = group->folder->generation;

  if (!pinion_sync_open_folder (self, group->folder, error))
    return FALSE;

  /* Nor do those of the next groups. */
  if (group->folder->generation != generation)
    {
      g_array_set_size (self->wanted, 0);
      self->next_wanted = 0;
      return FALSE;
    }

  if (self->fetching == NULL)
    self->group_came = g_get_monotonic_time ();
  group->fetch = pinion_imap_connection_fetch_bodies (self->connection, uids, directory, on_body,
                                                      g_atomic_rc_box_acquire (group), group_unref);
  return TRUE;
}

/* Two are on their way at a time, so that the server always has something to say. */
static gboolean
send_for (PinionSync   *self,
          Group        *group,
          PinionUidSet *uids,
          GError      **error)
{
  g_autoptr (GError) refused = NULL;
  gboolean began = begin_fetch (self, group, uids, &refused);

  if (refused != NULL && !pinion_sync_is_fatal (self, refused))
    {
      refuse_group (group);
      g_clear_error (&refused);
    }

  gboolean completed = complete_fetch (self, refused == NULL ? error : NULL);
  if (began && completed)
    self->fetching = g_atomic_rc_box_acquire (group);
  if (refused == NULL)
    return completed;

  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

static gboolean
fetch_wanted (PinionSync              *self,
              const PinionStoreWanted *wanted,
              guint                    n_wanted,
              GError                 **error)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, wanted->folder_id);
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();

  if (folder == NULL)
    {
      for (guint i = 0; i < n_wanted; i++)
        refuse_body (self, wanted[i].message_id);
      return TRUE;
    }

  Group *group = group_new (self, folder);
  for (guint i = 0; i < n_wanted; i++)
    {
      g_hash_table_insert (group->ids, GUINT_TO_POINTER (wanted[i].uid),
                           g_memdup2 (&wanted[i].message_id, sizeof (gint64)));
      pinion_uid_set_add (uids, wanted[i].uid);
    }

  gboolean done = send_for (self, group, uids, error);
  group_unref (group);

  return done;
}

/* -- What the person opened ----------------------------------------------------------------- */

typedef struct
{
  gint64 message;
  PinionStoreWanted wanted;
  gboolean found;
} Location;

static DexFuture *
locate (PinionStoreSession *session,
        gpointer            data)
{
  Location *location = data;

  location->found = pinion_store_body_locate (session, location->message, &location->wanted);

  return dex_future_new_true ();
}

static gint64
pop_urgent (PinionSync *self)
{
  gint64 message = 0;

  g_mutex_lock (&self->mutex);
  if (self->urgent->len > 0)
    {
      message = g_array_index (self->urgent, gint64, self->urgent->len - 1);
      g_array_set_size (self->urgent, self->urgent->len - 1);
    }
  g_mutex_unlock (&self->mutex);

  return message;
}

gboolean
pinion_sync_urgent_step (PinionSync *self,
                         gboolean   *worked,
                         GError    **error)
{
  Location location = { .message = pop_urgent (self) };

  if (location.message == 0)
    return TRUE;

  *worked = TRUE;
  if (!pinion_sync_read (self, locate, &location, error))
    return FALSE;

  return !location.found
         || (fetch_wanted (self, &location.wanted, 1, error)
             && pinion_sync_finish_bodies (self, error));
}

/* -- The rest, newest first ----------------------------------------------------------------- */

typedef struct
{
  PinionSync *sync;
  gint64 folder;
  guint most;
} Wanting;

static DexFuture *
read_wanted (PinionStoreSession *session,
             gpointer            data)
{
  Wanting *wanting = data;
  PinionSync *self = wanting->sync;
  g_autoptr (GArray) wanted
      = pinion_store_bodies_wanted (session, self->account->id, wanting->folder,
                                    wanting->most + g_hash_table_size (self->refused_bodies));

  g_array_set_size (self->wanted, 0);
  self->next_wanted = 0;
  for (guint i = 0; i < wanted->len; i++)
    {
      const PinionStoreWanted *one = &g_array_index (wanted, PinionStoreWanted, i);

      if (!g_hash_table_contains (self->refused_bodies, &one->message_id))
        g_array_append_val (self->wanted, *one);
    }

  return dex_future_new_true ();
}

static int
compare_folder_ids (gconstpointer a,
                    gconstpointer b)
{
  const PinionStoreWanted *one = a;
  const PinionStoreWanted *two = b;

  return one->folder_id < two->folder_id ? -1 : one->folder_id > two->folder_id;
}

/* By folder, so that one FETCH gets many; recency decides between the blocks that are looked for. */
static guint
next_group (PinionSync *self)
{
  const PinionStoreWanted *first
      = &g_array_index (self->wanted, PinionStoreWanted, self->next_wanted);
  guint64 bytes = 0;
  guint n = 0;

  while (n < GROUP_MESSAGES && self->next_wanted + n < self->wanted->len
         && bytes < self->group_bytes
         && first[n].folder_id == first->folder_id)
    bytes += first[n++].size;

  return n;
}

typedef struct
{
  gint64 account;
  PinionStoreProgress progress;
} Progress;

static DexFuture *
read_progress (PinionStoreSession *session,
               gpointer            data)
{
  Progress *progress = data;

  pinion_store_get_progress (session, progress->account, &progress->progress);

  return dex_future_new_true ();
}

/* What is still being stored would be wanted again.  @folder: 0 for all */
static gboolean
look_for_wanted (PinionSync *self,
                 gint64      folder,
                 guint       most,
                 GError    **error)
{
  Wanting wanting = { self, folder, most };

  if (!pinion_sync_finish_bodies (self, error)
      || !pinion_sync_read (self, read_wanted, &wanting, error))
    return FALSE;

  g_array_sort (self->wanted, compare_folder_ids);
  self->wants_near = folder != 0;
  return TRUE;
}

/* Twice as many each time, until all are here. */
static gboolean
look_for_more (PinionSync *self,
               GError    **error)
{
  guint most = MAX (self->wanted_at_once, LEAST_WANTED);

  if (!look_for_wanted (self, 0, most, error))
    return FALSE;

  self->wanted_at_once = self->wanted->len < most ? LEAST_WANTED : MIN (2 * most, MOST_WANTED);

  return TRUE;
}

static gboolean
fetch_next_group (PinionSync *self,
                  GError    **error)
{
  guint n = next_group (self);
  const PinionStoreWanted *group
      = &g_array_index (self->wanted, PinionStoreWanted, self->next_wanted);

  self->next_wanted += n;
  return fetch_wanted (self, group, n, error);
}

static gboolean
wants_no_bodies (PinionSync *self)
{
  return self->work != PINION_SYNC_WORK_ALL || g_atomic_int_get (&self->thrifty);
}

gboolean
pinion_sync_first_bodies_step (PinionSync *self,
                               gboolean   *worked,
                               GError    **error)
{
  PinionSyncFolder *inbox = pinion_sync_find_role (self, PINION_FOLDER_ROLE_INBOX);

  /* Only once its first rows are listed, where there are any. */
  if (self->first_bodies_here
      || (inbox != NULL && !self->compared_all
          && (inbox->compare != PINION_COMPARE_NOTHING
              || (inbox->missing->len > 0 && pinion_sync_headers_done (inbox) == 0))))
    return TRUE;

  /* What is new and little comes with the next step, all of it. */
  if (wants_no_bodies (self) || (inbox != NULL && inbox->near))
    {
      self->first_bodies_here = TRUE;
      return TRUE;
    }
  if (!look_for_wanted (self, 0, FIRST_WANTED, error))
    return FALSE;

  *worked = self->wanted->len > 0;
  gboolean is_quick = *worked && inbox != NULL && pinion_sync_headers_await_quick (self, inbox);
  while (self->next_wanted < self->wanted->len)
    {
      if (!fetch_next_group (self, error))
        return FALSE;
    }
  if (self->fetching != NULL)
    pinion_sync_headers_ask_ahead (self, self->fetching->folder);

  /* Stored while the server looks for the bodies. */
  if (is_quick && !pinion_sync_headers_step (self, worked, error))
    return FALSE;

  gboolean done = pinion_sync_finish_bodies (self, error);
  self->first_bodies_here = TRUE;

  return done;
}

/* Returns: (nullable), with all headers here. */
static PinionSyncFolder *
find_near (PinionSync *self)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->near && folder->compare == PINION_COMPARE_NOTHING
          && folder->next >= folder->missing->len && folder->ahead.length == 0
          && pinion_sync_folder_is_open (self, folder))
        return folder;
    }

  return NULL;
}

/* Newest first, so many as are little; the rest waits for its turn. */
static void
cut_near (GArray *wanted)
{
  guint64 bytes = 0;
  guint n = 0;

  while (n < wanted->len && bytes < NEAR_BYTES)
    bytes += g_array_index (wanted, PinionStoreWanted, n++).size;
  g_array_set_size (wanted, n);
}

gboolean
pinion_sync_near_bodies_step (PinionSync *self,
                              gboolean   *worked,
                              GError    **error)
{
  if (wants_no_bodies (self))
    return TRUE;

  if (!self->wants_near || self->next_wanted >= self->wanted->len)
    {
      PinionSyncFolder *folder = find_near (self);

      if (folder == NULL)
        return TRUE;
      folder->near = FALSE;
      if (!pinion_sync_finish_headers (self, error)
          || !look_for_wanted (self, folder->folder->id, NEAR_WANTED, error))
        return FALSE;
      cut_near (self->wanted);
    }
  if (self->wanted->len == 0)
    return TRUE;

  *worked = TRUE;
  return fetch_next_group (self, error);
}

gboolean
pinion_sync_bodies_step (PinionSync *self,
                         gboolean   *worked,
                         GError    **error)
{
  if (wants_no_bodies (self))
    return TRUE;
  if (self->next_wanted >= self->wanted->len && !look_for_more (self, error))
    return FALSE;
  if (self->wanted->len == 0)
    return TRUE;

  *worked = TRUE;
  Progress progress = { .account = self->account->id };
  if (!pinion_sync_read (self, read_progress, &progress, error))
    return FALSE;
  pinion_sync_report (self, PINION_SYNC_PHASE_WORKING, NULL,
                      (guint) progress.progress.bodies_here, (guint) progress.progress.messages,
                      FALSE);

  return fetch_next_group (self, error);
}
