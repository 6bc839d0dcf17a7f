/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-tree.h"

#include "pinion-mime-bounds.h"

#include <string.h>

#define USUAL_FIELDS 24

/* A multipart whose end has not been seen yet. */
typedef struct
{
  guint entity;
  char *boundary;
  gsize length;
} OpenMultipart;

/* @current: the index of the leaf whose body is being read, or -1 in a preamble or epilogue. */
typedef struct
{
  PinionMimeTree *tree;
  GArray *open;
  int current;
} Scan;

/* A boundary line found: of which open multipart, the last one or not, and where it lies. */
typedef struct
{
  guint level;
  gboolean is_last;
  gsize start;
  gsize end;
} Boundary;

static void
open_multipart_clear (gpointer data)
{
  OpenMultipart *open = data;

  g_free (open->boundary);
}

static void
entity_clear (gpointer data)
{
  PinionMimeEntity *entity = data;

  g_clear_object (&entity->type);
}

PinionMimeEntity *
pinion_mime_tree_get (const PinionMimeTree *self,
                      guint                 index)
{
  return &g_array_index (self->entities, PinionMimeEntity, index);
}

gboolean
pinion_mime_entity_is_type (const PinionMimeEntity *self,
                            const char             *type,
                            const char             *subtype)
{
  if (self->type != NULL)
    return g_mime_content_type_is_type (self->type, type, subtype);
  if (self->in_digest)
    return g_str_equal (type, "message")
           && (g_str_equal (subtype, "rfc822") || g_str_equal (subtype, "*"));

  return g_str_equal (type, "text")
         && (g_str_equal (subtype, "plain") || g_str_equal (subtype, "*"));
}

/* The position behind the line that starts at @start. */
static gsize
next_line (const char *data,
           gsize       start,
           gsize       end)
{
  const char *newline = memchr (data + start, '\n', end - start);

  return newline != NULL ? (gsize) (newline - data) + 1 : end;
}

static gboolean
is_blank_line (const char *data,
               gsize       start,
               gsize       end)
{
  return start < end && (data[start] == '\n'
                         || (data[start] == '\r' && start + 1 < end && data[start + 1] == '\n'));
}

/* The length of the field name at @start, 0 if there is none. */
static gsize
field_name_length (const char *data,
                   gsize       start,
                   gsize       end)
{
  gsize i = start;

  while (i < end && data[i] > ' ' && data[i] < 0x7f && data[i] != ':')
    i++;

  if (i == start)
    return 0;

  /* Blanks before the colon are obsolete, but seen */
  for (gsize j = i; j < end; j++)
    {
      if (data[j] == ':')
        return i - start;
      if (data[j] != ' ' && data[j] != '\t')
        return 0;
    }

  return 0;
}

void
pinion_mime_scan_fields_into (GArray     *fields,
                              const char *data,
                              gsize       start,
                              gsize       end)
{
  PinionMimeField *last = NULL;

  end = MIN (end, start + PINION_MIME_MAX_HEADER);
  while (start < end && !is_blank_line (data, start, end))
    {
      gsize next = next_line (data, start, end);
      gsize name = field_name_length (data, start, next);

      if (data[start] == ' ' || data[start] == '\t')
        {
          if (last != NULL)
            last->value_length = next - last->value;
        }
      else if (name == 0)
        {
          last = NULL;
        }
      else if (fields->len >= PINION_MIME_MAX_FIELDS)
        {
          break;
        }
      else
        {
          const char *colon = memchr (data + start, ':', next - start);
          gsize value = (gsize) (colon - data) + 1;
          PinionMimeField field = { start, name, value, next - value };

          g_array_append_val (fields, field);
          last = &g_array_index (fields, PinionMimeField, fields->len - 1);
        }
      start = next;
    }
}

GArray *
pinion_mime_scan_fields (const char *data,
                         gsize       start,
                         gsize       end)
{
  GArray *fields = g_array_sized_new (FALSE, FALSE, sizeof (PinionMimeField), USUAL_FIELDS);

  pinion_mime_scan_fields_into (fields, data, start, end);

  return fields;
}

