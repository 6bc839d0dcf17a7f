/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-traffic.h"

#include <stdio.h>
#include <string.h>

/* Bytes of one line that are shown. */
#define LINE_MAX_SHOWN 400

gboolean
pinion_traffic_is_enabled (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      static const GDebugKey keys[] = { { "traffic", 1 } };
      guint flags = g_parse_debug_string (g_getenv ("PINION_DEBUG"), keys, G_N_ELEMENTS (keys));

      g_once_init_leave (&once, (gsize) flags + 1);
    }

  return once == 2;
}

static void
append_escaped (GString      *line,
                const guint8 *data,
                gsize         length)
{
  gsize shown = MIN (length, LINE_MAX_SHOWN);

  for (gsize i = 0; i < shown; i++)
    if (data[i] < 0x20 || data[i] >= 0x7f)
      g_string_append_printf (line, "\\x%02x", data[i]);
    else
      g_string_append_c (line, (char) data[i]);

  if (shown < length)
    g_string_append_printf (line, "… (%" G_GSIZE_FORMAT " bytes)", length);
}

void
pinion_traffic_log (const char   *name,
                    char          direction,
                    const guint8 *data,
                    gsize         length)
{
  if (!pinion_traffic_is_enabled ())
    return;

  g_autoptr (GString) text = g_string_new (NULL);

  while (length > 0)
    {
      const guint8 *end = memchr (data, '\n', length);
      gsize taken = end != NULL ? (gsize) (end - data) + 1 : length;
      gsize shown = end != NULL ? taken - 1 : taken;

      if (shown > 0 && data[shown - 1] == '\r')
        shown--;
      g_string_append_printf (text, "%s %c: ", name, direction);
      append_escaped (text, data, shown);
      g_string_append_c (text, '\n');
      data += taken;
      length -= taken;
    }

  fputs (text->str, stderr);
}

void
pinion_traffic_log_secret (const char *name,
                           char        direction)
{
  if (pinion_traffic_is_enabled ())
    fprintf (stderr, "%s %c: ***\n", name, direction);
}
