/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes out, read back. */

#include "pinion-error.h"
#include "pinion-mime-compose.h"
#include "pinion-mime-strip.h"
#include "pinion-test-mime.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "out.eml", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static PinionMimeDraft *
new_draft (void)
{
  PinionMimeDraft *draft = pinion_mime_draft_new ("Änne Müller", "anne@example.com");

  g_ptr_array_add (draft->to, pinion_mime_address_new ("Doe, John", "john@example.com"));
  draft->date = 1772528400;

  return draft;
}

/* What every message must keep: CRLF, short lines, seven bits, no trace of this machine. */
static void
check_lines (const char *data,
             gsize       length)
{
  gsize line = 0;

  for (gsize i = 0; i < length; i++)
    {
      g_assert_cmpint ((guchar) data[i], <, 0x80);
      g_assert_cmpint (data[i], !=, '\0');
      if (data[i] == '\n')
        {
          g_assert_cmpint (data[i - 1], ==, '\r');
          g_assert_cmpuint (line, <=, 998 + 1);
          line = 0;
          continue;
        }
      if (data[i] == '\r')
        g_assert_cmpint (data[i + 1], ==, '\n');
      line++;
    }
}

/* A message ends with a line end, whether the text did or not. */
static void
assert_same_text (PinionMimeMessage *message,
                  const char        *expected)
{
  g_autofree char *text = pinion_mime_message_dup_text (message);
  gsize length = strlen (text);

  if (length == strlen (expected) + 1 && text[length - 1] == '\n')
    text[length - 1] = '\0';
  g_assert_cmpstr (text, ==, expected);
}

static PinionMimeMessage *
write_and_read (Fixture               *fixture,
                const PinionMimeDraft *draft,
                gboolean               with_bcc,
                char                 **raw)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message_id = NULL;
  g_autofree char *content = NULL;
  PinionMimeMessage *message;
  gsize length;
  struct stat info;

  g_unlink (fixture->path);
  g_assert_true (pinion_mime_compose_to_file (draft, fixture->path, with_bcc, &message_id, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  check_lines (content, length);
  g_assert_null (strstr (content, g_get_host_name ()));
  g_assert_null (strcasestr (content, "GMime"));
  g_assert_null (strcasestr (content, "X-Mailer"));
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  message = pinion_mime_message_parse_file (fixture->path, &error);
  g_assert_cmpstr (message->message_id, ==, message_id);
  if (raw != NULL)
    *raw = g_steal_pointer (&content);

  return message;
}

static void
test_plain (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *raw = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  g_set_str (&draft->subject, "Grüße — 你好");
  g_set_str (&draft->text, "Hello\n\nFrom here\n.\n..dots\n-- \nAnne");
  draft->in_reply_to = g_strdup ("b@x");
  g_ptr_array_add (draft->references, g_strdup ("a@x"));
  g_ptr_array_add (draft->references, g_strdup ("b@x"));
  message = write_and_read (fixture, draft, FALSE, &raw);
  from = pinion_mime_address_list_to_string (message->from);
  to = pinion_mime_address_list_to_string (message->to);

  g_assert_cmpstr (message->subject, ==, "Grüße — 你好");
  g_assert_cmpstr (from, ==, "Änne Müller <anne@example.com>");
  g_assert_cmpstr (to, ==, "\"Doe, John\" <john@example.com>");
  assert_same_text (message, draft->text);
  g_assert_cmpint (message->date, ==, 1772528400);
  g_assert_cmpstr (message->in_reply_to, ==, "b@x");
  g_assert_cmpuint (message->references->len, ==, 2);
  g_assert_true (g_str_has_suffix (message->message_id, "@example.com"));
  g_assert_nonnull (strstr (raw, "\r\nMIME-Version: 1.0\r\n"));
  g_assert_cmpuint (message->parts->len, ==, 1);
}

/* Text of every kind comes back as it was. */
static void
test_texts (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *long_line = g_strnfill (5000, 'x');
  g_autofree char *long_wide = NULL;
  g_autoptr (GString) wide = g_string_new (NULL);
  const char *texts[] = {
    "",           "x",         "\n",          "a\n",         "trailing \nblanks\t\n", "=3D=\n=",
    "ümläut",     "你好，世界", "😀\n\n\nend", "\n\nleading", "--boundary\n--\n",      "a\tb",
    NULL,         NULL,
  };

  for (guint i = 0; i < 3000; i++)
    g_string_append (wide, "世");
  long_wide = g_strdup (wide->str);
  texts[G_N_ELEMENTS (texts) - 2] = long_line;
  texts[G_N_ELEMENTS (texts) - 1] = long_wide;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PinionMimeDraft) draft = new_draft ();
      g_autoptr (PinionMimeMessage) message = NULL;

      g_set_str (&draft->text, texts[i]);
      message = write_and_read (fixture, draft, FALSE, NULL);
      assert_same_text (message, texts[i]);
    }
}

