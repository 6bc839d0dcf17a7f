/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-plan.h"

/* \Recent belongs to the session, not to the message. */
#define COMPARED_FLAGS (PINION_IMAP_FLAGS_SYSTEM | PINION_IMAP_FLAG_FORWARDED)

static void
note_vanished (PinionSyncPlan     *self,
               const PinionUidSet *asked,
               guint32             uid)
{
  if (asked == NULL || pinion_uid_set_contains (asked, uid))
    g_array_append_val (self->vanished, uid);
}

static void
reverse (GArray *uids)
{
  for (guint i = 0; i < uids->len / 2; i++)
    {
      guint32 *a = &g_array_index (uids, guint32, i);
      guint32 *b = &g_array_index (uids, guint32, uids->len - 1 - i);
      guint32 swap = *a;

      *a = *b;
      *b = swap;
    }
}

static PinionSyncPlan *
plan_new (void)
{
  PinionSyncPlan *self = g_new0 (PinionSyncPlan, 1);

  self->missing = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->vanished = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->changed = g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags));

  return self;
}

static void
note_flags (PinionSyncPlan           *self,
            const PinionImapUidFlags *there,
            const PinionKnown        *here)
{
  if ((there->flags & COMPARED_FLAGS) != (here->flags & COMPARED_FLAGS))
    g_array_append_val (self->changed, *there);
}

PinionSyncPlan *
pinion_sync_plan_new (GArray             *server,
                      GArray             *known,
                      const PinionUidSet *asked)
{
  PinionSyncPlan *self = plan_new ();
  guint s = 0;
  guint k = 0;

  while (s < server->len || k < known->len)
    {
      const PinionImapUidFlags *there
          = s < server->len ? &g_array_index (server, PinionImapUidFlags, s) : NULL;
      const PinionKnown *here = k < known->len ? &g_array_index (known, PinionKnown, k) : NULL;

      if (here == NULL || (there != NULL && there->uid < here->uid))
        {
          g_array_append_val (self->missing, there->uid);
          s++;
        }
      else if (there == NULL || here->uid < there->uid)
        {
          note_vanished (self, asked, here->uid);
          k++;
        }
      else
        {
          note_flags (self, there, here);
          s++;
          k++;
        }
    }

  reverse (self->missing);
  return self;
}

PinionSyncPlan *
pinion_sync_plan_new_from_changes (GArray             *changed,
                                   GArray             *known,
                                   const PinionUidSet *vanished)
{
  PinionSyncPlan *self = plan_new ();
  guint k = 0;

  for (guint i = 0; i < changed->len; i++)
    {
      const PinionImapUidFlags *there = &g_array_index (changed, PinionImapUidFlags, i);

      while (k < known->len && g_array_index (known, PinionKnown, k).uid < there->uid)
        k++;
      if (k < known->len && g_array_index (known, PinionKnown, k).uid == there->uid)
        note_flags (self, there, &g_array_index (known, PinionKnown, k));
      else if (!pinion_uid_set_contains (vanished, there->uid))
        g_array_append_val (self->missing, there->uid);
    }

  for (guint i = 0; i < known->len && !pinion_uid_set_is_empty (vanished); i++)
    note_vanished (self, vanished, g_array_index (known, PinionKnown, i).uid);

  reverse (self->missing);
  return self;
}

void
pinion_sync_plan_restrict (PinionSyncPlan     *self,
                           const PinionUidSet *uids)
{
  guint kept = 0;

  for (guint i = 0; i < self->missing->len; i++)
    {
      guint32 uid = g_array_index (self->missing, guint32, i);

      if (pinion_uid_set_contains (uids, uid))
        g_array_index (self->missing, guint32, kept++) = uid;
    }

  g_array_set_size (self->missing, kept);
}

void
pinion_sync_plan_free (PinionSyncPlan *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->missing);
  g_array_unref (self->vanished);
  g_array_unref (self->changed);
  g_free (self);
}

gboolean
pinion_sync_plan_is_empty (const PinionSyncPlan *self)
{
  return self->missing->len == 0 && self->vanished->len == 0 && self->changed->len == 0;
}
