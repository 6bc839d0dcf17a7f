/* SPDX-License-Identifier: GPL-3.0-or-later */

/* UID FETCH: flags, headers, whole messages (RFC 3501, 6.4.5). */

#include "pinion-imap-connection-private.h"

#include <string.h>

#include "pinion-imap-spill.h"

/* What is larger does not go through memory. */
#define SMALL_BODY (32 * 1024)

/* No header is kept beyond that. */
#define MAX_HEADER (1024 * 1024)

/* Headers asked for a second time. */
#define MAX_AGAIN 1000

static void
add_uids (PinionImapCommand  *command,
          const PinionUidSet *uids)
{
  g_autofree char *text = pinion_uid_set_to_string (uids);

  pinion_imap_command_add (command, text);
}

/* -- Flags and dates ------------------------------------------------------------------------- */

/* Shared by the commands that one call is split into.  @found: what is told of each, one behind the other. */
typedef struct
{
  PinionUidSet *uids;
  GArray *found;
} UidFetch;

static void
uid_fetch_clear (gpointer data)
{
  UidFetch *fetch = data;

  pinion_uid_set_unref (fetch->uids);
  g_array_unref (fetch->found);
}

static void
uid_fetch_unref (gpointer data)
{
  g_rc_box_release_full (data, uid_fetch_clear);
}

/* Whether @fetched may answer @fetch, which asks for neither headers nor bodies. */
static gboolean
is_answer (const UidFetch          *fetch,
           const PinionImapFetched *fetched)
{
  return fetched != NULL && !fetched->has_header && !fetched->has_body &&
         pinion_uid_set_contains (fetch->uids, fetched->uid);
}

typedef gboolean (*UntaggedFunc) (PinionImapCommand       *command,
                                  PinionImapResponse      *response,
                                  const PinionImapFetched *fetched);

/* @items: what is asked for.  @size: of what is found. */
static DexFuture *
fetch_of_uids (PinionImapConnection *self,
               PinionUidSet         *uids,
               const char           *items,
               UntaggedFunc          untagged,
               PinionImapJoinFunc    finish,
               guint                 size)
{
  g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, 0);
  GPtrArray *commands = pinion_imap_command_list_new ();
  UidFetch *fetch = g_rc_box_new0 (UidFetch);

  fetch->uids = pinion_uid_set_ref (uids);
  fetch->found = g_array_new (FALSE, FALSE, size);

  for (guint i = 0; i < pieces->len; i++)
    {
      PinionImapCommand *command
        = pinion_imap_command_new ("UID FETCH", PINION_IMAP_ASKED_ANYTHING, 0);

      add_uids (command, g_ptr_array_index (pieces, i));
      pinion_imap_command_add (command, items);
      command->untagged = untagged;
      pinion_imap_command_set_data (command, g_rc_box_acquire (fetch), uid_fetch_unref);
      g_ptr_array_add (commands, command);
    }

  return pinion_imap_connection_join (self, commands, finish, fetch, uid_fetch_unref);
}

static gboolean
on_flags (PinionImapCommand       *command,
          PinionImapResponse      *response,
          const PinionImapFetched *fetched)
{
  UidFetch *fetch = command->data;

  if (!is_answer (fetch, fetched) || !fetched->has_flags)
    return FALSE;

  PinionImapUidFlags found = { fetched->uid, fetched->flags, fetched->modseq };
  g_array_append_val (fetch->found, found);

  return TRUE;
}

static DexFuture *
finish_flags (PinionImapConnection *self,
              gpointer              data)
{
  UidFetch *fetch = data;

  pinion_imap_uid_flags_settle (fetch->found);

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_array_ref (fetch->found));
}

DexFuture *
pinion_imap_connection_fetch_flags (PinionImapConnection *self,
                                    PinionUidSet         *uids)
{
  return fetch_of_uids (self, uids, "(UID FLAGS)", on_flags, finish_flags,
                        sizeof (PinionImapUidFlags));
}

