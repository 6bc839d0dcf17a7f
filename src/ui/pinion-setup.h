/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the person has said about a new account, and what follows from it.  No widgets, no password.
 *
 * A value that was not typed follows: what was found by the look-up, else the user name the
 * address, the port the encryption, the host and user name of SMTP those of IMAP.  A value is typed
 * once it differs from what it would follow, and follows again when it is emptied.  A certificate is
 * trusted for one host and port: changing either forgets it. */

#pragma once

#include "pinion-account.h"
#include "pinion-cure.h"
#include "pinion-discovery.h"
#include "pinion-error.h"

G_BEGIN_DECLS

typedef struct _PinionSetup PinionSetup;

/* What is typed into a field. */
typedef enum
{
  PINION_SETUP_EMAIL,
  PINION_SETUP_PASSWORD,
  PINION_SETUP_SHARED,
  PINION_SETUP_HOST,
  PINION_SETUP_PORT,
} PinionSetupField;

#define PINION_TYPE_SETUP_FIELD (pinion_setup_field_get_type ())
GType pinion_setup_field_get_type (void);

/* @name: (nullable) the person's own name.  Returns: (transfer full) */
PinionSetup *pinion_setup_new  (const char *name);
void         pinion_setup_free (PinionSetup *self);

/* The account as it would be now; borrowed, complete but for the password. */
const PinionAccount *pinion_setup_get_account  (PinionSetup *self);
const PinionServer  *pinion_setup_get_server   (PinionSetup   *self,
                                                PinionProtocol protocol);
const char          *pinion_setup_get_address  (PinionSetup *self);
const char          *pinion_setup_get_shared   (PinionSetup *self);
gboolean             pinion_setup_get_exchange (PinionSetup *self);

/* Whether the forms of the user name are to be tried: nobody has typed one. */
gboolean pinion_setup_tries_user_names (PinionSetup *self);

/* What was found for @protocol, as long as that is the host that is meant; (nullable), borrowed. */
const PinionFinding *pinion_setup_get_finding (PinionSetup   *self,
                                               PinionProtocol protocol);

/* The account to verify: where the forms are tried, the SMTP user name is left to follow.
 * Returns: (transfer full) */
PinionAccount *pinion_setup_dup_account (PinionSetup *self);

/* @exchange: whether the server is Microsoft Exchange; others know no shared mailboxes. */
void pinion_setup_set_exchange (PinionSetup *self,
                                gboolean     exchange);
void pinion_setup_set_history  (PinionSetup  *self,
                                PinionHistory history);
void pinion_setup_set_kind     (PinionSetup      *self,
                                PinionAccountKind kind);
/* @shared: the alias or the address of the shared mailbox. */
void pinion_setup_set_shared   (PinionSetup *self,
                                const char  *shared);
void pinion_setup_set_name     (PinionSetup *self,
                                const char  *name);
/* @address: of the person who signs in. */
void pinion_setup_set_address  (PinionSetup *self,
                                const char  *address);
/* How to sign in to both servers; a shared mailbox needs a password all the same. */
void pinion_setup_set_sign_in  (PinionSetup *self,
                                PinionSignIn sign_in);
void pinion_setup_set_pin_all  (PinionSetup *self,
                                gboolean     pin_all);

void pinion_setup_set_host       (PinionSetup   *self,
                                  PinionProtocol protocol,
                                  const char    *host);
void pinion_setup_set_port       (PinionSetup   *self,
                                  PinionProtocol protocol,
                                  const char    *port);
void pinion_setup_set_encryption (PinionSetup     *self,
                                  PinionProtocol   protocol,
                                  PinionEncryption encryption);
void pinion_setup_set_user       (PinionSetup   *self,
                                  PinionProtocol protocol,
                                  const char    *user);
/* What is found so far; (nullable) nothing any more.  What was typed stays. */
void pinion_setup_set_discovery  (PinionSetup           *self,
                                  const PinionDiscovery *discovery);
void pinion_setup_trust          (PinionSetup   *self,
                                  PinionProtocol protocol,
                                  const char    *sha256);

/* Why @text cannot be what @field asks for, in translated words; %NULL where it can. */
const char *pinion_setup_check (PinionSetupField field,
                                const char      *text);

/* -- Cures ---------------------------------------------------------------------------------- */

/* Changes the setup as @cure says, with the facts of @error.  Returns: whether it can be verified
 * again at once; else the person has a page to look at */
gboolean pinion_setup_cure (PinionSetup  *self,
                            PinionCure    cure,
                            const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSetup, pinion_setup_free)

G_END_DECLS
