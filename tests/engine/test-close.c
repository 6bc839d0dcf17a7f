/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An engine that is closed has done all that it was asked for. */

#include "pinion-engine-private.h"
#include "pinion-store-view.h"
#include "pinion-test-fiber.h"
#include "store-fixture.h"

#define N_MESSAGES 60

/* Each in a conversation of its own. */
static void
fill (Fixture *store,
      gint64  *messages,
      gint64  *conversations)
{
  PinionStoreSession *session = fixture_begin (store);

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);

      messages[i] = fixture_add (session, fixture_folder (store, "INBOX"), i + 1, 0, id, NULL,
                                 1000000000 + i);
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, messages[i]);
      conversations[i] = message->thread_id;
    }
  fixture_commit (store);
}

static DexFuture *
test_acts (gpointer data)
{
  Fixture *store = fixture_new ();
  PinionView view = { .kind = PINION_VIEW_ALL_MAIL };
  gint64 messages[N_MESSAGES];
  gint64 conversations[N_MESSAGES];

  fill (store, messages, conversations);
  fixture_close (store);

  g_autoptr (PinionEngine) engine = dex_await_object (pinion_engine_open (store->dir), NULL);
  g_assert_nonnull (engine);
  for (guint i = 0; i < N_MESSAGES; i++)
    dex_future_disown (pinion_engine_act (engine, PINION_ACT_STAR, &conversations[i], 1, &view, 0));
  g_assert_true (dex_await (pinion_engine_close (engine), NULL));

  fixture_reopen (store);
  PinionStoreSession *session = fixture_read (store);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, messages[i]);
      g_assert_true (message->flagged);
    }
  fixture_commit (store);
  g_clear_object (&engine);
  fixture_free (store);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/engine/close/acts", test_acts);

  return g_test_run ();
}
