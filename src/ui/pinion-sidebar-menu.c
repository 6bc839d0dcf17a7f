/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The menus of labels and sections, and what they ask. */

#include "pinion-sidebar-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-colour-swatches.h"
#include "pinion-isolate.h"
#include "pinion-name-dialog.h"
#include "pinion-popover.h"

/* -- Asking for names ----------------------------------------------------------------------- */

/* What a name is asked for; @label or @section is 0 where there is none yet. */
typedef struct
{
  PinionSidebar *sidebar;
  gint64 account;
  gint64 label;
  gint64 section;
  char *above; /* (nullable) the path that the label is in */
} Naming;

static void
naming_free (gpointer data)
{
  Naming *self = data;

  g_object_unref (self->sidebar);
  g_free (self->above);
  g_free (self);
}

static Naming *
naming_new (PinionSidebar *sidebar,
            gint64         account,
            gint64         label,
            gint64         section)
{
  Naming *self = g_new0 (Naming, 1);

  self->sidebar = g_object_ref (sidebar);
  self->account = account;
  self->label = label;
  self->section = section;

  return self;
}

static char *
dup_path (const Naming *self,
          const char   *name)
{
  return self->above != NULL ? g_strconcat (self->above, "/", name, NULL) : g_strdup (name);
}

/* Servers take names that differ in case alone for the same. */
static char *
check_label_name (const char *name,
                  gpointer    user_data)
{
  const Naming *self = user_data;
  GListModel *labels = pinion_engine_get_labels (self->sidebar->engine);
  g_autofree char *path = dup_path (self, name);
  g_autofree char *folded = g_utf8_casefold (path, -1);

  if (strchr (name, '/') != NULL)
    return g_strdup (_("A name cannot have a “/” in it."));

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      g_autofree char *other = g_utf8_casefold (pinion_label_get_path (label), -1);

      if (pinion_label_get_account (label) == self->account &&
          pinion_label_get_id (label) != self->label && g_str_equal (other, folded))
        return g_strdup (_("There is a label with this name already."));
    }

  return NULL;
}

static void
take_new_label (const char *name,
                gpointer    user_data)
{
  const Naming *self = user_data;
  g_autofree char *path = dup_path (self, name);

  pinion_sidebar_follow (self->sidebar,
                         pinion_engine_create_label (self->sidebar->engine, self->account, path),
                         name);
}

static void
take_label_name (const char *name,
                 gpointer    user_data)
{
  const Naming *self = user_data;
  g_autofree char *path = dup_path (self, name);

  pinion_sidebar_follow (self->sidebar,
                         pinion_engine_rename_label (self->sidebar->engine, self->label, path),
                         name);
}

static void
take_new_section (const char *name,
                  gpointer    user_data)
{
  const Naming *self = user_data;

  pinion_sidebar_follow (self->sidebar,
                         pinion_engine_create_section (self->sidebar->engine, self->account, name,
                                                       self->label),
                         name);
}

static void
take_section_name (const char *name,
                   gpointer    user_data)
{
  const Naming *self = user_data;

  pinion_sidebar_follow (self->sidebar,
                         pinion_engine_rename_section (self->sidebar->engine, self->section, name),
                         name);
}

static void
ask_for_label (PinionSidebar *self,
               gint64         account,
               PinionLabel   *above)
{
  Naming *naming = naming_new (self, account, 0, 0);
  g_autofree char *name = pinion_isolate_name (above != NULL ? pinion_label_get_name (above) : "");
  g_autofree char *heading = NULL;

  if (above == NULL)
    {
      heading = g_strdup (_("New Label"));
    }
  else
    {
      /* Translators: %s is the label that the new one is made in */
      heading = g_strdup_printf (_("New Label in %s"), name);
      naming->above = g_strdup (pinion_label_get_path (above));
    }

  pinion_name_dialog_present (GTK_WIDGET (self), heading, NULL, _("_Make"), check_label_name,
                              take_new_label, naming, naming_free);
}

