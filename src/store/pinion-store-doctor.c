/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-doctor.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "pinion-store-counters.h"
#include "pinion-store-keys.h"
#include "pinion-store-paths.h"
#include "pinion-store-session.h"
#include "pinion-store-threads.h"

/* Each row that the query gives is a difference: account, folder, message, thread, UID, words. */
typedef struct
{
  const char *kind;
  const char *sql;
} Check;

#define OPEN_FROM "SELECT 1 FROM operation o WHERE o.from_placement = p.id AND o.state <> 2"
#define OPEN_TO "SELECT 1 FROM operation o WHERE o.to_placement = p.id AND o.state <> 2"

static const Check checks[] = {
  { "message-nowhere",
    "SELECT account_id, 0, id, thread_id, 0, 'lies in no folder and is not to be forgotten'"
    " FROM message m WHERE orphaned IS NULL AND local_draft = 0"
    " AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id)"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id)"
    " AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.state <> 2)" },
  { "message-orphaned",
    "SELECT account_id, 0, id, thread_id, 0, 'lies in a folder and is marked to be forgotten'"
    " FROM message m WHERE orphaned IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id)" },
  { "placement-account",
    "SELECT m.account_id, f.id, m.id, m.thread_id, p.uid, 'lies in a folder of another account'"
    " FROM placement p JOIN folder f ON f.id = p.folder_id JOIN message m ON m.id = p.message_id"
    " WHERE f.account_id <> m.account_id" },
  { "placement-folder",
    "SELECT f.account_id, f.id, p.message_id, 0, p.uid, 'lies in a folder that is not there'"
    " FROM placement p JOIN folder f ON f.id = p.folder_id WHERE f.missing = 1" },
  { "placement-hidden",
    "SELECT f.account_id, f.id, p.message_id, 0, p.uid, 'is hidden, and no operation takes it away'"
    " FROM placement p JOIN folder f ON f.id = p.folder_id"
    " WHERE p.gone = 1 AND NOT EXISTS (" OPEN_FROM " AND o.kind IN (2, 3, 4))" },
  { "placement-unproven",
    "SELECT f.account_id, f.id, p.message_id, 0, 0, 'was never seen there by the server'"
    " FROM placement p JOIN folder f ON f.id = p.folder_id"
    " WHERE p.uid IS NULL AND p.created < f.synced AND NOT EXISTS (" OPEN_TO ")" },
  { "flag-seen",
    "SELECT m.account_id, p.folder_id, m.id, m.thread_id, p.uid, 'no operation tells the server'"
    " FROM placement p JOIN message m ON m.id = p.message_id"
    " WHERE p.gone = 0 AND (m.flags & 1) <> (p.server_flags & 1)"
    " AND NOT EXISTS (" OPEN_FROM " AND o.kind = 0 AND o.flag = 1)" },
  { "flag-flagged",
    "SELECT m.account_id, p.folder_id, m.id, m.thread_id, p.uid, 'no operation tells the server'"
    " FROM placement p JOIN message m ON m.id = p.message_id"
    " WHERE p.gone = 0 AND (m.flags & 4) <> (p.server_flags & 4)"
    " AND NOT EXISTS (" OPEN_FROM " AND o.kind = 0 AND o.flag = 4)" },
  { "operation-source",
    "SELECT o.account_id, o.from_folder, o.message_id, 0, p.uid, 'starts from another message'"
    " FROM operation o JOIN placement p ON p.id IN (o.from_placement, o.to_placement)"
    " WHERE o.state <> 2 AND p.message_id <> o.message_id" },
  { "operation-folder",
    "SELECT o.account_id, o.to_folder, o.message_id, 0, 0, 'leads to a folder that is not there'"
    " FROM operation o WHERE o.state <> 2 AND o.to_folder > 0"
    " AND o.to_folder NOT IN (SELECT id FROM folder WHERE missing = 0)" },
  { "thread-account",
    "SELECT m.account_id, 0, m.id, m.thread_id, 0, 'is in a conversation of another account'"
    " FROM message m JOIN thread t ON t.id = m.thread_id WHERE t.account_id <> m.account_id" },
  { "thread-empty",
    "SELECT account_id, 0, 0, id, 0, 'has no message' FROM thread"
    " WHERE id NOT IN (SELECT thread_id FROM message)" },
  { "list-thread",
    "SELECT 0, max (0, view_id), 0, thread_id, 0, 'lists a conversation that is not there'"
    " FROM thread_view WHERE thread_id NOT IN (SELECT id FROM thread)" },
  { "counter",
    "SELECT 0, max (0, coalesce (v.view_id, t.view_id)), 0, 0, 0,"
    " 'view ' || coalesce (v.view_id, t.view_id) || ' counts otherwise than its list'"
    " FROM (SELECT view_id, count (*) AS threads, sum (messages) AS messages,"
    "  sum (unread) AS unread FROM thread_view GROUP BY view_id) v"
    " FULL JOIN view_total t ON t.view_id = v.view_id"
    " WHERE (coalesce (v.threads, 0), coalesce (v.messages, 0), coalesce (v.unread, 0))"
    " IS NOT (coalesce (t.threads, 0), coalesce (t.messages, 0), coalesce (t.unread, 0))" },
  { "draft-file",
    "SELECT account_id, 0, id, thread_id, 0, 'a draft has no file' FROM message"
    " WHERE local_draft = 1 AND NOT (body_state = 1 AND body_place = 2)" },
  { "draft-copy",
    "SELECT m.account_id, 0, m.id, m.thread_id, 0, 'is the copy of what is no draft of its account'"
    " FROM draft_copy c JOIN message m ON m.id = c.copy_id JOIN message d ON d.id = c.draft_id"
    " WHERE d.local_draft = 0 OR d.account_id <> m.account_id OR m.local_draft = 1" },
  { "draft-copies",
    "SELECT m.account_id, 0, m.id, m.thread_id, 0, 'a draft has several copies'"
    " FROM draft_copy c JOIN message m ON m.id = c.draft_id WHERE c.version <> 0"
    " GROUP BY c.draft_id, c.made"
    " HAVING count(*) > 1" },
  { "outbox-file",
    "SELECT m.account_id, 0, m.id, m.thread_id, 0, 'a message to be sent has no file'"
    " FROM outbox o JOIN message m ON m.id = o.message_id WHERE m.body_state <> 1" },
  { "database",
    "SELECT 0, 0, 0, 0, 0, \"table\" || ' row ' || coalesce (rowid, '?') || ' misses its '"
    " || parent FROM pragma_foreign_key_check" },
  { "database",
    "SELECT 0, 0, 0, 0, 0, integrity_check FROM pragma_integrity_check"
    " WHERE integrity_check <> 'ok'" },
};

