/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include <stdio.h>
#include <string.h>

JsonBuilder *
pinion_cli_object (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);

  return builder;
}

void
pinion_cli_print (JsonBuilder *builder)
{
  g_autoptr (JsonBuilder) owned = builder;
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  g_autofree char *line = json_generator_to_data (generator, NULL);

  puts (line);
  fflush (stdout);
}

void
pinion_cli_add_string (JsonBuilder *builder,
                       const char  *name,
                       const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
pinion_cli_add_int (JsonBuilder *builder,
                    const char  *name,
                    gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
pinion_cli_add_bool (JsonBuilder *builder,
                     const char  *name,
                     gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
pinion_cli_add_date (JsonBuilder *builder,
                     const char  *name,
                     gint64       seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  pinion_cli_add_string (builder, name, text);
}

/* What went wrong on this computer is told as of the protocol that the command stands for. */
static const char *
protocol_of (const GError *error,
             const char   *command)
{
  const char *protocol = pinion_protocol_to_string (pinion_error_get_protocol (error));

  if (*protocol != '\0')
    return protocol;

  return strcmp (command, "send") == 0 || strcmp (command, "outbox") == 0 ? "smtp" : "imap";
}

/* What the window offers on a button, for who wants to press it. */
static void
add_cure (JsonBuilder  *builder,
          const GError *error)
{
  PinionCure cure = pinion_cure_for_error (error);
  g_autofree char *label = pinion_cure_dup_label (cure, error);
  PinionEncryption encryption;
  guint16 port;

  if (cure == PINION_CURE_NONE)
    return;

  json_builder_set_member_name (builder, "cure");
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "action", pinion_cure_to_string (cure));
  pinion_cli_add_string (builder, "label", label);
  if (pinion_cure_get_way (cure, error, &port, &encryption))
    {
      pinion_cli_add_int (builder, "port", port);
      pinion_cli_add_string (builder, "tls", pinion_encryption_to_string (encryption));
    }
  json_builder_end_object (builder);
}

void
pinion_cli_add_failure (JsonBuilder  *builder,
                        const GError *error)
{
  const char *sha256 = pinion_error_get_detail (error, "sha256");

  pinion_cli_add_string (builder, "code", pinion_error_get_code_name (error));
  if (sha256 != NULL)
    pinion_cli_add_string (builder, "sha256", sha256);
  add_cure (builder, error);
}

/* Codes whose words fit everything do not say what it was: the detail does. */
static gboolean
is_general (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT)
         || pinion_error_is (error, PINION_ERROR_NOT_FOUND);
}

void
pinion_cli_print_error (const GError *error,
                        const char   *command)
{
  JsonBuilder *builder = pinion_cli_object ();
  const char *stage = pinion_stage_to_string (pinion_error_get_stage (error));
  const char *server_text = pinion_error_get_detail (error, "server-text");
  const char *sha256 = pinion_error_get_detail (error, "sha256");
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *fix = pinion_error_dup_fix (error);

  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  pinion_cli_add_string (builder, "protocol", protocol_of (error, command));
  pinion_cli_add_string (builder, "stage", *stage != '\0' ? stage : command);
  pinion_cli_add_string (builder, "code", pinion_error_get_code_name (error));
  pinion_cli_add_string (builder, "message", message);
  pinion_cli_add_string (builder, "fix", fix);
  pinion_cli_add_string (builder, "detail", error->message);
  if (server_text != NULL)
    pinion_cli_add_string (builder, "server_text", server_text);
  if (sha256 != NULL)
    pinion_cli_add_string (builder, "sha256", sha256);
  /* What has no stage is no failure of a connection: only an account's own fields can be at fault. */
  if (*stage != '\0' || strcmp (command, "account") == 0)
    add_cure (builder, error);
  json_builder_end_object (builder);

  fprintf (stderr, "%s %s\n", message, fix);
  if (is_general (error))
    fprintf (stderr, "%s\n", error->message);
  pinion_cli_print (builder);
}
