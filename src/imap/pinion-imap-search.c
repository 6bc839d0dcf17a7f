/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SEARCH, and ESEARCH where it is offered (RFC 3501, 6.4.4; RFC 4731, 9394).
 *
 * SEARCHRES is of no use here: who searches wants to know the UIDs. */

#include "pinion-imap-search-private.h"

#include <string.h>

#include "pinion-imap-connection-private.h"

#define MAX_VALUE 900
#define MAX_CRITERIA 2500
#define MAX_SET (PINION_IMAP_MAX_SET - MAX_CRITERIA)

/* What a server may find in all before it is not believed any more. */
#define MAX_FOUND 16000000

/* And in how many pieces, of one search and of each in a group. */
#define MAX_RANGES 4000000
#define MAX_GROUP_RANGES 600000

/* -- Criteria -------------------------------------------------------------------------------- */

PinionImapSearch *
pinion_imap_search_new (void)
{
  PinionImapSearch *self = g_new0 (PinionImapSearch, 1);

  self->criteria = g_string_new (NULL);
  self->asked = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
pinion_imap_search_free (PinionImapSearch *self)
{
  g_string_free (self->criteria, TRUE);
  g_ptr_array_unref (self->asked);
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

void
pinion_imap_search_add_flag (PinionImapSearch *self,
                             const char       *name,
                             gboolean          set)
{
  g_autofree char *key = NULL;

  if (*name == '\\')
    key = g_strconcat (set ? "" : "UN", name + 1, NULL);
  else
    key = g_strconcat (set ? "KEYWORD " : "UNKEYWORD ", name, NULL);
  for (char *at = key; *name == '\\' && *at != '\0'; at++)
    *at = g_ascii_toupper (*at);
  add_key (self, key);
}

void
pinion_imap_search_set_newest (PinionImapSearch *self,
                               guint             most)
{
  self->newest = most;
}

/* -- Searching ------------------------------------------------------------------------------- */

/* Shared by the commands that one search is split into.
 * @within: (nullable), what was asked for.  @found: PinionUidRange.  @n_answers: of the commands.
 * @n_malformed: of the connection when it began.  @newest: 0 for all.  @grouped: others are in flight
 * beside it. */
typedef struct
{
  PinionUidSet *within;
  GArray *found;
  guint n_commands;
  guint n_answers;
  guint n_malformed;
  guint newest;
  gboolean grouped;
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

static void
add_range (Finding *finding,
           guint32  first,
           guint32  last)
{
  PinionUidRange *end = NULL;
  PinionUidRange range = { first, last };

  if (finding->found->len > 0)
    end = &g_array_index (finding->found, PinionUidRange, finding->found->len - 1);
  if (end != NULL && end->last != PINION_UID_MAX && end->last + 1 == first)
    end->last = last;
  else
    g_array_append_val (finding->found, range);
}

static gboolean
add_set (Finding               *finding,
         const PinionImapSlice *text)
{
  g_autoptr (PinionUidSet) set = NULL;
  const PinionUidRange *ranges;
  gsize n_ranges;

  if (text->data == NULL)
    return TRUE;

  set = pinion_uid_set_parse (text->data, (gssize) text->length);
  if (set == NULL)
    return FALSE;

  ranges = pinion_uid_set_get_ranges (set, &n_ranges);
  g_array_append_vals (finding->found, ranges, (guint) n_ranges);

  return TRUE;
}

static gboolean
is_of (const PinionImapCommand *command,
       const PinionImapSlice   *tag)
{
  char text[16];

  g_snprintf (text, sizeof text, "P%u", command->tag);

  return tag->data == NULL || pinion_imap_slice_is (tag, text);
}

static gboolean
on_search_data (PinionImapCommand       *command,
                PinionImapResponse      *response,
                const PinionImapFetched *fetched)
{
  Finding *finding = command->data;

  if (response->kind == PINION_IMAP_RESPONSE_SEARCH)
    {
      for (guint i = 0; i < response->numbers->len; i++)
        {
          guint32 uid = g_array_index (response->numbers, guint32, i);

          add_range (finding, uid, uid);
        }
      finding->n_answers++;
    }
  else if (response->kind == PINION_IMAP_RESPONSE_ESEARCH && is_of (command, &response->tag))
    {
      /* Without the word UID it would be sequence numbers. */
      if (response->number != 0 && add_set (finding, &response->text))
        finding->n_answers++;
      else
        finding->n_malformed = G_MAXUINT;
    }
  else
    {
      return FALSE;
    }

  if (finding->found->len > (finding->grouped ? MAX_GROUP_RANGES : MAX_RANGES))
    {
      command->abandoned = TRUE;
      pinion_imap_command_reject (command,
                                  pinion_error_new (PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_IMAP,
                                                    PINION_STAGE_NONE,
                                                    "The server finds too many messages"));
    }

  return TRUE;
}

/* The @most largest UIDs.  Returns: (transfer full) */
static PinionUidSet *
cut_to_newest (const PinionUidSet *set,
               guint               most)
{
  PinionUidSet *newest = pinion_uid_set_new ();
  guint64 left = most;
  gsize n_ranges;
  const PinionUidRange *ranges = pinion_uid_set_get_ranges (set, &n_ranges);
  gsize first = n_ranges;

  while (first > 0 && left > (guint64) ranges[first - 1].last - ranges[first - 1].first)
    {
      first--;
      left -= (guint64) ranges[first].last - ranges[first].first + 1;
    }
  if (first > 0 && left > 0)
    pinion_uid_set_add_range (newest, (guint32) (ranges[first - 1].last - left + 1),
                              ranges[first - 1].last);
  for (; first < n_ranges; first++)
    pinion_uid_set_add_range (newest, ranges[first].first, ranges[first].last);

  return newest;
}

/* Returns: (transfer full) (nullable), %NULL where an answer could not be read, so that nothing is
 * taken for nothing found. */
static PinionUidSet *
take_found (PinionImapConnection *self,
            const Finding        *finding)
{
  g_autoptr (PinionUidSet) set = NULL;

  /* It got the answer to another one, or another one got its answer. */
  if (finding->grouped && finding->n_answers != finding->n_commands)
    {
      self->mixes_answers = TRUE;
      return NULL;
    }
  if (finding->n_answers < finding->n_commands &&
      pinion_imap_connection_get_n_malformed (self) != finding->n_malformed)
    return NULL;

  set = pinion_uid_set_new_from_ranges (
      (const PinionUidRange *) (gconstpointer) finding->found->data, finding->found->len);
  if (finding->within != NULL)
    {
      g_autoptr (PinionUidSet) all = g_steal_pointer (&set);

      set = pinion_uid_set_intersect (all, finding->within);
    }
  if (finding->newest != 0)
    return cut_to_newest (set, finding->newest);

  return g_steal_pointer (&set);
}

static DexFuture *
finish_search_set (PinionImapConnection *self,
                   gpointer              data)
{
  PinionUidSet *set = take_found (self, data);

  if (set == NULL)
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED,
                                          "The answer to a search makes no sense");

  return dex_future_new_take_boxed (PINION_TYPE_UID_SET, set);
}

static DexFuture *
finish_search (PinionImapConnection *self,
               gpointer              data)
{
  g_autoptr (PinionUidSet) set = take_found (self, data);

  if (set == NULL)
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED,
                                          "The answer to a search makes no sense");
  if (pinion_uid_set_get_size (set) > MAX_FOUND)
    return pinion_imap_connection_refuse (PINION_ERROR_TOO_LARGE,
                                          "The server finds too many messages");

  return dex_future_new_take_boxed (G_TYPE_ARRAY, pinion_uid_set_to_array (set, MAX_FOUND));
}

/* How the answer is wished to be; nothing where only the old way is known. */
static void
add_return (PinionImapConnection   *self,
            PinionImapCommand      *command,
            const PinionImapSearch *search)
{
  g_autofree char *text = NULL;

  if (search->newest != 0 && pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_PARTIAL))
    text = g_strdup_printf ("RETURN (PARTIAL -1:-%u)", search->newest);
  else if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_ESEARCH))
    text = g_strdup ("RETURN (ALL)");
  if (text != NULL)
    pinion_imap_command_add (command, text);
}

