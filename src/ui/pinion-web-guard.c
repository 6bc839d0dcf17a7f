/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-web-guard.h"

#include <string.h>

#include "pinion-config.h"

#define CID_SCHEME "pinion-cid"

/* Nothing listens on port 0, and nothing can. */
#define DEAD_PROXY "http://127.0.0.1:0"

#define CLOSED_POLICY                                                                              \
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-src 'none'; "         \
  "img-src data: " CID_SCHEME ":"

#define BLOCK_ALL "{\"trigger\":{\"url-filter\":\".*\"},\"action\":{\"type\":\"block\"}}"
#define ALLOW(scheme)                                                                              \
  "{\"trigger\":{\"url-filter\":\"^" scheme ":\"},\"action\":{\"type\":\"ignore-previous-rules\"}}"
#define ALLOW_PICTURES(scheme)                                                                     \
  "{\"trigger\":{\"url-filter\":\"^" scheme "://\",\"resource-type\":[\"image\"]},"                \
  "\"action\":{\"type\":\"ignore-previous-rules\"}}"
#define OWN_PARTS BLOCK_ALL "," ALLOW (CID_SCHEME) "," ALLOW ("data") "," ALLOW ("about")

enum
{
  WITHOUT_PICTURES,
  WITH_PICTURES,
  N_KINDS,
};

/* Content blockers have no way to say "all but": a later rule takes an earlier one back. */
static const char *const rules[N_KINDS] = {
  "[" OWN_PARTS "]",
  "[" OWN_PARTS "," ALLOW_PICTURES ("http") "," ALLOW_PICTURES ("https") "]",
};

static const char *const policies[N_KINDS] = {
  CLOSED_POLICY,
  CLOSED_POLICY " http: https:",
};

/* Reports the height whenever it changes: fonts, pictures, a width, an unfolded quote. */
static const char height_script[] =
  "(() => {"
  "  let last = -1;"
  "  const report = () => {"
  "    const body = document.body;"
  "    if (!body) return;"
  "    const root = document.documentElement.getBoundingClientRect ().height;"
  "    const bottom = body.getBoundingClientRect ().bottom + window.scrollY;"
  "    const height = Math.ceil (Math.max (bottom, root));"
  "    if (height === last) return;"
  "    last = height;"
  "    window.webkit.messageHandlers." PINION_WEB_HEIGHT ".postMessage (height);"
  "  };"
  "  const observer = new ResizeObserver (report);"
  "  observer.observe (document.documentElement);"
  "  if (document.body) observer.observe (document.body);"
  "  document.addEventListener ('toggle', report, true);"
  "  document.addEventListener ('load', report, true);"
  "  window.pinionAskHeight = () => { last = -1; report (); };"
  "  report ();"
  "})();";

struct _PinionWebGuard
{
  GObject parent_instance;

  PinionEngine *engine;
  WebKitWebContext *context;
  WebKitNetworkSession *sessions[N_KINDS];
  DexFuture *filters[N_KINDS];
};

G_DEFINE_FINAL_TYPE (PinionWebGuard, pinion_web_guard, G_TYPE_OBJECT)

/* What a view shows, tied to it: requests may outlive the guard. */
typedef struct
{
  PinionEngine *engine;
  gint64 message;
} Shown;

static G_DEFINE_QUARK (pinion-web-shown, shown)

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_clear_object (&shown->engine);
  g_free (shown);
}

/* -- Pictures of the message ---------------------------------------------------------------- */

const char *
pinion_web_guard_sniff_picture (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size < 12)
    return NULL;

  if (memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "image/png";
  if (memcmp (data, "\xff\xd8\xff", 3) == 0)
    return "image/jpeg";
  if (memcmp (data, "GIF87a", 6) == 0 || memcmp (data, "GIF89a", 6) == 0)
    return "image/gif";
  if (memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return "image/webp";
  if (memcmp (data, "BM", 2) == 0)
    return "image/bmp";

  return NULL;
}

static void
refuse (WebKitURISchemeRequest *request)
{
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such picture");

  webkit_uri_scheme_request_finish_error (request, error);
}

static void
answer (WebKitURISchemeRequest *request,
        GBytes                 *bytes,
        const char             *type)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (WebKitURISchemeResponse) response = NULL;
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  response = webkit_uri_scheme_response_new (stream, (gint64) g_bytes_get_size (bytes));
  webkit_uri_scheme_response_set_content_type (response, type);
  webkit_uri_scheme_response_set_http_headers (response, headers);
  webkit_uri_scheme_request_finish_with_response (request, response);
}

static DexFuture *
on_picture_loaded (DexFuture *future,
                   gpointer   user_data)
{
  WebKitURISchemeRequest *request = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  GBytes *bytes = value != NULL ? g_value_get_boxed (value) : NULL;
  const char *type = bytes != NULL ? pinion_web_guard_sniff_picture (bytes) : NULL;

  if (type != NULL)
    answer (request, bytes, type);
  else
    refuse (request);

  return NULL;
}

