/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-label-popover.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pinion-colour-dot.h"

struct _PinionLabelPopover
{
  GtkPopover parent_instance;

  GtkSearchEntry *search;
  GtkStack *stack;
  GtkListView *list;
  GtkLabel *hint;

  PinionEngine *engine;
  gint64 account;
  PinionPickPurpose purpose;
  GHashTable *carried;
  guint n_conversations;
  GtkCustomFilter *filter;
  GtkSingleSelection *selection;
  char *needle;
};

enum
{
  CHOSEN,
  VISITED,
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

static gboolean
matches (const char *needle,
         const char *path)
{
  g_autofree char *folded = NULL;

  if (needle == NULL || *needle == '\0' || g_str_match_string (needle, path, TRUE))
    return TRUE;

  folded = fold (path);

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
is_offered (gpointer item,
            gpointer user_data)
{
  PinionLabelPopover *self = user_data;
  PinionLabel *label = item;
  PinionRole role = pinion_label_get_role (label);

  if (pinion_label_get_account (label) != self->account || pinion_label_get_hidden (label) ||
      !pinion_label_get_selectable (label))
    return FALSE;

  if (role != PINION_ROLE_NONE &&
      (self->purpose != PINION_PICK_TO_MOVE || role == PINION_ROLE_SENT ||
       role == PINION_ROLE_DRAFTS))
    return FALSE;

  return matches (self->needle, pinion_label_get_path (label));
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
  gtk_single_selection_set_selected (self->selection, 0);
  update_stack (self);
}

/* -- Choosing ------------------------------------------------------------------------------- */

static void
choose (PinionLabelPopover *self,
        PinionLabel        *label,
        GdkModifierType     modifiers)
{
  g_autoptr (PinionLabel) held = label != NULL ? g_object_ref (label) : NULL;
  gboolean visit = self->purpose == PINION_PICK_TO_PIN && (modifiers & GDK_ALT_MASK) != 0;

  if (held == NULL)
    return;

  if (visit || self->purpose != PINION_PICK_TO_PIN)
    gtk_popover_popdown (GTK_POPOVER (self));

  g_signal_emit (self, signals[visit ? VISITED : CHOSEN], 0, held);
}

static void
on_search_activate (PinionLabelPopover *self)
{
  choose (self, gtk_single_selection_get_selected_item (self->selection), 0);
}

static void
on_search_stop (PinionLabelPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_list_activate (PinionLabelPopover *self,
                  guint               position)
{
  g_autoptr (PinionLabel) label =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  choose (self, label, 0);
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
      if ((modifiers & GDK_ALT_MASK) == 0)
        return GDK_EVENT_PROPAGATE;
      choose (self, gtk_single_selection_get_selected_item (self->selection), modifiers);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
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
          gtk_event_controller_get_current_event_state (controller));
}

/* -- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
new_row (PinionLabelPopover *self,
         GtkListItem        *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *dot = g_object_new (PINION_TYPE_COLOUR_DOT, "valign", GTK_ALIGN_CENTER, NULL);
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *check = gtk_image_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_image_set_pixel_size (GTK_IMAGE (check), 16);

  gtk_box_append (GTK_BOX (row), dot);
  gtk_box_append (GTK_BOX (row), title);
  gtk_box_append (GTK_BOX (row), check);

  g_object_set_data (G_OBJECT (click), "pinion-popover", self);
  g_signal_connect_object (click, "released", G_CALLBACK (on_row_released), item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  return row;
}

static void
on_row_setup (PinionLabelPopover *self,
              GtkListItem        *item)
{
  gtk_list_item_set_child (item, new_row (self, item));
}

/* Whether all (2), some (1) or none of what it is about has @label. */
static guint
get_check (PinionLabelPopover *self,
           PinionLabel        *label)
{
  gint64 id = pinion_label_get_id (label);
  guint n;

  if (self->purpose == PINION_PICK_TO_PIN)
    return pinion_label_get_pinned (label) ? 2 : 0;

  if (self->purpose == PINION_PICK_TO_MOVE || self->carried == NULL)
    return 0;

  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->carried, &id));

