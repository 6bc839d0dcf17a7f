/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Autodiscover with plain XML, [MS-OXDSCLI].  Exchange itself names its hosts for other
 * protocols; IMAP and SMTP are named by what hosting companies put in its place. */

#include "pinion-discover-grammar.h"
#include "pinion-discover-xml.h"

#include "pinion-error.h"
#include "pinion-text.h"

#define MAX_MESSAGE 200

/* requestschema, responseschema, outlook/...: servers mix them up. */
static const char *const spaces[] = { "schemas.microsoft.com/exchange/autodiscover/", NULL };

char *
pinion_pox_make_request (const char *address)
{
  return g_markup_printf_escaped (
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/"
      "requestschema/2006\">\n"
      "  <Request>\n"
      "    <EMailAddress>%s</EMailAddress>\n"
      "    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/"
      "responseschema/2006a</AcceptableResponseSchema>\n"
      "  </Request>\n"
      "</Autodiscover>\n",
      address);
}

static const char *
get (const PinionXmlNode *node,
     const char          *name)
{
  return pinion_xml_find_text (node, spaces, name);
}

static gboolean
is_word (const char *text,
         const char *word)
{
  return g_ascii_strcasecmp (text, word) == 0;
}

/* -- IMAP and SMTP -------------------------------------------------------------------------- */

/* "SSL" says whether TLS is there at once, and is on where it is left out; "Encryption" overrules
 * it. On a port that is for STARTTLS, "SSL" cannot mean anything else.  Returns: whether there is
 * any */
static gboolean
read_encryption (const PinionXmlNode *node,
                 guint                port,
                 PinionEncryption    *encryption)
{
  const char *text = get (node, "Encryption");
  gboolean starttls_port = port == 143 || port == 587 || port == 25;

  *encryption = starttls_port ? PINION_ENCRYPTION_STARTTLS : PINION_ENCRYPTION_TLS;
  if (is_word (text, "None"))
    return FALSE;
  if (is_word (text, "TLS"))
    *encryption = PINION_ENCRYPTION_STARTTLS;
  if (*text != '\0')
    return TRUE;

  return !is_word (get (node, "SSL"), "off");
}

static char *
dup_user (const PinionXmlNode *node)
{
  const char *user = get (node, "LoginName");
  const char *domain = get (node, "DomainName");

  if (*user != '\0' && *domain != '\0' && is_word (get (node, "DomainRequired"), "on"))
    return g_strdup_printf ("%s\\%s", domain, user);

  return *user != '\0' ? g_strdup (user) : NULL;
}

static void
read_server (PinionAnswer        *answer,
             const PinionXmlNode *node,
             PinionProtocol       protocol,
             const char          *incoming_user,
             const char          *address)
{
  gboolean imap = protocol == PINION_PROTOCOL_IMAP;
  const char *text = get (node, "Port");
  guint port = pinion_answer_parse_port (text);
  g_autofree char *user = dup_user (node);
  PinionEncryption encryption;

  if (*text == '\0' && !imap && !is_word (get (node, "Encryption"), "SSL"))
    port = pinion_encryption_get_port (PINION_ENCRYPTION_STARTTLS, FALSE);
  if (!read_encryption (node, port, &encryption))
    return;
  if (*text == '\0' && port == 0)
    port = pinion_encryption_get_port (encryption, imap);

  pinion_answer_propose (answer, protocol, get (node, "Server"), port, encryption,
                         user != NULL ? user : incoming_user, address, FALSE);
}

/* UsePOPAuth: SMTP takes the user name of what comes in. */
static void
read_servers (PinionAnswer        *answer,
              const PinionXmlNode *account,
              const char          *address)
{
  g_autofree char *user = NULL;
  const PinionXmlNode *node;

  for (node = pinion_xml_find (account, spaces, "Protocol"); node != NULL;
       node = pinion_xml_next (node, spaces, "Protocol"))
    {
      if (!is_word (get (node, "Type"), "IMAP"))
        continue;
      read_server (answer, node, PINION_PROTOCOL_IMAP, NULL, address);
      if (user == NULL)
        user = dup_user (node);
    }

  for (node = pinion_xml_find (account, spaces, "Protocol"); node != NULL;
       node = pinion_xml_next (node, spaces, "Protocol"))
    {
      if (is_word (get (node, "Type"), "SMTP"))
        read_server (answer, node, PINION_PROTOCOL_SMTP,
                     is_word (get (node, "UsePOPAuth"), "on") ? user : NULL, address);
    }
}

