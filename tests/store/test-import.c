/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from files: the label at once, the server later, none twice. */

#include "store-fixture.h"

#include "pinion-store-import.h"

#define TEXT "From: ana@example.com\r\n\r\nHello.\r\n"

/* What the messages of fixture_add() are said to be as large as. */
#define SIZE 1000

typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 inbox;
  gint64 projects;
} Case;

static Case
case_new (void)
{
  Case c = { .fixture = fixture_new () };

  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.projects = fixture_folder (c.fixture, "Projects");
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

/* What fixture_add() says of a message, with @message_id. */
static PinionStoreHeader
header_of (const char *message_id)
{
  return (PinionStoreHeader) {
    .message_id = message_id,
    .date = 100,
    .from_name = "Ana",
    .from_address = "ana@example.com",
    .to = "Me",
    .subject = message_id,
  };
}

static PinionStoreImported
import_sized (Case       *c,
              gint64      folder,
              const char *message_id,
              guint64     anonymous,
              gint64     *group)
{
  g_autoptr (GBytes) raw = g_bytes_new_static (TEXT, strlen (TEXT));
  PinionStoreHeader header = header_of (message_id);

  if (anonymous > 0)
    header.subject = NULL;

  return pinion_store_command_import (c->session, group, folder, &header, 100, anonymous, raw);
}

static PinionStoreImported
import (Case       *c,
        gint64      folder,
        const char *message_id,
        gint64     *group)
{
  return import_sized (c, folder, message_id, 0, group);
}

/* Returns: (transfer full) */
static PinionStoreOperation *
ref_ready (Case *c)
{
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c->session, c->fixture->account,
                                                               G_MAXINT64, 2);

  g_assert_cmpuint (ready->len, ==, 1);

  return pinion_store_operation_ref (g_ptr_array_index (ready, 0));
}

#define assert_labels(c, message, expected) \
  fixture_assert_labels ((c).fixture, (c).session, message, expected)
#define assert_pending(c, expected) fixture_assert_pending ((c).session, expected)

static void
test_added (void)
{
  Case c = case_new ();
  gint64 group = 0;

  g_assert_cmpint (import (&c, c.projects, "a@x", &group), ==, PINION_STORE_IMPORT_ADDED);
  g_assert_cmpint (group, >, 0);
  assert_pending (c, "append > Projects");
  next (&c);

  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (c.session,
                                                                     operation->message_id);
  g_autofree char *text = NULL;

  g_assert_cmpstr (operation->message_id_header, ==, "a@x");
  g_assert_cmpint (operation->to_flags, ==, PINION_FLAG_SEEN);
  g_assert_false (operation->uncertain);
  g_assert_cmpint (message->received, ==, 100);
  g_assert_true (message->seen);
  g_assert_true (g_file_get_contents (message->body_path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, TEXT);
  assert_labels (c, operation->message_id, "Projects");

  pinion_store_operation_start (c.session, operation->id);
  pinion_store_operation_done (c.session, operation->id, 9);
  assert_pending (c, "");
  next (&c);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.projects, 9), ==, message->id);

  case_free (&c);
}

/* Nobody says which UID it got, and how large it is there is an estimate. */
static void
test_found_by_comparing (void)
{
  Case c = case_new ();
  gint64 group = 0;

  import (&c, c.projects, "a@x", &group);
  next (&c);

  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);

  pinion_store_operation_start (c.session, operation->id);
  pinion_store_operation_done (c.session, operation->id, 0);
  next (&c);
  g_assert_cmpint (fixture_add (c.session, c.projects, 9, PINION_FLAG_SEEN, "a@x", NULL, 100), ==,
                   operation->message_id);
  pinion_store_placements_prune (c.session, c.projects, G_MAXINT64);
  assert_labels (c, operation->message_id, "Projects");

  case_free (&c);
}

/* The answer was lost; it is seen there before it is appended once more. */
static void
test_arrived_after_all (void)
{
  Case c = case_new ();
  gint64 group = 0;

  import (&c, c.projects, "a@x", &group);
  next (&c);

  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);

  pinion_store_operation_start (c.session, operation->id);
  next (&c);
  pinion_store_operations_recover (c.session, c.fixture->account);
  g_autoptr (PinionStoreOperation) again = ref_ready (&c);
  g_assert_true (again->uncertain);
  fixture_add (c.session, c.projects, 9, PINION_FLAG_SEEN, "a@x", NULL, 100);
  assert_pending (c, "");
  g_assert_cmpint (pinion_store_placement_find (c.session, c.projects, 9), ==,
                   operation->message_id);

  case_free (&c);
}

static void
test_known (void)
{
  Case c = case_new ();
  gint64 group = 0;
  gint64 message = fixture_add (c.session, c.inbox, 1, 0, "a@x", NULL, 100);

  next (&c);
  g_assert_cmpint (import (&c, c.inbox, "a@x", &group), ==, PINION_STORE_IMPORT_KNOWN);
  g_assert_cmpint (group, ==, 0);
  assert_pending (c, "");
  g_assert_cmpint (import (&c, c.projects, "a@x", &group), ==, PINION_STORE_IMPORT_LABELLED);
  g_assert_cmpint (group, >, 0);
  assert_pending (c, "copy INBOX/1 > Projects");
  assert_labels (c, message, "INBOX Projects");
  g_assert_cmpint (import (&c, c.projects, "a@x", &group), ==, PINION_STORE_IMPORT_KNOWN);

  /* An id that somebody uses again is none. */
  PinionStoreHeader other = header_of ("a@x");
  g_autoptr (GBytes) raw = g_bytes_new_static (TEXT, strlen (TEXT));

  other.date = 200;
  g_assert_cmpint (pinion_store_command_import (c.session, &group, c.inbox, &other, 200, 0, raw),
                   ==, PINION_STORE_IMPORT_ADDED);
  assert_pending (c, "copy INBOX/1 > Projects, append > INBOX");

  case_free (&c);
}

