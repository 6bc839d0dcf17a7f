/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages made to crash, hang or exhaust: each is read within a time, and something shows. */

#include "pinion-mime-html.h"
#include "pinion-test-mime.h"

#include <time.h>

/* Of the processor's time: generous, for sanitizers; the point is that nothing takes minutes. */
#define LIMIT_SECONDS 20

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static GString *
repeat (const char *start,
        const char *piece,
        gsize       n,
        const char *end)
{
  GString *text = g_string_new (start);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, piece);
  g_string_append (text, end);

  return text;
}

/* Reads everything there is to read. */
static void
use_all (PinionMimeMessage *message)
{
  g_autofree char *text = pinion_mime_message_dup_text (message);
  g_autofree char *html = pinion_mime_message_dup_html (message);
  g_autofree char *shown = pinion_mime_message_dup_display_html (message);
  PinionHtmlOptions options = { .dark = TRUE, .fold_quotes = TRUE };
  g_autofree char *safe = pinion_html_make_safe (shown, &options, NULL);
  g_autoptr (GBytes) header = pinion_mime_message_ref_header_bytes (message);
  g_autofree char *all = pinion_mime_address_list_to_string (message->to);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (html == NULL || g_utf8_validate (html, -1, NULL));
  g_assert_true (g_utf8_validate (safe, -1, NULL));
  g_assert_true (g_utf8_validate (message->snippet, -1, NULL));
  g_assert_true (g_utf8_validate (message->subject, -1, NULL));
  g_assert_cmpuint (message->parts->len, >, 0);
  g_assert_cmpuint (message->parts->len, <=, 10000);
  for (guint i = 0; i < MIN (message->parts->len, 50); i++)
    {
      const PinionMimePart *part = test_part (message, i);
      g_autoptr (GBytes) bytes = pinion_mime_message_dup_part_bytes (message, part->id,
                                                                     64 * 1024 * 1024, NULL);

      g_assert_nonnull (bytes);
      g_assert_true (!part->is_attachment || part->file_name != NULL);
    }
}

static PinionMimeMessage *
parse_in_time (const char *data,
               gsize       length,
               const char *what)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, length);
  double start = processor_seconds ();
  PinionMimeMessage *message = pinion_mime_message_parse_bytes (bytes);
  double seconds;

  use_all (message);
  seconds = processor_seconds () - start;
  g_test_message ("%s: %.3f s", what, seconds);
  g_assert_cmpfloat (seconds, <, LIMIT_SECONDS);

  return message;
}

static void
check (GString    *text,
       const char *what)
{
  g_autoptr (PinionMimeMessage) message = parse_in_time (text->str, text->len, what);

  g_string_free (text, TRUE);
}

/* Header fields that make address parsers recurse or start over. */
static void
test_addresses (void)
{
  static const char *const pieces[] = {
    "g:", "((,", "\",", "<<<", ",,,,", ";;;;", "@", "a@b,", "\\\"", "(\\", "[", "a.", "<@a,", ":;",
    "\n ", "=?u?q?", "=?utf-8?q?", "a<b>", "\"a\"", "g:a@b,", "\xff",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      static const char *const fields[] = { "To: ", "From: ", "Cc: x: " };

      for (gsize j = 0; j < G_N_ELEMENTS (fields); j++)
        check (repeat (fields[j], pieces[i], 200000 / strlen (pieces[i]), "\r\n\r\nbody"),
               fields[j]);
    }
  check (repeat ("", "From: ((,((,((,a@b\r\n", 50000, "\r\nbody"), "many From");
}

/* The names of a real crowd are all there, up to the bound. */
static void
test_many_recipients (void)
{
  GString *text = g_string_new ("To: ");
  g_autoptr (PinionMimeMessage) message = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "%s\"Doe, J: %u\" <j%u@example.com>", i > 0 ? ",\r\n " : "", i,
                            i);
  g_string_append (text, "\r\n\r\nx");
  message = parse_in_time (text->str, text->len, "1000 recipients");
  g_assert_cmpuint (message->to->len, ==, 1000);
  g_assert_cmpstr (test_address (message->to, 999)->name, ==, "Doe, J: 999");
  g_string_free (text, TRUE);
}

