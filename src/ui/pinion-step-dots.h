/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of small dots: how many steps there are, and which one this is.  Only to look at: the words
 * beside it say the same. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PINION_TYPE_STEP_DOTS (pinion_step_dots_get_type ())
G_DECLARE_FINAL_TYPE (PinionStepDots, pinion_step_dots, PINION, STEP_DOTS, GtkWidget)

/* @step: 1 to @n_steps. */
void pinion_step_dots_set (PinionStepDots *self,
                           guint           step,
                           guint           n_steps);

G_END_DECLS
