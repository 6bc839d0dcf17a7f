/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Headers. */

#include "pinion-test-mime.h"

#include <gmime/gmime.h>

typedef struct
{
  const char *raw;
  const char *expected;
} Case;

static void
test_subjects (void)
{
  static const Case cases[] = {
    { "Hello", "Hello" },
    { "=?utf-8?B?w4RwZmVs?=", "Äpfel" },
    { "=?UTF-8?Q?=C3=84pfel?= =?UTF-8?Q?_und?=", "Äpfel und" },
    { "=?iso-8859-1?Q?Caf=E9?= bar", "Café bar" },
    { "=?koi8-r?B?8NLJ18XU?=", "Привет" },
    { "=?gb18030?B?xOO6ww==?=", "你好" },
    { "=?big5?B?p0Gmbg==?=", "你好" },
    { "=?shift_jis?B?grGC8YLJgr+CzQ==?=", "こんにちは" },
    { "=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは" },
    { "=?euc-kr?B?vsiz5w==?=", "안녕" },
    { "=?windows-1251?Q?=CF=F0=E8?=", "При" },
    { "=?utf-8*en?Q?lang?=", "lang" },
    { "=?utf-8?Q?broken", "=?utf-8?Q?broken" },
    { "=?utf-8?X?broken?=", "=?utf-8?X?broken?=" },
    { "a=?utf-8?Q?b?=c", NULL },
    { "raw \xc3\xa4 utf-8", "raw ä utf-8" },
    { "raw \xe4 latin", "raw ä latin" },
    { "two\n folded\n\t lines", "two folded lines" },
    { "=?utf-8?Q?line=0D=0ABcc:_x@y?=", "line Bcc: x@y" },
    { "=?utf-8?Q?nul=00end?=", NULL },
    { "abc\xe2\x80\xae" "cod.exe", "abccod.exe" },
    { "=?utf-8?B?" "?=", "" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("Subject: %s\n\nx", cases[i].raw);
      g_autoptr (PinionMimeMessage) message = test_parse (text);

      g_assert_true (g_utf8_validate (message->subject, -1, NULL));
      g_assert_null (strpbrk (message->subject, "\r\n"));
      if (cases[i].expected != NULL)
        g_assert_cmpstr (message->subject, ==, cases[i].expected);
    }
}

static void
test_from (void)
{
  static const Case cases[] = {
    { "Ana Sol <ana@example.com>", "Ana Sol <ana@example.com>" },
    { "ana@example.com (Ana Sol)", "Ana Sol <ana@example.com>" },
    { "<ana@example.com>", "ana@example.com" },
    { "\"Sol, Ana\" <ana@example.com>", "\"Sol, Ana\" <ana@example.com>" },
    { "=?utf-8?B?QW5hIFPDs2w=?= <ana@example.com>", "Ana Sól <ana@example.com>" },
    { "\"=?utf-8?B?QW5hIFPDs2w=?=\" <ana@example.com>", "Ana Sól <ana@example.com>" },
    { "Spoofed <spoofed@example.com> <legit@example.com>",
      "Spoofed <spoofed@example.com>, legit@example.com" },
    { "boss@bank: eve@evil.example;", "boss@bank, eve@evil.example" },
    { "a@example.com, B <b@example.com>", "a@example.com, B <b@example.com>" },
    { "\"Microsoft Exchange Server\"", "Microsoft Exchange Server <>" },
    { "\"Microsoft Exchange Server\" <MISSING@.MISSING-HOST-NAME.>", NULL },
    { "undisclosed-recipients:;", "" },
    { "\"=?utf-8?Q?a=0Ab?=\" <x@example.com>", "a b <x@example.com>" },
    { "M\xfcller <m@example.com>", "Müller <m@example.com>" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("From: %s\n\nx", cases[i].raw);
      g_autoptr (PinionMimeMessage) message = test_parse (text);
      g_autofree char *list = pinion_mime_address_list_to_string (message->from);

      if (cases[i].expected != NULL)
        g_assert_cmpstr (list, ==, cases[i].expected);
    }
}

static void
test_suspicious (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("From: \"boss@bank.example\" <eve@evil.example>, \"a@b.c\" <a@b.c>,\n"
                        " =?utf-8?Q?=3Cadmin=40legit.example=3E,?= <eve@evil.example>\n\n");
  g_assert_cmpuint (message->from->len, ==, 3);
  g_assert_true (pinion_mime_address_is_suspicious (test_address (message->from, 0)));
  g_assert_false (pinion_mime_address_is_suspicious (test_address (message->from, 1)));
  g_assert_true (pinion_mime_address_is_suspicious (test_address (message->from, 2)));
}

/* International domains are shown in letters only where no label mixes scripts. */
static void
test_idn (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("From: a@xn--bcher-kva.example\n\n");
  g_assert_cmpstr (test_address (message->from, 0)->address, ==, "a@bücher.example");
  pinion_mime_message_unref (message);
  message = test_parse ("From: a@p\xd0\xb0ypal.example\n\n");
  g_assert_true (g_str_is_ascii (test_address (message->from, 0)->address));
}

static void
test_duplicates (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("Subject: first\nFrom: a@example.com\nSubject: second\n"
                        "From: b@example.com\nTo: c@example.com\nTO: d@example.com\n"
                        "Date: Tue, 3 Mar 2026 10:00:00 +0100\n"
                        "Date: Tue, 3 Mar 2020 10:00:00 +0100\n"
                        "Content-Type: text/plain\nContent-Type: text/html\n\n<b>x");
  g_assert_cmpstr (message->subject, ==, "first");
  g_assert_cmpuint (message->from->len, ==, 2);
  g_assert_cmpuint (message->to->len, ==, 2);
  g_assert_cmpint (message->date, ==, 1772528400);
  g_assert_cmpstr (test_part (message, 0)->content_type, ==, "text/plain");
}

static void
test_dates (void)
{
  static const struct
  {
    const char *raw;
    gint64 date;
  } cases[] = {
    { "Tue, 3 Mar 2026 10:00:00 +0100", 1772528400 },
    { "3 Mar 2026 09:00:00 GMT", 1772528400 },
    { "Tue, 03 Mar 2026 04:00 -0500 (EST)", 1772528400 },
    { "Tue, 3 Mar 26 10:00:00 +0100", 1772528400 },
    { "nonsense", G_MININT64 },
    { "", G_MININT64 },
    { "Tue, 99 Mar 2026 10:00:00 +0100", G_MININT64 },
    { "Sat, 29 Feb 2020 00:00:00 +0000", 1582934400 },
    { "Sun, 1 Mar 2020 00:00:00 +0000", 1583020800 },
    { "Thu, 1 Jan 1970 00:00:00 -0030", 1800 },
    { "Tue, 3 Mar 2026 10:00:00 +0100 (a (nested) one)", 1772528400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("Date: %s\n\nx", cases[i].raw);
      g_autoptr (PinionMimeMessage) message = test_parse (text);

      g_assert_cmpint (message->date_is_valid, ==, cases[i].date != G_MININT64);
      if (message->date_is_valid)
        g_assert_cmpint (message->date, ==, cases[i].date);
    }
}

/* What is read here and what GMime reads agree, over days, zones and comments. */
static void
test_plain_dates (void)
{
  for (guint i = 0; i < 5000; i++)
    {
      gint64 wanted = g_test_rand_int_range (0, G_MAXINT32) * G_GINT64_CONSTANT (3);
      int zone = g_test_rand_int_range (-14 * 4, 14 * 4) * 15;
      g_autoptr (GTimeZone) place = g_time_zone_new_offset (zone * 60);
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wanted);
      g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, place);
      g_autofree char *day = g_date_time_format (local, i % 2 == 0 ? "%a, %d" : "%-d");
      g_autofree char *rest = g_date_time_format (local, "%b %Y %H:%M:%S %z");
      g_autofree char *value = g_strdup_printf ("%s %s%s", day, rest, i % 3 == 0 ? " (X)" : "");
      g_autofree char *text = g_strdup_printf ("Date: %s\n\nx", value);
      g_autoptr (GDateTime) theirs = g_mime_utils_header_decode_date (value);
      g_autoptr (PinionMimeMessage) message = test_parse (text);

      g_assert_true (message->date_is_valid);
      g_assert_cmpint (message->date, ==, wanted);
      g_assert_cmpint (g_date_time_to_unix (theirs), ==, wanted);
    }
}

static void
test_ids (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("Message-ID: <a.b@example.com>\n"
                        "In-Reply-To: Message of Monday <p@example.com> <q@example.com>\n"
                        "References: <one@x>\n <two@x> , <three@x>\n<four@x>\n\nx");
  g_assert_cmpstr (message->message_id, ==, "a.b@example.com");
  g_assert_cmpstr (message->in_reply_to, ==, "p@example.com");
  g_assert_cmpuint (message->references->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (message->references, 2), ==, "three@x");
  pinion_mime_message_unref (message);

  message = test_parse ("Message-ID: bare@example.com\nIn-Reply-To: your message of Monday\n\nx");
  g_assert_cmpstr (message->message_id, ==, "bare@example.com");
  g_assert_null (message->in_reply_to);
  g_assert_cmpuint (message->references->len, ==, 0);
}

static void
test_references_are_bounded (void)
{
  g_autoptr (GString) text = g_string_new ("References:");
  g_autoptr (PinionMimeMessage) message = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, " <%u@x>\n", i);
  g_string_append (text, "\nbody");
  message = test_parse (text->str);
  g_assert_cmpuint (message->references->len, ==, 100);
  g_assert_cmpstr (g_ptr_array_index (message->references, 0), ==, "0@x");
  g_assert_cmpstr (g_ptr_array_index (message->references, 99), ==, "999@x");
}

