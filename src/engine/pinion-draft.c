/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-draft.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (PinionDraft, pinion_draft, pinion_draft_copy, pinion_draft_free)

PinionDraft *
pinion_draft_new (void)
{
  PinionDraft *self = g_new0 (PinionDraft, 1);

  self->to = g_strdup ("");
  self->cc = g_strdup ("");
  self->bcc = g_strdup ("");
  self->subject = g_strdup ("");
  self->text = g_strdup ("");

  return self;
}

PinionDraft *
pinion_draft_copy (const PinionDraft *self)
{
  PinionDraft *copy = g_memdup2 (self, sizeof *self);

  copy->from = g_strdup (self->from);
  copy->signature = g_strdup (self->signature);
  copy->to = g_strdup (self->to);
  copy->cc = g_strdup (self->cc);
  copy->bcc = g_strdup (self->bcc);
  copy->subject = g_strdup (self->subject);
  copy->text = g_strdup (self->text);
  copy->html = g_strdup (self->html);
  copy->quote_text = g_strdup (self->quote_text);
  copy->quote_html = g_strdup (self->quote_html);
  copy->attachments = g_strdupv (self->attachments);

  return copy;
}

void
pinion_draft_free (PinionDraft *self)
{
  if (self == NULL)
    return;

  g_free (self->from);
  g_free (self->signature);
  g_free (self->to);
  g_free (self->cc);
  g_free (self->bcc);
  g_free (self->subject);
  g_free (self->text);
  g_free (self->html);
  g_free (self->quote_text);
  g_free (self->quote_html);
  g_strfreev (self->attachments);
  g_free (self);
}

/* Blanks at the end are nobody's words. */
gsize
pinion_draft_find_signature (const char *text,
                             const char *signature)
{
  gsize length = strlen (text);
  g_autofree char *whole = NULL;
  g_autofree char *end = NULL;

  if (signature == NULL || *signature == '\0')
    return length;

  whole = g_strchomp (g_strdup (text));
  end = g_strchomp (g_strconcat (PINION_SIGNATURE_MARK, signature, NULL));
  if (!g_str_has_suffix (whole, end))
    return length;

  return strlen (whole) - strlen (end);
}
