/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast FETCH responses are understood on one core: framer, response and items, fed with what a
 * read from the network gives.
 *
 *     bench-parse            prints a table; fails below 300 MB/s for the mix
 *     bench-parse --once N   goes over the Nth sort once, for a profiler; prints its name and bytes
 */

#include <string.h>

#include "pinion-channel.h"
#include "pinion-imap-fetch.h"

#define LEAST 300.0

/* Bytes of each sort of answer, and how often the best of them is looked for. */
#define AMOUNT (24 * 1024 * 1024)
#define ROUNDS 7

/* As the connection does it. */
#define SMALL_BODY (32 * 1024)

typedef struct
{
  guint64 n_messages;
  guint64 n_bytes; /* of headers and bodies */
  guint n_streams;
} Seen;

/* -- What a server says ---------------------------------------------------------------------- */

static void
add_flags (GString *out,
           guint    n)
{
  static const char *const flags[] = { "\\Seen", "", "\\Seen \\Answered", "\\Seen $Forwarded",
                                       "\\Seen \\Flagged" };

  g_string_append_printf (out, "* %u FETCH (UID %u FLAGS (%s))\r\n", n, n + 4000,
                          flags[n % G_N_ELEMENTS (flags)]);
}

static void
append_header (GString *out,
               guint    n)
{
  g_string_append_printf (
      out,
      "From: \"Jonas Brandt\" <jonas.brandt@northwind.example>\r\n"
      "To: Anna Keller <anna@northwind.example>,\r\n\tMaya Lindqvist <maya@northwind.example>\r\n"
      "Subject: =?utf-8?Q?Messfahrt_%u_=E2=80=93_Ger=C3=A4te?= and the rest of it\r\n"
      "Date: Fri, 17 Jul 2026 14:%02u:00 +0200\r\nMessage-ID: <%u.4711@northwind.example>\r\n"
      "In-Reply-To: <%u.4711@northwind.example>\r\n"
      "References: <%u.4711@northwind.example>\r\n <%u.4711@northwind.example>\r\n"
      "Content-Type: multipart/alternative; boundary=\"----=_Part_%u\"\r\n\r\n",
      n, n % 60, n, n - 1, n - 2, n - 1, n);
}

static void
add_header (GString *out,
            guint    n)
{
  g_autoptr (GString) header = g_string_new (NULL);

  append_header (header, n);
  g_string_append_printf (
      out,
      "* %u FETCH (UID %u FLAGS (\\Seen) INTERNALDATE \"17-Jul-2026 14:%02u:00 +0200\" "
      "RFC822.SIZE %u BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL "
      "\"quoted-printable\" 1280 31 NIL NIL NIL NIL)(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL "
      "\"quoted-printable\" 4711 92 NIL NIL NIL NIL) \"alternative\" (\"boundary\" \"----=_Part_%u\") "
      "NIL NIL NIL) BODY[HEADER.FIELDS (FROM TO CC SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES "
      "CONTENT-TYPE)] {%zu}\r\n%s)\r\n",
      n, n + 4000, n % 60, 2000 + n % 9000, n, header->len, header->str);
}

/* Most are of some KiB, some of a hundred. */
static void
add_body (GString *out,
          guint    n)
{
  gsize size = n % 40 == 0 ? 120000 : 1500 + n * 7919 % 9000;
  g_autoptr (GString) body = g_string_sized_new (size + 128);

  append_header (body, n);
  while (body->len < size)
    g_string_append (body, "The buoys were back on Tuesday, and all but one had kept the time.\r\n");
  g_string_append_printf (out,
                          "* %u FETCH (UID %u FLAGS (\\Seen) INTERNALDATE "
                          "\"17-Jul-2026 14:%02u:00 +0200\" RFC822.SIZE %zu BODY[] {%zu}\r\n%s)\r\n",
                          n, n + 4000, n % 60, body->len, body->len, body->str);
}

static void
add_all (GString *out,
         guint    n)
{
  add_flags (out, n);
  add_header (out, n);
  add_body (out, n);
}

/* -- Understanding it ------------------------------------------------------------------------ */

