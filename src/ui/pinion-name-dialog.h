/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A dialog that asks for one name. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Why @name cannot be: words for people, %NULL: it can.  Returns: (transfer full) (nullable) */
typedef char *(*PinionNameCheck) (const char *name,
                                  gpointer    user_data);

/* The person said @name: trimmed, and it passed the check. */
typedef void (*PinionNameTaken) (const char *name,
                                 gpointer    user_data);

/* Asks over @parent.  @initial: (nullable) what is there to begin with.  @accept: the word on the button,
 * with a mnemonic.  @check: (nullable).  @destroy: called once with @user_data when it is over. */
void pinion_name_dialog_present (GtkWidget       *parent,
                                 const char      *heading,
                                 const char      *initial,
                                 const char      *accept,
                                 PinionNameCheck  check,
                                 PinionNameTaken  taken,
                                 gpointer         user_data,
                                 GDestroyNotify   destroy);

G_END_DECLS
