/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with an account, in words, and the way on: the password asked for again where
 * signing in is the matter, else the server tried again. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

void pinion_problem_dialog_present (PinionEngine      *engine,
                                    PinionAccountItem *account,
                                    GtkWidget         *parent);

G_END_DECLS
