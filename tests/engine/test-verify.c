/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifying an account is given up at any moment, wherever it waits: the line is dropped at
 * once, and nothing more is said on it. */

#include "pinion-engine.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

#include <string.h>

/* Microseconds within which whoever was being talked to has to see the end; time limits are 15 s
 * and more. */
#define AT_ONCE (6 * G_USEC_PER_SEC)

#define GREETING "{tls}\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n"
#define CAPABILITY "C: $tag CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK done\n"

typedef struct
{
  PinionStage stage;
  gboolean begun;
} Watch;

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  Watch *watch = user_data;

  if (protocol == PINION_PROTOCOL_IMAP && stage == watch->stage
      && state == PINION_STAGE_STATE_RUNNING)
    watch->begun = TRUE;
}

static PinionAccount *
make_account (const char      *host,
              guint16          port,
              PinionEncryption encryption)
{
  PinionAccount *account = pinion_account_new ();

  g_set_str (&account->email, "ana@example.com");
  g_set_str (&account->imap.user, "ana@example.com");
  g_set_str (&account->imap.host, host);
  account->imap.port = port;
  account->imap.encryption = encryption;
  account->ca_pem = g_strdup (pinion_test_certs_get_ca ());
  g_set_str (&account->smtp.host, "127.0.0.1");
  account->smtp.port = 1;

  return account;
}

/* Verifies until IMAP is at @stage, and some moments longer, then lets go. */
static void
leave_at (PinionAccount *account,
          PinionStage    stage)
{
  Watch watch = { .stage = stage };
  g_autoptr (PinionSecret) secret = pinion_secret_new ("never to be seen");
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (on_stage, &watch, NULL);
  DexFuture *future = pinion_engine_verify_account (NULL, account, secret, FALSE, sink);

  while (!watch.begun)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 20; i++)
    {
      g_usleep (5000);
      g_main_context_iteration (NULL, FALSE);
    }

  dex_unref (future);
  pinion_account_free (account);
}

static void
assert_left (const char      *script,
             PinionEncryption encryption,
             PinionStage      stage)
{
  PinionTestPeer *peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));

  leave_at (make_account ("localhost", pinion_test_peer_get_port (peer), encryption), stage);

  gint64 began = g_get_monotonic_time ();
  g_autoptr (GByteArray) said = pinion_test_peer_finish (peer);
  g_assert_cmpint (g_get_monotonic_time () - began, <, AT_ONCE);
  g_assert_true (said->len == 0
                 || memmem (said->data, said->len, "never to be seen", 16) == NULL);
}

static void
test_stalled_tls (void)
{
  assert_left ("{hold}", PINION_ENCRYPTION_TLS, PINION_STAGE_TLS);
}

static void
test_stalled_greeting (void)
{
  assert_left ("{tls}\n{hold}", PINION_ENCRYPTION_TLS, PINION_STAGE_GREETING);
}

static void
test_stalled_sign_in (void)
{
  assert_left (GREETING CAPABILITY "C~ .*AUTHENTICATE PLAIN .*\n{hold}", PINION_ENCRYPTION_TLS,
               PINION_STAGE_SIGN_IN);
}

/* Nobody takes the connection, or refuses it: the queue is full. */
static void
test_stalled_reach (void)
{
  g_autoptr (GSocket) listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                               G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  g_socket_set_listen_backlog (listener, 0);
  g_assert_true (g_socket_bind (listener, any, TRUE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  g_autoptr (GSocketAddress) place = g_socket_get_local_address (listener, NULL);
  for (guint i = 0; i < 3; i++)
    {
      GSocket *one = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                   G_SOCKET_PROTOCOL_TCP, NULL);

      g_socket_set_blocking (one, FALSE);
      g_socket_connect (one, place, NULL, NULL);
      g_ptr_array_add (waiting, one);
    }

  leave_at (make_account ("127.0.0.1",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place)),
                          PINION_ENCRYPTION_TLS),
            PINION_STAGE_REACH);
}

/* However early or late: every thread still does what it is given. */
static void
test_left_early (void)
{
  for (guint i = 0; i < 60; i++)
    {
      PinionAccount *account = make_account ("127.0.0.1", 1, PINION_ENCRYPTION_TLS);
      g_autoptr (PinionSecret) secret = pinion_secret_new ("never to be seen");
      DexFuture *future = pinion_engine_verify_account (NULL, account, secret, FALSE, NULL);

      for (guint j = 0; j < i % 7; j++)
        g_main_context_iteration (NULL, FALSE);
      g_usleep (i % 10 * 200);
      dex_unref (future);
      pinion_account_free (account);
    }
}

static void
test_refused (void)
{
  g_autoptr (PinionAccount) account = make_account ("not a host", 993, PINION_ENCRYPTION_TLS);
  g_autoptr (GError) error = NULL;

  g_assert_false (pinion_test_wait (pinion_engine_verify_account (NULL, account, NULL, FALSE, NULL),
                                    &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  g_test_add_func ("/engine/verify/stalled-tls", test_stalled_tls);
  g_test_add_func ("/engine/verify/stalled-greeting", test_stalled_greeting);
  g_test_add_func ("/engine/verify/stalled-sign-in", test_stalled_sign_in);
  g_test_add_func ("/engine/verify/stalled-reach", test_stalled_reach);
  g_test_add_func ("/engine/verify/left-early", test_left_early);
  g_test_add_func ("/engine/verify/refused", test_refused);

  return g_test_run ();
}
