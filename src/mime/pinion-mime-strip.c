/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-strip.h"

#include "pinion-error.h"
#include "pinion-mime-decode.h"

#include <string.h>

static gboolean
is_hidden (const char *line,
           gsize       length)
{
  return (length > 4 && g_ascii_strncasecmp (line, "Bcc:", 4) == 0)
         || (length > 11 && g_ascii_strncasecmp (line, "Resent-Bcc:", 11) == 0);
}

/* Line by line up to the blank line, a folded field as a whole; then the rest at once. */
static gboolean
copy_message (int         fd,
              const char *data,
              gsize       length,
              GError    **error)
{
  g_autoptr (GString) header = g_string_new (NULL);
  gboolean dropping = FALSE;
  gsize offset = 0;

  while (offset < length)
    {
      const char *line = data + offset;
      const char *end = memchr (line, '\n', length - offset);
      gsize n = end != NULL ? (gsize) (end - line) + 1 : length - offset;

      if (line[0] == '\n' || (n > 1 && line[0] == '\r' && line[1] == '\n'))
        break;
      if (line[0] != ' ' && line[0] != '\t')
        dropping = is_hidden (line, n);
      if (!dropping)
        g_string_append_len (header, line, (gssize) n);
      offset += n;
    }

  return pinion_mime_write_all (fd, header->str, header->len, error)
         && pinion_mime_write_all (fd, data + offset, length - offset, error);
}

gboolean
pinion_mime_copy_without_bcc (const char *from,
                              const char *to,
                              GError    **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (from, FALSE, &failure);
  gboolean copied;
  int fd;

  if (file == NULL)
    {
      g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure),
                                                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
      return FALSE;
    }

  fd = pinion_mime_create_file (to, error);
  if (fd < 0)
    return FALSE;

  copied = copy_message (fd, g_mapped_file_get_contents (file), g_mapped_file_get_length (file),
                         error);

  return pinion_mime_finish_file (fd, to, copied, error);
}
