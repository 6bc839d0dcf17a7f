/* SPDX-License-Identifier: GPL-3.0-or-later */

/* account set: settings of an account that is here already. */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <string.h>

/* As typed; ports 0 where they are not. */
typedef struct
{
  char *history;
  GStrv roles;
  char *name;
  GStrv aliases;
  GStrv no_aliases;
  char *signature_file;
  char *signature_of;
  char *colour;
  char *notifications;
  char *server_drafts;
  int position;
  char *imap_host;
  int imap_port;
  char *imap_tls;
  char *imap_user;
  char *smtp_host;
  int smtp_port;
  char *smtp_tls;
  char *smtp_user;
  char *sha256;
  gboolean password;
} SetOptions;

static void
set_options_clear (SetOptions *options)
{
  g_free (options->history);
  g_strfreev (options->roles);
  g_free (options->name);
  g_strfreev (options->aliases);
  g_strfreev (options->no_aliases);
  g_free (options->signature_file);
  g_free (options->signature_of);
  g_free (options->colour);
  g_free (options->notifications);
  g_free (options->server_drafts);
  g_free (options->imap_host);
  g_free (options->imap_tls);
  g_free (options->imap_user);
  g_free (options->smtp_host);
  g_free (options->smtp_tls);
  g_free (options->smtp_user);
  g_free (options->sha256);
}

static gboolean
parse_set (PinionCli  *cli,
           SetOptions *options,
           GStrv      *rest)
{
  GOptionEntry entries[] = {
    { "history", 0, 0, G_OPTION_ARG_FILENAME, &options->history, NULL, NULL },
    { "role", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->roles, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &options->name, NULL, NULL },
    { "alias", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->aliases, NULL, NULL },
    { "no-alias", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->no_aliases, NULL, NULL },
    { "signature-file", 0, 0, G_OPTION_ARG_FILENAME, &options->signature_file, NULL, NULL },
    { "signature-of", 0, 0, G_OPTION_ARG_FILENAME, &options->signature_of, NULL, NULL },
    { "colour", 0, 0, G_OPTION_ARG_FILENAME, &options->colour, NULL, NULL },
    { "notifications", 0, 0, G_OPTION_ARG_FILENAME, &options->notifications, NULL, NULL },
    { "server-drafts", 0, 0, G_OPTION_ARG_FILENAME, &options->server_drafts, NULL, NULL },
    { "position", 0, 0, G_OPTION_ARG_INT, &options->position, NULL, NULL },
    { "imap-host", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_host, NULL, NULL },
    { "imap-port", 0, 0, G_OPTION_ARG_INT, &options->imap_port, NULL, NULL },
    { "imap-tls", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_tls, NULL, NULL },
    { "imap-user", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_user, NULL, NULL },
    { "smtp-host", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_host, NULL, NULL },
    { "smtp-port", 0, 0, G_OPTION_ARG_INT, &options->smtp_port, NULL, NULL },
    { "smtp-tls", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_tls, NULL, NULL },
    { "smtp-user", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_user, NULL, NULL },
    { "trust-sha256", 0, 0, G_OPTION_ARG_FILENAME, &options->sha256, NULL, NULL },
    { "password", 0, 0, G_OPTION_ARG_NONE, &options->password, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  return pinion_cli_parse (cli, entries, 1, 1, rest);
}

/* -- Roles and history ---------------------------------------------------------------------- */

/* "archive=PATH", "archive=" for none. */
static int
set_role (PinionCli  *cli,
          gint64      account,
          const char *setting,
          GError    **error)
{
  static const char *const names[] = { "sent", "drafts", "trash", "junk", "archive" };
  static const PinionRole roles[] = { PINION_ROLE_SENT, PINION_ROLE_DRAFTS, PINION_ROLE_TRASH,
                                      PINION_ROLE_JUNK, PINION_ROLE_ARCHIVE };
  const char *path = strchr (setting, '=');
  PinionRole role = PINION_ROLE_NONE;
  gint64 id = 0;

  for (guint i = 0; path != NULL && i < G_N_ELEMENTS (names); i++)
    {
      if (strlen (names[i]) == (gsize) (path - setting)
          && strncmp (names[i], setting, strlen (names[i])) == 0)
        role = roles[i];
    }
  if (role == PINION_ROLE_NONE)
    return pinion_cli_usage ("--role is sent, drafts, trash, junk or archive, then =PATH");

  if (path[1] != '\0')
    {
      PinionLabel *label = pinion_cli_find_label_of (cli, account, path + 1, error);

      if (label == NULL)
        return PINION_CLI_FAILED;
      id = pinion_label_get_id (label);
    }

  return pinion_await (pinion_engine_set_role (cli->engine, account, role, id), error)
             ? PINION_CLI_DONE
             : PINION_CLI_FAILED;
}

static int
set_labels (PinionCli        *cli,
            gint64            account,
            const SetOptions *options,
            GError          **error)
{
  PinionHistory range;
  int status = PINION_CLI_DONE;

  if (options->history != NULL && !pinion_history_from_string (options->history, &range))
    return pinion_cli_usage ("--history is one of none 1m 3m 6m 1y 2y 3y 5y 10y all");
  if (options->history != NULL
      && !pinion_await (pinion_engine_set_history (cli->engine, account, range), error))
    return PINION_CLI_FAILED;

  for (guint i = 0;
       options->roles != NULL && options->roles[i] != NULL && status == PINION_CLI_DONE; i++)
    status = set_role (cli, account, options->roles[i], error);

  return status;
}

/* -- Who one writes as ---------------------------------------------------------------------- */

static PinionIdentity *
find_alias (PinionAccount *account,
            const char    *address)
{
  return (PinionIdentity *) pinion_identities_find (account->aliases, address);
}

/* "ADDRESS" or "ADDRESS=NAME". */
static void
take_alias (PinionAccount *account,
            const char    *text)
{
  const char *equals = strchr (text, '=');
  g_autofree char *address = g_strndup (text, equals != NULL ? (gsize) (equals - text)
                                                             : strlen (text));
  PinionIdentity *alias = find_alias (account, address);

  if (alias == NULL)
    {
      alias = pinion_identity_new (address, account->name, NULL);
      g_ptr_array_add (account->aliases, alias);
    }
  if (equals != NULL)
    g_set_str (&alias->name, equals + 1);
}

static gboolean
take_aliases (PinionAccount    *account,
              const SetOptions *options)
{
  for (guint i = 0; options->no_aliases != NULL && options->no_aliases[i] != NULL; i++)
    {
      PinionIdentity *alias = find_alias (account, options->no_aliases[i]);

      if (alias == NULL)
        return FALSE;
      g_ptr_array_remove (account->aliases, alias);
    }
  for (guint i = 0; options->aliases != NULL && options->aliases[i] != NULL; i++)
    take_alias (account, options->aliases[i]);

  return TRUE;
}

static gboolean
take_signature (PinionAccount    *account,
                const SetOptions *options,
                GError          **error)
{
  PinionIdentity *alias = find_alias (account, options->signature_of);
  g_autoptr (GError) failure = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (options->signature_file, &contents, &length, &failure))
    {
      g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure),
                                                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
      return FALSE;
    }

  g_autofree char *text = g_strchomp (g_utf8_make_valid (contents, (gssize) length));
  g_set_str (alias != NULL ? &alias->signature : &account->signature, text);
  return TRUE;
}

