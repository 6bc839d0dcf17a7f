/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which files were not imported, by reason: all of them, however many. */

#pragma once

#include <adwaita.h>

#include "pinion-import.h"

G_BEGIN_DECLS

#define PINION_TYPE_REFUSED_DIALOG (pinion_refused_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PinionRefusedDialog, pinion_refused_dialog, PINION, REFUSED_DIALOG,
                      AdwAlertDialog)

/* What @imported refused, which is something. */
AdwDialog *pinion_refused_dialog_new (const PinionImported *imported);

G_END_DECLS
