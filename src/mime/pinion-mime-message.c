/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-error.h"
#include "pinion-mime-bounds.h"
#include "pinion-mime-charset.h"
#include "pinion-mime-decode.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_CHUNK (256 * 1024)
#define MAX_HEADER_CHARS 2000

G_DEFINE_BOXED_TYPE (PinionMimeMessage,
                     pinion_mime_message,
                     pinion_mime_message_ref,
                     pinion_mime_message_unref)

void
pinion_mime_init (void)
{
  g_mime_init ();
  xmlInitParser ();
}

PinionMimeMessage *
pinion_mime_message_ref (PinionMimeMessage *self)
{
  g_atomic_ref_count_inc (&self->priv->ref_count);

  return self;
}

static void
free_headers (PinionMimeMessage *self)
{
  g_free (self->subject);
  g_ptr_array_unref (self->from);
  g_ptr_array_unref (self->sender);
  g_ptr_array_unref (self->reply_to);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->references);
  g_free (self->message_id);
  g_free (self->in_reply_to);
  g_free (self->thread_index);
  g_free (self->list_id);
  g_strfreev (self->list_unsubscribe);
}

void
pinion_mime_message_unref (PinionMimeMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->priv->ref_count))
    return;

  free_headers (self);
  g_free (self->content_type);
  g_ptr_array_unref (self->parts);
  g_free (self->snippet);
  pinion_mime_tree_clear (&self->priv->tree);
  g_bytes_unref (self->priv->bytes);
  g_free (self->priv);
  g_free (self);
}

static char *
dup_content_type (const PinionMimeEntity *entity)
{
  g_autofree char *type = NULL;

  if (entity->type == NULL)
    return g_strdup ("text/plain");

  type = g_mime_content_type_get_mime_type (entity->type);

  return g_utf8_strdown (type, -1);
}

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '+' || c == '.' || c == '_';
}

gsize
pinion_mime_match_type (const char *value)
{
  gsize type = 0;

  while (is_token_char (value[type]))
    type++;
  gsize end = value[type] == '/' ? type + 1 : type;
  while (is_token_char (value[end]))
    end++;

  return type > 0 && end > type + 1 && (value[end] == '\0' || value[end] == ';') ? end : 0;
}

char *
pinion_mime_dup_type (char *value)
{
  gsize length = value != NULL ? pinion_mime_match_type (value) : 0;

  if (value == NULL || *value == '\0')
    return g_strdup ("text/plain");
  if (length > 0)
    return g_ascii_strdown (value, (gssize) length);

  g_autoptr (GMimeContentType) parsed = pinion_mime_parse_content_type (value);
  PinionMimeEntity entity = { .type = parsed };

  return dup_content_type (&entity);
}

typedef void (*ReadFunc) (PinionMimeMessage *self,
                          const char        *data,
                          GArray            *fields);

typedef void (*TreeFunc) (PinionMimeTree *tree,
                          const char     *data,
                          gsize           length);

/* The tree as @grow makes it and the headers as far as @read takes them; parts and the type are left
 * empty.  Returns in @fields those of the header. */
static PinionMimeMessage *
begin_message (GBytes  *bytes,
               TreeFunc grow,
               ReadFunc read,
               GArray **fields)
{
  PinionMimeMessage *self = g_new0 (PinionMimeMessage, 1);
  const PinionMimeEntity *root;
  const char *data;
  gsize length;

  self->priv = g_new0 (PinionMimeMessagePrivate, 1);
  g_atomic_ref_count_init (&self->priv->ref_count);
  self->priv->bytes = g_bytes_ref (bytes);
  data = g_bytes_get_data (bytes, &length);
  grow (&self->priv->tree, data != NULL ? data : "", MIN (length, PINION_MIME_MAX_MESSAGE));

  root = pinion_mime_tree_get (&self->priv->tree, 0);
  *fields = pinion_mime_scan_fields (self->priv->tree.data, root->header_start, root->header_end);
  read (self, self->priv->tree.data, *fields);
  self->parts = g_ptr_array_new ();

  return self;
}