static gboolean
changes_details (const SetOptions *options)
{
  return options->name != NULL || options->aliases != NULL || options->no_aliases != NULL
         || options->signature_file != NULL || options->colour != NULL
         || options->notifications != NULL || options->server_drafts != NULL;
}

static gboolean
is_switch (const char *word)
{
  return g_str_equal (word, "on") || g_str_equal (word, "off");
}

static int
set_details (PinionCli        *cli,
             PinionAccount    *account,
             const SetOptions *options,
             GError          **error)
{
  if (!changes_details (options))
    return PINION_CLI_DONE;

  if (!take_aliases (account, options))
    {
      pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "there is no such alias");
      return PINION_CLI_FAILED;
    }
  if (options->notifications != NULL && !is_switch (options->notifications))
    return pinion_cli_usage ("--notifications is on or off");
  if (options->server_drafts != NULL && !is_switch (options->server_drafts))
    return pinion_cli_usage ("--server-drafts is on or off");
  if (options->signature_of != NULL && !pinion_account_has_address (account, options->signature_of))
    return pinion_cli_usage ("--signature-of is the account's address or an alias");
  if (options->signature_file != NULL && !take_signature (account, options, error))
    return PINION_CLI_FAILED;

  if (options->name != NULL)
    g_set_str (&account->name, options->name);
  if (options->colour != NULL)
    g_set_str (&account->colour, strcmp (options->colour, "none") == 0 ? NULL : options->colour);

  if (options->notifications != NULL)
    account->quiet = g_str_equal (options->notifications, "off");
  if (options->server_drafts != NULL)
    account->server_drafts = g_str_equal (options->server_drafts, "on");

  return pinion_await (pinion_engine_set_details (cli->engine, account), error) ? PINION_CLI_DONE
                                                                             : PINION_CLI_FAILED;
}

/* -- Servers -------------------------------------------------------------------------------- */

