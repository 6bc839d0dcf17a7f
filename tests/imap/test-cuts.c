/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole session, cut off, stalled and slowed down at each of its bytes: what was answered in full
 * has succeeded, everything else has failed by name, and nothing is left behind.
 *
 * Where all of it would take too long, every n-th byte is taken, from an offset that the seed of the
 * run decides; with PINION_TEST_FULL in the environment it is all of them. */

#include "pinion-imap-connection-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "imap-test-session.h"
#include "pinion-test-relay.h"
#include "pinion-test-replay.h"

/* Milliseconds that a silent server is waited for. */
#define PATIENCE 100

/* Seconds after which a run hangs. */
#define HANGS 60

/* Byte by byte takes long, also where all of it is wanted. */
#define DRIPS_EVERY 61

/* Runs at the same time */
#define CROWD 100

#define HEADER_50 "From: ana@example.com\r\nSubject: one\r\n\r\n"
#define HEADER_51 "From: ben@example.org\r\nSubject: two (2) \"{3}\r\n\r\n"
#define BODY_50 HEADER_50 "A text\r\n* 9 EXISTS\r\nP7 OK not an answer\r\n"
#define NEW_MESSAGE "Subject: new\r\n\r\nHello\r\n"

/* Larger than what stays in memory */
#define LARGE (33 * 1024)

static char large_body[LARGE + 1];

static const PinionTestStep session[] = {
  { 'S', "* OK The Microsoft Exchange IMAP4 service is ready.\r\n" },
  { '=' },
  { 'C', "P1 CAPABILITY\r\n" },
  { 'S', "* CAPABILITY IMAP4 IMAP4rev1 UIDPLUS MOVE UNSELECT IDLE NAMESPACE LITERAL+\r\n"
         "P1 OK CAPABILITY completed.\r\n" },
  { '=' },
  { 'C', "P2 LOGIN ana secret\r\n" },
  { 'S', "P2 OK LOGIN completed.\r\n" },
  { '=' },
  { 'C', "P3 LIST \"\" \"*\"\r\n" },
  { 'S', "* LIST (\\Marked \\HasNoChildren) \"/\" INBOX\r\n"
         "* LIST (\\HasChildren) \"/\" {5}\r\nA\"b\\c\r\n"
         "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent Items\"\r\n"
         "P3 OK LIST completed.\r\n" },
  { '=' },
  { 'C', "P4 SELECT INBOX\r\n" },
  { 'S', "* 3 EXISTS\r\n* 0 RECENT\r\n"
         "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)\r\n"
         "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)] Permanent\r\n"
         "* OK [UIDVALIDITY 14] UIDVALIDITY value\r\n* OK [UIDNEXT 60] next\r\n"
         "P4 OK [READ-WRITE] SELECT completed.\r\n" },
  { '=' },
  /* Two at once */
  { 'C', "P5 UID FETCH 50:51 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE "
         "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])\r\n"
         "P6 UID FETCH 50:52 (UID FLAGS)\r\n" },
  { 'S', "* 1 FETCH (UID 50 FLAGS (\\Seen) INTERNALDATE \"17-Jul-2026 14:05:00 +0200\" "
         "RFC822.SIZE 77 BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" "
         "8 1 NIL NIL NIL NIL) BODY[HEADER.FIELDS (FROM SUBJECT)] {39}\r\n" HEADER_50 ")\r\n"
         "* 2 FETCH (UID 51 FLAGS () INTERNALDATE \"18-Jul-2026 14:05:00 +0200\" "
         "RFC822.SIZE 33792 BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 33700 500) "
         "BODY[HEADER.FIELDS (FROM SUBJECT)] {48}\r\n" HEADER_51 ")\r\n"
         "P5 OK FETCH completed.\r\n" },
  { '=' },
  { 'S', "* 1 FETCH (UID 50 FLAGS (\\Seen))\r\n* 2 FETCH (UID 51 FLAGS ())\r\n"
         "* 3 FETCH (FLAGS (\\Flagged \\Answered) UID 52)\r\nP6 OK FETCH completed.\r\n" },
  { '=' },
  { 'C', "P7 UID FETCH 50:51 (UID BODY.PEEK[])\r\n" },
  { 'S', "* 1 FETCH (UID 50 FLAGS (\\Seen) INTERNALDATE \"17-Jul-2026 14:05:00 +0200\" "
         "RFC822.SIZE 77 BODY[] {80}\r\n" BODY_50 ")\r\n"
         "* 2 FETCH (UID 51 FLAGS () INTERNALDATE \"18-Jul-2026 14:05:00 +0200\" "
         "RFC822.SIZE 33792 BODY[] {33792}\r\n" },
  { 'S', large_body },
  { 'S', ")\r\nP7 OK FETCH completed.\r\n" },
  { '=' },
  { 'C', "P8 UID STORE 50 +FLAGS.SILENT (\\Flagged)\r\n" },
  { 'S', "P8 OK STORE completed.\r\n" },
  { '=' },
  { 'C', "P9 UID COPY 50:51 Archive\r\n" },
  { 'S', "P9 OK [COPYUID 7 50:51 90:91] COPY completed.\r\n" },
  { '=' },
  { 'C', "P10 UID MOVE 52 Archive\r\n" },
  { 'S', "* OK [COPYUID 7 52 92]\r\n* 3 EXPUNGE\r\nP10 OK MOVE completed.\r\n" },
  { '=' },
  { 'C', "P11 APPEND INBOX (\\Seen) {23}\r\n" },
  { 'S', "+ Ready for additional command text.\r\n" },
  { 'C', NEW_MESSAGE "\r\n" },
  { 'S', "* 3 EXISTS\r\nP11 OK [APPENDUID 14 60] APPEND completed.\r\n" },
  { '=' },
  { 'C', "P12 UID SEARCH UNDELETED\r\n" },
  { 'S', "* SEARCH 50 51 60\r\nP12 OK SEARCH completed.\r\n" },
  { '=' },
  { 'C', "P13 IDLE\r\n" },
  { 'S', "+ IDLE accepted, awaiting DONE command.\r\n* 4 EXISTS\r\n" },
  { 'C', "DONE\r\n" },
  { 'S', "P13 OK IDLE completed.\r\n" },
  { '=' },
  { 'C', "P14 LOGOUT\r\n" },
  { 'S', "* BYE Microsoft Exchange Server signing off.\r\nP14 OK LOGOUT completed.\r\n" },
  { 0 },
};

