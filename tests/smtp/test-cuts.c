/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole session, cut off, stalled and slowed down at each of its bytes.  What matters most: "sent"
 * only when the server said so, and never "not sent" when it may have the whole message.
 *
 * Where all of it would take too long, every n-th byte is taken, from an offset that the seed of the
 * run decides; with PINION_TEST_FULL in the environment it is all of them. */

#include "pinion-smtp-connection-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"
#include "pinion-test-relay.h"
#include "pinion-test-replay.h"

/* Milliseconds that a silent server is waited for. */
#define PATIENCE 100

/* Seconds after which a run hangs. */
#define HANGS 60

/* Byte by byte takes long, also where all of it is wanted. */
#define DRIPS_EVERY 1

/* Runs at the same time */
#define CROWD 100

#define MESSAGE "Subject: hey\r\n\r\n.d\xc3\xa4\r\nend\r\n"
#define ON_THE_LINE "Subject: hey\r\n\r\n..d\xc3\xa4\r\nend\r\n"

/* Of both messages the milestones are: it is with the server; it was answered. */
static const PinionTestStep session[] = {
  { 'S', "220-mail.example ESMTP\r\n220 ready\r\n" },
  { '=' },
  { 'C', "EHLO [127.0.0.1]\r\n" },
  { 'S', "250-mail.example Hello\r\n250-SIZE 5000000\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n" },
  { '=' },
  { 'C', "AUTH PLAIN AGFuYQBzZWNyZXQ=\r\n" },
  { 'S', "235 2.7.0 Authentication successful\r\n" },
  { '=' },
  { 'C', "MAIL FROM:<ana@example.com> SIZE=27 BODY=8BITMIME\r\n" },
  { 'S', "250 2.1.0 Sender OK\r\n" },
  { 'C', "RCPT TO:<ben@example.org>\r\n" },
  { 'S', "250 2.1.5 Recipient OK\r\n" },
  { 'C', "RCPT TO:<cy@example.org>\r\n" },
  { 'S', "250 2.1.5 Recipient OK\r\n" },
  { 'C', "DATA\r\n" },
  { 'S', "354 Start mail input; end with <CRLF>.<CRLF>\r\n" },
  { 'C', ON_THE_LINE ".\r\n" },
  { '=' },
  { 'S', "250-2.6.0 Queued mail for delivery\r\n250 2.6.0 <1@mail.example>\r\n" },
  { '=' },
  { 'C', "MAIL FROM:<ana@example.com> SIZE=27 BODY=8BITMIME\r\n" },
  { 'S', "250 2.1.0 Sender OK\r\n" },
  { 'C', "RCPT TO:<ben@example.org>\r\n" },
  { 'S', "250 2.1.5 Recipient OK\r\n" },
  { 'C', "RCPT TO:<cy@example.org>\r\n" },
  { 'S', "250 2.1.5 Recipient OK\r\n" },
  { 'C', "DATA\r\n" },
  { 'S', "354 Start mail input; end with <CRLF>.<CRLF>\r\n" },
  { 'C', ON_THE_LINE ".\r\n" },
  { '=' },
  { 'S', "250 2.6.0 Queued mail for delivery\r\n" },
  { '=' },
  { 'C', "QUIT\r\n" },
  { 'S', "221 2.0.0 Service closing transmission channel\r\n" },
  { 0 },
};

enum
{
  GREETED = 1,
  SAID_HELLO,
  SIGNED_IN,
  GAVE_FIRST,
  SENT_FIRST,
  GAVE_SECOND,
  SENT_SECOND,
};

static const char *const recipients[] = { "ben@example.org", "cy@example.org", NULL };

static GFile *message;

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

static PinionSmtpLimits
make_limits (gboolean stall)
{
  guint limit = stall ? PATIENCE : HANGS * 1000;

  return (PinionSmtpLimits){
    .net = { .resolve = HANGS * 1000, .reach = limit, .handshake = limit },
    .greeting = limit,
    .command = limit,
    .sign_in = limit,
    .data = limit,
    .final = limit,
  };
}

/* -- One session ----------------------------------------------------------------------------- */

typedef struct
{
  PinionTestPlan plan;
  PinionTestReplay *replay;
  PinionSmtpConnection *connection;
  guint n_done;
  GError *error;
} Run;

/* Waits for a reply with @code to @line (nullable: the greeting). */
static gboolean
ask (Run        *run,
     const char *line,
     guint       code)
{
  PinionSmtpConnection *connection = run->connection;
  g_autoptr (PinionSmtpReply) reply = NULL;

  if (line == NULL)
    reply = pinion_smtp_connection_read_reply (connection, connection->limits.greeting, FALSE,
                                               &run->error);
  else
    reply = pinion_smtp_connection_command (connection, line, connection->limits.command,
                                            &run->error);
  if (reply == NULL)
    return FALSE;

  g_assert_cmpuint (reply->code, ==, code);
  if (connection->ehlo == NULL && line != NULL)
    connection->ehlo = pinion_smtp_ehlo_parse (reply);

  return TRUE;
}

