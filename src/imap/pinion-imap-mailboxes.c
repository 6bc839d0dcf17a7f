/* SPDX-License-Identifier: GPL-3.0-or-later */

/* STATUS, SELECT, EXAMINE, leaving, CREATE, RENAME, DELETE, SUBSCRIBE (RFC 3501, 6.3; RFC 3691,
 * 6154, 7162, 7889, 8438, 8474). */

#include "pinion-imap-connection-private.h"

#include "pinion-imap-utf7.h"

/* -- Names ----------------------------------------------------------------------------------- */

/* Whether names go over the line in UTF-8 (RFC 6855, 3; RFC 9051, 5.1).  Here they are kept in
 * modified UTF-7 all the same, so that a mailbox stays the same whatever a server offers. */
static gboolean
speaks_utf8 (PinionImapConnection *self)
{
  return pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_UTF8_ACCEPT) ||
         (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_IMAP4REV2) &&
          !pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_IMAP4REV1));
}

void
pinion_imap_connection_add_name (PinionImapConnection *self,
                                 PinionImapCommand    *command,
                                 const char           *raw_name)
{
  g_autofree char *name = NULL;

  if (speaks_utf8 (self) && pinion_imap_utf7_is_valid (raw_name))
    name = pinion_imap_utf7_decode (raw_name);
  pinion_imap_command_add_astring (command, name != NULL ? name : raw_name);
}

char *
pinion_imap_connection_take_name (PinionImapConnection  *self,
                                  const PinionImapSlice *slice)
{
  g_autofree char *name = pinion_imap_slice_dup (slice);
  char *raw_name = NULL;

  /* What is no UTF-8 is kept as it came, and sent back so: it is no modified UTF-7 either. */
  if (name != NULL && speaks_utf8 (self))
    raw_name = pinion_imap_utf7_encode (name);

  return raw_name != NULL ? raw_name : g_steal_pointer (&name);
}

/* -- STATUS ---------------------------------------------------------------------------------- */

typedef struct
{
  PinionImapStatus status;
  gboolean seen;
} StatusQuery;

static gboolean
on_status_data (PinionImapCommand       *command,
                PinionImapResponse      *response,
                const PinionImapFetched *fetched)
{
  StatusQuery *query = command->data;

  /* One at a time is asked for, so that a name the server writes in another way is no matter. */
  if (response->kind != PINION_IMAP_RESPONSE_STATUS || query->seen)
    return FALSE;

  query->seen = TRUE;
  query->status = response->status;

  return TRUE;
}

static void
finish_status (PinionImapCommand        *command,
               const PinionImapResponse *response)
{
  StatusQuery *query = command->data;

  dex_promise_resolve_boxed (command->promise, PINION_TYPE_IMAP_STATUS,
                             pinion_imap_status_copy (&query->status));
}

char *
pinion_imap_connection_make_status_items (PinionImapConnection *self)
{
  static const struct
  {
    PinionImapCapability needed;
    const char *item;
  } extensions[] = {
    { PINION_IMAP_CAPABILITY_CONDSTORE, " HIGHESTMODSEQ" },
    { PINION_IMAP_CAPABILITY_STATUS_SIZE, " SIZE" },
    { PINION_IMAP_CAPABILITY_OBJECTID, " MAILBOXID" },
    { PINION_IMAP_CAPABILITY_APPENDLIMIT, " APPENDLIMIT" },
  };
  g_autoptr (GString) items = g_string_new ("(MESSAGES UNSEEN UIDNEXT UIDVALIDITY");

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (pinion_imap_connection_has (self, extensions[i].needed))
      g_string_append (items, extensions[i].item);
  g_string_append_c (items, ')');

  return g_string_free (g_steal_pointer (&items), FALSE);
}

DexFuture *
pinion_imap_connection_status (PinionImapConnection *self,
                               const char           *raw_name)
{
  PinionImapCommand *command;
  StatusQuery *query = g_new0 (StatusQuery, 1);
  g_autofree char *items = pinion_imap_connection_make_status_items (self);

  command = pinion_imap_command_new ("STATUS", PINION_IMAP_ASKED_OPEN, 0);
  /* Also not beside a LIST that asks for it. */
  command->serial = "LIST";
  pinion_imap_connection_add_name (self, command, raw_name);
  pinion_imap_command_add (command, items);
  command->untagged = on_status_data;
  command->finish = finish_status;
  pinion_imap_command_set_data (command, query, g_free);

  return pinion_imap_connection_send (self, command);
}

/* -- SELECT ---------------------------------------------------------------------------------- */

