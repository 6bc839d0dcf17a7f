/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "smtp-test-session.h"

#include "pinion-test-certs.h"

#include <glib/gstdio.h>
#include <string.h>

const PinionSmtpLimits smtp_test_limits = {
  .net = { .resolve = 8000, .reach = 8000, .handshake = 8000 },
  .greeting = 8000,
  .command = 8000,
  .sign_in = 8000,
  .data = 8000,
  .final = 8000,
};

void
smtp_test_session_begin (SmtpTestSession        *self,
                         const char             *script,
                         const char             *message,
                         gssize                  length,
                         const PinionSmtpLimits *limits)
{
  PinionServer server = { 0 };
  g_autoptr (PinionSecret) secret = pinion_secret_new ("secret");
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("pinion-message-XXXXXX", &self->path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (self->path, message, length, &error);
  g_assert_no_error (error);
  self->file = g_file_new_for_path (self->path);

  self->peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  pinion_test_peer_fill_server (self->peer, PINION_ENCRYPTION_TLS, &server);
  self->connection = dex_await_object (
      pinion_smtp_connect (&server, secret, pinion_test_certs_get_ca (),
                           limits != NULL ? limits : &smtp_test_limits, NULL),
      &error);
  g_assert_no_error (error);
  pinion_server_clear (&server);
}

gboolean
smtp_test_session_submit (SmtpTestSession   *self,
                          const char *const *recipients,
                          GError           **error)
{
  return dex_await (pinion_smtp_connection_submit (self->connection, "ana@example.com", recipients,
                                                   self->file),
                    error);
}

static void
clear (SmtpTestSession *self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->file);
  g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
}

GByteArray *
smtp_test_session_end (SmtpTestSession *self)
{
  clear (self);

  return pinion_test_peer_finish (self->peer);
}

void
smtp_test_session_drop (SmtpTestSession *self)
{
  clear (self);
  pinion_test_peer_stop (self->peer);
}
