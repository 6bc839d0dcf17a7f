/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes out is what was meant, and never more than one line. */

#include "pinion-imap-command.h"

#include <string.h>

#include "pinion-imap-capability.h"

/* The command as one text; a literal as {n}<bytes>. */
static char *
flatten (PinionImapCommand *command)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < command->segments->len; i++)
    {
      PinionImapSegment *segment = &g_array_index (command->segments, PinionImapSegment, i);
      const char *data = g_bytes_get_data (segment->bytes, NULL);

      if (segment->kind != PINION_IMAP_SEGMENT_TEXT)
        g_string_append_printf (out, "{%u}", (guint) segment->size);
      g_string_append_len (out, data, (gssize) segment->size);
    }
  g_string_append (out, command->text->str);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
check_astring (const char *value,
               const char *expected)
{
  g_autoptr (PinionImapCommand) command = NULL;
  g_autofree char *out = NULL;

  command = pinion_imap_command_new ("X", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, value);
  out = flatten (command);
  g_assert_cmpstr (out, ==, expected);
}

static void
test_astrings (void)
{
  check_astring ("INBOX", "X INBOX");
  check_astring ("", "X \"\"");
  check_astring ("NIL", "X \"NIL\"");
  check_astring ("a b", "X \"a b\"");
  check_astring ("Entw&APw-rfe", "X \"Entw&APw-rfe\"");
  check_astring ("CORP\\anna\\sales", "X \"CORP\\\\anna\\\\sales\"");
  check_astring ("say \"hi\"", "X \"say \\\"hi\\\"\"");
  check_astring ("pass(word", "X \"pass(word\"");
  check_astring ("a*%", "X \"a*%\"");
  check_astring ("{5}", "X \"{5}\"");
  check_astring ("p\xc3\xa4ss", "X {5}p\xc3\xa4ss");
  check_astring ("a\tb", "X {3}a\tb");
  check_astring ("x\r\nA2 DELETE INBOX", "X {18}x\r\nA2 DELETE INBOX");
}

/* No value gets a line break or anything that is not ASCII outside of a literal. */
static void
test_random (void)
{
  for (guint n = 0; n < 5000; n++)
    {
      g_autoptr (PinionImapCommand) command = NULL;
      char value[40] = { 0 };

      for (int i = g_test_rand_int_range (0, 39); i > 0; i--)
        value[i - 1] = (char) g_test_rand_int_range (1, 256);

      command = pinion_imap_command_new ("X", PINION_IMAP_ASKED_ANYTHING, 0);
      pinion_imap_command_add_astring (command, value);
      pinion_imap_command_add_astring (command, "end");

      for (guint i = 0; i < command->segments->len; i++)
        {
          PinionImapSegment *segment = &g_array_index (command->segments, PinionImapSegment, i);
          const char *data = g_bytes_get_data (segment->bytes, NULL);

          if (segment->kind == PINION_IMAP_SEGMENT_TEXT)
            for (gsize j = 0; j < segment->size; j++)
              g_assert_true (g_ascii_isprint (data[j]));
          else
            g_assert_cmpmem (data, segment->size, value, strlen (value));
        }
      for (const char *at = command->text->str; *at != '\0'; at++)
        g_assert_true (g_ascii_isprint (*at));
    }
}

