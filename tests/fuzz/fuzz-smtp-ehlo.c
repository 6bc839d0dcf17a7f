/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The answer to EHLO (RFC 5321, 4.1.1.1), a keyword a line: what is offered is what a plain reading
 * of the lines finds, and the server's name offers nothing. */

#include "fuzz.h"
#include "pinion-smtp-ehlo.h"

/* Whether @line's first word is @keyword. */
static gboolean
is_keyword (const char *line,
            const char *keyword)
{
  g_autofree char *stripped = g_strstrip (g_strdup (line));
  gsize length = strcspn (stripped, " \t");

  return length == strlen (keyword) && g_ascii_strncasecmp (stripped, keyword, length) == 0;
}

static void
check_mechanisms (char **mechanisms)
{
  g_assert_cmpuint (g_strv_length (mechanisms), <=, 32);
  for (guint i = 0; mechanisms[i] != NULL; i++)
    {
      g_assert_true (*mechanisms[i] != '\0');
      for (const char *at = mechanisms[i]; *at != '\0'; at++)
        g_assert_false (g_ascii_islower (*at) || *at == ' ' || *at == '\t');
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (mechanisms[i], !=, mechanisms[j]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  PinionSmtpReply reply = { .code = 250 };
  g_autoptr (PinionSmtpEhlo) ehlo = NULL;
  gboolean starttls = FALSE;
  gboolean with_size = FALSE;
  gboolean eight_bit = FALSE;

  reply.lines = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  do
    g_ptr_array_add (reply.lines, fuzz_input_line (&input));
  while (input.left > 0 && reply.lines->len < PINION_SMTP_REPLY_MAX_LINES);

  for (guint i = 1; i < reply.lines->len; i++)
    {
      const char *line = g_ptr_array_index (reply.lines, i);

      starttls |= is_keyword (line, "STARTTLS");
      with_size |= is_keyword (line, "SIZE");
      eight_bit |= is_keyword (line, "8BITMIME");
    }

  ehlo = pinion_smtp_ehlo_parse (&reply);
  g_assert_cmpint (ehlo->starttls, ==, starttls);
  g_assert_cmpint (ehlo->size, ==, with_size);
  g_assert_cmpint (ehlo->eight_bit_mime, ==, eight_bit);
  g_assert_true (ehlo->size || ehlo->max_size == 0);
  check_mechanisms (ehlo->mechanisms);
  g_ptr_array_unref (reply.lines);

  return 0;
}
