/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-command-bar.h"

#include <glib/gi18n-lib.h>

#include "pinion-asking.h"
#include "pinion-colour-dot.h"
#include "pinion-config.h"
#include "pinion-search.h"

#define MAX_SHOWN 60
#define MAX_PEOPLE 5
#define MAX_RECENT 12
#define PAGE 6

struct _PinionCommandBar
{
  AdwDialog parent_instance;

  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkListView *list;

  PinionEngine *engine;
  GSettings *settings;
  GPtrArray *commands;
  GPtrArray *people; /* for what is typed now */
  GListStore *shown;
  GtkSingleSelection *selection;
  char *typed; /* what is shown is for this */
  guint serial;
  PinionCommand *chosen;
  gboolean is_closed;
};

enum
{
  CHOSEN,
  LATE_KEY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionCommandBar, pinion_command_bar, ADW_TYPE_DIALOG)

/* -- What is offered ------------------------------------------------------------------------ */

static const char *
get_typed (PinionCommandBar *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/* The entry keeps the focus: what is selected below it has to be told. */
static void
announce (PinionCommandBar *self)
{
  PinionCommand *command = gtk_single_selection_get_selected_item (self->selection);
  g_autofree char *words = command != NULL ? pinion_command_dup_accessible_name (command) : NULL;

  if (words != NULL && *get_typed (self) != '\0')
    gtk_accessible_announce (GTK_ACCESSIBLE (self->entry), words,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* The selection clings to what it had, wherever that stands now: it is told where to be. */
static void
select_row (PinionCommandBar *self,
            guint             position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_NONE, NULL);
}

static void
show_meant (PinionCommandBar *self)
{
  g_auto (GStrv) recent = g_settings_get_strv (self->settings, "recent-commands");
  g_autoptr (GPtrArray) all = g_ptr_array_copy (self->commands, NULL, NULL);
  g_autoptr (GPtrArray) meant = NULL;

  g_set_str (&self->typed, get_typed (self));
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < self->people->len; i++)
    g_ptr_array_add (all, self->people->pdata[i]);

  meant = pinion_commands_rank (all, get_typed (self), (const char *const *) recent);
  g_list_store_splice (self->shown, 0, g_list_model_get_n_items (G_LIST_MODEL (self->shown)),
                       meant->pdata, MIN (meant->len, MAX_SHOWN));
  gtk_stack_set_visible_child_name (self->stack, meant->len > 0 ? "list" : "empty");
  if (meant->len > 0)
    select_row (self, 0);
}

static DexFuture *
on_people (DexFuture *future,
           gpointer   user_data)
{
  PinionCommandBar *self = ((PinionAsking *) user_data)->asker;
  const GValue *value = dex_future_get_value (future, NULL);
  GPtrArray *found = value != NULL ? g_value_get_boxed (value) : NULL;

  /* Something else is typed by now, or the bar is closed. */
  if (found == NULL || pinion_asking_is_stale (user_data))
    return NULL;

  for (guint i = 0; i < found->len; i++)
    {
      const PinionSuggestion *person = found->pdata[i];

      if (person->address != NULL)
        g_ptr_array_add (self->people, pinion_command_new_person (person->name, person->address,
                                                                  person->insert));
    }
  if (self->people->len > 0)
    show_meant (self);

  return NULL;
}

static void
ask_for_people (PinionCommandBar *self)
{
  g_autofree char *text = NULL;

  g_ptr_array_set_size (self->people, 0);
  self->serial++;
  if (*get_typed (self) == '\0' || strchr (get_typed (self), '"') != NULL)
    return;

  text = g_strdup_printf ("from:%s", get_typed (self));
  dex_future_disown (dex_future_finally (pinion_engine_suggest (self->engine, text, MAX_PEOPLE),
                                         on_people, pinion_asking_new (self, &self->serial),
                                         pinion_asking_free));
}

static void
on_changed (PinionCommandBar *self)
{
  ask_for_people (self);
  show_meant (self);
  announce (self);
}

/* -- Choosing ------------------------------------------------------------------------------- */

static void
remember (PinionCommandBar *self,
          PinionCommand    *command)
{
  g_auto (GStrv) before = g_settings_get_strv (self->settings, "recent-commands");
  g_autoptr (GPtrArray) now = g_ptr_array_new ();

  g_ptr_array_add (now, (gpointer) pinion_command_get_key (command));
  for (guint i = 0; before[i] != NULL && now->len < MAX_RECENT; i++)
    if (!g_str_equal (before[i], pinion_command_get_key (command)))
      g_ptr_array_add (now, before[i]);
  g_ptr_array_add (now, NULL);

  g_settings_set_strv (self->settings, "recent-commands", (const char *const *) now->pdata);
}

static gboolean
is_shown (PinionCommandBar *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self->entry));
}

