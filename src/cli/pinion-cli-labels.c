/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <string.h>

static void
print_label (PinionLabel *label)
{
  JsonBuilder *builder = pinion_cli_object ();

  pinion_cli_add_int (builder, "id", pinion_label_get_id (label));
  pinion_cli_add_int (builder, "account", pinion_label_get_account (label));
  pinion_cli_add_string (builder, "path", pinion_label_get_path (label));
  pinion_cli_add_string (builder, "role", pinion_role_to_string (pinion_label_get_role (label)));
  pinion_cli_add_bool (builder, "hidden", pinion_label_get_hidden (label));
  pinion_cli_add_bool (builder, "pinned", pinion_label_get_pinned (label));
  pinion_cli_add_int (builder, "unread", pinion_label_get_unread (label));
  pinion_cli_add_int (builder, "total", pinion_label_get_total (label));
  pinion_cli_add_string (builder, "colour", pinion_label_get_colour (label));
  pinion_cli_print (builder);
}

int
pinion_cli_labels (PinionCli *cli,
                   GError   **error)
{
  GListModel *labels = pinion_engine_get_labels (cli->engine);

  if (!pinion_cli_parse (cli, NULL, 0, 0, NULL))
    return PINION_CLI_USAGE;

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      print_label (label);
    }

  return PINION_CLI_DONE;
}

static int
pin_label (PinionCli *cli,
           gboolean   pinned,
           GError   **error)
{
  g_auto (GStrv) rest = NULL;

  if (!pinion_cli_parse (cli, NULL, 1, 1, &rest))
    return PINION_CLI_USAGE;

  PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);
  if (label == NULL
      || !pinion_await (pinion_engine_pin_label (cli->engine, pinion_label_get_id (label), pinned),
                        error))
    return PINION_CLI_FAILED;

  return PINION_CLI_DONE;
}

static int
hide_label (PinionCli *cli,
            gboolean   hidden,
            GError   **error)
{
  g_auto (GStrv) rest = NULL;

  if (!pinion_cli_parse (cli, NULL, 1, 1, &rest))
    return PINION_CLI_USAGE;

  PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);
  if (label == NULL
      || !pinion_await (pinion_engine_set_hidden (cli->engine, pinion_label_get_id (label), hidden),
                        error))
    return PINION_CLI_FAILED;

  return PINION_CLI_DONE;
}

/* The label as it is then; after --wait it may be another one, or none. */
static int
finish (PinionCli  *cli,
        DexFuture  *future,
        gboolean    wait,
        const char *path,
        GError    **error)
{
  g_autofree PinionDone *done = pinion_await_boxed (future, error);

  if (done == NULL)
    return PINION_CLI_FAILED;

  PinionLabel *label = path != NULL ? pinion_cli_find_label (cli, path, NULL) : NULL;
  if (label != NULL)
    print_label (label);
  if (wait && (!pinion_cli_flush (cli, error) || !pinion_cli_check_refused (cli, error)))
    return PINION_CLI_FAILED;

  if (label == NULL)
    {
      JsonBuilder *builder = pinion_cli_object ();
      pinion_cli_add_bool (builder, "changed", done->group != 0);
      pinion_cli_print (builder);
    }
  return PINION_CLI_DONE;
}

static int
create_label (PinionCli *cli,
              GError   **error)
{
  gboolean wait = FALSE;
  gint64 account = 0;
  g_auto (GStrv) rest = NULL;
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);
  GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_INT64, &account, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 1, 1, &rest))
    return PINION_CLI_USAGE;

  if (account == 0 && g_list_model_get_n_items (accounts) > 0)
    {
      g_autoptr (PinionAccountItem) first = g_list_model_get_item (accounts, 0);
      account = pinion_account_item_get_id (first);
    }

  return finish (cli, pinion_engine_create_label (cli->engine, account, rest[0]), wait, rest[0],
                 error);
}

static int
rename_label (PinionCli *cli,
              GError   **error)
{
  gboolean wait = FALSE;
  g_auto (GStrv) rest = NULL;
  GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 2, 2, &rest))
    return PINION_CLI_USAGE;

  PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);
  if (label == NULL)
    return PINION_CLI_FAILED;

  return finish (cli,
                 pinion_engine_rename_label (cli->engine, pinion_label_get_id (label), rest[1]),
                 wait, rest[1], error);
}

static int
delete_label (PinionCli *cli,
              GError   **error)
{
  gboolean wait = FALSE;
  g_autofree char *mail = NULL;
  g_auto (GStrv) rest = NULL;
  GOptionEntry entries[] = {
    { "mail", 0, 0, G_OPTION_ARG_FILENAME, &mail, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (mail != NULL && strcmp (mail, "archive") != 0 && strcmp (mail, "trash") != 0)
    return pinion_cli_usage ("--mail is archive or trash");

  PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);
  if (label == NULL)
    return PINION_CLI_FAILED;

  PinionRole role = g_strcmp0 (mail, "trash") == 0 ? PINION_ROLE_TRASH : PINION_ROLE_ARCHIVE;
  return finish (cli,
                 pinion_engine_delete_label (cli->engine, pinion_label_get_id (label), role), wait,
                 NULL, error);
}

int
pinion_cli_label (PinionCli *cli,
                  GError   **error)
{
  const char *word = cli->args[0];

  if (word == NULL)
    return pinion_cli_usage ("label create, rename, delete, pin, unpin, show or hide?");

  cli->args++;
  if (strcmp (word, "create") == 0)
    return create_label (cli, error);
  if (strcmp (word, "rename") == 0)
    return rename_label (cli, error);
  if (strcmp (word, "delete") == 0)
    return delete_label (cli, error);
  if (strcmp (word, "pin") == 0)
    return pin_label (cli, TRUE, error);
  if (strcmp (word, "unpin") == 0)
    return pin_label (cli, FALSE, error);

  if (strcmp (word, "hide") == 0)
    return hide_label (cli, TRUE, error);
  if (strcmp (word, "show") == 0)
    return hide_label (cli, FALSE, error);

  return pinion_cli_usage ("'label %s' is not known", word);
}
