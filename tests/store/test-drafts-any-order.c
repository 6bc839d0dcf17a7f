/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts and their copies, whatever happens in any order: here, there, and on the way. */

#include "drafts-fixture.h"

static const char *const recipients[] = { "ana@example.com", NULL };

#define STEPS 120
#define MOST_DRAFTS 4

/* A message in Drafts on the server. */
typedef struct
{
  guint32 uid;
  guint64 size;
  char message_id[24];
} There;

/* @alone: no other program is at it. */
typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  GArray *there;
  GArray *drafts;
  GArray *outbox;
  guint32 uid;
  guint number;
  gboolean alone;
} World;

static void
put_there (World      *world,
           const char *message_id,
           guint64     size)
{
  There there = { .uid = ++world->uid, .size = size };

  g_strlcpy (there.message_id, message_id, sizeof there.message_id);
  g_array_append_val (world->there, there);
}

static gint
find_there (World      *world,
            const char *message_id,
            guint32     uid)
{
  for (guint i = 0; i < world->there->len; i++)
    {
      const There *there = &g_array_index (world->there, There, i);

      if (there->uid == uid || g_strcmp0 (there->message_id, message_id) == 0)
        return (gint) i;
    }

  return -1;
}

static guint
pick (GArray *array)
{
  return (guint) g_test_rand_int_range (0, (gint32) array->len);
}

static void
upload_all (World *world)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_stale (world->session);

  for (guint i = 0; i < drafts->len; i++)
    {
      const PinionStoreStaleDraft *stale = &g_array_index (drafts, PinionStoreStaleDraft, i);
      g_autofree char *message_id = g_strdup_printf ("d%u@x", ++world->number);

      g_assert_true (drafts_upload_as (world->session, stale->draft, stale->version, message_id));
    }
}

/* What a sync makes of an operation, which may end before or after the server has done it. */
static gboolean
replay_one (World   *world,
            gboolean may_end)
{
  gint64 account = world->fixture->account;
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (world->session, account, G_MAXINT64,
                                                               1);
  if (ready->len == 0)
    return FALSE;

  PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
  gboolean is_append = operation->kind == PINION_STORE_OPERATION_APPEND;
  int end = may_end ? g_test_rand_int_range (0, 4) : 3;

  g_assert_true (is_append || operation->kind == PINION_STORE_OPERATION_DELETE);
  g_assert_true (pinion_store_operation_start (world->session, operation->id));
  int index = is_append ? find_there (world, operation->message_id_header, 0)
                        : find_there (world, NULL, operation->from_uid);
  if (end > 0 && is_append && index < 0)
    {
      put_there (world, operation->message_id_header, 5);
      index = (int) world->there->len - 1;
    }
  guint32 uid = is_append && index >= 0 ? g_array_index (world->there, There, index).uid : 0;
  if (end > 0 && !is_append && index >= 0)
    g_array_remove_index (world->there, (guint) index);

  if (end < 2)
    pinion_store_operations_recover (world->session, account);
  else
    pinion_store_operation_done (world->session, operation->id, end == 2 ? 0 : uid);

  return TRUE;
}

static void
compare (World *world)
{
  gint64 folder = fixture_folder (world->fixture, "Drafts");
  g_autoptr (GArray) known = pinion_store_placements_list (world->session, folder);

  for (guint i = 0; i < known->len; i++)
    {
      guint32 uid = g_array_index (known, PinionStorePlacement, i).uid;

      if (find_there (world, NULL, uid) < 0)
        drafts_vanish (world->fixture, world->session, uid);
    }
  for (guint i = 0; i < world->there->len; i++)
    {
      const There *there = &g_array_index (world->there, There, i);

      drafts_see (world->fixture, world->session, "Drafts", there->uid, there->message_id, there->size);
    }
  pinion_store_placements_prune (world->session, folder, G_MAXINT64);
  pinion_store_messages_collect (world->session, world->fixture->account, G_MAXINT64);
}

static void
send_or_take_back (World *world)
{
  g_autoptr (GBytes) raw = g_bytes_new ("To: ana\r\n\r\nHello", 16);
  g_autofree char *message_id = g_strdup_printf ("out%u@x", ++world->number);
  PinionStoreOutgoing outgoing = {
    .account_id = world->fixture->account,
    .raw = raw,
    .header = { .message_id = message_id, .date = 700, .from_address = "me@example.com" },
    .sender = "me@example.com",
    .recipients = recipients,
  };

  if (world->outbox->len > 0)
    {
      gint64 draft = pinion_store_outbox_cancel (world->session,
                                                 g_array_index (world->outbox, gint64, 0));
      g_array_remove_index (world->outbox, 0);
      g_array_append_val (world->drafts, draft);
      return;
    }
  if (world->drafts->len == 0)
    return;

  guint index = pick (world->drafts);
  outgoing.draft = g_array_index (world->drafts, gint64, index);
  gint64 outbox = pinion_store_outbox_add (world->session, &outgoing);
  g_array_remove_index (world->drafts, index);
  g_array_append_val (world->outbox, outbox);
}

