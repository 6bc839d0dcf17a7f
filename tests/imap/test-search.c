/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching: the old answer and the new ones, offered, not offered, and made badly. */

#include <string.h>

#include "imap-test-session.h"

#define EXTENDED "IMAP4rev1 AUTH=PLAIN NAMESPACE ESEARCH"

static char *
await_set (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionUidSet) set = dex_await_boxed (future, &error);

  g_assert_no_error (error);

  return pinion_uid_set_to_string (set);
}

static void
assert_set (DexFuture  *future,
            const char *expected)
{
  g_autofree char *text = await_set (future);

  g_assert_cmpstr (text, ==, expected);
}

static PinionImapSearch *
search_newest (guint most)
{
  PinionImapSearch *search = pinion_imap_search_new ();

  pinion_imap_search_set_newest (search, most);

  return search;
}

static PinionImapSearch *
search_unseen (const char *uids)
{
  PinionImapSearch *search = pinion_imap_search_new ();
  g_autoptr (PinionUidSet) set = session_set (uids);

  pinion_imap_search_set_uids (search, set);
  pinion_imap_search_add_flag (search, "\\Seen", FALSE);
  pinion_imap_search_add_flag (search, "$MDNSent", TRUE);
  pinion_imap_search_add_flag (search, "$Junk", FALSE);

  return search;
}

static DexFuture *
test_esearch_fiber (gpointer data)
{
  g_autoptr (GArray) uids = NULL;
  g_autoptr (GError) error = NULL;
  PinionImapConnection *connection;
  Session session;

  session_open_inbox (&session, EXTENDED,
                      "C: P6 UID SEARCH RETURN (ALL) UID 1:40 UNSEEN KEYWORD $MDNSent "
                      "UNKEYWORD $Junk\n"
                      "S: * ESEARCH (TAG \"P5\") UID ALL 99\n"
                      "S: * ESEARCH (TAG \"P6\") UID ALL 38:50,2:4,1\n"
                      "S: P6 OK done\n"
                      "C: P7 UID SEARCH RETURN (ALL) ALL\n"
                      "S: * ESEARCH (TAG \"P7\") UID\n"
                      "S: P7 OK done\n"
                      /* The old way in spite of it */
                      "C: P8 UID SEARCH RETURN (ALL) ALL\n"
                      "S: * SEARCH 3 1 2 9\n"
                      "S: P8 OK done\n"
                      "C: P9 UID SEARCH RETURN (ALL) ALL\n"
                      "S: * ESEARCH UID COUNT 3 ALL 7:9\n"
                      "S: P9 OK done\n");
  connection = session.connection;
  assert_set (pinion_imap_connection_search_set (connection, search_unseen ("1:40")), "1:4,38:40");
  assert_set (pinion_imap_connection_search_set (connection, pinion_imap_search_new ()), "");
  assert_set (pinion_imap_connection_search_set (connection, pinion_imap_search_new ()), "1:3,9");
  uids = dex_await_boxed (pinion_imap_connection_search (connection, pinion_imap_search_new ()),
                          &error);
  g_assert_no_error (error);
  g_assert_cmpuint (uids->len, ==, 3);
  g_assert_cmpuint (g_array_index (uids, guint32, 0), ==, 7);
  session_close (&session);

  return dex_future_new_true ();
}

