/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from files, and what else happens to them meanwhile. */

#include "pinion-store-import.h"
#include "store-fixture.h"

typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 inbox;
  gint64 projects;
  gint64 family;
  gint64 trash;
  gint64 message;
} Case;

static Case
case_new (void)
{
  Case c = { .fixture = fixture_new () };

  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.projects = fixture_folder (c.fixture, "Projects");
  c.family = fixture_folder (c.fixture, "Family");
  c.trash = fixture_folder (c.fixture, "Trash");
  c.session = fixture_begin (c.fixture);

  return c;
}

static void
next (Case *c)
{
  c->session = fixture_next (c->fixture);
}

static void
case_free (Case *c)
{
  fixture_finish (c->fixture);
}

/* The file of what fixture_add() has with this Message-ID and the date 100. */
static PinionStoreImported
import (Case       *c,
        gint64      folder,
        const char *message_id)
{
  static const char start[] = "From: ana@example.com\r\n\r\n";
  g_autofree char *rest = g_strnfill (FIXTURE_SIZE + 1 - sizeof start, 'w');
  char *text = g_strconcat (start, rest, NULL);
  g_autoptr (GBytes) raw = g_bytes_new_take (text, strlen (text));
  gint64 group = 0;
  PinionStoreHeader header = {
    .message_id = message_id,
    .date = 100,
    .from_name = "Ana",
    .from_address = "ana@example.com",
    .to = "Me",
    .subject = message_id,
  };
  PinionStoreImported imported
    = pinion_store_command_import (c->session, &group, folder, &header, 100, 0, raw);

  g_assert_cmpint (group != 0, ==, imported != PINION_STORE_IMPORT_KNOWN);
  c->message = pinion_store_message_find (c->session, c->fixture->account, message_id);

  return imported;
}

static PinionStoreOperation *
start_next (Case *c)
{
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c->session, c->fixture->account,
                                                               G_MAXINT64, 1);

  g_assert_cmpuint (ready->len, ==, 1);
  PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
  g_assert_true (pinion_store_operation_start (c->session, operation->id));

  return pinion_store_operation_ref (operation);
}

/* Does the next operation as a server would. */
static void
serve (Case   *c,
       guint32 uid)
{
  g_autoptr (PinionStoreOperation) operation = start_next (c);

  pinion_store_operation_done (c->session, operation->id, uid);
}

static void
refuse (Case *c)
{
  g_autoptr (PinionStoreOperation) operation = start_next (c);
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE, "NO");

  pinion_store_operation_give_up (c->session, operation->id, error);
}

static void
assert_file (Case *c)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (c->session, c->message);

  g_assert_true (pinion_store_body_is_whole (message));
}

#define assert_labels(c, expected) \
  fixture_assert_labels ((c).fixture, (c).session, (c).message, expected)
#define assert_pending(c, expected) fixture_assert_pending ((c).session, expected)

static void
test_once (void)
{
  Case c = case_new ();

  g_assert_cmpint (import (&c, c.projects, "a@x"), ==, PINION_STORE_IMPORT_ADDED);
  g_assert_cmpint (import (&c, c.projects, "a@x"), ==, PINION_STORE_IMPORT_KNOWN);
  g_assert_cmpint (import (&c, c.family, "a@x"), ==, PINION_STORE_IMPORT_LABELLED);
  assert_labels (c, "Family Projects");
  assert_pending (c, "append > Projects, copy Projects/0 > Family");
  next (&c);
  serve (&c, 1);
  serve (&c, 2);
  assert_pending (c, "");
  next (&c);

  fixture_add (c.session, c.inbox, 1, 0, "b@x", NULL, 100);
  g_assert_cmpint (import (&c, c.inbox, "b@x"), ==, PINION_STORE_IMPORT_KNOWN);
  g_assert_cmpint (import (&c, c.family, "b@x"), ==, PINION_STORE_IMPORT_LABELLED);
  assert_pending (c, "copy INBOX/1 > Family");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");

  case_free (&c);
}

static void
test_undo (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "");
  assert_pending (c, "");
  next (&c);

  import (&c, c.projects, "a@x");
  serve (&c, 1);
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "Trash");
  assert_pending (c, "move Projects/1 > Trash");
  serve (&c, 1);
  next (&c);

  import (&c, c.trash, "b@x");
  serve (&c, 2);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "");
  assert_pending (c, "delete Trash/2");

  case_free (&c);
}

