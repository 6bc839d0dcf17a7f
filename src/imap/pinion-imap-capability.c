/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-capability.h"

#include <string.h>

/* What IMAP4rev2 contains (RFC 9051, appendix E), as far as it makes a difference to the client. */
#define REV2                                                                                       \
  (PINION_IMAP_CAPABILITY_SASL_IR | PINION_IMAP_CAPABILITY_LITERAL_MINUS                           \
   | PINION_IMAP_CAPABILITY_UIDPLUS | PINION_IMAP_CAPABILITY_MOVE | PINION_IMAP_CAPABILITY_IDLE    \
   | PINION_IMAP_CAPABILITY_NAMESPACE | PINION_IMAP_CAPABILITY_UNSELECT                            \
   | PINION_IMAP_CAPABILITY_CHILDREN | PINION_IMAP_CAPABILITY_SPECIAL_USE                          \
   | PINION_IMAP_CAPABILITY_ENABLE | PINION_IMAP_CAPABILITY_LIST_EXTENDED                          \
   | PINION_IMAP_CAPABILITY_LIST_STATUS | PINION_IMAP_CAPABILITY_ESEARCH                           \
   | PINION_IMAP_CAPABILITY_SEARCHRES | PINION_IMAP_CAPABILITY_STATUS_SIZE)

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
  { "ENABLE", PINION_IMAP_CAPABILITY_ENABLE },
  { "CONDSTORE", PINION_IMAP_CAPABILITY_CONDSTORE },
  { "QRESYNC", PINION_IMAP_CAPABILITY_QRESYNC | PINION_IMAP_CAPABILITY_CONDSTORE },
  { "LIST-EXTENDED", PINION_IMAP_CAPABILITY_LIST_EXTENDED },
  { "LIST-STATUS", PINION_IMAP_CAPABILITY_LIST_STATUS },
  { "CREATE-SPECIAL-USE", PINION_IMAP_CAPABILITY_CREATE_SPECIAL_USE },
  { "ESEARCH", PINION_IMAP_CAPABILITY_ESEARCH },
  { "SEARCHRES", PINION_IMAP_CAPABILITY_SEARCHRES },
  { "PARTIAL", PINION_IMAP_CAPABILITY_PARTIAL },
  { "COMPRESS=DEFLATE", PINION_IMAP_CAPABILITY_COMPRESS_DEFLATE },
  { "BINARY", PINION_IMAP_CAPABILITY_BINARY },
  { "UTF8=ACCEPT", PINION_IMAP_CAPABILITY_UTF8_ACCEPT },
  /* Insists on it; it is enabled by the same name (RFC 6855, 5). */
  { "UTF8=ONLY", PINION_IMAP_CAPABILITY_UTF8_ACCEPT },
  { "OBJECTID", PINION_IMAP_CAPABILITY_OBJECTID },
  { "STATUS=SIZE", PINION_IMAP_CAPABILITY_STATUS_SIZE },
  { "APPENDLIMIT", PINION_IMAP_CAPABILITY_APPENDLIMIT },
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

  /* Where both are spoken, the older one is until the other is enabled (RFC 9051, 6.3.1). */
  if ((all & PINION_IMAP_CAPABILITY_IMAP4REV2) != 0 &&
      (all & PINION_IMAP_CAPABILITY_IMAP4REV1) == 0)
    all |= REV2;

  return all;
}

guint64
pinion_imap_capability_parse_append_limit (const char *words,
                                           gsize       length)
{
  static const char prefix[] = "APPENDLIMIT=";
  g_autofree char *text = g_strndup (words, length);
  g_auto (GStrv) names = g_strsplit (text, " ", -1);
  guint64 limit;

  for (guint i = 0; names[i] != NULL; i++)
    if (g_ascii_strncasecmp (names[i], prefix, strlen (prefix)) == 0 &&
        g_ascii_string_to_unsigned (names[i] + strlen (prefix), 10, 0, G_MAXINT64, &limit, NULL))
      return limit;

  return 0;
}
