/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who a message is from and what it ends with, through drafts, answers and what is sent. */

#include "pinion-draft-file.h"
#include "pinion-engine.h"
#include "pinion-mime-message.h"

#include <glib/gstdio.h>
#include <string.h>

static PinionAccount *
make_account (void)
{
  PinionAccount *account = pinion_account_new ();

  account->id = 1;
  g_set_str (&account->email, "anna@northwind.example");
  g_set_str (&account->name, "Anna Keller");
  account->signature = g_strdup ("Anna");
  account->aliases = pinion_identities_new ();
  g_ptr_array_add (account->aliases,
                   pinion_identity_new ("sales@northwind.example", "Sales",
                                        "<b>Sales</b><br>team"));
  g_ptr_array_add (account->aliases, pinion_identity_new ("info@northwind.example", NULL, NULL));

  return account;
}

static char *
make_path (void)
{
  g_autofree char *directory = g_dir_make_tmp ("pinion-identity-XXXXXX", NULL);

  return g_build_filename (directory, "message.eml", NULL);
}

static void
remove_path (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (directory);
}

/* -- Signatures ----------------------------------------------------------------------------- */

static void
test_kinds (void)
{
  const char *html[] = { "<b>Anna</b>", "Anna<br>Northwind", "<A HREF='x'>y</A>", "a\n<p>b",
                         "<img src=\"x\">", "<br/>" };
  const char *text[] = { "", "Anna", "I <3 mail", "Anna <anna@northwind.example>", "a < b > c",
                         "<", "<b", "<br", "-- \nAnna", "<boss>" };

  g_assert_false (pinion_signature_is_html (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (html); i++)
    g_assert_true (pinion_signature_is_html (html[i]));
  for (guint i = 0; i < G_N_ELEMENTS (text); i++)
    g_assert_false (pinion_signature_is_html (text[i]));
}

static void
test_end (void)
{
  g_assert_cmpuint (pinion_draft_find_signature ("Hello\n\n-- \nAnna", "Anna"), ==, 6);
  g_assert_cmpuint (pinion_draft_find_signature ("Hello\n\n-- \nAnna\n\n", "Anna\n"), ==, 6);
  g_assert_cmpuint (pinion_draft_find_signature ("\n\n-- \nAnna", "Anna"), ==, 1);
  /* Changed, taken away, or none */
  g_assert_cmpuint (pinion_draft_find_signature ("Hello\n\n-- \nAnna K", "Anna"), ==, 17);
  g_assert_cmpuint (pinion_draft_find_signature ("Hello", "Anna"), ==, 5);
  g_assert_cmpuint (pinion_draft_find_signature ("Hello", ""), ==, 5);
  g_assert_cmpuint (pinion_draft_find_signature ("Hello", NULL), ==, 5);
}

static void
test_plain (void)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autoptr (PinionIdentity) own = pinion_account_dup_identity (account, NULL);
  g_autoptr (PinionIdentity) alias = pinion_account_dup_identity (account,
                                                                  "SALES@northwind.example");
  g_autofree char *plain = pinion_identity_dup_plain_signature (own);
  g_autofree char *from_html = pinion_identity_dup_plain_signature (alias);

  g_assert_cmpstr (own->address, ==, "anna@northwind.example");
  g_assert_cmpstr (plain, ==, "Anna");
  g_assert_cmpstr (alias->name, ==, "Sales");
  g_assert_cmpstr (from_html, ==, "Sales\nteam");
}

/* -- Answers -------------------------------------------------------------------------------- */

static void
assert_answers_from (const char *headers,
                     const char *from,
                     const char *to)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autofree char *path = make_path ();
  g_autofree char *message
      = g_strconcat (headers, "Subject: Plan\r\nMessage-ID: <a@b.example>\r\n\r\nHello\r\n", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, message, -1, NULL));
  g_autoptr (PinionDraft) draft
      = pinion_draft_file_make_reply (path, 7, PINION_REPLY_ALL, account, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draft->from, ==, from);
  g_assert_cmpstr (draft->to, ==, to);
  g_assert_null (draft->signature);
  remove_path (path);
}

static void
test_answers (void)
{
  assert_answers_from ("From: ben@x.example\r\nTo: Sales <Sales@northwind.example>\r\n",
                       "Sales@northwind.example", "ben@x.example");
  assert_answers_from ("From: ben@x.example\r\nTo: c@x.example\r\nCc: info@northwind.example\r\n",
                       "info@northwind.example", "ben@x.example, c@x.example");
  assert_answers_from ("From: ben@x.example\r\nTo: anna@northwind.example, "
                       "sales@northwind.example\r\n",
                       NULL, "ben@x.example");
  assert_answers_from ("From: ben@x.example\r\nTo: list@x.example\r\n", NULL,
                       "ben@x.example, list@x.example");
  /* Going on with what one has written oneself */
  assert_answers_from ("From: sales@northwind.example\r\nTo: ben@x.example\r\n",
                       "sales@northwind.example", "ben@x.example");
}

