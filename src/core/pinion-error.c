/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-error-private.h"

#include <gio/gio.h>
#include <libdex.h>

typedef struct
{
  PinionProtocol protocol;
  PinionStage stage;
  GHashTable *details;
} PinionErrorPrivate;

static void
pinion_error_private_init (PinionErrorPrivate *priv)
{
  priv->details = NULL;
}

static void
pinion_error_private_copy (const PinionErrorPrivate *from,
                           PinionErrorPrivate       *to)
{
  to->protocol = from->protocol;
  to->stage = from->stage;
  if (from->details == NULL)
    return;

  GHashTableIter iter;
  gpointer key, value;

  to->details = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, from->details);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (to->details, g_strdup (key), g_strdup (value));
}

static void
pinion_error_private_clear (PinionErrorPrivate *priv)
{
  g_clear_pointer (&priv->details, g_hash_table_unref);
}

/* G_DEFINE_EXTENDED_ERROR declares pinion_error_get_private () and the quark. */
G_DEFINE_EXTENDED_ERROR (PinionError, pinion_error)

static GError *error_new_valist (PinionErrorCode, PinionProtocol, PinionStage, const char *, va_list)
    G_GNUC_PRINTF (4, 0);

static GError *
error_new_valist (PinionErrorCode code,
                  PinionProtocol  protocol,
                  PinionStage     stage,
                  const char     *format,
                  va_list         args)
{
  GError *error = g_error_new_valist (PINION_ERROR, (int) code, format, args);
  PinionErrorPrivate *priv = pinion_error_get_private (error);

  priv->protocol = protocol;
  priv->stage = stage;

  return error;
}

GError *
pinion_error_new (PinionErrorCode code,
                  PinionProtocol  protocol,
                  PinionStage     stage,
                  const char     *format,
                  ...)
{
  va_list args;

  va_start (args, format);
  GError *error = error_new_valist (code, protocol, stage, format, args);
  va_end (args);

  return error;
}

gboolean
pinion_error_set (GError        **error,
                  PinionErrorCode code,
                  PinionProtocol  protocol,
                  PinionStage     stage,
                  const char     *format,
                  ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;

  va_start (args, format);
  g_propagate_error (error, error_new_valist (code, protocol, stage, format, args));
  va_end (args);

  return FALSE;
}

static PinionErrorCode
code_of_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_NO_SPACE:
      return PINION_ERROR_DISK_FULL;
    case G_IO_ERROR_READ_ONLY:
    case G_IO_ERROR_PERMISSION_DENIED:
      return PINION_ERROR_STORE_READ_ONLY;
    case G_IO_ERROR_NOT_FOUND:
      return PINION_ERROR_NOT_FOUND;
    case G_IO_ERROR_CANCELLED:
      return PINION_ERROR_CANCELLED;
    case G_IO_ERROR_TIMED_OUT:
      return PINION_ERROR_TIMED_OUT;
    case G_IO_ERROR_CONNECTION_REFUSED:
      return PINION_ERROR_PORT_CLOSED;
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return PINION_ERROR_NO_NETWORK;
    case G_IO_ERROR_HOST_UNREACHABLE:
      return PINION_ERROR_UNREACHABLE;
    case G_IO_ERROR_HOST_NOT_FOUND:
      return PINION_ERROR_HOST_UNKNOWN;
    case G_IO_ERROR_CONNECTION_CLOSED: /* also BROKEN_PIPE */
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_CLOSED:
      return PINION_ERROR_CONNECTION_LOST;
    default:
      return PINION_ERROR_INTERNAL;
    }
}

static PinionErrorCode
code_of_file_error (int code)
{
  switch (code)
    {
    case G_FILE_ERROR_NOSPC:
      return PINION_ERROR_DISK_FULL;
    case G_FILE_ERROR_ROFS:
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
      return PINION_ERROR_STORE_READ_ONLY;
    case G_FILE_ERROR_NOENT:
      return PINION_ERROR_NOT_FOUND;
    default:
      return PINION_ERROR_STORE_FAILED;
    }
}

static PinionErrorCode
code_of_dex_error (int code)
{
  switch (code)
    {
    case DEX_ERROR_TIMED_OUT:
      return PINION_ERROR_TIMED_OUT;
    case DEX_ERROR_FIBER_CANCELLED:
      return PINION_ERROR_CANCELLED;
    default:
      return PINION_ERROR_INTERNAL;
    }
}

static PinionErrorCode
code_of_foreign (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return code_of_io_error (error->code);
  if (error->domain == G_FILE_ERROR)
    return code_of_file_error (error->code);
  if (error->domain == DEX_ERROR)
    return code_of_dex_error (error->code);
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_NOT_FOUND ? PINION_ERROR_HOST_UNKNOWN
                                                     : PINION_ERROR_NO_NETWORK;
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_EOF ? PINION_ERROR_CONNECTION_LOST : PINION_ERROR_TLS_FAILED;

  return PINION_ERROR_INTERNAL;
}

