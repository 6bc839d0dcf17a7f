/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-compose.h"

#include "pinion-mime-bounds.h"
#include "pinion-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_own (const char              *const *own,
        const PinionMimeAddress *address)
{
  for (; own != NULL && *own != NULL; own++)
    {
      PinionMimeAddress mine = { NULL, (char *) *own };

      if (pinion_mime_address_equal (&mine, address))
        return TRUE;
    }

  return FALSE;
}

static gboolean
holds (GPtrArray               *list,
       const PinionMimeAddress *address)
{
  for (guint i = 0; i < list->len; i++)
    if (pinion_mime_address_equal (g_ptr_array_index (list, i), address))
      return TRUE;

  return FALSE;
}

/* Adds those of @from that can be written to and are not there yet; @own: (nullable) left out. */
static void
add_missing (PinionMimeDraft   *draft,
             GPtrArray         *list,
             GPtrArray         *from,
             const char *const *own)
{
  for (guint i = 0; i < from->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (from, i);

      if (*address->address == '\0' || is_own (own, address) || holds (draft->to, address)
          || holds (draft->cc, address))
        continue;
      g_ptr_array_add (list, pinion_mime_address_copy (address));
    }
}

static gboolean
is_from_own (PinionMimeMessage *original,
             const char *const *own)
{
  for (guint i = 0; i < original->from->len; i++)
    if (is_own (own, g_ptr_array_index (original->from, i)))
      return TRUE;

  return FALSE;
}

/* RFC 5322 3.6.3: to whom an answer goes. A reply to a message of one's own goes on to those it was
 * written to. */
static void
set_recipients (PinionMimeDraft    *draft,
                PinionMimeMessage  *original,
                PinionMimeReplyKind kind,
                const char *const  *own)
{
  GPtrArray *sender = original->reply_to->len > 0 ? original->reply_to : original->from;

  if (is_from_own (original, own))
    sender = original->to;

  add_missing (draft, draft->to, sender, own);
  if (kind == PINION_MIME_REPLY_ALL)
    {
      add_missing (draft, draft->to, original->to, own);
      add_missing (draft, draft->cc, original->cc, own);
    }
  if (draft->to->len == 0 && draft->cc->len == 0)
    add_missing (draft, draft->to, sender, NULL);
}

/* RFC 5322 3.6.4: the parent's references and its own id. */
static void
set_references (PinionMimeDraft   *draft,
                PinionMimeMessage *original)
{
  for (guint i = 0; i < original->references->len; i++)
    g_ptr_array_add (draft->references, g_strdup (g_ptr_array_index (original->references, i)));
  if (draft->references->len == 0 && original->in_reply_to != NULL)
    g_ptr_array_add (draft->references, g_strdup (original->in_reply_to));
  if (original->message_id == NULL)
    return;

  g_ptr_array_add (draft->references, g_strdup (original->message_id));
  draft->in_reply_to = g_strdup (original->message_id);
  if (draft->references->len > PINION_MIME_MAX_REFERENCES)
    g_ptr_array_remove_range (draft->references, 1,
                              draft->references->len - PINION_MIME_MAX_REFERENCES);
}

static char *
make_attribution (PinionMimeMessage *original)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *when = NULL;
  g_autofree char *who = NULL;

  who = original->from->len > 0
          ? g_strdup (pinion_mime_address_get_label (g_ptr_array_index (original->from, 0)))
          : g_strdup (_("Someone"));
  if (original->date_is_valid)
    date = g_date_time_new_from_unix_local (original->date);
  if (date != NULL)
    when = g_date_time_format (date, _("%e %B %Y, %H:%M"));
  if (when == NULL)
    return g_strdup_printf (_("%s wrote:"), who);

  return g_strdup_printf (_("On %s, %s wrote:"), g_strstrip (when), who);
}

/* The lines with "> " in front; a signature is not quoted. */
static char *
quote_text (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *quoted = g_string_new (NULL);
  guint n = g_strv_length (lines);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (lines[i], "-- "))
      n = i;
  while (n > 0 && *g_strchomp (lines[n - 1]) == '\0')
    n--;

  for (guint i = 0; i < n; i++)
    {
      g_strchomp (lines[i]);
      g_string_append (quoted, *lines[i] == '>' || *lines[i] == '\0' ? ">" : "> ");
      g_string_append (quoted, lines[i]);
      g_string_append_c (quoted, '\n');
    }

  return g_string_free_and_steal (quoted);
}

PinionMimeDraft *
pinion_mime_reply_draft (PinionMimeMessage  *original,
                         PinionMimeReplyKind kind,
                         const char         *from_name,
                         const char *const  *own)
{
  PinionMimeDraft *draft = pinion_mime_draft_new (from_name, own[0]);
  g_autofree char *text = pinion_mime_message_dup_text (original);
  g_autofree char *quoted = quote_text (text);
  g_autofree char *attribution = make_attribution (original);

  set_recipients (draft, original, kind, own);
  set_references (draft, original);
  g_free (draft->subject);
  draft->subject = pinion_mime_prefix_subject ("Re: ", original->subject);
  g_free (draft->text);
  draft->text = g_strconcat ("\n\n", attribution, "\n", quoted, NULL);

  return draft;
}

PinionMimeDraft *
pinion_mime_forward_draft (PinionMimeMessage *original,
                           const char        *path,
                           const char        *from_name,
                           const char        *from_address)
{
  PinionMimeDraft *draft = pinion_mime_draft_new (from_name, from_address);
  g_autofree char *raw_name = NULL;
  g_autofree char *name = NULL;

  raw_name = g_strconcat (*original->subject != '\0' ? original->subject : "message", ".eml", NULL);
  name = pinion_text_safe_file_name (raw_name);
  g_free (draft->subject);
  draft->subject = pinion_mime_prefix_subject ("Fwd: ", original->subject);
  pinion_mime_draft_attach (draft, path, name, "message/rfc822");

  return draft;
}
