/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <string.h>

typedef struct
{
  GStrv to;
  GStrv cc;
  GStrv bcc;
  GStrv attach;
  char *from;
  char *subject;
  char *text_file;
  char *html_file;
  char *reply_to;
  char *at;
  char *draft;
  gboolean wait;
} SendOptions;

static void
send_options_clear (SendOptions *options)
{
  g_strfreev (options->to);
  g_strfreev (options->cc);
  g_strfreev (options->bcc);
  g_strfreev (options->attach);
  g_free (options->from);
  g_free (options->subject);
  g_free (options->text_file);
  g_free (options->html_file);
  g_free (options->reply_to);
  g_free (options->at);
  g_free (options->draft);
}

/* Of "send", and of "draft save", which has neither a time nor anything to wait for, and keeps text
 * only. */
static gboolean
parse_send (PinionCli   *cli,
            SendOptions *options,
            gboolean     saves)
{
  GOptionEntry entries[] = {
    { "draft", 0, 0, G_OPTION_ARG_FILENAME, &options->draft, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->to, NULL, NULL },
    { "cc", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->cc, NULL, NULL },
    { "bcc", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->bcc, NULL, NULL },
    { "attach", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->attach, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &options->from, NULL, NULL },
    { "subject", 0, 0, G_OPTION_ARG_FILENAME, &options->subject, NULL, NULL },
    { "text-file", 0, 0, G_OPTION_ARG_FILENAME, &options->text_file, NULL, NULL },
    { "reply-to-message", 0, 0, G_OPTION_ARG_FILENAME, &options->reply_to, NULL, NULL },
    { "html-file", 0, 0, G_OPTION_ARG_FILENAME, &options->html_file, NULL, NULL },
    { "at", 0, 0, G_OPTION_ARG_FILENAME, &options->at, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_NONE, &options->wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (saves)
    entries[G_N_ELEMENTS (entries) - 4] = (GOptionEntry) G_OPTION_ENTRY_NULL;

  return pinion_cli_parse (cli, entries, 0, 0, NULL);
}

static void
take_list (char **field,
           GStrv  list)
{
  if (list == NULL)
    return;

  g_free (*field);
  *field = g_strjoinv (", ", list);
}

static gboolean
take_file (char      **field,
           const char *path,
           GError    **error)
{
  g_autoptr (GError) failure = NULL;
  char *contents;
  gsize length;

  if (path == NULL)
    return TRUE;

  if (!g_file_get_contents (path, &contents, &length, &failure))
    {
      g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure),
                                                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
      return FALSE;
    }

  g_free (*field);
  *field = g_utf8_make_valid (contents, (gssize) length);
  g_free (contents);
  return TRUE;
}

/* Seconds since 1970, or a date in ISO 8601, seconds left out or not (of this computer's zone where it
 * names none). */
static gboolean
parse_time (const char *text,
            gint64     *seconds)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *with_seconds
      = strlen (text) > 16 ? g_strdup_printf ("%.16s:00%s", text, text + 16)
                           : g_strdup_printf ("%s:00", text);
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, zone);

  if (date == NULL)
    date = g_date_time_new_from_iso8601 (with_seconds, zone);
  if (date != NULL)
    {
      *seconds = g_date_time_to_unix (date);
      return TRUE;
    }

  return pinion_cli_parse_id (text, seconds);
}

/* A draft is read in other folders than this one. */
static void
take_attachments (PinionDraft *draft,
                  GStrv        paths)
{
  g_autoptr (GStrvBuilder) absolute = g_strv_builder_new ();

  if (paths == NULL)
    return;

  for (guint i = 0; paths[i] != NULL; i++)
    g_strv_builder_take (absolute, g_canonicalize_filename (paths[i], NULL));
  g_strfreev (draft->attachments);
  draft->attachments = g_strv_builder_end (absolute);
}

static int
take_options (PinionDraft       *draft,
              const SendOptions *options,
              GError           **error)
{
  if (options->at != NULL && !parse_time (options->at, &draft->send_at))
    return pinion_cli_usage ("--at is a time such as 2026-11-30T09:00");
  if (options->reply_to != NULL
      && !pinion_cli_parse_id (options->reply_to, &draft->reply_to_message))
    return pinion_cli_usage ("'%s' is no message id", options->reply_to);

  take_list (&draft->to, options->to);
  take_list (&draft->cc, options->cc);
  take_list (&draft->bcc, options->bcc);
  if (options->subject != NULL)
    g_set_str (&draft->subject, options->subject);
  if (options->from != NULL)
    g_set_str (&draft->from, options->from);
  take_attachments (draft, options->attach);

  return take_file (&draft->text, options->text_file, error)
                 && take_file (&draft->html, options->html_file, error)
             ? PINION_CLI_DONE
             : PINION_CLI_FAILED;
}

