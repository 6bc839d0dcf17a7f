/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words of a tree of HTML. */

#include "pinion-html-private.h"

#include "pinion-text.h"

#include <string.h>

#define MAX_QUOTE_DEPTH 20
#define MAX_LIST_DEPTH 10
/* A tree is made of so much; of the rest only what stands between the tags is taken. */
#define MAX_TREE (1024 * 1024)

/* Lines are put together in @line and written to @out with the quote's marks in front.
 *
 * @pending_breaks: line ends owed before the next word; @blank: a space owed. */
typedef struct
{
  GString *out;
  guint quote_depth;
  guint list_depth;
  guint pending_breaks;
  gboolean blank;
  gboolean at_line_start;
  guint in_pre;
  gboolean with_alt;
} TextWriter;

static void
begin_line (TextWriter *writer)
{
  guint marks = MIN (writer->quote_depth, MAX_QUOTE_DEPTH);

  for (guint i = 0; i < marks; i++)
    g_string_append_c (writer->out, '>');
  if (marks > 0)
    g_string_append_c (writer->out, ' ');
}

/* Makes good the breaks and blanks owed, before something visible. */
static void
settle (TextWriter *writer)
{
  if (writer->out->len == 0)
    {
      if (writer->at_line_start)
        begin_line (writer);
    }
  else if (writer->pending_breaks > 0)
    {
      for (guint i = 0; i < writer->pending_breaks; i++)
        {
          g_string_append_c (writer->out, '\n');
          if (i + 1 < writer->pending_breaks && writer->quote_depth > 0)
            g_string_append_c (writer->out, '>');
        }
      begin_line (writer);
    }
  else if (writer->blank)
    {
      g_string_append_c (writer->out, ' ');
    }
  writer->pending_breaks = 0;
  writer->blank = FALSE;
  writer->at_line_start = FALSE;
}

static void
owe_breaks (TextWriter *writer,
            guint       n)
{
  if (n == 0)
    return;
  writer->pending_breaks = MAX (writer->pending_breaks, n);
  writer->blank = FALSE;
}

static gboolean
is_blank (gunichar c)
{
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xa0;
}

/* How many bytes follow that need no look at each. */
static gsize
plain_length (const char *text)
{
  gsize length = 0;

  while (text[length] > ' ' && text[length] < 0x7f)
    length++;

  return length;
}

static void
write_text (TextWriter *writer,
            const char *text)
{
  while (*text != '\0')
    {
      gsize plain = plain_length (text);

      if (plain > 0)
        {
          settle (writer);
          g_string_append_len (writer->out, text, (gssize) plain);
          text += plain;
          continue;
        }

      gunichar c = g_utf8_get_char (text);

      text = g_utf8_next_char (text);
      if (writer->in_pre > 0 && c == '\n')
        {
          writer->pending_breaks++;
        }
      else if (writer->in_pre == 0 && is_blank (c))
        {
          writer->blank = TRUE;
        }
      else
        {
          settle (writer);
          g_string_append_unichar (writer->out, c);
        }
    }
}

/* A paragraph stands apart by an empty line. */
static guint
breaks_around (const xmlNode *node)
{
  static const char *const apart[] = { "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
                                       "ul", "ol", "table", "dl", "hr", NULL };

  if (!pinion_html_is_block ((const char *) node->name))
    return 0;

  for (gsize i = 0; apart[i] != NULL; i++)
    if (pinion_html_is (node, apart[i]))
      return 2;

  return 1;
}

static void
write_item_mark (TextWriter *writer)
{
  settle (writer);
  for (guint i = 1; i < MIN (writer->list_depth, MAX_LIST_DEPTH); i++)
    g_string_append (writer->out, "  ");
  g_string_append (writer->out, "•");
  writer->blank = TRUE;
}

