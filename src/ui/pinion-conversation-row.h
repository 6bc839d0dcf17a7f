/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation in the list: people, time, subject, preview, chips.  Made once and shown for many
 * conversations in turn.  It draws itself, and what it says is only looked up when it is seen: to bind
 * it to a conversation costs next to nothing. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"
#include "pinion-row-swipe.h"
#include "pinion-row-words.h"
#include "pinion-search-query.h"

G_BEGIN_DECLS

#define PINION_TYPE_CONVERSATION_ROW (pinion_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionConversationRow, pinion_conversation_row, PINION, CONVERSATION_ROW,
                      GtkWidget)

GtkWidget *pinion_conversation_row_new (void);

/* @engine names the labels of the chips; @view: whose own label gets no chip. */
void pinion_conversation_row_set_context (PinionConversationRow *self,
                                          PinionEngine          *engine,
                                          const PinionView      *view);

/* What is marked where it is found; %NULL: nothing. */
void pinion_conversation_row_set_query (PinionConversationRow *self,
                                        PinionSearchQuery     *query);

/* @item: (nullable) */
void                pinion_conversation_row_set_item (PinionConversationRow *self,
                                                      PinionConversation    *item);
PinionConversation *pinion_conversation_row_get_item (PinionConversationRow *self);

void pinion_conversation_row_set_compact      (PinionConversationRow *self,
                                               gboolean               compact);
void pinion_conversation_row_set_show_avatar  (PinionConversationRow *self,
                                               gboolean               show_avatar);
/* @selecting: whether check marks are shown; @selected: whether this one is checked. */
void pinion_conversation_row_set_selecting    (PinionConversationRow *self,
                                               gboolean               selecting);
void pinion_conversation_row_set_selected     (PinionConversationRow *self,
                                               gboolean               selected);

/* Whether the star in the gutter is at (@x, @y) of the row. */
gboolean pinion_conversation_row_has_star_at (PinionConversationRow *self,
                                              double                 x,
                                              double                 y);

/* The pointer is at (@x, @y) of the row, or outside: the star beneath it shows that it can be pressed. */
void pinion_conversation_row_set_pointer (PinionConversationRow *self,
                                          double                 x,
                                          double                 y);

/* Of what it shows, for a screen reader.  Returns: (transfer full) */
char *pinion_conversation_row_dup_accessible_name (PinionConversationRow *self);

/* What a finger drawn across it does: see pinion-row-swipe.h. */
void pinion_conversation_row_set_swipe (PinionConversationRow *self,
                                        PinionRowSwipe        *swipe);

G_END_DECLS
