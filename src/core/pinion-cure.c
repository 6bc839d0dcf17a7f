/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-cure.h"

#include <glib/gi18n-lib.h>

/* What was found out by trying comes before what is only likely. */
static gboolean
has_other_way (const GError *error)
{
  return pinion_error_get_detail (error, "other-port") != NULL;
}

static gboolean
has_none (const GError *error)
{
  return pinion_error_get_detail (error, "others") != NULL;
}

static PinionCure
get_page (const GError *error)
{
  return pinion_error_get_protocol (error) != PINION_PROTOCOL_NONE ? PINION_CURE_SERVER
                                                                   : PINION_CURE_CREDENTIALS;
}

PinionCure
pinion_cure_for_error (const GError *error)
{
  if (error->domain != PINION_ERROR)
    return PINION_CURE_NONE;
  if (has_other_way (error))
    return PINION_CURE_SWITCH;

  switch ((PinionErrorCode) error->code)
    {
    case PINION_ERROR_NEEDS_STARTTLS:
      return PINION_CURE_STARTTLS;

    case PINION_ERROR_NEEDS_TLS:
      return PINION_CURE_TLS;

    case PINION_ERROR_STARTTLS_MISSING:
      return has_none (error) ? PINION_CURE_SERVER : PINION_CURE_TLS_PORT;

    case PINION_ERROR_CERTIFICATE_EXPIRED:
    case PINION_ERROR_CERTIFICATE_OTHER_NAME:
    case PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER:
    case PINION_ERROR_CERTIFICATE_SELF_SIGNED:
      return pinion_error_get_detail (error, "sha256") != NULL ? PINION_CURE_TRUST
                                                               : PINION_CURE_NONE;

    case PINION_ERROR_SIGN_IN_REFUSED:
    case PINION_ERROR_APP_PASSWORD_NEEDED:
    case PINION_ERROR_PASSWORD_MISSING:
    case PINION_ERROR_TICKET_REFUSED:
      return PINION_CURE_CREDENTIALS;

    case PINION_ERROR_INVALID_ARGUMENT:
    case PINION_ERROR_HOST_UNKNOWN:
    case PINION_ERROR_PORT_CLOSED:
    case PINION_ERROR_UNREACHABLE:
    case PINION_ERROR_TIMED_OUT:
    case PINION_ERROR_TLS_FAILED:
    case PINION_ERROR_GREETING_UNEXPECTED:
    case PINION_ERROR_WEB_SERVER:
    case PINION_ERROR_SIGN_IN_NO_MECHANISM:
    case PINION_ERROR_SENDING_DISABLED:
      return get_page (error);

    default:
      return PINION_CURE_NONE;
    }
}

const char *
pinion_cure_to_string (PinionCure cure)
{
  static const char *const names[] = { "none",   "starttls", "tls",         "tls-port",
                                       "switch", "trust",    "credentials", "server" };

  return cure < G_N_ELEMENTS (names) ? names[cure] : "none";
}

const char *
pinion_cure_get_label (PinionCure     cure,
                       PinionProtocol protocol)
{
  switch (cure)
    {
    case PINION_CURE_STARTTLS:
      return _("Switch to STARTTLS");

    case PINION_CURE_TLS:
    case PINION_CURE_TLS_PORT:
      return _("Switch to TLS");

    case PINION_CURE_SWITCH:
      return _("Switch and Connect");

    case PINION_CURE_TRUST:
      return _("Trust This Certificate");

    case PINION_CURE_CREDENTIALS:
      return _("Check Credentials");

    case PINION_CURE_SERVER:
      return protocol == PINION_PROTOCOL_SMTP ? _("Check SMTP Settings")
                                              : _("Check IMAP Settings");

    case PINION_CURE_NONE:
    default:
      return NULL;
    }
}

static gboolean
get_other_way (const GError     *error,
               guint16          *port,
               PinionEncryption *encryption)
{
  const char *text = pinion_error_get_detail (error, "other-port");
  const char *name = pinion_error_get_detail (error, "other-encryption");
  guint64 number;

  if (text == NULL || name == NULL || !pinion_encryption_from_string (name, encryption)
      || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;

  *port = (guint16) number;
  return TRUE;
}

char *
pinion_cure_dup_label (PinionCure    cure,
                       const GError *error)
{
  PinionEncryption encryption;
  guint16 port;

  if (cure != PINION_CURE_SWITCH || !get_other_way (error, &port, &encryption))
    return g_strdup (pinion_cure_get_label (cure, pinion_error_get_protocol (error)));

  g_autofree char *number = g_strdup_printf ("%u", port);
  if (g_strcmp0 (number, pinion_error_get_detail (error, "port")) == 0)
    return g_strdup (encryption == PINION_ENCRYPTION_TLS ? _("Switch to TLS")
                                                         : _("Switch to STARTTLS"));

  /* Translators: a port and its encryption: "Use Port 993 with TLS" */
  return g_strdup_printf (_("Use Port %u with %s"), port,
                          encryption == PINION_ENCRYPTION_TLS ? "TLS" : "STARTTLS");
}

gboolean
pinion_cure_get_way (PinionCure        cure,
                     const GError     *error,
                     guint16          *port,
                     PinionEncryption *encryption)
{
  const char *text = pinion_error_get_detail (error, "port");

  *port = text != NULL ? (guint16) g_ascii_strtoull (text, NULL, 10) : 0;
  switch (cure)
    {
    case PINION_CURE_STARTTLS:
      *encryption = PINION_ENCRYPTION_STARTTLS;
      return TRUE;

    case PINION_CURE_TLS:
      *encryption = PINION_ENCRYPTION_TLS;
      return TRUE;

    case PINION_CURE_TLS_PORT:
      *encryption = PINION_ENCRYPTION_TLS;
      *port = pinion_encryption_get_port (*encryption, pinion_error_get_protocol (error)
                                                           == PINION_PROTOCOL_IMAP);
      return TRUE;

    case PINION_CURE_SWITCH:
      return get_other_way (error, port, encryption);

    case PINION_CURE_NONE:
    case PINION_CURE_TRUST:
    case PINION_CURE_CREDENTIALS:
    case PINION_CURE_SERVER:
    default:
      return FALSE;
    }
}
