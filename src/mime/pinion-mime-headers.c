/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-mime-bounds.h"
#include "pinion-text.h"

#include <string.h>

/* The fields while they are read, and how many address bytes may still be. */
typedef struct
{
  const char *data;
  GArray *fields;
  gsize address_budget;
} Reader;

char *
pinion_mime_decode_words (const char *value,
                          gsize       max_chars)
{
  if (strstr (value, "=?") == NULL && g_str_is_ascii (value))
    return pinion_text_clean_line (value, -1, max_chars);

  g_autofree char *decoded = g_mime_utils_header_decode_text (NULL, value);

  return pinion_text_clean_line (decoded, -1, max_chars);
}

static char *
dup_raw (const Reader *reader,
         const char   *name,
         gsize         max)
{
  return pinion_mime_dup_field (reader->data, reader->fields, name, max);
}

/* -- Addresses -------------------------------------------------------------------------------- */

/* Whether all letters of @text are of one script, Japanese and Korean counted as one each. */
static gboolean
is_single_script (const char *text)
{
  GUnicodeScript seen = G_UNICODE_SCRIPT_COMMON;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (text));

      if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
        continue;
      if (script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA
          || script == G_UNICODE_SCRIPT_HANGUL)
        script = G_UNICODE_SCRIPT_HAN;
      if (seen != G_UNICODE_SCRIPT_COMMON && seen != script)
        return FALSE;
      seen = script;
    }

  return TRUE;
}

/* An international domain as its letters only where no label mixes scripts (S1). */
static char *
clean_address (const char *address)
{
  g_autofree char *clean = pinion_text_clean_line (address, -1, 0);
  const char *at = strrchr (clean, '@');
  g_auto (GStrv) labels = NULL;

  if (at == NULL || g_str_is_ascii (at))
    return g_steal_pointer (&clean);

  labels = g_strsplit (at + 1, ".", 100);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      if (!is_single_script (labels[i]))
        {
          g_autofree char *ascii = g_hostname_to_ascii (at + 1);

          if (ascii == NULL)
            break;
          return g_strdup_printf ("%.*s@%s", (int) (at - clean), clean, ascii);
        }
    }

  return g_steal_pointer (&clean);
}

static void
add_mailbox (GPtrArray       *list,
             InternetAddress *address)
{
  const char *raw = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address));
  g_autofree char *name = NULL;
  g_autofree char *clean = NULL;

  name = pinion_text_clean_line (internet_address_get_name (address), -1, PINION_MIME_MAX_NAME_CHARS);
  clean = clean_address (raw != NULL ? raw : "");

  /* Exchange names system senders without an address, or with a pseudo host */
  if (g_str_has_suffix (clean, "@.MISSING-HOST-NAME."))
    clean[strlen (clean) - strlen ("@.MISSING-HOST-NAME.")] = '\0';
  if (strchr (clean, '@') == NULL)
    {
      g_autofree char *words = pinion_text_clean_line (*name != '\0' ? name : clean, -1, 0);

      g_strdelimit (words, "\"", ' ');
      g_ptr_array_add (list, pinion_mime_address_new (g_strstrip (words), ""));
      return;
    }

  g_ptr_array_add (list, pinion_mime_address_new (name, clean));
}

/* The depth is bounded by PINION_MIME_ADDRESS_COLONS. */
static void
add_addresses (GPtrArray           *list,
               InternetAddressList *addresses)
{
  int n = internet_address_list_length (addresses);

  for (int i = 0; i < n; i++)
    {
      InternetAddress *address = internet_address_list_get_address (addresses, i);

      if (INTERNET_ADDRESS_IS_GROUP (address))
        add_addresses (list,
                       internet_address_group_get_members (INTERNET_ADDRESS_GROUP (address)));
      else
        add_mailbox (list, address);
    }
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == ' ' || c == '-' || c == '\'' || c == '_' || c == '.';
}

static gboolean
is_address_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '.' || c == '_' || c == '+';
}

/* The length of "local@domain" of plain characters, 0 for anything else: an international domain
 * (RFC 3490) is to be decoded. */
