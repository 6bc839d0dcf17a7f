/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account-colours.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *hex;
  const char *name;
} Colour;

/* GNOME's accents, which can be told apart in light and dark. */
static const Colour colours[] = {
  /* Translators: no colour, of an account */
  { NULL, NC_ ("colour", "None") },     { "#3584e4", NC_ ("colour", "Blue") },
  { "#2190a4", NC_ ("colour", "Teal") },   { "#3a944a", NC_ ("colour", "Green") },
  { "#c88800", NC_ ("colour", "Yellow") }, { "#ed5b00", NC_ ("colour", "Orange") },
  { "#e62d42", NC_ ("colour", "Red") },    { "#d56199", NC_ ("colour", "Pink") },
  { "#9141ac", NC_ ("colour", "Purple") }, { "#6f8396", NC_ ("colour", "Slate") },
};

GListModel *
pinion_account_colours_new_model (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    gtk_string_list_append (list, g_dpgettext2 (GETTEXT_PACKAGE, "colour", colours[i].name));

  return G_LIST_MODEL (list);
}

const char *
pinion_account_colours_get (guint position)
{
  return position < G_N_ELEMENTS (colours) ? colours[position].hex : NULL;
}

guint
pinion_account_colours_find (const char *colour)
{
  if (colour == NULL)
    return 0;

  for (guint i = 1; i < G_N_ELEMENTS (colours); i++)
    if (g_ascii_strcasecmp (colours[i].hex, colour) == 0)
      return i;

  return GTK_INVALID_LIST_POSITION;
}
