/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-private.h"

static void
challenge_free (gpointer data)
{
  PinionChallenge *challenge = data;

  g_uri_unref (challenge->url);
  g_free (challenge);
}

static PinionLookup *
lookup_new (const PinionDiscoverRequest *request,
            PinionPolicy                *policy)
{
  PinionLookup *self = g_atomic_rc_box_new0 (PinionLookup);

  self->policy = policy;
  self->http = pinion_http_new (policy, request->ca_pem);
  self->address = g_strdup (request->address);
  self->secret = request->secret != NULL ? pinion_secret_ref (request->secret) : NULL;
  self->ca_pem = g_strdup (request->ca_pem);
  self->found = pinion_discovery_new ();
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->challenged = g_ptr_array_new_with_free_func (challenge_free);
  self->hints = g_ptr_array_new_with_free_func (g_free);
  self->probes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);

  return self;
}

static int
compare_findings (gconstpointer a,
                  gconstpointer b)
{
  const PinionFinding *const *first = a;
  const PinionFinding *const *second = b;

  return (int) (*first)->rank - (int) (*second)->rank;
}

/* What is still under way has run out of time. */
static PinionDiscovery *
close_lookup (PinionLookup *self)
{
  PinionDiscovery *result;

  self->closed = TRUE;
  result = pinion_discovery_copy (self->found);
  /* GPtrArray's sort is stable: of the same rank, what came first. */
  g_ptr_array_sort (result->findings, compare_findings);
  for (guint i = 0; i < result->attempts->len; i++)
    {
      PinionAttempt *attempt = result->attempts->pdata[i];

      if (attempt->outcome == PINION_OUTCOME_RUNNING)
        attempt->outcome = PINION_OUTCOME_TIMED_OUT;
    }

  return result;
}

static DexFuture *
begin_all (PinionLookup *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (dex_unref);

  if (pinion_policy_may_look_up (self->policy))
    {
      g_ptr_array_add (parts, pinion_lookup_autodiscover (self));
      g_ptr_array_add (parts, pinion_lookup_autoconfig (self));
    }
  if (pinion_policy_may_look_up (self->policy) && !pinion_policy_has_base (self->policy))
    {
      g_ptr_array_add (parts, pinion_lookup_srv (self));
      g_ptr_array_add (parts, pinion_lookup_guess (self));
    }
  if (parts->len == 0)
    return dex_future_new_true ();

  return dex_future_allv ((DexFuture **) parts->pdata, parts->len);
}

static DexFuture *
lookup_fiber (gpointer data)
{
  PinionLookup *self = data;
  GError *error = NULL;

  /* The limit ends what is under way; what came before it stays. */
  if (!dex_await (dex_future_first (begin_all (self), dex_timeout_new_msec (PINION_LOOKUP_LIMIT),
                                    NULL),
                  &error)
      && !g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    {
      self->closed = TRUE;
      return dex_future_new_for_error (
          pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
    }

  g_clear_error (&error);
  return dex_future_new_take_boxed (PINION_TYPE_DISCOVERY, close_lookup (self));
}

DexFuture *
pinion_discover (const PinionDiscoverRequest *request,
                 PinionDiscoverFunc           func,
                 gpointer                     user_data,
                 GDestroyNotify               destroy)
{
  GError *error = NULL;
  PinionPolicy *policy = pinion_policy_new (request, &error);

  if (policy == NULL)
    {
      if (destroy != NULL)
        destroy (user_data);
      return dex_future_new_for_error (error);
    }

  PinionLookup *self = lookup_new (request, policy);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  /* A fiber alone would go on without anybody waiting for it. */
  return dex_future_first (pinion_lookup_spawn (lookup_fiber, self,
                                                (GDestroyNotify) pinion_lookup_unref),
                           NULL);
}
