/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list under a finger, in a whole window on a store. A virtual screen has no touch, so the gestures
 * of a row are made to tell what they tell when a finger does it. */

#include "pinion-conversation-row.h"
#include "pinion-list-pane.h"
#include "pinion-ui-desk.h"
#include "pinion-ui-fixture.h"

#define N_MESSAGES 4

typedef struct
{
  Fixture *store;
  gint64 messages[N_MESSAGES]; /* the newest first, as in the list */
  PinionEngine *engine;
  PinionWindow *window;
} Desk;

/* -- The desk ------------------------------------------------------------------------------- */

static void
fill (Desk *desk)
{
  PinionStoreSession *session = fixture_begin (desk->store);
  gint64 inbox = fixture_folder (desk->store, "INBOX");

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);

      desk->messages[i] = fixture_add (session, inbox, N_MESSAGES - i, 0, id, NULL,
                                       1000000000 - i * 60);
    }
  fixture_commit (desk->store);
}

static Desk *
desk_new (void)
{
  Desk *desk = g_new0 (Desk, 1);

  desk->store = fixture_new ();
  fill (desk);
  fixture_close (desk->store);

  desk->engine = desk_open_engine (desk->store);
  desk->window = desk_open_window (desk->engine);

  return desk;
}

/* What is in the store then is true for the tests of a store, too. */
static void
desk_close (Desk *desk)
{
  desk_close_window (g_steal_pointer (&desk->window), g_steal_pointer (&desk->engine));
  fixture_reopen (desk->store);
}

static void
desk_free (Desk *desk)
{
  fixture_free (desk->store);
  g_free (desk);
}

static void
collect_rows (GtkWidget *root,
              GPtrArray *rows)
{
  if (PINION_IS_CONVERSATION_ROW (root) && gtk_widget_get_mapped (root) &&
      pinion_conversation_row_get_item (PINION_CONVERSATION_ROW (root)) != NULL)
    g_ptr_array_add (rows, root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_rows (child, rows);
}

/* The row that shows this message, once it does. */
static GtkWidget *
find_row (Desk  *desk,
          gint64 message)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  collect_rows (GTK_WIDGET (desk->window->list_pane), rows);
  for (guint i = 0; i < rows->len; i++)
    {
      guint n;
      const gint64 *messages = pinion_conversation_get_messages (
        pinion_conversation_row_get_item (rows->pdata[i]), &n);

      if (n > 0 && messages[0] == message)
        return rows->pdata[i];
    }

  return NULL;
}

static GtkWidget *
await_row (Desk *desk,
           guint number)
{
  GtkWidget *row;

  wait_until ((row = find_row (desk, desk->messages[number])) != NULL &&
              gtk_widget_get_width (row) > 200);

  return row;
}

/* -- The finger ----------------------------------------------------------------------------- */

static GtkWidget *
get_list (GtkWidget *row)
{
  return gtk_widget_get_ancestor (row, GTK_TYPE_LIST_VIEW);
}

/* The list's gesture of @type, which is touch's alone. */
static GtkGesture *
get_gesture (GtkWidget *row,
             GType      type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (get_list (row));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type &&
          gtk_gesture_single_get_touch_only (GTK_GESTURE_SINGLE (controller)))
        return GTK_GESTURE (controller);
    }

  g_assert_not_reached ();
}

/* Where a finger that is on @row is on the list. */
static graphene_point_t
get_place (GtkWidget *row)
{
  graphene_point_t place;

  g_assert_true (gtk_widget_compute_point (row, get_list (row), &GRAPHENE_POINT_INIT (150, 30),
                                           &place));

  return place;
}

static void
put_down (GtkWidget *row)
{
  graphene_point_t place = get_place (row);

  g_signal_emit_by_name (get_gesture (row, GTK_TYPE_GESTURE_DRAG), "drag-begin", (double) place.x,
                         (double) place.y);
}

static void
draw_to (GtkWidget *row,
         double     x,
         double     y)
{
  GtkGesture *gesture = get_gesture (row, GTK_TYPE_GESTURE_DRAG);

  for (guint i = 1; i <= 10; i++)
    g_signal_emit_by_name (gesture, "drag-update", x * i / 10, y * i / 10);
}

static void
swipe (GtkWidget *row,
       double     x,
       double     y)
{
  put_down (row);
  draw_to (row, x, y);
  g_signal_emit_by_name (get_gesture (row, GTK_TYPE_GESTURE_DRAG), "drag-end", x, y);
}

static void
press_long (GtkWidget *row)
{
  graphene_point_t place = get_place (row);

  g_signal_emit_by_name (get_gesture (row, GTK_TYPE_GESTURE_LONG_PRESS), "pressed",
                         (double) place.x, (double) place.y);
}

