/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an undo could not take back, and the words for it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why; the first that holds. */
typedef enum
{
  PINION_STAYS_LABEL_GONE, /* no label that it was taken from is there any more: it stays */
  PINION_STAYS_LABEL_LEFT, /* it is back, without a label that is not there any more */
  PINION_STAYS_DELETED,    /* for good */
  PINION_STAYS_CHANGED,    /* it was moved or deleted since, here or by another program */
} PinionStaysReason;

/* One message. */
typedef struct
{
  gint64 message;
  PinionStaysReason reason;
} PinionStays;

/* "label-gone" "label-left" "deleted" "changed" */
const char *pinion_stays_reason_to_string (PinionStaysReason reason);

/* "1 message stays where it is: its label is no longer there.", a sentence a reason.
 * @stays: of PinionStays.  Returns: (transfer full) (nullable): %NULL where there are none */
char *pinion_stays_dup_words (const GArray *stays);

G_END_DECLS
