/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comparing a folder by what the server says has changed since last time (RFC 7162), where it keeps
 * count of that: the cost follows what changed, not what there is. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
gboolean
pinion_sync_covers_range (PinionSync             *self,
                          const PinionSyncFolder *folder)
{
  return folder->uids.since
         <= pinion_history_get_start (self->account->history, pinion_sync_now (),
                                      self->account->created);
}

gboolean
pinion_sync_ask_changes (PinionSync        *self,
                         PinionSyncFolder  *folder,
                         PinionImapResync **resync,
                         GError           **error)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);
  guint64 since = folder->uids.highestmodseq;
  guint64 now = selected->highestmodseq;
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (PinionImapResync) answer = NULL;
  g_autoptr (GError) refused = NULL;

  *resync = NULL;
  if (folder->compare != PINION_COMPARE_ALL || since == 0 || now == 0 || since > now
      || folder->uids.uidvalidity != selected->uidvalidity
      || !pinion_sync_covers_range (self, folder))
    return TRUE;

  answer = pinion_await_boxed (pinion_imap_connection_fetch_changes (self->connection, all, since),
                               &refused);
  if (answer == NULL && !pinion_error_is (refused, PINION_ERROR_REFUSED))
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  if (answer != NULL && answer->kind != PINION_IMAP_RESYNC_NONE)
    {
      /* Removals count too, but carry no number of their own. */
      answer->modseq = MAX (answer->modseq, now);
      *resync = g_steal_pointer (&answer);
    }

  return TRUE;
}

/* How many messages came since, whether or not they are within the history range. */
static guint
count_new (const PinionSyncFolder *folder,
           const PinionImapResync *resync)
{
  guint n = 0;

  for (guint i = 0; i < resync->changed->len; i++)
    n += g_array_index (resync->changed, PinionImapUidFlags, i).uid >= folder->uids.uidnext;

  return n;
}

/* Whether one came in since by what was done here, and was away before it was ever compared: the
 * server would have named it, and no count knows of it. */
static gboolean
has_unnamed (const PinionSyncFolder *folder,
             GArray                 *known,
             GArray                 *changed)
{
  for (guint k = known->len, c = changed->len; k > 0; k--)
    {
      guint32 uid = g_array_index (known, PinionKnown, k - 1).uid;

      if (uid < folder->uids.uidnext)
        return FALSE;
      while (c > 0 && g_array_index (changed, PinionImapUidFlags, c - 1).uid > uid)
        c--;
      if (c == 0 || g_array_index (changed, PinionImapUidFlags, c - 1).uid != uid)
        return TRUE;
    }

  return FALSE;
}

/* Without QRESYNC the server does not say what is gone; that nothing is, the counts tell.
 * Returns: (transfer full) (nullable) */
static PinionUidSet *
find_vanished (PinionSync             *self,
               const PinionSyncFolder *folder,
               GArray                 *known,
               const PinionImapResync *resync,
               GError                **error)
{
  if (resync->kind == PINION_IMAP_RESYNC_ALL)
    return pinion_uid_set_ref (resync->vanished);

  if (folder->uids.uidnext != 0 && !has_unnamed (folder, known, resync->changed)
      && resync->selected->exists == folder->uids.server_total + count_new (folder, resync))
    return pinion_uid_set_new ();

  g_autoptr (GArray) there = pinion_await_boxed (
      pinion_imap_connection_search (self->connection, pinion_imap_search_new ()), error);
  if (there == NULL)
    return NULL;

  PinionUidSet *gone = pinion_uid_set_new ();
  for (guint k = 0, t = 0; k < known->len; k++)
    {
      guint32 uid = g_array_index (known, PinionKnown, k).uid;

      while (t < there->len && g_array_index (there, guint32, t) < uid)
        t++;
      if (t == there->len || g_array_index (there, guint32, t) != uid)
        pinion_uid_set_add (gone, uid);
    }

  return gone;
}

/* Leaves out what is not within the history range. */
static gboolean
apply_range (PinionSync       *self,
             PinionSyncFolder *folder,
             PinionSyncPlan   *plan,
             GError          **error)
{
  PinionHistory history = self->account->history;
  gint64 start
      = pinion_history_get_start (history, pinion_sync_now (), self->account->created);
  g_autoptr (PinionUidSet) within = NULL;

  if (start == G_MININT64 || plan->missing->len == 0)
    return TRUE;

  if (history == PINION_HISTORY_NONE)
    {
      within = pinion_uid_set_new_range (MAX (folder->uids.uidnext, 1), PINION_UID_MAX);
    }
  else
    {
      PinionImapSearch *search = pinion_imap_search_new ();
      g_autoptr (PinionUidSet) missing = pinion_uid_set_new_from_array (
          (const guint32 *) plan->missing->data, plan->missing->len);

      pinion_imap_search_add_since (search, start);
      pinion_imap_search_set_uids (search, missing);
      g_autoptr (GArray) found = pinion_await_boxed (
          pinion_imap_connection_search (self->connection, search), error);
      if (found == NULL)
        return FALSE;
      within = pinion_uid_set_new_from_array ((const guint32 *) found->data, found->len);
      pinion_sync_add_awaited (folder, within);
    }

  pinion_sync_plan_restrict (plan, within);
  return TRUE;
}

PinionSyncPlan *
pinion_sync_plan_changes (PinionSync             *self,
                          PinionSyncFolder       *folder,
                          GArray                 *known,
                          const PinionImapResync *resync,
                          GError                **error)
{
  g_autoptr (PinionUidSet) vanished = find_vanished (self, folder, known, resync, error);
  g_autoptr (PinionSyncPlan) plan = NULL;

  if (vanished == NULL)
    return NULL;

  plan = pinion_sync_plan_new_from_changes (resync->changed, known, vanished);
  if (!apply_range (self, folder, plan, error))
    return NULL;

  return g_steal_pointer (&plan);
}
