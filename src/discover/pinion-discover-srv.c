/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the domain's DNS says: RFC 6186 and, for implicit TLS, RFC 8314. */

#include "pinion-discover-private.h"

#include "pinion-discover-watch.h"
#include "pinion-fiber.h"

#include <string.h>

#define LIMIT (10 * 1000)
#define MAX_TARGETS 3

typedef struct
{
  const char *service;
  PinionProtocol protocol;
  PinionEncryption encryption;
} Service;

static const Service services[] = {
  { "imaps", PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS },
  { "imap", PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS },
  { "submissions", PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS },
  { "submission", PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_STARTTLS },
};

/* -- Asking --------------------------------------------------------------------------------- */

typedef struct
{
  DexPromise *promise;
  PinionWatch *watch;
} Question;

static void
on_found (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (DexPromise) promise = question->promise;
  g_autoptr (PinionWatch) watch = question->watch;
  GError *error = NULL;
  GList *list = g_resolver_lookup_service_finish (G_RESOLVER (object), result, &error);
  GPtrArray *targets;

  if (error != NULL)
    {
      if (pinion_watch_is_timed_out (watch))
        {
          g_error_free (error);
          error = pinion_error_new (PINION_ERROR_TIMED_OUT, PINION_PROTOCOL_NONE,
                                    PINION_STAGE_RESOLVE, "there was no answer in time");
        }
      dex_promise_reject (promise, error);
      return;
    }

  targets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_srv_target_free);
  for (GList *item = list; item != NULL; item = item->next)
    g_ptr_array_add (targets, item->data);
  g_list_free (list);
  dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY, targets);
}

DexFuture *
pinion_lookup_service (PinionLookup *self,
                       const char   *service)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  DexPromise *promise = dex_promise_new ();
  Question *question = g_new0 (Question, 1);

  question->promise = dex_ref (promise);
  question->watch = pinion_watch_new (self->cancellable, LIMIT);
  g_resolver_lookup_service_async (resolver, service, "tcp",
                                   pinion_policy_get_domain (self->policy),
                                   pinion_watch_get_cancellable (question->watch), on_found,
                                   question);

  return DEX_FUTURE (promise);
}

/* -- Taking --------------------------------------------------------------------------------- */

typedef struct
{
  PinionLookup *lookup;
  const Service *service;
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  pinion_lookup_unref (record->lookup);
  g_free (record);
}

/* A name in DNS is nobody's word: what leads out of the domain comes after what was seen in it. */
static PinionFinding *
take_target (Record     *record,
             GSrvTarget *target,
             const char *origin,
             guint       order)
{
  g_autofree char *host = pinion_policy_dup_host (g_srv_target_get_hostname (target));
  guint16 port = g_srv_target_get_port (target);
  guint rank = PINION_RANK_SRV;

  /* "." says that there is no such service (RFC 6186, 3.4). */
  if (host == NULL || port == 0)
    return NULL;

  if (!pinion_policy_is_own (record->lookup->policy, host))
    rank = PINION_RANK_SRV_ELSEWHERE;
  rank += order * 2 + (guint) (record->service - services) % 2;

  return pinion_lookup_add (record->lookup, PINION_SOURCE_SRV, origin, record->service->protocol,
                            host, port, record->service->encryption, NULL, rank);
}

static void
take_targets (Record        *record,
              PinionAttempt *attempt,
              GPtrArray     *targets)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < MIN (targets->len, MAX_TARGETS); i++)
    {
      PinionFinding *finding = take_target (record, targets->pdata[i], attempt->target, i);

      if (finding != NULL)
        g_ptr_array_add (checks, pinion_lookup_check (record->lookup, finding));
    }

  pinion_lookup_end (record->lookup, attempt,
                     checks->len > 0 ? PINION_OUTCOME_FOUND : PINION_OUTCOME_NOTHING, NULL);
  pinion_lookup_await_all (record->lookup, checks);
}

static DexFuture *
record_fiber (gpointer data)
{
  Record *record = data;
  PinionLookup *lookup = record->lookup;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = NULL;
  g_autofree char *name = g_strdup_printf ("_%s._tcp.%s", record->service->service,
                                           pinion_policy_get_domain (lookup->policy));
  PinionAttempt *attempt = pinion_lookup_begin (lookup, PINION_SOURCE_SRV, name);

  targets = pinion_await_boxed (pinion_lookup_service (lookup, record->service->service), &error);
  if (targets != NULL)
    take_targets (record, attempt, targets);
  else if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    pinion_lookup_end (lookup, attempt, PINION_OUTCOME_NOT_FOUND, NULL);
  else
    pinion_lookup_fail (lookup, attempt, error);

  return dex_future_new_true ();
}

static DexFuture *
srv_fiber (gpointer data)
{
  PinionLookup *self = data;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      Record *record = g_new0 (Record, 1);

      record->lookup = pinion_lookup_ref (self);
      record->service = &services[i];
      g_ptr_array_add (futures, pinion_lookup_spawn (record_fiber, record, record_free));
    }
  pinion_lookup_await_all (self, futures);

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_srv (PinionLookup *self)
{
  return pinion_lookup_spawn (srv_fiber, pinion_lookup_ref (self),
                              (GDestroyNotify) pinion_lookup_unref);
}
