/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The allow-lists of elements, attributes and addresses, and the style sheet under the mail. */

#include "pinion-html-private.h"

#include <string.h>

#define MAX_DATA_URI (3 * 1024 * 1024)

typedef struct
{
  const char *name;
  guint8 rule;
  gboolean is_block;
} Element;

typedef struct
{
  const char *name;
  guint8 rule;
} Attribute;

/* What is not here is unwrapped: its children stay, it goes. */
static const Element elements[] = {
  { "a", PINION_HTML_KEEP, FALSE },
  { "abbr", PINION_HTML_KEEP, FALSE },
  { "acronym", PINION_HTML_KEEP, FALSE },
  { "address", PINION_HTML_KEEP, TRUE },
  { "applet", PINION_HTML_DROP, FALSE },
  { "article", PINION_HTML_KEEP, TRUE },
  { "aside", PINION_HTML_KEEP, TRUE },
  { "audio", PINION_HTML_DROP, FALSE },
  { "b", PINION_HTML_KEEP, FALSE },
  { "bdi", PINION_HTML_KEEP, FALSE },
  { "bdo", PINION_HTML_KEEP, FALSE },
  { "big", PINION_HTML_KEEP, FALSE },
  { "blockquote", PINION_HTML_KEEP, TRUE },
  { "br", PINION_HTML_KEEP_EMPTY, FALSE },
  { "canvas", PINION_HTML_DROP, FALSE },
  { "caption", PINION_HTML_KEEP, TRUE },
  { "center", PINION_HTML_KEEP, TRUE },
  { "cite", PINION_HTML_KEEP, FALSE },
  { "code", PINION_HTML_KEEP, FALSE },
  { "col", PINION_HTML_KEEP_EMPTY, FALSE },
  { "colgroup", PINION_HTML_KEEP, FALSE },
  { "datalist", PINION_HTML_DROP, FALSE },
  { "dd", PINION_HTML_KEEP, TRUE },
  { "del", PINION_HTML_KEEP, FALSE },
  { "dfn", PINION_HTML_KEEP, FALSE },
  { "dir", PINION_HTML_KEEP, TRUE },
  { "div", PINION_HTML_KEEP, TRUE },
  { "dl", PINION_HTML_KEEP, TRUE },
  { "dt", PINION_HTML_KEEP, TRUE },
  { "em", PINION_HTML_KEEP, FALSE },
  { "embed", PINION_HTML_DROP, FALSE },
  { "figcaption", PINION_HTML_KEEP, TRUE },
  { "figure", PINION_HTML_KEEP, TRUE },
  { "font", PINION_HTML_KEEP, FALSE },
  { "footer", PINION_HTML_KEEP, TRUE },
  { "frame", PINION_HTML_DROP, FALSE },
  { "frameset", PINION_HTML_DROP, FALSE },
  { "h1", PINION_HTML_KEEP, TRUE },
  { "h2", PINION_HTML_KEEP, TRUE },
  { "h3", PINION_HTML_KEEP, TRUE },
  { "h4", PINION_HTML_KEEP, TRUE },
  { "h5", PINION_HTML_KEEP, TRUE },
  { "h6", PINION_HTML_KEEP, TRUE },
  { "head", PINION_HTML_DROP, FALSE },
  { "header", PINION_HTML_KEEP, TRUE },
  { "hr", PINION_HTML_KEEP_EMPTY, TRUE },
  { "i", PINION_HTML_KEEP, FALSE },
  { "iframe", PINION_HTML_DROP, FALSE },
  { "img", PINION_HTML_KEEP_EMPTY, FALSE },
  { "ins", PINION_HTML_KEEP, FALSE },
  { "kbd", PINION_HTML_KEEP, FALSE },
  { "li", PINION_HTML_KEEP, TRUE },
  { "link", PINION_HTML_DROP, FALSE },
  { "main", PINION_HTML_KEEP, TRUE },
  { "mark", PINION_HTML_KEEP, FALSE },
  { "math", PINION_HTML_DROP, FALSE },
  { "menu", PINION_HTML_KEEP, TRUE },
  { "meta", PINION_HTML_DROP, FALSE },
  { "nav", PINION_HTML_KEEP, TRUE },
  { "noembed", PINION_HTML_DROP, FALSE },
  { "noframes", PINION_HTML_DROP, FALSE },
  { "object", PINION_HTML_DROP, FALSE },
  { "ol", PINION_HTML_KEEP, TRUE },
  { "p", PINION_HTML_KEEP, TRUE },
  { "plaintext", PINION_HTML_DROP, FALSE },
  { "pre", PINION_HTML_KEEP, TRUE },
  { "q", PINION_HTML_KEEP, FALSE },
  { "rp", PINION_HTML_KEEP, FALSE },
  { "rt", PINION_HTML_KEEP, FALSE },
  { "ruby", PINION_HTML_KEEP, FALSE },
  { "s", PINION_HTML_KEEP, FALSE },
  { "samp", PINION_HTML_KEEP, FALSE },
  { "script", PINION_HTML_DROP, FALSE },
  { "section", PINION_HTML_KEEP, TRUE },
  { "select", PINION_HTML_DROP, FALSE },
  { "small", PINION_HTML_KEEP, FALSE },
  { "span", PINION_HTML_KEEP, FALSE },
  { "strike", PINION_HTML_KEEP, FALSE },
  { "strong", PINION_HTML_KEEP, FALSE },
  { "style", PINION_HTML_DROP, FALSE },
  { "sub", PINION_HTML_KEEP, FALSE },
  { "sup", PINION_HTML_KEEP, FALSE },
  { "svg", PINION_HTML_DROP, FALSE },
  { "table", PINION_HTML_KEEP, TRUE },
  { "tbody", PINION_HTML_KEEP, FALSE },
  { "td", PINION_HTML_KEEP, FALSE },
  { "template", PINION_HTML_DROP, FALSE },
  { "textarea", PINION_HTML_DROP, FALSE },
  { "tfoot", PINION_HTML_KEEP, FALSE },
  { "th", PINION_HTML_KEEP, FALSE },
  { "thead", PINION_HTML_KEEP, FALSE },
  { "time", PINION_HTML_KEEP, FALSE },
  { "title", PINION_HTML_DROP, FALSE },
  { "tr", PINION_HTML_KEEP, TRUE },
  { "tt", PINION_HTML_KEEP, FALSE },
  { "u", PINION_HTML_KEEP, FALSE },
  { "ul", PINION_HTML_KEEP, TRUE },
  { "var", PINION_HTML_KEEP, FALSE },
  { "video", PINION_HTML_DROP, FALSE },
  { "wbr", PINION_HTML_KEEP_EMPTY, FALSE },
  { "xml", PINION_HTML_DROP, FALSE },
  { "xmp", PINION_HTML_DROP, FALSE },
};

