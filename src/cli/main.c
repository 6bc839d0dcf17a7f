/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"
#include "pinion-config.h"
#include "pinion-fiber.h"
#include "pinion-worker.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const char help[]
    = "Usage: pinion-cli [--data DIR] COMMAND ...\n"
      "\n"
      "Prints one JSON object a line; words for people go to standard error.\n"
      "The password comes from PINION_PASSWORD, else from the keyring. DIR holds all state.\n"
      "Exit status: 0 done, 1 failed (the last line is {\"error\":{...}}), 2 wrong usage.\n"
      "\n"
      "Accounts\n"
      "  account add --email E [--name N]\n"
      "      --imap-host H --imap-port P --imap-tls tls|starttls [--imap-user U]\n"
      "      --smtp-host H --smtp-port P --smtp-tls tls|starttls [--smtp-user U]\n"
      "      [--history none|1m|3m|6m|1y|2y|3y|5y|10y|all] [--kind personal|shared]\n"
      "      [--pin all|none] [--ca FILE] [--trust-sha256 HEX]\n"
      "      [--imap-trust-sha256 HEX] [--smtp-trust-sha256 HEX]\n"
      "      [--report FILE]   on failure: for the administrator, what failed, what was said, what\n"
      "      cures it; no secrets in it\n"
      "      [--sign-in password|kerberos]   kerberos: with a ticket (kinit), without a password\n"
      "      A failure names what a button would do about it: \"cure\":{\"action\",\"label\"}, where it\n"
      "      is another way to reach the server with \"port\" and \"tls\"\n"
      "  account discover EMAIL [--base-url URL] [--ca FILE] [--agree HOST]...\n"
      "      the servers of an address, the most trustworthy first, a line each: {\"source\",\n"
      "      \"protocol\",\"host\",\"port\",\"tls\",\"user\",\"user_form\",\"origin\",\"rank\",\n"
      "      \"verified\",\"own_domain\",\"answers\"}; last {\"discovered\":{\"findings\",\"imap\",\n"
      "      \"smtp\",\"tried\":[{\"source\",\"target\",\"outcome\",\"host\",\"detail\"}]}}.\n"
      "      The password is told only to verified HTTPS hosts of the address's own domain, or\n"
      "      those agreed to, that ask for it. URL: asks only this place, in place of the\n"
      "      domain's hosts and of DNS\n"
      "  account list | account remove ID\n"
      "  account set ID [--history none|...|all] [--role ROLE=LABEL]...\n"
      "      [--name N] [--alias ADDRESS[=NAME]]... [--no-alias ADDRESS]...\n"
      "      [--signature-file FILE [--signature-of ADDRESS]] [--colour #RRGGBB|none]\n"
      "      [--notifications on|off] [--server-drafts on|off] [--position N]\n"
      "      [--imap-host H] [--imap-port P] [--imap-tls tls|starttls] [--imap-user U]\n"
      "      [--smtp-host H] [--smtp-port P] [--smtp-tls tls|starttls]\n"
      "      [--smtp-user U] [--trust-sha256 HEX] [--password]\n"
      "      Servers, user names and the password (--password: PINION_PASSWORD is the new one)\n"
      "      are kept once signing in has worked and it is proven to be the same mailbox.\n"
      "      ROLE is sent, drafts, trash, junk or archive; without a LABEL nothing has it\n"
      "Sync\n"
      "  sync [--watch] [--bodies all|none]\n"
      "Reading\n"
      "  labels\n"
      "  label create PATH [--account ID] | label rename LABEL PATH\n"
      "  label delete LABEL [--mail archive|trash]    where its mail goes; archive by default\n"
      "  label pin LABEL | label unpin LABEL | label show LABEL | label hide LABEL\n"
      "  list [--label LABEL|--snoozed] [--limit N] [--before CURSOR]\n"
      "  search QUERY [--limit N] [--order date|relevance] [--save NAME] | search --saved NAME\n"
      "      everything here, Trash and Junk too, newest first. QUERY is one argument:\n"
      "      words (beginnings of words), \"exact words\", -without, one OR other,\n"
      "      from: to: cc: bcc: subject: body: filename: label: (\"\" in quotes is one of them)\n"
      "      has:attachment is:unread is:read is:starred before:DAY after:DAY (2024-03-09,\n"
      "      2024-03, 2024, today, yesterday, monday, 7d 2w 3m 1y ago) larger:5M smaller:20K\n"
      "      --excerpts: \"excerpt\", the words around what was found, where neither the subject\n"
      "      nor how the text begins has it\n"
      "      --server: first asks the servers for what lies outside the history range, and\n"
      "      takes in at most 200 messages of each account: {\"server\":{\"here\",\"taken\",\n"
      "      \"more\"}}; what failed: {\"not_searched\":{\"account\",\"label\",\"code\",\n"
      "      \"message\",\"fix\"}}\n"
      "  searches | searches rename NAME NEW | searches remove|pin|unpin NAME\n"
      "      what was saved: {\"search\",\"name\",\"query\",\"order\",\"pinned\"} a line\n"
      "  show MESSAGE [--raw|--html|--text]\n"
      "  save MESSAGE PART FILE\n"
      "Acting (at once here; on the server with the next sync, or now with --wait)\n"
      "  read|unread|star|unstar|archive|trash|spam|unspam|delete MESSAGE...\n"
      "  add-label LABEL MESSAGE... | move LABEL MESSAGE... | remove-label LABEL MESSAGE...\n"
      "  import LABEL FILE...   messages saved as .eml files, as read: {\"imported\":{\"added\",\n"
      "      \"labelled\" (were here), \"known\" (were here with that label), \"left_out\"}};\n"
      "      what is no message: {\"left_out\":{\"file\",\"code\",\"message\"}} and 1\n"
      "  snooze WHEN MESSAGE... | unsnooze MESSAGE...\n"
      "      the whole conversation, out of the Inbox here until then, or until somebody\n"
      "      answers. WHEN is one argument: tonight, \"in 3 days\", \"monday 9\",\n"
      "      \"24 dec 14:30\", 2026-11-30T09:00\n"
      "  undo      what cannot go back: {\"stays\":{\"message\",\"why\"}} a line, why being\n"
      "            label-gone, label-left (back, but without it), deleted or changed\n"
      "  pending\n"
      "Sending\n"
      "  send --to A [--cc A] [--bcc A] --subject S [--text-file F] [--html-file F]\n"
      "      [--from ALIAS] [--attach F]... [--reply-to-message M] [--at TIME] [--wait]\n"
      "      [--draft MESSAGE]   goes on with a draft: what is given replaces what it says\n"
      "  draft save [--draft MESSAGE] ...   as send, but for --html-file, --at, --wait\n"
      "  draft discard MESSAGE\n"
      "      a draft may be another program's; with account set --server-drafts on, those made\n"
      "      here are on the server, too, from the next sync on\n"
      "  outbox | outbox cancel ID\n"
      "\n"
      "Checking\n"
      "  doctor    the store and its files against themselves and against the server as it is\n"
      "            now: a line for each difference, 1 if there is any\n"
      "\n"
      "LABEL is an id or a path.\n";

