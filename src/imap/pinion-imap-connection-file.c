/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Filing messages: STORE, COPY, MOVE, EXPUNGE, APPEND (RFC 3501, 6.3.11 and 6.4; RFC 3516,
 * 4315, 6851, 7162, 7889). */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE (64 * 1024)

static DexFuture *
finish_true (PinionImapConnection *self,
             gpointer              data)
{
  return dex_future_new_true ();
}

static PinionImapCommand *
make_with_uids (const char   *verb,
                PinionUidSet *uids)
{
  PinionImapCommand *command = pinion_imap_command_new (verb, PINION_IMAP_ASKED_ANYTHING, 0);
  g_autofree char *text = pinion_uid_set_to_string (uids);

  pinion_imap_command_add (command, text);

  return command;
}

/* -- STORE ----------------------------------------------------------------------------------- */

/* @modified: PinionUidRange. */
typedef struct
{
  PinionUidSet *uids;
  GArray *answered;
  GArray *modified;
} Storing;

static void
storing_clear (gpointer data)
{
  Storing *storing = data;

  pinion_uid_set_unref (storing->uids);
  g_array_unref (storing->answered);
  g_array_unref (storing->modified);
}

static void
storing_unref (gpointer data)
{
  g_rc_box_release_full (data, storing_clear);
}

/* Even a silent STORE tells the new modification sequence (RFC 7162, 3.1.3); flags, which may come
 * as well, are left to the list of changes. */
static gboolean
on_store_data (PinionImapCommand       *command,
               PinionImapResponse      *response,
               const PinionImapFetched *fetched)
{
  Storing *storing = command->data;
  PinionImapUidFlags found;

  if (fetched == NULL || fetched->modseq == 0 || fetched->has_header || fetched->has_body ||
      !pinion_uid_set_contains (storing->uids, fetched->uid))
    return FALSE;

  found = (PinionImapUidFlags){ .uid = fetched->uid, .modseq = fetched->modseq };
  g_array_append_val (storing->answered, found);

  return !fetched->has_flags;
}

/* OK, or NO where it is said of all of them, with MODIFIED (RFC 7162, 3.1.3). */
static void
finish_store_command (PinionImapCommand        *command,
                      const PinionImapResponse *response)
{
  Storing *storing = command->data;
  g_autoptr (PinionUidSet) set = NULL;
  const PinionUidRange *ranges;
  gsize n_ranges;

  if (response->code == PINION_IMAP_CODE_MODIFIED)
    set = pinion_uid_set_parse (response->code_text.data, (gssize) response->code_text.length);
  if (set != NULL)
    {
      ranges = pinion_uid_set_get_ranges (set, &n_ranges);
      g_array_append_vals (storing->modified, ranges, (guint) n_ranges);
    }

  if (response->condition == PINION_IMAP_OK || set != NULL)
    dex_promise_resolve_boolean (command->promise, TRUE);
}

static DexFuture *
finish_store (PinionImapConnection *self,
              gpointer              data)
{
  Storing *storing = data;
  PinionImapStored *stored = g_new0 (PinionImapStored, 1);
  g_autoptr (PinionUidSet) modified = NULL;

  modified = pinion_uid_set_new_from_ranges (
      (const PinionUidRange *) (gconstpointer) storing->modified->data, storing->modified->len);
  pinion_imap_uid_flags_settle (storing->answered);
  stored->answered = g_array_ref (storing->answered);
  stored->modified = pinion_uid_set_intersect (modified, storing->uids);

  return dex_future_new_take_boxed (PINION_TYPE_IMAP_STORED, stored);
}

/* Exchange answers BAD to a keyword the mailbox does not keep. */
static PinionImapFlags
flags_to_store (const PinionImapSelected *selected,
                PinionImapFlags           flags)
{
  flags &= ~(PINION_IMAP_FLAG_RECENT | PINION_IMAP_FLAG_ANY_KEYWORD);
  if ((selected->permanent_flags & PINION_IMAP_FLAG_ANY_KEYWORD) == 0)
    flags &= selected->permanent_flags | PINION_IMAP_FLAGS_SYSTEM;

  return flags;
}

