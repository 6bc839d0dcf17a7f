/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-xml.h"

#include "pinion-error.h"

#include <string.h>

struct _PinionXmlNode
{
  char *name;
  char *space;
  char *type;
  GString *text;
  /* prefix, URI, prefix, URI...; (nullable) */
  GPtrArray *bindings;

  PinionXmlNode *parent;
  PinionXmlNode *first;
  PinionXmlNode *last;
  PinionXmlNode *next;
};

struct _PinionXml
{
  GPtrArray *nodes;
  PinionXmlNode *root;
  PinionXmlNode *open;
  guint depth;
};

/* -- Nodes ---------------------------------------------------------------------------------- */

static void
node_free (gpointer data)
{
  PinionXmlNode *node = data;

  g_free (node->name);
  g_free (node->space);
  g_free (node->type);
  g_string_free (node->text, TRUE);
  g_clear_pointer (&node->bindings, g_ptr_array_unref);
  g_free (node);
}

static void
bind (PinionXmlNode *node,
      const char    *prefix,
      const char    *uri)
{
  if (node->bindings == NULL)
    node->bindings = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (node->bindings, g_strdup (prefix));
  g_ptr_array_add (node->bindings, g_strdup (uri));
}

/* Namespaces in XML 1.0, 6.1: the innermost binding of a prefix holds. */
static const char *
look_up (const PinionXmlNode *node,
         const char          *prefix)
{
  for (; node != NULL; node = node->parent)
    {
      for (guint i = 0; node->bindings != NULL && i < node->bindings->len; i += 2)
        {
          if (g_str_equal (node->bindings->pdata[i], prefix))
            return node->bindings->pdata[i + 1];
        }
    }

  return "";
}

static const char *
get_local_name (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL && colon[1] != '\0' ? colon + 1 : name;
}

static void
take_attribute (PinionXmlNode *node,
                const char    *name,
                const char    *value)
{
  if (g_str_equal (name, "xmlns"))
    bind (node, "", value);
  else if (g_str_has_prefix (name, "xmlns:"))
    bind (node, name + strlen ("xmlns:"), value);
  else if (g_str_equal (get_local_name (name), "type"))
    g_set_str (&node->type, value);
}

static void
name_node (PinionXmlNode *node,
           const char    *name)
{
  const char *local = get_local_name (name);
  g_autofree char *prefix = local > name ? g_strndup (name, (gsize) (local - name - 1))
                                         : g_strdup ("");

  node->name = g_strdup (local);
  node->space = g_strdup (look_up (node, prefix));
}

static void
append_child (PinionXmlNode *parent,
              PinionXmlNode *child)
{
  if (parent->last != NULL)
    parent->last->next = child;
  else
    parent->first = child;

  parent->last = child;
  child->parent = parent;
}

/* -- Parsing -------------------------------------------------------------------------------- */

static gboolean
fail_too_large (GError    **error,
                const char *what)
{
  return pinion_error_set (error, PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                           "the document has too many %s", what);
}

static void
on_start (GMarkupParseContext *context,
          const char          *name,
          const char         **attribute_names,
          const char         **attribute_values,
          gpointer             user_data,
          GError             **error)
{
  PinionXml *self = user_data;

  if (++self->depth > PINION_XML_MAX_DEPTH)
    {
      fail_too_large (error, "levels");
      return;
    }
  if (self->nodes->len >= PINION_XML_MAX_NODES)
    {
      fail_too_large (error, "elements");
      return;
    }
  if (g_strv_length ((char **) attribute_names) > PINION_XML_MAX_ATTRIBUTES)
    {
      fail_too_large (error, "attributes");
      return;
    }

  if (self->open == NULL && self->root != NULL)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "the document has two roots");
      return;
    }

  PinionXmlNode *node = g_new0 (PinionXmlNode, 1);
  node->text = g_string_new (NULL);
  g_ptr_array_add (self->nodes, node);
  if (self->open != NULL)
    append_child (self->open, node);
  else
    self->root = node;
  for (guint i = 0; attribute_names[i] != NULL; i++)
    take_attribute (node, attribute_names[i], attribute_values[i]);
  name_node (node, name);
  self->open = node;
}

static void
on_end (GMarkupParseContext *context,
        const char          *name,
        gpointer             user_data,
        GError             **error)
{
  PinionXml *self = user_data;

  g_strstrip (self->open->text->str);
  self->open = self->open->parent;
  self->depth--;
}

