/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GetUserSettings of Exchange's web service for Autodiscover, [MS-OXWSADISC]: the only one where
 * Exchange itself says what its administrator published for IMAP and SMTP. */

#include "pinion-discover-grammar.h"
#include "pinion-discover-xml.h"

#include "pinion-error.h"
#include "pinion-text.h"

#define MAX_MESSAGE 200

static const char *const spaces[] = { "schemas.microsoft.com/exchange/2010/Autodiscover", NULL };

static const char *const envelopes[]
    = { "schemas.xmlsoap.org/soap/envelope", "www.w3.org/2003/05/soap-envelope", NULL };

static const struct
{
  const char *name;
  PinionProtocol protocol;
  gboolean internal;
} settings[] = {
  { "ExternalImap4Connections", PINION_PROTOCOL_IMAP, FALSE },
  { "ExternalSmtpConnections", PINION_PROTOCOL_SMTP, FALSE },
  { "InternalImap4Connections", PINION_PROTOCOL_IMAP, TRUE },
  { "InternalSmtpConnections", PINION_PROTOCOL_SMTP, TRUE },
};

/* Whose host most likely serves mail as well. */
static const char *const hints[] = { "ExternalEwsUrl", "ExternalEcpUrl" };

static void
append_setting (GString    *request,
                const char *name)
{
  g_string_append_printf (request, "        <a:Setting>%s</a:Setting>\n", name);
}

char *
pinion_soap_make_request (const char *address,
                          const char *url)
{
  GString *request = g_string_new (NULL);
  g_autofree char *head = g_markup_printf_escaped (
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"\n"
      "    xmlns:a=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\"\n"
      "    xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">\n"
      "  <soap:Header>\n"
      "    <a:RequestedServerVersion>Exchange2010</a:RequestedServerVersion>\n"
      "    <wsa:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/"
      "GetUserSettings</wsa:Action>\n"
      "    <wsa:To>%s</wsa:To>\n"
      "  </soap:Header>\n"
      "  <soap:Body>\n"
      "    <a:GetUserSettingsRequestMessage><a:Request>\n"
      "      <a:Users><a:User><a:Mailbox>%s</a:Mailbox></a:User></a:Users>\n"
      "      <a:RequestedSettings>\n",
      url, address);

  g_string_append (request, head);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    append_setting (request, settings[i].name);
  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    append_setting (request, hints[i]);
  g_string_append (request, "      </a:RequestedSettings>\n"
                            "    </a:Request></a:GetUserSettingsRequestMessage>\n"
                            "  </soap:Body>\n"
                            "</soap:Envelope>\n");

  return g_string_free (request, FALSE);
}

static const char *
get (const PinionXmlNode *node,
     const char          *name)
{
  return pinion_xml_find_text (node, spaces, name);
}

/* -- Settings ------------------------------------------------------------------------------- */

/* "SSL" is TLS at once, "TLS" is STARTTLS. */
static void
read_connections (PinionAnswer        *answer,
                  const PinionXmlNode *setting,
                  PinionProtocol       protocol,
                  gboolean             internal,
                  const char          *address)
{
  const PinionXmlNode *list = pinion_xml_find (setting, spaces, "ProtocolConnections");
  const PinionXmlNode *node = pinion_xml_find (list, spaces, "ProtocolConnection");

  for (; node != NULL; node = pinion_xml_next (node, spaces, "ProtocolConnection"))
    {
      const char *method = get (node, "EncryptionMethod");
      gboolean tls = g_ascii_strcasecmp (method, "SSL") == 0;

      if (!tls && g_ascii_strcasecmp (method, "TLS") != 0)
        continue;

      pinion_answer_propose (answer, protocol, get (node, "Hostname"),
                             pinion_answer_parse_port (get (node, "Port")),
                             tls ? PINION_ENCRYPTION_TLS : PINION_ENCRYPTION_STARTTLS, NULL,
                             address, internal);
    }
}

