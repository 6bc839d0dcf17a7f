/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels, accounts and conversations for tests of the window, made without a store. */

#pragma once

#include "pinion-conversation-private.h"
#include "pinion-engine-private.h"

/* Returns: (transfer full) */
static inline PinionLabel *
make_label (gint64           id,
            gint64           account,
            const char      *path,
            PinionFolderRole role,
            gboolean         pinned,
            guint            unread)
{
  PinionStoreFolder folder = {
    .id = id, .account_id = account, .path = (char *) path, .role = role,
    .pinned = pinned, .unread = unread, .total = unread + 5, .selectable = TRUE,
  };

  return pinion_label_new (&folder);
}

/* Changes what a label made above says. */
static inline void
change_label (PinionLabel *label,
              gboolean     pinned,
              guint        unread)
{
  PinionStoreFolder folder = {
    .path = (char *) pinion_label_get_path (label), .pinned = pinned, .unread = unread,
    .total = unread + 5, .selectable = TRUE, .section = pinion_label_get_section (label),
    .folded = pinion_label_get_folded (label), .position = pinion_label_get_position (label),
  };

  if (pinion_label_get_role (label) == PINION_ROLE_INBOX)
    folder.role = PINION_FOLDER_ROLE_INBOX;

  pinion_label_update (label, &folder);
}

/* Changes where a label made above stands. */
static inline void
arrange_label (PinionLabel *label,
               gint64       section,
               int          position,
               gboolean     folded)
{
  PinionStoreFolder folder = {
    .path = (char *) pinion_label_get_path (label), .pinned = pinion_label_get_pinned (label),
    .unread = pinion_label_get_unread (label), .total = pinion_label_get_total (label),
    .selectable = TRUE, .section = section, .position = position, .folded = folded,
  };

  pinion_label_update (label, &folder);
}

/* Returns: (transfer full) */
static inline PinionSection *
make_section (gint64                 account,
              gint64                 id,
              const char            *name,
              gboolean               folded,
              PinionStoreLabelOrder  order)
{
  PinionStoreSection section = {
    .id = id, .account_id = account, .name = (char *) name, .folded = folded, .order = order,
  };

  return pinion_section_new (&section);
}

/* Returns: (transfer full) */
static inline PinionAccountItem *
make_account (gint64      id,
              const char *email)
{
  g_autoptr (PinionAccount) account = pinion_account_new ();

  account->id = id;
  g_set_str (&account->email, email);

  return pinion_account_item_new (NULL, account);
}

static inline void
free_sender (gpointer data)
{
  PinionStoreSender *sender = data;

  g_free (sender->name);
  g_free (sender->address);
  g_free (sender);
}

/* Of a conversation of one message.  Returns: (transfer full) */
static inline PinionStoreConversation *
make_row (gint64      id,
          const char *from,
          const char *subject,
          gint64      date,
          gboolean    unread)
{
  PinionStoreConversation *row = g_atomic_rc_box_new0 (PinionStoreConversation);
  PinionStoreSender *sender = g_new0 (PinionStoreSender, 1);
  gint64 message = id * 10;

  sender->name = g_strdup (from);
  sender->address = g_strdup ("someone@northwind.example");
  row->thread_id = id;
  row->date = date;
  row->subject = g_strdup (subject);
  row->snippet = g_strdup ("How it begins");
  row->unread = unread;
  row->senders = g_ptr_array_new_with_free_func (free_sender);
  row->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  row->folders = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_add (row->senders, sender);
  g_array_append_val (row->messages, message);

  return row;
}

/* A conversation of one message.  Returns: (transfer full) */
static inline PinionConversation *
make_conversation (gint64      id,
                   const char *from,
                   const char *subject,
                   gint64      date,
                   gboolean    unread)
{
  PinionConversation *conversation = pinion_conversation_new (id);
  PinionStoreConversation *row = make_row (id, from, subject, date, unread);

  pinion_conversation_set_row (conversation, row);
  pinion_store_conversation_unref (row);

  return conversation;
}
