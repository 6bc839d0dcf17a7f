/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An account's settings, as plain data.  Passwords are not part of them. */

#pragma once

#include "pinion-identity.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_ENCRYPTION_TLS,
  PINION_ENCRYPTION_STARTTLS,
} PinionEncryption;

typedef enum
{
  PINION_ACCOUNT_PERSONAL,
  PINION_ACCOUNT_SHARED,
} PinionAccountKind;

/* How the person proves who they are. */
typedef enum
{
  PINION_SIGN_IN_PASSWORD,
  /* A Kerberos ticket that this computer has; no password is known then */
  PINION_SIGN_IN_KERBEROS,
} PinionSignIn;

/* How far back mail is kept here. */
typedef enum
{
  PINION_HISTORY_NONE,
  PINION_HISTORY_1_MONTH,
  PINION_HISTORY_3_MONTHS,
  PINION_HISTORY_6_MONTHS,
  PINION_HISTORY_1_YEAR,
  PINION_HISTORY_2_YEARS,
  PINION_HISTORY_3_YEARS,
  PINION_HISTORY_5_YEARS,
  PINION_HISTORY_10_YEARS,
  PINION_HISTORY_ALL,
} PinionHistory;

/* One server of an account.  @trusted_sha256: (nullable) lower-case hexadecimal SHA-256 of the one
 * certificate the person trusts here; bound to this host and port. */
typedef struct
{
  char *host;
  guint16 port;
  PinionEncryption encryption;
  char *user;
  char *trusted_sha256;
  PinionSignIn sign_in;
} PinionServer;

/* @uuid names the account in the keyring.  @ca_pem: (nullable) further trusted authorities.
 * @created: when it was added, in seconds; "no history" keeps what arrives after it.
 * @signature: (nullable) what messages from @email end with.  @aliases: (nullable) of
 * PinionIdentity, the other addresses to write from.  @colour: (nullable) "#rrggbb".  @position:
 * among the accounts, smaller ones first.  @refused: the server refused the kept password; it is
 * not tried again.  @quiet: new mail is not told of by notifications.  @server_drafts: drafts are kept
 * on the server, too. */
typedef struct
{
  gint64 id;
  char *uuid;
  char *email;
  char *name;
  PinionAccountKind kind;
  PinionHistory history;
  gboolean pin_all;
  char *ca_pem;
  gint64 created;
  char *signature;
  GPtrArray *aliases;
  char *colour;
  gint64 position;
  gboolean refused;
  gboolean quiet;
  gboolean server_drafts;
  PinionServer imap;
  PinionServer smtp;
} PinionAccount;

#define PINION_TYPE_ACCOUNT (pinion_account_get_type ())
GType pinion_account_get_type (void);

/* Returns: (transfer full), empty, with a new UUID, 993 TLS and 587 STARTTLS, one year. */
PinionAccount *pinion_account_new  (void);
PinionAccount *pinion_account_copy (const PinionAccount *self);
void           pinion_account_free (PinionAccount *self);
void           pinion_server_copy  (PinionServer       *to,
                                    const PinionServer *from);
void           pinion_server_clear (PinionServer *self);

/* Signs in to both servers this way. */
void pinion_account_set_sign_in (PinionAccount *self,
                                 PinionSignIn   sign_in);

/* Whether every setting is the same, the id and what belongs to it too. */
gboolean pinion_account_equal (const PinionAccount *a,
                               const PinionAccount *b);

/* Whether the two name the same server in the same way: host, port, encryption, user, sign-in and
 * the trusted certificate. */
gboolean pinion_server_equal (const PinionServer *a,
                              const PinionServer *b);

/* The person as @address: an alias, or the account's own where @address is (nullable) none of them.
 * Returns: (transfer full) */
PinionIdentity *pinion_account_dup_identity (const PinionAccount *self,
                                             const char          *address);

/* Its own address and those of the aliases.  Returns: (transfer full) */
GStrv pinion_account_dup_addresses (const PinionAccount *self);

/* Whether @address is one of them. */
gboolean pinion_account_has_address (const PinionAccount *self,
                                     const char          *address);

/* Whether @colour is written "#rrggbb". */
gboolean pinion_colour_is_valid (const char *colour);

/* Whether a password has to be known to connect to its servers. */
gboolean pinion_account_needs_password (const PinionAccount *self);

/* "tls" | "starttls"; "none" "1m" ... "10y" "all"; "personal" | "shared"; "password" | "kerberos".
 * The from_string functions return %FALSE on anything else. */
const char *pinion_encryption_to_string     (PinionEncryption encryption);
gboolean    pinion_encryption_from_string   (const char       *string,
                                             PinionEncryption *encryption);
const char *pinion_history_to_string        (PinionHistory history);
gboolean    pinion_history_from_string      (const char    *string,
                                             PinionHistory *history);
const char *pinion_account_kind_to_string   (PinionAccountKind kind);
gboolean    pinion_account_kind_from_string (const char        *string,
                                             PinionAccountKind *kind);
const char *pinion_sign_in_to_string        (PinionSignIn sign_in);
gboolean    pinion_sign_in_from_string      (const char   *string,
                                             PinionSignIn *sign_in);

/* The oldest moment (seconds since 1970, UTC) that @history reaches back to from @now; @created is
 * the answer for none, G_MININT64 for all. */
gint64 pinion_history_get_start (PinionHistory history,
                                 gint64        now,
                                 gint64        created);

/* The usual port: @protocol_is_imap 993/143, else 465/587. */
guint16 pinion_encryption_get_port (PinionEncryption encryption,
                                    gboolean         protocol_is_imap);

/* Whether @address has the form local@domain of RFC 5321 as people write it, no control
 * characters, no spaces; at most 254 bytes. */
gboolean pinion_address_is_valid (const char *address);

/* Whether @host is a host name or an IP address literal that can be looked up. */
gboolean pinion_host_is_valid (const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionAccount, pinion_account_free)

G_END_DECLS
