/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-mime-bounds.h"
#include "pinion-mime-decode.h"
#include "pinion-text.h"

#include <string.h>

#define MAX_FILE_NAME_CHARS 1000

typedef struct
{
  const char *type;
  const char *name;
} DefaultName;

/* What a part without a name is called. */
static const DefaultName default_names[] = {
  { "text/plain", "text.txt" },
  { "text/html", "page.html" },
  { "text/calendar", "invitation.ics" },
  { "text/csv", "table.csv" },
  { "text/vcard", "contact.vcf" },
  { "image/png", "image.png" },
  { "image/jpeg", "image.jpg" },
  { "image/gif", "image.gif" },
  { "image/webp", "image.webp" },
  { "image/svg+xml", "image.svg" },
  { "audio/mpeg", "audio.mp3" },
  { "video/mp4", "video.mp4" },
  { "application/pdf", "document.pdf" },
  { "application/zip", "archive.zip" },
  { "application/ms-tnef", "winmail.dat" },
  { "application/pgp-encrypted", "version.txt" },
  { "application/pgp-keys", "key.asc" },
  { "message/rfc822", "message.eml" },
  { "message/global", "message.eml" },
  { "message/delivery-status", "delivery-status.txt" },
  { "message/disposition-notification", "receipt.txt" },
  { "text/rfc822-headers", "headers.txt" },
};

static void
leaf_free (gpointer data)
{
  PinionMimeLeaf *leaf = data;

  g_free (leaf->part.id);
  g_free (leaf->part.content_type);
  g_free (leaf->part.charset);
  g_free (leaf->part.method);
  g_free (leaf->part.file_name);
  g_free (leaf->part.raw_file_name);
  g_free (leaf->part.content_id);
  g_free (leaf);
}

/* The path of numbers from the message down (RFC 9051 6.4.5.1). */
static char *
make_id (const PinionMimeTree *tree,
         guint                 index)
{
  g_autoptr (GString) id = g_string_new (NULL);
  const PinionMimeEntity *entity = pinion_mime_tree_get (tree, index);

  if (entity->parent < 0)
    return g_strdup ("1");

  for (; entity->parent >= 0; entity = pinion_mime_tree_get (tree, (guint) entity->parent))
    {
      char number[16];

      g_snprintf (number, sizeof number, id->len > 0 ? "%u." : "%u", entity->number);
      g_string_prepend (id, number);
    }

  return g_string_free_and_steal (g_steal_pointer (&id));
}

static gboolean
is_token (const char *text)
{
  if (text == NULL || *text == '\0' || strlen (text) > 100)
    return FALSE;

  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("!#$&^_.+-", *text) == NULL)
      return FALSE;

  return TRUE;
}

static char *
make_content_type (const PinionMimeEntity *entity)
{
  const char *type;
  const char *subtype;
  g_autofree char *whole = NULL;

  if (entity->type == NULL)
    return g_strdup (entity->in_digest ? "message/rfc822" : "text/plain");

  type = g_mime_content_type_get_media_type (entity->type);
  subtype = g_mime_content_type_get_media_subtype (entity->type);
  if (!is_token (type) || !is_token (subtype))
    return g_strdup ("application/octet-stream");
  /* A multipart without parts */
  if (g_ascii_strcasecmp (type, "multipart") == 0 && !entity->is_opaque)
    return g_strdup ("text/plain");

  whole = g_strconcat (type, "/", subtype, NULL);

  return g_ascii_strdown (whole, -1);
}

static char *
dup_parameter (const PinionMimeEntity *entity,
               const char             *name)
{
  const char *value = NULL;

  if (entity->type != NULL)
    value = g_mime_content_type_get_parameter (entity->type, name);

  return value != NULL && is_token (value) ? g_strdup (value) : NULL;
}

static gboolean
has_parameter (const PinionMimeEntity *entity,
               const char             *name,
               const char             *value)
{
  g_autofree char *found = dup_parameter (entity, name);

  return found != NULL && g_ascii_strcasecmp (found, value) == 0;
}

static void
read_type (PinionMimeLeaf         *leaf,
           const PinionMimeEntity *entity)
{
  PinionMimePart *part = &leaf->part;
  g_autofree char *charset = dup_parameter (entity, "charset");
  g_autofree char *method = dup_parameter (entity, "method");

  part->content_type = make_content_type (entity);
  if (charset != NULL)
    part->charset = g_ascii_strdown (charset, -1);
  if (method != NULL && g_str_equal (part->content_type, "text/calendar"))
    part->method = g_ascii_strup (method, -1);
  leaf->is_html = g_str_equal (part->content_type, "text/html");
  leaf->is_flowed = has_parameter (entity, "format", "flowed");
  leaf->delete_space = has_parameter (entity, "delsp", "yes");
}

