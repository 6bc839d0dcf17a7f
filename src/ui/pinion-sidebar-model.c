/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sidebar-model.h"

#include <glib/gi18n-lib.h>

#include "pinion-saved-search.h"

struct _PinionSidebarModel
{
  GObject parent_instance;

  GListModel *accounts;
  GListModel *labels;
  GListModel *sections;
  GListModel *searches; /* (nullable) */
  GPtrArray *items;
  GPtrArray *watched; /* the labels and sections that are followed */
  PinionLabel *dragged; /* (nullable) */
  GHashTable *snoozed; /* how many, by account; those without are left out */
  guint rebuild_source;
};

/* A list being made: what is kept of the old one is found again by its key. */
typedef struct
{
  GHashTable *old;
  GPtrArray *items;
  guint section;
} Rebuild;

static void pinion_sidebar_model_list_init    (GListModelInterface      *iface);
static void pinion_sidebar_model_section_init (GtkSectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PinionSidebarModel, pinion_sidebar_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pinion_sidebar_model_list_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SECTION_MODEL,
                                                      pinion_sidebar_model_section_init))

gboolean
pinion_view_equal (const PinionView *a,
                   const PinionView *b)
{
  return a->kind == b->kind && a->account == b->account && a->label == b->label;
}

/* -- Making the list ------------------------------------------------------------------------ */

static char *
make_key (PinionSidebarKind kind,
          const PinionView *view)
{
  return g_strdup_printf ("%d:%d:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, kind, view->kind,
                          view->account, view->label);
}

static PinionSidebarItem *
add_item (Rebuild          *rebuild,
          const char       *section_title,
          PinionSidebarKind kind,
          const PinionView *view,
          PinionLabel      *label)
{
  g_autofree char *key = make_key (kind, view);
  PinionSidebarItem *item = g_hash_table_lookup (rebuild->old, key);

  if (item != NULL && pinion_sidebar_item_get_label (item) == label)
    g_object_ref (item);
  else
    item = pinion_sidebar_item_new (kind, view, label);

  pinion_sidebar_item_set_section (item, rebuild->section, section_title);
  g_ptr_array_add (rebuild->items, item);

  return item;
}

static PinionLabel *
find_role (GListModel *labels,
           gint64      account,
           PinionRole  role)
{
  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);

      if (pinion_label_get_account (label) == account && pinion_label_get_role (label) == role)
        return label; /* the list holds it */
    }

  return NULL;
}

static void
add_role (PinionSidebarModel *self,
          Rebuild            *rebuild,
          const char         *title,
          gint64              account,
          PinionRole          role)
{
  PinionLabel *label = find_role (self->labels, account, role);
  PinionView view = { PINION_VIEW_LABEL, account, 0 };

  if (label == NULL)
    return;

  view.label = pinion_label_get_id (label);
  add_item (rebuild, title, PINION_SIDEBAR_VIEW, &view, label);
}

/* Only where there is any. */
static void
add_snoozed (PinionSidebarModel *self,
             Rebuild            *rebuild,
             const char         *title,
             gint64              account)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->snoozed, &account));
  const PinionView view = { PINION_VIEW_SNOOZED, account, 0 };

  if (count > 0)
    pinion_sidebar_item_set_count (
      add_item (rebuild, title, PINION_SIDEBAR_VIEW, &view, NULL), count);
}

static void
add_mailboxes (PinionSidebarModel *self,
               Rebuild            *rebuild,
               PinionAccountItem  *account)
{
  gint64 id = pinion_account_item_get_id (account);
  const char *title = pinion_account_item_get_account (account)->email;
  const PinionView plain = { PINION_VIEW_LABEL, id, 0 };
  const PinionView starred = { PINION_VIEW_STARRED, id, 0 };
  const PinionView all = { PINION_VIEW_ALL_MAIL, id, 0 };

  rebuild->section++;
  add_role (self, rebuild, title, id, PINION_ROLE_INBOX);
  add_snoozed (self, rebuild, title, id);
  add_item (rebuild, title, PINION_SIDEBAR_VIEW, &starred, NULL);
  add_role (self, rebuild, title, id, PINION_ROLE_DRAFTS);
  add_item (rebuild, title, PINION_SIDEBAR_OUTBOX, &plain, NULL);
  add_role (self, rebuild, title, id, PINION_ROLE_SENT);
  add_role (self, rebuild, title, id, PINION_ROLE_ARCHIVE);
  add_role (self, rebuild, title, id, PINION_ROLE_JUNK);
  add_role (self, rebuild, title, id, PINION_ROLE_TRASH);
  add_item (rebuild, title, PINION_SIDEBAR_VIEW, &all, NULL);
}

