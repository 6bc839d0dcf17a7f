/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Placement rows, for this room only: each change here keeps the message's "orphaned" mark true and
 * its thread dirty. */

#pragma once

#include "pinion-store-session.h"

#include "pinion-store-mirror.h"

G_BEGIN_DECLS

/* @id 0: there is none.  @text_size: see schema-012.sql. */
typedef struct
{
  gint64 id;
  gint64 folder;
  guint32 uid;
  gint64 message;
  gint64 text_size;
  PinionFlags server_flags;
  gboolean gone;
} PinionPlacement;

PinionPlacement pinion_placement_get (PinionStoreSession *session,
                                      gint64              id);
PinionPlacement pinion_placement_get_by_uid (PinionStoreSession *session,
                                             gint64              folder,
                                             guint32             uid);

/* Of @message, oldest first; also those not shown.  Returns: (transfer full): PinionPlacement */
GArray *pinion_placements_of_message (PinionStoreSession *session,
                                      gint64              message);

static inline gboolean
pinion_placement_is_shown (const PinionPlacement *self)
{
  return !self->gone && (self->server_flags & PINION_FLAG_DELETED) == 0;
}

/* @uid: 0 if not known yet.  Returns: its id. */
gint64 pinion_placement_add (PinionStoreSession *session,
                             gint64              folder,
                             guint32             uid,
                             gint64              message,
                             gint64              text_size,
                             PinionFlags         server_flags);
/* The same for a message that was made in this very transaction and lies nowhere yet, by way of the
 * session's intake. */
void   pinion_placement_add_first (PinionStoreSession *session,
                                   gint64              folder,
                                   guint32             uid,
                                   gint64              message,
                                   PinionFlags         server_flags);
void   pinion_placement_remove (PinionStoreSession    *session,
                                const PinionPlacement *placement);
/* If @uid is taken by another placement there, @placement goes: the other is it. */
void   pinion_placement_set_uid (PinionStoreSession    *session,
                                 const PinionPlacement *placement,
                                 guint32                uid);
/* What is to be copied from it says the same. */
void   pinion_placement_set_text_size (PinionStoreSession    *session,
                                       const PinionPlacement *placement,
                                       gint64                 text_size);
/* The message's row tells of what had @text_size. */
void   pinion_placements_take_text (PinionStoreSession *session,
                                    gint64              message,
                                    gint64              text_size);
void   pinion_placement_set_gone (PinionStoreSession    *session,
                                  const PinionPlacement *placement,
                                  gboolean               gone);
void   pinion_placement_set_server_flags (PinionStoreSession    *session,
                                          const PinionPlacement *placement,
                                          PinionFlags            flags);

/* The server has it no more: see pinion_store_vanished(). */
void   pinion_placement_vanish (PinionStoreSession    *session,
                                const PinionPlacement *placement);

/* The thread of @message, 0 if there is none. */
gint64 pinion_message_get_thread (PinionStoreSession *session,
                                  gint64              message);

/* The message's lists, counts and looks are to be made again. */
void   pinion_message_dirty (PinionStoreSession *session,
                             gint64              message);

G_END_DECLS
