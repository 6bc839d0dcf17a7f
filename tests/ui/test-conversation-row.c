/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list as it is drawn, and what a screen reader says of it. */

#include <adwaita.h>

#include "pinion-conversation-row.h"
#include "pinion-ui-fixture.h"

static const PinionView inbox = { PINION_VIEW_LABEL, 1, 1 };

static gint64
today_noon (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) noon =
    g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                           g_date_time_get_day_of_month (now), 12, 0, 0);

  return g_date_time_to_unix (noon);
}

static PinionRowWords
say (PinionConversation *conversation)
{
  PinionRowWords words;

  pinion_row_words_init (&words, conversation, NULL, &inbox);

  return words;
}

static void
test_says (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget <b>2026</b> & more", today_noon (), TRUE);
  PinionRowWords words = say (conversation);

  g_assert_true (words.loaded);
  g_assert_true (words.unread);
  g_assert_cmpstr (words.people, ==, "Ana Keller");
  g_assert_cmpstr (words.subject, ==, "Budget <b>2026</b> & more");
  g_assert_cmpstr (words.snippet, ==, "How it begins");
  g_assert_cmpstr (words.time, ==, "12:00");
  g_assert_null (words.snooze);
  g_assert_cmpuint (words.n_chips, ==, 0);
  pinion_row_words_clear (&words);

  g_autoptr (PinionConversation) bare = make_conversation (2, "Bob", "", 86400, FALSE);
  words = say (bare);
  g_assert_false (words.unread);
  g_assert_cmpstr (words.subject, ==, "No subject");
  g_assert_cmpstr (words.time, ==, "1970-01-02");
  pinion_row_words_clear (&words);
}

static void
test_not_loaded (void)
{
  g_autoptr (PinionConversation) conversation = pinion_conversation_new (1);
  g_autofree char *name = pinion_conversation_dup_accessible_name (conversation, NULL, &inbox);
  PinionRowWords words = say (conversation);

  g_assert_false (words.loaded);
  g_assert_null (words.people);
  g_assert_cmpstr (name, ==, "Loading");
}

static void
test_cannot_be_read (void)
{
  g_autoptr (PinionConversation) conversation = pinion_conversation_new (1);
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_STORE_FAILED, PINION_PROTOCOL_NONE,
                                               PINION_STAGE_NONE, "disk I/O error");
  g_autofree char *name = NULL;
  PinionRowWords words;

  pinion_conversation_set_error (conversation, error);
  name = pinion_conversation_dup_accessible_name (conversation, NULL, &inbox);
  words = say (conversation);
  g_assert_false (words.loaded);
  g_assert_cmpstr (words.people, ==, "This conversation could not be read");
  g_assert_cmpstr (words.cure, ==, "Check the disk; nothing on the server was changed.");
  g_assert_cmpstr (name, ==, "This conversation could not be read. Check the disk; nothing on the"
                             " server was changed.");
  pinion_row_words_clear (&words);

  /* What was read before stays, and what can be read again is as ever. */
  g_autoptr (PinionConversation) known =
    make_conversation (2, "Bob", "Lunch", today_noon (), FALSE);
  pinion_conversation_set_error (known, error);
  words = say (known);
  g_assert_true (words.loaded);
  g_assert_null (words.cure);
  pinion_row_words_clear (&words);
  pinion_conversation_set_row (conversation, pinion_conversation_get_row (known));
  words = say (conversation);
  g_assert_cmpstr (words.subject, ==, "Lunch");
  g_assert_null (words.cure);
  pinion_row_words_clear (&words);
}

/* -- As it is drawn ------------------------------------------------------------------------- */

static PinionConversationRow *
new_row (PinionConversation *conversation)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (pinion_conversation_row_new ());

  g_object_ref_sink (row);
  pinion_conversation_row_set_context (row, NULL, &inbox);
  pinion_conversation_row_set_item (row, conversation);

  return row;
}

