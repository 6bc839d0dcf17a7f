/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server that means harm does to a session that is signed in: either the connection ends
 * with an error that says why, or what makes no sense is skipped and it goes on.
 *
 * Requirement or record        Test ("end/" stands for all that begin so)
 * ---------------------------  -----------------------------------------------------------------
 * Bounds                       end/, flood/; hostile/bounds/; framer/bounds, response/nesting, end/silent
 *   endless continuations      flood/continuations, flood/idle-continuations
 *   negative or huge literals  end/literal-huge, -overflow, -wraps; skip/literal-negative
 *   CVE-2026-4371              skip/literal-negative, skip/string-unclosed
 *   end within a literal       end/closed-in-literal
 *   CVE-2018-14351             skip/status-literal, skip/status-literal-short
 * Memory follows the bytes     framer/announced-is-not-allocated, numbers/exists-huge
 * Numbers                      numbers/
 *   CVE-2018-14350, -14358     numbers/long-date, numbers/long-size
 * Tags                         end/tag-
 * Changes that do not add up   state/; view/lies, view/huge
 * Tolerance                    skip/; response/fetches (Exchange's sizes, blanks, quotes)
 * Names are names              names/
 *   CVE-2018-14354, -14357     names/commands (backquotes), CVE-2018-14355 names/paths ("..")
 *   CVE-2018-14362             names/uid-path
 *   CVE-2020-16094             names/deep
 * Nothing without asking       ask/body-unasked, ask/other-uid, ask/referral
 * CVE-2018-14349               text/
 * CVE-2018-14352, -14353       skip/quotes
 * CVE-2021-32055               sets/comma-vanished, sets/comma-copyuid
 * CVE-2022-4121                skip/status-without-list, skip/status-nothing
 */

#include <string.h>

#include "imap-test-hostile.h"

#define GOES_ON "C: $tag NOOP\nS: $tag OK done\n"

/* What the client does when the server says the script; the result as text, %NULL on error. */
typedef char *(*Act) (PinionImapConnection *connection,
                      GError              **error);

/* @result: what must come of it; %NULL where it ends in @code.  @changes: as session_take_changes()
 * says them.  @lasts: whether the connection goes on afterwards. */
typedef struct
{
  const char *name;
  Act act;
  const char *script;
  const char *result;
  const char *changes;
  PinionErrorCode code;
  gboolean lasts;
} Case;

/* -- Acts ----------------------------------------------------------------------------------- */

static char *
act_noop (PinionImapConnection *connection,
          GError              **error)
{
  return dex_await (pinion_imap_connection_noop (connection), error) ? g_strdup ("") : NULL;
}

static char *
act_list (PinionImapConnection *connection,
          GError              **error)
{
  g_autoptr (GPtrArray) mailboxes = NULL;
  GString *out;

  mailboxes = dex_await_boxed (pinion_imap_connection_list (connection), error);
  if (mailboxes == NULL)
    return NULL;

  out = g_string_new (NULL);
  for (guint i = 0; i < mailboxes->len; i++)
    g_string_append_printf (out, "<%s>", ((PinionImapMailbox *) mailboxes->pdata[i])->raw_name);

  return g_string_free_and_steal (out);
}

static char *
act_status (PinionImapConnection *connection,
            GError              **error)
{
  g_autoptr (PinionImapStatus) status = NULL;

  status = dex_await_boxed (pinion_imap_connection_status (connection, "x"), error);
  if (status == NULL)
    return NULL;

  return g_strdup_printf ("%u %u %u %u", status->messages, status->unseen, status->uidnext,
                          status->uidvalidity);
}

static char *
act_select (PinionImapConnection *connection,
            GError              **error)
{
  g_autoptr (PinionImapSelected) selected = NULL;

  selected = dex_await_boxed (pinion_imap_connection_select (connection, "x", FALSE), error);
  if (selected == NULL)
    return NULL;

  return g_strdup_printf ("%u %u %u", selected->exists, selected->uidvalidity, selected->uidnext);
}

static char *
act_search (PinionImapConnection *connection,
            GError              **error)
{
  g_autoptr (GArray) found = NULL;
  GString *out;

  found = dex_await_boxed (pinion_imap_connection_search (connection, pinion_imap_search_new ()),
                           error);
  if (found == NULL)
    return NULL;

  out = g_string_new (NULL);
  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (out, "<%u>", g_array_index (found, guint32, i));

  return g_string_free_and_steal (out);
}

static char *
act_flags (PinionImapConnection *connection,
           GError              **error)
{
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (GArray) flags = NULL;
  GString *out;

  flags = dex_await_boxed (pinion_imap_connection_fetch_flags (connection, all), error);
  if (flags == NULL)
    return NULL;

  out = g_string_new (NULL);
  for (guint i = 0; i < flags->len; i++)
    g_string_append_printf (out, "<%u>", g_array_index (flags, PinionImapUidFlags, i).uid);

  return g_string_free_and_steal (out);
}

static char *
act_headers (PinionImapConnection *connection,
             GError              **error)
{
  g_autoptr (PinionUidSet) some = session_set ("5:9");
  g_autoptr (GPtrArray) messages = NULL;
  GString *out;

  messages = dex_await_boxed (pinion_imap_connection_fetch_headers (connection, some, "SUBJECT",
                                                                    PINION_IMAP_HEADERS_ALL),
                              error);
  if (messages == NULL)
    return NULL;

  out = g_string_new (NULL);
  for (guint i = 0; i < messages->len; i++)
    {
      const PinionImapMessage *message = messages->pdata[i];

      g_string_append_printf (out, "<%u %s %u>", message->uid,
                              message->internal_date == G_MININT64 ? "undated" : "dated",
                              (guint) message->size);
    }

  return g_string_free_and_steal (out);
}

static char *
act_copy (PinionImapConnection *connection,
          GError              **error)
{
  g_autoptr (PinionUidSet) some = session_set ("5:6");
  g_autoptr (PinionImapCopied) copied = NULL;

  copied = dex_await_boxed (pinion_imap_connection_copy (connection, some, "x"), error);

  return copied != NULL ? g_strdup_printf ("%u %u", copied->uidvalidity, copied->source->len)
                        : NULL;
}

static char *
act_idle (PinionImapConnection *connection,
          GError              **error)
{
  return dex_await (pinion_imap_connection_idle (connection, 60), error) ? g_strdup ("") : NULL;
}

/* -- Cases ---------------------------------------------------------------------------------- */

#define LIST "C: P6 LIST \"\" \"*\"\n"
#define STATUS "C: P6 STATUS x (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
#define SELECT "C: P6 SELECT x\n"
#define SEARCH "C: P6 UID SEARCH ALL\n"
#define FLAGS "C: P6 UID FETCH 1:* (UID FLAGS)\n"
#define HEADERS "C~ P6 UID FETCH 5:9 .*\n"
#define COPY "C: P6 UID COPY 5:6 x\n"
#define NOOP "C: P6 NOOP\n"
#define DONE "S: P6 OK done\n"

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"
#define LONGER LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG

static const Case cases[] = {
  /* -- Numbers: digits, 32 bits, and nothing else ------------------------------------------- */
  { "numbers/uid", act_flags,
    FLAGS "S: * 1 FETCH (UID -1 FLAGS ())\nS: * 1 FETCH (UID +1 FLAGS ())\n"
          "S: * 1 FETCH (UID 1e5 FLAGS ())\nS: * 1 FETCH (UID 0x10 FLAGS ())\n"
          "S: * 1 FETCH (UID 4294967296 FLAGS ())\nS: * 1 FETCH (UID 1.0 FLAGS ())\n"
          "S: * 1 FETCH (UID 99999999999999999999 FLAGS ())\nS: * 1 FETCH (UID 0 FLAGS ())\n"
          "S: * 1 FETCH (UID Infinity FLAGS ())\nS: * 1 FETCH (UID 18446744073709551621 FLAGS ())\n"
          "S: * 1 FETCH (UID 7 FLAGS ())\n" DONE,
    "<7>", "F1=0", .lasts = TRUE },
  { "numbers/search", act_search,
    SEARCH "S: * SEARCH -1\nS: * SEARCH 1e5\nS: * SEARCH 4294967296\nS: * SEARCH 1,2\n"
           "S: * SEARCH 0 0 8\nS: * SEARCH 99999999999999999999\n" DONE,
    "<8>", "", .lasts = TRUE },
  { "numbers/status", act_status,
    STATUS "S: * STATUS x (MESSAGES -1)\nS: * STATUS x (MESSAGES 1e5)\n"
           "S: * STATUS x (MESSAGES 4294967296)\nS: * STATUS x (MESSAGES 4 UIDNEXT 4294967295)\n"
    DONE,
    "4 0 4294967295 0", "", .lasts = TRUE },
  { "numbers/exists-huge", act_noop,
    NOOP "S: * 4294967295 EXISTS\nS: * 4294967295 FETCH (UID 4294967295 FLAGS ())\n"
         "S: * 4294967295 EXPUNGE\nS: * 1 EXPUNGE\n" DONE,
    "", "E4294967295 F4294967295=0 -4294967295 -1", .lasts = TRUE },
  { "numbers/exists", act_noop,
    NOOP "S: * 4294967296 EXISTS\nS: * -1 EXISTS\nS: * 1e5 EXISTS\n"
         "S: * 99999999999999999999 EXISTS\n" DONE,
    "", "", .lasts = TRUE },
  { "numbers/codes", act_select,
    SELECT "S: * 2 EXISTS\nS: * OK [UIDNEXT 1e5] x\nS: * OK [UIDNEXT Infinity] x\n"
           "S: * OK [UIDNEXT -1] x\nS: * OK [UIDNEXT 99999999999999999999] x\n"
           "S: * OK [UIDVALIDITY 9] x\nS: * OK [UIDVALIDITY 4294967296] x\n" DONE,
    "2 9 0", "", .lasts = TRUE },
  { "numbers/long-date", act_headers,
    HEADERS "S: * 1 FETCH (UID 5 INTERNALDATE \"" LONGER "\" RFC822.SIZE 3 BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 6 INTERNALDATE \"17-Jul-99999999 00:00:00 +0000\" "
            "BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 7 INTERNALDATE \"99-Xyz-2020 99:99:99 +9999\" BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 8 INTERNALDATE \"17-Jul-2020 01:02:03 +0000\" BODY[HEADER] \"a\")\n"
    DONE,
    "<5 undated 3><6 undated 0><7 undated 0><8 dated 0>", NULL, .lasts = TRUE },
  { "numbers/long-size", act_headers,
    HEADERS "S: * 1 FETCH (UID 5 RFC822.SIZE " LONGER " BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 6 RFC822.SIZE -99999999999999999999 BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 7 RFC822.SIZE 1e5 BODY[HEADER] \"a\")\n" DONE
            /* What made no sense is asked for once more, without the structure. */
            "C~ P7 UID FETCH 5,7:9 .*\nS: P7 OK done\n",
    "<6 undated 0>", NULL, .lasts = TRUE },

  /* -- Tags --------------------------------------------------------------------------------- */
  { "end/tag-unknown", act_noop, NOOP "S: ZZZ OK done\n{end}\n", .code = PINION_ERROR_PROTOCOL },
  { "end/tag-of-the-future", act_noop, NOOP "S: P7 OK done\n{end}\n",
    .code = PINION_ERROR_PROTOCOL },
  { "end/tag-of-the-past", act_noop, NOOP "S: P1 OK done\n{end}\n", .code = PINION_ERROR_PROTOCOL },
  { "end/tag-other-case", act_noop, NOOP "S: p6 OK done\n{end}\n", .code = PINION_ERROR_PROTOCOL },
  { "end/tag-longer", act_noop, NOOP "S: P66666666666666666666 OK done\n{end}\n",
    .code = PINION_ERROR_PROTOCOL },
  { "skip/tag-of-a-bye", act_noop, NOOP "S: P6 BYE\nS: P6 PREAUTH x\nS: P6\nS: P6 \n" DONE, "", "",
    .lasts = TRUE },

  /* -- Literals ----------------------------------------------------------------------------- */
  { "end/literal-huge", act_list, LIST "S: * LIST () \"/\" {4294967295}\n{end}\n",
    .code = PINION_ERROR_TOO_LARGE },
  { "end/literal-overflow", act_list, LIST "S: * LIST () \"/\" {99999999999999999999}\n{end}\n",
    .code = PINION_ERROR_TOO_LARGE },
  { "end/literal-wraps", act_list, LIST "S: * LIST () \"/\" {18446744073709551617}\n{end}\n",
    .code = PINION_ERROR_TOO_LARGE },
  { "end/literal-large-name", act_list, LIST "S: * LIST () \"/\" {1048577}\n{end}\n",
    .code = PINION_ERROR_TOO_LARGE },
  { "end/closed-in-literal", act_list, LIST "S- * LIST () \"/\" {50}\\r\\nabc\n{close}\n",
    .code = PINION_ERROR_CONNECTION_LOST },
  { "end/closed-in-line", act_list, LIST "S- * LIST () \"/\n{close}\n",
    .code = PINION_ERROR_CONNECTION_LOST },
  { "skip/literal-negative", act_list,
    LIST "S: * LIST () \"/\" {-1}\nS: * LIST () \"/\" {-4294967295}\nS: * LIST () \"/\" a\n" DONE,
    "<a>", "", .lasts = TRUE },
  { "skip/literal-exponent", act_list,
    LIST "S: * LIST () \"/\" {1e5}\nS: * LIST () \"/\" {0x10}\nS: * LIST () \"/\" { 3}\n"
         "S: * LIST () \"/\" {}\nS: * LIST () \"/\" a\n" DONE,
    "<a>", "", .lasts = TRUE },
  { "skip/literal-in-text", act_noop,
    NOOP "S: * OK {1000}\nS: * NO see {4294967295}\nS: P6 OK done {5}\n", "", "", .lasts = TRUE },
  { "skip/string-unclosed", act_list,
    LIST "S: * LIST () \"/\" \"abc\nS: * LIST () \"/\" \"abc\\\\\\\\\nS: * LIST (\\\\A \"/\" x\n"
         "S: * LIST () \"/\" \"\\\\\\\\\nS: * LIST () \"\nS: * LIST () \"/\" a\n" DONE,
    "<a>", "", .lasts = TRUE },
  { "skip/quotes", act_list,
    LIST "S: * LIST () \"/\" \"a\\\\\"\\\\\\\\\\\\\"b\"\n"
         "S: * LIST () \"\\\\\"\" c\n" DONE,
    "<a\"\\\"b><c>", "", .lasts = TRUE },
  { "skip/nul", act_list,
    LIST "S: * LIST () \"/\" \"a\\0b\"\nS: * LIST () \"/\" c\\0d\nS: * LIST () \"\\0\" e\n"
         "S: \\0\\0\nS: * \\0\nS: * LIST () \"/\" {3}\nS: f\\0g\nS: * LIST () \"/\" a\n" DONE,
    "<e><a>", "", .lasts = TRUE },

  /* -- STATUS ------------------------------------------------------------------------------- */
  { "skip/status-without-list", act_status,
    STATUS "S: * STATUS x\nS: * STATUS\nS: * STATUS \"\"\nS: * STATUS x (MESSAGES 3)\n" DONE,
    "3 0 0 0", "", .lasts = TRUE },
  { "skip/status-nothing", act_status, STATUS DONE, "0 0 0 0", "", .lasts = TRUE },
  { "skip/status-literal", act_status,
    STATUS "S: * STATUS {3}\nS: a b (MESSAGES 3)\n" DONE, "3 0 0 0", "", .lasts = TRUE },
  { "skip/status-literal-short", act_status,
    STATUS "S: * STATUS {2}\nS: a b (MESSAGES 3)\nS: * STATUS {0}\nS:  (MESSAGES 5)\n" DONE,
    "5 0 0 0", "", .lasts = TRUE },
  { "skip/status-literal-long", act_status,
    STATUS "S: * STATUS {25}\nS: a b (MESSAGES 3)\nS: P6 OK\nS:  (MESSAGES 5)\n" DONE,
    "5 0 0 0", "", .lasts = TRUE },

  /* -- NO, BAD and OK without a text -------------------------------------------------------- */
  { "text/select-no", act_select, SELECT "S: P6 NO\n" GOES_ON,
    .code = PINION_ERROR_MAILBOX_NOT_OPENED, .lasts = TRUE },
  { "text/select-bad", act_select, SELECT "S: P6 BAD \n" GOES_ON,
    .code = PINION_ERROR_MAILBOX_NOT_OPENED, .lasts = TRUE },
  { "text/list-no", act_list, LIST "S: * NO\nS: * BAD\nS: * OK\nS: P6 NO\n" GOES_ON,
    .code = PINION_ERROR_REFUSED, .lasts = TRUE },
  { "text/code-open", act_list, LIST "S: P6 NO [\n" GOES_ON, .code = PINION_ERROR_REFUSED,
    .lasts = TRUE },
  { "text/code-empty", act_list, LIST "S: P6 NO []\n" GOES_ON, .code = PINION_ERROR_REFUSED,
    .lasts = TRUE },
  { "text/bye", act_list, LIST "S: * BYE\n{end}\n", .code = PINION_ERROR_CONNECTION_LOST },

  /* -- Sets that end with a comma ----------------------------------------------------------- */
  { "sets/comma-vanished", act_noop,
    NOOP "S: * 1 FETCH (UID 5)\nS: * VANISHED 5,\nS: * VANISHED ,\nS: * VANISHED 5:\n"
         "S: * VANISHED \nS: * VANISHED 5,,6\n" DONE,
    /* Something went, and nobody knows what: everything is compared. */
    "", "R0", .lasts = TRUE },
  { "sets/comma-copyuid", act_copy, COPY "S: P6 OK [COPYUID 9 5:6, 7:8] x\n", "0 0", "",
    .lasts = TRUE },
  { "sets/uneven-copyuid", act_copy, COPY "S: P6 OK [COPYUID 9 5:6 7] x\n", "0 0", "",
    .lasts = TRUE },
  { "sets/huge-copyuid", act_copy, COPY "S: P6 OK [COPYUID 9 1:4294967295 1:4294967295] x\n",
    "0 0", "", .lasts = TRUE },

  /* -- State that does not add up ----------------------------------------------------------- */
  { "state/expunge-nothing", act_noop, NOOP "S: * 0 EXPUNGE\nS: * 4 EXPUNGE\n" DONE, "", "R0",
    .lasts = TRUE },
  { "state/fetch-nothing", act_noop,
    NOOP "S: * 0 FETCH (FLAGS ())\nS: * 4 FETCH (UID 9 FLAGS ())\n" DONE, "", "", .lasts = TRUE },
  { "state/exists-shrinks", act_noop, NOOP "S: * 1 EXISTS\n" DONE, "", "R0", .lasts = TRUE },
  { "state/uidvalidity-changes", act_noop, NOOP "S: * OK [UIDVALIDITY 15] x\n" DONE, "", "R0",
    .lasts = TRUE },
  { "state/no-uidvalidity", act_select, SELECT "S: * 1 EXISTS\n" DONE GOES_ON,
    .code = PINION_ERROR_MAILBOX_NOT_OPENED, .lasts = TRUE },
  { "state/uidvalidity-zero", act_select,
    SELECT "S: * 1 EXISTS\nS: * OK [UIDVALIDITY 0] x\n" DONE GOES_ON,
    .code = PINION_ERROR_MAILBOX_NOT_OPENED, .lasts = TRUE },
  { "state/preauth", act_noop, NOOP "S: * PREAUTH zebra\n" DONE, "", "", .lasts = TRUE },
  { "state/closed", act_noop, NOOP "S: * OK [CLOSED] zebra\n" DONE, "", "", .lasts = TRUE },

  /* -- What was not asked for --------------------------------------------------------------- */
  { "end/body-unasked", act_noop, NOOP "S: * 1 FETCH (UID 5 BODY[] {1048577}\n{end}\n",
    .code = PINION_ERROR_TOO_LARGE },
  { "ask/body-unasked", act_noop, NOOP "S: * 1 FETCH (UID 5 BODY[] {3}\nS- abc\nS: )\n" DONE,
    "", "", .lasts = TRUE },
  { "ask/other-uid", act_headers,
    HEADERS "S: * 1 FETCH (UID 4 BODY[HEADER] \"a\")\nS: * 1 FETCH (UID 10 BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (BODY[HEADER] \"a\")\nS: * 1 FETCH (UID 0 BODY[HEADER] \"a\")\n"
            "S: * 1 FETCH (UID 5 BODY[HEADER] NIL)\n" DONE,
    "", "", .lasts = TRUE },
  { "ask/referral", act_select,
    SELECT "S: P6 NO [REFERRAL imap://zebra/x] look there\n" GOES_ON,
    .code = PINION_ERROR_MAILBOX_NOT_OPENED, .lasts = TRUE },

  /* -- Bounds ------------------------------------------------------------------------------- */
  { "end/items", act_flags, NULL, .code = PINION_ERROR_TOO_LARGE },
  { "end/nesting", act_flags, NULL, .code = PINION_ERROR_TOO_LARGE },
};

/* Scripts that are long and dull */
static char *
make_script (const Case *one)
{
  g_autoptr (GString) script = NULL;

  if (one->script != NULL)
    return g_strconcat (one->script, one->lasts && one->result != NULL ? GOES_ON : "", NULL);

  script = g_string_new (FLAGS "S- * 1 FETCH (");
  for (guint i = 0; i < 1100; i++)
    g_string_append (script, strstr (one->name, "items") != NULL ? "UID 5 " : "X ((");
  g_string_append (script, "\n");
  for (guint i = 0; i < 2200; i++)
    g_string_append (script, i == 0 ? "S: ))" : "))");
  g_string_append (script, "\n{end}\n");

  return g_string_free_and_steal (g_steal_pointer (&script));
}

static DexFuture *
test_case_fiber (gpointer data)
{
  const Case *one = data;
  g_autofree char *script = make_script (one);
  g_autofree char *result = NULL;
  g_autofree char *changes = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE, script);
  result = one->act (session.connection, &error);
  if (one->result != NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (result, ==, one->result);
    }
  else
    {
      g_assert_null (result);
      g_assert_error (error, PINION_ERROR, (int) one->code);
    }

  changes = session_take_changes (&session);
  if (one->changes != NULL)
    g_assert_cmpstr (changes, ==, one->changes);

  if (one->lasts)
    session_assert_resolves (pinion_imap_connection_noop (session.connection));
  g_assert_cmpint (pinion_imap_connection_is_closed (session.connection), ==, !one->lasts);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Names ---------------------------------------------------------------------------------- */

/* @listed: as the server writes it, with the delimiter before it; @sent: as SELECT must say it.
 * Both are in the script's escapes. */
typedef struct
{
  const char *name;
  const char *listed;
  const char *sent;
} Name;

/* Whatever they look like, they are sent back as they came. */
static const Name names[] = {
  { "names/paths", "\"/\" \"../../etc/passwd\"", "../../etc/passwd" },
  { "names/root", "\"/\" \"/\"", "/" },
  { "names/dots", "\".\" \"..\"", ".." },
  { "names/commands", "NIL \"`reboot` $(reboot) ;|&<>\"", "\"`reboot` $(reboot) ;|&<>\"" },
  { "names/backslash", "\"\\\\\\\\\" \"a\\\\\\\\b\"", "\"a\\\\\\\\b\"" },
  { "names/quote", "\"\\\\\"\" \"a\\\\\"b\"", "\"a\\\\\"b\"" },
  { "names/percent", "\"%\" \"%n%s%00*\"", "\"%n%s%00*\"" },
  { "names/sql", "NIL \"'; DROP TABLE folder; --\"", "\"'; DROP TABLE folder; --\"" },
  { "names/uid-path", "\"/\" \"INBOX/1/../2\"", "INBOX/1/../2" },
  { "names/nil", "NIL \"NIL\"", "\"NIL\"" },
  { "names/blank-at-end", "\"/\" \"trailing \"", "\"trailing \"" },
  { "names/only-blanks", "\"/\" \"  \"", "\"  \"" },
  { "names/line-break", "\"/\" {20}\nS: a\\r\\nA2 DELETE INBOX\\r\\n",
    "{20+}\nC: a\nC: A2 DELETE INBOX\nC: " },
  { "names/bad-utf7", "\"/\" \"&Jjo!-&AAA-\"", "\"&Jjo!-&AAA-\"" },
  { "names/control", "\"/\" a\\x01b\\x7f", "{4+}\nC: a\\x01b\\x7f" },
  { "names/utf8", "\"/\" \"\\xc3\\xbc\\xe2\\x80\\xae\"", "{5+}\nC: \\xc3\\xbc\\xe2\\x80\\xae" },
  { "names/not-utf8", "\"/\" \"\\xff\\xfe\"", "{2+}\nC: \\xff\\xfe" },
};

static DexFuture *
test_name_fiber (gpointer data)
{
  const Name *name = data;
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *script = NULL;
  const PinionImapMailbox *mailbox;
  Session session;

  script = g_strconcat (LIST "S: * LIST () ", name->listed, "\n" DONE "C: P7 SELECT ", name->sent,
                        "\nS: * OK [UIDVALIDITY 5] x\nS: P7 OK done\n", NULL);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  mailboxes = dex_await_boxed (pinion_imap_connection_list (session.connection), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mailboxes->len, ==, 1);

  mailbox = g_ptr_array_index (mailboxes, 0);
  g_assert_true (g_utf8_validate (mailbox->path, -1, NULL));
  for (const char *at = mailbox->path; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)) || g_utf8_get_char (at) == 0x202e);
  session_assert_resolves (
      pinion_imap_connection_select (session.connection, mailbox->raw_name, FALSE));
  session_close (&session);

  return dex_future_new_true ();
}

