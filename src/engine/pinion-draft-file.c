/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-draft-file.h"

#include "pinion-error.h"
#include "pinion-mime-compose.h"
#include "pinion-mime-html.h"
#include "pinion-mime-message.h"
#include "pinion-text.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define FIELD "X-Pinion-Draft"
#define GROUP "draft"

void
pinion_draft_file_clear (PinionDraftFile *self)
{
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_clear_pointer (&self->recipients, g_strfreev);
  g_clear_pointer (&self->strings, g_ptr_array_unref);
}

/* -- Text ----------------------------------------------------------------------------------- */

static char *
whole_text (const PinionDraft *draft)
{
  if (draft->quote_text == NULL || *draft->quote_text == '\0')
    return g_strdup (draft->text);

  return g_strconcat (draft->text, "\n\n", draft->quote_text, NULL);
}

/* A signature in HTML makes the whole message HTML, as long as it stands there as it was put: the
 * words before it and the quote after it are made HTML around it. */
static char *
html_with_signature (const PinionDraft    *draft,
                     const PinionIdentity *identity)
{
  gsize length = pinion_draft_find_signature (draft->text, draft->signature);

  if (!pinion_signature_is_html (identity->signature) || length == strlen (draft->text))
    return NULL;

  g_autofree char *words = g_strndup (draft->text, length);
  g_autofree char *body = pinion_html_from_text (words);
  g_autofree char *signature = pinion_html_quote_safe (identity->signature, NULL);
  g_autofree char *quote
      = draft->quote_text != NULL ? pinion_html_from_text (draft->quote_text) : g_strdup ("");

  return g_strconcat (body, "<div>-- <br>", signature, "</div>", quote, NULL);
}

static char *
whole_html (const PinionDraft    *draft,
            const PinionIdentity *identity)
{
  if (draft->html == NULL)
    return html_with_signature (draft, identity);

  return g_strconcat (draft->html, draft->quote_html, NULL);
}

/* -- Recipients ----------------------------------------------------------------------------- */

/* Where @lenient, what cannot be understood yet is left out: the person is still typing. */
static gboolean
take_recipients (GPtrArray **list,
                 const char *typed,
                 gboolean    lenient,
                 GError    **error)
{
  GPtrArray *parsed = pinion_mime_parse_address_list (typed, lenient ? NULL : error);

  if (parsed == NULL)
    return lenient;

  g_ptr_array_unref (*list);
  *list = parsed;
  return TRUE;
}

static PinionMimeDraft *
make_mime (const PinionDraft   *draft,
           const PinionAccount *account,
           gboolean             lenient,
           GError             **error)
{
  g_autoptr (PinionIdentity) identity = pinion_account_dup_identity (account, draft->from);
  g_autoptr (PinionMimeDraft) mime = pinion_mime_draft_new (identity->name, identity->address);

  if (!take_recipients (&mime->to, draft->to, lenient, error)
      || !take_recipients (&mime->cc, draft->cc, lenient, error)
      || !take_recipients (&mime->bcc, draft->bcc, lenient, error))
    return NULL;

  g_free (mime->subject);
  mime->subject = pinion_text_clean_line (draft->subject, -1, 0);
  g_free (mime->text);
  mime->text = whole_text (draft);
  mime->html = whole_html (draft, identity);
  if (mime->html != NULL && *mime->text == '\0')
    {
      g_free (mime->text);
      mime->text = pinion_html_to_text (mime->html);
    }

  return g_steal_pointer (&mime);
}

/* -- Facts for the store -------------------------------------------------------------------- */

static char *
join_labels (const PinionMimeDraft *mime,
             PinionDraftFile       *file)
{
  GString *names = g_string_new (NULL);
  GPtrArray *lists[] = { mime->to, mime->cc, mime->bcc };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      for (guint j = 0; j < lists[i]->len; j++)
        {
          if (names->len > 0)
            g_string_append (names, ", ");
          g_string_append (names,
                           pinion_mime_address_get_label (g_ptr_array_index (lists[i], j)));
        }
    }

  char *joined = g_string_free (names, FALSE);
  g_ptr_array_add (file->strings, joined);
  return joined;
}

