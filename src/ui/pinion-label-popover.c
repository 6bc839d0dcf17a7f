/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-label-popover.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pinion-colour-dot.h"
#include "pinion-isolate.h"
#include "pinion-popover.h"
#include "pinion-sidebar-item.h"

/* How much of what it is about has a label. */
typedef enum
{
  CHECK_NONE,
  CHECK_SOME,
  CHECK_ALL,
} Check;

struct _PinionLabelPopover
{
  GtkPopover parent_instance;

  GtkSearchEntry *search;
  GtkStack *stack;
  GtkListView *list;
  GtkLabel *hint;
  GtkWidget *apply;

  PinionEngine *engine;
  gint64 account;
  PinionPickPurpose purpose;
  GHashTable *carried;
  guint n_conversations;
  GHashTable *wanted; /* label ids to a Check, of those that shall change */
  gboolean cancelled;

  GtkCustomFilter *filter;
  GListStore *creation; /* a GtkStringObject where a label could be made */
  GtkSingleSelection *selection;
  char *needle;
  GPtrArray *rows; /* list items on screen, borrowed */
};

enum
{
  CHOSEN,
  VISITED,
  APPLIED,
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionLabelPopover, pinion_label_popover, GTK_TYPE_POPOVER)

/* -- Which labels --------------------------------------------------------------------------- */

static char *
fold (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
}

/* What a person knows it by here. */
static const char *
get_name (PinionLabel *label)
{
  return pinion_label_get_role (label) == PINION_ROLE_NONE ? pinion_label_get_path (label)
                                                           : pinion_label_get_title (label);
}

static gboolean
matches (const char *needle,
         const char *name)
{
  g_autofree char *folded = NULL;

  if (needle == NULL || *needle == '\0' || g_str_match_string (needle, name, TRUE))
    return TRUE;

  folded = fold (name);

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
is_listed (PinionLabelPopover *self,
           PinionLabel        *label)
{
  PinionRole role = pinion_label_get_role (label);

  if (pinion_label_get_account (label) != self->account || pinion_label_get_hidden (label) ||
      !pinion_label_get_selectable (label))
    return FALSE;

  return role == PINION_ROLE_NONE ||
         (self->purpose == PINION_PICK_TO_MOVE && role != PINION_ROLE_SENT &&
          role != PINION_ROLE_DRAFTS);
}

static gboolean
is_found (gpointer item,
          gpointer user_data)
{
  PinionLabelPopover *self = user_data;

  return matches (self->needle, get_name (item));
}

/* Whether there is a label by this name, in any case. */
static gboolean
is_taken (PinionLabelPopover *self,
          const char         *path)
{
  GListModel *labels = pinion_engine_get_labels (self->engine);
  g_autofree char *folded = fold (path);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      g_autofree char *other = fold (pinion_label_get_path (label));
      g_autofree char *name = fold (get_name (label));

      if (pinion_label_get_account (label) == self->account &&
          (g_strcmp0 (folded, other) == 0 || g_strcmp0 (folded, name) == 0))
        return TRUE;
    }

  return FALSE;
}

/* What was typed, as the path of a label that could be made; %NULL where it cannot. */
static char *
dup_new_path (PinionLabelPopover *self)
{
  g_autofree char *path = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search)));

  g_strstrip (path);
  if (self->purpose == PINION_PICK_TO_PIN || *path == '\0' || *path == '/' ||
      g_str_has_suffix (path, "/") || is_taken (self, path))
    return NULL;

  return g_steal_pointer (&path);
}

static void
update_creation (PinionLabelPopover *self)
{
  g_autofree char *path = dup_new_path (self);
  g_autoptr (GtkStringObject) item = path != NULL ? gtk_string_object_new (path) : NULL;

  g_list_store_splice (self->creation, 0, g_list_model_get_n_items (G_LIST_MODEL (self->creation)),
                       (gpointer *) &item, item != NULL);
}

static void
update_stack (PinionLabelPopover *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "list");
}

static void
on_search_changed (PinionLabelPopover *self)
{
  g_autofree char *folded = fold (gtk_editable_get_text (GTK_EDITABLE (self->search)));

  g_set_str (&self->needle, folded);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_creation (self);
  gtk_single_selection_set_selected (self->selection, 0);
  update_stack (self);
}

/* -- Checks --------------------------------------------------------------------------------- */

