/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stays of a mail's HTML. */

#include "pinion-mime-html.h"
#include "pinion-mime-message.h"

#include <string.h>

/* The mail's part of the document. */
static char *
make_safe (const char              *html,
           const PinionHtmlOptions *options)
{
  g_autofree char *safe = pinion_html_make_safe (html, options, NULL);
  const char *start = strstr (safe, "<body>");
  const char *end = strstr (safe, "</div></body></html>");

  g_assert_nonnull (start);
  g_assert_nonnull (end);
  g_assert_true (g_str_has_suffix (safe, "</div></body></html>"));
  start = strchr (start + strlen ("<body>"), '>') + 1;

  return g_strndup (start, (gsize) (end - start));
}

typedef struct
{
  const char *in;
  const char *out;
} Case;

static void
test_elements (void)
{
  static const Case cases[] = {
    { "<p>a <b>b</b> <i>c</i></p>", "<p>a <b>b</b> <i>c</i></p>" },
    { "a &lt; b &amp; \"c\"", "a &lt; b &amp; &quot;c&quot;" },
    { "<P ALIGN=center>x</P>", "<p align=\"center\">x</p>" },
    { "<o:p>x</o:p>", "x" },
    { "<div>a<script>b</script>c</div>", "<div>ac</div>" },
    { "<div><form><input><button>Send</button></form></div>", "<div>Send</div>" },
    { "<hr><p>a<br>b</p>", "<hr><p>a<br>b</p>" },
    { "<table width=\"100%\" cellpadding=0><tr><td colspan=2 rowspan=99999>x</td></tr></table>",
      "<table width=\"100%\" cellpadding=\"0\"><tr><td colspan=\"2\">x</td></tr></table>" },
    { "<p onclick=x() data-x=y contenteditable>x</p>", "<p>x</p>" },
    { "<p class=\"a pinion-quote b\" id=pinion-x>x</p>", "<p class=\"a b\">x</p>" },
    { "<details class=pinion-quote><summary>fake</summary>x</details>", "fakex" },
    { "<p title='\"><script>'>x</p>", "<p title=\"&quot;&gt;&lt;script&gt;\">x</p>" },
    { "<font color=red size=+2 face=Arial>x</font>",
      "<font color=\"red\" size=\"+2\" face=\"Arial\">x</font>" },
    { "<p>one</body></html><p>two", "<p>one</p><p>two</p>" },
    { "", "" },
  };
  PinionHtmlOptions options = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = make_safe (cases[i].in, &options);

      g_assert_cmpstr (g_strstrip (safe), ==, cases[i].out);
    }
}

static void
test_links (void)
{
#define REL " rel=\"noopener noreferrer\""
  static const Case cases[] = {
    { "<a href=\"https://a.example/?a=1&amp;b=2\">x</a>",
      "<a href=\"https://a.example/?a=1&amp;b=2\"" REL ">x</a>" },
    { "<a href=\"mailto:a@b.example\" target=_top>x</a>",
      "<a href=\"mailto:a@b.example\"" REL ">x</a>" },
    { "<a href=\"\n ht\ttp://a.example\">x</a>", "<a href=\"http://a.example\"" REL ">x</a>" },
    { "<a href=\"#top\">x</a>", "<a href=\"#top\">x</a>" },
    { "<a href=\"javascript:x()\">x</a>", "<a>x</a>" },
    { "<a href=\"JaVa\tScript:x()\">x</a>", "<a>x</a>" },
    { "<a href=\"page.html\">x</a>", "<a>x</a>" },
    { "<a href=\"vbscript:x\">x</a>", "<a>x</a>" },
    { "<a href=\"tel:+1\">x</a>", "<a>x</a>" },
    { "<a href=\"https://evil.example/\">https://bank.example/</a>",
      "<a href=\"https://evil.example/\"" REL " class=\"pinion-other\">https://bank.example/</a>" },
    { "<a class=y href=\"https://evil.example/\">www.bank.example</a>",
      "<a href=\"https://evil.example/\"" REL " class=\"pinion-other y\">www.bank.example</a>" },
    { "<a href=\"https://www.bank.example/x\">bank.example</a>",
      "<a href=\"https://www.bank.example/x\"" REL ">bank.example</a>" },
  };
  PinionHtmlOptions options = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = make_safe (cases[i].in, &options);

      g_assert_cmpstr (safe, ==, cases[i].out);
    }
}