/* -- Drafts and messages -------------------------------------------------------------------- */

static PinionDraft *
make_draft (void)
{
  PinionDraft *draft = pinion_draft_new ();

  draft->account = 1;
  draft->from = g_strdup ("sales@northwind.example");
  draft->signature = g_strdup ("Sales\nteam");
  g_set_str (&draft->to, "ben@x.example");
  g_set_str (&draft->subject, "Plan");
  g_set_str (&draft->text, "Hello <you>\n\n-- \nSales\nteam");
  draft->quote_text = g_strdup ("> Before");

  return draft;
}

static void
test_draft_is_read_again (void)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autoptr (PinionDraft) draft = make_draft ();
  g_autofree char *path = make_path ();
  g_autoptr (GError) error = NULL;
  PinionDraftFile file = { 0 };

  g_assert_true (pinion_draft_file_write_draft (draft, account, path, &file, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (file.header.from_address, ==, "sales@northwind.example");
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (file.raw, NULL),
                                      (gssize) g_bytes_get_size (file.raw), NULL));
  g_autoptr (PinionDraft) back = pinion_draft_file_read (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->from, ==, draft->from);
  g_assert_cmpstr (back->signature, ==, draft->signature);
  g_assert_cmpstr (back->text, ==, draft->text);
  g_assert_cmpstr (back->quote_text, ==, draft->quote_text);
  pinion_draft_file_clear (&file);
  remove_path (path);
}

/* @from: (out) whom it says it is from.  Returns: (transfer full) the message as it goes out */
static char *
send (const PinionDraft *draft,
      char             **from)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autofree char *path = make_path ();
  g_autoptr (GError) error = NULL;
  PinionDraftFile file = { 0 };

  g_assert_true (pinion_draft_file_write_message (draft, account, NULL, path, &file, &error));
  g_assert_no_error (error);

  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (file.raw);
  char *raw = g_strndup (g_bytes_get_data (file.raw, NULL), g_bytes_get_size (file.raw));

  g_free (*from);
  *from = pinion_mime_address_list_to_string (message->from);
  g_assert_null (strstr (raw, "X-Pinion"));
  pinion_draft_file_clear (&file);
  remove_path (path);

  return raw;
}

static void
test_html_is_sent (void)
{
  g_autoptr (PinionDraft) draft = make_draft ();
  g_autofree char *from = NULL;
  g_autofree char *raw = send (draft, &from);

  g_assert_cmpstr (from, ==, "Sales <sales@northwind.example>");
  g_assert_nonnull (strstr (raw, "multipart/alternative"));

  g_autoptr (GBytes) bytes = g_bytes_new (raw, strlen (raw));
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);
  g_autofree char *html = pinion_mime_message_dup_html (message);
  g_assert_nonnull (strstr (html, "<b>Sales</b>"));
  g_assert_nonnull (strstr (html, "Hello &lt;you&gt;"));
  g_assert_nonnull (strstr (html, "Before"));

  /* What a person has changed goes out as it was typed. */
  g_set_str (&draft->text, "Hello\n\n-- \nSales\nteam, Bremen");
  g_autofree char *changed = send (draft, &from);
  g_assert_null (strstr (changed, "text/html"));
  g_assert_nonnull (strstr (changed, "team, Bremen"));

  /* An alias that is no more */
  g_set_str (&draft->from, "gone@northwind.example");
  g_autofree char *own = send (draft, &from);
  g_assert_cmpstr (from, ==, "Anna Keller <anna@northwind.example>");
  g_assert_nonnull (strstr (own, "team, Bremen"));
}

/* -- What other programs see of a draft ------------------------------------------------------ */

/* @message_id: (out) its Message-ID.  Returns: (transfer full) the copy */
static char *
write_copy (const PinionDraft *draft,
            char             **message_id)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autofree char *path = make_path ();
  g_autoptr (GError) error = NULL;
  PinionDraftFile file = { 0 };

  g_assert_true (pinion_draft_file_write_copy (draft, account, NULL, path, &file, &error));
  g_assert_no_error (error);
  g_assert_null (file.recipients);

  char *raw = g_strndup (g_bytes_get_data (file.raw, NULL), g_bytes_get_size (file.raw));
  *message_id = g_strdup (file.header.message_id);
  g_assert_nonnull (strstr (raw, *message_id));
  pinion_draft_file_clear (&file);
  remove_path (path);

  return raw;
}