void
pinion_store_difference_free (PinionStoreDifference *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self);
}

PinionStoreDifference *
pinion_store_difference_add (GPtrArray  *differences,
                             const char *kind,
                             const char *format,
                             ...)
{
  PinionStoreDifference *self = g_new0 (PinionStoreDifference, 1);
  va_list args;

  self->kind = kind;
  va_start (args, format);
  self->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (differences, self);

  return self;
}

static void
run_check (PinionStoreSession *session,
           const Check        *check,
           GPtrArray          *differences)
{
  g_auto (PinionQuery) query = pinion_query (session, check->sql);

  while (pinion_query_next (&query))
    {
      PinionStoreDifference *found = pinion_store_difference_add (differences, check->kind, "%s",
                                                                  pinion_query_text (&query, 5));

      found->account_id = pinion_query_int (&query, 0);
      found->folder_id = pinion_query_int (&query, 1);
      found->message_id = pinion_query_int (&query, 2);
      found->thread_id = pinion_query_int (&query, 3);
      found->uid = (guint32) pinion_query_int (&query, 4);
    }
}

/* -- Lists and conversations ------------------------------------------------------------------- */

static void
on_wrong_row (gint64   thread,
              gint64   view,
              gpointer user_data)
{
  PinionStoreDifference *found = pinion_store_difference_add (
    user_data, "list", "view %" G_GINT64_FORMAT " lists the conversation otherwise than it is",
    view);

  found->thread_id = thread;
  found->folder_id = MAX (view, 0);
}