/* href, src and background are handled one by one. */
static const Attribute attributes[] = {
  { "abbr", PINION_HTML_ATTRIBUTE_TEXT },
  { "align", PINION_HTML_ATTRIBUTE_WORD },
  { "alt", PINION_HTML_ATTRIBUTE_TEXT },
  { "bgcolor", PINION_HTML_ATTRIBUTE_BACK_COLOR },
  { "border", PINION_HTML_ATTRIBUTE_LENGTH },
  { "cellpadding", PINION_HTML_ATTRIBUTE_LENGTH },
  { "cellspacing", PINION_HTML_ATTRIBUTE_LENGTH },
  { "class", PINION_HTML_ATTRIBUTE_NAMES },
  { "clear", PINION_HTML_ATTRIBUTE_WORD },
  { "color", PINION_HTML_ATTRIBUTE_TEXT_COLOR },
  { "colspan", PINION_HTML_ATTRIBUTE_SPAN },
  { "compact", PINION_HTML_ATTRIBUTE_WORD },
  { "dir", PINION_HTML_ATTRIBUTE_WORD },
  { "face", PINION_HTML_ATTRIBUTE_TEXT },
  { "height", PINION_HTML_ATTRIBUTE_LENGTH },
  { "hspace", PINION_HTML_ATTRIBUTE_LENGTH },
  { "id", PINION_HTML_ATTRIBUTE_NAMES },
  { "lang", PINION_HTML_ATTRIBUTE_WORD },
  { "noshade", PINION_HTML_ATTRIBUTE_WORD },
  { "nowrap", PINION_HTML_ATTRIBUTE_WORD },
  { "reversed", PINION_HTML_ATTRIBUTE_WORD },
  { "rowspan", PINION_HTML_ATTRIBUTE_SPAN },
  { "scope", PINION_HTML_ATTRIBUTE_WORD },
  { "size", PINION_HTML_ATTRIBUTE_LENGTH },
  { "span", PINION_HTML_ATTRIBUTE_SPAN },
  { "start", PINION_HTML_ATTRIBUTE_LENGTH },
  { "style", PINION_HTML_ATTRIBUTE_STYLE },
  { "title", PINION_HTML_ATTRIBUTE_TEXT },
  { "type", PINION_HTML_ATTRIBUTE_WORD },
  { "valign", PINION_HTML_ATTRIBUTE_WORD },
  { "value", PINION_HTML_ATTRIBUTE_LENGTH },
  { "vspace", PINION_HTML_ATTRIBUTE_LENGTH },
  { "width", PINION_HTML_ATTRIBUTE_LENGTH },
};