static void
test_alternative (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *html = NULL;
  g_autofree char *text = NULL;

  g_set_str (&draft->text, "plain ä");
  draft->html = g_strdup ("<p>rich ä</p>");
  message = write_and_read (fixture, draft, FALSE, NULL);
  html = pinion_mime_message_dup_html (message);
  text = pinion_mime_message_dup_text (message);
  g_assert_cmpstr (message->content_type, ==, "multipart/alternative");
  g_assert_cmpstr (html, ==, "<p>rich ä</p>");
  g_assert_cmpstr (text, ==, "plain ä");
  g_assert_false (message->has_attachments);
}

static void
test_attachments (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *file = g_build_filename (fixture->folder, "a.bin", NULL);
  g_autofree char *picture = g_build_filename (fixture->folder, "p.png", NULL);
  g_autofree guchar *bytes = g_malloc (100000);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GBytes) shown = NULL;
  PinionMimeAttachment *inlined;

  for (guint i = 0; i < 100000; i++)
    bytes[i] = (guchar) (i * 7 + i / 251);
  g_assert_true (g_file_set_contents (file, (char *) bytes, 100000, NULL));
  g_assert_true (g_file_set_contents (picture, "\x89PNG", -1, NULL));

  g_set_str (&draft->text, "see");
  draft->html = g_strdup ("<p><img src=\"cid:pic@x\">");
  pinion_mime_draft_attach (draft, file, "Übersicht 2026.pdf", NULL);
  pinion_mime_draft_attach (draft, picture, NULL, "image/png");
  inlined = g_ptr_array_index (draft->attachments, 1);
  inlined->content_id = g_strdup ("pic@x");
  message = write_and_read (fixture, draft, FALSE, NULL);

  g_assert_cmpstr (message->content_type, ==, "multipart/mixed");
  g_assert_cmpuint (message->parts->len, ==, 4);
  g_assert_cmpstr (test_part (message, 3)->file_name, ==, "Übersicht 2026.pdf");
  g_assert_cmpstr (test_part (message, 3)->content_type, ==, "application/pdf");
  g_assert_true (test_part (message, 3)->is_attachment);
  g_assert_false (test_part (message, 2)->is_attachment);
  g_assert_cmpstr (test_part (message, 2)->content_id, ==, "pic@x");
  read = pinion_mime_message_dup_part_bytes (message, test_part (message, 3)->id, 200000, NULL);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), bytes, 100000);
  shown = pinion_mime_message_dup_part_bytes (message, test_part (message, 2)->id, 100, NULL);
  g_assert_cmpuint (g_bytes_get_size (shown), ==, 4);
}

