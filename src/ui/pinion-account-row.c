/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account-row.h"

#include <glib/gi18n-lib.h>

#include "pinion-colour-dot.h"
#include "pinion-css.h"

struct _PinionAccountRow
{
  AdwActionRow parent_instance;

  GtkStack *mark;
  GtkImage *icon;
  PinionColourDot *dot;
  GtkWidget *order;

  PinionAccountItem *account;
  guint position;
  guint n_accounts;
};

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAccountRow, pinion_account_row, ADW_TYPE_ACTION_ROW)

/* -- What is shown -------------------------------------------------------------------------- */

char *
pinion_account_dup_state_words (PinionAccountItem *account)
{
  const GError *error = pinion_account_item_get_error (account);

  switch (pinion_account_item_get_state (account))
    {
    case PINION_SYNC_CONNECTING:
      return g_strdup (_("Connecting…"));

    case PINION_SYNC_SYNCING:
      return g_strdup (_("Syncing…"));

    case PINION_SYNC_OFFLINE:
      return g_strdup (_("Offline; Pinion tries again by itself"));

    case PINION_SYNC_FAILED:
      return error != NULL ? pinion_error_dup_message (error)
                           : g_strdup (_("The account cannot be used."));

    case PINION_SYNC_PAUSED:
      return g_strdup (_("Paused"));

    case PINION_SYNC_IDLE:
    default:
      return g_strdup (_("Up to date"));
    }
}

static void
update (PinionAccountRow *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);
  gboolean failed = pinion_account_item_get_state (self->account) == PINION_SYNC_FAILED;
  g_autofree char *words = pinion_account_dup_state_words (self->account);
  /* Translators: the button that moves an account, named by its address, up or down */
  g_autofree char *order = g_strdup_printf (_("Order of %s"), account->email);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), account->email);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->order), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  order, -1);

  gtk_image_set_from_icon_name (self->icon,
                                failed ? "dialog-warning-symbolic" : "avatar-default-symbolic");
  pinion_css_set (GTK_WIDGET (self->icon), "error", failed);
  if (account->colour != NULL)
    pinion_colour_dot_set (self->dot, account->colour);
  gtk_stack_set_visible_child_name (self->mark,
                                    account->colour != NULL && !failed ? "dot" : "icon");
}

/* -- Order ---------------------------------------------------------------------------------- */

static void
move_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  PinionAccountRow *self = PINION_ACCOUNT_ROW (widget);
  gboolean up = g_str_equal (name, "account.up");

  if (up ? self->position > 0 : self->position + 1 < self->n_accounts)
    g_signal_emit (self, signals[MOVED], 0, pinion_account_row_get_id (self),
                   up ? self->position - 1 : self->position + 1);
}

static GdkContentProvider *
on_drag_prepare (PinionAccountRow *self,
                 double            x,
                 double            y,
                 GtkDragSource    *source)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, paintable, (int) x, (int) y);
  g_object_unref (paintable);

  return gdk_content_provider_new_typed (PINION_TYPE_ACCOUNT_ROW, self);
}

/* Dropped on a row, it takes its place. */
static gboolean
on_drop (PinionAccountRow *self,
         const GValue     *value)
{
  PinionAccountRow *dropped = g_value_get_object (value);

  if (dropped == self)
    return FALSE;

  g_signal_emit (self, signals[MOVED], 0, pinion_account_row_get_id (dropped), self->position);

  return TRUE;
}

static void
add_drag (PinionAccountRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (PINION_TYPE_ACCOUNT_ROW, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_account_row_dispose (GObject *object)
{
  PinionAccountRow *self = PINION_ACCOUNT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_ACCOUNT_ROW);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (pinion_account_row_parent_class)->dispose (object);
}

static void
pinion_account_row_class_init (PinionAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_account_row_dispose;

  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_UINT);

  g_type_ensure (PINION_TYPE_COLOUR_DOT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, order);
  gtk_widget_class_install_action (widget_class, "account.up", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "account.down", NULL, move_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "account.up", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "account.down",
                                       NULL);
}

static void
pinion_account_row_init (PinionAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pinion_account_row_new (PinionAccountItem *account,
                        guint              position,
                        guint              n_accounts)
{
  PinionAccountRow *self = g_object_new (PINION_TYPE_ACCOUNT_ROW, NULL);

  self->account = g_object_ref (account);
  self->position = position;
  self->n_accounts = n_accounts;
  gtk_widget_set_visible (self->order, n_accounts > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.up", position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.down", position + 1 < n_accounts);
  if (n_accounts > 1)
    add_drag (self);
  g_signal_connect_object (account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

gint64
pinion_account_row_get_id (PinionAccountRow *self)
{
  g_return_val_if_fail (PINION_IS_ACCOUNT_ROW (self), 0);

  return pinion_account_item_get_id (self->account);
}
