/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Modified UTF-7 and UID sets: what can be read comes back as it was, and values in commands stay
 * values. */

#include <string.h>

#include "pinion-imap-command.h"
#include "pinion-imap-uid-set.h"
#include "pinion-imap-utf7.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_name (const char *text)
{
  g_autofree char *decoded = pinion_imap_utf7_decode (text);
  g_autofree char *encoded = pinion_imap_utf7_encode (text);

  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  if (encoded != NULL)
    {
      g_autofree char *back = pinion_imap_utf7_decode (encoded);

      g_assert_cmpstr (back, ==, text);
    }
}

static void
check_set (const char *text)
{
  g_autoptr (PinionUidSet) set = pinion_uid_set_parse (text, -1);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  g_autoptr (PinionUidSet) again = NULL;

  if (set == NULL)
    return;

  one = pinion_uid_set_to_string (set);
  again = pinion_uid_set_parse (one, -1);
  other = pinion_uid_set_to_string (again);
  g_assert_cmpstr (one, ==, other);
}

static void
check_command (const char *text)
{
  g_autoptr (PinionImapCommand) command = NULL;

  command = pinion_imap_command_new ("X", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, text);
  for (const char *at = command->text->str; *at != '\0'; at++)
    g_assert_true (g_ascii_isprint (*at));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_name (text);
  check_set (text);
  check_command (text);

  return 0;
}
