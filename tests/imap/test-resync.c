/* SPDX-License-Identifier: GPL-3.0-or-later */

/* CONDSTORE and QRESYNC over the line: offered, not offered, and answered badly. */

#include <string.h>

#include "imap-test-session.h"

#define QUICK "IMAP4rev1 AUTH=PLAIN SASL-IR NAMESPACE UIDPLUS MOVE ENABLE CONDSTORE QRESYNC"

#define ENABLED                                                                                    \
  "C: P5 ENABLE QRESYNC\n"                                                                         \
  "S: * ENABLED QRESYNC\n"                                                                         \
  "S: P5 OK Enabled.\n"

#define OPENED(modseq)                                                                             \
  "S: * 3 EXISTS\n"                                                                                \
  "S: * OK [UIDVALIDITY 14] ok\n"                                                                  \
  "S: * OK [UIDNEXT 31] ok\n"                                                                      \
  "S: * OK [HIGHESTMODSEQ " modseq "] ok\n"

/* What came, as text: "2 10=1/77 20=4/78 -3:5 @80". */
static char *
describe (const PinionImapResync *resync)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *vanished = pinion_uid_set_to_string (resync->vanished);

  g_string_append_printf (out, "%d", resync->kind);
  for (guint i = 0; i < resync->changed->len; i++)
    {
      const PinionImapUidFlags *one = &g_array_index (resync->changed, PinionImapUidFlags, i);

      g_string_append_printf (out, " %u=%x/%" G_GUINT64_FORMAT, one->uid, one->flags, one->modseq);
    }
  g_string_append_printf (out, " -%s @%" G_GUINT64_FORMAT, vanished, resync->modseq);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_resync (DexFuture  *future,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapResync) resync = dex_await_boxed (future, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (resync);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (resync->selected->uidvalidity, ==, 14);
}

static DexFuture *
reopen (Session    *session,
        guint64     modseq,
        const char *uids)
{
  g_autoptr (PinionUidSet) set = uids != NULL ? session_set (uids) : NULL;
  PinionImapKnown known = { 14, modseq, set };

  return pinion_imap_connection_select_known (session->connection, "INBOX", FALSE, &known);
}

/* -- Opening --------------------------------------------------------------------------------- */

static DexFuture *
test_qresync_fiber (gpointer data)
{
  g_autofree char *changes = NULL;
  Session session;

  session_open (&session, QUICK,
                ENABLED
                "C: P6 SELECT INBOX (QRESYNC (14 70))\n" OPENED ("80")
                "S: * VANISHED (EARLIER) 1:9,15\n"
                "S: * 2 FETCH (UID 20 FLAGS (\\\\Seen) MODSEQ (77))\n"
                "S: * 1 FETCH (UID 10 FLAGS () MODSEQ (71))\n"
                "S: * 1 FETCH (MODSEQ (79) UID 10 FLAGS (\\\\Flagged))\n"
                "S: * VANISHED (EARLIER) 11\n"
                "S: P6 OK [READ-WRITE] done\n"
                /* The same with the mailbox open, and words of it before it is closed */
                "C: P7 SELECT INBOX (QRESYNC (14 80))\n"
                "S: * VANISHED 10\n"
                "S: * 2 FETCH (FLAGS (\\\\Draft))\n"
                "S: * OK [CLOSED] left\n" OPENED ("80") "S: P7 OK [READ-WRITE] done\n"
                "C: P8 NOOP\n"
                "S: * VANISHED 20\n"
                "S: * 2 FETCH (UID 30 MODSEQ (81) FLAGS (\\\\Seen))\n"
                "S: P8 OK done\n");

  g_assert_true (pinion_imap_connection_has (session.connection, PINION_IMAP_CAPABILITY_QRESYNC));
  assert_resync (reopen (&session, 70, "5,10:15,20"), "2 10=4/79 20=1/77 -5,11,15 @80");
  assert_resync (reopen (&session, 80, NULL), "2 - @80");
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "-0/20 F2/30=1");
  g_assert_cmpuint (pinion_imap_connection_get_selected (session.connection)->exists, ==, 2);
  session_close (&session);

  return dex_future_new_true ();
}

