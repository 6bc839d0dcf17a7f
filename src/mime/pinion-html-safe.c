/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one walk that writes a mail's tree anew. */

#include "pinion-html-private.h"

#include "pinion-mime-bounds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ATTRIBUTE 4096

/* @extra_class: (nullable) of our own sheet, for the element that is being written. */
typedef struct
{
  PinionHtmlContext context;
  GString *out;
  gboolean own_words;
  const char *extra_class;
} Writer;

static void
append_escaped (GString    *out,
                const char *text)
{
  for (; *text != '\0'; text++)
    switch (*text)
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '"':
        g_string_append (out, "&quot;");
        break;
      default:
        g_string_append_c (out, *text);
      }
}

static void
append_attribute (GString    *out,
                  const char *name,
                  const char *value)
{
  g_string_append_printf (out, " %s=\"", name);
  append_escaped (out, value);
  g_string_append_c (out, '"');
}

/* -- Attributes ------------------------------------------------------------------------------- */

static gboolean
is_word (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-')
      return FALSE;

  return strlen (value) < 64;
}

static gboolean
is_length (const char *value)
{
  return *value != '\0' && strlen (value) < 32
         && value[strspn (value, "+-0123456789.%px* ")] == '\0';
}

/* Class and id words but those of our own sheet, and @extra (nullable). */
static void
append_names (GString    *out,
              const char *name,
              const char *value,
              const char *extra)
{
  g_autoptr (GString) names = g_string_new (extra);
  g_auto (GStrv) words = g_strsplit_set (value, " \t\r\n", 64);

  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0' || g_ascii_strncasecmp (*word, "pinion-", 7) == 0)
        continue;
      if (names->len > 0)
        g_string_append_c (names, ' ');
      g_string_append (names, *word);
    }

  if (names->len > 0)
    append_attribute (out, name, names->str);
}

