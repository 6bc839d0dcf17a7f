/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom a message is from, and what it ends with. */

#include "pinion-composer-private.h"

#include <string.h>

#include "pinion-config.h"

typedef struct
{
  gint64 account;
  gboolean is_own;
  PinionIdentity *identity;
} Sender;

static void
sender_free (gpointer data)
{
  Sender *self = data;

  pinion_identity_free (self->identity);
  g_free (self);
}

static const Sender *
get_sender (PinionComposer *self)
{
  guint selected = gtk_drop_down_get_selected (self->from);

  return selected < self->senders->len ? self->senders->pdata[selected] : NULL;
}

void
pinion_composer_put_identity (PinionComposer *self,
                              PinionDraft    *draft)
{
  const Sender *sender = get_sender (self);

  if (sender == NULL)
    return;

  draft->account = sender->account;
  g_set_str (&draft->from, sender->is_own ? NULL : sender->identity->address);
}

/* -- The list ------------------------------------------------------------------------------- */

static void
add_sender (PinionComposer *self,
            GtkStringList  *names,
            gint64          account,
            const char     *address,
            PinionIdentity *identity)
{
  Sender *sender = g_new0 (Sender, 1);
  g_autofree char *name = *identity->name != '\0'
                            ? g_strdup_printf ("%s <%s>", identity->name, identity->address)
                            : g_strdup (identity->address);

  sender->account = account;
  sender->is_own = address == NULL;
  sender->identity = identity;
  g_ptr_array_add (self->senders, sender);
  gtk_string_list_append (names, name);
}

static void
add_account (PinionComposer      *self,
             GtkStringList       *names,
             const PinionAccount *account)
{
  add_sender (self, names, account->id, NULL, pinion_account_dup_identity (account, NULL));

  for (guint i = 0; account->aliases != NULL && i < account->aliases->len; i++)
    {
      const PinionIdentity *alias = account->aliases->pdata[i];

      add_sender (self, names, account->id, alias->address, pinion_identity_copy (alias));
    }
}

/* An alias that is gone leaves the account it was of. */
static guint
find_sender (PinionComposer *self)
{
  guint found = 0;

  for (guint i = self->senders->len; i > 0; i--)
    {
      const Sender *sender = self->senders->pdata[i - 1];

      if (sender->account != self->draft->account)
        continue;
      if (self->draft->from != NULL && !sender->is_own &&
          g_ascii_strcasecmp (sender->identity->address, self->draft->from) == 0)
        return i - 1;
      if (sender->is_own)
        found = i - 1;
    }

  return found;
}

static void
fill_list (PinionComposer *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_ptr_array_set_free_func (self->senders, sender_free);
  g_ptr_array_set_size (self->senders, 0);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);

      add_account (self, names, pinion_account_item_get_account (item));
    }

  gtk_drop_down_set_model (self->from, G_LIST_MODEL (names));
  if (self->senders->len > 0)
    gtk_drop_down_set_selected (self->from, find_sender (self));
  gtk_widget_set_visible (self->from_row, self->senders->len > 1);
}

/* -- The signature -------------------------------------------------------------------------- */

/* Whether it is a message that ends with one. */
static gboolean
wants_signature (PinionComposer *self)
{
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);
  gboolean is_answer = self->draft->reply_to_message != 0 || self->draft->forwarded != 0;

  return !is_answer || g_settings_get_boolean (settings, "sign-replies");
}

/* @from: where the text without a signature ends, in bytes of @text. */
static void
replace_end (PinionComposer *self,
             const char     *text,
             gsize           from,
             const char     *signature)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  g_autofree char *block = *signature != '\0'
                             ? g_strconcat (from == 0 ? "\n" : "", PINION_SIGNATURE_MARK,
                                            signature, NULL)
                             : g_strdup ("");
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_iter_set_offset (&start, (int) g_utf8_strlen (text, (gssize) from));
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, block, -1);
}

static void
sign (PinionComposer *self)
{
  const Sender *sender = get_sender (self);
  g_autofree char *text = pinion_composer_dup_text (self);
  gsize length = pinion_draft_find_signature (text, self->draft->signature);
  g_autofree char *signature = NULL;

  /* A person has changed it: it is theirs */
  if (sender == NULL || (length == strlen (text) && self->draft->signature != NULL &&
                         *self->draft->signature != '\0'))
    return;

  signature = pinion_identity_dup_plain_signature (sender->identity);
  replace_end (self, text, length, signature);
  g_set_str (&self->draft->signature, signature);
}

void
pinion_composer_fill_identities (PinionComposer *self)
{
  fill_list (self);

  self->signs = wants_signature (self);
  if (self->draft->signature == NULL && self->draft->id == 0 && self->signs)
    sign (self);
  else if (self->draft->signature == NULL)
    self->draft->signature = g_strdup ("");
}

void
pinion_composer_follow_identity (PinionComposer *self)
{
  if (self->signs)
    sign (self);
}

gboolean
pinion_composer_has_no_text (PinionComposer *self)
{
  g_autofree char *text = pinion_composer_dup_text (self);

  text[pinion_draft_find_signature (text, self->draft->signature)] = '\0';

  return *g_strstrip (text) == '\0';
}