/* An answer that makes no sense is not an empty one, and costs nothing else. */
static DexFuture *
test_malformed_fiber (gpointer data)
{
  static const char *const answers[] = {
    "S: * ESEARCH (TAG \"$tag\") UID ALL 3:\n",
    "S: * ESEARCH (TAG \"$tag\") UID ALL\n",
    "S: * ESEARCH (TAG \"$tag\") UID ALL 0\n",
    "S: * ESEARCH (TAG \"$tag\") ALL 1:3\n",
    "S: * ESEARCH (TAG \"$tag\" UID ALL 1:3\n",
    "S: * ESEARCH UID ALL 1 PARTIAL (\n",
    "S: * SEARCH 1 2 x\n",
    "S: * SEARCH 4294967296\n",
  };
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (GError) many = NULL;
  Session session;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_string_append_printf (script,
                            "C: $tag UID SEARCH RETURN (ALL) ALL\n%sS: $tag OK done\n"
                            "C: $tag UID SEARCH RETURN (ALL) ALL\n"
                            "S: * 1 FETCH (UID x)\n"
                            "S: * ESEARCH (TAG \"$tag\") UID ALL 5\nS: $tag OK done\n",
                            answers[i]);
  g_string_append (script, "C: $tag UID SEARCH RETURN (ALL) ALL\n"
                           "S: * ESEARCH UID ALL 1:*\nS: $tag OK done\n");
  session_open_inbox (&session, EXTENDED, script->str);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      error = session_assert_rejects (
          pinion_imap_connection_search_set (session.connection, pinion_imap_search_new ()),
          PINION_ERROR_REFUSED);
      assert_set (pinion_imap_connection_search_set (session.connection, pinion_imap_search_new ()),
                  "5");
    }
  many = session_assert_rejects (
      pinion_imap_connection_search (session.connection, pinion_imap_search_new ()),
      PINION_ERROR_TOO_LARGE);
  g_assert_false (pinion_imap_connection_is_closed (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_newest_fiber (gpointer data)
{
  Session session;

  session_open_inbox (&session, EXTENDED " PARTIAL",
                      "C: P6 UID SEARCH RETURN (PARTIAL -1:-4) ALL\n"
                      "S: * ESEARCH (TAG \"P6\") UID PARTIAL (-1:-4 9,12:14)\n"
                      "S: P6 OK done\n"
                      "C: P7 UID SEARCH RETURN (PARTIAL -1:-4) ALL\n"
                      "S: * ESEARCH (TAG \"P7\") UID PARTIAL (-1:-4 NIL)\n"
                      "S: P7 OK done\n"
                      "C: P8 UID SEARCH RETURN (ALL) ALL\n"
                      "S: * ESEARCH (TAG \"P8\") UID ALL 1\n"
                      "S: P8 OK done\n");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (4)),
              "9,12:14");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (4)), "");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (0)), "1");
  session_close (&session);

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID SEARCH ALL\n"
                      "S: * SEARCH 1 2 3 9 11 12 13 14\n"
                      "S: P6 OK done\n"
                      "C: P7 UID SEARCH ALL\n"
                      "S: * SEARCH 1 2 3 9 11 12 13 14\n"
                      "S: P7 OK done\n"
                      "C: P8 UID SEARCH ALL\n"
                      "S: * SEARCH 4294967295\n"
                      "S: P8 OK done\n");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (7)),
              "2:3,9,11:14");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (3)), "12:14");
  assert_set (pinion_imap_connection_search_set (session.connection, search_newest (3)), "*");
  session_close (&session);

  return dex_future_new_true ();
}

/* Where EXPUNGE takes everything that is flagged, only a clear answer lets it happen. */
static DexFuture *
test_guarded_expunge_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20");
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, EXTENDED,
                      "C: P6 UID SEARCH RETURN (ALL) DELETED\n"
                      "S: P6 OK done\n"
                      "C: P7 UID SEARCH RETURN (ALL) DELETED\n"
                      "S: * ESEARCH (TAG \"P7\") UID ALL 10,\n"
                      "S: P7 OK done\n"
                      "C: P8 UID SEARCH RETURN (ALL) DELETED\n"
                      "S: * ESEARCH (TAG \"P8\") UID ALL 10\n"
                      "S: P8 OK done\n"
                      "C: P9 EXPUNGE\n"
                      "S: P9 OK done\n");
  g_assert_false (dex_await_boolean (pinion_imap_connection_expunge (session.connection, set),
                                     &error));
  g_assert_no_error (error);
  refused = session_assert_rejects (pinion_imap_connection_expunge (session.connection, set),
                                    PINION_ERROR_REFUSED);
  g_assert_true (dex_await_boolean (pinion_imap_connection_expunge (session.connection, set),
                                    &error));
  g_assert_no_error (error);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Scanning -------------------------------------------------------------------------------- */

#define LARGE                                                                                      \
  "C: P5 SELECT INBOX\n"                                                                           \
  "S: * 600 EXISTS\n"                                                                              \
  "S: * OK [PERMANENTFLAGS (\\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft "                \
  "$MDNSent)] x\n"                                                                                 \
  "S: * OK [UIDVALIDITY 14] ok\n"                                                                  \
  "S: P5 OK [READ-WRITE] done\n"

