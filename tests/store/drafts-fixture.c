/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drafts-fixture.h"

#include "pinion-store-doctor.h"

void
drafts_set_server_drafts (Fixture            *fixture,
                          PinionStoreSession *session,
                          gboolean            server_drafts)
{
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, fixture->account);

  account->server_drafts = server_drafts;
  pinion_store_account_update (session, account);
}

gint64
drafts_save (Fixture            *fixture,
             PinionStoreSession *session,
             gint64              draft,
             const char         *text)
{
  g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
  PinionStoreHeader header = { .subject = text, .date = 50, .from_address = "me@example.com" };

  return pinion_store_draft_save (session, fixture->account, draft, &header, raw, 0);
}

guint
drafts_count_stale (PinionStoreSession *session)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_stale (session);

  return drafts->len;
}

gboolean
drafts_upload_as (PinionStoreSession *session,
                  gint64              draft,
                  gint64              version,
                  const char         *message_id)
{
  g_autoptr (GBytes) raw = g_bytes_new (message_id, strlen (message_id));
  PinionStoreHeader header = { .subject = message_id, .message_id = message_id, .date = 50,
                               .from_address = "me@example.com" };

  return pinion_store_draft_upload (session, draft, version, &header, raw);
}

gint64
drafts_see (Fixture            *fixture,
            PinionStoreSession *session,
            const char         *folder,
            guint32             uid,
            const char         *message_id,
            guint64             size)
{
  PinionStoreIncoming incoming = {
    .uid = uid,
    .flags = PINION_FLAG_SEEN | PINION_FLAG_DRAFT,
    .received = 60,
    .size = size,
    .header = { .subject = message_id, .message_id = message_id, .date = 50,
                .from_address = "me@example.com" },
  };

  pinion_store_messages_add (session, fixture_folder (fixture, folder), &incoming, 1);

  return incoming.id;
}

void
drafts_vanish (Fixture            *fixture,
               PinionStoreSession *session,
               guint32             uid)
{
  pinion_store_vanished (session, fixture_folder (fixture, "Drafts"), &uid, 1);
}

/* What the list of drafts shows: conversations. */
static guint
count_shown (Fixture            *fixture,
             PinionStoreSession *session)
{
  PinionStoreView view = { PINION_STORE_VIEW_FOLDER, fixture_folder (fixture, "Drafts") };
  g_autoptr (GArray) keys = pinion_store_view_list (session, view);

  return keys->len;
}

void
drafts_check (Fixture *fixture,
              guint    n_shown)
{
  g_autoptr (GPtrArray) found
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_difference_free);
  PinionStoreExamined examined = { 0 };
  PinionStoreSession *session;

  fixture_check (fixture);
  session = fixture_read (fixture);
  pinion_store_examine (session, found, &examined);
  g_assert_cmpuint (count_shown (fixture, session), ==, n_shown);
  fixture_commit (fixture);
  for (guint i = 0; i < found->len; i++)
    {
      PinionStoreDifference *difference = g_ptr_array_index (found, i);

      g_test_message ("%s: %s", difference->kind, difference->text);
    }
  g_assert_cmpuint (found->len, ==, 0);
}

gint64
drafts_get_copy (Fixture            *fixture,
                 PinionStoreSession *session,
                 guint32             uid)
{
  return pinion_store_placement_find (session, fixture_folder (fixture, "Drafts"), uid);
}
