/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-private.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

#include <string.h>

#define ADDRESS "anna@northwind.example"

/* -- A resolver that knows what there is, and remembers what it was asked -------------------- */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

/* @services: "_imaps._tcp.x" to "host:port". */
struct _TestResolver
{
  GResolver parent_instance;

  GHashTable *services;
  GPtrArray *asked;
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

  g_ptr_array_add (TEST_RESOLVER (resolver)->asked, g_strdup (host));
  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", host);
}

static void
test_resolver_lookup_by_name_async (GResolver          *resolver,
                                    const char         *host,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  test_resolver_lookup_async (resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable,
                              callback, user_data);
}

static GList *
test_resolver_lookup_finish (GResolver    *resolver,
                             GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_service_async (GResolver          *resolver,
                             const char         *name,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  TestResolver *self = TEST_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  const char *target = g_hash_table_lookup (self->services, name);

  g_ptr_array_add (self->asked, g_strdup (name));
  if (target == NULL)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", name);
      return;
    }

  g_auto (GStrv) parts = g_strsplit (target, ":", 2);
  guint16 port = (guint16) g_ascii_strtoull (parts[1], NULL, 10);
  g_task_return_pointer (task, g_list_prepend (NULL, g_srv_target_new (parts[0], port, 0, 0)),
                         (GDestroyNotify) g_resolver_free_targets);
}

static void
test_resolver_finalize (GObject *object)
{
  g_hash_table_unref (TEST_RESOLVER (object)->services);
  g_ptr_array_unref (TEST_RESOLVER (object)->asked);
  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_resolver_finalize;
  resolver_class->lookup_by_name_async = test_resolver_lookup_by_name_async;
  resolver_class->lookup_by_name_finish = test_resolver_lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = test_resolver_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = test_resolver_lookup_finish;
  resolver_class->lookup_service_async = test_resolver_service_async;
  resolver_class->lookup_service_finish = test_resolver_lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  self->services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asked = g_ptr_array_new_with_free_func (g_free);
}

static TestResolver *
use_resolver (void)
{
  TestResolver *self = g_object_new (TEST_TYPE_RESOLVER, NULL);

  g_resolver_set_default (G_RESOLVER (self));
  return self;
}

/* -- Probes --------------------------------------------------------------------------------- */

#define HELLO "S: * OK hello\n"
#define BYE "C: b LOGOUT\n{end}"

static const struct
{
  PinionProtocol protocol;
  PinionEncryption encryption;
  const char *certificate;
  const char *script;
  int code; /* -1: a server is there */
} probes[] = {
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS, "good", "{tls}\n" HELLO BYE, -1 },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS, "good", "{tls}\n{drip}\nS: * PREAUTH you\n" BYE, -1 },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS, "good",
    HELLO "C: a STARTTLS\nS: * OK wait\nS: a OK go\n{tls}\n" BYE, -1 },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS, "good",
    "{tls}\nS: 220-mail\nS: 220 here\nC: QUIT\n{end}", -1 },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_STARTTLS, "good",
    "S: 220 mail\nC: EHLO [127.0.0.1]\nS: 250-mail\nS: 250-SIZE\nS: 250 STARTTLS\nC: STARTTLS\n"
    "S: 220 go\n{tls}\nC: QUIT\n{end}", -1 },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS, "self-signed", "{tls-fail}",
    PINION_ERROR_CERTIFICATE_SELF_SIGNED },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS, "other-name",
    HELLO "C: a STARTTLS\nS: a OK go\n{tls-fail}", PINION_ERROR_CERTIFICATE_OTHER_NAME },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS, "good", HELLO "C: a STARTTLS\nS: a NO\n{end}",
    PINION_ERROR_STARTTLS_MISSING },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_STARTTLS, "good",
    "S: 220 mail\nC: EHLO [127.0.0.1]\nS: 250 mail\nC: STARTTLS\nS: 502 what\n{end}",
    PINION_ERROR_STARTTLS_MISSING },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS, "good",
    HELLO "C: a STARTTLS\nS- a OK go\\r\\n* OK more\\r\\n\n{end}",
    PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS, "good", "{tls}\nS: 220 mail\n{end}",
    PINION_ERROR_GREETING_UNEXPECTED },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS, "good", "{tls}\nS: * OK hello\n{end}",
    PINION_ERROR_GREETING_UNEXPECTED },
  { PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS, "good", "{tls}\nS: 554 no\n{end}",
    PINION_ERROR_GREETING_UNEXPECTED },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS, "good", "{tls}\n{close}",
    PINION_ERROR_CONNECTION_LOST },
  { PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS, "good",
    "S- 0123456789\n{repeat 0 0123456789012345678901234567890123456789}", PINION_ERROR_TOO_LARGE },
};