static void
test_styles (void)
{
  static const Case cases[] = {
    { "color: red; background: #fff", "color:red;background:#fff;" },
    { "COLOR:red;;;", "color:red;" },
    { "position:fixed;top:0;z-index:9;color:red", "color:red;" },
    { "color:red!important", "color:red!important;" },
    { "font-family:'Segoe UI',Arial", "font-family:'Segoe UI',Arial;" },
    { "background:rgba(1, 2, 3, .5)", "background:rgba(1, 2, 3, .5);" },
    { "width:calc(100% - (2 * 3px))", "width:calc(100% - (2 * 3px));" },
    { "height:100vh;width:50vw", "width:50vw;" },
    { "color:red;/* x */margin:0", "color:red;margin:0;" },
    { "color:\"unclosed;margin:0", "" },
    { "color:rgb(1;margin:0", "" },
    { "margin:0;color:\\72 ed", "margin:0;" },
    { "animation:x 1s;transition:all 1s;transform:none;margin:0", "margin:0;" },
    { "mso-line-height-rule:exactly;line-height:20px", "line-height:20px;" },
    { "background:url(http://a.example/x) #eee", "background:none #eee;" },
    { "margin", "" },
    { "margin:", "" },
  };
  PinionHtmlOptions options = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *escaped = g_markup_escape_text (cases[i].in, -1);
      g_autofree char *html = g_strdup_printf ("<p style=\"%s\">x</p>", escaped);
      g_autofree char *safe = make_safe (html, &options);
      g_autofree char *style = g_markup_escape_text (cases[i].out, -1);
      g_autofree char *expected = NULL;
      g_auto (GStrv) pieces = g_strsplit (safe, "'", -1);
      g_autofree char *same = g_strjoinv ("&apos;", pieces);

      expected = *cases[i].out != '\0' ? g_strdup_printf ("<p style=\"%s\">x</p>", style)
                                       : g_strdup ("<p>x</p>");
      g_assert_cmpstr (same, ==, expected);
    }
}

static void
test_sheets (void)
{
  static const Case cases[] = {
    { "p{color:red}", ".pinion-mail p{color:red;}" },
    { "body{margin:0}", ".pinion-mail{margin:0;}" },
    { "html body.x p, a:hover{color:red}", ".pinion-mail.x p,.pinion-mail a:hover{color:red;}" },
    { "*{color:red}", ".pinion-mail *{color:red;}" },
    { "bodyguard{color:red}", ".pinion-mail bodyguard{color:red;}" },
    { "@media (max-width:600px){.c{width:100%!important}}p{margin:0}",
      "@media (max-width:600px){.pinion-mail .c{width:100%!important;}}.pinion-mail p{margin:0;}" },
    { "@media (prefers-color-scheme:dark){p{color:red}}p{margin:0}", ".pinion-mail p{margin:0;}" },
    { "@import 'x';p{margin:0}", ".pinion-mail p{margin:0;}" },
    { "@font-face{src:url(x)}p{margin:0}", ".pinion-mail p{margin:0;}" },
    { ".pinion-quote{display:none}p{margin:0}", ".pinion-mail p{margin:0;}" },
    { "p{position:fixed}", "" },
    { "a\\62{margin:0}", "" },
    { "<!-- p{margin:0} -->", ".pinion-mail p{margin:0;}" },
    { "p{margin:0", ".pinion-mail p{margin:0;}" },
    { "}}p{margin:0}", ".pinion-mail p{margin:0;}" },
  };
  PinionHtmlOptions options = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *html = g_strdup_printf ("<style>%s</style>x", cases[i].in);
      g_autofree char *safe = pinion_html_make_safe (html, &options, NULL);
      g_autofree char *expected = g_strdup_printf ("<style>%s</style></head>", cases[i].out);

      if (strstr (safe, expected) == NULL)
        g_error ("\"%s\" is not in %s", expected, safe);
    }
}