static void
test_copy_tells_no_paths (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *directory = g_path_get_dirname (path);
  char *files[] = { path, NULL };
  g_autoptr (PinionDraft) draft = make_draft ();
  g_autofree char *first_id = NULL;
  g_autofree char *second_id = NULL;

  g_assert_true (g_file_set_contents (path, "Subject: inner\r\n\r\nAttached words", -1, NULL));
  draft->attachments = g_strdupv (files);
  g_set_str (&draft->bcc, "dan@x.example");

  g_autofree char *first = write_copy (draft, &first_id);
  g_autofree char *second = write_copy (draft, &second_id);
  g_assert_cmpstr (first_id, !=, second_id);
  g_assert_null (strstr (first, "X-Pinion"));
  g_assert_null (strstr (first, directory));

  g_autoptr (GBytes) bytes = g_bytes_new (first, strlen (first));
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_bytes (bytes);
  g_autofree char *to = pinion_mime_address_list_to_string (message->to);
  g_autofree char *bcc = pinion_mime_address_list_to_string (message->bcc);
  g_assert_cmpstr (to, ==, "ben@x.example");
  g_assert_cmpstr (bcc, ==, "dan@x.example");
  g_assert_true (message->has_attachments);
  g_assert_nonnull (strstr (first, "message.eml"));

  remove_path (path);
}

static void
test_copy_of_what_is_half_typed (void)
{
  g_autoptr (PinionDraft) draft = make_draft ();
  g_autofree char *id = NULL;

  g_set_str (&draft->to, "ben@");
  g_set_str (&draft->bcc, "dan@x.example");
  g_autofree char *raw = write_copy (draft, &id);
  g_assert_null (strstr (raw, "ben@"));
  g_assert_nonnull (strstr (raw, "dan@x.example"));

  g_set_str (&draft->bcc, "");
  g_clear_pointer (&id, g_free);
  g_autofree char *nobody = write_copy (draft, &id);
  g_assert_nonnull (strstr (nobody, "Hello"));
}

static void
test_copy_without_its_file (void)
{
  g_autoptr (PinionAccount) account = make_account ();
  g_autoptr (PinionDraft) draft = make_draft ();
  g_autofree char *path = make_path ();
  g_autofree char *missing = g_strconcat (path, ".gone", NULL);
  char *files[] = { missing, NULL };
  g_autoptr (GError) error = NULL;
  PinionDraftFile file = { 0 };

  draft->attachments = g_strdupv (files);
  g_assert_false (pinion_draft_file_write_copy (draft, account, NULL, path, &file, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_NOT_FOUND);
  g_assert_null (file.raw);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  remove_path (path);
}

/* Whoever can put something into Drafts must not get this computer's files. */
static void
test_foreign_draft_names_no_files (void)
{
  static const char field[] = "[draft]\nto=evil@x.example\nattachments=/etc/hostname;\n";
  g_autofree char *path = make_path ();
  g_autofree char *files = g_strconcat (path, ".files", NULL);
  g_autofree char *part = g_build_filename (files, "2", "_.._a.txt", NULL);
  g_autofree char *folder = g_path_get_dirname (part);
  g_autofree char *encoded = g_base64_encode ((const guchar *) field, strlen (field));
  g_autofree char *raw = g_strdup_printf (
      "X-Pinion-Draft: %s\r\nFrom: sales@x.example\r\nTo: ben@x.example\r\nSubject: Mine\r\n"
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nWords\r\n--b\r\n"
      "Content-Disposition: attachment; filename=\"../../a.txt\"\r\n\r\nabc\r\n--b--\r\n",
      encoded);
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (path, raw, -1, NULL));
  g_autoptr (PinionDraft) draft = pinion_draft_file_read_foreign (path, files, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draft->to, ==, "ben@x.example");
  g_assert_cmpstr (draft->from, ==, "sales@x.example");
  g_assert_cmpstr (draft->text, ==, "Words");
  g_assert_cmpuint (g_strv_length (draft->attachments), ==, 1);
  g_assert_cmpstr (draft->attachments[0], ==, part);
  g_assert_true (g_file_get_contents (part, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "abc");

  g_unlink (part);
  g_rmdir (folder);
  g_rmdir (files);
  remove_path (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/identity/kinds", test_kinds);
  g_test_add_func ("/identity/end", test_end);
  g_test_add_func ("/identity/plain", test_plain);
  g_test_add_func ("/identity/answers", test_answers);
  g_test_add_func ("/identity/draft-is-read-again", test_draft_is_read_again);
  g_test_add_func ("/identity/html-is-sent", test_html_is_sent);
  g_test_add_func ("/identity/copy-tells-no-paths", test_copy_tells_no_paths);
  g_test_add_func ("/identity/copy-of-what-is-half-typed", test_copy_of_what_is_half_typed);
  g_test_add_func ("/identity/copy-without-its-file", test_copy_without_its_file);
  g_test_add_func ("/identity/foreign-draft-names-no-files", test_foreign_draft_names_no_files);

  return g_test_run ();
}
