/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small XML document of a stranger as a tree.  Private to discover.
 *
 * Bounded in bytes, depth, elements and attributes.  A document type declaration, and with it
 * every entity that is not one of XML's own five, is refused.  Only element names, text,
 * namespaces and the attribute "type" are kept; invalid UTF-8 becomes U+FFFD.  Nothing is loaded
 * from anywhere. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PINION_XML_MAX_BYTES (256 * 1024)
#define PINION_XML_MAX_DEPTH 32
#define PINION_XML_MAX_NODES 4096
#define PINION_XML_MAX_ATTRIBUTES 32

typedef struct _PinionXml PinionXml;
typedef struct _PinionXmlNode PinionXmlNode;

/* Fails with PINION_ERROR_PROTOCOL or PINION_ERROR_TOO_LARGE.
 * Returns: (transfer full) (nullable) */
PinionXml *pinion_xml_parse (const char *data,
                             gsize       length,
                             GError    **error);
void       pinion_xml_free  (PinionXml *self);

/* Nodes are borrowed from the document.  @node: (nullable) everywhere, then there is nothing. */
const PinionXmlNode *pinion_xml_get_root (PinionXml *self);

/* The first child of @node, or sibling after @node, with the local name @name that belongs to a
 * namespace whose URI (without "http://" or "https://") begins with one of @namespaces, or to none:
 * many servers leave it out. */
const PinionXmlNode *pinion_xml_find (const PinionXmlNode *node,
                                      const char *const   *namespaces,
                                      const char          *name);
const PinionXmlNode *pinion_xml_next (const PinionXmlNode *node,
                                      const char *const   *namespaces,
                                      const char          *name);

/* Whether @node itself is one that pinion_xml_find() would find. */
gboolean pinion_xml_is (const PinionXmlNode *node,
                        const char *const   *namespaces,
                        const char          *name);

/* Down from @node in the order of the document, without leaving @top; %NULL at the end.  Begin with
 * @node = @top. */
const PinionXmlNode *pinion_xml_walk (const PinionXmlNode *node,
                                      const PinionXmlNode *top);

/* Without blanks at both ends; "" where there is none.  The local name; the attribute "type". */
const char *pinion_xml_get_text (const PinionXmlNode *node);
const char *pinion_xml_get_name (const PinionXmlNode *node);
const char *pinion_xml_get_type (const PinionXmlNode *node);

/* pinion_xml_get_text (pinion_xml_find (...)) */
const char *pinion_xml_find_text (const PinionXmlNode *node,
                                  const char *const   *namespaces,
                                  const char          *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionXml, pinion_xml_free)

G_END_DECLS