/* @connects: always. */
typedef struct
{
  const char *name;
  PinionCliFunc func;
  gboolean connects;
} Command;

static const Command commands[] = {
  { "account", pinion_cli_account },
  { "sync", pinion_cli_sync, .connects = TRUE },
  { "labels", pinion_cli_labels },
  { "label", pinion_cli_label },
  { "list", pinion_cli_list },
  { "show", pinion_cli_show },
  { "save", pinion_cli_save },
  { "read", pinion_cli_read },
  { "unread", pinion_cli_unread },
  { "star", pinion_cli_star },
  { "unstar", pinion_cli_unstar },
  { "archive", pinion_cli_archive },
  { "trash", pinion_cli_trash },
  { "spam", pinion_cli_spam },
  { "unspam", pinion_cli_unspam },
  { "delete", pinion_cli_delete },
  { "add-label", pinion_cli_add_label },
  { "move", pinion_cli_move },
  { "remove-label", pinion_cli_remove_label },
  { "import", pinion_cli_import },
  { "snooze", pinion_cli_snooze },
  { "unsnooze", pinion_cli_unsnooze },
  { "undo", pinion_cli_undo },
  { "send", pinion_cli_send },
  { "draft", pinion_cli_draft },
  { "outbox", pinion_cli_outbox },
  { "pending", pinion_cli_pending },
  { "search", pinion_cli_search },
  { "searches", pinion_cli_searches },
  { "doctor", pinion_cli_doctor },
};

