/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed since last time: CONDSTORE and QRESYNC (RFC 7162). */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
/* Gone messages are said as ranges; no mailbox has so many holes. */
#define MAX_RANGES 4000000

/* -- News ------------------------------------------------------------------------------------ */

PinionImapNews *
pinion_imap_news_new (PinionImapConnection *self)
{
  PinionImapNews *news = g_rc_box_new0 (PinionImapNews);

  news->n_malformed = pinion_imap_connection_get_n_malformed (self);
  news->changed = g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags));
  news->vanished = g_array_new (FALSE, FALSE, sizeof (PinionUidRange));

  return news;
}

PinionImapNews *
pinion_imap_news_ref (PinionImapNews *self)
{
  return g_rc_box_acquire (self);
}

static void
news_clear (gpointer data)
{
  PinionImapNews *self = data;

  g_array_unref (self->changed);
  g_array_unref (self->vanished);
}

void
pinion_imap_news_unref (PinionImapNews *self)
{
  g_rc_box_release_full (self, news_clear);
}

void
pinion_imap_news_reset (PinionImapNews *self)
{
  g_array_set_size (self->changed, 0);
  g_array_set_size (self->vanished, 0);
  self->incomplete = FALSE;
}

static void
take_vanished (PinionImapNews           *self,
               const PinionImapResponse *response)
{
  g_autoptr (PinionUidSet) set = NULL;
  const PinionUidRange *ranges;
  gsize n_ranges;

  set = pinion_uid_set_parse (response->text.data, (gssize) response->text.length);
  if (set == NULL)
    {
      self->incomplete = TRUE;
      return;
    }

  ranges = pinion_uid_set_get_ranges (set, &n_ranges);
  if (self->vanished->len + n_ranges > MAX_RANGES)
    self->incomplete = TRUE;
  else
    g_array_append_vals (self->vanished, ranges, (guint) n_ranges);
}

gboolean
pinion_imap_news_take (PinionImapNews          *self,
                       PinionImapResponse      *response,
                       const PinionImapFetched *fetched)
{
  PinionImapUidFlags found;

  if (response->kind == PINION_IMAP_RESPONSE_VANISHED)
    {
      take_vanished (self, response);
      return TRUE;
    }

  if (fetched == NULL)
    return FALSE;
  if (fetched->uid == 0 || !fetched->has_flags)
    {
      self->incomplete = TRUE;
      return FALSE;
    }

  found = (PinionImapUidFlags){ fetched->uid, fetched->flags, fetched->modseq };
  g_array_append_val (self->changed, found);

  return TRUE;
}

static int
compare_uid_flags (gconstpointer a,
                   gconstpointer b)
{
  const PinionImapUidFlags *one = a;
  const PinionImapUidFlags *other = b;

  return (one->uid > other->uid) - (one->uid < other->uid);
}

void
pinion_imap_uid_flags_settle (GArray *flags)
{
  PinionImapUidFlags *all = (PinionImapUidFlags *) (gpointer) flags->data;
  guint kept = 0;

  /* Stable, so that what was said last stays last. */
  g_array_sort (flags, compare_uid_flags);
  for (guint i = 0; i < flags->len; i++)
    {
      if (kept > 0 && all[kept - 1].uid == all[i].uid)
        kept--;
      all[kept++] = all[i];
    }
  g_array_set_size (flags, kept);
}

/* @known: (nullable) of what is gone, only these.  @modseq: what was asked from.
 * Returns: (transfer full) */