/* A key and its value in turns; see pinion-imap-search-query.c. */
static void
add_asked (PinionImapCommand      *command,
           const PinionImapSearch *search)
{
  for (guint i = 0; i + 1 < search->asked->len; i += 2)
    {
      const char *value = search->asked->pdata[i + 1];

      pinion_imap_command_add (command, search->asked->pdata[i]);
      if (value != NULL)
        pinion_imap_command_add_astring (command, value);
    }
}

static PinionImapCommand *
make_search (PinionImapConnection *self,
             PinionImapSearch     *search,
             PinionUidSet         *uids,
             Finding              *finding)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("UID SEARCH", PINION_IMAP_ASKED_ANYTHING, 0);
  /* Answers need not name their command. */
  command->serial = "SEARCH";
  command->group = search->group;
  add_return (self, command, search);
  if (search->is_unicode)
    pinion_imap_command_add (command, "CHARSET UTF-8");
  if (uids != NULL)
    {
      g_autofree char *text = pinion_uid_set_to_string (uids);

      pinion_imap_command_add (command, "UID");
      pinion_imap_command_add (command, text);
    }
  else if (search->criteria->len == 0 && search->asked->len == 0)
    {
      pinion_imap_command_add (command, "ALL");
    }
  if (search->criteria->len > 0)
    pinion_imap_command_add (command, search->criteria->str);
  add_asked (command, search);

  command->untagged = on_search_data;
  pinion_imap_command_set_data (command, g_rc_box_acquire (finding), finding_unref);

  return command;
}

static DexFuture *
run_search (PinionImapConnection *self,
            PinionImapSearch     *search,
            PinionImapJoinFunc    finish)
{
  g_autoptr (PinionImapSearch) owned = search;
  GPtrArray *commands = pinion_imap_command_list_new ();
  Finding *finding = g_rc_box_new0 (Finding);

  finding->found = g_array_new (FALSE, FALSE, sizeof (PinionUidRange));
  finding->n_malformed = pinion_imap_connection_get_n_malformed (self);
  finding->newest = search->newest;
  finding->grouped = search->group != NULL;
  if (search->uids != NULL)
    {
      g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (search->uids, MAX_SET, 0);

      finding->within = pinion_uid_set_ref (search->uids);
      for (guint i = 0; i < pieces->len; i++)
        g_ptr_array_add (commands,
                         make_search (self, search, g_ptr_array_index (pieces, i), finding));
    }
  else
    {
      g_ptr_array_add (commands, make_search (self, search, NULL, finding));
    }
  finding->n_commands = commands->len;

  return pinion_imap_connection_join (self, commands, finish, finding, finding_unref);
}

DexFuture *
pinion_imap_connection_search (PinionImapConnection *self,
                               PinionImapSearch     *search)
{
  return run_search (self, search, finish_search);
}

DexFuture *
pinion_imap_connection_search_set (PinionImapConnection *self,
                                   PinionImapSearch     *search)
{
  return run_search (self, search, finish_search_set);
}
