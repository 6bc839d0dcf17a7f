/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of a message being written, as a wrap of cards, each with a way to take it off again; a
 * message that is forwarded whole is one of them.  Hidden while there are none.
 *
 * Signals: "changed"; "refused" (string): why something could not be attached, in words. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PINION_TYPE_COMPOSER_FILES (pinion_composer_files_get_type ())
G_DECLARE_FINAL_TYPE (PinionComposerFiles, pinion_composer_files, PINION, COMPOSER_FILES, AdwBin)

/* Adds @file once it turns out to be a readable file. */
void pinion_composer_files_add (PinionComposerFiles *self,
                                GFile               *file);

/* The files of a draft that is opened again. */
void pinion_composer_files_set_paths (PinionComposerFiles *self,
                                      const char *const   *paths);

/* @forwarded: the message that goes along whole, or 0. */
void   pinion_composer_files_set_forwarded (PinionComposerFiles *self,
                                            gint64               forwarded);
gint64 pinion_composer_files_get_forwarded (PinionComposerFiles *self);

/* Their paths.  Returns: (transfer full), never %NULL. */
GStrv pinion_composer_files_dup_paths (PinionComposerFiles *self);

gboolean pinion_composer_files_is_empty (PinionComposerFiles *self);

G_END_DECLS