static int
get_height (PinionConversationRow *row)
{
  int height;

  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);

  return height;
}

/* Returns: (transfer full): what it is drawn of */
static char *
draw (PinionConversationRow *row)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GBytes) bytes = NULL;

  gtk_widget_size_allocate (GTK_WIDGET (row), &(GtkAllocation) { 0, 0, 360, get_height (row) }, -1);
  GTK_WIDGET_GET_CLASS (row)->snapshot (GTK_WIDGET (row), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return g_strdup ("");

  bytes = gsk_render_node_serialize (node);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_drawn_alike (PinionConversationRow *row,
                    PinionConversationRow *other,
                    gboolean               alike)
{
  g_autofree char *one = draw (row);
  g_autofree char *two = draw (other);

  if (alike)
    g_assert_cmpstr (one, ==, two);
  else
    g_assert_cmpstr (one, !=, two);
}

/* The same row shows another conversation: nothing of the first is left. */
static void
test_shown_again (void)
{
  g_autoptr (PinionConversation) first =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), TRUE);
  g_autoptr (PinionConversation) second = make_conversation (2, "Bob", "", 86400, FALSE);
  g_autoptr (PinionConversation) unloaded = pinion_conversation_new (3);
  PinionConversationRow *row = new_row (first);
  PinionConversationRow *fresh = new_row (second);

  assert_drawn_alike (row, fresh, FALSE);
  pinion_conversation_row_set_item (row, second);
  assert_drawn_alike (row, fresh, TRUE);

  pinion_conversation_row_set_item (row, unloaded);
  assert_drawn_alike (row, fresh, FALSE);
  pinion_conversation_row_set_item (row, NULL);
  g_autofree char *nothing = draw (row);
  g_assert_cmpstr (nothing, ==, "");

  g_assert_finalize_object (row);
  g_assert_finalize_object (fresh);
}

static void
test_compact (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), FALSE);
  PinionConversationRow *row = new_row (conversation);
  int three_lines = get_height (row);

  pinion_conversation_row_set_compact (row, TRUE);
  g_assert_cmpint (get_height (row), <, three_lines);

  g_assert_finalize_object (row);
}

/* Whatever is asked of it, and the other way round as well. */
static void
test_ways (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), TRUE);
  PinionConversationRow *row = new_row (conversation);
  PinionConversationRow *other = new_row (conversation);

  assert_drawn_alike (row, other, TRUE);
  pinion_conversation_row_set_show_avatar (row, FALSE);
  assert_drawn_alike (row, other, FALSE);
  pinion_conversation_row_set_show_avatar (row, TRUE);
  pinion_conversation_row_set_selecting (row, TRUE);
  assert_drawn_alike (row, other, FALSE);
  pinion_conversation_row_set_selecting (other, TRUE);
  pinion_conversation_row_set_selected (row, TRUE);
  assert_drawn_alike (row, other, FALSE);
  pinion_conversation_row_set_selected (other, TRUE);
  gtk_widget_set_direction (GTK_WIDGET (row), GTK_TEXT_DIR_RTL);
  assert_drawn_alike (row, other, FALSE);

  g_assert_finalize_object (row);
  g_assert_finalize_object (other);
}

static void
test_star (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), FALSE);
  PinionConversationRow *row = new_row (conversation);
  PinionConversationRow *other = new_row (conversation);

  assert_drawn_alike (row, other, TRUE);
  g_assert_true (pinion_conversation_row_has_star_at (row, 11, 29));
  g_assert_false (pinion_conversation_row_has_star_at (row, 100, 29));
  pinion_conversation_row_set_pointer (row, 11, 29);
  assert_drawn_alike (row, other, FALSE);
  pinion_conversation_row_set_pointer (row, -1, -1);
  assert_drawn_alike (row, other, TRUE);

  gtk_widget_set_direction (GTK_WIDGET (row), GTK_TEXT_DIR_RTL);
  g_free (draw (row));
  g_assert_false (pinion_conversation_row_has_star_at (row, 11, 29));

  g_assert_finalize_object (row);
  g_assert_finalize_object (other);
}

