/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking the index: newest first, quarter by quarter, until there is enough.
 *
 * FTS5 gives the keys of a quarter that have the words (or there are no words, and all keys are
 * gone through); each is looked up in the store, which says whether the message is still there and
 * passes the filters.  Where a filter lets few messages through at all, only their keys are.
 *
 * Nobody knows beforehand which way is the short one, so a way is left when it turns out to be
 * long:
 * - What begins with one, two or three letters is in most messages, or in few.  First what the
 *   rest of the question finds is looked through for it; after some thousand FTS5 is asked for it.
 * - A filter that many messages pass is asked last; after some thousand, all that pass it are read
 *   first. */

#include "pinion-store-search-private.h"

#include "pinion-store-counters.h"
#include "pinion-store-server-hits.h"

/* A filter that lets fewer through than this is asked first; one that lets through more than many
 * never is. */
#define FEW 1000
#define MANY 200000

/* Messages that are looked at before another way is gone; a beginning that less than one of so many
 * has is rare. */
#define TRIES 3000
#define RARE 8

/* What is weighed by relevance, and how much half a year of age counts for. */
#define WEIGHED 4000
#define HALF_LIFE (180.0 * 86400)

#define LOOK_EVERY 64
#define STEPS_BETWEEN_LOOKS 20000

typedef struct
{
  PinionStoreSession *session;
  PinionSearchPlan plan;
  PinionStoreSearchOrder order;
  guint limit;
  GCancellable *cancellable;

  /* @is_guessing: asked for all but the beginning of a word.  @n_tried: on this way. */
  gboolean is_guessing;
  guint n_tried;

  GArray *few;
  GHashTable *few_keys;
  GPtrArray *sets;
  char *check_sql;
  PinionSqlValue *check_values;

  GHashTable *threads;
  GArray *hits;
  guint n_weighed;
  guint n_looked;
} Search;

static gpointer
key_to_pointer (gint64 key)
{
  return GSIZE_TO_POINTER ((gsize) key);
}

static int
look_whether_to_stop (void *data)
{
  return g_cancellable_is_cancelled (data);
}

/* search_has (set, key): whether the words of that set stand in the message. */
static void
has (sqlite3_context *context,
     int              n_values,
     sqlite3_value  **values)
{
  GPtrArray *sets = sqlite3_user_data (context);
  guint set = (guint) sqlite3_value_int (values[0]);
  gint64 key = sqlite3_value_int64 (values[1]);

  sqlite3_result_int (context,
                      set < sets->len
                        && g_hash_table_contains (g_ptr_array_index (sets, set),
                                                  key_to_pointer (key)));
}

static gboolean
is_stopped (Search *self)
{
  return self->session->error != NULL
         || (++self->n_looked % LOOK_EVERY == 0
             && g_cancellable_is_cancelled (self->cancellable));
}

static gboolean
is_enough (Search *self)
{
  if (self->order == PINION_STORE_SEARCH_BY_RELEVANCE)
    return self->n_weighed >= WEIGHED;

  return self->limit > 0 && self->hits->len >= self->limit;
}

static const char *
sql_of_shard (const char *format,
              gint64      shard)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, shard);
  g_auto (GStrv) pieces = g_strsplit (format, "#", -1);
  g_autofree char *sql = g_strjoinv (number, pieces);

  return g_intern_string (sql);
}

/* -- One message ------------------------------------------------------------------------------- */

static double
weigh (double score,
       gint64 date,
       gint64 now)
{
  double age = (double) MAX (now - date, 0);

  return score * (0.4 + 0.6 * HALF_LIFE / (HALF_LIFE + age));
}

static void
add_hit (Search *self,
         gint64  thread,
         gint64  message,
         gint64  date,
         double  score)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->threads, key_to_pointer (thread)));
  PinionStoreHit hit = { thread, message, date, score };

  self->n_weighed++;
  if (known == 0)
    {
      g_array_append_val (self->hits, hit);
      g_hash_table_insert (self->threads, key_to_pointer (thread),
                           GUINT_TO_POINTER (self->hits->len));
      return;
    }

  PinionStoreHit *best = &g_array_index (self->hits, PinionStoreHit, known - 1);
  if (self->order == PINION_STORE_SEARCH_BY_RELEVANCE ? score > best->score : date > best->date)
    *best = hit;
}