/* -- Hosts of other services ---------------------------------------------------------------- */

static gboolean
is_url_name (const char *name)
{
  static const char *const names[]
      = { "ASUrl",  "EwsUrl", "EmwsUrl",     "EcpUrl", "OOFUrl",
          "OABUrl", "OWAUrl", "ExternalUrl", NULL };

  return g_strv_contains (names, name);
}

static void
read_hints_of (PinionAnswer        *answer,
               const PinionXmlNode *account,
               const char          *type)
{
  const PinionXmlNode *protocol;

  for (protocol = pinion_xml_find (account, spaces, "Protocol"); protocol != NULL;
       protocol = pinion_xml_next (protocol, spaces, "Protocol"))
    {
      if (!is_word (get (protocol, "Type"), type))
        continue;

      pinion_answer_hint (answer, get (protocol, "Server"));
      for (const PinionXmlNode *node = protocol; node != NULL;
           node = pinion_xml_walk (node, protocol))
        {
          if (is_url_name (pinion_xml_get_name (node)))
            pinion_answer_hint_url (answer, pinion_xml_get_text (node));
        }
    }
}

/* What is published first, then what is meant for the inside. */
static void
read_hints (PinionAnswer        *answer,
            const PinionXmlNode *account)
{
  static const char *const types[] = { "EXPR", "EXHTTP", "WEB", "EXCH" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    read_hints_of (answer, account, types[i]);
}

/* -- The document --------------------------------------------------------------------------- */

static gboolean
read_redirect (PinionAnswer        *answer,
               const PinionXmlNode *account)
{
  const char *action = get (account, "Action");

  if (is_word (action, "redirectAddr"))
    {
      answer->kind = PINION_ANSWER_OTHER_ADDRESS;
      answer->target = g_strdup (get (account, "RedirectAddr"));
      return TRUE;
    }
  if (is_word (action, "redirectUrl"))
    {
      answer->kind = PINION_ANSWER_OTHER_URL;
      answer->target = g_strdup (get (account, "RedirectUrl"));
      return TRUE;
    }

  return FALSE;
}

static gboolean
read_error (PinionAnswer        *answer,
            const PinionXmlNode *node)
{
  if (node == NULL)
    return FALSE;

  g_autofree char *text = g_strdup_printf ("%s %s", get (node, "ErrorCode"),
                                           get (node, "Message"));
  answer->kind = PINION_ANSWER_ERROR;
  answer->message = pinion_text_clean_line (text, -1, MAX_MESSAGE);
  return TRUE;
}

PinionAnswer *
pinion_pox_parse (const char *data,
                  gsize       length,
                  const char *address,
                  GError    **error)
{
  g_autoptr (PinionXml) xml = pinion_xml_parse (data, length, error);
  const PinionXmlNode *root = xml != NULL ? pinion_xml_get_root (xml) : NULL;

  if (xml == NULL)
    return NULL;

  const PinionXmlNode *response = pinion_xml_find (root, spaces, "Response");
  if (!pinion_xml_is (root, spaces, "Autodiscover") || response == NULL)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "the document is no answer of Autodiscover");
      return NULL;
    }

  PinionAnswer *answer = pinion_answer_new ();
  const PinionXmlNode *account = pinion_xml_find (response, spaces, "Account");
  if (!read_error (answer, pinion_xml_find (response, spaces, "Error"))
      && !read_redirect (answer, account))
    {
      read_servers (answer, account, address);
      read_hints (answer, account);
    }

  return answer;
}
