/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-mailbox.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pinion-imap-cursor.h"
#include "pinion-imap-utf7.h"
#include "pinion-text.h"

#define MAX_LEVEL_CHARS 200

G_DEFINE_BOXED_TYPE (PinionImapMailbox, pinion_imap_mailbox, pinion_imap_mailbox_copy,
                     pinion_imap_mailbox_free)
G_DEFINE_BOXED_TYPE (PinionImapStatus, pinion_imap_status, pinion_imap_status_copy,
                     pinion_imap_status_free)
G_DEFINE_BOXED_TYPE (PinionImapSelected, pinion_imap_selected, pinion_imap_selected_copy,
                     pinion_imap_selected_free)
G_DEFINE_BOXED_TYPE (PinionImapResync, pinion_imap_resync, pinion_imap_resync_copy,
                     pinion_imap_resync_free)
G_DEFINE_BOXED_TYPE (PinionImapStored, pinion_imap_stored, pinion_imap_stored_copy,
                     pinion_imap_stored_free)
G_DEFINE_BOXED_TYPE (PinionImapCopied, pinion_imap_copied, pinion_imap_copied_copy,
                     pinion_imap_copied_free)
G_DEFINE_BOXED_TYPE (PinionImapAppended, pinion_imap_appended, pinion_imap_appended_copy,
                     pinion_imap_appended_free)

static const struct
{
  PinionImapFlags flag;
  const char *name;
} FLAG_NAMES[] = {
  { PINION_IMAP_FLAG_SEEN, "\\Seen" },
  { PINION_IMAP_FLAG_ANSWERED, "\\Answered" },
  { PINION_IMAP_FLAG_FLAGGED, "\\Flagged" },
  { PINION_IMAP_FLAG_DELETED, "\\Deleted" },
  { PINION_IMAP_FLAG_DRAFT, "\\Draft" },
  { PINION_IMAP_FLAG_RECENT, "\\Recent" },
  { PINION_IMAP_FLAG_FORWARDED, "$Forwarded" },
  { PINION_IMAP_FLAG_MDN_SENT, "$MDNSent" },
  { PINION_IMAP_FLAG_JUNK, "$Junk" },
  { PINION_IMAP_FLAG_NOT_JUNK, "$NotJunk" },
  { PINION_IMAP_FLAG_JUNK, "Junk" },
  { PINION_IMAP_FLAG_NOT_JUNK, "NonJunk" },
  { PINION_IMAP_FLAG_ANY_KEYWORD, "\\*" },
};

/* -- Mailboxes ------------------------------------------------------------------------------ */

const char *
pinion_imap_use_to_attribute (PinionImapUse use)
{
  static const char *const attributes[] = {
    [PINION_IMAP_USE_ALL] = "\\All",         [PINION_IMAP_USE_ARCHIVE] = "\\Archive",
    [PINION_IMAP_USE_DRAFTS] = "\\Drafts",   [PINION_IMAP_USE_FLAGGED] = "\\Flagged",
    [PINION_IMAP_USE_JUNK] = "\\Junk",       [PINION_IMAP_USE_SENT] = "\\Sent",
    [PINION_IMAP_USE_TRASH] = "\\Trash",     [PINION_IMAP_USE_IMPORTANT] = "\\Important",
  };

  return (gsize) use < G_N_ELEMENTS (attributes) ? attributes[use] : NULL;
}

static char *
make_level (const char *raw,
            char        delimiter)
{
  g_autofree char *decoded = pinion_imap_utf7_decode (raw);
  g_autoptr (GString) level = NULL;

  level = g_string_new_take (pinion_text_clean_name (decoded, MAX_LEVEL_CHARS));
  if (delimiter != '/')
    g_string_replace (level, "/", "\xe2\x88\x95", 0);

  return g_string_free (g_steal_pointer (&level), FALSE);
}

static char *
make_path (const char *raw_name,
           char        delimiter)
{
  const char separator[2] = { delimiter, '\0' };
  g_auto (GStrv) levels = NULL;
  g_autoptr (GString) path = g_string_new (NULL);

  if (delimiter == '\0')
    return make_level (raw_name, delimiter);

  levels = g_strsplit (raw_name, separator, -1);
  for (guint i = 0; levels[i] != NULL; i++)
    {
      g_autofree char *level = make_level (levels[i], delimiter);

      /* Old servers end a parent's name with the separator. */
      if (*level == '\0')
        continue;
      if (path->len > 0)
        g_string_append_c (path, '/');
      g_string_append (path, level);
    }

  return g_string_free (g_steal_pointer (&path), FALSE);
}

PinionImapMailbox *
pinion_imap_mailbox_new (char                  *raw_name,
                         char                   delimiter,
                         PinionImapMailboxFlags flags,
                         PinionImapUse          use)
{
  PinionImapMailbox *self = g_new0 (PinionImapMailbox, 1);

  self->raw_name = raw_name;
  self->path = make_path (raw_name, delimiter);
  self->delimiter = delimiter;
  self->flags = flags;
  self->use = g_ascii_strcasecmp (raw_name, "INBOX") == 0 ? PINION_IMAP_USE_INBOX : use;

  return self;
}

PinionImapMailbox *
pinion_imap_mailbox_copy (const PinionImapMailbox *self)
{
  PinionImapMailbox *copy = g_memdup2 (self, sizeof *self);

  copy->raw_name = g_strdup (self->raw_name);
  copy->path = g_strdup (self->path);
  copy->status = self->status != NULL ? pinion_imap_status_copy (self->status) : NULL;

  return copy;
}