static gboolean
has_beginnings (Search *self,
               gint64  key)
{
  g_auto (PinionQuery) query = pinion_query (self->session,
                                             "SELECT words FROM short WHERE key = ?",
                                             sql_int (key));

  if (!pinion_query_next (&query))
    return FALSE;

  const char *words = pinion_query_text (&query, 0);
  gboolean has_all = TRUE;
  for (guint i = 0; i < self->plan.beginnings->len; i++)
    {
      PinionSearchBeginning *beginning = g_ptr_array_index (self->plan.beginnings, i);
      gboolean is_there = pinion_search_short_has (words, beginning->text);

      beginning->n_found += is_there;
      has_all &= is_there;
    }

  return has_all;
}

static void
check_key (Search *self,
           gint64  key,
           double  score)
{
  if (self->is_guessing && self->plan.beginnings->len > 0 && !has_beginnings (self, key))
    return;

  self->check_values[0] = sql_int (key);
  g_auto (PinionQuery) query = pinion_query_start (self->session, self->check_sql,
                                                   self->check_values,
                                                   self->plan.values->len + 1);

  if (pinion_query_next (&query))
    {
      gint64 date = pinion_query_int (&query, 2);

      add_hit (self, pinion_query_int (&query, 1), pinion_query_int (&query, 0), date,
               weigh (score, date, self->session->now));
    }
}

/* -- Which way --------------------------------------------------------------------------------- */

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x > y ? -1 : x < y;
}

static GArray *
read_ids (Search *self,
          char   *sql)
{
  g_autofree char *owned = sql;
  GArray *ids = pinion_sql_ids (self->session, sql);

  g_hash_table_remove (self->session->statements, sql);

  return ids;
}

/* How many pass, at most @limit. */
static gint64
count_candidates (Search     *self,
                  const char *candidates,
                  gint64      limit)
{
  g_autoptr (GArray) counted = read_ids (
    self, g_strdup_printf ("SELECT count(*) FROM (%s LIMIT %" G_GINT64_FORMAT ")", candidates,
                           limit));

  return counted->len == 1 ? g_array_index (counted, gint64, 0) : 0;
}

/* The filter that the fewest messages pass.  Returns: (nullable) its candidates, %NULL where there
 * are @limit or more of all. */
static const char *
find_narrowest (Search *self,
                gint64  limit)
{
  const char *narrowest = NULL;

  for (guint i = 0; i < self->plan.candidates->len; i++)
    {
      const char *candidates = g_ptr_array_index (self->plan.candidates, i);
      gint64 n = count_candidates (self, candidates, limit);

      if (n < limit)
        {
          narrowest = candidates;
          limit = n;
        }
    }

  return narrowest;
}

/* The keys of the messages that pass a filter, where these are less than @limit.  Returns: whether
 * they are */
static gboolean
read_few (Search *self,
          gint64  limit)
{
  const char *candidates = self->few == NULL ? find_narrowest (self, limit) : NULL;

  if (candidates == NULL)
    return FALSE;

  self->few = read_ids (self, g_strdup_printf ("SELECT d.key FROM (%s) f CROSS JOIN doc d"
                                               " ON d.message = f.id",
                                               candidates));
  g_array_sort (self->few, compare_keys);
  self->few_keys = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->few->len; i++)
    g_hash_table_add (self->few_keys, key_to_pointer (g_array_index (self->few, gint64, i)));

  return TRUE;
}

/* Where a beginning was in few messages, FTS5 collects these faster than they are come across; what
 * is common it collects slowly.  Returns: whether there was a rare one */
static gboolean
ask_for_rare (Search *self)
{
  gboolean any = FALSE;

  for (guint i = self->plan.beginnings->len; self->is_guessing && i > 0; i--)
    {
      PinionSearchBeginning *beginning = g_ptr_array_index (self->plan.beginnings, i - 1);

      if (beginning->n_found < TRIES / RARE)
        {
          pinion_search_plan_ask_for (&self->plan, i - 1);
          any = TRUE;
        }
      else
        beginning->n_found = 0;
    }

  return any;
}

/* Goes another way from @key on, if this one has been long.  Returns: whether it does */
static gboolean
turn (Search *self,
      gint64  key)
{
  if (++self->n_tried < TRIES)
    return FALSE;

  gboolean turns = ask_for_rare (self) || read_few (self, MANY);
  self->n_tried = 0;
  if (turns)
    self->plan.last_key = key;

  return turns;
}

/* -- One quarter ------------------------------------------------------------------------------- */

static GHashTable *
read_set (Search     *self,
          gint64      shard,
          const char *match)
{
  GHashTable *keys = g_hash_table_new (NULL, NULL);
  g_auto (PinionQuery) query = pinion_query (
    self->session, sql_of_shard ("SELECT rowid FROM text_# WHERE text_# MATCH ?", shard),
    sql_text (match));

  while (pinion_query_next (&query) && !is_stopped (self))
    g_hash_table_add (keys, key_to_pointer (pinion_query_int (&query, 0)));

  return keys;
}

