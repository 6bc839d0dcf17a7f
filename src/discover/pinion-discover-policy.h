/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may be asked, and who may be told the password.  Private to discover; every request passes
 * here.
 *
 * May be asked: HTTPS hosts that are the domain of the address or lie in it, and hosts the person
 * agreed to.  Labels are never taken off the domain, and a domain under which strangers register
 * theirs (a public suffix) is not looked up at all: so no host of anybody else can be reached by
 * its name, which is how passwords went to autodiscover.TLD in 2021. */

#pragma once

#include "pinion-discovery.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PinionPolicy PinionPolicy;

typedef enum
{
  PINION_VERDICT_ALLOWED,
  PINION_VERDICT_OTHER_HOST,
  PINION_VERDICT_NOT_ENCRYPTED,
  PINION_VERDICT_MALFORMED,
} PinionVerdict;

/* Fails with PINION_ERROR_INVALID_ARGUMENT.  Returns: (transfer full) (nullable) */
PinionPolicy *pinion_policy_new  (const PinionDiscoverRequest *request,
                                  GError                     **error);
void          pinion_policy_free (PinionPolicy *self);

/* The domain of the address, in ASCII and lower case; borrowed. */
const char *pinion_policy_get_domain (PinionPolicy *self);

/* Whether everything goes to one place, for tests. */
gboolean pinion_policy_has_base (PinionPolicy *self);

/* Whether what is said comes from somebody whose certificate is verified: always, but for a base
 * in clear. */
gboolean pinion_policy_is_safe (PinionPolicy *self);

/* Whether the domain belongs to somebody who can speak for the address. */
gboolean pinion_policy_may_look_up (PinionPolicy *self);

/* Whether @host is the domain or lies in it. */
gboolean pinion_policy_is_own (PinionPolicy *self,
                               const char   *host);

/* Whether @url may be asked. */
PinionVerdict pinion_policy_judge (PinionPolicy *self,
                                   GUri         *url);

/* Where @url, which is allowed, is really asked for: itself, or the same path at the base.
 * Returns: (transfer full) */
GUri *pinion_policy_map (PinionPolicy *self,
                         GUri         *url);

/* Whether @url, which is allowed, may be told the password once its certificate is verified. */
gboolean pinion_policy_may_tell_secret (PinionPolicy *self,
                                        GUri         *url);

/* Whether strangers have their own names right below @domain, or it is no domain name at all. */
gboolean pinion_policy_is_shared (const char *domain);

/* A host name in ASCII and lower case, without the dot of the root.
 * Returns: (transfer full) (nullable) where it is none */
char *pinion_policy_dup_host (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionPolicy, pinion_policy_free)

G_END_DECLS
