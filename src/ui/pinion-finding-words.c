/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-finding-words.h"

#include <glib/gi18n-lib.h>

static char *
dup_source (const PinionFinding *finding,
            const char          *domain)
{
  switch (finding->source)
    {
    case PINION_SOURCE_AUTODISCOVER:
    case PINION_SOURCE_AUTODISCOVER_SOAP:
      /* Translators: Autodiscover is a service of Microsoft Exchange; %s is a host */
      return g_strdup_printf (_("Found by Autodiscover at %s."), finding->origin);

    case PINION_SOURCE_AUTOCONFIG:
      return g_strdup_printf (_("Found in the settings that %s publishes."), finding->origin);

    case PINION_SOURCE_SRV:
      return g_strdup_printf (_("Found in the DNS records of %s."), domain);

    case PINION_SOURCE_HINT:
      if (finding->answers != PINION_ANSWERS_YES)
        return g_strdup (_("Guessed: Autodiscover names this host, though not for mail."));
      return g_strdup (
        _("Guessed: Autodiscover names this host, and a mail server answers there."));

    case PINION_SOURCE_GUESS:
    default:
      return g_strdup (_("Guessed: a mail server answers there."));
    }
}

char *
pinion_finding_dup_words (const PinionFinding *finding,
                          const char          *domain)
{
  g_autofree char *source = dup_source (finding, domain);
  g_autofree char *elsewhere = NULL;

  if (finding->own_domain)
    return g_steal_pointer (&source);

  elsewhere = g_strdup_printf (_("The server is not part of %s."), domain);
  return g_strconcat (source, " ", elsewhere, NULL);
}
