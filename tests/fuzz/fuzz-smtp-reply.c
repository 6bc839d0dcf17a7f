/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SMTP replies (RFC 5321, 4.2): the same however the bytes are cut, within their bounds, and safe
 * to show.  The first byte decides how they are cut. */

#include "fuzz.h"
#include "pinion-smtp-reply.h"

static void
check_reply (const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  g_assert_true (reply->code >= 200 && reply->code <= 599);
  g_assert_true (pinion_smtp_reply_is_class (reply, reply->code / 100));
  g_assert_cmpuint (reply->lines->len, >=, 1);
  g_assert_cmpuint (reply->lines->len, <=, PINION_SMTP_REPLY_MAX_LINES);
  /* Some servers say "try later" with one and "never" with the other. */
  if (reply->enhanced[0] != 0 && reply->code < 400)
    g_assert_cmpuint (reply->enhanced[0], ==, reply->code / 100);
  if (reply->enhanced[0] != 0 && reply->code >= 400)
    g_assert_true (reply->enhanced[0] == 4 || reply->enhanced[0] == 5);
  g_assert_cmpuint (reply->enhanced[1], <=, 999);
  g_assert_cmpuint (reply->enhanced[2], <=, 999);

  for (guint i = 0; i < reply->lines->len; i++)
    {
      const char *line = g_ptr_array_index (reply->lines, i);

      g_assert_null (strchr (line, '\n'));
      g_assert_cmpuint (strlen (line), <=, PINION_SMTP_REPLY_MAX_LINE);
    }

  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
}

static void
note_replies (PinionSmtpReplyParser *parser,
              GString               *out)
{
  PinionSmtpReply *reply;

  while ((reply = pinion_smtp_reply_parser_pop (parser)) != NULL)
    {
      check_reply (reply);
      g_string_append_printf (out, "%u %u.%u.%u", reply->code, reply->enhanced[0],
                              reply->enhanced[1], reply->enhanced[2]);
      for (guint i = 0; i < reply->lines->len; i++)
        g_string_append_printf (out, "|%s", (const char *) g_ptr_array_index (reply->lines, i));
      g_string_append_c (out, '\n');
      pinion_smtp_reply_free (reply);
    }
}

/* Replies are taken where lines end, so that as many wait as at once in one piece. */
static GString *
run (const guint8 *data,
     gsize         size,
     gsize         piece)
{
  g_autoptr (PinionSmtpReplyParser) parser = pinion_smtp_reply_parser_new ();
  GString *out = g_string_new (NULL);
  gboolean good = TRUE;

  while (size > 0 && good)
    {
      gsize part = MIN (size, piece);

      good = pinion_smtp_reply_parser_feed (parser, data, part, NULL);
      data += part;
      size -= part;
    }
  note_replies (parser, out);
  g_string_append (out, good ? "" : "!");
  if (good && pinion_smtp_reply_parser_is_empty (parser))
    g_string_append (out, ".");

  return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  gsize piece = 1 + fuzz_input_byte (&input) % 32;
  GString *whole = run (input.data, input.left, G_MAXSIZE);
  GString *cut = run (input.data, input.left, piece);

  g_assert_true (g_string_equal (whole, cut));
  g_string_free (whole, TRUE);
  g_string_free (cut, TRUE);

  return 0;
}
