/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list view that goes from one list to the next, and what is selected meanwhile. */

#include <adwaita.h>
#include <libdex.h>

#include "pinion-conversation-list-private.h"
#include "pinion-list-selection.h"

#define TODAY 1
#define EARLIER 2

/* More than a view makes rows for. */
#define MANY 1000

/* @n_made: the rows there ever were. */
typedef struct
{
  GtkWindow *window;
  GtkListView *view;
  PinionListSelection *selection;
  guint n_made;
} Fixture;

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          Fixture                  *fixture)
{
  fixture->n_made++;
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Fixture                  *fixture)
{
  PinionConversation *conversation = gtk_list_item_get_item (item);
  g_autofree char *words =
    g_strdup_printf ("%" G_GINT64_FORMAT, pinion_conversation_get_id (conversation));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), words);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkListItemFactory) headers = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), fixture);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), fixture);
  fixture->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_list_view_set_header_factory (fixture->view, headers);
  fixture->selection = pinion_list_selection_new (fixture->view);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 300, 400);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (fixture->view));
  gtk_window_set_child (fixture->window, scroller);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
  g_object_unref (fixture->selection);
}

static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  guint *n_frames = user_data;

  ++*n_frames;

  return G_SOURCE_CONTINUE;
}

/* Until so many frames have been drawn that the view knows of all. */
static void
settle (Fixture *fixture)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  guint n_frames = 0;
  guint tick = gtk_widget_add_tick_callback (window, on_frame, &n_frames, NULL);

  while (n_frames < 25)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_remove_tick_callback (window, tick);
}

/* Without an engine: what it holds is filled in by hand.  Returns: (transfer full) */
static PinionConversationList *
new_list (void)
{
  return g_object_new (PINION_TYPE_CONVERSATION_LIST, NULL);
}

/* @n conversations from @first on, half of them of today. */
static void
fill (PinionConversationList *list,
      gint64                  first,
      guint                   n)
{
  g_autoptr (PinionListing) listing = pinion_listing_new ();

  for (guint i = 0; i < n; i++)
    pinion_listing_append (listing, first + i, i < n / 2 ? TODAY : EARLIER);
  pinion_conversation_list_become (list, listing, 0);
}

/* Returns: (transfer full): shown, and settled */
static PinionConversationList *
show_list (Fixture *fixture,
           gint64   first,
           guint    n)
{
  PinionConversationList *list = new_list ();

  pinion_list_selection_set_list (fixture->selection, list);
  fill (list, first, n);
  settle (fixture);

  return list;
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->selection));
}

static gint64
get_id (Fixture *fixture,
        guint    position)
{
  g_autoptr (PinionConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (fixture->selection), position);

  return pinion_conversation_get_id (conversation);
}

/* What the rows say, from the top. */
static void
assert_rows (Fixture *fixture,
             gint64   first)
{
  gint64 id = first;
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *label = gtk_widget_get_first_child (row);
      g_autofree char *words = g_strdup_printf ("%" G_GINT64_FORMAT, id);

      if (label == NULL || !gtk_widget_get_mapped (row))
        continue;
      g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, words);
      id++;
      n++;
    }

  g_assert_cmpuint (n, >, 5);
}

/* -- From one to the next ------------------------------------------------------------------- */

static void
test_rows_are_kept (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  guint n_made = fixture->n_made;
  g_autoptr (PinionConversationList) other = NULL;

  assert_rows (fixture, 1);
  gtk_list_view_scroll_to (fixture->view, MANY / 2 + 100, GTK_LIST_SCROLL_FOCUS, NULL);
  settle (fixture);
  n_made = fixture->n_made;

  other = show_list (fixture, 5001, MANY / 2);
  g_assert_cmpuint (count (fixture), ==, MANY / 2);
  g_assert_cmpint (get_id (fixture, 0), ==, 5001);
  assert_rows (fixture, 5001);
  /* But for the few where the keyboard is. */
  g_assert_cmpuint (fixture->n_made, <, n_made + 10);
}

static void
test_waits_for_the_next (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  g_autoptr (PinionConversationList) other = new_list ();
  g_autoptr (PinionConversationList) third = new_list ();
  guint n_made = fixture->n_made;

  /* What is not there yet leaves the rows, but nothing of them can be selected. */
  pinion_list_selection_set_list (fixture->selection, other);
  g_assert_cmpuint (count (fixture), ==, MANY);
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (fixture->selection));
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, 0);

  /* The one that came between is heard no more. */
  pinion_list_selection_set_list (fixture->selection, third);
  fill (other, 7001, 10);
  settle (fixture);
  fill (third, 3001, MANY);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, MANY);
  assert_rows (fixture, 3001);
  g_assert_cmpuint (fixture->n_made, <, n_made + 10);
}

