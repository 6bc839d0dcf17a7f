/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that are said to be messages. */

#include "pinion-mime-import.h"

#include "pinion-error.h"
#include "pinion-test-mime.h"

#define ID "Message-ID: <one@lakeside.example>"
#define LETTER "From: ines@lakeside.example\r\n" ID "\r\nSubject: Tides\r\n\r\nSome words.\r\n"
#define BARE "From: ines@lakeside.example\r\nSubject: Tides\r\n\r\nSome words.\r\n"
#define CONTENT(text) text, sizeof text - 1
#define OWN "@import.pinion.invalid"

/* Returns: (transfer full) (nullable) */
static char *
import_bytes (const char *file,
              gsize       length,
              guint64    *anonymous,
              GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (file, length);
  g_autoptr (GBytes) message = pinion_mime_import (bytes, anonymous, error);

  if (message == NULL)
    return NULL;

  return g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
}

static char *
import (const char *file,
        guint64    *anonymous)
{
  g_autoptr (GError) error = NULL;
  char *message = import_bytes (file, strlen (file), anonymous, &error);

  g_assert_no_error (error);

  return message;
}

static char *
dup_id (const char *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new (message, strlen (message));
  g_autoptr (PinionMimeMessage) read = pinion_mime_message_parse_headers (bytes);

  return g_strdup (read->message_id);
}

