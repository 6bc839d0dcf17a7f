/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include <stdio.h>

#include "pinion-fiber.h"
#include "pinion-when.h"

static void
print_done (const PinionDone *done)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "done");
  json_builder_begin_object (builder);
  pinion_cli_add_bool (builder, "changed", done->group != 0);
  pinion_cli_add_int (builder, "messages", done->messages);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

gboolean
pinion_cli_check_refused (PinionCli *cli,
                          GError   **error)
{
  g_autoptr (GPtrArray) refused
      = pinion_await_boxed (pinion_engine_take_refused (cli->engine), error);

  if (refused == NULL)
    return FALSE;
  if (refused->len == 0)
    return TRUE;

  const PinionPending *first = g_ptr_array_index (refused, 0);
  return pinion_error_set (error, first->code, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE, "%s: %s",
                           first->kind, first->error);
}

static gboolean
parse_messages (char  **words,
                GArray *messages)
{
  for (; *words != NULL; words++)
    {
      gint64 id;

      if (!pinion_cli_parse_id (*words, &id))
        {
          pinion_cli_usage ("'%s' is no message id", *words);
          return FALSE;
        }
      g_array_append_val (messages, id);
    }

  return TRUE;
}

static int
act (PinionCli *cli,
     PinionAct  kind,
     gboolean   takes_label,
     GError   **error)
{
  gboolean wait = FALSE;
  g_auto (GStrv) rest = NULL;
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 label_id = 0;
  GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, takes_label ? 2 : 1, G_MAXUINT, &rest))
    return PINION_CLI_USAGE;

  if (!parse_messages (rest + takes_label, messages))
    return PINION_CLI_USAGE;

  if (takes_label)
    {
      PinionLabel *label = pinion_cli_find_label (cli, rest[0], error);

      if (label == NULL)
        return PINION_CLI_FAILED;
      label_id = pinion_label_get_id (label);
    }

  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_engine_act_on_messages (cli->engine, kind, (gint64 *) messages->data, messages->len,
                                     label_id),
      error);
  if (done == NULL
      || (wait && (!pinion_cli_flush (cli, error) || !pinion_cli_check_refused (cli, error))))
    return PINION_CLI_FAILED;

  print_done (done);
  return PINION_CLI_DONE;
}

int
pinion_cli_read (PinionCli *cli,
                 GError   **error)
{
  return act (cli, PINION_ACT_READ, FALSE, error);
}

int
pinion_cli_unread (PinionCli *cli,
                   GError   **error)
{
  return act (cli, PINION_ACT_UNREAD, FALSE, error);
}

int
pinion_cli_star (PinionCli *cli,
                 GError   **error)
{
  return act (cli, PINION_ACT_STAR, FALSE, error);
}

int
pinion_cli_unstar (PinionCli *cli,
                   GError   **error)
{
  return act (cli, PINION_ACT_UNSTAR, FALSE, error);
}

int
pinion_cli_archive (PinionCli *cli,
                    GError   **error)
{
  return act (cli, PINION_ACT_ARCHIVE, FALSE, error);
}

int
pinion_cli_trash (PinionCli *cli,
                  GError   **error)
{
  return act (cli, PINION_ACT_TRASH, FALSE, error);
}

int
pinion_cli_spam (PinionCli *cli,
                 GError   **error)
{
  return act (cli, PINION_ACT_SPAM, FALSE, error);
}

int
pinion_cli_unspam (PinionCli *cli,
                   GError   **error)
{
  return act (cli, PINION_ACT_NOT_SPAM, FALSE, error);
}

int
pinion_cli_delete (PinionCli *cli,
                   GError   **error)
{
  return act (cli, PINION_ACT_DELETE, FALSE, error);
}

int
pinion_cli_add_label (PinionCli *cli,
                      GError   **error)
{
  return act (cli, PINION_ACT_ADD_LABEL, TRUE, error);
}

int
pinion_cli_move (PinionCli *cli,
                 GError   **error)
{
  return act (cli, PINION_ACT_MOVE, TRUE, error);
}

