/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cli.h"

#include "pinion-fiber.h"

#include <stdio.h>
#include <string.h>

#define PAGE_SIZE 500

/* -- Conversations -------------------------------------------------------------------------- */

static void
add_label_paths (PinionCli    *cli,
                 JsonBuilder  *builder,
                 const gint64 *ids,
                 guint         n_ids)
{
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_ids; i++)
    {
      PinionLabel *label = pinion_engine_find_label (cli->engine, ids[i]);

      if (label != NULL)
        json_builder_add_string_value (builder, pinion_label_get_path (label));
    }
  json_builder_end_array (builder);
}

void
pinion_cli_print_conversation (PinionCli          *cli,
                               PinionConversation *conversation,
                               const char         *cursor)
{
  JsonBuilder *builder = pinion_cli_object ();
  g_auto (GStrv) people = pinion_conversation_dup_people (conversation);
  guint n;

  pinion_cli_add_int (builder, "conversation", pinion_conversation_get_id (conversation));
  pinion_cli_add_string (builder, "subject", pinion_conversation_get_subject (conversation));
  json_builder_set_member_name (builder, "senders");
  json_builder_begin_array (builder);
  for (guint i = 0; people[i] != NULL; i++)
    json_builder_add_string_value (builder, people[i]);
  json_builder_end_array (builder);
  pinion_cli_add_date (builder, "date", pinion_conversation_get_date (conversation));
  pinion_cli_add_bool (builder, "unread", pinion_conversation_get_unread (conversation));
  pinion_cli_add_bool (builder, "starred", pinion_conversation_get_starred (conversation));
  pinion_cli_add_bool (builder, "attachments",
                       pinion_conversation_get_attachments (conversation));
  pinion_cli_add_string (builder, "snippet", pinion_conversation_get_snippet (conversation));
  if (pinion_conversation_get_excerpt (conversation) != NULL)
    pinion_cli_add_string (builder, "excerpt", pinion_conversation_get_excerpt (conversation));
  if (pinion_conversation_get_snoozed_until (conversation) != 0)
    pinion_cli_add_date (builder, "snoozed", pinion_conversation_get_snoozed_until (conversation));
  if (pinion_conversation_get_snoozed_back (conversation) != 0)
    pinion_cli_add_date (builder, "back", pinion_conversation_get_snoozed_back (conversation));

  const gint64 *labels = pinion_conversation_get_labels (conversation, &n);
  add_label_paths (cli, builder, labels, n);

  const gint64 *messages = pinion_conversation_get_messages (conversation, &n);
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    json_builder_add_int_value (builder, messages[i]);
  json_builder_end_array (builder);
  if (cursor != NULL)
    pinion_cli_add_string (builder, "cursor", cursor);
  pinion_cli_print (builder);
}

static gboolean
print_pages (PinionCli        *cli,
             const PinionView *view,
             const char       *before,
             guint             limit,
             GError          **error)
{
  g_autofree char *cursor = g_strdup (before);
  guint printed = 0;

  for (;;)
    {
      guint size = limit == 0 ? PAGE_SIZE : MIN (PAGE_SIZE, limit - printed);
      g_autoptr (GError) failure = NULL;
      PinionPage *page
          = pinion_await_boxed (pinion_engine_load_page (cli->engine, view, cursor, size), error);

      if (page == NULL)
        return FALSE;

      for (guint i = 0; i < page->conversations->len; i++)
        pinion_cli_print_conversation (cli, g_ptr_array_index (page->conversations, i),
                                       page->cursors[i]);

      guint n = page->conversations->len;
      printed += n;
      if (n > 0)
        g_set_str (&cursor, page->cursors[n - 1]);
      pinion_page_free (page);
      if (n == 0 || (limit != 0 && printed >= limit))
        return TRUE;
    }
}

