/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-popover.h"

/* Where a person was before, not on what the popover hung on. */
static void
give_focus_back (GtkWidget *popover)
{
  GWeakRef *before = g_object_get_data (G_OBJECT (popover), "pinion-focus");
  g_autoptr (GtkWidget) widget = g_weak_ref_get (before);
  GtkWidget *parent = gtk_widget_get_parent (popover);
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (widget != NULL && gtk_widget_get_mapped (widget) &&
      (focus == NULL || focus == parent || gtk_widget_is_ancestor (focus, parent)))
    gtk_widget_grab_focus (widget);
}

static gboolean
on_unparent (gpointer user_data)
{
  GtkWidget *popover = user_data;

  if (gtk_widget_get_parent (popover) == NULL)
    return G_SOURCE_REMOVE;

  give_focus_back (popover);
  gtk_widget_unparent (popover);

  return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
keep_focus (GtkPopover *popover,
            GtkWidget  *anchor)
{
  GtkRoot *root = gtk_widget_get_root (anchor);
  GWeakRef *before = g_new0 (GWeakRef, 1);

  g_weak_ref_init (before, root != NULL ? gtk_root_get_focus (root) : NULL);
  g_object_set_data_full (G_OBJECT (popover), "pinion-focus", before, weak_ref_free);
}

/* At once, for what a menu does then: a dialog takes the focus and gives it back where it found it.
 * And later once more: the popover still hands the focus back within "closed", and has to be there for
 * its action. */
static void
on_closed (GtkWidget *popover)
{
  give_focus_back (popover);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_unparent, g_object_ref (popover), g_object_unref);
}

void
pinion_popover_present (GtkPopover         *popover,
                        GtkWidget          *anchor,
                        const GdkRectangle *at)
{
  keep_focus (popover, anchor);
  gtk_widget_set_parent (GTK_WIDGET (popover), anchor);
  if (at != NULL)
    gtk_popover_set_pointing_to (popover, at);

  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  gtk_popover_popup (popover);
}

/* -- The menu of a button ------------------------------------------------------------------- */

static gboolean
on_menu_closed_idle (gpointer user_data)
{
  give_focus_back (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_menu_closed (GtkWidget *popover)
{
  g_signal_handlers_disconnect_by_func (popover, on_menu_closed, NULL);
  give_focus_back (popover);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_menu_closed_idle, g_object_ref (popover),
                   g_object_unref);
}

void
pinion_popover_open_menu (GtkMenuButton *button)
{
  GtkPopover *popover = gtk_menu_button_get_popover (button);

  if (popover == NULL || gtk_widget_get_visible (GTK_WIDGET (popover)))
    return;

  keep_focus (popover, GTK_WIDGET (button));
  g_signal_connect (popover, "closed", G_CALLBACK (on_menu_closed), NULL);
  gtk_menu_button_popup (button);
}
