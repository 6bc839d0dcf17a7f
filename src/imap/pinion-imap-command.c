/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-command.h"

#include <string.h>

#include "pinion-sasl.h"

/* Longer values go as literals, so that a line stays short. */
#define MAX_QUOTED 1000

static void
clear_segment (gpointer data)
{
  PinionImapSegment *segment = data;

  g_clear_pointer (&segment->bytes, g_bytes_unref);
  g_clear_pointer (&segment->path, g_free);
}

PinionImapCommand *
pinion_imap_command_new (const char            *verb,
                         PinionImapAsked        asked,
                         PinionImapCommandFlags flags)
{
  PinionImapCommand *self = g_rc_box_new0 (PinionImapCommand);

  self->asked = asked;
  self->flags = flags;
  self->segments = g_array_new (FALSE, TRUE, sizeof (PinionImapSegment));
  g_array_set_clear_func (self->segments, clear_segment);
  /* A password must not be left behind by growing. */
  self->text = g_string_sized_new (flags & PINION_IMAP_COMMAND_SECRET ? 4 * MAX_QUOTED + 100 : 64);
  g_string_append (self->text, verb);
  self->promise = dex_promise_new_cancellable ();

  return self;
}

PinionImapCommand *
pinion_imap_command_ref (PinionImapCommand *self)
{
  return g_rc_box_acquire (self);
}

static void
command_clear (gpointer data)
{
  PinionImapCommand *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_array_unref (self->segments);
  /* It may hold a password. */
  explicit_bzero (self->text->str, self->text->allocated_len);
  g_string_free (self->text, TRUE);
  dex_clear (&self->pause);
  dex_clear (&self->promise);
}

void
pinion_imap_command_unref (PinionImapCommand *self)
{
  g_rc_box_release_full (self, command_clear);
}

void
pinion_imap_command_set_data (PinionImapCommand *self,
                              gpointer           data,
                              GDestroyNotify     destroy)
{
  self->data = data;
  self->destroy = destroy;
}

void
pinion_imap_command_add (PinionImapCommand *self,
                         const char        *text)
{
  g_string_append_c (self->text, ' ');
  g_string_append (self->text, text);
}

/* Closes the text so far and opens a new one behind @literal. */
static void
add_segment (PinionImapCommand *self,
             PinionImapSegment  literal)
{
  PinionImapSegment text = { .kind = PINION_IMAP_SEGMENT_TEXT };

  g_string_append_c (self->text, ' ');
  text.size = self->text->len;
  text.bytes = g_string_free_to_bytes (self->text);
  g_array_append_val (self->segments, text);
  g_array_append_val (self->segments, literal);
  self->text = g_string_new (NULL);
}

static gboolean
is_atom (const char *value)
{
  if (*value == '\0' || g_ascii_strcasecmp (value, "NIL") == 0)
    return FALSE;

  for (; *value != '\0'; value++)
    if ((guchar) *value <= 0x20 || (guchar) *value >= 0x7f || strchr ("(){%*\"\\[]+&~", *value))
      return FALSE;

  return TRUE;
}

static gboolean
is_quotable (const char *value)
{
  if (strlen (value) > MAX_QUOTED)
    return FALSE;

  for (; *value != '\0'; value++)
    if ((guchar) *value < 0x20 || (guchar) *value >= 0x7f)
      return FALSE;

  return TRUE;
}

void
pinion_imap_command_add_astring (PinionImapCommand *self,
                                 const char        *value)
{
  if (is_atom (value))
    {
      pinion_imap_command_add (self, value);
    }
  else if (is_quotable (value))
    {
      g_string_append (self->text, " \"");
      for (; *value != '\0'; value++)
        {
          if (*value == '"' || *value == '\\')
            g_string_append_c (self->text, '\\');
          g_string_append_c (self->text, *value);
        }
      g_string_append_c (self->text, '"');
    }
  else
    {
      gsize length = strlen (value);

      add_segment (self, (PinionImapSegment){ .kind = PINION_IMAP_SEGMENT_LITERAL,
                                              .bytes = pinion_sasl_bytes_new (value, length),
                                              .size = length });
    }
}

void
pinion_imap_command_add_message (PinionImapCommand *self,
                                 GBytes            *message,
                                 gboolean           binary)
{
  add_segment (self, (PinionImapSegment){ .kind = PINION_IMAP_SEGMENT_MESSAGE,
                                          .bytes = g_bytes_ref (message),
                                          .size = g_bytes_get_size (message),
                                          .binary = binary });
}

void
pinion_imap_command_add_file (PinionImapCommand *self,
                              const char        *path,
                              guint64            size,
                              gboolean           binary)
{
  add_segment (self, (PinionImapSegment){ .kind = PINION_IMAP_SEGMENT_MESSAGE,
                                          .path = g_strdup (path),
                                          .size = size,
                                          .binary = binary });
}

gsize
pinion_imap_command_get_line_length (const PinionImapCommand *self)
{
  gsize length = self->text->len + 16;

  for (guint i = 0; i < self->segments->len; i++)
    {
      const PinionImapSegment *segment = &g_array_index (self->segments, PinionImapSegment, i);

      length += segment->kind == PINION_IMAP_SEGMENT_TEXT ? (gsize) segment->size : 24;
    }

  return length;
}

gboolean
pinion_imap_command_is_pending (const PinionImapCommand *self)
{
  return dex_future_is_pending (DEX_FUTURE (self->promise));
}

void
pinion_imap_command_reject (PinionImapCommand *self,
                            GError            *error)
{
  if (pinion_imap_command_is_pending (self))
    dex_promise_reject (self->promise, error);
  else
    g_error_free (error);
}
