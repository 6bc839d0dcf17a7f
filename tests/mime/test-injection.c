/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that want to be headers, parts or recipients: whatever a subject, a name, a file name or a
 * text holds, a strict reader of what is written finds the fields and parts that were meant.
 *
 * Addresses that are none, and identifiers, are refused or left out: compose/refused,
 * compose/injection. */

#include "pinion-error.h"
#include "pinion-mime-compose.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const values[] = {
  "a\r\nX-Inj: 1",
  "a\nX-Inj: 1",
  "a\rX-Inj: 1",
  "a\r\n\r\nX-Inj: 1\r\n",
  "\r\nBcc: evil@x.example",
  "\nBcc: evil@x.example\n",
  "a\r\n Bcc: evil@x.example",
  "a\x0b\x0c\r\nX-Inj: 1",
  "\"\r\nX-Inj: 1\r\n\"",
  "a\" <evil@x.example>, \"b",
  "a\\\" <evil@x.example>",
  "a <evil@x.example>, b",
  "evil@x.example>",
  "a;\r\n b",
  "(a",
  "a\\",
  "a,b;c:d",
  "=?utf-8?q?a=0D=0AX-Inj:_1?=",
  "=?utf-8?b?DQpYLUluajogMQ==?=",
  "\xc3\xbc\r\nX-Inj: 1",
  "\xc3\xbc\"\\,;<>@\r\n",
  "a\xc2\x85X-Inj: 1",
  "a\xe2\x80\xa8X-Inj: 1",
  "a\xff\r\nX-Inj: 1",
  "a; x=y",
  "a\"; x=\"y",
  "a'b*c%0d%0aX-Inj:",
};

/* -- The strict reader ---------------------------------------------------------------------- */

/* Names of the fields of the header block at @text, each with a "," behind it; "?" for lines that
 * begin with neither a name nor a blank. */
static char *
read_fields (const char *text)
{
  GString *names = g_string_new (NULL);

  while (*text != '\0' && !g_str_has_prefix (text, "\r\n"))
    {
      const char *end = strstr (text, "\r\n");
      gsize name = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

      g_assert_nonnull (end);
      g_assert_null (memchr (text, '\r', (gsize) (end - text)));
      g_assert_null (memchr (text, '\n', (gsize) (end - text)));
      if (*text != ' ' && *text != '\t')
        g_string_append_printf (names, "%.*s,", text[name] == ':' ? (int) name : 1,
                                text[name] == ':' ? text : "?");
      text = end + 2;
    }

  return g_string_free_and_steal (names);
}

/* The header block of the part number @index behind the boundary lines. */
static const char *
find_part (const char *text,
           guint       index)
{
  const char *at = text;

  for (guint i = 0; i <= index && at != NULL; i++)
    at = strstr (at + (i > 0), "\r\n--=_");
  g_assert_nonnull (at);

  return strstr (at + 2, "\r\n") + 2;
}

static char *
compose (const PinionMimeDraft *draft,
         gboolean               with_bcc)
{
  g_autofree char *folder = g_dir_make_tmp ("pinion-injection-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "out.eml", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_assert_true (pinion_mime_compose_to_file (draft, path, with_bcc, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  g_rmdir (folder);

  return text;
}

static PinionMimeMessage *
read_message (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return pinion_mime_message_parse_bytes (bytes);
}

static PinionMimeDraft *
new_draft (const char *name)
{
  PinionMimeDraft *draft = pinion_mime_draft_new (name, "ana@example.com");

  g_ptr_array_add (draft->to, pinion_mime_address_new (name, "ben@example.com"));
  g_ptr_array_add (draft->cc, pinion_mime_address_new (name, "cas@example.com"));
  g_ptr_array_add (draft->bcc, pinion_mime_address_new (name, "dan@example.com"));
  g_ptr_array_add (draft->reply_to, pinion_mime_address_new (name, "eva@example.com"));
  g_set_str (&draft->text, "hello\n");

  return draft;
}

/* -- Tests ---------------------------------------------------------------------------------- */

static void
assert_one (GPtrArray  *list,
            const char *address)
{
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((PinionMimeAddress *) list->pdata[0])->address, ==, address);
}

static void
test_names_and_subjects (void)
{
  g_autoptr (PinionMimeDraft) plain = new_draft ("Somebody");
  g_autofree char *wanted_text = NULL;
  g_autofree char *wanted = NULL;

  g_set_str (&plain->subject, "Something");
  wanted_text = compose (plain, TRUE);
  wanted = read_fields (wanted_text);
  g_assert_nonnull (strstr (wanted, "Bcc,"));

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (PinionMimeDraft) draft = new_draft (values[i]);
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autofree char *text = NULL;
      g_autofree char *fields = NULL;

      g_set_str (&draft->subject, values[i]);
      text = compose (draft, TRUE);
      fields = read_fields (text);
      g_assert_cmpstr (fields, ==, wanted);

      message = read_message (text);
      assert_one (message->from, "ana@example.com");
      assert_one (message->to, "ben@example.com");
      assert_one (message->cc, "cas@example.com");
      assert_one (message->reply_to, "eva@example.com");
      g_assert_true (g_str_has_suffix (text, "\r\n\r\nhello\r\n"));
    }
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pinion-injection-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);

  g_assert_true (g_file_set_contents (path, "x", -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (PinionMimeDraft) draft = new_draft ("Somebody");
      g_autoptr (PinionMimeMessage) message = NULL;
      g_autofree char *text = NULL;
      g_autofree char *fields = NULL;

      g_set_str (&draft->subject, "Something");
      pinion_mime_draft_attach (draft, path, values[i], "text/plain");
      text = compose (draft, FALSE);
      fields = read_fields (find_part (text, 1));
      g_assert_cmpstr (fields, ==, "Content-Type,Content-Transfer-Encoding,Content-Disposition,");

      message = read_message (text);
      g_assert_cmpuint (message->parts->len, ==, 2);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* The text may hold what looks like the end of its part; it is one part all the same. */
static void
test_texts (void)
{
  g_autoptr (PinionMimeDraft) draft = new_draft ("Somebody");
  g_autoptr (PinionMimeDraft) again = NULL;
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *shown = NULL;
  const char *boundary;

  /* A boundary of an earlier message, as a reply may quote it */
  g_set_str (&draft->html, "<p>hello</p>");
  first = compose (draft, FALSE);
  boundary = strstr (first, "\r\n--=_");
  g_assert_nonnull (boundary);

  again = new_draft ("Somebody");
  g_set_str (&again->html, "<p>hello</p>");
  g_free (again->text);
  again->text = g_strdup_printf ("before\n%.44s\nContent-Type: text/html\n\nafter\n.\n",
                                 boundary + 2);
  second = compose (again, FALSE);
  message = read_message (second);
  shown = pinion_mime_message_dup_text (message);
  g_assert_true (g_str_has_suffix (shown, "after\n.\n"));
  g_assert_cmpuint (message->parts->len, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/injection/names-and-subjects", test_names_and_subjects);
  g_test_add_func ("/mime/injection/files", test_files);
  g_test_add_func ("/mime/injection/texts", test_texts);

  return g_test_run ();
}