/* The questions after the first one, where answers are tagged, and their ends. */
#define OTHERS                                                                                     \
  "C: $tag UID SEARCH RETURN (ALL) UNSEEN\n"                                                       \
  "C: $tag UID SEARCH RETURN (ALL) ANSWERED\n"                                                     \
  "C: $tag UID SEARCH RETURN (ALL) FLAGGED\n"                                                      \
  "C: $tag UID SEARCH RETURN (ALL) DELETED\n"                                                      \
  "C: $tag UID SEARCH RETURN (ALL) DRAFT\n"                                                        \
  "C: $tag UID SEARCH RETURN (ALL) KEYWORD $MDNSent\n"
#define NOTHING(tag) "S: * ESEARCH (TAG \"P" #tag "\") UID\nS: P" #tag " OK done\n"
#define OTHERS_DONE(a, b, c, d, e, f)                                                              \
  NOTHING (a) NOTHING (b) NOTHING (c) NOTHING (d) NOTHING (e) NOTHING (f)

/* A whole scan, one question after the other. */
#define IN_TURN                                                                                    \
  "C: $tag UID SEARCH ALL\nS: * SEARCH%s\nS: $tag OK done\n"                                       \
  "C: $tag UID SEARCH UNSEEN\nS: * SEARCH 4 600\nS: $tag OK done\n"                                \
  "C: $tag UID SEARCH ANSWERED\nS: * SEARCH 6 7\nS: $tag OK done\n"                                \
  "C: $tag UID SEARCH FLAGGED\nS: $tag OK done\n"                                                  \
  "C: $tag UID SEARCH DELETED\nS: $tag OK done\n"                                                  \
  "C: $tag UID SEARCH DRAFT\nS: $tag OK done\n"                                                    \
  "C: $tag UID SEARCH KEYWORD $MDNSent\nS: $tag OK done\n"

static const PinionImapUidFlags *
flags_at (GArray *flags,
          guint   index)
{
  return &g_array_index (flags, PinionImapUidFlags, index);
}

static DexFuture *
test_scan_fiber (gpointer data)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (PinionUidSet) everything = pinion_uid_set_new_all ();
  g_autoptr (GArray) flags = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *script = NULL;
  Session session;

  for (guint uid = 2; uid <= 1200; uid += 2)
    g_string_append_printf (all, " %u", uid);
  /* All is asked before anything is answered. */
  script = g_strdup_printf (LARGE "C: P6 UID SEARCH ALL\n"
                                  "C: P7 UID SEARCH UNSEEN\n"
                                  "C: P8 UID SEARCH ANSWERED\n"
                                  "C: P9 UID SEARCH FLAGGED\n"
                                  "C: P10 UID SEARCH DELETED\n"
                                  "C: P11 UID SEARCH DRAFT\n"
                                  "C: P12 UID SEARCH KEYWORD $MDNSent\n"
                                  "S: * SEARCH%s\nS: P6 OK done\n"
                                  "S: * SEARCH 4 1200\nS: P7 OK done\n"
                                  "S: * SEARCH 6 7\nS: P8 OK done\n"
                                  "S: * SEARCH\nS: P9 OK done\n"
                                  "S: * SEARCH\nS: P10 OK done\n"
                                  "S: * SEARCH 4\nS: P11 OK done\n"
                                  "S: * SEARCH 6\nS: P12 OK done\n",
                            all->str);
  session_open (&session, SESSION_EXCHANGE, script);
  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  flags = dex_await_boxed (pinion_imap_connection_scan_flags (session.connection, everything),
                           &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flags->len, ==, 600);
  g_assert_cmpuint (flags_at (flags, 0)->uid, ==, 2);
  g_assert_cmpuint (flags_at (flags, 0)->flags, ==, PINION_IMAP_FLAG_SEEN);
  g_assert_cmpuint (flags_at (flags, 1)->flags, ==, PINION_IMAP_FLAG_DRAFT);
  g_assert_cmpuint (flags_at (flags, 2)->uid, ==, 6);
  g_assert_cmpuint (flags_at (flags, 2)->flags, ==,
                    PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_ANSWERED | PINION_IMAP_FLAG_MDN_SENT);
  g_assert_cmpuint (flags_at (flags, 599)->uid, ==, 1200);
  g_assert_cmpuint (flags_at (flags, 599)->flags, ==, 0);
  session_close (&session);

  return dex_future_new_true ();
}

