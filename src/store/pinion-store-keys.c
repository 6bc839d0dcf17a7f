/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-keys.h"

#include "pinion-store-session.h"

#include <gcrypt.h>
#include <string.h>

#define DIGEST_BYTES 32

/* Of a longer list of references the first and the last ones count. */
#define MOST_REFERENCES 64

/* Of so many references the hashes are remembered. */
#define MOST_KNOWN 16384

/* How much memory is taken for what is remembered at a time, in bytes. */
#define KNOWN_AT_ONCE (16 * 1024)

/* The messages of one talk name the same ones again and again: @known has the hash of each, @texts holds both. */
struct _PinionStoreHasher
{
  GByteArray *facts;
  GHashTable *known;
  GStringChunk *texts;
};

PinionStoreHasher *
pinion_store_hasher_new (void)
{
  PinionStoreHasher *self = g_new (PinionStoreHasher, 1);

  self->facts = g_byte_array_new ();
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  self->texts = g_string_chunk_new (KNOWN_AT_ONCE);

  return self;
}

void
pinion_store_hasher_free (PinionStoreHasher *self)
{
  g_byte_array_unref (self->facts);
  g_hash_table_unref (self->known);
  g_string_chunk_free (self->texts);
  g_free (self);
}

/* Fields are separated by a byte that no text holds. */
static void
add (GByteArray *facts,
     const char *text)
{
  if (text == NULL)
    text = "";
  g_byte_array_append (facts, (const guint8 *) text, (guint) strlen (text) + 1);
}

static void
add_number (GByteArray *facts,
            gint64      number)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
  add (facts, text);
}

/* libgcrypt's, which uses the processor's instructions for it: five times as fast as GLib's, of which a
 * first sync notices.  Libsecret finishes its initialisation where it needs more of it. */
static void
prepare_hash (void)
{
  static gsize prepared;

  if (g_once_init_enter (&prepared))
    {
      gcry_check_version (NULL);
      g_once_init_leave (&prepared, 1);
    }
}

/* SHA-256 of @facts, which are empty afterwards. */
static gint64
finish (GByteArray *facts)
{
  guint8 digest[DIGEST_BYTES];
  gint64 key = 0;

  prepare_hash ();
  gcry_md_hash_buffer (GCRY_MD_SHA256, digest, facts->data, facts->len);
  for (guint i = 0; i < 8; i++)
    key = (gint64) (((guint64) key << 8) | digest[i]);

  g_byte_array_set_size (facts, 0);

  return key & G_MAXINT64;
}

/* Blanks and controls are all of it that lies below. */
static gboolean
belongs_to_id (char c)
{
  return (guchar) c > ' ' && c != '<' && c != '>' && c != 0x7f;
}

static gboolean
is_normal (const char *id)
{
  const char *p = id;

  while (belongs_to_id (*p))
    p++;

  return *p == '\0' && p > id;
}

char *
pinion_store_normalise_id (const char *message_id)
{
  if (message_id == NULL)
    return NULL;

  char *id = g_malloc (strlen (message_id) + 1);
  gsize length = 0;

  for (const char *p = message_id; *p != '\0'; p++)
    {
      if (belongs_to_id (*p))
        id[length++] = *p;
    }
  id[length] = '\0';
  if (length == 0)
    g_clear_pointer (&id, g_free);

  return id;
}

/* The same, which is @message_id itself as nearly always, else @own, to be freed.
 * Returns: (nullable) */
static const char *
look_at_id (const char *message_id,
            char      **own)
{
  if (message_id != NULL && is_normal (message_id))
    return message_id;

  *own = pinion_store_normalise_id (message_id);

  return *own;
}

static void
add_address (GByteArray *facts,
             const char *address)
{
  guint start = facts->len;

  add (facts, address);
  for (guint i = start; i < facts->len; i++)
    facts->data[i] = (guint8) g_ascii_tolower ((char) facts->data[i]);
}

static gint64
key_of_message (GByteArray              *facts,
                const PinionStoreHeader *header,
                const char              *id,
                guint64                  size)
{
  add (facts, id);
  add_number (facts, header->date);
  add_address (facts, header->from_address);
  if (id == NULL)
    {
      add (facts, header->to);
      add (facts, header->subject);
      add_number (facts, (gint64) size);
    }

  return finish (facts);
}