/* A forwarded message goes byte for byte, whatever is in it. */
static void
test_forward (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const originals[] = {
    "Subject: plain\r\nFrom: a@x.example\r\n\r\nwords\r\n",
    "Subject: eight bit \xc3\xa4\r\n\r\nw\xf6rds\r\n",
    "Subject: bare\n\nline feeds\n",
    "Subject: no end",
    "Content-Type: text/plain; "
    "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK"
    "*=utf-8''%D1%9C\r\n\r\nx\r\n",
    "",
  };
  g_autofree char *path = g_build_filename (fixture->folder, "o.eml", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (originals); i++)
    {
      gsize length = strlen (originals[i]);
      g_autoptr (PinionMimeMessage) original = NULL;
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autoptr (PinionMimeDraft) draft = NULL;
      g_autoptr (GBytes) bytes = NULL;
      const PinionMimePart *part;

      g_assert_true (g_file_set_contents (path, originals[i], -1, NULL));
      original = pinion_mime_message_parse_file (path, NULL);
      draft = pinion_mime_forward_draft (original, path, NULL, "me@example.com");
      g_ptr_array_add (draft->to, pinion_mime_address_new (NULL, "b@x.example"));
      message = write_and_read (fixture, draft, FALSE, NULL);
      part = test_part (message, message->parts->len - 1);
      g_assert_true (part->is_attachment);
      g_assert_true (g_str_has_suffix (part->file_name, ".eml"));
      bytes = pinion_mime_message_dup_part_bytes (message, part->id, 100000, NULL);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), originals[i],
                       length);
    }
}

static void
test_bcc (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) sent = NULL;
  g_autoptr (PinionMimeMessage) kept = NULL;
  g_autoptr (PinionMimeMessage) stripped = NULL;
  g_autofree char *raw = NULL;
  g_autofree char *raw_stripped = NULL;
  g_autofree char *copy = g_build_filename (fixture->folder, "stripped.eml", NULL);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (draft->bcc, pinion_mime_address_new ("Hidden", "hidden@secret.example"));
  g_ptr_array_add (draft->bcc, pinion_mime_address_new ("Hidden two", "hidden2@secret.example"));
  sent = write_and_read (fixture, draft, FALSE, &raw);
  g_assert_null (strcasestr (raw, "secret"));
  g_assert_null (strcasestr (raw, "bcc"));

  kept = write_and_read (fixture, draft, TRUE, NULL);
  g_assert_cmpuint (kept->bcc->len, ==, 2);

  g_assert_true (pinion_mime_copy_without_bcc (fixture->path, copy, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copy, &raw_stripped, NULL, NULL));
  g_assert_null (strcasestr (raw_stripped, "secret"));
  stripped = pinion_mime_message_parse_file (copy, NULL);
  g_assert_cmpuint (stripped->bcc->len, ==, 0);
  g_assert_cmpstr (stripped->message_id, ==, kept->message_id);
}