/* A new one, or that of --draft, to be changed. */
static int
find_draft (PinionCli         *cli,
            PinionDraft      **draft,
            const SendOptions *options,
            GError           **error)
{
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);
  g_autoptr (PinionAccountItem) first = g_list_model_get_item (accounts, 0);
  gint64 id = 0;

  if (options->draft != NULL && !pinion_cli_parse_id (options->draft, &id))
    return pinion_cli_usage ("'%s' is no message id", options->draft);
  if (options->draft != NULL)
    {
      *draft = pinion_await_boxed (pinion_engine_load_draft (cli->engine, id), error);
      return *draft != NULL ? take_options (*draft, options, error) : PINION_CLI_FAILED;
    }
  if (first == NULL)
    {
      pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "there is no account");
      return PINION_CLI_FAILED;
    }

  *draft = pinion_draft_new ();
  (*draft)->account = pinion_account_item_get_id (first);
  return take_options (*draft, options, error);
}

/* An address of any account; another one than the first, too. */
static gboolean
find_account_of (PinionCli   *cli,
                 PinionDraft *draft,
                 GError     **error)
{
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);

      if (pinion_account_has_address (pinion_account_item_get_account (item), draft->from))
        {
          draft->account = pinion_account_item_get_id (item);
          return TRUE;
        }
    }

  return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                           PINION_STAGE_NONE, "--from is no address of an account");
}

/* The account that has the message is the one that answers. */
static gboolean
find_sender (PinionCli   *cli,
             PinionDraft *draft,
             GError     **error)
{
  if (draft->id != 0)
    return TRUE;
  if (draft->from != NULL)
    return find_account_of (cli, draft, error);
  if (draft->reply_to_message == 0)
    return TRUE;

  g_autoptr (PinionMessage) original = pinion_await_boxed (
      pinion_engine_load_message (cli->engine, draft->reply_to_message), error);
  if (original == NULL)
    return FALSE;

  draft->account = original->account;
  return TRUE;
}

static const char *
state_name (PinionOutboxState state)
{
  static const char *const names[] = { "queued", "sending", "submitted", "failed", "uncertain" };

  return names[state];
}

/* Out it is: only the copy is missing. */
static gboolean
say_not_filed (PinionCli              *cli,
               const PinionOutboxItem *item,
               GError                **error)
{
  g_autoptr (GPtrArray) pending = pinion_await_boxed (pinion_engine_load_pending (cli->engine),
                                                      NULL);
  const char *words = "not confirmed by the server yet";

  for (guint i = 0; pending != NULL && i < pending->len; i++)
    {
      const PinionPending *operation = g_ptr_array_index (pending, i);

      if (operation->account == item->account && strcmp (operation->kind, "append") == 0
          && operation->error != NULL)
        words = operation->error;
    }

  return pinion_error_set (error, PINION_ERROR_NOT_FILED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "sent, and not filed: %s", words);
}

static gboolean
say_why (const PinionOutboxItem *item,
         GError                **error)
{
  PinionErrorCode code = item->error != NULL ? item->code : PINION_ERROR_SERVER_UNAVAILABLE;

  if (item->state == PINION_OUTBOX_UNCERTAIN)
    code = PINION_ERROR_OUTCOME_UNKNOWN;

  return pinion_error_set (error, code, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "%s: %s",
                           state_name (item->state),
                           item->error != NULL ? item->error : "not sent yet");
}

/* Once sent and filed it is no longer in the outbox.  Where there is no Sent it waits for one there,
 * and is sent all the same. */
static gboolean
check_sent (PinionCli *cli,
            gint64     id,
            gboolean  *filed,
            GError   **error)
{
  g_autoptr (GPtrArray) outbox = pinion_await_boxed (pinion_engine_load_outbox (cli->engine),
                                                     error);

  if (outbox == NULL)
    return FALSE;

  for (guint i = 0; i < outbox->len; i++)
    {
      const PinionOutboxItem *item = g_ptr_array_index (outbox, i);

      if (item->id != id)
        continue;

      *filed = FALSE;
      if (item->state != PINION_OUTBOX_SUBMITTED)
        return say_why (item, error);
      return pinion_engine_find_role (cli->engine, item->account, PINION_ROLE_SENT) == NULL
             || say_not_filed (cli, item, error);
    }

  return TRUE;
}

/* Returns: an exit status. */
static int
make_draft (PinionCli         *cli,
            PinionDraft      **draft,
            const SendOptions *options,
            GError           **error)
{
  pinion_cli_lend_secret (cli);

  int status = find_draft (cli, draft, options, error);

  return status != PINION_CLI_DONE || find_sender (cli, *draft, error) ? status
                                                                       : PINION_CLI_FAILED;
}