/* A server whose answers to P7 and P8 come as @order is asked one thing after the other from then on. */
static void
assert_in_turn (const char *order)
{
  g_autoptr (PinionUidSet) everything = pinion_uid_set_new_all ();
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *script = NULL;
  Session session;

  for (guint uid = 1; uid <= 600; uid++)
    g_string_append_printf (all, " %u", uid);
  script = g_strdup_printf (
      LARGE "C: P6 UID SEARCH ALL\n"
            "C: P7 UID SEARCH UNSEEN\n"
            "C: P8 UID SEARCH ANSWERED\n"
            "C: P9 UID SEARCH FLAGGED\n"
            "C: P10 UID SEARCH DELETED\n"
            "C: P11 UID SEARCH DRAFT\n"
            "C: P12 UID SEARCH KEYWORD $MDNSent\n"
            "S: * SEARCH%s\nS: P6 OK done\n%s"
            "S: * SEARCH\nS: P9 OK done\nS: * SEARCH\nS: P10 OK done\n"
            "S: * SEARCH\nS: P11 OK done\nS: * SEARCH\nS: P12 OK done\n" IN_TURN IN_TURN,
      all->str, order, all->str, all->str);
  session_open (&session, SESSION_EXCHANGE, script);
  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) flags = dex_await_boxed (
          pinion_imap_connection_scan_flags (session.connection, everything), &error);

      g_assert_no_error (error);
      g_assert_cmpuint (flags->len, ==, 600);
      g_assert_cmpuint (flags_at (flags, 3)->flags, ==, 0);
      g_assert_cmpuint (flags_at (flags, 6)->flags, ==,
                        PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_ANSWERED);
    }
  session_close (&session);
}

static DexFuture *
test_scan_mixed_fiber (gpointer data)
{
  assert_in_turn ("S: * SEARCH 6 7\nS: P8 OK done\nS: * SEARCH 4 600\nS: P7 OK done\n");
  assert_in_turn ("S: * SEARCH 6 7\nS: * SEARCH 4 600\nS: P7 OK done\nS: P8 OK done\n");
  assert_in_turn ("S: * SEARCH 4 600\nS: * SEARCH 6 7\nS: P7 OK done\nS: P8 OK done\n");
  assert_in_turn ("S: P8 OK done\nS: * SEARCH 4 600\nS: P7 OK done\n");

  return dex_future_new_true ();
}

/* What cannot be believed or is refused is fetched; so is what is small anyhow. */
static DexFuture *
test_scan_fetches_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) everything = pinion_uid_set_new_all ();
  g_autoptr (PinionUidSet) few = session_set ("1:9");
  g_autoptr (GError) lost = NULL;
  Session session;

  session_open (&session, SESSION_EXCHANGE " ESEARCH",
                LARGE
                /* More than there are */
                "C: P6 UID SEARCH RETURN (ALL) ALL\n" OTHERS
                "S: * ESEARCH (TAG \"P6\") UID ALL 1:4000000000\n"
                "S: P6 OK done\n" OTHERS_DONE (7, 8, 9, 10, 11, 12)
                "C: P13 UID FETCH 1:* (UID FLAGS)\n"
                "S: P13 OK done\n"
                "C: P14 UID SEARCH RETURN (ALL) ALL\n" OTHERS
                "S: P14 BAD Command Error. 10\n" OTHERS_DONE (15, 16, 17, 18, 19, 20)
                "C: P21 UID FETCH 1:* (UID FLAGS)\n"
                "S: P21 OK done\n"
                "C: P22 UID FETCH 1:9 (UID FLAGS)\n"
                "S: P22 OK done\n"
                "C: P23 UID SEARCH RETURN (ALL) ALL\n" OTHERS
                "S: P23 NO [UNAVAILABLE] later\n" OTHERS_DONE (24, 25, 26, 27, 28, 29));
  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  session_assert_resolves (pinion_imap_connection_scan_flags (session.connection, everything));
  session_assert_resolves (pinion_imap_connection_scan_flags (session.connection, everything));
  session_assert_resolves (pinion_imap_connection_scan_flags (session.connection, few));
  lost = session_assert_rejects (
      pinion_imap_connection_scan_flags (session.connection, everything),
      PINION_ERROR_SERVER_UNAVAILABLE);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- A person's question -------------------------------------------------------------------- */

#define NOW 1767225600 /* 2026-01-01 */

static DexFuture *
ask (PinionImapConnection *connection,
     const char           *text)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  PinionImapSearch *search = pinion_imap_search_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (pinion_imap_search_add_query (search, query, FALSE, &error));
  g_assert_no_error (error);

  return pinion_imap_connection_search_set (connection, search);
}