/* A dialog that is told to close before it is shown would stay. */
static void
leave (PinionCommandBar *self)
{
  self->is_closed = TRUE;
  if (is_shown (self))
    adw_dialog_close (ADW_DIALOG (self));
}

static gboolean
on_shown_late (gpointer user_data)
{
  adw_dialog_close (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_shown (PinionCommandBar *self)
{
  if (self->is_closed)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_shown_late, g_object_ref (self), g_object_unref);
}

static void
choose (PinionCommandBar *self,
        PinionCommand    *command)
{
  if (command == NULL || self->chosen != NULL)
    return;

  self->chosen = g_object_ref (command);
  /* People are many, and found by their names */
  if (pinion_command_get_kind (command) != PINION_COMMAND_PERSON)
    remember (self, command);
  leave (self);
}

static gboolean
on_tell (gpointer user_data)
{
  PinionCommandBar *self = user_data;

  g_signal_emit (self, signals[CHOSEN], 0, self->chosen);

  return G_SOURCE_REMOVE;
}

static void
pinion_command_bar_closed (AdwDialog *dialog)
{
  PinionCommandBar *self = PINION_COMMAND_BAR (dialog);

  self->serial++;
  self->is_closed = TRUE;
  if (self->chosen != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_tell, g_object_ref (self), g_object_unref);
}

/* Enter may come before the entry tells of the last letters, and again while the bar goes. */
static void
on_activate (PinionCommandBar *self)
{
  if (self->is_closed)
    return;

  if (g_strcmp0 (self->typed, get_typed (self)) != 0)
    show_meant (self);
  choose (self, gtk_single_selection_get_selected_item (self->selection));
}

static void
on_stop (PinionCommandBar *self)
{
  leave (self);
}

static void
move_selection (PinionCommandBar *self,
                int               step)
{
  int n = (int) g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  int selected = (int) gtk_single_selection_get_selected (self->selection);

  if (n == 0)
    return;

  select_row (self, (guint) CLAMP (selected + step, 0, n - 1));
  announce (self);
}

/* The bar is shown a few frames after it was asked for, and until then the entry is told of keys, but
 * does nothing with them. */
static gboolean
take_early (PinionCommandBar *self,
            guint             keyval,
            GdkModifierType   modifiers)
{
  gunichar letter = gdk_keyval_to_unicode (keyval);
  char text[7] = { 0 };
  int end = -1;

  if (self->is_closed || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_STOP;

  if (keyval == GDK_KEY_Escape)
    leave (self);
  else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    on_activate (self);
  else if (g_unichar_isprint (letter))
    {
      g_unichar_to_utf8 (letter, text);
      gtk_editable_insert_text (GTK_EDITABLE (self->entry), text, -1, &end);
      gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
    }

  return GDK_EVENT_STOP;
}

static gboolean
on_key (PinionCommandBar *self,
        guint             keyval,
        guint             keycode,
        GdkModifierType   modifiers)
{
  if (self->is_closed)
    {
      g_signal_emit (self, signals[LATE_KEY], 0, keyval, modifiers);
      return GDK_EVENT_STOP;
    }
  if (!is_shown (self))
    return take_early (self, keyval, modifiers);

  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move_selection (self, -1);
      return GDK_EVENT_STOP;

    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move_selection (self, 1);
      return GDK_EVENT_STOP;

    case GDK_KEY_Page_Up:
      move_selection (self, -PAGE);
      return GDK_EVENT_STOP;

    case GDK_KEY_Page_Down:
      move_selection (self, PAGE);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* -- Rows ----------------------------------------------------------------------------------- */

/* What a row is made of, in this order. */
typedef struct
{
  GtkWidget *icon;
  GtkWidget *dot;
  GtkWidget *title;
  GtkWidget *detail;
  GtkWidget *key;
} Row;

/* One click does it.  Not by the list's own way, which selects what the pointer rests on: what is typed
 * brings rows under it that nobody pointed at. */
static void
on_row_clicked (GtkGestureClick *click,
                int              n_press,
                double           x,
                double           y,
                GtkListItem     *item)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));
  GtkWidget *bar = gtk_widget_get_ancestor (row, PINION_TYPE_COMMAND_BAR);

  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  if (bar != NULL)
    choose (PINION_COMMAND_BAR (bar), gtk_list_item_get_item (item));
}

