/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-net.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

#include <glib/gstdio.h>
#include <string.h>

/* Small enough for a test, large enough for a slow machine's handshake. */
static const PinionNetLimits patient = { .resolve = 8000, .reach = 8000, .handshake = 8000 };
static const PinionNetLimits hasty = { .resolve = 300, .reach = 300, .handshake = 300 };

/* -- A resolver that knows what there is ---------------------------------------------------- */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;

  /* Questions that nobody answers */
  GPtrArray *waiting;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
test_resolver_lookup_async (GResolver               *resolver,
                            const char              *host,
                            GResolverNameLookupFlags flags,
                            GCancellable            *cancellable,
                            GAsyncReadyCallback      callback,
                            gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  if (g_str_equal (host, "localhost") && flags != G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_task_return_pointer (task,
                           g_list_prepend (NULL, g_inet_address_new_from_string ("127.0.0.1")),
                           (GDestroyNotify) g_resolver_free_addresses);
  else if (g_str_equal (host, "slow.invalid"))
    g_ptr_array_add (TEST_RESOLVER (resolver)->waiting, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", host);
}

static GList *
test_resolver_lookup_finish (GResolver    *resolver,
                             GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_RESOLVER (object)->waiting);
  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_resolver_finalize;
  resolver_class->lookup_by_name_with_flags_async = test_resolver_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = test_resolver_lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
test_resolver_give_up (TestResolver *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    g_task_return_new_error (self->waiting->pdata[i], G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stop");
  g_ptr_array_set_size (self->waiting, 0);
}

/* -- Stages --------------------------------------------------------------------------------- */

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  static const char marks[] = { '?', '+', '!' };
  GString *log = user_data;

  g_assert_cmpint (error != NULL, ==, state == PINION_STAGE_STATE_FAILED);
  g_string_append_printf (log, "%s%c ", pinion_stage_to_string (stage), marks[state]);
}

typedef struct
{
  PinionServer server;
  PinionTestPeer *peer;
  GString *log;
  PinionStageSink *sink;
} Fixture;

static void
fixture_init (Fixture         *self,
              const char      *script,
              const char      *certificate,
              PinionEncryption encryption)
{
  memset (self, 0, sizeof *self);
  self->peer = pinion_test_peer_new (script, pinion_test_certs_get (certificate));
  pinion_test_peer_fill_server (self->peer, encryption, &self->server);
  self->log = g_string_new (NULL);
  self->sink = pinion_stage_sink_new (on_stage, self->log, NULL);
}

static void
fixture_finish (Fixture    *self,
                const char *stages)
{
  g_assert_cmpstr (self->log->str, ==, stages);
  /* A handshake that was given up ends on the main loop. */
  dex_await (dex_timeout_new_msec (50), NULL);
  g_byte_array_unref (pinion_test_peer_finish (self->peer));
  pinion_stage_sink_unref (self->sink);
  g_string_free (self->log, TRUE);
  pinion_server_clear (&self->server);
}

static GIOStream *
connect_with (Fixture               *self,
              const PinionNetLimits *limits,
              GError               **error)
{
  return dex_await_object (pinion_net_connect (&self->server, PINION_PROTOCOL_IMAP,
                                               pinion_test_certs_get_ca (), limits, self->sink),
                           error);
}

/* Connects in TLS and has to fail. */
static GError *
fail_to_connect (const char      *script,
                 const char      *certificate,
                 const char      *pin,
                 PinionErrorCode  code,
                 const char      *stages)
{
  Fixture f;
  GError *error = NULL;

  fixture_init (&f, script, certificate, PINION_ENCRYPTION_TLS);
  f.server.trusted_sha256 = g_strdup (pin);
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);

  g_assert_null (stream);
  g_assert_nonnull (error);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_IMAP);
  g_assert_cmpstr (pinion_error_get_detail (error, "host"), ==, "localhost");
  fixture_finish (&f, stages);

  return error;
}

#define REACHED "resolve? resolve+ reach? reach+ "
#define REFUSED REACHED "tls? tls+ certificate? certificate! "
#define NO_TLS REACHED "tls? tls! "

/* -- Reaching ------------------------------------------------------------------------------- */

static DexFuture *
test_plain (gpointer data)
{
  Fixture f;
  GError *error = NULL;

  fixture_init (&f, "{end}", "good", PINION_ENCRYPTION_STARTTLS);
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_SOCKET_CONNECTION (stream));

  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  g_assert_true (g_socket_get_keepalive (socket));
  g_clear_object (&stream);
  fixture_finish (&f, REACHED);

  return dex_future_new_true ();
}