/* The disposition, and the file name from there or from the type. */
static void
read_disposition (PinionMimePart         *part,
                  const PinionMimeEntity *entity,
                  const char             *data,
                  GArray                 *fields)
{
  g_autofree char *value = pinion_mime_dup_field (data, fields, "Content-Disposition",
                                                  PINION_MIME_MAX_FIELD);
  g_autoptr (GMimeContentDisposition) disposition = NULL;
  const char *name = NULL;

  if (value != NULL && *value != '\0')
    {
      pinion_mime_bound_parameters (value);
      disposition = g_mime_content_disposition_parse (NULL, value);
    }
  if (disposition != NULL)
    {
      const char *word = g_mime_content_disposition_get_disposition (disposition);

      if (word != NULL && g_ascii_strcasecmp (word, "attachment") == 0)
        part->disposition = PINION_MIME_DISPOSITION_ATTACHMENT;
      else if (word != NULL && g_ascii_strcasecmp (word, "inline") == 0)
        part->disposition = PINION_MIME_DISPOSITION_INLINE;
      name = g_mime_content_disposition_get_parameter (disposition, "filename");
    }
  if ((name == NULL || *name == '\0') && entity->type != NULL)
    name = g_mime_content_type_get_parameter (entity->type, "name");
  if (name == NULL || *name == '\0')
    return;

  part->raw_file_name = g_utf8_make_valid (name, -1);
  part->file_name = pinion_text_safe_file_name (part->raw_file_name);
}

static void
read_content_id (PinionMimePart *part,
                 const char     *data,
                 GArray         *fields)
{
  g_autofree char *value = pinion_mime_dup_field (data, fields, "Content-ID", 1024);
  const char *start = value;
  g_autofree char *id = NULL;

  if (value == NULL)
    return;

  start += strspn (start, " <");
  id = pinion_text_clean_line (start, (gssize) strcspn (start, ">"), 0);
  if (*id != '\0')
    part->content_id = g_steal_pointer (&id);
}

/* Text that may be the message itself: not something that was attached. */
static gboolean
is_candidate (PinionMimeMessage      *self,
              const PinionMimeLeaf   *leaf,
              const PinionMimeEntity *entity)
{
  const PinionMimePart *part = &leaf->part;
  const PinionMimeEntity *parent;

  if (!leaf->is_html && !g_str_equal (part->content_type, "text/plain"))
    return FALSE;
  if (part->disposition == PINION_MIME_DISPOSITION_ATTACHMENT)
    return FALSE;
  if (part->file_name == NULL || entity->parent < 0)
    return TRUE;

  /* Some programs give the body itself a name */
  parent = pinion_mime_tree_get (&self->priv->tree, (guint) entity->parent);

  return pinion_mime_entity_is_type (parent, "multipart", "alternative")
         || (pinion_mime_entity_is_type (parent, "multipart", "related") && entity->number == 1);
}

static PinionMimeLeaf *
read_leaf (PinionMimeMessage *self,
           guint              index)
{
  const PinionMimeTree *tree = &self->priv->tree;
  const PinionMimeEntity *entity = pinion_mime_tree_get (tree, index);
  PinionMimeLeaf *leaf = g_new0 (PinionMimeLeaf, 1);
  gsize length = entity->body_end - entity->body_start;
  g_autoptr (GArray) fields = NULL;
  g_autofree char *encoding = NULL;

  fields = pinion_mime_scan_fields (tree->data, entity->header_start, entity->header_end);
  encoding = pinion_mime_dup_field (tree->data, fields, "Content-Transfer-Encoding", 256);

  leaf->entity = index;
  leaf->part.id = make_id (tree, index);
  leaf->encoding = pinion_mime_parse_encoding (encoding);
  read_type (leaf, entity);
  read_disposition (&leaf->part, entity, tree->data, fields);
  read_content_id (&leaf->part, tree->data, fields);
  leaf->part.size = pinion_mime_estimate_decoded (tree->data + entity->body_start, length,
                                                  leaf->encoding);
  leaf->is_candidate = is_candidate (self, leaf, entity);

  return leaf;
}

