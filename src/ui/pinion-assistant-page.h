/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What all pages of the assistant have in common: the step line, a title, a sentence, the content
 * of the page itself, and one button at the foot.
 *
 * A page reads the setup when it comes up, and writes what is typed into it at once, so that
 * nothing is lost by going back and forth. */

#pragma once

#include <adwaita.h>

#include "pinion-setup.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_PAGE (pinion_assistant_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (PinionAssistantPage, pinion_assistant_page, PINION, ASSISTANT_PAGE,
                          AdwNavigationPage)

/* @load: brings the rows to what @setup says.  @check: whether the page is complete; says what is
 * missing below the rows. */
struct _PinionAssistantPageClass
{
  AdwNavigationPageClass parent_class;

  void (*load) (PinionAssistantPage *self,
                PinionSetup         *setup);
  gboolean (*check) (PinionAssistantPage *self);
};

/* Properties: "step" (uint, from 1), "sentence", "next-label" (string), "content" (GtkWidget).
 * Signal "next": the person wants to go on, and the page is complete. */

/* @setup: borrowed; outlives the page. */
void         pinion_assistant_page_set_setup (PinionAssistantPage *self,
                                              PinionSetup         *setup);
PinionSetup *pinion_assistant_page_get_setup (PinionAssistantPage *self);

/* Whether the rows are being brought to what the setup says: their changes are nobody's then. */
gboolean pinion_assistant_page_is_loading (PinionAssistantPage *self);

/* Reads the setup again. */
void pinion_assistant_page_load (PinionAssistantPage *self);

void pinion_assistant_page_set_sentence (PinionAssistantPage *self,
                                         const char          *sentence);
/* @suggested: whether it is the one suggested button.  @label: (nullable) for none */
void pinion_assistant_page_set_button   (PinionAssistantPage *self,
                                         const char          *label,
                                         gboolean             suggested);

G_END_DECLS
