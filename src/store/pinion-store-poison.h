/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail that ends the program: who opens a message leaves the process's number on it meanwhile. */

#pragma once

#include "pinion-store-session.h"

G_BEGIN_DECLS

/* At opening: what an ended process left open is poison. */
void pinion_store_poison_mark (PinionStoreSession *session);

G_END_DECLS
