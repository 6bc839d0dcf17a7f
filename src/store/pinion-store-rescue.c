/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-store"

#include "pinion-store-rescue.h"

#include <glib/gstdio.h>

#include "pinion-store-accounts-private.h"
#include "pinion-store-outbox.h"
#include "pinion-store-paths.h"
#include "pinion-store-saved-searches.h"
#include "pinion-store-snooze-private.h"
#include "pinion-store-threads.h"

#define RESCUE_FILE "rescue.ini"

/* The columns of a message that cannot be fetched again, and of its outbox item. */
static const char *const message_texts[] = {
  "message_id", "from_name", "from_address", "recipients", "subject", "snippet", "people",
};
static const char *const message_numbers[] = {
  "account_id", "key", "date", "size", "has_attachments", "body_place", "body_size", "local_draft",
};
static const char *const outbox_texts[] = { "sender", "outbox_recipients", "error_code",
                                            "error_text" };
static const char *const outbox_numbers[] = { "outbox_id", "state", "created", "send_at" };

/* @index: of messages, to go by. */
#define SELECT_MESSAGES(index) \
  "SELECT m.message_id, m.from_name, m.from_address, m.recipients, m.subject, m.snippet," \
  " m.people," \
  " m.account_id, m.key, m.date, m.size, m.has_attachments, m.body_place, m.body_size," \
  " m.local_draft, o.sender, o.recipients, o.error_code, o.error_text, o.id, o.state, o.created," \
  " o.send_at, m.id, c.draft_id FROM message m " index " LEFT JOIN outbox o ON o.message_id = m.id" \
  " LEFT JOIN draft_copy c ON c.copy_id = m.id "

static void
put_text (GKeyFile    *file,
          const char  *group,
          const char  *key,
          PinionQuery *query,
          int          column)
{
  const char *text = pinion_query_text (query, column);

  if (text != NULL)
    g_key_file_set_string (file, group, key, text);
}

static void
put_message (GKeyFile    *file,
             PinionQuery *query)
{
  int column = 0;
  gint64 id = pinion_query_int (query, 23);
  g_autofree char *group = g_strdup_printf ("message %" G_GINT64_FORMAT, id);

  for (guint i = 0; i < G_N_ELEMENTS (message_texts); i++)
    put_text (file, group, message_texts[i], query, column++);
  for (guint i = 0; i < G_N_ELEMENTS (message_numbers); i++)
    g_key_file_set_int64 (file, group, message_numbers[i], pinion_query_int (query, column++));
  if (!pinion_query_is_null (query, 24))
    g_key_file_set_int64 (file, group, "copy_of", pinion_query_int (query, 24));
  if (pinion_query_is_null (query, 19))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (outbox_texts); i++)
    put_text (file, group, outbox_texts[i], query, column++);
  for (guint i = 0; i < G_N_ELEMENTS (outbox_numbers); i++)
    g_key_file_set_int64 (file, group, outbox_numbers[i], pinion_query_int (query, column++));
}

static void
put_messages (PinionStoreSession *session,
              GKeyFile           *file)
{
  g_auto (PinionQuery) drafts = pinion_query (
    session,
    SELECT_MESSAGES ("INDEXED BY message_draft")
    "WHERE m.account_id IN (SELECT id FROM account) AND m.local_draft = 1");
  while (pinion_query_next (&drafts))
    put_message (file, &drafts);

  g_auto (PinionQuery) outgoing = pinion_query (
    session, SELECT_MESSAGES ("") "WHERE m.id IN (SELECT message_id FROM outbox)");
  while (pinion_query_next (&outgoing))
    put_message (file, &outgoing);

  g_auto (PinionQuery) copies = pinion_query (
    session, SELECT_MESSAGES ("") "WHERE c.draft_id IS NOT NULL");
  while (pinion_query_next (&copies))
    put_message (file, &copies);
}

char *
pinion_store_rescue_dup_text (PinionStoreSession *session)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    pinion_store_account_to_key_file (g_ptr_array_index (accounts, i), file);
  put_messages (session, file);
  pinion_snooze_to_key_file (session, file);
  pinion_store_saved_searches_to_key_file (session, file);

  return session->error == NULL ? g_key_file_to_data (file, NULL, NULL) : NULL;
}

