/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The framer gives the same responses however its input is cut. */

#include "pinion-imap-framer.h"

#include <string.h>

#include "pinion-error.h"

/* Feeds @input in pieces and writes down what comes out: "response|literal sizes" a line. */
static char *
run (const char             *input,
     gsize                   length,
     guint                   most,
     const PinionImapLimits *limits,
     GError                **error)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (limits, NULL, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  while (length > 0)
    {
      gsize piece = most == 0 ? length : (gsize) g_test_rand_int_range (1, (int) most + 1);
      gsize part = MIN (length, piece);
      const guint8 *data = (const guint8 *) input;
      gsize left = part;
      PinionImapFramerStatus status;

      /* A copy of its own, so that a read beyond it is noticed. */
      g_autofree guint8 *copy = g_memdup2 (data, part);
      data = copy;

      while ((status = pinion_imap_framer_push (framer, &data, &left, error))
             == PINION_IMAP_FRAMER_RESPONSE)
        {
          gsize n;
          guint n_literals;
          const char *text = pinion_imap_framer_get_response (framer, &n);
          const PinionImapLiteral *literals;

          literals = pinion_imap_framer_get_literals (framer, &n_literals);
          g_string_append_len (out, text != NULL ? text : "", (gssize) n);
          for (guint i = 0; i < n_literals; i++)
            g_string_append_printf (out, "|%u+%u", (guint) literals[i].start,
                                    (guint) literals[i].length);
          g_string_append_c (out, '\n');
        }
      if (status == PINION_IMAP_FRAMER_ERROR)
        return NULL;

      input += part;
      length -= part;
    }

  if (pinion_imap_framer_is_inside (framer))
    g_string_append (out, "...");

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
check (const char *input,
       const char *expected)
{
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *out = run (input, strlen (input), i, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (out, ==, expected);
    }
}

static void
test_lines (void)
{
  check ("", "");
  check ("* OK ready\r\nA1 OK done\r\n", "* OK ready\nA1 OK done\n");
  check ("* OK half", "...");
  check ("\r\n\n* 1 EXISTS\n", "\n\n* 1 EXISTS\n");
  check ("+\r\n+ \r\n", "+\n+ \n");
}

static void
test_literals (void)
{
  check ("* LIST () \"/\" {3}\r\na\"b\r\n* 2 EXISTS\r\n",
         "* LIST () \"/\" {3}a\"b|17+3\n* 2 EXISTS\n");
  check ("* 1 FETCH (A {0}\r\n B {2}\r\n\r\n)\r\n", "* 1 FETCH (A {0} B {2}\r\n)|16+0|22+2\n");
  check ("* 1 FETCH (BODY[] ~{5}\r\n)\r\nA \r\n", "* 1 FETCH (BODY[] ~{5})\r\nA |22+5\n");
  /* A literal may hold what looks like responses. */
  check ("* 1 FETCH (BODY[] {14}\r\nx\r\nP1 OK done\r)\r\nP1 OK\r\n",
         "* 1 FETCH (BODY[] {14}x\r\nP1 OK done\r)|22+14\nP1 OK\n");
}

/* Text for people announces nothing. */
static void
test_free_text (void)
{
  check ("* OK see {3}\r\nA1 NO try {5}\r\n+ go {2}\r\n* BYE {9}\r\n* bad {1}\r\n",
         "* OK see {3}\nA1 NO try {5}\n+ go {2}\n* BYE {9}\n* bad {1}\n");
  check ("Server Unavailable. {15}\r\nx\r\n", "Server Unavailable. {15}\nx\n");
  check ("* LIST () \"/\" {-5}\r\n* LIST {}\r\n* LIST {1 }\r\n",
         "* LIST () \"/\" {-5}\n* LIST {}\n* LIST {1 }\n");
}

static void
assert_refused (const char             *input,
                const PinionImapLimits *limits,
                const char             *message)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *out = run (input, strlen (input), i, limits, &error);

      g_assert_null (out);
      g_assert_error (error, PINION_ERROR, PINION_ERROR_TOO_LARGE);
      g_assert_nonnull (strstr (error->message, message));
    }
}

static void
test_bounds (void)
{
  const PinionImapLimits limits = { .line = 100, .literal = 50, .kept = 40, .n_literals = 2 };
  g_autofree char *line = g_strnfill (101, 'x');

  assert_refused ("* LIST {4294967295}\r\n", NULL, "beyond the limit");
  assert_refused ("* LIST {99999999999999999999999999}\r\n", NULL, "beyond the limit");
  assert_refused ("* LIST {51}\r\n", &limits, "literal beyond the limit");
  assert_refused ("* LIST {41}\r\n", &limits, "where none belongs");
  assert_refused (line, &limits, "response beyond the limit");
  assert_refused ("* A {1}\r\na{1}\r\na{1}\r\n", &limits, "too many literals");
  assert_refused ("* A {40}\r\n0123456789012345678901234567890123456789"
                  "{40}\r\n0123456789012345678901234567890123456789 more and more and more",
                  &limits, "response beyond the limit");
}

