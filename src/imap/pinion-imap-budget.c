/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-budget.h"

#include "pinion-fiber.h"
/* @n_taken: places, of connections that are open or on their way.  @freed: settles when a place may
 * have become free; %NULL while nobody waits. */
struct _PinionImapBudget
{
  guint limit;
  guint n_taken;
  guint n_open;
  DexPromise *freed;
};

PinionImapBudget *
pinion_imap_budget_new (guint most)
{
  PinionImapBudget *self = g_atomic_rc_box_new0 (PinionImapBudget);

  self->limit = most != 0 ? most : PINION_IMAP_BUDGET_DEFAULT;

  return self;
}

PinionImapBudget *
pinion_imap_budget_ref (PinionImapBudget *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
budget_clear (gpointer data)
{
  PinionImapBudget *self = data;

  dex_clear (&self->freed);
}

void
pinion_imap_budget_unref (PinionImapBudget *self)
{
  g_atomic_rc_box_release_full (self, budget_clear);
}

guint
pinion_imap_budget_get_limit (PinionImapBudget *self)
{
  return self->limit;
}

guint
pinion_imap_budget_get_n_open (PinionImapBudget *self)
{
  return self->n_open;
}

/* -- Places ---------------------------------------------------------------------------------- */

static void
free_place (PinionImapBudget *self)
{
  g_autoptr (DexPromise) freed = g_steal_pointer (&self->freed);

  self->n_taken--;
  if (freed != NULL)
    dex_promise_resolve_boolean (freed, TRUE);
}

/* All who wait are woken, and all but one wait again. */
static gboolean
take_place (PinionImapBudget *self,
            GError          **error)
{
  while (self->n_taken >= self->limit)
    {
      if (self->freed == NULL)
        self->freed = dex_promise_new ();
      if (!pinion_await (dex_ref (DEX_FUTURE (self->freed)), error))
        return FALSE;
    }
  self->n_taken++;

  return TRUE;
}

static DexFuture *
on_closed (DexFuture *future,
           gpointer   user_data)
{
  PinionImapBudget *self = user_data;

  self->n_open--;
  free_place (self);

  return dex_future_new_true ();
}

/* -- Connecting ------------------------------------------------------------------------------ */

typedef struct
{
  PinionImapBudget *budget;
  PinionServer server;
  PinionSecret *secret;
  char *ca_pem;
  PinionStageSink *sink;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  pinion_imap_budget_unref (request->budget);
  pinion_server_clear (&request->server);
  pinion_secret_unref (request->secret);
  g_free (request->ca_pem);
  g_clear_pointer (&request->sink, pinion_stage_sink_unref);
  g_free (request);
}

/* Ways to say that there are too many, while others of the same account work. */
static gboolean
may_mean_too_many (const GError *error)
{
  static const PinionErrorCode codes[] = {
    PINION_ERROR_TOO_MANY_CONNECTIONS, PINION_ERROR_SIGN_IN_REFUSED,
    PINION_ERROR_NOT_CONNECTED_TO_MAILBOX, PINION_ERROR_GREETING_REFUSED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (pinion_error_is (error, codes[i]))
      return TRUE;

  return FALSE;
}

static DexFuture *
connect_fiber (gpointer data)
{
  Request *request = data;
  PinionImapBudget *self = request->budget;
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapConnection) connection = NULL;

  if (!take_place (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  connection = pinion_await_object (pinion_imap_connect (&request->server, request->secret,
                                                         request->ca_pem, request->sink),
                                    &error);
  if (connection == NULL)
    {
      if (self->n_open > 0 && may_mean_too_many (error))
        {
          self->limit = MIN (self->limit, self->n_open);
          error->code = PINION_ERROR_TOO_MANY_CONNECTIONS;
        }
      free_place (self);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  self->n_open++;
  dex_future_disown (dex_future_finally (pinion_imap_connection_closed (connection), on_closed,
                                         pinion_imap_budget_ref (self),
                                         (GDestroyNotify) pinion_imap_budget_unref));

  return dex_future_new_take_object (g_steal_pointer (&connection));
}

DexFuture *
pinion_imap_budget_connect (PinionImapBudget   *self,
                            const PinionServer *server,
                            PinionSecret       *secret,
                            const char         *ca_pem,
                            PinionStageSink    *sink)
{
  Request *request = g_new0 (Request, 1);

  request->budget = pinion_imap_budget_ref (self);
  pinion_server_copy (&request->server, server);
  request->secret = pinion_secret_ref (secret);
  request->ca_pem = g_strdup (ca_pem);
  request->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, connect_fiber, request,
                              request_free);
}