/* Whatever is not certain means that everything is compared. */
static DexFuture *
test_qresync_doubts_fiber (gpointer data)
{
  PinionImapKnown other = { 13, 70, NULL };
  PinionImapKnown nothing = { 0 };
  g_autoptr (GError) missing = NULL;
  Session session;

  session_open (&session, QUICK,
                ENABLED
                /* Never seen before */
                "C: P6 SELECT INBOX\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                /* Another UIDVALIDITY */
                "C: P7 SELECT INBOX (QRESYNC (13 70))\n" OPENED ("80") "S: P7 OK done\n"
                /* The server went back in time. */
                "C: P8 SELECT INBOX (QRESYNC (14 90))\n" OPENED ("80") "S: P8 OK done\n"
                /* No modification sequences any more */
                "C: P9 SELECT INBOX (QRESYNC (14 80))\n"
                "S: * 3 EXISTS\n"
                "S: * OK [UIDVALIDITY 14] ok\n"
                "S: * OK [NOMODSEQ] none\n"
                "S: P9 OK done\n"
                /* Without a UID; a broken line; a broken set */
                "C: P10 SELECT INBOX (QRESYNC (14 70))\n" OPENED ("80")
                "S: * 2 FETCH (FLAGS (\\\\Seen) MODSEQ (77))\n"
                "S: P10 OK done\n"
                "C: P11 SELECT INBOX (QRESYNC (14 70))\n" OPENED ("80")
                "S: * 2 FETCH (UID x FLAGS (\\\\Seen) MODSEQ (77))\n"
                "S: P11 OK done\n"
                "C: P12 SELECT INBOX (QRESYNC (14 70))\n" OPENED ("80")
                "S: * VANISHED (EARLIER) 5:\n"
                "S: P12 OK done\n"
                "C: P13 SELECT INBOX (QRESYNC (14 70))\n"
                "S: P13 NO gone\n");

  assert_resync (pinion_imap_connection_select_known (session.connection, "INBOX", FALSE, &nothing),
                 "0 - @80");
  assert_resync (pinion_imap_connection_select_known (session.connection, "INBOX", FALSE, &other),
                 "0 - @80");
  assert_resync (reopen (&session, 90, NULL), "0 - @80");
  assert_resync (reopen (&session, 80, NULL), "0 - @0");
  assert_resync (reopen (&session, 70, NULL), "0 - @80");
  assert_resync (reopen (&session, 70, NULL), "0 - @80");
  assert_resync (reopen (&session, 70, NULL), "0 - @80");
  missing = session_assert_rejects (reopen (&session, 70, NULL), PINION_ERROR_MAILBOX_NOT_OPENED);
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

/* CONDSTORE with ENABLE, without it, and not confirmed */
static DexFuture *
test_condstore_fiber (gpointer data)
{
  Session session;

  session_open (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE CONDSTORE",
                "C: P5 SELECT INBOX (CONDSTORE)\n" OPENED ("80") "S: P5 OK [READ-WRITE] done\n"
                "C: P6 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 70)\n"
                "S: * 2 FETCH (UID 20 FLAGS (\\\\Seen) MODSEQ (82))\n"
                "S: P6 OK done\n"
                "C: P7 SELECT INBOX (CONDSTORE)\n" OPENED ("80") "S: P7 OK [READ-WRITE] done\n"
                "C: P8 SELECT INBOX (CONDSTORE)\n" OPENED ("80") "S: P8 OK [READ-WRITE] done\n"
                "C: P9 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 70)\n"
                "S: P9 BAD Command Argument Error. 11\n");
  assert_resync (reopen (&session, 70, "20"), "1 20=1/82 - @82");
  /* Nothing changed: nothing is asked. */
  assert_resync (reopen (&session, 80, NULL), "1 - @80");
  assert_resync (reopen (&session, 70, NULL), "0 - @80");
  session_close (&session);

  session_open (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE CONDSTORE ENABLE",
                "C: P5 ENABLE CONDSTORE\n"
                "S: * ENABLED CONDSTORE\n"
                "S: P5 OK done\n"
                "C: P6 SELECT INBOX\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                "C: P7 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 70)\n"
                "S: P7 OK done\n");
  assert_resync (reopen (&session, 70, NULL), "1 - @80");
  session_close (&session);

  session_open (&session, QUICK,
                "C: P5 ENABLE QRESYNC\n"
                "S: * ENABLED X-OTHER UTF8=ACCEPT\n"
                "S: P5 OK done\n"
                "C: P6 SELECT INBOX (CONDSTORE)\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                "C: P7 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 70)\n"
                "S: P7 OK done\n");
  assert_resync (reopen (&session, 70, NULL), "1 - @80");
  session_close (&session);

  session_open (&session, QUICK,
                "C: P5 ENABLE QRESYNC\n"
                "S: P5 BAD Unknown command\n"
                "C: P6 SELECT INBOX (CONDSTORE)\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n");
  assert_resync (reopen (&session, 80, NULL), "1 - @80");
  session_close (&session);

  return dex_future_new_true ();
}

