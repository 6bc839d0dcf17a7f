/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The extensions against a real server that offers nearly all of them: Dovecot as it is. */

#include <glib/gstdio.h>
#include <string.h>

#include "imap-test-server.h"
#include "pinion-test-fiber.h"

static guint32
file_message (PinionImapConnection *connection,
              const char           *raw_name,
              PinionImapFlags       flags)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("Subject: news\r\n\r\nHere\r\n", 23);
  g_autoptr (PinionImapAppended) appended = NULL;

  appended = boxed (pinion_imap_connection_append (connection, raw_name, flags, G_MININT64,
                                                   message));
  g_assert_cmpuint (appended->uid, >, 0);

  return appended->uid;
}

/* A mailbox of its own with @n messages.  Returns: (transfer full), its UIDs */
static PinionUidSet *
fill_mailbox (PinionImapConnection *connection,
              const char           *raw_name,
              guint                 n)
{
  PinionUidSet *uids = pinion_uid_set_new ();

  resolves (pinion_imap_connection_create (connection, raw_name));
  for (guint i = 0; i < n; i++)
    pinion_uid_set_add (uids, file_message (connection, raw_name, 0));

  return uids;
}

static guint32
nth (PinionUidSet *uids,
     guint         n)
{
  g_autoptr (GArray) all = pinion_uid_set_to_array (uids, n + 1);

  return g_array_index (all, guint32, n);
}

/* Another client changes the second, removes the third, and adds one.  Returns: its UID */
static guint32
change_mailbox (const char   *raw_name,
                PinionUidSet *uids)
{
  PinionImapConnection *other = sign_in (&server.tls);
  g_autoptr (PinionUidSet) second = pinion_uid_set_new_range (nth (uids, 1), nth (uids, 1));
  g_autoptr (PinionUidSet) third = pinion_uid_set_new_range (nth (uids, 2), nth (uids, 2));
  guint32 added;

  resolves (pinion_imap_connection_select (other, raw_name, FALSE));
  resolves (pinion_imap_connection_store (other, second, TRUE, PINION_IMAP_FLAG_FLAGGED));
  resolves (pinion_imap_connection_store (other, third, TRUE, PINION_IMAP_FLAG_DELETED));
  resolves (pinion_imap_connection_expunge (other, third));
  added = file_message (other, raw_name, PINION_IMAP_FLAG_SEEN);
  leave (other);

  return added;
}

static const PinionImapUidFlags *
find_flags (GArray *flags,
            guint32 uid)
{
  for (guint i = 0; i < flags->len; i++)
    if (g_array_index (flags, PinionImapUidFlags, i).uid == uid)
      return &g_array_index (flags, PinionImapUidFlags, i);

  return NULL;
}

static void
assert_changed (PinionImapResync *resync,
                guint32           uid,
                PinionImapFlags   flags)
{
  const PinionImapUidFlags *found = find_flags (resync->changed, uid);

  g_assert_nonnull (found);
  g_assert_cmpuint (found->flags & PINION_IMAP_FLAGS_SYSTEM, ==, flags);
  g_assert_cmpuint (found->modseq, >, 0);
}

