/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each response grammar, fed whole, byte by byte and in random pieces; what it holds is written
 * down as one line and compared. */

#include "pinion-imap-fetch.h"

#include "imap-test-feed.h"
#include "pinion-error.h"

static void
add_slice (GString               *out,
           const char            *name,
           const PinionImapSlice *slice)
{
  g_string_append_printf (out, " %s=", name);
  if (slice->data == NULL)
    g_string_append (out, "NIL");
  else
    g_string_append_printf (out, "<%.*s>", (int) slice->length, slice->data);
}

static void
describe_text (GString                  *out,
               const PinionImapResponse *response)
{
  static const char *const conditions[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };

  g_string_append (out, conditions[response->condition]);
  if (response->code != PINION_IMAP_CODE_NONE)
    {
      g_string_append_printf (out, " code=%d", response->code);
      add_slice (out, "args", &response->code_text);
    }
  if (response->code_number != 0)
    g_string_append_printf (out, " number=%" G_GUINT64_FORMAT, response->code_number);
  if (response->code_flags != 0)
    g_string_append_printf (out, " flags=%x", response->code_flags);
  add_slice (out, "text", &response->text);
}

static void
describe_fetch (GString            *out,
                PinionImapResponse *response)
{
  PinionImapFetched fetched;
  g_autoptr (GError) error = NULL;

  if (!pinion_imap_fetch_read (response, &fetched, &error))
    {
      g_string_append_printf (out, "error: %s", error->message);
      return;
    }

  g_string_append_printf (out, "FETCH %u uid=%u", fetched.sequence, fetched.uid);
  if (fetched.has_flags)
    g_string_append_printf (out, " flags=%x", fetched.flags);
  if (fetched.size != 0)
    g_string_append_printf (out, " size=%" G_GUINT64_FORMAT, fetched.size);
  if (fetched.modseq != 0)
    g_string_append_printf (out, " modseq=%" G_GUINT64_FORMAT, fetched.modseq);
  if (fetched.date != G_MININT64)
    g_string_append_printf (out, " date=%" G_GINT64_FORMAT, fetched.date);
  if (fetched.has_header)
    add_slice (out, "header", &fetched.header);
  if (fetched.has_body)
    add_slice (out, "body", &fetched.body);
  if (fetched.attachment != PINION_IMAP_ATTACHMENT_UNKNOWN)
    g_string_append_printf (out, " attachment=%d", fetched.attachment);
}

