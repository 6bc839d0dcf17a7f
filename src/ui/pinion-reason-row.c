/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-reason-row.h"

struct _PinionReasonRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *label;

  AdwEntryRow *entry;
  PinionSetupField field;
};

enum
{
  PROP_0,
  PROP_ENTRY,
  PROP_FIELD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PinionReasonRow, pinion_reason_row, ADW_TYPE_PREFERENCES_ROW)

static void
show_reason (PinionReasonRow *self,
             const char      *reason)
{
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->entry));
  GtkWidget *entry = GTK_WIDGET (self->entry);

  gtk_widget_set_visible (GTK_WIDGET (self), reason != NULL);
  gtk_label_set_label (self->label, reason != NULL ? reason : "");

  if (reason == NULL)
    {
      gtk_widget_remove_css_class (entry, "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
      return;
    }

  gtk_widget_add_css_class (entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->label, NULL, -1);
}

static void
on_entry_changed (PinionReasonRow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    show_reason (self, NULL);
}

/* An empty field is only passed through: what is missing is said when the person wants to go on. */
static void
on_entry_left (PinionReasonRow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0')
    pinion_reason_row_check (self);
}

static void
watch (PinionReasonRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_object (focus, "leave", G_CALLBACK (on_entry_left), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (on_entry_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
pinion_reason_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  PinionReasonRow *self = PINION_REASON_ROW (object);

  switch (prop_id)
    {
    case PROP_ENTRY:
      if (g_set_object (&self->entry, g_value_get_object (value)) && self->entry != NULL)
        watch (self);
      break;

    case PROP_FIELD:
      self->field = g_value_get_enum (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_reason_row_dispose (GObject *object)
{
  PinionReasonRow *self = PINION_REASON_ROW (object);

  g_clear_object (&self->entry);

  G_OBJECT_CLASS (pinion_reason_row_parent_class)->dispose (object);
}

static void
pinion_reason_row_class_init (PinionReasonRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = pinion_reason_row_set_property;
  object_class->dispose = pinion_reason_row_dispose;

  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, ADW_TYPE_ENTRY_ROW,
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FIELD] = g_param_spec_enum ("field", NULL, NULL, PINION_TYPE_SETUP_FIELD,
                                              PINION_SETUP_EMAIL,
                                              G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_reason_row_init (PinionReasonRow *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  self->label = GTK_LABEL (label);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 8);
  gtk_widget_set_margin_bottom (label, 8);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "error");

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

gboolean
pinion_reason_row_check (PinionReasonRow *self)
{
  const char *reason;

  g_return_val_if_fail (PINION_IS_REASON_ROW (self), FALSE);

  reason = pinion_setup_check (self->field, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  show_reason (self, reason);

  return reason == NULL;
}

gboolean
pinion_reason_rows_check (PinionReasonRow *first,
                          ...)
{
  PinionReasonRow *wrong = NULL;
  va_list rows;

  va_start (rows, first);
  for (PinionReasonRow *row = first; row != NULL; row = va_arg (rows, PinionReasonRow *))
    if (!pinion_reason_row_check (row) && wrong == NULL)
      wrong = row;
  va_end (rows);

  if (wrong == NULL)
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (wrong->entry));
  gtk_accessible_announce (GTK_ACCESSIBLE (wrong), gtk_label_get_label (wrong->label),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);

  return FALSE;
}