static PinionImapCommand *
make_store (PinionUidSet *uids,
            const char   *modifier,
            gboolean      add,
            const char   *names,
            Storing      *storing)
{
  PinionImapCommand *command = make_with_uids ("UID STORE", uids);

  command->flags |= PINION_IMAP_COMMAND_NO_IS_ANSWER;
  if (modifier != NULL)
    pinion_imap_command_add (command, modifier);
  pinion_imap_command_add (command, add ? "+FLAGS.SILENT" : "-FLAGS.SILENT");
  pinion_imap_command_add (command, names);
  command->untagged = on_store_data;
  command->finish = finish_store_command;
  pinion_imap_command_set_data (command, g_rc_box_acquire (storing), storing_unref);

  return command;
}

static DexFuture *
store (PinionImapConnection *self,
       PinionUidSet         *uids,
       gboolean              add,
       PinionImapFlags       flags,
       guint64               unchanged_since,
       PinionImapJoinFunc    finish)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self);
  g_autoptr (GPtrArray) pieces = NULL;
  g_autofree char *names = NULL;
  g_autofree char *modifier = NULL;
  GPtrArray *commands;
  Storing *storing;

  if (selected == NULL || selected->read_only)
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED,
                                          "The mailbox is not open for changes");

  commands = pinion_imap_command_list_new ();
  storing = g_rc_box_new0 (Storing);
  storing->uids = pinion_uid_set_ref (uids);
  storing->answered = g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags));
  storing->modified = g_array_new (FALSE, FALSE, sizeof (PinionUidRange));

  flags = flags_to_store (selected, flags);
  names = pinion_imap_flags_to_string (flags);
  if (unchanged_since != 0 && pinion_imap_connection_has_modseq (self))
    modifier = g_strdup_printf ("(UNCHANGEDSINCE %" G_GUINT64_FORMAT ")", unchanged_since);
  pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, PINION_IMAP_MAX_UIDS);
  for (guint i = 0; flags != 0 && i < pieces->len; i++)
    g_ptr_array_add (commands, make_store (g_ptr_array_index (pieces, i), modifier, add, names,
                                           storing));

  return pinion_imap_connection_join (self, commands, finish, storing, storing_unref);
}

DexFuture *
pinion_imap_connection_store (PinionImapConnection *self,
                              PinionUidSet         *uids,
                              gboolean              add,
                              PinionImapFlags       flags)
{
  return store (self, uids, add, flags, 0, finish_true);
}

DexFuture *
pinion_imap_connection_store_unchanged (PinionImapConnection *self,
                                        PinionUidSet         *uids,
                                        gboolean              add,
                                        PinionImapFlags       flags,
                                        guint64               unchanged_since)
{
  return store (self, uids, add, flags, unchanged_since, finish_store);
}

/* -- COPY and MOVE --------------------------------------------------------------------------- */

/* @most: what COPYUID may name. */
typedef struct
{
  PinionImapCopied *copied;
  PinionUidSet *uids;
  gsize most;
} Copying;

static void
copying_clear (gpointer data)
{
  Copying *copying = data;

  pinion_imap_copied_free (copying->copied);
  pinion_uid_set_unref (copying->uids);
}

static void
copying_unref (gpointer data)
{
  g_rc_box_release_full (data, copying_clear);
}

/* With QRESYNC in place of EXPUNGE, and it names them. */
static void
count_vanished (Copying                  *copying,
                const PinionImapResponse *response)
{
  g_autoptr (PinionUidSet) gone = NULL;
  g_autoptr (PinionUidSet) moved = NULL;

  gone = pinion_uid_set_parse (response->text.data, (gssize) response->text.length);
  if (gone == NULL || response->number != 0)
    return;

  moved = pinion_uid_set_intersect (gone, copying->uids);
  copying->copied->n_expunged += (guint) pinion_uid_set_get_size (moved);
}

/* MOVE says COPYUID before its EXPUNGEs, untagged (RFC 6851, 4.3). */
static gboolean
on_copy_data (PinionImapCommand       *command,
              PinionImapResponse      *response,
              const PinionImapFetched *fetched)
{
  Copying *copying = command->data;

  if (response->kind == PINION_IMAP_RESPONSE_EXPUNGE)
    copying->copied->n_expunged++;
  else if (response->kind == PINION_IMAP_RESPONSE_VANISHED)
    count_vanished (copying, response);

  if (response->kind != PINION_IMAP_RESPONSE_STATE || response->code != PINION_IMAP_CODE_COPYUID)
    return FALSE;

  return pinion_imap_response_get_copyuid (response, copying->most, copying->copied);
}

