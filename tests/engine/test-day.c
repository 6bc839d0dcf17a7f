/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Another time zone, while the program runs. */

#include "pinion-conversation.h"
#include "pinion-date-runs.h"
#include "pinion-engine-private.h"
#include "pinion-test-fiber.h"
#include "store-fixture.h"

static void
count (guint *times)
{
  (*times)++;
}

static void
move_to (PinionEngine *engine,
         const char   *zone)
{
  g_setenv ("TZ", zone, TRUE);
  pinion_engine_notice_day (engine);
}

static void
await_section (PinionConversationList *list,
               int                     expected)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  guint start, end;

  while (pinion_conversation_list_get_section (list, 0, &start, &end) != expected)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      dex_await (dex_timeout_new_msec (5), NULL);
    }
}

static DexFuture *
test_zone (gpointer data)
{
  Fixture *store = fixture_new ();
  PinionView view = { .kind = PINION_VIEW_ALL_MAIL };
  g_autoptr (PinionConversation) row = NULL;
  guint days = 0, rows = 0;

  /* A minute before midnight is yesterday here, and today two hours to the west. */
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 hour = g_date_time_to_unix (now) / 3600 * 3600;
  int offset = g_date_time_get_hour (now) < 12 ? -g_date_time_get_hour (now)
                                               : 24 - g_date_time_get_hour (now);
  g_autofree char *here = g_strdup_printf ("%+03d:00", offset);
  g_autofree char *west = g_strdup_printf ("%+03d:00", offset - 2);

  PinionStoreSession *session = fixture_begin (store);
  fixture_add (session, fixture_folder (store, "INBOX"), 1, 0, "a@x", NULL, hour - 60);
  fixture_commit (store);
  fixture_close (store);

  g_setenv ("TZ", here, TRUE);
  g_autoptr (PinionEngine) engine = dex_await_object (pinion_engine_open (store->dir), NULL);
  g_signal_connect_swapped (engine, "day-changed", G_CALLBACK (count), &days);
  pinion_engine_notice_day (engine);
  g_assert_cmpuint (days, ==, 0);

  g_autoptr (PinionConversationList) list = pinion_conversation_list_new (engine, &view);
  await_section (list, PINION_DATE_YESTERDAY);
  row = g_list_model_get_item (G_LIST_MODEL (list), 0);
  while (pinion_conversation_get_subject (row) == NULL)
    dex_await (dex_timeout_new_msec (5), NULL);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (count), &rows);

  move_to (engine, west);
  g_assert_cmpuint (days, ==, 1);
  g_assert_cmpuint (rows, ==, 1);
  await_section (list, PINION_DATE_TODAY);
  move_to (engine, west);
  g_assert_cmpuint (days, ==, 1);
  move_to (engine, here);
  await_section (list, PINION_DATE_YESTERDAY);
  g_assert_cmpuint (days, ==, 2);

  g_clear_object (&row);
  g_clear_object (&list);
  g_assert_true (dex_await (pinion_engine_close (engine), NULL));
  g_clear_object (&engine);
  fixture_reopen (store);
  fixture_free (store);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/engine/day/zone", test_zone);

  return g_test_run ();
}
