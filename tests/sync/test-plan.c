/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-plan.h"

static GArray *
server_of (const PinionImapUidFlags *items,
           guint                     n)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof *items);

  return g_array_append_vals (array, items, n);
}

static GArray *
known_of (const PinionKnown *items,
          guint              n)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof *items);

  return g_array_append_vals (array, items, n);
}

static void
test_difference (void)
{
  const PinionImapUidFlags there[] = { { 1, 0 },
                                       { 3, PINION_IMAP_FLAG_SEEN },
                                       { 5, PINION_IMAP_FLAG_RECENT },
                                       { 9, 0 },
                                       { 12, 0 } };
  const PinionKnown here[] = { { 2, 0 }, { 3, 0 }, { 5, 0 }, { 7, 0 } };
  g_autoptr (GArray) server = server_of (there, G_N_ELEMENTS (there));
  g_autoptr (GArray) known = known_of (here, G_N_ELEMENTS (here));
  g_autoptr (PinionSyncPlan) plan = pinion_sync_plan_new (server, known, NULL);

  g_assert_cmpuint (plan->missing->len, ==, 3);
  g_assert_cmpuint (g_array_index (plan->missing, guint32, 0), ==, 12);
  g_assert_cmpuint (g_array_index (plan->missing, guint32, 2), ==, 1);
  g_assert_cmpuint (plan->vanished->len, ==, 2);
  g_assert_cmpuint (g_array_index (plan->vanished, guint32, 0), ==, 2);
  g_assert_cmpuint (plan->changed->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->changed, PinionImapUidFlags, 0).uid, ==, 3);
}

static void
test_asked (void)
{
  const PinionKnown here[] = { { 2, 0 }, { 7, 0 } };
  g_autoptr (GArray) server = server_of (NULL, 0);
  g_autoptr (GArray) known = known_of (here, G_N_ELEMENTS (here));
  g_autoptr (PinionUidSet) asked = pinion_uid_set_new_range (5, 10);
  g_autoptr (PinionSyncPlan) plan = pinion_sync_plan_new (server, known, asked);

  g_assert_cmpuint (plan->vanished->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->vanished, guint32, 0), ==, 7);
}

static void
test_same (void)
{
  const PinionImapUidFlags there[] = { { 4, PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_RECENT } };
  const PinionKnown here[] = { { 4, PINION_IMAP_FLAG_SEEN } };
  g_autoptr (GArray) server = server_of (there, 1);
  g_autoptr (GArray) known = known_of (here, 1);
  g_autoptr (PinionSyncPlan) plan = pinion_sync_plan_new (server, known, NULL);

  g_assert_true (pinion_sync_plan_is_empty (plan));
}

static void
test_changes (void)
{
  const PinionImapUidFlags there[] = { { 2, PINION_IMAP_FLAG_SEEN },
                                       { 4, PINION_IMAP_FLAG_RECENT },
                                       { 8, 0 },
                                       { 9, 0 },
                                       { 11, PINION_IMAP_FLAG_FLAGGED } };
  const PinionKnown here[] = { { 2, 0 }, { 3, 0 }, { 4, 0 }, { 6, 0 } };
  g_autoptr (GArray) changed = server_of (there, G_N_ELEMENTS (there));
  g_autoptr (GArray) known = known_of (here, G_N_ELEMENTS (here));
  g_autoptr (PinionUidSet) vanished = pinion_uid_set_parse ("1,6,9,70:80", -1);
  g_autoptr (PinionSyncPlan) plan
      = pinion_sync_plan_new_from_changes (changed, known, vanished);
  g_autoptr (PinionUidSet) within = pinion_uid_set_new_range (9, PINION_UID_MAX);

  g_assert_cmpuint (plan->changed->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->changed, PinionImapUidFlags, 0).uid, ==, 2);
  g_assert_cmpuint (plan->vanished->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->vanished, guint32, 0), ==, 6);
  /* 9 came and went. */
  g_assert_cmpuint (plan->missing->len, ==, 2);
  g_assert_cmpuint (g_array_index (plan->missing, guint32, 0), ==, 11);
  g_assert_cmpuint (g_array_index (plan->missing, guint32, 1), ==, 8);

  pinion_sync_plan_restrict (plan, within);
  g_assert_cmpuint (plan->missing->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->missing, guint32, 0), ==, 11);
}

static void
test_no_changes (void)
{
  const PinionKnown here[] = { { 2, 0 }, { 3, PINION_IMAP_FLAG_SEEN } };
  g_autoptr (GArray) changed = server_of (NULL, 0);
  g_autoptr (GArray) known = known_of (here, G_N_ELEMENTS (here));
  g_autoptr (PinionUidSet) vanished = pinion_uid_set_new ();
  g_autoptr (PinionSyncPlan) plan
      = pinion_sync_plan_new_from_changes (changed, known, vanished);

  g_assert_true (pinion_sync_plan_is_empty (plan));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/plan/difference", test_difference);
  g_test_add_func ("/sync/plan/asked", test_asked);
  g_test_add_func ("/sync/plan/same", test_same);
  g_test_add_func ("/sync/plan/changes", test_changes);
  g_test_add_func ("/sync/plan/no-changes", test_no_changes);
  return g_test_run ();
}
