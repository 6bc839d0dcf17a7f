/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a look-up knows so far. */

#include "pinion-discover-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* More than any domain can sensibly have to say. */
#define MAX_FINDINGS 128

static void
lookup_clear (gpointer data)
{
  PinionLookup *self = data;

  g_hash_table_unref (self->probes);
  g_hash_table_unref (self->asked);
  g_ptr_array_unref (self->challenged);
  g_ptr_array_unref (self->hints);
  g_clear_pointer (&self->http, pinion_http_free);
  g_object_unref (self->cancellable);
  dex_unref (self->ended);
  g_clear_pointer (&self->policy, pinion_policy_free);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  pinion_discovery_unref (self->found);
  g_free (self->address);
  g_free (self->ca_pem);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

PinionLookup *
pinion_lookup_ref (PinionLookup *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_lookup_unref (PinionLookup *self)
{
  g_atomic_rc_box_release_full (self, lookup_clear);
}

DexFuture *
pinion_lookup_spawn (DexFiberFunc   func,
                     gpointer       data,
                     GDestroyNotify destroy)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), PINION_LOOKUP_STACK_SIZE, func,
                              data, destroy);
}

gboolean
pinion_lookup_await_all (PinionLookup *self,
                         GPtrArray    *futures)
{
  if (futures->len > 0)
    pinion_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);

  return !self->closed;
}

void
pinion_lookup_close (PinionLookup *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  dex_promise_resolve_boolean (self->ended, TRUE);
}

static void
tell (PinionLookup *self)
{
  if (self->func == NULL || self->closed)
    return;

  g_autoptr (PinionDiscovery) so_far = pinion_discovery_copy (self->found);
  self->func (so_far, self->user_data);
}

/* -- Attempts ------------------------------------------------------------------------------- */

PinionAttempt *
pinion_lookup_begin (PinionLookup *self,
                     PinionSource  source,
                     const char   *target)
{
  PinionAttempt *attempt = g_new0 (PinionAttempt, 1);

  attempt->source = source;
  attempt->target = g_strdup (target);
  attempt->outcome = PINION_OUTCOME_RUNNING;
  g_ptr_array_add (self->found->attempts, attempt);

  return attempt;
}

void
pinion_lookup_end (PinionLookup  *self,
                   PinionAttempt *attempt,
                   PinionOutcome  outcome,
                   const char    *detail)
{
  if (self->closed)
    return;

  attempt->outcome = outcome;
  g_set_str (&attempt->detail, detail);
  tell (self);
}

static PinionOutcome
outcome_of (const GError *error)
{
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return PINION_OUTCOME_TIMED_OUT;
  if (error->domain != PINION_ERROR)
    return PINION_OUTCOME_UNREACHABLE;

  switch ((PinionErrorCode) error->code)
    {
    case PINION_ERROR_TIMED_OUT:
      return PINION_OUTCOME_TIMED_OUT;
    case PINION_ERROR_HOST_UNKNOWN:
    case PINION_ERROR_NOT_FOUND:
      return PINION_OUTCOME_NOT_FOUND;
    case PINION_ERROR_TOO_LARGE:
      return PINION_OUTCOME_TOO_LARGE;
    case PINION_ERROR_PROTOCOL:
      return PINION_OUTCOME_MALFORMED;
    case PINION_ERROR_CERTIFICATE_EXPIRED:
    case PINION_ERROR_CERTIFICATE_NOT_YET_VALID:
    case PINION_ERROR_CERTIFICATE_OTHER_NAME:
    case PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER:
    case PINION_ERROR_CERTIFICATE_SELF_SIGNED:
    case PINION_ERROR_CERTIFICATE_REVOKED:
    case PINION_ERROR_CERTIFICATE_CHANGED:
    case PINION_ERROR_CERTIFICATE_INVALID:
      return PINION_OUTCOME_BAD_CERTIFICATE;
    default:
      return PINION_OUTCOME_UNREACHABLE;
    }
}

void
pinion_lookup_fail (PinionLookup  *self,
                    PinionAttempt *attempt,
                    const GError  *error)
{
  g_autofree char *detail = error->domain == PINION_ERROR
                              ? g_strdup_printf ("%s: %s", pinion_error_get_code_name (error),
                                                 error->message)
                              : g_strdup (error->message);

  pinion_lookup_end (self, attempt, outcome_of (error), detail);
}

/* -- Findings ------------------------------------------------------------------------------- */

static PinionFinding *
find (PinionLookup    *self,
      PinionSource     source,
      PinionProtocol   protocol,
      const char      *host,
      guint16          port,
      PinionEncryption encryption)
{
  for (guint i = 0; i < self->found->findings->len; i++)
    {
      PinionFinding *finding = self->found->findings->pdata[i];

      if (finding->source == source && finding->protocol == protocol && finding->port == port
          && finding->encryption == encryption && g_str_equal (finding->host, host))
        return finding;
    }

  return NULL;
}

static gboolean
is_said_safely (PinionSource source)
{
  return source == PINION_SOURCE_AUTODISCOVER || source == PINION_SOURCE_AUTODISCOVER_SOAP
         || source == PINION_SOURCE_AUTOCONFIG;
}

PinionFinding *
pinion_lookup_add (PinionLookup     *self,
                   PinionSource      source,
                   const char       *origin,
                   PinionProtocol    protocol,
                   const char       *host,
                   guint16           port,
                   PinionEncryption  encryption,
                   const char       *user,
                   guint             rank)
{
  PinionFinding *finding = find (self, source, protocol, host, port, encryption);

  if (finding != NULL)
    {
      finding->rank = MIN (finding->rank, rank);
      return finding;
    }

  finding = g_new0 (PinionFinding, 1);
  finding->source = source;
  finding->origin = g_strdup (origin);
  finding->protocol = protocol;
  finding->host = g_strdup (host);
  finding->port = port;
  finding->encryption = encryption;
  finding->user = g_strdup (user != NULL ? user : self->address);
  finding->form = pinion_user_form_of (finding->user, self->address);
  finding->rank = rank;
  finding->own_domain = pinion_policy_is_own (self->policy, host);
  finding->verified = is_said_safely (source) && pinion_policy_is_safe (self->policy);
  g_ptr_array_add (self->found->findings, finding);
  tell (self);

  return finding;
}

void
pinion_lookup_settle (PinionLookup  *self,
                      PinionFinding *finding,
                      PinionAnswers  answers)
{
  if (self->closed || finding->answers == answers)
    return;

  finding->answers = answers;
  if (answers == PINION_ANSWERS_YES)
    finding->verified = TRUE;
  else
    finding->rank += PINION_RANK_UNSEEN;
  tell (self);
}

gboolean
pinion_lookup_has (PinionLookup  *self,
                   PinionProtocol protocol)
{
  for (guint i = 0; i < self->found->findings->len; i++)
    {
      const PinionFinding *finding = self->found->findings->pdata[i];

      if (finding->protocol == protocol && is_said_safely (finding->source))
        return TRUE;
    }

  return FALSE;
}
