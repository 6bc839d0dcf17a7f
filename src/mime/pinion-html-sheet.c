/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Style sheets: plain rules and @media around them stay, with filtered declarations and selectors
 * that reach only into the mail.  Every other at-rule (import, font-face, keyframes...) goes. */

#include "pinion-html-private.h"

#include <string.h>

#define MAX_SHEET (512 * 1024)
#define MAIL ".pinion-mail"

/* The block "{...}" at @css, braces inside counted.  Returns: its length with both braces. */
static gsize
block_length (const char *css)
{
  guint depth = 0;
  char quote = '\0';
  gsize i;

  for (i = 0; css[i] != '\0'; i++)
    {
      char c = css[i];

      if (quote != '\0')
        {
          if (c == quote || c == '\n')
            quote = '\0';
        }
      else if (c == '"' || c == '\'')
        quote = c;
      else if (c == '{')
        depth++;
      else if (c == '}' && --depth == 0)
        return i + 1;
    }

  return i;
}

static gboolean
is_selector (const char *selector)
{
  for (const char *p = selector; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (" .#:>+~*-_[]=^$|()\"'", *p) == NULL)
      return FALSE;

  return *selector != '\0' && strstr (selector, "pinion-") == NULL
         && pinion_html_is_balanced (selector);
}

/* The length of the type selector @name at @selector, 0 if another stands there. */
static gsize
type_length (const char *selector,
             const char *name)
{
  gsize length = strlen (name);

  if (g_ascii_strncasecmp (selector, name, length) != 0)
    return 0;

  return g_ascii_isalnum (selector[length]) || selector[length] == '-' || selector[length] == '_'
           ? 0
           : length;
}

/* Binds a selector to the mail: the mail's element stands for body and html. */
static void
append_selector (GString    *out,
                 const char *selector)
{
  gsize length;

  length = MAX (type_length (selector, "html"), type_length (selector, ":root"));
  if (length > 0)
    {
      selector += length;
      selector += strspn (selector, " >\t\r\n");
      if (*selector == '\0')
        {
          g_string_append (out, MAIL);
          return;
        }
    }
  length = type_length (selector, "body");
  g_string_append (out, MAIL);
  if (length > 0)
    selector += length;
  else
    g_string_append_c (out, ' ');
  g_string_append (out, selector);
}

/* Writes "a,b{...}" for the selectors that are allowed. */
static void
append_rule (PinionHtmlContext *context,
             GString           *out,
             const char        *prelude,
             const char        *block)
{
  g_autofree char *declarations = pinion_html_filter_style (context, block);
  gsize before = out->len;
  gboolean any = FALSE;

  if (*declarations == '\0')
    return;

  while (*prelude != '\0')
    {
      gsize length = pinion_html_css_span (prelude, ",");
      g_autofree char *selector = g_strndup (prelude, length);

      g_strstrip (g_strdelimit (selector, "\n\r\t\f", ' '));
      prelude += length + (prelude[length] == ',');
      if (!is_selector (selector))
        continue;
      if (any)
        g_string_append_c (out, ',');
      append_selector (out, selector);
      any = TRUE;
    }

  if (any)
    g_string_append_printf (out, "{%s}", declarations);
  else
    g_string_truncate (out, before);
}

/* A condition by the width of the view: nothing else is asked for by honest mail.  The colour
 * scheme is ours to adapt, so rules for the other one must not hold too. */
static gboolean
is_media (const char *condition)
{
  g_autofree char *lower = g_ascii_strdown (condition, -1);

  g_strdelimit (lower, "\n\r\t\f", ' ');
  if (strstr (lower, "prefers-color-scheme") != NULL || !pinion_html_is_balanced (lower))
    return FALSE;

  return lower[strspn (lower, "abcdefghijklmnopqrstuvwxyz0123456789 :,-().")] == '\0';
}

/* Rules one after the other; @in_media: inside a block, where no further at-rule counts. */
static void
append_rules (PinionHtmlContext *context,
              GString           *out,
              const char        *css,
              gboolean           in_media)
{
  while (*css != '\0')
    {
      gsize length = pinion_html_css_span (css, "{;}");
      g_autofree char *prelude = g_strstrip (g_strndup (css, length));
      g_autofree char *block = NULL;

      css += length;
      if (*css != '{')
        {
          css += *css != '\0';
          continue;
        }
      length = block_length (css);
      /* The end of the sheet closes what is open */
      block = g_strndup (css + 1, length - 1 - (css[length - 1] == '}'));
      css += length;

      if (*prelude != '@')
        append_rule (context, out, prelude, block);
      else if (!in_media && g_ascii_strncasecmp (prelude, "@media", 6) == 0
               && is_media (prelude + 6))
        {
          g_string_append_printf (out, "@media %s{", g_strchug (prelude + 6));
          append_rules (context, out, block, TRUE);
          g_string_append_c (out, '}');
        }
    }
}

char *
pinion_html_filter_sheet (PinionHtmlContext *context,
                          const char        *css)
{
  GString *out = g_string_new (NULL);
  g_autofree char *bare = NULL;
  g_auto (GStrv) pieces = NULL;
  g_autofree char *plain = NULL;

  if (strlen (css) > MAX_SHEET)
    return g_string_free_and_steal (out);

  bare = pinion_html_strip_comments (css);
  /* Old sheets hide themselves in HTML comments */
  pieces = g_strsplit (bare, "<!--", -1);
  plain = g_strjoinv (" ", pieces);
  g_strfreev (pieces);
  pieces = g_strsplit (plain, "-->", -1);
  g_free (plain);
  plain = g_strjoinv (" ", pieces);

  append_rules (context, out, plain, FALSE);

  return g_string_free_and_steal (out);
}
