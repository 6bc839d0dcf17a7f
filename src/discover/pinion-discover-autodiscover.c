/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where Autodiscover and config-v1.1.xml are asked: [MS-OXDISCO], 3.1.5, without the directory of a
 * Windows domain.  All places are asked at once, first without the password. */

#include "pinion-discover-private.h"

#include "pinion-fiber.h"

#include <libsoup/soup.h>

#define POX_PATH "/autodiscover/autodiscover.xml"
#define SOAP_PATH "/autodiscover/autodiscover.svc"

/* Passwords told in one look-up; each is another place that asked for it. */
#define MAX_SIGN_INS 4

static GUri *
make_url (const char *host,
          int         port,
          const char *path,
          const char *query)
{
  return g_uri_build (SOUP_HTTP_URI_FLAGS, "https", NULL, host, port, path, query, NULL);
}

/* Both kinds at one host. */
static void
begin_host (PinionLookup *self,
            GPtrArray    *futures,
            const char   *host,
            int           port)
{
  g_autoptr (GUri) soap = make_url (host, port, SOAP_PATH, NULL);
  g_autoptr (GUri) pox = make_url (host, port, POX_PATH, NULL);

  g_ptr_array_add (futures,
                   pinion_lookup_walk (self, PINION_SOURCE_AUTODISCOVER_SOAP, soap, FALSE));
  g_ptr_array_add (futures, pinion_lookup_walk (self, PINION_SOURCE_AUTODISCOVER, pox, FALSE));
}

/* -- Pointers to other hosts ---------------------------------------------------------------- */

/* Goes on at @url, which came by a way that anybody could have tampered with: only where the
 * policy lets it, and there its certificate has to prove it. */
static void
follow_pointer (PinionLookup  *self,
                PinionAttempt *attempt,
                GUri          *url)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autofree char *shown = g_uri_to_string_partial (url, G_URI_HIDE_USERINFO);
  g_autofree char *host = NULL;
  PinionVerdict verdict = pinion_policy_judge (self->policy, url);

  if (verdict != PINION_VERDICT_ALLOWED)
    {
      if (verdict == PINION_VERDICT_OTHER_HOST)
        attempt->host = pinion_policy_dup_host (g_uri_get_host (url));
      pinion_lookup_end (self, attempt,
                         verdict == PINION_VERDICT_OTHER_HOST      ? PINION_OUTCOME_OTHER_HOST
                         : verdict == PINION_VERDICT_NOT_ENCRYPTED ? PINION_OUTCOME_NOT_ENCRYPTED
                                                                   : PINION_OUTCOME_MALFORMED,
                         shown);
      return;
    }

  pinion_lookup_end (self, attempt, PINION_OUTCOME_FOUND, shown);
  host = pinion_policy_dup_host (g_uri_get_host (url));
  begin_host (self, futures, host, g_uri_get_port (url));
  g_ptr_array_add (futures, pinion_lookup_walk (self, PINION_SOURCE_AUTODISCOVER, url, FALSE));
  pinion_lookup_await_all (self, futures);
}

/* In clear, without saying for whom, and only to see where it leads. */
static DexFuture *
peek_fiber (gpointer data)
{
  PinionLookup *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *host = g_strconcat ("autodiscover.", pinion_policy_get_domain (self->policy),
                                       NULL);
  g_autofree char *target = g_strconcat ("http://", host, POX_PATH, NULL);
  PinionAttempt *attempt = pinion_lookup_begin (self, PINION_SOURCE_AUTODISCOVER, target);
  g_autoptr (PinionHttpReply) reply
      = pinion_await_boxed (pinion_http_peek (self->http, host, PINION_LOOKUP_URL_LIMIT), &error);
  g_autoptr (GUri) url = NULL;

  if (reply == NULL)
    {
      pinion_lookup_fail (self, attempt, error);
      return dex_future_new_true ();
    }

  if (reply->status / 100 == 3 && reply->location != NULL)
    url = g_uri_parse_relative (reply->url, reply->location, SOUP_HTTP_URI_FLAGS, NULL);
  if (url != NULL)
    follow_pointer (self, attempt, url);
  else
    pinion_lookup_end (self, attempt, PINION_OUTCOME_NOTHING, NULL);

  return dex_future_new_true ();
}