static void
test_accessible_name (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), TRUE);
  g_autofree char *name = pinion_conversation_dup_accessible_name (conversation, NULL, &inbox);

  g_assert_cmpstr (name, ==, "Budget, from Ana Keller, unread, 12:00");
}

/* -- Whom it is to -------------------------------------------------------------------------- */

#define SENT 2
#define DRAFTS 3
#define PROJECTS 4

/* Returns: (transfer full): an engine that nothing was ever synced with. */
static PinionEngine *
make_engine (void)
{
  static const gint64 ids[] = { 1, SENT, DRAFTS, PROJECTS };
  static const PinionFolderRole roles[] = { PINION_FOLDER_ROLE_INBOX, PINION_FOLDER_ROLE_SENT,
                                            PINION_FOLDER_ROLE_DRAFTS, PINION_FOLDER_ROLE_NONE };
  PinionEngine *engine = g_object_new (PINION_TYPE_ENGINE, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (PinionLabel) label = make_label (ids[i], 1, "Label", roles[i], FALSE, 0);

      g_list_store_append (engine->labels, label);
      g_hash_table_insert (engine->labels_by_id, (gpointer) &ids[i], label);
    }

  return engine;
}

/* What I wrote to @to.  Returns: (transfer full) */
static PinionConversation *
make_mine (const char *to,
           gboolean    has_draft)
{
  PinionConversation *conversation = pinion_conversation_new (1);
  PinionStoreConversation *row = make_row (1, "Me Myself", "Budget", 86400, FALSE);

  ((PinionStoreSender *) row->senders->pdata[0])->is_me = TRUE;
  row->to = g_strdup (to);
  row->has_draft = has_draft;
  pinion_conversation_set_row (conversation, row);
  pinion_store_conversation_unref (row);

  return conversation;
}

static void
assert_people (PinionConversation *conversation,
               gint64              label,
               const char         *people,
               const char         *avatar,
               const char         *spoken)
{
  g_autoptr (PinionEngine) engine = make_engine ();
  PinionView view = { label != 0 ? PINION_VIEW_LABEL : PINION_VIEW_ALL_MAIL, 1, label };
  g_autofree char *name = pinion_conversation_dup_accessible_name (conversation, engine, &view);
  PinionRowWords words;

  pinion_row_words_init (&words, conversation, engine, &view);
  g_assert_cmpstr (words.people, ==, people);
  g_assert_cmpstr (words.avatar, ==, avatar);
  g_assert_cmpstr (name, ==, spoken);
  pinion_row_words_clear (&words);
}

static void
test_recipients (void)
{
  g_autoptr (PinionConversation) one = make_mine ("Ana Keller", FALSE);
  g_autoptr (PinionConversation) two = make_mine ("Ana Keller, bo@northwind.example", FALSE);
  g_autoptr (PinionConversation) directory = make_mine ("Keller, Ana", FALSE);
  g_autoptr (PinionConversation) nobody = make_mine ("", FALSE);

  assert_people (one, DRAFTS, "To: Ana Keller", "Ana Keller", "Budget, to Ana Keller, 1970-01-02");
  assert_people (two, SENT, "To: Ana, bo", "Ana Keller", "Budget, to Ana, bo, 1970-01-02");
  assert_people (directory, SENT, "To: Keller, Ana", "Keller", "Budget, to Keller, Ana, 1970-01-02");
  assert_people (nobody, DRAFTS, "No recipients", "", "Budget, no recipients, 1970-01-02");

  /* Elsewhere too, but for a note to oneself in the Inbox; a copy to nobody but hidden ones is mine. */
  assert_people (one, PROJECTS, "To: Ana Keller", "Ana Keller", "Budget, to Ana Keller, 1970-01-02");
  assert_people (one, 0, "To: Ana Keller", "Ana Keller", "Budget, to Ana Keller, 1970-01-02");
  assert_people (one, 1, "me", "Me Myself", "Budget, from me, 1970-01-02");
  assert_people (nobody, SENT, "me", "Me Myself", "Budget, from me, 1970-01-02");
}

