/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is agreed upon after signing in, and what it is good for: offered, not offered, refused. */

#include <glib/gstdio.h>
#include <string.h>

#include "imap-test-session.h"
#include "pinion-imap-deflate.h"

#define BASE "IMAP4rev1 AUTH=PLAIN NAMESPACE"

/* -- ID -------------------------------------------------------------------------------------- */

static DexFuture *
test_id_fiber (gpointer data)
{
  static const struct
  {
    const char *answer;
    const char *name;
  } cases[] = {
    { "S: * ID (\"name\" \"Microsoft.Exchange.Imap4.Imap4Server\" \"version\" \"15.2\")\n"
      "S: P5 OK ID completed\n",
      "Microsoft.Exchange.Imap4.Imap4Server" },
    { "S: * ID NIL\nS: P5 OK done\n", NULL },
    { "S: P5 OK done\n", NULL },
    { "S: P5 BAD Command Argument Error. 11\n", NULL },
    { "S: P5 NO [UNAVAILABLE] not now\n", NULL },
    { "S: * ID (\"name\" \"broken)\nS: P5 OK done\n", NULL },
    { "S: * ID (\"name\" {6}\nS- a\\r\\nb\\x1bc\nS: )\nS: P5 OK done\n", "a b c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = g_strconcat ("C: P5 ID (\"name\" \"Pinion\")\n", cases[i].answer,
                                             "C: P6 NOOP\nS: P6 OK done\n", NULL);
      Session session;

      session_open (&session, BASE " ID", script);
      session_assert_resolves (pinion_imap_connection_noop (session.connection));
      g_assert_cmpstr (pinion_imap_connection_get_server_name (session.connection), ==,
                       cases[i].name);
      session_close (&session);
    }

  return dex_future_new_true ();
}

/* -- UTF8=ACCEPT ----------------------------------------------------------------------------- */

static DexFuture *
test_utf8_fiber (gpointer data)
{
  Session session;

  session_open (&session, BASE " ENABLE UTF8=ACCEPT CONDSTORE LITERAL+",
                "C: P5 ENABLE CONDSTORE UTF8=ACCEPT\n"
                "S: * ENABLED UTF8=ACCEPT\n"
                "S: P5 OK done\n"
                "C: P6 CREATE {9+}\n"
                "C: Entw\\xc3\\xbcrfe\n"
                "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_create (session.connection, "Entw&APw-rfe"));
  session_close (&session);

  /* Not confirmed: the old names, in both directions */
  session_open (&session, BASE " ENABLE UTF8=ACCEPT",
                "C: P5 ENABLE UTF8=ACCEPT\n"
                "S: * ENABLED\n"
                "S: P5 OK done\n"
                "C: P6 CREATE \"Entw&APw-rfe\"\n"
                "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_create (session.connection, "Entw&APw-rfe"));
  session_close (&session);

  /* Confirmed without having been offered */
  session_open (&session, BASE " ENABLE CONDSTORE",
                "C: P5 ENABLE CONDSTORE\n"
                "S: * ENABLED CONDSTORE UTF8=ACCEPT\n"
                "S: P5 OK done\n"
                "C: P6 CREATE \"Entw&APw-rfe\"\n"
                "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_create (session.connection, "Entw&APw-rfe"));
  session_close (&session);

  /* Without ENABLE there is no way to have it. */
  session_open (&session, BASE " UTF8=ACCEPT", "C: P5 NOOP\nS: P5 OK done\n");
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

/* -- COMPRESS -------------------------------------------------------------------------------- */

static DexFuture *
test_compress_fiber (gpointer data)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("A: b\r\n\r\nc\r\n", 11);
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (GArray) flags = NULL;
  g_autoptr (GError) error = NULL;
  gboolean changed;
  Session session;

  session_open (&session, BASE " COMPRESS=DEFLATE IDLE",
                "C: P5 COMPRESS DEFLATE\n"
                "S: P5 OK DEFLATE active\n"
                "{deflate}\n"
                "C: P6 SELECT INBOX\n"
                "S: * 1 EXISTS\n"
                "S: * OK [UIDVALIDITY 14] ok\n"
                "S: P6 OK [READ-WRITE] done\n"
                "{drip}\n"
                "C: P7 UID FETCH 1:* (UID FLAGS)\n"
                "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen))\n"
                "S: P7 OK done\n"
                "C: P8 APPEND x () {11}\n"
                "S: + go on\n"
                "{read 11}\n"
                "C: \n"
                "S: P8 OK done\n"
                "C: P9 IDLE\n"
                "S: + idling\n"
                "S: * 2 EXISTS\n"
                "C: DONE\n"
                "S: P9 OK done\n");
  session_assert_resolves (pinion_imap_connection_select (session.connection, "INBOX", FALSE));
  flags = dex_await_boxed (pinion_imap_connection_fetch_flags (session.connection, all), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flags->len, ==, 1);
  session_assert_resolves (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message));
  changed = dex_await_boolean (pinion_imap_connection_idle (session.connection, 30), &error);
  g_assert_no_error (error);
  g_assert_true (changed);
  session_close (&session);

  /* Refused */
  session_open (&session, BASE " COMPRESS=DEFLATE",
                "C: P5 COMPRESS DEFLATE\n"
                "S: P5 NO [COMPRESSIONACTIVE] by TLS already\n"
                "C: P6 NOOP\n"
                "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  session_close (&session);

  return dex_future_new_true ();
}

/* Bytes as a script writes them */
static char *
escape (GBytes *bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "\\x%02x", data[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What comes in one piece with the word that compression begins is compressed. */
static DexFuture *
test_compress_leftover_fiber (gpointer data)
{
  static const char text[] = "* CAPABILITY IMAP4rev1 MOVE\r\n* BYE";
  g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) packed = pinion_imap_deflate_pack (deflate, bytes);
  g_autofree char *escaped = escape (packed);
  g_autofree char *script = g_strconcat ("C: P5 COMPRESS DEFLATE\n"
                                         "S- P5 OK DEFLATE active\\r\\n",
                                         escaped, "\n{hold}\n", NULL);
  Session session;

  session_open (&session, BASE " COMPRESS=DEFLATE", script);
  g_assert_true (pinion_imap_connection_has (session.connection, PINION_IMAP_CAPABILITY_MOVE));
  session_close (&session);

  return dex_future_new_true ();
}

/* Opens with compression begun and @packed sent; what becomes of the connection. */
static GError *
open_compressed (GBytes         *packed,
                 PinionErrorCode code)
{
  g_autofree char *path = NULL;
  g_autofree char *script = NULL;
  GError *error;
  Session session;

  g_close (g_file_open_tmp ("pinion-test-XXXXXX", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (packed, NULL),
                                      (gssize) g_bytes_get_size (packed), NULL));
  script = g_strdup_printf ("C: P5 COMPRESS DEFLATE\n"
                            "S: P5 OK DEFLATE active\n"
                            "{read 1}\n"
                            "{send-file %s}\n"
                            "{hold}\n",
                            path);
  session_open (&session, BASE " COMPRESS=DEFLATE", script);
  error = session_assert_rejects (pinion_imap_connection_noop (session.connection), code);
  g_assert_true (pinion_imap_connection_is_closed (session.connection));
  session_close (&session);
  g_unlink (path);

  return error;
}

static DexFuture *
test_compress_hostile_fiber (gpointer data)
{
  g_autoptr (GBytes) plain = g_bytes_new_static ("* OK in clear again\r\n", 21);
  g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
  g_autofree char *line = g_strnfill (40 << 20, 'x');
  g_autoptr (GBytes) endless = g_bytes_new_static (line, 40 << 20);
  g_autoptr (GBytes) packed = pinion_imap_deflate_pack (deflate, endless);
  g_autoptr (GError) nonsense = NULL;
  g_autoptr (GError) bomb = NULL;

  nonsense = open_compressed (plain, PINION_ERROR_PROTOCOL);
  bomb = open_compressed (packed, PINION_ERROR_TOO_LARGE);

  return dex_future_new_true ();
}

/* -- What is filed and fetched --------------------------------------------------------------- */

static DexFuture *
test_binary_fiber (gpointer data)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("A: b\r\n\r\nc\0d", 11);
  g_autoptr (GBytes) text = g_bytes_new_static ("A: b\r\n\r\nc d", 11);
  g_autofree char *path = NULL;
  Session session;

  g_close (g_file_open_tmp ("pinion-test-XXXXXX", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, "A: b\r\n\r\nc\0d", 11, NULL));

  session_open (&session, BASE " BINARY LITERAL+",
                "C: P5 APPEND x () ~{11}\nS: + go on\n{read 11}\nC: \nS: P5 OK done\n"
                "C: P6 APPEND x () {11}\nS: + go on\n{read 11}\nC: \nS: P6 OK done\n"
                "C: P7 APPEND x () ~{11}\nS: + go on\n{read 11}\nC: \n"
                "S: P7 NO [UNKNOWN-CTE] no\n");
  session_assert_resolves (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message));
  session_assert_resolves (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, text));
  {
    g_autoptr (GError) error = NULL;

    error = session_assert_rejects (
        pinion_imap_connection_append_file (session.connection, "x", 0, G_MININT64, path),
        PINION_ERROR_REFUSED);
  }
  session_close (&session);

  session_open (&session, BASE,
                "C: P5 APPEND x () {11}\nS: + go on\n{read 11}\nC: \nS: P5 OK done\n");
  session_assert_resolves (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message));
  session_close (&session);
  g_unlink (path);

  return dex_future_new_true ();
}

static DexFuture *
test_append_limit_fiber (gpointer data)
{
  g_autoptr (GBytes) large = g_bytes_new_static ("A: b\r\n\r\nc d", 11);
  g_autoptr (GBytes) small = g_bytes_new_static ("A: b\r\n\r\nc", 9);
  g_autofree char *path = NULL;
  g_autoptr (GError) bytes = NULL;
  g_autoptr (GError) file = NULL;
  Session session;

  g_close (g_file_open_tmp ("pinion-test-XXXXXX", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, "A: b\r\n\r\nc d", 11, NULL));

  session_open (&session, BASE " APPENDLIMIT=10",
                "C: P5 APPEND x () {9}\nS: + go on\n{read 9}\nC: \nS: P5 OK done\n");
  g_assert_cmpuint (pinion_imap_connection_get_append_limit (session.connection), ==, 10);
  bytes = session_assert_rejects (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, large),
      PINION_ERROR_MESSAGE_TOO_LARGE);
  file = session_assert_rejects (
      pinion_imap_connection_append_file (session.connection, "x", 0, G_MININT64, path),
      PINION_ERROR_MESSAGE_TOO_LARGE);
  session_assert_resolves (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, small));
  session_close (&session);
  g_unlink (path);

  return dex_future_new_true ();
}

