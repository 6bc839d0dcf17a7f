/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <stdio.h>

int
pinion_cli_usage (const char *format,
                  ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);

  fprintf (stderr, "pinion-cli: %s\nTry 'pinion-cli --help'.\n", text);
  return PINION_CLI_USAGE;
}

gboolean
pinion_cli_parse (PinionCli    *cli,
                  GOptionEntry *entries,
                  guint         least,
                  guint         most,
                  GStrv        *rest)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  g_strv_builder_add (words, "pinion-cli");
  g_strv_builder_addv (words, (const char **) cli->args);
  g_auto (GStrv) args = g_strv_builder_end (words);

  for (guint i = 0; args[i] != NULL; i++)
    {
      if (!g_utf8_validate (args[i], -1, NULL))
        {
          pinion_cli_usage ("argument %u is not UTF-8", i);
          return FALSE;
        }
    }

  g_option_context_set_help_enabled (context, FALSE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &args, &error))
    {
      pinion_cli_usage ("%s", error->message);
      return FALSE;
    }

  g_autoptr (GStrvBuilder) left = g_strv_builder_new ();
  for (guint i = 1; args[i] != NULL; i++)
    {
      if (i > 1 || g_strcmp0 (args[i], "--") != 0)
        g_strv_builder_add (left, args[i]);
    }
  g_auto (GStrv) found = g_strv_builder_end (left);
  guint n = g_strv_length (found);

  if (n < least || n > most)
    {
      if (n < least)
        pinion_cli_usage ("something is missing");
      else
        pinion_cli_usage ("'%s' is too much", found[most]);
      return FALSE;
    }

  if (rest != NULL)
    *rest = g_steal_pointer (&found);
  return TRUE;
}

gboolean
pinion_cli_parse_id (const char *word,
                     gint64     *id)
{
  char *end = NULL;

  *id = g_ascii_strtoll (word, &end, 10);
  return end != word && *end == '\0' && *id > 0;
}

PinionLabel *
pinion_cli_find_label (PinionCli  *cli,
                       const char *word,
                       GError    **error)
{
  return pinion_cli_find_label_of (cli, 0, word, error);
}

PinionLabel *
pinion_cli_find_label_of (PinionCli  *cli,
                          gint64      account,
                          const char *word,
                          GError    **error)
{
  GListModel *labels = pinion_engine_get_labels (cli->engine);
  gint64 id;

  if (pinion_cli_parse_id (word, &id) && pinion_engine_find_label (cli->engine, id) != NULL)
    return pinion_engine_find_label (cli->engine, id);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);

      if ((account == 0 || pinion_label_get_account (label) == account)
          && g_strcmp0 (pinion_label_get_path (label), word) == 0)
        return label;
    }

  pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                    "there is no label '%s'", word);
  return NULL;
}

gboolean
pinion_cli_flush (PinionCli *cli,
                  GError   **error)
{
  g_autofree PinionSyncResult *result = NULL;

  pinion_cli_lend_secret (cli);
  result = pinion_await_boxed (
      pinion_engine_sync_once (cli->engine, PINION_WORK_JOURNAL, NULL, NULL), error);

  return result != NULL;
}

void
pinion_cli_lend_secret (PinionCli *cli)
{
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);

  for (guint i = 0; cli->secret != NULL && i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);

      pinion_engine_set_secret (cli->engine, pinion_account_item_get_id (item), cli->secret);
    }
}