const PinionMimeField *
pinion_mime_find_field (const char *data,
                        GArray     *fields,
                        const char *name)
{
  gsize length = strlen (name);

  for (guint i = 0; i < fields->len; i++)
    {
      const PinionMimeField *field = &g_array_index (fields, PinionMimeField, i);

      if (field->name_length == length
          && g_ascii_strncasecmp (data + field->name, name, length) == 0)
        return field;
    }

  return NULL;
}

char *
pinion_mime_dup_field (const char *data,
                       GArray     *fields,
                       const char *name,
                       gsize       max)
{
  const PinionMimeField *field = pinion_mime_find_field (data, fields, name);

  return field != NULL ? pinion_mime_unfold (data + field->value, field->value_length, max) : NULL;
}

GMimeContentType *
pinion_mime_parse_content_type (char *value)
{
  if (*value == '\0')
    return NULL;

  pinion_mime_bound_parameters (value);

  return g_mime_content_type_parse (NULL, value);
}

/* Whether the line at @start is a boundary of an open multipart, the innermost first. */
static gboolean
match_boundary (Scan     *scan,
                gsize     start,
                Boundary *found)
{
  const char *line = scan->tree->data + start;
  gsize left = scan->tree->length - start;

  if (left < 3 || line[0] != '-' || line[1] != '-')
    return FALSE;

  for (guint i = scan->open->len; i > 0; i--)
    {
      const OpenMultipart *open = &g_array_index (scan->open, OpenMultipart, i - 1);
      gsize used = 2 + open->length;
      gboolean is_last;

      if (left < used || memcmp (line + 2, open->boundary, open->length) != 0)
        continue;

      is_last = left >= used + 2 && line[used] == '-' && line[used + 1] == '-';
      if (is_last)
        used += 2;
      while (used < left && (line[used] == ' ' || line[used] == '\t' || line[used] == '\r'))
        used++;
      if (used < left && line[used] != '\n')
        continue;

      *found = (Boundary) { i - 1, is_last, start, start + MIN (used + 1, left) };
      return TRUE;
    }

  return FALSE;
}

/* The first boundary line at or after the line start @position. */
static gboolean
find_boundary (Scan     *scan,
               gsize     position,
               Boundary *found)
{
  const char *data = scan->tree->data;
  gsize length = scan->tree->length;

  if (scan->open->len == 0)
    return FALSE;

  for (; position < length; position = next_line (data, position, length))
    if (data[position] == '-' && match_boundary (scan, position, found))
      return TRUE;

  return FALSE;
}

/* The line break before a boundary belongs to the boundary. */
static gsize
trim_line_break (const char *data,
                 gsize       start,
                 gsize       end)
{
  if (end > start && data[end - 1] == '\n')
    end--;
  if (end > start && data[end - 1] == '\r')
    end--;

  return end;
}

/* Finds the end of the header block at @start; sets where the body starts.  A boundary inside ends
 * it as well: then the part has no body. */
static void
scan_header (Scan             *scan,
             PinionMimeEntity *entity,
             gsize             start)
{
  const char *data = scan->tree->data;
  gsize length = scan->tree->length;
  gboolean has_field = FALSE;
  gsize position = start;
  Boundary boundary;

  while (position < length)
    {
      gsize next = next_line (data, position, length);

      if (is_blank_line (data, position, next) || match_boundary (scan, position, &boundary))
        break;
      has_field = has_field || field_name_length (data, position, next) > 0;
      position = next;
    }

  entity->header_start = start;
  if (!has_field && position > start)
    {
      entity->header_end = start;
      entity->body_start = start;
      return;
    }
  entity->header_end = position;
  entity->body_start = is_blank_line (data, position, length) ? next_line (data, position, length)
                                                              : position;
}

static GMimeContentType *
read_content_type (PinionMimeTree         *tree,
                   const PinionMimeEntity *entity)
{
  g_autoptr (GArray) fields = NULL;
  g_autofree char *value = NULL;

  fields = pinion_mime_scan_fields (tree->data, entity->header_start, entity->header_end);
  value = pinion_mime_dup_field (tree->data, fields, "Content-Type", PINION_MIME_MAX_FIELD);

  return value != NULL ? pinion_mime_parse_content_type (value) : NULL;
}

