/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a look-up of an address's servers found, as plain data.
 *
 * A finding is a proposal: somebody said that a server is there.  Who said so travels with it, and
 * how far that can be trusted is its rank.  Nothing in it is ever without encryption. */

#pragma once

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-secret.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_SOURCE_AUTODISCOVER,      /* Exchange Autodiscover, POX */
  PINION_SOURCE_AUTODISCOVER_SOAP, /* Exchange Autodiscover, GetUserSettings */
  PINION_SOURCE_AUTOCONFIG,        /* config-v1.1.xml on the domain */
  PINION_SOURCE_SRV,               /* DNS, RFC 6186 and RFC 8314 */
  PINION_SOURCE_HINT,              /* a host that Autodiscover names for something else */
  PINION_SOURCE_GUESS,             /* a usual name, and a server answers there */
} PinionSource;

/* How the user name is made of the address. */
typedef enum
{
  PINION_USER_FORM_ADDRESS,
  PINION_USER_FORM_LOCAL_PART,
  PINION_USER_FORM_DOMAIN, /* DOMAIN\user */
  PINION_USER_FORM_OTHER,
} PinionUserForm;

/* Whether the server itself was seen: it greets, and its certificate is valid for its name. */
typedef enum
{
  PINION_ANSWERS_UNKNOWN,
  PINION_ANSWERS_YES,
  PINION_ANSWERS_NO,
} PinionAnswers;

/* @origin: who said so, a host or a DNS name.  @user: as one would sign in.  @rank: the lower, the
 * more it is to be trusted.  @verified: it comes from an HTTPS host with a valid certificate that
 * may speak for the address, or the server itself was seen.  @own_domain: @host lies in the
 * address's own domain. */
typedef struct
{
  PinionSource source;
  char *origin;
  PinionProtocol protocol;
  char *host;
  guint16 port;
  PinionEncryption encryption;
  char *user;
  PinionUserForm form;
  guint rank;
  gboolean verified;
  gboolean own_domain;
  PinionAnswers answers;
} PinionFinding;

/* How a try ended. */
typedef enum
{
  PINION_OUTCOME_RUNNING,
  PINION_OUTCOME_FOUND,
  PINION_OUTCOME_NOTHING,          /* an answer that names no server */
  PINION_OUTCOME_NOT_FOUND,        /* no such page, name or record */
  PINION_OUTCOME_NEEDS_SIGN_IN,    /* would say more to who signs in */
  PINION_OUTCOME_SIGN_IN_REFUSED,
  PINION_OUTCOME_FORBIDDEN,
  PINION_OUTCOME_SERVER_ERROR,
  PINION_OUTCOME_REFUSED,          /* any other status */
  PINION_OUTCOME_OTHER_HOST,       /* points at a host the person has not agreed to */
  PINION_OUTCOME_OTHER_ADDRESS,    /* points at another address */
  PINION_OUTCOME_NOT_ENCRYPTED,    /* points at something without TLS */
  PINION_OUTCOME_TOO_MANY_REDIRECTS,
  PINION_OUTCOME_MALFORMED,
  PINION_OUTCOME_TOO_LARGE,
  PINION_OUTCOME_BAD_CERTIFICATE,
  PINION_OUTCOME_UNREACHABLE,
  PINION_OUTCOME_TIMED_OUT,
} PinionOutcome;

/* One place that was asked.  @target: a URL, a DNS name or HOST:PORT.  @host: (nullable) with
 * OTHER_HOST and OTHER_ADDRESS whom it points at.  @detail: (nullable) technical words, never a
 * secret. */
typedef struct
{
  PinionSource source;
  char *target;
  PinionOutcome outcome;
  char *host;
  char *detail;
} PinionAttempt;

/* @findings: of PinionFinding, the most trustworthy first.  @attempts: of PinionAttempt. */
typedef struct
{
  GPtrArray *findings;
  GPtrArray *attempts;
} PinionDiscovery;

/* What to look for.  @secret: (nullable) only ever sent to a verified HTTPS host of the address's
 * own domain, or one of @agreed_hosts (nullable), that asks for it.  @ca_pem: (nullable) further
 * trusted authorities.  @base_url: (nullable) all HTTP goes there instead of to the domain's
 * hosts, and nothing else is asked: for tests. */
typedef struct
{
  const char *address;
  PinionSecret *secret;
  const char *ca_pem;
  const char *base_url;
  const char *const *agreed_hosts;
} PinionDiscoverRequest;

/* @so_far: borrowed; does not change any more. */
typedef void (*PinionDiscoverFunc) (PinionDiscovery *so_far,
                                    gpointer         user_data);

#define PINION_TYPE_DISCOVERY (pinion_discovery_get_type ())
GType pinion_discovery_get_type (void);

/* Returns: (transfer full), empty; atomically counted */
PinionDiscovery *pinion_discovery_new   (void);
PinionDiscovery *pinion_discovery_copy  (const PinionDiscovery *self);
PinionDiscovery *pinion_discovery_ref   (PinionDiscovery *self);
void             pinion_discovery_unref (PinionDiscovery *self);

/* The finding for @protocol to be trusted most; %NULL: none.  Borrowed. */
const PinionFinding *pinion_discovery_get_best (const PinionDiscovery *self,
                                                PinionProtocol         protocol);

PinionFinding *pinion_finding_copy  (const PinionFinding *self);
void           pinion_finding_free  (PinionFinding       *self);
PinionAttempt *pinion_attempt_copy  (const PinionAttempt *self);
void           pinion_attempt_free  (PinionAttempt       *self);

/* How @user relates to @address. */
PinionUserForm pinion_user_form_of (const char *user,
                                    const char *address);

/* In kebab-case, never %NULL. */
const char *pinion_source_to_string    (PinionSource   source);
const char *pinion_user_form_to_string (PinionUserForm form);
const char *pinion_outcome_to_string   (PinionOutcome  outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionDiscovery, pinion_discovery_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionFinding, pinion_finding_free)

G_END_DECLS