static void
test_pictures (void)
{
  static const char *const ids[] = { "logo@example", NULL };
  static const char html[] = "<img src='cid:logo@example'><img src='cid:logo%40example'>"
                             "<img src='cid:other@example'>"
                             "<img src='data:image/png;base64,iVBORw0KGgo='>"
                             "<img src='http://a.example/x.png' alt=Logo width=100>"
                             "<img src='http://a.example/pixel.gif' width=1 height=1>";
  PinionHtmlOptions options = { .content_ids = ids };
  PinionHtmlReport report;
  g_autofree char *safe = pinion_html_make_safe (html, &options, &report);
  g_autofree char *loaded = NULL;
  g_autofree char *quoted = NULL;

  g_assert_cmpuint (report.remote_images, ==, 2);
  g_assert_false (report.truncated);
  g_assert_nonnull (strstr (safe, "<img src=\"pinion-cid:logo%40example\">"
                                  "<img src=\"pinion-cid:logo%40example\">"
                                  "<img src=\"data:image/png;base64,iVBORw0KGgo=\">"
                                  "<img alt=\"Logo\" width=\"100\" class=\"pinion-blocked\">"));
  g_assert_null (strstr (safe, "pixel"));
  g_assert_null (strstr (safe, "other@"));

  options.allow_remote_images = TRUE;
  loaded = pinion_html_make_safe (html, &options, &report);
  g_assert_nonnull (strstr (loaded, "src=\"http://a.example/x.png\""));
  g_assert_nonnull (strstr (loaded, "img-src data: pinion-cid: https: http:"));

  quoted = pinion_html_quote_safe (html, ids);
  g_assert_nonnull (strstr (quoted, "src=\"cid:logo%40example\""));
  g_assert_null (strstr (quoted, "a.example"));
}

static void
test_cid_uris (void)
{
  g_autofree char *id = pinion_html_parse_cid_uri ("pinion-cid:logo%40example");

  g_assert_cmpstr (id, ==, "logo@example");
  g_assert_null (pinion_html_parse_cid_uri ("cid:logo"));
  g_assert_null (pinion_html_parse_cid_uri ("http://a.example"));
}

static void
test_document (void)
{
  PinionHtmlOptions options = { 0 };
  g_autofree char *light = pinion_html_make_safe ("x", &options, NULL);
  g_autofree char *dark = NULL;

  g_assert_true (g_str_has_prefix (light, "<!DOCTYPE html><html><head><meta charset=\"utf-8\">"));
  g_assert_nonnull (strstr (light, "content=\"default-src 'none'; style-src 'unsafe-inline'; "
                                   "img-src data: pinion-cid:\""));
  g_assert_nonnull (strstr (light, "dir=\"auto\""));
  g_assert_nonnull (strstr (light, "color-scheme:light"));
  options.dark = TRUE;
  dark = pinion_html_make_safe ("x", &options, NULL);
  g_assert_nonnull (strstr (dark, "color-scheme:dark"));
}

/* The text was decoded before it came here: what it says about itself no longer holds. */
static void
test_old_charset (void)
{
  static const char *const charsets[] = { "iso-2022-jp", "euc-kr", "windows-874", "utf-16", "x-no" };
  PinionHtmlOptions options = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autofree char *html =
        g_strdup_printf ("<html><head><meta charset=%s><meta http-equiv=Content-Type "
                         "content=\"text/html; charset=%s\"></head><body>訪問 안녕 สวัสดี</body>",
                         charsets[i], charsets[i]);
      g_autofree char *safe = pinion_html_make_safe (html, &options, NULL);
      g_autofree char *text = pinion_html_to_text (html);

      g_assert_nonnull (strstr (safe, "訪問 안녕 สวัสดี"));
      g_assert_cmpstr (g_strstrip (text), ==, "訪問 안녕 สวัสดี");
    }
}

/* The colours of <body> go to the element that stands for it. */
static void
test_body (void)
{
  PinionHtmlOptions options = { 0 };
  g_autofree char *safe = NULL;

  safe = pinion_html_make_safe ("<body bgcolor=\"#eeeeee\" text=black class=a style='margin:0'>x",
                                &options, NULL);
  g_assert_nonnull (strstr (safe, "<div dir=\"auto\" style=\"color:black;background-color:#eeeeee;"
                                  "margin:0;\" class=\"pinion-mail a\">"));
}

