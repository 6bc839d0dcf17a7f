/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching and filing: what goes over the line, both ways. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "imap-test-session.h"

#define MEAGRE "IMAP4rev1 AUTH=PLAIN SASL-IR NAMESPACE"

/* A file with @size bytes to send. */
static char *
make_body_file (gsize size)
{
  g_autofree char *text = g_strnfill (size, 'x');
  char *path = NULL;
  int fd = g_file_open_tmp ("pinion-test-XXXXXX", &path, NULL);

  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  g_close (fd, NULL);

  return path;
}

/* -- Flags and headers ----------------------------------------------------------------------- */

static DexFuture *
test_flags_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (PinionUidSet) some = session_set ("100:*");
  g_autoptr (GArray) flags = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 1:* (UID FLAGS)\n"
                      "S: * 3 FETCH (UID 30 FLAGS (\\\\Seen))\n"
                      "S: * 1 FETCH (UID 10 FLAGS ())\n"
                      "S: * 2 FETCH (UID x FLAGS ())\n"
                      "S: * 2 FETCH (FLAGS (\\\\Seen \\\\Flagged custom) UID 20)\n"
                      "S: * 1 FETCH (UID 10 FLAGS (\\\\Answered))\n"
                      "S: P6 OK FETCH completed.\n"
                      /* "100:*" always names the last message, whatever its UID. */
                      "C: P7 UID FETCH 100:* (UID FLAGS)\n"
                      "S: * 3 FETCH (UID 30 FLAGS (\\\\Seen \\\\Draft))\n"
                      "S: * 2 EXPUNGE\n"
                      "S: P7 OK FETCH completed.\n");

  flags = dex_await_boxed (pinion_imap_connection_fetch_flags (session.connection, all), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flags->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_array_index (flags, PinionImapUidFlags, i).uid, ==, 10 * (i + 1));
  g_assert_cmpuint (g_array_index (flags, PinionImapUidFlags, 0).flags, ==,
                    PINION_IMAP_FLAG_ANSWERED);

  none = dex_await_boxed (pinion_imap_connection_fetch_flags (session.connection, some), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "F3/30=11 -2/20");
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_headers_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10:30");
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) names = NULL;
  PinionImapMessage *message;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 10:30 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE "
                      "BODY.PEEK[HEADER.FIELDS (FROM TO)])\n"
                      "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen) INTERNALDATE "
                      "\"17-Jul-2026 14:05:00 +0200\" RFC822.SIZE 4000 "
                      "BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1) "
                      "BODY[HEADER.FIELDS (FROM TO)] {11}\n"
                      "S- From: a@b\\r\\n\n"
                      "S: )\n"
                      /* A structure that makes no sense costs only itself. */
                      "S: * 2 FETCH (UID 20 BODYSTRUCTURE (\"text "
                      "BODY[HEADER.FIELDS (FROM TO)] \"\" )\n"
                      "S: * 1 FETCH (FLAGS (\\\\Flagged))\n"
                      "S: * 3 FETCH (UID 30 FLAGS () "
                      "BODYSTRUCTURE ((\"text\" \"plain\" NIL NIL NIL "
                      "\"7bit\" 1 1)(\"application\" \"pdf\" NIL NIL NIL \"base64\" 9) \"mixed\") "
                      "BODY[HEADER.FIELDS (FROM TO)] \"\")\n"
                      "S: P6 OK FETCH completed.\n"
                      "C: P7 UID FETCH 11:29 (UID FLAGS INTERNALDATE RFC822.SIZE "
                      "BODY.PEEK[HEADER.FIELDS (FROM TO)])\n"
                      "S: * 2 FETCH (UID 20 FLAGS () RFC822.SIZE 7 "
                      "BODY[HEADER.FIELDS (FROM TO)] \"\")\n"
                      "S: P7 OK FETCH completed.\n");

  messages = dex_await_boxed (
      pinion_imap_connection_fetch_headers (session.connection, set, "FROM TO", PINION_IMAP_HEADERS_ALL), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 3);
  message = g_ptr_array_index (messages, 0);
  g_assert_cmpuint (message->uid, ==, 10);
  g_assert_cmpuint (message->flags, ==, PINION_IMAP_FLAG_SEEN);
  g_assert_cmpuint (message->size, ==, 4000);
  g_assert_cmpint (message->internal_date, ==, 1784289900);
  g_assert_cmpint (message->attachment, ==, PINION_IMAP_ATTACHMENT_NO);
  g_assert_cmpmem (g_bytes_get_data (message->header, NULL), g_bytes_get_size (message->header),
                   "From: a@b\r\n", 11);
  message = g_ptr_array_index (messages, 1);
  g_assert_cmpuint (message->uid, ==, 30);
  g_assert_cmpint (message->attachment, ==, PINION_IMAP_ATTACHMENT_YES);
  g_assert_cmpuint (g_bytes_get_size (message->header), ==, 0);
  message = g_ptr_array_index (messages, 2);
  g_assert_cmpuint (message->uid, ==, 20);
  g_assert_cmpuint (message->size, ==, 7);
  g_assert_cmpint (message->attachment, ==, PINION_IMAP_ATTACHMENT_UNKNOWN);
  g_assert_cmpuint (pinion_imap_connection_get_n_malformed (session.connection), ==, 1);

  names = session_assert_rejects (
      pinion_imap_connection_fetch_headers (session.connection, set, "FROM)] x\r\nP9 NOOP", PINION_IMAP_HEADERS_ALL),
      PINION_ERROR_INVALID_ARGUMENT);
  session_close (&session);

  return dex_future_new_true ();
}

