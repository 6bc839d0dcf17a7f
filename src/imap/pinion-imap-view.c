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

static void
apply_vanished (PinionImapView           *self,
                const PinionImapResponse *response)
{
  g_autoptr (PinionUidSet) set = NULL;
  guint32 *uids = (guint32 *) (gpointer) self->known->data;
  guint kept = 0;

  set = pinion_uid_set_parse (response->text.data, (gssize) response->text.length);
  if (set == NULL || response->number != 0)
    return;

  for (guint i = 0; i < self->known->len; i++)
    {
      guint32 uid = uids[i];

      if (uid != 0 && pinion_uid_set_contains (set, uid))
        {
          self->selected.exists -= self->selected.exists > 0;
          add_change (self, (PinionImapChange){ .kind = PINION_IMAP_CHANGE_EXPUNGED, .uid = uid });
        }
      else
        uids[kept++] = uid;
    }
  g_array_set_size (self->known, kept);
  /* Those whose UIDs were not known may have gone, too. */
  ask_for_resync (self);
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
                    });
}

/* -- Response codes -------------------------------------------------------------------------- */

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
