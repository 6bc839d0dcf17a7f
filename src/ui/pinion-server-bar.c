/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-server-bar.h"

#include <glib/gi18n-lib.h>

#include "pinion-asking.h"
#include "pinion-css.h"
#include "pinion-isolate.h"
#include "pinion-server-search.h"
#include "pinion-tooltip.h"

/* Characters; longer words have the button below them. */
#define MOST_BESIDE 60

struct _PinionServerBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  AdwWrapBox *box;
  GtkWidget *icon;
  GtkWidget *spinner;
  GtkLabel *words;
  GtkWidget *search;
  GtkWidget *cancel;

  PinionEngine *engine;
  PinionSearchQuery *query;
  DexFuture *running; /* (nullable) */
  guint serial;
};

G_DEFINE_FINAL_TYPE (PinionServerBar, pinion_server_bar, ADW_TYPE_BIN)

/* -- What it shows -------------------------------------------------------------------------- */

static void
show_words (PinionServerBar *self,
            const char      *words,
            gboolean         is_error)
{
  gboolean is_long = g_utf8_strlen (words, -1) > MOST_BESIDE;

  gtk_label_set_label (self->words, words);
  adw_wrap_box_set_wrap_policy (self->box, is_long ? ADW_WRAP_NATURAL : ADW_WRAP_MINIMUM);
  pinion_css_set (GTK_WIDGET (self->words), "error", is_error);
  pinion_css_set (GTK_WIDGET (self->words), "dim-label", !is_error);
}

static void
show_running (PinionServerBar *self)
{
  gboolean running = self->running != NULL;

  gtk_widget_set_visible (self->spinner, running);
  gtk_widget_set_visible (self->icon, !running);
  gtk_widget_set_visible (self->cancel, running);
  gtk_widget_set_visible (self->search, !running);
}

/* Whether no account is reached now. */
static gboolean
is_offline (PinionServerBar *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);
      PinionSyncState state = pinion_account_item_get_state (account);

      if (state != PINION_SYNC_OFFLINE && state != PINION_SYNC_FAILED)
        return FALSE;
    }

  return TRUE;
}

static void
show_offer (PinionServerBar *self)
{
  show_words (self,
              is_offline (self)
                ? _("The server is not reached now. Only mail that is here was searched.")
                : _("Older mail may be on the server only."),
              FALSE);
  show_running (self);
}

static void
stop (PinionServerBar *self)
{
  self->serial++;
  dex_clear (&self->running);
}

/* -- What came of it ------------------------------------------------------------------------ */

static char *
dup_found_words (const PinionServerFound *found)
{
  if (found->more)
    return g_strdup (_("The newest of what the server found are shown. There are more: add words, "
                       "or dates."));
  if (found->taken == 0)
    return g_strdup (_("The server has nothing else."));

  return g_strdup_printf (ngettext ("%u message came from the server.",
                                    "%u messages came from the server.", found->taken),
                          found->taken);
}

static char *
dup_failure_words (const PinionServerFailure *failure)
{
  g_autofree char *message = pinion_error_dup_message (failure->error);

  return failure->label != NULL ? g_strdup_printf ("%s: %s", failure->label, message)
                                : g_steal_pointer (&message);
}

/* Each place with its reason; the first ones, where there are many. */
static char *
dup_failures (const PinionServerFound *found)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < found->failures->len && i < 12; i++)
    {
      g_autofree char *words = dup_failure_words (g_ptr_array_index (found->failures, i));

      g_string_append_printf (all, "%s%s", i > 0 ? "\n" : "", words);
    }

  return g_string_free (g_steal_pointer (&all), FALSE);
}

static char *
dup_partial_words (const PinionServerFound *found)
{
  g_autofree char *words = dup_found_words (found);
  guint n = found->failures->len;
  g_autofree char *failed = NULL;

  if (n == 0)
    return g_steal_pointer (&words);
  if (n == 1)
    {
      g_autofree char *one = dup_failure_words (g_ptr_array_index (found->failures, 0));

      /* Translators: what was found, then a label and why it was not searched */
      return g_strdup_printf (_("%s Not searched: %s"), words, one);
    }

  failed = g_strdup_printf (ngettext ("%u place could not be searched.",
                                      "%u places could not be searched.", n),
                            n);

  return g_strconcat (words, " ", failed, NULL);
}