static PinionImapResync *
make_resync (PinionImapConnection     *self,
             const PinionImapSelected *selected,
             PinionImapNews           *news,
             PinionImapResyncKind      kind,
             const PinionUidSet       *known,
             guint64                   modseq)
{
  PinionImapResync *resync = g_new0 (PinionImapResync, 1);
  g_autoptr (PinionUidSet) vanished = NULL;

  if (news->incomplete || pinion_imap_connection_get_n_malformed (self) != news->n_malformed)
    kind = PINION_IMAP_RESYNC_NONE;

  pinion_imap_uid_flags_settle (news->changed);
  vanished = pinion_uid_set_new_from_ranges (
      (const PinionUidRange *) (gconstpointer) news->vanished->data,
      kind == PINION_IMAP_RESYNC_ALL ? news->vanished->len : 0);

  resync->kind = kind;
  resync->selected = pinion_imap_selected_copy (selected);
  resync->changed = g_array_ref (news->changed);
  resync->vanished = known != NULL ? pinion_uid_set_intersect (vanished, known)
                                   : pinion_uid_set_ref (vanished);
  resync->modseq = modseq;
  if (kind != PINION_IMAP_RESYNC_NONE)
    for (guint i = 0; i < news->changed->len; i++)
      resync->modseq = MAX (resync->modseq,
                            g_array_index (news->changed, PinionImapUidFlags, i).modseq);

  return resync;
}

/* -- Fetching changes ------------------------------------------------------------------------ */

typedef struct
{
  PinionUidSet *uids;
  PinionImapNews *news;
  guint64 since;
} ChangesFetch;

static void
changes_fetch_clear (gpointer data)
{
  ChangesFetch *fetch = data;

  pinion_uid_set_unref (fetch->uids);
  pinion_imap_news_unref (fetch->news);
}

static void
changes_fetch_unref (gpointer data)
{
  g_rc_box_release_full (data, changes_fetch_clear);
}

static gboolean
on_changes_data (PinionImapCommand       *command,
                 PinionImapResponse      *response,
                 const PinionImapFetched *fetched)
{
  ChangesFetch *fetch = command->data;

  if (response->kind == PINION_IMAP_RESPONSE_VANISHED)
    /* Without EARLIER it is news of now, for the list of changes. */
    return response->number != 0 && pinion_imap_news_take (fetch->news, response, NULL);

  if (fetched == NULL || !fetched->has_flags || fetched->has_header || fetched->has_body ||
      !pinion_uid_set_contains (fetch->uids, fetched->uid))
    return FALSE;

  return pinion_imap_news_take (fetch->news, response, fetched);
}

static DexFuture *
finish_changes (PinionImapConnection *self,
                gpointer              data)
{
  ChangesFetch *fetch = data;
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  PinionImapResyncKind kind = PINION_IMAP_RESYNC_CHANGED;

  if (selected == NULL)
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED, "The mailbox was left");
  if (pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_QRESYNC))
    kind = PINION_IMAP_RESYNC_ALL;

  return dex_future_new_take_boxed (PINION_TYPE_IMAP_RESYNC,
                                    make_resync (self, selected, fetch->news, kind, NULL,
                                                 fetch->since));
}

gboolean
pinion_imap_connection_has_modseq (PinionImapConnection *self)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);

  return selected != NULL && selected->highestmodseq != 0 &&
         pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_CONDSTORE);
}

DexFuture *
pinion_imap_connection_fetch_changes (PinionImapConnection *self,
                                      PinionUidSet         *uids,
                                      guint64               since)
{
  g_autoptr (GPtrArray) pieces = NULL;
  g_autofree char *modifiers = NULL;
  GPtrArray *commands;
  ChangesFetch *fetch;

  /* With NOMODSEQ it would be an error (RFC 7162, 3.1.2.2). */
  if (since == 0 || since > G_MAXINT64 || !pinion_imap_connection_has_modseq (self))
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED,
                                          "There are no modification sequences");

  fetch = g_rc_box_new0 (ChangesFetch);
  fetch->uids = pinion_uid_set_ref (uids);
  fetch->news = pinion_imap_news_new (self);
  fetch->since = since;

  commands = pinion_imap_command_list_new ();
  pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, 0);
  modifiers = g_strdup_printf (
      "(CHANGEDSINCE %" G_GUINT64_FORMAT "%s)", since,
      pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_QRESYNC) ? " VANISHED" : "");
  for (guint i = 0; i < pieces->len; i++)
    {
      PinionImapCommand *command;
      g_autofree char *text = pinion_uid_set_to_string (g_ptr_array_index (pieces, i));

      command = pinion_imap_command_new ("UID FETCH", PINION_IMAP_ASKED_ANYTHING, 0);
      pinion_imap_command_add (command, text);
      pinion_imap_command_add (command, "(UID FLAGS)");
      pinion_imap_command_add (command, modifiers);
      command->untagged = on_changes_data;
      pinion_imap_command_set_data (command, g_rc_box_acquire (fetch), changes_fetch_unref);
      g_ptr_array_add (commands, command);
    }

  return pinion_imap_connection_join (self, commands, finish_changes, fetch, changes_fetch_unref);
}

