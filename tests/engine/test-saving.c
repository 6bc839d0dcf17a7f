/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages and attachments written where the person says. */

#include "pinion-engine.h"
#include "pinion-error.h"
#include "pinion-store-files.h"
#include "pinion-store-mirror.h"
#include "pinion-test-fiber.h"
#include "store-fixture.h"

#include <glib/gstdio.h>

#define SUBJECT "Plan (2025)"
#define N_MESSAGES 3

typedef struct
{
  Fixture *store;
  PinionEngine *engine;
  GFile *folder;
  gint64 messages[N_MESSAGES];
  gint64 conversations[N_MESSAGES];
} World;

/* All about the same, each here as a whole. */
static void
world_init (World *self)
{
  PinionStoreSession *session;

  self->store = fixture_new ();
  session = fixture_begin (self->store);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);
      PinionStoreIncoming incoming = {
        .uid = i + 1,
        .received = 1000000000,
        .header = { .message_id = id, .subject = SUBJECT, .date = 1000000000 },
      };
      g_autofree char *temp = pinion_store_dup_temp_path (self->store->store);
      g_autofree char *raw = g_strdup_printf ("Subject: " SUBJECT "\r\n\r\n%u\r\n", i);

      pinion_store_messages_add (session, fixture_folder (self->store, "INBOX"), &incoming, 1);
      g_assert_true (g_file_set_contents (temp, raw, -1, NULL));
      pinion_store_body_arrived (session, incoming.id, temp, NULL);
      g_autoptr (PinionStoreMessage) row = pinion_store_message_get (session, incoming.id);
      self->messages[i] = incoming.id;
      self->conversations[i] = row->thread_id;
    }
  fixture_commit (self->store);
  fixture_close (self->store);

  g_autofree char *path = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  self->folder = g_file_new_for_path (path);
  self->engine = dex_await_object (pinion_engine_open (self->store->dir), NULL);
  g_assert_nonnull (self->engine);
}

static void
world_clear (World *self)
{
  g_assert_true (dex_await (pinion_engine_close (self->engine), NULL));
  g_clear_object (&self->engine);
  fixture_reopen (self->store);
  fixture_free (self->store);
  g_assert_cmpint (g_rmdir (g_file_peek_path (self->folder)), ==, 0);
  g_clear_object (&self->folder);
}

static void
save (World   *self,
      GError **error)
{
  PinionView view = { .kind = PINION_VIEW_ALL_MAIL };
  g_autoptr (PinionMessageFiles) files = dex_await_boxed (
    pinion_engine_name_files (self->engine, self->conversations, N_MESSAGES, &view), NULL);

  g_assert_nonnull (files);
  g_assert_cmpuint (files->files->len, ==, N_MESSAGES);
  g_autoptr (GPtrArray) written = dex_await_boxed (
    pinion_engine_write_files (self->engine, files, self->folder, NULL), error);
  g_assert_true (written == NULL || written->len == N_MESSAGES);
}

/* What is there stays, and the number goes on from there; a number of the subject is none. */
static DexFuture *
test_again (gpointer data)
{
  World self;
  g_autoptr (GHashTable) contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  world_init (&self);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GError) error = NULL;

      save (&self, &error);
      g_assert_no_error (error);
    }

  for (guint i = 1; i <= 3 * N_MESSAGES; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup (SUBJECT ".eml")
                                     : g_strdup_printf (SUBJECT " (%u).eml", i);
      g_autofree char *path = g_build_filename (g_file_peek_path (self.folder), name, NULL);
      char *content = NULL;

      g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
      g_hash_table_add (contents, content);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpuint (g_hash_table_size (contents), ==, N_MESSAGES);
  world_clear (&self);

  return dex_future_new_true ();
}

static void
assert_part_refused (World           *self,
                     const char      *path,
                     PinionErrorCode  code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    dex_await (pinion_engine_save_part (self->engine, self->messages[0], "1", path), &error));
  g_assert_true (pinion_error_is (error, code));
}

/* The place that was chosen is to blame, not our own. */
static DexFuture *
test_gone (gpointer data)
{
  World self;
  g_autoptr (GError) error = NULL;

  world_init (&self);
  g_autoptr (GFile) there = g_object_ref (self.folder);
  g_autofree char *missing = g_build_filename (g_file_peek_path (there), "none", "a.txt", NULL);
  g_autofree char *taken = g_build_filename (g_file_peek_path (there), "taken", NULL);
  g_autofree char *below = g_build_filename (taken, "a.txt", NULL);

  assert_part_refused (&self, missing, PINION_ERROR_NOT_SAVED);
  g_assert_true (g_file_set_contents (taken, "precious", -1, NULL));
  assert_part_refused (&self, below, PINION_ERROR_NOT_SAVED);
  assert_part_refused (&self, taken, PINION_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (g_unlink (taken), ==, 0);

  g_object_unref (self.folder);
  self.folder = g_file_get_child (there, "none");
  save (&self, &error);
  g_assert_true (pinion_error_is (error, PINION_ERROR_NOT_SAVED));
  g_set_object (&self.folder, there);
  world_clear (&self);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/engine/saving/again", test_again);
  pinion_test_add_fiber ("/engine/saving/gone", test_gone);

  return g_test_run ();
}
