/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list's way from one order to the next: what listeners are told has to be true at each step. */

#include "pinion-conversation-private.h"

typedef struct
{
  GArray *ids;
  guint length;
  guint steps;
  guint touched;
} Follower;

static GArray *
make_ids (const char *text)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (const char *p = text; *p != '\0'; p++)
    {
      gint64 id = *p;
      g_array_append_val (ids, id);
    }

  return ids;
}

static void
follow (guint    position,
        guint    removed,
        guint    added,
        gpointer user_data)
{
  Follower *follower = user_data;

  g_assert_cmpuint (position + removed, <=, follower->length);
  follower->length = follower->length - removed + added;
  g_assert_cmpuint (follower->length, ==, follower->ids->len);
  follower->steps++;
  follower->touched += removed + added;
}

static Follower
become (const char *from,
        const char *to)
{
  g_autoptr (GArray) ids = make_ids (from);
  g_autoptr (GArray) now = make_ids (to);
  Follower follower = { ids, ids->len, 0, 0 };

  pinion_ids_become (ids, now, follow, &follower);

  g_assert_cmpuint (ids->len, ==, now->len);
  for (guint i = 0; i < ids->len; i++)
    g_assert_cmpint (g_array_index (ids, gint64, i), ==, g_array_index (now, gint64, i));

  return follower;
}

static void
test_small (void)
{
  g_assert_cmpuint (become ("", "").steps, ==, 0);
  g_assert_cmpuint (become ("abc", "abc").steps, ==, 0);
  g_assert_cmpuint (become ("", "abc").steps, ==, 1);
  g_assert_cmpuint (become ("abc", "").steps, ==, 1);
  g_assert_cmpuint (become ("abc", "xabc").touched, ==, 1);
  g_assert_cmpuint (become ("abcd", "abd").touched, ==, 1);
  g_assert_cmpuint (become ("abcdef", "axbcyef").touched, ==, 3);
}

/* A conversation that got mail goes to the top: two places are touched, not everything between. */
static void
test_bump (void)
{
  g_assert_cmpuint (become ("abcdefghij", "habcdefgij").touched, ==, 2);
  g_assert_cmpuint (become ("abcdefghij", "hcabdefgij").touched, ==, 4);
}

static void
shuffle (char *text,
         guint length)
{
  for (guint i = length; i > 1; i--)
    {
      guint j = (guint) g_test_rand_int_range (0, (gint32) i);
      char swap = text[i - 1];

      text[i - 1] = text[j];
      text[j] = swap;
    }
}

static void
test_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      char from[27] = "abcdefghijklmnopqrstuvwxyz";
      char to[27] = "abcdefghijklmnopqrstuvwxyz";

      shuffle (from, 26);
      if (round % 2 == 0)
        shuffle (to, 26);
      from[g_test_rand_int_range (0, 27)] = '\0';
      to[g_test_rand_int_range (0, 27)] = '\0';
      become (from, to);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/ids/small", test_small);
  g_test_add_func ("/engine/ids/bump", test_bump);
  g_test_add_func ("/engine/ids/random", test_random);
  return g_test_run ();
}
