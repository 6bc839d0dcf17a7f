/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tree of parts: what is the text, what is an attachment, and its bytes. */

#include "pinion-error.h"
#include "pinion-mime-decode.h"
#include "pinion-test-mime.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char rich[] = "From: a@example.com\n"
                           "Content-Type: multipart/mixed; boundary=\"m x\"\n"
                           "\n"
                           "This is MIME.\n"
                           "--m x\n"
                           "Content-Type: multipart/alternative; boundary=alt\n"
                           "\n"
                           "--alt\n"
                           "\n"
                           "plain words\n"
                           "--alt\n"
                           "Content-Type: multipart/related; boundary=rel\n"
                           "\n"
                           "--rel\n"
                           "Content-Type: text/html; charset=iso-8859-1\n"
                           "Content-Transfer-Encoding: quoted-printable\n"
                           "\n"
                           "<p>rich w=F6rds <img src=3D\"cid:logo@example\"></p>\n"
                           "--rel\n"
                           "Content-Type: image/png; name=logo.png\n"
                           "Content-ID: <logo@example>\n"
                           "Content-Transfer-Encoding: base64\n"
                           "\n"
                           "aGVsbG8=\n"
                           "--rel\n"
                           "Content-Type: image/png; name=unused.png\n"
                           "Content-ID: <unused@example>\n"
                           "Content-Transfer-Encoding: base64 \n"
                           "\n"
                           "aGVsbG8=\n"
                           "--rel--\n"
                           "--alt\n"
                           "Content-Type: text/calendar; method=request; charset=utf-8\n"
                           "\n"
                           "BEGIN:VCALENDAR\n"
                           "--alt--\n"
                           "--m x\n"
                           "Content-Type: application/pdf\n"
                           "Content-Disposition: attachment;\n"
                           " filename*0*=utf-8''r%C3%A9s; filename*1=\"ume.pdf\"\n"
                           "Content-Transfer-Encoding: BASE64\n"
                           "\n"
                           "JVBERi0xLjQK\n"
                           "--m x\n"
                           "Content-Type: message/rfc822\n"
                           "\n"
                           "Subject: =?utf-8?Q?Inn=C3=A9r?=\n"
                           "Content-Type: multipart/mixed; boundary=alt\n"
                           "\n"
                           "--alt\n"
                           "\n"
                           "inner\n"
                           "--alt--\n"
                           "--m x--\n"
                           "epilogue\n";

static void
test_rich (void)
{
  static const struct
  {
    const char *id;
    const char *type;
    const char *name;
    gboolean is_body;
    gboolean is_attachment;
  } expected[] = {
    { "1.1", "text/plain", NULL, TRUE, FALSE },
    { "1.2.1", "text/html", NULL, TRUE, FALSE },
    { "1.2.2", "image/png", "logo.png", FALSE, FALSE },
    { "1.2.3", "image/png", "unused.png", FALSE, TRUE },
    { "1.3", "text/calendar", NULL, FALSE, FALSE },
    { "2", "application/pdf", "résume.pdf", FALSE, TRUE },
    { "3", "message/rfc822", "Innér.eml", FALSE, TRUE },
  };
  g_autoptr (PinionMimeMessage) message = test_parse (rich);
  g_autofree char *text = pinion_mime_message_dup_text (message);
  g_autofree char *html = pinion_mime_message_dup_html (message);
  g_auto (GStrv) ids = pinion_mime_message_dup_content_ids (message);

  g_assert_cmpuint (message->parts->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < message->parts->len; i++)
    {
      const PinionMimePart *part = test_part (message, i);

      g_assert_cmpstr (part->id, ==, expected[i].id);
      g_assert_cmpstr (part->content_type, ==, expected[i].type);
      g_assert_cmpstr (part->file_name, ==, expected[i].name);
      g_assert_cmpint (part->is_body, ==, expected[i].is_body);
      g_assert_cmpint (part->is_attachment, ==, expected[i].is_attachment);
      g_assert_true (pinion_mime_message_find_part (message, part->id) == part);
    }

  g_assert_cmpstr (text, ==, "plain words");
  g_assert_cmpstr (html, ==, "<p>rich wörds <img src=\"cid:logo@example\"></p>");
  g_assert_cmpstr (message->snippet, ==, "plain words");
  g_assert_true (message->has_attachments);
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_cmpstr (pinion_mime_message_find_type (message, "text/calendar")->method, ==, "REQUEST");
  g_assert_nonnull (pinion_mime_message_find_content_id (message, "logo@example"));
  g_assert_null (pinion_mime_message_find_content_id (message, "other"));
}

