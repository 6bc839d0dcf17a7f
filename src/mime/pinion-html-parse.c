/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tree: libxml2 with its doors shut. */

#include "pinion-html-private.h"

#include "pinion-mime-bounds.h"

#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* Deep threads of replies nest some 300 elements; libxml2 takes time by depth for each end tag. */
#define MAX_DEPTH 400
/* libxml2 compares each attribute of an element with all others: only so many names exist. */
#define MAX_NAMES 4000

typedef struct
{
  startElementSAXFunc start;
  guint depth;
  gboolean too_deep;
} Guard;

static void
on_start_element (void           *data,
                  const xmlChar  *name,
                  const xmlChar **attributes)
{
  xmlParserCtxt *parser = data;
  Guard *guard = parser->_private;
  g_autofree char *other = NULL;

  if (parser->nameNr > MAX_DEPTH)
    {
      guard->too_deep = TRUE;
      xmlStopParser (parser);
      return;
    }

  /* The tree would take "o:p" for a "p" */
  if (strchr ((const char *) name, ':') != NULL)
    other = g_strdelimit (g_strdup ((const char *) name), ":", '-');
  guard->start (data, other != NULL ? (const xmlChar *) other : name, attributes);
}

static void
on_error (void       *data,
          const char *format,
          ...)
{
}

static void
shut_doors (xmlParserCtxt *parser,
            Guard         *guard)
{
  /* The text is UTF-8 by now, whatever its <meta> says */
  int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC;

  htmlCtxtUseOptions (parser, options);
#if LIBXML_VERSION < 21300
  /* The library's own limit of 256 would cut mail that is harmless; ours is the guard */
  parser->options |= XML_PARSE_HUGE;
  xmlDictSetLimit (parser->dict, MAX_NAMES);
#endif
  guard->start = parser->sax->startElement;
  parser->_private = guard;
  parser->sax->startElement = on_start_element;
  parser->sax->error = on_error;
  parser->sax->warning = on_error;
  parser->sax->serror = NULL;
}

htmlDocPtr
pinion_html_parse (const char *html,
                   gboolean   *too_deep)
{
  g_autofree char *whole = NULL;
  gsize length;
  Guard guard = { NULL, 0, FALSE };
  xmlParserCtxt *parser;
  xmlDoc *doc;

  *too_deep = FALSE;
  if (*html == '\0')
    return NULL;

  /* Without a body the library would put bare words into paragraphs, which stand apart */
  if (strcasestr (html, "<body") == NULL)
    html = whole = g_strconcat ("<body>", html, NULL);
  length = strnlen (html, PINION_MIME_MAX_TEXT);

  parser = htmlCreateMemoryParserCtxt (html, (int) length);
  if (parser == NULL)
    return NULL;

  shut_doors (parser, &guard);
  xmlSwitchEncoding (parser, XML_CHAR_ENCODING_UTF8);
  htmlParseDocument (parser);
  doc = parser->myDoc;
  parser->myDoc = NULL;
  htmlFreeParserCtxt (parser);
  *too_deep = guard.too_deep;

  return doc;
}

xmlNode *
pinion_html_next (xmlNode            *node,
                  const xmlNode      *root,
                  gboolean            skip,
                  PinionHtmlLeaveFunc leave,
                  gpointer            user_data)
{
  if (!skip && node->type == XML_ELEMENT_NODE && node->children != NULL)
    return node->children;

  while (node != NULL)
    {
      if (leave != NULL && node->type == XML_ELEMENT_NODE)
        leave (node, user_data);
      if (node == root)
        return NULL;
      if (node->next != NULL)
        return node->next;
      node = node->parent;
    }

  return NULL;
}

xmlNode *
pinion_html_get_body (htmlDocPtr doc)
{
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;

  if (root == NULL)
    return NULL;

  for (xmlNode *node = root->children; node != NULL; node = node->next)
    if (pinion_html_is (node, "body"))
      return node;

  return root;
}

gboolean
pinion_html_is (const xmlNode *node,
                const char    *name)
{
  return node->type == XML_ELEMENT_NODE
         && g_ascii_strcasecmp ((const char *) node->name, name) == 0;
}

const char *
pinion_html_attribute (const xmlNode *node,
                       const char    *name)
{
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    if (g_ascii_strcasecmp ((const char *) attribute->name, name) == 0)
      return attribute->children != NULL ? (const char *) attribute->children->content : "";

  return NULL;
}

gboolean
pinion_html_has_word (const xmlNode *node,
                      const char    *name,
                      const char    *word)
{
  const char *value = pinion_html_attribute (node, name);
  gsize length = strlen (word);

  while (value != NULL && *value != '\0')
    {
      gsize n;

      value += strspn (value, " \t\r\n");
      n = strcspn (value, " \t\r\n");
      if (n == length && strncmp (value, word, n) == 0)
        return TRUE;
      value += n;
    }

  return FALSE;
}

gboolean
pinion_html_is_hidden (const xmlNode *node)
{
  const char *style = pinion_html_attribute (node, "style");
  g_autofree char *flat = NULL;

  if (pinion_html_attribute (node, "hidden") != NULL)
    return TRUE;
  if (style == NULL || strlen (style) > 4096)
    return FALSE;

  flat = g_ascii_strdown (style, -1);
  for (char *in = flat, *out = flat;; in++)
    {
      if (*in == ' ' || *in == '\t' || *in == '\n' || *in == '\r')
        continue;
      *out++ = *in;
      if (*in == '\0')
        break;
    }

  return strstr (flat, "display:none") != NULL || strstr (flat, "visibility:hidden") != NULL
         || strstr (flat, "mso-hide:all") != NULL;
}