static gsize
match_plain_address (const char *text)
{
  gsize local = 0;

  while (is_address_char (text[local]))
    local++;
  if (local == 0 || text[local] != '@')
    return 0;

  gsize end = local + 1;
  while (is_address_char (text[end]))
    end++;

  gboolean has_edges = g_ascii_isalnum (*text) && g_ascii_isalnum (text[local - 1])
                       && g_ascii_isalnum (text[local + 1]) && g_ascii_isalnum (text[end - 1]);

  if (!has_edges || g_strstr_len (text, (gssize) end, "..") != NULL
      || g_strstr_len (text, (gssize) end, "--") != NULL)
    return 0;

  return end;
}

/* The length of a quoted string with neither escapes nor encoded words, 0 for anything else. */
static gsize
match_plain_quoted (const char *text)
{
  gsize n = 1;

  if (*text != '"')
    return 0;
  while (g_ascii_isprint (text[n]) && strchr ("\"\\=", text[n]) == NULL)
    n++;

  return text[n] == '"' ? n + 1 : 0;
}

/* One mailbox as nearly all are written, "Anna Keller <anna@x.example>", the name quoted or left out, of
 * what is plain by every reading of the standards.  Returns: its length, 0 for anything else. */
static gsize
match_plain_mailbox (const char     *text,
                     PinionMimeSpan *name,
                     PinionMimeSpan *address)
{
  gsize quoted = match_plain_quoted (text);
  gsize length = quoted + strspn (text + quoted, " ");
  gsize bare = quoted == 0 ? match_plain_address (text) : 0;

  *name = (PinionMimeSpan) { text, 0 };
  *address = (PinionMimeSpan) { text, bare };
  if (bare > 0)
    return bare;

  while (quoted == 0 && *text != '.' && is_name_char (text[length]))
    length++;
  if (length == 0 || text[length] != '<')
    return 0;

  address->start = text + length + 1;
  address->length = match_plain_address (address->start);
  if (address->length == 0 || address->start[address->length] != '>')
    return 0;

  name->start = quoted > 0 ? text + 1 : text;
  name->length = quoted > 0 ? quoted - 2 : length;

  return length + address->length + 2;
}

PinionMimeMatch
pinion_mime_next_mailbox (const char    **at,
                          PinionMimeSpan *name,
                          PinionMimeSpan *address)
{
  const char *text = *at + strspn (*at, " ");
  gsize length = match_plain_mailbox (text, name, address);

  text += length;
  text += strspn (text, " ");
  *at = *text == ',' ? text + 1 : text;
  if (length == 0 || (*text != ',' && *text != '\0'))
    return PINION_MIME_MATCH_NONE;

  return *text == ',' ? PINION_MIME_MATCH_MORE : PINION_MIME_MATCH_LAST;
}

/* A whole field of such mailboxes needs no GMime, which takes longer than all the rest of a header.
 * Otherwise @list is as it was, and the result %FALSE. */
static gboolean
add_plain_field (GPtrArray  *list,
                 const char *value)
{
  guint before = list->len;
  PinionMimeMatch match;
  PinionMimeSpan name, address;

  while ((match = pinion_mime_next_mailbox (&value, &name, &address)) != PINION_MIME_MATCH_NONE)
    {
      char *clean = pinion_text_clean_line (name.start, (gssize) name.length,
                                            PINION_MIME_MAX_NAME_CHARS);

      g_ptr_array_add (list, pinion_mime_address_take (clean, g_strndup (address.start,
                                                                         address.length)));
      if (match == PINION_MIME_MATCH_LAST)
        return TRUE;
    }
  g_ptr_array_set_size (list, (int) before);

  return FALSE;
}

static void
add_address_field (GPtrArray  *list,
                   const char *value)
{
  gsize position = 0;
  guint before = list->len;
  char *next;

  if (add_plain_field (list, value))
    return;

  while ((next = pinion_mime_next_address_piece (value, &position)) != NULL)
    {
      g_autofree char *piece = next;
      g_autoptr (InternetAddressList) addresses = internet_address_list_parse (NULL, piece);

      if (addresses != NULL)
        add_addresses (list, addresses);
    }

  /* What cannot be read is shown as it is, so that no sender is hidden */
  if (list->len == before && *value != '\0' && strchr (value, ':') == NULL)
    {
      g_autofree char *words = pinion_mime_decode_words (value, PINION_MIME_MAX_NAME_CHARS);

      if (*words != '\0')
        g_ptr_array_add (list, pinion_mime_address_new (words, ""));
    }
}

