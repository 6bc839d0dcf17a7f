/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands: what a strict reader of RFC 3501 reads back is what was meant, in one command.  Outside
 * of literals there is nothing but printable ASCII.
 *
 * The input: a byte of choices, then values, each of a length that a byte says. */

#include "fuzz-imap.h"
#include "pinion-imap-command.h"
#include "pinion-imap-mailbox.h"

#define MAX_VALUES 20

/* As the writer puts it on the wire; @free_of_charge: whether with "+". */
static void
write_wire (PinionImapCommand *command,
            gboolean           free_of_charge,
            GByteArray        *wire)
{
  for (guint i = 0; i < command->segments->len; i++)
    {
      const PinionImapSegment *segment = &g_array_index (command->segments, PinionImapSegment, i);
      gsize size;
      const guint8 *data = g_bytes_get_data (segment->bytes, &size);
      g_autofree char *announced = NULL;

      g_assert_cmpuint (size, ==, segment->size);
      if (segment->kind != PINION_IMAP_SEGMENT_TEXT)
        {
          announced = g_strdup_printf ("{%u%s}\r\n", (guint) size, free_of_charge ? "+" : "");
          g_byte_array_append (wire, (const guint8 *) announced, (guint) strlen (announced));
        }
      else
        {
          for (gsize j = 0; j < size; j++)
            g_assert_true (g_ascii_isprint (data[j]));
        }
      g_byte_array_append (wire, data, (guint) size);
    }

  for (gsize j = 0; j < command->text->len; j++)
    g_assert_true (g_ascii_isprint (command->text->str[j]));
  g_byte_array_append (wire, (const guint8 *) command->text->str, (guint) command->text->len);
  g_byte_array_append (wire, (const guint8 *) "\r\n", 2);
}

/* Values that are long go as literals: lines stay short. */
static GPtrArray *
take_values (FuzzInput *input)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);

  while (input->left > 0 && values->len < MAX_VALUES)
    {
      guint8 length = fuzz_input_byte (input);

      if (length == 255)
        g_ptr_array_add (values, g_strnfill (995 + fuzz_input_byte (input) % 10, 'x'));
      else
        g_ptr_array_add (values, fuzz_input_text (input, length));
    }

  return values;
}

static void
check_round_trip (GPtrArray  *values,
                  const char *flags,
                  gboolean    free_of_charge)
{
  g_autoptr (PinionImapCommand) command = NULL;
  g_autoptr (GByteArray) wire = g_byte_array_new ();
  StrictReader strict;

  command = pinion_imap_command_new ("X", PINION_IMAP_ASKED_ANYTHING, 0);
  for (guint i = 0; i < values->len; i++)
    pinion_imap_command_add_astring (command, g_ptr_array_index (values, i));
  pinion_imap_command_add (command, flags);
  write_wire (command, free_of_charge, wire);

  strict = (StrictReader){ wire->data, wire->data + wire->len, TRUE };
  strict_expect (&strict, "X");
  for (guint i = 0; i < values->len; i++)
    {
      const char *value = g_ptr_array_index (values, i);
      g_autoptr (GByteArray) read = NULL;

      strict_expect (&strict, " ");
      read = strict_astring (&strict);
      g_assert_true (strict.good);
      g_assert_cmpmem (read->data, read->len, value, strlen (value));
    }
  strict_expect (&strict, " ");
  strict_expect (&strict, flags);
  strict_expect (&strict, "\r\n");
  g_assert_true (strict.good && strict.at == strict.end);
}

/* flag-list = "(" [flag *(SP flag)] ")" */
static char *
check_flags (PinionImapFlags flags)
{
  char *text = pinion_imap_flags_to_string (flags);
  StrictReader strict = { (const guint8 *) text, (const guint8 *) text + strlen (text), TRUE };
  g_autoptr (GByteArray) flag = g_byte_array_new ();

  strict_expect (&strict, "(");
  while (strict.good && !strict_accept (&strict, ")"))
    {
      strict_accept (&strict, "\\");
      strict_atom (&strict, "", flag);
      if (strict.at < strict.end && *strict.at != ')')
        strict_expect (&strict, " ");
    }
  g_assert_true (strict.good && strict.at == strict.end);

  return text;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  guint8 choices = fuzz_input_byte (&input);
  g_autoptr (GPtrArray) values = take_values (&input);
  g_autofree char *flags = check_flags (choices * 131u);

  check_round_trip (values, flags, choices & 1);

  return 0;
}