static void
finish_copy_command (PinionImapCommand        *command,
                     const PinionImapResponse *response)
{
  Copying *copying = command->data;

  if (response->code == PINION_IMAP_CODE_COPYUID)
    pinion_imap_response_get_copyuid (response, copying->most, copying->copied);
  dex_promise_resolve_boolean (command->promise, TRUE);
}

static DexFuture *
finish_copy (PinionImapConnection *self,
             gpointer              data)
{
  Copying *copying = data;

  return dex_future_new_take_boxed (PINION_TYPE_IMAP_COPIED,
                                    pinion_imap_copied_copy (copying->copied));
}

static DexFuture *
copy_or_move (PinionImapConnection *self,
              const char           *verb,
              gboolean              move,
              PinionUidSet         *uids,
              const char           *raw_name)
{
  g_autoptr (GPtrArray) pieces = NULL;
  GPtrArray *commands = pinion_imap_command_list_new ();
  Copying *copying = g_rc_box_new0 (Copying);

  copying->copied = pinion_imap_copied_new ();
  copying->uids = pinion_uid_set_ref (uids);
  copying->most = (gsize) pinion_uid_set_get_size (uids);

  pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET - 2000, PINION_IMAP_MAX_UIDS);
  for (guint i = 0; i < pieces->len; i++)
    {
      PinionImapCommand *command = make_with_uids (verb, g_ptr_array_index (pieces, i));

      pinion_imap_connection_add_name (self, command, raw_name);
      command->serial = move ? "MOVE" : NULL;
      command->untagged = move ? on_copy_data : NULL;
      command->finish = finish_copy_command;
      pinion_imap_command_set_data (command, g_rc_box_acquire (copying), copying_unref);
      g_ptr_array_add (commands, command);
    }

  return pinion_imap_connection_join (self, commands, finish_copy, copying, copying_unref);
}

DexFuture *
pinion_imap_connection_copy (PinionImapConnection *self,
                             PinionUidSet         *uids,
                             const char           *raw_name)
{
  return copy_or_move (self, "UID COPY", FALSE, uids, raw_name);
}

DexFuture *
pinion_imap_connection_move (PinionImapConnection *self,
                             PinionUidSet         *uids,
                             const char           *raw_name)
{
  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_MOVE))
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED, "MOVE is not offered");

  return copy_or_move (self, "UID MOVE", TRUE, uids, raw_name);
}

/* -- EXPUNGE --------------------------------------------------------------------------------- */

typedef struct
{
  PinionImapConnection *connection;
  PinionUidSet *uids;
} Expunge;

static void
expunge_free (gpointer data)
{
  Expunge *expunge = data;

  g_object_unref (expunge->connection);
  pinion_uid_set_unref (expunge->uids);
  g_free (expunge);
}

/* Without UIDPLUS, EXPUNGE takes everything that anybody flagged: only if that is ours alone. */
static DexFuture *
guarded_expunge_fiber (gpointer data)
{
  Expunge *expunge = data;
  PinionImapConnection *self = expunge->connection;
  PinionImapSearch *search = pinion_imap_search_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) deleted = NULL;
  PinionImapCommand *command;

  pinion_imap_search_add_deleted (search);
  deleted = pinion_await_boxed (pinion_imap_connection_search (self, search), &error);
  if (deleted == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* Not even ours: then it is not certain that the answer is one. */
  if (deleted->len == 0)
    return dex_future_new_for_boolean (FALSE);

  for (guint i = 0; i < deleted->len; i++)
    if (!pinion_uid_set_contains (expunge->uids, g_array_index (deleted, guint32, i)))
      return dex_future_new_for_boolean (FALSE);

  command = pinion_imap_command_new ("EXPUNGE", PINION_IMAP_ASKED_ANYTHING, 0);

  return pinion_imap_connection_send (self, command);
}