static PinionImapLiteralPlace
open_literal (const char *line,
              gsize       length,
              guint64     size,
              gpointer   *stream,
              gpointer    user_data)
{
  Seen *seen = user_data;

  if (pinion_imap_fetch_classify_literal (line, length) != PINION_IMAP_ITEM_BODY ||
      size <= SMALL_BODY)
    return PINION_IMAP_LITERAL_KEEP;

  seen->n_streams++;
  *stream = seen;

  return PINION_IMAP_LITERAL_STREAM;
}

static void
write_literal (gpointer      stream,
               const guint8 *data,
               gsize         length)
{
  ((Seen *) stream)->n_bytes += length;
}

static void
free_literal (gpointer stream)
{
}

static const PinionImapLiteralFuncs literal_funcs = {
  .open = open_literal,
  .write = write_literal,
  .free = free_literal,
};

static void
take_response (PinionImapResponse *response,
               PinionImapFramer   *framer,
               Seen               *seen)
{
  PinionImapFetched fetched;
  g_autoptr (GError) error = NULL;

  if (!pinion_imap_response_parse (response, framer, &error) ||
      !pinion_imap_fetch_read (response, &fetched, &error))
    g_error ("%s", error->message);
  g_assert_cmpuint (fetched.uid, ==, fetched.sequence + 4000);

  seen->n_messages++;
  seen->n_bytes += fetched.header.length + fetched.body.length;
}

/* A function of its own, for profilers. */
__attribute__ ((noinline)) void bench_parse_all (const GString *text,
                                                 Seen          *seen);

void
bench_parse_all (const GString *text,
                 Seen          *seen)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, &literal_funcs, seen);
  PinionImapResponse response;
  g_autoptr (GError) error = NULL;

  pinion_imap_response_init (&response);
  for (gsize done = 0; done < text->len; done += PINION_CHANNEL_READ_MAX)
    {
      const guint8 *data = (const guint8 *) text->str + done;
      gsize length = MIN (PINION_CHANNEL_READ_MAX, text->len - done);
      PinionImapFramerStatus status;

      while ((status = pinion_imap_framer_push (framer, &data, &length, &error)) ==
             PINION_IMAP_FRAMER_RESPONSE)
        take_response (&response, framer, seen);
      if (status == PINION_IMAP_FRAMER_ERROR)
        g_error ("%s", error->message);
    }
  pinion_imap_response_clear (&response);
}

/* -- Measuring ------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  void (*add) (GString *out,
               guint    n);
} sorts[] = {
  { "flags", add_flags },
  { "headers", add_header },
  { "bodies", add_body },
  { "all of these", add_all },
};

static GString *
make_text (guint sort,
           gsize amount)
{
  GString *text = g_string_sized_new (amount + 256 * 1024);

  for (guint n = 1; text->len < amount; n++)
    sorts[sort].add (text, n);

  return text;
}

/* MB/s, the best of several rounds. */
static double
measure (guint  sort,
         Seen  *seen)
{
  g_autoptr (GString) text = make_text (sort, AMOUNT);
  double best = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 began = g_get_monotonic_time ();

      *seen = (Seen){ 0 };
      bench_parse_all (text, seen);
      best = MAX (best, (double) text->len / (double) (g_get_monotonic_time () - began));
    }

  return best;
}

int
main (int   argc,
      char *argv[])
{
  const guint last = G_N_ELEMENTS (sorts) - 1;
  double speed = 0;
  Seen seen = { 0 };

  if (argc == 3 && g_str_equal (argv[1], "--once"))
    {
      guint sort = (guint) g_ascii_strtoull (argv[2], NULL, 10);
      g_autoptr (GString) text = NULL;

      if (sort > last)
        return 2;
      text = make_text (sort, 1024 * 1024);
      bench_parse_all (text, &seen);
      g_print ("%s\n%zu\n", sorts[sort].name, text->len);
      return 0;
    }

  for (guint i = 0; i <= last; i++)
    {
      speed = measure (i, &seen);
      g_print ("%-14s %8.0f MB/s %10" G_GUINT64_FORMAT " messages\n", sorts[i].name, speed,
               seen.n_messages);
    }

  return speed < LEAST;
}
