/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-keys.h"

#include <string.h>

#define DIGEST_BYTES 32

/* Fields are separated by a byte that no text holds. */
static void
add (GChecksum  *sum,
     const char *text)
{
  if (text != NULL)
    g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text));
  g_checksum_update (sum, (const guchar *) "", 1);
}

static void
add_number (GChecksum *sum,
            gint64     number)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
  add (sum, text);
}

static gint64
finish (GChecksum *sum)
{
  guint8 digest[DIGEST_BYTES];
  gsize length = sizeof digest;
  gint64 key = 0;

  g_checksum_get_digest (sum, digest, &length);
  for (guint i = 0; i < 8; i++)
    key = (gint64) (((guint64) key << 8) | digest[i]);

  return key & G_MAXINT64;
}

char *
pinion_store_normalise_id (const char *message_id)
{
  if (message_id == NULL)
    return NULL;

  GString *id = g_string_new (NULL);

  for (const char *p = message_id; *p != '\0'; p++)
    {
      if (*p != '<' && *p != '>' && !g_ascii_isspace (*p) && !g_ascii_iscntrl (*p))
        g_string_append_c (id, *p);
    }

  if (id->len == 0)
    {
      g_string_free (id, TRUE);
      return NULL;
    }

  return g_string_free (id, FALSE);
}

static void
add_address (GChecksum  *sum,
             const char *address)
{
  g_autofree char *lower = address != NULL ? g_ascii_strdown (address, -1) : NULL;

  add (sum, lower);
}

gint64
pinion_store_key_of_message (const PinionStoreHeader *header,
                             guint64                  size)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *id = pinion_store_normalise_id (header->message_id);

  add (sum, id);
  add_number (sum, header->date);
  add_address (sum, header->from_address);
  if (id == NULL)
    {
      add (sum, header->to);
      add (sum, header->subject);
      add_number (sum, (gint64) size);
    }

  return finish (sum);
}

static gint64
hash (const char *kind,
      const char *text)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  add (sum, kind);
  add (sum, text);

  return finish (sum);
}

gint64
pinion_store_key_of_reference (const char *message_id)
{
  return hash ("id", message_id);
}

gint64
pinion_store_key_of_thread (const char *thread_key)
{
  return hash ("thread", thread_key);
}