/* Only where any is pinned. */
static void
add_searches (PinionSidebarModel *self,
              Rebuild            *rebuild,
              const char         *title)
{
  const PinionView heading = { PINION_VIEW_ALL_MAIL, 0, 0 };
  gboolean any = FALSE;

  for (guint i = 0; self->searches != NULL && i < g_list_model_get_n_items (self->searches); i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (self->searches, i);
      const PinionView view = { PINION_VIEW_ALL_MAIL, 0, pinion_saved_search_get_id (search) };
      PinionSidebarItem *item;

      if (!pinion_saved_search_get_pinned (search))
        continue;
      if (!any)
        add_item (rebuild, title, PINION_SIDEBAR_SEARCHES, &heading, NULL);
      any = TRUE;
      item = add_item (rebuild, title, PINION_SIDEBAR_SEARCH, &view, NULL);
      pinion_sidebar_item_set_name (item, pinion_saved_search_get_name (search));
      pinion_sidebar_item_set_hint (item, pinion_saved_search_get_query (search));
    }
}

static gboolean
is_pinned_label (PinionLabel *label,
                 gint64       account)
{
  return pinion_label_get_account (label) == account && pinion_label_get_pinned (label) &&
         !pinion_label_get_hidden (label) && pinion_label_get_selectable (label) &&
         pinion_label_get_role (label) == PINION_ROLE_NONE;
}

/* Those of @account that people made.  Returns: (transfer full): PinionSection */
static GPtrArray *
find_sections (PinionSidebarModel  *self,
               gint64               account,
               PinionSection      **home)
{
  GPtrArray *sections = g_ptr_array_new_with_free_func (g_object_unref);

  *home = NULL;
  for (guint i = 0; i < g_list_model_get_n_items (self->sections); i++)
    {
      g_autoptr (PinionSection) section = g_list_model_get_item (self->sections, i);

      if (pinion_section_get_account (section) != account)
        continue;
      if (pinion_section_get_id (section) != 0)
        g_ptr_array_add (sections, g_object_ref (section));
      else
        *home = section; /* the list holds it */
    }

  return sections;
}

static GArray *
make_tree (PinionSidebarModel *self,
           gint64              account,
           GPtrArray          *sections,
           PinionSection      *home)
{
  g_autoptr (GPtrArray) pinned = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (self->labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (self->labels, i);

      if (is_pinned_label (label, account))
        g_ptr_array_add (pinned, g_object_ref (label));
    }

  return pinion_sidebar_tree_new (pinned, sections,
                                  home != NULL ? pinion_section_get_order (home)
                                               : PINION_LABEL_ORDER_NAME);
}

/* The labels from @start on, @n of them. */
static GPtrArray *
take_hidden (GArray *tree,
             guint   start,
             guint   n)
{
  GPtrArray *hidden = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = start; i < start + n; i++)
    g_ptr_array_add (hidden, g_object_ref (g_array_index (tree, PinionSidebarNode, i).label));

  return hidden;
}

/* One label.  Returns: how many of @tree it stands for, those that it hides included. */
static guint
add_label (Rebuild    *rebuild,
           const char *title,
           GArray     *tree,
           guint       place)
{
  const PinionSidebarNode *node = &g_array_index (tree, PinionSidebarNode, place);
  const PinionView view = { PINION_VIEW_LABEL, pinion_label_get_account (node->label),
                            pinion_label_get_id (node->label) };
  gboolean folded = node->n_below > 0 && pinion_label_get_folded (node->label);
  g_autoptr (GPtrArray) hidden = folded ? take_hidden (tree, place + 1, node->n_below) : NULL;
  PinionSidebarItem *item =
    add_item (rebuild, title, PINION_SIDEBAR_VIEW, &view, node->label);

  pinion_sidebar_item_set_depth (item, node->depth);
  pinion_sidebar_item_set_fold (item, node->n_below > 0, folded, hidden);

  return folded ? node->n_below + 1 : 1;
}

/* @section: (nullable) */
static void
add_section (PinionSidebarModel *self,
             Rebuild            *rebuild,
             const char         *title,
             gint64              account,
             PinionSection      *section,
             GArray             *tree)
{
  gint64 id = section != NULL ? pinion_section_get_id (section) : 0;
  gboolean folded = section != NULL && pinion_section_get_folded (section);
  const PinionView view = { PINION_VIEW_LABEL, account, id };
  PinionSidebarItem *item = add_item (rebuild, title, PINION_SIDEBAR_SECTION, &view, NULL);
  g_autoptr (GPtrArray) hidden = NULL;
  guint start = 0, end;

  while (start < tree->len && g_array_index (tree, PinionSidebarNode, start).section != id)
    start++;
  for (end = start; end < tree->len;)
    {
      if (g_array_index (tree, PinionSidebarNode, end).section != id)
        break;
      end += folded ? 1 : add_label (rebuild, title, tree, end);
    }

  hidden = folded ? take_hidden (tree, start, end - start) : NULL;
  pinion_sidebar_item_set_name (item, section != NULL ? pinion_section_get_name (section) : NULL);
  pinion_sidebar_item_set_fold (item, TRUE, folded, hidden);
}