void
pinion_sidebar_ask_for_section (PinionSidebar *self,
                                gint64         account,
                                PinionLabel   *label)
{
  Naming *naming = naming_new (self, account, label != NULL ? pinion_label_get_id (label) : 0, 0);

  pinion_name_dialog_present (GTK_WIDGET (self), _("New Section"), NULL, _("_Make"), NULL,
                              take_new_section, naming, naming_free);
}

static void
rename_label (PinionSidebar *self,
              PinionLabel   *label)
{
  Naming *naming = naming_new (self, pinion_label_get_account (label),
                               pinion_label_get_id (label), 0);
  const char *path = pinion_label_get_path (label);
  const char *slash = strrchr (path, '/');

  if (slash != NULL)
    naming->above = g_strndup (path, (gsize) (slash - path));

  pinion_name_dialog_present (GTK_WIDGET (self), _("Rename Label"), pinion_label_get_name (label),
                              _("_Rename"), check_label_name, take_label_name, naming, naming_free);
}

static void
rename_section (PinionSidebar *self,
                PinionSection *section)
{
  Naming *naming = naming_new (self, pinion_section_get_account (section), 0,
                               pinion_section_get_id (section));

  pinion_name_dialog_present (GTK_WIDGET (self), _("Rename Section"),
                              pinion_section_get_name (section), _("_Rename"), NULL,
                              take_section_name, naming, naming_free);
}

void
pinion_sidebar_rename (PinionSidebar     *self,
                       PinionSidebarItem *item)
{
  const PinionView *view = pinion_sidebar_item_get_view (item);
  PinionLabel *label = pinion_sidebar_item_get_label (item);
  PinionSection *section = NULL;

  if (pinion_sidebar_rename_search (self, item))
    return;

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION && view->label != 0)
    section = pinion_engine_find_section (self->engine, view->account, view->label);

  if (section != NULL)
    rename_section (self, section);
  else if (label != NULL && pinion_label_get_role (label) == PINION_ROLE_NONE)
    rename_label (self, label);
}

/* -- Deleting ------------------------------------------------------------------------------- */

static gboolean
has_labels_inside (PinionSidebar *self,
                   PinionLabel   *label)
{
  GListModel *labels = pinion_engine_get_labels (self->engine);
  g_autofree char *prefix = g_strconcat (pinion_label_get_path (label), "/", NULL);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) other = g_list_model_get_item (labels, i);

      if (pinion_label_get_account (other) == pinion_label_get_account (label) &&
          g_str_has_prefix (pinion_label_get_path (other), prefix))
        return TRUE;
    }

  return FALSE;
}

static void
on_delete_response (AdwAlertDialog *dialog,
                    const char     *response,
                    PinionSidebar  *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (dialog), "pinion-label");
  PinionLabel *label = pinion_engine_find_label (self->engine, *id);
  PinionRole mail = g_str_equal (response, "archive") ? PINION_ROLE_ARCHIVE : PINION_ROLE_TRASH;

  if (label == NULL || g_str_equal (response, "cancel"))
    return;

  pinion_sidebar_follow (self, pinion_engine_delete_label (self->engine, *id, mail),
                         pinion_label_get_name (label));
}

static void
ask_to_delete (PinionSidebar *self,
               PinionLabel   *label)
{
  gint64 id = pinion_label_get_id (label);
  gint64 account = pinion_label_get_account (label);
  g_autofree char *name = pinion_isolate_name (pinion_label_get_name (label));
  g_autofree char *heading = g_strdup_printf (_("Delete “%s”?"), name);
  g_autoptr (GString) body = g_string_new (_("The label is deleted on the server too."));
  AdwDialog *dialog;

  if (has_labels_inside (self, label))
    g_string_append_printf (body, " %s", _("So are the labels in it."));
  g_string_append_printf (body, " %s",
                          _("Mail that has no other label moves to where you choose."));

  dialog = adw_alert_dialog_new (heading, body->str);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "cancel", _("_Cancel"));
  if (pinion_engine_find_role (self->engine, account, PINION_ROLE_ARCHIVE) != NULL)
    adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "archive",
                                   _("Delete, Mail to _Archive"));
  if (pinion_engine_find_role (self->engine, account, PINION_ROLE_TRASH) != NULL)
    adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "trash", _("Delete, Mail to _Trash"));
  if (adw_alert_dialog_has_response (ADW_ALERT_DIALOG (dialog), "trash"))
    adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "trash",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");

  g_object_set_data_full (G_OBJECT (dialog), "pinion-label", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_delete_response), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
}

