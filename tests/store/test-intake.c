/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many messages taken in together, with their keys made beforehand, leave what the same leave that are
 * taken in one by one. */

#include "pinion-store-keys.h"
#include "store-fixture.h"

#include <sqlite3.h>

#define ROUNDS 16
#define BATCHES 4
#define MOST_IN_BATCH 450

/* One message, as it is told.  Few ids, so that many come again, and refer to each other both ways. */
typedef struct
{
  char *id;
  char *references[4];
  char *thread;
  char *subject;
  PinionStoreIncoming incoming;
} Letter;

static void
letter_clear (Letter *letter)
{
  g_free (letter->id);
  for (guint i = 0; i < G_N_ELEMENTS (letter->references); i++)
    g_free (letter->references[i]);
  g_free (letter->thread);
  g_free (letter->subject);
}

static Letter
letter_new (GRand  *rand,
            guint32 uid,
            int     n_ids)
{
  int number = g_rand_int_range (rand, 0, n_ids);
  int n_references = g_rand_int_range (rand, 0, 3);
  Letter letter = { 0 };

  if (number % 7 > 0)
    letter.id = g_strdup_printf ("%d@example.com", number);
  for (int i = 0; i < n_references; i++)
    letter.references[i] = g_strdup_printf ("%d@example.com", g_rand_int_range (rand, 0, n_ids));
  if (g_rand_int_range (rand, 0, 3) == 0)
    letter.thread = g_strdup_printf ("talk %d", g_rand_int_range (rand, 0, n_ids));
  letter.subject = g_strdup_printf ("Subject %d", number);

  letter.incoming = (PinionStoreIncoming) {
    .uid = uid,
    .flags = g_rand_boolean (rand) ? PINION_FLAG_SEEN : PINION_FLAG_FLAGGED,
    .received = 1000 + number,
    .size = 100 + (guint64) g_rand_int_range (rand, 0, 2),
    .header = {
      .date = 1000 + number,
      .from_address = "Ana@example.com",
      .to = "Bo",
    },
  };

  return letter;
}

/* The texts only now: the letter has its place. */
static PinionStoreIncoming
prepare (Letter            *letter,
         PinionStoreHasher *hasher)
{
  PinionStoreIncoming incoming = letter->incoming;

  incoming.header.message_id = letter->id;
  incoming.header.references = (const char *const *) letter->references;
  incoming.header.thread_key = letter->thread;
  incoming.header.subject = letter->subject;
  if (hasher != NULL)
    incoming.header.keys = pinion_store_keys_new (hasher, &incoming.header, incoming.size);

  return incoming;
}

static void
add_together (PinionStoreSession *session,
              gint64              folder,
              GArray             *letters)
{
  g_autoptr (PinionStoreHasher) hasher = pinion_store_hasher_new ();
  g_autoptr (GArray) incoming = g_array_new (FALSE, FALSE, sizeof (PinionStoreIncoming));

  for (guint i = 0; i < letters->len; i++)
    {
      PinionStoreIncoming one = prepare (&g_array_index (letters, Letter, i), hasher);
      g_array_append_val (incoming, one);
    }
  pinion_store_messages_add (session, folder, (PinionStoreIncoming *) incoming->data, incoming->len);

  for (guint i = 0; i < incoming->len; i++)
    pinion_store_keys_free (
      (PinionStoreKeys *) g_array_index (incoming, PinionStoreIncoming, i).header.keys);
}

static void
add_one_by_one (PinionStoreSession *session,
                gint64              folder,
                GArray             *letters)
{
  for (guint i = 0; i < letters->len; i++)
    {
      PinionStoreIncoming one = prepare (&g_array_index (letters, Letter, i), NULL);
      pinion_store_messages_add (session, folder, &one, 1);
    }
}

static void
dump (GString    *text,
      sqlite3    *db,
      const char *sql)
{
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        g_string_append_printf (text, "%s|", (const char *) sqlite3_column_text (statement, i));
      g_string_append_c (text, '\n');
    }
  sqlite3_finalize (statement);
}

/* All but when it was. */
static char *
describe (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "pinion.db", NULL);
  GString *text = g_string_new (NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  dump (text, db, "SELECT id, thread_id, key, date, received, flags, size, message_id, subject"
                  " FROM message ORDER BY id");
  dump (text, db, "SELECT id, folder_id, uid, message_id, server_flags, text_size FROM placement"
                  " ORDER BY id");
  dump (text, db, "SELECT hash, thread_id FROM reference ORDER BY hash");
  dump (text, db, "SELECT id FROM thread ORDER BY id");
  dump (text, db, "SELECT * FROM thread_view ORDER BY 1, 2");
  dump (text, db, "SELECT * FROM view_total ORDER BY 1");
  sqlite3_close (db);

  return g_string_free (text, FALSE);
}

static void
compare (GRand *rand,
         int    n_ids)
{
  static const char *const paths[] = { "INBOX", "Sent", "Projects" };
  Fixture *together = fixture_new (), *one_by_one = fixture_new ();
  guint32 uid = 1;

  for (guint batch = 0; batch < BATCHES; batch++)
    {
      const char *path = paths[g_rand_int_range (rand, 0, G_N_ELEMENTS (paths))];
      int n = g_rand_int_range (rand, 1, MOST_IN_BATCH);
      g_autoptr (GArray) letters = g_array_new (FALSE, FALSE, sizeof (Letter));

      g_array_set_clear_func (letters, (GDestroyNotify) letter_clear);
      for (int i = 0; i < n; i++)
        {
          Letter letter = letter_new (rand, uid++, n_ids);
          g_array_append_val (letters, letter);
        }

      PinionStoreSession *session = fixture_begin (together);
      add_together (session, fixture_folder (together, path), letters);
      fixture_commit (together);
      session = fixture_begin (one_by_one);
      add_one_by_one (session, fixture_folder (one_by_one, path), letters);
      fixture_commit (one_by_one);

      g_autofree char *a = describe (together);
      g_autofree char *b = describe (one_by_one);
      g_assert_cmpstr (a, ==, b);
    }

  fixture_check (together);
  fixture_free (together);
  fixture_free (one_by_one);
}

static void
test_same (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2311);

  /* Nearly all new, and nearly all known. */
  for (guint i = 0; i < ROUNDS; i++)
    compare (rand, i % 2 == 0 ? 20000 : 60 + (int) i * 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/intake/same", test_same);

  return g_test_run ();
}