/* -- Opening again --------------------------------------------------------------------------- */

typedef struct
{
  PinionImapConnection *connection;
  char *raw_name;
  gboolean read_only;
  PinionImapKnown known;
} Reopening;

static void
reopening_free (gpointer data)
{
  Reopening *reopening = data;

  g_object_unref (reopening->connection);
  g_free (reopening->raw_name);
  g_clear_pointer (&reopening->known.uids, pinion_uid_set_unref);
  g_free (reopening);
}

/* Whether what is remembered is a state the mailbox once had. */
static gboolean
can_resume (const PinionImapKnown    *known,
            const PinionImapSelected *selected)
{
  return known->modseq != 0 && known->uidvalidity == selected->uidvalidity &&
         known->modseq <= selected->highestmodseq;
}

/* With CONDSTORE alone the changes are asked for afterwards; what is gone is not said. */
static DexFuture *
fetch_since (PinionImapConnection *self,
             Reopening            *reopening)
{
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();

  return pinion_imap_connection_fetch_changes (self, all, reopening->known.modseq);
}

static DexFuture *
reopen_fiber (gpointer data)
{
  Reopening *reopening = data;
  PinionImapConnection *self = reopening->connection;
  const PinionImapKnown *known = &reopening->known;
  gboolean quick = pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_QRESYNC);
  PinionImapNews *news = pinion_imap_news_new (self);
  PinionImapResyncKind kind = PINION_IMAP_RESYNC_NONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapSelected) selected = NULL;
  g_autoptr (PinionImapResync) resync = NULL;
  PinionImapCommand *command;

  command = pinion_imap_connection_make_select (self, reopening->raw_name, reopening->read_only,
                                                quick ? known : NULL, news);
  selected = pinion_await_boxed (pinion_imap_connection_send (self, command), &error);
  if (selected != NULL && can_resume (known, selected))
    {
      if (quick)
        kind = PINION_IMAP_RESYNC_ALL;
      else if (known->modseq == selected->highestmodseq)
        kind = PINION_IMAP_RESYNC_CHANGED;
      else
        resync = pinion_await_boxed (fetch_since (self, reopening), &error);

      /* The mailbox is open all the same; everything is compared then. */
      if (pinion_error_is (error, PINION_ERROR_REFUSED))
        g_clear_error (&error);
    }

  if (resync == NULL && error == NULL)
    resync = make_resync (self, selected, news, kind, known->uids, selected->highestmodseq);
  else if (resync != NULL)
    resync->modseq = MAX (resync->modseq, selected->highestmodseq);
  pinion_imap_news_unref (news);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (PINION_TYPE_IMAP_RESYNC, g_steal_pointer (&resync));
}

DexFuture *
pinion_imap_connection_select_known (PinionImapConnection  *self,
                                     const char            *raw_name,
                                     gboolean               read_only,
                                     const PinionImapKnown *known)
{
  Reopening *reopening = g_new0 (Reopening, 1);

  reopening->connection = g_object_ref (self);
  reopening->raw_name = g_strdup (raw_name);
  reopening->read_only = read_only;
  reopening->known = *known;
  if (known->uids != NULL)
    pinion_uid_set_ref (known->uids);

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, reopen_fiber, reopening,
                              reopening_free);
}
