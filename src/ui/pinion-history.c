/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-history.h"

#include <glib/gi18n-lib.h>

static const char *
get_title (PinionHistory history)
{
  switch (history)
    {
    case PINION_HISTORY_NONE:
      return _("None");

    case PINION_HISTORY_1_MONTH:
      return _("1 month");

    case PINION_HISTORY_3_MONTHS:
      return _("3 months");

    case PINION_HISTORY_6_MONTHS:
      return _("6 months");

    case PINION_HISTORY_1_YEAR:
      return _("1 year");

    case PINION_HISTORY_2_YEARS:
      return _("2 years");

    case PINION_HISTORY_3_YEARS:
      return _("3 years");

    case PINION_HISTORY_5_YEARS:
      return _("5 years");

    case PINION_HISTORY_10_YEARS:
      return _("10 years");

    case PINION_HISTORY_ALL:
    default:
      return _("All");
    }
}

GListModel *
pinion_history_new_model (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = PINION_HISTORY_NONE; i <= PINION_HISTORY_ALL; i++)
    gtk_string_list_append (list, get_title (i));

  return G_LIST_MODEL (list);
}