static void
read_sets (Search *self,
           gint64  shard)
{
  g_ptr_array_set_size (self->sets, 0);
  for (guint i = 0; i < self->plan.sets->len; i++)
    g_ptr_array_add (self->sets, read_set (self, shard, g_ptr_array_index (self->plan.sets, i)));
}

static const char *
get_match (Search *self)
{
  return (self->is_guessing ? self->plan.rest : self->plan.match)->str;
}

static PinionQuery
start_words (Search *self,
             gint64  shard,
             gint64  first,
             gint64  last)
{
  const char *format
    = self->order == PINION_STORE_SEARCH_BY_RELEVANCE
        ? "SELECT rowid, pinion_weight (text_#) FROM text_# WHERE text_# MATCH ?1"
          " AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC"
        : "SELECT rowid, 0 FROM text_# WHERE text_# MATCH ?1 AND rowid BETWEEN ?2 AND ?3"
          " ORDER BY rowid DESC";

  return pinion_query (self->session, sql_of_shard (format, shard),
                       sql_text (get_match (self)), sql_int (first), sql_int (last));
}

static PinionQuery
start_all (Search *self,
           gint64  first,
           gint64  last)
{
  return pinion_query (self->session,
                       "SELECT key, 0 FROM doc WHERE key BETWEEN ? AND ? ORDER BY key DESC",
                       sql_int (first), sql_int (last));
}

static void
go_through_few (Search *self,
                gint64  first,
                gint64  last)
{
  for (guint i = 0; i < self->few->len && !is_stopped (self) && !is_enough (self); i++)
    {
      gint64 key = g_array_index (self->few, gint64, i);

      if (key >= first && key <= last)
        check_key (self, key, 1);
    }
}

static gboolean
has_few_between (Search *self,
                 gint64  first,
                 gint64  last)
{
  for (guint i = 0; i < self->few->len; i++)
    {
      gint64 key = g_array_index (self->few, gint64, i);

      if (key <= last)
        return key >= first;
    }

  return FALSE;
}

/* Returns: %FALSE where it is to be searched again from the plan's last key on, another way */
static gboolean
search_shard (Search *self,
              gint64  shard)
{
  gint64 first = MAX (shard << PINION_SEARCH_SHARD_BITS, self->plan.first_key);
  gint64 last = MIN (((shard + 1) << PINION_SEARCH_SHARD_BITS) - 1, self->plan.last_key);
  gboolean has_words = *get_match (self) != '\0';

  if (first > last || (self->few != NULL && !has_few_between (self, first, last)))
    return TRUE;

  read_sets (self, shard);
  if (self->few != NULL && !has_words)
    {
      go_through_few (self, first, last);
      return TRUE;
    }

  g_auto (PinionQuery) query = has_words ? start_words (self, shard, first, last)
                                         : start_all (self, first, last);
  while (!is_stopped (self) && !is_enough (self) && pinion_query_next (&query))
    {
      gint64 key = pinion_query_int (&query, 0);

      if (turn (self, key))
        return FALSE;
      if (self->few_keys == NULL || g_hash_table_contains (self->few_keys, key_to_pointer (key)))
        check_key (self, key, sqlite3_column_double (query.statement, 1));
    }

  return TRUE;
}

/* -- The whole --------------------------------------------------------------------------------- */

static int
compare_hits (gconstpointer a,
              gconstpointer b)
{
  const PinionStoreHit *x = a;
  const PinionStoreHit *y = b;

  if (x->date != y->date)
    return x->date > y->date ? -1 : 1;

  return x->thread_id > y->thread_id ? -1 : x->thread_id < y->thread_id;
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const PinionStoreHit *x = a;
  const PinionStoreHit *y = b;

  if (x->score > y->score)
    return -1;
  if (x->score < y->score)
    return 1;

  return compare_hits (a, b);
}

#define IS_SHOWN                                                                                   \
  "(m.local_draft = 1 OR EXISTS (SELECT 1 FROM placement p"                                        \
  "  WHERE p.message_id = m.id AND " PINION_STORE_SHOWN "))"

/* A message that is shown nowhere, since it is on its way out or out, is not found. */
static void
prepare_check (Search *self)
{
  self->check_sql = g_strdup_printf (
    "SELECT m.id, m.thread_id, m.date FROM doc d CROSS JOIN message m ON m.id = d.message"
    " WHERE d.key = ?1 AND " IS_SHOWN "%s",
    self->plan.filter->str);
  self->check_values = g_new0 (PinionSqlValue, self->plan.values->len + 1);
  for (guint i = 0; i < self->plan.values->len; i++)
    self->check_values[i + 1] = g_array_index (self->plan.values, PinionSqlValue, i);
}