static DexFuture *
test_port_closed (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "", "good", PINION_ENCRYPTION_TLS);
  pinion_test_peer_stop (f.peer);
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);
  g_assert_true (pinion_error_is (error, PINION_ERROR_PORT_CLOSED));
  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_REACH);
  f.peer = pinion_test_peer_new ("", NULL);
  g_clear_object (&stream);

  g_assert_cmpstr (f.log->str, ==, "resolve? resolve+ reach? reach! ");
  pinion_test_peer_stop (f.peer);
  pinion_stage_sink_unref (f.sink);
  g_string_free (f.log, TRUE);
  pinion_server_clear (&f.server);

  return dex_future_new_true ();
}

static void
assert_host (const char            *host,
             const PinionNetLimits *limits,
             PinionErrorCode        code)
{
  PinionServer server = { .host = (char *) host, .port = 993 };
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (on_stage, log, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (dex_await_object (pinion_net_connect (&server, PINION_PROTOCOL_SMTP, NULL, limits,
                                                       sink),
                                   &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_RESOLVE);
  g_assert_true (g_str_has_suffix (log->str, "resolve! "));
}

static DexFuture *
test_host_unknown (gpointer data)
{
  assert_host ("nothing.invalid", &patient, PINION_ERROR_HOST_UNKNOWN);
  assert_host ("not a host", &patient, PINION_ERROR_HOST_UNKNOWN);
  assert_host ("", &patient, PINION_ERROR_HOST_UNKNOWN);
  assert_host ("slow.invalid", &hasty, PINION_ERROR_TIMED_OUT);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  test_resolver_give_up (TEST_RESOLVER (resolver));

  return dex_future_new_true ();
}

/* -- TLS ------------------------------------------------------------------------------------ */

static DexFuture *
test_good (gpointer data)
{
  Fixture f;
  GError *error = NULL;

  fixture_init (&f, "{tls}\n{end}", "good", PINION_ENCRYPTION_TLS);
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pinion_net_get_tls_version (G_TLS_CONNECTION (stream)), ==, "TLS 1.3");
  g_clear_object (&stream);
  fixture_finish (&f, REACHED "tls? tls+ certificate? certificate+ ");

  return dex_future_new_true ();
}

static DexFuture *
test_without_authority (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "{tls-fail}", "good", PINION_ENCRYPTION_TLS);
  g_assert_null (dex_await_object (pinion_net_connect (&f.server, PINION_PROTOCOL_IMAP, NULL,
                                                       &patient, f.sink),
                                   &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER);
  g_assert_cmpstr (pinion_error_get_detail (error, "subject"), ==, "CN=Pinion test server");
  g_assert_cmpstr (pinion_error_get_detail (error, "issuer"), ==, "CN=Pinion test authority");
  g_assert_cmpstr (pinion_error_get_detail (error, "not-before"), ==, "2020-01-01T00:00:00Z");
  g_assert_cmpstr (pinion_error_get_detail (error, "not-after"), ==, "2099-01-01T00:00:00Z");
  fixture_finish (&f, REFUSED);

  return dex_future_new_true ();
}

/* Authorities of the account's own are no reason to believe the system's no more. */
static DexFuture *
test_system_beside_own (gpointer data)
{
  Fixture f;
  GError *error = NULL;
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "pinion-test-system-XXXXXX", NULL);
  g_autofree char *own = NULL;

  close (g_mkstemp (path));
  g_assert_true (g_file_set_contents (path, pinion_test_certs_get_ca (), -1, NULL));
  g_autoptr (GTlsDatabase) system = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (backend, system);
  g_object_get (pinion_test_certs_get ("self-signed"), "certificate-pem", &own, NULL);

  fixture_init (&f, "{tls}\n{end}", "good", PINION_ENCRYPTION_TLS);
  g_autoptr (GIOStream) stream = dex_await_object (
      pinion_net_connect (&f.server, PINION_PROTOCOL_IMAP, own, &patient, f.sink), &error);
  g_assert_no_error (error);
  g_clear_object (&stream);
  fixture_finish (&f, REACHED "tls? tls+ certificate? certificate+ ");

  /* What the system says of a name or a date counts, too. */
  const char *bad[] = { "expired", "other-name" };
  const int codes[] = { PINION_ERROR_CERTIFICATE_EXPIRED, PINION_ERROR_CERTIFICATE_OTHER_NAME };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      fixture_init (&f, "{tls-fail}", bad[i], PINION_ENCRYPTION_TLS);
      g_assert_null (dex_await_object (
          pinion_net_connect (&f.server, PINION_PROTOCOL_IMAP, own, &patient, f.sink), &error));
      g_assert_error (error, PINION_ERROR, codes[i]);
      g_clear_error (&error);
      fixture_finish (&f, REFUSED);
    }

  g_tls_backend_set_default_database (backend, NULL);
  g_unlink (path);

  return dex_future_new_true ();
}

