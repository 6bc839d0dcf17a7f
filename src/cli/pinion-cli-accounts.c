/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <stdio.h>
#include <string.h>

/* The options of account add, as typed. */
typedef struct
{
  char *email;
  char *name;
  char *imap_host;
  int imap_port;
  char *imap_tls;
  char *imap_user;
  char *smtp_host;
  int smtp_port;
  char *smtp_tls;
  char *smtp_user;
  char *history;
  char *kind;
  char *pin;
  char *sign_in;
  char *ca;
  char *sha256;
  char *imap_sha256;
  char *smtp_sha256;
  char *report;
} AddOptions;

/* What went wrong where, for the report. */
typedef struct
{
  GError *imap;
  GError *smtp;
} Failures;

static void
add_options_clear (AddOptions *options)
{
  g_free (options->email);
  g_free (options->name);
  g_free (options->imap_host);
  g_free (options->imap_tls);
  g_free (options->imap_user);
  g_free (options->smtp_host);
  g_free (options->smtp_tls);
  g_free (options->smtp_user);
  g_free (options->history);
  g_free (options->kind);
  g_free (options->pin);
  g_free (options->sign_in);
  g_free (options->ca);
  g_free (options->sha256);
  g_free (options->imap_sha256);
  g_free (options->smtp_sha256);
  g_free (options->report);
}

static void
failures_clear (Failures *failures)
{
  g_clear_error (&failures->imap);
  g_clear_error (&failures->smtp);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Failures, failures_clear)

static gboolean
parse_add (PinionCli  *cli,
           AddOptions *options)
{
  GOptionEntry entries[] = {
    { "email", 0, 0, G_OPTION_ARG_FILENAME, &options->email, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &options->name, NULL, NULL },
    { "imap-host", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_host, NULL, NULL },
    { "imap-port", 0, 0, G_OPTION_ARG_INT, &options->imap_port, NULL, NULL },
    { "imap-tls", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_tls, NULL, NULL },
    { "imap-user", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_user, NULL, NULL },
    { "smtp-host", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_host, NULL, NULL },
    { "smtp-port", 0, 0, G_OPTION_ARG_INT, &options->smtp_port, NULL, NULL },
    { "smtp-tls", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_tls, NULL, NULL },
    { "smtp-user", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_user, NULL, NULL },
    { "history", 0, 0, G_OPTION_ARG_FILENAME, &options->history, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &options->kind, NULL, NULL },
    { "pin", 0, 0, G_OPTION_ARG_FILENAME, &options->pin, NULL, NULL },
    { "sign-in", 0, 0, G_OPTION_ARG_FILENAME, &options->sign_in, NULL, NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options->ca, NULL, NULL },
    { "trust-sha256", 0, 0, G_OPTION_ARG_FILENAME, &options->sha256, NULL, NULL },
    { "imap-trust-sha256", 0, 0, G_OPTION_ARG_FILENAME, &options->imap_sha256, NULL, NULL },
    { "smtp-trust-sha256", 0, 0, G_OPTION_ARG_FILENAME, &options->smtp_sha256, NULL, NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &options->report, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  return pinion_cli_parse (cli, entries, 0, 0, NULL);
}

static gboolean
take_server (PinionServer *server,
             const char   *host,
             int           port,
             const char   *tls,
             const char   *user)
{
  if (host == NULL || port <= 0 || port > G_MAXUINT16
      || !pinion_encryption_from_string (tls, &server->encryption))
    return FALSE;

  g_set_str (&server->host, host);
  g_set_str (&server->user, user);
  server->port = (guint16) port;
  return TRUE;
}

char *
pinion_cli_dup_fingerprint (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == ':')
        continue;
      if (!g_ascii_isxdigit (*p))
        break;
      g_string_append_c (digits, g_ascii_tolower (*p));
    }

  gboolean valid = digits->len == 64;
  char *result = g_string_free (digits, FALSE);
  if (!valid)
    g_clear_pointer (&result, g_free);
  return result;
}

/* @own: (nullable) for this server; @both: (nullable) for either. */
static gboolean
take_fingerprint (PinionServer *server,
                  const char   *own,
                  const char   *both)
{
  const char *text = own != NULL ? own : both;

  server->trusted_sha256 = text != NULL ? pinion_cli_dup_fingerprint (text) : NULL;

  return text == NULL || server->trusted_sha256 != NULL;
}

/* Returns: an exit status; PINION_CLI_DONE: go on. */
static int
take_sign_in (PinionAccount *account,
              const char    *text)
{
  PinionSignIn sign_in = PINION_SIGN_IN_PASSWORD;

  if (text != NULL && !pinion_sign_in_from_string (text, &sign_in))
    return pinion_cli_usage ("--sign-in is password or kerberos");

  pinion_account_set_sign_in (account, sign_in);
  return PINION_CLI_DONE;
}