typedef struct
{
  PinionImapConnection *connection;
  char *raw_name;
  gboolean read_only;
  PinionImapNews *news;
} Selection;

static void
selection_free (gpointer data)
{
  Selection *selection = data;

  g_free (selection->raw_name);
  g_clear_pointer (&selection->news, pinion_imap_news_unref);
  g_free (selection);
}

/* SELECT goes out alone: what is said from here on is of the new mailbox. */
static void
on_select_sent (PinionImapCommand *command)
{
  Selection *selection = command->data;
  PinionImapConnection *self = selection->connection;

  g_clear_pointer (&self->view, pinion_imap_view_free);
  self->view = pinion_imap_view_new (selection->raw_name, selection->read_only);
}

static gboolean
on_select_data (PinionImapCommand       *command,
                PinionImapResponse      *response,
                const PinionImapFetched *fetched)
{
  Selection *selection = command->data;

  if (selection->news == NULL)
    return FALSE;

  /* What came before it was of the mailbox that was left. */
  if (response->code == PINION_IMAP_CODE_CLOSED)
    pinion_imap_news_reset (selection->news);

  return pinion_imap_news_take (selection->news, response, fetched);
}

static void
finish_select (PinionImapCommand        *command,
               const PinionImapResponse *response)
{
  Selection *selection = command->data;
  PinionImapConnection *self = selection->connection;
  const PinionImapSelected *selected;

  pinion_imap_view_open (self->view, response->code == PINION_IMAP_CODE_READ_ONLY);
  selected = pinion_imap_view_get_selected (self->view);
  if (selected->uidvalidity == 0)
    {
      g_clear_pointer (&self->view, pinion_imap_view_free);
      pinion_imap_command_reject (
          command, pinion_error_new (PINION_ERROR_MAILBOX_NOT_OPENED, PINION_PROTOCOL_IMAP,
                                     PINION_STAGE_OPEN, "The mailbox has no UIDVALIDITY"));
      return;
    }

  dex_promise_resolve_boxed (command->promise, PINION_TYPE_IMAP_SELECTED,
                             pinion_imap_selected_copy (selected));
}

static void
add_select_parameter (PinionImapConnection  *self,
                      PinionImapCommand     *command,
                      const PinionImapKnown *since)
{
  g_autofree char *text = NULL;

  if (since != NULL && since->modseq != 0 && since->modseq <= G_MAXINT64 &&
      since->uidvalidity != 0 &&
      pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_QRESYNC))
    {
      /* Without the known UIDs: new messages are to be told, too (RFC 7162, 3.2.5.1). */
      text = g_strdup_printf ("(QRESYNC (%u %" G_GUINT64_FORMAT "))", since->uidvalidity,
                              since->modseq);
      pinion_imap_command_add (command, text);
    }
  else if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_CONDSTORE) &&
           !pinion_imap_connection_enabled (self, PINION_IMAP_CAPABILITY_CONDSTORE))
    {
      pinion_imap_command_add (command, "(CONDSTORE)");
    }
}

PinionImapCommand *
pinion_imap_connection_make_select (PinionImapConnection  *self,
                                    const char            *raw_name,
                                    gboolean               read_only,
                                    const PinionImapKnown *since,
                                    PinionImapNews        *news)
{
  PinionImapCommand *command;
  Selection *selection = g_new0 (Selection, 1);

  selection->connection = self;
  selection->raw_name = g_strdup (raw_name);
  selection->read_only = read_only;
  selection->news = news != NULL ? pinion_imap_news_ref (news) : NULL;

  command = pinion_imap_command_new (read_only ? "EXAMINE" : "SELECT", PINION_IMAP_ASKED_OPEN,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER);
  pinion_imap_connection_add_name (self, command, raw_name);
  add_select_parameter (self, command, since);
  command->on_sent = on_select_sent;
  command->untagged = on_select_data;
  command->finish = finish_select;
  pinion_imap_command_set_data (command, selection, selection_free);

  return command;
}

DexFuture *
pinion_imap_connection_select (PinionImapConnection *self,
                               const char           *raw_name,
                               gboolean              read_only)
{
  return pinion_imap_connection_send (
      self, pinion_imap_connection_make_select (self, raw_name, read_only, NULL, NULL));
}

/* -- Leaving --------------------------------------------------------------------------------- */

static void
finish_leave (PinionImapCommand        *command,
              const PinionImapResponse *response)
{
  PinionImapConnection *self = command->data;

  g_clear_pointer (&self->view, pinion_imap_view_free);
  dex_promise_resolve_boolean (command->promise, TRUE);
}