static gboolean
is_full (void)
{
  return g_getenv ("PINION_TEST_FULL") != NULL;
}

/* How much less is done where everything takes many times as long. */
static guint
get_thinning (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 4;
#else
  return g_getenv ("PINION_TEST_TOOL") != NULL ? 30 : 1;
#endif
}

/* -- One session ----------------------------------------------------------------------------- */

typedef struct
{
  PinionTestPlan plan;
  PinionTestReplay *replay;
  PinionImapConnection *connection;
  char *directory;
  guint n_done;
  guint n_bodies;
  GError *error;
} Run;

/* Whether @future (transfer full) resolves; counts it. */
static gboolean
resolved (Run       *run,
          DexFuture *future)
{
  if (!dex_await (future, &run->error))
    return FALSE;

  run->n_done++;

  return TRUE;
}

/* The boxed value of @future (transfer full), counted, or %NULL. */
static gpointer
take (Run       *run,
      DexFuture *future)
{
  gpointer value = dex_await_boxed (future, &run->error);

  run->n_done += value != NULL;

  return value;
}

static gboolean
sign_in (Run *run)
{
  PinionImapCommand *ask = pinion_imap_command_new ("CAPABILITY", PINION_IMAP_ASKED_GREETING, 0);
  PinionImapCommand *login = pinion_imap_command_new ("LOGIN", PINION_IMAP_ASKED_SIGN_IN,
                                                      PINION_IMAP_COMMAND_ALONE_BEFORE |
                                                          PINION_IMAP_COMMAND_ALONE_AFTER |
                                                          PINION_IMAP_COMMAND_SECRET);

  pinion_imap_command_add_astring (login, "ana");
  pinion_imap_command_add_astring (login, "secret");
  if (resolved (run, dex_ref (DEX_FUTURE (run->connection->greeting))) &&
      resolved (run, pinion_imap_connection_send (run->connection, g_steal_pointer (&ask))))
    resolved (run, pinion_imap_connection_send (run->connection, g_steal_pointer (&login)));

  g_clear_pointer (&ask, pinion_imap_command_unref);
  g_clear_pointer (&login, pinion_imap_command_unref);

  return run->error == NULL;
}

