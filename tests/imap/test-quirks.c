/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-quirks.h"

#include <string.h>

#define ALWAYS                                                                                     \
  (PINION_IMAP_QUIRK_UIDS_CHANGE | PINION_IMAP_QUIRK_SIZE_ESTIMATED                                \
   | PINION_IMAP_QUIRK_ASCII_SEARCH)

static PinionImapQuirks
find (const char *greeting,
      const char *words,
      const char *name)
{
  PinionImapServer server = { greeting, words, name, 0 };

  if (words != NULL)
    server.capabilities = pinion_imap_capability_parse (words, strlen (words));

  return pinion_imap_quirks_find (&server);
}

static void
test_exchange (void)
{
  static const char greeting[] = "The Microsoft Exchange IMAP4 service is ready. [QmFzZTY0]";
  static const char words_2016[] = "IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE ID UNSELECT "
                                   "CHILDREN IDLE NAMESPACE LITERAL+";
  static const char words_2010[] = "IMAP4 IMAP4rev1 AUTH=NTLM AUTH=GSSAPI AUTH=PLAIN UIDPLUS "
                                   "CHILDREN IDLE NAMESPACE LITERAL+";
  static const char words_2003[] = "IMAP4 IMAP4rev1 IDLE LOGIN-REFERRALS NAMESPACE LITERAL+";
  PinionImapQuirks quirks;

  quirks = find (greeting, words_2016, "Microsoft.Exchange.Imap4.Imap4Server");
  g_assert_cmpuint (quirks & ALWAYS, ==, ALWAYS);
  g_assert_cmpuint (quirks & PINION_IMAP_QUIRK_FEW_AT_ONCE, ==, 0);

  /* Its greeting was changed, or heard before TLS. */
  g_assert_cmpuint (find ("Hello.", words_2016, "Microsoft.Exchange.Imap4.Imap4Server"), ==,
                    quirks);
  g_assert_cmpuint (find (NULL, words_2016, "microsoft.exchange.imap4.imap4server"), ==, quirks);
  /* It did not say its name. */
  g_assert_cmpuint (find (greeting, words_2016, NULL), ==, quirks);

  quirks |= PINION_IMAP_QUIRK_FEW_AT_ONCE;
  g_assert_cmpuint (find (greeting, words_2010, NULL), ==, quirks);
  g_assert_cmpuint (find ("Microsoft Exchange Server 2003 IMAP4rev1 server version 6.5.7638.1 "
                          "(host) bereit.",
                          words_2003, NULL),
                    ==, quirks);
  g_assert_cmpuint (find (NULL, words_2010, NULL), ==, PINION_IMAP_QUIRK_FEW_AT_ONCE);
}

static void
test_others (void)
{
  g_assert_cmpuint (find (NULL, NULL, NULL), ==, 0);
  g_assert_cmpuint (find ("", "", ""), ==, 0);
  g_assert_cmpuint (find ("Dovecot ready.", "IMAP4rev1 ID IDLE", "Dovecot"), ==, 0);
  /* A greeting alone is nothing. */
  g_assert_cmpuint (find ("The Microsoft Exchange IMAP4 service is ready.", "IMAP4rev1 ID", NULL),
                    ==, 0);
  g_assert_cmpuint (find ("The Microsoft Exchange IMAP4 serv", "IMAP4 IMAP4rev1 ID", "Micro"), ==,
                    0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/quirks/exchange", test_exchange);
  g_test_add_func ("/imap/quirks/others", test_others);

  return g_test_run ();
}