int
pinion_cli_list (PinionCli *cli,
                 GError   **error)
{
  g_autofree char *word = NULL;
  g_autofree char *before = NULL;
  gboolean snoozed = FALSE;
  int limit = 0;
  GOptionEntry entries[] = {
    { "snoozed", 0, 0, G_OPTION_ARG_NONE, &snoozed, NULL, NULL },
    { "label", 0, 0, G_OPTION_ARG_FILENAME, &word, NULL, NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
    { "before", 0, 0, G_OPTION_ARG_FILENAME, &before, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  PinionView view = { .kind = PINION_VIEW_ALL_MAIL };

  if (!pinion_cli_parse (cli, entries, 0, 0, NULL))
    return PINION_CLI_USAGE;
  if (limit < 0)
    return pinion_cli_usage ("--limit is a number above 0");
  if (snoozed && word != NULL)
    return pinion_cli_usage ("--label and --snoozed are two lists");

  if (snoozed)
    view.kind = PINION_VIEW_SNOOZED;
  if (word != NULL)
    {
      PinionLabel *label = pinion_cli_find_label (cli, word, error);

      if (label == NULL)
        return PINION_CLI_FAILED;
      view.kind = PINION_VIEW_LABEL;
      view.account = pinion_label_get_account (label);
      view.label = pinion_label_get_id (label);
    }

  return print_pages (cli, &view, before, (guint) limit, error) ? PINION_CLI_DONE
                                                                : PINION_CLI_FAILED;
}

/* -- Messages ------------------------------------------------------------------------------- */

static void
add_people (JsonBuilder *builder,
            const char  *name,
            GPtrArray   *people)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < people->len; i++)
    {
      const PinionAddress *address = g_ptr_array_index (people, i);

      json_builder_begin_object (builder);
      pinion_cli_add_string (builder, "name", address->name);
      pinion_cli_add_string (builder, "address", address->address);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_parts (JsonBuilder      *builder,
           const char       *name,
           const PinionBody *body,
           gboolean          attachments_only)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < body->attachments->len; i++)
    {
      const PinionAttachment *part = g_ptr_array_index (body->attachments, i);

      if (attachments_only && !part->is_attachment)
        continue;
      json_builder_begin_object (builder);
      pinion_cli_add_string (builder, "part", part->part);
      pinion_cli_add_string (builder, "type", part->content_type);
      pinion_cli_add_string (builder, "name", part->file_name);
      pinion_cli_add_int (builder, "size", (gint64) part->size);
      pinion_cli_add_bool (builder, "attachment", part->is_attachment);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_message (PinionCli           *cli,
               const PinionMessage *message,
               const PinionBody    *body)
{
  JsonBuilder *builder = pinion_cli_object ();

  pinion_cli_add_int (builder, "message", message->id);
  pinion_cli_add_int (builder, "conversation", message->conversation);
  pinion_cli_add_string (builder, "subject", message->subject);
  pinion_cli_add_date (builder, "date", message->date);
  add_people (builder, "from", message->from);
  add_people (builder, "to", message->to);
  add_people (builder, "cc", message->cc);
  add_people (builder, "bcc", message->bcc);
  add_people (builder, "reply_to", message->reply_to);
  pinion_cli_add_bool (builder, "unread", message->unread);
  pinion_cli_add_bool (builder, "starred", message->starred);
  pinion_cli_add_bool (builder, "answered", message->answered);
  pinion_cli_add_bool (builder, "draft", message->draft);
  add_label_paths (cli, builder, (const gint64 *) message->labels->data, message->labels->len);
  add_parts (builder, "parts", body, FALSE);
  add_parts (builder, "attachments", body, TRUE);
  pinion_cli_add_int (builder, "remote_pictures", body->remote_pictures);
  pinion_cli_add_string (builder, "text", body->text);
  pinion_cli_print (builder);
}

static gboolean
write_raw (const char *path,
           GError    **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &failure);

  if (file == NULL)
    {
      g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure),
                                                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
      return FALSE;
    }

  gsize length = g_mapped_file_get_length (file);
  if (fwrite (g_mapped_file_get_contents (file), 1, length, stdout) != length
      || fflush (stdout) != 0)
    return pinion_error_set (error, PINION_ERROR_DISK_FULL, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "the output cannot be written");

  return TRUE;
}

static int
show_raw (PinionCli *cli,
          gint64     id,
          GError   **error)
{
  g_autofree char *path
      = pinion_await_string (pinion_engine_get_source_path (cli->engine, id), error);

  return path != NULL && write_raw (path, error) ? PINION_CLI_DONE : PINION_CLI_FAILED;
}

static int
show_body (PinionCli *cli,
           gint64     id,
           gboolean   html,
           gboolean   text,
           GError   **error)
{
  g_autoptr (PinionBody) body = pinion_await_boxed (
      pinion_engine_load_body (cli->engine, id, PINION_BODY_EVEN_IF_BROKEN), error);
  if (body == NULL)
    return PINION_CLI_FAILED;

  if (html || text)
    {
      puts (html ? body->html : body->text);
      return PINION_CLI_DONE;
    }

  g_autoptr (PinionMessage) message
      = pinion_await_boxed (pinion_engine_load_message (cli->engine, id), error);
  if (message == NULL)
    return PINION_CLI_FAILED;

  print_message (cli, message, body);
  return PINION_CLI_DONE;
}

int
pinion_cli_show (PinionCli *cli,
                 GError   **error)
{
  gboolean raw = FALSE;
  gboolean html = FALSE;
  gboolean text = FALSE;
  g_auto (GStrv) rest = NULL;
  gint64 id;
  GOptionEntry entries[] = {
    { "raw", 0, 0, G_OPTION_ARG_NONE, &raw, NULL, NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &html, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_NONE, &text, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!pinion_cli_parse (cli, entries, 1, 1, &rest))
    return PINION_CLI_USAGE;
  if (raw + html + text > 1)
    return pinion_cli_usage ("only one of --raw, --html and --text");
  if (!pinion_cli_parse_id (rest[0], &id))
    return pinion_cli_usage ("'%s' is no message id", rest[0]);

  pinion_cli_lend_secret (cli);
  return raw ? show_raw (cli, id, error) : show_body (cli, id, html, text, error);
}

int
pinion_cli_save (PinionCli *cli,
                 GError   **error)
{
  g_auto (GStrv) rest = NULL;
  gint64 id;

  if (!pinion_cli_parse (cli, NULL, 3, 3, &rest))
    return PINION_CLI_USAGE;
  if (!pinion_cli_parse_id (rest[0], &id))
    return pinion_cli_usage ("'%s' is no message id", rest[0]);

  pinion_cli_lend_secret (cli);
  return pinion_await (pinion_engine_save_part (cli->engine, id, rest[1], rest[2]), error)
             ? PINION_CLI_DONE
             : PINION_CLI_FAILED;
}
