/* SPDX-License-Identifier: GPL-3.0-or-later */

/* LIST (RFC 3501, 7.2.2): the name is the key, byte for byte as a strict reader finds it; what is
 * shown of it is clean. */

#include "fuzz-imap.h"

typedef struct
{
  gboolean strict;
  GByteArray *name;
  char delimiter;
} Expected;

static void
check_path (const char *path)
{
  g_assert_true (g_utf8_validate (path, -1, NULL));
  for (; *path != '\0'; path = g_utf8_next_char (path))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (path)));
}

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  g_autofree char *name = NULL;
  g_autoptr (PinionImapMailbox) mailbox = NULL;

  if (response->kind != PINION_IMAP_RESPONSE_LIST)
    return;

  fuzz_imap_assert_inside (response, &response->name);
  name = pinion_imap_slice_dup (&response->name);
  g_assert_true (name != NULL || response->name.data == NULL);
  if (name == NULL)
    return;

  mailbox = pinion_imap_mailbox_new (g_strdup (name), response->delimiter, response->mailbox_flags,
                                     response->use);
  g_assert_cmpstr (mailbox->raw_name, ==, name);
  check_path (mailbox->path);
}

static void
compare (PinionImapResponse *response,
         gpointer            user_data)
{
  Expected *expected = user_data;

  g_assert_cmpint (response->kind, ==, PINION_IMAP_RESPONSE_LIST);
  g_assert_cmpint (response->delimiter, ==, expected->delimiter);
  g_assert_cmpmem (response->name.data, response->name.length, expected->name->data,
                   expected->name->len);
  expected->strict = FALSE;
}

/* mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox */
static void
read_strictly (StrictReader *strict,
               Expected     *expected)
{
  g_autoptr (GByteArray) other = g_byte_array_new ();

  strict_expect (strict, "(");
  while (strict->good && !strict_accept (strict, ")"))
    {
      strict_expect (strict, "\\");
      strict_atom (strict, "", other);
      if (strict->at < strict->end && *strict->at != ')')
        strict_expect (strict, " ");
    }
  strict_expect (strict, " ");

  g_byte_array_set_size (other, 0);
  if (!strict_accept (strict, "NIL"))
    {
      strict_expect (strict, "\"");
      strict_quoted (strict, other);
      strict->good = strict->good && other->len == 1;
    }
  expected->delimiter = strict->good && other->len == 1 ? (char) other->data[0] : '\0';
  strict_expect (strict, " ");
  expected->name = strict_astring (strict);
  expected->strict = strict->good && strict->at == strict->end;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  StrictReader strict = { data, data + size, TRUE };
  Expected expected = { 0 };

  fuzz_imap_each ("* LIST ", data, size, use, NULL);

  read_strictly (&strict, &expected);
  if (expected.strict)
    {
      fuzz_imap_each ("* LIST ", data, size, compare, &expected);
      /* And it was understood. */
      g_assert_false (expected.strict);
    }
  g_byte_array_unref (expected.name);

  return 0;
}
