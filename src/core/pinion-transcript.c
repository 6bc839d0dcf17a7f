/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-transcript.h"

#include <string.h>

/* Bytes of one line that are shown, and of everything that is kept. */
#define LINE_MAX_SHOWN 400
#define MAX_KEPT (24 * 1024)

struct _PinionTranscript
{
  gatomicrefcount refs;
  GMutex lock;
  GString *text;
  gboolean cut;
};

PinionTranscript *
pinion_transcript_new (void)
{
  PinionTranscript *self = g_new0 (PinionTranscript, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->text = g_string_new (NULL);

  return self;
}

PinionTranscript *
pinion_transcript_ref (PinionTranscript *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pinion_transcript_unref (PinionTranscript *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_mutex_clear (&self->lock);
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
pinion_transcript_append_line (GString      *text,
                               const guint8 *data,
                               gsize         length)
{
  gsize shown = MIN (length, LINE_MAX_SHOWN);

  for (gsize i = 0; i < shown; i++)
    if (data[i] < 0x20 || data[i] >= 0x7f)
      g_string_append_printf (text, "\\x%02x", data[i]);
    else
      g_string_append_c (text, (char) data[i]);

  if (shown < length)
    g_string_append_printf (text, "... (%" G_GSIZE_FORMAT " bytes)", length);
  g_string_append_c (text, '\n');
}

/* The newest lines say most; half is dropped at a time, so that it is not done for every line. */
static void
trim (PinionTranscript *self)
{
  const char *end;

  if (self->text->len <= MAX_KEPT)
    return;

  end = memchr (self->text->str + MAX_KEPT / 2, '\n', self->text->len - MAX_KEPT / 2);
  g_string_erase (self->text, 0, end - self->text->str + 1);
  self->cut = TRUE;
}

void
pinion_transcript_add (PinionTranscript *self,
                       const char       *name,
                       char              direction,
                       const guint8     *data,
                       gsize             length)
{
  g_mutex_lock (&self->lock);

  if (data == NULL)
    g_string_append_printf (self->text, "%s %c: ***\n", name, direction);

  while (data != NULL && length > 0)
    {
      const guint8 *end = memchr (data, '\n', length);
      gsize taken = end != NULL ? (gsize) (end - data) + 1 : length;
      gsize shown = end != NULL ? taken - 1 : taken;

      if (shown > 0 && data[shown - 1] == '\r')
        shown--;
      g_string_append_printf (self->text, "%s %c: ", name, direction);
      pinion_transcript_append_line (self->text, data, shown);
      trim (self);
      data += taken;
      length -= taken;
    }

  trim (self);
  g_mutex_unlock (&self->lock);
}

void
pinion_transcript_note (PinionTranscript *self,
                        const char       *name,
                        const char       *text)
{
  g_mutex_lock (&self->lock);
  g_string_append_printf (self->text, "%s -- ", name);
  pinion_transcript_append_line (self->text, (const guint8 *) text, strlen (text));
  trim (self);
  g_mutex_unlock (&self->lock);
}

char *
pinion_transcript_dup_text (PinionTranscript *self)
{
  char *text;

  g_mutex_lock (&self->lock);
  text = g_strconcat (self->cut ? "...\n" : "", self->text->str, NULL);
  g_mutex_unlock (&self->lock);

  return text;
}
