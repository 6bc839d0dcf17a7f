/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files that clean HTML share.  Not for other rooms. */

#pragma once

#include "pinion-mime-html.h"

#include <libxml/HTMLtree.h>

G_BEGIN_DECLS

/* While one document is cleaned.
 *
 * @is_quote: for a reply: "cid:" stays as it is, nothing is folded or counted.
 * @remote_images: how many were seen. */
typedef struct
{
  const PinionHtmlOptions *options;
  gboolean is_quote;
  guint remote_images;
} PinionHtmlContext;

/* -- Parsing (pinion-html-parse.c) -- */

/* The first PINION_MIME_MAX_TEXT bytes of @html (UTF-8) as a tree of bounded depth; never the
 * network, never entities of its own.  @too_deep: (out) whether it was cut for its depth.
 * Returns: (transfer full) (nullable) */
htmlDocPtr pinion_html_parse (const char *html,
                              gboolean   *too_deep);

/* The node after @node in document order, its children left out if @skip; %NULL behind @root.
 * @leave is called for each element that ends on the way, @root included at the very end. */
typedef void (*PinionHtmlLeaveFunc) (xmlNode *node,
                                     gpointer user_data);
xmlNode *pinion_html_next (xmlNode            *node,
                           const xmlNode      *root,
                           gboolean            skip,
                           PinionHtmlLeaveFunc leave,
                           gpointer            user_data);

/* The <body>, else the root element; (nullable), borrowed. */
xmlNode *pinion_html_get_body (htmlDocPtr doc);

gboolean    pinion_html_is        (const xmlNode *node,
                                   const char    *name);
const char *pinion_html_attribute (const xmlNode *node,
                                   const char    *name);

/* Whether the attribute @name of @node holds the word @word. */
gboolean pinion_html_has_word (const xmlNode *node,
                               const char    *name,
                               const char    *word);

/* Whether the element's style or attributes hide it. */
gboolean pinion_html_is_hidden (const xmlNode *node);

/* -- What is allowed (pinion-html-tokens.c) -- */

typedef enum
{
  PINION_HTML_UNWRAP,
  PINION_HTML_KEEP,
  PINION_HTML_KEEP_EMPTY,
  PINION_HTML_DROP,
} PinionHtmlElementRule;

typedef enum
{
  PINION_HTML_ATTRIBUTE_DROP,
  PINION_HTML_ATTRIBUTE_TEXT,
  PINION_HTML_ATTRIBUTE_WORD,
  PINION_HTML_ATTRIBUTE_LENGTH,
  PINION_HTML_ATTRIBUTE_SPAN,
  PINION_HTML_ATTRIBUTE_TEXT_COLOR,
  PINION_HTML_ATTRIBUTE_BACK_COLOR,
  PINION_HTML_ATTRIBUTE_STYLE,
  PINION_HTML_ATTRIBUTE_NAMES,
} PinionHtmlAttributeRule;

PinionHtmlElementRule   pinion_html_element_rule   (const char *name);
PinionHtmlAttributeRule pinion_html_attribute_rule (const char *name);

/* Whether the element @name starts a new line, as the text of HTML has it. */
gboolean pinion_html_is_block (const char *name);

/* The style sheet before any mail.  @dark: as the window.  Borrowed. */
const char *pinion_html_base_sheet (gboolean dark);

/* -- Addresses (pinion-html-tokens.c) -- */

typedef enum
{
  PINION_HTML_URI_OTHER,
  PINION_HTML_URI_LINK,
  PINION_HTML_URI_FRAGMENT,
  PINION_HTML_URI_REMOTE,
  PINION_HTML_URI_CID,
  PINION_HTML_URI_DATA_IMAGE,
} PinionHtmlUriKind;

/* What a viewer would make of @value, blanks and line breaks in it taken away as it does.
 * @clean: (out) (transfer full) the address so cleaned.  @for_link: http and https are links, not
 * remote pictures; mailto counts. */
PinionHtmlUriKind pinion_html_classify_uri (const char *value,
                                            gboolean    for_link,
                                            char      **clean);

/* The address of a picture as it may stand in the result; counts remote ones.
 * Returns: (transfer full), %NULL if it must not stay. */
char *pinion_html_picture_uri (PinionHtmlContext *context,
                               const char        *value);

/* -- Colours (pinion-html-color.c) -- */

typedef enum
{
  PINION_HTML_COLOR_TEXT,
  PINION_HTML_COLOR_BACK,
  PINION_HTML_COLOR_LINE,
} PinionHtmlColorRole;

/* @text (a colour of CSS or old HTML: name, "#abc", "rgb(...)", "aabbcc") for a dark window.
 * Returns: (transfer full), %NULL if it is no colour. */
char *pinion_html_darken (const char         *text,
                          PinionHtmlColorRole role);

/* -- Styles (pinion-html-style.c, pinion-html-sheet.c) -- */

/* The declarations of @style that are allowed, "" if none.  Never holds "<", "\\" or a quote that
 * is not closed.  Returns: (transfer full) */
char *pinion_html_filter_style (PinionHtmlContext *context,
                                const char        *style);

/* The rules of the sheet @css that are allowed, bound to the mail's own element.
 * Returns: (transfer full) */
char *pinion_html_filter_sheet (PinionHtmlContext *context,
                                const char        *css);

/* @css without comments.  Returns: (transfer full) */
char *pinion_html_strip_comments (const char *css);

/* Whether quotes and brackets close and no control character is in it, so that what follows is read
 * as meant. */
gboolean pinion_html_is_balanced (const char *css);

/* The length of @css up to one of the characters @stop outside of quotes and brackets. */
gsize pinion_html_css_span (const char *css,
                            const char *stop);

/* -- Quotes (pinion-html-quote.c) -- */

/* Marks on xmlNode._private: fold this element; open a fold before it that lasts to the end of its
 * parent. */
typedef enum
{
  PINION_HTML_MARK_WRITTEN = 1 << 0,
  PINION_HTML_MARK_FOLD = 1 << 1,
  PINION_HTML_MARK_FOLD_TAIL = 1 << 2,
  PINION_HTML_MARK_TAIL_OPEN = 1 << 3,
} PinionHtmlMark;

/* Finds the quoted text under @body.  Returns: whether own words stand beside it. */
gboolean pinion_html_mark_quotes (xmlNode *body);

guint pinion_html_get_marks (const xmlNode *node);
void  pinion_html_add_mark  (xmlNode       *node,
                             PinionHtmlMark mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

G_END_DECLS