static void
test_few_and_none (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  g_autoptr (PinionConversationList) few = show_list (fixture, 2001, 8);
  g_autoptr (PinionConversationList) other = NULL;

  g_assert_cmpuint (count (fixture), ==, 8);
  assert_rows (fixture, 2001);

  pinion_list_selection_set_list (fixture->selection, NULL);
  settle (fixture);
  other = show_list (fixture, 3001, 20);
  g_assert_cmpuint (count (fixture), ==, 20);
  assert_rows (fixture, 3001);

  /* One that runs empty by itself is empty. */
  fill (other, 3001, 0);
  g_assert_cmpuint (count (fixture), ==, 0);
  fill (other, 3001, 30);
  settle (fixture);
  assert_rows (fixture, 3001);
}

static void
test_sections (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  g_autoptr (PinionConversationList) other = show_list (fixture, 5001, 40);
  GtkSectionModel *model = GTK_SECTION_MODEL (fixture->selection);
  guint start, end;

  gtk_section_model_get_section (model, 3, &start, &end);
  g_assert_cmpuint (start, ==, 0);
  g_assert_cmpuint (end, ==, 20);
  gtk_section_model_get_section (model, 25, &start, &end);
  g_assert_cmpuint (start, ==, 20);
  g_assert_cmpuint (end, ==, 40);
}

static void
test_told_in_parts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (PinionConversationList) list = new_list ();
  guint at_once;

  pinion_list_selection_set_list (fixture->selection, list);
  fill (list, 1, MANY);
  at_once = fixture->n_made;
  g_assert_cmpuint (at_once, <, 60);
  g_assert_cmpuint (count (fixture), <, MANY);

  /* What changes meanwhile, within what is known and behind it. */
  fill (list, 3, MANY - 2);
  g_assert_cmpint (get_id (fixture, 0), ==, 3);
  fill (list, 3, MANY - 100);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, MANY - 100);
  g_assert_cmpuint (fixture->n_made, >, 150);
  assert_rows (fixture, 3);
}

/* The first rows have a frame of their own, where there is one; the rest waits until nothing else is to be
 * shown. */
static void
test_patient (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (PinionConversationList) list = new_list ();
  g_autoptr (PinionConversationList) other = new_list ();

  gtk_widget_set_visible (GTK_WIDGET (fixture->view), FALSE);
  pinion_list_selection_set_patient (fixture->selection, TRUE);
  pinion_list_selection_set_list (fixture->selection, list);
  fill (list, 1, MANY);
  g_assert_false (pinion_list_selection_is_beginning (fixture->selection));

  gtk_widget_set_visible (GTK_WIDGET (fixture->view), TRUE);
  settle (fixture);
  g_assert_cmpuint (count (fixture), <, MANY);
  g_assert_false (pinion_list_selection_is_beginning (fixture->selection));

  pinion_list_selection_set_patient (fixture->selection, FALSE);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, MANY);

  fill (list, 1, 0);
  pinion_list_selection_set_list (fixture->selection, other);
  fill (other, 5001, MANY);
  g_assert_true (pinion_list_selection_is_beginning (fixture->selection));
  settle (fixture);
  g_assert_false (pinion_list_selection_is_beginning (fixture->selection));
}

static void
test_told_when_asked (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (PinionConversationList) list = new_list ();
  g_autoptr (PinionConversationList) other = new_list ();

  pinion_list_selection_set_list (fixture->selection, list);
  fill (list, 1, MANY);
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (fixture->selection));
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, MANY);
  g_assert_cmpuint (count (fixture), ==, MANY);

  /* From few, which make room for a few more; left before they are told. */
  fill (list, 1, 3);
  pinion_list_selection_set_list (fixture->selection, other);
  fill (other, 5001, MANY);
  g_assert_cmpuint (count (fixture), <, MANY);
  g_object_unref (list);
  list = new_list ();
  pinion_list_selection_set_list (fixture->selection, list);
  fill (list, 1, 30);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 30);
  assert_rows (fixture, 1);
}

