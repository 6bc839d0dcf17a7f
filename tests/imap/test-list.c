/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Listing and changing mailboxes: with what is offered, without it, and answered badly. */

#include <string.h>

#include "imap-test-session.h"

#define EXTENDED "IMAP4rev1 AUTH=PLAIN NAMESPACE UNSELECT LIST-EXTENDED"

#define PLAIN_LIST                                                                                 \
  "LIST \"\" \"*\"\n"                                                                              \
  "S: * LIST (\\\\HasNoChildren) \"/\" INBOX\n"

/* "INBOX|10|1 Archive|48|3|5:9@7": raw name, flags, use, and of the status messages, UIDNEXT,
 * MODSEQ */
static char *
describe (GPtrArray *mailboxes)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      g_string_append_printf (out, "%s%s|%x|%d", i > 0 ? " " : "", mailbox->raw_name,
                              mailbox->flags, mailbox->use);
      if (mailbox->status != NULL)
        g_string_append_printf (out, "|%u:%u@%" G_GUINT64_FORMAT, mailbox->status->messages,
                                mailbox->status->uidnext, mailbox->status->highestmodseq);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_list (DexFuture  *future,
             const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes = dex_await_boxed (future, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (mailboxes);
  g_assert_cmpstr (text, ==, expected);
}

/* -- LIST ------------------------------------------------------------------------------------ */

static DexFuture *
test_extended_fiber (gpointer data)
{
  Session session;

  session_open (&session, EXTENDED,
                "C: P5 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)\n"
                "S: * LIST (\\\\Subscribed \\\\HasNoChildren) \"/\" INBOX\n"
                "S: P5 OK done\n"
                /* No LIST-STATUS: it is not asked for. */
                "C: P6 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)\n"
                "S: * LIST () \"/\" a b (\"CHILDINFO\" (\"SUBSCRIBED\"))\n"
                "S: * STATUS \"a b\" (MESSAGES 5 UIDNEXT 9 HIGHESTMODSEQ 7)\n"
                "S: P6 OK done\n");
  assert_list (pinion_imap_connection_list (session.connection), "INBOX|48|1");
  assert_list (pinion_imap_connection_list_with_status (session.connection), "a b|0|0|5:9@7");
  session_close (&session);

  /* Refused in spite of being offered */
  session_open (&session, EXTENDED " LIST-STATUS SPECIAL-USE",
                "C: P5 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS "
                "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY))\n"
                "S: P5 BAD Command Argument Error. 11\n"
                "C: P6 " PLAIN_LIST "S: P6 OK done\n");
  assert_list (pinion_imap_connection_list_with_status (session.connection), "INBOX|8|1");
  session_close (&session);

  /* Not offered, though the rest is */
  session_open (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE SPECIAL-USE LIST-STATUS",
                "C: P5 " PLAIN_LIST "S: P5 OK done\n");
  assert_list (pinion_imap_connection_list_with_status (session.connection), "INBOX|8|1");
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_with_status_fiber (gpointer data)
{
  DexFuture *listed;
  DexFuture *asked;
  Session session;

  session_open (&session, EXTENDED " LIST-STATUS SPECIAL-USE CONDSTORE OBJECTID",
                "C: P5 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS "
                "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ MAILBOXID))\n"
                "S: * STATUS early (MESSAGES 1)\n"
                "S: * LIST (\\\\HasNoChildren) \"/\" INBOX\n"
                "S: * STATUS INBOX (MESSAGES 5 UIDNEXT 9 HIGHESTMODSEQ 7 MAILBOXID (F1))\n"
                "S: * LIST (\\\\Noselect) \"/\" {3}\n"
                "S: a b\n"
                "S: * LIST (\\\\Archive) \"/\" Gr&APY-sse\n"
                "S: * STATUS Gr&APY-sse (MESSAGES x UIDNEXT 9)\n"
                "S: * STATUS \"Gr&APY-sse\" (MESSAGES 1 UIDNEXT 2)\n"
                "S: * STATUS Gr&APY-sse (MESSAGES 3 UIDNEXT 4)\n"
                "S: * NO [UNAVAILABLE] one of them cannot be read\n"
                "S: P5 OK done\n"
                /* Only now, so that the two are not mixed up */
                "C: P6 STATUS x (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ MAILBOXID)\n"
                "S: * STATUS x (MESSAGES 1)\n"
                "S: P6 OK done\n");
  listed = pinion_imap_connection_list_with_status (session.connection);
  /* The fiber has to have given its command first. */
  dex_await (dex_timeout_new_msec (1), NULL);
  asked = pinion_imap_connection_status (session.connection, "x");
  assert_list (listed, "INBOX|8|1|5:9@7 a b|1|0 Gr&APY-sse|0|3|3:4@0");
  session_assert_resolves (asked);
  g_assert_cmpuint (pinion_imap_connection_get_n_malformed (session.connection), ==, 1);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Changing -------------------------------------------------------------------------------- */

static DexFuture *
test_change_fiber (gpointer data)
{
  PinionImapConnection *connection;
  g_autoptr (GError) inbox = NULL;
  g_autoptr (GError) target = NULL;
  g_autoptr (GError) gone = NULL;
  g_autoptr (GError) reserved = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 CREATE Archive\n"
                      "S: P6 OK done\n"
                      "C: P7 RENAME Archive \"Entw&APw-rfe\"\n"
                      "S: P7 OK done\n"
                      "C: P8 SUBSCRIBE x\n"
                      "S: P8 OK done\n"
                      "C: P9 UNSUBSCRIBE x\n"
                      "S: P9 OK done\n"
                      "C: P10 DELETE \"a b\"\n"
                      "S: P10 NO [NONEXISTENT] no such\n"
                      "C: P11 RENAME x Calendar\n"
                      "S: P11 NO Folder name is reserved\n"
                      "C: P12 SELECT \"a b\"\n"
                      "S: * OK [UIDVALIDITY 14] ok\n"
                      "S: P12 OK [READ-WRITE] done\n"
                      "C: P13 UNSELECT\n"
                      "S: P13 OK done\n"
                      "C: P14 DELETE \"a b\"\n"
                      "S: P14 OK done\n");
  connection = session.connection;
  /* What for is not said where nobody asks. */
  session_assert_resolves (pinion_imap_connection_create_for_use (connection, "Archive",
                                                                  PINION_IMAP_USE_ARCHIVE));
  session_assert_resolves (pinion_imap_connection_rename (connection, "Archive", "Entw&APw-rfe"));
  session_assert_resolves (pinion_imap_connection_subscribe (connection, "x", TRUE));
  session_assert_resolves (pinion_imap_connection_subscribe (connection, "x", FALSE));
  gone = session_assert_rejects (pinion_imap_connection_delete (connection, "a b"),
                                 PINION_ERROR_MAILBOX_NOT_OPENED);
  reserved = session_assert_rejects (pinion_imap_connection_rename (connection, "x", "Calendar"),
                                     PINION_ERROR_REFUSED);
  g_assert_cmpstr (pinion_error_get_detail (reserved, "server-text"), ==,
                   "Folder name is reserved");
  inbox = session_assert_rejects (pinion_imap_connection_delete (connection, "Inbox"),
                                  PINION_ERROR_INVALID_ARGUMENT);
  target = session_assert_rejects (pinion_imap_connection_rename (connection, "INBOX", "x"),
                                   PINION_ERROR_INVALID_ARGUMENT);
  session_assert_resolves (pinion_imap_connection_select (connection, "a b", FALSE));
  session_assert_resolves (pinion_imap_connection_delete (connection, "a b"));
  g_assert_null (pinion_imap_connection_get_selected (connection));
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_create_for_use_fiber (gpointer data)
{
  g_autoptr (GError) refused = NULL;
  Session session;

  session_open (&session, EXTENDED " CREATE-SPECIAL-USE",
                "C: P5 CREATE Archive (USE (\\\\Archive))\n"
                "S: P5 OK done\n"
                "C: P6 CREATE All (USE (\\\\All))\n"
                "S: P6 NO [USEATTR] \\\\All not supported\n"
                "C: P7 CREATE All\n"
                "S: P7 OK done\n");
  session_assert_resolves (pinion_imap_connection_create_for_use (session.connection, "Archive",
                                                                  PINION_IMAP_USE_ARCHIVE));
  refused = session_assert_rejects (
      pinion_imap_connection_create_for_use (session.connection, "All", PINION_IMAP_USE_ALL),
      PINION_ERROR_REFUSED);
  session_assert_resolves (pinion_imap_connection_create_for_use (session.connection, "All",
                                                                  PINION_IMAP_USE_NONE));
  session_close (&session);

  return dex_future_new_true ();
}

/* A server of IMAP4rev2 alone speaks UTF-8; the names that are kept are the same all the same. */
static DexFuture *
test_utf8_names_fiber (gpointer data)
{
  Session session;

  session_open (&session, "IMAP4rev2 AUTH=PLAIN",
                "C: P5 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS "
                "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY SIZE))\n"
                "S: * LIST () \"/\" \"Entw\\xc3\\xbcrfe\"\n"
                "S: * STATUS \"Entw\\xc3\\xbcrfe\" (MESSAGES 5 UIDNEXT 9)\n"
                "S: * LIST () \"/\" \"A&B\"\n"
                "S: * LIST () \"/\" \"&APw-\"\n"
                "S: * LIST () \"/\" \"bad\\xff&APw-\"\n"
                "S: P5 OK done\n"
                "C: P6 CREATE {9+}\n"
                "C: Entw\\xc3\\xbcrfe\n"
                "S: P6 OK done\n"
                "C: P7 CREATE \"A&B\"\n"
                "S: P7 OK done\n"
                "C: P8 CREATE \"&APw-\"\n"
                "S: P8 OK done\n"
                "C: P9 CREATE {9+}\n"
                "C: bad\\xff&APw-\n"
                "S: P9 OK done\n");
  assert_list (pinion_imap_connection_list_with_status (session.connection),
               "Entw&APw-rfe|0|0|5:9@0 A&-B|0|0 &-APw-|0|0 bad\xff&APw-|0|0");
  session_assert_resolves (pinion_imap_connection_create (session.connection, "Entw&APw-rfe"));
  session_assert_resolves (pinion_imap_connection_create (session.connection, "A&-B"));
  session_assert_resolves (pinion_imap_connection_create (session.connection, "&-APw-"));
  session_assert_resolves (pinion_imap_connection_create (session.connection, "bad\xff&APw-"));
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/list/extended", test_extended_fiber);
  pinion_test_add_fiber ("/imap/list/with-status", test_with_status_fiber);
  pinion_test_add_fiber ("/imap/list/change", test_change_fiber);
  pinion_test_add_fiber ("/imap/list/create-for-use", test_create_for_use_fiber);
  pinion_test_add_fiber ("/imap/list/utf8-names", test_utf8_names_fiber);

  return g_test_run ();
}
