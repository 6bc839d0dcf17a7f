/* SPDX-License-Identifier: GPL-3.0-or-later */

/* account discover: what the assistant's look-up finds, and where. */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <string.h>

typedef struct
{
  char *base_url;
  char *ca;
  GStrv agreed;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->base_url);
  g_free (options->ca);
  g_strfreev (options->agreed);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* -- Output --------------------------------------------------------------------------------- */

static void
add_answers (JsonBuilder  *builder,
             PinionAnswers answers)
{
  json_builder_set_member_name (builder, "answers");
  if (answers == PINION_ANSWERS_UNKNOWN)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, answers == PINION_ANSWERS_YES);
}

static void
add_server (JsonBuilder         *builder,
            const PinionFinding *finding)
{
  pinion_cli_add_string (builder, "source", pinion_source_to_string (finding->source));
  pinion_cli_add_string (builder, "protocol", pinion_protocol_to_string (finding->protocol));
  pinion_cli_add_string (builder, "host", finding->host);
  pinion_cli_add_int (builder, "port", finding->port);
  pinion_cli_add_string (builder, "tls", pinion_encryption_to_string (finding->encryption));
  pinion_cli_add_string (builder, "user", finding->user);
}

static void
print_finding (const PinionFinding *finding)
{
  JsonBuilder *builder = pinion_cli_object ();

  add_server (builder, finding);
  pinion_cli_add_string (builder, "user_form", pinion_user_form_to_string (finding->form));
  pinion_cli_add_string (builder, "origin", finding->origin);
  pinion_cli_add_int (builder, "rank", finding->rank);
  pinion_cli_add_bool (builder, "verified", finding->verified);
  pinion_cli_add_bool (builder, "own_domain", finding->own_domain);
  add_answers (builder, finding->answers);
  pinion_cli_print (builder);
}

static void
add_best (JsonBuilder           *builder,
          const PinionDiscovery *discovery,
          PinionProtocol         protocol)
{
  const PinionFinding *best = pinion_discovery_get_best (discovery, protocol);

  json_builder_set_member_name (builder, pinion_protocol_to_string (protocol));
  if (best == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  add_server (builder, best);
  json_builder_end_object (builder);
}

static void
add_attempt (JsonBuilder         *builder,
             const PinionAttempt *attempt)
{
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "source", pinion_source_to_string (attempt->source));
  pinion_cli_add_string (builder, "target", attempt->target);
  pinion_cli_add_string (builder, "outcome", pinion_outcome_to_string (attempt->outcome));
  pinion_cli_add_string (builder, "host", attempt->host);
  pinion_cli_add_string (builder, "detail", attempt->detail);
  json_builder_end_object (builder);
}

static void
print_summary (const PinionDiscovery *discovery)
{
  JsonBuilder *builder = pinion_cli_object ();

  json_builder_set_member_name (builder, "discovered");
  json_builder_begin_object (builder);
  pinion_cli_add_int (builder, "findings", discovery->findings->len);
  add_best (builder, discovery, PINION_PROTOCOL_IMAP);
  add_best (builder, discovery, PINION_PROTOCOL_SMTP);
  json_builder_set_member_name (builder, "tried");
  json_builder_begin_array (builder);
  for (guint i = 0; i < discovery->attempts->len; i++)
    add_attempt (builder, discovery->attempts->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  pinion_cli_print (builder);
}

/* -- The command ---------------------------------------------------------------------------- */

static gboolean
is_http_url (const char *text)
{
  g_autoptr (GUri) url = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *scheme = url != NULL ? g_uri_get_scheme (url) : "";

  return (strcmp (scheme, "https") == 0 || strcmp (scheme, "http") == 0)
         && g_uri_get_host (url) != NULL && *g_uri_get_host (url) != '\0'
         && g_uri_get_userinfo (url) == NULL;
}

static gboolean
read_ca (const char *path,
         char      **ca_pem,
         GError    **error)
{
  g_autoptr (GError) failure = NULL;

  if (path == NULL || g_file_get_contents (path, ca_pem, NULL, &failure))
    return TRUE;

  g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure), PINION_PROTOCOL_NONE,
                                                PINION_STAGE_NONE));
  return FALSE;
}

static int
discover (PinionCli     *cli,
          const Options *options,
          const char    *address,
          GError       **error)
{
  g_autofree char *ca_pem = NULL;
  g_autoptr (PinionDiscovery) discovery = NULL;

  if (!read_ca (options->ca, &ca_pem, error))
    return PINION_CLI_FAILED;

  PinionDiscoverRequest request = {
    .address = address,
    .secret = cli->secret,
    .ca_pem = ca_pem,
    .base_url = options->base_url,
    .agreed_hosts = (const char *const *) options->agreed,
  };
  discovery = pinion_await_boxed (pinion_engine_discover (cli->engine, &request, NULL, NULL, NULL),
                                  error);
  if (discovery == NULL)
    return PINION_CLI_FAILED;

  for (guint i = 0; i < discovery->findings->len; i++)
    print_finding (discovery->findings->pdata[i]);
  print_summary (discovery);
  return PINION_CLI_DONE;
}

int
pinion_cli_account_discover (PinionCli *cli,
                             GError   **error)
{
  g_auto (Options) options = { NULL };
  g_auto (GStrv) rest = NULL;
  GOptionEntry entries[] = {
    { "base-url", 0, 0, G_OPTION_ARG_FILENAME, &options.base_url, NULL, NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options.ca, NULL, NULL },
    { "agree", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.agreed, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (options.base_url != NULL && !is_http_url (options.base_url))
    return pinion_cli_usage ("--base-url is an http or https URL");

  return discover (cli, &options, rest[0], error);
}
