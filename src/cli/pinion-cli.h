/* SPDX-License-Identifier: GPL-3.0-or-later */

/* pinion-cli: the engine without a window.  One JSON object a line on standard output, words for
 * people on standard error. */

#pragma once

#include "pinion-engine.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Exit statuses. */
#define PINION_CLI_DONE 0
#define PINION_CLI_FAILED 1
#define PINION_CLI_USAGE 2

/* What a command works with.  @args: what follows the command's name, NULL-terminated; @secret:
 * (nullable) the password from the environment. */
typedef struct
{
  const char *directory;
  PinionEngine *engine;
  PinionSecret *secret;
  char **args;
  GMainLoop *loop;
} PinionCli;

/* Runs on a fiber of the main thread and may wait.  Returns: an exit status; where it is
 * PINION_CLI_FAILED, @error is set. */
typedef int (*PinionCliFunc) (PinionCli *cli,
                              GError   **error);

int pinion_cli_account      (PinionCli *cli, GError **error);
int pinion_cli_sync         (PinionCli *cli, GError **error);
int pinion_cli_labels       (PinionCli *cli, GError **error);
int pinion_cli_label        (PinionCli *cli, GError **error);
int pinion_cli_list         (PinionCli *cli, GError **error);
int pinion_cli_show         (PinionCli *cli, GError **error);
int pinion_cli_save         (PinionCli *cli, GError **error);
int pinion_cli_read         (PinionCli *cli, GError **error);
int pinion_cli_unread       (PinionCli *cli, GError **error);
int pinion_cli_star         (PinionCli *cli, GError **error);
int pinion_cli_unstar       (PinionCli *cli, GError **error);
int pinion_cli_archive      (PinionCli *cli, GError **error);
int pinion_cli_trash        (PinionCli *cli, GError **error);
int pinion_cli_spam         (PinionCli *cli, GError **error);
int pinion_cli_unspam       (PinionCli *cli, GError **error);
int pinion_cli_delete       (PinionCli *cli, GError **error);
int pinion_cli_add_label    (PinionCli *cli, GError **error);
int pinion_cli_move         (PinionCli *cli, GError **error);
int pinion_cli_remove_label (PinionCli *cli, GError **error);
int pinion_cli_import       (PinionCli *cli, GError **error);
int pinion_cli_snooze       (PinionCli *cli, GError **error);
int pinion_cli_unsnooze     (PinionCli *cli, GError **error);
int pinion_cli_undo         (PinionCli *cli, GError **error);
int pinion_cli_send         (PinionCli *cli, GError **error);
int pinion_cli_draft        (PinionCli *cli, GError **error);
int pinion_cli_outbox       (PinionCli *cli, GError **error);
int pinion_cli_pending      (PinionCli *cli, GError **error);
int pinion_cli_search       (PinionCli *cli, GError **error);
int pinion_cli_searches     (PinionCli *cli, GError **error);
int pinion_cli_doctor       (PinionCli *cli, GError **error);

/* The word after "account" is taken. */
int pinion_cli_account_discover (PinionCli *cli, GError **error);
int pinion_cli_account_set      (PinionCli *cli, GError **error);

/* The line of "account list". */
void pinion_cli_print_account (const PinionAccount *account);

/* 64 hexadecimal digits, with or without colons between.  Returns: (transfer full) (nullable) */
char *pinion_cli_dup_fingerprint (const char *text);

/* -- Arguments (pinion-cli-args.c) */

/* Parses @args by @entries into their variables; words are UTF-8 in every locale, so that entries are
 * G_OPTION_ARG_FILENAME, which GLib leaves as it is, never _STRING.  What is left is in @rest
 * (transfer full), at least @least and at most @most words.  %FALSE after saying on standard error
 * what is wrong. */
gboolean pinion_cli_parse (PinionCli    *cli,
                           GOptionEntry *entries,
                           guint         least,
                           guint         most,
                           GStrv        *rest);

/* Says what is wrong; always PINION_CLI_USAGE. */
int pinion_cli_usage (const char *format,
                      ...) G_GNUC_PRINTF (1, 2);

/* A positive number. */
gboolean pinion_cli_parse_id (const char *word,
                              gint64     *id);

/* A label by its id or its path. */
PinionLabel *pinion_cli_find_label (PinionCli  *cli,
                                    const char *word,
                                    GError    **error);

/* The same among the labels of one account. */
PinionLabel *pinion_cli_find_label_of (PinionCli  *cli,
                                       gint64      account,
                                       const char *word,
                                       GError    **error);

/* -- Output (pinion-cli-output.c) */

/* Ends @builder and prints its object as one line.  Takes @builder. */
void pinion_cli_print (JsonBuilder *builder);

/* A builder inside an object already. */
JsonBuilder *pinion_cli_object (void);

void pinion_cli_add_string (JsonBuilder *builder, const char *name, const char *value);
void pinion_cli_add_int    (JsonBuilder *builder, const char *name, gint64 value);
void pinion_cli_add_bool   (JsonBuilder *builder, const char *name, gboolean value);
/* ISO 8601 in UTC */
void pinion_cli_add_date   (JsonBuilder *builder, const char *name, gint64 seconds);

/* "code", a certificate's "sha256", and "cure" where a button would help: {"action","label"}, with "port" and "tls" to switch to */
void pinion_cli_add_failure (JsonBuilder  *builder,
                             const GError *error);

/* The line of "list" and "search".  @cursor: (nullable) */
void pinion_cli_print_conversation (PinionCli          *cli,
                                    PinionConversation *conversation,
                                    const char         *cursor);

/* {"error":{...}} */
void pinion_cli_print_error (const GError *error,
                             const char   *command);

/* Does what is pending now and waits for it, for --wait. */
gboolean pinion_cli_flush (PinionCli *cli,
                           GError   **error);

/* What the server refused for good is an error of the act. */
gboolean pinion_cli_check_refused (PinionCli *cli,
                                   GError   **error);

/* Gives the engine the password of the environment for every account. */
void pinion_cli_lend_secret (PinionCli *cli);

G_END_DECLS
