/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "imap-test-session.h"

#include <string.h>

#define OPENING                                                                                    \
  "{tls}\n"                                                                                        \
  "S: * OK The Microsoft Exchange IMAP4 service is ready.\n"                                       \
  "C: P1 CAPABILITY\n"                                                                             \
  "S: * CAPABILITY %s\n"                                                                           \
  "S: P1 OK CAPABILITY completed.\n"                                                               \
  "C~ P2 (AUTHENTICATE|LOGIN) .*\n"                                                                \
  "%s"                                                                                             \
  "S: P2 OK AUTHENTICATE completed.\n"                                                             \
  "C: P3 CAPABILITY\n"                                                                             \
  "S: * CAPABILITY %s\n"                                                                           \
  "S: P3 OK CAPABILITY completed.\n"                                                               \
  "C: P4 NAMESPACE\n"                                                                              \
  "S: * NAMESPACE ((\"\" \"/\")) NIL NIL\n"                                                        \
  "S: P4 OK NAMESPACE completed.\n"

/* Without SASL-IR, which IMAP4rev2 contains, the password has to be asked for. */
#define ASKING "S: +\nC~ .*\n"

#define SELECTING                                                                                  \
  "C: P5 SELECT INBOX\n"                                                                           \
  "S: * 3 EXISTS\n"                                                                                \
  "S: * 0 RECENT\n"                                                                                \
  "S: * FLAGS (\\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft $MDNSent)\n"                \
  "S: * OK [PERMANENTFLAGS (\\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft "              \
  "$MDNSent)] x\n"                                                                                 \
  "S: * OK [UIDVALIDITY 14] UIDVALIDITY value\n"                                                   \
  "S: * OK [UIDNEXT 4491] The next unique identifier value\n"                                      \
  "S: P5 OK [READ-WRITE] SELECT completed.\n"

void
session_prepare (Session         *self,
                 const char      *script,
                 PinionEncryption encryption,
                 const char      *user)
{
  *self = (Session){ 0 };
  self->peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  pinion_test_peer_fill_server (self->peer, encryption, &self->server);
  if (user != NULL)
    g_set_str (&self->server.user, user);
  self->secret = pinion_secret_new (SESSION_PASSWORD);
}

static void
open_with (Session    *self,
           const char *capabilities,
           const char *selecting,
           const char *script)
{
  g_autoptr (GError) error = NULL;
  gboolean asks = strstr (capabilities, "AUTH=PLAIN") != NULL &&
                  strstr (capabilities, "SASL-IR") == NULL &&
                  strstr (capabilities, "IMAP4rev1") != NULL;
  g_autofree char *opening = g_strdup_printf (OPENING, capabilities, asks ? ASKING : "",
                                              capabilities);
  g_autofree char *whole = g_strconcat (opening, selecting, script, NULL);

  session_prepare (self, whole, PINION_ENCRYPTION_TLS, NULL);
  self->connection = dex_await_object (pinion_imap_connect (&self->server, self->secret,
                                                            pinion_test_certs_get_ca (), NULL),
                                       &error);
  g_assert_no_error (error);
}

void
session_open (Session    *self,
              const char *capabilities,
              const char *script)
{
  open_with (self, capabilities, "", script);
}

void
session_open_inbox (Session    *self,
                    const char *capabilities,
                    const char *script)
{
  open_with (self, capabilities, SELECTING, script);
  session_assert_resolves (pinion_imap_connection_select (self->connection, "INBOX", FALSE));
}

void
session_close (Session *self)
{
  g_autoptr (GByteArray) sent = NULL;

  if (self->connection != NULL)
    pinion_imap_connection_close (self->connection);
  g_clear_object (&self->connection);
  sent = pinion_test_peer_finish (self->peer);

  pinion_server_clear (&self->server);
  pinion_secret_unref (self->secret);
}

GError *
session_assert_rejects (DexFuture      *future,
                        PinionErrorCode code)
{
  GError *error = NULL;

  g_assert_false (dex_await (future, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_null (strstr (error->message, SESSION_PASSWORD));
  g_assert_null (strstr (error->message, SESSION_PLAIN));

  return error;
}

void
session_assert_resolves (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

PinionUidSet *
session_set (const char *text)
{
  PinionUidSet *set = pinion_uid_set_parse (text, -1);

  g_assert_nonnull (set);

  return set;
}

char *
session_take_changes (Session *self)
{
  g_autoptr (GArray) changes = pinion_imap_connection_take_changes (self->connection);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);
      const char kinds[] = "E-FR";

      g_string_append_printf (out, "%s%c%u", i > 0 ? " " : "", kinds[change->kind], change->number);
      if (change->uid != 0)
        g_string_append_printf (out, "/%u", change->uid);
      if (change->kind == PINION_IMAP_CHANGE_FLAGS)
        g_string_append_printf (out, "=%x", change->flags);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}
