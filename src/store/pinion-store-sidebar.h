/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How people set up the sidebar: pins, colours, order, sections, what is folded.  All of it is this
 * computer's; the server hears nothing.
 *
 * Commands are one step each and return the undo group, 0 where nothing had to change; what does not
 * exist fails with NOT_FOUND.  Folding is no command: there is nothing to take back. */

#pragma once

#include "pinion-store-folders.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_STORE_LABEL_ORDER_NAME,
  PINION_STORE_LABEL_ORDER_UNREAD,
  PINION_STORE_LABEL_ORDER_OWN,
} PinionStoreLabelOrder;

/* A section; @id 0: the labels of the account that are in none, @name is %NULL then.  @order and
 * @pin_all are the account's. */
typedef struct
{
  gint64 id;
  gint64 account_id;
  char *name;
  gboolean folded;
  PinionStoreLabelOrder order;
  gboolean pin_all;
} PinionStoreSection;

void pinion_store_section_free (PinionStoreSection *self);

/* Of all accounts, by account: the one with id 0 first, then in their order.
 * Returns: (transfer full): PinionStoreSection */
GPtrArray *pinion_store_sections_list (PinionStoreSession *session);

gint64 pinion_store_command_pin (PinionStoreSession *session,
                                 gint64              folder,
                                 gboolean            pinned);

/* Pins every label of the account there is and that appears later; %FALSE: none by itself from now
 * on, those that are pinned stay so. */
gint64 pinion_store_command_pin_all (PinionStoreSession *session,
                                     gint64              account,
                                     gboolean            pin_all);

/* @colour: "#rrggbb", or (nullable) the one it has by itself. */
gint64 pinion_store_command_set_colour (PinionStoreSession *session,
                                        gint64              folder,
                                        const char         *colour);

/* Puts @folder into @section (0: none) and makes @order, folders of its account, the account's own
 * order, which is what the sidebar follows from then on.  Others in @order are passed over. */
gint64 pinion_store_command_place (PinionStoreSession *session,
                                   gint64              folder,
                                   gint64              section,
                                   GArray             *order);

gint64 pinion_store_command_set_order (PinionStoreSession    *session,
                                       gint64                 account,
                                       PinionStoreLabelOrder  order);

/* Makes a section, the account's last, and puts @folder there; 0: nothing.  @section: (out)
 * (nullable).  Fails with INVALID_ARGUMENT where @name is empty. */
gint64 pinion_store_command_create_section (PinionStoreSession *session,
                                            gint64              account,
                                            const char         *name,
                                            gint64              folder,
                                            gint64             *section);
gint64 pinion_store_command_rename_section (PinionStoreSession *session,
                                            gint64              section,
                                            const char         *name);
/* What is in it is in no section then. */
gint64 pinion_store_command_remove_section (PinionStoreSession *session,
                                            gint64              section);
/* Among the account's: @position from 0; beyond the end: the last. */
gint64 pinion_store_command_move_section (PinionStoreSession *session,
                                          gint64              section,
                                          guint               position);

void pinion_store_folder_set_folded  (PinionStoreSession *session,
                                      gint64              folder,
                                      gboolean            folded);
/* @section 0: the labels of @account in no section. */
void pinion_store_section_set_folded (PinionStoreSession *session,
                                      gint64              account,
                                      gint64              section,
                                      gboolean            folded);

/* For the undo: makes everything again as it was before @group.  Returns: how many steps it had. */
guint pinion_store_sidebar_undo (PinionStoreSession *session,
                                 gint64              group);

G_END_DECLS
