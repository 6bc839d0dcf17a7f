/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-choice-row.h"

struct _PinionChoiceRow
{
  AdwActionRow parent_instance;
};

G_DEFINE_FINAL_TYPE (PinionChoiceRow, pinion_choice_row, ADW_TYPE_ACTION_ROW)

static void
choose (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  adw_action_row_activate (ADW_ACTION_ROW (widget));
}

static void
pinion_choice_row_class_init (PinionChoiceRowClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "choice.choose", NULL, choose);
}

static void
pinion_choice_row_init (PinionChoiceRow *self)
{
}
