/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One walk: a URL, and where its answers lead, as far as that may be followed. */

#include "pinion-discover-private.h"

#include "pinion-fiber.h"
#include "pinion-text.h"

#include <libsoup/soup.h>
#include <string.h>

/* [MS-OXDSCLI], 3.1.5: no more in all. */
#define MAX_STEPS 10
#define MAX_DETAIL 200

#define SOAP_ACTION \
  "http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings"

typedef struct
{
  PinionLookup *lookup;
  PinionSource source;
  gboolean with_secret;
  GUri *url;
  char *address;
  GHashTable *seen;
  PinionAttempt *attempt;
} Walk;

static void
walk_free (gpointer data)
{
  Walk *walk = data;

  pinion_lookup_unref (walk->lookup);
  g_uri_unref (walk->url);
  g_free (walk->address);
  g_hash_table_unref (walk->seen);
  g_free (walk);
}

static gboolean
end (Walk         *walk,
     PinionOutcome outcome,
     const char   *detail)
{
  pinion_lookup_end (walk->lookup, walk->attempt, outcome, detail);

  return FALSE;
}

/* -- Asking --------------------------------------------------------------------------------- */

static DexFuture *
begin_question (Walk    *walk,
                gboolean sign_in)
{
  PinionHttpQuestion question = { .url = walk->url };
  g_autofree char *url = g_uri_to_string (walk->url);
  g_autofree char *body = NULL;

  if (walk->source == PINION_SOURCE_AUTODISCOVER)
    body = pinion_pox_make_request (walk->address);
  else if (walk->source == PINION_SOURCE_AUTODISCOVER_SOAP)
    body = pinion_soap_make_request (walk->address, url);

  question.body = body;
  question.soap_action = walk->source == PINION_SOURCE_AUTODISCOVER_SOAP ? SOAP_ACTION : NULL;
  if (sign_in)
    {
      question.user = walk->lookup->address;
      question.secret = walk->lookup->secret;
    }

  return pinion_http_ask (walk->lookup->http, &question, PINION_LOOKUP_URL_LIMIT);
}

/* Whether the password may be told to who asked for it just now. */
static gboolean
may_sign_in (Walk                  *walk,
             const PinionHttpReply *reply)
{
  return walk->with_secret && walk->lookup->secret != NULL && !walk->lookup->refused && reply->basic
         && pinion_policy_may_tell_secret (walk->lookup->policy, walk->url);
}

/* First without the password, then, where it is asked for and may be told, with it; a password
 * that is refused is told to nobody again, so that no account is locked. */
static PinionHttpReply *
ask (Walk    *walk,
     GError **error)
{
  PinionHttpReply *reply = pinion_await_boxed (begin_question (walk, FALSE), error);

  if (reply == NULL || reply->status != SOUP_STATUS_UNAUTHORIZED || !may_sign_in (walk, reply)
      || walk->lookup->closed)
    return reply;

  pinion_http_reply_free (reply);
  reply = pinion_await_boxed (begin_question (walk, TRUE), error);
  if (reply != NULL
      && (reply->status == SOUP_STATUS_UNAUTHORIZED || reply->status == SOUP_STATUS_FORBIDDEN))
    walk->lookup->refused = TRUE;

  return reply;
}

/* -- Following ------------------------------------------------------------------------------ */

static gboolean
end_elsewhere (Walk       *walk,
               GUri       *url,
               const char *text)
{
  g_autofree char *shown = pinion_text_clean_line (text, -1, MAX_DETAIL);

  switch (pinion_policy_judge (walk->lookup->policy, url))
    {
    case PINION_VERDICT_NOT_ENCRYPTED:
      return end (walk, PINION_OUTCOME_NOT_ENCRYPTED, shown);
    case PINION_VERDICT_OTHER_HOST:
      g_free (walk->attempt->host);
      walk->attempt->host = pinion_policy_dup_host (g_uri_get_host (url));
      return end (walk, PINION_OUTCOME_OTHER_HOST, shown);
    case PINION_VERDICT_MALFORMED:
    case PINION_VERDICT_ALLOWED:
    default:
      return end (walk, PINION_OUTCOME_MALFORMED, shown);
    }
}

/* Goes on at @text, relative to @base.  Returns: whether to go on */
static gboolean
follow (Walk       *walk,
        GUri       *base,
        const char *text)
{
  g_autoptr (GUri) url = text != NULL ? g_uri_parse_relative (base, text, SOUP_HTTP_URI_FLAGS, NULL)
                                      : NULL;

  if (url == NULL)
    return end (walk, PINION_OUTCOME_MALFORMED, "the redirect leads nowhere");
  if (pinion_policy_judge (walk->lookup->policy, url) != PINION_VERDICT_ALLOWED)
    return end_elsewhere (walk, url, text);

  g_uri_unref (walk->url);
  walk->url = g_steal_pointer (&url);
  return TRUE;
}

