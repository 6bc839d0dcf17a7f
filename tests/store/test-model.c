/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random acts against a model of a server.  Here a person works on line and off; there another
 * client does; between them a sync that is cut, loses answers, and is begun again.  After every
 * step the store agrees with itself, in the end with the server, and no message was lost.
 *
 * The seed is GTest's (--seed), the number of steps PINION_MODEL_STEPS. */

#include "store-fixture.h"

#define MOST_MESSAGES 40

/* What one message may say in one copy or another. */
#define N_TEXTS 3

static const char *const paths[] = { "INBOX", "Sent",     "Drafts", "Trash", "Junk",
                                     "Archive", "Projects", "Family" };

#define N_FOLDERS G_N_ELEMENTS (paths)

typedef struct
{
  guint32 uid;
  guint key;
  guint text;
  PinionFlags flags;
} Copy;

typedef struct
{
  guint32 uidvalidity;
  guint32 uidnext;
  GArray *copies;
} Folder;

typedef struct
{
  Fixture *fixture;
  Folder folders[N_FOLDERS];
  guint n_messages;
  /* Someone wanted it gone: then it may be gone. */
  gboolean given_up[MOST_MESSAGES][N_TEXTS];
  gboolean were[MOST_MESSAGES][N_TEXTS];
  gint64 ids[MOST_MESSAGES];
  /* Servers differ: whether COPYUID is told. */
  gboolean tells_uid;
} Model;

static int
pick (int n)
{
  return g_test_rand_int_range (0, n);
}

static gint64
folder_id (Model *model,
           guint  index)
{
  return fixture_folder (model->fixture, paths[index]);
}

static guint
folder_index (Model *model,
              gint64 id)
{
  for (guint i = 0; i < N_FOLDERS; i++)
    {
      if (folder_id (model, i) == id)
        return i;
    }

  g_assert_not_reached ();
}

/* -- The server -------------------------------------------------------------------------------- */

static guint32
server_add (Model      *model,
            guint       folder,
            guint       key,
            guint       text,
            PinionFlags flags)
{
  Folder *there = &model->folders[folder];
  Copy copy = { there->uidnext++, key, text, flags };

  g_array_append_val (there->copies, copy);
  model->were[key][text] = TRUE;

  return copy.uid;
}

static Copy *
server_find (Model  *model,
             guint   folder,
             guint32 uid)
{
  GArray *copies = model->folders[folder].copies;

  for (guint i = 0; i < copies->len; i++)
    {
      if (g_array_index (copies, Copy, i).uid == uid)
        return &g_array_index (copies, Copy, i);
    }

  return NULL;
}

/* @source: (nullable) what it is a copy of; %NULL: any of @key is. */
static Copy *
server_find_key (Model      *model,
                 guint       folder,
                 guint       key,
                 const Copy *source)
{
  GArray *copies = model->folders[folder].copies;

  for (guint i = 0; i < copies->len; i++)
    {
      if (g_array_index (copies, Copy, i).key == key
          && (source == NULL || g_array_index (copies, Copy, i).text == source->text))
        return &g_array_index (copies, Copy, i);
    }

  return NULL;
}

static void
server_remove (Model  *model,
               guint   folder,
               guint32 uid)
{
  GArray *copies = model->folders[folder].copies;

  for (guint i = 0; i < copies->len; i++)
    {
      if (g_array_index (copies, Copy, i).uid == uid)
        {
          g_array_remove_index (copies, i);
          return;
        }
    }
}

/* -- Another client ---------------------------------------------------------------------------- */

static void
reset_uids (Model *model,
            guint  folder)
{
  Folder *there = &model->folders[folder];

  there->uidvalidity++;
  there->uidnext = 1000 + (guint32) pick (1000);
  for (guint i = 0; i < there->copies->len; i++)
    g_array_index (there->copies, Copy, i).uid = there->uidnext++;
}

static void
act_there (Model *model)
{
  guint folder = pick (N_FOLDERS);
  guint other = pick (N_FOLDERS);
  GArray *copies = model->folders[folder].copies;

  if (pick (3) == 0 && model->n_messages < MOST_MESSAGES)
    {
      server_add (model, folder, model->n_messages++, 0, (PinionFlags) pick (2));
      return;
    }
  if (copies->len == 0)
    return;

  Copy copy = g_array_index (copies, Copy, pick (copies->len));
  switch (pick (13))
    {
    case 0:
      reset_uids (model, folder);
      break;
    case 1:
      server_remove (model, folder, copy.uid);
      model->given_up[copy.key][copy.text] = TRUE;
      break;
    case 2:
    case 3:
      server_add (model, other, copy.key, copy.text, copy.flags);
      break;
    case 12:
      server_add (model, other, copy.key, pick (N_TEXTS), copy.flags);
      break;
    case 4:
    case 5:
    case 6:
      server_remove (model, folder, copy.uid);
      server_add (model, other, copy.key, copy.text, copy.flags);
      break;
    default:
      server_find (model, folder, copy.uid)->flags ^= pick (2) == 0 ? PINION_FLAG_SEEN
                                                                    : PINION_FLAG_FLAGGED;
      break;
    }
}

