/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-recipient-row.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-recipients.h"

struct _PinionRecipientRow
{
  GtkWidget parent_instance;

  GtkWidget *line;
  GtkWidget *title;
  GtkWidget *entry;
  GtkWidget *problem;
};

static void buildable_init (GtkBuildableIface *iface);

static GtkBuildableIface *parent_buildable;

G_DEFINE_FINAL_TYPE_WITH_CODE (PinionRecipientRow, pinion_recipient_row, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static void
buildable_add_child (GtkBuildable *buildable,
                     GtkBuilder   *builder,
                     GObject      *child,
                     const char   *type)
{
  PinionRecipientRow *self = PINION_RECIPIENT_ROW (buildable);

  if (g_strcmp0 (type, "suffix") == 0)
    gtk_box_append (GTK_BOX (self->line), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = buildable_add_child;
}

void
pinion_recipient_row_set_problem (PinionRecipientRow *self,
                                  const char         *words)
{
  g_return_if_fail (PINION_IS_RECIPIENT_ROW (self));

  gtk_label_set_label (GTK_LABEL (self->problem), words != NULL ? words : "");
  gtk_widget_set_visible (self->problem, words != NULL);
  pinion_css_set (self->entry, "error", words != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               words != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

gboolean
pinion_recipient_row_validate (PinionRecipientRow *self)
{
  g_autofree char *bad = NULL;
  g_autofree char *words = NULL;

  g_return_val_if_fail (PINION_IS_RECIPIENT_ROW (self), FALSE);

  bad = pinion_recipients_find_bad (pinion_recipient_row_get_text (self));
  if (bad != NULL)
    /* Translators: %s is what was typed as a recipient */
    words = g_strdup_printf (_("“%s” is not an email address."), bad);

  pinion_recipient_row_set_problem (self, words);

  return bad == NULL;
}

static void
on_changed (PinionRecipientRow *self)
{
  /* What was wrong may be right again; what is wrong now is said when the field is left */
  pinion_recipient_row_set_problem (self, NULL);
  g_signal_emit (self, changed_signal, 0);
}

static void
on_left (PinionRecipientRow *self)
{
  pinion_recipient_row_validate (self);
}

static void
on_activate (PinionRecipientRow *self)
{
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                          GTK_DIR_TAB_FORWARD);
}

static gboolean
pinion_recipient_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PINION_RECIPIENT_ROW (widget)->entry);
}

static void
pinion_recipient_row_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  PinionRecipientRow *self = PINION_RECIPIENT_ROW (object);

  if (id != PROP_TITLE)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  gtk_label_set_label (GTK_LABEL (self->title), g_value_get_string (value));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_value_get_string (value), -1);
}

static void
pinion_recipient_row_dispose (GObject *object)
{
  PinionRecipientRow *self = PINION_RECIPIENT_ROW (object);

  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->problem, gtk_widget_unparent);

  G_OBJECT_CLASS (pinion_recipient_row_parent_class)->dispose (object);
}

static void
pinion_recipient_row_class_init (PinionRecipientRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pinion_recipient_row_dispose;
  object_class->set_property = pinion_recipient_row_set_property;
  widget_class->grab_focus = pinion_recipient_row_grab_focus;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
pinion_recipient_row_init (PinionRecipientRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);

  self->line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->title = gtk_label_new (NULL);
  self->entry = gtk_entry_new ();
  self->problem = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_add_css_class (self->title, "dim-label");
  gtk_widget_add_css_class (self->title, "composer-title");
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_EMAIL);
  gtk_entry_set_has_frame (GTK_ENTRY (self->entry), FALSE);
  gtk_widget_set_hexpand (self->entry, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->problem), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_add_css_class (self->problem, "caption");
  gtk_widget_add_css_class (self->problem, "composer-row-problem");
  gtk_widget_add_css_class (self->line, "composer-row");

  gtk_box_append (GTK_BOX (self->line), self->title);
  gtk_box_append (GTK_BOX (self->line), self->entry);
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  gtk_widget_set_parent (self->problem, GTK_WIDGET (self));

  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (self->entry, focus);
}

const char *
pinion_recipient_row_get_text (PinionRecipientRow *self)
{
  g_return_val_if_fail (PINION_IS_RECIPIENT_ROW (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void
pinion_recipient_row_set_text (PinionRecipientRow *self,
                               const char         *text)
{
  g_return_if_fail (PINION_IS_RECIPIENT_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
}