static DexFuture *
srv_fiber (gpointer data)
{
  PinionLookup *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *target = g_strconcat ("_autodiscover._tcp.",
                                         pinion_policy_get_domain (self->policy), NULL);
  PinionAttempt *attempt = pinion_lookup_begin (self, PINION_SOURCE_AUTODISCOVER, target);
  g_autoptr (GPtrArray) targets = pinion_await_boxed (pinion_lookup_service (self, "autodiscover"),
                                                      &error);

  if (targets == NULL)
    {
      if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
        pinion_lookup_end (self, attempt, PINION_OUTCOME_NOT_FOUND, NULL);
      else
        pinion_lookup_fail (self, attempt, error);
      return dex_future_new_true ();
    }

  GSrvTarget *first = targets->len > 0 ? targets->pdata[0] : NULL;
  g_autofree char *host = first != NULL
                            ? pinion_policy_dup_host (g_srv_target_get_hostname (first))
                            : NULL;
  if (host == NULL)
    {
      pinion_lookup_end (self, attempt, PINION_OUTCOME_NOTHING, NULL);
      return dex_future_new_true ();
    }

  g_autoptr (GUri) url = make_url (host, g_srv_target_get_port (first), POX_PATH, NULL);
  follow_pointer (self, attempt, url);
  return dex_future_new_true ();
}

/* -- Signing in ----------------------------------------------------------------------------- */

/* One after the other, and no more once one has said what there is to say, or that it is wrong. */
static void
sign_in_at (PinionLookup *self,
            PinionSource  source,
            guint        *left)
{
  for (guint i = 0; i < self->challenged->len && *left > 0 && !self->refused && !self->closed; i++)
    {
      const PinionChallenge *challenge = self->challenged->pdata[i];

      if (challenge->source != source
          || (pinion_lookup_has (self, PINION_PROTOCOL_IMAP)
              && pinion_lookup_has (self, PINION_PROTOCOL_SMTP)))
        continue;

      (*left)--;
      pinion_await (pinion_lookup_walk (self, source, challenge->url, TRUE), NULL);
    }
}

static void
sign_in (PinionLookup *self)
{
  guint left = MAX_SIGN_INS;

  if (self->secret == NULL)
    return;

  sign_in_at (self, PINION_SOURCE_AUTODISCOVER_SOAP, &left);
  sign_in_at (self, PINION_SOURCE_AUTODISCOVER, &left);
}

/* -- Autodiscover --------------------------------------------------------------------------- */

/* Exchange seldom names IMAP and SMTP, but always some host of its own. */
static void
look_at_hints (PinionLookup *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  gboolean imap = !pinion_lookup_has (self, PINION_PROTOCOL_IMAP);
  gboolean smtp = !pinion_lookup_has (self, PINION_PROTOCOL_SMTP);

  for (guint i = 0; (imap || smtp) && i < self->hints->len; i++)
    g_ptr_array_add (futures, pinion_lookup_host (self, PINION_SOURCE_HINT, "autodiscover",
                                                  self->hints->pdata[i], imap, smtp,
                                                  PINION_RANK_HINT_SEEN));

  pinion_lookup_await_all (self, futures);
}

static DexFuture *
autodiscover_fiber (gpointer data)
{
  PinionLookup *self = data;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  const char *domain = pinion_policy_get_domain (self->policy);
  g_autofree char *host = g_strconcat ("autodiscover.", domain, NULL);

  begin_host (self, futures, domain, -1);
  begin_host (self, futures, host, -1);
  if (!pinion_policy_has_base (self->policy))
    {
      g_ptr_array_add (futures,
                       pinion_lookup_spawn (peek_fiber, pinion_lookup_ref (self),
                                            (GDestroyNotify) pinion_lookup_unref));
      g_ptr_array_add (futures,
                       pinion_lookup_spawn (srv_fiber, pinion_lookup_ref (self),
                                            (GDestroyNotify) pinion_lookup_unref));
    }
  if (!pinion_lookup_await_all (self, futures))
    return dex_future_new_true ();

  sign_in (self);
  look_at_hints (self);
  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_autodiscover (PinionLookup *self)
{
  return pinion_lookup_spawn (autodiscover_fiber, pinion_lookup_ref (self),
                              (GDestroyNotify) pinion_lookup_unref);
}

/* -- config-v1.1.xml ------------------------------------------------------------------------ */

static DexFuture *
autoconfig_fiber (gpointer data)
{
  PinionLookup *self = data;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  const char *domain = pinion_policy_get_domain (self->policy);
  g_autofree char *host = g_strconcat ("autoconfig.", domain, NULL);
  g_autofree char *address = g_uri_escape_string (self->address, NULL, FALSE);
  g_autofree char *query = g_strconcat ("emailaddress=", address, NULL);
  g_autoptr (GUri) own = make_url (host, -1, "/mail/config-v1.1.xml", query);
  g_autoptr (GUri) well_known
      = make_url (domain, -1, "/.well-known/autoconfig/mail/config-v1.1.xml", NULL);

  g_ptr_array_add (futures, pinion_lookup_walk (self, PINION_SOURCE_AUTOCONFIG, own, FALSE));
  g_ptr_array_add (futures, pinion_lookup_walk (self, PINION_SOURCE_AUTOCONFIG, well_known, FALSE));
  pinion_lookup_await_all (self, futures);

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_autoconfig (PinionLookup *self)
{
  return pinion_lookup_spawn (autoconfig_fiber, pinion_lookup_ref (self),
                              (GDestroyNotify) pinion_lookup_unref);
}
