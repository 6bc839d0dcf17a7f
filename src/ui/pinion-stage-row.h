/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One stage of connecting: a mark, what is done, and a few words at its end. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_STAGE_ROW_WAITING,
  PINION_STAGE_ROW_RUNNING,
  PINION_STAGE_ROW_DONE,
  PINION_STAGE_ROW_FAILED,
} PinionStageRowState;

#define PINION_TYPE_STAGE_ROW (pinion_stage_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionStageRow, pinion_stage_row, PINION, STAGE_ROW, GtkListBoxRow)

GtkWidget *pinion_stage_row_new (const char *title);

/* @detail: (nullable) "192.0.2.7", "TLS 1.3". */
void pinion_stage_row_set (PinionStageRow     *self,
                           PinionStageRowState state,
                           const char         *detail);

PinionStageRowState pinion_stage_row_get_state (PinionStageRow *self);

G_END_DECLS