/* -- The person -------------------------------------------------------------------------------- */

static void
give_up (Model *model,
         guint  key)
{
  for (guint text = 0; text < N_TEXTS; text++)
    model->given_up[key][text] = TRUE;
}

static void
act_here (Model *model)
{
  gint64 id = model->n_messages > 0 ? model->ids[pick ((int) model->n_messages)] : 0;
  guint key = 0;

  if (id == 0)
    return;
  while (model->ids[key] != id)
    key++;

  PinionStoreSession *session = fixture_begin (model->fixture);
  g_autoptr (GArray) ids = fixture_ids (id);
  gint64 label = folder_id (model, pick (N_FOLDERS));
  switch (pick (14))
    {
    case 0:
    case 1:
      pinion_store_command_set_flag (session, ids, PINION_FLAG_SEEN, pick (2));
      break;
    case 2:
      pinion_store_command_set_flag (session, ids, PINION_FLAG_FLAGGED, pick (2));
      break;
    case 3:
      pinion_store_command_archive (session, ids, pick (2) == 0 ? label : 0);
      break;
    case 4:
      pinion_store_command_trash (session, ids);
      break;
    case 5:
      pinion_store_command_spam (session, ids);
      break;
    case 6:
      pinion_store_command_unspam (session, ids);
      break;
    case 7:
    case 8:
      pinion_store_command_move (session, ids,
                                 pick (2) == 0 ? folder_id (model, pick (N_FOLDERS)) : 0, label);
      break;
    case 9:
    case 10:
      pinion_store_command_add_label (session, ids, label);
      break;
    case 11:
      pinion_store_command_remove_label (session, ids, label);
      break;
    case 12:
      if (pinion_store_command_delete (session, ids) != 0)
        give_up (model, key);
      break;
    default:
      pinion_store_command_undo (session, 0, NULL);
      break;
    }
  fixture_commit (model->fixture);
}

/* -- The sync between -------------------------------------------------------------------------- */

static void
take_in (Model              *model,
         PinionStoreSession *session,
         guint               folder,
         const Copy         *copy)
{
  g_autofree char *id = g_strdup_printf ("%u@x", copy->key);
  g_autofree char *parent = g_strdup_printf ("%u@x", copy->key / 3);

  model->ids[copy->key]
    = fixture_add_sized (session, folder_id (model, folder), copy->uid, copy->flags, id,
                         copy->key % 2 == 0 ? parent : NULL, 1000 + copy->key,
                         FIXTURE_SIZE + 100 * copy->text);
}

static void
sync_folder (Model *model,
             guint  folder)
{
  PinionStoreSession *session = fixture_begin (model->fixture);
  gint64 id = folder_id (model, folder);
  g_autoptr (PinionStoreFolder) row = pinion_store_folder_get (session, id);
  Folder *there = &model->folders[folder];

  if (row->uids.uidvalidity != there->uidvalidity)
    pinion_store_folder_reset_uids (session, id, there->uidvalidity);

  g_autoptr (GArray) here = pinion_store_placements_list (session, id);
  for (guint i = 0; i < here->len; i++)
    {
      PinionStorePlacement *placement = &g_array_index (here, PinionStorePlacement, i);
      Copy *copy = server_find (model, folder, placement->uid);
      PinionStoreFlagChange change = { placement->uid, copy != NULL ? copy->flags : 0 };

      if (copy == NULL)
        pinion_store_vanished (session, id, &placement->uid, 1);
      else if (copy->flags != placement->flags)
        pinion_store_flags_changed (session, id, &change, 1);
    }
  for (guint i = 0; i < there->copies->len; i++)
    {
      Copy *copy = &g_array_index (there->copies, Copy, i);

      if (pinion_store_placement_find (session, id, copy->uid) == 0)
        take_in (model, session, folder, copy);
    }
  pinion_store_placements_prune (session, id, G_MAXINT64);
  fixture_commit (model->fixture);
}

static guint
key_of (const PinionStoreOperation *operation)
{
  return (guint) g_ascii_strtoull (operation->message_id_header, NULL, 10);
}