static const char *
keep (PinionDraftFile *file,
      const char      *string)
{
  char *copy = g_strdup (string);

  g_ptr_array_add (file->strings, copy);
  return copy;
}

static const char *const *
keep_references (PinionDraftFile       *file,
                 const PinionMimeDraft *mime)
{
  GPtrArray *chain = g_ptr_array_new ();

  for (guint i = 0; i < mime->references->len; i++)
    g_ptr_array_add (chain, (gpointer) keep (file, g_ptr_array_index (mime->references, i)));
  if (mime->in_reply_to != NULL)
    g_ptr_array_add (chain, (gpointer) keep (file, mime->in_reply_to));
  g_ptr_array_add (chain, NULL);

  gpointer *references = g_ptr_array_free (chain, FALSE);
  g_ptr_array_add (file->strings, references);
  return (const char *const *) references;
}

static void
take_facts (PinionDraftFile       *file,
            const PinionMimeDraft *mime,
            const char            *message_id)
{
  g_autoptr (PinionMimeMessage) parsed = pinion_mime_message_parse_bytes (file->raw);

  file->strings = g_ptr_array_new_with_free_func (g_free);
  file->header = (PinionStoreHeader){
    .message_id = keep (file, message_id),
    .references = keep_references (file, mime),
    .date = parsed->date_is_valid ? parsed->date : g_get_real_time () / G_USEC_PER_SEC,
    .from_name = keep (file, mime->from->name),
    .from_address = keep (file, mime->from->address),
    .to = join_labels (mime, file),
    .subject = keep (file, mime->subject),
    .snippet = keep (file, parsed->snippet),
    .has_attachments = parsed->has_attachments,
  };
}

/* Composes into the file @temp, which is read back and removed. */
static GBytes *
compose (const PinionMimeDraft *mime,
         const char            *temp,
         char                 **message_id,
         GError               **error)
{
  g_autoptr (GError) failure = NULL;
  char *contents = NULL;
  gsize length;
  gboolean done = pinion_mime_compose_to_file (mime, temp, TRUE, message_id, error);

  if (done && !g_file_get_contents (temp, &contents, &length, &failure))
    g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&failure),
                                                  PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
  g_unlink (temp);

  return contents != NULL ? g_bytes_new_take (contents, length) : NULL;
}

/* -- Drafts --------------------------------------------------------------------------------- */

static char *
dup_field (const PinionDraft *draft)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  if (draft->from != NULL)
    g_key_file_set_string (keys, GROUP, "from", draft->from);
  if (draft->signature != NULL)
    g_key_file_set_string (keys, GROUP, "signature", draft->signature);
  g_key_file_set_string (keys, GROUP, "to", draft->to);
  g_key_file_set_string (keys, GROUP, "cc", draft->cc);
  g_key_file_set_string (keys, GROUP, "bcc", draft->bcc);
  g_key_file_set_int64 (keys, GROUP, "reply-to", draft->reply_to_message);
  g_key_file_set_integer (keys, GROUP, "reply-kind", (int) draft->reply_kind);
  g_key_file_set_int64 (keys, GROUP, "forwarded", draft->forwarded);
  if (draft->quote_text != NULL)
    g_key_file_set_uint64 (keys, GROUP, "quote", strlen (draft->quote_text));
  if (draft->attachments != NULL)
    g_key_file_set_string_list (keys, GROUP, "attachments",
                                (const char *const *) draft->attachments,
                                g_strv_length (draft->attachments));

  gsize length;
  g_autofree char *data = g_key_file_to_data (keys, &length, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) data, length);
  GString *field = g_string_new (FIELD ":");

  for (const char *p = encoded; *p != '\0'; p += MIN (strlen (p), 70))
    g_string_append_printf (field, " %.70s\r\n", p);

  return g_string_free (field, FALSE);
}