static gboolean
list_and_select (Run *run)
{
  g_autoptr (GPtrArray) mailboxes = take (run, pinion_imap_connection_list (run->connection));
  g_autoptr (PinionImapSelected) selected = NULL;
  const char *const names[] = { "INBOX", "A\"b\\c", "Sent Items" };

  if (mailboxes == NULL)
    return FALSE;
  g_assert_cmpuint (mailboxes->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < mailboxes->len; i++)
    g_assert_cmpstr (((PinionImapMailbox *) mailboxes->pdata[i])->raw_name, ==, names[i]);

  selected = take (run, pinion_imap_connection_select (run->connection, "INBOX", FALSE));
  if (selected == NULL)
    return FALSE;
  g_assert_cmpuint (selected->exists, ==, 3);
  g_assert_cmpuint (selected->uidvalidity, ==, 14);
  g_assert_cmpuint (selected->uidnext, ==, 60);

  return TRUE;
}

static void
assert_header (GPtrArray  *messages,
               guint       i,
               guint32     uid,
               const char *text)
{
  const PinionImapMessage *message = g_ptr_array_index (messages, i);
  gsize length;
  const char *header = g_bytes_get_data (message->header, &length);

  g_assert_cmpuint (message->uid, ==, uid);
  g_assert_cmpmem (header, length, text, strlen (text));
  g_assert_cmpint (message->attachment, ==, PINION_IMAP_ATTACHMENT_NO);
}

static gboolean
fetch (Run *run)
{
  g_autoptr (PinionUidSet) two = session_set ("50:51");
  g_autoptr (PinionUidSet) three = session_set ("50:52");
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GArray) flags = NULL;
  DexFuture *first
      = pinion_imap_connection_fetch_headers (run->connection, two, "FROM SUBJECT", PINION_IMAP_HEADERS_ALL);
  DexFuture *second = pinion_imap_connection_fetch_flags (run->connection, three);

  messages = take (run, first);
  if (messages != NULL)
    {
      g_assert_cmpuint (messages->len, ==, 2);
      assert_header (messages, 0, 50, HEADER_50);
      assert_header (messages, 1, 51, HEADER_51);
      flags = take (run, g_steal_pointer (&second));
    }
  dex_clear (&second);
  if (flags == NULL)
    return FALSE;

  g_assert_cmpuint (flags->len, ==, 3);
  g_assert_cmpuint (g_array_index (flags, PinionImapUidFlags, 2).flags, ==,
                    PINION_IMAP_FLAG_FLAGGED | PINION_IMAP_FLAG_ANSWERED);

  return TRUE;
}