DexFuture *
pinion_imap_connection_expunge (PinionImapConnection *self,
                                PinionUidSet         *uids)
{
  g_autoptr (GPtrArray) pieces = NULL;
  GPtrArray *commands;

  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_UIDPLUS))
    {
      Expunge *expunge = g_new0 (Expunge, 1);

      expunge->connection = g_object_ref (self);
      expunge->uids = pinion_uid_set_ref (uids);

      return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, guarded_expunge_fiber,
                                  expunge, expunge_free);
    }

  commands = pinion_imap_command_list_new ();
  pieces = pinion_uid_set_split_sets (uids, PINION_IMAP_MAX_SET, PINION_IMAP_MAX_UIDS);
  for (guint i = 0; i < pieces->len; i++)
    g_ptr_array_add (commands, make_with_uids ("UID EXPUNGE", g_ptr_array_index (pieces, i)));

  return pinion_imap_connection_join (self, commands, finish_true, NULL, NULL);
}

/* -- APPEND ---------------------------------------------------------------------------------- */

static void
finish_append (PinionImapCommand        *command,
               const PinionImapResponse *response)
{
  PinionImapAppended appended = { 0 };

  if (response->code == PINION_IMAP_CODE_APPENDUID)
    pinion_imap_response_get_appenduid (response, &appended);

  dex_promise_resolve_boxed (command->promise, PINION_TYPE_IMAP_APPENDED,
                             pinion_imap_appended_copy (&appended));
}

static PinionImapCommand *
make_append (PinionImapConnection *self,
             const char           *raw_name,
             PinionImapFlags       flags,
             gint64                internal_date)
{
  PinionImapCommand *command;
  g_autofree char *names = NULL;

  command = pinion_imap_command_new ("APPEND", PINION_IMAP_ASKED_APPEND, 0);
  command->finish = finish_append;
  pinion_imap_connection_add_name (self, command, raw_name);

  /* What keywords that mailbox keeps is not known. */
  names = pinion_imap_flags_to_string (flags & PINION_IMAP_FLAGS_SYSTEM);
  pinion_imap_command_add (command, names);
  if (internal_date != G_MININT64)
    {
      g_autofree char *date = pinion_imap_date_format (internal_date);
      g_autofree char *quoted = g_strconcat ("\"", date, "\"", NULL);

      pinion_imap_command_add (command, quoted);
    }

  return command;
}

guint64
pinion_imap_connection_get_append_limit (PinionImapConnection *self)
{
  return self->append_limit;
}

/* RFC 7889, 4: no use in uploading what is said to be refused. */
static gboolean
is_too_large (PinionImapConnection *self,
              guint64               size)
{
  return self->append_limit != 0 && size > self->append_limit;
}

static DexFuture *
refuse_too_large (void)
{
  return pinion_imap_connection_refuse (PINION_ERROR_MESSAGE_TOO_LARGE,
                                        "The server takes no message of that size");
}

DexFuture *
pinion_imap_connection_append (PinionImapConnection *self,
                               const char           *raw_name,
                               PinionImapFlags       flags,
                               gint64                internal_date,
                               GBytes               *message)
{
  PinionImapCommand *command;
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  gboolean binary = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_BINARY) && size > 0 &&
                    memchr (data, '\0', size) != NULL;

  if (is_too_large (self, size))
    return refuse_too_large ();

  command = make_append (self, raw_name, flags, internal_date);
  pinion_imap_command_add_message (command, message, binary);

  return pinion_imap_connection_send (self, command);
}

/* Whether there is a NUL in the file; one that cannot be read fails when it is sent. */
static gboolean
file_has_nul (const char *path)
{
  g_autofree char *piece = g_malloc (PIECE);
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = 0;

  while (fd >= 0 && ((n = read (fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR)))
    if (n > 0 && memchr (piece, '\0', (gsize) n) != NULL)
      return TRUE;

  return FALSE;
}

DexFuture *
pinion_imap_connection_append_file (PinionImapConnection *self,
                                    const char           *raw_name,
                                    PinionImapFlags       flags,
                                    gint64                internal_date,
                                    const char           *path)
{
  PinionImapCommand *command;
  gboolean binary;
  GStatBuf info;

  if (g_stat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return pinion_imap_connection_refuse (PINION_ERROR_STORE_FAILED,
                                          "The message's file cannot be read");
  if (is_too_large (self, (guint64) info.st_size))
    return refuse_too_large ();

  binary = pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_BINARY) && file_has_nul (path);
  command = make_append (self, raw_name, flags, internal_date);
  pinion_imap_command_add_file (command, path, (guint64) info.st_size, binary);

  return pinion_imap_connection_send (self, command);
}
