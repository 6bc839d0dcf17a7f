/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"
#include "pinion-saved-search.h"
#include "pinion-server-search.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  char *save;
  char *saved;
  char *order;
  int limit;
  gboolean excerpts;
  gboolean server;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->save);
  g_free (self->saved);
  g_free (self->order);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *const with_value[] = { "--limit", "--order", "--save", "--saved", NULL };

/* A question may begin with a minus: only what begins with two is an option.  Returns: (transfer
 * container): the arguments in the order that the parser takes for that. */
static char **
put_question_last (PinionCli *cli)
{
  g_autoptr (GPtrArray) options = g_ptr_array_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  g_ptr_array_add (words, (gpointer) "--");
  for (char **word = cli->args; *word != NULL; word++)
    {
      gboolean is_option = g_str_has_prefix (*word, "--");

      if (strcmp (*word, "--") == 0)
        {
          while (word[1] != NULL)
            g_ptr_array_add (words, *++word);
          break;
        }
      g_ptr_array_add (is_option ? options : words, *word);
      if (g_strv_contains (with_value, *word) && word[1] != NULL)
        g_ptr_array_add (options, *++word);
    }

  g_ptr_array_extend (options, words, NULL, NULL);
  g_ptr_array_add (options, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&options), FALSE);
}

/* -- Saved ones ----------------------------------------------------------------------------- */

static PinionSavedSearch *
find_saved (PinionCli  *cli,
            const char *name,
            GError    **error)
{
  PinionSavedSearch *search = g_utf8_validate (name, -1, NULL)
                                  ? pinion_engine_find_saved_search_named (cli->engine, name)
                                  : NULL;

  if (search == NULL)
    pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                      "there is no search of this name");

  return search;
}

static void
print_saved (PinionCli *cli)
{
  GListModel *searches = pinion_engine_get_saved_searches (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (searches, i);
      JsonBuilder *builder = pinion_cli_object ();
      gboolean by_date = pinion_saved_search_get_order (search) == PINION_SEARCH_BY_DATE;

      pinion_cli_add_int (builder, "search", pinion_saved_search_get_id (search));
      pinion_cli_add_string (builder, "name", pinion_saved_search_get_name (search));
      pinion_cli_add_string (builder, "query", pinion_saved_search_get_query (search));
      pinion_cli_add_string (builder, "order", by_date ? "date" : "relevance");
      pinion_cli_add_bool (builder, "pinned", pinion_saved_search_get_pinned (search));
      pinion_cli_print (builder);
    }
}

/* @act: what the word means.  Takes one name, and to rename another. */
static DexFuture *
change_saved (PinionCli  *cli,
              const char *act,
              GStrv       names,
              GError    **error)
{
  PinionSavedSearch *search = find_saved (cli, names[0], error);
  gint64 id = search != NULL ? pinion_saved_search_get_id (search) : 0;

  if (search == NULL)
    return NULL;
  if (strcmp (act, "rename") == 0)
    return pinion_engine_rename_search (cli->engine, id, names[1]);
  if (strcmp (act, "remove") == 0)
    return pinion_engine_remove_search (cli->engine, id);

  return pinion_engine_pin_search (cli->engine, id, strcmp (act, "pin") == 0);
}

int
pinion_cli_searches (PinionCli *cli,
                     GError   **error)
{
  static const char *const acts[] = { "rename", "remove", "pin", "unpin", NULL };
  g_auto (GStrv) names = NULL;
  const char *act = cli->args[0];
  guint n_names;

  if (act == NULL)
    {
      print_saved (cli);
      return PINION_CLI_DONE;
    }
  if (!g_strv_contains (acts, act))
    return pinion_cli_usage ("'searches %s' is not known", act);

  cli->args++;
  n_names = strcmp (act, "rename") == 0 ? 2 : 1;
  if (!pinion_cli_parse (cli, NULL, n_names, n_names, &names))
    return PINION_CLI_USAGE;

  DexFuture *changed = change_saved (cli, act, names, error);
  g_autofree PinionDone *done = changed != NULL ? pinion_await_boxed (changed, error) : NULL;

  return done != NULL ? PINION_CLI_DONE : PINION_CLI_FAILED;
}

/* -- Searching ------------------------------------------------------------------------------ */

static gboolean
parse_order (const char        *word,
             PinionSearchOrder *order)
{
  *order = PINION_SEARCH_BY_DATE;
  if (word == NULL || strcmp (word, "date") == 0)
    return TRUE;

  *order = PINION_SEARCH_BY_RELEVANCE;
  return strcmp (word, "relevance") == 0;
}

