/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-keys.h"

#include "pinion-store-session.h"

#include <string.h>

#define DIGEST_BYTES 32

/* Of a longer list of references the first and the last ones count. */
#define MOST_REFERENCES 64

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

static void
add_reference (GArray     *hashes,
               const char *message_id)
{
  g_autofree char *id = pinion_store_normalise_id (message_id);

  if (id == NULL)
    return;

  gint64 hash = pinion_store_key_of_reference (id);
  g_array_append_val (hashes, hash);
}

GArray *
pinion_store_hash_references (const PinionStoreHeader *header)
{
  GArray *hashes = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n = header->references != NULL ? g_strv_length ((char **) header->references) : 0;
  guint first = n > MOST_REFERENCES ? n - MOST_REFERENCES + 1 : 0;

  add_reference (hashes, header->message_id);
  if (first > 0)
    add_reference (hashes, header->references[0]);
  for (guint i = first; i < n; i++)
    add_reference (hashes, header->references[i]);

  if (header->thread_key != NULL && *header->thread_key != '\0')
    {
      gint64 link = hash ("thread", header->thread_key);
      g_array_append_val (hashes, link);
    }
  pinion_store_ids_settle (hashes);

  return hashes;
}

PinionStoreKeys *
pinion_store_keys_new (const PinionStoreHeader *header,
                       guint64                  size)
{
  PinionStoreKeys *self = g_new (PinionStoreKeys, 1);

  self->message_id = pinion_store_normalise_id (header->message_id);
  self->key = pinion_store_key_of_message (header, size);
  self->references = pinion_store_hash_references (header);

  return self;
}

void
pinion_store_keys_free (PinionStoreKeys *self)
{
  g_free (self->message_id);
  g_array_unref (self->references);
  g_free (self);
}
