/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-grammar.h"
#include "pinion-discover-policy.h"
#include "pinion-discover-xml.h"

#include "pinion-error.h"
#include "pinion-test-fiber.h"

#include <string.h>

#define ADDRESS "anna@northwind.example"

#define POX(inner)                                                                                  \
  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                                   \
  "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">" \
  "<Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">" \
  inner "</Response></Autodiscover>"
#define ACCOUNT(inner) POX ("<Account><AccountType>email</AccountType>" inner "</Account>")

typedef PinionAnswer *(*ParseFunc) (const char *data,
                                    gsize       length,
                                    const char *address,
                                    GError    **error);

/* -- What an answer says, as a line --------------------------------------------------------- */

static char *
describe (const PinionAnswer *answer)
{
  static const char *const kinds[] = { "", "address ", "url ", "error " };
  GString *text = g_string_new (kinds[answer->kind]);

  if (answer->kind == PINION_ANSWER_ERROR)
    g_string_append (text, answer->message);
  else if (answer->target != NULL)
    g_string_append (text, answer->target);

  for (guint i = 0; i < answer->proposals->len; i++)
    {
      const PinionProposal *proposal = answer->proposals->pdata[i];

      g_string_append_printf (text, "%s%s %s:%u %s %s%s", i > 0 ? "; " : "",
                              pinion_protocol_to_string (proposal->protocol), proposal->host,
                              proposal->port, pinion_encryption_to_string (proposal->encryption),
                              proposal->user, proposal->internal ? " internal" : "");
    }
  for (guint i = 0; i < answer->hints->len; i++)
    g_string_append_printf (text, "%s?%s", text->len > 0 ? " " : "",
                            (const char *) answer->hints->pdata[i]);

  return g_string_free (text, FALSE);
}

static void
assert_says (ParseFunc   parse,
             const char *document,
             const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionAnswer) answer = parse (document, strlen (document), ADDRESS, &error);

  g_assert_no_error (error);
  g_autofree char *text = describe (answer);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_fails (ParseFunc       parse,
              const char     *document,
              gsize           length,
              PinionErrorCode code)
{
  g_autoptr (GError) error = NULL;
  PinionAnswer *answer = parse (document, length, ADDRESS, &error);

  g_assert_null (answer);
  g_assert_error (error, PINION_ERROR, (int) code);
}

/* -- POX ------------------------------------------------------------------------------------ */

#define IMAP "<Type>IMAP</Type><Server>mail.northwind.example</Server>"
#define SMTP "<Type>SMTP</Type><Server>mail.northwind.example</Server>"
#define PROTOCOL(inner) "<Protocol>" inner "</Protocol>"