static gboolean
on_date (PinionImapCommand       *command,
         PinionImapResponse      *response,
         const PinionImapFetched *fetched)
{
  UidFetch *fetch = command->data;

  if (!is_answer (fetch, fetched) || !fetched->has_date)
    return FALSE;

  PinionImapUidDate found = { fetched->uid, fetched->date };
  g_array_append_val (fetch->found, found);

  /* Flags that come with it are news. */
  return !fetched->has_flags;
}

static DexFuture *
finish_dates (PinionImapConnection *self,
              gpointer              data)
{
  UidFetch *fetch = data;

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_array_ref (fetch->found));
}

DexFuture *
pinion_imap_connection_fetch_dates (PinionImapConnection *self,
                                    PinionUidSet         *uids)
{
  return fetch_of_uids (self, uids, "(UID INTERNALDATE)", on_date, finish_dates,
                        sizeof (PinionImapUidDate));
}

/* -- Headers --------------------------------------------------------------------------------- */

/* @section: what is asked for last.  @malformed: how many answers were not understood before.
 * @ids: whether the server has ids of its own for messages (RFC 8474). */
typedef struct
{
  PinionUidSet *uids;
  GPtrArray *messages;
  char *section;
  guint malformed;
  gboolean ids;
  PinionImapHeaders wanted;
} HeaderFetch;

static void
header_fetch_clear (gpointer data)
{
  HeaderFetch *fetch = data;

  pinion_uid_set_unref (fetch->uids);
  g_ptr_array_unref (fetch->messages);
  g_free (fetch->section);
}

static void
header_fetch_unref (gpointer data)
{
  g_rc_box_release_full (data, header_fetch_clear);
}

/* The bytes of a slice, wherever they went. */
static GBytes *
take_slice (const PinionImapSlice *slice)
{
  PinionImapSpill *spill = slice->literal != NULL ? slice->literal->stream : NULL;

  if (spill != NULL)
    return pinion_imap_spill_take_bytes (spill);

  return g_bytes_new (slice->data, MIN (slice->length, MAX_HEADER));
}

static PinionImapMessage *
make_message (const PinionImapFetched *fetched)
{
  PinionImapMessage *message = pinion_imap_message_new ();

  message->uid = fetched->uid;
  message->flags = fetched->flags;
  message->internal_date = fetched->date;
  message->size = fetched->size;
  message->attachment = fetched->attachment;
  message->modseq = fetched->modseq;
  message->email_id = pinion_imap_slice_dup (&fetched->email_id);
  message->thread_id = pinion_imap_slice_dup (&fetched->thread_id);

  return message;
}

static gboolean
on_header_data (PinionImapCommand       *command,
                PinionImapResponse      *response,
                const PinionImapFetched *fetched)
{
  HeaderFetch *fetch = command->data;
  PinionImapMessage *message;

  if (fetched == NULL || !fetched->has_header ||
      !pinion_uid_set_contains (fetch->uids, fetched->uid))
    return FALSE;

  message = make_message (fetched);
  message->header = take_slice (&fetched->header);
  g_ptr_array_add (fetch->messages, message);

  return TRUE;
}

static PinionImapLiteralPlace
open_header (PinionImapCommand *command,
             PinionImapItemKind kind,
             guint64            size,
             gpointer          *stream)
{
  if (kind != PINION_IMAP_ITEM_HEADER || size <= MAX_HEADER)
    return PINION_IMAP_LITERAL_KEEP;

  *stream = pinion_imap_spill_new_memory (MAX_HEADER);

  return PINION_IMAP_LITERAL_STREAM;
}

/* Field names go into the command as they are, so they must be nothing else. */
static gboolean
are_field_names (const char *fields)
{
  if (*fields == '\0' || strlen (fields) > 500)
    return FALSE;

  for (; *fields != '\0'; fields++)
    if (!g_ascii_isalnum (*fields) && *fields != '-' && *fields != ' ')
      return FALSE;

  return TRUE;
}

/* Those that were asked for and have not come. */
static PinionUidSet *
find_missing (HeaderFetch *fetch)
{
  g_autoptr (PinionUidSet) came = pinion_uid_set_new ();
  g_autoptr (GArray) uids = pinion_uid_set_to_array (fetch->uids, MAX_AGAIN);
  PinionUidSet *missing = pinion_uid_set_new ();

  for (guint i = 0; i < fetch->messages->len; i++)
    pinion_uid_set_add (came, ((PinionImapMessage *) fetch->messages->pdata[i])->uid);
  for (guint i = 0; i < uids->len; i++)
    if (!pinion_uid_set_contains (came, g_array_index (uids, guint32, i)))
      pinion_uid_set_add (missing, g_array_index (uids, guint32, i));

  return missing;
}

