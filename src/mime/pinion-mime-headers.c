/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-mime-bounds.h"
#include "pinion-text.h"

#include <string.h>

#define MAX_SUBJECT_CHARS 1000
#define MAX_NAME_CHARS 300
#define THREAD_INDEX_LENGTH 22
#define THREAD_INDEX_GUID 6

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

  name = pinion_text_clean_line (internet_address_get_name (address), -1, MAX_NAME_CHARS);
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
add_plain_mailbox (GPtrArray  *list,
                   const char *text)
{
  gsize quoted = match_plain_quoted (text);
  gsize length = quoted + strspn (text + quoted, " ");
  gsize bare = quoted == 0 ? match_plain_address (text) : 0;

  if (bare > 0)
    {
      g_ptr_array_add (list, pinion_mime_address_take (NULL, g_strndup (text, bare)));
      return bare;
    }

  while (quoted == 0 && *text != '.' && is_name_char (text[length]))
    length++;
  if (length == 0 || text[length] != '<')
    return 0;

  gsize inner = match_plain_address (text + length + 1);
  if (inner == 0 || text[length + 1 + inner] != '>')
    return 0;

  const char *start = quoted > 0 ? text + 1 : text;
  gsize n = quoted > 0 ? quoted - 2 : length;
  char *name = pinion_text_clean_line (start, (gssize) n, MAX_NAME_CHARS);
  g_ptr_array_add (list, pinion_mime_address_take (name, g_strndup (text + length + 1, inner)));

  return length + inner + 2;
}

/* A whole field of such mailboxes needs no GMime, which takes longer than all the rest of a header.
 * Otherwise @list is as it was, and the result %FALSE. */
static gboolean
add_plain_field (GPtrArray  *list,
                 const char *value)
{
  guint before = list->len;

  for (;;)
    {
      value += strspn (value, " ");
      gsize length = add_plain_mailbox (list, value);
      value += length;
      value += strspn (value, " ");
      if (length > 0 && *value == '\0')
        return TRUE;
      if (length == 0 || *value != ',')
        break;
      value++;
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
      g_autofree char *words = pinion_mime_decode_words (value, MAX_NAME_CHARS);

      if (*words != '\0')
        g_ptr_array_add (list, pinion_mime_address_new (words, ""));
    }
}

static GPtrArray *
read_addresses (Reader     *reader,
                const char *name)
{
  GPtrArray *list = pinion_mime_address_list_new ();
  gsize length = strlen (name);

  for (guint i = 0; i < reader->fields->len; i++)
    {
      const PinionMimeField *field = &g_array_index (reader->fields, PinionMimeField, i);
      g_autofree char *value = NULL;

      if (field->name_length != length
          || g_ascii_strncasecmp (reader->data + field->name, name, length) != 0)
        continue;

      value = pinion_mime_unfold (reader->data + field->value, field->value_length,
                                  MIN (PINION_MIME_MAX_FIELD, reader->address_budget));
      reader->address_budget -= MIN (field->value_length, reader->address_budget);
      add_address_field (list, value);
    }

  return list;
}

/* -- Ids -------------------------------------------------------------------------------------- */

/* One id, cleaned; %NULL when nothing is left or no one could mean it. */
static char *
clean_id (const char *start,
          gsize       length)
{
  g_autofree char *id = NULL;

  if (length == 0 || length > PINION_MIME_MAX_MESSAGE_ID)
    return NULL;

  id = pinion_text_clean_line (start, (gssize) length, 0);

  return *id != '\0' ? g_steal_pointer (&id) : NULL;
}

/* The next id between "<" and ">" from @at on, which is moved behind it.  Returns: (nullable) */
static char *
next_enclosed_id (const char **at)
{
  const char *open;

  while ((open = strchr (*at, '<')) != NULL)
    {
      gsize length = strcspn (open + 1, "<>");
      char *id = clean_id (open + 1, length);

      *at = open + 1 + length;
      if (id != NULL)
        return id;
    }

  return NULL;
}

/* The next word that holds an "@". */
static char *
next_bare_id (const char **at)
{
  while (**at != '\0')
    {
      const char *word = *at;
      gsize length = strcspn (word, " \t,>");
      char *id = memchr (word, '@', length) != NULL ? clean_id (word, length) : NULL;

      *at += length + (word[length] != '\0');
      if (id != NULL)
        return id;
    }

  return NULL;
}

