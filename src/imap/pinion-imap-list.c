/* SPDX-License-Identifier: GPL-3.0-or-later */

/* LIST, and all that may come with it in one round trip (RFC 3501, 6.3.8; RFC 5258, 5819, 6154). */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
/* No real mailbox has so many; a hostile server would go on for ever. */
#define MAX_MAILBOXES 100000

typedef struct
{
  PinionImapConnection *connection;
  GPtrArray *mailboxes;
  GHashTable *by_name;
} Listing;

static Listing *
listing_new (PinionImapConnection *self)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->connection = self;
  listing->mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_mailbox_free);
  listing->by_name = g_hash_table_new (g_str_hash, g_str_equal);

  return listing;
}

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_hash_table_unref (listing->by_name);
  g_ptr_array_unref (listing->mailboxes);
  g_free (listing);
}

static void
take_mailbox (PinionImapCommand        *command,
              const PinionImapResponse *response)
{
  Listing *listing = command->data;
  PinionImapMailbox *mailbox;
  g_autofree char *name = NULL;

  name = pinion_imap_connection_take_name (listing->connection, &response->name);
  if (name == NULL || *name == '\0' || g_hash_table_contains (listing->by_name, name))
    return;

  if (listing->mailboxes->len >= MAX_MAILBOXES)
    {
      pinion_imap_connection_fail (listing->connection,
                                   pinion_error_new (PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_IMAP,
                                                     PINION_STAGE_FOLDERS,
                                                     "Too many mailboxes are listed"));
      return;
    }

  mailbox = pinion_imap_mailbox_new (g_steal_pointer (&name), response->delimiter,
                                     response->mailbox_flags, response->use);
  g_ptr_array_add (listing->mailboxes, mailbox);
  g_hash_table_insert (listing->by_name, mailbox->raw_name, mailbox);
}

/* It comes behind its mailbox (RFC 5819, 2). */
static void
take_status (Listing                  *listing,
             const PinionImapResponse *response)
{
  g_autofree char *name = NULL;
  PinionImapMailbox *mailbox = NULL;

  name = pinion_imap_connection_take_name (listing->connection, &response->name);
  if (name != NULL)
    mailbox = g_hash_table_lookup (listing->by_name, name);
  if (mailbox == NULL)
    return;

  g_clear_pointer (&mailbox->status, pinion_imap_status_free);
  mailbox->status = pinion_imap_status_copy (&response->status);
}

static gboolean
on_list_data (PinionImapCommand       *command,
              PinionImapResponse      *response,
              const PinionImapFetched *fetched)
{
  if (response->kind == PINION_IMAP_RESPONSE_LIST)
    take_mailbox (command, response);
  else if (response->kind == PINION_IMAP_RESPONSE_STATUS)
    take_status (command->data, response);
  else
    return FALSE;

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

/* @options: (nullable) what to return. */
static DexFuture *
list (PinionImapConnection *self,
      const char           *options)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("LIST \"\" \"*\"", PINION_IMAP_ASKED_LIST, 0);
  command->serial = "LIST";
  if (options != NULL)
    pinion_imap_command_add (command, options);
  command->untagged = on_list_data;
  command->finish = finish_list;
  pinion_imap_command_set_data (command, listing_new (self), listing_free);

  return pinion_imap_connection_send (self, command);
}

/* "RETURN (...)" of what is offered.  Returns: (transfer full) */
static char *
make_options (PinionImapConnection *self,
              gboolean              with_status)
{
  g_autoptr (GString) options = g_string_new ("RETURN (SUBSCRIBED CHILDREN");

  if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_SPECIAL_USE))
    g_string_append (options, " SPECIAL-USE");
  if (with_status && pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_LIST_STATUS))
    {
      g_autofree char *items = pinion_imap_connection_make_status_items (self);

      g_string_append_printf (options, " STATUS %s", items);
    }
  g_string_append_c (options, ')');

  return g_string_free (g_steal_pointer (&options), FALSE);
}

/* -- With a way back ------------------------------------------------------------------------- */

typedef struct
{
  PinionImapConnection *connection;
  char *options;
} ListRequest;

static void
list_request_free (gpointer data)
{
  ListRequest *request = data;

  g_object_unref (request->connection);
  g_free (request->options);
  g_free (request);
}

/* A server that stumbles over what it offers itself is asked in plain words. */
static DexFuture *
list_fiber (gpointer data)
{
  ListRequest *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;

  mailboxes = pinion_await_boxed (list (request->connection, request->options), &error);
  if (mailboxes == NULL && pinion_error_is (error, PINION_ERROR_REFUSED))
    return list (request->connection, NULL);
  if (mailboxes == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&mailboxes));
}

static DexFuture *
list_with (PinionImapConnection *self,
           gboolean              with_status)
{
  ListRequest *request;

  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_LIST_EXTENDED))
    return list (self, NULL);

  request = g_new0 (ListRequest, 1);
  request->connection = g_object_ref (self);
  request->options = make_options (self, with_status);

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, list_fiber, request,
                              list_request_free);
}

DexFuture *
pinion_imap_connection_list (PinionImapConnection *self)
{
  return list_with (self, FALSE);
}

DexFuture *
pinion_imap_connection_list_with_status (PinionImapConnection *self)
{
  return list_with (self, TRUE);
}
