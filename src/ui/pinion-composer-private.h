/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The composer from within: pinion-composer.c is what is seen and typed, -outgoing.c keeps, sends
 * and discards, -window.c gives it a window of its own. */

#pragma once

#include "pinion-composer-files.h"
#include "pinion-composer.h"
#include "pinion-recipient-row.h"

G_BEGIN_DECLS

struct _PinionComposer
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkWidget *from_row;
  GtkDropDown *from;
  PinionRecipientRow *to;
  PinionRecipientRow *cc;
  PinionRecipientRow *bcc;
  GtkToggleButton *cc_button;
  GtkToggleButton *bcc_button;
  GtkEditable *subject;
  GtkTextView *text;
  GtkWidget *quote_box;
  GtkLabel *quote;
  PinionComposerFiles *files;
  GtkWidget *problem;
  GtkLabel *problem_label;
  GtkLabel *state;
  GtkWidget *pop_out;
  GtkWidget *send;

  PinionEngine *engine;
  PinionDraft *draft; /* what it began with, and what is not edited here */
  GPtrArray *senders; /* whom it can be written as, in the order of @from; see -identity.c */
  gboolean signs;
  GtkWidget *origin;
  DexFuture *last_save;
  guint save_source;
  guint cursor_ticks;
  gboolean filling;
  gboolean dirty;
  gboolean over;
};

/* -- pinion-composer.c */
void pinion_composer_set_problem (PinionComposer *self,
                                  const char     *words);
/* Where actions of the main window are activated from; (nullable) for here. */
void pinion_composer_set_origin  (PinionComposer *self,
                                  GtkWidget      *origin);
/* In a window of its own it scrolls by itself. */
void pinion_composer_set_apart   (PinionComposer *self,
                                  gboolean        apart);
gboolean pinion_composer_is_empty (PinionComposer *self);

/* Says that it is done. */
void pinion_composer_emit_closed (PinionComposer *self,
                                  gboolean        kept);

/* What is typed.  Returns: (transfer full) */
char *pinion_composer_dup_text (PinionComposer *self);

/* -- pinion-composer-identity.c */

/* Fills the list of addresses to write from, and puts the signature below the text where nobody has
 * looked at it yet. */
void pinion_composer_fill_identities (PinionComposer *self);

/* Another address was chosen: its signature stands in place of the other's, unless that was
 * changed. */
void pinion_composer_follow_identity (PinionComposer *self);

/* Writes who it is from into @draft. */
void pinion_composer_put_identity    (PinionComposer *self,
                                      PinionDraft    *draft);

/* Whether nothing but a signature is in the text. */
gboolean pinion_composer_has_no_text (PinionComposer *self);

/* -- pinion-composer-outgoing.c */
void pinion_composer_note_edit (PinionComposer *self);
void pinion_composer_send      (PinionComposer *self);
void pinion_composer_discard   (PinionComposer *self);

G_END_DECLS
