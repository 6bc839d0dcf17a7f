/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A mailbox as it stands in a header (RFC 5322 3.4), cleaned for showing, and lists of them.
 * Groups are flattened to their members. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* @name: the display name, one clean line; %NULL if there is none.
 * @address: local@domain as written, one clean line; "" where a mailbox without an address was
 *           named (Exchange does that); not proven valid: pinion_address_is_valid() tells. */
typedef struct
{
  char *name;
  char *address;
} PinionMimeAddress;

#define PINION_TYPE_MIME_ADDRESS (pinion_mime_address_get_type ())
GType pinion_mime_address_get_type (void);

/* Copies both; an empty @name becomes %NULL, a %NULL @address "".  Returns: (transfer full) */
PinionMimeAddress *pinion_mime_address_new  (const char *name,
                                             const char *address);
/* The same, but takes both (transfer full). */
PinionMimeAddress *pinion_mime_address_take (char *name,
                                             char *address);
PinionMimeAddress *pinion_mime_address_copy (const PinionMimeAddress *self);
void               pinion_mime_address_free (PinionMimeAddress *self);

/* "Ana Sol <ana@example.com>", quoted as needed: text that pinion_mime_parse_address_list() reads
 * back.  Returns: (transfer full) */
char *pinion_mime_address_to_string (const PinionMimeAddress *self);

/* The name, or the address where there is none; borrowed. */
const char *pinion_mime_address_get_label (const PinionMimeAddress *self);

/* So many people are told of a message in a list. */
#define PINION_MIME_MOST_JOINED 10

/* The labels of the first ten of @addresses (PinionMimeAddress): "Ana Sol, bo@example.com".
 * Returns: (transfer full) */
char *pinion_mime_addresses_join_labels (GPtrArray *addresses);

/* Whether the name could pass for another sender: it holds an "@" or an address that is not the
 * address itself (S1). */
gboolean pinion_mime_address_is_suspicious (const PinionMimeAddress *self);

/* Whether both name the same mailbox: the addresses compared without case. */
gboolean pinion_mime_address_equal (const PinionMimeAddress *a,
                                    const PinionMimeAddress *b);

/* An array that owns its PinionMimeAddress.  Returns: (transfer full) */
GPtrArray *pinion_mime_address_list_new  (void);
GPtrArray *pinion_mime_address_list_copy (GPtrArray *list);

/* All of them, comma separated.  Returns: (transfer full) */
char *pinion_mime_address_list_to_string (GPtrArray *list);

/* What a person typed into a recipient field: "Ana <a@example.com>, b@example.com; c@example.com".
 * Every address must be valid; domains may be international.  Empty text is an empty list.
 * Returns: (transfer full) array of PinionMimeAddress, or %NULL with PINION_ERROR_INVALID_ARGUMENT
 * whose detail "address" is the piece that is wrong. */
GPtrArray *pinion_mime_parse_address_list (const char *text,
                                           GError    **error);

/* The address with its domain in A-labels (RFC 5890).  International letters before the "@" stay: they
 * have no other form, and a message with them needs a server with SMTPUTF8 (RFC 6531), which is found
 * out when it is sent.
 * Returns: (transfer full), or %NULL with PINION_ERROR_INVALID_ARGUMENT (invalid, control
 * characters). */
char *pinion_mime_address_to_wire (const char *address,
                                   GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMimeAddress, pinion_mime_address_free)

G_END_DECLS