/* A certificate is trusted for one host and port. */
static gboolean
take_server (PinionServer *server,
             const char   *host,
             int           port,
             const char   *tls,
             const char   *user)
{
  if (port < 0 || port > G_MAXUINT16
      || (tls != NULL && !pinion_encryption_from_string (tls, &server->encryption)))
    return FALSE;

  if ((host != NULL && g_strcmp0 (host, server->host) != 0) || (port > 0 && port != server->port))
    g_clear_pointer (&server->trusted_sha256, g_free);
  if (host != NULL)
    g_set_str (&server->host, host);
  if (port > 0)
    server->port = (guint16) port;
  if (user != NULL)
    g_set_str (&server->user, user);

  return TRUE;
}

static gboolean
changes_servers (const SetOptions *options)
{
  return options->imap_host != NULL || options->imap_port != 0 || options->imap_tls != NULL
         || options->imap_user != NULL || options->smtp_host != NULL || options->smtp_port != 0
         || options->smtp_tls != NULL || options->smtp_user != NULL || options->sha256 != NULL
         || options->password;
}

static int
set_servers (PinionCli        *cli,
             PinionAccount    *account,
             const SetOptions *options,
             GError          **error)
{
  g_autoptr (PinionProvenServers) proven = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean kept;

  if (!changes_servers (options))
    return PINION_CLI_DONE;

  if (!take_server (&account->imap, options->imap_host, options->imap_port, options->imap_tls,
                    options->imap_user)
      || !take_server (&account->smtp, options->smtp_host, options->smtp_port, options->smtp_tls,
                       options->smtp_user))
    return pinion_cli_usage ("a port is a number up to 65535, and encryption tls or starttls");
  if (options->password && cli->secret == NULL)
    return pinion_cli_usage ("--password takes the new one from PINION_PASSWORD");
  if (options->sha256 != NULL)
    {
      g_free (account->imap.trusted_sha256);
      account->imap.trusted_sha256 = pinion_cli_dup_fingerprint (options->sha256);
      g_set_str (&account->smtp.trusted_sha256, account->imap.trusted_sha256);
      if (account->imap.trusted_sha256 == NULL)
        return pinion_cli_usage ("--trust-sha256 is 64 hexadecimal digits");
    }

  if (!options->password)
    pinion_cli_lend_secret (cli);
  proven = pinion_await_boxed (pinion_engine_prove_servers (cli->engine, account,
                                                            options->password ? cli->secret : NULL,
                                                            NULL),
                               error);
  if (proven == NULL)
    return PINION_CLI_FAILED;

  kept = pinion_await_boolean (pinion_engine_change_servers (cli->engine, proven), &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return PINION_CLI_FAILED;
    }
  if (!kept)
    g_printerr ("The password is not kept: there is no keyring. Pass PINION_PASSWORD each time.\n");

  return PINION_CLI_DONE;
}

/* -- The command ---------------------------------------------------------------------------- */

static int
set_all (PinionCli         *cli,
         PinionAccountItem *item,
         const SetOptions  *options,
         GError           **error)
{
  g_autoptr (PinionAccount) account = pinion_account_copy (pinion_account_item_get_account (item));
  int status = set_servers (cli, account, options, error);

  if (status == PINION_CLI_DONE)
    status = set_details (cli, account, options, error);
  if (status == PINION_CLI_DONE)
    status = set_labels (cli, account->id, options, error);
  if (status == PINION_CLI_DONE && options->position > 0
      && !pinion_await (pinion_engine_move_account (cli->engine, account->id,
                                                    (guint) options->position - 1),
                        error))
    status = PINION_CLI_FAILED;
  if (status != PINION_CLI_DONE)
    return status;

  item = pinion_engine_find_account (cli->engine, account->id);
  if (item != NULL)
    pinion_cli_print_account (pinion_account_item_get_account (item));
  return status;
}

static int
run_set (PinionCli        *cli,
         const char       *word,
         const SetOptions *options,
         GError          **error)
{
  PinionAccountItem *item;
  gint64 id;

  if (!pinion_cli_parse_id (word, &id))
    return pinion_cli_usage ("'%s' is no account id", word);
  if (options->history == NULL && options->roles == NULL && options->position == 0
      && !changes_details (options) && !changes_servers (options))
    return pinion_cli_usage ("account set needs something to set");
  if (options->position < 0)
    return pinion_cli_usage ("--position counts from 1");

  item = pinion_engine_find_account (cli->engine, id);
  if (item == NULL)
    {
      pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "there is no such account");
      return PINION_CLI_FAILED;
    }

  return set_all (cli, item, options, error);
}

int
pinion_cli_account_set (PinionCli *cli,
                        GError   **error)
{
  g_auto (GStrv) rest = NULL;
  SetOptions options = { 0 };
  int status = PINION_CLI_USAGE;

  if (parse_set (cli, &options, &rest))
    status = run_set (cli, rest[0], &options, error);
  set_options_clear (&options);

  return status;
}
