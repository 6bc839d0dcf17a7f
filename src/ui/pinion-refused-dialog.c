/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-refused-dialog.h"

#include <glib/gi18n-lib.h>

/* -- One file ------------------------------------------------------------------------------- */

#define PINION_TYPE_REFUSED_ITEM (pinion_refused_item_get_type ())
G_DECLARE_FINAL_TYPE (PinionRefusedItem, pinion_refused_item, PINION, REFUSED_ITEM, GObject)

struct _PinionRefusedItem
{
  GObject parent_instance;

  char *name;
  char *reason;
  char *fix;
};

G_DEFINE_FINAL_TYPE (PinionRefusedItem, pinion_refused_item, G_TYPE_OBJECT)

static void
pinion_refused_item_finalize (GObject *object)
{
  PinionRefusedItem *self = PINION_REFUSED_ITEM (object);

  g_free (self->name);
  g_free (self->reason);
  g_free (self->fix);

  G_OBJECT_CLASS (pinion_refused_item_parent_class)->finalize (object);
}

static void
pinion_refused_item_class_init (PinionRefusedItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_refused_item_finalize;
}

static void
pinion_refused_item_init (PinionRefusedItem *self)
{
}

static PinionRefusedItem *
item_new (const PinionRefusedFile *file)
{
  PinionRefusedItem *self = g_object_new (PINION_TYPE_REFUSED_ITEM, NULL);

  self->name = g_strdup (file->name);
  self->reason = pinion_error_dup_message (file->error);
  self->fix = pinion_error_dup_fix (file->error);

  return self;
}

static int
compare_reasons (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const PinionRefusedItem *one = a;
  const PinionRefusedItem *other = b;

  return g_utf8_collate (one->reason, other->reason);
}

/* -- All ------------------------------------------------------------------------------------ */

struct _PinionRefusedDialog
{
  AdwAlertDialog parent_instance;

  GtkScrolledWindow *scroller;
  GtkSortListModel *sorted;
  guint ticks;
};

G_DEFINE_FINAL_TYPE (PinionRefusedDialog, pinion_refused_dialog, ADW_TYPE_ALERT_DIALOG)

static GtkWidget *
make_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);

  return label;
}

/* Only what is not to be read as it is. */
static gboolean
on_query_tooltip (GtkLabel   *label,
                  int         x,
                  int         y,
                  gboolean    by_keyboard,
                  GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;

  gtk_tooltip_set_text (tooltip, gtk_label_get_text (label));

  return TRUE;
}

static void
on_row_setup (PinionRefusedDialog *self,
              GtkListItem         *row)
{
  GtkWidget *label = make_label (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_list_item_set_child (row, label);
  gtk_list_item_set_activatable (row, FALSE);
}

static void
on_row_bind (PinionRefusedDialog *self,
             GtkListItem         *row)
{
  const PinionRefusedItem *item = gtk_list_item_get_item (row);
  GtkWidget *label = gtk_list_item_get_child (row);
  /* Translators: a file's name, and why it was left out */
  g_autofree char *words = g_strdup_printf (_("%s: %s"), item->name, item->reason);

  gtk_label_set_text (GTK_LABEL (label), item->name);
  gtk_list_item_set_accessible_label (row, words);
}

static void
on_header_setup (PinionRefusedDialog *self,
                 GtkListHeader       *header)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *reason = make_label ("heading");
  GtkWidget *fix = make_label ("caption");

  gtk_widget_add_css_class (fix, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  gtk_label_set_wrap (GTK_LABEL (fix), TRUE);
  gtk_box_append (GTK_BOX (box), reason);
  gtk_box_append (GTK_BOX (box), fix);
  gtk_list_header_set_child (header, box);
}

static void
on_header_bind (PinionRefusedDialog *self,
                GtkListHeader       *header)
{
  const PinionRefusedItem *item = gtk_list_header_get_item (header);
  GtkWidget *reason = gtk_widget_get_first_child (gtk_list_header_get_child (header));

  gtk_label_set_text (GTK_LABEL (reason), item->reason);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (reason)), item->fix);
}

/* The rows are laid out between the first tick and the second. */
static gboolean
on_top_tick (GtkWidget     *widget,
             GdkFrameClock *clock,
             gpointer       user_data)
{
  PinionRefusedDialog *self = user_data;

  if (self->ticks++ == 0)
    return G_SOURCE_CONTINUE;

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);

  return G_SOURCE_REMOVE;
}

/* A list view leaves the title above its first row out of sight. */
static void
on_list_map (PinionRefusedDialog *self)
{
  self->ticks = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self->scroller), on_top_tick, self, NULL);
}

static void
pinion_refused_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_REFUSED_DIALOG);

  G_OBJECT_CLASS (pinion_refused_dialog_parent_class)->dispose (object);
}

static void
pinion_refused_dialog_class_init (PinionRefusedDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_refused_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-refused-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionRefusedDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, PinionRefusedDialog, sorted);
  gtk_widget_class_bind_template_callback (widget_class, on_list_map);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_header_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_header_bind);
}

static void
pinion_refused_dialog_init (PinionRefusedDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pinion_refused_dialog_new (const PinionImported *imported)
{
  PinionRefusedDialog *self = g_object_new (PINION_TYPE_REFUSED_DIALOG, NULL);
  g_autoptr (GListStore) files = g_list_store_new (PINION_TYPE_REFUSED_ITEM);
  g_autoptr (GtkSorter) by_reason
    = GTK_SORTER (gtk_custom_sorter_new (compare_reasons, NULL, NULL));
  guint n = imported->refused->len;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PinionRefusedItem) item = item_new (imported->refused->pdata[i]);

      g_list_store_append (files, item);
    }
  gtk_sort_list_model_set_section_sorter (self->sorted, by_reason);
  gtk_sort_list_model_set_model (self->sorted, G_LIST_MODEL (files));

  adw_alert_dialog_format_heading (ADW_ALERT_DIALOG (self),
                                   ngettext ("%u File Was Not Imported",
                                             "%u Files Were Not Imported", n),
                                   n);

  return ADW_DIALOG (self);
}