/* Another client added the same to that folder: taken back, neither stays. */
static void
test_undo_doubles (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  serve (&c, 1);
  fixture_add (c.session, c.projects, 2, PINION_FLAG_SEEN, "a@x", NULL, 100);
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "Trash");
  assert_pending (c, "move Projects/1 > Trash, remove Projects/2");

  case_free (&c);
}

/* What it added says something else: that stays. */
static void
test_undo_other_text (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  serve (&c, 1);
  fixture_add_text (c.session, c.projects, 2, "a@x", 1400);
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "Projects Trash");
  assert_pending (c, "flag 1=1 Projects/2, move Projects/1 > Trash");

  case_free (&c);
}

/* The other client's arrives before ours was appended. */
static void
test_there_already (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  g_assert_cmpint (fixture_add (c.session, c.projects, 7, 0, "a@x", NULL, 100), ==, c.message);
  assert_labels (c, "Projects");
  next (&c);
  while (pinion_store_operations_count (c.session, 0) > 0)
    serve (&c, 0);
  assert_labels (c, "Projects");

  case_free (&c);
}

/* What was deleted for good before, and not read, is there and read, with what else it was. */
static void
test_again (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  gint64 message = fixture_add (c.session, c.inbox, 1, PINION_FLAG_FLAGGED, "a@x", NULL, 100);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  next (&c);
  g_assert_cmpint (import (&c, c.projects, "a@x"), ==, PINION_STORE_IMPORT_ADDED);
  g_assert_cmpint (c.message, ==, message);
  assert_labels (c, "Projects");
  assert_pending (c, "append > Projects");
  g_autoptr (PinionStoreMessage) shown = pinion_store_message_get (c.session, message);
  g_assert_true (shown->seen);
  g_assert_true (shown->flagged);
  next (&c);
  serve (&c, 2);
  assert_pending (c, "");

  case_free (&c);
}

/* The label it was imported into is gone, or does not take it: the others get it from the file. */
static void
test_refused (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  g_autoptr (GArray) ids = fixture_ids (c.message);
  pinion_store_command_add_label (c.session, ids, c.family);
  pinion_store_command_add_label (c.session, ids, c.inbox);
  assert_labels (c, "Family INBOX Projects");
  next (&c);
  refuse (&c);
  assert_labels (c, "Family INBOX");
  assert_pending (c, "append > Projects failed, append > Family, append > INBOX");
  next (&c);
  serve (&c, 1);
  next (&c);
  assert_file (&c);
  serve (&c, 2);
  next (&c);
  assert_file (&c);
  assert_labels (c, "Family INBOX");
  assert_pending (c, "append > Projects failed");

  import (&c, c.projects, "b@x");
  next (&c);
  refuse (&c);
  assert_labels (c, "");

  case_free (&c);
}

/* Moved on before the server had it. */
static void
test_refused_moved (void)
{
  Case c = case_new ();

  import (&c, c.projects, "a@x");
  g_autoptr (GArray) ids = fixture_ids (c.message);
  pinion_store_command_set_flag (c.session, ids, PINION_FLAG_FLAGGED, TRUE);
  pinion_store_command_move (c.session, ids, c.projects, c.family);
  next (&c);
  refuse (&c);
  assert_labels (c, "Family");
  next (&c);
  serve (&c, 1);
  next (&c);
  while (pinion_store_operations_count (c.session, 0) > 0)
    serve (&c, 0);
  assert_labels (c, "Family");

  case_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/import-conflicts/once", test_once);
  g_test_add_func ("/store/import-conflicts/undo", test_undo);
  g_test_add_func ("/store/import-conflicts/undo-doubles", test_undo_doubles);
  g_test_add_func ("/store/import-conflicts/undo-other-text", test_undo_other_text);
  g_test_add_func ("/store/import-conflicts/there-already", test_there_already);
  g_test_add_func ("/store/import-conflicts/again", test_again);
  g_test_add_func ("/store/import-conflicts/refused", test_refused);
  g_test_add_func ("/store/import-conflicts/refused-moved", test_refused_moved);

  return g_test_run ();
}