static const struct
{
  const char *document;
  const char *expected;
} pox_cases[] = {
  { ACCOUNT (PROTOCOL (IMAP "<Port>993</Port>")), "imap mail.northwind.example:993 tls " ADDRESS },
  /* Without a port, and with what says how */
  { ACCOUNT (PROTOCOL (IMAP)), "imap mail.northwind.example:993 tls " ADDRESS },
  { ACCOUNT (PROTOCOL (IMAP "<Encryption>TLS</Encryption>")),
    "imap mail.northwind.example:143 starttls " ADDRESS },
  { ACCOUNT (PROTOCOL (SMTP)), "smtp mail.northwind.example:587 starttls " ADDRESS },
  { ACCOUNT (PROTOCOL (SMTP "<Encryption>SSL</Encryption>")),
    "smtp mail.northwind.example:465 tls " ADDRESS },
  { ACCOUNT (PROTOCOL (IMAP "<Port>143</Port><SSL>on</SSL>")),
    "imap mail.northwind.example:143 starttls " ADDRESS },
  { ACCOUNT (PROTOCOL (SMTP "<Port>587</Port><SSL>on</SSL>")),
    "smtp mail.northwind.example:587 starttls " ADDRESS },
  { ACCOUNT (PROTOCOL (IMAP "<Port>1993</Port><Encryption>Auto</Encryption><SSL>off</SSL>")),
    "imap mail.northwind.example:1993 tls " ADDRESS },
  /* In clear, or nonsense */
  { ACCOUNT (PROTOCOL (IMAP "<Port>143</Port><SSL>off</SSL>")), "" },
  { ACCOUNT (PROTOCOL (IMAP "<Port>993</Port><Encryption>none</Encryption>")), "" },
  { ACCOUNT (PROTOCOL (IMAP "<Port>0</Port>")), "" },
  { ACCOUNT (PROTOCOL (IMAP "<Port>65536</Port>")), "" },
  { ACCOUNT (PROTOCOL (IMAP "<Port>-993</Port>")), "" },
  { ACCOUNT (PROTOCOL (IMAP "<Port>993x</Port>")), "" },
  { ACCOUNT (PROTOCOL ("<Type>IMAP</Type><Server>a b</Server><Port>993</Port>")), "" },
  { ACCOUNT (PROTOCOL ("<Type>IMAP</Type><Server>a@b.example</Server><Port>993</Port>")), "" },
  { ACCOUNT (PROTOCOL ("<Type>IMAP</Type><Port>993</Port>")), "" },
  { ACCOUNT (PROTOCOL ("<Type>POP3</Type><Server>pop.northwind.example</Server><Port>995</Port>")),
    "" },
  { ACCOUNT (""), "" },
  { POX (""), "" },
  /* User names */
  { ACCOUNT (PROTOCOL (IMAP "<LoginName>anna</LoginName>")),
    "imap mail.northwind.example:993 tls anna" },
  { ACCOUNT (PROTOCOL (IMAP "<LoginName>anna</LoginName><DomainRequired>on</DomainRequired>"
                            "<DomainName>NORTHWIND</DomainName>")),
    "imap mail.northwind.example:993 tls NORTHWIND\\anna" },
  { ACCOUNT (PROTOCOL (IMAP "<LoginName>an&#10;na</LoginName>")),
    "imap mail.northwind.example:993 tls " ADDRESS },
  { ACCOUNT (PROTOCOL (SMTP "<UsePOPAuth>on</UsePOPAuth>")
             PROTOCOL (IMAP "<LoginName>anna</LoginName>")),
    "imap mail.northwind.example:993 tls anna; smtp mail.northwind.example:587 starttls anna" },
  /* The same twice, in another case, and with the root's dot */
  { ACCOUNT (PROTOCOL (IMAP) PROTOCOL ("<Type>imap</Type><Server> MAIL.Northwind.example. "
                                       "</Server>")),
    "imap mail.northwind.example:993 tls " ADDRESS },
  { ACCOUNT (PROTOCOL ("<Type>IMAP</Type><Server>p\xc3\xb6st.example</Server>")),
    "imap xn--pst-sna.example:993 tls " ADDRESS },
  /* What Exchange says */
  { ACCOUNT (PROTOCOL ("<Type>EXCH</Type><Server>ab12@northwind.example</Server>"
                       "<ASUrl>https://ex01.northwind.local/EWS/Exchange.asmx</ASUrl>")
             PROTOCOL ("<Type>WEB</Type><External><OWAUrl>https://owa.northwind.example/owa/</OWAUrl>"
                       "</External>")
             PROTOCOL ("<Type>EXPR</Type><Server>outlook.northwind.example</Server>"
                       "<EwsUrl>https://outlook.northwind.example/EWS</EwsUrl>"
                       "<ASUrl>ftp//nonsense</ASUrl><ASUrl>https://10.0.0.1/</ASUrl>")),
    "?outlook.northwind.example ?owa.northwind.example ?ex01.northwind.local" },
  /* Elsewhere */
  { ACCOUNT ("<Action>redirectAddr</Action><RedirectAddr>b@c.example</RedirectAddr>"),
    "address b@c.example" },
  { ACCOUNT ("<Action>redirectUrl</Action><RedirectUrl>https://c.example/</RedirectUrl>"),
    "url https://c.example/" },
  { POX ("<Error Time=\"1\" Id=\"2\"><ErrorCode>500</ErrorCode><Message>Not\nhere</Message></Error>"),
    "error 500 Not here" },
  /* Without namespaces, with prefixes, with CDATA and comments */
  { "<Autodiscover><Response><Account>" PROTOCOL (IMAP) "</Account></Response></Autodiscover>",
    "imap mail.northwind.example:993 tls " ADDRESS },
  { "<a:Autodiscover xmlns:a='http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'>"
    "<a:Response><a:Account><a:Protocol><a:Type><![CDATA[IMAP]]></a:Type><!-- <b> -->"
    "<a:Server>a.example</a:Server></a:Protocol></a:Account></a:Response></a:Autodiscover>",
    "imap a.example:993 tls " ADDRESS },
  /* Something else's elements are not ours */
  { ACCOUNT (PROTOCOL ("<Type>IMAP</Type><Server xmlns='urn:other'>evil.example</Server>")), "" },
  { ACCOUNT ("<x:Protocol xmlns:x='http://evil.example/'>" IMAP "</x:Protocol>"), "" },
};

