/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-view.h"

#include <string.h>

#include "pinion-imap-uid-set.h"

/* More than that is told as "compare all". */
#define MAX_CHANGES 50000

/* UIDs are remembered for the first so many messages: 16 MB, whatever count is announced. */
#define MAX_KNOWN 4000000

/* @known: the UID behind each sequence number, 0 where it was not said. */
struct _PinionImapView
{
  PinionImapSelected selected;
  gboolean open;
  GArray *known;
  GArray *changes;
  gboolean resync;
};

PinionImapView *
pinion_imap_view_new (const char *raw_name,
                      gboolean    read_only)
{
  PinionImapView *self = g_new0 (PinionImapView, 1);

  self->selected.raw_name = g_strdup (raw_name);
  self->selected.permanent_flags = PINION_IMAP_FLAGS_SYSTEM;
  self->selected.read_only = read_only;
  self->known = g_array_new (FALSE, TRUE, sizeof (guint32));
  self->changes = g_array_new (FALSE, FALSE, sizeof (PinionImapChange));

  return self;
}

void
pinion_imap_view_free (PinionImapView *self)
{
  g_free (self->selected.raw_name);
  g_array_unref (self->known);
  g_array_unref (self->changes);
  g_free (self);
}

void
pinion_imap_view_open (PinionImapView *self,
                       gboolean        read_only)
{
  self->open = TRUE;
  self->selected.read_only |= read_only;
}

gboolean
pinion_imap_view_is_open (PinionImapView *self)
{
  return self->open;
}

const PinionImapSelected *
pinion_imap_view_get_selected (PinionImapView *self)
{
  return &self->selected;
}

/* -- Changes --------------------------------------------------------------------------------- */

static void
add_change (PinionImapView  *self,
            PinionImapChange change)
{
  if (!self->open || self->resync)
    return;

  if (self->changes->len >= MAX_CHANGES)
    change = (PinionImapChange){ .kind = PINION_IMAP_CHANGE_RESYNC };
  if (change.kind == PINION_IMAP_CHANGE_RESYNC)
    {
      /* Says more than all that came before. */
      g_array_set_size (self->changes, 0);
      self->resync = TRUE;
    }

  g_array_append_val (self->changes, change);
}

static void
ask_for_resync (PinionImapView *self)
{
  add_change (self, (PinionImapChange){ .kind = PINION_IMAP_CHANGE_RESYNC });
}

GArray *
pinion_imap_view_take_changes (PinionImapView *self)
{
  GArray *changes = self->changes;

  self->changes = g_array_new (FALSE, FALSE, sizeof (PinionImapChange));
  self->resync = FALSE;

  return changes;
}

gboolean
pinion_imap_view_has_changes (PinionImapView *self)
{
  return self->changes->len > 0;
}

/* -- Sequence numbers ------------------------------------------------------------------------ */

static void
learn_uid (PinionImapView *self,
           guint32         sequence,
           guint32         uid)
{
  if (sequence > MAX_KNOWN)
    return;

  if (sequence > self->known->len)
    g_array_set_size (self->known, sequence);
  g_array_index (self->known, guint32, sequence - 1) = uid;
}

static guint32
known_uid (PinionImapView *self,
           guint32         sequence)
{
  if (sequence == 0 || sequence > self->known->len)
    return 0;

  return g_array_index (self->known, guint32, sequence - 1);
}

static void
apply_exists (PinionImapView *self,
              guint32         number)
{
  guint32 before = self->selected.exists;

  self->selected.exists = number;
  if (number > before)
    {
      add_change (self, (PinionImapChange){ .kind = PINION_IMAP_CHANGE_EXISTS, .number = number });
    }
  else if (number < before)
    {
      /* Only EXPUNGE may make it smaller. */
      g_array_set_size (self->known, MIN (self->known->len, number));
      ask_for_resync (self);
    }
}

static void
apply_expunge (PinionImapView *self,
               guint32         sequence)
{
  PinionImapChange change = { .kind = PINION_IMAP_CHANGE_EXPUNGED, .number = sequence };

  if (sequence == 0 || sequence > self->selected.exists)
    {
      ask_for_resync (self);
      return;
    }

  change.uid = known_uid (self, sequence);
  if (sequence <= self->known->len)
    g_array_remove_index (self->known, sequence - 1);
  self->selected.exists--;
  add_change (self, change);
}

/* The first of @set that is not in @other; 0 where there is none. */
static guint32
find_missing (const PinionUidSet *set,
              const PinionUidSet *other)
{
  g_autoptr (GArray) uids = pinion_uid_set_to_array (set, MAX_CHANGES);

  for (guint i = 0; i < uids->len; i++)
    if (!pinion_uid_set_contains (other, g_array_index (uids, guint32, i)))
      return g_array_index (uids, guint32, i);

  return 0;
}

/* @set is gone.  Where a message stood whose number was never said is not known, only that it was
 * behind every smaller UID: what is remembered of the numbers behind those is of no use any
 * more. */
