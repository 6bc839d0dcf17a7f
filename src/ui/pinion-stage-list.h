/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stages of connecting to one server, live: a row each, waiting, at work, done, or failed.
 *
 * Where SMTP is concerned, the finer stages are told by the three that a person cares about: reach,
 * encrypt, sign in.
 *
 * Signal "row-activated": a failed row was pressed. */

#pragma once

#include <adwaita.h>

#include "pinion-account.h"
#include "pinion-error.h"

G_BEGIN_DECLS

#define PINION_TYPE_STAGE_LIST (pinion_stage_list_get_type ())
G_DECLARE_FINAL_TYPE (PinionStageList, pinion_stage_list, PINION, STAGE_LIST, AdwBin)

/* Property "sends" (boolean, construct only): whether it is the SMTP server. */

/* All rows wait again, for @server. */
void pinion_stage_list_reset (PinionStageList    *self,
                              const PinionServer *server);

void pinion_stage_list_report (PinionStageList *self,
                               PinionStage      stage,
                               PinionStageState state,
                               const char      *detail);

/* What is at work stops where it is. */
void pinion_stage_list_stop (PinionStageList *self);

/* The row that tells @stage, and what its state is then: the parts of a row end with its last.
 * @starttls: whether the greeting comes before the encryption. */
void pinion_stage_fold (PinionProtocol    protocol,
                        gboolean          starttls,
                        PinionStage      *stage,
                        PinionStageState *state);

/* What a stage does, as a row says it; what went wrong, as a heading says it.  Translated. */
const char *pinion_stage_get_title   (PinionStage stage);
const char *pinion_stage_get_failure (PinionStage stage);

G_END_DECLS