void
pinion_store_rescue_write (const char *dir,
                           const char *text)
{
  g_autofree char *path = g_build_filename (dir, RESCUE_FILE, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  if (!pinion_store_write_durably (path, bytes, &error))
    g_warning ("%s", error->message);
}

/* -- Taking it in ------------------------------------------------------------------------------ */

static char *
dup_text (GKeyFile   *file,
          const char *group,
          const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  return text != NULL ? g_steal_pointer (&text) : g_strdup ("");
}

static void
restore_outbox (PinionStoreSession *session,
                GKeyFile           *file,
                const char         *group,
                gint64              message,
                gint64              account)
{
  g_autofree char *sender = dup_text (file, group, "sender");
  g_autofree char *recipients = dup_text (file, group, "outbox_recipients");
  g_autofree char *code = g_key_file_get_string (file, group, "error_code", NULL);
  g_autofree char *text = g_key_file_get_string (file, group, "error_text", NULL);

  pinion_sql_run (session,
                  "INSERT INTO outbox (id, account_id, message_id, sender, recipients, state,"
                  " created, send_at, error_code, error_text)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_int (g_key_file_get_int64 (file, group, "outbox_id", NULL)),
                  sql_int (account), sql_int (message), sql_text (sender), sql_text (recipients),
                  sql_int (g_key_file_get_int64 (file, group, "state", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "created", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "send_at", NULL)), sql_text (code),
                  sql_text (text));
  session->outbox = TRUE;
}

static gint64
insert_message (PinionStoreSession *session,
                GKeyFile           *file,
                const char         *group,
                gint64              id,
                gint64              account)
{
  g_autofree char *message_id = g_key_file_get_string (file, group, "message_id", NULL);
  g_autofree char *from_name = dup_text (file, group, "from_name");
  g_autofree char *from_address = dup_text (file, group, "from_address");
  g_autofree char *recipients = dup_text (file, group, "recipients");
  g_autofree char *subject = dup_text (file, group, "subject");
  g_autofree char *snippet = dup_text (file, group, "snippet");
  g_autofree char *people = g_key_file_get_string (file, group, "people", NULL);
  gint64 date = g_key_file_get_int64 (file, group, "date", NULL);

  PinionStoreHeader header = { .message_id = message_id };
  gint64 thread = pinion_store_thread_for (session, account, &header);

  pinion_sql_run (session,
                  "INSERT INTO message (id, account_id, thread_id, key, date, received, flags,"
                  " size, has_attachments, bulk, body_state, body_place, body_size, local_draft,"
                  " message_id, from_name, from_address, recipients, subject, snippet, people)"
                  " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 0, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_int (id), sql_int (account), sql_int (thread),
                  sql_int (g_key_file_get_int64 (file, group, "key", NULL)), sql_int (date),
                  sql_int (date), sql_int (g_key_file_get_int64 (file, group, "size", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "has_attachments", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "body_place", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "body_size", NULL)),
                  sql_int (g_key_file_get_int64 (file, group, "local_draft", NULL)),
                  sql_text (message_id), sql_text (from_name), sql_text (from_address),
                  sql_text (recipients), sql_text (subject), sql_text (snippet), sql_text (people));
  pinion_sql_run (session, "UPDATE message SET orphaned = ? WHERE id = ? AND local_draft = 0",
                  sql_int (session->now), sql_int (id));
  pinion_store_session_dirty (session, thread);

  return id;
}

/* Should the server have it, it is found again there, and goes once its draft got another one. */
static void
restore_copy (PinionStoreSession *session,
              gint64              id,
              gint64              draft)
{
  pinion_sql_run (session,
                  "UPDATE message SET body_state = 0, body_place = 0, body_size = 0 WHERE id = ?",
                  sql_int (id));
  pinion_sql_run (session,
                  "INSERT INTO draft_copy (copy_id, draft_id, version, made)"
                  " SELECT ?, id, 0, 1 FROM message WHERE id = ? AND local_draft = 1",
                  sql_int (id), sql_int (draft));
}

static void
restore_message (PinionStoreSession *session,
                 GKeyFile           *file,
                 const char         *group,
                 gint64              id)
{
  gint64 account = g_key_file_get_int64 (file, group, "account_id", NULL);

  if (id <= 0
      || pinion_sql_get (session, "SELECT id FROM account WHERE id = ?", sql_int (account)) == 0)
    return;

  insert_message (session, file, group, id, account);
  if (g_key_file_has_key (file, group, "copy_of", NULL))
    restore_copy (session, id, g_key_file_get_int64 (file, group, "copy_of", NULL));
  if (g_key_file_has_key (file, group, "outbox_id", NULL))
    restore_outbox (session, file, group, id, account);
}

/* A raw file written just before the end, which the rescue file does not know yet: a draft. */
static void
restore_stray (PinionStoreSession *session,
               const char         *name,
               PinionStorePlace    place,
               gint64              account)
{
  char *end = NULL;
  gint64 id = g_ascii_strtoll (name, &end, 10);

  if (id <= 0 || g_strcmp0 (end, ".eml") != 0
      || pinion_sql_get (session, "SELECT id FROM message WHERE id = ?", sql_int (id)) != 0)
    return;

  const char *dir = pinion_store_get_dir (session->store);
  g_autofree char *path = pinion_store_dup_body_path (dir, place, id);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GStatBuf info = { 0 };

  if (g_stat (path, &info) != 0)
    return;

  g_key_file_set_int64 (file, "message", "key", -id);
  g_key_file_set_int64 (file, "message", "date", info.st_mtime);
  g_key_file_set_int64 (file, "message", "size", info.st_size);
  g_key_file_set_int64 (file, "message", "body_size", info.st_size);
  g_key_file_set_int64 (file, "message", "body_place", place);
  g_key_file_set_int64 (file, "message", "local_draft", 1);
  insert_message (session, file, "message", id, account);
}

static void
restore_strays (PinionStoreSession *session)
{
  static const struct
  {
    const char *name;
    PinionStorePlace place;
  } places[] = {
    { "outbox", PINION_STORE_PLACE_OUTBOX },
    { "drafts", PINION_STORE_PLACE_DRAFTS },
  };
  gint64 account = pinion_sql_get (session, "SELECT min(id) FROM account");

  for (guint i = 0; account != 0 && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (pinion_store_get_dir (session->store),
                                                places[i].name, NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        restore_stray (session, name, places[i].place, account);
    }
}

void
pinion_store_rescue_restore (PinionStoreSession *session)
{
  const char *dir = pinion_store_get_dir (session->store);
  g_autofree char *path = g_build_filename (dir, RESCUE_FILE, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (pinion_sql_get (session, "SELECT count(*) FROM sqlite_sequence WHERE name = 'account'") != 0
      || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;

  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], "account "))
        pinion_store_account_restore (session, file, groups[i]);
    }
  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], "message "))
        restore_message (session, file, groups[i], g_ascii_strtoll (groups[i] + 8, NULL, 10));
    }

  restore_strays (session);
  pinion_snooze_restore (session, file);
  pinion_store_saved_searches_restore (session, file);
  session->rescue = TRUE;
}