gboolean
pinion_draft_file_write_draft (const PinionDraft   *draft,
                               const PinionAccount *account,
                               const char          *temp,
                               PinionDraftFile     *file,
                               GError             **error)
{
  g_autoptr (PinionMimeDraft) mime = make_mime (draft, account, TRUE, error);
  g_autofree char *message_id = NULL;

  if (mime == NULL)
    return FALSE;

  g_autoptr (GBytes) message = compose (mime, temp, &message_id, error);
  if (message == NULL)
    return FALSE;

  g_autofree char *field = dup_field (draft);
  GByteArray *raw = g_byte_array_new ();
  g_byte_array_append (raw, (const guint8 *) field, (guint) strlen (field));
  g_byte_array_append (raw, g_bytes_get_data (message, NULL), (guint) g_bytes_get_size (message));
  file->raw = g_byte_array_free_to_bytes (raw);
  take_facts (file, mime, message_id);

  return TRUE;
}

static GKeyFile *
read_field (PinionMimeMessage *mime)
{
  g_autofree char *value = pinion_mime_message_dup_header (mime, FIELD);
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  if (value == NULL)
    return NULL;

  g_auto (GStrv) words = g_strsplit (value, " ", -1);
  g_autofree char *encoded = g_strjoinv ("", words);
  gsize length;
  g_autofree guchar *data = g_base64_decode (encoded, &length);

  if (!g_key_file_load_from_data (keys, (const char *) data, length, G_KEY_FILE_NONE, NULL))
    return NULL;

  return g_steal_pointer (&keys);
}

static void
take_string (char      **field,
             GKeyFile   *keys,
             const char *key)
{
  char *value = g_key_file_get_string (keys, GROUP, key, NULL);

  if (value == NULL)
    return;

  g_free (*field);
  *field = value;
}

static void
apply_field (PinionDraft *draft,
             GKeyFile    *keys)
{
  take_string (&draft->from, keys, "from");
  take_string (&draft->signature, keys, "signature");
  take_string (&draft->to, keys, "to");
  take_string (&draft->cc, keys, "cc");
  take_string (&draft->bcc, keys, "bcc");
  draft->reply_to_message = g_key_file_get_int64 (keys, GROUP, "reply-to", NULL);
  draft->reply_kind = (PinionReplyKind) CLAMP (
      g_key_file_get_integer (keys, GROUP, "reply-kind", NULL), PINION_REPLY, PINION_FORWARD);
  draft->forwarded = g_key_file_get_int64 (keys, GROUP, "forwarded", NULL);
  draft->attachments = g_key_file_get_string_list (keys, GROUP, "attachments", NULL, NULL);

  /* The quote stands at the end of the text; it is taken off again. */
  gsize quote = g_key_file_get_uint64 (keys, GROUP, "quote", NULL);
  gsize length = strlen (draft->text);
  if (quote > 0 && quote + 2 <= length
      && g_str_has_prefix (draft->text + length - quote - 2, "\n\n"))
    {
      draft->quote_text = g_strdup (draft->text + length - quote);
      draft->text[length - quote - 2] = '\0';
    }
}

static void
take_addresses (char     **field,
                GPtrArray *list)
{
  g_free (*field);
  *field = pinion_mime_address_list_to_string (list);
}

/* Each in a folder of its own, since names may be the same.
 * Returns: (transfer full) (nullable) its path */
static char *
extract (PinionMimeMessage    *mime,
         const PinionMimePart *part,
         const char           *files,
         GError              **error)
{
  g_autofree char *folder = g_build_filename (files, part->id, NULL);
  g_autofree char *path = g_build_filename (folder, part->file_name, NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      pinion_error_set (error, errno == ENOSPC ? PINION_ERROR_DISK_FULL : PINION_ERROR_STORE_FAILED,
                        PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s", folder,
                        g_strerror (errno));
      return NULL;
    }
  if (!pinion_mime_message_save_part (mime, part->id, path, error))
    return NULL;

  return g_steal_pointer (&path);
}