/* Nothing of it is said to Exchange, whatever it claims. */
static DexFuture *
test_not_offered_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("20");
  g_autoptr (GError) refused = NULL;
  Session session;

  session_open (&session, SESSION_EXCHANGE,
                "C: P5 SELECT INBOX\n" OPENED ("80") "S: P5 OK [READ-WRITE] done\n"
                "C: P6 UID STORE 20 +FLAGS.SILENT (\\\\Seen)\n"
                "S: P6 OK STORE completed.\n"
                "C: P7 STATUS Archive (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
                "S: * STATUS Archive (MESSAGES 1)\n"
                "S: P7 OK done\n");
  assert_resync (reopen (&session, 70, NULL), "0 - @80");
  refused = session_assert_rejects (
      pinion_imap_connection_fetch_changes (session.connection, set, 70), PINION_ERROR_REFUSED);
  session_assert_resolves (pinion_imap_connection_store_unchanged (
      session.connection, set, TRUE, PINION_IMAP_FLAG_SEEN, 70));
  session_assert_resolves (pinion_imap_connection_status (session.connection, "Archive"));
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Changes and STORE ----------------------------------------------------------------------- */

static DexFuture *
test_changes_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10:30");
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) busy = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open (&session, QUICK,
                ENABLED
                "C: P6 SELECT INBOX\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                "C: P7 UID FETCH 10:30 (UID FLAGS) (CHANGEDSINCE 80 VANISHED)\n"
                "S: * VANISHED (EARLIER) 12,14:16\n"
                "S: * VANISHED 10\n"
                "S: * 1 FETCH (UID 20 FLAGS (\\\\Answered) MODSEQ (91))\n"
                "S: * 2 FETCH (UID 77 FLAGS (\\\\Draft) MODSEQ (92))\n"
                "S: P7 OK done\n"
                "C: P8 UID FETCH 10:30 (UID FLAGS) (CHANGEDSINCE 91 VANISHED)\n"
                "S: * 1 FETCH (UID 20 FLAGS (\\\\Answered) MODSEQ (x))\n"
                "S: P8 OK done\n"
                "C: P9 UID FETCH 10:30 (UID FLAGS) (CHANGEDSINCE 91 VANISHED)\n"
                "S: P9 NO [LIMIT] not now\n");

  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  assert_resync (pinion_imap_connection_fetch_changes (session.connection, set, 80),
                 "2 20=2/91 -12,14:16 @91");
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "-0/10 F2/77=10");
  assert_resync (pinion_imap_connection_fetch_changes (session.connection, set, 91), "0 - @91");
  busy = session_assert_rejects (
      pinion_imap_connection_fetch_changes (session.connection, set, 91), PINION_ERROR_THROTTLED);
  none = session_assert_rejects (
      pinion_imap_connection_fetch_changes (session.connection, set, 0), PINION_ERROR_REFUSED);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_store_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20,30");
  g_autoptr (PinionImapStored) stored = NULL;
  g_autoptr (PinionImapStored) partly = NULL;
  g_autoptr (PinionImapStored) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  g_autofree char *modified = NULL;
  g_autofree char *all = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open (&session, QUICK,
                ENABLED
                "C: P6 SELECT INBOX\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                "C: P7 UID STORE 10,20,30 (UNCHANGEDSINCE 80) +FLAGS.SILENT (\\\\Seen)\n"
                "S: * 1 FETCH (UID 10 MODSEQ (81))\n"
                "S: * 2 FETCH (UID 20 MODSEQ (82) FLAGS (\\\\Seen \\\\Draft))\n"
                "S: P7 OK [MODIFIED 30,99] Conditional STORE failed\n"
                "C: P8 UID STORE 10,20,30 (UNCHANGEDSINCE 5) -FLAGS.SILENT (\\\\Seen)\n"
                "S: P8 NO [MODIFIED 10,20,30] all of them\n"
                "C: P9 UID STORE 10,20,30 +FLAGS.SILENT (\\\\Seen)\n"
                "S: P9 OK [MODIFIED x] what\n"
                "C: P10 UID STORE 10,20,30 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\\\Seen)\n"
                "S: P10 NO [MODIFIED] what\n");

  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  stored = dex_await_boxed (
      pinion_imap_connection_store_unchanged (session.connection, set, TRUE,
                                              PINION_IMAP_FLAG_SEEN, 80),
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stored->answered->len, ==, 2);
  g_assert_cmpuint (g_array_index (stored->answered, PinionImapUidFlags, 1).modseq, ==, 82);
  modified = pinion_uid_set_to_string (stored->modified);
  g_assert_cmpstr (modified, ==, "30");
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "F2/20=11");

  partly = dex_await_boxed (
      pinion_imap_connection_store_unchanged (session.connection, set, FALSE,
                                              PINION_IMAP_FLAG_SEEN, 5),
      &error);
  g_assert_no_error (error);
  all = pinion_uid_set_to_string (partly->modified);
  g_assert_cmpstr (all, ==, "10,20,30");

  none = dex_await_boxed (pinion_imap_connection_store_unchanged (session.connection, set, TRUE,
                                                                  PINION_IMAP_FLAG_SEEN, 0),
                          &error);
  g_assert_no_error (error);
  g_assert_true (pinion_uid_set_is_empty (none->modified));
  refused = session_assert_rejects (
      pinion_imap_connection_store_unchanged (session.connection, set, TRUE,
                                              PINION_IMAP_FLAG_SEEN, 5),
      PINION_ERROR_REFUSED);
  session_close (&session);

  return dex_future_new_true ();
}