/* A name keeps its direction to itself, for the eye alone. */
static void
test_right_to_left_names (void)
{
  g_autoptr (PinionConversation) alone = make_mine ("דוד כהן", FALSE);
  g_autoptr (PinionConversation) two = make_mine ("Ana Keller, דוד כהן", FALSE);
  g_autoptr (PinionConversation) from = pinion_conversation_new (1);
  PinionStoreConversation *row = make_row (1, "דוד כהן", "Budget", 86400, FALSE);

  pinion_conversation_set_row (from, row);
  pinion_store_conversation_unref (row);

  assert_people (alone, SENT, "To: \u200e\u2068דוד כהן\u2069", "דוד כהן",
                 "Budget, to דוד כהן, 1970-01-02");
  assert_people (two, SENT, "To: Ana, \u200e\u2068דוד\u2069", "Ana Keller",
                 "Budget, to Ana, דוד, 1970-01-02");
  assert_people (from, 1, "דוד כהן", "דוד כהן", "Budget, from דוד כהן, 1970-01-02");
}

static void
test_draft (void)
{
  g_autoptr (PinionConversation) conversation = make_mine ("Ana Keller", TRUE);
  g_autoptr (PinionConversation) without = make_mine ("Ana Keller", FALSE);
  PinionConversationRow *row = new_row (conversation);
  PinionConversationRow *other = new_row (without);

  assert_people (conversation, 1, "me", "Me Myself", "Budget, from me, with a draft, 1970-01-02");
  assert_people (conversation, DRAFTS, "To: Ana Keller", "Ana Keller",
                 "Budget, to Ana Keller, 1970-01-02");
  assert_drawn_alike (row, other, FALSE);

  g_assert_finalize_object (row);
  g_assert_finalize_object (other);
}

/* Those that have a chip, and where the one is that is shown. */
static void
test_labels (void)
{
  static const gint64 folders[] = { 1, PROJECTS, SENT };
  g_autoptr (PinionConversation) conversation = pinion_conversation_new (1);
  PinionStoreConversation *row = make_row (1, "Ana Keller", "Budget", 86400, FALSE);

  g_array_append_vals (row->folders, folders, G_N_ELEMENTS (folders));
  pinion_conversation_set_row (conversation, row);
  pinion_store_conversation_unref (row);

  assert_people (conversation, 1, "Ana Keller", "Ana Keller",
                 "Budget, from Ana Keller, label Label, 1970-01-02");
  assert_people (conversation, PROJECTS, "Ana Keller", "Ana Keller",
                 "Budget, from Ana Keller, label Inbox, 1970-01-02");
  assert_people (conversation, 0, "Ana Keller", "Ana Keller",
                 "Budget, from Ana Keller, labels Inbox, Label, 1970-01-02");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/conversation-row/says", test_says);
  g_test_add_func ("/conversation-row/not-loaded", test_not_loaded);
  g_test_add_func ("/conversation-row/cannot-be-read", test_cannot_be_read);
  g_test_add_func ("/conversation-row/shown-again", test_shown_again);
  g_test_add_func ("/conversation-row/compact", test_compact);
  g_test_add_func ("/conversation-row/ways", test_ways);
  g_test_add_func ("/conversation-row/star", test_star);
  g_test_add_func ("/conversation-row/accessible-name", test_accessible_name);
  g_test_add_func ("/conversation-row/recipients", test_recipients);
  g_test_add_func ("/conversation-row/right-to-left-names", test_right_to_left_names);
  g_test_add_func ("/conversation-row/draft", test_draft);
  g_test_add_func ("/conversation-row/labels", test_labels);

  return g_test_run ();
}