typedef struct
{
  PinionCli cli;
  const Command *command;
  int status;
} Run;

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i].name, name) == 0)
        return &commands[i];
    }

  return NULL;
}

static int
run_command (Run     *run,
             GError **error)
{
  PinionCli *cli = &run->cli;

  if (run->command->connects)
    pinion_engine_expect_connection ();
  cli->engine = pinion_await_object (pinion_engine_open (cli->directory), error);
  if (cli->engine == NULL)
    return PINION_CLI_FAILED;

  int status = run->command->func (cli, error);
  pinion_await (pinion_engine_close (cli->engine), NULL);
  g_clear_object (&cli->engine);

  return status;
}

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  run->status = run_command (run, &error);
  if (run->status == PINION_CLI_FAILED)
    {
      if (error == NULL)
        pinion_error_set (&error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                          "no reason given");
      pinion_cli_print_error (error, run->command->name);
    }

  g_main_loop_quit (run->cli.loop);
  return dex_future_new_true ();
}

/* The environment of this process is readable for others of the same user: it goes at once. */
static PinionSecret *
take_secret (void)
{
  const char *password = g_getenv ("PINION_PASSWORD");
  PinionSecret *secret = NULL;

  if (password != NULL && *password != '\0')
    {
      secret = pinion_secret_new (password);
      explicit_bzero ((char *) password, strlen (password));
    }
  g_unsetenv ("PINION_PASSWORD");

  return secret;
}

static int
run_main (Run *run)
{
  run->cli.loop = g_main_loop_new (NULL, FALSE);

  DexFuture *future = pinion_fiber_spawn (NULL, 512 * 1024, run_fiber, run, NULL);
  g_main_loop_run (run->cli.loop);
  dex_unref (future);
  g_main_loop_unref (run->cli.loop);
  pinion_worker_await_ends ();

  if (run->status == PINION_CLI_DONE && (fflush (stdout) != 0 || ferror (stdout)))
    {
      fprintf (stderr, "pinion-cli: the output cannot be written\n");
      run->status = PINION_CLI_FAILED;
    }

  return run->status;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (PinionSecret) secret = take_secret ();
  g_autofree char *directory = pinion_engine_dup_default_directory ();
  Run run = { .cli = { .secret = secret } };
  int first = 1;

  setlocale (LC_ALL, "");
  g_log_writer_default_set_use_stderr (TRUE);
  dex_init ();

  if (argc > 2 && strcmp (argv[1], "--data") == 0)
    {
      g_set_str (&directory, argv[2]);
      first = 3;
    }
  if (first < argc
      && (strcmp (argv[first], "--help") == 0 || strcmp (argv[first], "-h") == 0))
    {
      fputs (help, stdout);
      return PINION_CLI_DONE;
    }
  if (first < argc && strcmp (argv[first], "--version") == 0)
    {
      puts (PINION_VERSION);
      return PINION_CLI_DONE;
    }
  if (first >= argc)
    return pinion_cli_usage ("a command is missing");

  run.command = find_command (argv[first]);
  if (run.command == NULL)
    return pinion_cli_usage ("'%s' is not a command", argv[first]);

  run.cli.directory = directory;
  run.cli.args = argv + first + 1;
  return run_main (&run);
}
