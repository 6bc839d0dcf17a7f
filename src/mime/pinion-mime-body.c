/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-mime-bounds.h"
#include "pinion-mime-charset.h"
#include "pinion-mime-decode.h"
#include "pinion-mime-html.h"
#include "pinion-text.h"

#include <string.h>

/* Enough of a text to take a snippet from: HTML starts with style sheets.  Most say enough early. */
#define FIRST_TEXT 2048
#define FIRST_HTML (8 * 1024)
#define SNIPPET_TEXT (16 * 1024)
#define SNIPPET_HTML (64 * 1024)

/* What is known of each entity while bodies are chosen; 1 + index, 0: none. */
typedef struct
{
  gboolean has_html;
  gboolean has_plain;
  gboolean included;
  guint first_plain;
  guint last_html;
} Choice;

static const PinionMimeLeaf *
get_leaf (PinionMimeMessage *self,
          guint              index)
{
  return g_ptr_array_index (self->parts, index);
}

/* Tells each entity what text it holds: entities stand before their children, so that one pass from
 * the end is enough. */
static void
gather (PinionMimeMessage *self,
        Choice            *choices)
{
  const PinionMimeTree *tree = &self->priv->tree;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimeLeaf *leaf = get_leaf (self, i);

      choices[leaf->entity].has_html = leaf->is_candidate && leaf->is_html;
      choices[leaf->entity].has_plain = leaf->is_candidate && !leaf->is_html;
    }

  for (guint i = tree->entities->len; i > 1; i--)
    {
      Choice *choice = &choices[i - 1];
      Choice *above = &choices[pinion_mime_tree_get (tree, i - 1)->parent];

      if (choice->has_html)
        {
          above->has_html = TRUE;
          above->last_html = MAX (above->last_html, i);
        }
      if (choice->has_plain)
        {
          above->has_plain = TRUE;
          above->first_plain = i;
        }
    }
}

/* Of alternatives the one wanted, else the other (RFC 2046 5.1.4). */
static gboolean
is_chosen (const Choice *above,
           guint         index,
           gboolean      want_html)
{
  guint wanted = want_html ? above->last_html : above->first_plain;
  guint other = want_html ? above->first_plain : above->last_html;

  return index + 1 == (wanted != 0 ? wanted : other);
}

GArray *
pinion_mime_choose_bodies (PinionMimeMessage *self,
                           gboolean           want_html)
{
  const PinionMimeTree *tree = &self->priv->tree;
  g_autofree Choice *choices = g_new0 (Choice, tree->entities->len);
  GArray *chosen = g_array_new (FALSE, TRUE, sizeof (gboolean));

  gather (self, choices);
  choices[0].included = TRUE;
  for (guint i = 1; i < tree->entities->len; i++)
    {
      guint parent = (guint) pinion_mime_tree_get (tree, i)->parent;
      gboolean is_alternative = pinion_mime_entity_is_type (pinion_mime_tree_get (tree, parent),
                                                            "multipart", "alternative");

      choices[i].included = choices[parent].included
                            && (!is_alternative || is_chosen (&choices[parent], i, want_html));
    }

  g_array_set_size (chosen, self->parts->len);
  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimeLeaf *leaf = get_leaf (self, i);

      g_array_index (chosen, gboolean, i) = leaf->is_candidate && choices[leaf->entity].included;
    }

  return chosen;
}

char *
pinion_mime_leaf_dup_text (PinionMimeMessage    *self,
                           const PinionMimeLeaf *leaf,
                           gsize                 max)
{
  const PinionMimeTree *tree = &self->priv->tree;
  const PinionMimeEntity *entity = pinion_mime_tree_get (tree, leaf->entity);
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *sniffed = NULL;
  g_autofree char *text = NULL;
  const char *charset = leaf->part.charset;
  const char *data;
  gboolean is_whole;

  bytes = pinion_mime_decode (tree->data + entity->body_start,
                              entity->body_end - entity->body_start, leaf->encoding, max,
                              &is_whole);
  data = bytes->len > 0 ? (const char *) bytes->data : "";
  if (charset == NULL && leaf->is_html)
    charset = sniffed = pinion_mime_charset_sniff_html (data, bytes->len);

  text = pinion_mime_charset_to_utf8 (data, bytes->len, charset);
  if (leaf->is_flowed && !leaf->is_html)
    return pinion_mime_unflow (text, leaf->delete_space);

  return g_steal_pointer (&text);
}