static gboolean
submit (Run *run)
{
  return dex_await (pinion_smtp_connection_submit (run->connection, "ana@example.com", recipients,
                                                   message),
                    &run->error);
}

static guint
talk (Run *run)
{
  if (!ask (run, NULL, 220))
    return 0;
  if (!ask (run, "EHLO [127.0.0.1]", 250))
    return GREETED;
  if (!ask (run, "AUTH PLAIN AGFuYQBzZWNyZXQ=", 235))
    return SAID_HELLO;
  if (!submit (run))
    return SIGNED_IN;
  if (!submit (run))
    return SENT_FIRST;

  return SENT_SECOND;
}

/* What is known of the message that the line broke on */
static void
assert_outcome (Run *run)
{
  guint reached = pinion_test_replay_get_n_reached (run->replay);
  gboolean given = reached == GAVE_FIRST || reached == GAVE_SECOND;
  guint expected = given ? reached - 1 : reached;

  if (run->plan.stall ? run->n_done > expected : run->n_done != expected)
    g_error ("At %zu: the server came to %u, we to %u", run->plan.most, reached, run->n_done);
  if (run->n_done == SENT_SECOND)
    {
      g_assert_no_error (run->error);
      return;
    }

  g_assert_nonnull (run->error);
  if (given && !pinion_error_is (run->error, PINION_ERROR_OUTCOME_UNKNOWN))
    g_error ("At %zu: the message is with the server, but: %s", run->plan.most,
             run->error->message);
  if (!pinion_error_is (run->error, PINION_ERROR_OUTCOME_UNKNOWN) &&
      !pinion_error_is (run->error, PINION_ERROR_CONNECTION_LOST) &&
      !(run->plan.stall && pinion_error_is (run->error, PINION_ERROR_TIMED_OUT)))
    g_error ("At %zu: %s", run->plan.most, run->error->message);
  g_assert_cmpint (pinion_error_get_protocol (run->error), ==, PINION_PROTOCOL_SMTP);
  g_assert_false (pinion_smtp_connection_is_open (run->connection));
}

/* Waits until the last fiber has let go of it. */
static void
assert_gone (PinionSmtpConnection *connection)
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
  g_autoptr (GError) error = NULL;

  run->replay = pinion_test_replay_new (session, &run->plan, &stream);
  run->connection = g_object_new (PINION_TYPE_SMTP_CONNECTION, NULL);
  run->connection->limits = make_limits (run->plan.stall);
  run->connection->parser = pinion_smtp_reply_parser_new ();
  run->connection->channel = pinion_channel_new (stream, PINION_PROTOCOL_SMTP);
  pinion_channel_set_time_limit (run->connection->channel, 0);

  run->n_done = talk (run);
  assert_outcome (run);
  /* What a good-bye costs is known from one time-out. */
  if (!run->plan.stall || run->n_done < SENT_SECOND)
    dex_await (pinion_smtp_connection_quit (run->connection), &error);
  g_assert_no_error (error);
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
run_crowd (const PinionTestPlan *plans,
           guint                 n_plans)
{
  g_autofree Run *runs = g_new0 (Run, CROWD);
  DexFuture *futures[CROWD];
  guint watch = g_timeout_add_seconds (HANGS, on_hang, runs);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_plans; i++)
    {
      runs[i].plan = plans[i];
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
}

/* @every: only each so manieth. */
static void
run_everywhere (PinionTestPlan plan,
                guint          every)
{
  gsize length = pinion_test_replay_get_length (session);
  g_autofree PinionTestPlan *plans = g_new (PinionTestPlan, CROWD);
  guint offset, descriptors, n_plans = 0, n_all = 0;

  every = is_full () ? (plan.drip ? DRIPS_EVERY : 1) : every * get_thinning ();
  offset = (guint) g_test_rand_int_range (0, (int) every);
  descriptors = pinion_test_count_descriptors ();
  for (gsize at = 0; at <= length; at++)
    {
      if (at % every == offset)
        {
          plan.most = at;
          plans[n_plans++] = plan;
        }
      if (n_plans == CROWD || (at == length && n_plans > 0))
        {
          run_crowd (plans, n_plans);
          n_all += n_plans;
          n_plans = 0;
        }
    }

  g_test_message ("%u of %zu places, every %u from %u", n_all, length + 1, every, offset);
  while (pinion_test_count_descriptors () > descriptors)
    dex_await (dex_timeout_new_msec (1), NULL);
}