static double
channel (const char *hex)
{
  char digits[3] = { hex[0], hex[1], '\0' };
  double value = (double) g_ascii_strtoull (digits, NULL, 16) / 255;

  return value * value;
}

static double
light_of (const char *color)
{
  g_assert_true (color[0] == '#');

  return 0.2126 * channel (color + 1) + 0.7152 * channel (color + 3) + 0.0722 * channel (color + 5);
}

/* What a mail sets, text stays readable on its back in the dark. */
static void
test_dark (void)
{
  static const char *const colors[] = { "black", "white", "#333", "#f4f4f4", "red", "#0000ff",
                                        "rgb(255,255,0)", "hsl(120,50%,50%)", "#1a73e8", "gray",
                                        "navy", "ivory", "#fffffe", "rgba(9,9,9,1)" };
  PinionHtmlOptions options = { .dark = TRUE };

  for (gsize i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      g_autofree char *html = NULL;
      g_autofree char *safe = NULL;
      const char *text;
      const char *back;

      html = g_strdup_printf ("<p style=\"color:%s;background-color:%s\">x</p>", colors[i],
                              colors[i]);
      safe = make_safe (html, &options);
      text = strstr (safe, "color:") + strlen ("color:");
      back = strstr (safe, "background-color:") + strlen ("background-color:");
      g_assert_cmpfloat (light_of (text), >, 0.4);
      if (!g_str_has_prefix (back, "transparent"))
        g_assert_cmpfloat (light_of (back), <, 0.1);
    }
}

static void
test_dark_attributes (void)
{
  PinionHtmlOptions options = { .dark = TRUE };
  g_autofree char *safe = NULL;

  safe = make_safe ("<table bgcolor=white><tr><td bgcolor=eeeeee><font color=000000>x</font>"
                    "</table><p style='box-shadow:0 0 1px black;margin:0'>y", &options);
  g_assert_nonnull (strstr (safe, "<table>"));
  g_assert_null (strstr (safe, "eeeeee"));
  g_assert_null (strstr (safe, "000000"));
  g_assert_null (strstr (safe, "shadow"));
}

#define FOLD "<details class=\"pinion-quote\"><summary>"

/* As the programs people use mark what they quote. */
static void
test_quotes (void)
{
  static const struct
  {
    const char *html;
    gboolean folds;
    gboolean open;
  } cases[] = {
    { "<p>own</p><blockquote type=cite>q</blockquote>", TRUE, FALSE },
    { "own<div class=\"gmail_quote\"><div class=gmail_attr>On x wrote:</div>q</div>", TRUE, FALSE },
    { "own<div class=\"gmail_quote gmail_quote_container\">q</div>", TRUE, FALSE },
    { "own<div class=gmail_quote>---------- Forwarded message ---------<br>q</div>", FALSE, FALSE },
    { "<div>own</div><hr><div id=divRplyFwdMsg>From: x</div><div>q</div>", TRUE, FALSE },
    { "<div>own</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg>From: x</div>q", TRUE,
      FALSE },
    { "<div class=WordSection1><p>own</p><div><div style='border:none;border-top:solid #E1E1E1 "
      "1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>From: x</p></div></div><p>q</p></div>", TRUE, FALSE },
    { "own<div class=yahoo_quoted>q</div>", TRUE, FALSE },
    { "own<blockquote class=protonmail_quote>q</blockquote>", TRUE, FALSE },
    { "<div class=moz-cite-prefix>x wrote:</div><blockquote type=cite>q</blockquote>own", TRUE,
      FALSE },
    { "<blockquote type=cite>only q</blockquote>", TRUE, TRUE },
    { "<p>own</p><blockquote style='margin-left:40px'>indented</blockquote>", FALSE, FALSE },
    { "<p>own</p>", FALSE, FALSE },
  };
  PinionHtmlOptions options = { .fold_quotes = TRUE };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = make_safe (cases[i].html, &options);
      const char *fold = strstr (safe, "<details");
      const char *end = strstr (safe, "</details>");

      g_test_message ("%s", safe);
      g_assert_cmpint (fold != NULL, ==, cases[i].folds);
      g_assert_cmpint (end != NULL, ==, cases[i].folds);
      if (fold == NULL)
        continue;
      g_assert_cmpint (g_str_has_prefix (fold, FOLD), ==, !cases[i].open);
      g_assert_cmpint (strstr (safe, "own") != NULL && strstr (safe, "own") < fold, ==,
                       !cases[i].open && !g_str_has_suffix (cases[i].html, "own"));
    }

  options.fold_quotes = FALSE;
  g_autofree char *flat = make_safe (cases[0].html, &options);

  g_assert_null (strstr (flat, "<details"));
}

