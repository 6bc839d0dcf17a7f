/* SPDX-License-Identifier: GPL-3.0-or-later */

/* OK, NO, BAD, BYE, PREAUTH, tagged or not, with their codes (RFC 3501, 7.1): numbers are what a
 * strict reader finds, and the error made of it is safe to show. */

#include "fuzz-imap.h"
#include "pinion-error.h"
#include "pinion-imap-failure.h"

#define MOST_COPIED 1000

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 600);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (text)));
}

static void
check_failure (const PinionImapResponse *response)
{
  for (guint asked = 0; asked <= PINION_IMAP_ASKED_APPEND; asked++)
    {
      g_autoptr (GError) error = pinion_imap_failure_new (asked, response);
      const char *text = pinion_error_get_detail (error, "server-text");

      g_assert_true (error->domain == PINION_ERROR);
      check_text (error->message);
      if (text != NULL)
        check_text (text);
    }
}

static void
check_copied (const PinionImapResponse *response)
{
  g_autoptr (PinionImapCopied) copied = pinion_imap_copied_new ();
  PinionImapAppended appended = { 0 };

  if (pinion_imap_response_get_copyuid (response, MOST_COPIED, copied))
    {
      g_assert_cmpuint (copied->uidvalidity, !=, 0);
      g_assert_cmpuint (copied->source->len, ==, copied->destination->len);
      g_assert_cmpuint (copied->source->len, <=, MOST_COPIED);
      for (guint i = 0; i < copied->source->len; i++)
        g_assert_cmpuint (g_array_index (copied->source, guint32, i), !=, 0);
    }
  else
    {
      g_assert_cmpuint (copied->source->len + copied->destination->len, ==, 0);
    }

  if (pinion_imap_response_get_appenduid (response, &appended))
    g_assert_true (appended.uid != 0 && appended.uidvalidity != 0);
}

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  fuzz_imap_assert_inside (response, &response->tag);
  fuzz_imap_assert_inside (response, &response->text);
  fuzz_imap_assert_inside (response, &response->code_text);
  if (response->kind == PINION_IMAP_RESPONSE_TAGGED)
    g_assert_cmpint (response->condition, <=, PINION_IMAP_BAD);

  if (response->kind == PINION_IMAP_RESPONSE_STATE || response->kind == PINION_IMAP_RESPONSE_TAGGED
      || response->kind == PINION_IMAP_RESPONSE_JUNK)
    check_failure (response);
  if (response->code_text.data != NULL)
    check_copied (response);
  if (response->code == PINION_IMAP_CODE_HIGHESTMODSEQ)
    g_assert_cmpuint (response->code_number, <=, G_MAXINT64);
  else
    g_assert_cmpuint (response->code_number, <=, G_MAXUINT32);
}

/* What the strict reader finds is what is found. */
static void
compare (PinionImapResponse *response,
         gpointer            user_data)
{
  StrictReader *strict = user_data;
  PinionImapCode code = PINION_IMAP_CODE_NONE;
  guint64 number;

  if (strict_accept (strict, "[UIDNEXT "))
    code = PINION_IMAP_CODE_UIDNEXT;
  else if (strict_accept (strict, "[UIDVALIDITY "))
    code = PINION_IMAP_CODE_UIDVALIDITY;
  if (code == PINION_IMAP_CODE_NONE)
    return;

  number = strict_number (strict);
  strict_expect (strict, "] ");
  if (!strict->good)
    return;
  g_assert_cmpint (response->code, ==, code);
  g_assert_cmpuint (response->code_number, ==, number);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  StrictReader strict = { data, data + size, TRUE };

  fuzz_imap_each ("", data, size, use, NULL);
  if (size > 0 && memchr (data, '\n', size) == NULL)
    fuzz_imap_each ("* OK ", data, size, compare, &strict);

  return 0;
}