void
pinion_mime_read_parts (PinionMimeMessage *self)
{
  const PinionMimeTree *tree = &self->priv->tree;

  g_ptr_array_set_free_func (self->parts, leaf_free);
  for (guint i = 0; i < tree->entities->len; i++)
    if (!pinion_mime_tree_get (tree, i)->is_multipart)
      g_ptr_array_add (self->parts, read_leaf (self, i));
}

/* -- Attachments ------------------------------------------------------------------------------ */

static gboolean
is_signature (const char *type)
{
  return g_str_equal (type, "application/pgp-signature")
         || g_str_equal (type, "application/pkcs7-signature")
         || g_str_equal (type, "application/x-pkcs7-signature");
}

/* An invitation or another form of the text, beside the text. */
static gboolean
is_alternative (PinionMimeMessage    *self,
                const PinionMimeLeaf *leaf)
{
  const PinionMimeTree *tree = &self->priv->tree;
  int parent = pinion_mime_tree_get (tree, leaf->entity)->parent;

  return parent >= 0 && leaf->part.disposition != PINION_MIME_DISPOSITION_ATTACHMENT
         && leaf->part.file_name == NULL && g_str_has_prefix (leaf->part.content_type, "text/")
         && pinion_mime_entity_is_type (pinion_mime_tree_get (tree, (guint) parent), "multipart",
                                     "alternative");
}

/* The Content-IDs that the HTML names.  Returns: (transfer full) a set, %NULL without HTML. */
static GHashTable *
collect_cids (const char *html)
{
  GHashTable *cids;

  if (html == NULL)
    return NULL;

  cids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while ((html = strstr (html, "cid:")) != NULL)
    {
      gsize length;
      char *id;

      html += strlen ("cid:");
      length = strcspn (html, "\"' <>)\r\n");
      id = g_uri_unescape_segment (html, html + length, NULL);
      g_hash_table_add (cids, id != NULL ? id : g_strndup (html, length));
      html += length;
    }

  return cids;
}

static gboolean
is_shown_by (const PinionMimePart *part,
             GHashTable           *cids)
{
  return cids != NULL && part->content_id != NULL
         && g_str_has_prefix (part->content_type, "image/")
         && g_hash_table_contains (cids, part->content_id);
}

static char *
make_name (PinionMimeMessage    *self,
           const PinionMimeLeaf *leaf)
{
  const PinionMimeTree *tree = &self->priv->tree;
  const PinionMimeEntity *entity = pinion_mime_tree_get (tree, leaf->entity);
  const char *type = leaf->part.content_type;

  if (g_str_equal (type, "message/rfc822"))
    {
      g_autoptr (GArray) fields = NULL;
      g_autofree char *subject = NULL;
      g_autofree char *words = NULL;
      g_autofree char *name = NULL;

      fields = pinion_mime_scan_fields (tree->data, entity->body_start, entity->body_end);
      subject = pinion_mime_dup_field (tree->data, fields, "Subject", PINION_MIME_MAX_SUBJECT);
      words = pinion_mime_decode_words (subject != NULL ? subject : "", MAX_FILE_NAME_CHARS);
      name = g_strconcat (*words != '\0' ? words : "message", ".eml", NULL);
      return pinion_text_safe_file_name (name);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (default_names); i++)
    if (g_str_equal (default_names[i].type, type))
      return g_strdup (default_names[i].name);

  return pinion_text_safe_file_name ("");
}

static gboolean
has_content_id (PinionMimeMessage *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    if (((PinionMimePart *) g_ptr_array_index (self->parts, i))->content_id != NULL)
      return TRUE;

  return FALSE;
}

void
pinion_mime_mark_attachments (PinionMimeMessage *self)
{
  g_autoptr (GArray) in_html = pinion_mime_choose_bodies (self, TRUE);
  g_autoptr (GArray) in_text = pinion_mime_choose_bodies (self, FALSE);
  g_autofree char *html = has_content_id (self) ? pinion_mime_message_dup_html (self) : NULL;
  g_autoptr (GHashTable) cids = collect_cids (html);

  for (guint i = 0; i < self->parts->len; i++)
    {
      PinionMimeLeaf *leaf = g_ptr_array_index (self->parts, i);
      PinionMimePart *part = &leaf->part;

      part->is_body = g_array_index (in_html, gboolean, i) || g_array_index (in_text, gboolean, i);
      part->is_attachment = !part->is_body && !is_signature (part->content_type)
                            && !is_alternative (self, leaf) && !is_shown_by (part, cids);
      if (part->is_attachment && part->file_name == NULL)
        part->file_name = make_name (self, leaf);
      self->has_attachments = self->has_attachments || part->is_attachment;
    }
}
