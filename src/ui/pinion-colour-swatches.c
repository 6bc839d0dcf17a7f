/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-colour-swatches.h"

#include <glib/gi18n-lib.h>

#include "pinion-account-colours.h"
#include "pinion-colour-dot.h"

#define COLUMNS 5

typedef struct
{
  PinionColourChosen chosen;
  gpointer user_data;
} Choosing;

static void
on_clicked (GtkButton *button,
            Choosing  *choosing)
{
  choosing->chosen (g_object_get_data (G_OBJECT (button), "pinion-colour"), choosing->user_data);
}

static GtkWidget *
make_swatch (const char *colour,
             const char *plain,
             const char *name,
             gboolean    current)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *dot = g_object_new (PINION_TYPE_COLOUR_DOT, "halign", GTK_ALIGN_CENTER, "valign",
                                 GTK_ALIGN_CENTER, NULL);

  pinion_colour_dot_set (PINION_COLOUR_DOT (dot), colour != NULL ? colour : plain);
  gtk_button_set_child (GTK_BUTTON (button), dot);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), current);
  gtk_widget_set_tooltip_text (button, name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "colour-swatch");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "pinion-colour", g_strdup (colour), g_free);

  return button;
}

GtkWidget *
pinion_colour_swatches_new (const char         *current,
                            const char         *plain,
                            PinionColourChosen  chosen,
                            gpointer            user_data)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autoptr (GListModel) names = pinion_account_colours_new_model ();
  Choosing *choosing = g_new0 (Choosing, 1);

  choosing->chosen = chosen;
  choosing->user_data = user_data;
  g_object_set_data_full (G_OBJECT (grid), "pinion-choosing", choosing, g_free);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_set_margin_start (grid, 6);
  gtk_widget_set_margin_end (grid, 6);
  gtk_widget_set_halign (grid, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Colour"), -1);

  /* The one for none comes last */
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      guint which = (i + 1) % g_list_model_get_n_items (names);
      const char *colour = which > 0 ? pinion_account_colours_get (which) : NULL;
      const char *name =
        which > 0 ? gtk_string_list_get_string (GTK_STRING_LIST (names), which) : _("Colour by Its Name");
      gboolean is_current = current == NULL || colour == NULL
                              ? current == colour
                              : g_ascii_strcasecmp (current, colour) == 0;
      GtkWidget *swatch = make_swatch (colour, plain, name, is_current);

      g_signal_connect (swatch, "clicked", G_CALLBACK (on_clicked), choosing);
      gtk_grid_attach (GTK_GRID (grid), swatch, (int) i % COLUMNS, (int) i / COLUMNS, 1, 1);
    }

  return grid;
}