static Check
get_carried (PinionLabelPopover *self,
             gint64              id)
{
  guint n = self->carried != NULL
              ? GPOINTER_TO_UINT (g_hash_table_lookup (self->carried, &id))
              : 0;

  return n == 0 ? CHECK_NONE : n >= self->n_conversations ? CHECK_ALL : CHECK_SOME;
}

static Check
get_check (PinionLabelPopover *self,
           PinionLabel        *label)
{
  gint64 id = pinion_label_get_id (label);
  gpointer wanted;

  if (self->purpose == PINION_PICK_TO_PIN)
    return pinion_label_get_pinned (label) ? CHECK_ALL : CHECK_NONE;

  if (self->purpose == PINION_PICK_TO_MOVE)
    return CHECK_NONE;

  if (g_hash_table_lookup_extended (self->wanted, &id, NULL, &wanted))
    return GPOINTER_TO_INT (wanted);

  return get_carried (self, id);
}

/* What a row is made of, in this order. */
typedef struct
{
  GtkWidget *check;
  GtkWidget *dot;
  GtkWidget *icon; /* in the place of the dot */
  GtkWidget *title;
  GtkWidget *mark;
} Row;

static Row
get_row (GtkListItem *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  Row row = { .check = gtk_widget_get_first_child (box) };

  row.dot = gtk_widget_get_next_sibling (row.check);
  row.icon = gtk_widget_get_next_sibling (row.dot);
  row.title = gtk_widget_get_next_sibling (row.icon);
  row.mark = gtk_widget_get_next_sibling (row.title);

  return row;
}

/* @icon: (nullable), the dot. */
static void
show_mark (Row         row,
           const char *icon)
{
  gtk_widget_set_visible (row.dot, icon == NULL);
  gtk_widget_set_visible (row.icon, icon != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (row.icon), icon);
}

static char *
dup_spoken (PinionLabelPopover *self,
            const char         *name,
            Check               check)
{
  if (check == CHECK_ALL)
    return g_strdup_printf (self->purpose == PINION_PICK_TO_PIN ? _("%s, pinned") : _("%s, set"),
                            name);
  if (check == CHECK_SOME)
    return g_strdup_printf (_("%s, set on some"), name);

  return g_strdup (name);
}

static void
show_label (PinionLabelPopover *self,
            GtkListItem        *item)
{
  PinionLabel *label = gtk_list_item_get_item (item);
  Row row = get_row (item);
  Check check = get_check (self, label);
  g_autofree char *spoken = dup_spoken (self, get_name (label), check);

  gtk_widget_set_visible (row.check, self->purpose == PINION_PICK_TO_ADD);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row.check), check == CHECK_ALL);
  gtk_check_button_set_inconsistent (GTK_CHECK_BUTTON (row.check), check == CHECK_SOME);
  show_mark (row, pinion_role_get_icon (pinion_label_get_role (label)));
  gtk_widget_set_visible (row.mark, self->purpose == PINION_PICK_TO_PIN && check == CHECK_ALL);
  pinion_colour_dot_set (PINION_COLOUR_DOT (row.dot), pinion_label_get_colour (label));
  gtk_label_set_label (GTK_LABEL (row.title), get_name (label));
  gtk_list_item_set_accessible_label (item, spoken);
}

/* Some → all → none → as it was. */
static void
toggle (PinionLabelPopover *self,
        PinionLabel        *label)
{
  gint64 id = pinion_label_get_id (label);
  Check carried = get_carried (self, id);
  Check now = get_check (self, label);
  Check next = now == CHECK_NONE ? (carried == CHECK_SOME ? CHECK_SOME : CHECK_ALL)
               : now == CHECK_SOME ? CHECK_ALL
                                   : CHECK_NONE;

  if (next == carried)
    g_hash_table_remove (self->wanted, &id);
  else
    g_hash_table_insert (self->wanted, g_memdup2 (&id, sizeof id), GINT_TO_POINTER (next));

  gtk_widget_set_visible (self->apply, g_hash_table_size (self->wanted) > 0);
  for (guint i = 0; i < self->rows->len; i++)
    if (gtk_list_item_get_item (self->rows->pdata[i]) == label)
      show_label (self, self->rows->pdata[i]);
}

static GArray *
dup_wanted (PinionLabelPopover *self,
            Check               check)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer id, wanted;

  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &id, &wanted))
    if (GPOINTER_TO_INT (wanted) == (int) check)
      g_array_append_vals (ids, id, 1);

  return ids;
}