static void
test_headers (void)
{
  check (repeat ("Subject: ", "=?utf-8?q?=C3=A4?= ", 200000, "\r\n\r\nx"), "encoded words");
  check (repeat ("Subject: ", "=?", 500000, "\r\n\r\nx"), "half encoded words");
  check (repeat ("Subject: ", "\r\n ", 500000, "\r\n\r\nx"), "folds");
  check (repeat ("", "Subject: x\r\n", 200000, "\r\nx"), "many fields");
  check (repeat ("", "x", 5000000, ""), "one line");
  check (repeat ("", ":\r\n", 500000, "\r\nx"), "empty names");
  check (repeat ("References: ", "<", 500000, "\r\n\r\nx"), "references");
  check (repeat ("References: ", "<a@b>", 100000, "\r\n\r\nx"), "many references");
  check (repeat ("Date: ", "1 ", 100000, "\r\n\r\nx"), "date");
  check (repeat ("List-Unsubscribe: ", "<mailto:a>,", 100000, "\r\n\r\nx"), "list");
  check (repeat ("Received: ", "a", 2000000, "\r\n\r\nx"), "long field");
}

static void
test_parameters (void)
{
  GString *name = g_string_new ("Content-Type: text/plain; ");

  for (guint i = 0; i < 72; i++)
    g_string_append_c (name, 'K');
  g_string_append (name, "*=utf-8''%D1%9C\r\n\r\nbody");
  check (name, "long name");

  check (repeat ("Content-Type: text/plain", "; a=b", 100000, "\r\n\r\nx"), "many");
  check (repeat ("Content-Type: text/plain", "; name*1=b", 100000, "\r\n\r\nx"), "same section");
  check (repeat ("Content-Type: text/plain; a=\"", "\\\"", 100000, "\r\n\r\nx"), "escapes");
  check (repeat ("Content-Type: text/plain; name*=", "'", 100000, "\r\n\r\nx"), "quotes");
  check (repeat ("Content-Type: text/plain", ";", 100000, "\r\n\r\nx"), "semicolons");
  check (repeat ("Content-Type: ", "(", 100000, "\r\n\r\nx"), "comments");
  check (repeat ("Content-Disposition: attachment; filename=\"", "%00a", 30000, "\"\r\n\r\nx"),
         "file name");
  check (repeat ("Content-Type: multipart/mixed; boundary=", "b", 100000, "\r\n\r\n--b\r\n\r\nx"),
         "boundary");
}

static GString *
nest (const char *type,
      guint       depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append_printf (text, "Content-Type: %s; boundary=\"b%u\"\r\n\r\n--b%u\r\n", type, i,
                            i);
  g_string_append (text, "\r\ninnermost\r\n");
  for (guint i = depth; i > 0; i--)
    g_string_append_printf (text, "--b%u--\r\n", i - 1);

  return text;
}

static void
test_depth (void)
{
  static const guint depths[] = { 50, 99, 100, 101, 1000, 50000 };

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    {
      GString *text = nest ("multipart/mixed", depths[i]);
      g_autoptr (PinionMimeMessage) message = parse_in_time (text->str, text->len, "depth");

      g_assert_cmpuint (message->parts->len, ==, 1);
      g_assert_cmpint (message->has_attachments, ==, depths[i] > 100);
      g_assert_cmpint (g_str_equal (message->snippet, "innermost"), ==, depths[i] <= 100);
      g_string_free (text, TRUE);
    }
  check (nest ("multipart/alternative", 1000), "alternative");
  check (nest ("multipart/related", 1000), "related");
  check (nest ("message/rfc822", 20000), "messages");
}

static void
test_parts (void)
{
  check (repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n", "--x\r\n\r\na\r\n", 100000,
                 "--x--"),
         "parts");
  check (repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n", "--x\r\n", 100000, ""),
         "empty parts");
  check (repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n",
                 "--x\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\n\r\n", 20000,
                 "--x\r\nContent-Type: text/html\r\n\r\n<img src=cid:a>"),
         "pictures");
  check (repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n",
                 "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: s\r\n\r\nb\r\n", 20000, ""),
         "messages");
  check (repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n", "--y\r\n", 500000, ""),
         "boundaries of others");
}

/* A hundred multiparts whose boundaries begin alike, and lines that begin so too. */
static void
test_boundaries_alike (void)
{
  GString *text = g_string_new (NULL);
  g_autofree char *prefix = g_strnfill (200, 'b');

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text,
                            "Content-Type: multipart/mixed; boundary=\"%s%u\"\r\n\r\n--%s%u\r\n",
                            prefix, i, prefix, i);
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "--%sx\r\n", prefix);
  check (text, "alike");
}

