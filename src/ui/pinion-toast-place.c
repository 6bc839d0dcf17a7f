/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-toast-place.h"

#include "pinion-css.h"

#define CHILDREN "pinion-toast-children"
#define ABOVE "pinion-toasts-above-bar"

static void
style_toasts (GtkWidget *toasts)
{
  gboolean above = g_object_get_data (G_OBJECT (toasts), ABOVE) != NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (toasts); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (g_str_equal (gtk_widget_get_css_name (child), "toast"))
        pinion_css_set (child, "above-bar", above);
    }
}

void
pinion_toast_place_above_bar (AdwToastOverlay *toasts,
                              gboolean         above)
{
  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  g_object_set_data (G_OBJECT (toasts), ABOVE, GINT_TO_POINTER (above));
  if (g_object_get_data (G_OBJECT (toasts), CHILDREN) == NULL)
    {
      GListModel *children = gtk_widget_observe_children (GTK_WIDGET (toasts));

      g_object_set_data_full (G_OBJECT (toasts), CHILDREN, children, g_object_unref);
      g_signal_connect_object (children, "items-changed", G_CALLBACK (style_toasts), toasts,
                               G_CONNECT_SWAPPED);
    }

  style_toasts (GTK_WIDGET (toasts));
}
