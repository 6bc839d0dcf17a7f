/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text of HTML, HTML of text, flowed lines, first words. */

#include "pinion-mime-html.h"
#include "pinion-test-mime.h"

typedef struct
{
  const char *in;
  const char *out;
} Case;

static void
test_to_text (void)
{
  static const Case cases[] = {
    { "", "" },
    { "words", "words" },
    { "<p>one</p><p>two</p>", "one\n\ntwo" },
    { "<div>one</div><div>two</div>", "one\ntwo" },
    { "a <b>b</b> c", "a b c" },
    { "a<br>b<br/>c", "a\nb\nc" },
    { "  many \n  blanks\t", "many blanks" },
    { "&lt;tag&gt; &amp; &nbsp;x &euro; &#8364;", "<tag> & x € €" },
    { "<style>p{}</style><script>x()</script><title>t</title>x", "x" },
    { "<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>", NULL },
    { "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc" },
    { "top<blockquote>quoted<blockquote>deep</blockquote></blockquote>end", NULL },
    { "<div style='display: none'>hidden</div>seen", "seen" },
    { "<pre>a\n  b</pre>", "a\n  b" },
    { "<img src=x alt='Only pictures'>", "Only pictures" },
    { "<a href='https://example.com'>link</a>", "link" },
    { "<html><body>one</body></html><p>after</p>", "one\n\nafter" },
    { "x<!-- comment -->y", "xy" },
    { "zero\xe2\x80\x8bwidth", "zerowidth" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = pinion_html_to_text (cases[i].in);

      if (cases[i].out != NULL)
        g_assert_cmpstr (text, ==, cases[i].out);
    }
}

static void
test_quotes_of_html (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  text = pinion_html_to_text ("top<blockquote>quoted<blockquote>deep</blockquote></blockquote>end");
  lines = g_strsplit (text, "\n", -1);
  g_assert_true (g_strv_contains ((const char *const *) lines, "> quoted"));
  g_assert_true (g_strv_contains ((const char *const *) lines, ">> deep"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "end"));
}

static void
test_from_text (void)
{
  static const Case cases[] = {
    { "a < b & c", "a &lt; b &amp; c" },
    { "see https://example.com/a?b=1&c.",
      "see <a href=\"https://example.com/a?b=1&amp;c\">https://example.com/a?b=1&amp;c</a>." },
    { "(www.example.com)", "(<a href=\"http://www.example.com\">www.example.com</a>)" },
    { "write me@example.com!",
      "write <a href=\"mailto:me@example.com\">me@example.com</a>!" },
    { "https://example.com/wiki/A_(b)",
      "<a href=\"https://example.com/wiki/A_(b)\">https://example.com/wiki/A_(b)</a>" },
    { "javascript:alert(1)", "javascript:alert(1)" },
    { "https://x.example/\"onmouseover=x", NULL },
    { "no@domain", "no@domain" },
    { "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *html = pinion_html_from_text (cases[i].in);
      g_autofree char *whole = NULL;

      g_assert_null (strstr (html, "<script"));
      g_assert_null (strstr (html, "\"onmouse"));
      if (cases[i].out == NULL)
        continue;
      whole = g_strdup_printf ("<div style=\"white-space:pre-wrap\">%s</div>", cases[i].out);
      g_assert_cmpstr (html, ==, whole);
    }
}

static void
test_quotes_of_text (void)
{
  g_autofree char *html = pinion_html_from_text ("top\n> one\n>> two\n> one\nend\n-- \nAna");

  g_assert_cmpstr (html, ==,
                   "<div style=\"white-space:pre-wrap\">top"
                   "<blockquote type=\"cite\">one<blockquote type=\"cite\">two</blockquote>one"
                   "</blockquote>end\n<div style=\"color:#6c6c70\">-- \nAna</div></div>");
}

/* Outlook quotes without marks, under a rule. */
static void
test_outlook_quotes_of_text (void)
{
  static const char *const folded[] = {
    "Thanks\n________________________________\nFrom: Ana <a@x.example>\nSent: Monday\n\nold",
    "Thanks\n-----Original Message-----\nold",
    "Thanks\n\n-----Ursprüngliche Nachricht-----\nVon: Ana\n> older\nold",
  };
  static const char *const flat[] = {
    "Form\n____________\nName: ______",
    "-----\nold",
    "------------------------------",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (folded); i++)
    {
      g_autofree char *html = pinion_html_from_text (folded[i]);

      g_assert_nonnull (strstr (html, "<blockquote type=\"cite\">"));
      g_assert_true (g_str_has_suffix (html, "old</blockquote></div>"));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (flat); i++)
    {
      g_autofree char *html = pinion_html_from_text (flat[i]);

      g_assert_null (strstr (html, "<blockquote"));
    }
}

/* What was text stays the same text. */
static void
test_round_trip (void)
{
  static const char *const texts[] = { "one\ntwo", "a\n\nb", "x < y & \"z\" 'q'" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *html = pinion_html_from_text (texts[i]);
      PinionHtmlOptions options = { 0 };
      g_autofree char *safe = pinion_html_make_safe (html, &options, NULL);

      g_assert_nonnull (strstr (safe, "white-space:pre-wrap"));
    }
}

static void
test_flowed (void)
{
  static const struct
  {
    const char *parameters;
    const char *in;
    const char *out;
  } cases[] = {
    { "format=flowed", "one \ntwo \nthree\nfour", "one two three\nfour\n" },
    { "format=flowed; delsp=yes", "on \ne", "one\n" },
    { "format=flowed", "> quo \n> ted\nown", "> quo ted\nown\n" },
    { "format=flowed", "> a \n>> b\n", "> a \n>> b\n" },
    { "format=flowed", " stuffed\n >no quote", "stuffed\n>no quote\n" },
    { "format=flowed", "text \n-- \nAna", "text \n-- \nAna\n" },
    { "format=fixed", "one \ntwo", "one \ntwo" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = NULL;
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autofree char *text = NULL;

      raw = g_strdup_printf ("Content-Type: text/plain; charset=utf-8; %s\n\n%s",
                             cases[i].parameters, cases[i].in);
      message = test_parse (raw);
      text = pinion_mime_message_dup_text (message);
      g_assert_cmpstr (text, ==, cases[i].out);
    }
}

static void
test_snippets (void)
{
  static const Case cases[] = {
    { "\nHello\n\nworld", "Hello world" },
    { "\n> quoted\nOwn words\n-- \nSignature", "Own words" },
    { "\nOn Monday, Ana wrote:\n> quoted\n\nAnswer", "Answer" },
    { "\nAm 3. März schrieb Ana:\n\n> zitiert\nAntwort", "Antwort" },
    { "\nAnswer\n-----Original Message-----\nFrom: x", "Answer" },
    { "\nTo do:\n- one", "To do: - one" },
    { "\nThanks\n\nVon: Ana <a@x.example>\nGesendet: Montag\nAn: Me\n\nold", "Thanks" },
    { "\nMail: a@x.example\nPhone: 1\nRoom: 2", "Mail: a@x.example Phone: 1 Room: 2" },
    { "\n> only quoted", "> only quoted" },
    { "Content-Type: text/html\n\n<style>x{}</style><p>Rich</p><p>words</p>", "Rich words" },
    { "\n", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionMimeMessage) message = test_parse (cases[i].in);

      g_assert_cmpstr (message->snippet, ==, cases[i].out);
    }
}

static void
test_snippet_is_short (void)
{
  g_autoptr (GString) raw = g_string_new ("\n");
  g_autoptr (PinionMimeMessage) message = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (raw, "wörter ");
  message = test_parse (raw->str);
  g_assert_cmpint (g_utf8_strlen (message->snippet, -1), <=, 201);
  g_assert_cmpint (g_utf8_strlen (message->snippet, -1), >, 150);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/text/to-text", test_to_text);
  g_test_add_func ("/mime/text/quotes-of-html", test_quotes_of_html);
  g_test_add_func ("/mime/text/from-text", test_from_text);
  g_test_add_func ("/mime/text/quotes-of-text", test_quotes_of_text);
  g_test_add_func ("/mime/text/outlook-quotes-of-text", test_outlook_quotes_of_text);
  g_test_add_func ("/mime/text/round-trip", test_round_trip);
  g_test_add_func ("/mime/text/flowed", test_flowed);
  g_test_add_func ("/mime/text/snippets", test_snippets);
  g_test_add_func ("/mime/text/snippet-is-short", test_snippet_is_short);

  return g_test_run ();
}