/* Does on the server what @operation says.  Returns: whether it could; @uid: of the copy. */
static gboolean
serve (Model                      *model,
       const PinionStoreOperation *operation,
       guint32                    *uid)
{
  guint from = folder_index (model, operation->from_folder);
  guint to = operation->to_folder != 0 ? folder_index (model, operation->to_folder) : 0;
  Copy *source = server_find (model, from, operation->from_uid);
  Copy *known = operation->uncertain ? server_find_key (model, to, key_of (operation), source)
                                     : NULL;
  gboolean removes = operation->kind == PINION_STORE_OPERATION_REMOVE
                     || operation->kind == PINION_STORE_OPERATION_DELETE;

  *uid = 0;
  if (operation->kind == PINION_STORE_OPERATION_REMOVE
      && server_find (model, folder_index (model, operation->proof_folder), operation->proof_uid)
           == NULL)
    return FALSE;
  if (removes)
    {
      server_remove (model, from, operation->from_uid);
      return TRUE;
    }
  if (operation->kind == PINION_STORE_OPERATION_FLAG)
    {
      if (source == NULL)
        return FALSE;
      source->flags = operation->value ? source->flags | operation->flag
                                       : source->flags & ~operation->flag;
      return TRUE;
    }
  if (known != NULL || operation->to_uid != 0)
    {
      *uid = operation->to_uid;
      /* Else it may be another text. */
      if (known != NULL && source != NULL)
        *uid = known->uid;
      if (operation->kind == PINION_STORE_OPERATION_MOVE)
        server_remove (model, from, operation->from_uid);
      return TRUE;
    }
  if (source == NULL)
    return FALSE;

  g_assert_cmpuint (source->key, ==, key_of (operation));
  *uid = server_add (model, to, source->key, source->text, source->flags);
  if (operation->kind == PINION_STORE_OPERATION_MOVE)
    server_remove (model, from, operation->from_uid);

  return TRUE;
}

static void
finish (Model *model,
        gint64 id,
        guint  how,
        guint32 uid)
{
  g_autoptr (GError) refused = pinion_error_new (PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP,
                                                 PINION_STAGE_NONE, "NO");
  PinionStoreSession *session = fixture_begin (model->fixture);

  switch (how)
    {
    case 0:
      pinion_store_operation_done (session, id, model->tells_uid ? uid : 0);
      break;
    case 1:
      pinion_store_operation_retry (session, id, 0, TRUE, refused);
      break;
    case 2:
      pinion_store_operation_retry (session, id, 0, FALSE, refused);
      break;
    default:
      pinion_store_operation_give_up (session, id, refused);
      break;
    }
  fixture_commit (model->fixture);
}

/* @luck: whether all goes well.  Returns: whether there was something to do. */
static gboolean
replay_one (Model   *model,
            gboolean luck)
{
  PinionStoreSession *session = fixture_begin (model->fixture);
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, model->fixture->account,
                                                               G_MAXINT64, 100);
  guint32 uid = 0;

  if (ready->len == 0)
    {
      fixture_commit (model->fixture);
      return FALSE;
    }

  PinionStoreOperation *operation = g_ptr_array_index (ready, pick ((int) ready->len));
  g_assert_true (pinion_store_operation_start (session, operation->id));
  fixture_commit (model->fixture);

  /* The other client is quick, and the news arrives before the answer. */
  if (!luck && pick (6) == 0)
    act_there (model);
  int fate = luck ? 0 : pick (20);
  if (fate == 1)
    finish (model, operation->id, 2, 0);
  else if (fate == 2)
    finish (model, operation->id, 3, 0);
  else if (!serve (model, operation, &uid))
    finish (model, operation->id, 2, 0);
  else if (fate == 3)
    finish (model, operation->id, 1, 0);
  else if (fate != 4)
    {
      if (!luck && pick (5) == 0)
        sync_folder (model, pick (N_FOLDERS));
      finish (model, operation->id, 0, uid);
    }
  /* Fate 4: killed, it stays as it is. */

  return TRUE;
}

static void
recover (Model *model)
{
  fixture_reopen (model->fixture);
  PinionStoreSession *session = fixture_begin (model->fixture);
  pinion_store_operations_recover (session, model->fixture->account);
  fixture_commit (model->fixture);
}

static void
sync_all (Model *model)
{
  for (guint i = 0; i < N_FOLDERS; i++)
    sync_folder (model, i);

  PinionStoreSession *session = fixture_begin (model->fixture);
  pinion_store_messages_collect (session, model->fixture->account, G_MAXINT64);
  fixture_commit (model->fixture);
}

/* With --verbose: where each message is said to be, there and here, and what is pending. */
static void
trace (Model      *model,
       const char *what)
{
  PinionStoreSession *session = fixture_read (model->fixture);
  g_autofree char *pending = fixture_pending (session);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint key = 0; key < model->n_messages; key++)
    {
      g_autofree char *labels = model->ids[key] != 0
                                  ? fixture_labels (model->fixture, session, model->ids[key])
                                  : g_strdup ("");

      g_string_append_printf (text, "\n  %u:", key);
      for (guint i = 0; i < N_FOLDERS; i++)
        {
          for (guint j = 0; j < model->folders[i].copies->len; j++)
            {
              Copy *copy = &g_array_index (model->folders[i].copies, Copy, j);

              if (copy->key == key)
                g_string_append_printf (text, " %s/%u.%u[%d]", paths[i], copy->uid, copy->text,
                                        copy->flags);
            }
        }
      g_string_append_printf (text, " = %s", labels);
    }
  g_test_message ("%s: %s%s", what, pending, text->str);
  fixture_commit (model->fixture);
}