static int
compare_element (const void *name,
                 const void *element)
{
  return g_ascii_strcasecmp (name, ((const Element *) element)->name);
}

static int
compare_attribute (const void *name,
                   const void *attribute)
{
  return g_ascii_strcasecmp (name, ((const Attribute *) attribute)->name);
}

PinionHtmlElementRule
pinion_html_element_rule (const char *name)
{
  const Element *found = bsearch (name, elements, G_N_ELEMENTS (elements), sizeof *elements,
                                  compare_element);

  return found != NULL ? found->rule : PINION_HTML_UNWRAP;
}

gboolean
pinion_html_is_block (const char *name)
{
  const Element *found = bsearch (name, elements, G_N_ELEMENTS (elements), sizeof *elements,
                                  compare_element);

  return found != NULL && found->is_block;
}

PinionHtmlAttributeRule
pinion_html_attribute_rule (const char *name)
{
  const Attribute *found = bsearch (name, attributes, G_N_ELEMENTS (attributes), sizeof *attributes,
                                    compare_attribute);

  return found != NULL ? found->rule : PINION_HTML_ATTRIBUTE_DROP;
}

/* -- Addresses -------------------------------------------------------------------------------- */

/* As the URL standard reads them: control characters and blanks around go, line breaks and tabs
 * inside too, a backslash is a slash. */
static char *
clean_uri (const char *value)
{
  GString *clean = g_string_new (NULL);

  for (; *value != '\0'; value++)
    {
      guchar c = (guchar) *value;

      if (c == '\t' || c == '\n' || c == '\r' || (c <= ' ' && clean->len == 0))
        continue;
      if (c < ' ' || c == 0x7f)
        continue;
      g_string_append_c (clean, (char) c);
    }
  while (clean->len > 0 && clean->str[clean->len - 1] == ' ')
    g_string_truncate (clean, clean->len - 1);

  return g_string_free_and_steal (clean);
}

static gboolean
has_scheme (const char *uri,
            const char *scheme)
{
  return g_ascii_strncasecmp (uri, scheme, strlen (scheme)) == 0;
}

