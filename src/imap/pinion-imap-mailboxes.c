/* SPDX-License-Identifier: GPL-3.0-or-later */

/* LIST, STATUS, SELECT, EXAMINE, CREATE, RENAME, DELETE and leaving (RFC 3501, 6.3; RFC 3691). */

#include "pinion-imap-connection-private.h"

/* No real mailbox has so many; a hostile server would go on for ever. */
#define MAX_MAILBOXES 100000

/* -- LIST ------------------------------------------------------------------------------------ */

typedef struct
{
  GPtrArray *mailboxes;
  GHashTable *seen;
  gsize n_ignored;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_hash_table_unref (listing->seen);
  g_ptr_array_unref (listing->mailboxes);
  g_free (listing);
}

static gboolean
on_list_data (PinionImapCommand       *command,
              PinionImapResponse      *response,
              const PinionImapFetched *fetched)
{
  Listing *listing = command->data;
  PinionImapMailbox *mailbox;
  g_autofree char *name = NULL;

  if (response->kind != PINION_IMAP_RESPONSE_LIST)
    return FALSE;

  name = pinion_imap_slice_dup (&response->name);
  if (name == NULL || *name == '\0' || g_hash_table_contains (listing->seen, name))
    return TRUE;

  if (listing->mailboxes->len >= MAX_MAILBOXES)
    {
      command->abandoned = TRUE;
      pinion_imap_command_reject (command, pinion_error_new (PINION_ERROR_TOO_LARGE,
                                                             PINION_PROTOCOL_IMAP,
                                                             PINION_STAGE_FOLDERS,
                                                             "Too many mailboxes are listed"));
      return TRUE;
    }

  mailbox = pinion_imap_mailbox_new (g_steal_pointer (&name), response->delimiter,
                                     response->mailbox_flags, response->use);
  g_ptr_array_add (listing->mailboxes, mailbox);
  g_hash_table_add (listing->seen, mailbox->raw_name);

  return TRUE;
}

static void
finish_list (PinionImapCommand        *command,
             const PinionImapResponse *response)
{
  Listing *listing = command->data;

  dex_promise_resolve_boxed (command->promise, G_TYPE_PTR_ARRAY,
                             g_ptr_array_ref (listing->mailboxes));
}

DexFuture *
pinion_imap_connection_list (PinionImapConnection *self)
{
  PinionImapCommand *command;
  Listing *listing = g_new0 (Listing, 1);

  listing->mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_mailbox_free);
  listing->seen = g_hash_table_new (g_str_hash, g_str_equal);

  command = pinion_imap_command_new ("LIST \"\" \"*\"", PINION_IMAP_ASKED_LIST, 0);
  command->serial = "LIST";
  command->untagged = on_list_data;
  command->finish = finish_list;
  pinion_imap_command_set_data (command, listing, listing_free);

  return pinion_imap_connection_send (self, command);
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

DexFuture *
pinion_imap_connection_status (PinionImapConnection *self,
                               const char           *raw_name)
{
  PinionImapCommand *command;
  StatusQuery *query = g_new0 (StatusQuery, 1);

  command = pinion_imap_command_new ("STATUS", PINION_IMAP_ASKED_OPEN, 0);
  command->serial = "STATUS";
  pinion_imap_command_add_astring (command, raw_name);
  pinion_imap_command_add (command, "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)");
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
} Selection;

static void
selection_free (gpointer data)
{
  Selection *selection = data;

  g_free (selection->raw_name);
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

static PinionImapCommand *
make_select (PinionImapConnection *self,
             const char           *raw_name,
             gboolean              read_only)
{
  PinionImapCommand *command;
  Selection *selection = g_new0 (Selection, 1);

  selection->connection = self;
  selection->raw_name = g_strdup (raw_name);
  selection->read_only = read_only;

  command = pinion_imap_command_new (read_only ? "EXAMINE" : "SELECT", PINION_IMAP_ASKED_OPEN,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER);
  pinion_imap_command_add_astring (command, raw_name);
  command->on_sent = on_select_sent;
  command->finish = finish_select;
  pinion_imap_command_set_data (command, selection, selection_free);

  return command;
}

DexFuture *
pinion_imap_connection_select (PinionImapConnection *self,
                               const char           *raw_name,
                               gboolean              read_only)
{
  return pinion_imap_connection_send (self, make_select (self, raw_name, read_only));
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

DexFuture *
pinion_imap_connection_unselect (PinionImapConnection *self)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  GPtrArray *commands = pinion_imap_command_list_new ();
  gboolean unselect = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_UNSELECT);
  PinionImapCommand *leave;

  leave = pinion_imap_command_new (unselect ? "UNSELECT" : "CLOSE", PINION_IMAP_ASKED_ANYTHING,
                                   PINION_IMAP_COMMAND_ALONE_BEFORE |
                                       PINION_IMAP_COMMAND_ALONE_AFTER);
  leave->data = self;
  leave->finish = finish_leave;

  /* CLOSE expunges, but not in a mailbox that was opened for reading only. */
  if (!unselect && selected != NULL && !selected->read_only)
    g_ptr_array_add (commands, make_select (self, selected->raw_name, TRUE));
  if (selected != NULL)
    g_ptr_array_add (commands, leave);
  else
    pinion_imap_command_unref (leave);

  return pinion_imap_connection_join (self, commands, finish_true, NULL, NULL);
}

/* -- CREATE, RENAME, DELETE ------------------------------------------------------------------ */

DexFuture *
pinion_imap_connection_create (PinionImapConnection *self,
                               const char           *raw_name)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("CREATE", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, raw_name);

  return pinion_imap_connection_send (self, command);
}

DexFuture *
pinion_imap_connection_rename (PinionImapConnection *self,
                               const char           *raw_from,
                               const char           *raw_to)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("RENAME", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, raw_from);
  pinion_imap_command_add_astring (command, raw_to);

  return pinion_imap_connection_send (self, command);
}

DexFuture *
pinion_imap_connection_delete (PinionImapConnection *self,
                               const char           *raw_name)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("DELETE", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, raw_name);

  return pinion_imap_connection_send (self, command);
}