/* With QRESYNC a move tells by UID what went. */
static DexFuture *
test_move_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20");
  g_autoptr (PinionImapCopied) copied = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open (&session, QUICK,
                ENABLED
                "C: P6 SELECT INBOX\n" OPENED ("80") "S: P6 OK [READ-WRITE] done\n"
                "C: P7 UID MOVE 10,20 Archive\n"
                "S: * OK [COPYUID 415 10,20 7:8]\n"
                "S: * VANISHED 10,20,30\n"
                "S: P7 OK [HIGHESTMODSEQ 99] done\n");

  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  copied = dex_await_boxed (pinion_imap_connection_move (session.connection, set, "Archive"),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (copied->n_expunged, ==, 2);
  g_assert_cmpuint (copied->source->len, ==, 2);
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "-0/10 -0/20 -0/30");
  g_assert_cmpuint (pinion_imap_connection_get_selected (session.connection)->exists, ==, 0);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_status_fiber (gpointer data)
{
  g_autoptr (PinionImapStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open (&session,
                "IMAP4rev1 AUTH=PLAIN NAMESPACE CONDSTORE STATUS=SIZE OBJECTID APPENDLIMIT",
                "C: P5 STATUS Archive (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ SIZE "
                "MAILBOXID APPENDLIMIT)\n"
                "S: * STATUS Archive (MESSAGES 5 HIGHESTMODSEQ 99 SIZE 5000000000 "
                "MAILBOXID (F1) APPENDLIMIT 1000)\n"
                "S: P5 OK done\n");
  status = dex_await_boxed (pinion_imap_connection_status (session.connection, "Archive"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (status->messages, ==, 5);
  g_assert_cmpuint (status->highestmodseq, ==, 99);
  g_assert_cmpuint (status->size, ==, 5000000000);
  g_assert_cmpuint (status->append_limit, ==, 1000);
  g_assert_cmpstr (status->mailbox_id, ==, "F1");
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/resync/qresync", test_qresync_fiber);
  pinion_test_add_fiber ("/imap/resync/qresync-doubts", test_qresync_doubts_fiber);
  pinion_test_add_fiber ("/imap/resync/condstore", test_condstore_fiber);
  pinion_test_add_fiber ("/imap/resync/not-offered", test_not_offered_fiber);
  pinion_test_add_fiber ("/imap/resync/changes", test_changes_fiber);
  pinion_test_add_fiber ("/imap/resync/store", test_store_fiber);
  pinion_test_add_fiber ("/imap/resync/move", test_move_fiber);
  pinion_test_add_fiber ("/imap/resync/status", test_status_fiber);

  return g_test_run ();
}