static void
test_pox (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pox_cases); i++)
    assert_says (pinion_pox_parse, pox_cases[i].document, pox_cases[i].expected);
}

static void
test_no_pox (void)
{
  static const char *const documents[] = {
    "",
    "hello",
    "<Autodiscover/>",
    "<Response><Account/></Response>",
    "<Autodiscover xmlns='urn:other'><Response/></Autodiscover>",
    "<Autodiscover><Response xmlns='urn:other'/></Autodiscover>",
    "<Autodiscover><Response/></Autodiscover><Autodiscover><Response/></Autodiscover>",
    "<Autodiscover><Response>&nbsp;</Response></Autodiscover>",
    "<Autodiscover><Response a=1/></Autodiscover>",
    "<Autodiscover><Response></Account></Response></Autodiscover>",
    "<!DOCTYPE Autodiscover><Autodiscover><Response/></Autodiscover>",
    "<Autodiscover><!ENTITY a \"b\"><Response/></Autodiscover>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    assert_fails (pinion_pox_parse, documents[i], strlen (documents[i]), PINION_ERROR_PROTOCOL);
}

static void
test_requests (void)
{
  g_autofree char *pox = pinion_pox_make_request ("o'neil&co@northwind.example");
  g_autofree char *soap = pinion_soap_make_request ("o'neil&co@northwind.example",
                                                    "https://a.example/?a=1&b=<2>");
  g_autoptr (PinionXml) pox_xml = pinion_xml_parse (pox, strlen (pox), NULL);
  g_autoptr (PinionXml) soap_xml = pinion_xml_parse (soap, strlen (soap), NULL);

  g_assert_nonnull (pox_xml);
  g_assert_nonnull (soap_xml);
  g_assert_nonnull (strstr (pox, ">o&apos;neil&amp;co@northwind.example<"));
  g_assert_nonnull (strstr (soap, ">https://a.example/?a=1&amp;b=&lt;2&gt;<"));
}

/* -- SOAP ----------------------------------------------------------------------------------- */

#define SOAP(inner)                                                                                 \
  "\xef\xbb\xbf<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"        \
  "<GetUserSettingsResponseMessage xmlns=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\">" \
  "<Response xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">" inner                         \
  "</Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>"
#define USER(inner)                                                                                 \
  SOAP ("<ErrorCode>NoError</ErrorCode><UserResponses><UserResponse>" inner                        \
        "</UserResponse></UserResponses>")
#define SETTINGS(inner) USER ("<ErrorCode>NoError</ErrorCode><UserSettings>" inner "</UserSettings>")
#define CONNECTIONS(name, inner)                                                                    \
  "<UserSetting i:type=\"ProtocolConnectionCollectionSetting\"><Name>" name                        \
  "</Name><ProtocolConnections>" inner "</ProtocolConnections></UserSetting>"
#define CONNECTION(host, port, method)                                                              \
  "<ProtocolConnection><Hostname>" host "</Hostname><Port>" port "</Port><EncryptionMethod>" method \
  "</EncryptionMethod></ProtocolConnection>"

static const struct
{
  const char *document;
  const char *expected;
} soap_cases[] = {
  { SETTINGS (CONNECTIONS ("InternalImap4Connections", CONNECTION ("in.example", "993", "SSL"))
              CONNECTIONS ("ExternalSmtpConnections", CONNECTION ("b.example", "587", "TLS"))
              CONNECTIONS ("ExternalImap4Connections",
                           CONNECTION ("a.example", "993", "SSL") CONNECTION ("a.example", "993", "ssl")
                           CONNECTION ("a.example", "143", "") CONNECTION ("a.example", "143", "None")
                           CONNECTION ("a.example", "nine", "SSL") CONNECTION ("", "993", "SSL"))
              CONNECTIONS ("ExternalPop3Connections", CONNECTION ("c.example", "995", "SSL"))
              "<UserSetting i:type=\"StringSetting\"><Name>ExternalEwsUrl</Name>"
              "<Value>https://ews.example/EWS/Exchange.asmx</Value></UserSetting>"),
    "imap a.example:993 tls " ADDRESS "; smtp b.example:587 starttls " ADDRESS
    "; imap in.example:993 tls " ADDRESS " internal ?ews.example" },
  { SETTINGS (""), "" },
  { USER ("<ErrorCode>RedirectAddress</ErrorCode><RedirectTarget>b@c.example</RedirectTarget>"),
    "address b@c.example" },
  { USER ("<ErrorCode>RedirectUrl</ErrorCode><RedirectTarget>https://c.example/</RedirectTarget>"),
    "url https://c.example/" },
  { USER ("<ErrorCode>InvalidUser</ErrorCode><ErrorMessage>Nobody</ErrorMessage>"),
    "error InvalidUser Nobody" },
  { SOAP ("<ErrorCode>ServerBusy</ErrorCode><ErrorMessage>Later</ErrorMessage>"),
    "error ServerBusy Later" },
  { "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault><s:Reason>"
    "<s:Text>No</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>",
    "error fault No" },
};

static void
test_soap (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (soap_cases); i++)
    assert_says (pinion_soap_parse, soap_cases[i].document, soap_cases[i].expected);

  assert_fails (pinion_soap_parse, ACCOUNT (""), strlen (ACCOUNT ("")), PINION_ERROR_PROTOCOL);
}

