/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-certificate.h"

#include "pinion-net.h"

#include <string.h>

/* More authorities than any account needs. */
#define MAX_AUTHORITIES 64

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

struct _PinionVerifier
{
  PinionServer server;
  PinionProtocol protocol;
  GPtrArray *authorities;
  GSocketConnectable *identity;

  GTlsCertificate *accepted;
  GError *refusal;
};

/* What a problem is called, the gravest first: that the issuer is unknown makes every further
 * statement of the certificate worthless, so it comes before dates and names. */
static const struct
{
  GTlsCertificateFlags flag;
  PinionErrorCode code;
  const char *name;
  const char *words;
} problem_table[] = {
  { G_TLS_CERTIFICATE_REVOKED, PINION_ERROR_CERTIFICATE_REVOKED, "revoked", "has been revoked" },
  { G_TLS_CERTIFICATE_UNKNOWN_CA, PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER, "unknown-issuer",
    "was issued by somebody unknown" },
  { G_TLS_CERTIFICATE_EXPIRED, PINION_ERROR_CERTIFICATE_EXPIRED, "expired", "has expired" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, PINION_ERROR_CERTIFICATE_NOT_YET_VALID, "not-yet-valid",
    "is not valid yet" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, PINION_ERROR_CERTIFICATE_OTHER_NAME, "other-name",
    "is for another name" },
  { G_TLS_CERTIFICATE_INSECURE, PINION_ERROR_CERTIFICATE_INVALID, "insecure",
    "is made with a weak method" },
  { G_TLS_CERTIFICATE_GENERIC_ERROR, PINION_ERROR_CERTIFICATE_INVALID, "invalid", "is not valid" },
};

static gboolean
add_authorities (GPtrArray  *authorities,
                 const char *pem,
                 GError    **error)
{
  while ((pem = strstr (pem, PEM_BEGIN)) != NULL && authorities->len < MAX_AUTHORITIES)
    {
      const char *end = strstr (pem, PEM_END);

      if (end == NULL)
        break;

      end += strlen (PEM_END);
      GTlsCertificate *authority = g_tls_certificate_new_from_pem (pem, end - pem, error);
      if (authority == NULL)
        return FALSE;

      g_ptr_array_add (authorities, authority);
      pem = end;
    }

  return TRUE;
}

PinionVerifier *
pinion_verifier_new (const PinionServer *server,
                     PinionProtocol      protocol,
                     const char         *ca_pem,
                     GError            **error)
{
  g_autoptr (PinionVerifier) self = g_new0 (PinionVerifier, 1);
  g_autoptr (GError) local = NULL;

  pinion_server_copy (&self->server, server);
  self->protocol = protocol;
  self->identity = g_network_address_new (server->host, server->port);
  self->authorities = g_ptr_array_new_with_free_func (g_object_unref);
  if (ca_pem == NULL || *ca_pem == '\0')
    return g_steal_pointer (&self);

  if (!add_authorities (self->authorities, ca_pem, &local) || self->authorities->len == 0)
    {
      pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, protocol, PINION_STAGE_TLS,
                        "The account's own authorities cannot be read: %s",
                        local != NULL ? local->message : "there is no certificate in them");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
pinion_verifier_free (PinionVerifier *self)
{
  pinion_server_clear (&self->server);
  g_clear_object (&self->identity);
  g_clear_object (&self->accepted);
  g_clear_pointer (&self->authorities, g_ptr_array_unref);
  g_clear_error (&self->refusal);
  g_free (self);
}

GSocketConnectable *
pinion_verifier_get_identity (PinionVerifier *self)
{
  return self->identity;
}

char *
pinion_net_dup_sha256 (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

gboolean
pinion_verifier_has_authorities (PinionVerifier *self)
{
  return self->authorities->len > 0;
}

/* What the system's authorities say of it. */
static GTlsCertificateFlags
ask_system (PinionVerifier  *self,
            GTlsCertificate *certificate)
{
  g_autoptr (GTlsDatabase) trusted
      = g_tls_backend_get_default_database (g_tls_backend_get_default ());

  return g_tls_database_verify_chain (trusted, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                      self->identity, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, NULL);
}

/* What stays wrong once everybody who is believed was asked: with authorities of its own nobody has
 * asked the system's yet. */
static GTlsCertificateFlags
get_remaining_problems (PinionVerifier      *self,
                        GTlsCertificate     *certificate,
                        GTlsCertificateFlags problems)
{
  if ((problems & G_TLS_CERTIFICATE_UNKNOWN_CA) == 0)
    return problems;

  for (guint i = 0; i < self->authorities->len; i++)
    {
      GTlsCertificateFlags found = g_tls_certificate_verify (certificate, self->identity,
                                                             self->authorities->pdata[i]);

      if ((found & G_TLS_CERTIFICATE_UNKNOWN_CA) == 0)
        return (problems & ~G_TLS_CERTIFICATE_UNKNOWN_CA) | found;
    }

  return pinion_verifier_has_authorities (self) ? ask_system (self, certificate) : problems;
}

static gboolean
is_self_signed (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);

  if (g_strcmp0 (subject, issuer) != 0)
    return FALSE;

  return (g_tls_certificate_verify (certificate, NULL, certificate) &
          G_TLS_CERTIFICATE_UNKNOWN_CA) == 0;
}

static void
set_date_detail (GError     *error,
                 const char *key,
                 GDateTime  *date)
{
  if (date == NULL)
    return;

  g_autoptr (GDateTime) utc = g_date_time_to_utc (date);
  g_autofree char *text = g_date_time_format_iso8601 (utc);
  pinion_error_set_detail (error, key, text);
}

static void
describe (GError              *error,
          GTlsCertificate     *certificate,
          GTlsCertificateFlags problems)
{
  g_autofree char *sha256 = pinion_net_dup_sha256 (certificate);
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);
  g_autoptr (GDateTime) from = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (problem_table); i++)
    if (problems & problem_table[i].flag)
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", problem_table[i].name);

  pinion_error_set_detail (error, "sha256", sha256);
  pinion_error_set_detail (error, "subject", subject);
  pinion_error_set_detail (error, "issuer", issuer);
  set_date_detail (error, "not-before", from);
  set_date_detail (error, "not-after", until);
  pinion_error_set_detail (error, "problems", names->str);
}

