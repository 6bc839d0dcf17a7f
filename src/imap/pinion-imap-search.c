/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-search.h"

#include <string.h>

#include "pinion-imap-connection-private.h"

#define MAX_VALUE 900
#define MAX_CRITERIA 2500
#define MAX_SET (PINION_IMAP_MAX_SET - MAX_CRITERIA)

/* What a server may find in all before it is not believed any more. */
#define MAX_FOUND 16000000

struct _PinionImapSearch
{
  GString *criteria;
  PinionUidSet *uids;
};

/* -- Criteria -------------------------------------------------------------------------------- */

PinionImapSearch *
pinion_imap_search_new (void)
{
  PinionImapSearch *self = g_new0 (PinionImapSearch, 1);

  self->criteria = g_string_new (NULL);

  return self;
}

void
pinion_imap_search_free (PinionImapSearch *self)
{
  g_string_free (self->criteria, TRUE);
  g_clear_pointer (&self->uids, pinion_uid_set_unref);
  g_free (self);
}

static void
add_key (PinionImapSearch *self,
         const char       *key)
{
  if (self->criteria->len > 0)
    g_string_append_c (self->criteria, ' ');
  g_string_append (self->criteria, key);
}

void
pinion_imap_search_add_since (PinionImapSearch *self,
                              gint64            seconds)
{
  /* "17-Jul-2026 00:00:00 +0000": the date stands before the blank. */
  g_autofree char *date = pinion_imap_date_format (seconds);
  g_autofree char *key = NULL;

  *strchr (date, ' ') = '\0';
  key = g_strconcat ("SINCE ", date, NULL);
  add_key (self, key);
}

gboolean
pinion_imap_search_add_header (PinionImapSearch *self,
                               const char       *name,
                               const char       *value)
{
  if (*name == '\0' || strlen (name) + strlen (value) > MAX_VALUE ||
      self->criteria->len > MAX_CRITERIA - 2 * MAX_VALUE)
    return FALSE;

  for (const char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && *at != '-')
      return FALSE;
  for (const char *at = value; *at != '\0'; at++)
    if (!g_ascii_isprint (*at))
      return FALSE;

  add_key (self, "HEADER ");
  g_string_append (self->criteria, name);
  g_string_append (self->criteria, " \"");
  for (const char *at = value; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_c (self->criteria, '\\');
      g_string_append_c (self->criteria, *at);
    }
  g_string_append_c (self->criteria, '"');

  return TRUE;
}

void
pinion_imap_search_set_uids (PinionImapSearch *self,
                             PinionUidSet     *uids)
{
  g_clear_pointer (&self->uids, pinion_uid_set_unref);
  self->uids = pinion_uid_set_ref (uids);
}

void
pinion_imap_search_add_deleted (PinionImapSearch *self)
{
  add_key (self, "DELETED");
}

void
pinion_imap_search_add_undeleted (PinionImapSearch *self)
{
  add_key (self, "UNDELETED");
}

void
pinion_imap_search_add_unseen (PinionImapSearch *self)
{
  add_key (self, "UNSEEN");
}

/* -- Searching ------------------------------------------------------------------------------- */

typedef struct
{
  PinionUidSet *within;
  GArray *found;
} Finding;

static void
finding_clear (gpointer data)
{
  Finding *finding = data;

  g_clear_pointer (&finding->within, pinion_uid_set_unref);
  g_array_unref (finding->found);
}

static void
finding_unref (gpointer data)
{
  g_rc_box_release_full (data, finding_clear);
}

static gboolean
on_search_data (PinionImapCommand       *command,
                PinionImapResponse      *response,
                const PinionImapFetched *fetched)
{
  Finding *finding = command->data;

  if (response->kind != PINION_IMAP_RESPONSE_SEARCH)
    return FALSE;

  if (finding->found->len + response->numbers->len > MAX_FOUND)
    {
      command->abandoned = TRUE;
      pinion_imap_command_reject (command,
                                  pinion_error_new (PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_IMAP,
                                                    PINION_STAGE_NONE,
                                                    "The server finds too many messages"));
      return TRUE;
    }

  for (guint i = 0; i < response->numbers->len; i++)
    {
      guint32 uid = g_array_index (response->numbers, guint32, i);

      if (finding->within == NULL || pinion_uid_set_contains (finding->within, uid))
        g_array_append_val (finding->found, uid);
    }

  return TRUE;
}

static int
compare_uids (gconstpointer a,
              gconstpointer b)
{
  guint32 one = *(const guint32 *) a;
  guint32 other = *(const guint32 *) b;

  return (one > other) - (one < other);
}

static DexFuture *
finish_search (PinionImapConnection *self,
               gpointer              data)
{
  Finding *finding = data;
  guint32 *uids = (guint32 *) (gpointer) finding->found->data;
  guint kept = 0;

  g_array_sort (finding->found, compare_uids);
  for (guint i = 0; i < finding->found->len; i++)
    if (kept == 0 || uids[kept - 1] != uids[i])
      uids[kept++] = uids[i];
  g_array_set_size (finding->found, kept);

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_array_ref (finding->found));
}

static PinionImapCommand *
make_search (PinionImapSearch *search,
             PinionUidSet     *uids,
             Finding          *finding)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("UID SEARCH", PINION_IMAP_ASKED_ANYTHING, 0);
  /* Answers do not name their command. */
  command->serial = "SEARCH";
  if (uids != NULL)
    {
      g_autofree char *text = pinion_uid_set_to_string (uids);

      pinion_imap_command_add (command, "UID");
      pinion_imap_command_add (command, text);
    }
  else if (search->criteria->len == 0)
    {
      pinion_imap_command_add (command, "ALL");
    }
  if (search->criteria->len > 0)
    pinion_imap_command_add (command, search->criteria->str);

  command->untagged = on_search_data;
  pinion_imap_command_set_data (command, g_rc_box_acquire (finding), finding_unref);

  return command;
}

DexFuture *
pinion_imap_connection_search (PinionImapConnection *self,
                               PinionImapSearch     *search)
{
  g_autoptr (PinionImapSearch) owned = search;
  GPtrArray *commands = pinion_imap_command_list_new ();
  Finding *finding = g_rc_box_new0 (Finding);

  finding->found = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (search->uids != NULL)
    {
      g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (search->uids, MAX_SET, 0);

      finding->within = pinion_uid_set_ref (search->uids);
      for (guint i = 0; i < pieces->len; i++)
        g_ptr_array_add (commands, make_search (search, g_ptr_array_index (pieces, i), finding));
    }
  else
    {
      g_ptr_array_add (commands, make_search (search, NULL, finding));
    }

  return pinion_imap_connection_join (self, commands, finish_search, finding, finding_unref);
}