static void
enter_element (TextWriter *writer,
               xmlNode    *node)
{
  if (pinion_html_is (node, "br"))
    {
      writer->pending_breaks = MIN (writer->pending_breaks + 1, 3);
      writer->blank = FALSE;
      return;
    }
  if (pinion_html_is (node, "img") && writer->with_alt
      && pinion_html_attribute (node, "alt") != NULL)
    {
      write_text (writer, pinion_html_attribute (node, "alt"));
      writer->blank = TRUE;
    }
  if (pinion_html_is (node, "td") || pinion_html_is (node, "th"))
    writer->blank = TRUE;

  owe_breaks (writer, breaks_around (node));
  if (pinion_html_is (node, "blockquote"))
    writer->quote_depth++;
  else if (pinion_html_is (node, "ul") || pinion_html_is (node, "ol"))
    writer->list_depth++;
  else if (pinion_html_is (node, "pre"))
    writer->in_pre++;
  else if (pinion_html_is (node, "li"))
    write_item_mark (writer);
}

static void
leave_element (xmlNode *node,
               gpointer data)
{
  TextWriter *writer = data;
  guint breaks = breaks_around (node);

  /* Only what was entered is left */
  if (!(pinion_html_get_marks (node) & PINION_HTML_MARK_WRITTEN))
    return;

  owe_breaks (writer, breaks);
  if (pinion_html_is (node, "blockquote"))
    writer->quote_depth--;
  else if (pinion_html_is (node, "ul") || pinion_html_is (node, "ol"))
    writer->list_depth--;
  else if (pinion_html_is (node, "pre"))
    writer->in_pre--;
}

static void
write_tree (TextWriter *writer,
            xmlNode    *root)
{
  xmlNode *node = root;

  while (node != NULL)
    {
      gboolean skip = FALSE;

      if (node->type == XML_TEXT_NODE && node->content != NULL)
        write_text (writer, (const char *) node->content);
      if (node->type == XML_ELEMENT_NODE)
        {
          skip = pinion_html_element_rule ((const char *) node->name) == PINION_HTML_DROP
                 || pinion_html_is_hidden (node);
          if (!skip)
            {
              enter_element (writer, node);
              pinion_html_add_mark (node, PINION_HTML_MARK_WRITTEN);
            }
        }
      node = pinion_html_next (node, root, skip, leave_element, writer);
    }
}

static char *
text_of_tree (xmlNode *root,
              gboolean with_alt)
{
  TextWriter writer = { g_string_new (NULL), 0, 0, 0, FALSE, TRUE, 0, with_alt };

  write_tree (&writer, root);

  return g_string_free_and_steal (writer.out);
}

/* Of HTML that is too deep for a tree: what stands between the tags. */
static char *
strip_tags (const char *html)
{
  GString *out = g_string_sized_new (strlen (html));

  while (*html != '\0')
    {
      gsize length = strcspn (html, "<");
      const char *end;

      g_string_append_len (out, html, (gssize) length);
      html += length;
      if (*html == '\0')
        break;
      end = strchr (html, '>');
      if (end == NULL)
        break;
      if (out->len > 0 && out->str[out->len - 1] != '\n')
        g_string_append_c (out, '\n');
      html = end + 1;
    }

  return g_string_free_and_steal (out);
}

/* Cuts @html where its tree gets too large, before a tag.  Returns: the rest, borrowed. */
static const char *
find_rest (const char *html)
{
  gsize length = strnlen (html, MAX_TREE);
  const char *tag;

  if (html[length] == '\0')
    return html + length;

  tag = memrchr (html, '<', length);

  return tag != NULL ? tag : html + length;
}

char *
pinion_html_to_text (const char *html)
{
  gboolean too_deep = FALSE;
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  const char *rest = find_rest (valid);
  g_autofree char *start = g_strndup (valid, (gsize) (rest - valid));
  g_autoptr (xmlDoc) doc = pinion_html_parse (start, &too_deep);
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *rest_text = NULL;
  g_autofree char *all = NULL;

  if (too_deep || root == NULL)
    {
      text = strip_tags (valid);
      return pinion_text_clean (text, -1);
    }

  text = text_of_tree (root, FALSE);
  if (*text == '\0')
    {
      /* Mail made of pictures alone still has their words */
      g_free (text);
      text = text_of_tree (root, TRUE);
    }
  rest_text = strip_tags (rest);
  all = g_strconcat (text, rest_text, NULL);

  return pinion_text_clean (all, -1);
}