/* For a long list the dates are asked for later. */
static DexFuture *
test_dates_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10:30");
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GArray) dates = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 10:30 (UID FLAGS RFC822.SIZE "
                      "BODY.PEEK[HEADER.FIELDS (FROM)])\n"
                      "S: * 1 FETCH (UID 10 FLAGS () RFC822.SIZE 4000 "
                      "BODY[HEADER.FIELDS (FROM)] \"\")\n"
                      "S: P6 OK FETCH completed.\n"
                      "C: P7 UID FETCH 10:30 (UID INTERNALDATE)\n"
                      "S: * 2 FETCH (UID 20 INTERNALDATE \"17-Jul-2026 14:05:00 +0200\")\n"
                      "S: * 3 FETCH (UID 30 FLAGS (\\\\Seen))\n"
                      "S: * 4 FETCH (UID 40 INTERNALDATE \"17-Jul-2026 14:05:00 +0200\")\n"
                      "S: * 4 FETCH (UID 11 INTERNALDATE \"yesterday\")\n"
                      "S: * 2 FETCH (UID 20 FLAGS (\\\\Seen))\n"
                      "S: * 1 FETCH (INTERNALDATE \"17-Jul-2026 14:05:01 +0200\" UID 10)\n"
                      "S: P7 OK FETCH completed.\n");

  messages = dex_await_boxed (
      pinion_imap_connection_fetch_headers (session.connection, set, "FROM", 0), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpint (((PinionImapMessage *) g_ptr_array_index (messages, 0))->internal_date, ==,
                   G_MININT64);

  dates = dex_await_boxed (pinion_imap_connection_fetch_dates (session.connection, set), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dates->len, ==, 3);
  g_assert_cmpuint (g_array_index (dates, PinionImapUidDate, 0).uid, ==, 20);
  g_assert_cmpint (g_array_index (dates, PinionImapUidDate, 0).date, ==, 1784289900);
  g_assert_cmpuint (g_array_index (dates, PinionImapUidDate, 1).uid, ==, 11);
  g_assert_cmpint (g_array_index (dates, PinionImapUidDate, 1).date, ==, G_MININT64);
  g_assert_cmpuint (g_array_index (dates, PinionImapUidDate, 2).uid, ==, 10);
  g_assert_cmpint (g_array_index (dates, PinionImapUidDate, 2).date, ==, 1784289901);
  session_close (&session);

  return dex_future_new_true ();
}