static GPtrArray *
make_header_commands (HeaderFetch  *fetch,
                      PinionUidSet *uids)
{
  g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, 0);
  GPtrArray *commands = pinion_imap_command_list_new ();

  for (guint i = 0; i < pieces->len; i++)
    {
      PinionImapCommand *command;

      command = pinion_imap_command_new ("UID FETCH", PINION_IMAP_ASKED_ANYTHING, 0);
      add_uids (command, g_ptr_array_index (pieces, i));
      pinion_imap_command_add (command, "(UID FLAGS");
      if ((fetch->wanted & PINION_IMAP_HEADERS_DATE) != 0)
        pinion_imap_command_add (command, "INTERNALDATE");
      pinion_imap_command_add (command, "RFC822.SIZE");
      if ((fetch->wanted & PINION_IMAP_HEADERS_STRUCTURE) != 0)
        pinion_imap_command_add (command, "BODYSTRUCTURE");
      if (fetch->ids)
        pinion_imap_command_add (command, "EMAILID THREADID");
      pinion_imap_command_add (command, fetch->section);
      command->untagged = on_header_data;
      command->open_literal = open_header;
      pinion_imap_command_set_data (command, g_rc_box_acquire (fetch), header_fetch_unref);
      g_ptr_array_add (commands, command);
    }

  return commands;
}

static DexFuture *
return_headers (PinionImapConnection *self,
                gpointer              data)
{
  HeaderFetch *fetch = data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (fetch->messages));
}

/* A structure that cannot be read takes its message's header with it: that is asked for alone. */
static DexFuture *
finish_headers (PinionImapConnection *self,
                gpointer              data)
{
  HeaderFetch *fetch = data;
  g_autoptr (PinionUidSet) missing = NULL;

  if (pinion_imap_connection_get_n_malformed (self) > fetch->malformed &&
      pinion_uid_set_get_size (fetch->uids) <= MAX_AGAIN)
    missing = find_missing (fetch);
  if (missing == NULL || pinion_uid_set_is_empty (missing))
    return return_headers (self, fetch);

  fetch->wanted &= ~PINION_IMAP_HEADERS_STRUCTURE;

  return pinion_imap_connection_join (self, make_header_commands (fetch, missing), return_headers,
                                      g_rc_box_acquire (fetch), header_fetch_unref);
}

DexFuture *
pinion_imap_connection_fetch_headers (PinionImapConnection *self,
                                      PinionUidSet         *uids,
                                      const char           *fields,
                                      PinionImapHeaders     wanted)
{
  HeaderFetch *fetch;

  if (fields != NULL && !are_field_names (fields))
    return pinion_imap_connection_refuse (PINION_ERROR_INVALID_ARGUMENT, "No names of fields");

  fetch = g_rc_box_new0 (HeaderFetch);
  fetch->uids = pinion_uid_set_ref (uids);
  fetch->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_message_free);
  fetch->malformed = pinion_imap_connection_get_n_malformed (self);
  fetch->wanted = wanted;
  fetch->ids = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_OBJECTID);
  fetch->section = fields != NULL ? g_strdup_printf ("BODY.PEEK[HEADER.FIELDS (%s)])", fields)
                                  : g_strdup ("BODY.PEEK[HEADER])");

  return pinion_imap_connection_join (self, make_header_commands (fetch, uids), finish_headers,
                                      fetch, header_fetch_unref);
}

/* -- Whole messages -------------------------------------------------------------------------- */

typedef struct
{
  PinionUidSet *uids;
  PinionUidSet *arrived;
  char *directory;
  gboolean failed;
  PinionImapMessageFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} BodyFetch;

static void
body_fetch_clear (gpointer data)
{
  BodyFetch *fetch = data;

  if (fetch->destroy != NULL)
    fetch->destroy (fetch->user_data);
  pinion_uid_set_unref (fetch->uids);
  pinion_uid_set_unref (fetch->arrived);
  g_free (fetch->directory);
}