static void
on_picture_requested (WebKitURISchemeRequest *request,
                      gpointer                user_data)
{
  WebKitWebView *view = webkit_uri_scheme_request_get_web_view (request);
  const char *uri = webkit_uri_scheme_request_get_uri (request);
  Shown *shown = view != NULL ? g_object_get_qdata (G_OBJECT (view), shown_quark ()) : NULL;
  g_autofree char *id = NULL;
  DexFuture *picture;

  if (g_str_has_prefix (uri, CID_SCHEME ":"))
    id = g_uri_unescape_string (uri + strlen (CID_SCHEME ":"), NULL);

  if (shown == NULL || shown->engine == NULL || id == NULL)
    {
      refuse (request);
      return;
    }

  picture = pinion_engine_load_picture (shown->engine, shown->message, id);
  dex_future_disown (dex_future_finally (picture, on_picture_loaded, g_object_ref (request),
                                         g_object_unref));
}

/* -- Sessions ------------------------------------------------------------------------------- */

static void
on_download_started (WebKitNetworkSession *session,
                     WebKitDownload       *download)
{
  webkit_download_cancel (download);
}

static WebKitNetworkSession *
new_session (gboolean reaches_network)
{
  WebKitNetworkSession *session = webkit_network_session_new_ephemeral ();

  webkit_network_session_set_itp_enabled (session, TRUE);
  webkit_network_session_set_persistent_credential_storage_enabled (session, FALSE);
  webkit_network_session_set_tls_errors_policy (session, WEBKIT_TLS_ERRORS_POLICY_FAIL);
  webkit_cookie_manager_set_accept_policy (webkit_network_session_get_cookie_manager (session),
                                           WEBKIT_COOKIE_POLICY_ACCEPT_NEVER);
  g_signal_connect (session, "download-started", G_CALLBACK (on_download_started), NULL);

  if (!reaches_network)
    {
      WebKitNetworkProxySettings *proxy = webkit_network_proxy_settings_new (DEAD_PROXY, NULL);

      webkit_network_session_set_proxy_settings (session, WEBKIT_NETWORK_PROXY_MODE_CUSTOM, proxy);
      webkit_network_proxy_settings_free (proxy);
    }

  return session;
}

/* -- Filters -------------------------------------------------------------------------------- */

static void
on_filter_compiled (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  WebKitUserContentFilter *filter;

  filter = webkit_user_content_filter_store_save_finish (WEBKIT_USER_CONTENT_FILTER_STORE (source),
                                                         result, &error);

  if (filter != NULL)
    dex_promise_resolve_boxed (promise, WEBKIT_TYPE_USER_CONTENT_FILTER, filter);
  else
    dex_promise_reject (promise, error);
}

/* Resolves to a WebKitUserContentFilter (boxed). */
static DexFuture *
compile_filter (guint kind)
{
  static const char *const names[N_KINDS] = { "without-pictures", "with-pictures" };
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "pinion", "filters", NULL);
  g_autoptr (WebKitUserContentFilterStore) store = webkit_user_content_filter_store_new (path);
  g_autoptr (GBytes) source = g_bytes_new_static (rules[kind], strlen (rules[kind]));
  DexPromise *promise = dex_promise_new ();

  webkit_user_content_filter_store_save (store, names[kind], source, NULL, on_filter_compiled,
                                         dex_ref (promise));

  return DEX_FUTURE (promise);
}

/* -- Beginning ------------------------------------------------------------------------------ */

/* Only when the first message is to be shown: WebKit begins with processes and libraries that a
 * window without a message does not need. */
