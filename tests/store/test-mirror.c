/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-keys.h"
#include "pinion-store-labels.h"
#include "store-fixture.h"

#define SEEN PINION_FLAG_SEEN
#define FLAGGED PINION_FLAG_FLAGGED

static PinionStoreFolder *
get_folder (Fixture            *fixture,
            PinionStoreSession *session,
            const char         *path)
{
  return pinion_store_folder_get (session, fixture_folder (fixture, path));
}

static void
test_folders (void)
{
  static const char *const more[] = { "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive",
                                      "Projects", "Projects/Äpfel & \"Birnen\"", NULL };
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  g_autoptr (PinionStoreFolder) before = get_folder (fixture, session, "Projects");
  g_assert_true (before->pinned);
  g_assert_cmpint (before->role, ==, PINION_FOLDER_ROLE_NONE);
  g_assert_cmpint (before->uids.since, ==, G_MAXINT64);
  pinion_store_folder_set_colour (session, family, "red");
  gint64 message = fixture_add (session, family, 1, 0, "a@x", NULL, 100);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  fixture_list (session, fixture->account, more);
  fixture_commit (fixture);
  fixture_find_folders (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_assert_null (pinion_store_folder_get (session, family));
  fixture_assert_labels (fixture, session, message, "");
  g_autoptr (PinionStoreFolder) sub = get_folder (fixture, session, more[7]);
  g_assert_cmpstr (sub->path, ==, more[7]);
  fixture_commit (fixture);

  /* It comes back, and is what it was. */
  static const char *const again[] = { "INBOX", "Family", NULL };
  session = fixture_begin (fixture);
  fixture_list (session, fixture->account, again);
  g_assert_cmpint (fixture_add (session, family, 7, 0, "a@x", NULL, 100), ==, message);
  g_autoptr (PinionStoreFolder) back = pinion_store_folder_get (session, family);
  g_assert_cmpstr (back->colour, ==, "red");
  fixture_assert_labels (fixture, session, message, "Family");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* Another client deleted the only label that was wanted: the message stays where it was to be removed
 * from, with the flags that were wanted. */
static void
test_label_lost (void)
{
  static const char *const left[] = { "INBOX", "Archive", "Trash", NULL };
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 projects = fixture_folder (fixture, "Projects");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, SEEN, "a@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (message);
  pinion_store_command_add_label (session, ids, projects);
  pinion_store_command_move (session, ids, inbox, projects);
  pinion_store_command_set_flag (session, ids, SEEN, FALSE);
  fixture_assert_labels (fixture, session, message, "Projects");
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  fixture_list (session, fixture->account, left);
  fixture_commit (fixture);
  session = fixture_begin (fixture);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  fixture_assert_labels (fixture, session, message, "INBOX");
  fixture_assert_pending (session, "copy INBOX/0 > ? failed, flag 1=0 INBOX/1");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
test_roles (void)
{
  Fixture *fixture = fixture_new ();
  gint64 projects = fixture_folder (fixture, "Projects");
  gint64 archive = fixture_folder (fixture, "Archive");

  PinionStoreSession *session = fixture_begin (fixture);
  fixture_add (session, projects, 1, 0, "a@x", NULL, 100);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  pinion_store_folder_set_role (session, projects, PINION_FOLDER_ROLE_ARCHIVE);
  fixture_commit (fixture);

  /* What the person chose stays. */
  static const char *const again[] = { "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive",
                                       "Projects", "Family", NULL };
  session = fixture_begin (fixture);
  fixture_list (session, fixture->account, again);
  g_autoptr (PinionStoreFolder) role = pinion_store_folder_get_by_role (session, fixture->account,
                                                                        PINION_FOLDER_ROLE_ARCHIVE);
  g_assert_cmpint (role->id, ==, projects);
  g_autoptr (PinionStoreFolder) old = pinion_store_folder_get (session, archive);
  g_assert_cmpint (old->role, ==, PINION_FOLDER_ROLE_NONE);
  pinion_store_folder_set_role (session, projects, PINION_FOLDER_ROLE_TRASH);
  fixture_commit (fixture);

  /* What lies in Trash is not in All Mail. */
  fixture_check (fixture);
  PinionStoreView all = { PINION_STORE_VIEW_ALL, 0 };
  session = fixture_read (fixture);
  g_autoptr (GArray) threads = pinion_store_view_list (session, all);
  g_assert_cmpuint (threads->len, ==, 0);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_copies (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 projects = fixture_folder (fixture, "Projects");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "<a@x>", NULL, 100);
  g_assert_cmpint (fixture_add (session, projects, 5, 0, " a@x ", NULL, 100), ==, message);
  /* The same id with another date is another message: nothing is hidden. */
  g_assert_cmpint (fixture_add (session, projects, 6, 0, "a@x", NULL, 200), !=, message);
  fixture_assert_labels (fixture, session, message, "INBOX Projects");

  g_autoptr (GArray) placements = pinion_store_placements_list (session, projects);
  g_assert_cmpuint (placements->len, ==, 2);
  g_assert_cmpuint (g_array_index (placements, PinionStorePlacement, 0).uid, ==, 5);
  g_assert_cmpint (g_array_index (placements, PinionStorePlacement, 0).message_id, ==, message);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  guint32 gone[] = { 1, 77 };
  pinion_store_vanished (session, inbox, gone, 2);
  fixture_assert_labels (fixture, session, message, "Projects");
  guint32 last[] = { 5, 6 };
  pinion_store_vanished (session, projects, last, 2);
  fixture_assert_labels (fixture, session, message, "");
  fixture_commit (fixture);
  fixture_check (fixture);

  /* It is kept until a whole sync has not found it. */
  session = fixture_begin (fixture);
  g_assert_cmpuint (pinion_store_messages_collect (session, fixture->account, 1), ==, 0);
  g_assert_cmpuint (pinion_store_messages_collect (session, fixture->account, G_MAXINT64), ==, 2);
  fixture_assert_labels (fixture, session, message, "-");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* No Message-ID: known by date, sender, people, subject, size. */
static void
test_without_id (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreIncoming incoming[] = {
    { .uid = 1, .received = 5, .size = 10, .header = { .date = 5, .subject = "a" } },
    { .uid = 2, .received = 5, .size = 10, .header = { .date = 5, .subject = "b" } },
    { .uid = 3, .received = 5, .size = 10, .header = { .date = 5, .subject = "a" } },
    { .uid = 4, .received = 9, .size = 0, .header = { 0 } },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_messages_add (session, fixture_folder (fixture, "INBOX"), incoming, 4);
  g_assert_true (incoming[0].is_new && incoming[1].is_new && incoming[3].is_new);
  g_assert_true (incoming[0].needs_body);
  g_assert_false (incoming[2].is_new);
  g_assert_cmpint (incoming[2].id, ==, incoming[0].id);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, incoming[3].id);
  g_assert_cmpint (message->date, ==, 9);
  g_assert_cmpstr (message->from_name, ==, "");
  g_assert_null (message->message_id_header);
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
change_flags (PinionStoreSession *session,
              gint64              folder,
              guint32             uid,
              PinionFlags         flags)
{
  PinionStoreFlagChange change = { uid, flags };

  pinion_store_flags_changed (session, folder, &change, 1);
}

static gboolean
is_seen (PinionStoreSession *session,
         gint64              id)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

  return message->seen;
}

static void
test_flags (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 projects = fixture_folder (fixture, "Projects");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  fixture_add (session, projects, 2, 0, "a@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (message);

  /* Another client reads one copy: it is read, and the other copy is to be. */
  change_flags (session, inbox, 1, SEEN);
  g_assert_true (is_seen (session, message));
  fixture_assert_pending (session, "flag 1=1 Projects/2");
  /* It has done so itself. */
  change_flags (session, projects, 2, SEEN);
  fixture_assert_pending (session, "");

  /* The person's act is not undone by what the server said before it knew. */
  pinion_store_command_set_flag (session, ids, SEEN, FALSE);
  fixture_assert_pending (session, "flag 1=0 INBOX/1, flag 1=0 Projects/2");
  change_flags (session, inbox, 1, SEEN | PINION_FLAG_ANSWERED);
  g_assert_false (is_seen (session, message));
  fixture_assert_pending (session, "flag 1=0 INBOX/1, flag 1=0 Projects/2");

  /* Back and forth before anything was sent leaves nothing to send. */
  pinion_store_command_set_flag (session, ids, SEEN, TRUE);
  fixture_assert_pending (session, "");
  g_assert_cmpint (pinion_store_command_set_flag (session, ids, SEEN, TRUE), ==, 0);

  /* \Deleted by another client: not shown. */
  change_flags (session, inbox, 1, SEEN | PINION_FLAG_DELETED);
  fixture_assert_labels (fixture, session, message, "Projects");
  change_flags (session, inbox, 1, SEEN);
  fixture_assert_labels (fixture, session, message, "INBOX Projects");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* A copy that disagrees when it is first seen. */
static void
test_flags_of_new_copy (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 projects = fixture_folder (fixture, "Projects");
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (message);
  fixture_add (session, projects, 2, SEEN, "a@x", NULL, 100);
  g_assert_true (is_seen (session, message));
  fixture_assert_pending (session, "flag 1=1 INBOX/1");
  change_flags (session, inbox, 1, SEEN);

  /* The person marks it unread; another client moves it meanwhile: unread it stays. */
  pinion_store_command_set_flag (session, ids, SEEN, FALSE);
  guint32 one[] = { 1 }, two[] = { 2 };
  pinion_store_vanished (session, inbox, one, 1);
  pinion_store_vanished (session, projects, two, 1);
  fixture_add (session, family, 3, SEEN, "a@x", NULL, 100);
  g_assert_false (is_seen (session, message));
  fixture_assert_pending (session, "flag 1=0 Family/3");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* The first that is ready is done, and its copy got @uid. */
static void
do_first (Fixture            *fixture,
          PinionStoreSession *session,
          guint32             uid)
{
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, fixture->account,
                                                               G_MAXINT64, 1);
  const PinionStoreOperation *operation = g_ptr_array_index (ready, 0);

  g_assert_true (pinion_store_operation_start (session, operation->id));
  pinion_store_operation_done (session, operation->id, uid);
}

/* The flag waits for the message, not for a copy of ours that is to be made of it; and that copy brings
 * the old flag along. */
static void
test_flags_of_moved (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  guint32 one[] = { 1 };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, SEEN, "a@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (message);
  pinion_store_command_set_flag (session, ids, SEEN, FALSE);
  pinion_store_command_add_label (session, ids, fixture_folder (fixture, "Projects"));
  pinion_store_vanished (session, inbox, one, 1);
  fixture_add (session, fixture_folder (fixture, "Family"), 3, SEEN, "a@x", NULL, 100);
  g_assert_false (is_seen (session, message));
  fixture_assert_pending (session, "copy Family/3 > Projects, flag 1=0 Family/3");

  do_first (fixture, session, 7);
  fixture_assert_pending (session, "flag 1=0 Family/3, flag 1=0 Projects/7");
  do_first (fixture, session, 0);
  do_first (fixture, session, 0);
  fixture_assert_pending (session, "");
  g_assert_false (is_seen (session, message));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* Both copies are on their way out: a flag that waits for the next one does not hold up its making. */
static void
test_flags_that_wait (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 family = fixture_folder (fixture, "Family");
  guint32 one[] = { 1 };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (message);
  fixture_add (session, family, 2, 0, "a@x", NULL, 100);
  pinion_store_command_move (session, ids, family, fixture_folder (fixture, "Projects"));
  pinion_store_command_set_flag (session, ids, FLAGGED, TRUE);
  pinion_store_vanished (session, inbox, one, 1);
  do_first (fixture, session, 7);
  do_first (fixture, session, 0);
  fixture_assert_pending (session, "");
  fixture_assert_labels (fixture, session, message, "Projects");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
test_uidvalidity (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 a = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  gint64 b = fixture_add (session, inbox, 2, 0, "b@x", NULL, 100);
  gint64 c = fixture_add (session, inbox, 3, 0, "c@x", NULL, 100);
  gint64 d = fixture_add (session, inbox, 4, 0, "d@x", NULL, 100);
  fixture_add (session, fixture_folder (fixture, "Projects"), 1, 0, "c@x", NULL, 100);
  g_autoptr (GArray) ids = fixture_ids (a);
  g_autoptr (GArray) shared = fixture_ids (c);
  pinion_store_command_archive (session, ids, 0);
  pinion_store_command_remove_label (session, shared, inbox);
  PinionStoreUidState state = { .uidvalidity = 5, .uidnext = 3, .since = 50, .synced = 60 };
  pinion_store_folder_set_uids (session, inbox, &state);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionStoreFolder) before = pinion_store_folder_get (session, inbox);
  g_assert_cmpuint (before->uids.uidvalidity, ==, 5);
  g_assert_cmpint (before->uids.since, ==, 50);
  pinion_store_folder_reset_uids (session, inbox, 6);
  g_autoptr (PinionStoreFolder) after = pinion_store_folder_get (session, inbox);
  g_assert_cmpuint (after->uids.uidvalidity, ==, 6);
  g_assert_cmpuint (after->uids.uidnext, ==, 0);
  g_assert_cmpint (after->uids.since, ==, G_MAXINT64);
  fixture_assert_labels (fixture, session, a, "Archive");
  fixture_assert_labels (fixture, session, b, "INBOX");
  fixture_assert_labels (fixture, session, c, "Projects");
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, fixture->account,
                                                               G_MAXINT64, 10);
  g_assert_cmpuint (ready->len, ==, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  /* Found again: the same rows, and what was wanted is wanted still; what another client did
   * meanwhile is followed; what is not found is not there. */
  session = fixture_begin (fixture);
  g_assert_cmpint (fixture_add (session, inbox, 11, 0, "a@x", NULL, 100), ==, a);
  g_assert_cmpint (fixture_add (session, inbox, 12, PINION_FLAG_SEEN, "b@x", NULL, 100), ==, b);
  g_assert_cmpint (fixture_add (session, inbox, 13, 0, "c@x", NULL, 100), ==, c);
  fixture_assert_labels (fixture, session, a, "Archive");
  fixture_assert_labels (fixture, session, b, "INBOX");
  fixture_assert_labels (fixture, session, c, "Projects");
  fixture_assert_pending (session, "move INBOX/11 > Archive, remove INBOX/13");
  g_autoptr (PinionStoreMessage) seen = pinion_store_message_get (session, b);
  g_assert_true (seen->seen);
  fixture_assert_labels (fixture, session, d, "INBOX");
  pinion_store_placements_prune (session, inbox, 1);
  fixture_assert_labels (fixture, session, d, "");
  g_assert_cmpuint (pinion_store_messages_collect (session, fixture->account, G_MAXINT64), ==, 1);
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
put_body (Fixture            *fixture,
          PinionStoreSession *session,
          gint64              message,
          const char         *text)
{
  g_autofree char *temp = pinion_store_dup_temp_path (fixture->store);
  PinionStoreBodyFacts facts = { .snippet = "Hello", .has_attachments = TRUE };

  g_assert_true (g_file_set_contents (temp, text, -1, NULL));
  pinion_store_body_arrived (session, message, temp, &facts);
}

static void
test_bodies (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 projects = fixture_folder (fixture, "Projects");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 old = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  gint64 new = fixture_add (session, inbox, 2, 0, "b@x", NULL, 200);
  gint64 other = fixture_add (session, projects, 2, 0, "c@x", NULL, 150);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (GArray) wanted = pinion_store_bodies_wanted (session, fixture->account, 0, 10);
  g_assert_cmpuint (wanted->len, ==, 3);
  g_assert_cmpint (g_array_index (wanted, PinionStoreWanted, 0).message_id, ==, new);
  g_assert_cmpint (g_array_index (wanted, PinionStoreWanted, 1).message_id, ==, other);
  g_assert_cmpint (g_array_index (wanted, PinionStoreWanted, 1).folder_id, ==, projects);
  g_autoptr (GArray) here = pinion_store_bodies_wanted (session, fixture->account, inbox, 1);
  g_assert_cmpuint (here->len, ==, 1);
  g_assert_cmpint (g_array_index (here, PinionStoreWanted, 0).message_id, ==, new);
  put_body (fixture, session, new, "raw message");
  pinion_store_body_unavailable (session, old);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  PinionStoreProgress progress;
  pinion_store_get_progress (session, fixture->account, &progress);
  g_assert_cmpint (progress.messages, ==, 3);
  g_assert_cmpint (progress.bodies_here, ==, 1);
  g_assert_cmpint (progress.bodies_wanted, ==, 1);
  g_assert_cmpint (progress.bodies_unavailable, ==, 1);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, new);
  g_assert_cmpint (message->body_state, ==, PINION_STORE_BODY_HERE);
  g_assert_cmpuint (message->body_size, ==, 11);
  g_assert_cmpstr (message->snippet, ==, "Hello");
  g_assert_true (message->has_attachments);
  g_assert_true (pinion_store_body_is_whole (message));

  /* Cut short by something else: noticed, and fetched again. */
  g_assert_true (g_file_set_contents (message->body_path, "raw", 3, NULL));
  g_assert_false (pinion_store_body_is_whole (message));
  pinion_store_body_forget (session, new);
  pinion_store_bodies_retry (session, fixture->account + 1);
  g_autoptr (PinionStoreMessage) unavailable = pinion_store_message_get (session, old);
  g_assert_cmpint (unavailable->body_state, ==, PINION_STORE_BODY_UNAVAILABLE);
  /* A copy of it turns up elsewhere. */
  g_assert_cmpint (fixture_add (session, projects, 3, 0, "a@x", NULL, 100), ==, old);
  g_autoptr (PinionStoreMessage) elsewhere = pinion_store_message_get (session, old);
  g_assert_cmpint (elsewhere->body_state, ==, PINION_STORE_BODY_WANTED);
  pinion_store_body_unavailable (session, old);
  pinion_store_bodies_retry (session, fixture->account);
  g_autoptr (GArray) again = pinion_store_bodies_wanted (session, fixture->account, 0, 10);
  g_assert_cmpuint (again->len, ==, 3);
  PinionStoreWanted place;
  g_assert_true (pinion_store_body_locate (session, new, &place));
  g_assert_cmpuint (place.uid, ==, 2);
  g_assert_false (pinion_store_body_locate (session, 99, &place));
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_trim (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 old = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  gint64 pending = fixture_add (session, inbox, 2, 0, "b@x", NULL, 110);
  gint64 new = fixture_add (session, inbox, 3, 0, "c@x", NULL, 200);
  put_body (fixture, session, old, "raw");
  g_autoptr (PinionStoreMessage) row = pinion_store_message_get (session, old);
  g_autoptr (GArray) ids = fixture_ids (pending);
  pinion_store_command_archive (session, ids, 0);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_assert_cmpuint (pinion_store_history_trim (session, fixture->account, 150, 10), ==, 1);
  fixture_assert_labels (fixture, session, old, "-");
  fixture_assert_labels (fixture, session, pending, "Archive");
  fixture_assert_labels (fixture, session, new, "INBOX");
  fixture_commit (fixture);
  g_assert_false (g_file_test (row->body_path, G_FILE_TEST_EXISTS));
  fixture_check (fixture);

  fixture_free (fixture);
}

static gint64
date_of (PinionStoreSession *session,
         gint64              id)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

  return message->date;
}

/* Listed before it was known when they came. */
static void
test_undated (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreIncoming incoming[] = {
    { .uid = 1, .size = 10, .header = { .message_id = "a@x", .date = 500 } },
    { .uid = 2, .size = 10, .header = { .message_id = "b@x", .date = 9000000 } },
    { .uid = 3, .size = 10, .header = { .message_id = "c@x" } },
    { .uid = 4, .size = 10, .header = { .message_id = "d@x", .date = 700 } },
    { .uid = 5, .size = 10, .received = 800, .header = { .message_id = "e@x", .date = 700 } },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 inbox = fixture_folder (fixture, "INBOX");
  pinion_store_messages_add (session, inbox, incoming, G_N_ELEMENTS (incoming));
  g_assert_cmpint (date_of (session, incoming[1].id), ==, 9000000);
  g_assert_cmpint (date_of (session, incoming[2].id), ==, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  /* Nobody knows yet whether they are within the range. */
  session = fixture_begin (fixture);
  g_assert_cmpuint (pinion_store_history_trim (session, fixture->account, 600, 10), ==, 0);
  g_autoptr (GArray) undated = pinion_store_undated_list (session, fixture->account);
  g_assert_cmpuint (undated->len, ==, 4);
  for (guint i = 0; i < undated->len; i++)
    {
      PinionStoreUndated *one = &g_array_index (undated, PinionStoreUndated, i);

      g_assert_cmpint (one->folder_id, ==, inbox);
      g_assert_cmpuint (one->uid, ==, i + 1);
      g_assert_cmpint (one->message_id, ==, incoming[i].id);
      one->received = i < 3 ? 1000 + i : 0;
    }
  pinion_store_undated_settle (session, (PinionStoreUndated *) undated->data, undated->len);
  g_assert_cmpint (date_of (session, incoming[0].id), ==, 500);
  g_assert_cmpint (date_of (session, incoming[1].id), ==, 1001);
  g_assert_cmpint (date_of (session, incoming[2].id), ==, 1002);
  g_assert_cmpint (date_of (session, incoming[3].id), ==, 700);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_autoptr (GArray) left = pinion_store_undated_list (session, fixture->account);
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_cmpuint (pinion_store_history_trim (session, fixture->account, 900, 10), ==, 2);
  fixture_assert_labels (fixture, session, incoming[0].id, "INBOX");
  fixture_assert_labels (fixture, session, incoming[3].id, "-");
  fixture_assert_labels (fixture, session, incoming[4].id, "-");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* What another client brought into a label that is on its way out goes where its mail went, once; and
 * what lies elsewhere, too, only loses the label. */
static void
test_into_leaving (void)
{
  Fixture *fixture = fixture_new ();
  gint64 projects = fixture_folder (fixture, "Projects");
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 shared = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 1);
  gint64 group = pinion_store_command_delete_label (session, projects, PINION_FOLDER_ROLE_ARCHIVE);
  pinion_store_command_delete_label (session, family, PINION_FOLDER_ROLE_ARCHIVE);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  gint64 late = fixture_add (session, projects, 1, 0, "b@x", NULL, 1);
  fixture_add (session, family, 1, 0, "b@x", NULL, 1);
  fixture_add (session, projects, 2, 0, "a@x", NULL, 1);
  fixture_assert_labels (fixture, session, late, "Archive");
  fixture_assert_labels (fixture, session, shared, "INBOX");
  fixture_assert_pending (session, "delete-label Projects/0, delete-label Family/0,"
                                   " move Projects/1 > Archive, remove Family/1, remove Projects/2");
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_assert_true (pinion_store_command_undo (session, group, NULL));
  fixture_assert_labels (fixture, session, late, "Projects");
  fixture_assert_labels (fixture, session, shared, "INBOX Projects");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
test_poison (void)
{
  Fixture *fixture = fixture_new ();

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 bad = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 1);
  gint64 good = fixture_add (session, fixture_folder (fixture, "INBOX"), 2, 0, "b@x", NULL, 1);
  pinion_store_message_opening (session, good);
  pinion_store_message_opened (session, good);
  pinion_store_message_opening (session, bad);
  fixture_commit (fixture);

  fixture_reopen (fixture);
  session = fixture_begin (fixture);
  g_autoptr (PinionStoreMessage) one = pinion_store_message_get (session, bad);
  g_autoptr (PinionStoreMessage) two = pinion_store_message_get (session, good);
  g_assert_true (one->poison);
  g_assert_false (two->poison);
  pinion_store_message_opening (session, bad);
  pinion_store_message_opened (session, bad);
  g_autoptr (PinionStoreMessage) cured = pinion_store_message_get (session, bad);
  g_assert_false (cured->poison);
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* They stand in the stores of those who use it. */
static void
test_keys_stay (void)
{
  PinionStoreHeader header = { .message_id = "1@northwind.example", .date = 1700000000,
                               .from_address = "Mara@Northwind.example" };
  PinionStoreHeader without_id = { .date = 1700000000, .from_address = "mara@northwind.example",
                                   .to = "Jonas", .subject = "Hello" };

  g_assert_cmpint (pinion_store_key_of_reference ("1@northwind.example"), ==, 1843756822839891667);
  g_assert_cmpint (pinion_store_key_of_message (&header, 42), ==, 503548548173762787);
  g_assert_cmpint (pinion_store_key_of_message (&without_id, 42), ==, 1775573930910259528);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/mirror/folders", test_folders);
  g_test_add_func ("/store/mirror/label-lost", test_label_lost);
  g_test_add_func ("/store/mirror/roles", test_roles);
  g_test_add_func ("/store/mirror/copies", test_copies);
  g_test_add_func ("/store/mirror/without-id", test_without_id);
  g_test_add_func ("/store/mirror/flags", test_flags);
  g_test_add_func ("/store/mirror/flags-of-new-copy", test_flags_of_new_copy);
  g_test_add_func ("/store/mirror/flags-of-moved", test_flags_of_moved);
  g_test_add_func ("/store/mirror/flags-that-wait", test_flags_that_wait);
  g_test_add_func ("/store/mirror/uidvalidity", test_uidvalidity);
  g_test_add_func ("/store/mirror/bodies", test_bodies);
  g_test_add_func ("/store/mirror/trim", test_trim);
  g_test_add_func ("/store/mirror/undated", test_undated);
  g_test_add_func ("/store/mirror/into-leaving", test_into_leaving);
  g_test_add_func ("/store/mirror/poison", test_poison);
  g_test_add_func ("/store/mirror/keys-stay", test_keys_stay);

  return g_test_run ();
}
