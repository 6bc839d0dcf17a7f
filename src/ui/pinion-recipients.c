/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-recipients.h"

#include <string.h>

#include "pinion-account.h"

/* -- Recipients ----------------------------------------------------------------------------- */

static void
add_trimmed (GStrvBuilder *builder,
             const char   *start,
             const char   *end)
{
  char *one = g_strstrip (g_strndup (start, (gsize) (end - start)));

  if (*one != '\0')
    g_strv_builder_take (builder, one);
  else
    g_free (one);
}

GStrv
pinion_recipients_split (const char *typed)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *start = typed;
  gboolean quoted = FALSE, angled = FALSE;
  guint comments = 0;
  const char *c;

  for (c = typed; *c != '\0'; c++)
    {
      if (*c == '\\' && c[1] != '\0')
        c++;
      else if (*c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (*c == '(')
        comments++;
      else if (*c == ')' && comments > 0)
        comments--;
      else if (*c == '<' || *c == '>')
        angled = *c == '<';
      else if ((*c == ',' || *c == ';' || *c == '\n') && !angled && comments == 0)
        {
          add_trimmed (builder, start, c);
          start = c + 1;
        }
    }

  add_trimmed (builder, start, c);

  return g_strv_builder_end (builder);
}

char *
pinion_recipients_dup_address (const char *recipient)
{
  const char *open = strrchr (recipient, '<');
  g_autofree char *address = NULL;

  if (open != NULL)
    {
      const char *close = strchr (open, '>');

      if (close == NULL || close[1 + strspn (close + 1, " ")] != '\0')
        return NULL;

      address = g_strstrip (g_strndup (open + 1, (gsize) (close - open - 1)));
    }
  else
    {
      address = g_strstrip (g_strdup (recipient));
    }

  return pinion_address_is_valid (address) ? g_steal_pointer (&address) : NULL;
}

char *
pinion_recipients_find_bad (const char *typed)
{
  g_auto (GStrv) all = pinion_recipients_split (typed);

  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autofree char *address = pinion_recipients_dup_address (all[i]);

      if (address == NULL)
        return g_strdup (all[i]);
    }

  return NULL;
}

char *
pinion_recipients_normalise (const char *typed)
{
  g_auto (GStrv) all = pinion_recipients_split (typed);

  return g_strjoinv (", ", all);
}

/* -- Forgotten attachments ------------------------------------------------------------------ */

/* Beginnings of words, case-folded: English, German, French, Spanish, Portuguese, Italian, Dutch,
 * Swedish and Danish, Polish, Czech, Finnish, Turkish, Russian, Ukrainian; and words of scripts
 * without blanks. */
static const char *const word_beginnings[] = {
  "attach", "enclosed", "anhang", "angehängt", "anbei", "beigefügt", "beiliegend",
  "jointe", "ci-joint", "adjunt", "anexo", "anexad", "allegat", "allego", "bijlage", "bijgevoegd",
  "bifoga", "bilaga", "vedhæft", "vedlagt", "załącz", "zalacz", "příloh", "příloz", "přiloh",
  "liitteen", "ekteki", "ekte bul", "вложен", "прикреп", "прилаг", "вкладен", "додаток",
};

static const char *const anywhere[] = { "添付", "附件", "첨부", "مرفق", "συνημμέν", "מצורף", "संलग्न" };

static gboolean
line_mentions (const char *line)
{
  g_autofree char *folded = g_utf8_casefold (line, -1);

  for (guint i = 0; i < G_N_ELEMENTS (anywhere); i++)
    if (strstr (folded, anywhere[i]) != NULL)
      return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (word_beginnings); i++)
    for (const char *hit = strstr (folded, word_beginnings[i]); hit != NULL;
         hit = strstr (hit + 1, word_beginnings[i]))
      if (hit == folded ||
          !g_unichar_isalpha (g_utf8_get_char (g_utf8_prev_char (hit))))
        return TRUE;

  return FALSE;
}

gboolean
pinion_mentions_attachment (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '>' && line_mentions (lines[i]))
      return TRUE;

  return FALSE;
}
