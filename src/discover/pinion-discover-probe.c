/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a mail server answers, with a certificate that is valid for its name.  As much of IMAP
 * and SMTP as that takes, and no more: nothing is said about anybody. */

#include "pinion-discover-private.h"

#include "pinion-discover.h"
#include "pinion-fiber.h"

#include "pinion-channel.h"
#include "pinion-net.h"

#include <string.h>

#define MAX_LINE 4096
#define MAX_LINES 64

typedef struct
{
  PinionServer server;
  PinionProtocol protocol;
  char *ca_pem;
  PinionNetLimits limits;
  PinionStageSink *sink;
  PinionChannel *channel;
  GString *received;
} Probe;

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  if (probe->channel != NULL)
    pinion_channel_close (probe->channel);
  g_clear_object (&probe->channel);
  pinion_server_clear (&probe->server);
  g_free (probe->ca_pem);
  pinion_stage_sink_unref (probe->sink);
  g_string_free (probe->received, TRUE);
  g_free (probe);
}

static gboolean
fail (Probe          *probe,
      PinionErrorCode code,
      const char     *what,
      GError        **error)
{
  return pinion_error_set (error, code, probe->protocol, PINION_STAGE_GREETING, "%s:%u %s",
                           probe->server.host, probe->server.port, what);
}

static void
use_stream (Probe     *probe,
            GIOStream *stream)
{
  g_clear_object (&probe->channel);
  probe->channel = pinion_channel_new (stream, probe->protocol);
  pinion_channel_set_time_limit (probe->channel, probe->limits.reach);
  pinion_channel_set_write_limit (probe->channel, probe->limits.reach);
  g_string_truncate (probe->received, 0);
}

/* Returns: (transfer full) (nullable) the next line, without its end */
static char *
read_line (Probe   *probe,
           GError **error)
{
  const char *end;

  while ((end = memchr (probe->received->str, '\n', probe->received->len)) == NULL)
    {
      if (probe->received->len > MAX_LINE)
        {
          fail (probe, PINION_ERROR_TOO_LARGE, "sends a line without end", error);
          return NULL;
        }

      g_autoptr (GBytes) bytes = pinion_await_boxed (pinion_channel_read (probe->channel), error);
      if (bytes == NULL)
        return NULL;
      g_string_append_len (probe->received, g_bytes_get_data (bytes, NULL),
                           (gssize) MIN (g_bytes_get_size (bytes), MAX_LINE * 2));
    }

  char *line = g_strndup (probe->received->str, (gsize) (end - probe->received->str));
  g_string_erase (probe->received, 0, end - probe->received->str + 1);
  return g_strchomp (line);
}

static gboolean
write_line (Probe      *probe,
            const char *line,
            GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (line, strlen (line));

  return pinion_await (pinion_channel_write (probe->channel, bytes), error);
}

/* "* OK" and "* PREAUTH" of RFC 3501, 7.1; 220 of RFC 5321, 4.3.1, with all its lines. */
static gboolean
read_greeting (Probe   *probe,
               GError **error)
{
  g_autofree char *line = NULL;

  if (probe->protocol == PINION_PROTOCOL_SMTP)
    {
      for (guint i = 0; i < MAX_LINES; i++)
        {
          g_free (g_steal_pointer (&line));
          line = read_line (probe, error);
          if (line == NULL)
            return FALSE;
          if (!g_str_has_prefix (line, "220-"))
            break;
        }

      return g_str_has_prefix (line, "220")
             || fail (probe, PINION_ERROR_GREETING_UNEXPECTED, "does not greet as SMTP", error);
    }

  line = read_line (probe, error);
  if (line == NULL)
    return FALSE;

  return g_ascii_strncasecmp (line, "* OK", 4) == 0
         || g_ascii_strncasecmp (line, "* PREAUTH", 9) == 0
         || fail (probe, PINION_ERROR_GREETING_UNEXPECTED, "does not greet as IMAP", error);
}

/* Reads up to the line that ends the answer to the command.  Returns: whether it was taken */
static gboolean
read_end (Probe      *probe,
          const char *code,
          GError    **error)
{
  for (guint i = 0; i < MAX_LINES; i++)
    {
      g_autofree char *line = read_line (probe, error);

      if (line == NULL)
        return FALSE;
      if (probe->protocol == PINION_PROTOCOL_IMAP ? g_str_has_prefix (line, "a ")
                                                  : strlen (line) < 4 || line[3] != '-')
        return g_ascii_strncasecmp (line, code, strlen (code)) == 0
               || fail (probe, PINION_ERROR_STARTTLS_MISSING, "does not start TLS", error);
    }

  return fail (probe, PINION_ERROR_PROTOCOL, "answers without end", error);
}

/* Asked without a look at what is offered: a server that cannot says so. */
static gboolean
start_tls (Probe   *probe,
           GError **error)
{
  gboolean imap = probe->protocol == PINION_PROTOCOL_IMAP;

  if (!imap
      && (!write_line (probe, "EHLO [127.0.0.1]\r\n", error) || !read_end (probe, "250", error)))
    return FALSE;
  if (!write_line (probe, imap ? "a STARTTLS\r\n" : "STARTTLS\r\n", error)
      || !read_end (probe, imap ? "a OK" : "220", error))
    return FALSE;
  if (probe->received->len > 0)
    return fail (probe, PINION_ERROR_DATA_BEFORE_ENCRYPTION, "sent data before encryption", error);

  g_autoptr (GIOStream) plain = pinion_channel_steal_stream (probe->channel, error);
  if (plain == NULL)
    return FALSE;

  g_autoptr (GIOStream) stream = pinion_await_object (
      pinion_net_start_tls (plain, &probe->server, probe->protocol, probe->ca_pem, &probe->limits,
                            probe->sink),
      error);
  if (stream == NULL)
    return FALSE;

  use_stream (probe, stream);
  return TRUE;
}

static DexFuture *
probe_fiber (gpointer data)
{
  Probe *probe = data;
  GError *error = NULL;
  g_autoptr (GIOStream) stream
      = pinion_await_object (pinion_net_connect (&probe->server, probe->protocol, probe->ca_pem,
                                                 &probe->limits, probe->sink),
                             &error);

  if (stream == NULL)
    return dex_future_new_for_error (error);

  use_stream (probe, stream);
  if (!read_greeting (probe, &error)
      || (probe->server.encryption == PINION_ENCRYPTION_STARTTLS && !start_tls (probe, &error)))
    return dex_future_new_for_error (error);

  write_line (probe, probe->protocol == PINION_PROTOCOL_IMAP ? "b LOGOUT\r\n" : "QUIT\r\n", NULL);
  return dex_future_new_true ();
}

DexFuture *
pinion_probe (const PinionServer *server,
              PinionProtocol      protocol,
              const char         *ca_pem,
              guint               limit,
              PinionStageSink    *sink)
{
  Probe *probe = g_new0 (Probe, 1);

  pinion_server_copy (&probe->server, server);
  probe->protocol = protocol;
  probe->ca_pem = g_strdup (ca_pem);
  limit = pinion_net_limit (limit);
  probe->limits = (PinionNetLimits) { limit, limit, limit };
  probe->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  probe->received = g_string_new (NULL);

  return pinion_lookup_spawn (probe_fiber, probe, probe_free);
}

DexFuture *
pinion_discover_probe (const PinionServer *server,
                       PinionProtocol      protocol,
                       const char         *ca_pem,
                       guint               limit,
                       PinionStageSink    *sink)
{
  return pinion_probe (server, protocol, ca_pem, limit, sink);
}
