/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Re:" and its kin in the languages that programs write them in. */

#include "pinion-mime-compose.h"

#include <string.h>

static const char *const reply_prefixes[] = { "re",  "aw",  "sv",  "vs",   "antw", "odp", "ynt",
                                              "rif", "res", "ref", "atb",  "bls",  "vá",  "rv",
                                              "ответ", "回复", "回覆", "答复", "답장", NULL };

static const char *const forward_prefixes[] = { "fwd", "fw", "wg",  "tr",  "enc", "i",  "pd",
                                                "vb",  "vl", "doorst", "ilt", "továbbítás", "转发",
                                                "轉寄", "전달", NULL };

/* The length of one of @prefixes with its colon and the blanks behind, 0 if none is there; a number
 * ("Re[2]:") belongs to it. */
static gsize
match_prefix (const char        *subject,
              const char *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    {
      gsize length = strlen (*prefixes);
      const char *p = subject + length;

      if (g_ascii_strncasecmp (subject, *prefixes, length) != 0)
        continue;
      if (*p == '[' || *p == '(')
        {
          p += 1 + strspn (p + 1, "0123456789");
          if (*p != ']' && *p != ')')
            continue;
          p++;
        }
      p += strspn (p, " ");
      if (*p == ':')
        p++;
      else if (g_str_has_prefix (p, "："))
        p += strlen ("：");
      else
        continue;
      return (gsize) (p - subject) + strspn (p, " ");
    }

  return 0;
}

/* "[list] " in front. */
static gsize
match_tag (const char *subject)
{
  gsize length;

  if (*subject != '[')
    return 0;
  length = strcspn (subject, "]");
  if (subject[length] == '\0' || length > 60)
    return 0;
  length++;
  length += strspn (subject + length, " ");

  return subject[length] != '\0' ? length : 0;
}

char *
pinion_mime_prefix_subject (const char *prefix,
                            const char *subject)
{
  gboolean is_reply = match_prefix (prefix, reply_prefixes) > 0;
  const char *const *prefixes = is_reply ? reply_prefixes : forward_prefixes;
  gsize length;

  subject += strspn (subject, " ");
  while ((length = match_prefix (subject, prefixes)) > 0)
    subject += length;

  return g_strconcat (prefix, subject, NULL);
}

char *
pinion_mime_base_subject (const char *subject)
{
  g_autofree char *base = NULL;
  gsize length;

  do
    {
      subject += strspn (subject, " ");
      length = match_prefix (subject, reply_prefixes);
      if (length == 0)
        length = match_prefix (subject, forward_prefixes);
      if (length == 0)
        length = match_tag (subject);
      subject += length;
    }
  while (length > 0);

  base = g_strdup (subject);

  return g_strdup (g_strstrip (base));
}
