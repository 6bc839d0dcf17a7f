/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes, changes, waiting: what goes over the line, both ways. */

#include <string.h>

#include "imap-test-session.h"
#include "pinion-imap-connection-private.h"

static DexFuture *
test_list_fiber (gpointer data)
{
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  Session session;

  session_open (&session, SESSION_EXCHANGE,
                "C: P5 LIST \"\" \"*\"\n"
                "S: * LIST (\\\\HasNoChildren) \"/\" Inbox\n"
                "S: * LIST (\\\\HasNoChildren \\\\Trash) \"/\" \"Gel&APY-schte Elemente\"\n"
                "S: * LIST (\\\\HasChildren) \"/\" {12}\n"
                "S: CORP\\\\sales x\n"
                "S: * LIST (\\\\HasNoChildren) \"/\" INBOX/Da\\tOggetto\n"
                "S: * LIST (\\\\HasNoChildren \"/\" broken\n"
                "S: * LIST () \"/\" \"nul\\0\"\n"
                "S: * LIST (\\\\Noselect) NIL &bad\n"
                "S: + stray\n"
                "S: P5 OK LIST completed.\n");

  mailboxes = dex_await_boxed (pinion_imap_connection_list (session.connection), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      g_string_append_printf (out, "%s|%s|%d|%x\n", mailbox->raw_name, mailbox->path, mailbox->use,
                              mailbox->flags);
    }
  g_assert_cmpstr (out->str, ==,
                   "Inbox|Inbox|1|8\n"
                   "Gel&APY-schte Elemente|Gelöschte Elemente|8|8\n"
                   "CORP\\sales x|CORP\\sales x|0|4\n"
                   "INBOX/Da\tOggetto|INBOX/Da Oggetto|0|8\n"
                   "&bad|&bad|0|1\n");
  g_assert_cmpuint (pinion_imap_connection_get_n_malformed (session.connection), ==, 2);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_status_and_create_fiber (gpointer data)
{
  g_autoptr (PinionImapStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) exists = NULL;
  Session session;

  session_open (&session, SESSION_EXCHANGE,
                "C: P5 STATUS \"Entw&APw-rfe\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
                "S: * STATUS Entw&APw-rfe (MESSAGES 5 UNSEEN 2 UIDNEXT 9 UIDVALIDITY 7)\n"
                "S: P5 OK STATUS completed.\n"
                "C: P6 STATUS gone (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
                "S: P6 NO [NONEXISTENT] no such mailbox\n"
                "C: P7 CREATE New\n"
                "S: P7 OK CREATE completed.\n"
                "C: P8 CREATE {5+}\n"
                "C: a\\tb\\xc3\\xa4\n"
                "S: P8 NO Mailbox already exists\n");

  status = dex_await_boxed (pinion_imap_connection_status (session.connection, "Entw&APw-rfe"),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (status->messages, ==, 5);
  g_assert_cmpuint (status->unseen, ==, 2);
  g_assert_cmpuint (status->uidnext, ==, 9);
  g_assert_cmpuint (status->uidvalidity, ==, 7);
  missing = session_assert_rejects (pinion_imap_connection_status (session.connection, "gone"),
                                    PINION_ERROR_MAILBOX_NOT_OPENED);
  session_assert_resolves (pinion_imap_connection_create (session.connection, "New"));
  exists = session_assert_rejects (
      pinion_imap_connection_create (session.connection, "a\tb\xc3\xa4"), PINION_ERROR_REFUSED);
  g_assert_cmpstr (pinion_error_get_detail (exists, "server-text"), ==, "Mailbox already exists");
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_select_fiber (gpointer data)
{
  g_autoptr (PinionImapSelected) selected = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) closed = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 NOOP\n"
                      "S: * 4 EXISTS\n"
                      "S: * 2 FETCH (FLAGS (\\\\Seen))\n"
                      "S: P6 OK NOOP completed.\n"
                      "C: P7 EXAMINE \"Sent Items\"\n"
                      "S: * 9 EXISTS\n"
                      "S: * OK [UIDVALIDITY 3] x\n"
                      "S: P7 OK [READ-ONLY] EXAMINE completed.\n"
                      "C: P8 SELECT gone\n"
                      "S: P8 NO Server Unavailable. 15\n"
                      "C: P9 SELECT odd\n"
                      "S: * 1 EXISTS\n"
                      "S: P9 OK no UIDs here\n");

  g_assert_cmpstr (pinion_imap_connection_get_selected (session.connection)->raw_name, ==, "INBOX");
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "E4 F2=1");

  selected = dex_await_boxed (
      pinion_imap_connection_select (session.connection, "Sent Items", TRUE), &error);
  g_assert_no_error (error);
  g_assert_true (selected->read_only);
  g_assert_cmpuint (selected->exists, ==, 9);
  g_assert_cmpuint (selected->uidnext, ==, 0);
  /* Nothing can be changed in it, so nothing is sent. */
  {
    g_autoptr (PinionUidSet) set = session_set ("1");
    g_autoptr (GError) refused = NULL;

    refused = session_assert_rejects (pinion_imap_connection_store (session.connection, set, TRUE,
                                                                    PINION_IMAP_FLAG_SEEN),
                                      PINION_ERROR_REFUSED);
  }

  closed = session_assert_rejects (
      pinion_imap_connection_select (session.connection, "gone", FALSE),
      PINION_ERROR_SERVER_UNAVAILABLE);
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  g_clear_error (&closed);
  closed = session_assert_rejects (pinion_imap_connection_select (session.connection, "odd", FALSE),
                                   PINION_ERROR_MAILBOX_NOT_OPENED);
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

/* Without UNSELECT, a mailbox is left without expunging by opening it for reading only. */
static DexFuture *
test_unselect_fiber (gpointer data)
{
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UNSELECT\n"
                      "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_unselect (session.connection));
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  session_assert_resolves (pinion_imap_connection_unselect (session.connection));
  session_close (&session);

  session_open_inbox (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE SASL-IR",
                      "C: P6 EXAMINE INBOX\n"
                      "S: * OK [UIDVALIDITY 14] x\n"
                      "S: P6 OK [READ-ONLY] x\n"
                      "C: P7 CLOSE\n"
                      "S: P7 OK done\n");
  session_assert_resolves (pinion_imap_connection_unselect (session.connection));
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Waiting --------------------------------------------------------------------------------- */

#define IDLE_BEGINS(tag) "C: " tag " IDLE\nS: + IDLE accepted, awaiting DONE command.\n"
#define IDLE_ENDS(tag) "C: DONE\nS: " tag " OK IDLE completed.\n"

static DexFuture *
test_idle_news_fiber (gpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      /* Exchange may speak before the "+". */
                      "C: P6 IDLE\nS: * 4 EXISTS\nS: + go\n" IDLE_ENDS ("P6")
                      IDLE_BEGINS ("P7") "S: * 2 EXPUNGE\nC: DONE\n"
                      "S: * 4 EXISTS\nS: P7 OK IDLE completed.\n");

  g_assert_true (dex_await_boolean (pinion_imap_connection_idle (session.connection, 600), &error));
  g_assert_no_error (error);
  first = session_take_changes (&session);
  g_assert_cmpstr (first, ==, "E4");

  g_assert_true (dex_await_boolean (pinion_imap_connection_idle (session.connection, 600), &error));
  g_assert_no_error (error);
  /* What came after DONE is not lost. */
  second = session_take_changes (&session);
  g_assert_cmpstr (second, ==, "-2 E4");
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_idle_ends_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) busy = NULL;
  DexFuture *idle;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      IDLE_BEGINS ("P6") IDLE_ENDS ("P6")           /* the limit */
                      IDLE_BEGINS ("P7") IDLE_ENDS ("P7")           /* woken */
                      IDLE_BEGINS ("P8") IDLE_ENDS ("P8")           /* a command */
                      "C: P9 NOOP\nS: P9 OK NOOP completed.\n"
                      "C: P10 IDLE\nS: P10 NO not now\n"            /* refused */
                      IDLE_BEGINS ("P11") IDLE_ENDS ("P11")         /* dropped */
                      "C: P12 NOOP\nS: * 9 EXISTS\nS: P12 OK NOOP completed.\n");

  g_assert_false (dex_await_boolean (pinion_imap_connection_idle (session.connection, 1), &error));
  g_assert_no_error (error);

  /* Woken before the server has agreed, too */
  idle = pinion_imap_connection_idle (session.connection, 600);
  busy = session_assert_rejects (pinion_imap_connection_idle (session.connection, 600),
                                 PINION_ERROR_BUSY);
  pinion_imap_connection_wake (session.connection);
  g_assert_false (dex_await_boolean (idle, &error));
  g_assert_no_error (error);

  idle = pinion_imap_connection_idle (session.connection, 600);
  dex_await (dex_timeout_new_msec (100), NULL);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  g_assert_false (dex_await_boolean (idle, &error));
  g_assert_no_error (error);

  g_clear_error (&busy);
  busy = session_assert_rejects (pinion_imap_connection_idle (session.connection, 600),
                                 PINION_ERROR_REFUSED);

  dex_await (dex_future_first (pinion_imap_connection_idle (session.connection, 600),
                               dex_timeout_new_msec (100), NULL),
             NULL);
  dex_await (dex_timeout_new_msec (50), NULL);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));

  /* With news there is nothing to wait for. */
  g_assert_true (dex_await_boolean (pinion_imap_connection_idle (session.connection, 600), &error));
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_idle_not_offered_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE", "{end}\n");
  error = session_assert_rejects (pinion_imap_connection_idle (session.connection, 1),
                                  PINION_ERROR_REFUSED);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- The end --------------------------------------------------------------------------------- */