GError *
pinion_error_adopt (GError        *error,
                    PinionProtocol protocol,
                    PinionStage    stage)
{
  if (error->domain == PINION_ERROR)
    {
      PinionErrorPrivate *priv = pinion_error_get_private (error);

      if (priv->protocol == PINION_PROTOCOL_NONE)
        priv->protocol = protocol;
      if (priv->stage == PINION_STAGE_NONE)
        priv->stage = stage;
      return error;
    }

  GError *adopted = pinion_error_new (code_of_foreign (error), protocol, stage, "%s",
                                      error->message);
  g_error_free (error);
  return adopted;
}

GError *
pinion_error_adopt_saving (GError *error)
{
  gboolean is_ours = error->domain == PINION_ERROR;
  PinionErrorCode code = is_ours ? (PinionErrorCode) error->code : code_of_foreign (error);
  GError *adopted;

  /* The rooms below take every file for one of ours. */
  if ((is_ours && code != PINION_ERROR_STORE_FAILED) || code == PINION_ERROR_DISK_FULL ||
      code == PINION_ERROR_CANCELLED)
    return pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_NONE);

  adopted = pinion_error_new (PINION_ERROR_NOT_SAVED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s",
                              error->message);
  g_error_free (error);

  return adopted;
}

/* A server that answered, even with a refusal, was reached. */
static gboolean
is_about_reaching (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_HOST_UNKNOWN)
         || pinion_error_is (error, PINION_ERROR_UNREACHABLE)
         || (pinion_error_is (error, PINION_ERROR_TIMED_OUT)
             && pinion_error_get_stage (error) <= PINION_STAGE_REACH);
}

void
pinion_error_blame_network (GError              *error,
                            GNetworkConnectivity connectivity)
{
  PinionStage stage = error->domain == PINION_ERROR ? pinion_error_get_stage (error)
                                                    : PINION_STAGE_NONE;

  if (stage == PINION_STAGE_NONE || stage >= PINION_STAGE_SIGN_IN
      || pinion_error_is (error, PINION_ERROR_NO_NETWORK)
      || pinion_error_is (error, PINION_ERROR_CANCELLED)
      || pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT))
    return;

  if (connectivity == G_NETWORK_CONNECTIVITY_PORTAL)
    error->code = PINION_ERROR_CAPTIVE_PORTAL;
  else if (connectivity == G_NETWORK_CONNECTIVITY_LIMITED && is_about_reaching (error))
    error->code = PINION_ERROR_NETWORK_LIMITED;
}

gboolean
pinion_error_is (const GError   *error,
                 PinionErrorCode code)
{
  return g_error_matches (error, PINION_ERROR, (int) code);
}

gboolean
pinion_error_is_temporary (const GError *error)
{
  return error->domain == PINION_ERROR && pinion_cause_find (error->code)->temporary;
}

PinionProtocol
pinion_error_get_protocol (const GError *error)
{
  if (error->domain != PINION_ERROR)
    return PINION_PROTOCOL_NONE;

  return pinion_error_get_private (error)->protocol;
}

PinionStage
pinion_error_get_stage (const GError *error)
{
  if (error->domain != PINION_ERROR)
    return PINION_STAGE_NONE;

  return pinion_error_get_private (error)->stage;
}

void
pinion_error_set_place (GError        *error,
                        PinionProtocol protocol,
                        PinionStage    stage)
{
  g_return_if_fail (error->domain == PINION_ERROR);

  PinionErrorPrivate *priv = pinion_error_get_private (error);
  priv->protocol = protocol;
  priv->stage = stage;
}

const char *
pinion_error_get_detail (const GError *error,
                         const char   *key)
{
  if (error->domain != PINION_ERROR)
    return NULL;

  PinionErrorPrivate *priv = pinion_error_get_private (error);
  return priv->details != NULL ? g_hash_table_lookup (priv->details, key) : NULL;
}

void
pinion_error_set_detail (GError     *error,
                         const char *key,
                         const char *value)
{
  g_return_if_fail (error->domain == PINION_ERROR);

  PinionErrorPrivate *priv = pinion_error_get_private (error);

  if (priv->details == NULL)
    priv->details = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (value != NULL)
    g_hash_table_replace (priv->details, g_strdup (key), g_utf8_make_valid (value, -1));
  else
    g_hash_table_remove (priv->details, key);
}

const char *
pinion_protocol_to_string (PinionProtocol protocol)
{
  static const char *const names[] = { "", "imap", "smtp" };

  return protocol < G_N_ELEMENTS (names) ? names[protocol] : "";
}

const char *
pinion_stage_to_string (PinionStage stage)
{
  static const char *const names[] = {
    "", "resolve", "reach", "tls", "certificate", "greeting", "sign-in", "open", "folders",
  };

  return stage < G_N_ELEMENTS (names) ? names[stage] : "";
}