static void
test_as_it_was (void)
{
  static const struct
  {
    const char *file;
    const char *message;
  } cases[] = {
    { LETTER, LETTER },
    { ID "\nSubject: a\n\nb\n\nc", ID "\r\nSubject: a\r\n\r\nb\r\n\r\nc" },
    { ID "\rSubject: a\r\rb\r", ID "\r\nSubject: a\r\n\r\nb\r\n" },
    { ID "\r\nSubject: a\n\rb\r\r\n", ID "\r\nSubject: a\r\n\r\nb\r\n\r\n" },
    { "\xef\xbb\xbf" LETTER, LETTER },
    { "From ines Tue Mar  5 08:15:30 2019\n" LETTER, LETTER },
    { "\xef\xbb\xbf" "From ines\r" LETTER, LETTER },
    { "From ines\n" LETTER "\r\nFrom here on\r\nit is prose.\r\n",
      LETTER "\r\nFrom here on\r\nit is prose.\r\n" },
    { "From : ines@x.example\r\n" ID "\r\n\r\n", "From : ines@x.example\r\n" ID "\r\n\r\n" },
    { ID "\r\nSubject: only\r\n\tthis", ID "\r\nSubject: only\r\n\tthis" },
    { "X-First: 1\r\n" ID "\r\nno field\r\n", "X-First: 1\r\n" ID "\r\nno field\r\n" },
    { "message-id:\r\n <one@x.example>\r\n\r\n", "message-id:\r\n <one@x.example>\r\n\r\n" },
    { "Message-ID: one\r\n\r\n\xff\x1a", "Message-ID: one\r\n\r\n\xff\x1a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 anonymous = 1;
      g_autofree char *message = import (cases[i].file, &anonymous);

      g_assert_cmpstr (message, ==, cases[i].message);
      g_assert_cmpuint (anonymous, ==, 0);
    }
}

/* The field of an id, and nothing else, is added. */
static void
test_given_an_id (void)
{
  static const struct
  {
    const char *file;
    const char *before;
    const char *after;
  } cases[] = {
    { BARE, "", BARE },
    { "Subject: a\n\nMessage-ID: <b@c>\n", "", "Subject: a\r\n\r\nMessage-ID: <b@c>\r\n" },
    { "Subject: a", "", "Subject: a" },
    { "Subject: a\r\nMessage-ID:\r\nTo: b\r\n\r\n", "Subject: a\r\n",
      "X-Original-Message-ID:\r\nTo: b\r\n\r\n" },
    { "message-id: <>\r\n\r\n", "", "X-Original-message-id: <>\r\n\r\n" },
    { "Subject: a\r\nMessage-Id : none of ours\r\n", "Subject: a\r\n",
      "X-Original-Message-Id : none of ours\r\n" },
    { "Subject: a\r\nMessage-ID: >\r\n\r\n", "Subject: a\r\n", "X-Original-Message-ID: >\r\n\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 anonymous = 0, again = 1;
      g_autofree char *message = import (cases[i].file, &anonymous);
      g_autofree char *id = dup_id (message);
      g_autofree char *field = g_strdup_printf ("%sMessage-ID: <%s>\r\n%s", cases[i].before, id,
                                                cases[i].after);
      g_autofree char *same = import (cases[i].file, &anonymous);
      g_autofree char *twice = import (message, &again);
      gsize added = strlen ("Message-ID: <>\r\n") + strlen (id);

      g_assert_true (g_str_has_suffix (id, OWN));
      g_assert_cmpuint (strlen (id), ==, 40 + strlen (OWN));
      g_assert_true (g_str_has_prefix (message, field) || g_str_equal (message, field));
      g_assert_cmpstr (message, ==, field);
      if (strstr (message, "X-Original-") != NULL)
        added += strlen ("X-Original-");
      g_assert_cmpuint (anonymous, ==, strlen (message) - added);
      g_assert_cmpstr (same, ==, message);
      g_assert_cmpstr (twice, ==, message);
      g_assert_cmpuint (again, ==, 0);
    }
}

static void
test_other_ids (void)
{
  guint64 anonymous;
  g_autofree char *one = import (BARE, &anonymous);
  g_autofree char *other = import (BARE "More.\r\n", &anonymous);
  g_autofree char *with_lf = import ("From: ines@lakeside.example\nSubject: Tides\n\nSome words.\n",
                                     &anonymous);
  g_autofree char *id = dup_id (one);
  g_autofree char *other_id = dup_id (other);

  g_assert_cmpstr (id, !=, other_id);
  g_assert_cmpstr (one, ==, with_lf);
}

/* A large file is in memory once where nothing about it changes. */
static void
test_not_copied (void)
{
  static const char marked[] = "\xef\xbb\xbf" LETTER;
  g_autoptr (GBytes) file = g_bytes_new_static (marked, strlen (marked));
  guint64 anonymous;
  g_autoptr (GBytes) message = pinion_mime_import (file, &anonymous, NULL);

  g_assert_true (g_bytes_get_data (message, NULL) == marked + 3);
  g_assert_cmpuint (g_bytes_get_size (message), ==, strlen (LETTER));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *file;
    gsize length;
    PinionErrorCode code;
  } cases[] = {
    { CONTENT (""), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("\xef\xbb\xbf"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("From ines\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("\r\n\r\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("Dear Anna,\n\nSubject: a\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT (" Subject: a\n\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("Shopping: bread\nand milk\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("Subject: a\n\n\0b\n"), PINION_ERROR_FILE_NO_MESSAGE },
    { CONTENT ("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), PINION_ERROR_FILE_OF_OUTLOOK },
    { CONTENT ("From a\nSubject: a\n\nb\n\nFrom b\nSubject: c\n"), PINION_ERROR_FILE_OF_MAILBOX },
    { CONTENT ("From a\rSubject: a\r\rb\r\rFrom b\rSubject: c\r"), PINION_ERROR_FILE_OF_MAILBOX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 anonymous;
      g_autofree char *message = import_bytes (cases[i].file, cases[i].length, &anonymous, &error);

      g_assert_null (message);
      g_assert_error (error, PINION_ERROR, (int) cases[i].code);
    }
}

static void
test_arrival (void)
{
  static const struct
  {
    const char *header;
    gint64 arrival;
  } cases[] = {
    { "Received: from a by b; Wed, 06 Mar 2019 10:00:00 +0000\n"
      "Received: by c; 1 Jan 2019 10:00 +0000", 1551866400 },
    { "Received: from a (b; c)\n by d;\n Wed, 06 Mar 2019 11:00:00 +0100", 1551866400 },
    { "Received: from a by b", 0 },
    { "Received: from a by b; whenever", 0 },
    { "Date: Wed, 06 Mar 2019 10:00:00 +0000", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (cases[i].header, "\n\n", NULL);
      g_autoptr (PinionMimeMessage) message = test_parse (text);

      g_assert_cmpint (pinion_mime_import_get_arrival (message), ==, cases[i].arrival);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();
  g_test_add_func ("/mime/import/as-it-was", test_as_it_was);
  g_test_add_func ("/mime/import/given-an-id", test_given_an_id);
  g_test_add_func ("/mime/import/other-ids", test_other_ids);
  g_test_add_func ("/mime/import/not-copied", test_not_copied);
  g_test_add_func ("/mime/import/refused", test_refused);
  g_test_add_func ("/mime/import/arrival", test_arrival);

  return g_test_run ();
}