/* -- Acts on a label ------------------------------------------------------------------------ */

static void
act_on_label (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  PinionSidebar *self = PINION_SIDEBAR (widget);
  gint64 id = g_variant_get_int64 (parameter);
  PinionLabel *label = pinion_engine_find_label (self->engine, id);

  if (label == NULL)
    return;

  if (g_str_equal (action, "sidebar.unpin"))
    pinion_sidebar_follow (self, pinion_engine_pin_label (self->engine, id, FALSE),
                           pinion_label_get_name (label));
  else if (g_str_equal (action, "sidebar.rename"))
    rename_label (self, label);
  else if (g_str_equal (action, "sidebar.new-inside"))
    ask_for_label (self, pinion_label_get_account (label), label);
  else if (g_str_equal (action, "sidebar.import"))
    gtk_widget_activate_action (widget, "win.import-into", "x", id);
  else if (g_str_equal (action, "sidebar.mark-read"))
    pinion_sidebar_follow (self, pinion_engine_mark_label_read (self->engine, id), NULL);
  else if (g_str_equal (action, "sidebar.delete"))
    ask_to_delete (self, label);
}

/* The labels as they stand: only the section is another. */
static void
put_into_section (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  PinionSidebar *self = PINION_SIDEBAR (widget);
  gint64 id, section;
  PinionLabel *label;
  g_auto (PinionPlace) place = { 0 };
  guint position;
  g_autoptr (PinionSidebarItem) target = NULL;

  g_variant_get (parameter, "(xx)", &id, &section);
  label = pinion_engine_find_label (self->engine, id);
  if (label == NULL)
    return;

  position = pinion_sidebar_model_find_section (self->model, pinion_label_get_account (label),
                                                section);
  target = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  if (target != NULL && pinion_sidebar_model_place (self->model, label, target, FALSE, &place))
    pinion_sidebar_follow (
      self, pinion_engine_place_label (self->engine, id, place.section, place.order),
      pinion_label_get_name (label));
}

static void
on_colour_chosen (const char *colour,
                  gpointer    user_data)
{
  GtkWidget *popover = user_data;
  PinionSidebar *self = PINION_SIDEBAR (gtk_widget_get_parent (popover));
  gint64 *id = g_object_get_data (G_OBJECT (popover), "pinion-label");
  PinionLabel *label = pinion_engine_find_label (self->engine, *id);

  if (label != NULL)
    pinion_sidebar_follow (self, pinion_engine_set_label_colour (self->engine, *id, colour),
                           pinion_label_get_name (label));
  gtk_popover_popdown (GTK_POPOVER (popover));
}

/* -- Acts on an account's labels and its sections ------------------------------------------- */

static void
ask_for_new (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  PinionSidebar *self = PINION_SIDEBAR (widget);
  gint64 account, label;

  g_variant_get (parameter, "(xx)", &account, &label);

  if (g_str_equal (action, "sidebar.new-section"))
    pinion_sidebar_ask_for_section (self, account, pinion_engine_find_label (self->engine, label));
  else
    ask_for_label (self, account, NULL);
}