/* -- config-v1.1.xml ------------------------------------------------------------------------ */

#define CONFIG(inner)                                                                               \
  "<clientConfig version=\"1.1\"><emailProvider id=\"northwind.example\">" inner                   \
  "</emailProvider></clientConfig>"
#define INCOMING(type, host, port, how, more)                                                       \
  "<incomingServer type=\"" type "\"><hostname>" host "</hostname><port>" port "</port><socketType>" \
  how "</socketType>" more "</incomingServer>"

static const struct
{
  const char *document;
  const char *expected;
} config_cases[] = {
  { CONFIG (INCOMING ("pop3", "a.example", "995", "SSL", "")
            INCOMING ("imap", "a.example", "143", "plain", "")
            INCOMING ("imap", "a.example", "143", "", "")
            INCOMING ("imap", "imap.%EMAILDOMAIN%", "993", "SSL",
                      "<username>%EMAILLOCALPART%</username>")
            INCOMING ("imap", "b.example", "143", "STARTTLS", "<username>N\\%EMAILLOCALPART%"
                                                              "</username>")
            INCOMING ("imap", "c.example", "993", "SSL",
                      "<authentication>OAuth2</authentication>")
            INCOMING ("imap", "d.example", "993", "SSL",
                      "<authentication>OAuth2</authentication>"
                      "<authentication>password-cleartext</authentication>")
            "<outgoingServer type=\"smtp\"><hostname>s.example</hostname><port>587</port>"
            "<socketType>STARTTLS</socketType></outgoingServer>"),
    "imap imap.northwind.example:993 tls anna; imap b.example:143 starttls N\\anna; "
    "imap d.example:993 tls " ADDRESS "; smtp s.example:587 starttls " ADDRESS },
  { CONFIG (""), "" },
};