static void
add_labels (PinionSidebarModel *self,
            Rebuild            *rebuild,
            PinionAccountItem  *account)
{
  gint64 id = pinion_account_item_get_id (account);
  const char *title = pinion_account_item_get_account (account)->email;
  const PinionView plain = { PINION_VIEW_LABEL, id, 0 };
  PinionSection *home;
  g_autoptr (GPtrArray) sections = find_sections (self, id, &home);
  g_autoptr (GArray) tree = make_tree (self, id, sections, home);

  add_section (self, rebuild, title, id, home, tree);
  add_item (rebuild, title, PINION_SIDEBAR_MORE, &plain, NULL);
  for (guint i = 0; i < sections->len; i++)
    add_section (self, rebuild, title, id, sections->pdata[i], tree);

  if (self->dragged != NULL && pinion_label_get_account (self->dragged) == id)
    add_item (rebuild, title, PINION_SIDEBAR_NEW_SECTION, &plain, NULL);
}

static GHashTable *
index_items (GPtrArray *items)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      PinionSidebarItem *item = items->pdata[i];

      g_hash_table_insert (index,
                           make_key (pinion_sidebar_item_get_kind (item),
                                     pinion_sidebar_item_get_view (item)),
                           item);
    }

  return index;
}

static GPtrArray *
make_items (PinionSidebarModel *self)
{
  guint n_accounts = g_list_model_get_n_items (self->accounts);
  g_autoptr (GHashTable) old = index_items (self->items);
  Rebuild rebuild = { old, g_ptr_array_new_with_free_func (g_object_unref), 0 };

  if (n_accounts > 1)
    {
      const PinionView inbox = { PINION_VIEW_INBOX, 0, 0 };

      add_item (&rebuild, NULL, PINION_SIDEBAR_VIEW, &inbox, NULL);
      add_searches (self, &rebuild, NULL);
    }

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      add_mailboxes (self, &rebuild, account);
      if (n_accounts == 1)
        add_searches (self, &rebuild, pinion_account_item_get_account (account)->email);
      add_labels (self, &rebuild, account);
    }

  return rebuild.items;
}

/* Announces only what lies between the common beginning and the common end. */
static void
replace_items (PinionSidebarModel *self,
               GPtrArray          *items)
{
  g_autoptr (GPtrArray) old = self->items;
  guint start = 0, end = 0;
  guint shorter = MIN (old->len, items->len);

  while (start < shorter && old->pdata[start] == items->pdata[start])
    start++;

  while (end < shorter - start &&
         old->pdata[old->len - 1 - end] == items->pdata[items->len - 1 - end])
    end++;

  self->items = items;

  if (start + end < MAX (old->len, items->len))
    g_list_model_items_changed (G_LIST_MODEL (self), start, old->len - start - end,
                                items->len - start - end);
}

static void
sum_inboxes (PinionSidebarModel *self)
{
  PinionSidebarItem *all = self->items->len > 0 ? self->items->pdata[0] : NULL;
  guint count = 0;

  if (all == NULL || pinion_sidebar_item_get_view (all)->kind != PINION_VIEW_INBOX)
    return;

  for (guint i = 1; i < self->items->len; i++)
    if (pinion_sidebar_item_get_role (self->items->pdata[i]) == PINION_ROLE_INBOX)
      count += pinion_sidebar_item_get_count (self->items->pdata[i]);

  pinion_sidebar_item_set_count (all, count);
}

static void
rebuild_now (PinionSidebarModel *self)
{
  replace_items (self, make_items (self));
  sum_inboxes (self);
}

static gboolean
on_rebuild (gpointer user_data)
{
  PinionSidebarModel *self = user_data;

  self->rebuild_source = 0;
  rebuild_now (self);

  return G_SOURCE_REMOVE;
}

/* Many labels change at once; the list is made once. */
static void
queue_rebuild (PinionSidebarModel *self)
{
  if (self->rebuild_source == 0)
    self->rebuild_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_rebuild, self, NULL);
}

