/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailbox names: any text comes back from modified UTF-7 as it was, as another implementation reads
 * it; any bytes are a key that stays as it is, and are decoded to something that can be shown. */

#include "fuzz.h"
#include "pinion-imap-mailbox.h"
#include "pinion-imap-utf7.h"

/* The C library reads the same. */
static void
check_with_another (const char *encoded,
                    const char *text)
{
  g_autofree char *other = g_convert (encoded, -1, "UTF-8", "UTF-7-IMAP", NULL, NULL, NULL);

  if (other != NULL)
    g_assert_cmpstr (other, ==, text);
}

static void
check_text (const char *text)
{
  g_autofree char *encoded = pinion_imap_utf7_encode (text);
  g_autofree char *back = NULL;

  g_assert_cmpint (encoded != NULL, ==, g_utf8_validate (text, -1, NULL));
  if (encoded == NULL)
    return;

  for (const char *at = encoded; *at != '\0'; at++)
    g_assert_true (g_ascii_isprint (*at));
  g_assert_true (pinion_imap_utf7_is_valid (encoded));
  back = pinion_imap_utf7_decode (encoded);
  g_assert_cmpstr (back, ==, text);
  check_with_another (encoded, text);
}

static void
check_raw (const char *raw,
           char        delimiter)
{
  g_autofree char *decoded = pinion_imap_utf7_decode (raw);
  g_autoptr (PinionImapMailbox) mailbox = NULL;

  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  if (pinion_imap_utf7_is_valid (raw))
    check_with_another (raw, decoded);

  mailbox = pinion_imap_mailbox_new (g_strdup (raw), delimiter, 0, 0);
  g_assert_cmpstr (mailbox->raw_name, ==, raw);
  g_assert_true (g_utf8_validate (mailbox->path, -1, NULL));
}

/* A new name is one level, whatever stands between the levels. */
static void
check_new (const char *name,
           char        delimiter)
{
  const char separator[2] = { delimiter, '\0' };
  g_autofree char *raw = pinion_imap_mailbox_make_raw_name ("parent", delimiter, name);
  g_autofree char *back = NULL;

  if (raw == NULL)
    return;

  g_assert_true (g_str_has_prefix (raw, "parent"));
  g_assert_cmpint (raw[6], ==, delimiter);
  g_assert_null (strstr (raw + 7, separator));
  for (const char *at = raw + 7; *at != '\0'; at++)
    g_assert_true (g_ascii_isprint (*at) && *at != '*' && *at != '%');
  back = pinion_imap_utf7_decode (raw + 7);
  g_assert_cmpstr (back, ==, name);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char delimiters[] = "/.\\\"&-,+A\0";
  FuzzInput input = { data, size };
  char delimiter = delimiters[fuzz_input_byte (&input) % (sizeof delimiters - 1)];
  g_autofree char *text = fuzz_input_text (&input, input.left);

  check_text (text);
  check_raw (text, delimiter);
  check_new (text, delimiter);

  return 0;
}
