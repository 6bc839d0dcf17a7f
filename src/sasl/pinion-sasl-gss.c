/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GSSAPI (RFC 4752, with Kerberos 5) and NTLM, by the system's GSS-API (RFC 2743, 2744).
 *
 * Everything here blocks: it looks up hosts, asks a KDC, reads files.  Worker threads only. */

#include "pinion-sasl-private.h"

#include "pinion-text.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <krb5.h>
#include <string.h>

#define MAX_WORDS 300

/* The security layer "none" (RFC 4752, 3.3) */
#define NO_LAYER 1

/* Where an AUTHENTICATE_MESSAGE has the length of its NT answer, and the only length that version 1
 * gives it (MS-NLMP 2.2.1.3, 2.2.2.6) */
#define NT_ANSWER_LENGTH_AT 20
#define NTLM_1_ANSWER_LENGTH 24

static char kerberos_oid[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
static char ntlm_oid[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";

/* 1.2.840.113554.1.2.2 and 1.3.6.1.4.1.311.2.2.10; the interface knows no const. */
static gss_OID_desc kerberos = { sizeof kerberos_oid - 1, kerberos_oid };
static gss_OID_desc ntlm = { sizeof ntlm_oid - 1, ntlm_oid };

/* @established: the context is, and for GSSAPI the layer has to be agreed on. */
typedef struct
{
  gss_cred_id_t credentials;
  gss_name_t target;
  gss_ctx_id_t context;
  gboolean established;
} Gss;

static void
gss_free (gpointer data)
{
  Gss *gss = data;
  OM_uint32 minor;

  gss_delete_sec_context (&minor, &gss->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &gss->target);
  gss_release_cred (&minor, &gss->credentials);
  g_free (gss);
}

static GBytes *
take_buffer (gss_buffer_desc *buffer)
{
  GBytes *bytes = pinion_sasl_bytes_new (buffer->value, buffer->length);
  OM_uint32 minor;

  if (buffer->value != NULL)
    explicit_bzero (buffer->value, buffer->length);
  gss_release_buffer (&minor, buffer);

  return bytes;
}

/* -- Errors --------------------------------------------------------------------------------- */

static void
append_status (GString  *words,
               OM_uint32 status,
               int       type,
               gss_OID   mechanism)
{
  OM_uint32 more = 0;

  do
    {
      gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
      OM_uint32 minor;

      if (GSS_ERROR (gss_display_status (&minor, status, type, mechanism, &more, &text)))
        return;
      if (words->len > 0)
        g_string_append (words, ": ");
      g_string_append_len (words, text.value, (gssize) text.length);
      gss_release_buffer (&minor, &text);
    }
  while (more != 0);
}

static PinionErrorCode
code_of_kerberos (OM_uint32 major,
                  OM_uint32 minor)
{
  OM_uint32 routine = GSS_ROUTINE_ERROR (major);

  if (routine == GSS_S_NO_CRED || routine == GSS_S_CREDENTIALS_EXPIRED)
    return PINION_ERROR_TICKET_MISSING;
  if (routine == GSS_S_DEFECTIVE_TOKEN)
    return PINION_ERROR_PROTOCOL;

  switch ((krb5_error_code) minor)
    {
    case KRB5KRB_AP_ERR_TKT_EXPIRED:
    case KRB5_FCC_NOFILE:
    case KRB5_CC_NOTFOUND:
    case KRB5_CC_END:
      return PINION_ERROR_TICKET_MISSING;
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_CANT_RESOLVE:
      return PINION_ERROR_SERVER_UNAVAILABLE;
    default:
      return PINION_ERROR_TICKET_REFUSED;
    }
}

static PinionErrorCode
code_of_ntlm (OM_uint32 major)
{
  switch (GSS_ROUTINE_ERROR (major))
    {
    case GSS_S_BAD_NAME:
    case GSS_S_BAD_NAMETYPE:
      return PINION_ERROR_INVALID_ARGUMENT;
    default:
      return PINION_ERROR_PROTOCOL;
    }
}

/* The words of the libraries name principals and servers, never a secret. */
static gpointer
fail_with_status (PinionSasl *self,
                  OM_uint32   major,
                  OM_uint32   minor,
                  GError    **error)
{
  gboolean is_ntlm = self->mechanism == PINION_SASL_NTLM;
  g_autoptr (GString) words = g_string_new (NULL);

  append_status (words, major, GSS_C_GSS_CODE, GSS_C_NO_OID);
  if (minor != 0)
    append_status (words, minor, GSS_C_MECH_CODE, is_ntlm ? &ntlm : &kerberos);

  g_autofree char *clean = pinion_text_clean_line (words->str, (gssize) words->len, MAX_WORDS);
  return pinion_sasl_fail (self, is_ntlm ? code_of_ntlm (major) : code_of_kerberos (major, minor),
                           clean, error);
}

/* -- The context ---------------------------------------------------------------------------- */

/* "imap@mail.example.com" */
static gboolean
import_target (PinionSasl *self,
               Gss        *gss,
               GError    **error)
{
  g_autofree char *name = g_strdup_printf (
      "%s@%s", self->protocol == PINION_PROTOCOL_SMTP ? "smtp" : "imap", self->host);
  gss_buffer_desc buffer = { strlen (name), name };
  OM_uint32 minor;
  OM_uint32 major = gss_import_name (&minor, &buffer, GSS_C_NT_HOSTBASED_SERVICE, &gss->target);

  return !GSS_ERROR (major) || fail_with_status (self, major, minor, error) != NULL;
}

/* The certificate's hash, as Windows asks for it where it asks for one ("extended protection"); who
 * does not ask does not look. */
static GBytes *
make_binding (PinionSasl *self)
{
  static const char prefix[] = "tls-server-end-point:";
  g_autoptr (GByteArray) data = g_byte_array_new ();
  gsize size;

  if (self->end_point == NULL)
    return NULL;

  const guint8 *hash = g_bytes_get_data (self->end_point, &size);
  g_byte_array_append (data, (const guint8 *) prefix, strlen (prefix));
  g_byte_array_append (data, hash, (guint) size);

  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

/* One token in, one out.  Returns: (transfer full) (nullable), empty where there is none to send */
static GBytes *
exchange_tokens (PinionSasl *self,
                 gss_OID     mechanism,
                 OM_uint32   flags,
                 GBytes     *token,
                 GError    **error)
{
  Gss *gss = self->state;
  g_autoptr (GBytes) binding = make_binding (self);
  struct gss_channel_bindings_struct channel = { 0 };
  gss_buffer_desc input, output = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, given = 0;

  input.value = (gpointer) g_bytes_get_data (token, &input.length);
  if (binding != NULL)
    channel.application_data.value
        = (gpointer) g_bytes_get_data (binding, &channel.application_data.length);

  OM_uint32 major = gss_init_sec_context (
      &minor, gss->credentials, &gss->context, gss->target, mechanism, flags, 0,
      binding != NULL ? &channel : GSS_C_NO_CHANNEL_BINDINGS,
      input.length > 0 ? &input : GSS_C_NO_BUFFER, NULL, &output, &given, NULL);
  g_autoptr (GBytes) answer = take_buffer (&output);

  if (GSS_ERROR (major))
    return fail_with_status (self, major, minor, error);
  gss->established = (major & GSS_S_CONTINUE_NEEDED) == 0;
  if (gss->established && (given & flags) != flags)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the server has not proven itself",
                             error);

  return g_steal_pointer (&answer);
}

/* -- GSSAPI --------------------------------------------------------------------------------- */

/* The server offers layers; TLS is there already, so that none is taken, and no other identity than
 * the ticket's is asked for (RFC 4752, 3.1). */
static GBytes *
agree_on_layer (PinionSasl *self,
                GBytes     *challenge,
                GError    **error)
{
  Gss *gss = self->state;
  static const guint8 choice[] = { NO_LAYER, 0, 0, 0 };
  gss_buffer_desc input, output = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor;

  input.value = (gpointer) g_bytes_get_data (challenge, &input.length);
  OM_uint32 major = gss_unwrap (&minor, gss->context, &input, &output, NULL, NULL);
  g_autoptr (GBytes) offer = take_buffer (&output);
  if (GSS_ERROR (major))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the server's last token is not right",
                             error);

  gsize size;
  const guint8 *data = g_bytes_get_data (offer, &size);
  if (size != 4 || (data[0] & NO_LAYER) == 0)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL,
                             "the server wants a security layer of its own", error);

  gss_buffer_desc mine = { sizeof choice, (gpointer) choice };
  major = gss_wrap (&minor, gss->context, FALSE, GSS_C_QOP_DEFAULT, &mine, NULL, &output);
  g_autoptr (GBytes) answer = take_buffer (&output);
  if (GSS_ERROR (major))
    return fail_with_status (self, major, minor, error);

  self->done = TRUE;
  return g_steal_pointer (&answer);
}