/* A header without end is cut, and the connection goes on. */
static DexFuture *
test_large_header_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10");
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = make_body_file (3000000);
  g_autofree char *script = NULL;
  PinionImapMessage *message;
  Session session;

  script = g_strdup_printf ("C: P6 UID FETCH 10 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE "
                            "BODY.PEEK[HEADER])\n"
                            "S: * 1 FETCH (UID 10 BODY[HEADER] {3000000}\n{send-file %s}\n"
                            "S:  FLAGS (\\\\Seen))\n"
                            "S: P6 OK FETCH completed.\n",
                            file);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  messages = dex_await_boxed (pinion_imap_connection_fetch_headers (session.connection, set, NULL,
                                                                    PINION_IMAP_HEADERS_ALL),
                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 1);
  message = g_ptr_array_index (messages, 0);
  g_assert_cmpuint (message->flags, ==, PINION_IMAP_FLAG_SEEN);
  g_assert_cmpuint (g_bytes_get_size (message->header), ==, 1024 * 1024);
  session_close (&session);
  g_unlink (file);

  return dex_future_new_true ();
}

/* -- Whole messages -------------------------------------------------------------------------- */

typedef struct
{
  char *directory;
  GString *seen;
  guint n_paused;
  gboolean pausing;
  PinionErrorCode reject;
} Receiver;

static DexFuture *
resume (DexFuture *future,
        gpointer   user_data)
{
  ((Receiver *) user_data)->pausing = FALSE;

  return dex_future_new_true ();
}

/* Writes down "uid:size" and, for a file, a star; pauses on every second one. */
static DexFuture *
on_message (PinionImapMessage *message,
            gpointer           user_data)
{
  g_autoptr (PinionImapMessage) owned = message;
  Receiver *self = user_data;

  /* Nothing comes while we are not ready. */
  g_assert_false (self->pausing);
  g_string_append_printf (self->seen, "%u:%u", message->uid, (guint) message->body_size);
  if (message->body_path != NULL)
    {
      GStatBuf info;

      g_assert_cmpint (g_stat (message->body_path, &info), ==, 0);
      g_assert_cmpint (info.st_size, ==, (goffset) message->body_size);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      g_assert_true (g_str_has_prefix (message->body_path, self->directory));
      g_string_append_c (self->seen, '*');
    }
  else
    {
      g_assert_cmpuint (g_bytes_get_size (message->body), ==, message->body_size);
    }
  g_string_append_c (self->seen, ' ');

  if (self->reject != 0)
    return dex_future_new_for_error (pinion_error_new (self->reject, PINION_PROTOCOL_NONE,
                                                       PINION_STAGE_NONE, "No"));
  if (++self->n_paused % 2 == 0)
    return NULL;

  self->pausing = TRUE;

  return dex_future_finally (dex_timeout_new_msec (20), resume, self, NULL);
}

static void
receiver_init (Receiver *self)
{
  *self = (Receiver){ 0 };
  self->directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  self->seen = g_string_new (NULL);
}

/* The directory is empty again: everything that was not taken is gone. */
static void
receiver_clear (Receiver *self)
{
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->directory);
  g_string_free (self->seen, TRUE);
}

