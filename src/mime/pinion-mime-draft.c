/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-compose.h"

#include "pinion-mime-bounds.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (PinionMimeDraft,
                     pinion_mime_draft,
                     pinion_mime_draft_copy,
                     pinion_mime_draft_free)

static void
attachment_free (gpointer data)
{
  PinionMimeAttachment *attachment = data;

  g_free (attachment->path);
  g_free (attachment->name);
  g_free (attachment->content_type);
  g_free (attachment->content_id);
  g_free (attachment);
}

PinionMimeDraft *
pinion_mime_draft_new (const char *from_name,
                       const char *from_address)
{
  PinionMimeDraft *self = g_new0 (PinionMimeDraft, 1);

  self->from = pinion_mime_address_new (from_name, from_address);
  self->to = pinion_mime_address_list_new ();
  self->cc = pinion_mime_address_list_new ();
  self->bcc = pinion_mime_address_list_new ();
  self->reply_to = pinion_mime_address_list_new ();
  self->subject = g_strdup ("");
  self->text = g_strdup ("");
  self->attachments = g_ptr_array_new_with_free_func (attachment_free);
  self->references = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static void
set_list (GPtrArray **list,
          GPtrArray  *from)
{
  g_ptr_array_unref (*list);
  *list = pinion_mime_address_list_copy (from);
}

PinionMimeDraft *
pinion_mime_draft_copy (const PinionMimeDraft *self)
{
  PinionMimeDraft *copy = pinion_mime_draft_new (self->from->name, self->from->address);

  set_list (&copy->to, self->to);
  set_list (&copy->cc, self->cc);
  set_list (&copy->bcc, self->bcc);
  set_list (&copy->reply_to, self->reply_to);
  g_set_str (&copy->subject, self->subject);
  g_set_str (&copy->text, self->text);
  copy->html = g_strdup (self->html);
  copy->in_reply_to = g_strdup (self->in_reply_to);
  copy->message_id = g_strdup (self->message_id);
  copy->date = self->date;
  for (guint i = 0; i < self->references->len; i++)
    g_ptr_array_add (copy->references, g_strdup (g_ptr_array_index (self->references, i)));
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const PinionMimeAttachment *attachment = g_ptr_array_index (self->attachments, i);
      PinionMimeAttachment *added;

      pinion_mime_draft_attach (copy, attachment->path, attachment->name, attachment->content_type);
      added = g_ptr_array_index (copy->attachments, i);
      added->content_id = g_strdup (attachment->content_id);
    }

  return copy;
}

void
pinion_mime_draft_free (PinionMimeDraft *self)
{
  pinion_mime_address_free (self->from);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->reply_to);
  g_free (self->subject);
  g_free (self->text);
  g_free (self->html);
  g_ptr_array_unref (self->attachments);
  g_free (self->in_reply_to);
  g_ptr_array_unref (self->references);
  g_free (self->message_id);
  g_free (self);
}

void
pinion_mime_draft_attach (PinionMimeDraft *self,
                          const char      *path,
                          const char      *name,
                          const char      *content_type)
{
  PinionMimeAttachment *attachment = g_new0 (PinionMimeAttachment, 1);

  attachment->path = g_strdup (path);
  attachment->name = name != NULL ? g_strdup (name) : g_path_get_basename (path);
  attachment->content_type = g_strdup (content_type);
  g_ptr_array_add (self->attachments, attachment);
}

static gboolean
add_recipients (GStrvBuilder *builder,
                GHashTable   *seen,
                GPtrArray    *list,
                GError      **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (list, i);
      g_autofree char *wire = pinion_mime_address_to_wire (address->address, error);

      if (wire == NULL)
        return FALSE;
      if (g_hash_table_add (seen, g_ascii_strdown (wire, -1)))
        g_strv_builder_add (builder, wire);
    }

  return TRUE;
}

GStrv
pinion_mime_draft_dup_recipients (const PinionMimeDraft *self,
                                  GError               **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = NULL;

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!add_recipients (builder, seen, self->to, error)
      || !add_recipients (builder, seen, self->cc, error)
      || !add_recipients (builder, seen, self->bcc, error))
    return NULL;

  return g_strv_builder_end (builder);
}

char *
pinion_mime_new_message_id (const char *address)
{
  g_autofree char *uuid = g_uuid_string_random ();
  const char *at = strrchr (address, '@');
  g_autofree char *domain = at != NULL ? g_hostname_to_ascii (at + 1) : NULL;

  if (domain == NULL || *domain == '\0' || strpbrk (domain, " <>\r\n\t\"") != NULL)
    g_set_str (&domain, "pinion.invalid");

  return g_strconcat (uuid, "@", domain, NULL);
}
