/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-policy.h"

#include <libsoup/soup.h>
#include <string.h>

struct _PinionPolicy
{
  char *domain;
  gboolean strangers;
  GPtrArray *agreed;
  GUri *base;
};

char *
pinion_policy_dup_host (const char *text)
{
  gsize length = strlen (text);

  if (length > 0 && text[length - 1] == '.')
    length--;

  g_autofree char *host = g_strndup (text, length);
  if (!pinion_host_is_valid (host))
    return NULL;

  g_autofree char *ascii = g_hostname_to_ascii (host);
  return ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
}

gboolean
pinion_policy_is_shared (const char *domain)
{
  return g_hostname_is_ip_address (domain) || strchr (domain, '.') == NULL
         || soup_tld_domain_is_public_suffix (domain);
}

static gboolean
fail (GError    **error,
      const char *what)
{
  return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                           PINION_STAGE_NONE, "%s", what);
}

static gboolean
take_base (PinionPolicy *self,
           const char   *text,
           GError      **error)
{
  if (text == NULL)
    return TRUE;

  self->base = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (self->base == NULL || g_uri_get_host (self->base) == NULL
      || *g_uri_get_host (self->base) == '\0' || g_uri_get_userinfo (self->base) != NULL
      || (!g_str_equal (g_uri_get_scheme (self->base), "https")
          && !g_str_equal (g_uri_get_scheme (self->base), "http")))
    return fail (error, "the base URL is no http or https URL");

  return TRUE;
}

PinionPolicy *
pinion_policy_new (const PinionDiscoverRequest *request,
                   GError                     **error)
{
  g_autoptr (PinionPolicy) self = g_new0 (PinionPolicy, 1);

  self->agreed = g_ptr_array_new_with_free_func (g_free);
  if (!pinion_address_is_valid (request->address))
    {
      fail (error, "the email address is not valid");
      return NULL;
    }

  self->domain = pinion_policy_dup_host (strrchr (request->address, '@') + 1);
  if (self->domain == NULL)
    {
      fail (error, "the email address has no valid domain");
      return NULL;
    }
  if (!take_base (self, request->base_url, error))
    return NULL;

  self->strangers = pinion_policy_is_shared (self->domain);
  for (guint i = 0; request->agreed_hosts != NULL && request->agreed_hosts[i] != NULL; i++)
    {
      char *host = pinion_policy_dup_host (request->agreed_hosts[i]);

      if (host != NULL)
        g_ptr_array_add (self->agreed, host);
    }

  return g_steal_pointer (&self);
}

void
pinion_policy_free (PinionPolicy *self)
{
  g_free (self->domain);
  g_ptr_array_unref (self->agreed);
  g_clear_pointer (&self->base, g_uri_unref);
  g_free (self);
}

const char *
pinion_policy_get_domain (PinionPolicy *self)
{
  return self->domain;
}

gboolean
pinion_policy_has_base (PinionPolicy *self)
{
  return self->base != NULL;
}

gboolean
pinion_policy_is_safe (PinionPolicy *self)
{
  return self->base == NULL || g_str_equal (g_uri_get_scheme (self->base), "https");
}

gboolean
pinion_policy_may_look_up (PinionPolicy *self)
{
  return self->base != NULL || !self->strangers;
}

gboolean
pinion_policy_is_own (PinionPolicy *self,
                      const char   *host)
{
  gsize length = strlen (host);
  gsize domain = strlen (self->domain);

  if (g_str_equal (host, self->domain))
    return TRUE;

  return !self->strangers && length > domain + 1 && host[length - domain - 1] == '.'
         && g_str_equal (host + length - domain, self->domain);
}

static gboolean
is_agreed (PinionPolicy *self,
           const char   *host)
{
  return g_ptr_array_find_with_equal_func (self->agreed, host, g_str_equal, NULL);
}

static gboolean
is_at_base (PinionPolicy *self,
            GUri         *url)
{
  return self->base != NULL && g_str_equal (g_uri_get_scheme (url), g_uri_get_scheme (self->base))
         && g_uri_get_host (url) != NULL
         && g_ascii_strcasecmp (g_uri_get_host (url), g_uri_get_host (self->base)) == 0
         && g_uri_get_port (url) == g_uri_get_port (self->base);
}

PinionVerdict
pinion_policy_judge (PinionPolicy *self,
                     GUri         *url)
{
  g_autofree char *host = NULL;

  if (g_uri_get_userinfo (url) != NULL || g_uri_get_host (url) == NULL)
    return PINION_VERDICT_MALFORMED;
  if (is_at_base (self, url))
    return PINION_VERDICT_ALLOWED;
  if (!g_str_equal (g_uri_get_scheme (url), "https"))
    return PINION_VERDICT_NOT_ENCRYPTED;

  host = pinion_policy_dup_host (g_uri_get_host (url));
  if (host == NULL)
    return PINION_VERDICT_MALFORMED;
  if (is_agreed (self, host))
    return PINION_VERDICT_ALLOWED;

  return pinion_policy_may_look_up (self) && pinion_policy_is_own (self, host)
             ? PINION_VERDICT_ALLOWED
             : PINION_VERDICT_OTHER_HOST;
}

static char *
join_path (GUri *base,
           GUri *url)
{
  g_autofree char *first = g_strdup (g_uri_get_path (base));

  while (g_str_has_suffix (first, "/"))
    first[strlen (first) - 1] = '\0';

  return g_strconcat (first, g_uri_get_path (url), NULL);
}

GUri *
pinion_policy_map (PinionPolicy *self,
                   GUri         *url)
{
  g_autofree char *host = pinion_policy_dup_host (g_uri_get_host (url));

  if (self->base == NULL || is_at_base (self, url) || host == NULL || is_agreed (self, host))
    return g_uri_ref (url);

  g_autofree char *path = join_path (self->base, url);
  return g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (self->base), NULL,
                      g_uri_get_host (self->base), g_uri_get_port (self->base), path,
                      g_uri_get_query (url), NULL);
}

gboolean
pinion_policy_may_tell_secret (PinionPolicy *self,
                               GUri         *url)
{
  g_autoptr (GUri) mapped = NULL;

  if (pinion_policy_judge (self, url) != PINION_VERDICT_ALLOWED)
    return FALSE;

  mapped = pinion_policy_map (self, url);
  return g_str_equal (g_uri_get_scheme (mapped), "https");
}