static void
append_text (GString    *string,
             const char *text)
{
  if (string->len > 0 && string->str[string->len - 1] != '\n')
    g_string_append_c (string, '\n');
  g_string_append (string, text);
}

/* The chosen bodies one after the other, as text, of at most @max_text and @max_html bytes each and
 * PINION_MIME_MAX_TEXT together. */
static char *
join_text (PinionMimeMessage *self,
           gboolean           want_html,
           gsize              max_text,
           gsize              max_html)
{
  g_autoptr (GArray) chosen = pinion_mime_choose_bodies (self, want_html);
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < self->parts->len && all->len < PINION_MIME_MAX_TEXT; i++)
    {
      const PinionMimeLeaf *leaf = get_leaf (self, i);
      g_autofree char *raw = NULL;
      g_autofree char *text = NULL;

      if (!g_array_index (chosen, gboolean, i))
        continue;
      raw = pinion_mime_leaf_dup_text (self, leaf, leaf->is_html ? max_html : max_text);
      text = leaf->is_html ? pinion_html_to_text (raw) : pinion_text_clean (raw, -1);
      append_text (all, text);
    }

  return g_string_free_and_steal (g_steal_pointer (&all));
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

/* Plain text where it says something: some programs send an empty one beside the HTML. */
static char *
make_text (PinionMimeMessage *self,
           gsize              max_text,
           gsize              max_html)
{
  g_autofree char *text = join_text (self, FALSE, max_text, max_html);

  if (!is_blank (text))
    return g_steal_pointer (&text);

  return join_text (self, TRUE, max_text, max_html);
}

char *
pinion_mime_message_dup_text (PinionMimeMessage *self)
{
  return make_text (self, PINION_MIME_MAX_TEXT, PINION_MIME_MAX_TEXT);
}

/* A snippet that is cut is the same, whatever comes behind it. */
static gboolean
is_cut (const char *snippet)
{
  return g_str_has_suffix (snippet, "…");
}

char *
pinion_mime_make_snippet (PinionMimeMessage *self)
{
  g_autofree char *first = make_text (self, FIRST_TEXT, FIRST_HTML);
  g_autofree char *snippet = pinion_mime_snippet_of_text (first);

  if (is_cut (snippet))
    return g_steal_pointer (&snippet);

  g_autofree char *text = make_text (self, SNIPPET_TEXT, SNIPPET_HTML);

  return pinion_mime_snippet_of_text (text);
}

static gboolean
has_html (PinionMimeMessage *self,
          GArray            *chosen)
{
  for (guint i = 0; i < self->parts->len; i++)
    if (g_array_index (chosen, gboolean, i) && get_leaf (self, i)->is_html)
      return TRUE;

  return FALSE;
}

char *
pinion_mime_message_dup_html (PinionMimeMessage *self)
{
  g_autoptr (GArray) chosen = pinion_mime_choose_bodies (self, TRUE);
  g_autoptr (GString) all = NULL;

  if (!has_html (self, chosen))
    return NULL;

  all = g_string_new (NULL);
  for (guint i = 0; i < self->parts->len && all->len < PINION_MIME_MAX_TEXT; i++)
    {
      const PinionMimeLeaf *leaf = get_leaf (self, i);
      g_autofree char *text = NULL;
      g_autofree char *html = NULL;

      if (!g_array_index (chosen, gboolean, i))
        continue;
      text = pinion_mime_leaf_dup_text (self, leaf, PINION_MIME_MAX_TEXT);
      if (!leaf->is_html && !is_blank (text))
        html = pinion_html_from_text (text);
      g_string_append (all, leaf->is_html ? text : html != NULL ? html : "");
    }

  return g_string_free_and_steal (g_steal_pointer (&all));
}

char *
pinion_mime_message_dup_display_html (PinionMimeMessage *self)
{
  g_autofree char *html = pinion_mime_message_dup_html (self);
  g_autofree char *text = NULL;

  if (html != NULL && !is_blank (html))
    return g_steal_pointer (&html);

  text = pinion_mime_message_dup_text (self);

  return pinion_html_from_text (text);
}