static char *
describe (PinionImapResponse *response)
{
  g_autoptr (GString) out = g_string_new (NULL);

  switch (response->kind)
    {
    case PINION_IMAP_RESPONSE_JUNK:
      g_string_append (out, "junk");
      add_slice (out, "text", &response->text);
      break;
    case PINION_IMAP_RESPONSE_CONTINUE:
      g_string_append (out, "continue");
      add_slice (out, "text", &response->text);
      break;
    case PINION_IMAP_RESPONSE_TAGGED:
      g_string_append_printf (out, "%.*s ", (int) response->tag.length, response->tag.data);
      describe_text (out, response);
      break;
    case PINION_IMAP_RESPONSE_STATE:
      describe_text (out, response);
      break;
    case PINION_IMAP_RESPONSE_CAPABILITY:
      g_string_append (out, "CAPABILITY");
      add_slice (out, "words", &response->text);
      break;
    case PINION_IMAP_RESPONSE_LIST:
      g_string_append_printf (out, "LIST flags=%x use=%d delimiter=%c", response->mailbox_flags,
                              response->use, response->delimiter != 0 ? response->delimiter : '0');
      add_slice (out, "name", &response->name);
      break;
    case PINION_IMAP_RESPONSE_STATUS:
      g_string_append_printf (out, "STATUS %u %u %u %u", response->status.messages,
                              response->status.unseen, response->status.uidnext,
                              response->status.uidvalidity);
      if (response->status.highestmodseq != 0)
        g_string_append_printf (out, " modseq=%" G_GUINT64_FORMAT, response->status.highestmodseq);
      if (response->status.size != 0)
        g_string_append_printf (out, " size=%" G_GUINT64_FORMAT, response->status.size);
      if (response->status.append_limit != 0)
        g_string_append_printf (out, " limit=%" G_GUINT64_FORMAT, response->status.append_limit);
      if (*response->status.mailbox_id != '\0')
        g_string_append_printf (out, " id=%s", response->status.mailbox_id);
      add_slice (out, "name", &response->name);
      break;
    case PINION_IMAP_RESPONSE_SEARCH:
      g_string_append (out, "SEARCH");
      for (guint i = 0; i < response->numbers->len; i++)
        g_string_append_printf (out, " %u", g_array_index (response->numbers, guint32, i));
      break;
    case PINION_IMAP_RESPONSE_EXISTS:
      g_string_append_printf (out, "EXISTS %u", response->number);
      break;
    case PINION_IMAP_RESPONSE_EXPUNGE:
      g_string_append_printf (out, "EXPUNGE %u", response->number);
      break;
    case PINION_IMAP_RESPONSE_FETCH:
      describe_fetch (out, response);
      break;
    case PINION_IMAP_RESPONSE_VANISHED:
      g_string_append_printf (out, "VANISHED %u", response->number);
      add_slice (out, "uids", &response->text);
      break;
    case PINION_IMAP_RESPONSE_ESEARCH:
      g_string_append_printf (out, "ESEARCH %u", response->number);
      add_slice (out, "tag", &response->tag);
      add_slice (out, "uids", &response->text);
      break;
    case PINION_IMAP_RESPONSE_ENABLED:
      g_string_append (out, "ENABLED");
      add_slice (out, "words", &response->text);
      break;
    case PINION_IMAP_RESPONSE_ID:
      g_string_append (out, "ID");
      add_slice (out, "name", &response->name);
      add_slice (out, "version", &response->version);
      break;
    case PINION_IMAP_RESPONSE_NAMESPACE:
      g_string_append (out, "NAMESPACE");
      break;
    case PINION_IMAP_RESPONSE_OTHER:
    default:
      g_string_append (out, "other");
      break;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

typedef struct
{
  const char *input;
  const char *expected;
} Case;

static void
check_cases (const Case *cases,
             gsize       n_cases)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  PinionImapResponse response;

  pinion_imap_response_init (&response);
  for (gsize i = 0; i < n_cases; i++)
    for (guint most = 0; most < 12; most++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *input = g_strconcat (cases[i].input, "\r\n", NULL);
        g_autofree char *out = NULL;

        if (feed_response (framer, &response, input, strlen (input), most, &error))
          out = describe (&response);
        else
          out = g_strdup_printf ("error: %s", error->message);
        g_assert_cmpstr (out, ==, cases[i].expected);
      }
  pinion_imap_response_clear (&response);
}

static void
test_states (void)
{
  static const Case cases[] = {
    { "* OK The Microsoft Exchange IMAP4 service is ready. [QmFzZTY0]",
      "OK text=<The Microsoft Exchange IMAP4 service is ready. [QmFzZTY0]>" },
    { "* OK [CAPABILITY IMAP4rev1 IDLE] hi", "OK code=8 args=<IMAP4rev1 IDLE> text=<hi>" },
    { "* OK [COPYUID 415 200 43]", "OK code=11 args=<415 200 43> text=<>" },
    { "[COPYUID 55 31 6]", "OK code=11 args=<55 31 6> text=<>" },
    { "* OK [UIDVALIDITY 14] UIDVALIDITY value",
      "OK code=28 args=<14> number=14 text=<UIDVALIDITY value>" },
    { "* OK [UIDNEXT -1] x", "OK code=1 args=<-1> text=<x>" },
    { "* OK [UIDNEXT 4294967296] x", "OK code=1 args=<4294967296> text=<x>" },
    { "* OK [UIDNEXT 1e5] x", "OK code=1 args=<1e5> text=<x>" },
    { "* OK [UIDVALIDITY 0x10] x", "OK code=1 args=<0x10> text=<x>" },
    { "* OK [UIDNEXT 5.0] x", "OK code=1 args=<5.0> text=<x>" },
    { "* OK [PERMANENTFLAGS (\\Seen \\Answered $MDNSent \\*)] x",
      "OK code=19 args=<(\\Seen \\Answered $MDNSent \\*)> flags=483 text=<x>" },
    { "* OK [READ-ONLY", "OK text=<[READ-ONLY>" },
    { "* OK []", "OK code=1 args=<> text=<>" },
    { "* OK [ ] x", "OK code=1 args=<> text=<x>" },
    { "* OK", "OK text=<>" },
    { "* NO", "NO text=<>" },
    { "* BYE Connection closed. 14", "BYE text=<Connection closed. 14>" },
    { "* BAD command line limit exceeded", "BAD text=<command line limit exceeded>" },
    { "* PREAUTH hello", "PREAUTH text=<hello>" },
    { "P1 OK", "P1 OK text=<>" },
    { "P12 NO [TRYCREATE] no such", "P12 NO code=26 args=<> text=<no such>" },
    { "P1 BAD User is authenticated but not connected.",
      "P1 BAD text=<User is authenticated but not connected.>" },
    { "p1 ok [read-write] done", "p1 OK code=22 args=<> text=<done>" },
    { "P1 BYE x", "junk text=<P1 BYE x>" },
    { "Server Unavailable. 15", "junk text=<Server Unavailable. 15>" },
    { "220 mail.example.com ESMTP", "junk text=<220 mail.example.com ESMTP>" },
    { "", "junk text=<>" },
    { "+", "continue text=<>" },
    { "+   ", "continue text=<>" },
    { "+ Ready for additional command text.",
      "continue text=<Ready for additional command text.>" },
    { "+VXNlcg==", "continue text=<VXNlcg==>" },
    { "* CAPABILITY IMAP4 IMAP4rev1", "CAPABILITY words=<IMAP4 IMAP4rev1>" },
    { "* CAPABILITY", "CAPABILITY words=<>" },
    { "* ENABLED QRESYNC X", "ENABLED words=<QRESYNC X>" },
    { "* ENABLED", "ENABLED words=<>" },
    { "* ID NIL", "ID name=NIL version=NIL" },
    { "* ID (\"name\" \"Dovecot\" \"x\" NIL \"VERSION\" {3}\r\n2.4)",
      "ID name=<Dovecot> version=<2.4>" },
    { "* ID ()", "ID name=NIL version=NIL" },
    { "* ID (\"name\")", "error: A response lacks a string at byte 12" },
    { "* ID (\"name\" \"x", "error: A response lacks a closing quote at byte 15" },
    { "* OK [NOMODSEQ] no", "OK code=35 args=<> text=<no>" },
    { "* OK [HIGHESTMODSEQ 9223372036854775807] x",
      "OK code=13 args=<9223372036854775807> number=9223372036854775807 text=<x>" },
    { "* OK [HIGHESTMODSEQ 9223372036854775808] x",
      "OK code=1 args=<9223372036854775808> text=<x>" },
    { "P3 OK [MODIFIED 7,9] no", "P3 OK code=34 args=<7,9> text=<no>" },
    { "* OK [MAILBOXID (F2212ea87-6097)] Ok", "OK code=33 args=<(F2212ea87-6097)> text=<Ok>" },
    { "* FLAGS (\\Seen)", "other" },
    { "* NAMESPACE ((\"\" \"/\")) NIL NIL", "NAMESPACE" },
    { "*", "error: A response lacks an atom at byte 1" },
  };

  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_lists (void)
{
  static const Case cases[] = {
    { "* LIST (\\HasNoChildren) \"/\" INBOX", "LIST flags=8 use=0 delimiter=/ name=<INBOX>" },
    { "* LIST () NIL \"\"", "LIST flags=0 use=0 delimiter=0 name=<>" },
    { "* LIST (\\Noselect \\HasChildren) \"/\" \"\"", "LIST flags=5 use=0 delimiter=/ name=<>" },
    { "* LIST (\\HasNoChildren \\Trash) \"/\" \"Deleted Items\"",
      "LIST flags=8 use=8 delimiter=/ name=<Deleted Items>" },
    { "* LIST (\\Marked \\Drafts) \"\\\\\" \"a\\\"b\\\\c\"",
      "LIST flags=20 use=4 delimiter=\\ name=<a\"b\\c>" },
    { "* LIST (\\HasNoChildren) \"/\" {9}\r\nCORP\\anna",
      "LIST flags=8 use=0 delimiter=/ name=<CORP\\anna>" },
    { "* LIST (\\HasNoChildren) \"/\" INBOX/Da\tOggetto\tRicevuto",
      "LIST flags=8 use=0 delimiter=/ name=<INBOX/Da\tOggetto\tRicevuto>" },
    { "* LIST () \"/\" \"say \"hi\"\"", "LIST flags=0 use=0 delimiter=/ name=<say \"hi\">" },
    { "* LIST () \"/\" \"a\" (\"OLDNAME\" (\"b\"))", "LIST flags=0 use=0 delimiter=/ name=<a>" },
    { "* LIST () \"/\" a b (\"CHILDINFO\" (\"SUBSCRIBED\"))",
      "LIST flags=0 use=0 delimiter=/ name=<a b>" },
    { "* LIST () \"/\" a (OTHER (x))", "LIST flags=0 use=0 delimiter=/ name=<a (OTHER (x))>" },
    { "* LIST () \"/\" \"trailing \"", "LIST flags=0 use=0 delimiter=/ name=<trailing >" },
    { "* LSUB () \".\" x.y", "LIST flags=0 use=0 delimiter=. name=<x.y>" },
    { "* LIST ( \\NonExistent ) \"/\"  x", "LIST flags=11 use=0 delimiter=/ name=<x>" },
    { "* LIST () \"//\" x", "error: A response lacks a delimiter of one character at byte 14" },
    { "* LIST () \"/\"", "error: A response lacks a mailbox name at byte 13" },
    { "* LIST (\\A", "error: A response lacks an atom at byte 10" },
    { "* LIST", "error: A response lacks punctuation at byte 6" },
    { "* STATUS \"a b\" (MESSAGES 5 UNSEEN 2 UIDNEXT 9 UIDVALIDITY 7)",
      "STATUS 5 2 9 7 name=<a b>" },
    { "* STATUS INBOX(MESSAGES 5 X (1 (2)) UNSEEN 1 )", "STATUS 5 1 0 0 name=<INBOX>" },
    { "* STATUS {3}\r\na b (UNSEEN 4)", "STATUS 0 4 0 0 name=<a b>" },
    { "* STATUS x (HIGHESTMODSEQ 77 SIZE 9000000000 APPENDLIMIT 100 MAILBOXID (F-1_a))",
      "STATUS 0 0 0 0 modseq=77 size=9000000000 limit=100 id=F-1_a name=<x>" },
    { "* STATUS x (APPENDLIMIT NIL MAILBOXID NIL MAILBOXID (a/b) MESSAGES 1)",
      "STATUS 1 0 0 0 name=<x>" },
    { "* STATUS x (SIZE -1 MESSAGES 1)", "STATUS 1 0 0 0 name=<x>" },
    { "* STATUS x (MAILBOXID (a b))", "error: A response lacks punctuation at byte 25" },
    /* Brackets may stand in names and flags. */
    { "* STATUS [old]x[1] (UNSEEN 4)", "STATUS 0 4 0 0 name=<[old]x[1]>" },
    { "* LIST (\\HasNoChildren \\X[1]) \"/\" [a]b", "LIST flags=8 use=0 delimiter=/ name=<[a]b>" },
    { "* STATUS x ()", "STATUS 0 0 0 0 name=<x>" },
    { "* STATUS x (MESSAGES -1)", "error: A response lacks a number at byte 21" },
    { "* STATUS", "error: A response lacks an atom at byte 8" },
    { "* SEARCH", "SEARCH" },
    { "* SEARCH 3 1 2 ", "SEARCH 3 1 2" },
    { "* SEARCH 1 (MODSEQ 5)", "SEARCH 1" },
    { "* SEARCH 4294967296", "error: A response lacks a smaller number at byte 9" },
    { "* SEARCH 1 x", "error: A response lacks a number at byte 11" },
    { "* ESEARCH (TAG \"P5\") UID ALL 4:18,21,28", "ESEARCH 1 tag=<P5> uids=<4:18,21,28>" },
    { "* ESEARCH (TAG P5) UID", "ESEARCH 1 tag=<P5> uids=NIL" },
    { "* ESEARCH", "ESEARCH 0 tag=NIL uids=NIL" },
    { "* ESEARCH UID COUNT 5 ALL 1 MODSEQ 917162500", "ESEARCH 1 tag=NIL uids=<1>" },
    { "* ESEARCH (TAG \"P5\") UID PARTIAL (-1:-100 200:250,252)",
      "ESEARCH 1 tag=<P5> uids=<200:250,252>" },
    { "* ESEARCH UID PARTIAL (-1:-100 NIL) X (a (b))", "ESEARCH 1 tag=NIL uids=NIL" },
    { "* ESEARCH (TAG \"P5\" UID ALL 1", "error: A response lacks punctuation at byte 19" },
    { "* ESEARCH (X \"P5\") UID ALL 1", "error: A response lacks a tag at byte 11" },
    { "* ESEARCH UID ALL", "error: A response lacks an atom at byte 17" },
    { "* ESEARCH UID PARTIAL (1", "error: A response lacks an atom at byte 24" },
    { "* VANISHED (EARLIER) 1:5", "VANISHED 1 uids=<1:5>" },
    { "* VANISHED 7", "VANISHED 0 uids=<7>" },
    { "* 23 EXISTS", "EXISTS 23" },
    { "* 23  EXPUNGE ", "EXPUNGE 23" },
    { "* 0 RECENT", "other" },
    { "* 1e5 EXISTS", "error: A response lacks a number at byte 2" },
    { "* SEARCH 1 2-3", "error: A response lacks a number at byte 11" },
    { "* 4294967296 EXISTS", "error: A response lacks a smaller number at byte 2" },
  };

  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_fetches (void)
{
  static const Case cases[] = {
    { "* 1 FETCH (UID 5 FLAGS (\\Seen $MDNSent \\Recent custom))", "FETCH 1 uid=5 flags=a1" },
    { "* 1 FETCH (FLAGS (work[1] \\Seen ]) UID 5)", "FETCH 1 uid=5 flags=1" },
    { "* 1 FETCH (UID 1e5 X)", "error: A response lacks a number at byte 15" },
    { "* 1 FETCH (FLAGS ())", "FETCH 1 uid=0 flags=0" },
    { "* 1 fetch(uid 7 modseq (12121230956))", "FETCH 1 uid=7 modseq=12121230956" },
    { "* 3 FETCH (RFC822.SIZE 44 INTERNALDATE \"17-Jul-2026 14:05:00 +0200\" UID 1)",
      "FETCH 3 uid=1 size=44 date=1784289900" },
    { "* 3 FETCH (RFC822.SIZE -1 INTERNALDATE NIL UID 1)", "FETCH 3 uid=1" },
    { "* 3 FETCH (UID 1 BODY[] {5}\r\na\r\nb)  RFC822.SIZE 9)",
      "FETCH 3 uid=1 size=9 body=<a\r\nb)>" },
    { "* 3 FETCH (UID 1 BODY[]<0> \"x\")", "FETCH 3 uid=1 body=<x>" },
    { "* 3 FETCH (UID 1 BODY[] NIL)", "FETCH 3 uid=1" },
    { "* 3 FETCH (UID 1 BODY[HEADER.FIELDS (FROM \"TO\")] {6}\r\nA: b\r\n)",
      "FETCH 3 uid=1 header=<A: b\r\n>" },
    { "* 3 FETCH (BODY[HEADER] \"h\" BODY[1.2.MIME] \"m\" BODY[TEXT] {1}\r\nt UID 2)",
      "FETCH 3 uid=2 header=<h>" },
    { "* 3 FETCH (BINARY[] ~{3}\r\n\r\n) UID 2)", "FETCH 3 uid=2 body=<\r\n)>" },
    { "* 3 FETCH (X-NEW (a (b \"c)\" {2}\r\n((d)) UID 2)", "FETCH 3 uid=2" },
    { "* 3 FETCH (ENVELOPE (NIL \"s\" ((\"Microsoft Exchange Server\" NIL NIL "
      "\".MISSING-HOST-NAME.\")) NIL NIL NIL NIL NIL NIL \"<a@b>\") UID 2)",
      "FETCH 3 uid=2" },
    { "* 3 FETCH (UID 2 BODY (\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0))", "FETCH 3 uid=2" },
    { "* 3 FETCH ()", "FETCH 3 uid=0" },
    { "* 3 FETCH (UID x)", "error: A response lacks a number at byte 15" },
    { "* 3 FETCH (UID", "error: A response lacks a number at byte 14" },
    { "* 3 FETCH (BODY[HEADER NIL)", "error: A response lacks the end of a section at byte 22" },
    { "* 3 FETCH (FLAGS (\\Seen", "error: A response lacks an atom at byte 23" },
    { "* 3 FETCH (BODY[] \"open)", "error: A response lacks a closing quote at byte 24" },
    { "* 3 FETCH (BODY[] {5)", "error: A response lacks a literal at byte 18" },
    { "* 3 FETCH (BODY[] {5}x)", "error: A response lacks a literal at byte 18" },
    { "* 3 FETCH", "error: A response lacks punctuation at byte 9" },
  };

  check_cases (cases, G_N_ELEMENTS (cases));
}

static gboolean
parse_fetch (const char *text,
             gsize       length,
             GError    **error)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  PinionImapResponse response;
  PinionImapFetched fetched;
  gboolean fine;

  pinion_imap_response_init (&response);
  fine = feed_response (framer, &response, text, length, 0, error) &&
         pinion_imap_fetch_read (&response, &fetched, error);
  pinion_imap_response_clear (&response);

  return fine;
}

static void
test_nesting (void)
{
  for (guint depth = 1; depth < 20000; depth *= 3)
    {
      g_autofree char *open = g_strnfill (depth, '(');
      g_autofree char *close = g_strnfill (depth, ')');
      g_autofree char *text = g_strdup_printf ("* 1 FETCH (X %s%s)\r\n", open, close);
      g_autofree char *bare = g_strdup_printf ("* 1 FETCH (BODYSTRUCTURE %s\r\n", open);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) other = NULL;

      if (depth <= PINION_IMAP_MAX_BODY_DEPTH)
        g_assert_true (parse_fetch (text, strlen (text), NULL));
      else
        {
          g_assert_false (parse_fetch (text, strlen (text), &error));
          g_assert_error (error, PINION_ERROR, PINION_ERROR_TOO_LARGE);
          g_assert_nonnull (strstr (error->message, "lists within lists"));
        }
      g_assert_false (parse_fetch (bare, strlen (bare), &other));
    }
}

static void
test_many_numbers (void)
{
  g_autoptr (GString) text = g_string_new ("* SEARCH");
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  PinionImapResponse response;

  for (guint i = 1; i <= 200000; i++)
    g_string_append_printf (text, " %u", i);
  g_string_append (text, "\r\n");

  pinion_imap_response_init (&response);
  g_assert_true (feed_response (framer, &response, text->str, text->len, 4000, NULL));
  g_assert_cmpuint (response.numbers->len, ==, 200000);
  g_assert_cmpuint (g_array_index (response.numbers, guint32, 199999), ==, 200000);
  pinion_imap_response_clear (&response);
}

static void
check_copyuid (const char *text,
               gsize       most,
               const char *expected)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  g_autoptr (PinionImapCopied) copied = pinion_imap_copied_new ();
  g_autofree char *line = g_strdup_printf ("* OK [COPYUID %s]\r\n", text);
  g_autoptr (GString) out = g_string_new (NULL);
  PinionImapResponse response;

  pinion_imap_response_init (&response);
  g_assert_true (feed_response (framer, &response, line, strlen (line), 0, NULL));
  if (pinion_imap_response_get_copyuid (&response, most, copied))
    for (guint i = 0; i < copied->source->len; i++)
      g_string_append_printf (out, "%u>%u ", g_array_index (copied->source, guint32, i),
                              g_array_index (copied->destination, guint32, i));
  g_assert_cmpstr (out->str, ==, expected);
  pinion_imap_response_clear (&response);
}

