/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-roles-private.h"

#include <string.h>

/* How sure a guess is; a surer one takes the role. */
typedef enum
{
  GUESS_NONE,
  GUESS_BELOW_INBOX,
  GUESS_GENERIC,
  GUESS_NAME,
  GUESS_ATTRIBUTE,
} Guess;

static gunichar
fold_look_alike (gunichar c)
{
  switch (c)
    {
    case 0x00a0:
    case 0x202f:
      return ' ';
    case 0x2019:
      return '\'';
    case 0x0451: /* Cyrillic io */
      return 0x0435;
    case 0x015f: /* s and t with cedilla, for the comma below of Romanian */
      return 0x0219;
    case 0x0163:
      return 0x021b;
    default:
      return c;
    }
}

char *
pinion_sync_fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold (normal != NULL ? normal : name, -1);
  GString *key = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = fold_look_alike (g_utf8_get_char (p));

      if (c == 0x200e || c == 0x200f)
        continue;
      if (c == ' ' && (key->len == 0 || key->str[key->len - 1] == ' '))
        continue;
      g_string_append_unichar (key, c);
    }

  while (key->len > 0 && key->str[key->len - 1] == ' ')
    g_string_truncate (key, key->len - 1);

  return g_string_free (key, FALSE);
}

static int
compare_name (const void *key,
              const void *entry)
{
  return strcmp (key, ((const PinionFolderName *) entry)->name);
}

static const PinionFolderName *
find_name (const char *name)
{
  g_autofree char *key = pinion_sync_fold_name (name);

  return bsearch (key, pinion_folder_names, pinion_n_folder_names, sizeof (PinionFolderName),
                  compare_name);
}

static PinionFolderKind
kind_of_use (PinionImapUse use)
{
  switch (use)
    {
    case PINION_IMAP_USE_INBOX:
      return PINION_FOLDER_INBOX;
    case PINION_IMAP_USE_SENT:
      return PINION_FOLDER_SENT;
    case PINION_IMAP_USE_DRAFTS:
      return PINION_FOLDER_DRAFTS;
    case PINION_IMAP_USE_TRASH:
      return PINION_FOLDER_TRASH;
    case PINION_IMAP_USE_JUNK:
      return PINION_FOLDER_JUNK;
    case PINION_IMAP_USE_ARCHIVE:
      return PINION_FOLDER_ARCHIVE;
    case PINION_IMAP_USE_ALL:
    case PINION_IMAP_USE_FLAGGED:
    case PINION_IMAP_USE_IMPORTANT:
    case PINION_IMAP_USE_NONE:
    default:
      return PINION_FOLDER_PLAIN;
    }
}

/* Views over other folders' mail: listing them would show every message twice. */
static gboolean
is_virtual (const PinionImapMailbox *mailbox)
{
  return mailbox->use == PINION_IMAP_USE_ALL || mailbox->use == PINION_IMAP_USE_FLAGGED
         || mailbox->use == PINION_IMAP_USE_IMPORTANT;
}

static Guess
guess (const PinionImapMailbox *mailbox,
       PinionFolderKind        *kind)
{
  *kind = kind_of_use (mailbox->use);
  if (*kind != PINION_FOLDER_PLAIN)
    return GUESS_ATTRIBUTE;
  if (is_virtual (mailbox))
    {
      *kind = PINION_FOLDER_NOT_MAIL;
      return GUESS_ATTRIBUTE;
    }

  const char *slash = strchr (mailbox->path, '/');
  gboolean below_inbox = slash != NULL && g_ascii_strncasecmp (mailbox->path, "INBOX/", 6) == 0
                         && strchr (slash + 1, '/') == NULL;
  if (slash != NULL && !below_inbox)
    return GUESS_NONE;

  const PinionFolderName *name = find_name (below_inbox ? slash + 1 : mailbox->path);
  if (name == NULL || (below_inbox && name->kind == PINION_FOLDER_NOT_MAIL))
    return GUESS_NONE;

  *kind = name->kind;
  return below_inbox ? GUESS_BELOW_INBOX : name->weak ? GUESS_GENERIC : GUESS_NAME;
}

static gboolean
has_hidden_ancestor (GHashTable *hidden,
                     const char *path)
{
  g_autofree char *parent = g_strdup (path);
  char *slash;

  while ((slash = strrchr (parent, '/')) != NULL)
    {
      *slash = '\0';
      if (g_hash_table_contains (hidden, parent))
        return TRUE;
    }

  return FALSE;
}

GArray *
pinion_sync_assign_roles (GPtrArray *mailboxes)
{
  GArray *kinds = g_array_new (FALSE, TRUE, sizeof (PinionFolderKind));
  g_autoptr (GHashTable) hidden = g_hash_table_new (g_str_hash, g_str_equal);
  Guess best[PINION_FOLDER_NOT_MAIL] = { GUESS_NONE };
  guint holder[PINION_FOLDER_NOT_MAIL] = { 0 };

  g_array_set_size (kinds, mailboxes->len);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      PinionFolderKind kind;
      Guess sure = guess (mailbox, &kind);

      if (kind == PINION_FOLDER_NOT_MAIL)
        {
          g_array_index (kinds, PinionFolderKind, i) = kind;
          g_hash_table_add (hidden, mailbox->path);
        }
      else if (kind != PINION_FOLDER_PLAIN && sure > best[kind])
        {
          if (best[kind] != GUESS_NONE)
            g_array_index (kinds, PinionFolderKind, holder[kind]) = PINION_FOLDER_PLAIN;
          g_array_index (kinds, PinionFolderKind, i) = kind;
          best[kind] = sure;
          holder[kind] = i;
        }
    }

  for (guint i = 0; i < mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (g_array_index (kinds, PinionFolderKind, i) == PINION_FOLDER_PLAIN
          && has_hidden_ancestor (hidden, mailbox->path))
        g_array_index (kinds, PinionFolderKind, i) = PINION_FOLDER_NOT_MAIL;
    }

  return kinds;
}

const char *
pinion_folder_kind_to_role (PinionFolderKind kind)
{
  static const char *const roles[] = {
    NULL, "inbox", "sent", "drafts", "trash", "junk", "archive", NULL,
  };

  return kind < G_N_ELEMENTS (roles) ? roles[kind] : NULL;
}