static DexFuture *
test_bodies_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20:40");
  g_autoptr (PinionUidSet) arrived = NULL;
  g_autofree char *file = make_body_file (3000000);
  g_autofree char *script = NULL;
  g_autofree char *text = NULL;
  g_autofree char *changes = NULL;
  g_autoptr (GError) error = NULL;
  Receiver receiver;
  Session session;

  receiver_init (&receiver);
  script = g_strdup_printf (
      "C: P6 UID FETCH 10,20:40 (UID BODY.PEEK[])\n"
      "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen) RFC822.SIZE 9999 BODY[] {18}\n"
      "S- x\\r\\nP6 OK done\\r\\n)\\r\\n\n"
      "S: )\n"
      "S: * 2 FETCH (BODY[] {3000000}\n"
      "{send-file %s}\n"
      "S:  UID 20 FLAGS ())\n"
      /* Without a body: nothing but news */
      "S: * 3 FETCH (UID 30 FLAGS (\\\\Seen) BODY[] NIL)\n"
      "S: * 4 EXISTS\n"
      "S: * 4 FETCH (UID 40 BODY[]<0> \"quoted\")\n"
      "S: * 5 FETCH (UID 99 BODY[] {2}\n"
      "S: no)\n"
      "S: P6 OK FETCH completed.\n",
      file);
  session_open_inbox (&session, SESSION_EXCHANGE, script);

  arrived = dex_await_boxed (pinion_imap_connection_fetch_bodies (session.connection, set,
                                                                  receiver.directory, on_message,
                                                                  &receiver, NULL),
                             &error);
  g_assert_no_error (error);
  text = pinion_uid_set_to_string (arrived);
  g_assert_cmpstr (text, ==, "10,20,40");
  g_assert_cmpstr (receiver.seen->str, ==, "10:18 20:3000000* 40:6 ");
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "F3/30=1 E4");
  session_close (&session);
  receiver_clear (&receiver);
  g_unlink (file);

  return dex_future_new_true ();
}

static void
note_destroyed (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static DexFuture *
pass_on (PinionImapMessage *message,
         gpointer           user_data)
{
  pinion_imap_message_free (message);

  return NULL;
}

/* What goes wrong with one message or with the disk. */
static DexFuture *
test_bodies_fail_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10:20");
  g_autofree char *file = make_body_file (100000);
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;
  gboolean destroyed = FALSE;
  Receiver receiver;
  Session session;

  receiver_init (&receiver);
  receiver.reject = PINION_ERROR_STORE_FAILED;

  /* The receiver cannot take it. */
  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 10:20 (UID BODY.PEEK[])\n"
                      "S: * 1 FETCH (UID 10 BODY[] \"a\")\n"
                      "S: * 2 FETCH (UID 20 BODY[] \"b\")\n"
                      "S: P6 OK FETCH completed.\n"
                      "C: P7 NOOP\nS: P7 OK done\n");
  error = session_assert_rejects (
      pinion_imap_connection_fetch_bodies (session.connection, set, receiver.directory, on_message,
                                           &receiver, NULL),
      PINION_ERROR_STORE_FAILED);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  g_assert_cmpstr (receiver.seen->str, ==, "10:1 ");
  session_close (&session);
  receiver_clear (&receiver);

  /* The directory is not there. */
  g_clear_error (&error);
  script = g_strdup_printf (
      "C: P6 UID FETCH 10:20 (UID BODY.PEEK[])\n"
      "S: * 1 FETCH (UID 10 BODY[] {100000}\n{send-file %s}\nS: )\n"
      "S: P6 OK FETCH completed.\n"
      "C: P7 NOOP\nS: P7 OK done\n",
      file);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  error = session_assert_rejects (pinion_imap_connection_fetch_bodies (session.connection, set,
                                                                       "/nonexistent", pass_on,
                                                                       &destroyed, note_destroyed),
                                  PINION_ERROR_STORE_FAILED);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  session_close (&session);
  g_assert_true (destroyed);

  /* Cut in the middle of a large one */
  g_clear_error (&error);
  receiver_init (&receiver);
  g_free (script);
  script = g_strdup_printf (
      "C: P6 UID FETCH 10:20 (UID BODY.PEEK[])\n"
      "S: * 1 FETCH (UID 10 BODY[] \"a\")\n"
      "S: * 2 FETCH (UID 20 BODY[] {100001}\n{send-file %s}\n{close}\n",
      file);
  session_open_inbox (&session, SESSION_EXCHANGE, script);
  error = session_assert_rejects (
      pinion_imap_connection_fetch_bodies (session.connection, set, receiver.directory, on_message,
                                           &receiver, NULL),
      PINION_ERROR_CONNECTION_LOST);
  g_assert_cmpstr (receiver.seen->str, ==, "10:1 ");
  session_close (&session);
  receiver_clear (&receiver);
  g_unlink (file);

  return dex_future_new_true ();
}