static void
run (Search *self)
{
  prepare_check (self);
  self->is_guessing = self->plan.beginnings->len > 0
                      && self->order == PINION_STORE_SEARCH_BY_DATE;
  read_few (self, FEW);

  g_autoptr (GArray) shards = pinion_sql_ids (self->session,
                                              "SELECT id FROM shard ORDER BY id DESC");
  for (guint i = 0; i < shards->len && !is_stopped (self) && !is_enough (self); i++)
    {
      while (!search_shard (self, g_array_index (shards, gint64, i)))
        ;
    }
}

/* A server tells days and attachments less exactly: what is known here passes the filters, too.
 * Where these are about words they would ask for a text that is not here, and the server is
 * believed. */
static char *
dup_server_check (Search *self)
{
  return g_strdup_printf ("SELECT m.id, m.thread_id, m.date FROM message m WHERE m.id = ?1 AND "
                          IS_SHOWN "%s",
                          self->plan.sets->len == 0 ? self->plan.filter->str : "");
}

/* What a server found for this very question. */
static void
add_server_hits (Search                  *self,
                 const PinionSearchQuery *query)
{
  g_autoptr (GArray) messages = pinion_store_server_hits_list (self->session, query);
  guint n_values = self->plan.sets->len == 0 ? self->plan.values->len : 0;
  g_autofree PinionSqlValue *values = g_new0 (PinionSqlValue, n_values + 1);
  g_autofree char *sql = messages->len > 0 ? dup_server_check (self) : NULL;

  for (guint i = 0; i < n_values; i++)
    values[i + 1] = g_array_index (self->plan.values, PinionSqlValue, i);

  for (guint i = 0; i < messages->len && self->session->error == NULL; i++)
    {
      values[0] = sql_int (g_array_index (messages, gint64, i));
      g_auto (PinionQuery) found = pinion_query_start (self->session, sql, values, n_values + 1);

      if (pinion_query_next (&found))
        add_hit (self, pinion_query_int (&found, 1), pinion_query_int (&found, 0),
                 pinion_query_int (&found, 2), 0);
    }
  if (sql != NULL)
    g_hash_table_remove (self->session->statements, sql);
}

static void
settle_order (Search *self)
{
  g_array_sort (self->hits, self->order == PINION_STORE_SEARCH_BY_RELEVANCE ? compare_scores
                                                                            : compare_hits);
  if (self->limit > 0 && self->hits->len > self->limit)
    g_array_set_size (self->hits, self->limit);
}

/* The statement was made for this question alone. */
static void
search_clear (Search *self)
{
  if (self->check_sql != NULL)
    g_hash_table_remove (self->session->statements, self->check_sql);
  g_free (self->check_sql);
  pinion_search_plan_clear (&self->plan);
  g_clear_pointer (&self->few, g_array_unref);
  g_clear_pointer (&self->few_keys, g_hash_table_unref);
  g_clear_pointer (&self->threads, g_hash_table_unref);
  g_free (self->check_values);
}

static GArray *
find_in_snapshot (PinionStoreSession      *session,
                  const PinionSearchQuery *query,
                  PinionStoreSearchOrder   order,
                  guint                    limit,
                  GCancellable            *cancellable)
{
  g_autoptr (GPtrArray) sets
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  Search self = {
    .session = session,
    .order = order,
    .limit = limit,
    .cancellable = cancellable,
    .sets = sets,
    .threads = g_hash_table_new (NULL, NULL),
    .hits = g_array_new (FALSE, FALSE, sizeof (PinionStoreHit)),
  };

  sqlite3_create_function (session->db, "search_has", 2, SQLITE_UTF8, sets, has, NULL, NULL);
  pinion_search_plan_init (&self.plan, session, query);
  if (!self.plan.is_hopeless)
    run (&self);
  add_server_hits (&self, query);
  settle_order (&self);
  search_clear (&self);

  return self.hits;
}

GArray *
pinion_search_find (PinionStoreSession      *session,
                    const PinionSearchQuery *query,
                    PinionStoreSearchOrder   order,
                    guint                    limit,
                    GCancellable            *cancellable)
{
  session->now = g_get_real_time () / G_USEC_PER_SEC;
  sqlite3_progress_handler (session->db, STEPS_BETWEEN_LOOKS,
                            cancellable != NULL ? look_whether_to_stop : NULL, cancellable);
  pinion_sql_run (session, "BEGIN");
  GArray *hits = find_in_snapshot (session, query, order, limit, cancellable);
  sqlite3_progress_handler (session->db, 0, NULL, NULL);
  pinion_sql_run (session, "COMMIT");

  return hits;
}