/* The mailbox has another address: one of the same domain is asked for at the same place, another
 * one at its own domain, if the person agreed to that. */
static gboolean
follow_address (Walk       *walk,
                const char *address)
{
  g_autofree char *shown = pinion_text_clean_line (address, -1, MAX_DETAIL);

  if (!pinion_address_is_valid (address))
    return end (walk, PINION_OUTCOME_MALFORMED, shown);

  g_autofree char *domain = pinion_policy_dup_host (strrchr (address, '@') + 1);
  g_set_str (&walk->address, address);
  if (g_strcmp0 (domain, pinion_policy_get_domain (walk->lookup->policy)) == 0)
    return TRUE;

  /* No host is ever made of a public suffix, not even to ask the person about it. */
  if (domain == NULL || pinion_policy_is_shared (domain))
    return end (walk, PINION_OUTCOME_MALFORMED, shown);

  g_autofree char *host = g_strconcat ("autodiscover.", domain, NULL);
  g_autoptr (GUri) url = g_uri_build (SOUP_HTTP_URI_FLAGS, "https", NULL, host, -1,
                                      g_uri_get_path (walk->url), NULL, NULL);
  if (pinion_policy_judge (walk->lookup->policy, url) != PINION_VERDICT_ALLOWED)
    {
      g_free (walk->attempt->host);
      walk->attempt->host = g_steal_pointer (&host);
      return end (walk, PINION_OUTCOME_OTHER_ADDRESS, shown);
    }

  g_uri_unref (walk->url);
  walk->url = g_steal_pointer (&url);
  return TRUE;
}

/* -- Taking --------------------------------------------------------------------------------- */

static PinionAnswer *
parse (Walk       *walk,
       const char *data,
       gsize       length,
       GError    **error)
{
  switch (walk->source)
    {
    case PINION_SOURCE_AUTODISCOVER:
      return pinion_pox_parse (data, length, walk->address, error);
    case PINION_SOURCE_AUTODISCOVER_SOAP:
      return pinion_soap_parse (data, length, walk->address, error);
    case PINION_SOURCE_AUTOCONFIG:
    case PINION_SOURCE_SRV:
    case PINION_SOURCE_HINT:
    case PINION_SOURCE_GUESS:
    default:
      return pinion_autoconfig_parse (data, length, walk->address, error);
    }
}

static guint
get_rank (Walk                 *walk,
          const PinionProposal *proposal)
{
  if (proposal->internal)
    return PINION_RANK_INTERNAL;

  return walk->source == PINION_SOURCE_AUTODISCOVER_SOAP ? PINION_RANK_SOAP
         : walk->source == PINION_SOURCE_AUTODISCOVER    ? PINION_RANK_POX
                                                         : PINION_RANK_AUTOCONFIG;
}

static void
take_hints (Walk         *walk,
            PinionAnswer *answer)
{
  GPtrArray *hints = walk->lookup->hints;

  for (guint i = 0; i < answer->hints->len; i++)
    {
      const char *host = answer->hints->pdata[i];

      if (hints->len < PINION_ANSWER_MAX_HINTS
          && !g_ptr_array_find_with_equal_func (hints, host, g_str_equal, NULL))
        g_ptr_array_add (hints, g_strdup (host));
    }
}

/* Then each server is looked at: what answers is shown before what does not. */
static void
take_settings (Walk         *walk,
               PinionAnswer *answer)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (dex_unref);
  const char *origin = g_uri_get_host (walk->url);

  take_hints (walk, answer);
  for (guint i = 0; i < answer->proposals->len; i++)
    {
      const PinionProposal *proposal = answer->proposals->pdata[i];
      PinionFinding *finding
          = pinion_lookup_add (walk->lookup, walk->source, origin, proposal->protocol,
                               proposal->host, proposal->port, proposal->encryption, proposal->user,
                               get_rank (walk, proposal) + MIN (i, 1));

      g_ptr_array_add (checks, pinion_lookup_check (walk->lookup, finding));
    }

  end (walk, answer->proposals->len > 0 ? PINION_OUTCOME_FOUND : PINION_OUTCOME_NOTHING, NULL);
  pinion_lookup_await_all (walk->lookup, checks);
}

