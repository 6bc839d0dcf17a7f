/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-traffic.h"

#include "pinion-transcript.h"

#include <stdio.h>
#include <string.h>

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
      pinion_transcript_append_line (text, data, shown);
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
