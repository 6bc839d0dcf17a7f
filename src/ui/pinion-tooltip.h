/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For what is changed often: to set the text of a tooltip, be it the same or none, is to ask the server of
 * X11 where the pointer is, and to wait for the answer. */

#pragma once

#include <gtk/gtk.h>

/* @text: (nullable) */
static inline void
pinion_tooltip_set (GtkWidget  *widget,
                    const char *text)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}
