/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discovery.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (PinionDiscovery,
                     pinion_discovery,
                     pinion_discovery_ref,
                     pinion_discovery_unref)

static const char *const source_names[] = {
  "autodiscover", "autodiscover-soap", "autoconfig", "srv", "autodiscover-host", "guess",
};

static const char *const form_names[] = { "address", "local-part", "domain-user", "other" };

static const char *const outcome_names[] = {
  "running",         "found",         "nothing",
  "not-found",       "needs-sign-in", "sign-in-refused",
  "forbidden",       "server-error",  "refused",
  "other-host",      "other-address", "not-encrypted",
  "too-many-redirects", "malformed",  "too-large",
  "bad-certificate", "unreachable",   "timed-out",
};

G_STATIC_ASSERT (G_N_ELEMENTS (outcome_names) == PINION_OUTCOME_TIMED_OUT + 1);

PinionDiscovery *
pinion_discovery_new (void)
{
  PinionDiscovery *self = g_atomic_rc_box_new0 (PinionDiscovery);

  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_finding_free);
  self->attempts = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_attempt_free);

  return self;
}

PinionDiscovery *
pinion_discovery_copy (const PinionDiscovery *self)
{
  PinionDiscovery *copy = pinion_discovery_new ();

  for (guint i = 0; i < self->findings->len; i++)
    g_ptr_array_add (copy->findings, pinion_finding_copy (self->findings->pdata[i]));
  for (guint i = 0; i < self->attempts->len; i++)
    g_ptr_array_add (copy->attempts, pinion_attempt_copy (self->attempts->pdata[i]));

  return copy;
}

PinionDiscovery *
pinion_discovery_ref (PinionDiscovery *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
discovery_clear (gpointer data)
{
  PinionDiscovery *self = data;

  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->attempts);
}

void
pinion_discovery_unref (PinionDiscovery *self)
{
  g_atomic_rc_box_release_full (self, discovery_clear);
}

const PinionFinding *
pinion_discovery_get_best (const PinionDiscovery *self,
                           PinionProtocol         protocol)
{
  const PinionFinding *best = NULL;

  for (guint i = 0; i < self->findings->len; i++)
    {
      const PinionFinding *finding = self->findings->pdata[i];

      if (finding->protocol == protocol && (best == NULL || finding->rank < best->rank))
        best = finding;
    }

  return best;
}

PinionFinding *
pinion_finding_copy (const PinionFinding *self)
{
  PinionFinding *copy = g_memdup2 (self, sizeof *self);

  copy->origin = g_strdup (self->origin);
  copy->host = g_strdup (self->host);
  copy->user = g_strdup (self->user);

  return copy;
}

void
pinion_finding_free (PinionFinding *self)
{
  g_free (self->origin);
  g_free (self->host);
  g_free (self->user);
  g_free (self);
}

PinionAttempt *
pinion_attempt_copy (const PinionAttempt *self)
{
  PinionAttempt *copy = g_memdup2 (self, sizeof *self);

  copy->target = g_strdup (self->target);
  copy->host = g_strdup (self->host);
  copy->detail = g_strdup (self->detail);

  return copy;
}

void
pinion_attempt_free (PinionAttempt *self)
{
  g_free (self->target);
  g_free (self->host);
  g_free (self->detail);
  g_free (self);
}

PinionUserForm
pinion_user_form_of (const char *user,
                     const char *address)
{
  const char *at = strrchr (address, '@');
  gsize length = at != NULL ? (gsize) (at - address) : 0;

  if (g_ascii_strcasecmp (user, address) == 0)
    return PINION_USER_FORM_ADDRESS;
  if (strlen (user) == length && g_ascii_strncasecmp (user, address, length) == 0)
    return PINION_USER_FORM_LOCAL_PART;

  return strchr (user, '\\') != NULL ? PINION_USER_FORM_DOMAIN : PINION_USER_FORM_OTHER;
}

const char *
pinion_source_to_string (PinionSource source)
{
  g_return_val_if_fail (source < G_N_ELEMENTS (source_names), "");

  return source_names[source];
}

const char *
pinion_user_form_to_string (PinionUserForm form)
{
  g_return_val_if_fail (form < G_N_ELEMENTS (form_names), "");

  return form_names[form];
}

const char *
pinion_outcome_to_string (PinionOutcome outcome)
{
  g_return_val_if_fail (outcome < G_N_ELEMENTS (outcome_names), "");

  return outcome_names[outcome];
}
