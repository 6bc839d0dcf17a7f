/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-stays.h"

#include <glib/gi18n-lib.h>

static const char *const names[] = {
  [PINION_STAYS_LABEL_GONE] = "label-gone",
  [PINION_STAYS_LABEL_LEFT] = "label-left",
  [PINION_STAYS_DELETED] = "deleted",
  [PINION_STAYS_CHANGED] = "changed",
};

const char *
pinion_stays_reason_to_string (PinionStaysReason reason)
{
  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (names), NULL);

  return names[reason];
}

static char *
format (PinionStaysReason reason,
        guint             n)
{
  switch (reason)
    {
    case PINION_STAYS_LABEL_GONE:
      return g_strdup_printf (
        ngettext ("%u message stays where it is: its label is no longer there.",
                  "%u messages stay where they are: their label is no longer there.", n),
        n);

    case PINION_STAYS_LABEL_LEFT:
      return g_strdup_printf (
        ngettext ("%u message is back without a label that is no longer there.",
                  "%u messages are back without a label that is no longer there.", n),
        n);

    case PINION_STAYS_DELETED:
      return g_strdup_printf (ngettext ("%u message is deleted for good.",
                                        "%u messages are deleted for good.", n),
                              n);

    case PINION_STAYS_CHANGED:
    default:
      return g_strdup_printf (
        ngettext ("%u message could not go back: it was moved or deleted since.",
                  "%u messages could not go back: they were moved or deleted since.", n),
        n);
    }
}

char *
pinion_stays_dup_words (const GArray *stays)
{
  guint counts[G_N_ELEMENTS (names)] = { 0 };
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < stays->len; i++)
    counts[g_array_index (stays, PinionStays, i).reason]++;

  for (guint reason = 0; reason < G_N_ELEMENTS (counts); reason++)
    {
      if (counts[reason] == 0)
        continue;

      g_autofree char *sentence = format ((PinionStaysReason) reason, counts[reason]);
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", sentence);
    }

  return words->len > 0 ? g_string_free_and_steal (g_steal_pointer (&words)) : NULL;
}