/* Levels without an end are levels, and take no longer than others. */
static DexFuture *
test_deep_fiber (gpointer data)
{
  const guint n_levels = 20000;
  char *path = hostile_make_file ("a/", n_levels);
  g_autofree char *script = NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  const PinionImapMailbox *mailbox;
  Session session;

  script = g_strdup_printf (LIST "S- * LIST () \"/\" \n{send-file %s}\nS: z\n" DONE, path);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  mailboxes = dex_await_boxed (pinion_imap_connection_list (session.connection), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mailboxes->len, ==, 1);
  mailbox = g_ptr_array_index (mailboxes, 0);
  g_assert_cmpuint (strlen (mailbox->path), ==, 2 * n_levels + 1);
  session_close (&session);
  hostile_remove_file (path);

  return dex_future_new_true ();
}

/* -- Without an end ------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  Act act;
  const char *before;
  const char *text;
  guint n;
  PinionErrorCode code;
} Flood;

static const Flood floods[] = {
  { "flood/continuations", act_noop, NOOP, "+ go on\r\n", 1001, PINION_ERROR_PROTOCOL },
  { "flood/idle-continuations", act_idle, "C: P6 IDLE\n", "+ idling\r\n", 1001,
    PINION_ERROR_PROTOCOL },
  { "flood/malformed", act_noop, NOOP, "* LIST (\r\n", 10001, PINION_ERROR_PROTOCOL },
  { "flood/malformed-fetch", act_noop, NOOP, "* 1 FETCH (UID -1)\r\n", 10001,
    PINION_ERROR_PROTOCOL },
  { "flood/search", act_search, SEARCH "S- * SEARCH\n", " 4294967295", 1600000,
    PINION_ERROR_TOO_LARGE },
};

static DexFuture *
test_flood_fiber (gpointer data)
{
  const Flood *flood = data;
  char *path = hostile_make_file (flood->text, flood->n);
  g_autofree char *script = NULL;
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  /* The client may hang up before it has all. */
  script = g_strdup_printf ("%s{send-file %s}\n{hold}\n", flood->before, path);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  result = flood->act (session.connection, &error);
  g_assert_null (result);
  g_assert_error (error, PINION_ERROR, (int) flood->code);
  g_assert_true (pinion_imap_connection_is_closed (session.connection));

  g_clear_object (&session.connection);
  pinion_test_peer_stop (session.peer);
  pinion_server_clear (&session.server);
  pinion_secret_unref (session.secret);
  hostile_remove_file (path);

  return dex_future_new_true ();
}

static void
add (const char   *name,
     DexFiberFunc  func,
     gconstpointer data)
{
  g_autofree char *path = g_strconcat ("/imap/hostile-session/", name, NULL);

  hostile_add (path, func, data);
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    add (cases[i].name, test_case_fiber, &cases[i]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    add (names[i].name, test_name_fiber, &names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    add (floods[i].name, test_flood_fiber, &floods[i]);
  add ("names/deep", test_deep_fiber, NULL);

  return g_test_run ();
}