/* Nobody waits for it any more: what still comes is read over, and the callback is left alone. */
static DexFuture *
test_bodies_abandoned_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10:20");
  Receiver receiver;
  Session session;

  receiver_init (&receiver);
  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 10:20 (UID BODY.PEEK[])\n"
                      "{delay 300}\n"
                      "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen) BODY[] \"a\")\n"
                      "S: P6 OK FETCH completed.\n"
                      "C: P7 NOOP\nS: P7 OK done\n");
  g_assert_false (dex_await (
      dex_future_first (pinion_imap_connection_fetch_bodies (session.connection, set,
                                                             receiver.directory, on_message,
                                                             &receiver, NULL),
                        dex_timeout_new_msec (100), NULL),
      NULL));
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  g_assert_cmpstr (receiver.seen->str, ==, "");
  {
    g_autofree char *changes = session_take_changes (&session);

    g_assert_cmpstr (changes, ==, "F1/10=1");
  }
  session_close (&session);
  receiver_clear (&receiver);

  return dex_future_new_true ();
}

/* -- Filing ---------------------------------------------------------------------------------- */

static DexFuture *
test_store_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20");
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID STORE 10,20 +FLAGS.SILENT (\\\\Seen $MDNSent)\n"
                      "S: P6 OK STORE completed.\n"
                      "C: P7 UID STORE 10,20 -FLAGS.SILENT (\\\\Flagged)\n"
                      "S: P7 BAD Command Argument Error. 11\n{end}\n");
  /* Exchange keeps no $Forwarded. */
  session_assert_resolves (pinion_imap_connection_store (
      session.connection, set, TRUE,
      PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_FORWARDED | PINION_IMAP_FLAG_MDN_SENT));
  session_assert_resolves (pinion_imap_connection_store (session.connection, set, TRUE,
                                                         PINION_IMAP_FLAG_FORWARDED));
  {
    g_autoptr (GError) error = NULL;

    error = session_assert_rejects (pinion_imap_connection_store (session.connection, set, FALSE,
                                                                  PINION_IMAP_FLAG_FLAGGED),
                                    PINION_ERROR_REFUSED);
  }
  session_close (&session);

  return dex_future_new_true ();
}

static char *
describe_copied (PinionImapCopied *copied)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "%u", copied->uidvalidity);
  for (guint i = 0; i < copied->source->len; i++)
    g_string_append_printf (out, " %u>%u", g_array_index (copied->source, guint32, i),
                            g_array_index (copied->destination, guint32, i));
  g_string_append_printf (out, " -%u", copied->n_expunged);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_copied (DexFuture  *future,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapCopied) copied = dex_await_boxed (future, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe_copied (copied);
  g_assert_cmpstr (text, ==, expected);
}