static DexFuture *
finish_true (PinionImapConnection *self,
             gpointer              data)
{
  return dex_future_new_true ();
}

/* Leaves the selected mailbox, if there is one, without expunging anything. */
static void
add_leaving (PinionImapConnection *self,
             GPtrArray            *commands)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  gboolean unselect = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_UNSELECT);
  PinionImapCommand *leave;

  if (selected == NULL)
    return;

  leave = pinion_imap_command_new (unselect ? "UNSELECT" : "CLOSE", PINION_IMAP_ASKED_ANYTHING,
                                   PINION_IMAP_COMMAND_ALONE_BEFORE |
                                       PINION_IMAP_COMMAND_ALONE_AFTER);
  leave->data = self;
  leave->finish = finish_leave;

  /* CLOSE expunges, but not in a mailbox that was opened for reading only. */
  if (!unselect && !selected->read_only)
    g_ptr_array_add (commands, pinion_imap_connection_make_select (self, selected->raw_name, TRUE,
                                                                   NULL, NULL));
  g_ptr_array_add (commands, leave);
}

DexFuture *
pinion_imap_connection_unselect (PinionImapConnection *self)
{
  GPtrArray *commands = pinion_imap_command_list_new ();

  add_leaving (self, commands);

  return pinion_imap_connection_join (self, commands, finish_true, NULL, NULL);
}

/* -- Making and changing mailboxes ----------------------------------------------------------- */

static PinionImapCommand *
make_with_name (PinionImapConnection *self,
                const char           *verb,
                const char           *raw_name)
{
  PinionImapCommand *command = pinion_imap_command_new (verb, PINION_IMAP_ASKED_ANYTHING, 0);

  pinion_imap_connection_add_name (self, command, raw_name);

  return command;
}

DexFuture *
pinion_imap_connection_create (PinionImapConnection *self,
                               const char           *raw_name)
{
  return pinion_imap_connection_send (self, make_with_name (self, "CREATE", raw_name));
}

DexFuture *
pinion_imap_connection_create_for_use (PinionImapConnection *self,
                                       const char           *raw_name,
                                       PinionImapUse         use)
{
  PinionImapCommand *command = make_with_name (self, "CREATE", raw_name);
  const char *attribute = pinion_imap_use_to_attribute (use);

  if (attribute != NULL &&
      pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_CREATE_SPECIAL_USE))
    {
      g_autofree char *parameter = g_strdup_printf ("(USE (%s))", attribute);

      pinion_imap_command_add (command, parameter);
    }

  return pinion_imap_connection_send (self, command);
}

/* Renaming INBOX would move its messages away and leave it empty (RFC 3501, 6.3.5). */
static gboolean
is_inbox (const char *raw_name)
{
  return g_ascii_strcasecmp (raw_name, "INBOX") == 0;
}

/* @command: (transfer full), of the mailbox @raw_name, which must not be open meanwhile. */
static DexFuture *
send_closed (PinionImapConnection *self,
             const char           *raw_name,
             PinionImapCommand    *command)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  GPtrArray *commands = pinion_imap_command_list_new ();

  if (selected != NULL && g_str_equal (selected->raw_name, raw_name))
    add_leaving (self, commands);
  g_ptr_array_add (commands, command);

  return pinion_imap_connection_join (self, commands, finish_true, NULL, NULL);
}

DexFuture *
pinion_imap_connection_rename (PinionImapConnection *self,
                               const char           *raw_name,
                               const char           *new_raw_name)
{
  PinionImapCommand *command;

  if (is_inbox (raw_name) || is_inbox (new_raw_name))
    return pinion_imap_connection_refuse (PINION_ERROR_INVALID_ARGUMENT,
                                          "The inbox keeps its name");

  command = make_with_name (self, "RENAME", raw_name);
  pinion_imap_connection_add_name (self, command, new_raw_name);

  return send_closed (self, raw_name, command);
}

DexFuture *
pinion_imap_connection_delete (PinionImapConnection *self,
                               const char           *raw_name)
{
  if (is_inbox (raw_name))
    return pinion_imap_connection_refuse (PINION_ERROR_INVALID_ARGUMENT, "The inbox stays");

  return send_closed (self, raw_name, make_with_name (self, "DELETE", raw_name));
}

DexFuture *
pinion_imap_connection_subscribe (PinionImapConnection *self,
                                  const char           *raw_name,
                                  gboolean              subscribed)
{
  const char *verb = subscribed ? "SUBSCRIBE" : "UNSUBSCRIBE";

  return pinion_imap_connection_send (self, make_with_name (self, verb, raw_name));
}