int
pinion_cli_remove_label (PinionCli *cli,
                         GError   **error)
{
  return act (cli, PINION_ACT_REMOVE_LABEL, TRUE, error);
}

static int
put_off (PinionCli *cli,
         char     **words,
         gint64     until,
         GError   **error)
{
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!parse_messages (words, messages))
    return PINION_CLI_USAGE;

  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_engine_snooze_messages (cli->engine, (gint64 *) messages->data, messages->len, until),
      error);
  if (done == NULL)
    return PINION_CLI_FAILED;

  print_done (done);
  return PINION_CLI_DONE;
}

int
pinion_cli_snooze (PinionCli *cli,
                   GError   **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_auto (GStrv) rest = NULL;
  gint64 until;

  if (!pinion_cli_parse (cli, NULL, 2, G_MAXUINT, &rest))
    return PINION_CLI_USAGE;
  if (!pinion_when_parse (rest[0], now, &until))
    return pinion_cli_usage ("'%s' is no moment to come", rest[0]);

  return put_off (cli, rest + 1, until, error);
}

int
pinion_cli_unsnooze (PinionCli *cli,
                     GError   **error)
{
  g_auto (GStrv) rest = NULL;

  if (!pinion_cli_parse (cli, NULL, 1, G_MAXUINT, &rest))
    return PINION_CLI_USAGE;

  return put_off (cli, rest, 0, error);
}

static void
print_stays (GArray *stays)
{
  g_autofree char *words = pinion_stays_dup_words (stays);

  for (guint i = 0; i < stays->len; i++)
    {
      const PinionStays *one = &g_array_index (stays, PinionStays, i);
      JsonBuilder *builder = pinion_cli_object ();

      json_builder_set_member_name (builder, "stays");
      json_builder_begin_object (builder);
      pinion_cli_add_int (builder, "message", one->message);
      pinion_cli_add_string (builder, "why", pinion_stays_reason_to_string (one->reason));
      json_builder_end_object (builder);
      pinion_cli_print (builder);
    }
  if (words != NULL)
    fprintf (stderr, "%s\n", words);
}

int
pinion_cli_undo (PinionCli *cli,
                 GError   **error)
{
  gboolean wait = FALSE;
  GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 0, 0, NULL))
    return PINION_CLI_USAGE;

  g_autoptr (GArray) stays = pinion_await_boxed (pinion_engine_undo (cli->engine, 0), error);
  if (stays == NULL)
    return PINION_CLI_FAILED;

  print_stays (stays);
  if (wait && (!pinion_cli_flush (cli, error) || !pinion_cli_check_refused (cli, error)))
    return PINION_CLI_FAILED;

  JsonBuilder *builder = pinion_cli_object ();
  pinion_cli_add_bool (builder, "undone", TRUE);
  pinion_cli_print (builder);
  return PINION_CLI_DONE;
}

int
pinion_cli_pending (PinionCli *cli,
                    GError   **error)
{
  if (!pinion_cli_parse (cli, NULL, 0, 0, NULL))
    return PINION_CLI_USAGE;

  g_autoptr (GPtrArray) pending
      = pinion_await_boxed (pinion_engine_load_pending (cli->engine), error);
  if (pending == NULL)
    return PINION_CLI_FAILED;

  for (guint i = 0; i < pending->len; i++)
    {
      const PinionPending *item = g_ptr_array_index (pending, i);
      JsonBuilder *builder = pinion_cli_object ();

      pinion_cli_add_int (builder, "id", item->id);
      pinion_cli_add_string (builder, "kind", item->kind);
      pinion_cli_add_int (builder, "message", item->message);
      pinion_cli_add_string (builder, "subject", item->subject);
      pinion_cli_add_string (builder, "from", item->from);
      pinion_cli_add_string (builder, "to", item->to);
      pinion_cli_add_int (builder, "tries", item->tries);
      pinion_cli_add_bool (builder, "failed", item->failed);
      pinion_cli_add_string (builder, "error", item->error);
      pinion_cli_print (builder);
    }

  return PINION_CLI_DONE;
}