static GBytes *
gssapi_step (PinionSasl *self,
             GBytes     *challenge,
             GError    **error)
{
  if (self->state == NULL)
    {
      self->state = g_new0 (Gss, 1);
      if (!import_target (self, self->state, error))
        return NULL;
    }

  if (((Gss *) self->state)->established)
    return agree_on_layer (self, challenge, error);

  return exchange_tokens (self, &kerberos,
                          GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG, challenge,
                          error);
}

const PinionSaslKind pinion_sasl_gssapi_kind = {
  .name = "GSSAPI",
  .client_first = TRUE,
  .slow = TRUE,
  .step = gssapi_step,
  .state_free = gss_free,
};

/* -- NTLM ----------------------------------------------------------------------------------- */

/* Without the system's mechanism there is none. */
static gboolean
has_ntlm (void)
{
  gss_OID_set mechanisms = GSS_C_NO_OID_SET;
  OM_uint32 minor;
  int present = 0;

  if (!GSS_ERROR (gss_indicate_mechs (&minor, &mechanisms)))
    gss_test_oid_set_member (&minor, &ntlm, mechanisms, &present);
  gss_release_oid_set (&minor, &mechanisms);

  return present != 0;
}

/* "user@domain" is one name and no domain: the directory knows whose it is (MS-NLMP, UPN). */
static char *
dup_ntlm_user (const char *user)
{
  if (strchr (user, '\\') != NULL || strchr (user, '@') == NULL)
    return g_strdup (user);

  return g_strconcat ("\\", user, NULL);
}

