/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words around what a search found, for the rows that are looked at and show it nowhere else.
 * The rows are there first; what they quote is read from the messages' files behind them, a few at
 * a time, and given up when the question is another one. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-list-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-message.h"

/* Messages that are read in one go: a message that is opened may have to wait for them. */
#define AT_ONCE 8

/* Larger files take long to read. */
#define MOST_BYTES (16 * 1024 * 1024)

/* Characters of the preview that are seen in a narrow row. */
#define SEEN_CHARS 30

/* @hit: what of the conversation was found.  @path: (nullable) its file, where there is something
 * to look for in it: @unseen. */
typedef struct
{
  PinionStoreHit hit;
  PinionStoreConversation *row;
  PinionSearchTerms unseen;
  char *path;
  char *text;
  PinionSearchField field;
} Quote;

typedef struct
{
  PinionSearchQuery *query;
  GArray *quotes;
} Piece;

static void
quote_clear (gpointer data)
{
  Quote *quote = data;

  pinion_store_conversation_unref (quote->row);
  g_free (quote->path);
  g_free (quote->text);
}

static void
piece_free (Piece *piece)
{
  pinion_search_query_unref (piece->query);
  g_array_unref (piece->quotes);
  g_free (piece);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Piece, piece_free)

/* -- On the store's reader ------------------------------------------------------------------ */

static gboolean
is_from_me (const PinionStoreConversation *row)
{
  for (guint i = 0; i < row->senders->len; i++)
    {
      const PinionStoreSender *sender = g_ptr_array_index (row->senders, i);

      if (!sender->is_me)
        return FALSE;
    }

  return TRUE;
}

static PinionSearchTerms
find_unseen (const Quote             *quote,
             const PinionSearchQuery *query)
{
  const PinionStoreConversation *row = quote->row;
  const char *snippet = row->snippet != NULL ? row->snippet : "";
  gsize length = (gsize) g_utf8_strlen (snippet, -1);
  g_autofree char *preview = g_utf8_substring (snippet, 0, (glong) MIN (length, SEEN_CHARS));
  g_autofree char *senders = pinion_conversation_dup_senders (row);
  PinionSearchText shown[] = {
    { PINION_SEARCH_SUBJECT, row->subject != NULL ? row->subject : "" },
    { PINION_SEARCH_BODY, preview },
    { PINION_SEARCH_FROM, senders },
  };

  if (is_from_me (row) && row->to != NULL && *row->to != '\0')
    shown[2] = (PinionSearchText) { PINION_SEARCH_TO, row->to };

  return pinion_search_query_get_unseen (query, shown, G_N_ELEMENTS (shown));
}

static DexFuture *
find_files (PinionStoreSession *session,
            gpointer            data)
{
  Piece *piece = data;

  for (guint i = 0; i < piece->quotes->len; i++)
    {
      Quote *quote = &g_array_index (piece->quotes, Quote, i);
      g_autoptr (PinionStoreMessage) message = NULL;

      quote->unseen = find_unseen (quote, piece->query);
      if (quote->unseen != 0)
        message = pinion_store_message_get (session, quote->hit.message_id);
      if (message != NULL && !message->poison && message->body_size <= MOST_BYTES)
        quote->path = g_strdup (message->body_path);
    }

  return dex_future_new_true ();
}

/* -- On the parser's thread ----------------------------------------------------------------- */

static void
quote_text (Quote                   *quote,
            const PinionSearchQuery *query,
            PinionMimeMessage       *mime)
{
  g_autofree char *text = pinion_mime_message_dup_text (mime);

  quote->field = PINION_SEARCH_BODY;
  quote->text = pinion_search_query_dup_excerpt (query, quote->unseen, text);
}

/* The name of an attachment says what was found where no word of the text does. */
static void
quote_file_name (Quote                   *quote,
                 const PinionSearchQuery *query,
                 PinionMimeMessage       *mime)
{
  PinionSearchRange range;

  for (guint i = 0; i < mime->parts->len && quote->text == NULL; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (mime->parts, i);

      if (!part->is_attachment || part->file_name == NULL
          || !pinion_search_query_find (query, quote->unseen, PINION_SEARCH_FILE_NAME,
                                        part->file_name, &range))
        continue;
      quote->field = PINION_SEARCH_FILE_NAME;
      quote->text = g_strdup (part->file_name);
    }
}

static DexFuture *
read_files (gpointer data)
{
  Piece *piece = data;

  for (guint i = 0; i < piece->quotes->len; i++)
    {
      Quote *quote = &g_array_index (piece->quotes, Quote, i);
      g_autoptr (PinionMimeMessage) mime = NULL;

      if (quote->path != NULL)
        mime = pinion_mime_message_parse_file_some (quote->path, 0, NULL);
      if (mime == NULL)
        continue;

      quote_text (quote, piece->query, mime);
      if (quote->text == NULL)
        quote_file_name (quote, piece->query, mime);
    }

  return dex_future_new_true ();
}

/* -- On the main thread --------------------------------------------------------------------- */

static int
compare_dates (gconstpointer a,
               gconstpointer b)
{
  const Quote *x = a;
  const Quote *y = b;

  return x->hit.date > y->hit.date ? -1 : x->hit.date < y->hit.date;
}