static void
assert_certificate (const char     *name,
                    PinionErrorCode code,
                    const char     *problems)
{
  g_autofree char *sha256 = pinion_net_dup_sha256 (pinion_test_certs_get (name));
  g_autoptr (GError) error = fail_to_connect ("{tls-fail}", name, NULL, code, REFUSED);

  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_CERTIFICATE);
  g_assert_cmpstr (pinion_error_get_detail (error, "sha256"), ==, sha256);
  g_assert_cmpstr (pinion_error_get_detail (error, "problems"), ==, problems);
  g_assert_null (pinion_error_get_detail (error, "pinned-sha256"));
}

static DexFuture *
test_certificates (gpointer data)
{
  assert_certificate ("expired", PINION_ERROR_CERTIFICATE_EXPIRED, "expired");
  assert_certificate ("future", PINION_ERROR_CERTIFICATE_NOT_YET_VALID, "not-yet-valid");
  assert_certificate ("other-name", PINION_ERROR_CERTIFICATE_OTHER_NAME, "other-name");
  assert_certificate ("self-signed", PINION_ERROR_CERTIFICATE_SELF_SIGNED, "unknown-issuer");

  return dex_future_new_true ();
}

static DexFuture *
test_address (gpointer data)
{
  Fixture f;
  GError *error = NULL;

  /* The address is in the certificate; another one of the same machine is not. */
  fixture_init (&f, "{tls}\n{end}", "good", PINION_ENCRYPTION_TLS);
  g_set_str (&f.server.host, "127.0.0.1");
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  g_clear_object (&stream);
  fixture_finish (&f, REACHED "tls? tls+ certificate? certificate+ ");

  return dex_future_new_true ();
}

static void
assert_pinned (const char *certificate,
               const char *pinned)
{
  g_autofree char *sha256 = pinion_net_dup_sha256 (pinion_test_certs_get (pinned));
  Fixture f;
  GError *error = NULL;

  fixture_init (&f, "{tls}\n{end}", certificate, PINION_ENCRYPTION_TLS);
  f.server.trusted_sha256 = g_ascii_strup (sha256, -1);
  g_autoptr (GIOStream) stream = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  g_clear_object (&stream);
  fixture_finish (&f, REACHED "tls? tls+ certificate? certificate+ ");
}

static DexFuture *
test_pinned (gpointer data)
{
  assert_pinned ("self-signed", "self-signed");
  assert_pinned ("expired", "expired");
  assert_pinned ("other-name", "other-name");
  /* One that verifies by itself may take the pinned one's place. */
  assert_pinned ("good", "self-signed");

  return dex_future_new_true ();
}

static DexFuture *
test_changed (gpointer data)
{
  g_autofree char *pin = pinion_net_dup_sha256 (pinion_test_certs_get ("self-signed"));
  g_autofree char *seen = pinion_net_dup_sha256 (pinion_test_certs_get ("self-signed-2"));
  g_autoptr (GError) error = fail_to_connect ("{tls-fail}", "self-signed-2", pin,
                                              PINION_ERROR_CERTIFICATE_CHANGED, REFUSED);

  g_assert_cmpstr (pinion_error_get_detail (error, "sha256"), ==, seen);
  g_assert_cmpstr (pinion_error_get_detail (error, "pinned-sha256"), ==, pin);

  /* Neither does a name, a date or a part of the fingerprint do. */
  g_autofree char *part = g_strndup (seen, 16);
  g_clear_error (&error);
  error = fail_to_connect ("{tls-fail}", "self-signed-2", part, PINION_ERROR_CERTIFICATE_CHANGED,
                           REFUSED);

  return dex_future_new_true ();
}

static DexFuture *
test_bad_authorities (gpointer data)
{
  static const char *const cases[] = {
    "nothing", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nMIIB",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, "{end}", "good", PINION_ENCRYPTION_TLS);
      g_assert_null (dex_await_object (pinion_net_connect (&f.server, PINION_PROTOCOL_IMAP,
                                                           cases[i], &patient, f.sink),
                                       &error));
      g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
      fixture_finish (&f, NO_TLS);
    }

  return dex_future_new_true ();
}

/* -- No TLS --------------------------------------------------------------------------------- */

