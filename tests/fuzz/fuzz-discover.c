/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What web servers answer to a look-up: any bytes are refused or give servers that can be used,
 * and what declares a document type or has no end gives nothing. */

#include "fuzz.h"
#include "pinion-discover-grammar.h"
#include "pinion-discover-xml.h"
#include "pinion-error.h"
#include "pinion-text.h"

#define ADDRESS "anna@northwind.example"

typedef PinionAnswer *(*ParseFunc) (const char *data,
                                    gsize       length,
                                    const char *address,
                                    GError    **error);

static void
check_host (const char *host)
{
  g_assert_true (pinion_host_is_valid (host));
  g_assert_false (g_str_has_suffix (host, "."));
  for (const char *at = host; *at != '\0'; at++)
    g_assert_true (g_ascii_isprint (*at) && !g_ascii_isupper (*at));
}

static void
check_proposal (const PinionProposal *proposal)
{
  g_autofree char *clean = pinion_text_clean_line (proposal->user, -1, 0);

  check_host (proposal->host);
  g_assert_cmpuint (proposal->port, >, 0);
  g_assert_cmpstr (clean, ==, proposal->user);
  g_assert_true (*proposal->user != '\0');
  g_assert_true (proposal->protocol == PINION_PROTOCOL_IMAP
                 || proposal->protocol == PINION_PROTOCOL_SMTP);
}

static void
check (ParseFunc     parse,
       const guint8 *data,
       gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionAnswer) answer = parse ((const char *) data, size, ADDRESS, &error);

  g_assert_true ((answer == NULL) == (error != NULL));
  if (answer == NULL)
    {
      g_assert_true (error->domain == PINION_ERROR);
      return;
    }

  g_assert_cmpuint (answer->proposals->len, <=, PINION_ANSWER_MAX_PROPOSALS);
  g_assert_cmpuint (answer->hints->len, <=, PINION_ANSWER_MAX_HINTS);
  for (guint i = 0; i < answer->proposals->len; i++)
    check_proposal (answer->proposals->pdata[i]);
  for (guint i = 0; i < answer->hints->len; i++)
    check_host (answer->hints->pdata[i]);
  if (answer->kind != PINION_ANSWER_SETTINGS)
    g_assert_cmpuint (answer->proposals->len + answer->hints->len, ==, 0);
  g_assert_true ((answer->message != NULL) == (answer->kind == PINION_ANSWER_ERROR));
}

/* The tree holds together: every node is walked over once, none too deep. */
static void
check_tree (const guint8 *data,
            gsize         size)
{
  g_autoptr (PinionXml) xml = pinion_xml_parse ((const char *) data, size, NULL);
  const PinionXmlNode *root = xml != NULL ? pinion_xml_get_root (xml) : NULL;
  guint n = 0;

  if (xml == NULL)
    return;

  g_assert_nonnull (root);
  for (const PinionXmlNode *node = root; node != NULL; node = pinion_xml_walk (node, root))
    {
      g_assert_true (g_utf8_validate (pinion_xml_get_text (node), -1, NULL));
      g_assert_true (*pinion_xml_get_name (node) != '\0');
      n++;
    }
  g_assert_cmpuint (n, <=, PINION_XML_MAX_NODES);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  check_tree (data, size);
  check (pinion_pox_parse, data, size);
  check (pinion_soap_parse, data, size);
  check (pinion_autoconfig_parse, data, size);

  return 0;
}