static void
test_line_length (void)
{
  g_autoptr (PinionImapCommand) command = NULL;
  g_autofree char *value = g_strnfill (5000, 'a');

  command = pinion_imap_command_new ("X", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add_astring (command, "short");
  g_assert_cmpuint (pinion_imap_command_get_line_length (command), <, 50);
  value[17] = ' ';
  pinion_imap_command_add_astring (command, value);
  g_assert_cmpuint (pinion_imap_command_get_line_length (command), <, 100);
}

static void
test_capabilities (void)
{
  static const char words[] = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=NTLM auth=x SASL-IR UIDPLUS MOVE ID "
                              "UNSELECT XPROXY3 CHILDREN IDLE  NAMESPACE LITERAL+ ";
  PinionImapCapability all = pinion_imap_capability_parse (words, strlen (words));

  g_assert_cmpuint (all, ==,
                    PINION_IMAP_CAPABILITY_IMAP4REV1 | PINION_IMAP_CAPABILITY_AUTH_PLAIN |
                        PINION_IMAP_CAPABILITY_AUTH_NTLM | PINION_IMAP_CAPABILITY_AUTH_OTHER |
                        PINION_IMAP_CAPABILITY_SASL_IR | PINION_IMAP_CAPABILITY_UIDPLUS |
                        PINION_IMAP_CAPABILITY_MOVE | PINION_IMAP_CAPABILITY_ID |
                        PINION_IMAP_CAPABILITY_UNSELECT | PINION_IMAP_CAPABILITY_CHILDREN |
                        PINION_IMAP_CAPABILITY_IDLE | PINION_IMAP_CAPABILITY_NAMESPACE |
                        PINION_IMAP_CAPABILITY_LITERAL_PLUS);
  g_assert_cmpuint (pinion_imap_capability_parse ("", 0), ==, 0);
  /* A word with a NUL in it is no known one, and not longer than it is. */
  g_assert_cmpuint (pinion_imap_capability_parse ("STARTTLS\0 IDLE\0 \0MOVE", 21), ==, 0);
  g_assert_cmpuint (pinion_imap_capability_parse ("MOVE\0\1STARTTLSLONGERTHANANYNAME", 31), ==, 0);
}

static gboolean
offers (const char          *words,
        PinionImapCapability capability)
{
  return (pinion_imap_capability_parse (words, strlen (words)) & capability) == capability;
}

static void
test_contained_capabilities (void)
{
  static const char old[] = "IMAP4rev1 QRESYNC APPENDLIMIT=35651584 APPENDLIMIT=x UTF8=ONLY";

  g_assert_true (offers ("QRESYNC", PINION_IMAP_CAPABILITY_CONDSTORE));
  g_assert_false (offers ("CONDSTORE", PINION_IMAP_CAPABILITY_QRESYNC));
  g_assert_true (offers ("IMAP4rev2", PINION_IMAP_CAPABILITY_MOVE));
  g_assert_true (offers ("IMAP4rev2", PINION_IMAP_CAPABILITY_ESEARCH));
  g_assert_false (offers ("IMAP4rev2", PINION_IMAP_CAPABILITY_LITERAL_PLUS));
  g_assert_false (offers ("IMAP4rev2", PINION_IMAP_CAPABILITY_CONDSTORE));
  g_assert_false (offers ("IMAP4rev1 IMAP4rev2", PINION_IMAP_CAPABILITY_MOVE));
  g_assert_false (offers ("ESEARCHX ESEARC", PINION_IMAP_CAPABILITY_ESEARCH));
  g_assert_true (offers (old, PINION_IMAP_CAPABILITY_UTF8_ACCEPT));
  g_assert_false (offers (old, PINION_IMAP_CAPABILITY_APPENDLIMIT));
  g_assert_cmpuint (pinion_imap_capability_parse_append_limit (old, strlen (old)), ==, 35651584);
  g_assert_cmpuint (pinion_imap_capability_parse_append_limit ("APPENDLIMIT=-1", 14), ==, 0);
  g_assert_cmpuint (pinion_imap_capability_parse_append_limit ("APPENDLIMIT=5", 12), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/imap/command/astrings", test_astrings);
  g_test_add_func ("/imap/command/random", test_random);
  g_test_add_func ("/imap/command/line-length", test_line_length);
  g_test_add_func ("/imap/command/capabilities", test_capabilities);
  g_test_add_func ("/imap/command/contained-capabilities", test_contained_capabilities);

  return g_test_run ();
}
