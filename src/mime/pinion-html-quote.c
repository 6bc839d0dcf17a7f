/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where quoted text begins, as the programs people use mark it. */

#include "pinion-html-private.h"

#include <string.h>

guint
pinion_html_get_marks (const xmlNode *node)
{
  return GPOINTER_TO_UINT (node->_private);
}

void
pinion_html_add_mark (xmlNode       *node,
                      PinionHtmlMark mark)
{
  node->_private = GUINT_TO_POINTER (pinion_html_get_marks (node) | mark);
}

static gboolean
has_visible_text (const xmlNode *node)
{
  const char *p = (const char *) node->content;

  if (node->type != XML_TEXT_NODE || p == NULL)
    return FALSE;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && c != 0xa0 && c != 0x200b && c != 0xfeff)
        return TRUE;
    }

  return FALSE;
}

/* The first visible text under @node; (nullable), borrowed. */
static const char *
first_text (xmlNode *root)
{
  for (xmlNode *node = root; node != NULL; node = pinion_html_next (node, root, FALSE, NULL, NULL))
    if (has_visible_text (node))
      return (const char *) node->content;

  return NULL;
}

/* Gmail and others put a forwarded message into the same element as a quoted one. */
static gboolean
is_forward (xmlNode *node)
{
  const char *text = first_text (node);

  return text != NULL && g_str_has_prefix (text + strspn (text, " \t\r\n"), "-----");
}

/* An element that holds the quote itself. */
static gboolean
is_quote (const xmlNode *node)
{
  if (pinion_html_is (node, "blockquote"))
    return pinion_html_has_word (node, "type", "cite")
           || pinion_html_has_word (node, "class", "gmail_quote")
           || pinion_html_has_word (node, "class", "protonmail_quote");

  return pinion_html_is (node, "div")
         && (pinion_html_has_word (node, "class", "gmail_quote")
          || pinion_html_has_word (node, "class", "gmail_quote_container")
          || pinion_html_has_word (node, "class", "protonmail_quote")
          || pinion_html_has_word (node, "class", "yahoo_quoted")
          || pinion_html_has_word (node, "class", "zmail_extra")
          || pinion_html_has_word (node, "id", "mail-editor-reference-message-container"));
}

/* The headers that Outlook writes above what it quotes: a box with nothing but a line on top. */
static gboolean
is_outlook_header (const xmlNode *node)
{
  const char *style;
  const char *id;

  if (!pinion_html_is (node, "div"))
    return FALSE;

  id = pinion_html_attribute (node, "id");
  if (id != NULL
      && (g_str_has_suffix (id, "divRplyFwdMsg") || g_str_has_suffix (id, "appendonsend")))
    return TRUE;

  style = pinion_html_attribute (node, "style");

  return style != NULL && strstr (style, "border:none") != NULL
         && (strstr (style, "border-top:solid #E1E1E1") != NULL
          || strstr (style, "border-top:solid #B5C4DF") != NULL);
}

static xmlNode *
previous_element (const xmlNode *node)
{
  for (xmlNode *before = node->prev; before != NULL; before = before->prev)
    {
      if (before->type == XML_ELEMENT_NODE)
        return before;
      if (has_visible_text (before))
        return NULL;
    }

  return NULL;
}

static gboolean
is_alone (const xmlNode *node)
{
  for (const xmlNode *other = node->parent->children; other != NULL; other = other->next)
    if (other != node && (other->type == XML_ELEMENT_NODE || has_visible_text (other)))
      return FALSE;

  return TRUE;
}

/* All that follows an Outlook header is quoted: from its wrapper on, the line above included. */
static void
mark_tail (xmlNode *header,
           xmlNode *body)
{
  xmlNode *start = header;
  xmlNode *before;

  while (start->parent != body && start->parent != NULL && is_alone (start))
    start = start->parent;
  before = previous_element (start);
  if (before != NULL && pinion_html_is (before, "hr"))
    start = before;

  pinion_html_add_mark (start, PINION_HTML_MARK_FOLD_TAIL);
}

/* Whether something is there to be seen outside of the marked elements. */
static gboolean
has_own_words (xmlNode *body)
{
  xmlNode *node = body;
  gboolean skip;

  while (node != NULL)
    {
      guint marks = pinion_html_get_marks (node);

      if (marks & PINION_HTML_MARK_FOLD_TAIL)
        return FALSE;
      if (has_visible_text (node) || pinion_html_is (node, "img"))
        return TRUE;
      skip = (marks & PINION_HTML_MARK_FOLD) != 0 || pinion_html_is (node, "style");
      node = pinion_html_next (node, body, skip, NULL, NULL);
    }

  return FALSE;
}

gboolean
pinion_html_mark_quotes (xmlNode *body)
{
  xmlNode *node = body;

  while (node != NULL)
    {
      gboolean skip = FALSE;

      if (node != body && is_outlook_header (node))
        {
          mark_tail (node, body);
          break;
        }
      if (node != body && is_quote (node) && !is_forward (node))
        {
          pinion_html_add_mark (node, PINION_HTML_MARK_FOLD);
          skip = TRUE;
        }
      node = pinion_html_next (node, body, skip, NULL, NULL);
    }

  return has_own_words (body);
}