static void
forget_uids (PinionImapView     *self,
             const PinionUidSet *set)
{
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (PinionUidSet) found = NULL;
  guint32 *uids = (guint32 *) (gpointer) self->known->data;
  guint32 missing;
  guint kept = 0;

  for (guint i = 0; i < self->known->len; i++)
    if (pinion_uid_set_contains (set, uids[i]))
      g_array_append_val (known, uids[i]);
    else
      uids[kept++] = uids[i];

  found = pinion_uid_set_new_from_array ((const guint32 *) (gconstpointer) known->data, known->len);
  missing = find_missing (set, found);
  while (missing != 0 && kept > 0 && (uids[kept - 1] == 0 || uids[kept - 1] > missing))
    kept--;
  g_array_set_size (self->known, kept);
}

/* With QRESYNC in place of EXPUNGE (RFC 7162, 3.2.10); EARLIER is no news of this mailbox as it
 * is. */
static void
apply_vanished (PinionImapView           *self,
                const PinionImapResponse *response)
{
  g_autoptr (PinionUidSet) set = NULL;
  g_autoptr (GArray) uids = NULL;

  if (response->number != 0)
    return;

  set = pinion_uid_set_parse (response->text.data, (gssize) response->text.length);
  if (set == NULL || pinion_uid_set_get_size (set) > self->selected.exists)
    {
      ask_for_resync (self);
      return;
    }

  self->selected.exists -= (guint32) pinion_uid_set_get_size (set);
  if (pinion_uid_set_get_size (set) > MAX_CHANGES)
    {
      g_array_set_size (self->known, 0);
      ask_for_resync (self);
      return;
    }

  forget_uids (self, set);
  uids = pinion_uid_set_to_array (set, MAX_CHANGES);
  for (guint i = 0; i < uids->len; i++)
    add_change (self, (PinionImapChange){ .kind = PINION_IMAP_CHANGE_EXPUNGED,
                                          .uid = g_array_index (uids, guint32, i) });
}

static void
apply_fetch (PinionImapView          *self,
             const PinionImapFetched *fetched,
             gboolean                 claimed)
{
  if (fetched->sequence == 0 || fetched->sequence > self->selected.exists)
    return;

  if (fetched->uid != 0)
    learn_uid (self, fetched->sequence, fetched->uid);
  if (!fetched->has_flags || claimed)
    return;

  add_change (self, (PinionImapChange){
                        .kind = PINION_IMAP_CHANGE_FLAGS,
                        .number = fetched->sequence,
                        .uid = known_uid (self, fetched->sequence),
                        .flags = fetched->flags,
                        .modseq = fetched->modseq,
                    });
}

/* -- Response codes -------------------------------------------------------------------------- */

/* CLOSED: what was said so far was of the mailbox before (RFC 7162, 3.2.11; RFC 9051, 7.1). */
static void
reset (PinionImapView *self)
{
  PinionImapSelected *selected = &self->selected;

  if (self->open)
    return;

  selected->exists = 0;
  selected->uidvalidity = 0;
  selected->uidnext = 0;
  selected->highestmodseq = 0;
  selected->permanent_flags = PINION_IMAP_FLAGS_SYSTEM;
  selected->mailbox_id[0] = '\0';
  g_array_set_size (self->known, 0);
}

static void
apply_code (PinionImapView           *self,
            const PinionImapResponse *response)
{
  PinionImapSelected *selected = &self->selected;

  switch (response->code)
    {
    case PINION_IMAP_CODE_UIDVALIDITY:
      if (self->open && selected->uidvalidity != response->code_number)
        ask_for_resync (self);
      selected->uidvalidity = (guint32) response->code_number;
      break;

    case PINION_IMAP_CODE_UIDNEXT:
      selected->uidnext = (guint32) response->code_number;
      break;

    case PINION_IMAP_CODE_HIGHESTMODSEQ:
      selected->highestmodseq = response->code_number;
      break;

    case PINION_IMAP_CODE_NOMODSEQ:
      selected->highestmodseq = 0;
      break;

    case PINION_IMAP_CODE_MAILBOXID:
      pinion_imap_response_get_mailbox_id (response, selected->mailbox_id);
      break;

    case PINION_IMAP_CODE_CLOSED:
      reset (self);
      break;

    case PINION_IMAP_CODE_PERMANENTFLAGS:
      selected->permanent_flags = response->code_flags;
      break;

    case PINION_IMAP_CODE_READ_ONLY:
      selected->read_only = TRUE;
      break;

    default:
      break;
    }
}

void
pinion_imap_view_apply (PinionImapView           *self,
                        const PinionImapResponse *response,
                        const PinionImapFetched  *fetched,
                        gboolean                  claimed)
{
  switch (response->kind)
    {
    case PINION_IMAP_RESPONSE_EXISTS:
      apply_exists (self, response->number);
      break;

    case PINION_IMAP_RESPONSE_EXPUNGE:
      apply_expunge (self, response->number);
      break;

    case PINION_IMAP_RESPONSE_VANISHED:
      apply_vanished (self, response);
      break;

    case PINION_IMAP_RESPONSE_FETCH:
      apply_fetch (self, fetched, claimed);
      break;

    case PINION_IMAP_RESPONSE_STATE:
      if (response->condition == PINION_IMAP_OK || response->condition == PINION_IMAP_NO)
        apply_code (self, response);
      break;

    default:
      break;
    }
}
