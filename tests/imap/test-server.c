/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything against a real server: Dovecot, made to look like Exchange, with the demo mailbox. */

#include <glib/gstdio.h>
#include <string.h>

#include "imap-test-server.h"
#include "pinion-imap-utf7.h"
#include "pinion-test-fiber.h"

/* The UIDs of the selected mailbox. */
static GArray *
list_uids (PinionImapConnection *connection)
{
  return boxed (pinion_imap_connection_search (connection, pinion_imap_search_new ()));
}

/* -- Tests ----------------------------------------------------------------------------------- */

static DexFuture *
test_connect_fiber (gpointer data)
{
  g_autoptr (PinionSecret) wrong = pinion_secret_new ("not the password");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;

  leave (sign_in (&server.tls));
  leave (sign_in (&server.starttls));
  /* With LOGIN, since the name has a mailbox part */
  leave (sign_in (&server.shared));

  g_assert_false (dex_await (pinion_imap_connect (&server.tls, wrong, server.ca_pem, NULL),
                             &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_SIGN_IN_REFUSED);
  g_clear_error (&error);
  g_assert_false (dex_await (pinion_imap_connect (&server.tls, server.secret, NULL, NULL), &error));
  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_CERTIFICATE);

  mailboxes = boxed (pinion_imap_verify (&server.starttls, server.secret, server.ca_pem, NULL));
  g_assert_cmpuint (mailboxes->len, >, 5);

  return dex_future_new_true ();
}

static DexFuture *
test_mailboxes_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (GPtrArray) mailboxes = boxed (pinion_imap_connection_list (connection));
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *raw = pinion_imap_mailbox_make_raw_name (NULL, '/', "Größe \"&\" \\ 日本");
  gboolean found = FALSE;

  for (guint i = 0; i < mailboxes->len; i++)
    {
      PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      g_assert_cmpint (mailbox->delimiter, ==, '/');
      if ((mailbox->flags & PINION_IMAP_MAILBOX_NOSELECT) == 0 &&
          mailbox->use != PINION_IMAP_USE_INBOX)
        {
          g_autoptr (PinionImapStatus) status = NULL;

          status = boxed (pinion_imap_connection_status (connection, mailbox->raw_name));
          g_assert_cmpuint (status->uidvalidity, >, 0);
        }
    }

  resolves (pinion_imap_connection_create (connection, raw));
  after = boxed (pinion_imap_connection_list (connection));
  g_assert_cmpuint (after->len, ==, mailboxes->len + 1);
  for (guint i = 0; i < after->len; i++)
    found |= g_str_equal (((PinionImapMailbox *) after->pdata[i])->path, "Größe \"&\" \\ 日本");
  g_assert_true (found);
  resolves (pinion_imap_connection_select (connection, raw, FALSE));
  leave (connection);

  return dex_future_new_true ();
}

typedef struct
{
  guint n_small;
  guint n_large;
  guint64 n_bytes;
} Count;

static DexFuture *
on_message (PinionImapMessage *message,
            gpointer           user_data)
{
  Count *count = user_data;

  count->n_small += message->body != NULL;
  count->n_large += message->body_path != NULL;
  count->n_bytes += message->body_size;
  g_assert_cmpuint (message->body_size, >, 0);
  pinion_imap_message_free (message);

  return NULL;
}

static DexFuture *
test_fetch_fiber (gpointer data)
{
  PinionImapConnection *connection = open_inbox ();
  const guint32 exists = pinion_imap_connection_get_selected (connection)->exists;
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (GArray) flags = boxed (pinion_imap_connection_fetch_flags (connection, all));
  g_autoptr (GPtrArray) headers = NULL;
  g_autoptr (GPtrArray) whole = NULL;
  g_autoptr (PinionUidSet) arrived = NULL;
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  Count count = { 0 };
  guint n_attachments = 0;

  g_assert_cmpuint (exists, >, 20);
  g_assert_cmpuint (flags->len, ==, exists);
  headers = boxed (pinion_imap_connection_fetch_headers (connection, all, "FROM SUBJECT", PINION_IMAP_HEADERS_ALL));
  whole = boxed (pinion_imap_connection_fetch_headers (connection, all, NULL, PINION_IMAP_HEADERS_ALL));
  g_assert_cmpuint (headers->len, ==, exists);
  g_assert_cmpuint (whole->len, ==, exists);
  for (guint i = 0; i < exists; i++)
    {
      PinionImapMessage *message = g_ptr_array_index (headers, i);
      PinionImapMessage *other = g_ptr_array_index (whole, i);

      g_assert_cmpuint (message->uid, ==, other->uid);
      g_assert_cmpuint (g_bytes_get_size (message->header), <=, g_bytes_get_size (other->header));
      g_assert_cmpint (message->attachment, !=, PINION_IMAP_ATTACHMENT_UNKNOWN);
      n_attachments += message->attachment == PINION_IMAP_ATTACHMENT_YES;
    }
  g_assert_cmpuint (n_attachments, >, 0);
  g_assert_cmpuint (n_attachments, <, exists);

  arrived = boxed (pinion_imap_connection_fetch_bodies (connection, all, directory, on_message,
                                                        &count, NULL));
  g_assert_cmpuint (pinion_uid_set_get_size (arrived), ==, exists);
  g_assert_cmpuint (count.n_small + count.n_large, ==, exists);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_assert_cmpuint (pinion_imap_connection_get_n_malformed (connection), ==, 0);
  leave (connection);

  return dex_future_new_true ();
}