int
pinion_cli_send (PinionCli *cli,
                 GError   **error)
{
  g_autoptr (PinionDraft) draft = NULL;
  SendOptions options = { 0 };
  int status = PINION_CLI_USAGE;
  gboolean filed = TRUE;

  if (parse_send (cli, &options, FALSE))
    status = options.to == NULL && options.draft == NULL
                 ? pinion_cli_usage ("--to is missing")
                 : make_draft (cli, &draft, &options, error);
  gboolean wait = options.wait;
  send_options_clear (&options);
  if (status != PINION_CLI_DONE)
    return status;

  gint64 id = pinion_await_int64 (pinion_engine_send (cli->engine, draft, 0), error);
  if (id == 0 || (wait && (!pinion_cli_flush (cli, error) || !check_sent (cli, id, &filed, error))))
    return PINION_CLI_FAILED;

  JsonBuilder *builder = pinion_cli_object ();
  pinion_cli_add_int (builder, "outbox", id);
  pinion_cli_add_bool (builder, "sent", wait);
  pinion_cli_add_bool (builder, "filed", wait && filed);
  pinion_cli_print (builder);
  return PINION_CLI_DONE;
}

/* -- Drafts --------------------------------------------------------------------------------- */

static void
print_draft (gint64 draft)
{
  JsonBuilder *builder = pinion_cli_object ();

  pinion_cli_add_int (builder, "draft", draft);
  pinion_cli_print (builder);
}

static int
save (PinionCli *cli,
      GError   **error)
{
  g_autoptr (PinionDraft) draft = NULL;
  SendOptions options = { 0 };
  int status = PINION_CLI_USAGE;

  if (parse_send (cli, &options, TRUE))
    status = make_draft (cli, &draft, &options, error);
  send_options_clear (&options);
  if (status != PINION_CLI_DONE)
    return status;

  gint64 id = pinion_await_int64 (pinion_engine_save_draft (cli->engine, draft), error);
  if (id == 0)
    return PINION_CLI_FAILED;

  print_draft (id);
  return PINION_CLI_DONE;
}

static int
discard (PinionCli *cli,
         GError   **error)
{
  g_auto (GStrv) rest = NULL;
  gint64 id;

  if (!pinion_cli_parse (cli, NULL, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (!pinion_cli_parse_id (rest[0], &id))
    return pinion_cli_usage ("'%s' is no message id", rest[0]);

  pinion_cli_lend_secret (cli);
  gint64 draft = pinion_await_int64 (pinion_engine_continue_draft (cli->engine, id), error);
  if (draft == 0 || !pinion_await (pinion_engine_discard_draft (cli->engine, draft), error))
    return PINION_CLI_FAILED;

  print_draft (id);
  return PINION_CLI_DONE;
}

int
pinion_cli_draft (PinionCli *cli,
                  GError   **error)
{
  const char *verb = cli->args[0];

  if (verb != NULL)
    cli->args++;
  if (g_strcmp0 (verb, "save") == 0)
    return save (cli, error);
  if (g_strcmp0 (verb, "discard") == 0)
    return discard (cli, error);

  return pinion_cli_usage ("draft save or draft discard");
}

/* -- The outbox ----------------------------------------------------------------------------- */

static int
cancel (PinionCli *cli,
        GError   **error)
{
  g_auto (GStrv) rest = NULL;
  gint64 id;

  if (!pinion_cli_parse (cli, NULL, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (!pinion_cli_parse_id (rest[0], &id))
    return pinion_cli_usage ("'%s' is no outbox id", rest[0]);

  gint64 draft = pinion_await_int64 (pinion_engine_cancel_sending (cli->engine, id), error);
  if (draft == 0)
    return PINION_CLI_FAILED;

  print_draft (draft);
  return PINION_CLI_DONE;
}

int
pinion_cli_outbox (PinionCli *cli,
                   GError   **error)
{
  if (cli->args[0] != NULL && strcmp (cli->args[0], "cancel") == 0)
    {
      cli->args++;
      return cancel (cli, error);
    }
  if (!pinion_cli_parse (cli, NULL, 0, 0, NULL))
    return PINION_CLI_USAGE;

  g_autoptr (GPtrArray) outbox = pinion_await_boxed (pinion_engine_load_outbox (cli->engine),
                                                     error);
  if (outbox == NULL)
    return PINION_CLI_FAILED;

  for (guint i = 0; i < outbox->len; i++)
    {
      const PinionOutboxItem *item = g_ptr_array_index (outbox, i);
      JsonBuilder *builder = pinion_cli_object ();

      pinion_cli_add_int (builder, "id", item->id);
      pinion_cli_add_string (builder, "state", state_name (item->state));
      pinion_cli_add_string (builder, "to", item->to);
      pinion_cli_add_string (builder, "subject", item->subject);
      pinion_cli_add_date (builder, "send_at", item->send_at);
      pinion_cli_add_int (builder, "tries", item->tries);
      pinion_cli_add_string (builder, "error", item->error);
      pinion_cli_print (builder);
    }

  return PINION_CLI_DONE;
}