static void
act_on_section (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  PinionSidebar *self = PINION_SIDEBAR (widget);
  gint64 account, id;
  PinionSection *section;
  g_autoptr (PinionSidebarItem) item = NULL;

  g_variant_get (parameter, "(xx)", &account, &id);
  section = pinion_engine_find_section (self->engine, account, id);
  item = g_list_model_get_item (G_LIST_MODEL (self->model),
                                pinion_sidebar_model_find_section (self->model, account, id));
  if (section == NULL || item == NULL)
    return;

  if (g_str_equal (action, "sidebar.rename-section"))
    rename_section (self, section);
  else if (g_str_equal (action, "sidebar.remove-section"))
    pinion_sidebar_follow (self, pinion_engine_remove_section (self->engine, id),
                           pinion_section_get_name (section));
  else
    pinion_sidebar_move (self, item, g_str_equal (action, "sidebar.section-up") ? -1 : 1);
}

static void
on_order (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  PinionSidebar *self = user_data;
  gint64 *account = g_object_get_data (G_OBJECT (action), "pinion-account");

  pinion_sidebar_follow (self,
                         pinion_engine_sort_labels (self->engine, *account,
                                                    (PinionLabelOrder) g_variant_get_int32 (value)),
                         NULL);
}

static void
on_pin_all (GSimpleAction *action,
            GVariant      *value,
            gpointer       user_data)
{
  PinionSidebar *self = user_data;
  gint64 *account = g_object_get_data (G_OBJECT (action), "pinion-account");
  gboolean pin_all = g_variant_get_boolean (value);

  pinion_sidebar_follow (self, pinion_engine_set_pin_all (self->engine, *account, pin_all),
                         pin_all ? "" : NULL);
}

static void
add_stateful (PinionSidebar      *self,
              GSimpleActionGroup *group,
              gint64              account,
              GSimpleAction      *action,
              GCallback           callback)
{
  g_object_set_data_full (G_OBJECT (action), "pinion-account",
                          g_memdup2 (&account, sizeof account), g_free);
  g_signal_connect_object (action, "change-state", callback, self, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
}

/* What has a state, of this account. */
static GSimpleActionGroup *
make_account_actions (PinionSidebar *self,
                      gint64         account)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();
  PinionSection *home = pinion_engine_find_section (self->engine, account, 0);
  int order = home != NULL ? (int) pinion_section_get_order (home) : 0;
  gboolean pin_all = home != NULL && pinion_section_get_pin_all (home);
  g_autoptr (GSimpleAction) order_action =
    g_simple_action_new_stateful ("order", G_VARIANT_TYPE_INT32, g_variant_new_int32 (order));
  g_autoptr (GSimpleAction) pin_action =
    g_simple_action_new_stateful ("pin-all", NULL, g_variant_new_boolean (pin_all));

  add_stateful (self, group, account, order_action, G_CALLBACK (on_order));
  add_stateful (self, group, account, pin_action, G_CALLBACK (on_pin_all));

  return group;
}

/* -- Menus ---------------------------------------------------------------------------------- */

