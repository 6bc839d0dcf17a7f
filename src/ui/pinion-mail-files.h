/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages that are dragged out of the window: .eml files for whatever program asks for them.
 *
 * Nothing is written before a target asks; then it is done in the background, once a drag, into a private
 * folder that goes away with the engine (a file manager copies long after the drop). */

#pragma once

#include "pinion-dnd.h"
#include "pinion-window.h"

G_BEGIN_DECLS

#define PINION_TYPE_MAIL_FILES (pinion_mail_files_get_type ())
G_DECLARE_FINAL_TYPE (PinionMailFiles, pinion_mail_files, PINION, MAIL_FILES, GdkContentProvider)

/* @window: told what cannot be done.  Returns: (transfer full) */
GdkContentProvider *pinion_mail_files_new             (PinionEngine  *engine,
                                                       PinionWindow  *window,
                                                       PinionDragged *dragged);
GdkContentProvider *pinion_mail_files_new_for_message (PinionEngine  *engine,
                                                       PinionWindow  *window,
                                                       gint64         message);

/* Why @files cannot be written, for a person; %NULL: they can.  Returns: (transfer full) (nullable) */
char *pinion_mail_files_dup_refusal (const PinionMessageFiles *files);

G_END_DECLS
