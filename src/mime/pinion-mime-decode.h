/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Transfer encodings undone (RFC 2045 6): in memory, or streamed into a file.  Broken input gives
 * what could be read of it. */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* The encoding named in an unfolded Content-Transfer-Encoding; what is unknown is taken as is.
 * @value: (nullable) */
GMimeContentEncoding pinion_mime_parse_encoding (const char *value);

/* About how many bytes @length encoded ones are, judged by the first line. */
guint64 pinion_mime_estimate_decoded (const char          *data,
                                      gsize                length,
                                      GMimeContentEncoding encoding);

/* At most @max decoded bytes.  @is_whole: (out) whether these are all.  Returns: (transfer full) */
GByteArray *pinion_mime_decode (const char          *data,
                                gsize                length,
                                GMimeContentEncoding encoding,
                                gsize                max,
                                gboolean            *is_whole);

/* Creates the file @path (mode 0600; never over something that is there) and writes the decoded
 * bytes into it; removes it on failure.  Errors as pinion_mime_message_save_part(). */
gboolean pinion_mime_decode_to_file (const char          *data,
                                     gsize                length,
                                     GMimeContentEncoding encoding,
                                     const char          *path,
                                     GError             **error);

/* -- New files, shared with composing --------------------------------------------------------- */

/* Sets the error that @saved_errno means for a file; always %FALSE.  @what: technical words. */
gboolean pinion_mime_set_errno_error (GError    **error,
                                      int         saved_errno,
                                      const char *what);

/* Returns: a file descriptor, -1 with @error. */
int pinion_mime_create_file (const char *path,
                             GError    **error);

/* Writes all of it, whatever write() makes of it. */
gboolean pinion_mime_write_all (int         fd,
                                const char *data,
                                gsize       length,
                                GError    **error);

/* Closes @fd; removes @path again unless @is_good and closing went well. */
gboolean pinion_mime_finish_file (int         fd,
                                  const char *path,
                                  gboolean    is_good,
                                  GError    **error);

G_END_DECLS
