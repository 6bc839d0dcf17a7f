/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Receives every message of the inbox and says how many there were:
 *
 *     bench-receive PORT USER CA DIRECTORY     the password comes on standard input
 */

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "pinion-imap-connection.h"
#include "pinion-test-fiber.h"

typedef struct
{
  char **arguments;
  PinionSecret *secret;
  guint n_messages;
  guint64 n_bytes;
} Receipt;

static DexFuture *
on_message (PinionImapMessage *message,
            gpointer           user_data)
{
  Receipt *self = user_data;

  self->n_messages++;
  self->n_bytes += message->body_size;
  pinion_imap_message_free (message);

  return NULL;
}

static DexFuture *
receive_fiber (gpointer data)
{
  Receipt *self = data;
  g_autoptr (PinionImapConnection) connection = NULL;
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autofree char *ca = NULL;
  GError *error = NULL;
  PinionServer server = {
    .host = (char *) "localhost",
    .port = (guint16) g_ascii_strtoull (self->arguments[1], NULL, 10),
    .encryption = PINION_ENCRYPTION_TLS,
    .user = self->arguments[2],
  };

  if (!g_file_get_contents (self->arguments[3], &ca, NULL, &error))
    return dex_future_new_for_error (error);
  connection = dex_await_object (pinion_imap_connect (&server, self->secret, ca, NULL), &error);
  if (connection == NULL ||
      !dex_await (pinion_imap_connection_select (connection, "INBOX", TRUE), &error) ||
      !dex_await (pinion_imap_connection_fetch_bodies (connection, all, self->arguments[4],
                                                       on_message, self, NULL),
                  &error))
    return dex_future_new_for_error (error);

  return pinion_imap_connection_logout (connection);
}

int
main (int   argc,
      char *argv[])
{
  char password[256] = "";
  Receipt receipt = { .arguments = argv };
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (argc != 5 || fgets (password, sizeof password, stdin) == NULL)
    return 2;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  dex_init ();
  receipt.secret = pinion_secret_new (g_strchomp (password));
  done = pinion_test_wait (dex_scheduler_spawn (NULL, 0, receive_fiber, &receipt, NULL), &error);
  pinion_secret_unref (receipt.secret);
  if (!done)
    g_printerr ("%s\n", error->message);
  g_print ("%u %" G_GUINT64_FORMAT "\n", receipt.n_messages, receipt.n_bytes);

  return done ? 0 : 1;
}
