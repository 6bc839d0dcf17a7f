/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-quirks.h"

/* Of every Exchange since 2007: its own documents on the standard say that an item another protocol
 * changed may get a new UID ([MS-STANOIMAP], 2.1.2); RFC822.SIZE is exact only where an
 * administrator wants it (Set-ImapSettings, EnableExactRFC822Size); lost notifications are reported
 * for 2007, 2010 and the hosted service; a flag given with APPEND is kept and not shown to
 * others; SEARCH takes US-ASCII alone ([MS-STANOIMAP]). */
#define EXCHANGE                                                                                   \
  (PINION_IMAP_QUIRK_POLL_AFTER_IDLE | PINION_IMAP_QUIRK_FLAG_AFTER_APPEND                         \
   | PINION_IMAP_QUIRK_UIDS_CHANGE | PINION_IMAP_QUIRK_SIZE_ESTIMATED                              \
   | PINION_IMAP_QUIRK_ASCII_SEARCH)

/* All conditions that are given must hold.  @greeting, @words, @name: how it begins, in any case.
 * @lacks: is not offered.  Entries that fit add up. */
static const struct
{
  const char *greeting;
  const char *words;
  const char *name;
  PinionImapCapability lacks;
  PinionImapQuirks quirks;
} SERVERS[] = {
  /* Exchange 2013 and later says so itself. */
  { .name = "Microsoft.Exchange.", .quirks = EXCHANGE },

  /* The greeting is an administrator's setting, so that it counts only with the order of the words,
   * which no setting changes. */
  { .greeting = "The Microsoft Exchange IMAP4 service is ready",
    .words = "IMAP4 IMAP4rev1 ",
    .quirks = EXCHANGE },

  /* Exchange 2003 and 2007, whose greeting names the product; 2003 may say it in another
   * language. */
  { .greeting = "Microsoft Exchange Server 200",
    .quirks = EXCHANGE | PINION_IMAP_QUIRK_FEW_AT_ONCE },

  /* Before 2013 there was no ID, and some fifty commands at once were answered with BAD.  After
   * STARTTLS the greeting does not count; a stranger loses little by it. */
  { .words = "IMAP4 IMAP4rev1 ",
    .lacks = PINION_IMAP_CAPABILITY_ID,
    .quirks = PINION_IMAP_QUIRK_FEW_AT_ONCE },
};

static gboolean
begins_with (const char *text,
             const char *prefix)
{
  if (prefix == NULL)
    return TRUE;

  for (; text != NULL && *prefix != '\0'; text++, prefix++)
    if (g_ascii_tolower (*text) != g_ascii_tolower (*prefix))
      return FALSE;

  return text != NULL;
}

PinionImapQuirks
pinion_imap_quirks_find (const PinionImapServer *server)
{
  PinionImapQuirks quirks = 0;

  for (guint i = 0; i < G_N_ELEMENTS (SERVERS); i++)
    if (begins_with (server->greeting, SERVERS[i].greeting) &&
        begins_with (server->words, SERVERS[i].words) &&
        begins_with (server->name, SERVERS[i].name) &&
        (server->capabilities & SERVERS[i].lacks) == 0)
      quirks |= SERVERS[i].quirks;

  return quirks;
}