/* @create: (nullable) */
static void
apply (PinionLabelPopover *self,
       const char         *create)
{
  g_autoptr (GArray) added = dup_wanted (self, CHECK_ALL);
  g_autoptr (GArray) removed = dup_wanted (self, CHECK_NONE);

  if (self->cancelled || added->len + removed->len + (create != NULL) == 0)
    return;

  self->cancelled = TRUE;
  g_signal_emit (self, signals[APPLIED], 0, added, removed, create);
}

static void
on_closed (PinionLabelPopover *self)
{
  if (self->purpose == PINION_PICK_TO_ADD)
    apply (self, NULL);
}

static void
on_apply_clicked (PinionLabelPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

/* -- Choosing ------------------------------------------------------------------------------- */

static void
create_label (PinionLabelPopover *self,
              GtkStringObject    *item)
{
  g_autofree char *path = g_strdup (gtk_string_object_get_string (item));

  if (self->purpose == PINION_PICK_TO_ADD)
    apply (self, path);
  else
    g_signal_emit (self, signals[CREATED], 0, path);

  gtk_popover_popdown (GTK_POPOVER (self));
}

/* @stay: more is to come. */
static void
choose (PinionLabelPopover *self,
        gpointer            item,
        GdkModifierType     modifiers,
        gboolean            stay)
{
  g_autoptr (GObject) held = item != NULL ? g_object_ref (item) : NULL;
  gboolean visit = self->purpose == PINION_PICK_TO_PIN && (modifiers & GDK_ALT_MASK) != 0;

  if (held == NULL)
    return;

  if (GTK_IS_STRING_OBJECT (held))
    {
      create_label (self, GTK_STRING_OBJECT (held));
      return;
    }

  if (self->purpose == PINION_PICK_TO_ADD)
    {
      toggle (self, PINION_LABEL (held));
      if (!stay)
        gtk_popover_popdown (GTK_POPOVER (self));
      return;
    }

  if (visit || self->purpose != PINION_PICK_TO_PIN)
    gtk_popover_popdown (GTK_POPOVER (self));

  g_signal_emit (self, signals[visit ? VISITED : CHOSEN], 0, held);
}

static gboolean
is_searching (PinionLabelPopover *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
}

/* Where labels are checked already and none is searched for, Enter is the end of it. */
static void
on_search_activate (PinionLabelPopover *self)
{
  if (!is_searching (self) && g_hash_table_size (self->wanted) > 0)
    gtk_popover_popdown (GTK_POPOVER (self));
  else
    choose (self, gtk_single_selection_get_selected_item (self->selection), 0, FALSE);
}

static void
cancel (PinionLabelPopover *self)
{
  self->cancelled = TRUE;
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_search_stop (PinionLabelPopover *self)
{
  cancel (self);
}

static void
on_list_activate (PinionLabelPopover *self,
                  guint               position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  choose (self, item, 0, FALSE);
}

static void
move_selection (PinionLabelPopover *self,
                int                 step)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint selected = gtk_single_selection_get_selected (self->selection);

  if (n == 0)
    return;

  if (selected == GTK_INVALID_LIST_POSITION)
    selected = 0;
  else if (step < 0 && selected > 0)
    selected--;
  else if (step > 0 && selected < n - 1)
    selected++;

  gtk_list_view_scroll_to (self->list, selected, GTK_LIST_SCROLL_SELECT, NULL);
}

/* One more: what was searched for has been found. */
static void
check_and_stay (PinionLabelPopover *self)
{
  choose (self, gtk_single_selection_get_selected_item (self->selection), 0, TRUE);
  if (is_searching (self) && self->purpose == PINION_PICK_TO_ADD)
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

static gboolean
on_return (PinionLabelPopover *self,
           GdkModifierType     modifiers)
{
  if ((modifiers & GDK_ALT_MASK) != 0)
    choose (self, gtk_single_selection_get_selected_item (self->selection), modifiers, FALSE);
  else if ((modifiers & (GDK_SHIFT_MASK | GDK_CONTROL_MASK)) != 0)
    check_and_stay (self);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

/* The entry keeps the focus while the arrows walk the list. */
static gboolean
on_search_key (PinionLabelPopover *self,
               guint               keyval,
               guint               keycode,
               GdkModifierType     modifiers)
{
  switch (keyval)
    {
    case GDK_KEY_Up:
      move_selection (self, -1);
      return GDK_EVENT_STOP;

    case GDK_KEY_Down:
      move_selection (self, 1);
      return GDK_EVENT_STOP;

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return on_return (self, modifiers);

    case GDK_KEY_space:
      if (self->purpose != PINION_PICK_TO_ADD || is_searching (self))
        return GDK_EVENT_PROPAGATE;
      check_and_stay (self);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
on_any_key (PinionLabelPopover *self,
            guint               keyval,
            guint               keycode,
            GdkModifierType     modifiers)
{
  if (keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;

  cancel (self);
  return GDK_EVENT_STOP;
}

static void
on_row_released (GtkGestureClick *click,
                 int              n_press,
                 double           x,
                 double           y,
                 GtkListItem     *item)
{
  PinionLabelPopover *self = g_object_get_data (G_OBJECT (click), "pinion-popover");
  GtkEventController *controller = GTK_EVENT_CONTROLLER (click);

  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  choose (self, gtk_list_item_get_item (item),
          gtk_event_controller_get_current_event_state (controller), TRUE);
}

/* -- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
new_row (PinionLabelPopover *self,
         GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  Row row = {
    .check = gtk_check_button_new (),
    .dot = g_object_new (PINION_TYPE_COLOUR_DOT, "valign", GTK_ALIGN_CENTER, NULL),
    .icon = gtk_image_new (),
    .title = gtk_label_new (NULL),
    .mark = gtk_image_new_from_icon_name ("object-select-symbolic"),
  };
  GtkGesture *click = gtk_gesture_click_new ();

  /* The row is what is pressed, and what is read aloud */
  gtk_widget_set_can_target (row.check, FALSE);
  gtk_widget_set_can_focus (row.check, FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row.check), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_ellipsize (GTK_LABEL (row.title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (row.title), 0);
  gtk_widget_set_hexpand (row.title, TRUE);

  gtk_box_append (GTK_BOX (box), row.check);
  gtk_box_append (GTK_BOX (box), row.dot);
  gtk_box_append (GTK_BOX (box), row.icon);
  gtk_box_append (GTK_BOX (box), row.title);
  gtk_box_append (GTK_BOX (box), row.mark);

  g_object_set_data (G_OBJECT (click), "pinion-popover", self);
  g_signal_connect_object (click, "released", G_CALLBACK (on_row_released), item, 0);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));

  return box;
}

static void
on_row_setup (PinionLabelPopover *self,
              GtkListItem        *item)
{
  gtk_list_item_set_child (item, new_row (self, item));
}

static void
show_creation (GtkListItem *item)
{
  Row row = get_row (item);
  const char *path = gtk_string_object_get_string (gtk_list_item_get_item (item));
  /* Translators: a label that is not there yet, by the name that was typed */
  g_autofree char *words = g_strdup_printf (_("Create “%s”"), path);
  g_autofree char *isolated = pinion_isolate_name (path);
  g_autofree char *shown = g_strdup_printf (_("Create “%s”"), isolated);

  gtk_widget_set_visible (row.check, FALSE);
  show_mark (row, "list-add-symbolic");
  gtk_widget_set_visible (row.mark, FALSE);
  gtk_label_set_label (GTK_LABEL (row.title), shown);
  gtk_list_item_set_accessible_label (item, words);
}

static void
on_label_notify (GtkListItem *item)
{
  show_label (g_object_get_data (G_OBJECT (item), "pinion-popover"), item);
}

static void
on_row_bind (PinionLabelPopover *self,
             GtkListItem        *item)
{
  gpointer object = gtk_list_item_get_item (item);

  if (!PINION_IS_LABEL (object))
    {
      show_creation (item);
      return;
    }

  g_object_set_data (G_OBJECT (item), "pinion-popover", self);
  g_signal_connect_object (object, "notify::pinned", G_CALLBACK (on_label_notify), item,
                           G_CONNECT_SWAPPED);
  show_label (self, item);
  g_ptr_array_add (self->rows, item);
}

static void
on_row_unbind (PinionLabelPopover *self,
               GtkListItem        *item)
{
  g_ptr_array_remove_fast (self->rows, item);
  if (PINION_IS_LABEL (gtk_list_item_get_item (item)))
    g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_label_notify, item);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_label_popover_dispose (GObject *object)
{
  PinionLabelPopover *self = PINION_LABEL_POPOVER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_LABEL_POPOVER);
  g_clear_object (&self->selection);
  g_clear_object (&self->creation);
  g_clear_object (&self->filter);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->carried, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (pinion_label_popover_parent_class)->dispose (object);
}

static void
pinion_label_popover_finalize (GObject *object)
{
  g_clear_pointer (&PINION_LABEL_POPOVER (object)->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (pinion_label_popover_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[CHOSEN] = g_signal_new ("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, PINION_TYPE_LABEL);
  signals[VISITED] = g_signal_new ("visited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, PINION_TYPE_LABEL);
  signals[APPLIED] = g_signal_new ("applied", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 3, G_TYPE_ARRAY, G_TYPE_ARRAY, G_TYPE_STRING);
  signals[CREATED] = g_signal_new ("created", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pinion_label_popover_class_init (PinionLabelPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_label_popover_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_label_popover_finalize;
  install_signals (G_TYPE_FROM_CLASS (klass));

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-label-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, search);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, list);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, hint);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, apply);
  gtk_widget_class_bind_template_callback (widget_class, on_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_any_key);
  gtk_widget_class_bind_template_callback (widget_class, on_apply_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_search_key);
  gtk_widget_class_bind_template_callback (widget_class, on_list_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
}

static void
pinion_label_popover_init (PinionLabelPopover *self)
{
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
list_role (PinionLabelPopover *self,
           PinionRole          role,
           GListStore         *snapshot)
{
  GListModel *labels = pinion_engine_get_labels (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);

      if (pinion_label_get_role (label) == role && is_listed (self, label))
        g_list_store_append (snapshot, label);
    }
}

/* The labels as they are now, nothing moves under the pointer; after the mailboxes, which the sidebar has
 * in this order. */
static GListModel *
new_snapshot (PinionLabelPopover *self)
{
  static const PinionRole roles[] = { PINION_ROLE_INBOX, PINION_ROLE_ARCHIVE, PINION_ROLE_JUNK,
                                      PINION_ROLE_TRASH, PINION_ROLE_NONE };
  GListStore *snapshot = g_list_store_new (PINION_TYPE_LABEL);

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    list_role (self, roles[i], snapshot);

  return G_LIST_MODEL (snapshot);
}

static void
fill_list (PinionLabelPopover *self)
{
  g_autoptr (GListStore) both = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkFilterListModel) filtered = NULL;

  self->filter = gtk_custom_filter_new (is_found, self, NULL);
  self->creation = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  filtered = gtk_filter_list_model_new (new_snapshot (self),
                                        g_object_ref (GTK_FILTER (self->filter)));
  g_list_store_append (both, filtered);
  g_list_store_append (both, self->creation);
  self->selection = gtk_single_selection_new (
    G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&both)))));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  update_stack (self);
}

GtkWidget *
pinion_label_popover_new (PinionEngine     *engine,
                          gint64            account,
                          PinionPickPurpose purpose,
                          GHashTable       *carried,
                          guint             n_conversations)
{
  PinionLabelPopover *self = g_object_new (PINION_TYPE_LABEL_POPOVER, NULL);

  self->engine = g_object_ref (engine);
  self->account = account;
  self->purpose = purpose;
  self->carried = carried != NULL ? g_hash_table_ref (carried) : NULL;
  self->n_conversations = n_conversations;
  gtk_widget_set_visible (GTK_WIDGET (self->hint), purpose != PINION_PICK_TO_MOVE);
  if (purpose == PINION_PICK_TO_ADD)
    gtk_label_set_label (self->hint, _("A click or Shift+Enter sets several"));
  fill_list (self);

  return GTK_WIDGET (self);
}

void
pinion_label_popover_set_carried (PinionLabelPopover *self,
                                  GHashTable         *carried)
{
  g_clear_pointer (&self->carried, g_hash_table_unref);
  self->carried = g_hash_table_ref (carried);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkListItem *item = self->rows->pdata[i];

      if (PINION_IS_LABEL (gtk_list_item_get_item (item)))
        show_label (self, item);
    }
}

gint64
pinion_label_popover_get_account (PinionLabelPopover *self)
{
  return self->account;
}

void
pinion_label_popover_present (PinionLabelPopover *self,
                              GtkWidget          *anchor,
                              const GdkRectangle *at)
{
  pinion_popover_present (GTK_POPOVER (self), anchor, at);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
