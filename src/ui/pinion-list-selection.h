/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a list view shows, one conversation list after another, and which of its rows are selected.
 *
 * The selection is kept as positions alone, so that selecting all of half a million conversations makes
 * none of them.  Sections are those of the list.
 *
 * A list view makes some two hundred rows for a model and takes them apart with it, which costs more
 * than a frame.  So it keeps this model, and what it shows is changed beneath it: while a new list has
 * nothing yet, the one before stays (stopped, and with nothing selected; nobody is to look at it), and
 * then the rows go over from the one to the other.  Where there are too few rows to go over, the view is
 * told of no more than it can make in a frame, and of the rest in the frames that follow. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_LIST_SELECTION (pinion_list_selection_get_type ())
G_DECLARE_FINAL_TYPE (PinionListSelection, pinion_list_selection, PINION, LIST_SELECTION, GObject)

/* For @view, which it becomes the model of, and which outlives it.  Returns: (transfer full) */
PinionListSelection *pinion_list_selection_new (GtkListView *view);

/* @list: (nullable) instead of the one there is, which is stopped.  Positions are those of @list once
 * it has any. */
void pinion_list_selection_set_list (PinionListSelection    *self,
                                     PinionConversationList *list);

/* Whether the view is being told of the rows that are seen: they are made in the frames to come. */
gboolean pinion_list_selection_is_beginning (PinionListSelection *self);

/* While @patient, the rows that follow the first ones wait. */
void pinion_list_selection_set_patient (PinionListSelection *self,
                                        gboolean             patient);

guint pinion_list_selection_get_size (PinionListSelection *self);

/* The view knows of all there is from now on: before it is sent somewhere. */
void pinion_list_selection_tell_all (PinionListSelection *self);

G_END_DECLS
