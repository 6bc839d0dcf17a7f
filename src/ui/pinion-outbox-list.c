/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-outbox-list.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"

struct _PinionOutboxList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListBox *list;

  PinionEngine *engine;
  gint64 account;
};

enum
{
  TAKEN_BACK,
  COUNTED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionOutboxList, pinion_outbox_list, ADW_TYPE_BIN)

static const char *
state_words (const PinionOutboxItem *item)
{
  switch (item->state)
    {
    case PINION_OUTBOX_SENDING:
      return _("Being sent");

    case PINION_OUTBOX_SUBMITTED:
      return _("Sent; being filed in Sent");

    case PINION_OUTBOX_FAILED:
      return item->error != NULL ? item->error : _("Not sent");

    case PINION_OUTBOX_UNCERTAIN:
      return _("The connection broke while sending. Look in Sent before you send it again.");

    case PINION_OUTBOX_QUEUED:
    default:
      return item->tries > 0 ? _("Waiting for the server") : _("Waiting to be sent");
    }
}

/* -- Taking back ---------------------------------------------------------------------------- */

static DexFuture *
on_cancelled (DexFuture *future,
              gpointer   user_data)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    g_signal_emit (user_data, signals[TAKEN_BACK], 0, g_value_get_int64 (value));
  else
    g_signal_emit (user_data, signals[FAILED], 0, error);

  return NULL;
}

static void
on_take_back (GtkButton        *button,
              PinionOutboxList *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "pinion-outbox");
  DexFuture *cancelled = pinion_engine_cancel_sending (self->engine, *id);

  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  dex_future_disown (dex_future_finally (cancelled, on_cancelled, g_object_ref (self),
                                         g_object_unref));
}

static GtkWidget *
new_take_back (PinionOutboxList       *self,
               const PinionOutboxItem *item)
{
  GtkWidget *button = gtk_button_new_with_label (_("Take Back"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "pinion-outbox",
                          g_memdup2 (&item->id, sizeof (item->id)), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_take_back), self, 0);

  return button;
}

/* -- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
new_row (PinionOutboxList       *self,
         const PinionOutboxItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *to = pinion_isolate_name (item->to != NULL ? item->to : "");
  g_autofree char *subtitle = NULL;

  /* Translators: who a waiting message goes to, and how it stands */
  subtitle = g_strdup_printf (_("To %s\n%s"), to, state_words (item));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 item->subject != NULL && *item->subject != '\0' ? item->subject
                                                                                 : _("No subject"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  if (item->state == PINION_OUTBOX_QUEUED || item->state == PINION_OUTBOX_FAILED ||
      item->state == PINION_OUTBOX_UNCERTAIN)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_take_back (self, item));

  return row;
}

static void
count_accounts (PinionOutboxList *self,
                GPtrArray        *items)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);

  for (guint a = 0; a < g_list_model_get_n_items (accounts); a++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, a);
      gint64 id = pinion_account_item_get_id (account);
      guint count = 0;

      for (guint i = 0; i < items->len; i++)
        count += ((PinionOutboxItem *) items->pdata[i])->account == id;

      g_signal_emit (self, signals[COUNTED], 0, id, count);
    }
}

static void
show_items (PinionOutboxList *self,
            GPtrArray        *items)
{
  guint shown = 0;

  gtk_list_box_remove_all (self->list);

  for (guint i = 0; i < items->len; i++)
    {
      const PinionOutboxItem *item = items->pdata[i];

      if (self->account != 0 && item->account != self->account)
        continue;

      gtk_list_box_append (self->list, new_row (self, item));
      shown++;
    }

  gtk_stack_set_visible_child_name (self->stack, shown > 0 ? "list" : "empty");
}

static DexFuture *
on_loaded (DexFuture *future,
           gpointer   user_data)
{
  PinionOutboxList *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return NULL;
    }

  if (self->list != NULL)
    {
      show_items (self, g_value_get_boxed (value));
      count_accounts (self, g_value_get_boxed (value));
    }

  return NULL;
}

static void
reload (PinionOutboxList *self)
{
  DexFuture *loaded = pinion_engine_load_outbox (self->engine);

  dex_future_disown (dex_future_finally (loaded, on_loaded, g_object_ref (self), g_object_unref));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_outbox_list_dispose (GObject *object)
{
  PinionOutboxList *self = PINION_OUTBOX_LIST (object);

  /* The bin lets go of its child before the template does: each would unparent it */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_OUTBOX_LIST);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_outbox_list_parent_class)->dispose (object);
}

static void
pinion_outbox_list_class_init (PinionOutboxListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_outbox_list_dispose;

  signals[TAKEN_BACK] = g_signal_new ("taken-back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[COUNTED] = g_signal_new ("counted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_UINT);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-outbox-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionOutboxList, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionOutboxList, list);
}

static void
pinion_outbox_list_init (PinionOutboxList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_outbox_list_set_engine (PinionOutboxList *self,
                               PinionEngine     *engine)
{
  g_return_if_fail (PINION_IS_OUTBOX_LIST (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "outbox-changed", G_CALLBACK (reload), self,
                           G_CONNECT_SWAPPED);
  reload (self);
}

void
pinion_outbox_list_set_account (PinionOutboxList *self,
                                gint64            account)
{
  g_return_if_fail (PINION_IS_OUTBOX_LIST (self));

  self->account = account;
  reload (self);
}
