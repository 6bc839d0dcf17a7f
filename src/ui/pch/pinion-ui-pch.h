/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Read once for all of this room's sources: each would take as long to read these as to compile. */

#include <adwaita.h>
#include <glib/gi18n-lib.h>