/* A message is whole, or it is not there. */
static DexFuture *
on_message (PinionImapMessage *message,
            gpointer           user_data)
{
  Run *run = user_data;
  g_autoptr (PinionImapMessage) owned = message;
  g_autofree char *contents = NULL;
  gsize length;

  run->n_bodies++;
  if (message->uid == 50)
    {
      const char *body = g_bytes_get_data (message->body, &length);

      g_assert_cmpmem (body, length, BODY_50, strlen (BODY_50));
      return NULL;
    }

  g_assert_cmpuint (message->uid, ==, 51);
  g_assert_cmpuint (message->body_size, ==, LARGE);
  g_assert_true (g_file_get_contents (message->body_path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, large_body, LARGE);

  return NULL;
}

static gboolean
fetch_bodies (Run *run)
{
  g_autoptr (PinionUidSet) two = session_set ("50:51");
  g_autoptr (PinionUidSet) arrived = NULL;

  arrived = take (run, pinion_imap_connection_fetch_bodies (run->connection, two, run->directory,
                                                            on_message, run, NULL));
  if (arrived == NULL)
    return FALSE;
  g_assert_cmpuint (pinion_uid_set_get_size (arrived), ==, 2);
  g_assert_cmpuint (run->n_bodies, ==, 2);

  return TRUE;
}

static gboolean
file (Run *run)
{
  g_autoptr (PinionUidSet) first = session_set ("50");
  g_autoptr (PinionUidSet) two = session_set ("50:51");
  g_autoptr (PinionUidSet) last = session_set ("52");
  g_autoptr (PinionImapCopied) copied = NULL;
  g_autoptr (PinionImapCopied) moved = NULL;

  if (!resolved (run, pinion_imap_connection_store (run->connection, first, TRUE,
                                                    PINION_IMAP_FLAG_FLAGGED)))
    return FALSE;

  copied = take (run, pinion_imap_connection_copy (run->connection, two, "Archive"));
  if (copied == NULL)
    return FALSE;
  g_assert_cmpuint (copied->destination->len, ==, 2);
  g_assert_cmpuint (g_array_index (copied->destination, guint32, 1), ==, 91);

  moved = take (run, pinion_imap_connection_move (run->connection, last, "Archive"));
  if (moved == NULL)
    return FALSE;
  g_assert_cmpuint (moved->destination->len, ==, 1);
  g_assert_cmpuint (g_array_index (moved->destination, guint32, 0), ==, 92);
  g_assert_cmpuint (moved->n_expunged, ==, 1);

  return TRUE;
}

static gboolean
append_and_search (Run *run)
{
  g_autoptr (GBytes) message = g_bytes_new_static (NEW_MESSAGE, strlen (NEW_MESSAGE));
  g_autoptr (PinionImapAppended) appended = NULL;
  g_autoptr (GArray) found = NULL;
  PinionImapSearch *search;

  appended = take (run, pinion_imap_connection_append (run->connection, "INBOX",
                                                       PINION_IMAP_FLAG_SEEN, G_MININT64,
                                                       message));
  if (appended == NULL)
    return FALSE;
  g_assert_cmpuint (appended->uid, ==, 60);

  search = pinion_imap_search_new ();
  pinion_imap_search_add_undeleted (search);
  found = take (run, pinion_imap_connection_search (run->connection, search));
  if (found == NULL)
    return FALSE;
  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpuint (g_array_index (found, guint32, 2), ==, 60);

  return TRUE;
}

static gboolean
idle (Run *run)
{
  g_array_unref (pinion_imap_connection_take_changes (run->connection));
  if (!resolved (run, pinion_imap_connection_idle (run->connection, 1)))
    return FALSE;

  g_assert_cmpuint (pinion_imap_connection_get_selected (run->connection)->exists, ==, 4);

  return TRUE;
}

/* Whatever the server does, it ends. */
static void
leave (Run *run)
{
  g_autoptr (GError) error = NULL;

  dex_await (pinion_imap_connection_logout (run->connection), &error);
  g_assert_no_error (error);
  g_assert_true (pinion_imap_connection_is_closed (run->connection));
}

static void
talk (Run *run)
{
  gboolean done = sign_in (run) && list_and_select (run) && fetch (run) && fetch_bodies (run) &&
                  file (run) && append_and_search (run) && idle (run);

  if (done)
    {
      leave (run);
      return;
    }

  g_assert_nonnull (run->error);
  if (!pinion_error_is (run->error, PINION_ERROR_CONNECTION_LOST) &&
      !(run->plan.stall && pinion_error_is (run->error, PINION_ERROR_TIMED_OUT)))
    g_error ("At %zu: %s", run->plan.most, run->error->message);
  g_assert_cmpint (pinion_error_get_protocol (run->error), ==, PINION_PROTOCOL_IMAP);
  g_assert_true (pinion_imap_connection_is_closed (run->connection));
}

/* Waits until the last fiber has let go of it. */
static void
assert_gone (PinionImapConnection *connection)
{
  gpointer alive = connection;

  g_object_add_weak_pointer (G_OBJECT (connection), &alive);
  g_object_unref (connection);
  while (alive != NULL)
    dex_await (dex_timeout_new_msec (1), NULL);
}

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (GIOStream) stream = NULL;
  guint reached;

  run->replay = pinion_test_replay_new (session, &run->plan, &stream);
  run->connection = pinion_imap_connection_new ();
  pinion_imap_connection_attach (run->connection, stream, TRUE);
  if (run->plan.stall)
    {
      pinion_imap_pipeline_set_time_limit (run->connection->pipeline, PATIENCE);
      run->connection->done_limit = PATIENCE;
      run->connection->logout_limit = PATIENCE;
    }
  talk (run);

  reached = pinion_test_replay_get_n_reached (run->replay);
  if (run->plan.stall ? run->n_done > reached : run->n_done != reached)
    g_error ("At %zu: %u were answered, %u succeeded", run->plan.most, reached, run->n_done);
  assert_gone (g_steal_pointer (&run->connection));

  return dex_future_new_true ();
}