static void
test_copyuid (void)
{
  check_copyuid ("415 200 43", 1, "200>43 ");
  check_copyuid ("9 5:7 11:13", 3, "5>11 6>12 7>13 ");
  check_copyuid ("9 7,5 1,2", 2, "7>1 5>2 ");
  check_copyuid ("9 7:6 1:2", 2, "6>1 7>2 ");
  check_copyuid ("9 1:4294967295 1:4294967295", 5, "");
  check_copyuid ("9 1:3 1:2", 5, "");
  check_copyuid ("9 1:3", 5, "");
  check_copyuid ("0 1 1", 5, "");
  check_copyuid ("9 1 0", 5, "");
  check_copyuid ("9 * 1", 5, "");
}

static void
test_appenduid (void)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  const char *line = "P1 OK [APPENDUID 38505 3955] APPEND completed\r\n";
  PinionImapAppended appended = { 0 };
  PinionImapResponse response;

  pinion_imap_response_init (&response);
  g_assert_true (feed_response (framer, &response, line, strlen (line), 0, NULL));
  g_assert_true (pinion_imap_response_get_appenduid (&response, &appended));
  g_assert_cmpuint (appended.uidvalidity, ==, 38505);
  g_assert_cmpuint (appended.uid, ==, 3955);
  pinion_imap_response_clear (&response);
}