static DexFuture *
test_probe (gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      PinionServer server = { NULL };
      g_autoptr (GError) error = NULL;
      PinionTestPeer *peer = pinion_test_peer_new (probes[i].script,
                                                   pinion_test_certs_get (probes[i].certificate));

      g_test_message ("%s", probes[i].script);
      pinion_test_peer_fill_server (peer, probes[i].encryption, &server);
      dex_await (pinion_probe (&server, probes[i].protocol, pinion_test_certs_get_ca (), 8000,
                               NULL),
                 &error);
      if (probes[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, PINION_ERROR, probes[i].code);

      /* What was given up ends on the main loop. */
      dex_await (dex_timeout_new_msec (1), NULL);
      g_byte_array_unref (pinion_test_peer_finish (peer));
      pinion_server_clear (&server);
    }

  return dex_future_new_true ();
}

/* -- DNS ------------------------------------------------------------------------------------ */

static PinionDiscovery *
look_up (const char *address)
{
  PinionDiscoverRequest request = { .address = address, .ca_pem = pinion_test_certs_get_ca () };
  g_autoptr (GError) error = NULL;
  PinionDiscovery *found = dex_await_boxed (pinion_discover (&request, NULL, NULL, NULL), &error);

  g_assert_no_error (error);
  return found;
}

static PinionOutcome
get_outcome (PinionDiscovery *found,
             const char      *target)
{
  for (guint i = 0; i < found->attempts->len; i++)
    {
      const PinionAttempt *attempt = found->attempts->pdata[i];

      if (g_str_equal (attempt->target, target))
        return attempt->outcome;
    }

  g_error ("%s was not tried", target);
}

static DexFuture *
test_srv (gpointer data)
{
  g_autoptr (TestResolver) resolver = use_resolver ();
  PinionTestPeer *peer = pinion_test_peer_new ("{tls}\n" HELLO BYE, pinion_test_certs_get ("good"));

  g_hash_table_insert (resolver->services, g_strdup ("_imaps._tcp.northwind.example"),
                       g_strdup_printf ("localhost:%u", pinion_test_peer_get_port (peer)));
  g_hash_table_insert (resolver->services, g_strdup ("_imap._tcp.northwind.example"), g_strdup (".:0"));
  g_hash_table_insert (resolver->services, g_strdup ("_submission._tcp.northwind.example"),
                       g_strdup ("Smtp.Northwind.example.:587"));
  g_hash_table_insert (resolver->services, g_strdup ("_autodiscover._tcp.northwind.example"),
                       g_strdup ("autodiscover.hoster.example:443"));

  g_autoptr (PinionDiscovery) found = look_up (ADDRESS);
  g_assert_cmpuint (found->findings->len, ==, 2);
  const PinionFinding *imap = pinion_discovery_get_best (found, PINION_PROTOCOL_IMAP);
  const PinionFinding *smtp = pinion_discovery_get_best (found, PINION_PROTOCOL_SMTP);

  g_assert_cmpstr (imap->host, ==, "localhost");
  g_assert_cmpint (imap->encryption, ==, PINION_ENCRYPTION_TLS);
  g_assert_cmpint (imap->answers, ==, PINION_ANSWERS_YES);
  g_assert_true (imap->verified);
  g_assert_false (imap->own_domain);
  g_assert_cmpuint (imap->rank, >=, PINION_RANK_SRV_ELSEWHERE);
  g_assert_cmpstr (imap->origin, ==, "_imaps._tcp.northwind.example");
  g_assert_cmpstr (smtp->host, ==, "smtp.northwind.example");
  g_assert_cmpint (smtp->encryption, ==, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpint (smtp->answers, ==, PINION_ANSWERS_NO);
  g_assert_false (smtp->verified);
  g_assert_true (smtp->own_domain);

  g_assert_cmpint (get_outcome (found, "_imap._tcp.northwind.example"), ==, PINION_OUTCOME_NOTHING);
  g_assert_cmpint (get_outcome (found, "_submissions._tcp.northwind.example"), ==,
                   PINION_OUTCOME_NOT_FOUND);
  g_assert_cmpint (get_outcome (found, "_autodiscover._tcp.northwind.example"), ==,
                   PINION_OUTCOME_OTHER_HOST);
  g_assert_cmpint (get_outcome (found, "mail.northwind.example"), ==, PINION_OUTCOME_NOT_FOUND);
  g_byte_array_unref (pinion_test_peer_finish (peer));

  /* Nobody outside of the domain was even looked up, least of all autodiscover.TLD. */
  for (guint i = 0; i < resolver->asked->len; i++)
    g_assert_true (g_str_has_suffix (resolver->asked->pdata[i], "northwind.example"));

  return dex_future_new_true ();
}

static DexFuture *
test_public_suffix (gpointer data)
{
  static const char *const addresses[] = { "anna@com", "anna@co.uk", "anna@localhost" };
  g_autoptr (TestResolver) resolver = use_resolver ();

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PinionDiscovery) found = look_up (addresses[i]);

      g_assert_cmpuint (found->findings->len, ==, 0);
      g_assert_cmpuint (found->attempts->len, ==, 0);
    }
  g_assert_cmpuint (resolver->asked->len, ==, 0);

  return dex_future_new_true ();
}