/* Returns: whether to go on elsewhere */
static gboolean
take_answer (Walk                  *walk,
             const PinionHttpReply *reply)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (PinionAnswer) answer = parse (walk, data, length, &error);

  if (answer == NULL)
    {
      pinion_lookup_fail (walk->lookup, walk->attempt, error);
      return FALSE;
    }

  switch (answer->kind)
    {
    case PINION_ANSWER_OTHER_URL:
      return follow (walk, reply->url, answer->target);
    case PINION_ANSWER_OTHER_ADDRESS:
      return follow_address (walk, answer->target);
    case PINION_ANSWER_ERROR:
      return end (walk, PINION_OUTCOME_NOTHING, answer->message);
    case PINION_ANSWER_SETTINGS:
    default:
      take_settings (walk, answer);
      return FALSE;
    }
}

static gboolean
end_unauthorised (Walk                  *walk,
                  const PinionHttpReply *reply)
{
  PinionLookup *lookup = walk->lookup;

  if (walk->with_secret && lookup->refused)
    return end (walk, PINION_OUTCOME_SIGN_IN_REFUSED, NULL);

  if (reply->basic && pinion_policy_may_tell_secret (lookup->policy, walk->url))
    {
      PinionChallenge *challenge = g_new0 (PinionChallenge, 1);

      challenge->source = walk->source;
      challenge->url = g_uri_ref (walk->url);
      g_ptr_array_add (lookup->challenged, challenge);
    }

  return end (walk, PINION_OUTCOME_NEEDS_SIGN_IN, reply->basic ? NULL : "not with a password");
}

/* Returns: whether to go on elsewhere */
static gboolean
take_reply (Walk                  *walk,
            const PinionHttpReply *reply)
{
  g_autofree char *status = g_strdup_printf ("HTTP %u", reply->status);

  switch (reply->status)
    {
    case SOUP_STATUS_OK:
      return take_answer (walk, reply);
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return follow (walk, reply->url, reply->location);
    case SOUP_STATUS_UNAUTHORIZED:
      return end_unauthorised (walk, reply);
    case SOUP_STATUS_FORBIDDEN:
      return end (walk, PINION_OUTCOME_FORBIDDEN, NULL);
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      return end (walk, PINION_OUTCOME_NOT_FOUND, status);
    default:
      return end (walk, reply->status >= 500 ? PINION_OUTCOME_SERVER_ERROR : PINION_OUTCOME_REFUSED,
                  status);
    }
}

/* -- The walk ------------------------------------------------------------------------------- */

static char *
dup_step (Walk *walk)
{
  g_autoptr (GUri) mapped = pinion_policy_map (walk->lookup->policy, walk->url);
  g_autofree char *url = g_uri_to_string_partial (mapped, G_URI_HIDE_USERINFO);

  return g_strdup_printf ("%s %s %s", pinion_source_to_string (walk->source), walk->address, url);
}

static DexFuture *
walk_fiber (gpointer data)
{
  Walk *walk = data;
  gboolean going_on = TRUE;

  for (guint i = 0; going_on && !walk->lookup->closed; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PinionHttpReply) reply = NULL;

      if (i >= MAX_STEPS || !g_hash_table_add (walk->seen, dup_step (walk)))
        {
          end (walk, PINION_OUTCOME_TOO_MANY_REDIRECTS, NULL);
          break;
        }

      reply = ask (walk, &error);
      if (reply == NULL)
        {
          pinion_lookup_fail (walk->lookup, walk->attempt, error);
          break;
        }
      going_on = take_reply (walk, reply);
    }

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_walk (PinionLookup *self,
                    PinionSource  source,
                    GUri         *url,
                    gboolean      with_secret)
{
  g_autoptr (GUri) mapped = NULL;
  g_autofree char *target = NULL;
  Walk *walk = NULL;

  if (self->closed)
    return dex_future_new_true ();

  walk = g_new0 (Walk, 1);
  walk->lookup = pinion_lookup_ref (self);
  walk->source = source;
  walk->with_secret = with_secret;
  walk->url = g_uri_ref (url);
  walk->address = g_strdup (self->address);
  walk->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  mapped = pinion_policy_map (self->policy, url);
  target = g_uri_to_string (mapped);
  if (!with_secret && !g_hash_table_add (self->asked, dup_step (walk)))
    {
      walk_free (walk);
      return dex_future_new_true ();
    }

  walk->attempt = pinion_lookup_begin (self, source, target);
  return pinion_lookup_spawn (walk_fiber, walk, walk_free);
}