static void
test_bytes_of_parts (void)
{
  g_autoptr (PinionMimeMessage) message = test_parse (rich);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *inner = NULL;

  bytes = pinion_mime_message_dup_part_bytes (message, "1.2.3", 100, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello", 5);
  g_assert_null (pinion_mime_message_dup_part_bytes (message, "1.2.3", 4, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_TOO_LARGE));
  g_clear_error (&error);
  g_assert_null (pinion_mime_message_dup_part_bytes (message, "9", 4, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_NOT_FOUND));
  g_clear_error (&error);

  inner = pinion_mime_message_dup_part_text (message, "3", 1000, &error);
  g_assert_true (g_str_has_prefix (inner, "Subject: "));
  g_assert_true (g_str_has_suffix (inner, "--alt--"));
}

static void
test_save (void)
{
  g_autoptr (PinionMimeMessage) message = test_parse (rich);
  g_autofree char *folder = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pdf", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *missing = g_build_filename (folder, "none", "a.pdf", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (pinion_mime_message_save_part (message, "2", path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "%PDF-1.4\n");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  /* Never over something that is there, never through a link */
  g_assert_false (pinion_mime_message_save_part (message, "1.1", path, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT));
  g_clear_error (&error);
  g_assert_cmpint (symlink ("target", link), ==, 0);
  g_assert_false (pinion_mime_message_save_part (message, "1.1", link, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (pinion_mime_message_save_part (message, "1.1", missing, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_unlink (link);
  g_unlink (path);
  g_rmdir (folder);
}

/* A device that is always full stands for a full disk. */
static void
test_full_disk (void)
{
  g_autoptr (GError) error = NULL;
  int fd = g_open ("/dev/full", O_WRONLY, 0);

  if (fd < 0)
    {
      g_test_skip ("There is no /dev/full");
      return;
    }
  g_assert_false (pinion_mime_write_all (fd, "x", 1, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_DISK_FULL));
  close (fd);
}

/* A file that cannot be finished is taken away again. */
static void
test_half_written (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "half", NULL);
  g_autoptr (GError) error = NULL;
  int fd = pinion_mime_create_file (path, &error);

  g_assert_no_error (error);
  g_assert_false (pinion_mime_finish_file (fd, path, FALSE, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "m.eml", NULL);
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, rich, -1, NULL));
  message = pinion_mime_message_parse_file (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (message->parts->len, ==, 7);
  g_assert_cmpuint (g_bytes_get_size (pinion_mime_message_get_bytes (message)), ==,
                    sizeof rich - 1);
  g_unlink (path);
  g_assert_null (pinion_mime_message_parse_file (path, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_NOT_FOUND));
  g_clear_error (&error);
  g_assert_null (pinion_mime_message_parse_file (folder, &error));
  g_assert_nonnull (error);
  g_rmdir (folder);
}

typedef struct
{
  const char *raw;
  const char *name;
} NameCase;

/* One header line each, with what a person may see and save under. */
static void
test_file_names (void)
{
  static const NameCase cases[] = {
    { "attachment; filename=\"../../etc/passwd\"", "_.._etc_passwd" },
    { "attachment; filename=\"a.pdf\"", "a.pdf" },
    { "attachment; filename=a b.pdf", "a b.pdf" },
    { "attachment; filename=\"=?utf-8?Q?=C3=A4.pdf?=\"", "ä.pdf" },
    { "attachment; filename==?utf-8?Q?=C3=A4.pdf?=", "ä.pdf" },
    { "attachment; filename*=utf-8''%C3%A4.pdf", "ä.pdf" },
    { "attachment; filename*=iso-8859-1'en'%E4.pdf", "ä.pdf" },
    { "attachment; filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf" },
    { "attachment; filename=\"evil\xe2\x80\xae" "fdp.exe\"", "evilfdp.exe" },
    { "attachment; filename=\"/\"", NULL },
    { "attachment; filename=\"\"", "document.pdf" },
    { "attachment", "document.pdf" },
    { "attachment; filename=\".bashrc\"", "bashrc" },
    { "attachment; filename=\"C:\\\\x\\\\y.exe\"", NULL },
    { "attachment; filename=\"a\tb.pdf\"", "a b.pdf" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (PinionMimeMessage) message = NULL;
      const char *name;

      text = g_strdup_printf ("Content-Type: application/pdf\nContent-Disposition: %s\n\nx",
                              cases[i].raw);
      message = test_parse (text);
      name = test_part (message, 0)->file_name;
      g_assert_nonnull (name);
      g_assert_null (strpbrk (name, "/\\\n\r"));
      g_assert_cmpint (name[0], !=, '.');
      if (cases[i].name != NULL)
        g_assert_cmpstr (name, ==, cases[i].name);
    }
}

/* Which part is shown, and as what. */
static void
test_bodies (void)
{
  static const struct
  {
    const char *raw;
    const char *text;
    gboolean has_html;
    gboolean has_attachments;
  } cases[] = {
    { "\nwords", "words", FALSE, FALSE },
    { "Content-Type: text/html\n\n<p>words</p>", "words", TRUE, FALSE },
    { "Content-Type: text/plain; name=body.txt\n\nwords", "words", FALSE, FALSE },
    { "Content-Type: text/plain\nContent-Disposition: attachment\n\nwords", "", FALSE, TRUE },
    { "Content-Type: application/pdf\n\nwords", "", FALSE, TRUE },
    { "Content-Type: multipart/mixed\n\nwords", "words", FALSE, FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\nno parts", "no parts", FALSE, FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n\ntwo\n--x--", "one\ntwo",
      FALSE, FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n"
      "Content-Type: text/plain; name=log.txt\n\ntwo\n--x--", "one", FALSE, TRUE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>one\n--x\n"
      "\nfooter\n--x--", "one\nfooter", TRUE, FALSE },
    { "Content-Type: multipart/alternative; boundary=x\n\n--x\n\n \n--x\n"
      "Content-Type: text/html\n\n<p>rich\n--x--", "rich", TRUE, FALSE },
    { "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>rich\n"
      "--x--", "rich", TRUE, FALSE },
    { "Content-Type: multipart/signed; boundary=x\n\n--x\n\nsigned\n--x\n"
      "Content-Type: application/pgp-signature; name=signature.asc\n\nsig\n--x--", "signed", FALSE,
      FALSE },
    { "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: a\n\nb\n--x--", "", FALSE,
      TRUE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none", "one", FALSE, FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
      "Content-Type: multipart/mixed; boundary=y\n\n--y\n\none\n--x\n\ntwo\n--x--", "one\ntwo",
      FALSE, FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--xy\n\nzero\n--x\n\none\n--x--", "one", FALSE,
      FALSE },
    { "Content-Type: multipart/mixed; boundary=x\n\n--x \t\n\none\n--x--  \n--x\n\nlate", "one",
      FALSE, FALSE },
    { "Content-Type: TEXT/HTML ; charset\n\n<i>x</i>", "x", TRUE, FALSE },
    { "Content-Type: garbage\n\nx", "", FALSE, TRUE },
    { "Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n"
      "Content-Disposition: inline; filename=body.html\n\n<b>x\n--x--", "x", TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionMimeMessage) message = test_parse (cases[i].raw);
      g_autofree char *text = pinion_mime_message_dup_text (message);
      g_autofree char *html = pinion_mime_message_dup_html (message);
      g_autofree char *shown = pinion_mime_message_dup_display_html (message);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (g_strchomp (text), ==, cases[i].text);
      g_assert_cmpint (html != NULL, ==, cases[i].has_html);
      g_assert_cmpint (message->has_attachments, ==, cases[i].has_attachments);
      g_assert_nonnull (shown);
    }
}

/* What cannot be decoded gives what can. */
static void
test_broken_encodings (void)
{
  static const struct
  {
    const char *encoding;
    const char *body;
    const char *text;
  } cases[] = {
    { "base64", "aGVsbG8=", "hello" },
    { "base64", "aGVs\nbG8", NULL },
    { "base64", "aGV!!sb*G8=", "hello" },
    { "base64", "", "" },
    { "quoted-printable", "a=20b=\n c=ZZ=", NULL },
    { "quoted-printable", "h=C3=A4", "hä" },
    { "Quoted-Printable (comment)", "h=C3=A4", "hä" },
    { "x-unknown", "plain", "plain" },
    { "7bit;", "plain", "plain" },
    { "x-uuencode", "begin 644 a\n%:&5L;&\\\n`\nend\n", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = NULL;
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autofree char *text = NULL;

      raw = g_strdup_printf ("Content-Type: text/plain; charset=utf-8\n"
                             "Content-Transfer-Encoding: %s\n\n%s",
                             cases[i].encoding, cases[i].body);
      message = test_parse (raw);
      text = pinion_mime_message_dup_text (message);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      if (cases[i].text != NULL)
        g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* The estimate is near the truth, so that sizes shown are right. */
static void
test_sizes (void)
{
  g_autoptr (GString) raw = g_string_new ("Content-Type: image/png; name=a.png\n"
                                          "Content-Transfer-Encoding: base64\n\n");
  g_autoptr (PinionMimeMessage) message = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (raw, "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
                          "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n");
  message = test_parse (raw->str);
  g_assert_cmpuint (test_part (message, 0)->size, >, 54000 * 99 / 100);
  g_assert_cmpuint (test_part (message, 0)->size, <, 54000 * 101 / 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/parts/rich", test_rich);
  g_test_add_func ("/mime/parts/bytes", test_bytes_of_parts);
  g_test_add_func ("/mime/parts/save", test_save);
  g_test_add_func ("/mime/parts/full-disk", test_full_disk);
  g_test_add_func ("/mime/parts/half-written", test_half_written);
  g_test_add_func ("/mime/parts/file", test_file);
  g_test_add_func ("/mime/parts/file-names", test_file_names);
  g_test_add_func ("/mime/parts/bodies", test_bodies);
  g_test_add_func ("/mime/parts/broken-encodings", test_broken_encodings);
  g_test_add_func ("/mime/parts/sizes", test_sizes);

  return g_test_run ();
}