static void
body_fetch_unref (gpointer data)
{
  g_rc_box_release_full (data, body_fetch_clear);
}

/* %FALSE where the file could not be written. */
static gboolean
take_body (PinionImapMessage     *message,
           const PinionImapSlice *slice,
           GError               **error)
{
  PinionImapSpill *spill = slice->literal != NULL ? slice->literal->stream : NULL;

  if (spill == NULL)
    {
      message->body = g_bytes_new (slice->data, slice->length);
      message->body_size = slice->length;
      return TRUE;
    }

  message->body_path = pinion_imap_spill_take_path (spill, error);
  message->body_size = slice->literal->size;

  return message->body_path != NULL;
}

static DexFuture *
on_refused (DexFuture *future,
            gpointer   user_data)
{
  BodyFetch *fetch = user_data;

  fetch->failed = TRUE;

  return dex_ref (future);
}

static gboolean
on_body_data (PinionImapCommand       *command,
              PinionImapResponse      *response,
              const PinionImapFetched *fetched)
{
  BodyFetch *fetch = command->data;
  g_autoptr (PinionImapMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *pause;

  if (fetched == NULL || !fetched->has_body || fetch->failed ||
      !pinion_uid_set_contains (fetch->uids, fetched->uid))
    return FALSE;

  message = make_message (fetched);
  if (!take_body (message, &fetched->body, &error))
    {
      fetch->failed = TRUE;
      command->abandoned = TRUE;
      pinion_imap_command_reject (command, g_steal_pointer (&error));
      return TRUE;
    }

  pinion_uid_set_add (fetch->arrived, fetched->uid);
  pause = fetch->func (g_steal_pointer (&message), fetch->user_data);
  if (pause != NULL)
    command->pause = dex_future_catch (pause, on_refused, g_rc_box_acquire (fetch),
                                       body_fetch_unref);

  return TRUE;
}

static PinionImapLiteralPlace
open_body (PinionImapCommand *command,
           PinionImapItemKind kind,
           guint64            size,
           gpointer          *stream)
{
  BodyFetch *fetch = command->data;

  if (kind != PINION_IMAP_ITEM_BODY || size <= SMALL_BODY || fetch->failed)
    return PINION_IMAP_LITERAL_KEEP;

  *stream = pinion_imap_spill_new_file (fetch->directory);

  return PINION_IMAP_LITERAL_STREAM;
}

static DexFuture *
finish_bodies (PinionImapConnection *self,
               gpointer              data)
{
  BodyFetch *fetch = data;

  return dex_future_new_take_boxed (PINION_TYPE_UID_SET, pinion_uid_set_ref (fetch->arrived));
}

DexFuture *
pinion_imap_connection_fetch_bodies (PinionImapConnection *self,
                                     PinionUidSet         *uids,
                                     const char           *directory,
                                     PinionImapMessageFunc func,
                                     gpointer              user_data,
                                     GDestroyNotify        destroy)
{
  g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, 0);
  GPtrArray *commands = pinion_imap_command_list_new ();
  BodyFetch *fetch = g_rc_box_new0 (BodyFetch);

  fetch->uids = pinion_uid_set_ref (uids);
  fetch->arrived = pinion_uid_set_new ();
  fetch->directory = g_strdup (directory);
  fetch->func = func;
  fetch->user_data = user_data;
  fetch->destroy = destroy;

  for (guint i = 0; i < pieces->len; i++)
    {
      PinionImapCommand *command;

      command = pinion_imap_command_new ("UID FETCH", PINION_IMAP_ASKED_ANYTHING, 0);
      add_uids (command, g_ptr_array_index (pieces, i));
      pinion_imap_command_add (command, "(UID BODY.PEEK[])");
      command->untagged = on_body_data;
      command->open_literal = open_body;
      pinion_imap_command_set_data (command, g_rc_box_acquire (fetch), body_fetch_unref);
      g_ptr_array_add (commands, command);
    }

  return pinion_imap_connection_join (self, commands, finish_bodies, fetch, body_fetch_unref);
}