static void
begin (PinionWebGuard *self,
       guint           kind)
{
  if (self->context == NULL)
    {
      self->context = webkit_web_context_new ();
      webkit_web_context_set_cache_model (self->context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
      webkit_web_context_set_spell_checking_enabled (self->context, FALSE);
      webkit_web_context_register_uri_scheme (self->context, CID_SCHEME, on_picture_requested, NULL,
                                              NULL);
    }

  if (self->sessions[kind] == NULL)
    {
      self->sessions[kind] = new_session (kind == WITH_PICTURES);
      self->filters[kind] = compile_filter (kind);
    }
}

/* -- Views ---------------------------------------------------------------------------------- */

/* What no message needs, by WebKit's names of its features; names of other versions are skipped. */
static void
disable_features (WebKitSettings *settings)
{
  static const char *const unwanted[] = {
    "LinkPreconnect", "LinkPreconnectEarlyHints", "LinkPreload", "LinkModulePreload",
    "LinkPrefetch", "DNSPrefetchingEnabled", "IndexedDBAPIEnabled", "LocalStorageEnabled",
    "CacheAPIEnabled", "ServiceWorkersEnabled", "NotificationsEnabled", "GamepadsEnabled",
    "GeolocationAPIEnabled",
    "ModelElementEnabled", "PDFPluginEnabled", "WebSocketsEnabled", "XMLHttpRequestEnabled",
    "DownloadAttributeEnabled", "PermissionsAPIEnabled",
  };
  g_autoptr (WebKitFeatureList) features = webkit_settings_get_all_features ();

  for (gsize i = 0; i < webkit_feature_list_get_length (features); i++)
    {
      WebKitFeature *feature = webkit_feature_list_get (features, i);

      for (guint k = 0; k < G_N_ELEMENTS (unwanted); k++)
        if (g_str_equal (webkit_feature_get_identifier (feature), unwanted[k]))
          webkit_settings_set_feature_enabled (settings, feature, FALSE);
    }
}

static WebKitSettings *
new_settings (void)
{
  /* Scripts stay possible for the program's own world only: markup loses its scripts, handlers and
   * javascript: addresses while it is parsed. */
  WebKitSettings *settings =
    webkit_settings_new_with_settings ("enable-javascript", TRUE,
                                       "enable-javascript-markup", FALSE,
                                       "javascript-can-open-windows-automatically", FALSE,
                                       "javascript-can-access-clipboard", FALSE,
                                       "allow-modal-dialogs", FALSE,
                                       "allow-file-access-from-file-urls", FALSE,
                                       "allow-universal-access-from-file-urls", FALSE,
                                       "allow-top-navigation-to-data-urls", FALSE,
                                       "enable-back-forward-navigation-gestures", FALSE,
                                       "enable-developer-extras", FALSE,
                                       "enable-encrypted-media", FALSE,
                                       "enable-fullscreen", FALSE,
                                       "enable-html5-database", FALSE,
                                       "enable-html5-local-storage", FALSE,
                                       "enable-media", FALSE,
                                       "enable-media-stream", FALSE,
                                       "enable-mediasource", FALSE,
                                       "enable-page-cache", FALSE,
                                       "enable-site-specific-quirks", FALSE,
                                       "enable-webaudio", FALSE,
                                       "enable-webgl", FALSE,
                                       "enable-webrtc", FALSE,
                                       "print-backgrounds", FALSE,
                                       NULL);

  disable_features (settings);

  return settings;
}

static WebKitUserContentManager *
new_manager (WebKitUserContentFilter *filter)
{
  WebKitUserContentManager *manager = webkit_user_content_manager_new ();
  WebKitUserScript *script;

  webkit_user_content_manager_add_filter (manager, filter);
  webkit_user_content_manager_register_script_message_handler (manager, PINION_WEB_HEIGHT,
                                                               PINION_WEB_WORLD);
  script = webkit_user_script_new_for_world (height_script, WEBKIT_USER_CONTENT_INJECT_TOP_FRAME,
                                             WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_END,
                                             PINION_WEB_WORLD, NULL, NULL);
  webkit_user_content_manager_add_script (manager, script);
  webkit_user_script_unref (script);

  return manager;
}

typedef struct
{
  PinionWebGuard *guard;
  gint64 message;
  guint kind;
} ViewPlan;

static void
view_plan_free (gpointer data)
{
  ViewPlan *plan = data;

  g_object_unref (plan->guard);
  g_free (plan);
}

static DexFuture *
on_filter_ready (DexFuture *future,
                 gpointer   user_data)
{
  ViewPlan *plan = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  g_autoptr (WebKitUserContentManager) manager = new_manager (g_value_get_boxed (value));
  g_autoptr (WebKitSettings) settings = new_settings ();
  Shown *shown = g_new0 (Shown, 1);
  GObject *view;

  g_set_object (&shown->engine, plan->guard->engine);
  shown->message = plan->message;
  view = g_object_new (WEBKIT_TYPE_WEB_VIEW,
                       "web-context", plan->guard->context,
                       "network-session", plan->guard->sessions[plan->kind],
                       "user-content-manager", manager,
                       "settings", settings,
                       "default-content-security-policy", policies[plan->kind],
                       NULL);
  g_object_set_qdata_full (view, shown_quark (), shown, shown_free);

  return dex_future_new_take_object (g_object_ref_sink (view));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_web_guard_finalize (GObject *object)
{
  PinionWebGuard *self = PINION_WEB_GUARD (object);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      dex_clear (&self->filters[kind]);
      g_clear_object (&self->sessions[kind]);
    }
  g_clear_object (&self->context);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_web_guard_parent_class)->finalize (object);
}

static void
pinion_web_guard_class_init (PinionWebGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_web_guard_finalize;
}

static void
pinion_web_guard_init (PinionWebGuard *self)
{
}

PinionWebGuard *
pinion_web_guard_new (PinionEngine *engine)
{
  PinionWebGuard *self = g_object_new (PINION_TYPE_WEB_GUARD, NULL);

  g_set_object (&self->engine, engine);

  return self;
}

DexFuture *
pinion_web_guard_make_view (PinionWebGuard *self,
                            gint64          message,
                            gboolean        remote_pictures)
{
  ViewPlan *plan = g_new0 (ViewPlan, 1);

  plan->guard = g_object_ref (self);
  plan->message = message;
  plan->kind = remote_pictures ? WITH_PICTURES : WITHOUT_PICTURES;
  begin (self, plan->kind);

  return dex_future_then (dex_ref (self->filters[plan->kind]), on_filter_ready, plan,
                          view_plan_free);
}