/* The ids between "<" and ">" in @value; without any, its words that hold an "@". */
static void
collect_ids (const char *value,
             GPtrArray  *ids)
{
  const char *at = value;
  char *id;

  while ((id = next_enclosed_id (&at)) != NULL)
    g_ptr_array_add (ids, id);

  if (ids->len > 0)
    return;

  at = value;
  while ((id = next_bare_id (&at)) != NULL)
    g_ptr_array_add (ids, id);
}

/* Keeps the first id, which names the thread, and the newest ones. */
static GPtrArray *
read_ids (const Reader *reader,
          const char   *name)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *value = dup_raw (reader, name, PINION_MIME_MAX_FIELD);

  if (value != NULL)
    collect_ids (value, ids);
  if (ids->len > PINION_MIME_MAX_REFERENCES)
    g_ptr_array_remove_range (ids, 1, ids->len - PINION_MIME_MAX_REFERENCES);

  return ids;
}

static char *
read_id (const Reader *reader,
         const char   *name)
{
  g_autofree char *value = dup_raw (reader, name, PINION_MIME_MAX_FIELD);
  const char *enclosed = value, *bare = value;
  char *id;

  if (value == NULL)
    return NULL;

  id = next_enclosed_id (&enclosed);
  if (id == NULL)
    id = next_bare_id (&bare);

  /* Not an id by the book, but the sender's only name for it */
  if (id == NULL && strpbrk (value, " \t") == NULL)
    id = clean_id (value, MIN (strlen (value), PINION_MIME_MAX_MESSAGE_ID));

  return id;
}

/* Written by programs that had none to give: it would join strangers. */
static gboolean
is_no_guid (const guchar *guid)
{
  for (guint i = 1; i < THREAD_INDEX_LENGTH - THREAD_INDEX_GUID; i++)
    {
      if (guid[i] != guid[0])
        return FALSE;
    }

  return TRUE;
}

static char *
dup_hex (const guchar *bytes,
         gsize         length)
{
  const char digits[] = "0123456789abcdef";
  char *hex = g_malloc (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }
  hex[2 * length] = '\0';

  return hex;
}

/* Thread-Index: 6 bytes of time, the conversation's GUID, then 5 bytes for each reply. */
static char *
read_thread_index (const Reader *reader)
{
  g_autofree char *value = dup_raw (reader, "Thread-Index", 4096);
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (value == NULL || *value == '\0')
    return NULL;

  bytes = g_base64_decode (value, &length);
  if (length < THREAD_INDEX_LENGTH || is_no_guid (bytes + THREAD_INDEX_GUID))
    return NULL;

  return dup_hex (bytes + THREAD_INDEX_GUID, THREAD_INDEX_LENGTH - THREAD_INDEX_GUID);
}

/* -- Lists and marks -------------------------------------------------------------------------- */

static char *
read_list_id (const Reader *reader)
{
  g_autofree char *value = dup_raw (reader, "List-Id", 1024);
  const char *open = value != NULL ? strrchr (value, '<') : NULL;

  if (value == NULL)
    return NULL;
  if (open != NULL)
    return clean_id (open + 1, strcspn (open + 1, ">"));

  return clean_id (value, strlen (value));
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
field_starts_with (const Reader *reader,
                   const char   *name,
                   const char   *prefix)
{
  g_autofree char *value = dup_raw (reader, name, 256);

  return value != NULL && g_ascii_strncasecmp (value, prefix, strlen (prefix)) == 0;
}

static gboolean
read_automatic (const Reader *reader)
{
  g_autofree char *submitted = dup_raw (reader, "Auto-Submitted", 256);

  if (submitted != NULL && g_ascii_strncasecmp (submitted, "no", 2) != 0)
    return TRUE;

  return field_starts_with (reader, "Precedence", "bulk")
         || field_starts_with (reader, "Precedence", "list")
         || field_starts_with (reader, "Precedence", "junk")
         || field_starts_with (reader, "List-Id", "");
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
  g_autofree char *value = dup_raw (reader, "Date", 256);

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

  self->subject = pinion_mime_decode_words (subject != NULL ? subject : "", MAX_SUBJECT_CHARS);
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