static GError *
make_refusal (PinionVerifier      *self,
              GTlsCertificate     *certificate,
              GTlsCertificateFlags problems)
{
  PinionErrorCode code = PINION_ERROR_CERTIFICATE_INVALID;
  const char *words = "is not valid";

  for (guint i = 0; i < G_N_ELEMENTS (problem_table); i++)
    if (problems & problem_table[i].flag)
      {
        code = problem_table[i].code;
        words = problem_table[i].words;
        break;
      }

  if (code == PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER && is_self_signed (certificate))
    {
      code = PINION_ERROR_CERTIFICATE_SELF_SIGNED;
      words = "is signed by itself";
    }

  if (self->server.trusted_sha256 != NULL && code != PINION_ERROR_CERTIFICATE_REVOKED)
    {
      code = PINION_ERROR_CERTIFICATE_CHANGED;
      words = "is not the one that is trusted here";
    }

  GError *error = pinion_error_new (code, self->protocol, PINION_STAGE_CERTIFICATE,
                                    "The certificate of %s:%u %s", self->server.host,
                                    self->server.port, words);
  describe (error, certificate, problems);
  pinion_error_set_detail (error, "pinned-sha256", self->server.trusted_sha256);
  return error;
}

static gboolean
is_pinned (PinionVerifier  *self,
           GTlsCertificate *certificate)
{
  if (self->server.trusted_sha256 == NULL)
    return FALSE;

  g_autofree char *sha256 = pinion_net_dup_sha256 (certificate);

  return g_ascii_strcasecmp (sha256, self->server.trusted_sha256) == 0;
}

gboolean
pinion_verifier_accept (PinionVerifier      *self,
                        GTlsCertificate     *certificate,
                        GTlsCertificateFlags problems)
{
  GTlsCertificateFlags remaining = get_remaining_problems (self, certificate, problems);
  gboolean pinned = (remaining & G_TLS_CERTIFICATE_REVOKED) == 0 && is_pinned (self, certificate);

  g_clear_error (&self->refusal);
  if (remaining == G_TLS_CERTIFICATE_NO_FLAGS || pinned)
    {
      g_set_object (&self->accepted, certificate);
      return TRUE;
    }

  g_clear_object (&self->accepted);
  self->refusal = make_refusal (self, certificate, remaining);
  return FALSE;
}

gboolean
pinion_verifier_confirm (PinionVerifier      *self,
                         GTlsCertificate     *certificate,
                         GTlsCertificateFlags problems,
                         GError             **error)
{
  if (certificate != NULL && problems == G_TLS_CERTIFICATE_NO_FLAGS)
    return TRUE;
  if (certificate != NULL && self->accepted != NULL &&
      g_tls_certificate_is_same (certificate, self->accepted))
    return TRUE;

  return pinion_error_set (error, PINION_ERROR_CERTIFICATE_INVALID, self->protocol,
                           PINION_STAGE_CERTIFICATE, "%s:%u showed no certificate to trust",
                           self->server.host, self->server.port);
}

GError *
pinion_verifier_steal_refusal (PinionVerifier *self)
{
  return g_steal_pointer (&self->refusal);
}