/* A reply's index starts with its parent's: both have one key. */
static void
test_thread_index (void)
{
  static const guchar bytes[27] = { 1, 2, 3, 4, 5, 6, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0, 1,
                                    2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9 };

  for (gsize length = 22; length <= 27; length += 5)
    {
      g_autofree char *base64 = g_base64_encode (bytes, length);
      g_autofree char *text = g_strdup_printf ("Thread-Index: %s\n\nx", base64);
      g_autoptr (PinionMimeMessage) message = test_parse (text);

      g_assert_cmpstr (message->thread_index, ==, "aabbccddeeff00010203040506070809");
    }

  g_autoptr (PinionMimeMessage) broken = test_parse ("Thread-Index: AAAA\n\nx");
  g_autoptr (PinionMimeMessage) empty
      = test_parse ("Thread-Index: AQIDBAUGAAAAAAAAAAAAAAAAAAAAAA==\n\nx");

  g_assert_null (broken->thread_index);
  g_assert_null (empty->thread_index);
}

static void
test_lists (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("List-Id: The list <list.example.com>\n"
                        "List-Unsubscribe: <mailto:u@example.com>,\n"
                        " <https://example.com/u?x=1>, <javascript:alert(1)>\n"
                        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
                        "Importance: High\n\nx");
  g_assert_cmpstr (message->list_id, ==, "list.example.com");
  g_assert_cmpuint (g_strv_length (message->list_unsubscribe), ==, 2);
  g_assert_cmpstr (message->list_unsubscribe[1], ==, "https://example.com/u?x=1");
  g_assert_true (message->list_unsubscribe_one_click);
  g_assert_true (message->is_automatic);
  g_assert_cmpint (message->importance, ==, PINION_MIME_IMPORTANCE_HIGH);
  pinion_mime_message_unref (message);

  message = test_parse ("List-Unsubscribe: <mailto:u@example.com>\n"
                        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
                        "Auto-Submitted: no\n\nx");
  g_assert_false (message->list_unsubscribe_one_click);
  g_assert_false (message->is_automatic);
}

