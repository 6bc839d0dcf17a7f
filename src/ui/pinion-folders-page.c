/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-folders-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-sidebar-item.h"
#include "pinion-subpage.h"

struct _PinionFoldersPage
{
  AdwNavigationPage parent_instance;

  GtkListBox *folders;

  PinionEngine *engine;
  gint64 account;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PinionFoldersPage, pinion_folders_page, ADW_TYPE_NAVIGATION_PAGE)

/* -- A row ---------------------------------------------------------------------------------- */

static char *
dup_words (PinionLabel *label)
{
  guint n = pinion_label_get_total (label);
  const char *role = pinion_role_get_title (pinion_label_get_role (label));

  if (!pinion_label_get_selectable (label))
    return g_strdup (_("Only holds other folders"));
  if (pinion_label_get_hidden (label) &&
      pinion_label_get_hidden_reason (label) == PINION_HIDDEN_NOT_MAIL)
    return g_strdup (_("Hidden: it is not for mail"));
  if (pinion_label_get_hidden (label))
    return g_strdup (_("Hidden by you"));
  if (pinion_label_get_role (label) != PINION_ROLE_NONE && role != NULL)
    return g_strdup_printf (ngettext ("%2$s, %1$u message", "%2$s, %1$u messages", n), n, role);

  return g_strdup_printf (ngettext ("%u message", "%u messages", n), n);
}

static void
update_row (AdwSwitchRow *row,
            GParamSpec   *pspec,
            PinionLabel  *label)
{
  PinionFoldersPage *self = g_object_get_data (G_OBJECT (row), "pinion-page");
  gboolean fixed = pinion_label_get_role (label) != PINION_ROLE_NONE ||
                   !pinion_label_get_selectable (label);
  gboolean active = !pinion_label_get_hidden (label) && pinion_label_get_selectable (label);
  g_autofree char *words = dup_words (label);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pinion_label_get_path (label));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  gtk_widget_set_sensitive (GTK_WIDGET (row), !fixed);

  self->loading = TRUE;
  adw_switch_row_set_active (row, active);
  self->loading = FALSE;
}

static void
on_kept (GtkWidget *row,
         gboolean   kept)
{
  if (!kept && gtk_widget_get_root (row) != NULL)
    update_row (ADW_SWITCH_ROW (row), NULL, g_object_get_data (G_OBJECT (row), "pinion-label"));
}

static void
on_switched (AdwSwitchRow *row)
{
  PinionFoldersPage *self = g_object_get_data (G_OBJECT (row), "pinion-page");
  PinionLabel *label = g_object_get_data (G_OBJECT (row), "pinion-label");

  if (self->loading || self->engine == NULL)
    return;

  pinion_subpage_follow (GTK_WIDGET (row),
                         pinion_engine_set_hidden (self->engine, pinion_label_get_id (label),
                                                   !adw_switch_row_get_active (row)),
                         on_kept);
}

static GtkWidget *
new_row (gpointer item,
         gpointer user_data)
{
  GtkWidget *row = adw_switch_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set_data (G_OBJECT (row), "pinion-page", user_data);
  g_object_set_data_full (G_OBJECT (row), "pinion-label", g_object_ref (item), g_object_unref);
  update_row (ADW_SWITCH_ROW (row), NULL, item);
  g_signal_connect_object (item, "notify", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  g_signal_connect (row, "notify::active", G_CALLBACK (on_switched), NULL);

  return row;
}

/* -- Life ----------------------------------------------------------------------------------- */

static gboolean
is_of_account (gpointer item,
               gpointer user_data)
{
  return pinion_label_get_account (item) == *(gint64 *) user_data;
}

static void
pinion_folders_page_dispose (GObject *object)
{
  PinionFoldersPage *self = PINION_FOLDERS_PAGE (object);

  if (self->folders != NULL)
    gtk_list_box_bind_model (self->folders, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_FOLDERS_PAGE);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_folders_page_parent_class)->dispose (object);
}

static void
pinion_folders_page_class_init (PinionFoldersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_folders_page_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-folders-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionFoldersPage, folders);
}

static void
pinion_folders_page_init (PinionFoldersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
pinion_folders_page_new (PinionEngine *engine,
                         gint64        account)
{
  PinionFoldersPage *self = g_object_new (PINION_TYPE_FOLDERS_PAGE, NULL);
  GListModel *labels = pinion_engine_get_labels (engine);
  GtkCustomFilter *filter = gtk_custom_filter_new (is_of_account,
                                                   g_memdup2 (&account, sizeof account), g_free);
  g_autoptr (GListModel) own =
    G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (labels), GTK_FILTER (filter)));

  self->engine = g_object_ref (engine);
  self->account = account;
  gtk_list_box_bind_model (self->folders, own, new_row, self, NULL);

  return ADW_NAVIGATION_PAGE (self);
}
