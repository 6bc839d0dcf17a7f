/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-accounts-private.h"

#include "pinion-store-counters.h"
#include "pinion-store-draft-copies-private.h"
#include "pinion-store-file-queue.h"

#define COLUMNS \
  "uuid, email, name, kind, history, pin_all, ca_pem, created," \
  " imap_host, imap_port, imap_encryption, imap_user, imap_trusted_sha256, imap_sign_in," \
  " smtp_host, smtp_port, smtp_encryption, smtp_user, smtp_trusted_sha256, smtp_sign_in," \
  " signature, colour, position, refused, quiet, server_drafts"

static void
read_server (PinionQuery  *query,
             int           column,
             PinionServer *server)
{
  server->host = pinion_query_dup_text (query, column);
  server->port = (guint16) pinion_query_int (query, column + 1);
  pinion_encryption_from_string (pinion_query_text (query, column + 2), &server->encryption);
  server->user = pinion_query_dup_text (query, column + 3);
  server->trusted_sha256 = pinion_query_dup_text (query, column + 4);
  pinion_sign_in_from_string (pinion_query_text (query, column + 5), &server->sign_in);
}

static PinionAccount *
read_account (PinionQuery *query)
{
  PinionAccount *account = g_new0 (PinionAccount, 1);

  account->id = pinion_query_int (query, 0);
  account->uuid = pinion_query_dup_text (query, 1);
  account->email = pinion_query_dup_text (query, 2);
  account->name = pinion_query_dup_text (query, 3);
  pinion_account_kind_from_string (pinion_query_text (query, 4), &account->kind);
  pinion_history_from_string (pinion_query_text (query, 5), &account->history);
  account->pin_all = pinion_query_int (query, 6) != 0;
  account->ca_pem = pinion_query_dup_text (query, 7);
  account->created = pinion_query_int (query, 8);
  read_server (query, 9, &account->imap);
  read_server (query, 15, &account->smtp);
  account->signature = pinion_query_dup_text (query, 21);
  account->colour = pinion_query_dup_text (query, 22);
  account->position = pinion_query_int (query, 23);
  account->refused = pinion_query_int (query, 24) != 0;
  account->quiet = pinion_query_int (query, 25) != 0;
  account->server_drafts = pinion_query_int (query, 26) != 0;

  return account;
}

static void
read_aliases (PinionStoreSession *session,
              PinionAccount      *account)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT address, name, signature FROM alias WHERE account_id = ? ORDER BY id",
    sql_int (account->id));

  account->aliases = pinion_identities_new ();
  while (pinion_query_next (&query))
    g_ptr_array_add (account->aliases, pinion_identity_new (pinion_query_text (&query, 0),
                                                            pinion_query_text (&query, 1),
                                                            pinion_query_text (&query, 2)));
}

static void
write_aliases (PinionStoreSession  *session,
               const PinionAccount *account,
               gint64               id)
{
  pinion_sql_run (session, "DELETE FROM alias WHERE account_id = ?", sql_int (id));
  for (guint i = 0; account->aliases != NULL && i < account->aliases->len; i++)
    {
      const PinionIdentity *alias = g_ptr_array_index (account->aliases, i);

      pinion_sql_run (session,
                      "INSERT INTO alias (account_id, address, name, signature)"
                      " VALUES (?, ?, ?, ?)",
                      sql_int (id), sql_text (alias->address), sql_text (alias->name),
                      sql_text (alias->signature));
    }
}

GPtrArray *
pinion_store_accounts_list (PinionStoreSession *session)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_account_free);
  g_auto (PinionQuery) query = pinion_query (session,
                                             "SELECT id, " COLUMNS
                                             " FROM account ORDER BY position, id");

  while (pinion_query_next (&query))
    g_ptr_array_add (accounts, read_account (&query));
  for (guint i = 0; i < accounts->len; i++)
    read_aliases (session, g_ptr_array_index (accounts, i));

  return accounts;
}

PinionAccount *
pinion_store_account_get (PinionStoreSession *session,
                          gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (session,
                                             "SELECT id, " COLUMNS " FROM account WHERE id = ?",
                                             sql_int (id));

  if (!pinion_query_next (&query))
    return NULL;

  PinionAccount *account = read_account (&query);
  read_aliases (session, account);
  return account;
}

