/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists: each view is one range of the index (view_id, date, thread_id); one over several accounts
 * is the merge of theirs. */

#include "pinion-store-view.h"

#include "pinion-store-counters.h"

static void
add_virtual (GArray             *ids,
             gint64              account,
             PinionStoreViewKind kind)
{
  static const PinionStoreVirtual virtuals[] = {
    [PINION_STORE_VIEW_ALL] = PINION_STORE_VIRTUAL_ALL,
    [PINION_STORE_VIEW_STARRED] = PINION_STORE_VIRTUAL_STARRED,
    [PINION_STORE_VIEW_DRAFTS] = PINION_STORE_VIRTUAL_DRAFTS,
    [PINION_STORE_VIEW_SNOOZED] = PINION_STORE_VIRTUAL_SNOOZED,
  };
  gint64 id = pinion_store_virtual_view (account, virtuals[kind]);

  g_array_append_val (ids, id);
}

/* The ids that @view is made of. */
static GArray *
get_ids (PinionStoreSession *session,
         PinionStoreView     view)
{
  if (view.kind == PINION_STORE_VIEW_INBOX)
    return pinion_sql_ids (session,
                           "SELECT id FROM folder WHERE role = ?1 AND (?2 = 0 OR account_id = ?2)",
                           sql_int (PINION_FOLDER_ROLE_INBOX), sql_int (view.id));

  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (view.kind == PINION_STORE_VIEW_FOLDER)
    {
      g_array_append_val (ids, view.id);
      return ids;
    }

  if (view.id != 0)
    {
      add_virtual (ids, view.id, view.kind);
      return ids;
    }

  g_autoptr (GArray) accounts = pinion_sql_ids (session, "SELECT id FROM account");
  for (guint i = 0; i < accounts->len; i++)
    add_virtual (ids, g_array_index (accounts, gint64, i), view.kind);

  return ids;
}

gboolean
pinion_store_view_is_changed (PinionStoreSession *session,
                              PinionStoreView     view,
                              PinionStoreChanges *changes)
{
  g_autoptr (GArray) ids = get_ids (session, view);

  if (changes->everything)
    return TRUE;

  for (guint i = 0; i < ids->len; i++)
    {
      if (pinion_store_ids_contain (changes->views, g_array_index (ids, gint64, i)))
        return TRUE;
    }

  return FALSE;
}

static void
append_page (PinionStoreSession      *session,
             gint64                   id,
             const PinionStoreCursor *before,
             gint64                   limit,
             GArray                  *page)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT date, thread_id FROM thread_view INDEXED BY thread_view_list"
    " WHERE view_id = ? AND (date, thread_id) < (?, ?)"
    " ORDER BY date DESC, thread_id DESC LIMIT ?",
    sql_int (id), sql_int (before != NULL ? before->date : G_MAXINT64),
    sql_int (before != NULL ? before->thread_id : G_MAXINT64), sql_int (limit));

  while (pinion_query_next (&query))
    {
      PinionStoreCursor place = { pinion_query_int (&query, 0), pinion_query_int (&query, 1) };
      g_array_append_val (page, place);
    }
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const PinionStoreCursor *x = a;
  const PinionStoreCursor *y = b;

  if (x->date != y->date)
    return x->date > y->date ? -1 : 1;

  return x->thread_id > y->thread_id ? -1 : x->thread_id < y->thread_id;
}

/* @limit: negative for all. */
static GArray *
get_page (PinionStoreSession      *session,
          PinionStoreView          view,
          const PinionStoreCursor *before,
          gint64                   limit)
{
  GArray *page = g_array_new (FALSE, FALSE, sizeof (PinionStoreCursor));
  g_autoptr (GArray) ids = get_ids (session, view);

  for (guint i = 0; i < ids->len; i++)
    append_page (session, g_array_index (ids, gint64, i), before, limit, page);

  if (ids->len > 1)
    g_array_sort (page, compare_places);
  if (limit >= 0 && page->len > limit)
    g_array_set_size (page, (guint) limit);

  return page;
}

GArray *
pinion_store_view_page (PinionStoreSession      *session,
                        PinionStoreView          view,
                        const PinionStoreCursor *before,
                        guint                    limit)
{
  return get_page (session, view, before, limit);
}

GArray *
pinion_store_view_list (PinionStoreSession *session,
                        PinionStoreView     view)
{
  g_autoptr (GArray) page = get_page (session, view, NULL, -1);
  GArray *threads = g_array_sized_new (FALSE, FALSE, sizeof (gint64), page->len);

  for (guint i = 0; i < page->len; i++)
    g_array_append_val (threads, g_array_index (page, PinionStoreCursor, i).thread_id);

  return threads;
}

void
pinion_store_view_get_counts (PinionStoreSession *session,
                              PinionStoreView     view,
                              PinionStoreCounts  *counts)
{
  g_autoptr (GArray) ids = get_ids (session, view);

  *counts = (PinionStoreCounts) { 0 };
  for (guint i = 0; i < ids->len; i++)
    {
      g_auto (PinionQuery) query = pinion_query (
        session, "SELECT threads, messages, unread FROM view_total WHERE view_id = ?",
        sql_int (g_array_index (ids, gint64, i)));

      if (pinion_query_next (&query))
        {
          counts->threads += pinion_query_int (&query, 0);
          counts->messages += pinion_query_int (&query, 1);
          counts->unread += pinion_query_int (&query, 2);
        }
    }
}
