/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking up an address's servers: on a thread of the pool, told on the main thread. */

#include "pinion-engine-private.h"

#include "pinion-discover.h"
#include "pinion-fiber.h"

#define STACK_SIZE (256 * 1024)

/* Who is told; atomically counted, its function is called on the main thread only. */
typedef struct
{
  PinionDiscoverFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Listener;

/* How the main thread says that nobody waits any more.  A fiber is only ever stopped on its own
 * thread: the word is carried to @context, which the fiber sets when it begins, and settles
 * @promise there. */
typedef struct
{
  GMutex mutex;
  gboolean left;
  GMainContext *context;
  DexPromise *promise;
} Leave;

/* The request, copied for another thread.  @result: what the caller waits for. */
typedef struct
{
  DexPromise *result;
  Leave *leave;
  char *address;
  PinionSecret *secret;
  char *ca_pem;
  char *base_url;
  GStrv agreed_hosts;
  Listener *listener;
} Lookup;

typedef struct
{
  Listener *listener;
  PinionDiscovery *so_far;
} News;

static gboolean
on_destroy_listener (gpointer data)
{
  Listener *listener = data;

  if (listener->destroy != NULL)
    listener->destroy (listener->user_data);

  return G_SOURCE_REMOVE;
}

static void
listener_release (gpointer data)
{
  g_atomic_rc_box_release (data);
}

/* What the listener holds may be a widget: it is let go of on the main thread. */
static void
listener_clear (gpointer data)
{
  Listener *listener = g_atomic_rc_box_new0 (Listener);

  *listener = *(Listener *) data;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_destroy_listener, listener, listener_release);
}

static void
listener_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, listener_clear);
}

static void
news_free (gpointer data)
{
  News *news = data;

  pinion_discovery_unref (news->so_far);
  listener_unref (news->listener);
  g_free (news);
}

static gboolean
on_news (gpointer data)
{
  News *news = data;

  news->listener->func (news->so_far, news->listener->user_data);

  return G_SOURCE_REMOVE;
}

static void
carry_news (PinionDiscovery *so_far,
            gpointer         user_data)
{
  News *news = g_new0 (News, 1);

  news->listener = g_atomic_rc_box_acquire ((Listener *) user_data);
  news->so_far = pinion_discovery_ref (so_far);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_news, news, news_free);
}

/* -- Leaving -------------------------------------------------------------------------------- */

static Leave *
leave_new (void)
{
  Leave *leave = g_atomic_rc_box_new0 (Leave);

  g_mutex_init (&leave->mutex);
  leave->promise = dex_promise_new ();

  return leave;
}

static void
leave_clear (gpointer data)
{
  Leave *leave = data;

  g_mutex_clear (&leave->mutex);
  g_clear_pointer (&leave->context, g_main_context_unref);
  dex_unref (leave->promise);
}

static void
leave_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, leave_clear);
}

static gboolean
on_word_of_leaving (gpointer data)
{
  Leave *leave = data;

  dex_promise_resolve_boolean (leave->promise, TRUE);

  return G_SOURCE_REMOVE;
}

/* On the main thread, where what the caller waited for was dropped. */
static void
on_left (GCancellable *cancellable,
         gpointer      user_data)
{
  Leave *leave = user_data;

  g_mutex_lock (&leave->mutex);
  leave->left = TRUE;
  if (leave->context != NULL)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, on_word_of_leaving, g_atomic_rc_box_acquire (leave),
                             leave_unref);
      g_source_attach (source, leave->context);
    }
  g_mutex_unlock (&leave->mutex);
}

/* On the fiber's thread.  Returns: (transfer full) what settles when nobody waits any more */
static DexFuture *
leave_listen (Leave *leave)
{
  gboolean left;

  g_mutex_lock (&leave->mutex);
  leave->context = g_main_context_ref_thread_default ();
  left = leave->left;
  g_mutex_unlock (&leave->mutex);

  return left ? dex_future_new_true () : dex_ref (DEX_FUTURE (leave->promise));
}

/* -- The request ---------------------------------------------------------------------------- */

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  dex_unref (lookup->result);
  leave_unref (lookup->leave);
  g_free (lookup->address);
  g_clear_pointer (&lookup->secret, pinion_secret_unref);
  g_free (lookup->ca_pem);
  g_free (lookup->base_url);
  g_strfreev (lookup->agreed_hosts);
  g_clear_pointer (&lookup->listener, listener_unref);
  g_free (lookup);
}

/* -- On the thread of the pool ------------------------------------------------------------- */

static DexFuture *
begin_lookup (Lookup *lookup)
{
  Listener *listener = lookup->listener;
  PinionDiscoverRequest request = {
    .address = lookup->address,
    .secret = lookup->secret,
    .ca_pem = lookup->ca_pem,
    .base_url = lookup->base_url,
    .agreed_hosts = (const char *const *) lookup->agreed_hosts,
  };

  if (listener == NULL)
    return pinion_discover (&request, NULL, NULL, NULL);

  return pinion_discover (&request, carry_news, g_atomic_rc_box_acquire (listener), listener_unref);
}

static DexFuture *
lookup_fiber (gpointer data)
{
  Lookup *lookup = data;
  DexFuture *left = leave_listen (lookup->leave);
  DexFuture *looking = begin_lookup (lookup);
  GError *error = NULL;
  const GValue *value;

  pinion_await (dex_future_first (dex_ref (looking), left, NULL), NULL);
  value = dex_future_get_value (looking, &error);
  if (value != NULL)
    dex_promise_resolve (lookup->result, value);
  else
    dex_promise_reject (lookup->result,
                        pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
  dex_unref (looking);

  return dex_future_new_true ();
}

/* -- On the main thread --------------------------------------------------------------------- */

DexFuture *
pinion_engine_discover (PinionEngine                *self,
                        const PinionDiscoverRequest *request,
                        PinionDiscoverFunc           func,
                        gpointer                     user_data,
                        GDestroyNotify               destroy)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->address = g_strdup (request->address);
  lookup->secret = request->secret != NULL ? pinion_secret_ref (request->secret) : NULL;
  lookup->ca_pem = g_strdup (request->ca_pem);
  lookup->base_url = g_strdup (request->base_url);
  lookup->agreed_hosts = g_strdupv ((char **) request->agreed_hosts);
  if (func != NULL)
    {
      lookup->listener = g_atomic_rc_box_new0 (Listener);
      lookup->listener->func = func;
      lookup->listener->user_data = user_data;
      lookup->listener->destroy = destroy;
    }

  lookup->result = dex_promise_new_cancellable ();
  lookup->leave = leave_new ();
  g_cancellable_connect (dex_promise_get_cancellable (lookup->result), G_CALLBACK (on_left),
                         g_atomic_rc_box_acquire (lookup->leave), leave_unref);

  /* A set, so that dropping it drops what is in it. */
  DexFuture *result = dex_future_first (dex_ref (DEX_FUTURE (lookup->result)), NULL);
  dex_future_disown (pinion_fiber_spawn (dex_thread_pool_scheduler_get_default (), STACK_SIZE,
                                          lookup_fiber, lookup, lookup_free));

  return result;
}