static void
insert (PinionStoreSession  *session,
        const PinionAccount *account,
        gint64               id)
{
  pinion_sql_run (session,
                  "INSERT INTO account (id, " COLUMNS ") VALUES"
                  " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_id (id), sql_text (account->uuid), sql_text (account->email),
                  sql_text (account->name),
                  sql_text (pinion_account_kind_to_string (account->kind)),
                  sql_text (pinion_history_to_string (account->history)),
                  sql_int (account->pin_all), sql_text (account->ca_pem),
                  sql_int (account->created), sql_text (account->imap.host),
                  sql_int (account->imap.port),
                  sql_text (pinion_encryption_to_string (account->imap.encryption)),
                  sql_text (account->imap.user), sql_text (account->imap.trusted_sha256),
                  sql_text (pinion_sign_in_to_string (account->imap.sign_in)),
                  sql_text (account->smtp.host), sql_int (account->smtp.port),
                  sql_text (pinion_encryption_to_string (account->smtp.encryption)),
                  sql_text (account->smtp.user), sql_text (account->smtp.trusted_sha256),
                  sql_text (pinion_sign_in_to_string (account->smtp.sign_in)),
                  sql_text (account->signature), sql_text (account->colour),
                  sql_int (account->position), sql_int (account->refused),
                  sql_int (account->quiet), sql_int (account->server_drafts));
  write_aliases (session, account, id != 0 ? id : pinion_sql_last_id (session));
  session->accounts = TRUE;
  session->rescue = TRUE;
  session->durable = TRUE;
}

gint64
pinion_store_account_add (PinionStoreSession  *session,
                          const PinionAccount *account)
{
  g_autoptr (PinionAccount) last = pinion_account_copy (account);

  last->position = pinion_sql_get (session, "SELECT coalesce(max(position), -1) + 1 FROM account");
  insert (session, last, 0);

  return pinion_sql_get (session, "SELECT max(id) FROM account");
}

gboolean
pinion_store_account_move (PinionStoreSession *session,
                           gint64              id,
                           guint               position)
{
  g_autoptr (GArray) ids = pinion_sql_ids (
    session, "SELECT id FROM account WHERE id <> ? ORDER BY position, id", sql_int (id));

  if (pinion_sql_get (session, "SELECT count(*) FROM account WHERE id = ?", sql_int (id)) == 0)
    return FALSE;

  g_array_insert_val (ids, MIN (position, ids->len), id);
  for (guint i = 0; i < ids->len; i++)
    pinion_sql_run (session, "UPDATE account SET position = ? WHERE id = ?", sql_int (i),
                    sql_int (g_array_index (ids, gint64, i)));
  session->accounts = TRUE;
  session->rescue = TRUE;

  return TRUE;
}

void
pinion_store_account_set_refused (PinionStoreSession *session,
                                  gint64              id,
                                  gboolean            refused)
{
  if (pinion_sql_run (session, "UPDATE account SET refused = ?2 WHERE id = ?1 AND refused <> ?2",
                      sql_int (id), sql_int (refused))
      > 0)
    session->accounts = TRUE;
}

void
pinion_store_account_update (PinionStoreSession  *session,
                             const PinionAccount *account)
{
  gboolean had_drafts = pinion_sql_get (session, "SELECT server_drafts FROM account WHERE id = ?",
                                        sql_int (account->id))
                        != 0;
  int n = pinion_sql_run (
    session,
    "UPDATE account SET (" COLUMNS ") ="
    " (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
    "  ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)"
    " WHERE id = ?1",
    sql_int (account->id), sql_text (account->uuid), sql_text (account->email),
    sql_text (account->name), sql_text (pinion_account_kind_to_string (account->kind)),
    sql_text (pinion_history_to_string (account->history)), sql_int (account->pin_all),
    sql_text (account->ca_pem), sql_int (account->created), sql_text (account->imap.host),
    sql_int (account->imap.port),
    sql_text (pinion_encryption_to_string (account->imap.encryption)),
    sql_text (account->imap.user), sql_text (account->imap.trusted_sha256),
    sql_text (pinion_sign_in_to_string (account->imap.sign_in)),
    sql_text (account->smtp.host), sql_int (account->smtp.port),
    sql_text (pinion_encryption_to_string (account->smtp.encryption)),
    sql_text (account->smtp.user), sql_text (account->smtp.trusted_sha256),
    sql_text (pinion_sign_in_to_string (account->smtp.sign_in)),
    sql_text (account->signature), sql_text (account->colour), sql_int (account->position),
    sql_int (account->refused), sql_int (account->quiet), sql_int (account->server_drafts));

  if (n == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "no such account");
  else
    write_aliases (session, account, account->id);
  if (had_drafts && !account->server_drafts)
    pinion_store_draft_copies_drop_all (session, account->id);
  session->accounts = TRUE;
  session->rescue = TRUE;
  session->durable = TRUE;
}