/* Memory follows what arrived. */
static void
test_announced_is_not_allocated (void)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  const char *text = "* LIST () \"/\" {1048576}\r\nabc";
  const guint8 *data = (const guint8 *) text;
  gsize length = strlen (text);
  gsize held;

  g_assert_cmpint (pinion_imap_framer_push (framer, &data, &length, NULL), ==,
                   PINION_IMAP_FRAMER_MORE);
  pinion_imap_framer_get_response (framer, &held);
  g_assert_cmpuint (held, <, 100);
}

typedef struct
{
  GString *written;
  guint n_freed;
} Streams;

static Streams streams;

static PinionImapLiteralPlace
open_stream (const char *line,
             gsize       length,
             guint64     size,
             gpointer   *stream,
             gpointer    user_data)
{
  if (size < 4)
    return PINION_IMAP_LITERAL_KEEP;
  if (size > 1000)
    return PINION_IMAP_LITERAL_REFUSE;

  *stream = &streams;

  return PINION_IMAP_LITERAL_STREAM;
}

static void
write_stream (gpointer      stream,
              const guint8 *data,
              gsize         length)
{
  g_string_append_len (((Streams *) stream)->written, (const char *) data, (gssize) length);
}

static void
free_stream (gpointer stream)
{
  ((Streams *) stream)->n_freed++;
}

static void
test_streams (void)
{
  static const PinionImapLiteralFuncs funcs = { open_stream, write_stream, free_stream };
  const char *text = "* 1 FETCH (X {2}\r\nab Y {6}\r\nstream Z {4}\r\ndone)\r\n"
                     "* 1 FETCH (X {5}\r\nab";
  const guint8 *data = (const guint8 *) text;
  gsize length = strlen (text);
  PinionImapFramer *framer = pinion_imap_framer_new (NULL, &funcs, NULL);
  PinionImapLiteral *literals;
  guint n_literals;

  streams = (Streams){ .written = g_string_new (NULL) };
  g_assert_cmpint (pinion_imap_framer_push (framer, &data, &length, NULL), ==,
                   PINION_IMAP_FRAMER_RESPONSE);
  literals = pinion_imap_framer_get_literals (framer, &n_literals);
  g_assert_cmpuint (n_literals, ==, 3);
  g_assert_cmpuint (literals[0].length, ==, 2);
  g_assert_null (literals[0].stream);
  g_assert_cmpuint (literals[1].length, ==, 0);
  g_assert_cmpuint (literals[1].size, ==, 6);
  g_assert_true (literals[1].stream == &streams);
  g_assert_cmpstr (streams.written->str, ==, "streamdone");

  /* One is taken over, the other and the unfinished one are freed. */
  literals[1].stream = NULL;
  g_assert_cmpint (pinion_imap_framer_push (framer, &data, &length, NULL), ==,
                   PINION_IMAP_FRAMER_MORE);
  g_assert_cmpuint (streams.n_freed, ==, 1);
  pinion_imap_framer_free (framer);
  g_assert_cmpuint (streams.n_freed, ==, 2);
  g_string_free (streams.written, TRUE);
}

/* Random bytes of the grammar's alphabet: the same outcome whole and in pieces. */
static void
test_random (void)
{
  static const char *const parts[] = { "* ",   "OK ",  "{3}\r\n", "{",  "}", "\r\n", "\n",
                                       "abc",  "\"",   "(",       ")",  "+ ", "P1 ", "FETCH ",
                                       "{0}\r\n", "\r", "BODY[] ", "NIL" };

  for (guint n = 0; n < 3000; n++)
    {
      g_autoptr (GString) input = g_string_new (NULL);
      g_autofree char *whole = NULL;

      for (int i = g_test_rand_int_range (0, 30); i > 0; i--)
        g_string_append (input, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);

      whole = run (input->str, input->len, 0, NULL, NULL);
      for (guint most = 1; most < 6; most++)
        {
          g_autofree char *cut = run (input->str, input->len, most, NULL, NULL);

          g_assert_cmpstr (cut, ==, whole);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/framer/lines", test_lines);
  g_test_add_func ("/imap/framer/literals", test_literals);
  g_test_add_func ("/imap/framer/free-text", test_free_text);
  g_test_add_func ("/imap/framer/bounds", test_bounds);
  g_test_add_func ("/imap/framer/announced-is-not-allocated", test_announced_is_not_allocated);
  g_test_add_func ("/imap/framer/streams", test_streams);
  g_test_add_func ("/imap/framer/random", test_random);

  return g_test_run ();
}