static DexFuture *
test_qresync_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (PinionUidSet) uids = fill_mailbox (connection, "Quick", 5);
  g_autoptr (PinionImapResync) first = NULL;
  g_autoptr (PinionImapResync) again = NULL;
  g_autoptr (PinionImapResync) same = NULL;
  PinionImapKnown known = { 0 };
  guint32 added;

  first = boxed (pinion_imap_connection_select_known (connection, "Quick", FALSE, &known));
  g_assert_cmpint (first->kind, ==, PINION_IMAP_RESYNC_NONE);
  g_assert_cmpuint (first->modseq, >, 0);
  g_assert_cmpuint (first->selected->exists, ==, 5);
  resolves (pinion_imap_connection_unselect (connection));

  added = change_mailbox ("Quick", uids);
  known = (PinionImapKnown){ first->selected->uidvalidity, first->modseq, uids };
  again = boxed (pinion_imap_connection_select_known (connection, "Quick", FALSE, &known));
  g_assert_cmpint (again->kind, ==, PINION_IMAP_RESYNC_ALL);
  g_assert_cmpuint (again->changed->len, ==, 2);
  assert_changed (again, nth (uids, 1), PINION_IMAP_FLAG_FLAGGED);
  assert_changed (again, added, PINION_IMAP_FLAG_SEEN);
  g_assert_cmpuint (pinion_uid_set_get_size (again->vanished), ==, 1);
  g_assert_true (pinion_uid_set_contains (again->vanished, nth (uids, 2)));
  g_assert_cmpuint (again->modseq, >, first->modseq);

  known.modseq = again->modseq;
  same = boxed (pinion_imap_connection_select_known (connection, "Quick", FALSE, &known));
  g_assert_cmpint (same->kind, ==, PINION_IMAP_RESYNC_ALL);
  g_assert_cmpuint (same->changed->len, ==, 0);
  g_assert_true (pinion_uid_set_is_empty (same->vanished));
  leave (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_changes_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.starttls);
  g_autoptr (PinionUidSet) uids = fill_mailbox (connection, "Changes", 5);
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (PinionUidSet) pair = NULL;
  g_autoptr (PinionImapSelected) selected = NULL;
  g_autoptr (PinionImapResync) resync = NULL;
  g_autoptr (PinionImapStored) stored = NULL;
  g_autoptr (GArray) changes = NULL;
  guint32 added;
  gboolean gone = FALSE;

  selected = boxed (pinion_imap_connection_select (connection, "Changes", FALSE));
  added = change_mailbox ("Changes", uids);
  resolves (pinion_imap_connection_noop (connection));
  changes = pinion_imap_connection_take_changes (connection);
  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);

      g_assert_cmpint (change->kind, !=, PINION_IMAP_CHANGE_RESYNC);
      gone |= change->kind == PINION_IMAP_CHANGE_EXPUNGED && change->uid == nth (uids, 2);
    }
  g_assert_true (gone);
  g_assert_cmpuint (pinion_imap_connection_get_selected (connection)->exists, ==, 5);

  resync = boxed (pinion_imap_connection_fetch_changes (connection, all,
                                                        selected->highestmodseq));
  g_assert_cmpint (resync->kind, ==, PINION_IMAP_RESYNC_ALL);
  assert_changed (resync, nth (uids, 1), PINION_IMAP_FLAG_FLAGGED);
  assert_changed (resync, added, PINION_IMAP_FLAG_SEEN);
  g_assert_true (pinion_uid_set_contains (resync->vanished, nth (uids, 2)));

  /* The second has changed since; the first has not. */
  pair = pinion_uid_set_new_range (nth (uids, 0), nth (uids, 1));
  stored = boxed (pinion_imap_connection_store_unchanged (
      connection, pair, TRUE, PINION_IMAP_FLAG_ANSWERED, selected->highestmodseq));
  g_assert_cmpuint (pinion_uid_set_get_size (stored->modified), ==, 1);
  g_assert_true (pinion_uid_set_contains (stored->modified, nth (uids, 1)));
  g_assert_nonnull (find_flags (stored->answered, nth (uids, 0)));
  leave (connection);

  return dex_future_new_true ();
}

/* With VANISHED in place of EXPUNGE */
static DexFuture *
test_move_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (PinionUidSet) uids = fill_mailbox (connection, "From", 4);
  g_autoptr (PinionUidSet) two = pinion_uid_set_new_range (nth (uids, 1), nth (uids, 2));
  g_autoptr (PinionImapCopied) moved = NULL;

  resolves (pinion_imap_connection_create (connection, "To"));
  resolves (pinion_imap_connection_select (connection, "From", FALSE));
  moved = boxed (pinion_imap_connection_move (connection, two, "To"));
  g_assert_cmpuint (moved->source->len, ==, 2);
  g_assert_cmpuint (moved->n_expunged, ==, 2);
  g_assert_cmpuint (pinion_imap_connection_get_selected (connection)->exists, ==, 2);
  leave (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_list_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GPtrArray) after = NULL;
  guint n_found = 0;

  pinion_uid_set_unref (fill_mailbox (connection, "Gr&APY-\"e", 3));
  resolves (pinion_imap_connection_subscribe (connection, "Gr&APY-\"e", TRUE));
  mailboxes = boxed (pinion_imap_connection_list_with_status (connection));
  for (guint i = 0; i < mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if ((mailbox->flags & PINION_IMAP_MAILBOX_NOSELECT) != 0)
        continue;
      g_assert_nonnull (mailbox->status);
      g_assert_cmpuint (mailbox->status->uidvalidity, >, 0);
      g_assert_cmpuint (mailbox->status->highestmodseq, >, 0);
      if (!g_str_equal (mailbox->raw_name, "Gr&APY-\"e"))
        continue;
      n_found++;
      g_assert_cmpuint (mailbox->status->messages, ==, 3);
      g_assert_cmpuint (mailbox->status->size, ==, 3 * 23);
      g_assert_true ((mailbox->flags & PINION_IMAP_MAILBOX_SUBSCRIBED) != 0);
    }
  g_assert_cmpuint (n_found, ==, 1);

  resolves (pinion_imap_connection_select (connection, "Gr&APY-\"e", FALSE));
  resolves (pinion_imap_connection_rename (connection, "Gr&APY-\"e", "Renamed"));
  g_assert_null (pinion_imap_connection_get_selected (connection));
  resolves (pinion_imap_connection_select (connection, "Renamed", FALSE));
  g_assert_cmpuint (pinion_imap_connection_get_selected (connection)->exists, ==, 3);
  resolves (pinion_imap_connection_delete (connection, "Renamed"));
  after = boxed (pinion_imap_connection_list (connection));
  g_assert_cmpuint (after->len, ==, mailboxes->len - 1);
  leave (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_search_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (PinionUidSet) uids = fill_mailbox (connection, "Search", 6);
  g_autoptr (PinionUidSet) found = NULL;
  g_autoptr (PinionUidSet) newest = NULL;
  g_autoptr (PinionUidSet) none = NULL;
  g_autofree char *expected = pinion_uid_set_to_string (uids);
  g_autofree char *text = NULL;
  PinionImapSearch *search = pinion_imap_search_new ();

  g_assert_true (pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_ESEARCH));
  resolves (pinion_imap_connection_select (connection, "Search", FALSE));
  found = boxed (pinion_imap_connection_search_set (connection, pinion_imap_search_new ()));
  text = pinion_uid_set_to_string (found);
  g_assert_cmpstr (text, ==, expected);

  pinion_imap_search_set_newest (search, 2);
  newest = boxed (pinion_imap_connection_search_set (connection, search));
  g_assert_cmpuint (pinion_uid_set_get_size (newest), ==, 2);
  g_assert_true (pinion_uid_set_contains (newest, nth (uids, 5)));

  search = pinion_imap_search_new ();
  pinion_imap_search_add_flag (search, "\\Flagged", TRUE);
  none = boxed (pinion_imap_connection_search_set (connection, search));
  g_assert_true (pinion_uid_set_is_empty (none));
  leave (connection);

  return dex_future_new_true ();
}