static void
on_text (GMarkupParseContext *context,
         const char          *text,
         gsize                length,
         gpointer             user_data,
         GError             **error)
{
  PinionXml *self = user_data;

  if (self->open != NULL)
    g_string_append_len (self->open->text, text, (gssize) length);
}

/* Comments and processing instructions are passed over. */
static void
on_other (GMarkupParseContext *context,
          const char          *text,
          gsize                length,
          gpointer             user_data,
          GError             **error)
{
  if (length >= 4 && memcmp (text, "<!", 2) == 0 && memcmp (text, "<!--", 4) != 0)
    pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                      "the document declares a document type");
}

static const GMarkupParser parser = {
  .start_element = on_start,
  .end_element = on_end,
  .text = on_text,
  .passthrough = on_other,
};

static gboolean
parse_into (PinionXml  *self,
            const char *text,
            GError    **error)
{
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (
      &parser, G_MARKUP_TREAT_CDATA_AS_TEXT, self, NULL);

  return g_markup_parse_context_parse (context, text, -1, error)
         && g_markup_parse_context_end_parse (context, error);
}

PinionXml *
pinion_xml_parse (const char *data,
                  gsize       length,
                  GError    **error)
{
  g_autoptr (PinionXml) self = g_new0 (PinionXml, 1);
  g_autoptr (GError) local = NULL;

  self->nodes = g_ptr_array_new_with_free_func (node_free);
  if (length > PINION_XML_MAX_BYTES)
    {
      fail_too_large (error, "bytes");
      return NULL;
    }
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      length -= 3;
    }

  g_autofree char *text = g_utf8_make_valid (length > 0 ? data : "", (gssize) length);
  if (!parse_into (self, text, &local))
    {
      if (local->domain == PINION_ERROR)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                          "the answer is no XML: %s", local->message);
      return NULL;
    }
  if (self->root == NULL)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "the answer is an empty document");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
pinion_xml_free (PinionXml *self)
{
  g_ptr_array_unref (self->nodes);
  g_free (self);
}

/* -- Reading -------------------------------------------------------------------------------- */

const PinionXmlNode *
pinion_xml_get_root (PinionXml *self)
{
  return self->root;
}

static gboolean
is_in (const PinionXmlNode *node,
       const char *const   *namespaces)
{
  const char *uri = node->space;

  if (*uri == '\0')
    return TRUE;

  if (g_str_has_prefix (uri, "http://"))
    uri += strlen ("http://");
  else if (g_str_has_prefix (uri, "https://"))
    uri += strlen ("https://");
  for (guint i = 0; namespaces[i] != NULL; i++)
    {
      if (g_str_has_prefix (uri, namespaces[i]))
        return TRUE;
    }

  return FALSE;
}

gboolean
pinion_xml_is (const PinionXmlNode *node,
               const char *const   *namespaces,
               const char          *name)
{
  return node != NULL && g_str_equal (node->name, name) && is_in (node, namespaces);
}

static const PinionXmlNode *
find_from (const PinionXmlNode *node,
           const char *const   *namespaces,
           const char          *name)
{
  while (node != NULL && !pinion_xml_is (node, namespaces, name))
    node = node->next;

  return node;
}

const PinionXmlNode *
pinion_xml_find (const PinionXmlNode *node,
                 const char *const   *namespaces,
                 const char          *name)
{
  return node != NULL ? find_from (node->first, namespaces, name) : NULL;
}

const PinionXmlNode *
pinion_xml_next (const PinionXmlNode *node,
                 const char *const   *namespaces,
                 const char          *name)
{
  return node != NULL ? find_from (node->next, namespaces, name) : NULL;
}

const PinionXmlNode *
pinion_xml_walk (const PinionXmlNode *node,
                 const PinionXmlNode *top)
{
  if (node->first != NULL)
    return node->first;

  while (node != top && node->next == NULL)
    node = node->parent;

  return node != top ? node->next : NULL;
}

const char *
pinion_xml_get_text (const PinionXmlNode *node)
{
  return node != NULL ? node->text->str : "";
}

const char *
pinion_xml_get_name (const PinionXmlNode *node)
{
  return node != NULL ? node->name : "";
}

const char *
pinion_xml_get_type (const PinionXmlNode *node)
{
  return node != NULL && node->type != NULL ? node->type : "";
}

const char *
pinion_xml_find_text (const PinionXmlNode *node,
                      const char *const   *namespaces,
                      const char          *name)
{
  return pinion_xml_get_text (pinion_xml_find (node, namespaces, name));
}
