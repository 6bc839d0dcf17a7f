/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-message.h"

G_DEFINE_BOXED_TYPE (PinionMessage, pinion_message, pinion_message_ref, pinion_message_unref)
G_DEFINE_BOXED_TYPE (PinionBody, pinion_body, pinion_body_ref, pinion_body_unref)

PinionAddress *
pinion_address_new (const char *name,
                    const char *address)
{
  PinionAddress *self = g_new0 (PinionAddress, 1);

  self->name = g_strdup (name != NULL ? name : "");
  self->address = g_strdup (address != NULL ? address : "");

  return self;
}

void
pinion_address_free (PinionAddress *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

const char *
pinion_address_get_display (const PinionAddress *self)
{
  return *self->name != '\0' ? self->name : self->address;
}

static GPtrArray *
address_array_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_address_free);
}

PinionMessage *
pinion_message_new (void)
{
  PinionMessage *self = g_atomic_rc_box_new0 (PinionMessage);

  self->from = address_array_new ();
  self->reply_to = address_array_new ();
  self->to = address_array_new ();
  self->cc = address_array_new ();
  self->bcc = address_array_new ();
  self->labels = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

PinionMessage *
pinion_message_ref (PinionMessage *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
message_clear (gpointer data)
{
  PinionMessage *self = data;

  g_ptr_array_unref (self->from);
  g_ptr_array_unref (self->reply_to);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_array_unref (self->labels);
  g_free (self->subject);
  g_free (self->snippet);
}

void
pinion_message_unref (PinionMessage *self)
{
  g_atomic_rc_box_release_full (self, message_clear);
}

PinionBody *
pinion_body_new (void)
{
  PinionBody *self = g_atomic_rc_box_new0 (PinionBody);

  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_attachment_free);

  return self;
}

PinionBody *
pinion_body_ref (PinionBody *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
body_clear (gpointer data)
{
  PinionBody *self = data;

  g_ptr_array_unref (self->attachments);
  g_free (self->html);
  g_free (self->text);
  g_free (self->list_unsubscribe);
}

void
pinion_body_unref (PinionBody *self)
{
  g_atomic_rc_box_release_full (self, body_clear);
}

void
pinion_attachment_free (PinionAttachment *self)
{
  if (self == NULL)
    return;

  g_free (self->part);
  g_free (self->file_name);
  g_free (self->content_type);
  g_free (self->content_id);
  g_free (self);
}