static DexFuture *
take_message (PinionImapMessage *message,
              gpointer           user_data)
{
  GPtrArray *messages = user_data;

  g_ptr_array_add (messages, message);

  return NULL;
}

/* Compression is on: a large message and one with NUL come back as they went. */
static DexFuture *
test_compress_fiber (gpointer data)
{
  PinionImapConnection *connection = sign_in (&server.tls);
  g_autoptr (GString) text = g_string_new ("Subject: large\r\n\r\n");
  g_autoptr (GBytes) large = NULL;
  g_autoptr (GBytes) binary = g_bytes_new_static ("Subject: b\r\n"
                                                  "Content-Transfer-Encoding: binary\r\n"
                                                  "\r\na\0b\r\n",
                                                  54);
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autofree char *contents = NULL;
  g_autoptr (PinionUidSet) arrived = NULL;
  PinionImapMessage *message;
  const char *body;
  gsize size;

  g_assert_true (
      pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_COMPRESS_DEFLATE));
  g_assert_cmpstr (pinion_imap_connection_get_server_name (connection), ==,
                   "Microsoft.Exchange.Imap4.Imap4Server");
  while (text->len < 3000000)
    g_string_append_printf (text, "%x %x\r\n", g_test_rand_int (), g_test_rand_int ());
  large = g_bytes_new (text->str, text->len);
  messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_message_free);

  resolves (pinion_imap_connection_create (connection, "Packed"));
  resolves (pinion_imap_connection_append (connection, "Packed", 0, G_MININT64, large));
  resolves (pinion_imap_connection_append (connection, "Packed", 0, G_MININT64, binary));
  resolves (pinion_imap_connection_select (connection, "Packed", FALSE));
  arrived = boxed (pinion_imap_connection_fetch_bodies (connection, all, directory, take_message,
                                                        messages, NULL));
  g_assert_cmpuint (messages->len, ==, 2);
  message = g_ptr_array_index (messages, 0);
  g_assert_true (g_file_get_contents (message->body_path, &contents, &size, NULL));
  g_assert_cmpmem (contents, size, text->str, text->len);
  message = g_ptr_array_index (messages, 1);
  /* Dovecot keeps it as base64, as it may (RFC 3516, 4.4). */
  body = g_bytes_get_data (message->body, &size);
  g_assert_nonnull (g_strstr_len (body, (gssize) size, "YQBiDQo="));
  g_clear_pointer (&messages, g_ptr_array_unref);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
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

  start_server ("full", "empty");
  pinion_test_add_fiber ("/imap/server-full/qresync", test_qresync_fiber);
  pinion_test_add_fiber ("/imap/server-full/changes", test_changes_fiber);
  pinion_test_add_fiber ("/imap/server-full/move", test_move_fiber);
  pinion_test_add_fiber ("/imap/server-full/list", test_list_fiber);
  pinion_test_add_fiber ("/imap/server-full/search", test_search_fiber);
  pinion_test_add_fiber ("/imap/server-full/compress", test_compress_fiber);
  status = g_test_run ();
  stop_server ();

  return status;
}