/* A message's own id belongs to the conversation it is in, unless that is full. */
static void
check_threads (PinionStoreSession *session,
               GPtrArray          *differences)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT id, account_id, thread_id, message_id FROM message WHERE message_id IS NOT NULL");

  while (pinion_query_next (&query))
    {
      gint64 account = pinion_query_int (&query, 1);
      gint64 thread = pinion_query_int (&query, 2);
      gint64 hash = pinion_store_key_of_reference (pinion_query_text (&query, 3));
      gint64 known = pinion_sql_get (
        session, "SELECT thread_id FROM reference WHERE account_id = ? AND hash = ?",
        sql_int (account), sql_int (hash));

      if (known == thread || pinion_store_threads_are_full (session, known, thread))
        continue;

      PinionStoreDifference *found = pinion_store_difference_add (
        differences, "thread", known == 0 ? "its id is not noted" : "its id is of another one");
      found->account_id = account;
      found->message_id = pinion_query_int (&query, 0);
      found->thread_id = thread;
    }
}

/* -- Files ------------------------------------------------------------------------------------- */

/* Every stored body there, with its size. */
static gint64
check_bodies (PinionStoreSession *session,
              GPtrArray          *differences)
{
  const char *dir = pinion_store_get_dir (session->store);
  gint64 n = 0;
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT id, account_id, body_place, body_size FROM message WHERE body_state = 1");

  while (pinion_query_next (&query))
    {
      gint64 id = pinion_query_int (&query, 0);
      gint64 size = pinion_query_int (&query, 3);
      g_autofree char *path = pinion_store_dup_body_path (
        dir, (PinionStorePlace) pinion_query_int (&query, 2), id);
      PinionStoreDifference *found = NULL;
      GStatBuf info;

      n++;
      if (g_lstat (path, &info) != 0)
        found = pinion_store_difference_add (differences, "file-missing", "%s",
                                             g_strerror (errno));
      else if (!S_ISREG (info.st_mode) || info.st_size != size)
        found = pinion_store_difference_add (
          differences, "file-size",
          "%" G_GINT64_FORMAT " bytes instead of %" G_GINT64_FORMAT, (gint64) info.st_size, size);

      if (found != NULL)
        {
          found->message_id = id;
          found->account_id = pinion_query_int (&query, 1);
        }
    }

  return n;
}

static gboolean
is_known_file (PinionStoreSession *session,
               gint64              id,
               PinionStorePlace    place)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1"
                         "  AND (body_state <> 1 OR body_place = ?2))"
                         " OR EXISTS (SELECT 1 FROM removed_file WHERE message_id = ?1"
                         "  AND place = ?2)",
                         sql_int (id), sql_int (place))
         != 0;
}

/* What came after this look at the database began is no difference. */
static gboolean
is_newer (PinionStoreSession *session,
          const char         *path)
{
  GStatBuf info;

  return g_lstat (path, &info) != 0 || info.st_ctime >= session->now;
}

static void
check_folder (PinionStoreSession *session,
              const char         *path,
              PinionStorePlace    place,
              GPtrArray          *differences)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      char *end = NULL;
      gint64 id = g_ascii_strtoll (name, &end, 10);

      if ((id > 0 && g_strcmp0 (end, ".eml") == 0 && is_known_file (session, id, place))
          || is_newer (session, file))
        continue;

      PinionStoreDifference *found = pinion_store_difference_add (
        differences, "file-without-message", "a file belongs to no message");
      found->message_id = MAX (id, 0);
    }
}

/* No file without its row. */
static void
check_files (PinionStoreSession *session,
             GPtrArray          *differences)
{
  const char *dir = pinion_store_get_dir (session->store);
  g_autofree char *outbox = g_build_filename (dir, "outbox", NULL);
  g_autofree char *drafts = g_build_filename (dir, "drafts", NULL);

  check_folder (session, outbox, PINION_STORE_PLACE_OUTBOX, differences);
  check_folder (session, drafts, PINION_STORE_PLACE_DRAFTS, differences);
  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *half = g_strdup_printf ("%02x", i);
      g_autofree char *mail = g_build_filename (dir, "mail", half, NULL);

      check_folder (session, mail, PINION_STORE_PLACE_MAIL, differences);
    }
}