/* Returns: an exit status; PINION_CLI_DONE: go on. */
static int
take_options (PinionAccount    *account,
              const AddOptions *options)
{
  if (options->email == NULL)
    return pinion_cli_usage ("--email is missing");
  if (!take_server (&account->imap, options->imap_host, options->imap_port, options->imap_tls,
                    options->imap_user))
    return pinion_cli_usage ("--imap-host, --imap-port and --imap-tls (tls or starttls) are needed");
  if (!take_server (&account->smtp, options->smtp_host, options->smtp_port, options->smtp_tls,
                    options->smtp_user))
    return pinion_cli_usage ("--smtp-host, --smtp-port and --smtp-tls (tls or starttls) are needed");
  if (options->history != NULL
      && !pinion_history_from_string (options->history, &account->history))
    return pinion_cli_usage ("--history is one of none 1m 3m 6m 1y 2y 3y 5y 10y all");
  if (options->kind != NULL && !pinion_account_kind_from_string (options->kind, &account->kind))
    return pinion_cli_usage ("--kind is personal or shared");
  if (options->pin != NULL && strcmp (options->pin, "all") != 0
      && strcmp (options->pin, "none") != 0)
    return pinion_cli_usage ("--pin is all or none");

  g_set_str (&account->email, options->email);
  g_set_str (&account->name, options->name != NULL ? options->name : options->email);
  account->pin_all = g_strcmp0 (options->pin, "none") != 0;

  if (!take_fingerprint (&account->imap, options->imap_sha256, options->sha256)
      || !take_fingerprint (&account->smtp, options->smtp_sha256, options->sha256))
    return pinion_cli_usage ("--trust-sha256 is 64 hexadecimal digits");

  return take_sign_in (account, options->sign_in);
}

static gboolean
read_ca (PinionAccount *account,
         const char    *path,
         GError       **error)
{
  g_autoptr (GError) failure = NULL;

  if (path == NULL || g_file_get_contents (path, &account->ca_pem, NULL, &failure))
    return TRUE;

  g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure), PINION_PROTOCOL_NONE,
                                                PINION_STAGE_NONE));
  return FALSE;
}

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  Failures *failures = user_data;

  if (state == PINION_STAGE_STATE_RUNNING)
    return;

  g_autofree char *message = error != NULL ? pinion_error_dup_message (error) : NULL;
  JsonBuilder *builder = pinion_cli_object ();

  pinion_cli_add_string (builder, "protocol", pinion_protocol_to_string (protocol));
  pinion_cli_add_string (builder, "stage", pinion_stage_to_string (stage));
  pinion_cli_add_bool (builder, "ok", state == PINION_STAGE_STATE_DONE);
  pinion_cli_add_string (builder, "detail", message != NULL ? message : detail != NULL ? detail : "");
  if (error != NULL)
    {
      GError **place = protocol == PINION_PROTOCOL_SMTP ? &failures->smtp : &failures->imap;

      pinion_cli_add_failure (builder, error);
      g_clear_error (place);
      *place = g_error_copy (error);
    }
  pinion_cli_print (builder);
}

/* Without a keyring the account is kept all the same: the password comes from the environment. */
static gint64
save_account (PinionCli           *cli,
              const PinionAccount *account,
              GError             **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 id = pinion_await_int64 (
      pinion_engine_add_account (cli->engine, account, cli->secret, TRUE), &failure);

  if (failure == NULL)
    return id;

  if (!pinion_error_is (failure, PINION_ERROR_KEYRING_UNAVAILABLE)
      && !pinion_error_is (failure, PINION_ERROR_KEYRING_LOCKED))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return 0;
    }

  fprintf (stderr, "The password is not kept: there is no keyring. Pass PINION_PASSWORD each "
                   "time.\n");
  return pinion_await_int64 (pinion_engine_add_account (cli->engine, account, cli->secret, FALSE),
                             error);
}

static void
add_aliases (JsonBuilder         *builder,
             const PinionAccount *account)
{
  json_builder_set_member_name (builder, "aliases");
  json_builder_begin_array (builder);
  for (guint i = 0; account->aliases != NULL && i < account->aliases->len; i++)
    {
      const PinionIdentity *alias = g_ptr_array_index (account->aliases, i);

      json_builder_begin_object (builder);
      pinion_cli_add_string (builder, "address", alias->address);
      pinion_cli_add_string (builder, "name", alias->name);
      pinion_cli_add_string (builder, "signature", alias->signature);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
pinion_cli_print_account (const PinionAccount *account)
{
  JsonBuilder *builder = pinion_cli_object ();

  pinion_cli_add_int (builder, "id", account->id);
  pinion_cli_add_string (builder, "email", account->email);
  pinion_cli_add_string (builder, "name", account->name);
  pinion_cli_add_string (builder, "kind", pinion_account_kind_to_string (account->kind));
  pinion_cli_add_string (builder, "history", pinion_history_to_string (account->history));
  pinion_cli_add_string (builder, "imap_host", account->imap.host);
  pinion_cli_add_int (builder, "imap_port", account->imap.port);
  pinion_cli_add_string (builder, "imap_tls",
                         pinion_encryption_to_string (account->imap.encryption));
  pinion_cli_add_string (builder, "imap_user", account->imap.user);
  pinion_cli_add_string (builder, "smtp_host", account->smtp.host);
  pinion_cli_add_int (builder, "smtp_port", account->smtp.port);
  pinion_cli_add_string (builder, "smtp_tls",
                         pinion_encryption_to_string (account->smtp.encryption));
  pinion_cli_add_string (builder, "smtp_user", account->smtp.user);
  pinion_cli_add_string (builder, "sign_in", pinion_sign_in_to_string (account->imap.sign_in));
  pinion_cli_add_string (builder, "signature", account->signature);
  pinion_cli_add_string (builder, "colour", account->colour);
  pinion_cli_add_bool (builder, "notifications", !account->quiet);
  pinion_cli_add_bool (builder, "server_drafts", account->server_drafts);
  add_aliases (builder, account);
  pinion_cli_print (builder);
}

/* The last stages may still be on their way to this thread. */
static DexFuture *
let_stages_arrive (void)
{
  return dex_timeout_new_msec (1);
}

/* The failure itself is what is told; a report that cannot be written is told beside it. */
static void
write_report (const char          *path,
              const PinionAccount *account,
              const Failures      *failures,
              const GError        *error,
              PinionTranscript    *transcript)
{
  gboolean told = failures->imap != NULL || failures->smtp != NULL;
  g_autofree char *text = pinion_report_dup (account, failures->imap, failures->smtp,
                                             told ? NULL : error, transcript);
  g_autoptr (GError) failure = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &failure))
    fprintf (stderr, "The report was not written: %s\n", failure->message);
}