static gboolean
extract_files (PinionDraft       *draft,
               PinionMimeMessage *mime,
               const char        *files,
               GError           **error)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < mime->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (mime->parts, i);
      char *path;

      if (!part->is_attachment)
        continue;
      path = extract (mime, part, files, error);
      if (path == NULL)
        return FALSE;
      g_strv_builder_take (paths, path);
    }

  draft->attachments = g_strv_builder_end (paths);
  return TRUE;
}

/* @keys: (nullable) what X-Pinion-Draft says, where that is to be believed. */
static PinionDraft *
make_draft (PinionMimeMessage *mime,
            GKeyFile          *keys,
            const char        *files,
            GError           **error)
{
  g_autoptr (PinionDraft) draft = pinion_draft_new ();

  take_addresses (&draft->to, mime->to);
  take_addresses (&draft->cc, mime->cc);
  take_addresses (&draft->bcc, mime->bcc);
  g_set_str (&draft->subject, mime->subject);
  g_free (draft->text);
  draft->text = pinion_mime_message_dup_text (mime);
  g_strchomp (draft->text);
  if (keys == NULL && mime->from->len > 0)
    draft->from = g_strdup (((PinionMimeAddress *) g_ptr_array_index (mime->from, 0))->address);
  if (keys != NULL)
    apply_field (draft, keys);
  else if (files != NULL && mime->has_attachments && !extract_files (draft, mime, files, error))
    return NULL;

  return g_steal_pointer (&draft);
}

PinionDraft *
pinion_draft_file_read (const char *path,
                        const char *files,
                        GError    **error)
{
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (path, error);

  if (mime == NULL)
    return NULL;

  g_autoptr (GKeyFile) keys = read_field (mime);
  return make_draft (mime, keys, files, error);
}

PinionDraft *
pinion_draft_file_read_foreign (const char *path,
                                const char *files,
                                GError    **error)
{
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (path, error);

  return mime != NULL ? make_draft (mime, NULL, files, error) : NULL;
}

char *
pinion_draft_file_dup_answered (const char *path)
{
  g_autoptr (PinionMimeMessage) mime
      = pinion_mime_message_parse_file_some (path, PINION_MIME_HEADERS, NULL);

  return mime != NULL ? g_strdup (mime->in_reply_to) : NULL;
}

/* -- Replies -------------------------------------------------------------------------------- */

/* The address it was sent to is the one that answers; the account's own where it was several. */
static char *
find_own (const PinionAccount     *account,
          const PinionMimeMessage *original)
{
  GPtrArray *lists[] = { original->to, original->cc };
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      for (guint j = 0; j < lists[i]->len; j++)
        {
          const PinionMimeAddress *address = g_ptr_array_index (lists[i], j);

          if (g_ascii_strcasecmp (address->address, account->email) == 0)
            return NULL;
          if (found == NULL && pinion_account_has_address (account, address->address))
            found = address->address;
        }
    }

  return g_strdup (found);
}

/* What one has written oneself goes on from the same address. */
static char *
find_from (const PinionAccount     *account,
           const PinionMimeMessage *original)
{
  for (guint i = 0; i < original->from->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (original->from, i);

      if (pinion_identities_find (account->aliases, address->address) != NULL)
        return g_strdup (address->address);
    }

  return find_own (account, original);
}