static void
append (GMenu      *menu,
        const char *words,
        const char *action,
        GVariant   *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (words, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

/* An underscore would be a mnemonic. */
static char *
escape (const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
append_section (GMenu *menu,
                GMenu *section)
{
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

static void
append_sorting (GMenu *menu)
{
  g_autoptr (GMenu) sorting = g_menu_new ();

  append (sorting, _("By Name"), "menu.order", g_variant_new_int32 (PINION_LABEL_ORDER_NAME));
  append (sorting, _("By Unread"), "menu.order", g_variant_new_int32 (PINION_LABEL_ORDER_UNREAD));
  append (sorting, _("My Own Order"), "menu.order", g_variant_new_int32 (PINION_LABEL_ORDER_OWN));
  g_menu_append_submenu (menu, _("Sort Labels"), G_MENU_MODEL (sorting));
}

static void
append_placing (PinionSidebar *self,
                GMenu         *menu,
                PinionLabel   *label)
{
  GListModel *sections = pinion_engine_get_sections (self->engine);
  gint64 account = pinion_label_get_account (label);
  gint64 id = pinion_label_get_id (label);
  g_autoptr (GMenu) placing = g_menu_new ();
  GMenu *making = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (PinionSection) section = g_list_model_get_item (sections, i);
      const char *name = pinion_section_get_name (section);
      gint64 which = pinion_section_get_id (section);
      g_autofree char *escaped = NULL;

      if (pinion_section_get_account (section) != account ||
          which == pinion_label_get_section (label))
        continue;

      escaped = escape (name != NULL ? name : _("Labels"));
      append (placing, escaped, "sidebar.put", g_variant_new ("(xx)", id, which));
    }

  append (making, _("New Section…"), "sidebar.new-section", g_variant_new ("(xx)", account, id));
  append_section (placing, making);
  g_menu_append_submenu (menu, _("Move to Section"), G_MENU_MODEL (placing));
}

static GMenu *
make_label_menu (PinionSidebar *self,
                 PinionLabel   *label)
{
  GVariant *target = g_variant_ref_sink (g_variant_new_int64 (pinion_label_get_id (label)));
  GMenu *menu = g_menu_new ();
  GMenu *first = g_menu_new ();
  GMenu *colours = g_menu_new ();
  GMenu *itself = g_menu_new ();
  GMenu *place = g_menu_new ();
  GMenu *end = g_menu_new ();
  g_autoptr (GMenuItem) swatches = g_menu_item_new (NULL, NULL);

  append (first, _("Unpin from Sidebar"), "sidebar.unpin", target);
  g_menu_item_set_attribute (swatches, "custom", "s", "swatches");
  g_menu_append_item (colours, swatches);
  append (itself, _("Rename…"), "sidebar.rename", target);
  append (itself, _("New Label Inside…"), "sidebar.new-inside", target);
  append (itself, _("Import Messages…"), "sidebar.import", target);
  if (pinion_label_get_unread (label) > 0)
    append (itself, _("Mark All as Read"), "sidebar.mark-read", target);
  append_placing (self, place, label);
  append_sorting (place);
  append (end, _("Delete…"), "sidebar.delete", target);

  append_section (menu, first);
  append_section (menu, colours);
  append_section (menu, itself);
  append_section (menu, place);
  append_section (menu, end);
  g_variant_unref (target);

  return menu;
}

static GMenu *
make_section_menu (const PinionView *view)
{
  GVariant *target = g_variant_ref_sink (g_variant_new ("(xx)", view->account, view->label));
  GVariant *nothing = g_variant_new ("(xx)", view->account, (gint64) 0);
  GMenu *menu = g_menu_new ();
  GMenu *making = g_menu_new ();
  GMenu *labels = g_menu_new ();
  GMenu *itself = g_menu_new ();

  g_variant_ref_sink (nothing);
  append (making, _("New Label…"), "sidebar.new-label", nothing);
  append (making, _("New Section…"), "sidebar.new-section", nothing);
  append_section (menu, making);

  if (view->label != 0)
    {
      append (itself, _("Rename Section…"), "sidebar.rename-section", target);
      append (itself, _("Move Section Up"), "sidebar.section-up", target);
      append (itself, _("Move Section Down"), "sidebar.section-down", target);
      append (itself, _("Remove Section"), "sidebar.remove-section", target);
    }
  append_section (menu, itself);

  append_sorting (labels);
  append (labels, _("Pin All Labels"), "menu.pin-all", NULL);
  append_section (menu, labels);
  g_variant_unref (nothing);
  g_variant_unref (target);

  return menu;
}

/* A mailbox has what can be done to it.  %NULL: nothing. */
static GMenu *
make_mailbox_menu (PinionLabel *label)
{
  gint64 id = pinion_label_get_id (label);
  GMenu *menu;

  if (pinion_label_get_unread (label) == 0 && !pinion_drop_takes_files (label))
    return NULL;

  menu = g_menu_new ();
  if (pinion_drop_takes_files (label))
    append (menu, _("Import Messages…"), "sidebar.import", g_variant_new_int64 (id));
  if (pinion_label_get_unread (label) > 0)
    append (menu, _("Mark All as Read"), "sidebar.mark-read", g_variant_new_int64 (id));

  return menu;
}

static GMenu *
make_menu (PinionSidebar     *self,
           PinionSidebarItem *item)
{
  PinionLabel *label = pinion_sidebar_item_get_label (item);

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SEARCH)
    return pinion_sidebar_make_search_menu (item);

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION)
    return make_section_menu (pinion_sidebar_item_get_view (item));

  if (label == NULL)
    return NULL;

  return pinion_label_get_role (label) == PINION_ROLE_NONE ? make_label_menu (self, label)
                                                           : make_mailbox_menu (label);
}

static void
add_swatches (GtkWidget   *popover,
              PinionLabel *label)
{
  gint64 id = pinion_label_get_id (label);
  GtkWidget *swatches =
    pinion_colour_swatches_new (pinion_label_get_own_colour (label)
                                  ? pinion_label_get_colour (label)
                                  : NULL,
                                pinion_label_get_plain_colour (label), on_colour_chosen, popover);

  g_object_set_data_full (G_OBJECT (popover), "pinion-label", g_memdup2 (&id, sizeof id), g_free);
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (popover), swatches, "swatches");
}