static DexFuture *
test_copy_and_move_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20");
  g_autoptr (GError) error = NULL;
  g_autofree char *changes = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID COPY 10,20 Archive\n"
                      "S: P6 OK [COPYUID 9 10,20 5:6] COPY completed\n"
                      "C: P7 UID COPY 10,20 \"a \\\\\"b\\\\\"\"\n"
                      "S: P7 OK COPY completed\n"
                      "C: P8 UID COPY 10,20 gone\n"
                      "S: P8 NO [TRYCREATE] no\n"
                      /* COPYUID without any text */
                      "C: P9 UID MOVE 10,20 Archive\n"
                      "S: * OK [COPYUID 415 10,20 43:44]\n"
                      "S: * 2 EXPUNGE\n"
                      "S: * 1 EXPUNGE\n"
                      "S: P9 OK MOVE completed.\n"
                      /* OK, and nothing happened */
                      "C: P10 UID MOVE 10,20 Archive\n"
                      "S: P10 OK MOVE completed.\n");

  assert_copied (pinion_imap_connection_copy (session.connection, set, "Archive"),
                 "9 10>5 20>6 -0");
  assert_copied (pinion_imap_connection_copy (session.connection, set, "a \"b\""), "0 -0");
  error = session_assert_rejects (pinion_imap_connection_copy (session.connection, set, "gone"),
                                  PINION_ERROR_MAILBOX_NOT_OPENED);
  assert_copied (pinion_imap_connection_move (session.connection, set, "Archive"),
                 "415 10>43 20>44 -2");
  changes = session_take_changes (&session);
  g_assert_cmpstr (changes, ==, "-2 -1");
  assert_copied (pinion_imap_connection_move (session.connection, set, "Archive"), "0 -0");
  session_close (&session);

  return dex_future_new_true ();
}