/* The same again without the flag on the last message, seen from a second connection. */
static gboolean
is_flagged (PinionUidSet *set)
{
  PinionImapConnection *connection = open_inbox ();
  g_autoptr (GArray) flags = boxed (pinion_imap_connection_fetch_flags (connection, set));
  gboolean flagged;

  g_assert_cmpuint (flags->len, ==, 1);
  flagged = (g_array_index (flags, PinionImapUidFlags, 0).flags & PINION_IMAP_FLAG_FLAGGED) != 0;
  leave (connection);

  return flagged;
}

static DexFuture *
test_file_fiber (gpointer data)
{
  PinionImapConnection *connection = open_inbox ();
  g_autoptr (GArray) uids = list_uids (connection);
  guint32 last = g_array_index (uids, guint32, uids->len - 1);
  g_autoptr (PinionUidSet) set = pinion_uid_set_new_range (last, last);
  g_autoptr (PinionImapCopied) copied = NULL;
  g_autoptr (PinionImapCopied) moved = NULL;
  g_autoptr (GArray) changes = NULL;
  g_autoptr (GError) error = NULL;

  resolves (pinion_imap_connection_store (connection, set, TRUE, PINION_IMAP_FLAG_FLAGGED));
  g_assert_true (is_flagged (set));
  resolves (pinion_imap_connection_store (connection, set, FALSE, PINION_IMAP_FLAG_FLAGGED));
  g_assert_false (is_flagged (set));

  resolves (pinion_imap_connection_create (connection, "Filed"));
  copied = boxed (pinion_imap_connection_copy (connection, set, "Filed"));
  g_assert_cmpuint (copied->source->len, ==, 1);
  g_assert_cmpuint (g_array_index (copied->source, guint32, 0), ==, last);
  g_assert_false (dex_await (pinion_imap_connection_copy (connection, set, "Not there"), &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_MAILBOX_NOT_OPENED);
  g_clear_error (&error);
  moved = boxed (pinion_imap_connection_move (connection, set, "Filed"));
  g_assert_cmpuint (moved->source->len, ==, 1);
  g_assert_cmpuint (moved->n_expunged, ==, 1);
  g_assert_cmpuint (moved->uidvalidity, ==, copied->uidvalidity);
  changes = pinion_imap_connection_take_changes (connection);
  g_assert_cmpuint (changes->len, >=, 1);

  /* The two copies are there, and go for good. */
  resolves (pinion_imap_connection_select (connection, "Filed", FALSE));
  g_assert_cmpuint (pinion_imap_connection_get_selected (connection)->exists, ==, 2);
  {
    g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
    g_autoptr (PinionUidSet) first = NULL;
    g_autoptr (GArray) left = NULL;

    first = pinion_uid_set_new_from_array ((guint32 *) (gpointer) copied->destination->data, 1);
    resolves (pinion_imap_connection_store (connection, all, TRUE, PINION_IMAP_FLAG_DELETED));
    g_assert_true (dex_await_boolean (pinion_imap_connection_expunge (connection, first), &error));
    g_assert_no_error (error);
    left = list_uids (connection);
    g_assert_cmpuint (left->len, ==, 1);
    g_assert_cmpuint (g_array_index (left, guint32, 0), ==,
                      g_array_index (moved->destination, guint32, 0));
  }
  resolves (pinion_imap_connection_unselect (connection));
  leave (connection);

  return dex_future_new_true ();
}

/* A message that is larger than any buffer, as a file and back. */
static DexFuture *
test_append_fiber (gpointer data)
{
  PinionImapConnection *connection = open_inbox ();
  g_autoptr (GString) text = g_string_new ("From: Anna <anna@northwind.example>\r\n"
                                           "Message-ID: <large\"one@northwind.example>\r\n\r\n");
  g_autofree char *path = NULL;
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autoptr (PinionImapAppended) appended = NULL;
  g_autoptr (GArray) found = NULL;
  g_autoptr (PinionUidSet) arrived = NULL;
  g_autoptr (PinionUidSet) set = NULL;
  PinionImapSearch *search = pinion_imap_search_new ();
  Count count = { 0 };

  while (text->len < 5000000)
    g_string_append (text, "All work and no play makes Jack a dull boy.\r\n");
  g_close (g_file_open_tmp ("pinion-test-XXXXXX", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));

  appended = boxed (pinion_imap_connection_append_file (connection, "INBOX", PINION_IMAP_FLAG_SEEN,
                                                        1784289900, path));
  g_assert_cmpuint (appended->uid, >, 0);
  g_assert_cmpuint (appended->uidvalidity, ==,
                    pinion_imap_connection_get_selected (connection)->uidvalidity);

  resolves (pinion_imap_connection_noop (connection));
  g_assert_true (pinion_imap_search_add_header (search, "Message-ID",
                                                "<large\"one@northwind.example>"));
  found = boxed (pinion_imap_connection_search (connection, search));
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (g_array_index (found, guint32, 0), ==, appended->uid);

  set = pinion_uid_set_new_range (appended->uid, appended->uid);
  arrived = boxed (pinion_imap_connection_fetch_bodies (connection, set, directory, on_message,
                                                        &count, NULL));
  g_assert_cmpuint (count.n_large, ==, 1);
  g_assert_cmpuint (count.n_bytes, ==, text->len);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_unlink (path);
  leave (connection);

  return dex_future_new_true ();
}

/* What another one does is heard of. */
static DexFuture *
test_idle_fiber (gpointer data)
{
  PinionImapConnection *connection = open_inbox ();
  PinionImapConnection *other = open_inbox ();
  const guint32 exists = pinion_imap_connection_get_selected (connection)->exists;
  g_autoptr (GBytes) message = g_bytes_new_static ("Subject: news\r\n\r\nHere\r\n", 23);
  g_autoptr (PinionImapAppended) appended = NULL;
  g_autoptr (PinionUidSet) set = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *idle;

  idle = pinion_imap_connection_idle (connection, 30);
  dex_await (dex_timeout_new_msec (200), NULL);
  appended = boxed (pinion_imap_connection_append (other, "INBOX", 0, G_MININT64, message));
  g_assert_true (dex_await_boolean (idle, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pinion_imap_connection_get_selected (connection)->exists, ==, exists + 1);
  g_array_unref (pinion_imap_connection_take_changes (connection));

  set = pinion_uid_set_new_range (appended->uid, appended->uid);
  resolves (pinion_imap_connection_noop (other));
  resolves (pinion_imap_connection_store (other, set, TRUE, PINION_IMAP_FLAG_DELETED));
  resolves (pinion_imap_connection_expunge (other, set));
  while (pinion_imap_connection_get_selected (connection)->exists != exists)
    {
      g_array_unref (pinion_imap_connection_take_changes (connection));
      g_assert_true (dex_await_boolean (pinion_imap_connection_idle (connection, 30), &error));
      g_assert_no_error (error);
    }
  leave (other);
  leave (connection);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  int status;

  pinion_test_init (&argc, &argv);
  if (g_getenv ("PINION_TEST_SERVER") == NULL)
    return 77;

  start_server ("exchange", "demo");
  pinion_test_add_fiber ("/imap/server/connect", test_connect_fiber);
  pinion_test_add_fiber ("/imap/server/mailboxes", test_mailboxes_fiber);
  pinion_test_add_fiber ("/imap/server/fetch", test_fetch_fiber);
  pinion_test_add_fiber ("/imap/server/file", test_file_fiber);
  pinion_test_add_fiber ("/imap/server/append", test_append_fiber);
  pinion_test_add_fiber ("/imap/server/idle", test_idle_fiber);
  status = g_test_run ();
  stop_server ();

  return status;
}
