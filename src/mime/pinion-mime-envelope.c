/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-envelope.h"

#include "pinion-mime-address.h"
#include "pinion-mime-bounds.h"
#include "pinion-mime-private.h"
#include "pinion-text.h"

#include <string.h>

#define USUAL_FIELDS 24

/* Longer address fields are left to GMime, so that the plain way needs no bounds. */
#define MOST_PLAIN (16u * 1024)

/* How much memory is taken for them at a time, in bytes. */
#define ODD_AT_ONCE 1024

/* Of the header that is read: @data and @fields, @links and the @guid of its Thread-Index; @budget: how many
 * address bytes may still be.  @scratch: its unfolded values, each once, and its ids, so far @used; twice the
 * header is room enough.  @odd: its ids that had to be cleaned. */
struct _PinionMimeEnvelopeReader
{
  GStringChunk *strings;
  GStringChunk *odd;
  const char *data;
  GArray *fields;
  gsize budget;
  GPtrArray *links;
  GString *line;
  char guid[PINION_MIME_GUID_SIZE];
  char *scratch;
  gsize room;
  gsize used;
};

PinionMimeEnvelopeReader *
pinion_mime_envelope_reader_new (GStringChunk *strings)
{
  PinionMimeEnvelopeReader *self = g_new0 (PinionMimeEnvelopeReader, 1);

  self->strings = strings;
  self->odd = g_string_chunk_new (ODD_AT_ONCE);
  self->fields = g_array_sized_new (FALSE, FALSE, sizeof (PinionMimeField), USUAL_FIELDS);
  self->links = g_ptr_array_new ();
  self->line = g_string_new (NULL);

  return self;
}

void
pinion_mime_envelope_reader_free (PinionMimeEnvelopeReader *self)
{
  g_string_chunk_free (self->odd);
  g_array_unref (self->fields);
  g_ptr_array_unref (self->links);
  g_string_free (self->line, TRUE);
  g_free (self->scratch);
  g_free (self);
}

/* -- Texts ------------------------------------------------------------------------------------ */

static const char *
keep (PinionMimeEnvelopeReader *self,
      const char               *text,
      gsize                     length)
{
  return g_string_chunk_insert_len (self->strings, text, (gssize) length);
}

/* @text: (nullable) */
static const char *
keep_text (PinionMimeEnvelopeReader *self,
           const char               *text)
{
  return text != NULL ? g_string_chunk_insert (self->strings, text) : NULL;
}

static char *
take_room (PinionMimeEnvelopeReader *self,
           gsize                     size)
{
  char *room = self->scratch + self->used;

  self->used += size;
  g_assert (self->used <= self->room);

  return room;
}

/* The first field @name, unfolded, to be asked for once.  Returns: (nullable) */
static char *
take_value (PinionMimeEnvelopeReader *self,
            const char               *name,
            gsize                     max)
{
  const PinionMimeField *field = pinion_mime_find_field (self->data, self->fields, name);

  if (field == NULL)
    return NULL;

  gsize length = MIN (field->value_length, max);
  char *value = take_room (self, length + 1);

  pinion_mime_unfold_into (self->data + field->value, length, value);

  return value;
}

/* For as long as the header is read. */
static const char *
take_id (PinionMimeEnvelopeReader *self,
         PinionMimeSpan            id)
{
  if (!pinion_text_is_clean_line (id.start, id.length))
    {
      g_autofree char *clean = pinion_text_clean_line (id.start, (gssize) id.length, 0);
      return g_string_chunk_insert (self->odd, clean);
    }

  char *text = take_room (self, id.length + 1);

  memcpy (text, id.start, id.length);
  text[id.length] = '\0';

  return text;
}

/* -- Addresses -------------------------------------------------------------------------------- */

/* The name of a plain mailbox, as it is shown. */
static void
append_name (GString       *line,
             PinionMimeSpan name)
{
  while (name.length > 0 && name.start[name.length - 1] == ' ')
    name.length--;
  if (name.length <= PINION_MIME_MAX_NAME_CHARS && pinion_text_is_clean_line (name.start, name.length))
    {
      g_string_append_len (line, name.start, (gssize) name.length);
      return;
    }

  g_autofree char *clean = pinion_text_clean_line (name.start, (gssize) name.length,
                                                   PINION_MIME_MAX_NAME_CHARS);
  g_string_append (line, clean);
}

