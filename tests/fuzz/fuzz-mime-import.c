/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that are said to be messages (RFC 5322): each is refused with one of three reasons, or is a
 * literal for APPEND whose lines a strict reader gets back, that has an id, and that is the same
 * when it comes again. */

#include "fuzz.h"
#include "pinion-error.h"
#include "pinion-mime-import.h"

#define ID "Message-ID: <"
#define DOMAIN "@import.pinion.invalid>\r\n"
#define WAS "X-Original-"
#define DIGEST 40

static void
check_refusal (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (pinion_error_is (error, PINION_ERROR_FILE_NO_MESSAGE)
                 || pinion_error_is (error, PINION_ERROR_FILE_OF_OUTLOOK)
                 || pinion_error_is (error, PINION_ERROR_FILE_OF_MAILBOX));
}

static void
check_line_ends (const guint8 *data,
                 gsize         size)
{
  for (gsize i = 0; i < size; i++)
    {
      g_assert_cmpint (data[i], !=, '\0');
      if (data[i] == '\r')
        g_assert_true (i + 1 < size && data[i + 1] == '\n');
      if (data[i] == '\n')
        g_assert_true (i > 0 && data[i - 1] == '\r');
    }
}

/* CRLF, CR and LF are line ends. */
static GByteArray *
normalise (const guint8 *data,
           gsize         size)
{
  GByteArray *out = g_byte_array_new ();

  for (gsize i = 0; i < size; i++)
    {
      if (data[i] != '\n' && data[i] != '\r')
        {
          g_byte_array_append (out, data + i, 1);
          continue;
        }
      g_byte_array_append (out, (const guint8 *) "\r\n", 2);
      i += data[i] == '\r' && i + 1 < size && data[i + 1] == '\n';
    }

  return out;
}

/* Where an id was put in, and how much that is. */
static gsize
find_id (const guint8 *data,
         gsize         size,
         gsize        *added)
{
  gsize length = strlen (ID) + DIGEST + strlen (DOMAIN);

  for (gsize at = 0; at + length <= size; at++)
    {
      if ((at == 0 || data[at - 1] == '\n') && memcmp (data + at, ID, strlen (ID)) == 0
          && memcmp (data + at + strlen (ID) + DIGEST, DOMAIN, strlen (DOMAIN)) == 0)
        {
          gboolean had_field = at + length + strlen (WAS) <= size
                               && memcmp (data + at + length, WAS, strlen (WAS)) == 0
                               && at + *added == at + length + strlen (WAS);

          g_assert_cmpuint (*added, ==, length + (had_field ? strlen (WAS) : 0));
          return at;
        }
    }

  g_assert_not_reached ();
}

/* The lines of the file are the end of @wanted; before them were a mark, and a line of an mbox. */
static void
check_kept (const GByteArray *wanted,
            const guint8     *data,
            gsize             size,
            guint64           anonymous)
{
  gsize added = anonymous > 0 ? size - anonymous : 0;
  gsize at = anonymous > 0 ? find_id (data, size, &added) : 0;
  gsize kept = size - added;
  gsize left_out = wanted->len - kept;
  const guint8 *lines = wanted->data + left_out;

  g_assert_cmpuint (wanted->len, >=, kept);
  g_assert_cmpmem (data, at, lines, at);
  g_assert_cmpmem (data + at + added, kept - at, lines + at, kept - at);
  if (left_out == 0)
    return;

  gsize mark = memcmp (wanted->data, "\xef\xbb\xbf", MIN (left_out, 3)) == 0 ? 3 : 0;

  g_assert_cmpuint (left_out, >=, mark);
  if (left_out > mark)
    {
      g_assert_cmpint (memcmp (wanted->data + mark, "From ", 5), ==, 0);
      g_assert_true (memchr (wanted->data, '\n', left_out) == lines - 1);
    }
}

static void
check_again (GBytes *message)
{
  guint64 anonymous;
  g_autoptr (GBytes) again = pinion_mime_import (message, &anonymous, NULL);

  g_assert_nonnull (again);
  g_assert_true (g_bytes_equal (again, message));
  g_assert_cmpuint (anonymous, ==, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static gsize ready;
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (GByteArray) wanted = normalise (data, size);
  g_autoptr (GError) error = NULL;
  guint64 anonymous = G_MAXUINT64;

  if (g_once_init_enter (&ready))
    {
      pinion_mime_init ();
      g_once_init_leave (&ready, 1);
    }

  g_autoptr (GBytes) message = pinion_mime_import (file, &anonymous, &error);
  if (message == NULL)
    {
      check_refusal (error);
      return 0;
    }

  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  g_autoptr (PinionMimeMessage) read = pinion_mime_message_parse_bytes (message);

  g_assert_no_error (error);
  check_line_ends (bytes, length);
  check_kept (wanted, bytes, length, anonymous);
  g_assert_nonnull (read->message_id);
  g_assert_cmpstr (read->message_id, !=, "");
  pinion_mime_import_get_arrival (read);
  check_again (message);

  return 0;
}