void
pinion_imap_mailbox_free (PinionImapMailbox *self)
{
  g_free (self->raw_name);
  g_free (self->path);
  g_clear_pointer (&self->status, pinion_imap_status_free);
  g_free (self);
}

char *
pinion_imap_mailbox_make_raw_name (const char *parent_raw,
                                   char        delimiter,
                                   const char *name)
{
  const char separator[2] = { delimiter, '\0' };
  g_autofree char *encoded = NULL;

  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    return NULL;
  if (parent_raw != NULL && delimiter == '\0')
    return NULL;

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) || c == '*' || c == '%' ||
          (delimiter != '\0' && c == (guchar) delimiter))
        return NULL;
    }

  encoded = pinion_imap_utf7_encode (name);
  /* A server may have chosen a character of the encoding itself. */
  if (encoded == NULL || (delimiter != '\0' && strchr (encoded, delimiter) != NULL))
    return NULL;
  if (parent_raw == NULL)
    return g_steal_pointer (&encoded);

  return g_strconcat (parent_raw, separator, encoded, NULL);
}

/* -- Flags ---------------------------------------------------------------------------------- */

PinionImapFlags
pinion_imap_flag_from_name (const char *name,
                            gsize       length)
{
  for (guint i = 0; length > 0 && i < G_N_ELEMENTS (FLAG_NAMES); i++)
    if (pinion_imap_match_word (name, length, FLAG_NAMES[i].name) == length)
      return FLAG_NAMES[i].flag;

  return 0;
}

char *
pinion_imap_flags_to_string (PinionImapFlags flags)
{
  g_autoptr (GString) out = g_string_new ("(");

  flags &= ~(PINION_IMAP_FLAG_RECENT | PINION_IMAP_FLAG_ANY_KEYWORD);
  for (guint i = 0; i < G_N_ELEMENTS (FLAG_NAMES); i++)
    {
      if ((flags & FLAG_NAMES[i].flag) == 0)
        continue;
      if (out->len > 1)
        g_string_append_c (out, ' ');
      g_string_append (out, FLAG_NAMES[i].name);
      flags &= ~FLAG_NAMES[i].flag;
    }
  g_string_append_c (out, ')');

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* -- State of a mailbox --------------------------------------------------------------------- */

PinionImapStatus *
pinion_imap_status_copy (const PinionImapStatus *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
pinion_imap_status_free (PinionImapStatus *self)
{
  g_free (self);
}

PinionImapSelected *
pinion_imap_selected_copy (const PinionImapSelected *self)
{
  PinionImapSelected *copy = g_memdup2 (self, sizeof *self);

  copy->raw_name = g_strdup (self->raw_name);

  return copy;
}

void
pinion_imap_selected_free (PinionImapSelected *self)
{
  g_free (self->raw_name);
  g_free (self);
}

/* -- Messages ------------------------------------------------------------------------------- */

PinionImapMessage *
pinion_imap_message_new (void)
{
  PinionImapMessage *self = g_new0 (PinionImapMessage, 1);

  self->internal_date = G_MININT64;

  return self;
}

void
pinion_imap_message_free (PinionImapMessage *self)
{
  if (self->body_path != NULL)
    g_unlink (self->body_path);
  g_free (self->body_path);
  g_clear_pointer (&self->header, g_bytes_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->email_id);
  g_free (self->thread_id);
  g_free (self);
}

/* -- What happened meanwhile ---------------------------------------------------------------- */

PinionImapResync *
pinion_imap_resync_copy (const PinionImapResync *self)
{
  PinionImapResync *copy = g_memdup2 (self, sizeof *self);

  copy->selected = pinion_imap_selected_copy (self->selected);
  copy->changed = g_array_copy (self->changed);
  copy->vanished = pinion_uid_set_ref (self->vanished);

  return copy;
}

void
pinion_imap_resync_free (PinionImapResync *self)
{
  pinion_imap_selected_free (self->selected);
  g_array_unref (self->changed);
  pinion_uid_set_unref (self->vanished);
  g_free (self);
}

/* -- Answers -------------------------------------------------------------------------------- */

PinionImapCopied *
pinion_imap_copied_new (void)
{
  PinionImapCopied *self = g_new0 (PinionImapCopied, 1);

  self->source = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->destination = g_array_new (FALSE, FALSE, sizeof (guint32));

  return self;
}

PinionImapCopied *
pinion_imap_copied_copy (const PinionImapCopied *self)
{
  PinionImapCopied *copy = g_memdup2 (self, sizeof *self);

  copy->source = g_array_copy (self->source);
  copy->destination = g_array_copy (self->destination);

  return copy;
}

void
pinion_imap_copied_free (PinionImapCopied *self)
{
  g_array_unref (self->source);
  g_array_unref (self->destination);
  g_free (self);
}

PinionImapStored *
pinion_imap_stored_copy (const PinionImapStored *self)
{
  PinionImapStored *copy = g_memdup2 (self, sizeof *self);

  copy->answered = g_array_copy (self->answered);
  copy->modified = pinion_uid_set_ref (self->modified);

  return copy;
}

void
pinion_imap_stored_free (PinionImapStored *self)
{
  g_array_unref (self->answered);
  pinion_uid_set_unref (self->modified);
  g_free (self);
}

PinionImapAppended *
pinion_imap_appended_copy (const PinionImapAppended *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
pinion_imap_appended_free (PinionImapAppended *self)
{
  g_free (self);
}