/* The value of the only field @name, where it is not too long.  @length: of the field.
 * Returns: (nullable) */
static const char *
take_only (PinionMimeEnvelopeReader *self,
           const char               *name,
           gsize                    *length)
{
  const PinionMimeField *fields = (const PinionMimeField *) self->fields->data;
  const PinionMimeField *field = pinion_mime_find_field (self->data, self->fields, name);

  if (field == NULL || field->value_length > MIN (MOST_PLAIN, self->budget))
    return NULL;
  for (const PinionMimeField *other = field + 1; other < fields + self->fields->len; other++)
    {
      if (other->name_length == field->name_length
          && g_ascii_strncasecmp (self->data + other->name, name, field->name_length) == 0)
        return NULL;
    }

  *length = field->value_length;

  return take_value (self, name, MOST_PLAIN);
}

static gboolean
read_plain_from (PinionMimeEnvelopeReader *self,
                 PinionMimeEnvelope       *envelope)
{
  gsize length = 0;
  const char *at = take_only (self, "From", &length);
  PinionMimeSpan first_name, first_address, name, address;
  PinionMimeMatch match = at != NULL ? pinion_mime_next_mailbox (&at, &first_name, &first_address)
                                     : PINION_MIME_MATCH_NONE;

  if (match == PINION_MIME_MATCH_NONE)
    return FALSE;
  while (match == PINION_MIME_MATCH_MORE)
    match = pinion_mime_next_mailbox (&at, &name, &address);
  if (match == PINION_MIME_MATCH_NONE)
    return FALSE;

  self->budget -= length;
  g_string_truncate (self->line, 0);
  append_name (self->line, first_name);
  envelope->from_name = self->line->len > 0 ? keep (self, self->line->str, self->line->len) : NULL;
  envelope->from_address = keep (self, first_address.start, first_address.length);

  return TRUE;
}

static void
read_from (PinionMimeEnvelopeReader *self,
           PinionMimeEnvelope       *envelope)
{
  if (read_plain_from (self, envelope))
    return;

  g_autoptr (GPtrArray) list = pinion_mime_read_addresses (self->data, self->fields, "From", &self->budget);
  const PinionMimeAddress *first = list->len > 0 ? g_ptr_array_index (list, 0) : NULL;

  envelope->from_name = keep_text (self, first != NULL ? first->name : NULL);
  envelope->from_address = keep_text (self, first != NULL ? first->address : NULL);
}

/* Joins the names in @line, in vain where not all is plain. */
static gboolean
join_plain_to (PinionMimeEnvelopeReader *self)
{
  gsize length = 0;
  const char *at = take_only (self, "To", &length);
  PinionMimeMatch match = at != NULL ? PINION_MIME_MATCH_MORE : PINION_MIME_MATCH_NONE;
  PinionMimeSpan name, address;

  g_string_truncate (self->line, 0);
  for (guint n = 0; match == PINION_MIME_MATCH_MORE; n++)
    {
      match = pinion_mime_next_mailbox (&at, &name, &address);
      if (n >= PINION_MIME_MOST_JOINED)
        continue;

      if (n > 0)
        g_string_append (self->line, ", ");
      gsize before = self->line->len;
      append_name (self->line, name);
      if (self->line->len == before)
        g_string_append_len (self->line, address.start, (gssize) address.length);
    }

  return match == PINION_MIME_MATCH_LAST;
}

static const char *
read_to (PinionMimeEnvelopeReader *self)
{
  if (join_plain_to (self))
    return keep (self, self->line->str, self->line->len);

  g_autoptr (GPtrArray) list = pinion_mime_read_addresses (self->data, self->fields, "To", &self->budget);
  g_autofree char *labels = pinion_mime_addresses_join_labels (list);

  return keep_text (self, labels);
}

/* -- The rest --------------------------------------------------------------------------------- */