static void
touch_views (PinionStoreSession *session,
             gint64              id)
{
  g_autoptr (GArray) folders = pinion_sql_ids (
    session, "SELECT id FROM folder WHERE account_id = ?", sql_int (id));

  for (guint i = 0; i < folders->len; i++)
    pinion_store_session_touch_view (session, g_array_index (folders, gint64, i));
  for (guint i = PINION_STORE_VIRTUAL_ALL; i <= PINION_STORE_VIRTUAL_SNOOZED; i++)
    pinion_store_session_touch_view (session, pinion_store_virtual_view (id, i));
}

void
pinion_store_account_remove (PinionStoreSession *session,
                             gint64              id)
{
  touch_views (session, id);
  session->has_removed_files = TRUE;
  session->forgets = TRUE;

  pinion_sql_run (session,
                  "INSERT OR IGNORE INTO removed_file (message_id, place)"
                  " SELECT id, body_place FROM message WHERE account_id = ? AND body_state = 1",
                  sql_int (id));
  pinion_sql_run (session,
                  "DELETE FROM thread_view WHERE thread_id IN"
                  " (SELECT id FROM thread WHERE account_id = ?)",
                  sql_int (id));
  pinion_sql_run (session,
                  "DELETE FROM view_total WHERE view_id BETWEEN -(?1 * 4 + 3) AND -(?1 * 4)"
                  " OR view_id IN (SELECT id FROM folder WHERE account_id = ?1)",
                  sql_int (id));
  pinion_sql_run (session, "DELETE FROM message WHERE account_id = ?", sql_int (id));
  pinion_sql_run (session, "DELETE FROM account WHERE id = ?", sql_int (id));

  session->accounts = TRUE;
  session->folders = TRUE;
  session->operations = TRUE;
  session->outbox = TRUE;
  session->rescue = TRUE;
}

/* -- The rescue file --------------------------------------------------------------------------- */

static void
put (GKeyFile   *file,
     const char *group,
     const char *prefix,
     const char *name,
     const char *value)
{
  g_autofree char *key = g_strconcat (prefix, name, NULL);

  if (value != NULL)
    g_key_file_set_string (file, group, key, value);
}

static char *
get (GKeyFile   *file,
     const char *group,
     const char *prefix,
     const char *name)
{
  g_autofree char *key = g_strconcat (prefix, name, NULL);

  return g_key_file_get_string (file, group, key, NULL);
}

static void
put_server (GKeyFile           *file,
            const char         *group,
            const char         *prefix,
            const PinionServer *server)
{
  g_autofree char *port = g_strdup_printf ("%u", server->port);

  put (file, group, prefix, "host", server->host);
  put (file, group, prefix, "port", port);
  put (file, group, prefix, "encryption", pinion_encryption_to_string (server->encryption));
  put (file, group, prefix, "user", server->user);
  put (file, group, prefix, "trusted-sha256", server->trusted_sha256);
  put (file, group, prefix, "sign-in", pinion_sign_in_to_string (server->sign_in));
}

static void
get_server (GKeyFile     *file,
            const char   *group,
            const char   *prefix,
            PinionServer *server)
{
  g_autofree char *port = get (file, group, prefix, "port");
  g_autofree char *encryption = get (file, group, prefix, "encryption");
  g_autofree char *sign_in = get (file, group, prefix, "sign-in");

  server->host = get (file, group, prefix, "host");
  server->port = port != NULL ? (guint16) g_ascii_strtoull (port, NULL, 10) : 0;
  pinion_encryption_from_string (encryption, &server->encryption);
  server->user = get (file, group, prefix, "user");
  server->trusted_sha256 = get (file, group, prefix, "trusted-sha256");
  pinion_sign_in_from_string (sign_in, &server->sign_in);
}