PinionMimeMessage *
pinion_mime_message_parse_bytes (GBytes *bytes)
{
  return pinion_mime_message_parse_some (bytes, PINION_MIME_HEADERS | PINION_MIME_SNIPPET);
}

PinionMimeMessage *
pinion_mime_message_parse_some (GBytes          *bytes,
                                PinionMimeWanted wanted)
{
  g_autoptr (GArray) fields = NULL;
  PinionMimeMessage *self = begin_message (bytes, pinion_mime_tree_init,
                                           wanted & PINION_MIME_HEADERS ? pinion_mime_read_headers
                                                                        : pinion_mime_read_subject,
                                           &fields);

  self->content_type = dup_content_type (pinion_mime_tree_get (&self->priv->tree, 0));
  pinion_mime_read_parts (self);
  pinion_mime_mark_attachments (self);
  self->snippet = wanted & PINION_MIME_SNIPPET ? pinion_mime_make_snippet (self) : g_strdup ("");

  return self;
}

PinionMimeMessage *
pinion_mime_message_parse_headers (GBytes *header)
{
  g_autoptr (GArray) fields = NULL;
  PinionMimeMessage *self = begin_message (header, pinion_mime_tree_init_header,
                                           pinion_mime_read_headers, &fields);
  g_autofree char *type = pinion_mime_dup_field (self->priv->tree.data, fields, "Content-Type",
                                                 PINION_MIME_MAX_FIELD);

  self->content_type = pinion_mime_dup_type (type);
  self->snippet = g_strdup ("");

  return self;
}

/* Reads, not maps: a file that shrinks meanwhile must not end the program. */
static GBytes *
read_all (int      fd,
          GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  struct stat info;
  gsize used = 0;

  bytes = g_byte_array_new ();
  if (fstat (fd, &info) == 0 && info.st_size > 0)
    g_byte_array_set_size (bytes, (guint) MIN (info.st_size + 1, PINION_MIME_MAX_MESSAGE));

  while (used < PINION_MIME_MAX_MESSAGE)
    {
      gssize n;

      if (used == bytes->len)
        g_byte_array_set_size (bytes, bytes->len + READ_CHUNK);
      n = read (fd, bytes->data + used, bytes->len - used);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          pinion_error_set (error, PINION_ERROR_STORE_FAILED, PINION_PROTOCOL_NONE,
                            PINION_STAGE_NONE, "Cannot read the message: %s", g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        break;
      used += (gsize) n;
    }
  g_byte_array_set_size (bytes, (guint) used);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static GBytes *
read_file (const char *path,
           GError    **error)
{
  GBytes *bytes;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    {
      pinion_error_set (error,
                        errno == ENOENT ? PINION_ERROR_NOT_FOUND : PINION_ERROR_STORE_FAILED,
                        PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "Cannot open the message: %s",
                        g_strerror (errno));
      return NULL;
    }

  bytes = read_all (fd, error);
  close (fd);

  return bytes;
}

PinionMimeMessage *
pinion_mime_message_parse_file (const char *path,
                                GError    **error)
{
  return pinion_mime_message_parse_file_some (path, PINION_MIME_HEADERS | PINION_MIME_SNIPPET,
                                              error);
}

PinionMimeMessage *
pinion_mime_message_parse_file_some (const char      *path,
                                     PinionMimeWanted wanted,
                                     GError         **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);

  return bytes != NULL ? pinion_mime_message_parse_some (bytes, wanted) : NULL;
}

GBytes *
pinion_mime_message_get_bytes (PinionMimeMessage *self)
{
  return self->priv->bytes;
}

GBytes *
pinion_mime_message_ref_header_bytes (PinionMimeMessage *self)
{
  return g_bytes_new_from_bytes (self->priv->bytes, 0,
                                 pinion_mime_tree_get (&self->priv->tree, 0)->header_end);
}

char *
pinion_mime_message_dup_header (PinionMimeMessage *self,
                                const char        *name)
{
  const PinionMimeTree *tree = &self->priv->tree;
  const PinionMimeEntity *root = pinion_mime_tree_get (tree, 0);
  g_autoptr (GArray) fields = NULL;
  g_autofree char *value = NULL;

  fields = pinion_mime_scan_fields (tree->data, root->header_start, root->header_end);
  value = pinion_mime_dup_field (tree->data, fields, name, PINION_MIME_MAX_SUBJECT);

  return value != NULL ? pinion_mime_decode_words (value, MAX_HEADER_CHARS) : NULL;
}

/* -- Parts ------------------------------------------------------------------------------------ */

const PinionMimePart *
pinion_mime_message_find_part (PinionMimeMessage *self,
                               const char        *id)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->id, id))
        return part;
    }

  return NULL;
}