/* 500 UIDs are moved in pieces, and the pieces are one answer. */
static DexFuture *
test_pieces_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("1:500");
  g_autoptr (PinionImapCopied) copied = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID MOVE 1:200 Archive\n"
                      "S: * OK [COPYUID 4 1:200 1001:1200]\n"
                      "S: P6 OK done\n"
                      "C: P7 UID MOVE 201:400 Archive\n"
                      "S: * OK [COPYUID 4 201:400 1201:1400]\n"
                      "S: P7 OK done\n"
                      "C: P8 UID MOVE 401:500 Archive\n"
                      "S: * OK [COPYUID 4 401:500 1401:1500]\n"
                      "S: P8 OK done\n");
  copied = dex_await_boxed (pinion_imap_connection_move (session.connection, set, "Archive"),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (copied->source->len, ==, 500);
  g_assert_cmpuint (g_array_index (copied->destination, guint32, 499), ==, 1500);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_expunge_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("10,20");
  g_autoptr (GError) error = NULL;
  gboolean done;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID EXPUNGE 10,20\nS: * 1 EXPUNGE\nS: P6 OK done\n");
  done = dex_await_boolean (pinion_imap_connection_expunge (session.connection, set), &error);
  g_assert_true (done);
  g_assert_no_error (error);
  session_close (&session);

  /* Without UIDPLUS: only if nothing else would go with it */
  session_open_inbox (&session, MEAGRE,
                      "C: P6 UID SEARCH DELETED\nS: * SEARCH 20 10\nS: P6 OK done\n"
                      "C: P7 EXPUNGE\nS: * 1 EXPUNGE\nS: P7 OK done\n"
                      "C: P8 UID SEARCH DELETED\nS: * SEARCH 20 30\nS: P8 OK done\n{end}\n");
  done = dex_await_boolean (pinion_imap_connection_expunge (session.connection, set), &error);
  g_assert_true (done);
  g_assert_no_error (error);
  done = dex_await_boolean (pinion_imap_connection_expunge (session.connection, set), &error);
  g_assert_false (done);
  g_assert_no_error (error);

  /* And no MOVE where there is none */
  error = session_assert_rejects (pinion_imap_connection_move (session.connection, set, "x"),
                                  PINION_ERROR_REFUSED);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_search_fiber (gpointer data)
{
  g_autoptr (GArray) found = NULL;
  g_autoptr (GArray) within = NULL;
  g_autoptr (PinionUidSet) odd = pinion_uid_set_new ();
  g_autoptr (GError) error = NULL;
  PinionImapSearch *search = pinion_imap_search_new ();
  Session session;

  g_assert_true (pinion_imap_search_add_header (search, "Message-ID", "<a\"b\\c@x>"));
  g_assert_false (pinion_imap_search_add_header (search, "Message-ID", "ä"));
  g_assert_false (pinion_imap_search_add_header (search, "Message-ID", "a\r\nb"));
  g_assert_false (pinion_imap_search_add_header (search, "Sub ject", "a"));
  pinion_imap_search_add_since (search, 1784289900);
  pinion_imap_search_add_undeleted (search);

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID SEARCH HEADER Message-ID \"<a\\\\\"b\\\\\\\\c@x>\" SINCE "
                      "17-Jul-2026 UNDELETED\n"
                      "S: * SEARCH 30 10\nS: * SEARCH\nS: * SEARCH 20 30\nS: P6 OK done\n"
                      "C~ P7 UID SEARCH UID 1,3,5[0-9,]* UNSEEN\n"
                      "S: * SEARCH 1 2 3\nS: P7 OK done\n"
                      "C~ P8 UID SEARCH UID [0-9,]*,3999 UNSEEN\n"
                      "S: * SEARCH 3999 4000\nS: P8 OK done\n"
                      "C: P9 UID SEARCH ALL\nS: P9 OK nothing\n");
  found = dex_await_boxed (pinion_imap_connection_search (session.connection, search), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_array_index (found, guint32, i), ==, 10 * (i + 1));

  /* A long set goes in pieces, one after the other. */
  for (guint32 uid = 1; uid < 4000; uid += uid < 200 || uid > 2100 ? 2 : 1900)
    pinion_uid_set_add (odd, uid);
  search = pinion_imap_search_new ();
  pinion_imap_search_add_unseen (search);
  pinion_imap_search_set_uids (search, odd);
  within = dex_await_boxed (pinion_imap_connection_search (session.connection, search), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (within->len, ==, 3);

  g_clear_pointer (&found, g_array_unref);
  search = pinion_imap_search_new ();
  found = dex_await_boxed (pinion_imap_connection_search (session.connection, search), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 0);
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_append_fiber (gpointer data)
{
  g_autoptr (GBytes) message = g_bytes_new ("From: a\r\n\r\nhi\r\n", 15);
  g_autofree char *file = make_body_file (200000);
  g_autoptr (PinionImapAppended) appended = NULL;
  g_autoptr (PinionImapAppended) unknown = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) large = NULL;
  DexFuture *noop;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      /* Never without waiting, in spite of LITERAL+ */
                      "C: P6 APPEND \"Sent Items\" (\\\\Seen) \"17-Jul-2026 12:05:00 +0000\" {15}\n"
                      "S: + Ready for additional command text.\n"
                      "{read 15}\nC: \n"
                      "S: * 4 EXISTS\n"
                      "S: P6 OK [APPENDUID 5 77] APPEND completed.\n"
                      "C: P7 APPEND x () {200000}\n"
                      "S: + go\n{read 200000}\nC: \nS: P7 OK done\n"
                      /* Refused before anything of it is sent */
                      "C: P8 APPEND x () {15}\n"
                      "S: P8 NO Maximum size of appendable message has been exceeded\n"
                      "C: P9 NOOP\nS: P9 OK done\n"
                      "C: P10 APPEND x () {15}\n"
                      "S: P10 NO [OVERQUOTA] full\n"
                      "C: P11 APPEND gone () {15}\n"
                      "S: P11 NO [TRYCREATE] no\n"
                      /* Without a tag */
                      "C: P12 APPEND x () {15}\nS: + go\n{read 15}\nC: \n"
                      "S: * BAD command line limit exceeded\n{end}\n");

  appended = dex_await_boxed (pinion_imap_connection_append (session.connection, "Sent Items",
                                                             PINION_IMAP_FLAG_SEEN |
                                                                 PINION_IMAP_FLAG_FORWARDED,
                                                             1784289900, message),
                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (appended->uidvalidity, ==, 5);
  g_assert_cmpuint (appended->uid, ==, 77);

  unknown = dex_await_boxed (pinion_imap_connection_append_file (session.connection, "x", 0,
                                                                 G_MININT64, file),
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (unknown->uid, ==, 0);

  {
    DexFuture *append;

    append = pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message);
    noop = pinion_imap_connection_noop (session.connection);
    large = session_assert_rejects (append, PINION_ERROR_MESSAGE_TOO_LARGE);
    session_assert_resolves (noop);
  }
  g_clear_error (&large);
  large = session_assert_rejects (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message),
      PINION_ERROR_QUOTA);
  g_clear_error (&large);
  large = session_assert_rejects (
      pinion_imap_connection_append (session.connection, "gone", 0, G_MININT64, message),
      PINION_ERROR_MAILBOX_NOT_OPENED);
  g_clear_error (&large);
  large = session_assert_rejects (
      pinion_imap_connection_append (session.connection, "x", 0, G_MININT64, message),
      PINION_ERROR_MESSAGE_TOO_LARGE);
  g_assert_true (pinion_imap_connection_is_closed (session.connection));
  session_close (&session);
  g_unlink (file);

  return dex_future_new_true ();
}