/* An alias is three strings in a list. */
static void
put_aliases (GKeyFile   *file,
             const char *group,
             GPtrArray  *aliases)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; aliases != NULL && i < aliases->len; i++)
    {
      const PinionIdentity *alias = g_ptr_array_index (aliases, i);

      g_strv_builder_add (words, alias->address);
      g_strv_builder_add (words, alias->name);
      g_strv_builder_add (words, alias->signature);
    }

  g_auto (GStrv) list = g_strv_builder_end (words);
  g_key_file_set_string_list (file, group, "aliases", (const char *const *) list,
                              g_strv_length (list));
}

static GPtrArray *
get_aliases (GKeyFile   *file,
             const char *group)
{
  gsize n = 0;
  g_auto (GStrv) words = g_key_file_get_string_list (file, group, "aliases", &n, NULL);
  GPtrArray *aliases = pinion_identities_new ();

  for (gsize i = 0; words != NULL && i + 2 < n; i += 3)
    g_ptr_array_add (aliases, pinion_identity_new (words[i], words[i + 1], words[i + 2]));

  return aliases;
}

void
pinion_store_account_to_key_file (const PinionAccount *account,
                                  GKeyFile            *file)
{
  g_autofree char *group = g_strdup_printf ("account %" G_GINT64_FORMAT, account->id);

  put (file, group, "", "uuid", account->uuid);
  put (file, group, "", "email", account->email);
  put (file, group, "", "name", account->name);
  put (file, group, "", "kind", pinion_account_kind_to_string (account->kind));
  put (file, group, "", "history", pinion_history_to_string (account->history));
  put (file, group, "", "ca-pem", account->ca_pem);
  put (file, group, "", "signature", account->signature);
  put (file, group, "", "colour", account->colour);
  put_aliases (file, group, account->aliases);
  g_key_file_set_int64 (file, group, "position", account->position);
  g_key_file_set_boolean (file, group, "pin-all", account->pin_all);
  g_key_file_set_boolean (file, group, "quiet", account->quiet);
  g_key_file_set_boolean (file, group, "server-drafts", account->server_drafts);
  g_key_file_set_int64 (file, group, "created", account->created);
  put_server (file, group, "imap-", &account->imap);
  put_server (file, group, "smtp-", &account->smtp);
}

void
pinion_store_account_restore (PinionStoreSession *session,
                              GKeyFile           *file,
                              const char         *group)
{
  g_autoptr (PinionAccount) account = g_new0 (PinionAccount, 1);
  g_autofree char *kind = get (file, group, "", "kind");
  g_autofree char *history = get (file, group, "", "history");
  gint64 id = g_ascii_strtoll (group + strlen ("account "), NULL, 10);

  account->uuid = get (file, group, "", "uuid");
  account->email = get (file, group, "", "email");
  account->name = get (file, group, "", "name");
  account->ca_pem = get (file, group, "", "ca-pem");
  account->signature = get (file, group, "", "signature");
  account->colour = get (file, group, "", "colour");
  account->aliases = get_aliases (file, group);
  account->position = g_key_file_get_int64 (file, group, "position", NULL);
  account->pin_all = g_key_file_get_boolean (file, group, "pin-all", NULL);
  account->quiet = g_key_file_get_boolean (file, group, "quiet", NULL);
  account->server_drafts = g_key_file_get_boolean (file, group, "server-drafts", NULL);
  account->created = g_key_file_get_int64 (file, group, "created", NULL);
  get_server (file, group, "imap-", &account->imap);
  get_server (file, group, "smtp-", &account->smtp);

  /* A file someone damaged must not keep the store from opening. */
  if (id > 0 && account->uuid != NULL && account->email != NULL && account->name != NULL
      && pinion_account_kind_from_string (kind, &account->kind)
      && pinion_history_from_string (history, &account->history))
    insert (session, account, id);
}
