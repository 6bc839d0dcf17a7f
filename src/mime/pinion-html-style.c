/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Declarations: "color: red; background: url(x)".  A property must be on the list, a value may hold
 * only known functions and no escapes; so nothing fetches, covers or animates. */

#include "pinion-html-private.h"

#include <string.h>

#define MAX_STYLE (64 * 1024)

/* A "-" at the end: all properties that start so. */
static const char *const properties[] = {
  "align-",         "background",    "background-",   "border",        "border-",
  "box-shadow",     "box-sizing",    "caption-side",  "clear",         "color",
  "column-",        "columns",       "direction",     "display",       "empty-cells",
  "flex",           "flex-",         "float",         "font",          "font-",
  "gap",            "height",        "hyphens",       "justify-",      "letter-spacing",
  "line-height",    "list-style",    "list-style-",   "margin",        "margin-",
  "max-height",     "max-width",     "min-height",    "min-width",     "object-fit",
  "opacity",        "order",         "overflow",      "overflow-",     "padding",
  "padding-",       "row-gap",       "tab-size",      "table-layout",  "text-",
  "unicode-bidi",   "vertical-align", "visibility",   "white-space",   "width",
  "word-break",     "word-spacing",  "word-wrap",     "writing-mode",
};

static const char *const functions[] = {
  "rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "linear-gradient", "radial-gradient",
};

char *
pinion_html_strip_comments (const char *css)
{
  GString *out = g_string_sized_new (strlen (css));

  while (*css != '\0')
    {
      const char *end;

      if (css[0] != '/' || css[1] != '*')
        {
          g_string_append_c (out, *css++);
          continue;
        }
      end = strstr (css + 2, "*/");
      if (end == NULL)
        break;
      g_string_append_c (out, ' ');
      css = end + 2;
    }

  return g_string_free_and_steal (out);
}

gsize
pinion_html_css_span (const char *css,
                      const char *stop)
{
  char quote = '\0';
  guint depth = 0;
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
      else if (depth == 0 && strchr (stop, c) != NULL)
        break;
      else if (c == '(' || c == '[')
        depth++;
      else if ((c == ')' || c == ']') && depth > 0)
        depth--;
    }

  return i;
}

gboolean
pinion_html_is_balanced (const char *css)
{
  char quote = '\0';
  guint depth = 0;

  for (; *css != '\0'; css++)
    {
      if ((guchar) *css < ' ')
        return FALSE;
      if (quote != '\0')
        quote = *css == quote ? '\0' : quote;
      else if (*css == '"' || *css == '\'')
        quote = *css;
      else if (*css == '(' || *css == '[')
        depth++;
      else if ((*css == ')' || *css == ']') && depth-- == 0)
        return FALSE;
    }

  return quote == '\0' && depth == 0;
}

static gboolean
is_property (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      gsize length = strlen (properties[i]);

      if (g_str_equal (properties[i], name))
        return TRUE;
      if (properties[i][length - 1] == '-' && strncmp (properties[i], name, length) == 0)
        return !g_str_has_prefix (name, "border-image");
    }

  return FALSE;
}