/* -- Many at once ---------------------------------------------------------------------------- */

/* Commands are sent without waiting, and answered in any order. */
static DexFuture *
test_window_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) one = session_set ("10");
  DexFuture *first;
  DexFuture *second;
  DexFuture *third;
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE,
                      "C: P6 UID FETCH 10 (UID FLAGS)\n"
                      "C: P7 UID STORE 10 +FLAGS.SILENT (\\\\Seen)\n"
                      "C: P8 NOOP\n"
                      "S: P7 OK done\n"
                      "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen))\n"
                      "S: P8 OK done\n"
                      "S: P6 OK done\n");
  first = pinion_imap_connection_fetch_flags (session.connection, one);
  second = pinion_imap_connection_store (session.connection, one, TRUE, PINION_IMAP_FLAG_SEEN);
  third = pinion_imap_connection_noop (session.connection);
  session_assert_resolves (dex_future_all (first, second, third, NULL));
  session_close (&session);

  /* Byte by byte */
  session_open_inbox (&session, SESSION_EXCHANGE,
                      "{drip}\n"
                      "C: P6 UID FETCH 10 (UID FLAGS)\n"
                      "S: * 1 FETCH (UID 10 FLAGS (\\\\Seen))\n"
                      "S: P6 OK done\n");
  session_assert_resolves (pinion_imap_connection_fetch_flags (session.connection, one));
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/messages/flags", test_flags_fiber);
  pinion_test_add_fiber ("/imap/messages/headers", test_headers_fiber);
  pinion_test_add_fiber ("/imap/messages/dates", test_dates_fiber);
  pinion_test_add_fiber ("/imap/messages/large-header", test_large_header_fiber);
  pinion_test_add_fiber ("/imap/messages/bodies", test_bodies_fiber);
  pinion_test_add_fiber ("/imap/messages/bodies-fail", test_bodies_fail_fiber);
  pinion_test_add_fiber ("/imap/messages/bodies-abandoned", test_bodies_abandoned_fiber);
  pinion_test_add_fiber ("/imap/messages/store", test_store_fiber);
  pinion_test_add_fiber ("/imap/messages/copy-and-move", test_copy_and_move_fiber);
  pinion_test_add_fiber ("/imap/messages/pieces", test_pieces_fiber);
  pinion_test_add_fiber ("/imap/messages/expunge", test_expunge_fiber);
  pinion_test_add_fiber ("/imap/messages/search", test_search_fiber);
  pinion_test_add_fiber ("/imap/messages/append", test_append_fiber);
  pinion_test_add_fiber ("/imap/messages/window", test_window_fiber);

  return g_test_run ();
}