PinionDraft *
pinion_draft_file_make_reply (const char          *original,
                              gint64               message,
                              PinionReplyKind      kind,
                              const PinionAccount *account,
                              GError             **error)
{
  g_auto (GStrv) own = pinion_account_dup_addresses (account);
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (original, error);

  if (mime == NULL)
    return NULL;

  g_autoptr (PinionMimeDraft) reply
      = kind == PINION_FORWARD
            ? pinion_mime_forward_draft (mime, original, account->name, account->email)
            : pinion_mime_reply_draft (
                mime, kind == PINION_REPLY_ALL ? PINION_MIME_REPLY_ALL : PINION_MIME_REPLY,
                account->name, (const char *const *) own);
  PinionDraft *draft = pinion_draft_new ();

  draft->account = account->id;
  draft->from = find_from (account, mime);
  take_addresses (&draft->to, reply->to);
  take_addresses (&draft->cc, reply->cc);
  g_set_str (&draft->subject, reply->subject);
  draft->reply_to_message = message;
  draft->reply_kind = kind;
  if (kind == PINION_FORWARD)
    draft->forwarded = message;
  else
    draft->quote_text = g_strdup (reply->text);

  return draft;
}

/* -- Messages ------------------------------------------------------------------------------- */

static gboolean
add_original (PinionMimeDraft     *mime,
              const PinionDraft   *draft,
              const PinionAccount *account,
              const char          *original,
              GError             **error)
{
  const char *own[] = { account->email, NULL };
  g_autoptr (PinionMimeMessage) parsed = pinion_mime_message_parse_file (original, error);

  if (parsed == NULL)
    return FALSE;

  if (draft->forwarded != 0)
    {
      g_autofree char *name
          = g_strconcat (*parsed->subject != '\0' ? parsed->subject : _ ("Message"), ".eml", NULL);
      pinion_mime_draft_attach (mime, original, name, "message/rfc822");
      return TRUE;
    }

  g_autoptr (PinionMimeDraft) reply
      = pinion_mime_reply_draft (parsed, PINION_MIME_REPLY, account->name, own);
  g_set_str (&mime->in_reply_to, reply->in_reply_to);
  g_ptr_array_set_size (mime->references, 0);
  for (guint i = 0; i < reply->references->len; i++)
    g_ptr_array_add (mime->references, g_strdup (g_ptr_array_index (reply->references, i)));

  return TRUE;
}

static gboolean
add_files (PinionMimeDraft     *mime,
           const PinionDraft   *draft,
           const PinionAccount *account,
           const char          *original,
           GError             **error)
{
  if (original != NULL && !add_original (mime, draft, account, original, error))
    return FALSE;

  for (guint i = 0; draft->attachments != NULL && draft->attachments[i] != NULL; i++)
    pinion_mime_draft_attach (mime, draft->attachments[i], NULL, NULL);

  return TRUE;
}

gboolean
pinion_draft_file_write_copy (const PinionDraft   *draft,
                              const PinionAccount *account,
                              const char          *original,
                              const char          *temp,
                              PinionDraftFile     *file,
                              GError             **error)
{
  g_autoptr (PinionMimeDraft) mime = make_mime (draft, account, TRUE, error);
  g_autofree char *message_id = NULL;

  if (mime == NULL || !add_files (mime, draft, account, original, error))
    return FALSE;

  file->raw = compose (mime, temp, &message_id, error);
  if (file->raw == NULL)
    return FALSE;

  take_facts (file, mime, message_id);
  return TRUE;
}

gboolean
pinion_draft_file_write_message (const PinionDraft   *draft,
                                 const PinionAccount *account,
                                 const char          *original,
                                 const char          *temp,
                                 PinionDraftFile     *file,
                                 GError             **error)
{
  g_autoptr (PinionMimeDraft) mime = make_mime (draft, account, FALSE, error);
  g_autofree char *message_id = NULL;

  if (mime == NULL)
    return FALSE;
  if (mime->to->len + mime->cc->len + mime->bcc->len == 0)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "there is no recipient");
  if (!add_files (mime, draft, account, original, error))
    return FALSE;

  file->recipients = pinion_mime_draft_dup_recipients (mime, error);
  if (file->recipients == NULL)
    return FALSE;

  file->raw = compose (mime, temp, &message_id, error);
  if (file->raw == NULL)
    return FALSE;

  take_facts (file, mime, message_id);
  return TRUE;
}
