/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-threads.h"

#include "pinion-store-intake.h"
#include "pinion-store-keys.h"
#include "pinion-store-session.h"

/* A thread does not grow beyond this, else what touches it would cost ever more; the talk goes on in
 * a new one.  And a mail that names everything joins nothing. */
#define MOST_MESSAGES 4000

/* The threads that the hashes belong to, oldest first; hashes that belong to none stay in
 * @hashes. */
static GArray *
find_threads (PinionStoreSession *session,
              gint64              account,
              GArray             *hashes)
{
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_unknown = 0;

  for (guint i = 0; i < hashes->len; i++)
    {
      gint64 hash = g_array_index (hashes, gint64, i);
      gint64 thread = pinion_store_intake_find_thread (session, account, hash);

      if (thread != 0)
        g_array_append_val (threads, thread);
      else
        g_array_index (hashes, gint64, n_unknown++) = hash;
    }
  g_array_set_size (hashes, n_unknown);
  pinion_store_ids_settle (threads);

  return threads;
}

static gint64
count_messages (PinionStoreSession *session,
                gint64              thread)
{
  return pinion_sql_get (session, "SELECT count(*) FROM message WHERE thread_id = ?",
                         sql_int (thread));
}

/* A thread of this transaction has no other messages than those of this transaction: joined is the
 * oldest, and that is none of them where it is not full. */
static gboolean
is_full (PinionStoreSession *session,
         gint64              thread)
{
  gboolean is_new = session->new_threads != 0 && thread >= session->new_threads;

  if (is_new && session->n_threaded < MOST_MESSAGES)
    return FALSE;

  if (count_messages (session, thread) + pinion_store_intake_count_waiting (session)
      < MOST_MESSAGES)
    return FALSE;

  pinion_store_intake_write (session);
  return count_messages (session, thread) >= MOST_MESSAGES;
}

static void
join (PinionStoreSession *session,
      gint64              thread,
      gint64              other)
{
  if (other == thread
      || count_messages (session, thread) + count_messages (session, other) > MOST_MESSAGES)
    return;

  pinion_store_intake_write (session);
  g_hash_table_remove_all (session->references);
  pinion_sql_run (session, "UPDATE message SET thread_id = ? WHERE thread_id = ?",
                  sql_int (thread), sql_int (other));
  pinion_sql_run (session, "UPDATE reference SET thread_id = ? WHERE thread_id = ?",
                  sql_int (thread), sql_int (other));
  pinion_store_session_dirty (session, thread);
  pinion_store_session_dirty (session, other);
}

/* The oldest of @threads that is not full; a new one if there is none. */
static gint64
choose (PinionStoreSession *session,
        gint64              account,
        GArray             *threads)
{
  for (guint i = 0; i < threads->len; i++)
    {
      gint64 thread = g_array_index (threads, gint64, i);

      if (!is_full (session, thread))
        return thread;
    }

  gint64 thread = pinion_store_intake_add_thread (session, account);

  if (session->new_threads == 0)
    session->new_threads = thread;

  return thread;
}

static GArray *
list_references (const PinionStoreHeader *header)
{
  const PinionStoreKeys *keys = header->keys;

  if (keys == NULL)
    return pinion_store_hash_references (header);

  GArray *hashes = g_array_sized_new (FALSE, FALSE, sizeof (gint64), keys->n_references);

  return g_array_append_vals (hashes, keys->references, keys->n_references);
}

gint64
pinion_store_thread_for (PinionStoreSession      *session,
                         gint64                   account_id,
                         const PinionStoreHeader *header)
{
  g_autoptr (GArray) hashes = list_references (header);
  g_autoptr (GArray) threads = find_threads (session, account_id, hashes);
  gint64 thread = choose (session, account_id, threads);

  for (guint i = 0; i < threads->len; i++)
    join (session, thread, g_array_index (threads, gint64, i));

  for (guint i = 0; i < hashes->len; i++)
    pinion_store_intake_add_reference (session, account_id, g_array_index (hashes, gint64, i),
                                       thread);
  session->n_threaded++;

  return thread;
}

gboolean
pinion_store_threads_are_full (PinionStoreSession *session,
                               gint64              thread,
                               gint64              other)
{
  return count_messages (session, thread) + count_messages (session, other) > MOST_MESSAGES / 2;
}
