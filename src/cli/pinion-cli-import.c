/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"
#include "pinion-import.h"

static void
print_refused (const PinionRefusedFile *refused)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "left_out");
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "file", refused->name);
  pinion_cli_add_string (builder, "code", pinion_error_get_code_name (refused->error));
  pinion_cli_add_string (builder, "message", refused->error->message);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

static void
print_imported (const PinionImported *imported)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "imported");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "added", imported->n_added);
  pinion_cli_add_int (builder, "labelled", imported->n_labelled);
  pinion_cli_add_int (builder, "known", imported->n_known);
  pinion_cli_add_int (builder, "left_out", imported->refused->len);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

static GListModel *
list_files (char **names)
{
  GListStore *files = g_list_store_new (G_TYPE_FILE);

  for (; *names != NULL; names++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (*names);

      g_list_store_append (files, file);
    }

  return G_LIST_MODEL (files);
}

/* Where a file was left out, that of the first one is the command's error. */
static int
end (const PinionImported *imported,
     GError              **error)
{
  const PinionRefusedFile *first;

  if (imported->refused->len == 0)
    return PINION_CLI_DONE;

  first = g_ptr_array_index (imported->refused, 0);
  pinion_error_set (error, (PinionErrorCode) first->error->code, PINION_PROTOCOL_NONE,
                    PINION_STAGE_NONE, "%s: %s", first->name, first->error->message);

  return PINION_CLI_FAILED;
}

int
pinion_cli_import (PinionCli *cli,
                   GError   **error)
{
  gboolean wait = FALSE;
  g_auto (GStrv) rest = NULL;
  GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 2, G_MAXUINT, &rest))
    return PINION_CLI_USAGE;

  PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);
  if (label == NULL)
    return PINION_CLI_FAILED;

  g_autoptr (GListModel) files = list_files (rest + 1);
  g_autoptr (PinionImported) imported = pinion_await_boxed (
      pinion_engine_import (cli->engine, files, pinion_label_get_id (label), NULL, NULL, NULL),
      error);
  if (imported == NULL)
    return PINION_CLI_FAILED;

  for (guint i = 0; i < imported->refused->len; i++)
    print_refused (g_ptr_array_index (imported->refused, i));
  print_imported (imported);
  if (wait && (!pinion_cli_flush (cli, error) || !pinion_cli_check_refused (cli, error)))
    return PINION_CLI_FAILED;

  return end (imported, error);
}