static DexFuture *
test_whole_fiber (gpointer data)
{
  const PinionTestPlan plans[] = {
    { .most = G_MAXSIZE },
    { .most = G_MAXSIZE, .drip = TRUE },
  };

  run_crowd (plans, G_N_ELEMENTS (plans));

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
  run_everywhere ((PinionTestPlan){ .drip = TRUE }, 7);

  return dex_future_new_true ();
}

static DexFuture *
test_stall_fiber (gpointer data)
{
  run_everywhere ((PinionTestPlan){ .stall = TRUE }, 3);

  return dex_future_new_true ();
}

/* -- With TLS -------------------------------------------------------------------------------- */

#define HELLO(more) "C: EHLO [127.0.0.1]\nS: 250-mail.example Hello\nS: 250-8BITMIME\nS: 250 " more "\n"
#define CONVERSATION                                                                               \
  HELLO ("AUTH PLAIN")                                                                             \
  "C~ AUTH PLAIN .*\nS: 235 2.7.0 ok\n"                                                            \
  "C: MAIL FROM:<ana@example.com> BODY=8BITMIME\nS: 250 2.1.0 ok\n"                                \
  "C: RCPT TO:<ben@example.org>\nS: 250 2.1.5 ok\nC: RCPT TO:<cy@example.org>\nS: 250 2.1.5 ok\n"  \
  "C: DATA\nS: 354 go\n{until .}\nS: 250 2.6.0 Queued mail for delivery\n{hold}"

typedef struct
{
  PinionEncryption encryption;
  PinionTestPlan plan;
  gsize passed; /* on the line when it was done */
  gboolean succeeded;
} Attempt;

static gboolean
connect_and_submit (Attempt            *attempt,
                    const PinionServer *server,
                    GError            **error)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new ("secret");
  g_autoptr (PinionSmtpConnection) connection = NULL;
  PinionSmtpLimits limits = make_limits (attempt->plan.stall);
  gboolean sent;

  connection = dex_await_object (
      pinion_smtp_connect (server, secret, pinion_test_certs_get_ca (), &limits, NULL), error);
  if (connection == NULL)
    return FALSE;

  sent = dex_await (pinion_smtp_connection_submit (connection, "ana@example.com", recipients,
                                                   message),
                    error);
  pinion_smtp_connection_close (connection);
  assert_gone (g_steal_pointer (&connection));

  return sent;
}

static DexFuture *
attempt_fiber (gpointer data)
{
  Attempt *attempt = data;
  gboolean clear = attempt->encryption == PINION_ENCRYPTION_STARTTLS;
  const char *script = clear ? "S: 220 ready\n" HELLO ("STARTTLS")
                               "C: STARTTLS\nS: 220 2.0.0 go\n{tls}\n" CONVERSATION
                             : "{tls}\nS: 220 ready\n" CONVERSATION;
  g_autoptr (PinionTestPeer) peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  g_autoptr (PinionTestRelay) relay = NULL;
  g_autoptr (GError) error = NULL;
  PinionServer server = { 0 };

  relay = pinion_test_relay_new (pinion_test_peer_get_port (peer), &attempt->plan);
  pinion_test_peer_fill_server (peer, attempt->encryption, &server);
  server.port = pinion_test_relay_get_port (relay);
  attempt->succeeded = connect_and_submit (attempt, &server, &error);
  attempt->passed = pinion_test_relay_get_passed (relay);
  pinion_server_clear (&server);

  if (!attempt->succeeded && !pinion_error_is (error, PINION_ERROR_CONNECTION_LOST) &&
      !pinion_error_is (error, PINION_ERROR_TLS_FAILED) &&
      !pinion_error_is (error, PINION_ERROR_OUTCOME_UNKNOWN) &&
      !(attempt->plan.stall && (pinion_error_is (error, PINION_ERROR_TIMED_OUT) ||
                                pinion_error_is (error, PINION_ERROR_NEEDS_TLS))))
    g_error ("At %zu: %s", attempt->plan.most, error->message);

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
  g_autofree char *path = NULL;
  int status;

  pinion_test_init (&argc, &argv);
  g_close (g_file_open_tmp ("pinion-message-XXXXXX", &path, NULL), NULL);
  g_file_set_contents (path, MESSAGE, -1, NULL);
  message = g_file_new_for_path (path);

  pinion_test_add_fiber ("/smtp/cuts/whole", test_whole_fiber);
  pinion_test_add_fiber ("/smtp/cuts/cut", test_cut_fiber);
  pinion_test_add_fiber ("/smtp/cuts/cut-slow", test_cut_slow_fiber);
  pinion_test_add_fiber ("/smtp/cuts/stall", test_stall_fiber);
  pinion_test_add_fiber ("/smtp/cuts/tls", test_tls_fiber);
  pinion_test_add_fiber ("/smtp/cuts/starttls", test_starttls_fiber);
  status = g_test_run ();

  g_object_unref (message);
  g_unlink (path);

  return status;
}