static DexFuture *
test_object_ids_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GError) error = NULL;
  PinionImapMessage *message;
  Session session;

  session_open_inbox (&session, BASE " OBJECTID",
                      "C: P6 UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE "
                      "EMAILID THREADID BODY.PEEK[HEADER])\n"
                      "S: * 1 FETCH (UID 10 EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9) "
                      "BODY[HEADER] \"\")\n"
                      "S: * 2 FETCH (UID 20 EMAILID (a/../b) THREADID NIL BODY[HEADER] \"\")\n"
                      "S: * 3 FETCH (UID 30 EMAILID (a b) BODY[HEADER] \"\")\n"
                      "S: P6 OK done\n");
  messages = dex_await_boxed (pinion_imap_connection_fetch_headers (session.connection, all, NULL,
                                                                    PINION_IMAP_HEADERS_ALL),
                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 2);
  message = g_ptr_array_index (messages, 0);
  g_assert_cmpstr (message->email_id, ==, "M6d99ac3275bb4e");
  g_assert_cmpstr (message->thread_id, ==, "T64b478a75b7ea9");
  message = g_ptr_array_index (messages, 1);
  g_assert_null (message->email_id);
  g_assert_null (message->thread_id);
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/extensions/id", test_id_fiber);
  pinion_test_add_fiber ("/imap/extensions/utf8", test_utf8_fiber);
  pinion_test_add_fiber ("/imap/extensions/compress", test_compress_fiber);
  pinion_test_add_fiber ("/imap/extensions/compress-leftover", test_compress_leftover_fiber);
  pinion_test_add_fiber ("/imap/extensions/compress-hostile", test_compress_hostile_fiber);
  pinion_test_add_fiber ("/imap/extensions/binary", test_binary_fiber);
  pinion_test_add_fiber ("/imap/extensions/append-limit", test_append_limit_fiber);
  pinion_test_add_fiber ("/imap/extensions/object-ids", test_object_ids_fiber);

  return g_test_run ();
}