static DexFuture *
test_wrong_mode (gpointer data)
{
  g_autoptr (GError) text = fail_to_connect ("S: * OK ready\n{hold}", "good", NULL,
                                             PINION_ERROR_NEEDS_STARTTLS, NO_TLS);
  g_autoptr (GError) web = fail_to_connect ("{read 5}\nS: HTTP/1.1 400 Bad Request\n{hold}", "good",
                                            NULL, PINION_ERROR_WEB_SERVER, NO_TLS);
  g_autoptr (GError) closed = fail_to_connect ("{read 5}\n{close}", "good", NULL,
                                               PINION_ERROR_CONNECTION_LOST, NO_TLS);
  g_autoptr (GError) reset = fail_to_connect ("{read 5}\n{reset}", "good", NULL,
                                              PINION_ERROR_CONNECTION_LOST, NO_TLS);

  g_assert_cmpint (pinion_error_get_stage (text), ==, PINION_STAGE_TLS);

  return dex_future_new_true ();
}

static DexFuture *
test_old (gpointer data)
{
  /* An alert "protocol version", and a ServerHello that chooses TLS 1.0 */
  g_autoptr (GError) alert = fail_to_connect ("{read 5}\n"
                                              "S- \\x15\\x03\\x01\\x00\\x02\\x02\\x46\n{hold}",
                                              "good", NULL, PINION_ERROR_TLS_TOO_OLD, NO_TLS);
  g_autoptr (GError) hello = fail_to_connect (
      "{read 5}\nS- \\x16\\x03\\x01\\x00\\x2a\\x02\\x00\\x00\\x26\\x03\\x01"
      "0123456789abcdef0123456789abcdef\\x00\\x00\\x2f\\x00\n{close}",
      "good", NULL, PINION_ERROR_TLS_TOO_OLD, NO_TLS);
  g_autoptr (GError) other = fail_to_connect ("{read 5}\n"
                                              "S- \\x15\\x03\\x03\\x00\\x02\\x02\\x28\n{hold}",
                                              "good", NULL, PINION_ERROR_TLS_FAILED, NO_TLS);

  return dex_future_new_true ();
}

static DexFuture *
test_stall (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "{hold}", "good", PINION_ENCRYPTION_TLS);
  g_autoptr (GIOStream) stream = connect_with (&f, &hasty, &error);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_TIMED_OUT);
  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_TLS);
  fixture_finish (&f, NO_TLS);

  return dex_future_new_true ();
}

/* -- STARTTLS ------------------------------------------------------------------------------- */

static GIOStream *
upgrade (Fixture   *f,
         GIOStream *plain,
         GError   **error)
{
  return dex_await_object (pinion_net_start_tls (plain, &f->server, PINION_PROTOCOL_IMAP,
                                                 pinion_test_certs_get_ca (), &patient, f->sink),
                           error);
}

static DexFuture *
test_start_tls (gpointer data)
{
  Fixture f;
  GError *error = NULL;

  fixture_init (&f, "{tls}\n{end}", "good", PINION_ENCRYPTION_STARTTLS);
  g_autoptr (GIOStream) plain = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  g_autoptr (GIOStream) secure = upgrade (&f, plain, &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_TLS_CONNECTION (secure));
  g_clear_object (&plain);
  g_clear_object (&secure);
  fixture_finish (&f, REACHED "tls? tls+ certificate? certificate+ ");

  return dex_future_new_true ();
}

static void
assert_start_tls_fails (const char     *script,
                        const char     *certificate,
                        PinionErrorCode code,
                        const char     *stages)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, script, certificate, PINION_ENCRYPTION_STARTTLS);
  g_autoptr (GIOStream) plain = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  /* Time for what the peer says at once to arrive. */
  dex_await (dex_timeout_new_msec (200), NULL);
  g_assert_null (upgrade (&f, plain, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_clear_object (&plain);
  fixture_finish (&f, stages);
}

static DexFuture *
test_start_tls_fails (gpointer data)
{
  assert_start_tls_fails ("S: a OK injected\n{hold}", "good", PINION_ERROR_DATA_BEFORE_ENCRYPTION,
                          REACHED "tls! ");
  assert_start_tls_fails ("{read 5}\nS: * OK injected\n{hold}", "good",
                          PINION_ERROR_DATA_BEFORE_ENCRYPTION, NO_TLS);
  assert_start_tls_fails ("{close}", "good", PINION_ERROR_CONNECTION_LOST, REACHED "tls! ");
  assert_start_tls_fails ("{tls-fail}", "expired", PINION_ERROR_CERTIFICATE_EXPIRED, REFUSED);
  assert_start_tls_fails ("{tls-fail}", "self-signed", PINION_ERROR_CERTIFICATE_SELF_SIGNED,
                          REFUSED);

  return dex_future_new_true ();
}

static void
assert_speaks_tls (const char *script,
                   gboolean    expected)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, script, "good", PINION_ENCRYPTION_STARTTLS);
  g_autoptr (GIOStream) plain = connect_with (&f, &patient, &error);
  g_assert_no_error (error);
  gboolean speaks = dex_await_boolean (pinion_net_speaks_tls (plain, &f.server, &hasty), &error);
  g_assert_no_error (error);
  g_assert_cmpint (speaks, ==, expected);
  g_clear_object (&plain);
  fixture_finish (&f, REACHED);
}

