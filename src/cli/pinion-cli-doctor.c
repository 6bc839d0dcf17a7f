/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"
static void
print_difference (const PinionDifference *difference)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "difference");
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "kind", difference->kind);
  pinion_cli_add_int (builder, "account", difference->account);
  pinion_cli_add_string (builder, "label", difference->label);
  pinion_cli_add_int (builder, "message", difference->message);
  pinion_cli_add_int (builder, "conversation", difference->conversation);
  pinion_cli_add_int (builder, "uid", difference->uid);
  pinion_cli_add_string (builder, "detail", difference->text);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

static void
print_summary (const PinionExamination *examination)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "doctor");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "differences", examination->differences->len);
  pinion_cli_add_int (builder, "messages", examination->messages);
  pinion_cli_add_int (builder, "files", examination->files);
  pinion_cli_add_int (builder, "pending", examination->pending);
  pinion_cli_add_int (builder, "refused", examination->failed);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

int
pinion_cli_doctor (PinionCli *cli,
                   GError   **error)
{
  if (!pinion_cli_parse (cli, NULL, 0, 0, NULL))
    return PINION_CLI_USAGE;

  pinion_cli_lend_secret (cli);
  g_autoptr (PinionExamination) examination
      = pinion_await_boxed (pinion_engine_examine (cli->engine), error);
  if (examination == NULL)
    return PINION_CLI_FAILED;

  for (guint i = 0; i < examination->differences->len; i++)
    print_difference (g_ptr_array_index (examination->differences, i));
  print_summary (examination);

  if (examination->error != NULL)
    {
      g_propagate_error (error, g_error_copy (examination->error));
      return PINION_CLI_FAILED;
    }
  if (examination->differences->len == 0)
    return PINION_CLI_DONE;

  pinion_error_set (error, PINION_ERROR_STORE_DIFFERS, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                    "differences: %u", examination->differences->len);
  return PINION_CLI_FAILED;
}
