/* SPDX-License-Identifier: GPL-3.0-or-later */

/* CAPABILITY (RFC 3501, 7.2.1): a list knows what its words know, in any order and number; a word
 * that is longer or shorter than a known one is not it. */

#include "fuzz.h"
#include "pinion-imap-capability.h"

#define ANY_AUTH                                                                                   \
  (PINION_IMAP_CAPABILITY_AUTH_PLAIN | PINION_IMAP_CAPABILITY_AUTH_LOGIN |                         \
   PINION_IMAP_CAPABILITY_AUTH_NTLM | PINION_IMAP_CAPABILITY_AUTH_GSSAPI |                         \
   PINION_IMAP_CAPABILITY_AUTH_XOAUTH2 | PINION_IMAP_CAPABILITY_AUTH_OTHER)

static void
check_word (const char          *word,
            PinionImapCapability found)
{
  gboolean is_auth = g_ascii_strncasecmp (word, "AUTH=", 5) == 0 && word[5] != '\0';

  /* One word is one thing, but for those that contain others. */
  if (g_ascii_strcasecmp (word, "QRESYNC") == 0)
    found &= ~PINION_IMAP_CAPABILITY_CONDSTORE;
  if (g_ascii_strcasecmp (word, "IMAP4rev2") != 0)
    g_assert_cmpuint (found & (found - 1), ==, 0);
  g_assert_cmpint ((found & ANY_AUTH) != 0, ==, is_auth);
  g_assert_cmpint ((found & PINION_IMAP_CAPABILITY_STARTTLS) != 0, ==,
                   g_ascii_strcasecmp (word, "STARTTLS") == 0);
  g_assert_cmpint ((found & PINION_IMAP_CAPABILITY_LOGINDISABLED) != 0, ==,
                   g_ascii_strcasecmp (word, "LOGINDISABLED") == 0);
  g_assert_cmpint ((found & PINION_IMAP_CAPABILITY_LITERAL_PLUS) != 0, ==,
                   g_ascii_strcasecmp (word, "LITERAL+") == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  PinionImapCapability all = 0;
  PinionImapCapability together;

  for (guint i = 0; words[i] != NULL; i++)
    {
      PinionImapCapability one = pinion_imap_capability_parse (words[i], strlen (words[i]));

      check_word (words[i], one);
      all |= one;
    }
  /* With IMAP4rev1 beside it, IMAP4rev2 contains nothing that is not named. */
  together = pinion_imap_capability_parse (text, strlen (text));
  if ((all & PINION_IMAP_CAPABILITY_IMAP4REV2) != 0)
    g_assert_cmpuint (together & ~all, ==, 0);
  else
    g_assert_cmpuint (together, ==, all);

  /* A NUL is part of a word, and no known word has one. */
  pinion_imap_capability_parse ((const char *) data, size);

  return 0;
}
