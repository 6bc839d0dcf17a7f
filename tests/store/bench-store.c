/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the store takes mail in, lists it and obeys.  Prints a table; fails where a bar is
 * missed by far.  --messages=N (100000). */

#include <time.h>

#include "store-fixture.h"

#define BATCH 200

static int n_messages = 100000;

static GOptionEntry entries[] = {
  { "messages", 'n', 0, G_OPTION_ARG_INT, &n_messages, "How many messages", "N" },
  { NULL },
};

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

/* What the bars are set by: a busy machine must not fail them. */
static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

/* Three of four messages begin a thread, as in a mailbox of newsletters and talk. */
static void
add_batch (PinionStoreSession *session,
           gint64              folder,
           int                 first)
{
  g_autofree PinionStoreIncoming *incoming = g_new0 (PinionStoreIncoming, BATCH);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < BATCH; i++)
    {
      int n = first + i;
      char *id = g_strdup_printf ("%d.1234567890@mail.example.com", n);
      char *parent = g_strdup_printf ("%d.1234567890@mail.example.com", n - n % 4);
      char *subject = g_strdup_printf ("Minutes of the meeting number %d", n);
      char *from = g_strdup_printf ("person%d@example.com", n % 500);
      const char **references = g_new0 (const char *, 2);

      references[0] = n % 4 != 0 && n % 8 < 4 ? parent : NULL;
      g_ptr_array_add (strings, id);
      g_ptr_array_add (strings, parent);
      g_ptr_array_add (strings, subject);
      g_ptr_array_add (strings, from);
      g_ptr_array_add (strings, references);
      incoming[i] = (PinionStoreIncoming) {
        .uid = (guint32) n + 1,
        .flags = n % 3 == 0 ? 0 : PINION_FLAG_SEEN,
        .received = 1600000000 + n * 60,
        .size = 20000,
        .header = {
          .message_id = id,
          .references = references,
          .date = 1600000000 + n * 60,
          .from_name = "A Person of Some Name",
          .from_address = from,
          .to = "Me, Somebody Else",
          .subject = subject,
          .snippet = "A few words of what the message says, as long as a line of the list is.",
        },
      };
    }

  pinion_store_messages_add (session, folder, incoming, BATCH);
}

static void
bench_add (Fixture *fixture)
{
  gint64 start = g_get_monotonic_time ();
  double processor = processor_seconds ();

  for (int i = 0; i < n_messages; i += BATCH)
    {
      PinionStoreSession *session = fixture_begin (fixture);
      add_batch (session, fixture_folder (fixture, "INBOX"), i);
      fixture_commit (fixture);
    }

  double rate = n_messages / seconds_since (start);
  double cpu_rate = n_messages / (processor_seconds () - processor);
  g_print ("%-44s %10.0f /s, %.0f /s of processor time\n", "messages taken in, batches of 200",
           rate, cpu_rate);
  g_assert_cmpfloat (cpu_rate, >, 8000);
}

static void
bench_list (Fixture *fixture)
{
  PinionStoreView view = { PINION_STORE_VIEW_ALL, 0 };
  PinionStoreSession *session = fixture_read (fixture);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GArray) threads = pinion_store_view_list (session, view);
  double cold = seconds_since (start);

  double processor = processor_seconds ();
  g_autoptr (GArray) again = pinion_store_view_list (session, view);
  double warm = processor_seconds () - processor;
  g_print ("%-44s %10u threads\n", "All Mail", threads->len);
  g_print ("%-44s %10.1f ms, again %.1f ms\n", "its ids", cold * 1000, warm * 1000);

  start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, view,
                                                               (gint64 *) threads->data, 50);
  g_print ("%-44s %10.2f ms\n", "50 rows", seconds_since (start) * 1000);
  g_assert_cmpuint (rows->len, ==, 50);

  start = g_get_monotonic_time ();
  g_autoptr (GArray) page = pinion_store_view_page (session, view, NULL, 50);
  g_print ("%-44s %10.2f ms\n", "a page of 50", seconds_since (start) * 1000);
  fixture_commit (fixture);
  g_assert_cmpfloat (warm, <, 0.150 * MAX (1, threads->len / 500000.0));
}

static void
bench_commands (Fixture *fixture)
{
  const int n = 500;
  gint64 start = g_get_monotonic_time ();
  double processor = processor_seconds ();

  for (int i = 0; i < n; i++)
    {
      PinionStoreSession *session = fixture_begin (fixture);
      g_autoptr (GArray) ids = fixture_ids (1 + i * (n_messages / n));
      if (i % 2 == 0)
        pinion_store_command_set_flag (session, ids, PINION_FLAG_FLAGGED, TRUE);
      else
        pinion_store_command_archive (session, ids, 0);
      fixture_commit (fixture);
    }

  double each = seconds_since (start) / n * 1000;
  double cpu_each = (processor_seconds () - processor) / n * 1000;
  g_print ("%-44s %10.3f ms, %.3f ms of processor time\n", "a command, committed", each, cpu_each);
  g_assert_cmpfloat (cpu_each, <, 2);
}

static void
bench_sync (Fixture *fixture)
{
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreSession *session = fixture_begin (fixture);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GArray) placements = pinion_store_placements_list (session, inbox);

  g_print ("%-44s %10.1f ms (%u)\n", "placements of the folder", seconds_since (start) * 1000,
           placements->len);

  start = g_get_monotonic_time ();
  g_autoptr (GArray) wanted = pinion_store_bodies_wanted (session, fixture->account, 0, 200);
  g_print ("%-44s %10.2f ms\n", "200 bodies wanted", seconds_since (start) * 1000);

  start = g_get_monotonic_time ();
  PinionStoreProgress progress;
  pinion_store_get_progress (session, fixture->account, &progress);
  g_print ("%-44s %10.2f ms\n", "progress", seconds_since (start) * 1000);

  start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, fixture->account,
                                                               G_MAXINT64, 100);
  g_print ("%-44s %10.2f ms (%u)\n", "operations ready", seconds_since (start) * 1000, ready->len);
  fixture_commit (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_parse (context, &argc, &argv, NULL);
  dex_init ();

  Fixture *fixture = fixture_new ();
  bench_add (fixture);
  bench_list (fixture);
  bench_commands (fixture);
  bench_sync (fixture);
  fixture_check (fixture);
  fixture_free (fixture);

  return 0;
}
