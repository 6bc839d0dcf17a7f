/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-composer-private.h"

#include <glib/gi18n-lib.h>

#define WIDTH 680
#define HEIGHT 620

#define COMPOSER_KEY "pinion-composer"

static void
update_title (GtkEditable *subject,
              GtkWindow   *window)
{
  const char *text = gtk_editable_get_text (subject);

  gtk_window_set_title (window, *text != '\0' ? text : _("New Message"));
}

static gboolean
on_close_request (GtkWindow      *window,
                  PinionComposer *composer)
{
  pinion_composer_leave (composer);

  return GDK_EVENT_PROPAGATE;
}

static void
on_closed (GtkWindow *window)
{
  gtk_window_destroy (window);
}

static GtkWidget *
new_window (PinionComposer *composer)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 860);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (composer));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), clamp);
  adw_window_set_content (ADW_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_widget_set_size_request (window, 360, 294);
  gtk_widget_add_css_class (window, "composer-window");

  return window;
}

/* The window in which @draft is being written already; (nullable), borrowed. */
static GtkWindow *
find_window (GtkApplication    *application,
             const PinionDraft *draft)
{
  GList *windows = application != NULL ? gtk_application_get_windows (application) : NULL;

  for (GList *l = windows; l != NULL && draft != NULL && draft->id != 0; l = l->next)
    {
      PinionComposer *composer = g_object_get_data (l->data, COMPOSER_KEY);

      if (composer != NULL && composer->draft->id == draft->id)
        return l->data;
    }

  return NULL;
}

void
pinion_composer_present (PinionEngine      *engine,
                         const PinionDraft *draft,
                         GtkWidget         *parent)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  GtkApplication *application =
    root != NULL ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;
  GtkWindow *open = find_window (application, draft);
  PinionComposer *composer;
  GtkWidget *window;

  if (open != NULL)
    {
      gtk_window_present (open);
      return;
    }

  composer = PINION_COMPOSER (pinion_composer_new (engine, draft));
  window = new_window (composer);
  g_object_set_data (G_OBJECT (window), COMPOSER_KEY, composer);
  pinion_composer_set_apart (composer, TRUE);
  pinion_composer_set_origin (composer, GTK_WIDGET (root));
  gtk_window_set_application (GTK_WINDOW (window), application);

  g_signal_connect_object (window, "close-request", G_CALLBACK (on_close_request), composer, 0);
  g_signal_connect_object (composer, "closed", G_CALLBACK (on_closed), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (composer->subject, "changed", G_CALLBACK (update_title), window, 0);
  update_title (composer->subject, GTK_WINDOW (window));
  pinion_composer_start (composer);
  gtk_window_present (GTK_WINDOW (window));
}

/* -- Taking back ---------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  GtkWidget *parent;
} TakingBack;

static void
taking_back_free (gpointer data)
{
  TakingBack *taking = data;

  g_object_unref (taking->engine);
  g_object_unref (taking->parent);
  g_free (taking);
}

static DexFuture *
on_draft_loaded (DexFuture *future,
                 gpointer   user_data)
{
  TakingBack *taking = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  pinion_composer_present (taking->engine, g_value_get_boxed (value), taking->parent);

  return dex_future_new_true ();
}

static DexFuture *
on_cancelled (DexFuture *future,
              gpointer   user_data)
{
  TakingBack *taking = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  return pinion_engine_load_draft (taking->engine, g_value_get_int64 (value));
}

static TakingBack *
taking_back_new (PinionEngine *engine,
                 GtkWidget    *parent)
{
  TakingBack *taking = g_new0 (TakingBack, 1);

  taking->engine = g_object_ref (engine);
  taking->parent = g_object_ref (parent);

  return taking;
}

DexFuture *
pinion_composer_take_back (PinionEngine *engine,
                           gint64        outbox,
                           GtkWidget    *parent)
{
  DexFuture *draft;

  draft = dex_future_then (pinion_engine_cancel_sending (engine, outbox), on_cancelled,
                           taking_back_new (engine, parent), taking_back_free);

  return dex_future_then (draft, on_draft_loaded, taking_back_new (engine, parent),
                          taking_back_free);
}