/* -- Many of them ---------------------------------------------------------------------------- */

static gboolean
on_hang (gpointer user_data)
{
  Run *runs = user_data;

  for (guint i = 0; i < CROWD; i++)
    if (runs[i].connection != NULL)
      g_printerr ("# hangs at %zu\n", runs[i].plan.most);
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static void
assert_empty (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);

  g_assert_cmpstr (g_dir_read_name (dir), ==, NULL);
}

/* @plans: what is done at the same time. */
static void
run_crowd (const PinionTestPlan *plans,
           guint                 n_plans,
           char                 *directory)
{
  g_autofree Run *runs = g_new0 (Run, CROWD);
  DexFuture *futures[CROWD];
  guint watch = g_timeout_add_seconds (HANGS, on_hang, runs);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_plans; i++)
    {
      runs[i].plan = plans[i];
      runs[i].directory = directory;
      futures[i] = dex_scheduler_spawn (NULL, 0, run_fiber, &runs[i], NULL);
    }

  for (guint i = 0; i < n_plans; i++)
    {
      dex_await (futures[i], &error);
      g_assert_no_error (error);
      pinion_test_replay_free (runs[i].replay);
      g_clear_error (&runs[i].error);
    }
  g_source_remove (watch);
  assert_empty (directory);
}

/* Every byte but those in the middle of the large message, of which there is a choice. */
static gboolean
is_worth_it (gsize at)
{
  gsize start = 0;

  for (guint i = 0; session[i].text != large_body; i++)
    start += session[i].who != '=' ? strlen (session[i].text) : 0;

  return is_full () || at < start + 40 || at > start + LARGE - 40 || (at - start) % 1021 == 0;
}

/* @every: only each so manieth. */
static void
run_everywhere (PinionTestPlan plan,
                guint          every)
{
  gsize length = pinion_test_replay_get_length (session);
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  g_autofree PinionTestPlan *plans = g_new (PinionTestPlan, CROWD);
  guint offset, descriptors, n_plans = 0, n_all = 0;

  every = is_full () ? (plan.drip ? DRIPS_EVERY : 1) : every * get_thinning ();
  offset = (guint) g_test_rand_int_range (0, (int) every);
  descriptors = pinion_test_count_descriptors ();
  for (gsize at = 0; at <= length; at++)
    {
      if (is_worth_it (at) && at % every == offset)
        {
          plan.most = at;
          plans[n_plans++] = plan;
        }
      if (n_plans == CROWD || (at == length && n_plans > 0))
        {
          run_crowd (plans, n_plans, directory);
          n_all += n_plans;
          n_plans = 0;
        }
    }

  g_test_message ("%u of %zu places, every %u from %u", n_all, length + 1, every, offset);
  while (pinion_test_count_descriptors () > descriptors)
    dex_await (dex_timeout_new_msec (1), NULL);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static DexFuture *
test_whole_fiber (gpointer data)
{
  const PinionTestPlan plans[] = {
    { .most = G_MAXSIZE },
    { .most = G_MAXSIZE, .drip = TRUE },
  };
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);

  run_crowd (plans, 1, directory);
  run_crowd (plans + 1, 1, directory);
  g_assert_cmpint (g_rmdir (directory), ==, 0);

  return dex_future_new_true ();
}