/* Whatever is under way hears of it. */
static DexFuture *
test_lost_fiber (gpointer data)
{
  static const struct
  {
    const char *script;
    PinionErrorCode code;
  } cases[] = {
    { "C: P6 NOOP\n{close}\n", PINION_ERROR_CONNECTION_LOST },
    { "C: P6 NOOP\n{reset}\n", PINION_ERROR_CONNECTION_LOST },
    { "C: P6 NOOP\nS: * BYE Connection closed. 14\n{end}\n", PINION_ERROR_CONNECTION_LOST },
    { "C: P6 NOOP\nS: * BYE [UNAVAILABLE] down\n{end}\n", PINION_ERROR_SERVER_UNAVAILABLE },
    { "C: P6 NOOP\nS: Q1 OK done\n{end}\n", PINION_ERROR_PROTOCOL },
    { "C: P6 NOOP\nS: P60 OK done\n{end}\n", PINION_ERROR_PROTOCOL },
    { "C: P6 NOOP\nS: P5 OK again\n{end}\n", PINION_ERROR_PROTOCOL },
    { "C: P6 NOOP\nS: * 1 FETCH (BODY[] {4294967295}\n{end}\n", PINION_ERROR_TOO_LARGE },
    { "C: P6 NOOP\nS: * 1 FETCH (BODY[] {2000000}\n{end}\n", PINION_ERROR_TOO_LARGE },
    { "C: P6 NOOP\nS- * LIST () \"/\" {20}\\r\\nhalf of\n{close}\n", PINION_ERROR_CONNECTION_LOST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DexFuture *first;
      DexFuture *second;
      g_autoptr (GError) one = NULL;
      g_autoptr (GError) other = NULL;
      g_autoptr (GError) end = NULL;
      g_autofree char *script = NULL;
      Session session;

      /* The second is sent along with the first. */
      script = g_strconcat ("C: P6 NOOP\nC: P7 NOOP\n", cases[i].script + strlen ("C: P6 NOOP\n"),
                            NULL);
      session_open_inbox (&session, SESSION_EXCHANGE, script);
      first = pinion_imap_connection_noop (session.connection);
      second = pinion_imap_connection_noop (session.connection);
      one = session_assert_rejects (first, cases[i].code);
      other = session_assert_rejects (second, cases[i].code);
      end = session_assert_rejects (pinion_imap_connection_closed (session.connection),
                                    cases[i].code);
      g_assert_true (pinion_imap_connection_is_closed (session.connection));
      g_clear_error (&one);
      one = session_assert_rejects (pinion_imap_connection_noop (session.connection),
                                    cases[i].code);
      session_close (&session);
    }

  return dex_future_new_true ();
}

/* A server that says nothing: while it owes an answer that is an error, else it is its right. */
static DexFuture *
test_silent_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE, "C: P6 NOOP\nS: P6 OK\nC: P7 NOOP\n{hold}\n");
  pinion_imap_pipeline_set_time_limit (session.connection->pipeline, 200);
  dex_await (dex_timeout_new_msec (400), NULL);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  error = session_assert_rejects (pinion_imap_connection_noop (session.connection),
                                  PINION_ERROR_TIMED_OUT);
  session_close (&session);

  /* A connection that does not answer DONE is lost. */
  g_clear_error (&error);
  session_open_inbox (&session, SESSION_EXCHANGE, "C: P6 IDLE\nS: +\n{hold}\n");
  {
    DexFuture *idle = pinion_imap_connection_idle (session.connection, 100);

    dex_await (dex_timeout_new_msec (200), NULL);
    pinion_imap_pipeline_write_line (session.connection->pipeline, "DONE", 200);
    error = session_assert_rejects (idle, PINION_ERROR_CONNECTION_LOST);
  }
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_logout_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  DexFuture *pending;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      IDLE_BEGINS ("P6") IDLE_ENDS ("P6")
                      "C: P7 LOGOUT\nS: * BYE signing off\nS: P7 OK LOGOUT completed.\n{end}\n");
  pending = pinion_imap_connection_idle (session.connection, 100);
  session_assert_resolves (pinion_imap_connection_logout (session.connection));
  session_assert_resolves (pending);
  error = session_assert_rejects (pinion_imap_connection_noop (session.connection),
                                  PINION_ERROR_CANCELLED);
  session_close (&session);

  /* Closed on our side with a command under way */
  session_open_inbox (&session, SESSION_EXCHANGE, "C: P6 NOOP\n{end}\n");
  pending = pinion_imap_connection_noop (session.connection);
  dex_await (dex_timeout_new_msec (50), NULL);
  pinion_imap_connection_close (session.connection);
  again = session_assert_rejects (pending, PINION_ERROR_CANCELLED);
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/mailboxes/list", test_list_fiber);
  pinion_test_add_fiber ("/imap/mailboxes/status-and-create", test_status_and_create_fiber);
  pinion_test_add_fiber ("/imap/mailboxes/select", test_select_fiber);
  pinion_test_add_fiber ("/imap/mailboxes/unselect", test_unselect_fiber);
  pinion_test_add_fiber ("/imap/idle/news", test_idle_news_fiber);
  pinion_test_add_fiber ("/imap/idle/ends", test_idle_ends_fiber);
  pinion_test_add_fiber ("/imap/idle/not-offered", test_idle_not_offered_fiber);
  pinion_test_add_fiber ("/imap/end/lost", test_lost_fiber);
  pinion_test_add_fiber ("/imap/end/silent", test_silent_fiber);
  pinion_test_add_fiber ("/imap/end/logout", test_logout_fiber);

  return g_test_run ();
}
