/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As many connections as are allowed, and what a refusal of one more means. */

#include <string.h>

#include "imap-test-session.h"
#include "pinion-imap-budget.h"

#define GREETED                                                                                    \
  "{tls}\n"                                                                                        \
  "S: * OK ready\n"                                                                                \
  "C: P1 CAPABILITY\n"                                                                             \
  "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n"                                                 \
  "S: P1 OK done\n"                                                                                \
  "C~ P2 AUTHENTICATE PLAIN .*\n"

#define SIGNED_IN                                                                                  \
  GREETED                                                                                          \
  "S: P2 OK done\n"                                                                                \
  "C: P3 CAPABILITY\n"                                                                             \
  "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n"                                                 \
  "S: P3 OK done\n"                                                                                \
  "C: P4 NOOP\n"

#define WORKS SIGNED_IN "S: P4 OK done\n{hold}\n"

static DexFuture *
ask (PinionImapBudget *budget,
     Session          *session,
     const char       *script)
{
  session_prepare (session, script, PINION_ENCRYPTION_TLS, NULL);

  return pinion_imap_budget_connect (budget, &session->server, session->secret,
                                     pinion_test_certs_get_ca (), NULL);
}

static void
await_connection (Session   *session,
                  DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  session->connection = dex_await_object (future, &error);
  g_assert_no_error (error);
}

/* Lets everything that is ready go on. */
static void
settle (void)
{
  for (guint i = 0; i < 10; i++)
    dex_await (dex_timeout_new_msec (1), NULL);
}

static DexFuture *
test_places_fiber (gpointer data)
{
  g_autoptr (PinionImapBudget) budget = pinion_imap_budget_new (2);
  g_autoptr (PinionImapBudget) usual = pinion_imap_budget_new (0);
  Session sessions[4];
  DexFuture *third;
  DexFuture *given_up;

  g_assert_cmpuint (pinion_imap_budget_get_limit (usual), ==, PINION_IMAP_BUDGET_DEFAULT);
  await_connection (&sessions[0], ask (budget, &sessions[0], WORKS));
  await_connection (&sessions[1], ask (budget, &sessions[1], WORKS));
  g_assert_cmpuint (pinion_imap_budget_get_n_open (budget), ==, 2);

  /* Two more wait; one of them does not any more. */
  given_up = ask (budget, &sessions[2], WORKS);
  third = ask (budget, &sessions[3], WORKS);
  settle ();
  g_assert_true (dex_future_is_pending (third));
  dex_unref (given_up);
  pinion_test_peer_stop (sessions[2].peer);
  pinion_server_clear (&sessions[2].server);
  pinion_secret_unref (sessions[2].secret);

  session_close (&sessions[0]);
  await_connection (&sessions[3], third);
  g_assert_cmpuint (pinion_imap_budget_get_n_open (budget), ==, 2);
  session_close (&sessions[1]);
  session_close (&sessions[3]);
  settle ();
  g_assert_cmpuint (pinion_imap_budget_get_n_open (budget), ==, 0);
  g_assert_cmpuint (pinion_imap_budget_get_limit (budget), ==, 2);

  return dex_future_new_true ();
}

/* The server's ways to refuse one more */
static DexFuture *
test_too_many_fiber (gpointer data)
{
  static const char *const refusals[] = {
    GREETED "S: P2 NO LOGIN failed.\n{hold}\n",
    GREETED "S: P2 NO [LIMIT] Maximum number of connections from user+IP exceeded\n{hold}\n",
    SIGNED_IN "S: P4 BAD User is authenticated but not connected.\n{hold}\n",
    "{tls}\nS: * BYE Maximum number of connections exceeded\n{hold}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (PinionImapBudget) budget = pinion_imap_budget_new (4);
      g_autoptr (GError) refused = NULL;
      Session sessions[4];
      DexFuture *waiting;

      await_connection (&sessions[0], ask (budget, &sessions[0], WORKS));
      await_connection (&sessions[1], ask (budget, &sessions[1], WORKS));
      refused = session_assert_rejects (ask (budget, &sessions[2], refusals[i]),
                                        PINION_ERROR_TOO_MANY_CONNECTIONS);
      session_close (&sessions[2]);
      g_assert_nonnull (pinion_error_get_detail (refused, "server-text"));
      g_assert_cmpuint (pinion_imap_budget_get_limit (budget), ==, 2);

      waiting = ask (budget, &sessions[3], WORKS);
      settle ();
      g_assert_true (dex_future_is_pending (waiting));
      session_close (&sessions[0]);
      await_connection (&sessions[3], waiting);
      session_close (&sessions[3]);
      session_close (&sessions[1]);
    }

  return dex_future_new_true ();
}

/* Where no connection works, a refused password is one. */
static DexFuture *
test_alone_fiber (gpointer data)
{
  g_autoptr (PinionImapBudget) budget = pinion_imap_budget_new (4);
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) again = NULL;
  Session session;

  refused = session_assert_rejects (ask (budget, &session,
                                         GREETED "S: P2 NO LOGIN failed.\n{hold}\n"),
                                    PINION_ERROR_SIGN_IN_REFUSED);
  session_close (&session);
  g_assert_cmpuint (pinion_imap_budget_get_limit (budget), ==, 4);

  await_connection (&session, ask (budget, &session, WORKS));
  session_close (&session);
  settle ();
  again = session_assert_rejects (ask (budget, &session,
                                       GREETED "S: P2 NO LOGIN failed.\n{hold}\n"),
                                  PINION_ERROR_SIGN_IN_REFUSED);
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/budget/places", test_places_fiber);
  pinion_test_add_fiber ("/imap/budget/too-many", test_too_many_fiber);
  pinion_test_add_fiber ("/imap/budget/alone", test_alone_fiber);

  return g_test_run ();
}