static DexFuture *
test_invalid (gpointer data)
{
  static const char *const addresses[] = { NULL, "", "anna", "anna@", "@a.example", "a b@c.example" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      PinionDiscoverRequest request = { .address = addresses[i] };
      g_autoptr (GError) error = NULL;

      dex_await (pinion_discover (&request, NULL, NULL, NULL), &error);
      g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
    }

  return dex_future_new_true ();
}

/* -- Leaving -------------------------------------------------------------------------------- */

/* A server that takes connections and never says anything. */
typedef struct
{
  GSocketService *service;
  GPtrArray *connections;
  guint accepted;
  guint closed;
  guint8 buffer[4096];
} Silence;

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Silence *silence = user_data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL) <= 0)
    silence->closed++;
  else
    g_input_stream_read_async (G_INPUT_STREAM (object), silence->buffer, sizeof silence->buffer, 0,
                               NULL, on_read, silence);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  Silence *silence = user_data;

  silence->accepted++;
  g_ptr_array_add (silence->connections, g_object_ref (connection));
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                             silence->buffer, sizeof silence->buffer, 0, NULL, on_read, silence);

  return TRUE;
}

static void
on_known (PinionDiscovery *so_far,
          gpointer         user_data)
{
  guint *calls = user_data;

  (*calls)++;
}

static void
on_let_go (gpointer user_data)
{
  guint *calls = user_data;

  *calls += 1000;
}

static DexFuture *
test_leave (gpointer data)
{
  Silence silence = { .service = g_socket_service_new () };
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (silence.service), NULL, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", port);
  PinionDiscoverRequest request = { .address = ADDRESS, .base_url = url };
  guint calls = 0;

  silence.connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (silence.service, "incoming", G_CALLBACK (on_incoming), &silence);

  DexFuture *future = pinion_discover (&request, on_known, &calls, on_let_go);
  while (silence.accepted < 4)
    dex_await (dex_timeout_new_msec (5), NULL);
  g_assert_true (dex_future_is_pending (future));

  gint64 left = g_get_monotonic_time ();
  dex_unref (future);
  while (silence.closed < silence.accepted || calls < 1000)
    dex_await (dex_timeout_new_msec (5), NULL);
  /* Far less than any limit, however busy the machine is */
  g_assert_cmpint (g_get_monotonic_time () - left, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (calls, ==, 1000);

  g_socket_service_stop (silence.service);
  g_socket_listener_close (G_SOCKET_LISTENER (silence.service));
  g_object_unref (silence.service);
  g_ptr_array_unref (silence.connections);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/discover/probe", test_probe);
  pinion_test_add_fiber ("/discover/srv", test_srv);
  pinion_test_add_fiber ("/discover/public-suffix", test_public_suffix);
  pinion_test_add_fiber ("/discover/invalid", test_invalid);
  pinion_test_add_fiber ("/discover/leave", test_leave);

  return g_test_run ();
}