/* Opens a multipart if it is one within the bounds. */
static void
open_multipart (Scan             *scan,
                PinionMimeEntity *entity,
                guint             index)
{
  const char *boundary;
  OpenMultipart open;

  if (entity->type == NULL || !g_mime_content_type_is_type (entity->type, "multipart", "*"))
    return;

  boundary = g_mime_content_type_get_parameter (entity->type, "boundary");
  if (boundary == NULL || *boundary == '\0' || strlen (boundary) > PINION_MIME_MAX_BOUNDARY)
    return;
  if (scan->open->len >= PINION_MIME_MAX_DEPTH)
    {
      entity->is_opaque = TRUE;
      return;
    }

  entity->is_multipart = TRUE;
  open.entity = index;
  open.boundary = g_strdup (boundary);
  open.length = strlen (boundary);
  g_array_append_val (scan->open, open);
}

/* Starts the entity whose header block is at @start.  Returns: where its body starts. */
static gsize
start_entity (Scan *scan,
              int   parent,
              gsize start)
{
  GArray *entities = scan->tree->entities;
  guint index = entities->len;
  PinionMimeEntity *entity;

  g_array_set_size (entities, index + 1);
  entity = pinion_mime_tree_get (scan->tree, index);
  entity->parent = parent;
  entity->number = 1;
  if (parent >= 0)
    {
      PinionMimeEntity *above = pinion_mime_tree_get (scan->tree, (guint) parent);

      entity->number = ++above->n_children;
      entity->in_digest = above->type != NULL
                          && g_mime_content_type_is_type (above->type, "multipart", "digest");
    }

  scan_header (scan, entity, start);
  entity->body_end = scan->tree->length;
  entity->type = read_content_type (scan->tree, entity);
  open_multipart (scan, entity, index);
  scan->current = entity->is_multipart ? -1 : (int) index;

  return entity->body_start;
}

static void
end_entity (Scan *scan,
            guint index,
            gsize end)
{
  PinionMimeEntity *entity = pinion_mime_tree_get (scan->tree, index);

  entity->body_end = trim_line_break (scan->tree->data, entity->body_start,
                                      MAX (end, entity->body_start));
  if (entity->is_multipart && entity->n_children == 0)
    entity->is_multipart = FALSE;
}

/* Ends the open multiparts above @level. */
static void
close_multiparts (Scan *scan,
                  guint level,
                  gsize end)
{
  while (scan->open->len > level)
    {
      guint last = scan->open->len - 1;

      end_entity (scan, g_array_index (scan->open, OpenMultipart, last).entity, end);
      g_array_set_size (scan->open, last);
    }
}

static int
open_entity (GArray *open,
             guint   level)
{
  return (int) g_array_index (open, OpenMultipart, level).entity;
}

static void
start_tree (PinionMimeTree *self,
            const char     *data,
            gsize           length)
{
  self->data = data;
  self->length = length;
  self->entities = g_array_new (FALSE, TRUE, sizeof (PinionMimeEntity));
  g_array_set_clear_func (self->entities, entity_clear);
}

void
pinion_mime_tree_init_header (PinionMimeTree *self,
                              const char     *data,
                              gsize           length)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (OpenMultipart));
  Scan scan = { self, open, -1 };
  PinionMimeEntity entity = { .parent = -1, .number = 1, .body_end = length };

  start_tree (self, data, length);
  scan_header (&scan, &entity, 0);
  g_array_append_val (self->entities, entity);
}

void
pinion_mime_tree_init (PinionMimeTree *self,
                       const char     *data,
                       gsize           length)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (OpenMultipart));
  Scan scan = { self, open, -1 };
  Boundary found;
  gsize position;

  g_array_set_clear_func (open, open_multipart_clear);
  start_tree (self, data, length);

  position = start_entity (&scan, -1, 0);
  while (self->entities->len < PINION_MIME_MAX_PARTS && find_boundary (&scan, position, &found))
    {
      if (scan.current >= 0)
        end_entity (&scan, (guint) scan.current, found.start);
      scan.current = -1;

      close_multiparts (&scan, found.is_last ? found.level : found.level + 1, found.start);
      if (found.is_last)
        position = found.end;
      else
        position = start_entity (&scan, open_entity (open, found.level), found.end);
    }

  close_multiparts (&scan, 0, length);
}

void
pinion_mime_tree_clear (PinionMimeTree *self)
{
  g_clear_pointer (&self->entities, g_array_unref);
}