/* The server has it without the id that it was given here. */
static void
test_known_without_id (void)
{
  Case c = case_new ();
  gint64 group = 0;
  gint64 message = fixture_add (c.session, c.inbox, 1, 0, NULL, NULL, 100);

  next (&c);
  g_assert_cmpint (import_sized (&c, c.inbox, "given@x", SIZE, &group), ==,
                   PINION_STORE_IMPORT_KNOWN);
  g_assert_cmpint (import_sized (&c, c.projects, "given@x", SIZE, &group), ==,
                   PINION_STORE_IMPORT_LABELLED);
  assert_labels (c, message, "INBOX Projects");
  g_assert_cmpint (import_sized (&c, c.projects, "other@x", SIZE + 1, &group), ==,
                   PINION_STORE_IMPORT_ADDED);
  assert_pending (c, "copy INBOX/1 > Projects, append > Projects");
  next (&c);
  g_assert_cmpint (import_sized (&c, c.projects, "other@x", SIZE + 1, &group), ==,
                   PINION_STORE_IMPORT_KNOWN);

  case_free (&c);
}

/* One that lies nowhere any more cannot be copied, and has no id to be found by. */
static void
test_gone_without_id (void)
{
  Case c = case_new ();
  gint64 group = 0;
  guint32 uid = 1;
  gint64 message = fixture_add (c.session, c.inbox, uid, 0, NULL, NULL, 100);

  next (&c);
  pinion_store_vanished (c.session, c.inbox, &uid, 1);
  g_assert_cmpint (import_sized (&c, c.inbox, "given@x", SIZE, &group), ==,
                   PINION_STORE_IMPORT_ADDED);

  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);

  g_assert_cmpint (operation->message_id, !=, message);
  g_assert_cmpstr (operation->message_id_header, ==, "given@x");

  case_free (&c);
}

static void
test_taken_back (void)
{
  Case c = case_new ();
  gint64 group = 0;

  import (&c, c.projects, "a@x", &group);
  import (&c, c.inbox, "b@x", &group);
  assert_pending (c, "append > Projects, append > INBOX");
  next (&c);

  g_autoptr (GPtrArray) operations = pinion_store_operations_list (c.session, 0);
  gint64 message = ((PinionStoreOperation *) g_ptr_array_index (operations, 0))->message_id;

  g_assert_true (pinion_store_command_undo (c.session, group, NULL));
  assert_pending (c, "");
  assert_labels (c, message, "");
  next (&c);

  /* And the same again. */
  group = 0;
  g_assert_cmpint (import (&c, c.projects, "a@x", &group), ==, PINION_STORE_IMPORT_ADDED);
  assert_labels (c, message, "Projects");
  next (&c);

  /* Once the server has it, it goes to Trash. */
  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);

  pinion_store_operation_start (c.session, operation->id);
  pinion_store_operation_done (c.session, operation->id, 9);
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));
  g_assert_true (pinion_store_command_undo (c.session, group, stays));
  g_assert_cmpuint (stays->len, ==, 0);
  assert_labels (c, message, "Trash");
  assert_pending (c, "move Projects/9 > Trash");

  case_free (&c);
}

static void
test_given_up (void)
{
  Case c = case_new ();
  gint64 group = 0;
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_QUOTA, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE, "NO");

  import (&c, c.projects, "a@x", &group);
  next (&c);

  g_autoptr (PinionStoreOperation) operation = ref_ready (&c);

  pinion_store_operation_start (c.session, operation->id);
  pinion_store_operation_give_up (c.session, operation->id, error);
  assert_pending (c, "append > Projects failed");
  assert_labels (c, operation->message_id, "");

  case_free (&c);
}

static void
assert_fails (const char     *path,
              PinionErrorCode code)
{
  Case c = case_new ();
  gint64 group = 0;
  gint64 folder = path != NULL ? fixture_folder (c.fixture, path) : 4711;

  g_assert_cmpint (import (&c, folder, "a@x", &group), ==, PINION_STORE_IMPORT_KNOWN);
  g_autoptr (GError) error = fixture_end (c.fixture);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (group, ==, 0);
  fixture_free (c.fixture);
}

static void
test_takes_none (void)
{
  assert_fails ("Drafts", PINION_ERROR_INVALID_ARGUMENT);
  assert_fails (NULL, PINION_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/import/added", test_added);
  g_test_add_func ("/store/import/found-by-comparing", test_found_by_comparing);
  g_test_add_func ("/store/import/arrived-after-all", test_arrived_after_all);
  g_test_add_func ("/store/import/known", test_known);
  g_test_add_func ("/store/import/known-without-id", test_known_without_id);
  g_test_add_func ("/store/import/gone-without-id", test_gone_without_id);
  g_test_add_func ("/store/import/taken-back", test_taken_back);
  g_test_add_func ("/store/import/given-up", test_given_up);
  g_test_add_func ("/store/import/takes-none", test_takes_none);

  return g_test_run ();
}