static void
test_placeholder (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;

  message = test_parse ("Subject: Retrieval using the IMAP4 protocol failed for the following\n"
                        " message: 4711\n\nThe server couldn't retrieve the following message:");
  g_assert_true (message->is_placeholder);
}

static void
test_header_pass (void)
{
  g_autoptr (GBytes) bytes = test_bytes ("Subject: Hi\nFrom: a@example.com\n"
                                         "Content-Type: multipart/mixed; boundary=x\n");
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_headers (bytes);

  g_assert_cmpstr (message->subject, ==, "Hi");
  g_assert_cmpstr (message->content_type, ==, "multipart/mixed");
  g_assert_cmpuint (message->parts->len, ==, 0);
  g_assert_cmpstr (message->snippet, ==, "");
}

/* The type that a header pass tells is the one that the whole message has. */
static void
test_header_types (void)
{
  static const char *const types[] = {
    "text/plain",
    "TEXT/Html; charset=x",
    "multipart/mixed ; boundary=x",
    "multipart / related; boundary=x",
    "text",
    "text/",
    "/plain",
    "",
    ";",
    "application/x-a b",
    "application/vnd.ms-tnef;name=winmail.dat",
    "text/plain/more",
    "a/\xc3\xa4",
    "(words) text/html",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *text = g_strdup_printf ("Content-Type: %s\n\n", types[i]);
      g_autoptr (GBytes) bytes = test_bytes (text);
      g_autoptr (PinionMimeMessage) whole = pinion_mime_message_parse_bytes (bytes);
      g_autoptr (PinionMimeMessage) header = pinion_mime_message_parse_headers (bytes);

      g_assert_cmpstr (header->content_type, ==, whole->content_type);
    }
}

