/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names that mail servers usually have. */

#include "pinion-discover-private.h"

static const struct
{
  const char *label;
  gboolean imap;
  gboolean smtp;
} guesses[] = {
  { "mail", TRUE, TRUE },    { "imap", TRUE, FALSE },    { "smtp", FALSE, TRUE },
  { "outlook", TRUE, TRUE }, { "exchange", TRUE, TRUE }, { "webmail", TRUE, TRUE },
  { "owa", TRUE, TRUE },     { NULL, TRUE, TRUE },
};

static DexFuture *
guess_fiber (gpointer data)
{
  PinionLookup *self = data;
  const char *domain = pinion_policy_get_domain (self->policy);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++)
    {
      g_autofree char *host = guesses[i].label != NULL
                                ? g_strconcat (guesses[i].label, ".", domain, NULL)
                                : g_strdup (domain);

      g_ptr_array_add (futures,
                       pinion_lookup_host (self, PINION_SOURCE_GUESS, host, host, guesses[i].imap,
                                           guesses[i].smtp, PINION_RANK_GUESS + i));
    }
  pinion_lookup_await_all (self, futures);

  return dex_future_new_true ();
}

DexFuture *
pinion_lookup_guess (PinionLookup *self)
{
  return pinion_lookup_spawn (guess_fiber, pinion_lookup_ref (self),
                              (GDestroyNotify) pinion_lookup_unref);
}
