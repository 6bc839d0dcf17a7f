/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the preferences: which of an account's labels is its Archive, Sent, Drafts, Junk and Trash;
 * a missing Archive is offered to be made. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_MAILBOXES_PAGE (pinion_mailboxes_page_get_type ())
G_DECLARE_FINAL_TYPE (PinionMailboxesPage, pinion_mailboxes_page, PINION, MAILBOXES_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *pinion_mailboxes_page_new (PinionEngine *engine,
                                              gint64        account);

G_END_DECLS