static DexFuture *
test_cut_fiber (gpointer data)
{
  run_everywhere ((PinionTestPlan){ 0 }, 1);

  return dex_future_new_true ();
}

static DexFuture *
test_cut_slow_fiber (gpointer data)
{
  run_everywhere ((PinionTestPlan){ .drip = TRUE }, 197);

  return dex_future_new_true ();
}

static DexFuture *
test_stall_fiber (gpointer data)
{
  run_everywhere ((PinionTestPlan){ .stall = TRUE }, 5);

  return dex_future_new_true ();
}

/* -- With TLS -------------------------------------------------------------------------------- */

#define SIGN_IN                                                                                    \
  "C: P%d CAPABILITY\n"                                                                            \
  "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR NAMESPACE\nS: P%d OK CAPABILITY completed.\n"      \
  "C: P%d AUTHENTICATE PLAIN " SESSION_PLAIN "\nS: P%d OK AUTHENTICATE completed.\n"               \
  "C: P%d CAPABILITY\n"                                                                            \
  "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR NAMESPACE\nS: P%d OK CAPABILITY completed.\n"      \
  "C: P%d NAMESPACE\nS: * NAMESPACE ((\"\" \"/\")) NIL NIL\nS: P%d OK NAMESPACE completed.\n"      \
  "{hold}"

static const char starttls_script[] =
    "S: * OK ready\nC: P1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\n"
    "S: P1 OK CAPABILITY completed.\nC: P2 STARTTLS\nS: P2 OK Begin TLS negotiation now.\n"
    "{tls}\n";

static char *
make_script (PinionEncryption encryption)
{
  g_autofree char *rest = g_strdup_printf (SIGN_IN, 1, 1, 2, 2, 3, 3, 4, 4);

  if (encryption == PINION_ENCRYPTION_STARTTLS)
    return g_strconcat (starttls_script, rest, NULL);

  return g_strconcat ("{tls}\nS: * OK ready\n", rest, NULL);
}

typedef struct
{
  PinionEncryption encryption;
  PinionTestPlan plan;
  gsize passed; /* on the line when it was done */
  gboolean succeeded;
} Attempt;