static DexFuture *
test_speaks_tls (gpointer data)
{
  assert_speaks_tls ("{tls-fail}", TRUE);
  assert_speaks_tls ("{hold}", FALSE);
  assert_speaks_tls ("{read 5}\nS: 500 what?\n{hold}", FALSE);

  return dex_future_new_true ();
}

static void
test_is_tls_record (void)
{
  g_assert_true (pinion_net_is_tls_record ((const guint8 *) "\x15\x03\x01", 3));
  g_assert_true (pinion_net_is_tls_record ((const guint8 *) "\x16", 1));
  g_assert_false (pinion_net_is_tls_record ((const guint8 *) "\x16\x20", 2));
  g_assert_false (pinion_net_is_tls_record ((const guint8 *) "* OK", 4));
  g_assert_false (pinion_net_is_tls_record ((const guint8 *) "", 0));
}

/* -- Giving up ------------------------------------------------------------------------------ */

static DexFuture *
test_cancel (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  /* Dropping the attempt ends it: the peer sees the connection go. */
  fixture_init (&f, "{hold}", "good", PINION_ENCRYPTION_TLS);
  g_assert_false (dex_await (dex_future_first (pinion_net_connect (&f.server, PINION_PROTOCOL_IMAP,
                                                                   NULL, &patient, f.sink),
                                               dex_timeout_new_msec (300), NULL),
                             &error));
  g_assert_error (error, DEX_ERROR, DEX_ERROR_TIMED_OUT);
  dex_await (dex_timeout_new_msec (50), NULL);
  fixture_finish (&f, NO_TLS);

  return dex_future_new_true ();
}

/* -- Getting ready -------------------------------------------------------------------------- */

/* Somebody else asks GIO for the monitor while the proxies are looked at: each holds what the other
 * waits for, if they are asked for in the wrong order.  In a process where neither is there yet. */
static void
test_prepare (void)
{
  if (g_test_subprocess ())
    {
      DexFuture *ready = pinion_net_prepare ();

      g_usleep (g_random_int_range (0, 15000));
      g_assert_nonnull (g_network_monitor_get_default ());
      g_assert_true (pinion_test_wait (ready, NULL));
      return;
    }

  for (guint i = 0; i < 12; i++)
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
    }
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);
  g_autoptr (GResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_resolver_set_default (resolver);

  pinion_test_add_fiber ("/net/plain", test_plain);
  pinion_test_add_fiber ("/net/port-closed", test_port_closed);
  pinion_test_add_fiber ("/net/host-unknown", test_host_unknown);
  pinion_test_add_fiber ("/net/good", test_good);
  pinion_test_add_fiber ("/net/without-authority", test_without_authority);
  pinion_test_add_fiber ("/net/system-beside-own", test_system_beside_own);
  pinion_test_add_fiber ("/net/certificates", test_certificates);
  pinion_test_add_fiber ("/net/address", test_address);
  pinion_test_add_fiber ("/net/pinned", test_pinned);
  pinion_test_add_fiber ("/net/changed", test_changed);
  pinion_test_add_fiber ("/net/bad-authorities", test_bad_authorities);
  pinion_test_add_fiber ("/net/wrong-mode", test_wrong_mode);
  pinion_test_add_fiber ("/net/old", test_old);
  pinion_test_add_fiber ("/net/stall", test_stall);
  pinion_test_add_fiber ("/net/start-tls", test_start_tls);
  pinion_test_add_fiber ("/net/start-tls-fails", test_start_tls_fails);
  pinion_test_add_fiber ("/net/speaks-tls", test_speaks_tls);
  pinion_test_add_fiber ("/net/cancel", test_cancel);
  g_test_add_func ("/net/prepare", test_prepare);
  g_test_add_func ("/net/is-tls-record", test_is_tls_record);

  return g_test_run ();
}
