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
  self->cancellable = g_cancellable_new ();
  self->ended = dex_promise_new ();
  self->http = pinion_http_new (policy, request->ca_pem, self->cancellable);
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

  pinion_lookup_close (self);
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

static void
begin_all (PinionLookup *self,
           GPtrArray    *parts)
{
  if (!pinion_policy_may_look_up (self->policy))
    return;

  g_ptr_array_add (parts, pinion_lookup_autodiscover (self));
  g_ptr_array_add (parts, pinion_lookup_autoconfig (self));
  if (!pinion_policy_has_base (self->policy))
    {
      g_ptr_array_add (parts, pinion_lookup_srv (self));
      g_ptr_array_add (parts, pinion_lookup_guess (self));
    }
}

/* The look-up, and who waits for it: @result settles for them. */
typedef struct
{
  PinionLookup *lookup;
  DexPromise *result;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  pinion_lookup_unref (run->lookup);
  dex_unref (run->result);
  g_free (run);
}

static gboolean
on_limit (gpointer data)
{
  pinion_lookup_close (data);

  return G_SOURCE_REMOVE;
}

/* Ends what is under way when its time is over; what came before that stays.
 * Returns: (transfer full) */
static GSource *
start_limit (PinionLookup *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  GSource *limit = g_timeout_source_new (PINION_LOOKUP_LIMIT);

  g_source_set_callback (limit, on_limit, pinion_lookup_ref (self),
                         (GDestroyNotify) pinion_lookup_unref);
  g_source_attach (limit, context);

  return limit;
}

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (dex_unref);
  GSource *limit = start_limit (run->lookup);

  begin_all (run->lookup, parts);
  pinion_lookup_await_all (run->lookup, parts);
  g_source_destroy (limit);
  g_source_unref (limit);
  dex_promise_resolve_boxed (run->result, PINION_TYPE_DISCOVERY, close_lookup (run->lookup));

  return dex_future_new_true ();
}

static void
on_left (GCancellable *cancellable,
         gpointer      user_data)
{
  pinion_lookup_close (user_data);
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

  Run *run = g_new0 (Run, 1);
  run->lookup = lookup_new (request, policy);
  run->lookup->func = func;
  run->lookup->user_data = user_data;
  run->lookup->destroy = destroy;
  run->result = dex_promise_new_cancellable ();
  g_cancellable_connect (dex_promise_get_cancellable (run->result), G_CALLBACK (on_left),
                         pinion_lookup_ref (run->lookup), (GDestroyNotify) pinion_lookup_unref);

  /* A set, so that dropping it drops what is in it. */
  DexFuture *result = dex_future_first (dex_ref (DEX_FUTURE (run->result)), NULL);
  dex_future_disown (pinion_lookup_spawn (run_fiber, run, run_free));

  return result;
}