static void
test_autoconfig (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (config_cases); i++)
    assert_says (pinion_autoconfig_parse, config_cases[i].document, config_cases[i].expected);

  assert_fails (pinion_autoconfig_parse, "<clientConfig/>", 15, PINION_ERROR_PROTOCOL);
}

/* -- Bad documents -------------------------------------------------------------------------- */

/* Cut off anywhere, it is no document; and no byte changed in it brings down anything. */
static void
try_cut_and_changed (ParseFunc   parse,
                     const char *document)
{
  gsize length = strlen (document);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *cut = g_memdup2 (document, MAX (i, 1));
      assert_fails (parse, cut, i, PINION_ERROR_PROTOCOL);

      for (guint j = 0; j < 4; j++)
        {
          static const char changes[] = { '\0', '<', '&', '\xff' };
          g_autofree char *changed = g_memdup2 (document, length);

          changed[i] = changes[j];
          PinionAnswer *answer = parse (changed, length, ADDRESS, NULL);
          g_clear_pointer (&answer, pinion_answer_free);
        }
    }
}

static void
test_cut (void)
{
  try_cut_and_changed (pinion_pox_parse, ACCOUNT (PROTOCOL (IMAP "<Port>993</Port>") PROTOCOL (SMTP)));
  try_cut_and_changed (pinion_soap_parse, soap_cases[1].document);
  try_cut_and_changed (pinion_autoconfig_parse,
                       CONFIG (INCOMING ("imap", "a.example", "993", "SSL", "")));
}

static char *
repeat (const char *before,
        const char *text,
        guint       times,
        const char *after)
{
  GString *document = g_string_new (before);

  for (guint i = 0; i < times; i++)
    g_string_append (document, text);
  g_string_append (document, after);

  return g_string_free (document, FALSE);
}

static void
test_bounds (void)
{
  g_autofree char *deep = repeat ("", "<a>", PINION_XML_MAX_DEPTH + 1, "");
  g_autofree char *wide = repeat ("<a>", "<b/>", PINION_XML_MAX_NODES, "</a>");
  g_autofree char *attributes = repeat ("<a ", "b='' ", PINION_XML_MAX_ATTRIBUTES + 1, "/>");
  g_autofree char *long_text = repeat ("<a>", "0123456789", PINION_XML_MAX_BYTES / 10, "</a>");
  g_autofree char *bomb = repeat ("<!DOCTYPE a [<!ENTITY a \"", "ha ", 1000,
                                  "\"><!ENTITY b \"&a;&a;&a;\">]><a>&b;</a>");
  g_autofree char *servers = repeat ("<Autodiscover><Response><Account>", PROTOCOL (IMAP), 1000,
                                     "</Account></Response></Autodiscover>");

  assert_fails (pinion_pox_parse, deep, strlen (deep), PINION_ERROR_TOO_LARGE);
  assert_fails (pinion_pox_parse, wide, strlen (wide), PINION_ERROR_TOO_LARGE);
  assert_fails (pinion_pox_parse, attributes, strlen (attributes), PINION_ERROR_TOO_LARGE);
  assert_fails (pinion_pox_parse, long_text, strlen (long_text), PINION_ERROR_TOO_LARGE);
  assert_fails (pinion_pox_parse, bomb, strlen (bomb), PINION_ERROR_PROTOCOL);
  assert_says (pinion_pox_parse, servers, "imap mail.northwind.example:993 tls " ADDRESS);
}