static void
on_row_setup (PinionCommandBar *self,
              GtkListItem      *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkGesture *click = gtk_gesture_click_new ();
  Row row = {
    .icon = gtk_image_new (),
    .dot = g_object_new (PINION_TYPE_COLOUR_DOT, "valign", GTK_ALIGN_CENTER, NULL),
    .title = gtk_label_new (NULL),
    .detail = gtk_label_new (NULL),
    .key = gtk_label_new (NULL),
  };

  gtk_label_set_xalign (GTK_LABEL (row.title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (row.title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (row.detail), 1);
  gtk_label_set_ellipsize (GTK_LABEL (row.detail), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (row.detail, TRUE);
  gtk_widget_add_css_class (row.detail, "dim-label");
  gtk_widget_add_css_class (row.detail, "caption");
  gtk_widget_add_css_class (row.key, "key");
  gtk_widget_set_valign (row.key, GTK_ALIGN_CENTER);

  gtk_box_append (GTK_BOX (box), row.icon);
  gtk_box_append (GTK_BOX (box), row.dot);
  gtk_box_append (GTK_BOX (box), row.title);
  gtk_box_append (GTK_BOX (box), row.detail);
  gtk_box_append (GTK_BOX (box), row.key);
  g_signal_connect_object (click, "released", G_CALLBACK (on_row_clicked), item, 0);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, box);
}

static Row
get_row (GtkListItem *item)
{
  Row row = { .icon = gtk_widget_get_first_child (gtk_list_item_get_child (item)) };

  row.dot = gtk_widget_get_next_sibling (row.icon);
  row.title = gtk_widget_get_next_sibling (row.dot);
  row.detail = gtk_widget_get_next_sibling (row.title);
  row.key = gtk_widget_get_next_sibling (row.detail);

  return row;
}

static void
on_row_bind (PinionCommandBar *self,
             GtkListItem      *item)
{
  PinionCommand *command = gtk_list_item_get_item (item);
  const PinionActionInfo *info = pinion_command_get_action (command);
  const char *first = info != NULL ? pinion_action_info_get_first_key (info) : NULL;
  const char *colour = pinion_command_get_colour (command);
  const char *icon = pinion_command_get_icon (command);
  const char *detail = pinion_command_get_detail (command);
  g_autofree char *key = first != NULL ? pinion_actions_dup_key_label (first) : NULL;
  g_autofree char *spoken = pinion_command_dup_accessible_name (command);
  Row row = get_row (item);

  gtk_widget_set_visible (row.icon, icon != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (row.icon), icon);
  gtk_widget_set_visible (row.dot, icon == NULL);
  if (icon == NULL)
    pinion_colour_dot_set (PINION_COLOUR_DOT (row.dot), colour);
  gtk_label_set_label (GTK_LABEL (row.title), pinion_command_get_title (command));
  gtk_label_set_label (GTK_LABEL (row.detail), detail != NULL ? detail : "");
  gtk_widget_set_visible (row.key, key != NULL);
  gtk_label_set_label (GTK_LABEL (row.key), key != NULL ? key : "");
  gtk_list_item_set_accessible_label (item, spoken);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_command_bar_dispose (GObject *object)
{
  PinionCommandBar *self = PINION_COMMAND_BAR (object);

  self->serial++;
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_COMMAND_BAR);
  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->chosen);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->commands, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->typed, g_free);

  G_OBJECT_CLASS (pinion_command_bar_parent_class)->dispose (object);
}

static void
pinion_command_bar_class_init (PinionCommandBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_command_bar_dispose;
  ADW_DIALOG_CLASS (klass)->closed = pinion_command_bar_closed;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, PINION_TYPE_COMMAND);
  signals[LATE_KEY] = g_signal_new ("late-key", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, GDK_TYPE_MODIFIER_TYPE);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-command-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionCommandBar, entry);
  gtk_widget_class_bind_template_child (widget_class, PinionCommandBar, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionCommandBar, list);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
}

static void
pinion_command_bar_init (PinionCommandBar *self)
{
  self->settings = g_settings_new (PINION_APP_ID);
  self->people = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_list_store_new (PINION_TYPE_COMMAND);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
}

gboolean
pinion_command_bar_is_closed (PinionCommandBar *self)
{
  return self->is_closed;
}

/* Keys are for widgets that have been realized. */
void
pinion_command_bar_take_focus (PinionCommandBar *self)
{
  g_return_if_fail (PINION_IS_COMMAND_BAR (self));

  gtk_widget_realize (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->entry))));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
pinion_command_bar_take_key (PinionCommandBar *self,
                             guint             keyval,
                             GdkModifierType   modifiers)
{
  g_return_if_fail (PINION_IS_COMMAND_BAR (self));

  take_early (self, keyval, modifiers);
}

AdwDialog *
pinion_command_bar_new (PinionEngine *engine,
                        GtkWidget    *window)
{
  PinionCommandBar *self = g_object_new (PINION_TYPE_COMMAND_BAR, NULL);

  self->engine = g_object_ref (engine);
  self->commands = pinion_commands_collect (engine, window);
  show_meant (self);

  return ADW_DIALOG (self);
}
