/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person hands to the administrator: where connecting failed, what was sent and answered,
 * and what cures it on Exchange.  Plain text; no secret is ever in it.  Headings and sentences
 * are translated, commands are not. */

#pragma once

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-transcript.h"

G_BEGIN_DECLS

/* @account: (nullable) as it was tried.  @imap, @smtp: (nullable) what went wrong there; @other:
 * (nullable) what belongs to neither.  @transcript: (nullable).  Returns: (transfer full) */
char *pinion_report_dup (const PinionAccount *account,
                         const GError        *imap,
                         const GError        *smtp,
                         const GError        *other,
                         PinionTranscript    *transcript);

/* What cures @error on the server: a translated sentence, and commands of the Exchange
 * Management Shell a line each (empty where there are none).  @user: (nullable) whose mailbox it
 * is.  %FALSE: nothing on the server does. */
gboolean pinion_report_get_advice (const GError *error,
                                   const char   *user,
                                   char        **sentence,
                                   char        **commands);

G_END_DECLS