  return n == 0 ? 0 : n >= self->n_conversations ? 2 : 1;
}

static void
show_label (PinionLabelPopover *self,
            GtkListItem        *item)
{
  static const char *const icons[] = { NULL, "list-remove-symbolic", "object-select-symbolic" };
  PinionLabel *label = gtk_list_item_get_item (item);
  GtkWidget *dot = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *title = gtk_widget_get_next_sibling (dot);
  GtkWidget *check = gtk_widget_get_next_sibling (title);
  guint state = get_check (self, label);
  const char *name = pinion_label_get_role (label) == PINION_ROLE_NONE
                       ? pinion_label_get_path (label)
                       : NULL;
  g_autofree char *spoken = NULL;

  if (name == NULL)
    name = _("Inbox");

  pinion_colour_dot_set (PINION_COLOUR_DOT (dot), pinion_label_get_colour (label));
  gtk_label_set_label (GTK_LABEL (title), name);
  gtk_image_set_from_icon_name (GTK_IMAGE (check), icons[state]);

  if (state == 2)
    spoken = g_strdup_printf (self->purpose == PINION_PICK_TO_PIN ? _("%s, pinned") : _("%s, set"),
                              name);

  gtk_list_item_set_accessible_label (item, spoken != NULL ? spoken : name);
}

static void
on_label_notify (GtkListItem *item)
{
  PinionLabelPopover *self = g_object_get_data (G_OBJECT (item), "pinion-popover");

  show_label (self, item);
}

static void
on_row_bind (PinionLabelPopover *self,
             GtkListItem        *item)
{
  g_object_set_data (G_OBJECT (item), "pinion-popover", self);
  g_signal_connect_object (gtk_list_item_get_item (item), "notify::pinned",
                           G_CALLBACK (on_label_notify), item, G_CONNECT_SWAPPED);
  show_label (self, item);
}

static void
on_row_unbind (PinionLabelPopover *self,
               GtkListItem        *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_label_notify, item);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_label_popover_dispose (GObject *object)
{
  PinionLabelPopover *self = PINION_LABEL_POPOVER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_LABEL_POPOVER);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->carried, g_hash_table_unref);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (pinion_label_popover_parent_class)->dispose (object);
}

static void
pinion_label_popover_class_init (PinionLabelPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_label_popover_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, PINION_TYPE_LABEL);
  signals[VISITED] = g_signal_new ("visited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, PINION_TYPE_LABEL);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-label-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, search);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, list);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelPopover, hint);
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
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_list (PinionLabelPopover *self)
{
  GListModel *labels = g_object_ref (pinion_engine_get_labels (self->engine));
  GtkFilterListModel *filtered;

  self->filter = gtk_custom_filter_new (is_offered, self, NULL);
  filtered = gtk_filter_list_model_new (labels, g_object_ref (GTK_FILTER (self->filter)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
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
  gtk_widget_set_visible (GTK_WIDGET (self->hint), purpose == PINION_PICK_TO_PIN);
  fill_list (self);

  return GTK_WIDGET (self);
}

gboolean
pinion_label_popover_is_carried (PinionLabelPopover *self,
                                 PinionLabel        *label)
{
  return self->purpose != PINION_PICK_TO_PIN && get_check (self, label) == 2;
}

static gboolean
on_unparent (gpointer user_data)
{
  GtkWidget *popover = user_data;

  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);

  return G_SOURCE_REMOVE;
}

/* Not within "closed": the popover still hands the focus back then. */
static void
on_closed (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_unparent, g_object_ref (popover), g_object_unref);
}

void
pinion_label_popover_present (PinionLabelPopover *self,
                              GtkWidget          *anchor,
                              const GdkRectangle *at)
{
  gtk_widget_set_parent (GTK_WIDGET (self), anchor);
  if (at != NULL)
    gtk_popover_set_pointing_to (GTK_POPOVER (self), at);

  g_signal_connect (self, "closed", G_CALLBACK (on_closed), NULL);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
