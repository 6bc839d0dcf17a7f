/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-progress.h"

#include <glib/gi18n-lib.h>

#include "pinion-time.h"

struct _PinionProgress
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkProgressBar *bar;
  GtkLabel *caption;

  GListModel *accounts;
};

G_DEFINE_FINAL_TYPE (PinionProgress, pinion_progress, ADW_TYPE_BIN)

char *
pinion_progress_format (guint    done,
                        guint    total,
                        gboolean listing,
                        guint    seconds_left)
{
  g_autofree char *left = pinion_time_left (seconds_left);

  /* Translators: before messages are downloaded, as in "12,340 of 50,000 listed" */
  if (listing)
    return g_strdup_printf (_("%'u of %'u listed"), done, total);

  /* Translators: messages downloaded so far, as in "12,340 of 50,000" */
  g_autofree char *counts = g_strdup_printf (_("%'u of %'u"), done, total);

  return left != NULL ? g_strdup_printf ("%s · %s", counts, left) : g_steal_pointer (&counts);
}

static void
update (PinionProgress *self)
{
  guint done = 0, total = 0, left = 0;
  gboolean listing = FALSE;
  g_autofree char *words = NULL;

  if (self->accounts == NULL)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (self->accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      if (pinion_account_item_get_state (account) != PINION_SYNC_SYNCING)
        continue;

      done += pinion_account_item_get_done (account);
      total += pinion_account_item_get_total (account);
      listing |= pinion_account_item_get_is_listing (account);
      left = MAX (left, pinion_account_item_get_seconds_left (account));
    }

  gtk_revealer_set_reveal_child (self->revealer, total > 0 && done < total);
  if (total == 0)
    return;

  words = pinion_progress_format (MIN (done, total), total, listing, left);
  gtk_progress_bar_set_fraction (self->bar, (double) MIN (done, total) / total);
  gtk_label_set_label (self->caption, words);
}

static void
on_accounts_changed (PinionProgress *self,
                     guint           position,
                     guint           removed,
                     guint           added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      g_signal_connect_object (account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }

  update (self);
}

static void
pinion_progress_dispose (GObject *object)
{
  PinionProgress *self = PINION_PROGRESS (object);

  /* The bin lets go of its child before the template does: each would unparent it */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_PROGRESS);
  g_clear_object (&self->accounts);

  G_OBJECT_CLASS (pinion_progress_parent_class)->dispose (object);
}

static void
pinion_progress_class_init (PinionProgressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_progress_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-progress.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionProgress, revealer);
  gtk_widget_class_bind_template_child (widget_class, PinionProgress, bar);
  gtk_widget_class_bind_template_child (widget_class, PinionProgress, caption);
}

static void
pinion_progress_init (PinionProgress *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_progress_set_accounts (PinionProgress *self,
                              GListModel     *accounts)
{
  g_return_if_fail (PINION_IS_PROGRESS (self));
  g_return_if_fail (self->accounts == NULL);

  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (accounts));
}