static void
on_row_menu_closed (GtkWidget *row)
{
  gtk_widget_remove_css_class (row, "menu-open");
}

gboolean
pinion_sidebar_open_row_menu (PinionSidebar  *self,
                              PinionLabelRow *row,
                              double          x,
                              double          y)
{
  GdkRectangle at = pinion_sidebar_get_place (self, row);
  PinionSidebarItem *item = pinion_label_row_get_item (row);
  g_autoptr (GMenu) menu = item != NULL ? make_menu (self, item) : NULL;
  g_autoptr (GSimpleActionGroup) actions = NULL;
  GtkWidget *popover;

  if (menu == NULL)
    return FALSE;

  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  actions = make_account_actions (self, pinion_sidebar_item_get_view (item)->account);
  gtk_widget_insert_action_group (popover, "menu", G_ACTION_GROUP (actions));
  if (pinion_sidebar_item_get_label (item) != NULL &&
      pinion_sidebar_item_get_role (item) == PINION_ROLE_NONE)
    add_swatches (popover, pinion_sidebar_item_get_label (item));

  gtk_widget_add_css_class (GTK_WIDGET (row), "menu-open");
  g_signal_connect_object (popover, "closed", G_CALLBACK (on_row_menu_closed), row,
                           G_CONNECT_SWAPPED);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  pinion_popover_present (GTK_POPOVER (popover), GTK_WIDGET (self),
                          &(GdkRectangle) { at.x + (int) x, at.y + (int) y, 1, 1 });

  return TRUE;
}

void
pinion_sidebar_install_menu_actions (GtkWidgetClass *klass)
{
  static const char *const label_acts[] = { "sidebar.unpin", "sidebar.rename", "sidebar.new-inside",
                                            "sidebar.import", "sidebar.mark-read",
                                            "sidebar.delete" };
  static const char *const section_acts[] = { "sidebar.rename-section", "sidebar.remove-section",
                                              "sidebar.section-up", "sidebar.section-down" };

  for (guint i = 0; i < G_N_ELEMENTS (label_acts); i++)
    gtk_widget_class_install_action (klass, label_acts[i], "x", act_on_label);
  for (guint i = 0; i < G_N_ELEMENTS (section_acts); i++)
    gtk_widget_class_install_action (klass, section_acts[i], "(xx)", act_on_section);
  pinion_sidebar_install_search_actions (klass);
  gtk_widget_class_install_action (klass, "sidebar.put", "(xx)", put_into_section);
  gtk_widget_class_install_action (klass, "sidebar.new-label", "(xx)", ask_for_new);
  gtk_widget_class_install_action (klass, "sidebar.new-section", "(xx)", ask_for_new);
}