static const char *
read_subject (PinionMimeEnvelopeReader *self)
{
  const char *value = take_value (self, "Subject", PINION_MIME_MAX_SUBJECT);
  gsize length = value != NULL ? strlen (value) : 0;

  if (length == 0)
    return "";
  if (length <= PINION_MIME_MAX_SUBJECT_CHARS && pinion_text_is_clean_line (value, length)
      && strstr (value, "=?") == NULL)
    return keep (self, value, length);

  g_autofree char *words = pinion_mime_decode_words (value, PINION_MIME_MAX_SUBJECT_CHARS);

  return keep_text (self, words);
}

static const char *
read_id (PinionMimeEnvelopeReader *self,
         const char               *name)
{
  PinionMimeSpan id;

  return pinion_mime_find_id (take_value (self, name, PINION_MIME_MAX_FIELD), &id) ? take_id (self, id)
                                                                                   : NULL;
}

/* See pinion_mime_message_list_links(). */
static void
read_links (PinionMimeEnvelopeReader *self)
{
  PinionMimeIds ids;
  PinionMimeSpan id;

  g_ptr_array_set_size (self->links, 0);
  pinion_mime_ids_init (&ids, take_value (self, "References", PINION_MIME_MAX_FIELD));
  while (pinion_mime_ids_next (&ids, &id))
    g_ptr_array_add (self->links, (gpointer) take_id (self, id));
  if (self->links->len > PINION_MIME_MAX_REFERENCES)
    g_ptr_array_remove_range (self->links, 1, self->links->len - PINION_MIME_MAX_REFERENCES);

  const char *answered = read_id (self, "In-Reply-To");
  if (answered != NULL)
    g_ptr_array_add (self->links, (gpointer) answered);
  g_ptr_array_add (self->links, NULL);
}

static gboolean
read_is_mixed (PinionMimeEnvelopeReader *self)
{
  static const char mixed[] = "multipart/mixed";
  char *value = take_value (self, "Content-Type", PINION_MIME_MAX_FIELD);
  gsize length = value != NULL ? pinion_mime_match_type (value) : 0;

  if (value == NULL)
    return FALSE;
  if (length > 0)
    return length == strlen (mixed) && g_ascii_strncasecmp (value, mixed, length) == 0;

  g_autofree char *type = pinion_mime_dup_type (value);

  return g_str_equal (type, mixed);
}

static void
begin (PinionMimeEnvelopeReader *self,
       const char               *header,
       gsize                     length)
{
  gsize room = 2 * MIN (length, PINION_MIME_MAX_HEADER) + 64;

  if (self->room < room)
    {
      g_free (self->scratch);
      self->scratch = g_malloc (room);
      self->room = room;
    }
  self->used = 0;
  self->budget = PINION_MIME_MAX_ADDRESSES;
  g_string_chunk_clear (self->odd);
  self->data = header;
  g_array_set_size (self->fields, 0);
  pinion_mime_scan_fields_into (self->fields, header, 0, length);
}

void
pinion_mime_envelope_reader_read (PinionMimeEnvelopeReader *self,
                                  const char               *header,
                                  gsize                     length,
                                  PinionMimeEnvelope       *envelope)
{
  *envelope = (PinionMimeEnvelope) { 0 };
  begin (self, header, length);

  envelope->subject = read_subject (self);
  read_from (self, envelope);
  envelope->to = read_to (self);
  envelope->message_id = read_id (self, "Message-ID");
  read_links (self);
  envelope->links = (const char *const *) self->links->pdata;

  const char *date = take_value (self, "Date", PINION_MIME_MAX_DATE);
  if (date != NULL)
    pinion_mime_read_date (date, &envelope->date);
  if (pinion_mime_read_guid (take_value (self, "Thread-Index", PINION_MIME_MAX_THREAD_INDEX), self->guid))
    envelope->thread_index = self->guid;

  const char *submitted = take_value (self, "Auto-Submitted", PINION_MIME_MAX_MARK);
  const char *precedence = take_value (self, "Precedence", PINION_MIME_MAX_MARK);
  gboolean has_list = pinion_mime_find_field (self->data, self->fields, "List-Id") != NULL;
  envelope->is_automatic = pinion_mime_is_automatic (submitted, precedence, has_list);
  envelope->is_mixed = read_is_mixed (self);
}