static void
write_one (World *world)
{
  gboolean is_new = world->drafts->len == 0
                    || (world->drafts->len < MOST_DRAFTS && g_test_rand_bit ());
  gint64 draft = is_new ? 0 : g_array_index (world->drafts, gint64, pick (world->drafts));
  gint64 id = drafts_save (world->fixture, world->session, draft, "text");

  if (is_new)
    g_array_append_val (world->drafts, id);
}

static void
discard_one (World *world)
{
  if (world->drafts->len == 0)
    return;

  guint index = pick (world->drafts);
  pinion_store_draft_remove (world->session, g_array_index (world->drafts, gint64, index));
  g_array_remove_index (world->drafts, index);
}

/* Deletes, edits or begins a draft there, or one that is there is gone on with here. */
static void
meddle (World *world)
{
  g_autoptr (GBytes) raw = g_bytes_new ("theirs", 6);
  PinionStoreHeader header = { .subject = "theirs", .date = 50, .from_address = "me@example.com" };
  g_autofree char *message_id = g_strdup_printf ("t%u@x", ++world->number);
  int what = g_test_rand_int_range (0, 4);

  if (what == 0 || world->there->len == 0)
    {
      put_there (world, message_id, 9);
      return;
    }

  guint index = pick (world->there);
  There there = g_array_index (world->there, There, index);
  if (what == 3)
    {
      gint64 message = drafts_get_copy (world->fixture, world->session, there.uid);
      pinion_store_draft_continue (world->session, message, &header, raw, 0);
      return;
    }

  g_array_remove_index (world->there, index);
  if (what == 1)
    put_there (world, there.message_id, there.size + 1);
}

/* What other programs did may have taken drafts away, or brought some. */
static void
take_drafts (World *world)
{
  if (world->alone)
    return;

  g_array_unref (world->drafts);
  world->drafts = pinion_store_drafts_list (world->session, world->fixture->account);
}

static void
do_something (World *world)
{
  switch (g_test_rand_int_range (0, world->alone ? 9 : 11))
    {
    case 0:
    case 1:
      write_one (world);
      break;
    case 2:
    case 3:
      upload_all (world);
      break;
    case 4:
    case 5:
      replay_one (world, TRUE);
      break;
    case 6:
      compare (world);
      break;
    case 7:
      discard_one (world);
      break;
    case 8:
      send_or_take_back (world);
      break;
    default:
      meddle (world);
      break;
    }
  take_drafts (world);
}

static void
come_to_rest (World *world)
{
  for (guint i = 0; i < 4; i++)
    {
      upload_all (world);
      while (replay_one (world, FALSE))
        ;
      compare (world);
    }
  take_drafts (world);
}

/* Each draft that is here is there once, and nothing else but what other programs have put there. */
static void
check_rest (World *world)
{
  PinionStoreSession *session = world->session;
  g_autoptr (GArray) drafts = pinion_store_drafts_list (session, world->fixture->account);
  guint hidden = 0;

  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_assert_pending (session, "");
  g_assert_cmpuint (drafts->len, ==, world->drafts->len);
  for (guint i = 0; i < world->there->len; i++)
    {
      gint64 message = drafts_get_copy (world->fixture, session,
                                 g_array_index (world->there, There, i).uid);
      g_autofree char *labels = fixture_labels (world->fixture, session, message);

      g_assert_cmpint (message, !=, 0);
      hidden += *labels == '\0';
    }
  g_assert_cmpuint (hidden, ==, drafts->len);
  if (world->alone)
    g_assert_cmpuint (world->there->len, ==, drafts->len);
}

static void
test_any_order (gconstpointer alone)
{
  World world = {
    .fixture = fixture_new (),
    .there = g_array_new (FALSE, FALSE, sizeof (There)),
    .drafts = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .outbox = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .alone = alone != NULL,
  };

  world.session = fixture_begin (world.fixture);
  drafts_set_server_drafts (world.fixture, world.session, TRUE);
  for (guint i = 0; i < STEPS; i++)
    {
      do_something (&world);
      if (g_test_rand_int_range (0, 3) > 0)
        continue;
      fixture_commit (world.fixture);
      fixture_check (world.fixture);
      world.session = fixture_begin (world.fixture);
    }
  come_to_rest (&world);
  check_rest (&world);
  guint shown = world.alone ? world.drafts->len : world.there->len;
  fixture_commit (world.fixture);
  drafts_check (world.fixture, shown);

  g_array_unref (world.there);
  g_array_unref (world.drafts);
  g_array_unref (world.outbox);
  fixture_free (world.fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/store/drafts-any-order/with-others", NULL, test_any_order);
  g_test_add_data_func ("/store/drafts-any-order/alone", "", test_any_order);

  return g_test_run ();
}