static void
test_bodies (void)
{
  check (repeat ("Content-Type: text/plain; format=flowed\r\n\r\n", "> \r\n", 500000, ""),
         "flowed");
  check (repeat ("\r\n", ">", 5000000, "\r\n"), "quote marks");
  check (repeat ("\r\n", ">>>>>>>>>>\r\n>\r\n", 40000, ""), "quotes");
  check (repeat ("\r\n", "http://", 500000, ""), "links");
  check (repeat ("\r\n", "www.", 500000, ""), "more links");
  check (repeat ("\r\n", "a@", 500000, ""), "addresses");
  check (repeat ("\r\n", "a:\r\n", 300000, ""), "attributions");
  check (repeat ("Content-Transfer-Encoding: base64\r\n\r\n", "=", 1000000, ""), "base64");
  check (repeat ("Content-Transfer-Encoding: quoted-printable\r\n\r\n", "=", 1000000, ""), "qp");
  check (repeat ("Content-Transfer-Encoding: x-uuencode\r\n\r\n", "M", 1000000, ""), "uu");
  check (repeat ("Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n", "\x1b$B\x7f", 300000, ""),
         "iso-2022-jp");
  check (repeat ("Content-Type: text/plain; charset=utf-7\r\n\r\n", "+", 1000000, ""), "utf-7");
  check (repeat ("Content-Type: text/plain; charset=utf-8\r\n\r\n", "\xff", 1000000, ""), "utf-8");
}

static void
test_html (void)
{
  static const struct
  {
    const char *start;
    const char *piece;
    gsize n;
  } cases[] = {
    { "", "<b>", 300000 },
    { "", "<div><table><tr><td>", 50000 },
    { "<b><i><u><s><a><p><q>", "</x>", 250000 },
    { "<p ", "a=b ", 250000 },
    { "", "<p a b c d e f g h>", 50000 },
    { "", "<!--", 250000 },
    { "", "&", 400000 },
    { "", "&amp", 250000 },
    { "", "<a href=\"", 100000 },
    { "", "<style>", 100000 },
    { "<style>", "a{", 300000 },
    { "<style>", "@media x{", 100000 },
    { "<style>", "/*", 300000 },
    { "<style>", "a,", 250000 },
    { "<style>", "(", 500000 },
    { "<p style=\"", "color:rgb(", 6000 },
    { "<p style=\"", "background:url(", 4000 },
    { "<p style=\"", "a:b;", 15000 },
    { "", "<blockquote type=cite>x", 20000 },
    { "", "<div style=\"border:none;border-top:solid #E1E1E1\">", 20000 },
    { "", "<p><td>", 50000 },
    { "", "<form><p>", 100000 },
    { "", "<svg><style>", 100000 },
    { "", "<ul><li>", 100000 },
    { "<pre>", "\n", 500000 },
    { "", "<br>", 100000 },
    { "", "<img src=cid:x>", 100000 },
    { "<img src=\"data:image/png;base64,", "AAAA", 700000 },
    { "", "\xe2\x80\xae", 300000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *start = g_strconcat ("Content-Type: text/html; charset=utf-8\r\n\r\n",
                                            cases[i].start, NULL);

      check (repeat (start, cases[i].piece, cases[i].n, "end"), cases[i].piece);
    }
}

/* An element with all names there are: libxml2 compares each with each. */
static void
test_attributes (void)
{
  GString *text = g_string_new ("Content-Type: text/html\r\n\r\n");

  for (guint tag = 0; tag < 100; tag++)
    {
      g_string_append (text, "<p");
      for (guint i = 0; i < 3000; i++)
        g_string_append_printf (text, " a%u", i);
      g_string_append (text, ">words");
    }
  check (text, "attributes");
}

/* Words that lie too deep for a tree are still there. */
static void
test_deep_words (void)
{
  g_autoptr (GString) html = repeat ("", "<div>", 5000, "deep words");
  g_autofree char *text = pinion_html_to_text (html->str);
  PinionHtmlOptions options = { 0 };
  PinionHtmlReport report;
  g_autofree char *safe = pinion_html_make_safe (html->str, &options, &report);

  g_assert_nonnull (strstr (text, "deep words"));
  g_assert_nonnull (strstr (safe, "deep words"));
  g_assert_true (report.truncated);
}

/* A message cut anywhere is a message. */
static void
test_truncated (void)
{
  static const char raw[] = "From: \"A\" <a@example.com>\r\nSubject: =?utf-8?B?w4Rw?=\r\n"
                            "Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\n"
                            "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                            "PHA+aGVsbG88L3A+\r\n--x\r\nContent-Disposition: attachment;\r\n"
                            " filename*=utf-8''a%20b\r\n\r\nx\r\n--x--\r\n";

  for (gsize length = 0; length < sizeof raw; length++)
    {
      /* A copy, so that a read behind the end is seen */
      g_autofree char *copy = g_memdup2 (raw, length);
      g_autoptr (GBytes) bytes = g_bytes_new_static (copy, length);
      g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);

      use_all (message);
    }
}

