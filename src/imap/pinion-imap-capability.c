/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-capability.h"

#include <string.h>

static const struct
{
  const char *name;
  PinionImapCapability capability;
} NAMES[] = {
  { "IMAP4rev1", PINION_IMAP_CAPABILITY_IMAP4REV1 },
  { "IMAP4rev2", PINION_IMAP_CAPABILITY_IMAP4REV2 },
  { "STARTTLS", PINION_IMAP_CAPABILITY_STARTTLS },
  { "LOGINDISABLED", PINION_IMAP_CAPABILITY_LOGINDISABLED },
  { "SASL-IR", PINION_IMAP_CAPABILITY_SASL_IR },
  { "LITERAL+", PINION_IMAP_CAPABILITY_LITERAL_PLUS },
  { "LITERAL-", PINION_IMAP_CAPABILITY_LITERAL_MINUS },
  { "UIDPLUS", PINION_IMAP_CAPABILITY_UIDPLUS },
  { "MOVE", PINION_IMAP_CAPABILITY_MOVE },
  { "IDLE", PINION_IMAP_CAPABILITY_IDLE },
  { "NAMESPACE", PINION_IMAP_CAPABILITY_NAMESPACE },
  { "ID", PINION_IMAP_CAPABILITY_ID },
  { "UNSELECT", PINION_IMAP_CAPABILITY_UNSELECT },
  { "CHILDREN", PINION_IMAP_CAPABILITY_CHILDREN },
  { "SPECIAL-USE", PINION_IMAP_CAPABILITY_SPECIAL_USE },
  { "AUTH=PLAIN", PINION_IMAP_CAPABILITY_AUTH_PLAIN },
  { "AUTH=LOGIN", PINION_IMAP_CAPABILITY_AUTH_LOGIN },
  { "AUTH=NTLM", PINION_IMAP_CAPABILITY_AUTH_NTLM },
  { "AUTH=GSSAPI", PINION_IMAP_CAPABILITY_AUTH_GSSAPI },
  { "AUTH=XOAUTH2", PINION_IMAP_CAPABILITY_AUTH_XOAUTH2 },
};

static PinionImapCapability
parse_word (const char *word,
            gsize       length)
{
  /* A NUL in the word would end the comparison, not the word. */
  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    if (strlen (NAMES[i].name) == length && g_ascii_strncasecmp (NAMES[i].name, word, length) == 0)
      return NAMES[i].capability;

  if (length > 5 && g_ascii_strncasecmp (word, "AUTH=", 5) == 0)
    return PINION_IMAP_CAPABILITY_AUTH_OTHER;

  return 0;
}

PinionImapCapability
pinion_imap_capability_parse (const char *words,
                              gsize       length)
{
  const char *end = words + length;
  PinionImapCapability all = 0;

  while (words < end)
    {
      const char *word = words;

      while (words < end && *words != ' ')
        words++;
      if (words > word)
        all |= parse_word (word, (gsize) (words - word));
      words += words < end;
    }

  return all;
}
