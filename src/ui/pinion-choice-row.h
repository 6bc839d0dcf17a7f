/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One of several choices: a row with a radio button that can also be chosen by those who work the
 * program through its accessible tree, where a radio button alone cannot be pressed. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PINION_TYPE_CHOICE_ROW (pinion_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionChoiceRow, pinion_choice_row, PINION, CHOICE_ROW, AdwActionRow)

G_END_DECLS
