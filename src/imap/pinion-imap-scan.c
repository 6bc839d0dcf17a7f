/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The flags of a large mailbox without a line for each message: who is there, and who has each
 * flag, as searches (RFC 3501, 6.4.4).  For servers without CONDSTORE, as Exchange. */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
#include "pinion-imap-search-private.h"

/* Below that, a line for each is as quick. */
#define FEW_MESSAGES 500

/* Above that, one answer after the other is enough to keep; and where answers do not name their
 * question, a server may have to wait in the midst of longer ones and go on with the next question. */
#define MOST_TOGETHER 500000
#define MOST_UNNAMED 4000

/* No mailbox has so many, whatever a server says. */
#define MAX_MESSAGES 4000000

/* @flag: 0 for all messages.  @set: whether those that have it are asked for, or the others, of
 * whom there are mostly fewer.  Keywords only where the mailbox keeps them. */
static const struct
{
  PinionImapFlags flag;
  const char *name;
  gboolean set;
} QUESTIONS[] = {
  { 0, NULL, FALSE },
  { PINION_IMAP_FLAG_SEEN, "\\Seen", FALSE },
  { PINION_IMAP_FLAG_ANSWERED, "\\Answered", TRUE },
  { PINION_IMAP_FLAG_FLAGGED, "\\Flagged", TRUE },
  { PINION_IMAP_FLAG_DELETED, "\\Deleted", TRUE },
  { PINION_IMAP_FLAG_DRAFT, "\\Draft", TRUE },
  { PINION_IMAP_FLAG_FORWARDED, "$Forwarded", TRUE },
  { PINION_IMAP_FLAG_MDN_SENT, "$MDNSent", TRUE },
  { PINION_IMAP_FLAG_JUNK, "$Junk", TRUE },
  { PINION_IMAP_FLAG_JUNK, "Junk", TRUE },
  { PINION_IMAP_FLAG_NOT_JUNK, "$NotJunk", TRUE },
  { PINION_IMAP_FLAG_NOT_JUNK, "NonJunk", TRUE },
};

typedef struct
{
  PinionImapConnection *connection;
  PinionUidSet *uids;
} Scan;

static void
scan_free (gpointer data)
{
  Scan *scan = data;

  g_object_unref (scan->connection);
  pinion_uid_set_unref (scan->uids);
  g_free (scan);
}

static DexFuture *
ask (Scan    *scan,
     guint    question,
     gboolean together)
{
  PinionImapSearch *search = pinion_imap_search_new ();

  search->group = together ? scan : NULL;
  if (QUESTIONS[question].name != NULL)
    pinion_imap_search_add_flag (search, QUESTIONS[question].name, QUESTIONS[question].set);
  if (pinion_uid_set_get_size (scan->uids) != PINION_UID_MAX)
    pinion_imap_search_set_uids (search, scan->uids);

  return pinion_imap_connection_search_set (scan->connection, search);
}

static void
apply (GArray             *flags,
       const PinionUidSet *found,
       guint               question)
{
  for (guint i = 0; i < flags->len; i++)
    {
      PinionImapUidFlags *one = &g_array_index (flags, PinionImapUidFlags, i);

      if (pinion_uid_set_contains (found, one->uid) == QUESTIONS[question].set)
        one->flags |= QUESTIONS[question].flag;
    }
}

/* Returns: (transfer full) (nullable), %NULL where there are more than there can be. */
static GArray *
begin_with (const PinionUidSet       *there,
            const PinionImapSelected *selected)
{
  GArray *flags;
  g_autoptr (GArray) uids = NULL;

  if (selected == NULL ||
      pinion_uid_set_get_size (there) > MIN (selected->exists, MAX_MESSAGES))
    return NULL;

  uids = pinion_uid_set_to_array (there, selected->exists);
  flags = g_array_sized_new (FALSE, TRUE, sizeof (PinionImapUidFlags), uids->len);
  g_array_set_size (flags, uids->len);
  for (guint i = 0; i < uids->len; i++)
    g_array_index (flags, PinionImapUidFlags, i).uid = g_array_index (uids, guint32, i);

  return flags;
}

/* @futures: NULL for a question that is not asked.  %NULL without an error where it has to be fetched
 * after all. */
static GArray *
take_answers (Scan      *scan,
              GPtrArray *futures,
              GError   **error)
{
  g_autoptr (GArray) flags = NULL;

  for (guint i = 0; i < futures->len; i++)
    {
      DexFuture *future = g_steal_pointer (&futures->pdata[i]);
      g_autoptr (PinionUidSet) found = NULL;

      if (future == NULL)
        continue;

      found = pinion_await_boxed (future, error);
      if (found != NULL && i == 0)
        flags = begin_with (found, pinion_imap_connection_get_selected (scan->connection));
      if (found == NULL || flags == NULL)
        return NULL;
      if (i > 0)
        apply (flags, found, i);
    }

  return g_steal_pointer (&flags);
}

static void
clear_future (gpointer data)
{
  if (data != NULL)
    dex_unref (data);
}

/* @together: no question waits for the answer to another one. */
static GArray *
scan_flags (Scan    *scan,
            gboolean together,
            GError **error)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (scan->connection);
  PinionImapFlags kept = PINION_IMAP_FLAGS_SYSTEM;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (clear_future);

  if (selected != NULL)
    kept |= selected->permanent_flags;
  for (guint i = 0; i < G_N_ELEMENTS (QUESTIONS); i++)
    {
      gboolean is_asked = QUESTIONS[i].name == NULL || (QUESTIONS[i].flag & kept) != 0;

      g_ptr_array_add (futures, is_asked ? ask (scan, i, together) : NULL);
    }

  return take_answers (scan, futures, error);
}

/* An answer need not name its question (RFC 3501), but servers give them in turn, each with its end;
 * it is noticed where one does not. */
static gboolean
may_ask_together (PinionImapConnection *self)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  gboolean named = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_ESEARCH);

  return !self->mixes_answers && selected != NULL
         && selected->exists <= (named ? MOST_TOGETHER : MOST_UNNAMED);
}

static DexFuture *
scan_fiber (gpointer data)
{
  Scan *scan = data;
  PinionImapConnection *connection = scan->connection;
  gboolean together = may_ask_together (connection);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) flags = scan_flags (scan, together, &error);

  if (flags == NULL && together && connection->mixes_answers)
    {
      g_clear_error (&error);
      flags = scan_flags (scan, FALSE, &error);
    }
  if (error != NULL && !pinion_error_is (error, PINION_ERROR_REFUSED))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (flags == NULL)
    return pinion_imap_connection_fetch_flags (connection, scan->uids);

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_steal_pointer (&flags));
}

DexFuture *
pinion_imap_connection_scan_flags (PinionImapConnection *self,
                                   PinionUidSet         *uids)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  Scan *scan;

  if (selected == NULL || selected->exists < FEW_MESSAGES ||
      pinion_uid_set_get_size (uids) < FEW_MESSAGES)
    return pinion_imap_connection_fetch_flags (self, uids);

  scan = g_new0 (Scan, 1);
  scan->connection = g_object_ref (self);
  scan->uids = pinion_uid_set_ref (uids);

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, scan_fiber, scan, scan_free);
}