void
pinion_store_examine (PinionStoreSession  *session,
                      GPtrArray           *differences,
                      PinionStoreExamined *examined)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    run_check (session, &checks[i], differences);

  pinion_store_counters_check (session, on_wrong_row, differences);
  check_threads (session, differences);
  examined->files = check_bodies (session, differences);
  check_files (session, differences);

  examined->messages = pinion_sql_get (session, "SELECT count(*) FROM message");
  examined->pending = pinion_sql_get (session,
                                      "SELECT count(*) FROM operation WHERE state <> 2");
  examined->failed = pinion_sql_get (session, "SELECT count(*) FROM operation WHERE state = 2");
}

/* -- For the comparison with the server -------------------------------------------------------- */

void
pinion_store_witness_clear (gpointer witness)
{
  PinionStoreWitness *self = witness;

  g_clear_pointer (&self->message_id_header, g_free);
}

char *
pinion_store_witness_dup_id (const char *message_id)
{
  return pinion_store_normalise_id (message_id);
}

#define SELECT_WITNESSES \
  "SELECT p.uid, p.server_flags, m.id, m.message_id FROM placement p" \
  " JOIN message m ON m.id = p.message_id WHERE p.folder_id = ?1 AND p.uid "

static void
add_witnesses (GArray      *witnesses,
               PinionQuery *query)
{
  while (pinion_query_next (query))
    {
      PinionStoreWitness witness = {
        .uid = (guint32) pinion_query_int (query, 0),
        .flags = (guint32) pinion_query_int (query, 1),
        .message_id = pinion_query_int (query, 2),
        .message_id_header = pinion_query_dup_text (query, 3),
      };
      g_array_append_val (witnesses, witness);
    }
}

static GArray *
new_witnesses (void)
{
  GArray *witnesses = g_array_new (FALSE, FALSE, sizeof (PinionStoreWitness));

  g_array_set_clear_func (witnesses, pinion_store_witness_clear);

  return witnesses;
}

GArray *
pinion_store_witnesses_list (PinionStoreSession *session,
                             gint64              folder_id)
{
  GArray *witnesses = new_witnesses ();
  g_auto (PinionQuery) query = pinion_query (session,
                                             SELECT_WITNESSES "IS NOT NULL ORDER BY p.uid",
                                             sql_int (folder_id));

  add_witnesses (witnesses, &query);

  return witnesses;
}

GArray *
pinion_store_witnesses_sample (PinionStoreSession *session,
                               gint64              folder_id,
                               guint               most)
{
  GArray *witnesses = new_witnesses ();
  gint64 first = pinion_sql_get (session, "SELECT min(uid) FROM placement WHERE folder_id = ?",
                                 sql_int (folder_id));
  gint64 last = pinion_sql_get (session, "SELECT max(uid) FROM placement WHERE folder_id = ?",
                                sql_int (folder_id));
  gint64 next = first;

  for (guint i = 0; i < most && next > 0 && next <= last; i++)
    {
      gint64 wanted = first + (last - first) * i / MAX (most - 1, 1);
      g_auto (PinionQuery) query = pinion_query (session,
                                                 SELECT_WITNESSES ">= ?2 ORDER BY p.uid LIMIT 1",
                                                 sql_int (folder_id), sql_int (MAX (wanted, next)));

      add_witnesses (witnesses, &query);
      if (witnesses->len == 0)
        break;
      next = (gint64) g_array_index (witnesses, PinionStoreWitness, witnesses->len - 1).uid + 1;
    }

  return witnesses;
}

gboolean
pinion_store_folder_is_uncertain (PinionStoreSession *session,
                                  gint64              folder_id)
{
  return pinion_sql_get (session,
                         "SELECT count(*) FROM operation WHERE ?1 IN (from_folder, to_folder)"
                         " AND (state = 1 OR (state = 0 AND uncertain = 1))",
                         sql_int (folder_id))
         > 0;
}