static void
append_color (Writer             *writer,
              const char         *name,
              const char         *value,
              PinionHtmlColorRole role)
{
  g_autofree char *dark = NULL;
  g_autofree char *hashed = NULL;

  if (strlen (value) > 32 || value[strspn (value, "#abcdefghijklmnopqrstuvwxyz"
                                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0')
    return;

  if (writer->context.options->dark)
    {
      dark = pinion_html_darken (value, role);
      if (dark == NULL)
        {
          hashed = g_strconcat ("#", value, NULL);
          dark = pinion_html_darken (hashed, role);
        }
      /* Old attributes know no "transparent", but then the colour is not wanted either */
      if (g_strcmp0 (dark, "transparent") == 0)
        return;
    }

  append_attribute (writer->out, name, dark != NULL ? dark : value);
}

static void
append_span (GString    *out,
             const char *name,
             const char *value)
{
  gint64 number = g_ascii_strtoll (value, NULL, 10);

  if (number > 1 && number <= 1000)
    g_string_append_printf (out, " %s=\"%d\"", name, (int) number);
}

static void
write_attribute (Writer     *writer,
                 const char *name,
                 const char *value)
{
  GString *out = writer->out;

  switch (pinion_html_attribute_rule (name))
    {
    case PINION_HTML_ATTRIBUTE_TEXT:
      if (strlen (value) <= MAX_ATTRIBUTE)
        append_attribute (out, name, value);
      break;

    case PINION_HTML_ATTRIBUTE_WORD:
      if (is_word (value))
        append_attribute (out, name, value);
      break;

    case PINION_HTML_ATTRIBUTE_LENGTH:
      if (is_length (value))
        append_attribute (out, name, value);
      break;

    case PINION_HTML_ATTRIBUTE_SPAN:
      append_span (out, name, value);
      break;

    case PINION_HTML_ATTRIBUTE_TEXT_COLOR:
      append_color (writer, name, value, PINION_HTML_COLOR_TEXT);
      break;

    case PINION_HTML_ATTRIBUTE_BACK_COLOR:
      append_color (writer, name, value, PINION_HTML_COLOR_BACK);
      break;

    case PINION_HTML_ATTRIBUTE_NAMES:
      if (!writer->context.is_quote && g_str_equal (name, "id"))
        append_names (out, name, value, NULL);
      break;

    case PINION_HTML_ATTRIBUTE_STYLE:
    case PINION_HTML_ATTRIBUTE_DROP:
    default:
      break;
    }
}

static const char *
attribute_or_empty (const xmlNode *node,
                    const char    *name)
{
  const char *value = pinion_html_attribute (node, name);

  return value != NULL ? value : "";
}

/* The element's style as declarations; the old attributes of <body> become some, since the element
 * that stands for it does not know them. */
static char *
dup_style (const xmlNode *node)
{
  const char *style = attribute_or_empty (node, "style");

  if (!pinion_html_is (node, "body"))
    return g_strdup (style);

  return g_strdup_printf ("color:%s;background-color:%s;%s", attribute_or_empty (node, "text"),
                          attribute_or_empty (node, "bgcolor"), style);
}

/* The old background attribute as a declaration; "" if it must not stay. */
static char *
dup_background (Writer        *writer,
                const xmlNode *node)
{
  const char *background = pinion_html_attribute (node, "background");
  g_autofree char *uri = NULL;
  g_autofree char *escaped = NULL;

  if (background != NULL)
    uri = pinion_html_picture_uri (&writer->context, background);
  if (uri == NULL)
    return g_strdup ("");

  escaped = g_uri_escape_string (uri, ":/?#[]@!$&*+,;=%~", FALSE);

  return g_strdup_printf ("background-image:url(\"%s\");", escaped);
}

/* style and class, which are not copied one by one. */
static void
write_style (Writer        *writer,
             const xmlNode *node)
{
  g_autofree char *style = dup_style (node);
  g_autofree char *safe = pinion_html_filter_style (&writer->context, style);
  g_autofree char *background = dup_background (writer, node);
  g_autofree char *all = g_strconcat (background, safe, NULL);

  if (*all != '\0')
    append_attribute (writer->out, "style", all);
  if (!writer->context.is_quote)
    append_names (writer->out, "class", attribute_or_empty (node, "class"), writer->extra_class);
  writer->extra_class = NULL;
}

static void
write_attributes (Writer        *writer,
                  const xmlNode *node)
{
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      g_autofree char *name = g_ascii_strdown ((const char *) attribute->name, -1);
      const char *value = "";

      if (attribute->children != NULL && attribute->children->content != NULL)
        value = (const char *) attribute->children->content;
      write_attribute (writer, name, value);
    }
  write_style (writer, node);
}

/* -- Links and pictures ----------------------------------------------------------------------- */

/* The host that @text looks like an address of; %NULL if it is just words. */
static char *
host_in_text (const char *text)
{
  g_autofree char *copy = NULL;
  gsize length;

  text += strspn (text, " \t\r\n");
  if (g_ascii_strncasecmp (text, "https://", 8) == 0)
    text += 8;
  else if (g_ascii_strncasecmp (text, "http://", 7) == 0)
    text += 7;
  else if (g_ascii_strncasecmp (text, "www.", 4) != 0)
    return NULL;

  length = strcspn (text, "/?#: \t\r\n");
  copy = g_ascii_strdown (text, (gssize) length);

  return g_strdup (g_str_has_prefix (copy, "www.") ? copy + 4 : copy);
}

/* Whether the words of a link name another host than it goes to (W3). */
static gboolean
is_misleading (const xmlNode *node,
               const char    *uri)
{
  g_autofree char *shown = NULL;
  g_autofree char *real = NULL;

  if (node->children == NULL || node->children->type != XML_TEXT_NODE
      || node->children->content == NULL)
    return FALSE;

  shown = host_in_text ((const char *) node->children->content);
  real = host_in_text (uri);

  return shown != NULL && real != NULL && !g_str_equal (shown, real);
}

static void
write_link (Writer        *writer,
            const xmlNode *node)
{
  const char *href = pinion_html_attribute (node, "href");
  g_autofree char *uri = NULL;
  PinionHtmlUriKind kind;

  if (href == NULL)
    return;

  kind = pinion_html_classify_uri (href, TRUE, &uri);
  if (kind != PINION_HTML_URI_LINK && kind != PINION_HTML_URI_FRAGMENT)
    return;

  append_attribute (writer->out, "href", uri);
  if (kind != PINION_HTML_URI_LINK)
    return;
  g_string_append (writer->out, " rel=\"noopener noreferrer\"");
  if (!writer->context.is_quote && is_misleading (node, uri))
    writer->extra_class = "pinion-other";
}

static gboolean
is_tiny (const char *length)
{
  return length != NULL && strchr (length, '%') == NULL
         && g_ascii_strtoll (length, NULL, 10) <= 2;
}

/* A picture of one or two points shows nothing and is only there to be fetched. */
static gboolean
is_pixel (const xmlNode *node)
{
  return is_tiny (pinion_html_attribute (node, "width"))
         || is_tiny (pinion_html_attribute (node, "height"));
}

/* Writes <img>; without an address its place stays, with the words for it. */
static void
write_picture (Writer        *writer,
               const xmlNode *node)
{
  const char *src = pinion_html_attribute (node, "src");
  guint remote = writer->context.remote_images;
  g_autofree char *uri = NULL;

  if (src == NULL)
    return;

  uri = pinion_html_picture_uri (&writer->context, src);
  if (uri == NULL && (writer->context.is_quote || is_pixel (node)
                      || writer->context.remote_images == remote))
    return;

  g_string_append (writer->out, "<img");
  if (uri != NULL)
    append_attribute (writer->out, "src", uri);
  else
    writer->extra_class = "pinion-blocked";
  write_attributes (writer, node);
  g_string_append_c (writer->out, '>');
}

/* -- The walk --------------------------------------------------------------------------------- */

static void
open_fold (Writer *writer)
{
  g_string_append (writer->out, "<details class=\"pinion-quote\"");
  g_string_append (writer->out, writer->own_words ? "><summary>" : " open><summary>");
  append_escaped (writer->out, _("Quoted text"));
  g_string_append (writer->out, "</summary>");
}

static void
write_start (Writer  *writer,
             xmlNode *node)
{
  g_autofree char *name = g_ascii_strdown ((const char *) node->name, -1);

  if (g_str_equal (name, "img"))
    {
      write_picture (writer, node);
      return;
    }

  g_string_append_printf (writer->out, "<%s", name);
  if (g_str_equal (name, "a"))
    write_link (writer, node);
  write_attributes (writer, node);
  g_string_append_c (writer->out, '>');
  if (pinion_html_element_rule (name) == PINION_HTML_KEEP)
    pinion_html_add_mark (node, PINION_HTML_MARK_WRITTEN);
}

/* Writes what begins with @node.  Returns: whether to leave its children out. */
static gboolean
enter_node (Writer  *writer,
            xmlNode *node)
{
  guint marks = pinion_html_get_marks (node);
  PinionHtmlElementRule rule;

  if (node->type == XML_TEXT_NODE && node->content != NULL)
    append_escaped (writer->out, (const char *) node->content);
  if (node->type != XML_ELEMENT_NODE)
    return TRUE;

  rule = pinion_html_element_rule ((const char *) node->name);
  if (marks & PINION_HTML_MARK_FOLD_TAIL)
    {
      open_fold (writer);
      pinion_html_add_mark (node->parent, PINION_HTML_MARK_TAIL_OPEN);
    }
  else if (marks & PINION_HTML_MARK_FOLD)
    {
      open_fold (writer);
    }
  if (rule == PINION_HTML_KEEP || rule == PINION_HTML_KEEP_EMPTY)
    write_start (writer, node);

  return rule == PINION_HTML_DROP || rule == PINION_HTML_KEEP_EMPTY;
}

static void
leave_node (xmlNode *node,
            gpointer data)
{
  Writer *writer = data;
  guint marks = pinion_html_get_marks (node);

  if (marks & PINION_HTML_MARK_TAIL_OPEN)
    g_string_append (writer->out, "</details>");
  if (marks & PINION_HTML_MARK_WRITTEN)
    {
      g_autofree char *name = g_ascii_strdown ((const char *) node->name, -1);

      g_string_append_printf (writer->out, "</%s>", name);
    }
  if (marks & PINION_HTML_MARK_FOLD)
    g_string_append (writer->out, "</details>");
}

/* Programs go on after </body>, so that the whole tree is written, not only what is in there. */
static void
write_tree (Writer  *writer,
            xmlNode *root)
{
  xmlNode *node = root;

  while (node != NULL)
    {
      gboolean skip = enter_node (writer, node);

      node = pinion_html_next (node, root, skip, leave_node, writer);
    }
}

/* All sheets of the mail, filtered, in their order. */
static void
write_sheets (Writer    *writer,
              htmlDocPtr doc)
{
  xmlNode *root = xmlDocGetRootElement (doc);
  xmlNode *node = root;

  g_string_append (writer->out, "<style>");
  while (node != NULL)
    {
      if (pinion_html_is (node, "style"))
        {
          g_autofree char *css = (char *) xmlNodeGetContent (node);
          g_autofree char *safe = pinion_html_filter_sheet (&writer->context, css);

          g_string_append (writer->out, safe);
        }
      node = pinion_html_next (node, root, FALSE, NULL, NULL);
    }
  g_string_append (writer->out, "</style>");
}

static void
write_head (Writer *writer)
{
  const PinionHtmlOptions *options = writer->context.options;

  g_string_append (writer->out,
                   "<!DOCTYPE html><html><head><meta charset=\"utf-8\">"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data: " PINION_HTML_CID_SCHEME ":");
  if (options->allow_remote_images)
    g_string_append (writer->out, " https: http:");
  g_string_append_printf (writer->out,
                          "\"><meta name=\"referrer\" content=\"no-referrer\">"
                          "<meta name=\"color-scheme\" content=\"%s\">"
                          "<meta name=\"viewport\" content=\"width=device-width\">"
                          "<style>%s</style>",
                          options->dark ? "dark" : "light", pinion_html_base_sheet (options->dark));
}

/* The element that stands for the mail's own <body>. */
static void
write_body_start (Writer        *writer,
                  const xmlNode *body)
{
  g_string_append (writer->out, "</head><body><div dir=\"auto\"");
  writer->extra_class = "pinion-mail";
  if (body != NULL && pinion_html_is (body, "body"))
    write_style (writer, body);
  else
    append_names (writer->out, "class", "", writer->extra_class);
  writer->extra_class = NULL;
  g_string_append_c (writer->out, '>');
}

/* The tree of @html; of one too deep to draw, the tree of its words alone. */
static htmlDocPtr
parse_or_flatten (const char *html,
                  gboolean   *too_deep)
{
  g_autoptr (xmlDoc) doc = pinion_html_parse (html, too_deep);
  g_autofree char *text = NULL;
  g_autofree char *flat = NULL;
  gboolean ignored;

  if (!*too_deep)
    return g_steal_pointer (&doc);

  text = pinion_html_to_text (html);
  flat = pinion_html_from_text (text);

  return pinion_html_parse (flat, &ignored);
}

char *
pinion_html_make_safe (const char              *html,
                       const PinionHtmlOptions *options,
                       PinionHtmlReport        *report)
{
  gboolean too_deep = FALSE;
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  g_autoptr (xmlDoc) doc = parse_or_flatten (valid, &too_deep);
  Writer writer = { { options, FALSE, 0 }, g_string_sized_new (strlen (html) + 4096), TRUE };
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  xmlNode *body = pinion_html_get_body (doc);

  write_head (&writer);
  if (doc != NULL)
    write_sheets (&writer, doc);
  write_body_start (&writer, body);
  if (root != NULL)
    {
      if (options->fold_quotes)
        writer.own_words = pinion_html_mark_quotes (body);
      write_tree (&writer, root);
    }
  g_string_append (writer.out, "</div></body></html>");

  if (report != NULL)
    *report = (PinionHtmlReport) { writer.context.remote_images,
                                   too_deep || strlen (valid) > PINION_MIME_MAX_TEXT };

  return g_string_free_and_steal (writer.out);
}

char *
pinion_html_quote_safe (const char        *html,
                        const char *const *content_ids)
{
  PinionHtmlOptions options = { .content_ids = content_ids };
  gboolean too_deep = FALSE;
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  g_autoptr (xmlDoc) doc = parse_or_flatten (valid, &too_deep);
  Writer writer = { { &options, TRUE, 0 }, g_string_new (NULL), TRUE };
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;

  if (root != NULL)
    write_tree (&writer, root);

  return g_string_free_and_steal (writer.out);
}
