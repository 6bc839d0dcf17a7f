/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>

#include "pinion-toast-place.h"

/* How many toasts there are, by whether they leave the bar free. */
static guint
count_toasts (AdwToastOverlay *toasts,
              gboolean         above)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (toasts)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += g_str_equal (gtk_widget_get_css_name (child), "toast")
         && gtk_widget_has_css_class (child, "above-bar") == above;

  return n;
}

static void
test_above_bar (void)
{
  AdwToastOverlay *toasts = ADW_TOAST_OVERLAY (g_object_ref_sink (adw_toast_overlay_new ()));
  g_autoptr (AdwToast) first = adw_toast_new ("First");
  AdwToast *second = adw_toast_new ("Second");

  adw_toast_overlay_set_child (toasts, gtk_label_new ("Window"));
  adw_toast_overlay_add_toast (toasts, g_object_ref (first));
  g_assert_cmpuint (count_toasts (toasts, FALSE), ==, 1);

  /* What is there, and what comes */
  pinion_toast_place_above_bar (toasts, TRUE);
  g_assert_cmpuint (count_toasts (toasts, TRUE), ==, 1);
  adw_toast_dismiss (first);
  adw_toast_set_priority (second, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (toasts, second);
  g_assert_cmpuint (count_toasts (toasts, TRUE), >=, 1);
  g_assert_cmpuint (count_toasts (toasts, FALSE), ==, 0);

  pinion_toast_place_above_bar (toasts, FALSE);
  g_assert_cmpuint (count_toasts (toasts, TRUE), ==, 0);
  g_assert_cmpuint (count_toasts (toasts, FALSE), >=, 1);

  g_assert_false (gtk_widget_has_css_class (adw_toast_overlay_get_child (toasts), "above-bar"));
  g_object_unref (toasts);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/toast-place/above-bar", test_above_bar);

  return g_test_run ();
}