/* A server that does not answer is given up by who waits for it. */
static DexFuture *
attempt_fiber (gpointer data)
{
  Attempt *attempt = data;
  g_autofree char *script = make_script (attempt->encryption);
  g_autoptr (PinionTestPeer) peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  g_autoptr (PinionTestRelay) relay = NULL;
  g_autoptr (PinionSecret) secret = pinion_secret_new (SESSION_PASSWORD);
  g_autoptr (PinionImapConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  PinionServer server = { 0 };
  DexFuture *future;

  relay = pinion_test_relay_new (pinion_test_peer_get_port (peer), &attempt->plan);
  pinion_test_peer_fill_server (peer, attempt->encryption, &server);
  server.port = pinion_test_relay_get_port (relay);

  future = pinion_imap_connect (&server, secret, pinion_test_certs_get_ca (), NULL);
  if (attempt->plan.stall)
    future = dex_future_first (future, dex_timeout_new_msec (PATIENCE), NULL);
  connection = dex_await_object (future, &error);
  attempt->passed = pinion_test_relay_get_passed (relay);
  attempt->succeeded = connection != NULL;
  pinion_server_clear (&server);

  if (connection == NULL)
    {
      g_assert_null (strstr (error->message, SESSION_PLAIN));
      if (attempt->plan.stall && g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
        return dex_future_new_true ();
      if (error->domain != PINION_ERROR)
        g_error ("At %zu: %s", attempt->plan.most, error->message);
      g_assert_true (pinion_error_is (error, PINION_ERROR_CONNECTION_LOST) ||
                     pinion_error_is (error, PINION_ERROR_TLS_FAILED));
      return dex_future_new_true ();
    }

  pinion_imap_connection_close (connection);
  assert_gone (g_steal_pointer (&connection));

  return dex_future_new_true ();
}

/* A signature is some bytes longer or shorter; the last answer has more. */
#define VARIES 24

#define AT_ONCE 8

static void
attempt_everywhere (PinionEncryption encryption,
                    gboolean         stall,
                    guint            every)
{
  Attempt whole = { .encryption = encryption, .plan = { .most = G_MAXSIZE } };
  guint descriptors, offset, n_all = 0;
  g_autoptr (GError) error = NULL;

  dex_await (dex_scheduler_spawn (NULL, 0, attempt_fiber, &whole, NULL), &error);
  g_assert_true (whole.succeeded);
  every = is_full () ? 1 : every * get_thinning ();
  offset = (guint) g_test_rand_int_range (0, (int) every);
  descriptors = pinion_test_count_descriptors ();

  for (gsize at = offset; at < whole.passed + VARIES + every;)
    {
      Attempt attempts[AT_ONCE] = { 0 };
      DexFuture *futures[AT_ONCE];

      for (guint i = 0; i < AT_ONCE; i++, at += every)
        {
          attempts[i].encryption = encryption;
          attempts[i].plan = (PinionTestPlan){ .most = at, .stall = stall };
          futures[i] = dex_scheduler_spawn (NULL, 0, attempt_fiber, &attempts[i], NULL);
        }
      for (guint i = 0; i < AT_ONCE; i++)
        {
          dex_await (futures[i], &error);
          g_assert_no_error (error);
          n_all++;
          if (attempts[i].plan.most + VARIES < whole.passed)
            g_assert_false (attempts[i].succeeded);
          else if (!stall && attempts[i].plan.most > whole.passed + VARIES)
            g_assert_true (attempts[i].succeeded);
        }
    }

  g_test_message ("%u of %zu places, every %u from %u", n_all, whole.passed + 1, every, offset);
  while (pinion_test_count_descriptors () > descriptors)
    dex_await (dex_timeout_new_msec (1), NULL);
}

static DexFuture *
test_tls_fiber (gpointer data)
{
  attempt_everywhere (PINION_ENCRYPTION_TLS, FALSE, 41);
  attempt_everywhere (PINION_ENCRYPTION_TLS, TRUE, 211);

  return dex_future_new_true ();
}

static DexFuture *
test_starttls_fiber (gpointer data)
{
  attempt_everywhere (PINION_ENCRYPTION_STARTTLS, FALSE, 43);
  attempt_everywhere (PINION_ENCRYPTION_STARTTLS, TRUE, 223);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  for (guint i = 0; i < LARGE; i++)
    large_body[i] = i % 64 == 62 ? '\r' : i % 64 == 63 ? '\n' : (char) ('a' + i % 23);

  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/imap/cuts/whole", test_whole_fiber);
  pinion_test_add_fiber ("/imap/cuts/cut", test_cut_fiber);
  pinion_test_add_fiber ("/imap/cuts/cut-slow", test_cut_slow_fiber);
  pinion_test_add_fiber ("/imap/cuts/stall", test_stall_fiber);
  pinion_test_add_fiber ("/imap/cuts/tls", test_tls_fiber);
  pinion_test_add_fiber ("/imap/cuts/starttls", test_starttls_fiber);

  return g_test_run ();
}
