/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-address.h"

#include "pinion-error.h"
#include "pinion-text.h"

#include <string.h>

/* A path has 256 octets with its brackets (RFC 5321, 4.5.3.1.3). */
#define MAX_ADDRESS 254
#define MAX_LOCAL 64
/* RFC 1035, 2.3.4 */
#define MAX_LABEL 63

static gboolean
is_atom_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Other characters are let through as long as they can be seen (RFC 6531, 3.3). */
static gboolean
is_plain_text (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c < 0x80 ? !(is_atom_character ((char) c) || c == '.')
                   : !g_unichar_isgraph (c) || g_unichar_isspace (c))
        return FALSE;
    }

  return TRUE;
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE */
static gboolean
is_quoted_string (const char *text)
{
  gsize length = strlen (text);

  if (length < 3 || text[0] != '"' || text[length - 1] != '"')
    return FALSE;

  for (gsize i = 1; i < length - 1; i++)
    {
      gboolean escaped = text[i] == '\\';

      if (escaped && ++i == length - 1)
        return FALSE;
      if (text[i] < ' ' || text[i] > '~' || (text[i] == '"' && !escaped))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_misplaced_dots (const char *local)
{
  return *local == '.' || g_str_has_suffix (local, ".") || strstr (local, "..") != NULL;
}

/* Returns: (transfer full) (nullable) */
static char *
encode_local (const char *local)
{
  if (*local == '\0' || strlen (local) > MAX_LOCAL)
    return NULL;
  if (is_quoted_string (local))
    return g_strdup (local);
  if (!is_plain_text (local))
    return NULL;

  /* Such addresses exist; on the wire they have to be quoted. */
  if (has_misplaced_dots (local))
    return g_strdup_printf ("\"%s\"", local);

  return g_strdup (local);
}

static gboolean
is_domain (const char *domain)
{
  gsize label = 0;

  for (const char *c = domain; *c != '\0'; c++)
    {
      if (*c == '.' ? label == 0 : !(g_ascii_isalnum (*c) || *c == '-' || *c == '_'))
        return FALSE;
      label = *c == '.' ? 0 : label + 1;
      if (label > MAX_LABEL)
        return FALSE;
    }

  return label > 0;
}

/* address-literal = "[" … "]" (RFC 5321, 4.1.3) */
static gboolean
is_address_literal (const char *domain)
{
  gsize length = strlen (domain);

  if (length < 4 || domain[0] != '[' || domain[length - 1] != ']')
    return FALSE;

  for (gsize i = 1; i < length - 1; i++)
    if (!g_ascii_isalnum (domain[i]) && strchr (".:-", domain[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* Returns: (transfer full) (nullable) */
static char *
encode_domain (const char *domain)
{
  if (is_address_literal (domain))
    return g_strdup (domain);
  if (!g_utf8_validate (domain, -1, NULL))
    return NULL;

  g_autofree char *ascii = g_str_is_ascii (domain) ? g_strdup (domain)
                                                   : g_hostname_to_ascii (domain);
  if (ascii == NULL || !is_domain (ascii))
    return NULL;

  return g_steal_pointer (&ascii);
}

static char *
refuse (PinionErrorCode code,
        const char     *address,
        const char     *why,
        GError        **error)
{
  g_autofree char *shown = pinion_text_clean_line (address, -1, 300);
  GError *told = pinion_error_new (code, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "“%s” %s", shown,
                                   why);

  pinion_error_set_detail (told, "address", shown);
  g_propagate_error (error, told);
  return NULL;
}

char *
pinion_smtp_address_encode (const char *address,
                            gboolean    smtputf8,
                            GError    **error)
{
  const char *at = strrchr (address, '@');

  if (at == NULL || strlen (address) > MAX_ADDRESS)
    return refuse (PINION_ERROR_INVALID_ARGUMENT, address, "is no address", error);

  g_autofree char *name = g_strndup (address, (gsize) (at - address));
  g_autofree char *local = encode_local (name);
  g_autofree char *domain = encode_domain (at + 1);

  if (local == NULL || domain == NULL || strlen (local) + strlen (domain) + 1 > MAX_ADDRESS)
    return refuse (PINION_ERROR_INVALID_ARGUMENT, address, "is no address", error);
  if (!smtputf8 && !g_str_is_ascii (local))
    return refuse (PINION_ERROR_ADDRESS_UNSUPPORTED, address,
                   "has letters that this server cannot take", error);

  return g_strdup_printf ("<%s@%s>", local, domain);
}