/* No more servers and hosts than there is use for. */
static void
test_many_servers (void)
{
  GString *document = g_string_new ("<Autodiscover><Response><Account>");
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= 200; i++)
    g_string_append_printf (document,
                            PROTOCOL (IMAP "<Port>%u</Port>")
                            PROTOCOL ("<Type>EXPR</Type><Server>h%u.northwind.example</Server>"),
                            i, i);
  g_string_append (document, "</Account></Response></Autodiscover>");

  g_autoptr (PinionAnswer) answer = pinion_pox_parse (document->str, document->len, ADDRESS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->proposals->len, ==, PINION_ANSWER_MAX_PROPOSALS);
  g_assert_cmpuint (answer->hints->len, ==, PINION_ANSWER_MAX_HINTS);
  g_string_free (document, TRUE);
}

/* -- Who may be asked ----------------------------------------------------------------------- */

static PinionPolicy *
make_policy (const char *address,
             const char *base,
             const char *agreed)
{
  const char *hosts[] = { agreed, NULL };
  PinionDiscoverRequest request = { .address = address, .base_url = base, .agreed_hosts = hosts };
  g_autoptr (GError) error = NULL;
  PinionPolicy *policy = pinion_policy_new (&request, &error);

  g_assert_no_error (error);
  return policy;
}

static PinionVerdict
judge (PinionPolicy *policy,
       const char   *text)
{
  g_autoptr (GUri) url = g_uri_parse (text, G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_HAS_PASSWORD,
                                      NULL);
  PinionVerdict verdict;

  g_assert_nonnull (url);
  verdict = pinion_policy_judge (policy, url);
  /* Who may not be asked may not be told anything either. */
  if (verdict != PINION_VERDICT_ALLOWED)
    g_assert_false (pinion_policy_may_tell_secret (policy, url));

  return verdict;
}

static void
test_policy (void)
{
  g_autoptr (PinionPolicy) policy = make_policy ("anna@Mail.Northwind.example", NULL,
                                                 "autodiscover.hoster.example");
  static const struct
  {
    const char *url;
    PinionVerdict verdict;
  } cases[] = {
    { "https://mail.northwind.example/", PINION_VERDICT_ALLOWED },
    { "https://autodiscover.MAIL.northwind.example./x", PINION_VERDICT_ALLOWED },
    { "https://a.b.mail.northwind.example:8443/x", PINION_VERDICT_ALLOWED },
    { "https://AUTODISCOVER.hoster.example/", PINION_VERDICT_ALLOWED },
    { "https://hoster.example/", PINION_VERDICT_OTHER_HOST },
    { "https://x.autodiscover.hoster.example/", PINION_VERDICT_OTHER_HOST },
    { "https://northwind.example/", PINION_VERDICT_OTHER_HOST },
    { "https://autodiscover.northwind.example/", PINION_VERDICT_OTHER_HOST },
    { "https://autodiscover.example/", PINION_VERDICT_OTHER_HOST },
    { "https://example/", PINION_VERDICT_OTHER_HOST },
    { "https://xmail.northwind.example/", PINION_VERDICT_OTHER_HOST },
    { "https://mail.northwind.example.evil.example/", PINION_VERDICT_OTHER_HOST },
    { "https://evil.example/mail.northwind.example", PINION_VERDICT_OTHER_HOST },
    { "https://evil.example/?@mail.northwind.example", PINION_VERDICT_OTHER_HOST },
    { "https://127.0.0.1/", PINION_VERDICT_OTHER_HOST },
    { "https://u:p@mail.northwind.example/", PINION_VERDICT_MALFORMED },
    { "https://mail.northwind.example@evil.example/", PINION_VERDICT_MALFORMED },
    { "https://mail.northwind.example%00.evil.example/", PINION_VERDICT_MALFORMED },
    { "http://mail.northwind.example/", PINION_VERDICT_NOT_ENCRYPTED },
    { "http://autodiscover.hoster.example/", PINION_VERDICT_NOT_ENCRYPTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (strstr (cases[i].url, "%00") != NULL)
        {
          /* GLib takes no such host at all */
          g_assert_null (g_uri_parse (cases[i].url, G_URI_FLAGS_NONE, NULL));
          continue;
        }
      g_test_message ("%s", cases[i].url);
      g_assert_cmpint (judge (policy, cases[i].url), ==, cases[i].verdict);
    }
}

/* The leak of 2021: nobody who owns autodiscover.TLD hears of anything. */
static void
test_public_suffixes (void)
{
  static const char *const addresses[]
      = { "anna@com", "anna@co.uk", "anna@github.io", "anna@localhost", "anna@127.0.0.1",
          "anna@kawasaki.jp" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PinionPolicy) policy = make_policy (addresses[i], NULL, NULL);
      g_autofree char *url = g_strconcat ("https://autodiscover.", strchr (addresses[i], '@') + 1,
                                          "/autodiscover/autodiscover.xml", NULL);

      g_assert_false (pinion_policy_may_look_up (policy));
      if (!g_str_has_suffix (addresses[i], ".1"))
        g_assert_cmpint (judge (policy, url), ==, PINION_VERDICT_OTHER_HOST);
    }

  g_autoptr (PinionPolicy) policy = make_policy ("anna@northwind.co.uk", NULL, NULL);
  g_assert_true (pinion_policy_may_look_up (policy));
  g_assert_cmpint (judge (policy, "https://autodiscover.co.uk/"), ==, PINION_VERDICT_OTHER_HOST);
}