gint64
pinion_store_key_of_message (const PinionStoreHeader *header,
                             guint64                  size)
{
  g_autoptr (GByteArray) facts = g_byte_array_new ();
  g_autofree char *id = pinion_store_normalise_id (header->message_id);

  return key_of_message (facts, header, id, size);
}

static gint64
hash (GByteArray *facts,
      const char *kind,
      const char *text)
{
  add (facts, kind);
  add (facts, text);

  return finish (facts);
}

gint64
pinion_store_key_of_reference (const char *message_id)
{
  g_autoptr (GByteArray) facts = g_byte_array_new ();

  return hash (facts, "id", message_id);
}

static void
remember (PinionStoreHasher *self,
          const char        *message_id,
          gint64             key)
{
  if (g_hash_table_size (self->known) >= MOST_KNOWN)
    {
      g_hash_table_remove_all (self->known);
      g_string_chunk_clear (self->texts);
    }

  char *kept = g_string_chunk_insert_len (self->texts, (const char *) &key, sizeof key);
  g_hash_table_insert (self->known, g_string_chunk_insert (self->texts, message_id), kept);
}

/* 0 where nothing is left of it. */
static gint64
hash_reference (PinionStoreHasher *self,
                const char        *message_id)
{
  const char *known = g_hash_table_lookup (self->known, message_id);
  gint64 key = 0;

  if (known != NULL)
    {
      memcpy (&key, known, sizeof key);
      return key;
    }

  g_autofree char *own = NULL;
  const char *id = look_at_id (message_id, &own);

  if (id != NULL)
    key = hash (self->facts, "id", id);
  remember (self, message_id, key);

  return key;
}

static void
add_reference (PinionStoreHasher *self,
               GArray            *hashes,
               const char        *message_id)
{
  gint64 key = message_id != NULL ? hash_reference (self, message_id) : 0;

  if (key != 0)
    g_array_append_val (hashes, key);
}

static GArray *
hash_references (PinionStoreHasher       *self,
                 const PinionStoreHeader *header)
{
  guint n = header->references != NULL ? g_strv_length ((char **) header->references) : 0;
  guint first = n > MOST_REFERENCES ? n - MOST_REFERENCES + 1 : 0;
  GArray *hashes = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n - first + 3);

  add_reference (self, hashes, header->message_id);
  if (first > 0)
    add_reference (self, hashes, header->references[0]);
  for (guint i = first; i < n; i++)
    add_reference (self, hashes, header->references[i]);

  if (header->thread_key != NULL && *header->thread_key != '\0')
    {
      gint64 link = hash (self->facts, "thread", header->thread_key);
      g_array_append_val (hashes, link);
    }
  pinion_store_ids_settle (hashes);

  return hashes;
}

GArray *
pinion_store_hash_references (const PinionStoreHeader *header)
{
  g_autoptr (PinionStoreHasher) hasher = pinion_store_hasher_new ();

  return hash_references (hasher, header);
}

/* In one piece, so that thousands of them are soon made and freed. */
PinionStoreKeys *
pinion_store_keys_new (PinionStoreHasher       *hasher,
                       const PinionStoreHeader *header,
                       guint64                  size)
{
  g_autofree char *own = NULL;
  const char *id = look_at_id (header->message_id, &own);
  g_autoptr (GArray) references = hash_references (hasher, header);
  const gsize length = sizeof (PinionStoreKeys) + references->len * sizeof (gint64);
  PinionStoreKeys *self = g_malloc (length + (id != NULL ? strlen (id) + 1 : 0));

  self->message_id = id != NULL ? strcpy ((char *) self + length, id) : NULL;
  self->key = key_of_message (hasher->facts, header, id, size);
  self->n_references = references->len;
  if (references->len > 0)
    memcpy (self->references, references->data, references->len * sizeof (gint64));

  return self;
}

void
pinion_store_keys_free (PinionStoreKeys *self)
{
  g_free (self);
}