static void
test_other_header (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *value = NULL;

  message = test_parse ("X-Thing: =?utf-8?Q?=C3=A4?=\n b\n\nx");
  value = pinion_mime_message_dup_header (message, "x-thing");
  g_assert_cmpstr (value, ==, "ä b");
  g_assert_null (pinion_mime_message_dup_header (message, "x-other"));
}

static void
test_no_headers (void)
{
  static const char *const texts[] = { "", "\n", "\n\n", "just words\nand more", "From x y\nhello",
                                       "no colon\n\nbody", ": empty name\n\nx", "A:", "\r", "\n " };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
      g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);

      g_assert_cmpstr (message->subject, ==, "");
      g_assert_cmpuint (message->parts->len, ==, 1);
    }

  g_autoptr (PinionMimeMessage) words = test_parse ("just words\nand more");
  g_autofree char *text = pinion_mime_message_dup_text (words);

  g_assert_cmpstr (text, ==, "just words\nand more");
}

/* The mbox line in front and bare line feeds are no trouble. */
static void
test_line_ends (void)
{
  static const char raw[] = "From x@y Mon Jan 1\nSubject: LF\nX:\ty\n\nbody\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (raw, sizeof raw - 1);
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);
  g_autofree char *text = pinion_mime_message_dup_text (message);
  g_autoptr (GBytes) header = pinion_mime_message_ref_header_bytes (message);

  g_assert_cmpstr (message->subject, ==, "LF");
  g_assert_cmpstr (text, ==, "body\n");
  g_assert_cmpuint (g_bytes_get_size (header), <, g_bytes_get_size (bytes));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/message/subjects", test_subjects);
  g_test_add_func ("/mime/message/from", test_from);
  g_test_add_func ("/mime/message/suspicious", test_suspicious);
  g_test_add_func ("/mime/message/idn", test_idn);
  g_test_add_func ("/mime/message/duplicates", test_duplicates);
  g_test_add_func ("/mime/message/dates", test_dates);
  g_test_add_func ("/mime/message/plain-dates", test_plain_dates);
  g_test_add_func ("/mime/message/ids", test_ids);
  g_test_add_func ("/mime/message/references-are-bounded", test_references_are_bounded);
  g_test_add_func ("/mime/message/thread-index", test_thread_index);
  g_test_add_func ("/mime/message/lists", test_lists);
  g_test_add_func ("/mime/message/placeholder", test_placeholder);
  g_test_add_func ("/mime/message/header-pass", test_header_pass);
  g_test_add_func ("/mime/message/header-types", test_header_types);
  g_test_add_func ("/mime/message/other-header", test_other_header);
  g_test_add_func ("/mime/message/no-headers", test_no_headers);
  g_test_add_func ("/mime/message/line-ends", test_line_ends);

  return g_test_run ();
}