/* data: only as one of the picture formats that hold pixels and nothing else. */
static gboolean
is_data_image (const char *uri)
{
  static const char *const types[] = { "png", "jpeg", "jpg", "gif", "webp", "bmp" };
  const char *data = strchr (uri, ',');

  if (!has_scheme (uri, "data:image/") || data == NULL || strlen (data) > MAX_DATA_URI)
    return FALSE;
  if (data - uri < 7 || g_ascii_strncasecmp (data - 7, ";base64", 7) != 0)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gsize length = strlen (types[i]);

      if (g_ascii_strncasecmp (uri + 11, types[i], length) == 0 && uri + 11 + length + 7 == data)
        return data[1 + strspn (data + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789+/=%")] == '\0';
    }

  return FALSE;
}

PinionHtmlUriKind
pinion_html_classify_uri (const char *value,
                          gboolean    for_link,
                          char      **clean)
{
  g_autofree char *uri = clean_uri (value);
  PinionHtmlUriKind kind = PINION_HTML_URI_OTHER;

  if (has_scheme (uri, "http://") || has_scheme (uri, "https://"))
    kind = for_link ? PINION_HTML_URI_LINK : PINION_HTML_URI_REMOTE;
  else if (for_link && has_scheme (uri, "mailto:"))
    kind = PINION_HTML_URI_LINK;
  else if (for_link && *uri == '#')
    kind = PINION_HTML_URI_FRAGMENT;
  else if (!for_link && has_scheme (uri, "//"))
    kind = PINION_HTML_URI_REMOTE;
  else if (!for_link && has_scheme (uri, "cid:"))
    kind = PINION_HTML_URI_CID;
  else if (!for_link && is_data_image (uri))
    kind = PINION_HTML_URI_DATA_IMAGE;

  *clean = g_steal_pointer (&uri);

  return kind;
}

static char *
cid_uri (PinionHtmlContext *context,
         const char        *uri)
{
  g_autofree char *id = g_uri_unescape_string (uri + strlen ("cid:"), NULL);
  g_autofree char *escaped = NULL;

  if (id == NULL || context->options->content_ids == NULL
      || !g_strv_contains (context->options->content_ids, id))
    return NULL;

  escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (context->is_quote ? "cid" : PINION_HTML_CID_SCHEME, ":", escaped, NULL);
}

char *
pinion_html_picture_uri (PinionHtmlContext *context,
                         const char        *value)
{
  g_autofree char *uri = NULL;

  switch (pinion_html_classify_uri (value, FALSE, &uri))
    {
    case PINION_HTML_URI_CID:
      return cid_uri (context, uri);

    case PINION_HTML_URI_DATA_IMAGE:
      return g_steal_pointer (&uri);

    case PINION_HTML_URI_REMOTE:
      context->remote_images++;
      if (!context->options->allow_remote_images)
        return NULL;
      if (*uri == '/')
        return g_strconcat ("https:", uri, NULL);
      return g_steal_pointer (&uri);

    case PINION_HTML_URI_LINK:
    case PINION_HTML_URI_FRAGMENT:
    case PINION_HTML_URI_OTHER:
    default:
      return NULL;
    }
}

char *
pinion_html_parse_cid_uri (const char *uri)
{
  if (!has_scheme (uri, PINION_HTML_CID_SCHEME ":"))
    return NULL;

  return g_uri_unescape_string (uri + strlen (PINION_HTML_CID_SCHEME ":"), NULL);
}

/* -- The base --------------------------------------------------------------------------------- */

#define COMMON_SHEET                                                                              \
  "html,body{margin:0;padding:0;background:transparent}"                                          \
  "body{font:15px/1.5 'Adwaita Sans','Cantarell',sans-serif;overflow-wrap:break-word}"            \
  ".pinion-mail{overflow-x:auto;overflow-y:hidden;padding:1px 0}"                                 \
  "img{max-width:100%;object-fit:contain}"                                                        \
  "img.pinion-blocked{outline:1px dashed #8888;outline-offset:-1px}"                              \
  "pre{white-space:pre-wrap;font-family:'Adwaita Mono','Source Code Pro',monospace}"              \
  "table{font-size:inherit;color:inherit;line-height:inherit}"                                    \
  "blockquote[type=cite],.gmail_quote>blockquote{margin:.5em 0;padding:0 0 0 12px;"               \
  "border:0;border-inline-start:2px solid #8886}"                                                 \
  ".pinion-quote{margin:.5em 0}"                                                                  \
  ".pinion-quote>summary{display:inline-block;list-style:none;cursor:default;padding:0 10px;"     \
  "border-radius:99px;background:#8882;font-size:12px}"                                           \
  ".pinion-quote>summary:hover{background:#8884}"                                                 \
  ".pinion-quote>summary:focus-visible{outline:2px solid #3584e4}"                                \
  ".pinion-other{text-decoration-style:wavy;text-decoration-color:#e5a50a}"

const char *
pinion_html_base_sheet (gboolean dark)
{
  return dark ? ":root{color-scheme:dark}body{color:#fff}a{color:#78aeed}" COMMON_SHEET
              : ":root{color-scheme:light}body{color:#2e2e33}a{color:#1b6acb}" COMMON_SHEET;
}