/* A newsletter of the usual make keeps what makes it look right. */
static void
test_newsletter (void)
{
  static const char html[] =
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"x.dtd\">"
    "<html xmlns:v=\"urn:schemas-microsoft-com:vml\"><head><meta charset=utf-8>"
    "<title>News</title><!--[if mso]><style>td{font-family:Arial}</style><![endif]-->"
    "<style type=\"text/css\">body{margin:0;background:#f0f0f0}.w{width:600px}"
    "@media only screen and (max-width:620px){.w{width:100% !important}}</style></head>"
    "<body><div style=\"display:none;max-height:0\">Preview</div>"
    "<table role=presentation class=w width=600 align=center cellpadding=0 cellspacing=0 "
    "border=0 bgcolor=\"#ffffff\" style=\"border-collapse:collapse;border-radius:8px\"><tbody><tr>"
    "<td valign=top style=\"padding:24px 32px;font:16px/24px Helvetica,Arial;color:#222\">"
    "<h1 style=\"margin:0 0 12px\">Spring</h1><v:rect>vml</v:rect><p>Hello</p>"
    "<a href=\"https://shop.example/\" style=\"display:inline-block;background:#e01b24;"
    "color:#fff;padding:10px 20px;text-decoration:none;border-radius:4px\">Buy</a>"
    "</td></tr></tbody></table></body></html>";
  static const char *const kept[] = {
    "background:#f0f0f0;", "@media only screen and (max-width:620px){.pinion-mail .w{width:100% ",
    "width=\"600\" align=\"center\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"",
    "border-collapse:collapse;border-radius:8px;", "padding:24px 32px;font:16px/24px Helvetica",
    "display:inline-block;background:#e01b24;color:#fff;padding:10px 20px;text-decoration:none;",
    "<tbody><tr><td valign=\"top\"", "display:none;max-height:0;",
  };
  PinionHtmlOptions options = { .fold_quotes = TRUE };
  g_autofree char *safe = pinion_html_make_safe (html, &options, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (strstr (safe, kept[i]) == NULL)
      g_error ("\"%s\" is not in %s", kept[i], safe);
  g_assert_null (strstr (safe, "News"));
}

/* A safe document made safe again says the same. */
static void
test_is_stable (void)
{
  static const char html[] = "<p style='color:red'>a<b>b</b></p><ul><li>c</li></ul><hr>";
  PinionHtmlOptions options = { 0 };
  g_autofree char *once = make_safe (html, &options);
  g_autofree char *twice = make_safe (once, &options);

  g_assert_cmpstr (once, ==, twice);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/html/elements", test_elements);
  g_test_add_func ("/mime/html/old-charset", test_old_charset);
  g_test_add_func ("/mime/html/links", test_links);
  g_test_add_func ("/mime/html/styles", test_styles);
  g_test_add_func ("/mime/html/sheets", test_sheets);
  g_test_add_func ("/mime/html/pictures", test_pictures);
  g_test_add_func ("/mime/html/cid-uris", test_cid_uris);
  g_test_add_func ("/mime/html/document", test_document);
  g_test_add_func ("/mime/html/body", test_body);
  g_test_add_func ("/mime/html/dark", test_dark);
  g_test_add_func ("/mime/html/dark-attributes", test_dark_attributes);
  g_test_add_func ("/mime/html/quotes", test_quotes);
  g_test_add_func ("/mime/html/newsletter", test_newsletter);
  g_test_add_func ("/mime/html/is-stable", test_is_stable);

  return g_test_run ();
}
