/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-address.h"

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-text.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (PinionMimeAddress,
                     pinion_mime_address,
                     pinion_mime_address_copy,
                     pinion_mime_address_free)

PinionMimeAddress *
pinion_mime_address_take (char *name,
                          char *address)
{
  PinionMimeAddress *self = g_new (PinionMimeAddress, 1);

  if (name != NULL && *name == '\0')
    g_clear_pointer (&name, g_free);
  self->name = name;
  self->address = address != NULL ? address : g_strdup ("");

  return self;
}

PinionMimeAddress *
pinion_mime_address_new (const char *name,
                         const char *address)
{
  return pinion_mime_address_take (g_strdup (name), g_strdup (address));
}

PinionMimeAddress *
pinion_mime_address_copy (const PinionMimeAddress *self)
{
  return pinion_mime_address_new (self->name, self->address);
}

void
pinion_mime_address_free (PinionMimeAddress *self)
{
  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

/* The name as a phrase: quoted when it holds more than plain words (RFC 5322 3.2.3). */
static void
append_name (GString    *string,
             const char *name)
{
  if (strpbrk (name, "()<>[]:;@\\,.\"") == NULL)
    {
      g_string_append (string, name);
      return;
    }

  g_string_append_c (string, '"');
  for (; *name != '\0'; name++)
    {
      if (*name == '"' || *name == '\\')
        g_string_append_c (string, '\\');
      g_string_append_c (string, *name);
    }
  g_string_append_c (string, '"');
}

char *
pinion_mime_address_to_string (const PinionMimeAddress *self)
{
  g_autoptr (GString) string = NULL;

  if (self->name == NULL)
    return g_strdup (self->address);

  string = g_string_new (NULL);
  append_name (string, self->name);
  g_string_append_printf (string, " <%s>", self->address);

  return g_string_free_and_steal (g_steal_pointer (&string));
}

const char *
pinion_mime_address_get_label (const PinionMimeAddress *self)
{
  return self->name != NULL ? self->name : self->address;
}

char *
pinion_mime_addresses_join_labels (GPtrArray *addresses)
{
  GString *labels = g_string_new (NULL);

  for (guint i = 0; i < addresses->len && i < PINION_MIME_MOST_JOINED; i++)
    {
      if (i > 0)
        g_string_append (labels, ", ");
      g_string_append (labels, pinion_mime_address_get_label (g_ptr_array_index (addresses, i)));
    }

  return g_string_free (labels, FALSE);
}

gboolean
pinion_mime_address_is_suspicious (const PinionMimeAddress *self)
{
  const char *name = self->name;

  if (name == NULL || g_ascii_strcasecmp (name, self->address) == 0)
    return FALSE;

  /* The at signs of other widths look the same */
  return strpbrk (name, "@<>") != NULL || strstr (name, "＠") != NULL || strstr (name, "﹫") != NULL;
}

gboolean
pinion_mime_address_equal (const PinionMimeAddress *a,
                           const PinionMimeAddress *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (g_ascii_strcasecmp (a->address, b->address) == 0)
    return TRUE;

  folded_a = g_utf8_casefold (a->address, -1);
  folded_b = g_utf8_casefold (b->address, -1);

  return g_str_equal (folded_a, folded_b);
}

GPtrArray *
pinion_mime_address_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_mime_address_free);
}

GPtrArray *
pinion_mime_address_list_copy (GPtrArray *list)
{
  GPtrArray *copy = pinion_mime_address_list_new ();

  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (copy, pinion_mime_address_copy (g_ptr_array_index (list, i)));

  return copy;
}

char *
pinion_mime_address_list_to_string (GPtrArray *list)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *one = pinion_mime_address_to_string (g_ptr_array_index (list, i));

      if (i > 0)
        g_string_append (string, ", ");
      g_string_append (string, one);
    }

  return g_string_free_and_steal (string);
}

static gboolean
set_address_error (GError        **error,
                   PinionErrorCode code,
                   const char     *address,
                   const char     *why)
{
  g_autofree char *shown = pinion_text_clean_line (address, -1, 100);
  GError *made = pinion_error_new (code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                   "\"%s\" %s", shown, why);

  pinion_error_set_detail (made, "address", shown);
  g_propagate_error (error, made);

  return FALSE;
}

/* -- What a person typed ---------------------------------------------------------------------- */

/* The length of the piece up to the next "," or ";" outside of quotes and angles, line breaks
 * count as separators too. */
static gsize
piece_length (const char *text)
{
  gboolean quoted = FALSE;
  gboolean angle = FALSE;
  gsize i;

  for (i = 0; text[i] != '\0'; i++)
    {
      if (text[i] == '\n')
        break;
      if (quoted && text[i] == '\\' && text[i + 1] != '\0')
        i++;
      else if (text[i] == '"')
        quoted = !quoted;
      else if (text[i] == '<' && !quoted)
        angle = TRUE;
      else if (text[i] == '>' && !quoted)
        angle = FALSE;
      else if ((text[i] == ',' || text[i] == ';') && !quoted && !angle)
        break;
    }

  return i;
}

/* The name before "<", quotes and their backslashes taken away. */
static char *
read_name (const char *text,
           gsize       length)
{
  g_autofree char *raw = g_strstrip (g_strndup (text, length));
  g_autoptr (GString) name = g_string_new (NULL);

  for (const char *p = raw; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        continue;
      g_string_append_c (name, *p);
    }

  return pinion_text_clean_line (name->str, -1, 0);
}

static PinionMimeAddress *
read_mailbox (const char *piece,
              GError    **error)
{
  const char *angle = strrchr (piece, '<');
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;

  if (angle != NULL)
    {
      const char *end = strchr (angle, '>');

      if (end == NULL || end[strspn (end + 1, " \t\r") + 1] != '\0')
        {
          set_address_error (error, PINION_ERROR_INVALID_ARGUMENT, piece,
                             "is not an email address");
          return NULL;
        }
      name = read_name (piece, (gsize) (angle - piece));
      address = g_strstrip (g_strndup (angle + 1, (gsize) (end - angle) - 1));
    }
  else
    {
      address = g_strdup (piece);
    }

  if (!pinion_address_is_valid (address))
    {
      set_address_error (error, PINION_ERROR_INVALID_ARGUMENT, piece, "is not an email address");
      return NULL;
    }

  return pinion_mime_address_new (name, address);
}

GPtrArray *
pinion_mime_parse_address_list (const char *text,
                                GError    **error)
{
  g_autoptr (GPtrArray) list = pinion_mime_address_list_new ();

  while (*text != '\0')
    {
      gsize length = piece_length (text);
      g_autofree char *piece = g_strstrip (g_strndup (text, length));

      text += length + (text[length] != '\0');
      if (*piece != '\0')
        {
          PinionMimeAddress *address = read_mailbox (piece, error);

          if (address == NULL)
            return NULL;
          g_ptr_array_add (list, address);
        }
    }

  return g_steal_pointer (&list);
}

char *
pinion_mime_address_to_wire (const char *address,
                             GError    **error)
{
  const char *at;
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;

  if (!pinion_address_is_valid (address))
    {
      set_address_error (error, PINION_ERROR_INVALID_ARGUMENT, address, "is not an email address");
      return NULL;
    }

  at = strrchr (address, '@');
  local = g_strndup (address, (gsize) (at - address));
  domain = g_hostname_to_ascii (at + 1);
  if (domain == NULL)
    {
      set_address_error (error, PINION_ERROR_INVALID_ARGUMENT, address, "is not an email address");
      return NULL;
    }

  return g_strconcat (local, "@", domain, NULL);
}