static DexFuture *
test_query_fiber (gpointer data)
{
  static const char *const questions[][2] = {
    { "budget plan", "TEXT budget TEXT plan" },
    { "\"exact \"\"words\"\"\"", "TEXT \"exact \\\\\"words\\\\\"\"" },
    { "from:ana to:bo cc:cy bcc:di subject:e body:f",
      "FROM ana TO bo CC cy BCC di SUBJECT e BODY f" },
    { "-from:ana -is:starred", "NOT FROM ana NOT FLAGGED" },
    { "a OR -b OR is:unread c", "OR TEXT a OR NOT TEXT b UNSEEN TEXT c" },
    { "is:read has:attachment larger:5K smaller:2M",
      "SEEN HEADER Content-Type multipart/mixed LARGER 5120 SMALLER 2097152" },
    /* A day more at each end, also where it is turned around */
    { "after:2025-03-10 before:2025-04-01", "SINCE 09-Mar-2025 BEFORE 03-Apr-2025" },
    { "-after:2025-03-10 -before:2025-04-01", "BEFORE 12-Mar-2025 SINCE 31-Mar-2025" },
    /* Labels are folders */
    { "label:Projects x", "TEXT x" },
    { "label:Projects", "ALL" },
  };
  g_autoptr (GString) script = g_string_new (NULL);
  Session session;

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    g_string_append_printf (script, "C: $tag UID SEARCH %s\nS: * SEARCH 3 5\nS: $tag OK done\n",
                            questions[i][1]);
  session_open_inbox (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE", script->str);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    assert_set (ask (session.connection, questions[i][0]), "3,5");
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_unicode_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionUidSet) none = NULL;
  Session session;

  session_open_inbox (&session, "IMAP4rev1 AUTH=PLAIN NAMESPACE LITERAL+",
                      "C: $tag UID SEARCH CHARSET UTF-8 FROM ana SUBJECT {7+}\n"
                      "C: Gr\\xc3\\xbc\\xc3\\x9fe\n"
                      "S: * SEARCH 7\n"
                      "S: $tag OK done\n"
                      "C: $tag UID SEARCH CHARSET UTF-8 TEXT {6+}\n"
                      "C: \\xe6\\x9d\\xb1\\xe4\\xba\\xac\n"
                      "S: $tag NO [BADCHARSET (US-ASCII)] no\n");
  assert_set (ask (session.connection, "from:ana subject:Gr\xc3\xbc\xc3\x9f" "e"), "7");
  none = dex_await_boxed (ask (session.connection, "\xe6\x9d\xb1\xe4\xba\xac"), &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_REFUSED));
  session_close (&session);

  return dex_future_new_true ();
}

static void
assert_cannot (const char      *text,
               gboolean         ascii_only,
               PinionErrorCode  code)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  g_autoptr (PinionImapSearch) search = pinion_imap_search_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pinion_imap_search_add_query (search, query, ascii_only, &error));
  g_assert_true (pinion_error_is (error, code));
}

static void
test_cannot_be_asked (void)
{
  assert_cannot ("filename:plan", FALSE, PINION_ERROR_SEARCH_UNSUPPORTED);
  assert_cannot ("label:a OR b", FALSE, PINION_ERROR_SEARCH_UNSUPPORTED);
  assert_cannot ("x -Gr\xc3\xbc\xc3\x9f" "e", TRUE, PINION_ERROR_SEARCH_ASCII_ONLY);
}

int
main (int   argc,
      char *argv[])
{
  /* Days begin at midnight of this zone. */
  g_setenv ("TZ", "UTC", TRUE);
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/search/esearch", test_esearch_fiber);
  pinion_test_add_fiber ("/imap/search/malformed", test_malformed_fiber);
  pinion_test_add_fiber ("/imap/search/newest", test_newest_fiber);
  pinion_test_add_fiber ("/imap/search/guarded-expunge", test_guarded_expunge_fiber);
  pinion_test_add_fiber ("/imap/search/scan", test_scan_fiber);
  pinion_test_add_fiber ("/imap/search/scan-mixed", test_scan_mixed_fiber);
  pinion_test_add_fiber ("/imap/search/scan-fetches", test_scan_fetches_fiber);
  pinion_test_add_fiber ("/imap/search/query", test_query_fiber);
  pinion_test_add_fiber ("/imap/search/unicode", test_unicode_fiber);
  g_test_add_func ("/imap/search/cannot-be-asked", test_cannot_be_asked);

  return g_test_run ();
}
