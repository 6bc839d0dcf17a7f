/* SPDX-License-Identifier: GPL-3.0-or-later */

/* config-v1.1.xml, by which a domain says how its mailboxes are reached. */

#include "pinion-discover-grammar.h"
#include "pinion-discover-xml.h"

#include "pinion-error.h"

#include <string.h>

/* The format has no namespace. */
static const char *const spaces[] = { NULL };

/* Puts the address into the three places that the format has for it. */
static char *
expand (const char *text,
        const char *address)
{
  const char *at = strrchr (address, '@');
  gsize length = at != NULL ? (gsize) (at - address) : strlen (address);
  g_autofree char *local = g_strndup (address, length);
  GString *result = g_string_new (text);

  g_string_replace (result, "%EMAILADDRESS%", address, 4);
  g_string_replace (result, "%EMAILLOCALPART%", local, 4);
  g_string_replace (result, "%EMAILDOMAIN%", at != NULL ? at + 1 : "", 4);

  return g_string_free (result, FALSE);
}

static gboolean
read_encryption (const char       *text,
                 PinionEncryption *encryption)
{
  *encryption = g_ascii_strcasecmp (text, "STARTTLS") == 0 ? PINION_ENCRYPTION_STARTTLS
                                                           : PINION_ENCRYPTION_TLS;

  return *encryption == PINION_ENCRYPTION_STARTTLS || g_ascii_strcasecmp (text, "SSL") == 0
         || g_ascii_strcasecmp (text, "TLS") == 0;
}

/* A server that only takes OAuth tokens is of no use with a password or a ticket. */
static gboolean
can_sign_in (const PinionXmlNode *node)
{
  const PinionXmlNode *way = pinion_xml_find (node, spaces, "authentication");

  if (way == NULL)
    return TRUE;

  for (; way != NULL; way = pinion_xml_next (way, spaces, "authentication"))
    {
      if (g_ascii_strcasecmp (pinion_xml_get_text (way), "OAuth2") != 0)
        return TRUE;
    }

  return FALSE;
}

static void
read_servers (PinionAnswer        *answer,
              const PinionXmlNode *provider,
              const char          *name,
              const char          *type,
              PinionProtocol       protocol,
              const char          *address)
{
  const PinionXmlNode *node = pinion_xml_find (provider, spaces, name);

  for (; node != NULL; node = pinion_xml_next (node, spaces, name))
    {
      PinionEncryption encryption;

      if (g_ascii_strcasecmp (pinion_xml_get_type (node), type) != 0
          || !read_encryption (pinion_xml_find_text (node, spaces, "socketType"), &encryption)
          || !can_sign_in (node))
        continue;

      g_autofree char *host = expand (pinion_xml_find_text (node, spaces, "hostname"), address);
      g_autofree char *user = expand (pinion_xml_find_text (node, spaces, "username"), address);
      pinion_answer_propose (answer, protocol, host,
                             pinion_answer_parse_port (pinion_xml_find_text (node, spaces, "port")),
                             encryption, user, address, FALSE);
    }
}

PinionAnswer *
pinion_autoconfig_parse (const char *data,
                         gsize       length,
                         const char *address,
                         GError    **error)
{
  g_autoptr (PinionXml) xml = pinion_xml_parse (data, length, error);
  const PinionXmlNode *root = xml != NULL ? pinion_xml_get_root (xml) : NULL;

  if (xml == NULL)
    return NULL;

  const PinionXmlNode *provider = pinion_xml_find (root, spaces, "emailProvider");
  if (!pinion_xml_is (root, spaces, "clientConfig") || provider == NULL)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "the document is no configuration of a mail client");
      return NULL;
    }

  PinionAnswer *answer = pinion_answer_new ();
  read_servers (answer, provider, "incomingServer", "imap", PINION_PROTOCOL_IMAP, address);
  read_servers (answer, provider, "outgoingServer", "smtp", PINION_PROTOCOL_SMTP, address);

  return answer;
}