static gboolean
is_function (const char *start,
             gsize       length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (strlen (functions[i]) == length && g_ascii_strncasecmp (functions[i], start, length) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '#' || c == '%' || c == '.';
}

/* Heights by the viewport would grow the view that grows the viewport. */
static gboolean
is_viewport_height (const char *word,
                    gsize       length)
{
  g_autofree char *copy = NULL;

  if (length < 3 || !(g_ascii_isdigit (word[0]) || word[0] == '.'))
    return FALSE;

  copy = g_ascii_strdown (word, (gssize) length);

  return g_str_has_suffix (copy, "vh") || g_str_has_suffix (copy, "vmin")
         || g_str_has_suffix (copy, "vmax") || g_str_has_suffix (copy, "vb");
}

static PinionHtmlColorRole
color_role (const char *property)
{
  if (g_str_has_prefix (property, "background"))
    return PINION_HTML_COLOR_BACK;
  if (g_str_has_prefix (property, "border") || g_str_has_prefix (property, "column-rule"))
    return PINION_HTML_COLOR_LINE;

  return PINION_HTML_COLOR_TEXT;
}

static gboolean
has_colors (const char *property)
{
  return g_str_equal (property, "color") || g_str_has_prefix (property, "background")
         || g_str_has_prefix (property, "border") || g_str_has_prefix (property, "text-decoration")
         || g_str_has_prefix (property, "column-rule");
}

/* url(...) at @value: its address, cleaned for the result, or "none".  Returns: its length. */
static gsize
append_url (PinionHtmlContext *context,
            GString           *out,
            const char        *value)
{
  gsize length = pinion_html_css_span (value + 4, ")");
  g_autofree char *inner = g_strstrip (g_strndup (value + 4, length));
  g_autofree char *uri = NULL;
  g_autofree char *safe = NULL;
  gsize n = strlen (inner);

  if (n >= 2 && (inner[0] == '"' || inner[0] == '\'') && inner[n - 1] == inner[0])
    {
      inner[n - 1] = '\0';
      memmove (inner, inner + 1, n - 1);
    }
  uri = pinion_html_picture_uri (context, inner);
  if (uri == NULL)
    g_string_append (out, "none");
  else
    {
      safe = g_uri_escape_string (uri, ":/?#[]@!$&*+,;=%~", FALSE);
      g_string_append_printf (out, "url(\"%s\")", safe);
    }

  return 4 + length + (value[4 + length] == ')');
}

/* A word of a value, as a colour of a dark window where it is one. */
static void
append_word (PinionHtmlContext *context,
             GString           *out,
             const char        *property,
             const char        *word,
             gsize              length)
{
  g_autofree char *copy = g_strndup (word, length);
  g_autofree char *dark = NULL;

  if (context->options->dark && has_colors (property))
    dark = pinion_html_darken (copy, color_role (property));

  g_string_append (out, dark != NULL ? dark : copy);
}

/* A whole function that is a colour, "rgb(1, 2, 3)". */
static gboolean
append_color_function (PinionHtmlContext *context,
                       GString           *out,
                       const char        *property,
                       const char       **value)
{
  gsize length = strcspn (*value, ")") + 1;
  g_autofree char *copy = g_strndup (*value, length);
  g_autofree char *dark = NULL;

  if (!context->options->dark || !has_colors (property)
      || (g_ascii_strncasecmp (copy, "rgb", 3) != 0 && g_ascii_strncasecmp (copy, "hsl", 3) != 0))
    return FALSE;

  dark = pinion_html_darken (copy, color_role (property));
  if (dark == NULL)
    return FALSE;

  g_string_append (out, dark);
  *value += strlen (copy);

  return TRUE;
}

/* A quoted string at *@value: it names fonts, never hosts. */
static gboolean
append_string (GString     *out,
               const char **value)
{
  const char *end = strchr (*value + 1, **value);

  if (end == NULL || g_strstr_len (*value, end - *value, "//") != NULL)
    return FALSE;

  g_string_append_len (out, *value, end - *value + 1);
  *value = end + 1;

  return TRUE;
}

/* A single character at *@value between words. */
static gboolean
append_other (GString     *out,
              const char **value)
{
  /* A function whose name is not plain letters, or an address where none belongs */
  if ((**value == '(' && (guchar) out->str[out->len - 1] >= 0x80) || g_str_has_prefix (*value, "//"))
    return FALSE;

  g_string_append_c (out, *(*value)++);

  return TRUE;
}

/* A function at *@value, whose name has @length characters: its name and bracket, or all of it. */
static gboolean
append_function (PinionHtmlContext *context,
                 GString           *out,
                 const char        *property,
                 const char       **value,
                 gsize              length)
{
  if (length == 3 && g_ascii_strncasecmp (*value, "url", 3) == 0)
    {
      if (!g_str_has_prefix (property, "background") && !g_str_has_prefix (property, "list-style"))
        return FALSE;
      *value += append_url (context, out, *value);
      return TRUE;
    }
  if (!is_function (*value, length))
    return FALSE;
  if (append_color_function (context, out, property, value))
    return TRUE;

  g_string_append_len (out, *value, (gssize) length + 1);
  *value += length + 1;

  return TRUE;
}

/* Writes the words and functions of @value; FALSE if one is not allowed. */
static gboolean
append_value (PinionHtmlContext *context,
              GString           *out,
              const char        *property,
              const char        *value)
{
  gboolean is_good = TRUE;

  while (is_good && *value != '\0')
    {
      gsize length = 0;

      while (is_word_char (value[length]))
        length++;
      if (*value == '"' || *value == '\'')
        is_good = append_string (out, &value);
      else if (length == 0)
        is_good = append_other (out, &value);
      else if (value[length] == '(')
        is_good = append_function (context, out, property, &value, length);
      else
        {
          is_good = !is_viewport_height (value, length);
          append_word (context, out, property, value, length);
          value += length;
        }
    }

  return is_good;
}

static gboolean
is_value_allowed (PinionHtmlContext *context,
                  const char        *property,
                  const char        *value)
{
  if (*value == '\0' || strpbrk (value, "\\<{}@\n\r\f") != NULL)
    return FALSE;
  if (context->options->dark && g_str_has_suffix (property, "-shadow"))
    return FALSE;

  return pinion_html_is_balanced (value);
}

static void
append_declaration (PinionHtmlContext *context,
                    GString           *out,
                    const char        *declaration)
{
  const char *colon = strchr (declaration, ':');
  g_autofree char *property = NULL;
  g_autofree char *value = NULL;
  gsize before = out->len;

  if (colon == NULL)
    return;

  property = g_strstrip (g_ascii_strdown (declaration, colon - declaration));
  if (!is_property (property))
    return;

  value = g_strstrip (g_strdelimit (g_strdup (colon + 1), "\n\r\t\f", ' '));
  if (!is_value_allowed (context, property, value))
    return;

  g_string_append_printf (out, "%s:", property);
  if (append_value (context, out, property, value))
    g_string_append_c (out, ';');
  else
    g_string_truncate (out, before);
}

char *
pinion_html_filter_style (PinionHtmlContext *context,
                          const char        *style)
{
  GString *out = g_string_new (NULL);
  g_autofree char *bare = NULL;

  if (strlen (style) > MAX_STYLE)
    return g_string_free_and_steal (out);

  bare = pinion_html_strip_comments (style);
  for (const char *p = bare; *p != '\0';)
    {
      gsize length = pinion_html_css_span (p, ";");
      g_autofree char *declaration = g_strndup (p, length);

      append_declaration (context, out, declaration);
      p += length + (p[length] == ';');
    }

  return g_string_free_and_steal (out);
}