static gboolean
orders_by_unread (PinionSidebarModel *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->sections); i++)
    {
      g_autoptr (PinionSection) section = g_list_model_get_item (self->sections, i);

      if (pinion_section_get_order (section) == PINION_LABEL_ORDER_UNREAD)
        return TRUE;
    }

  return FALSE;
}

static void
on_label_notify (PinionSidebarModel *self,
                 GParamSpec         *pspec)
{
  if (g_str_equal (pspec->name, "unread"))
    {
      sum_inboxes (self);
      for (guint i = 0; i < self->items->len; i++)
        pinion_sidebar_item_count_hidden (self->items->pdata[i]);
      if (orders_by_unread (self))
        queue_rebuild (self);
    }
  else if (!g_str_equal (pspec->name, "total"))
    queue_rebuild (self);
}

static void
watch (PinionSidebarModel *self,
       GListModel         *list)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      GObject *object = g_list_model_get_item (list, i);

      g_signal_connect_object (object, "notify", G_CALLBACK (on_label_notify), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->watched, object);
    }
}

static void
on_labels_changed (PinionSidebarModel *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_func (self->watched->pdata[i], on_label_notify, self);

  g_ptr_array_set_size (self->watched, 0);
  watch (self, self->labels);
  watch (self, self->sections);
  if (self->searches != NULL)
    watch (self, self->searches);
  queue_rebuild (self);
}

/* -- The interfaces ------------------------------------------------------------------------- */

static GType
pinion_sidebar_model_get_item_type (GListModel *model)
{
  return PINION_TYPE_SIDEBAR_ITEM;
}

static guint
pinion_sidebar_model_get_n_items (GListModel *model)
{
  return PINION_SIDEBAR_MODEL (model)->items->len;
}

static gpointer
pinion_sidebar_model_get_item (GListModel *model,
                               guint       position)
{
  PinionSidebarModel *self = PINION_SIDEBAR_MODEL (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (self->items->pdata[position]);
}

static void
pinion_sidebar_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = pinion_sidebar_model_get_item_type;
  iface->get_n_items = pinion_sidebar_model_get_n_items;
  iface->get_item = pinion_sidebar_model_get_item;
}

static void
pinion_sidebar_model_get_section (GtkSectionModel *model,
                                  guint            position,
                                  guint           *start,
                                  guint           *end)
{
  GPtrArray *items = PINION_SIDEBAR_MODEL (model)->items;
  guint section;

  if (position >= items->len)
    {
      *start = items->len;
      *end = G_MAXUINT;
      return;
    }

  section = pinion_sidebar_item_get_section (items->pdata[position]);
  *start = position;
  *end = position + 1;

  while (*start > 0 && pinion_sidebar_item_get_section (items->pdata[*start - 1]) == section)
    (*start)--;

  while (*end < items->len && pinion_sidebar_item_get_section (items->pdata[*end]) == section)
    (*end)++;
}