/* Returns: (transfer full): what it is drawn of */
static char *
dup_drawn (GtkWidget *row)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GBytes) bytes = NULL;

  GTK_WIDGET_GET_CLASS (row)->snapshot (row, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  bytes = gsk_render_node_serialize (node);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
is_drawn_as (GtkWidget  *row,
             const char *drawn)
{
  g_autofree char *now = dup_drawn (row);

  return g_str_equal (now, drawn);
}

/* -- Tests ---------------------------------------------------------------------------------- */

static void
assert_labels (Desk       *desk,
               guint       number,
               const char *labels)
{
  PinionStoreSession *session = fixture_read (desk->store);

  fixture_assert_labels (desk->store, session, desk->messages[number], labels);
  fixture_commit (desk->store);
}

static gboolean
is_unread (Desk *desk,
           guint number)
{
  GtkWidget *row = find_row (desk, desk->messages[number]);

  return row != NULL && pinion_conversation_get_unread (
                          pinion_conversation_row_get_item (PINION_CONVERSATION_ROW (row)));
}

static void
test_swipe (void)
{
  Desk *desk = desk_new ();

  swipe (await_row (desk, 1), 220, 10);
  wait_until (find_row (desk, desk->messages[1]) == NULL);

  swipe (await_row (desk, 2), -220, 10);
  wait_until (!is_unread (desk, 2));
  swipe (await_row (desk, 2), -220, 10);
  wait_until (is_unread (desk, 2));
  swipe (await_row (desk, 3), -220, 10);
  wait_until (!is_unread (desk, 3));

  desk_close (desk);
  assert_labels (desk, 0, "INBOX");
  assert_labels (desk, 1, "Archive");
  assert_labels (desk, 2, "INBOX");
  desk_free (desk);
}

static void
let_time_pass (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

/* It goes along, comes back, and nothing was done. */
static void
test_taken_back (void)
{
  Desk *desk = desk_new ();
  GtkWidget *row = await_row (desk, 1);
  let_time_pass (300);
  g_autofree char *at_rest = dup_drawn (row);

  put_down (row);
  g_assert_true (is_drawn_as (row, at_rest));
  draw_to (row, 60, 0);
  g_assert_false (is_drawn_as (row, at_rest));
  g_signal_emit_by_name (get_gesture (row, GTK_TYPE_GESTURE_DRAG), "drag-end", 60.0, 0.0);
  wait_until (is_drawn_as (row, at_rest));

  put_down (row);
  draw_to (row, -220, 0);
  g_assert_false (is_drawn_as (row, at_rest));
  g_signal_emit_by_name (get_gesture (row, GTK_TYPE_GESTURE_DRAG), "cancel", NULL);
  wait_until (is_drawn_as (row, at_rest));

  /* The list is scrolled. */
  swipe (row, 10, 200);
  g_assert_true (is_drawn_as (row, at_rest));
  let_time_pass (300);
  g_assert_true (await_row (desk, 1) == row);
  g_assert_true (is_unread (desk, 1));

  desk_close (desk);
  assert_labels (desk, 1, "INBOX");
  desk_free (desk);
}

static guint
get_n_selected (Desk *desk)
{
  return pinion_list_pane_get_n_selected (desk->window->list_pane);
}

static void
test_long_press (void)
{
  Desk *desk = desk_new ();
  PinionListPane *pane;

  press_long (await_row (desk, 1));
  pane = desk->window->list_pane;
  g_assert_true (pinion_list_pane_get_selecting (pane));
  g_assert_cmpuint (get_n_selected (desk), ==, 1);
  press_long (await_row (desk, 3));
  g_assert_cmpuint (get_n_selected (desk), ==, 2);
  press_long (await_row (desk, 1));
  g_assert_cmpuint (get_n_selected (desk), ==, 1);

  /* While selecting, nothing is swiped. */
  swipe (await_row (desk, 2), 220, 0);
  gtk_widget_activate_action (GTK_WIDGET (desk->window), "win.archive", NULL);
  wait_until (find_row (desk, desk->messages[3]) == NULL);
  g_assert_nonnull (find_row (desk, desk->messages[2]));

  desk_close (desk);
  assert_labels (desk, 1, "INBOX");
  assert_labels (desk, 2, "INBOX");
  assert_labels (desk, 3, "Archive");
  desk_free (desk);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();

  g_test_add_func ("/touch/swipe", test_swipe);
  g_test_add_func ("/touch/taken-back", test_taken_back);
  g_test_add_func ("/touch/long-press", test_long_press);

  return g_test_run ();
}