/* What a search found first, and then all: its rows are not made in one frame. */
static void
test_grows_in_parts (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (PinionConversationList) list = show_list (fixture, 1, 50);
  guint n_made = fixture->n_made;

  fill (list, 1, MANY);
  g_assert_cmpuint (count (fixture), >, 50);
  g_assert_cmpuint (count (fixture), <, 100);
  g_assert_cmpuint (fixture->n_made, <, n_made + 20);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, MANY);
  assert_rows (fixture, 1);

  /* All at once for who acts on all. */
  fill (list, 1, 50);
  fill (list, 1, MANY);
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (fixture->selection));
  g_assert_cmpuint (count (fixture), ==, MANY);
}

/* Its rows lie beside those of the next one, which are made. */
static void
test_from_a_short_one (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, 60);
  g_autoptr (PinionConversationList) other = new_list ();
  guint n_made = fixture->n_made;

  pinion_list_selection_set_list (fixture->selection, other);
  fill (other, 5001, MANY);
  g_assert_cmpuint (fixture->n_made, <, n_made + 10);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, MANY);
  assert_rows (fixture, 5001);
}

/* The rows that a shorter list leaves over are not taken apart in one frame, where nobody sees them. */
static void
test_leaves_in_parts (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  g_autoptr (PinionConversationList) other = new_list ();
  g_autoptr (PinionConversationList) third = new_list ();
  GtkSelectionModel *model = GTK_SELECTION_MODEL (fixture->selection);

  gtk_window_set_default_size (fixture->window, 300, 200);
  settle (fixture);
  pinion_list_selection_set_list (fixture->selection, other);
  fill (other, 5001, 60);
  g_assert_cmpint (get_id (fixture, 0), ==, 5001);
  g_assert_cmpuint (count (fixture), >, 150);
  g_assert_cmpuint (count (fixture), <=, 200);

  /* It may change meanwhile. */
  fill (other, 5003, 58);
  g_assert_cmpint (get_id (fixture, 0), ==, 5003);
  g_assert_cmpuint (count (fixture), >, 100);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 58);
  assert_rows (fixture, 5003);

  /* Who selects has to do with the new one alone. */
  g_object_unref (one);
  one = show_list (fixture, 1, MANY);
  pinion_list_selection_set_list (fixture->selection, third);
  fill (third, 6001, 60);
  g_assert_cmpuint (count (fixture), >, 150);
  gtk_selection_model_select_item (model, 150, TRUE);
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, 0);
  gtk_selection_model_select_item (model, 3, TRUE);
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, 1);
  g_assert_cmpuint (count (fixture), ==, 60);

  /* And who goes on to the next one leaves nothing behind. */
  g_object_unref (one);
  one = show_list (fixture, 1, MANY);
  g_object_unref (other);
  other = new_list ();
  pinion_list_selection_set_list (fixture->selection, other);
  fill (other, 5001, 60);
  g_object_unref (third);
  third = show_list (fixture, 7001, 30);
  g_assert_cmpuint (count (fixture), ==, 30);
  assert_rows (fixture, 7001);
}

/* -- What is selected ----------------------------------------------------------------------- */

static void
test_selection (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (PinionConversationList) one = show_list (fixture, 1, MANY);
  g_autoptr (PinionConversationList) other = NULL;
  GtkSelectionModel *model = GTK_SELECTION_MODEL (fixture->selection);
  guint n_made = fixture->n_made;

  gtk_selection_model_select_all (model);
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, MANY);

  other = show_list (fixture, 5001, MANY);
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, 0);
  g_assert_false (gtk_selection_model_is_selected (model, 0));

  gtk_selection_model_select_item (model, 4, TRUE);
  g_assert_true (gtk_selection_model_is_selected (model, 4));
  g_assert_cmpuint (fixture->n_made, <, n_made + 10);

  /* Those before it have left: it moves up. */
  fill (other, 5003, MANY - 2);
  g_assert_true (gtk_selection_model_is_selected (model, 2));
  g_assert_cmpuint (pinion_list_selection_get_size (fixture->selection), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/list-selection/rows-are-kept", test_rows_are_kept);
  ADD ("/list-selection/waits-for-the-next", test_waits_for_the_next);
  ADD ("/list-selection/few-and-none", test_few_and_none);
  ADD ("/list-selection/told-in-parts", test_told_in_parts);
  ADD ("/list-selection/told-when-asked", test_told_when_asked);
  ADD ("/list-selection/grows-in-parts", test_grows_in_parts);
  ADD ("/list-selection/from-a-short-one", test_from_a_short_one);
  ADD ("/list-selection/leaves-in-parts", test_leaves_in_parts);
  ADD ("/list-selection/patient", test_patient);
  ADD ("/list-selection/sections", test_sections);
  ADD ("/list-selection/selection", test_selection);
#undef ADD

  return g_test_run ();
}