static void
pinion_sidebar_model_section_init (GtkSectionModelInterface *iface)
{
  iface->get_section = pinion_sidebar_model_get_section;
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_sidebar_model_finalize (GObject *object)
{
  PinionSidebarModel *self = PINION_SIDEBAR_MODEL (object);

  g_clear_handle_id (&self->rebuild_source, g_source_remove);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  g_clear_pointer (&self->snoozed, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->accounts);
  g_clear_object (&self->labels);
  g_clear_object (&self->sections);
  g_clear_object (&self->searches);
  g_clear_object (&self->dragged);

  G_OBJECT_CLASS (pinion_sidebar_model_parent_class)->finalize (object);
}

static void
pinion_sidebar_model_class_init (PinionSidebarModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_sidebar_model_finalize;
}

static void
pinion_sidebar_model_init (PinionSidebarModel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  self->snoozed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

PinionSidebarModel *
pinion_sidebar_model_new (GListModel *accounts,
                          GListModel *labels,
                          GListModel *sections)
{
  PinionSidebarModel *self = g_object_new (PINION_TYPE_SIDEBAR_MODEL, NULL);

  self->accounts = g_object_ref (accounts);
  self->labels = g_object_ref (labels);
  self->sections = g_object_ref (sections);

  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (queue_rebuild), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (labels, "items-changed", G_CALLBACK (on_labels_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sections, "items-changed", G_CALLBACK (on_labels_changed), self,
                           G_CONNECT_SWAPPED);

  on_labels_changed (self);
  g_clear_handle_id (&self->rebuild_source, g_source_remove);
  rebuild_now (self);

  return self;
}

void
pinion_sidebar_model_set_searches (PinionSidebarModel *self,
                                   GListModel         *searches)
{
  g_return_if_fail (PINION_IS_SIDEBAR_MODEL (self));
  g_return_if_fail (self->searches == NULL);

  self->searches = g_object_ref (searches);
  g_signal_connect_object (searches, "items-changed", G_CALLBACK (on_labels_changed), self,
                           G_CONNECT_SWAPPED);
  on_labels_changed (self);
}

/* All Mail of no label is that alone, of one a saved search. */
static PinionSidebarKind
kind_for_view (const PinionView *view)
{
  return view->kind == PINION_VIEW_ALL_MAIL && view->label != 0 ? PINION_SIDEBAR_SEARCH
                                                                : PINION_SIDEBAR_VIEW;
}

guint
pinion_sidebar_model_find (PinionSidebarModel *self,
                           const PinionView   *view,
                           gboolean            outbox)
{
  PinionSidebarKind kind = outbox ? PINION_SIDEBAR_OUTBOX : kind_for_view (view);

  for (guint i = 0; i < self->items->len; i++)
    {
      PinionSidebarItem *item = self->items->pdata[i];

      if (pinion_sidebar_item_get_kind (item) == kind &&
          pinion_view_equal (pinion_sidebar_item_get_view (item), view))
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

void
pinion_sidebar_model_set_outbox_count (PinionSidebarModel *self,
                                       gint64              account,
                                       guint               count)
{
  const PinionView view = { PINION_VIEW_LABEL, account, 0 };
  guint position = pinion_sidebar_model_find (self, &view, TRUE);

  if (position != GTK_INVALID_LIST_POSITION)
    pinion_sidebar_item_set_count (self->items->pdata[position], count);
}

void
pinion_sidebar_model_set_dragged (PinionSidebarModel *self,
                                  PinionLabel        *label)
{
  if (g_set_object (&self->dragged, label))
    queue_rebuild (self);
}

gboolean
pinion_sidebar_model_place (PinionSidebarModel *self,
                            PinionLabel        *label,
                            PinionSidebarItem  *target,
                            gboolean            below,
                            PinionPlace        *place)
{
  gint64 account = pinion_label_get_account (label);
  const PinionView *view = pinion_sidebar_item_get_view (target);
  PinionSidebarKind kind = pinion_sidebar_item_get_kind (target);
  PinionLabel *there = pinion_sidebar_item_get_label (target);
  PinionSection *home;
  g_autoptr (GPtrArray) sections = NULL;
  g_autoptr (GArray) tree = NULL;

  *place = (PinionPlace) { 0 };
  if (view->account != account || (kind == PINION_SIDEBAR_VIEW && there == NULL) ||
      pinion_sidebar_item_get_role (target) != PINION_ROLE_NONE)
    return FALSE;

  place->makes_section = kind == PINION_SIDEBAR_NEW_SECTION;
  if (kind != PINION_SIDEBAR_VIEW && kind != PINION_SIDEBAR_SECTION)
    return place->makes_section;

  sections = find_sections (self, account, &home);
  tree = make_tree (self, account, sections, home);

  return pinion_sidebar_tree_place (tree, label, there, view->label, below, place);
}

gboolean
pinion_sidebar_model_step (PinionSidebarModel *self,
                           PinionLabel        *label,
                           int                 step,
                           PinionPlace        *place)
{
  gint64 account = pinion_label_get_account (label);
  PinionSection *home;
  g_autoptr (GPtrArray) sections = find_sections (self, account, &home);
  g_autoptr (GArray) tree = make_tree (self, account, sections, home);

  return pinion_sidebar_tree_step (tree, sections, label, step, place);
}

guint
pinion_sidebar_model_find_section (PinionSidebarModel *self,
                                   gint64              account,
                                   gint64              section)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const PinionView *view = pinion_sidebar_item_get_view (self->items->pdata[i]);

      if (pinion_sidebar_item_get_kind (self->items->pdata[i]) == PINION_SIDEBAR_SECTION &&
          view->account == account && view->label == section)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

void
pinion_sidebar_model_set_snoozed (PinionSidebarModel *self,
                                  gint64              account,
                                  guint               count)
{
  const PinionView view = { PINION_VIEW_SNOOZED, account, 0 };
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (self->snoozed, &account));
  guint position;

  if (before == count)
    return;

  g_hash_table_insert (self->snoozed, g_memdup2 (&account, sizeof account),
                       GUINT_TO_POINTER (count));
  position = pinion_sidebar_model_find (self, &view, FALSE);
  if (count > 0 && position != GTK_INVALID_LIST_POSITION)
    pinion_sidebar_item_set_count (self->items->pdata[position], count);
  else
    queue_rebuild (self);
}
