/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When to talk to the servers: the network comes and goes, costs, or is another one after the computer
 * has slept; and the person may want a pause. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include <time.h>

/* Clocks drift apart by less than this. */
#define SLEEP_LEAST G_USEC_PER_SEC

/* -- Cost ----------------------------------------------------------------------------------- */

gboolean
pinion_engine_is_thrifty (PinionEngine *self)
{
  return !self->full_on_metered
         && g_network_monitor_get_network_metered (g_network_monitor_get_default ());
}

static void
tell_cost (PinionEngine *self)
{
  GListModel *model = G_LIST_MODEL (self->accounts);
  gboolean thrifty = pinion_engine_is_thrifty (self);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      PinionSync *sync = pinion_account_item_get_sync (item);

      if (sync != NULL)
        pinion_sync_set_thrifty (sync, thrifty);
    }
}

void
pinion_engine_set_full_on_metered (PinionEngine *self,
                                   gboolean      full)
{
  self->full_on_metered = full;
  if (self->running)
    tell_cost (self);
}

/* -- There again ---------------------------------------------------------------------------- */

/* How long this computer has slept since it started, in microseconds. */
static gint64
get_slept (void)
{
  struct timespec with_sleep, without;

  clock_gettime (CLOCK_BOOTTIME, &with_sleep);
  clock_gettime (CLOCK_MONOTONIC, &without);

  return (with_sleep.tv_sec - without.tv_sec) * G_USEC_PER_SEC
         + (with_sleep.tv_nsec - without.tv_nsec) / 1000;
}

void
pinion_engine_notice_sleep (PinionEngine *self)
{
  gint64 slept = get_slept ();

  if (slept - self->slept > SLEEP_LEAST)
    {
      g_debug ("this computer has slept");
      pinion_engine_wake (self, 0, PINION_SYNC_WAKE_NETWORK);
    }
  self->slept = slept;
}

static void
on_network_changed (PinionEngine    *self,
                    gboolean         available,
                    GNetworkMonitor *monitor)
{
  gboolean is_back = available && !self->has_network;

  self->has_network = available;
  if (!self->running)
    return;

  tell_cost (self);
  if (is_back)
    pinion_engine_wake (self, 0, PINION_SYNC_WAKE_NETWORK);
}

void
pinion_engine_watch_network (PinionEngine *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  self->slept = get_slept ();
  self->has_network = g_network_monitor_get_network_available (monitor);
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
}

/* -- Pause ---------------------------------------------------------------------------------- */

gboolean
pinion_engine_get_paused (PinionEngine *self)
{
  return self->paused;
}

void
pinion_engine_set_paused (PinionEngine *self,
                          gboolean      paused)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  if (self->paused == !!paused || !self->running)
    return;

  self->paused = paused;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);

      if (paused)
        pinion_account_item_pause (item);
      else
        pinion_account_item_start (item);
    }
}