GPtrArray *
pinion_mime_read_addresses (const char *data,
                            GArray     *fields,
                            const char *name,
                            gsize      *budget)
{
  GPtrArray *list = pinion_mime_address_list_new ();
  gsize length = strlen (name);

  for (guint i = 0; i < fields->len; i++)
    {
      const PinionMimeField *field = &g_array_index (fields, PinionMimeField, i);
      g_autofree char *value = NULL;

      if (field->name_length != length
          || g_ascii_strncasecmp (data + field->name, name, length) != 0)
        continue;

      value = pinion_mime_unfold (data + field->value, field->value_length,
                                  MIN (PINION_MIME_MAX_FIELD, *budget));
      *budget -= MIN (field->value_length, *budget);
      add_address_field (list, value);
    }

  return list;
}

static GPtrArray *
read_addresses (Reader     *reader,
                const char *name)
{
  return pinion_mime_read_addresses (reader->data, reader->fields, name, &reader->address_budget);
}

/* -- Ids -------------------------------------------------------------------------------------- */

static char *
clean_id (PinionMimeSpan id)
{
  return pinion_text_clean_line (id.start, (gssize) id.length, 0);
}

/* Keeps the first id, which names the thread, and the newest ones. */
static GPtrArray *
read_ids (const Reader *reader,
          const char   *name)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *value = dup_raw (reader, name, PINION_MIME_MAX_FIELD);
  PinionMimeIds all;
  PinionMimeSpan id;

  pinion_mime_ids_init (&all, value);
  while (pinion_mime_ids_next (&all, &id))
    g_ptr_array_add (ids, clean_id (id));
  if (ids->len > PINION_MIME_MAX_REFERENCES)
    g_ptr_array_remove_range (ids, 1, ids->len - PINION_MIME_MAX_REFERENCES);

  return ids;
}

static char *
read_id (const Reader *reader,
         const char   *name)
{
  g_autofree char *value = dup_raw (reader, name, PINION_MIME_MAX_FIELD);
  PinionMimeSpan id;

  return pinion_mime_find_id (value, &id) ? clean_id (id) : NULL;
}

static char *
read_thread_index (const Reader *reader)
{
  g_autofree char *value = dup_raw (reader, "Thread-Index", PINION_MIME_MAX_THREAD_INDEX);
  char guid[PINION_MIME_GUID_SIZE];

  return pinion_mime_read_guid (value, guid) ? g_strdup (guid) : NULL;
}

/* -- Lists and marks -------------------------------------------------------------------------- */

static char *
read_list_id (const Reader *reader)
{
  g_autofree char *value = dup_raw (reader, "List-Id", 1024);
  const char *open = value != NULL ? strrchr (value, '<') : NULL;

  PinionMimeSpan id = { value, 0 };

  if (value == NULL)
    return NULL;
  if (open != NULL)
    id.start = open + 1;
  id.length = strcspn (id.start, open != NULL ? ">" : "");

  return pinion_mime_is_id (id) ? clean_id (id) : NULL;
}

static gboolean
is_unsubscribe_uri (const char *uri)
{
  return g_ascii_strncasecmp (uri, "https://", 8) == 0
         || g_ascii_strncasecmp (uri, "http://", 7) == 0
         || g_ascii_strncasecmp (uri, "mailto:", 7) == 0;
}