static gboolean
save (PinionCli        *cli,
      const char       *name,
      const char       *text,
      PinionSearchOrder order,
      GError          **error)
{
  g_autofree PinionDone *done
      = pinion_await_boxed (pinion_engine_save_search (cli->engine, name, text, order), error);

  return done != NULL;
}

static gboolean
search_here (PinionCli         *cli,
             PinionSearchQuery *query,
             PinionSearchOrder  order,
             const Options     *options,
             GError           **error)
{
  g_autoptr (GPtrArray) found = pinion_await_boxed (
      pinion_engine_search (cli->engine, query, order, (guint) options->limit, options->excerpts),
      error);

  for (guint i = 0; found != NULL && i < found->len; i++)
    pinion_cli_print_conversation (cli, g_ptr_array_index (found, i), NULL);

  return found != NULL;
}

static void
print_failure (const PinionServerFailure *failure)
{
  JsonBuilder *builder = pinion_cli_object ();
  g_autofree char *message = pinion_error_dup_message (failure->error);
  g_autofree char *fix = pinion_error_dup_fix (failure->error);

  json_builder_set_member_name (builder, "not_searched");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "account", failure->account);
  pinion_cli_add_string (builder, "label", failure->label);
  pinion_cli_add_failure (builder, failure->error);
  pinion_cli_add_string (builder, "message", message);
  pinion_cli_add_string (builder, "fix", fix);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

/* Where no server could be asked, the first reason is the command's. */
static gboolean
search_servers (PinionCli         *cli,
                PinionSearchQuery *query,
                GError           **error)
{
  pinion_cli_lend_secret (cli);
  g_autoptr (PinionServerFound) found = pinion_await_boxed (
      pinion_engine_search_server (cli->engine, query, PINION_SERVER_SEARCH_MOST, NULL, NULL,
                                   NULL),
      error);

  if (found == NULL)
    return FALSE;
  if (found->accounts == 0 && found->failures->len > 0)
    {
      const PinionServerFailure *failure = g_ptr_array_index (found->failures, 0);

      g_propagate_error (error, g_error_copy (failure->error));
      return FALSE;
    }

  for (guint i = 0; i < found->failures->len; i++)
    print_failure (g_ptr_array_index (found->failures, i));

  JsonBuilder *builder = pinion_cli_object ();
  json_builder_set_member_name (builder, "server");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "here", found->known);
  pinion_cli_add_int (builder, "taken", found->taken);
  pinion_cli_add_bool (builder, "more", found->more);
  json_builder_end_object (builder);
  pinion_cli_print (builder);

  return TRUE;
}

static int
search_with (PinionCli     *cli,
             const Options *options,
             const char    *words,
             GError       **error)
{
  PinionSearchOrder order;
  PinionSavedSearch *saved = NULL;

  if (options->limit < 0)
    return pinion_cli_usage ("--limit is a number above 0");
  if (!parse_order (options->order, &order))
    return pinion_cli_usage ("--order is date or relevance");
  if ((words == NULL) == (options->saved == NULL))
    return pinion_cli_usage ("what to search for is a QUERY, or --saved NAME");

  if (options->saved != NULL)
    {
      saved = find_saved (cli, options->saved, error);
      if (saved == NULL)
        return PINION_CLI_FAILED;
      if (options->order == NULL)
        order = pinion_saved_search_get_order (saved);
    }

  g_autofree char *text = g_strdup (saved != NULL ? pinion_saved_search_get_query (saved) : words);
  g_autoptr (PinionSearchQuery) query
      = pinion_search_query_parse (text, g_get_real_time () / G_USEC_PER_SEC);

  if (options->save != NULL && !save (cli, options->save, text, order, error))
    return PINION_CLI_FAILED;

  if (options->server && !search_servers (cli, query, error))
    return PINION_CLI_FAILED;

  return search_here (cli, query, order, options, error) ? PINION_CLI_DONE : PINION_CLI_FAILED;
}

int
pinion_cli_search (PinionCli *cli,
                   GError   **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) rest = NULL;
  GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, NULL, NULL },
    { "order", 0, 0, G_OPTION_ARG_FILENAME, &options.order, NULL, NULL },
    { "save", 0, 0, G_OPTION_ARG_FILENAME, &options.save, NULL, NULL },
    { "saved", 0, 0, G_OPTION_ARG_FILENAME, &options.saved, NULL, NULL },
    { "excerpts", 0, 0, G_OPTION_ARG_NONE, &options.excerpts, NULL, NULL },
    { "server", 0, 0, G_OPTION_ARG_NONE, &options.server, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree char **args = put_question_last (cli);

  cli->args = args;
  if (!pinion_cli_parse (cli, entries, 0, 1, &rest))
    return PINION_CLI_USAGE;

  return search_with (cli, &options, rest[0], error);
}
