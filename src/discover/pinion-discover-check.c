/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers that were proposed, and hosts that may be some, are looked at: does one answer there?
 * Each server is connected to once in a look-up, however many propose it. */

#include "pinion-discover-private.h"

#include "pinion-fiber.h"
/* For a host's ports the better first: implicit TLS for IMAP (RFC 8314, 3), and 587 for SMTP, as
 * Exchange has it: its 465 is for its own servers. */
static const struct
{
  PinionProtocol protocol;
  PinionEncryption encryption;
} usual[] = {
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_STARTTLS },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS },
};

/* -- One server ----------------------------------------------------------------------------- */

typedef struct
{
  PinionLookup *lookup;
  PinionFinding *finding;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  pinion_lookup_unref (check->lookup);
  g_free (check);
}

/* Resolves to TRUE where a server answers, and when the look-up ends.  Nobody waits for a probe
 * then; its connection, over which nothing is said, ends by itself within its own limit. */
static DexFuture *
probe_once (PinionLookup    *self,
            PinionProtocol   protocol,
            const char      *host,
            guint16          port,
            PinionEncryption encryption)
{
  g_autofree char *key = g_strdup_printf ("%s %s %s:%u", pinion_protocol_to_string (protocol),
                                          pinion_encryption_to_string (encryption), host, port);
  DexFuture *future = g_hash_table_lookup (self->probes, key);

  if (future == NULL)
    {
      PinionServer server = { .host = (char *) host, .port = port, .encryption = encryption };

      future = pinion_probe (&server, protocol, self->ca_pem, PINION_LOOKUP_PROBE_LIMIT,
                             NULL);
      dex_future_disown (dex_ref (future));
      g_hash_table_insert (self->probes, g_steal_pointer (&key), future);
    }

  return dex_future_first (dex_ref (future), dex_ref (DEX_FUTURE (self->ended)), NULL);
}

static DexFuture *
check_fiber (gpointer data)
{
  Check *check = data;
  PinionFinding *finding = check->finding;
  g_autoptr (GError) error = NULL;
  gboolean seen = pinion_await (probe_once (check->lookup, finding->protocol, finding->host,
                                            finding->port, finding->encryption),
                                &error);

  pinion_lookup_settle (check->lookup, finding, seen ? PINION_ANSWERS_YES : PINION_ANSWERS_NO);

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_check (PinionLookup  *self,
                     PinionFinding *finding)
{
  if (self->closed || pinion_policy_has_base (self->policy)
      || finding->answers != PINION_ANSWERS_UNKNOWN)
    return dex_future_new_true ();

  Check *check = g_new0 (Check, 1);
  check->lookup = pinion_lookup_ref (self);
  check->finding = finding;

  return pinion_lookup_spawn (check_fiber, check, check_free);
}

/* -- One host ------------------------------------------------------------------------------- */

typedef struct
{
  PinionLookup *lookup;
  PinionSource source;
  char *origin;
  char *host;
  gboolean wanted[G_N_ELEMENTS (usual)];
  guint rank;
} Host;

static void
host_free (gpointer data)
{
  Host *host = data;

  pinion_lookup_unref (host->lookup);
  g_free (host->origin);
  g_free (host->host);
  g_free (host);
}

static guint16
get_port (guint i)
{
  return pinion_encryption_get_port (usual[i].encryption,
                                     usual[i].protocol == PINION_PROTOCOL_IMAP);
}

static PinionFinding *
add_usual (Host *host,
           guint i,
           guint rank)
{
  return pinion_lookup_add (host->lookup, host->source, host->origin, usual[i].protocol, host->host,
                            get_port (i), usual[i].encryption, NULL, rank);
}

/* A host that Autodiscover names is worth showing even where nothing answers from here. */
static void
add_unseen_hint (Host *host,
                 guint i)
{
  PinionFinding *finding;

  if (host->source != PINION_SOURCE_HINT || i % 2 == 1)
    return;

  finding = add_usual (host, i, PINION_RANK_HINT);
  if (!pinion_policy_has_base (host->lookup->policy))
    pinion_lookup_settle (host->lookup, finding, PINION_ANSWERS_NO);
}

/* Of each protocol the better way that answers.  Returns: whether any does */
static gboolean
take_seen (Host       *host,
           DexFuture **probes)
{
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (usual); i += 2)
    {
      gboolean first = probes[i] != NULL && dex_future_is_resolved (probes[i]);
      gboolean second = probes[i + 1] != NULL && dex_future_is_resolved (probes[i + 1]);

      if (first || second)
        pinion_lookup_settle (host->lookup, add_usual (host, first ? i : i + 1, host->rank),
                              PINION_ANSWERS_YES);
      else if (host->wanted[i])
        add_unseen_hint (host, i);
      any |= first || second;
    }

  return any;
}

/* What stands in the way: of all that went wrong, what says most. */
static GError *
dup_reason (DexFuture **probes)
{
  GError *best = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      g_autoptr (GError) error = NULL;

      if (probes[i] == NULL || dex_future_get_value (probes[i], &error) != NULL || error == NULL)
        continue;
      if (best == NULL || pinion_error_get_stage (error) > pinion_error_get_stage (best))
        {
          g_clear_error (&best);
          best = g_steal_pointer (&error);
        }
    }

  return best;
}

static DexFuture *
host_fiber (gpointer data)
{
  Host *host = data;
  PinionLookup *lookup = host->lookup;
  DexFuture *probes[G_N_ELEMENTS (usual)] = { NULL };
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  PinionAttempt *attempt = pinion_lookup_begin (lookup, host->source, host->host);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      if (!host->wanted[i])
        continue;
      probes[i] = probe_once (lookup, usual[i].protocol, host->host, get_port (i),
                              usual[i].encryption);
      g_ptr_array_add (futures, probes[i]);
    }
  if (!pinion_lookup_await_all (lookup, futures))
    return dex_future_new_true ();

  g_autoptr (GError) reason = dup_reason (probes);
  if (take_seen (host, probes))
    pinion_lookup_end (lookup, attempt, PINION_OUTCOME_FOUND, NULL);
  else if (reason != NULL)
    pinion_lookup_fail (lookup, attempt, reason);

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_host (PinionLookup *self,
                    PinionSource  source,
                    const char   *origin,
                    const char   *host,
                    gboolean      imap,
                    gboolean      smtp,
                    guint         rank)
{
  Host *data = NULL;

  if (self->closed)
    return dex_future_new_true ();

  data = g_new0 (Host, 1);
  data->lookup = pinion_lookup_ref (self);
  data->source = source;
  data->origin = g_strdup (origin);
  data->host = g_strdup (host);
  data->rank = rank;
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    data->wanted[i] = usual[i].protocol == PINION_PROTOCOL_IMAP ? imap : smtp;

  if (!pinion_policy_has_base (self->policy))
    return pinion_lookup_spawn (host_fiber, data, host_free);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      if (data->wanted[i])
        add_unseen_hint (data, i);
    }
  host_free (data);
  return dex_future_new_true ();
}