/* -- Judgement --------------------------------------------------------------------------------- */

static void
come_to_rest (Model *model)
{
  recover (model);
  for (guint i = 0; i < 200; i++)
    {
      gboolean was_busy = FALSE;

      sync_all (model);
      while (replay_one (model, TRUE))
        was_busy = TRUE;

      PinionStoreSession *session = fixture_begin (model->fixture);
      guint n = pinion_store_operations_count (session, 0);
      fixture_commit (model->fixture);
      if (!was_busy && n == 0)
        return;
      if (g_test_verbose ())
        trace (model, "resting");
    }

  PinionStoreSession *session = fixture_begin (model->fixture);
  g_autofree char *pending = fixture_pending (session);
  g_error ("The journal does not come to an end: %s", pending);
}

static void
compare_copy (Model              *model,
              PinionStoreSession *session,
              guint               folder,
              const Copy         *copy,
              gboolean            has_failed)
{
  gint64 id = pinion_store_placement_find (session, folder_id (model, folder), copy->uid);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

  g_assert_nonnull (message);
  g_assert_cmpint (id, ==, model->ids[copy->key]);
  g_assert_cmpuint (g_ascii_strtoull (message->message_id_header, NULL, 10), ==, copy->key);
  g_assert_true (pinion_store_ids_contain (message->folders, folder_id (model, folder)));
  if (has_failed)
    return;

  g_assert_cmpint (message->seen, ==, (copy->flags & PINION_FLAG_SEEN) != 0);
  g_assert_cmpint (message->flagged, ==, (copy->flags & PINION_FLAG_FLAGGED) != 0);
}

static void
judge (Model *model)
{
  PinionStoreSession *session = fixture_read (model->fixture);
  g_autoptr (GPtrArray) failed = pinion_store_operations_list (session, 0);
  guint n_found[MOST_MESSAGES][N_TEXTS] = { 0 };

  for (guint i = 0; i < N_FOLDERS; i++)
    {
      GArray *copies = model->folders[i].copies;
      g_autoptr (GArray) here = pinion_store_placements_list (session, folder_id (model, i));

      g_assert_cmpuint (here->len, ==, copies->len);
      for (guint j = 0; j < copies->len; j++)
        {
          Copy *copy = &g_array_index (copies, Copy, j);

          n_found[copy->key][copy->text]++;
          compare_copy (model, session, i, copy, failed->len > 0);
        }
    }
  for (guint i = 0; i < model->n_messages * N_TEXTS; i++)
    {
      guint key = i / N_TEXTS, text = i % N_TEXTS;

      if (model->were[key][text] && n_found[key][text] == 0 && !model->given_up[key][text])
        g_error ("Message %u is lost, as text %u", key, text);
    }
  fixture_commit (model->fixture);
}

static void
run_model (guint n_steps)
{
  Model model = { .fixture = fixture_new (), .tells_uid = pick (2) == 0 };

  for (guint i = 0; i < N_FOLDERS; i++)
    {
      model.folders[i].uidvalidity = 1;
      model.folders[i].uidnext = 1;
      model.folders[i].copies = g_array_new (FALSE, FALSE, sizeof (Copy));
    }

  for (guint i = 0; i < n_steps; i++)
    {
      int what = pick (20);

      if (g_test_verbose ())
        trace (&model, what < 5 ? "there next" : what < 11 ? "here next" : what < 14 ? "sync next"
                       : what < 18 ? "replay next" : what == 18 ? "sync all next" : "restart next");
      if (what < 5)
        act_there (&model);
      else if (what < 11)
        act_here (&model);
      else if (what < 14)
        sync_folder (&model, pick (N_FOLDERS));
      else if (what < 18)
        replay_one (&model, FALSE);
      else if (what == 18)
        sync_all (&model);
      else
        recover (&model);
      fixture_check (model.fixture);
    }

  come_to_rest (&model);
  fixture_check (model.fixture);
  judge (&model);

  for (guint i = 0; i < N_FOLDERS; i++)
    g_array_unref (model.folders[i].copies);
  fixture_free (model.fixture);
}

static void
test_model (void)
{
  const char *wish = g_getenv ("PINION_MODEL_STEPS");
  guint n_steps = wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : 1500;

  for (guint done = 0; done < n_steps; done += 150)
    run_model (150);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/model", test_model);

  return g_test_run ();
}
