/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <glib-unix.h>
#include <string.h>

static void
print_progress (const char *label,
                guint       done,
                guint       total,
                gpointer    user_data)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "progress");
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "label", label);
  pinion_cli_add_int (builder, "done", done);
  pinion_cli_add_int (builder, "total", total);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

static void
print_synced (const PinionSyncResult *result)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "synced");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "messages", result->messages);
  pinion_cli_add_int (builder, "new", result->new_messages);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, (double) (gint64) (result->seconds * 1000.0) / 1000.0);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

/* What could not be done on the server was set right here: it is said once. */
static gboolean
print_refused (PinionCli *cli,
               GError   **error)
{
  g_autoptr (GPtrArray) refused
      = pinion_await_boxed (pinion_engine_take_refused (cli->engine), error);

  for (guint i = 0; refused != NULL && i < refused->len; i++)
    {
      const PinionPending *item = g_ptr_array_index (refused, i);
      JsonBuilder *builder = pinion_cli_object ();

      json_builder_set_member_name (builder, "refused");
      json_builder_begin_object (builder);
      pinion_cli_add_string (builder, "kind", item->kind);
      pinion_cli_add_int (builder, "message", item->message);
      pinion_cli_add_string (builder, "subject", item->subject);
      pinion_cli_add_string (builder, "from", item->from);
      pinion_cli_add_string (builder, "to", item->to);
      pinion_cli_add_string (builder, "error", item->error);
      json_builder_end_object (builder);
      pinion_cli_print (builder);
    }

  return refused != NULL;
}

/* -- Watching ------------------------------------------------------------------------------- */

typedef struct
{
  PinionCli *cli;
  DexPromise *done;
} Watch;

static gboolean
on_signal (gpointer data)
{
  Watch *watch = data;

  if (dex_future_is_pending (DEX_FUTURE (watch->done)))
    dex_promise_resolve_boolean (watch->done, TRUE);

  return G_SOURCE_CONTINUE;
}

static void
on_state (PinionAccountItem *item,
          GParamSpec        *pspec,
          gpointer           user_data)
{
  PinionSyncState state = pinion_account_item_get_state (item);
  const GError *error = pinion_account_item_get_error (item);

  if (state == PINION_SYNC_SYNCING)
    print_progress (NULL, pinion_account_item_get_done (item),
                    pinion_account_item_get_total (item), NULL);
  else if (state == PINION_SYNC_IDLE)
    {
      JsonBuilder *builder = pinion_cli_object ();
      pinion_cli_add_string (builder, "state", "idle");
      pinion_cli_add_int (builder, "account", pinion_account_item_get_id (item));
      pinion_cli_print (builder);
    }
  else if (error != NULL)
    pinion_cli_print_error (error, "sync");
}

static int
watch_accounts (PinionCli *cli)
{
  GListModel *accounts = pinion_engine_get_accounts (cli->engine);
  Watch watch = { cli, dex_promise_new () };
  guint interrupted = g_unix_signal_add (SIGINT, on_signal, &watch);
  guint terminated = g_unix_signal_add (SIGTERM, on_signal, &watch);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);
      g_signal_connect (item, "notify::state", G_CALLBACK (on_state), cli);
    }

  pinion_engine_start (cli->engine);
  pinion_await (dex_ref (watch.done), NULL);
  g_source_remove (interrupted);
  g_source_remove (terminated);
  dex_unref (watch.done);

  return PINION_CLI_DONE;
}

int
pinion_cli_sync (PinionCli *cli,
                 GError   **error)
{
  gboolean watch = FALSE;
  g_autofree char *bodies = NULL;
  GOptionEntry entries[] = {
    { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, NULL, NULL },
    { "bodies", 0, 0, G_OPTION_ARG_FILENAME, &bodies, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 0, 0, NULL))
    return PINION_CLI_USAGE;
  if (bodies != NULL && strcmp (bodies, "all") != 0 && strcmp (bodies, "none") != 0)
    return pinion_cli_usage ("--bodies is all or none");

  pinion_cli_lend_secret (cli);
  if (watch)
    return watch_accounts (cli);

  PinionWork work = g_strcmp0 (bodies, "none") == 0 ? PINION_WORK_HEADERS : PINION_WORK_ALL;
  g_autofree PinionSyncResult *result = pinion_await_boxed (
      pinion_engine_sync_once (cli->engine, work, print_progress, NULL), error);
  if (result == NULL || !print_refused (cli, error))
    return PINION_CLI_FAILED;

  print_synced (result);
  return PINION_CLI_DONE;
}