static void
test_nul (void)
{
  static const char raw[] = "Sub\0ject: x\0y\r\nSubject: a\0b\r\nFrom: a\0@b\r\n"
                            "Content-Type: text/html\0; x\r\n\r\n<p>a\0b</p>\0";
  g_autoptr (PinionMimeMessage) message = parse_in_time (raw, sizeof raw - 1, "nul");

  g_assert_cmpstr (message->subject, ==, "a b");
}

/* Bytes at random, and good messages with bytes changed at random. */
static void
test_random (void)
{
  static const char *const words[] = {
    "From: ", "To: ", "\r\n", "\r\n\r\n", "Content-Type: ", "multipart/mixed; boundary=x",
    "--x\r\n", "--x--", "text/html", "text/plain; format=flowed", "Content-Transfer-Encoding: base64",
    "<a@b>",
    "=?utf-8?q?=C3?=", "\"", "(", ":", ";", ",", "<p style='", "<style>", "</", "url(", "@media",
    "&#", "\\", "message/rfc822", "Content-Disposition: attachment; filename*0*=", "%", "\x1b$B",
    "Content-ID: <x>", "\n ", "> ", "-- \r\n", "References: ", "Date: ", "<blockquote>", "<!--",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (5322);

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n = (guint) g_rand_int_range (random, 1, 60);
      g_autofree char *copy = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (PinionMimeMessage) message = NULL;

      for (guint i = 0; i < n; i++)
        {
          if (g_rand_int_range (random, 0, 3) == 0)
            g_string_append_c (text, (char) g_rand_int_range (random, 0, 256));
          else
            g_string_append (text, words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
        }
      copy = g_memdup2 (text->str, text->len);
      bytes = g_bytes_new_static (copy, text->len);
      message = pinion_mime_message_parse_bytes (bytes);
      use_all (message);
    }
}

/* Twice the size takes about twice the time. */
static void
test_is_linear (void)
{
  double times[2];

  for (guint i = 0; i < 2; i++)
    {
      static const char piece[] = "--x\r\nContent-Type: text/plain; name=a.txt\r\n\r\nwords\r\n";
      g_autoptr (GString) text = repeat ("Content-Type: multipart/mixed; boundary=x\r\n\r\n", piece,
                                         4000 << i, "--x--");
      g_autoptr (GBytes) bytes = g_bytes_new_static (text->str, text->len);
      double start = processor_seconds ();

      for (guint round = 0; round < 5; round++)
        pinion_mime_message_unref (pinion_mime_message_parse_bytes (bytes));
      times[i] = processor_seconds () - start;
    }
  g_test_message ("%f and %f s", times[0], times[1]);
  g_assert_cmpfloat (times[1], <, times[0] * 4);
}

/* Any number of threads read and clean at a time. */
static gpointer
read_many (gpointer data)
{
  static const char raw[] = "From: =?koi8-r?B?8NLJ18XU?= <a@example.com>\r\n"
                            "Subject: =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\n"
                            "Date: Tue, 3 Mar 2026 10:00:00 +0100\r\n"
                            "Content-Type: text/html; charset=windows-1251\r\n\r\n"
                            "<style>p{color:red}</style><p>\xcf\xf0\xe8 <a href=http://x.example>x";
  g_autoptr (GBytes) bytes = g_bytes_new_static (raw, sizeof raw - 1);

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);

      g_assert_cmpstr (message->subject, ==, "こんにちは");
      g_assert_cmpstr (test_address (message->from, 0)->name, ==, "Привет");
      g_assert_cmpstr (message->snippet, ==, "При x");
      use_all (message);
    }

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_many, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/hostile/addresses", test_addresses);
  g_test_add_func ("/mime/hostile/many-recipients", test_many_recipients);
  g_test_add_func ("/mime/hostile/headers", test_headers);
  g_test_add_func ("/mime/hostile/parameters", test_parameters);
  g_test_add_func ("/mime/hostile/depth", test_depth);
  g_test_add_func ("/mime/hostile/parts", test_parts);
  g_test_add_func ("/mime/hostile/boundaries-alike", test_boundaries_alike);
  g_test_add_func ("/mime/hostile/bodies", test_bodies);
  g_test_add_func ("/mime/hostile/html", test_html);
  g_test_add_func ("/mime/hostile/attributes", test_attributes);
  g_test_add_func ("/mime/hostile/deep-words", test_deep_words);
  g_test_add_func ("/mime/hostile/truncated", test_truncated);
  g_test_add_func ("/mime/hostile/nul", test_nul);
  g_test_add_func ("/mime/hostile/random", test_random);
  g_test_add_func ("/mime/hostile/is-linear", test_is_linear);
  g_test_add_func ("/mime/hostile/threads", test_threads);

  return g_test_run ();
}