static int
verify_and_save (PinionCli           *cli,
                 const PinionAccount *account,
                 gboolean             try_user_names,
                 const char          *report,
                 GError             **error)
{
  g_auto (Failures) failures = { NULL };
  g_autoptr (PinionTranscript) transcript = pinion_transcript_new ();
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (on_stage, &failures, NULL);
  g_autoptr (PinionAccount) verified = NULL;

  pinion_stage_sink_set_transcript (sink, transcript);
  verified = pinion_await_boxed (
      pinion_engine_verify_account (cli->engine, account, cli->secret, try_user_names, sink),
      error);
  pinion_await (let_stages_arrive (), NULL);

  if (verified == NULL && report != NULL)
    write_report (report, account, &failures, *error, transcript);
  if (verified == NULL)
    return PINION_CLI_FAILED;

  verified->id = save_account (cli, verified, error);
  if (verified->id == 0)
    return PINION_CLI_FAILED;

  JsonBuilder *builder = pinion_cli_object ();
  json_builder_set_member_name (builder, "account");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "id", verified->id);
  pinion_cli_add_string (builder, "email", verified->email);
  pinion_cli_add_string (builder, "imap_user", verified->imap.user);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
  return PINION_CLI_DONE;
}

static int
account_add (PinionCli *cli,
             GError   **error)
{
  g_autoptr (PinionAccount) account = pinion_account_new ();
  AddOptions options = { 0 };
  g_autofree char *report = NULL;
  int status = PINION_CLI_USAGE;

  if (parse_add (cli, &options))
    status = take_options (account, &options);
  if (status == PINION_CLI_DONE && !read_ca (account, options.ca, error))
    status = PINION_CLI_FAILED;
  report = g_steal_pointer (&options.report);
  add_options_clear (&options);
  if (status != PINION_CLI_DONE)
    return status;

  if (cli->secret == NULL && pinion_account_needs_password (account))
    {
      pinion_error_set (error, PINION_ERROR_PASSWORD_MISSING, PINION_PROTOCOL_NONE,
                        PINION_STAGE_SIGN_IN, "PINION_PASSWORD is not set");
      return PINION_CLI_FAILED;
    }

  return verify_and_save (cli, account, account->imap.user == NULL, report, error);
}

static int
account_list (PinionCli *cli)
{
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);

  if (!pinion_cli_parse (cli, NULL, 0, 0, NULL))
    return PINION_CLI_USAGE;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);
      pinion_cli_print_account (pinion_account_item_get_account (item));
    }

  return PINION_CLI_DONE;
}

static int
account_remove (PinionCli *cli,
                GError   **error)
{
  g_auto (GStrv) rest = NULL;
  gint64 id;

  if (!pinion_cli_parse (cli, NULL, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (!pinion_cli_parse_id (rest[0], &id))
    return pinion_cli_usage ("'%s' is no account id", rest[0]);

  return pinion_await (pinion_engine_remove_account (cli->engine, id), error) ? PINION_CLI_DONE
                                                                           : PINION_CLI_FAILED;
}

int
pinion_cli_account (PinionCli *cli,
                    GError   **error)
{
  const char *word = cli->args[0];

  if (word == NULL)
    return pinion_cli_usage ("account add, discover, list, set or remove?");

  cli->args++;
  if (strcmp (word, "add") == 0)
    return account_add (cli, error);
  if (strcmp (word, "list") == 0)
    return account_list (cli);
  if (strcmp (word, "remove") == 0)
    return account_remove (cli, error);
  if (strcmp (word, "set") == 0)
    return pinion_cli_account_set (cli, error);
  if (strcmp (word, "discover") == 0)
    return pinion_cli_account_discover (cli, error);

  return pinion_cli_usage ("'account %s' is not known", word);
}