static void
test_base (void)
{
  g_autoptr (PinionPolicy) policy = make_policy ("anna@northwind.example", "https://127.0.0.1:4443/a/",
                                                 NULL);
  g_autoptr (PinionPolicy) clear = make_policy ("anna@northwind.example", "http://127.0.0.1:8080", NULL);
  g_autoptr (GUri) url = g_uri_parse ("https://autodiscover.northwind.example/b?c=d",
                                      G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  g_autoptr (GUri) mapped = pinion_policy_map (policy, url);
  g_autofree char *text = g_uri_to_string (mapped);

  g_assert_cmpstr (text, ==, "https://127.0.0.1:4443/a/b?c=d");
  g_assert_true (pinion_policy_may_tell_secret (policy, url));
  g_assert_false (pinion_policy_may_tell_secret (clear, url));
  g_assert_cmpint (judge (policy, "https://127.0.0.1:4443/x"), ==, PINION_VERDICT_ALLOWED);
  g_assert_cmpint (judge (policy, "https://127.0.0.1:4444/x"), ==, PINION_VERDICT_OTHER_HOST);
  g_assert_cmpint (judge (policy, "http://127.0.0.1:4443/x"), ==, PINION_VERDICT_NOT_ENCRYPTED);

  PinionDiscoverRequest request = { .address = "anna@northwind.example", .base_url = "ftp://a" };
  g_autoptr (GError) error = NULL;
  g_assert_null (pinion_policy_new (&request, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  g_test_add_func ("/discover/grammar/pox", test_pox);
  g_test_add_func ("/discover/grammar/no-pox", test_no_pox);
  g_test_add_func ("/discover/grammar/requests", test_requests);
  g_test_add_func ("/discover/grammar/soap", test_soap);
  g_test_add_func ("/discover/grammar/autoconfig", test_autoconfig);
  g_test_add_func ("/discover/grammar/cut", test_cut);
  g_test_add_func ("/discover/grammar/bounds", test_bounds);
  g_test_add_func ("/discover/grammar/many-servers", test_many_servers);
  g_test_add_func ("/discover/policy/hosts", test_policy);
  g_test_add_func ("/discover/policy/public-suffixes", test_public_suffixes);
  g_test_add_func ("/discover/policy/base", test_base);

  return g_test_run ();
}
