/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mailto.h"

#include "pinion-recipients.h"
#include "pinion-text.h"

#include <string.h>

#define MAX_BODY (64 * 1024)
#define MAX_LINE 2048
#define MAX_RECIPIENTS 100

/* Percent-decodes; %NULL for what cannot be text. */
static char *
decode (const char *text,
        gsize       length)
{
  g_autoptr (GBytes) bytes = g_uri_unescape_bytes (text, (gssize) length, "", NULL);

  if (bytes == NULL)
    return NULL;

  return pinion_text_clean (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

static void
append_addresses (char      **list,
                  const char *value)
{
  g_autofree char *line = pinion_text_clean_line (value, -1, MAX_LINE);

  if (*line == '\0')
    return;

  if (*list == NULL || **list == '\0')
    {
      g_set_str (list, line);
    }
  else
    {
      g_autofree char *old = *list;

      *list = g_strconcat (old, ", ", line, NULL);
    }
}

static void
take_field (PinionDraft *draft,
            const char  *name,
            const char  *value)
{
  if (g_ascii_strcasecmp (name, "to") == 0)
    append_addresses (&draft->to, value);
  else if (g_ascii_strcasecmp (name, "cc") == 0)
    append_addresses (&draft->cc, value);
  else if (g_ascii_strcasecmp (name, "bcc") == 0)
    append_addresses (&draft->bcc, value);
  else if (g_ascii_strcasecmp (name, "subject") == 0)
    {
      g_free (draft->subject);
      draft->subject = pinion_text_clean_line (value, -1, MAX_LINE);
    }
  else if (g_ascii_strcasecmp (name, "body") == 0 && strlen (value) <= MAX_BODY)
    {
      /* Line breaks are CRLF in the address (RFC 6068 §5) and plain in a draft */
      g_auto (GStrv) lines = g_strsplit (value, "\r\n", -1);

      g_free (draft->text);
      draft->text = g_strjoinv ("\n", lines);
    }
}

static void
take_query (PinionDraft *draft,
            const char  *query)
{
  g_auto (GStrv) fields = g_strsplit (query, "&", 64);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      const char *equals = strchr (fields[i], '=');
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (equals == NULL)
        continue;

      name = decode (fields[i], (gsize) (equals - fields[i]));
      value = decode (equals + 1, strlen (equals + 1));

      if (name != NULL && value != NULL)
        take_field (draft, name, value);
    }
}

/* Leaves the first of @list, @left at most; takes them off @left. */
static void
limit_recipients (char  **list,
                  guint  *left)
{
  g_auto (GStrv) all = pinion_recipients_split (*list);
  guint n = g_strv_length (all);

  if (n > *left)
    {
      for (guint i = *left; i < n; i++)
        g_clear_pointer (&all[i], g_free);

      g_free (*list);
      *list = g_strjoinv (", ", all);
      n = *left;
    }

  *left -= n;
}

PinionDraft *
pinion_mailto_parse (const char *uri)
{
  g_autoptr (PinionDraft) draft = NULL;
  g_autofree char *to = NULL;
  const char *rest;
  guint left = MAX_RECIPIENTS;
  gsize length;

  if (g_ascii_strncasecmp (uri, "mailto:", strlen ("mailto:")) != 0)
    return NULL;

  rest = uri + strlen ("mailto:");
  /* Some desktops hand on "mailto:///ana@example.com" */
  while (*rest == '/')
    rest++;

  length = strcspn (rest, "?#");
  to = decode (rest, length);
  draft = pinion_draft_new ();

  if (to != NULL)
    append_addresses (&draft->to, to);

  if (rest[length] == '?')
    {
      g_autofree char *query = g_strndup (rest + length + 1, strcspn (rest + length + 1, "#"));

      take_query (draft, query);
    }

  limit_recipients (&draft->to, &left);
  limit_recipients (&draft->cc, &left);
  limit_recipients (&draft->bcc, &left);

  return g_steal_pointer (&draft);
}
