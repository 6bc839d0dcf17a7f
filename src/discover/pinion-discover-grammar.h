/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers answer to a look-up, as typed values.  No sockets.  Private to discover.
 *
 * Autodiscover POX and SOAP ([MS-OXDSCLI], [MS-OXWSADISC]) and config-v1.1.xml.  Whatever has no
 * encryption, no valid host or no port is left out; nothing here trusts anything. */

#pragma once

#include "pinion-discovery.h"

#include <glib.h>

G_BEGIN_DECLS

/* More servers than an answer can sensibly name. */
#define PINION_ANSWER_MAX_PROPOSALS 32
#define PINION_ANSWER_MAX_HINTS 8

/* @internal: meant for the inside of the company's network. */
typedef struct
{
  PinionProtocol protocol;
  char *host;
  guint16 port;
  PinionEncryption encryption;
  char *user;
  gboolean internal;
} PinionProposal;

typedef enum
{
  PINION_ANSWER_SETTINGS,
  PINION_ANSWER_OTHER_ADDRESS,
  PINION_ANSWER_OTHER_URL,
  PINION_ANSWER_ERROR,
} PinionAnswerKind;

/* @proposals: of PinionProposal, each once, in the order of the answer.  @hints: hosts named for
 * other services, the likeliest first.  @target: the other address or URL, as it came.  @message:
 * what the server says went wrong, cleaned. */
typedef struct
{
  PinionAnswerKind kind;
  GPtrArray *proposals;
  GPtrArray *hints;
  char *target;
  char *message;
} PinionAnswer;

void pinion_answer_free (PinionAnswer *self);

/* The documents that ask for @address; @url: where it is sent.  Returns: (transfer full) */
char *pinion_pox_make_request  (const char *address);
char *pinion_soap_make_request (const char *address,
                                const char *url);

/* Each fails with PINION_ERROR_PROTOCOL or PINION_ERROR_TOO_LARGE where it is not such a document.
 * @address: whose settings they are.  Returns: (transfer full) (nullable) */
PinionAnswer *pinion_pox_parse        (const char *data,
                                       gsize       length,
                                       const char *address,
                                       GError    **error);
PinionAnswer *pinion_soap_parse       (const char *data,
                                       gsize       length,
                                       const char *address,
                                       GError    **error);
PinionAnswer *pinion_autoconfig_parse (const char *data,
                                       gsize       length,
                                       const char *address,
                                       GError    **error);

/* -- For the parsers ------------------------------------------------------------------------ */

PinionAnswer *pinion_answer_new (void);

/* Adds a server unless it is not usable or there already.  @user: (nullable) the address. */
void pinion_answer_propose (PinionAnswer    *self,
                            PinionProtocol   protocol,
                            const char      *host,
                            guint            port,
                            PinionEncryption encryption,
                            const char      *user,
                            const char      *address,
                            gboolean         internal);

/* Adds the host @text, or the host of the URL @text. */
void pinion_answer_hint     (PinionAnswer *self,
                             const char   *text);
void pinion_answer_hint_url (PinionAnswer *self,
                             const char   *text);

/* 1 to 65535; 0 for anything else. */
guint pinion_answer_parse_port (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionAnswer, pinion_answer_free)

G_END_DECLS
