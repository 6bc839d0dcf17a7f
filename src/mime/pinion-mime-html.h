/* SPDX-License-Identifier: GPL-3.0-or-later */

/* HTML of strangers made harmless, and text made of HTML and the reverse.
 *
 * The HTML is parsed into a tree (libxml2: no network, no entities, bounded depth and size), walked
 * once, and written anew from an allow-list of elements, attributes and CSS properties; nothing is
 * ever passed through as a string.  Without consent the result holds no address that a viewer could
 * fetch: what remains of other hosts is only in href of <a>, as data for the one who opens links.
 * That is the first of several belts: the view itself must not be able to reach the network.
 *
 * Dark: colours are not inverted but moved: backgrounds keep their hue and become dark, text keeps
 * its hue and becomes light, wherever the mail sets them, so that contrast stays. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pictures of the message have this scheme: "pinion-cid:" and the Content-ID, percent-encoded. */
#define PINION_HTML_CID_SCHEME "pinion-cid"

/* @dark: adapt to a dark window.
 * @allow_remote_images: the person agreed: http and https pictures stay.
 * @content_ids: (nullable) the Content-IDs of this message; cid: of others is dropped.
 * @fold_quotes: put quoted text into <details class="pinion-quote">, which needs no script. */
typedef struct
{
  gboolean dark;
  gboolean allow_remote_images;
  const char *const *content_ids;
  gboolean fold_quotes;
} PinionHtmlOptions;

/* @remote_images: how many remote pictures the mail names: left out unless they were allowed.
 * @truncated: the mail was too large or too deep to be shown whole. */
typedef struct
{
  guint remote_images;
  gboolean truncated;
} PinionHtmlReport;

/* A whole document to load into the view, with its own style sheet and a closed Content Security
 * Policy.  @report: (out) (nullable).  Returns: (transfer full) */
char *pinion_html_make_safe (const char              *html,
                             const PinionHtmlOptions *options,
                             PinionHtmlReport        *report);

/* A safe fragment to quote in a reply: no remote pictures, no style sheet, pictures of the message
 * (@content_ids, nullable) as "cid:".  Returns: (transfer full) */
char *pinion_html_quote_safe (const char        *html,
                              const char *const *content_ids);

/* Plain text to an HTML fragment: links made, "> " quotes nested in <blockquote>, the signature
 * marked.  Shown through pinion_html_make_safe() as any other.  Returns: (transfer full) */
char *pinion_html_from_text (const char *text);

/* The words of @html, with line breaks, lists and "> " quotes; hidden text is left out.
 * Returns: (transfer full) clean text of several lines. */
char *pinion_html_to_text (const char *html);

/* The Content-ID of a "pinion-cid:" URI; %NULL if it is none.  Returns: (transfer full) */
char *pinion_html_parse_cid_uri (const char *uri);

G_END_DECLS