/* What is not looked at any more is asked for when it is again. */
static GArray *
take_quotes (PinionConversationList *self)
{
  GArray *quotes = g_array_new (FALSE, TRUE, sizeof (Quote));
  GHashTableIter iter;
  gpointer id;

  g_array_set_clear_func (quotes, quote_clear);
  g_hash_table_iter_init (&iter, self->unquoted);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      PinionConversation *item = g_hash_table_lookup (self->rows, id);
      const PinionStoreHit *hit = g_hash_table_lookup (self->hits, id);
      PinionStoreConversation *row
          = pinion_conversation_list_shows (item) ? pinion_conversation_get_row (item) : NULL;

      if (row != NULL && hit != NULL)
        {
          Quote quote = { .hit = *hit, .row = pinion_store_conversation_ref (row) };
          g_array_append_val (quotes, quote);
        }
    }
  g_array_sort (quotes, compare_dates);

  return quotes;
}

/* The next few, or %NULL. */
static Piece *
take_piece (PinionConversationList *self)
{
  g_autoptr (GArray) quotes = NULL;
  Piece *piece;

  if (self->engine == NULL || self->answered == NULL)
    return NULL;

  quotes = take_quotes (self);
  if (quotes->len <= AT_ONCE)
    g_hash_table_remove_all (self->unquoted);
  else
    g_array_set_size (quotes, AT_ONCE);
  if (quotes->len == 0)
    return NULL;

  piece = g_new0 (Piece, 1);
  piece->query = pinion_search_query_ref (self->answered);
  piece->quotes = g_steal_pointer (&quotes);
  for (guint i = 0; i < piece->quotes->len; i++)
    g_hash_table_remove (self->unquoted,
                         &g_array_index (piece->quotes, Quote, i).hit.thread_id);

  return piece;
}

/* What answers a question that is not asked any more is not shown. */
static void
show (PinionConversationList *self,
      const Piece            *piece)
{
  for (guint i = 0; i < piece->quotes->len && piece->query == self->answered; i++)
    {
      const Quote *quote = &g_array_index (piece->quotes, Quote, i);
      PinionConversation *item = g_hash_table_lookup (self->rows, &quote->hit.thread_id);

      if (item != NULL)
        pinion_conversation_set_excerpt (item, piece->query, quote->text, quote->field);
    }
}

static DexFuture *
quote_fiber (gpointer data)
{
  PinionConversationList *self = data;

  for (;;)
    {
      g_autoptr (Piece) piece = take_piece (self);
      g_autoptr (GError) error = NULL;

      if (piece == NULL)
        break;
      if (pinion_await (pinion_store_read (self->engine->store, find_files, piece, NULL), &error)
          && self->engine != NULL
          && pinion_await (pinion_worker_run (self->engine->parser, read_files, piece, NULL),
                           &error))
        show (self, piece);
      if (error != NULL)
        g_debug ("what was found could not be read: %s", error->message);
    }
  self->is_quoting = FALSE;

  return NULL;
}

void
pinion_conversation_list_quote (PinionConversationList *self,
                                gint64                  id)
{
  if (self->query == NULL)
    return;

  g_hash_table_add (self->unquoted, g_memdup2 (&id, sizeof id));
  if (self->is_quoting)
    return;

  self->is_quoting = TRUE;
  dex_future_disown (
      pinion_fiber_spawn (NULL, 0, quote_fiber, g_object_ref (self), g_object_unref));
}

void
pinion_conversation_list_quote_all (PinionConversationList *self)
{
  GHashTableIter iter;
  gpointer id, item;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &item))
    {
      if (pinion_conversation_list_shows (item))
        pinion_conversation_list_quote (self, *(gint64 *) id);
    }
}

/* -- Without a list ------------------------------------------------------------------------- */

static Piece *
piece_new (PinionSearchQuery *query,
           GHashTable        *hits,
           GPtrArray         *conversations,
           guint              first)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->query = pinion_search_query_ref (query);
  piece->quotes = g_array_new (FALSE, TRUE, sizeof (Quote));
  g_array_set_clear_func (piece->quotes, quote_clear);
  for (guint i = first; i < MIN (first + AT_ONCE, conversations->len); i++)
    {
      PinionConversation *item = conversations->pdata[i];
      gint64 id = pinion_conversation_get_id (item);
      Quote quote = {
        .hit = *(const PinionStoreHit *) g_hash_table_lookup (hits, &id),
        .row = pinion_store_conversation_ref (pinion_conversation_get_row (item)),
      };

      g_array_append_val (piece->quotes, quote);
    }

  return piece;
}

gboolean
pinion_conversations_quote (PinionEngine      *engine,
                            PinionSearchQuery *query,
                            GPtrArray         *conversations,
                            const GArray      *hits,
                            GError           **error)
{
  g_autoptr (GHashTable) of_threads = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < hits->len; i++)
    {
      PinionStoreHit *hit = &g_array_index (hits, PinionStoreHit, i);

      g_hash_table_insert (of_threads, &hit->thread_id, hit);
    }

  for (guint first = 0; first < conversations->len; first += AT_ONCE)
    {
      g_autoptr (Piece) piece = piece_new (query, of_threads, conversations, first);

      if (!pinion_await (pinion_store_read (engine->store, find_files, piece, NULL), error)
          || !pinion_await (pinion_worker_run (engine->parser, read_files, piece, NULL), error))
        return FALSE;

      for (guint i = 0; i < piece->quotes->len; i++)
        {
          const Quote *quote = &g_array_index (piece->quotes, Quote, i);

          pinion_conversation_set_excerpt (conversations->pdata[first + i], query, quote->text,
                                           quote->field);
        }
    }

  return TRUE;
}
