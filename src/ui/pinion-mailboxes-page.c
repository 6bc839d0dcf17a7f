/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mailboxes-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-subpage.h"

#define N_ROLES 5

struct _PinionMailboxesPage
{
  AdwNavigationPage parent_instance;

  GtkWidget *offer;
  AdwComboRow *archive;
  AdwComboRow *sent;
  AdwComboRow *drafts;
  AdwComboRow *junk;
  AdwComboRow *trash;

  PinionEngine *engine;
  gint64 account;
  GtkStringList *paths;
  GArray *ids;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PinionMailboxesPage, pinion_mailboxes_page, ADW_TYPE_NAVIGATION_PAGE)

static const PinionRole roles[N_ROLES] = {
  PINION_ROLE_ARCHIVE, PINION_ROLE_SENT, PINION_ROLE_DRAFTS, PINION_ROLE_JUNK, PINION_ROLE_TRASH,
};

static AdwComboRow *
get_row (PinionMailboxesPage *self,
         guint                index)
{
  AdwComboRow *const rows[N_ROLES] = {
    self->archive, self->sent, self->drafts, self->junk, self->trash,
  };

  return rows[index];
}

/* -- What is shown -------------------------------------------------------------------------- */

static gboolean
is_offered (PinionMailboxesPage *self,
            PinionLabel         *label)
{
  return pinion_label_get_account (label) == self->account &&
         pinion_label_get_role (label) != PINION_ROLE_INBOX &&
         pinion_label_get_selectable (label) && !pinion_label_get_hidden (label);
}

/* An open list is left alone as long as it is true. */
static gboolean
is_unchanged (PinionMailboxesPage *self,
              GArray              *ids,
              GStrv                paths)
{
  if (ids->len != self->ids->len)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) != g_array_index (self->ids, gint64, i) ||
        !g_str_equal (paths[i], gtk_string_list_get_string (self->paths, i)))
      return FALSE;

  return TRUE;
}

static void
list_labels (PinionMailboxesPage *self)
{
  GListModel *labels = pinion_engine_get_labels (self->engine);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  gint64 none = 0;

  g_array_append_val (ids, none);
  /* Translators: no label has this role, as in "Archive: None" */
  g_strv_builder_add (builder, C_("mailbox", "None"));
  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      gint64 id = pinion_label_get_id (label);

      if (!is_offered (self, label))
        continue;
      g_array_append_val (ids, id);
      g_strv_builder_add (builder, pinion_label_get_path (label));
    }

  paths = g_strv_builder_end (builder);
  if (is_unchanged (self, ids, paths))
    return;

  g_array_unref (self->ids);
  self->ids = g_steal_pointer (&ids);
  gtk_string_list_splice (self->paths, 0, g_list_model_get_n_items (G_LIST_MODEL (self->paths)),
                          (const char *const *) paths);
}

static guint
find_position (PinionMailboxesPage *self,
               PinionRole           role)
{
  PinionLabel *label = pinion_engine_find_role (self->engine, self->account, role);

  for (guint i = 1; label != NULL && i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == pinion_label_get_id (label))
      return i;

  return 0;
}

static void
update (PinionMailboxesPage *self)
{
  if (self->archive == NULL)
    return;

  self->loading = TRUE;
  list_labels (self);
  for (guint i = 0; i < N_ROLES; i++)
    {
      guint position = find_position (self, roles[i]);

      if (adw_combo_row_get_selected (get_row (self, i)) != position)
        adw_combo_row_set_selected (get_row (self, i), position);
    }
  gtk_widget_set_visible (self->offer, find_position (self, PINION_ROLE_ARCHIVE) == 0);
  self->loading = FALSE;
}

/* -- Changes -------------------------------------------------------------------------------- */

static void
on_kept (GtkWidget *widget,
         gboolean   kept)
{
  update (PINION_MAILBOXES_PAGE (widget));
}

static void
await (PinionMailboxesPage *self,
       DexFuture           *future)
{
  pinion_subpage_follow (GTK_WIDGET (self), future, on_kept);
}

static void
on_selected (PinionMailboxesPage *self,
             GParamSpec          *pspec,
             AdwComboRow         *row)
{
  guint position = adw_combo_row_get_selected (row);

  if (self->loading || self->engine == NULL || position >= self->ids->len)
    return;

  for (guint i = 0; i < N_ROLES; i++)
    if (get_row (self, i) == row && position != find_position (self, roles[i]))
      await (self, pinion_engine_set_role (self->engine, self->account, roles[i],
                                           g_array_index (self->ids, gint64, position)));
}

static void
on_make_archive (PinionMailboxesPage *self)
{
  await (self, pinion_engine_create_role (self->engine, self->account, PINION_ROLE_ARCHIVE));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_mailboxes_page_dispose (GObject *object)
{
  PinionMailboxesPage *self = PINION_MAILBOXES_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_MAILBOXES_PAGE);
  g_clear_object (&self->engine);
  g_clear_object (&self->paths);
  g_clear_pointer (&self->ids, g_array_unref);

  G_OBJECT_CLASS (pinion_mailboxes_page_parent_class)->dispose (object);
}

static void
pinion_mailboxes_page_class_init (PinionMailboxesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_mailboxes_page_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-mailboxes-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, offer);
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, archive);
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, sent);
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, junk);
  gtk_widget_class_bind_template_child (widget_class, PinionMailboxesPage, trash);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_make_archive);
}

static void
pinion_mailboxes_page_init (PinionMailboxesPage *self)
{
  self->paths = gtk_string_list_new (NULL);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->loading = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_ROLES; i++)
    {
      /* The list is searched by what it says. */
      g_autoptr (GtkExpression) expression =
        gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

      adw_combo_row_set_expression (get_row (self, i), expression);
      adw_combo_row_set_model (get_row (self, i), G_LIST_MODEL (self->paths));
    }
}

AdwNavigationPage *
pinion_mailboxes_page_new (PinionEngine *engine,
                           gint64        account)
{
  PinionMailboxesPage *self = g_object_new (PINION_TYPE_MAILBOXES_PAGE, NULL);

  self->engine = g_object_ref (engine);
  self->account = account;
  g_signal_connect_object (engine, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return ADW_NAVIGATION_PAGE (self);
}