const PinionMimePart *
pinion_mime_message_find_content_id (PinionMimeMessage *self,
                                     const char        *content_id)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (self->parts, i);

      if (g_strcmp0 (part->content_id, content_id) == 0)
        return part;
    }

  return NULL;
}

const PinionMimePart *
pinion_mime_message_find_type (PinionMimeMessage *self,
                               const char        *content_type)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->content_type, content_type))
        return part;
    }

  return NULL;
}

GStrv
pinion_mime_message_dup_content_ids (PinionMimeMessage *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (self->parts, i);

      if (part->content_id != NULL && g_str_has_prefix (part->content_type, "image/"))
        g_strv_builder_add (builder, part->content_id);
    }

  return g_strv_builder_end (builder);
}

/* The leaf @id and where its bytes lie. */
static const PinionMimeLeaf *
find_leaf (PinionMimeMessage *self,
           const char        *id,
           const char       **data,
           gsize             *length,
           GError           **error)
{
  const PinionMimeLeaf *leaf = (const PinionMimeLeaf *) pinion_mime_message_find_part (self, id);
  const PinionMimeEntity *entity;

  if (leaf == NULL)
    {
      pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "The message has no part %s", id);
      return NULL;
    }

  entity = pinion_mime_tree_get (&self->priv->tree, leaf->entity);
  *data = self->priv->tree.data + entity->body_start;
  *length = entity->body_end - entity->body_start;

  return leaf;
}

GBytes *
pinion_mime_message_dup_part_bytes (PinionMimeMessage *self,
                                    const char        *id,
                                    gsize              max,
                                    GError           **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  const PinionMimeLeaf *leaf;
  const char *data;
  gsize length;
  gboolean is_whole;

  leaf = find_leaf (self, id, &data, &length, error);
  if (leaf == NULL)
    return NULL;

  bytes = pinion_mime_decode (data, length, leaf->encoding, max, &is_whole);
  if (!is_whole)
    {
      pinion_error_set (error, PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "Part %s is larger than %" G_GSIZE_FORMAT " bytes", id, max);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

char *
pinion_mime_message_dup_part_text (PinionMimeMessage *self,
                                   const char        *id,
                                   gsize              max,
                                   GError           **error)
{
  g_autoptr (GBytes) bytes = pinion_mime_message_dup_part_bytes (self, id, max, error);
  gsize length;
  const char *data;

  if (bytes == NULL)
    return NULL;

  data = g_bytes_get_data (bytes, &length);

  return pinion_mime_charset_to_utf8 (data != NULL ? data : "", length,
                                      pinion_mime_message_find_part (self, id)->charset);
}

gboolean
pinion_mime_message_save_part (PinionMimeMessage *self,
                               const char        *id,
                               const char        *path,
                               GError           **error)
{
  const PinionMimeLeaf *leaf;
  const char *data;
  gsize length;

  leaf = find_leaf (self, id, &data, &length, error);
  if (leaf == NULL)
    return FALSE;

  return pinion_mime_decode_to_file (data, length, leaf->encoding, path, error);
}

GPtrArray *
pinion_mime_message_list_links (const PinionMimeMessage *self)
{
  GPtrArray *links = g_ptr_array_new ();

  for (guint i = 0; i < self->references->len; i++)
    g_ptr_array_add (links, g_ptr_array_index (self->references, i));
  if (self->in_reply_to != NULL)
    g_ptr_array_add (links, self->in_reply_to);
  g_ptr_array_add (links, NULL);

  return links;
}