static const PinionXmlNode *
find_setting (const PinionXmlNode *list,
              const char          *name)
{
  const PinionXmlNode *node = pinion_xml_find (list, spaces, "UserSetting");

  while (node != NULL && !g_str_equal (get (node, "Name"), name))
    node = pinion_xml_next (node, spaces, "UserSetting");

  return node;
}

static void
read_settings (PinionAnswer        *answer,
               const PinionXmlNode *list,
               const char          *address)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    read_connections (answer, find_setting (list, settings[i].name), settings[i].protocol,
                      settings[i].internal, address);

  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    pinion_answer_hint_url (answer, get (find_setting (list, hints[i]), "Value"));
}

/* -- The document --------------------------------------------------------------------------- */

static void
set_error (PinionAnswer *answer,
           const char   *code,
           const char   *message)
{
  g_autofree char *text = g_strdup_printf ("%s %s", code, message);

  answer->kind = PINION_ANSWER_ERROR;
  answer->message = pinion_text_clean_line (text, -1, MAX_MESSAGE);
}

static void
read_user (PinionAnswer        *answer,
           const PinionXmlNode *user,
           const char          *address)
{
  const char *code = get (user, "ErrorCode");

  if (g_str_equal (code, "RedirectAddress") || g_str_equal (code, "RedirectUrl"))
    {
      answer->kind = g_str_equal (code, "RedirectUrl") ? PINION_ANSWER_OTHER_URL
                                                       : PINION_ANSWER_OTHER_ADDRESS;
      answer->target = g_strdup (get (user, "RedirectTarget"));
    }
  else if (*code != '\0' && !g_str_equal (code, "NoError"))
    set_error (answer, code, get (user, "ErrorMessage"));
  else
    read_settings (answer, pinion_xml_find (user, spaces, "UserSettings"), address);
}

static void
read_response (PinionAnswer        *answer,
               const PinionXmlNode *response,
               const char          *address)
{
  const char *code = get (response, "ErrorCode");
  const PinionXmlNode *users = pinion_xml_find (response, spaces, "UserResponses");

  if (*code != '\0' && !g_str_equal (code, "NoError"))
    set_error (answer, code, get (response, "ErrorMessage"));
  else
    read_user (answer, pinion_xml_find (users, spaces, "UserResponse"), address);
}

/* SOAP 1.1, 4.4 and 1.2, 5.4 */
static void
read_fault (PinionAnswer        *answer,
            const PinionXmlNode *fault)
{
  const PinionXmlNode *reason = pinion_xml_find (fault, envelopes, "Reason");
  const char *text = pinion_xml_find_text (fault, envelopes, "faultstring");

  if (*text == '\0')
    text = pinion_xml_find_text (reason, envelopes, "Text");
  set_error (answer, "fault", text);
}

PinionAnswer *
pinion_soap_parse (const char *data,
                   gsize       length,
                   const char *address,
                   GError    **error)
{
  g_autoptr (PinionXml) xml = pinion_xml_parse (data, length, error);
  const PinionXmlNode *root = xml != NULL ? pinion_xml_get_root (xml) : NULL;

  if (xml == NULL)
    return NULL;

  const PinionXmlNode *body = pinion_xml_find (root, envelopes, "Body");
  const PinionXmlNode *fault = pinion_xml_find (body, envelopes, "Fault");
  const PinionXmlNode *message = pinion_xml_find (body, spaces, "GetUserSettingsResponseMessage");
  const PinionXmlNode *response = pinion_xml_find (message, spaces, "Response");
  if (!pinion_xml_is (root, envelopes, "Envelope") || (fault == NULL && response == NULL))
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "the document is no answer to GetUserSettings");
      return NULL;
    }

  PinionAnswer *answer = pinion_answer_new ();
  if (fault != NULL)
    read_fault (answer, fault);
  else
    read_response (answer, response, address);

  return answer;
}