static void
show_error (PinionServerBar *self,
            const GError    *error)
{
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *fix = pinion_error_dup_fix (error);
  g_autofree char *words = g_strdup_printf ("%s %s", message, fix);

  show_words (self, words, TRUE);
}

static void
show_found (PinionServerBar         *self,
            const PinionServerFound *found)
{
  g_autofree char *words = NULL;
  g_autofree char *failures = NULL;

  if (found->accounts == 0 && found->failures->len > 0)
    {
      show_error (self, ((PinionServerFailure *) found->failures->pdata[0])->error);
      return;
    }

  words = dup_partial_words (found);
  failures = found->failures->len > 0 ? dup_failures (found) : NULL;
  show_words (self, words, FALSE);
  pinion_tooltip_set (GTK_WIDGET (self->words), failures);
}

/* -- Searching ------------------------------------------------------------------------------ */

static void
on_progress (const char *label,
             guint       done,
             guint       total,
             gpointer    user_data)
{
  const PinionAsking *asking = user_data;
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;

  if (pinion_asking_is_stale (asking) || label == NULL)
    return;

  name = pinion_isolate_name (label);
  /* Translators: a label that is being searched on the server, which one of all */
  words = g_strdup_printf (_("Searching %1$s (%2$u of %3$u)…"), name, done + 1, total);
  show_words (asking->asker, words, FALSE);
}

static DexFuture *
on_found (DexFuture *future,
          gpointer   user_data)
{
  PinionServerBar *self = ((PinionAsking *) user_data)->asker;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (pinion_asking_is_stale (user_data))
    return NULL;

  if (value != NULL)
    show_found (self, g_value_get_boxed (value));
  else
    show_error (self, error);
  dex_clear (&self->running);
  show_running (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->words),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);

  return NULL;
}

static void
on_cancel (PinionServerBar *self)
{
  stop (self);
  show_offer (self);
  gtk_widget_grab_focus (self->search);
}

void
pinion_server_bar_search (PinionServerBar *self)
{
  DexFuture *found;

  g_return_if_fail (PINION_IS_SERVER_BAR (self));

  if (!pinion_server_bar_is_offered (self) || self->running != NULL)
    return;

  self->serial++;
  show_words (self, _("Connecting…"), FALSE);
  pinion_tooltip_set (GTK_WIDGET (self->words), NULL);
  found = pinion_engine_search_server (self->engine, self->query, PINION_SERVER_SEARCH_MOST,
                                       on_progress, pinion_asking_new (self, &self->serial),
                                       pinion_asking_free);
  self->running = dex_future_finally (found, on_found, pinion_asking_new (self, &self->serial),
                                      pinion_asking_free);
  show_running (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_server_bar_dispose (GObject *object)
{
  PinionServerBar *self = PINION_SERVER_BAR (object);

  stop (self);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_SERVER_BAR);
  g_clear_pointer (&self->query, pinion_search_query_unref);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_server_bar_parent_class)->dispose (object);
}

static void
pinion_server_bar_class_init (PinionServerBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_server_bar_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-server-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, box);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, icon);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, words);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, search);
  gtk_widget_class_bind_template_child (widget_class, PinionServerBar, cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
pinion_server_bar_init (PinionServerBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_server_bar_set_engine (PinionServerBar *self,
                              PinionEngine    *engine)
{
  g_return_if_fail (PINION_IS_SERVER_BAR (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
}

static gboolean
is_same (const PinionSearchQuery *a,
         const PinionSearchQuery *b)
{
  return a != NULL && b != NULL && g_str_equal (a->text, b->text);
}

void
pinion_server_bar_set_query (PinionServerBar   *self,
                             PinionSearchQuery *query)
{
  PinionSearchQuery *before;

  g_return_if_fail (PINION_IS_SERVER_BAR (self));

  if (self->engine == NULL || is_same (self->query, query))
    return;

  before = self->query;
  self->query = query != NULL ? pinion_search_query_ref (query) : NULL;
  g_clear_pointer (&before, pinion_search_query_unref);
  stop (self);
  pinion_tooltip_set (GTK_WIDGET (self->words), NULL);
  show_offer (self);
  if (pinion_server_bar_is_offered (self))
    gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, pinion_server_bar_is_offered (self));
}

gboolean
pinion_server_bar_is_offered (PinionServerBar *self)
{
  return self->query != NULL && pinion_engine_has_more_on_server (self->engine);
}