static gboolean
acquire_password (PinionSasl *self,
                  Gss        *gss,
                  GError    **error)
{
  const char *password = pinion_secret_peek (self->secret);
  g_autofree char *user = dup_ntlm_user (self->user);
  gss_buffer_desc name_buffer = { strlen (user), user };
  gss_buffer_desc password_buffer = { strlen (password), (gpointer) password };
  gss_OID_set_desc mechanisms = { 1, &ntlm };
  gss_name_t name = GSS_C_NO_NAME;
  OM_uint32 minor, ignored;
  OM_uint32 major = gss_import_name (&minor, &name_buffer, GSS_C_NT_USER_NAME, &name);

  if (!GSS_ERROR (major))
    major = gss_acquire_cred_with_password (&minor, name, &password_buffer, GSS_C_INDEFINITE,
                                            &mechanisms, GSS_C_INITIATE, &gss->credentials, NULL,
                                            NULL);
  gss_release_name (&ignored, &name);

  return !GSS_ERROR (major) || fail_with_status (self, major, minor, error) != NULL;
}

static gboolean
begin_ntlm (PinionSasl *self,
            GError    **error)
{
  if (!has_ntlm ())
    {
      g_autofree char *words = g_strdup_printf (
          "this computer cannot do NTLM, gss-ntlmssp is not installed (the server offers %s)",
          self->offered);

      return pinion_sasl_fail (self, PINION_ERROR_SIGN_IN_NO_MECHANISM, words, error) != NULL;
    }

  self->state = g_new0 (Gss, 1);
  return import_target (self, self->state, error) && acquire_password (self, self->state, error);
}

/* Whatever this computer is set to: an answer of version 1 gives the password away. */
static gboolean
is_version_2 (GBytes *message)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);

  if (size < NT_ANSWER_LENGTH_AT + 2)
    return FALSE;

  return data[NT_ANSWER_LENGTH_AT] + 256 * data[NT_ANSWER_LENGTH_AT + 1] > NTLM_1_ANSWER_LENGTH;
}

static GBytes *
ntlm_step (PinionSasl *self,
           GBytes     *challenge,
           GError    **error)
{
  if (self->state == NULL && !begin_ntlm (self, error))
    return NULL;
  if (self->step > 0 && g_bytes_get_size (challenge) == 0)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the challenge is empty", error);

  /* Nothing is asked of the server that it might not have: TLS signs and seals already. */
  g_autoptr (GBytes) answer = exchange_tokens (self, &ntlm, 0, challenge, error);
  if (answer == NULL || !((Gss *) self->state)->established)
    return g_steal_pointer (&answer);

  if (!is_version_2 (answer))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "only NTLM version 1 is possible", error);

  self->done = TRUE;
  self->shown = TRUE;
  return g_steal_pointer (&answer);
}

const PinionSaslKind pinion_sasl_ntlm_kind = {
  .name = "NTLM",
  .slow = TRUE,
  .step = ntlm_step,
  .state_free = gss_free,
};
