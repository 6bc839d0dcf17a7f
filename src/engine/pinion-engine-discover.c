/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking up an address's servers: on a thread of the pool, told on the main thread. */

#include "pinion-engine-private.h"

#include "pinion-discover.h"

#define STACK_SIZE (256 * 1024)

/* Who is told; atomically counted, its function is called on the main thread only. */
typedef struct
{
  PinionDiscoverFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Listener;

/* The request, copied for another thread. */
typedef struct
{
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

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->address);
  g_clear_pointer (&lookup->secret, pinion_secret_unref);
  g_free (lookup->ca_pem);
  g_free (lookup->base_url);
  g_strfreev (lookup->agreed_hosts);
  g_clear_pointer (&lookup->listener, listener_unref);
  g_free (lookup);
}

static DexFuture *
lookup_fiber (gpointer data)
{
  Lookup *lookup = data;
  PinionDiscoverRequest request = {
    .address = lookup->address,
    .secret = lookup->secret,
    .ca_pem = lookup->ca_pem,
    .base_url = lookup->base_url,
    .agreed_hosts = (const char *const *) lookup->agreed_hosts,
  };
  Listener *listener = lookup->listener;
  GError *error = NULL;
  PinionDiscovery *found = dex_await_boxed (
      pinion_discover (&request, listener != NULL ? carry_news : NULL,
                       listener != NULL ? g_atomic_rc_box_acquire (listener) : NULL,
                       listener != NULL ? listener_unref : NULL),
      &error);

  if (found == NULL)
    return dex_future_new_for_error (
        pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_NONE));

  return dex_future_new_take_boxed (PINION_TYPE_DISCOVERY, found);
}

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

  /* A fiber alone would go on without anybody waiting for it. */
  return dex_future_first (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (),
                                                STACK_SIZE, lookup_fiber, lookup, lookup_free),
                           NULL);
}
