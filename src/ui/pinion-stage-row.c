/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-stage-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-step-dots.h"

/* What is done sooner never shows a spinner. */
#define SPINNER_DELAY_MS 300

struct _PinionStageRow
{
  GtkListBoxRow parent_instance;

  GtkStack *mark;
  PinionStepDots *dot;
  GtkLabel *title;
  GtkLabel *detail;

  PinionStageRowState state;
  guint spinner_source;
};

G_DEFINE_FINAL_TYPE (PinionStageRow, pinion_stage_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
state_words (PinionStageRowState state)
{
  switch (state)
    {
    case PINION_STAGE_ROW_RUNNING:
      return _("at work");

    case PINION_STAGE_ROW_DONE:
      return _("done");

    case PINION_STAGE_ROW_FAILED:
      return _("failed");

    case PINION_STAGE_ROW_WAITING:
    default:
      return _("waiting");
    }
}

static void
show_mark (PinionStageRow *self)
{
  static const char *const names[] = { "waiting", "running", "done", "failed" };

  gtk_stack_set_visible_child_name (self->mark, names[self->state]);
}

static gboolean
on_spinner_due (gpointer user_data)
{
  PinionStageRow *self = user_data;

  self->spinner_source = 0;
  show_mark (self);

  return G_SOURCE_REMOVE;
}

static void
say_state (PinionStageRow *self)
{
  /* Translators: a stage of connecting and how it stands, as in "Sign in: done" */
  g_autofree char *words = g_strdup_printf (_("%s: %s"), gtk_label_get_label (self->title),
                                            state_words (self->state));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
pinion_stage_row_dispose (GObject *object)
{
  PinionStageRow *self = PINION_STAGE_ROW (object);

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_STAGE_ROW);

  G_OBJECT_CLASS (pinion_stage_row_parent_class)->dispose (object);
}

static void
pinion_stage_row_class_init (PinionStageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_stage_row_dispose;

  g_type_ensure (PINION_TYPE_STEP_DOTS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-stage-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionStageRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PinionStageRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionStageRow, title);
  gtk_widget_class_bind_template_child (widget_class, PinionStageRow, detail);
}

static void
pinion_stage_row_init (PinionStageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pinion_step_dots_set (self->dot, 0, 1);
}

GtkWidget *
pinion_stage_row_new (const char *title)
{
  PinionStageRow *self = g_object_new (PINION_TYPE_STAGE_ROW, NULL);

  gtk_label_set_label (self->title, title);
  pinion_stage_row_set (self, PINION_STAGE_ROW_WAITING, NULL);

  return GTK_WIDGET (self);
}

void
pinion_stage_row_set (PinionStageRow     *self,
                      PinionStageRowState state,
                      const char         *detail)
{
  gboolean failed = state == PINION_STAGE_ROW_FAILED;

  g_return_if_fail (PINION_IS_STAGE_ROW (self));

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  self->state = state;
  if (state == PINION_STAGE_ROW_RUNNING)
    self->spinner_source = g_timeout_add (SPINNER_DELAY_MS, on_spinner_due, self);
  else
    show_mark (self);

  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
  pinion_css_set (GTK_WIDGET (self->title), "dim-label", state == PINION_STAGE_ROW_WAITING);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), failed);
  gtk_widget_set_focusable (GTK_WIDGET (self), failed);
  say_state (self);
}

PinionStageRowState
pinion_stage_row_get_state (PinionStageRow *self)
{
  g_return_val_if_fail (PINION_IS_STAGE_ROW (self), PINION_STAGE_ROW_WAITING);

  return self->state;
}