static void
test_literal_kinds (void)
{
  static const struct
  {
    const char *line;
    PinionImapItemKind kind;
  } cases[] = {
    { "* 1 FETCH (UID 5 BODY[] ", PINION_IMAP_ITEM_BODY },
    { "* 1 FETCH (BODY[]<0> ", PINION_IMAP_ITEM_BODY },
    { "* 1 FETCH (BINARY[] ~", PINION_IMAP_ITEM_BODY },
    { "* 1 FETCH (RFC822 ", PINION_IMAP_ITEM_BODY },
    { "* 1 FETCH (BODY[HEADER] ", PINION_IMAP_ITEM_HEADER },
    { "* 1 FETCH (BODY[HEADER.FIELDS (FROM TO)] ", PINION_IMAP_ITEM_HEADER },
    { "* 1 FETCH (RFC822.HEADER ", PINION_IMAP_ITEM_HEADER },
    { "* 1 FETCH (BODY[TEXT] ", PINION_IMAP_ITEM_OTHER },
    { "* LIST () \"/\" ", PINION_IMAP_ITEM_OTHER },
    { "", PINION_IMAP_ITEM_OTHER },
    { "]", PINION_IMAP_ITEM_OTHER },
    { "BODY[H]", PINION_IMAP_ITEM_OTHER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pinion_imap_fetch_classify_literal (cases[i].line, strlen (cases[i].line)), ==,
                     cases[i].kind);
}

/* Whatever comes, nothing is read outside and nothing hangs. */
static void
test_random (void)
{
  static const char *const parts[] = {
    "* ", "1 FETCH (", "LIST ", "STATUS ", "SEARCH ", "UID ", "FLAGS ", "(", ")", "\"", "\\",
    "{2}\r\nab", "BODY[", "]", "HEADER.FIELDS", "<0>", "NIL", " ", "7", "OK [", "COPYUID ",
    "BODYSTRUCTURE ", "\"text\" ", "\"attachment\" ", "RFC822.SIZE ", "INTERNALDATE ", "P1 ", "x",
    "VANISHED ", "MODSEQ ", "4294967295", ":", ",",
  };

  for (guint n = 0; n < 20000; n++)
    {
      g_autoptr (GString) input = g_string_new (g_test_rand_bit () ? "* 1 FETCH (" : NULL);
      g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
      PinionImapResponse response;

      for (int i = g_test_rand_int_range (0, 25); i > 0; i--)
        g_string_append (input, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
      g_string_append (input, "\r\n");

      pinion_imap_response_init (&response);
      if (feed_response (framer, &response, input->str, input->len, 0, NULL))
        {
          g_autofree char *out = describe (&response);

          g_assert_nonnull (out);
        }
      pinion_imap_response_clear (&response);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/response/states", test_states);
  g_test_add_func ("/imap/response/lists", test_lists);
  g_test_add_func ("/imap/response/fetches", test_fetches);
  g_test_add_func ("/imap/response/nesting", test_nesting);
  g_test_add_func ("/imap/response/many-numbers", test_many_numbers);
  g_test_add_func ("/imap/response/copyuid", test_copyuid);
  g_test_add_func ("/imap/response/appenduid", test_appenduid);
  g_test_add_func ("/imap/response/literal-kinds", test_literal_kinds);
  g_test_add_func ("/imap/response/random", test_random);

  return g_test_run ();
}