static GStrv
read_unsubscribe (const Reader *reader,
                  gboolean     *has_https)
{
  g_autofree char *value = dup_raw (reader, "List-Unsubscribe", 16 * 1024);
  g_autoptr (GStrvBuilder) builder = NULL;
  const char *open = value;
  guint n = 0;

  if (value == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  while ((open = strchr (open, '<')) != NULL && n < PINION_MIME_MAX_URIS)
    {
      gsize length = strcspn (++open, ">");
      g_autofree char *uri = pinion_text_clean_line (open, (gssize) length, 0);

      open += length;
      if (!is_unsubscribe_uri (uri) || strpbrk (uri, " \"<>") != NULL)
        continue;
      *has_https = *has_https || g_ascii_strncasecmp (uri, "https:", 6) == 0;
      g_strv_builder_add (builder, uri);
      n++;
    }

  return n > 0 ? g_strv_builder_end (builder) : NULL;
}

static gboolean
starts_with (const char *value,
             const char *prefix)
{
  return value != NULL && g_ascii_strncasecmp (value, prefix, strlen (prefix)) == 0;
}

static gboolean
field_starts_with (const Reader *reader,
                   const char   *name,
                   const char   *prefix)
{
  g_autofree char *value = dup_raw (reader, name, PINION_MIME_MAX_MARK);

  return starts_with (value, prefix);
}

gboolean
pinion_mime_is_automatic (const char *submitted,
                          const char *precedence,
                          gboolean    has_list)
{
  return has_list || (submitted != NULL && !starts_with (submitted, "no"))
         || starts_with (precedence, "bulk") || starts_with (precedence, "list")
         || starts_with (precedence, "junk");
}

static gboolean
read_automatic (const Reader *reader)
{
  g_autofree char *submitted = dup_raw (reader, "Auto-Submitted", PINION_MIME_MAX_MARK);
  g_autofree char *precedence = dup_raw (reader, "Precedence", PINION_MIME_MAX_MARK);

  return pinion_mime_is_automatic (submitted, precedence,
                                   pinion_mime_find_field (reader->data, reader->fields, "List-Id")
                                     != NULL);
}

static PinionMimeImportance
read_importance (const Reader *reader)
{
  if (field_starts_with (reader, "Importance", "high")
      || field_starts_with (reader, "X-Priority", "1")
      || field_starts_with (reader, "X-Priority", "2"))
    return PINION_MIME_IMPORTANCE_HIGH;
  if (field_starts_with (reader, "Importance", "low")
      || field_starts_with (reader, "X-Priority", "4")
      || field_starts_with (reader, "X-Priority", "5"))
    return PINION_MIME_IMPORTANCE_LOW;

  return PINION_MIME_IMPORTANCE_NORMAL;
}

static gboolean
is_placeholder (const char *subject)
{
  return g_str_has_prefix (subject, "Retrieval using the IMAP4 protocol failed for")
         || g_str_has_prefix (subject, "Retrieval using the IMAP protocol failed for");
}

static void
read_date (PinionMimeMessage *self,
           const Reader      *reader)
{
  g_autofree char *value = dup_raw (reader, "Date", PINION_MIME_MAX_DATE);

  self->date_is_valid = value != NULL && pinion_mime_read_date (value, &self->date);
}

static void
read_lists (PinionMimeMessage *self,
            const Reader      *reader)
{
  gboolean has_https = FALSE;

  self->list_id = read_list_id (reader);
  self->list_unsubscribe = read_unsubscribe (reader, &has_https);
  self->list_unsubscribe_one_click =
    has_https && field_starts_with (reader, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  self->is_automatic = read_automatic (reader);
  self->importance = read_importance (reader);
}

static void
read_subject (PinionMimeMessage *self,
              const Reader      *reader)
{
  g_autofree char *subject = dup_raw (reader, "Subject", PINION_MIME_MAX_SUBJECT);

  self->subject = pinion_mime_decode_words (subject != NULL ? subject : "", PINION_MIME_MAX_SUBJECT_CHARS);
  self->is_placeholder = is_placeholder (self->subject);
}

void
pinion_mime_read_subject (PinionMimeMessage *self,
                          const char        *data,
                          GArray            *fields)
{
  Reader reader = { data, fields, 0 };
  GPtrArray **empty[] = { &self->from, &self->sender, &self->reply_to, &self->to,
                          &self->cc, &self->bcc, &self->references };

  read_subject (self, &reader);
  for (gsize i = 0; i < G_N_ELEMENTS (empty); i++)
    *empty[i] = g_ptr_array_new ();
}

void
pinion_mime_read_headers (PinionMimeMessage *self,
                          const char        *data,
                          GArray            *fields)
{
  Reader reader = { data, fields, PINION_MIME_MAX_ADDRESSES };

  read_subject (self, &reader);
  self->from = read_addresses (&reader, "From");
  self->sender = read_addresses (&reader, "Sender");
  self->reply_to = read_addresses (&reader, "Reply-To");
  self->to = read_addresses (&reader, "To");
  self->cc = read_addresses (&reader, "Cc");
  self->bcc = read_addresses (&reader, "Bcc");
  read_date (self, &reader);
  self->message_id = read_id (&reader, "Message-ID");
  self->in_reply_to = read_id (&reader, "In-Reply-To");
  self->references = read_ids (&reader, "References");
  self->thread_index = read_thread_index (&reader);
  read_lists (self, &reader);
}
