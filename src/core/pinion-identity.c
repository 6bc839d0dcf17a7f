/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-identity.h"

#include <string.h>

PinionIdentity *
pinion_identity_new (const char *address,
                     const char *name,
                     const char *signature)
{
  PinionIdentity *self = g_new0 (PinionIdentity, 1);

  self->address = g_strdup (address);
  self->name = g_strdup (name != NULL ? name : "");
  self->signature = g_strdup (signature != NULL ? signature : "");

  return self;
}

PinionIdentity *
pinion_identity_copy (const PinionIdentity *self)
{
  return pinion_identity_new (self->address, self->name, self->signature);
}

void
pinion_identity_free (PinionIdentity *self)
{
  if (self == NULL)
    return;

  g_free (self->address);
  g_free (self->name);
  g_free (self->signature);
  g_free (self);
}

/* A "<" alone is no HTML: people write "<3" and "<ana@example.com>". */
gboolean
pinion_signature_is_html (const char *signature)
{
  static const char *const tags[] = { "a", "b", "br", "div", "em", "font", "hr", "html", "i", "img",
                                      "p", "span", "strong", "table", "u", "ul" };

  for (const char *p = signature; p != NULL && (p = strchr (p, '<')) != NULL; p++)
    {
      gsize length = strspn (p + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

      for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
        {
          if (strlen (tags[i]) == length && g_ascii_strncasecmp (p + 1, tags[i], length) == 0
              && p[length + 1] != '\0' && strchr (" \t\r\n/>", p[length + 1]) != NULL
              && strchr (p, '>') != NULL)
            return TRUE;
        }
    }

  return FALSE;
}

GPtrArray *
pinion_identities_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_identity_free);
}

GPtrArray *
pinion_identities_copy (GPtrArray *self)
{
  GPtrArray *copy;

  if (self == NULL)
    return NULL;

  copy = pinion_identities_new ();
  for (guint i = 0; i < self->len; i++)
    g_ptr_array_add (copy, pinion_identity_copy (self->pdata[i]));

  return copy;
}

gboolean
pinion_identities_equal (GPtrArray *a,
                         GPtrArray *b)
{
  guint n = a != NULL ? a->len : 0;

  if (n != (b != NULL ? b->len : 0))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      const PinionIdentity *one = a->pdata[i];
      const PinionIdentity *other = b->pdata[i];

      if (strcmp (one->address, other->address) != 0 || strcmp (one->name, other->name) != 0
          || strcmp (one->signature, other->signature) != 0)
        return FALSE;
    }

  return TRUE;
}

const PinionIdentity *
pinion_identities_find (GPtrArray  *self,
                        const char *address)
{
  for (guint i = 0; self != NULL && address != NULL && i < self->len; i++)
    {
      const PinionIdentity *identity = self->pdata[i];

      if (g_ascii_strcasecmp (identity->address, address) == 0)
        return identity;
    }

  return NULL;
}