/* Nothing a caller passes in becomes a header of its own. */
static void
test_injection (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *file = g_build_filename (fixture->folder, "f\r\nX-Inj: 1.txt", NULL);
  g_autofree char *injected = NULL;
  g_autofree char *raw = NULL;
  PinionMimeAttachment *attachment;

  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  g_set_str (&draft->subject, "a\r\nX-Inj: 1\r\n\r\nbody");
  g_set_str (&draft->from->name, "a\r\nX-Inj: 1");
  g_set_str (&((PinionMimeAddress *) g_ptr_array_index (draft->to, 0))->name, "b\nX-Inj: 1");
  draft->in_reply_to = g_strdup ("x>\r\nX-Inj: 1");
  draft->message_id = g_strdup ("y@z>\r\nX-Inj: 1");
  g_ptr_array_add (draft->references, g_strdup ("r@z>\r\nX-Inj: 1\r\n <"));
  pinion_mime_draft_attach (draft, file, NULL, "text/x\r\nX-Inj: 1");
  pinion_mime_draft_attach (draft, file, "b\"\r\nX-Inj: 1", "text/plain; x=y");
  attachment = g_ptr_array_index (draft->attachments, 1);
  attachment->content_id = g_strdup ("c>\r\nX-Inj: 1");
  message = write_and_read (fixture, draft, FALSE, &raw);
  injected = pinion_mime_message_dup_header (message, "X-Inj");
  g_assert_null (injected);
  g_assert_null (strstr (raw, "\nX-Inj"));
  g_assert_null (message->in_reply_to);
  g_assert_cmpuint (message->references->len, ==, 0);
  g_assert_true (g_str_has_suffix (message->message_id, "@example.com"));
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const addresses[] = {
    "", "nobody", "a@", "a b@x.example", "a@x.example\r\nBcc: e@x.example", "a@x.example>",
    "\"a\r\n RCPT TO:<evil@x>\"@y.example", "a@x.example, b@x.example", "<a@x.example>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    for (guint where = 0; where < 4; where++)
      {
        g_autoptr (PinionMimeDraft) draft = new_draft ();
        g_autoptr (GError) error = NULL;
        GPtrArray *lists[] = { draft->to, draft->cc, draft->bcc };

        if (where < 3)
          g_ptr_array_add (lists[where], pinion_mime_address_new (NULL, addresses[i]));
        else
          g_set_str (&draft->from->address, addresses[i]);
        g_assert_false (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
        g_assert_true (pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT));
        g_assert_nonnull (pinion_error_get_detail (error, "address"));
        g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
      }
}

static void
test_international (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *raw = NULL;

  g_ptr_array_add (draft->cc, pinion_mime_address_new ("Käthe", "k@bücher.example"));
  message = write_and_read (fixture, draft, FALSE, &raw);
  g_assert_nonnull (strstr (raw, "<k@xn--bcher-kva.example>"));
  g_assert_cmpstr (test_address (message->cc, 0)->address, ==, "k@bücher.example");

  /* What has no other form stands there as it is, and nothing else does. */
  g_unlink (fixture->path);
  g_ptr_array_add (draft->cc, pinion_mime_address_new ("Käthe", "käthe@bücher.example"));
  g_assert_true (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (PinionMimeMessage) local = pinion_mime_message_parse_file (fixture->path, NULL);
  g_assert_cmpstr (test_address (local->cc, 1)->address, ==, "käthe@bücher.example");
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  char *place = strstr (text, "<käthe@xn--bcher-kva.example>");
  g_assert_nonnull (place);
  memset (place, 'x', strlen ("<käthe"));
  g_assert_true (g_str_is_ascii (text));
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (GError) error = NULL;
  g_autofree char *gone = g_build_filename (fixture->folder, "gone.pdf", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->folder, "none", "out.eml", NULL);

  g_assert_false (pinion_mime_compose_to_file (draft, nowhere, FALSE, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (fixture->path, "mine", -1, NULL));
  g_assert_false (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_unlink (fixture->path);

  pinion_mime_draft_attach (draft, gone, NULL, NULL);
  g_assert_false (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_NOT_FOUND));
  g_assert_cmpstr (pinion_error_get_detail (error, "path"), ==, gone);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  ((PinionMimeAttachment *) g_ptr_array_index (draft->attachments, 0))->path[0] = '\0';
  g_assert_false (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
  g_clear_error (&error);
  g_free (((PinionMimeAttachment *) g_ptr_array_index (draft->attachments, 0))->path);
  ((PinionMimeAttachment *) g_ptr_array_index (draft->attachments, 0))->path =
    g_strdup (fixture->folder);
  g_assert_false (pinion_mime_compose_to_file (draft, fixture->path, FALSE, NULL, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_NOT_FOUND));
}

/* The same draft gives the same message, boundaries included: a second writing changes nothing. */
static void
test_repeatable (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) first = NULL;
  g_autoptr (PinionMimeMessage) second = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  draft->html = g_strdup ("<p>x");
  draft->message_id = pinion_mime_new_message_id ("a@example.com");
  first = write_and_read (fixture, draft, FALSE, &one);
  second = write_and_read (fixture, draft, FALSE, &two);
  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (first->message_id, ==, draft->message_id);
}

static void
test_long_headers (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ();
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *word = g_strnfill (1000, 'w');
  g_autofree char *local = g_strnfill (480, 'i');
  g_autofree char *name = g_strnfill (180, 'n');

  g_set_str (&draft->subject, word);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *address = g_strdup_printf ("r%u@example.com", i);

      g_ptr_array_add (draft->to, pinion_mime_address_new (name, address));
      g_ptr_array_add (draft->references, g_strdup_printf ("%s%u@x", local, i));
    }
  message = write_and_read (fixture, draft, FALSE, NULL);
  g_assert_cmpuint (message->to->len, ==, 201);
  g_assert_cmpstr (message->subject, ==, word);
  g_assert_cmpuint (message->references->len, >, 10);
}

/* What has no blank to break a line at, as long as it may be: check_lines() looks at all of it. */
static void
test_unbreakable (Fixture      *fixture,
                  gconstpointer data)
{
  static const char *const letters[] = { "x", "é", "日", "=?utf-8?q?x?=", "\"", "\\", "," };

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    {
      g_autoptr (PinionMimeDraft) draft = new_draft ();
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autoptr (GString) word = g_string_new (NULL);
      g_autoptr (GString) name = g_string_new (NULL);
      g_autofree char *local = g_strnfill (64, 'l');
      g_autofree char *label = g_strnfill (60, 'd');
      g_autofree char *address = g_strconcat (local, "@", label, ".", label, ".", label, NULL);
      g_autofree char *id = g_strnfill (500, 'i');
      g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);

      while (g_utf8_strlen (word->str, -1) < 999 - (glong) g_utf8_strlen (letters[i], -1))
        g_string_append (word, letters[i]);
      while (name->len + strlen (letters[i]) < 200)
        g_string_append (name, letters[i]);

      g_assert_true (g_file_set_contents (file, "x", -1, NULL));
      g_set_str (&draft->subject, word->str);
      g_set_str (&draft->from->name, word->str);
      for (guint n = 0; n < 50; n++)
        g_ptr_array_add (draft->cc, pinion_mime_address_new (word->str, address));
      draft->message_id = g_strconcat (id, "@x", NULL);
      draft->in_reply_to = g_strconcat (id, "@y", NULL);
      for (guint n = 0; n < 50; n++)
        g_ptr_array_add (draft->references, g_strconcat (id, "@z", NULL));
      pinion_mime_draft_attach (draft, file, name->str, NULL);
      message = write_and_read (fixture, draft, FALSE, NULL);
      g_assert_cmpstr (message->subject, ==, word->str);
      g_assert_cmpstr (message->message_id, ==, draft->message_id);
      g_assert_cmpuint (message->cc->len, ==, 50);
      g_assert_cmpstr (test_address (message->cc, 49)->address, ==, address);
    }
}

static void
test_message_ids (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *a = pinion_mime_new_message_id ("x@bücher.example");
  g_autofree char *b = pinion_mime_new_message_id ("x@bücher.example");
  g_autofree char *odd = pinion_mime_new_message_id ("no address");

  g_assert_true (g_str_has_suffix (a, "@xn--bcher-kva.example"));
  g_assert_cmpstr (a, !=, b);
  g_assert_nonnull (strchr (odd, '@'));
}

#define ADD(name, func) g_test_add ("/mime/compose/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  ADD ("plain", test_plain);
  ADD ("texts", test_texts);
  ADD ("alternative", test_alternative);
  ADD ("attachments", test_attachments);
  ADD ("forward", test_forward);
  ADD ("bcc", test_bcc);
  ADD ("injection", test_injection);
  ADD ("refused", test_refused);
  ADD ("international", test_international);
  ADD ("files", test_files);
  ADD ("repeatable", test_repeatable);
  ADD ("long-headers", test_long_headers);
  ADD ("unbreakable", test_unbreakable);
  ADD ("message-ids", test_message_ids);

  return g_test_run ();
}
