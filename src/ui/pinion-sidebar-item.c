/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sidebar-item.h"

#include <glib/gi18n-lib.h>

struct _PinionSidebarItem
{
  GObject parent_instance;

  PinionSidebarKind kind;
  PinionView view;
  PinionLabel *label;
  guint count;
  guint depth;
  guint section;
  char *section_title;
  char *name;
  char *hint;
  gboolean foldable;
  gboolean folded;
  GPtrArray *hidden; /* labels */
  guint n_hidden;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionSidebarItem, pinion_sidebar_item, G_TYPE_OBJECT)

const char *
pinion_role_get_title (PinionRole role)
{
  switch (role)
    {
    case PINION_ROLE_INBOX:
      return _("Inbox");

    case PINION_ROLE_SENT:
      return _("Sent");

    case PINION_ROLE_DRAFTS:
      return _("Drafts");

    case PINION_ROLE_TRASH:
      return _("Trash");

    case PINION_ROLE_JUNK:
      return _("Junk");

    case PINION_ROLE_ARCHIVE:
      return _("Archive");

    case PINION_ROLE_NONE:
    default:
      return NULL;
    }
}

const char *
pinion_role_get_icon (PinionRole role)
{
  switch (role)
    {
    case PINION_ROLE_INBOX:
      return "pinion-inbox-symbolic";

    case PINION_ROLE_SENT:
      return "pinion-sent-symbolic";

    case PINION_ROLE_DRAFTS:
      return "pinion-drafts-symbolic";

    case PINION_ROLE_TRASH:
      return "user-trash-symbolic";

    case PINION_ROLE_JUNK:
      return "pinion-junk-symbolic";

    case PINION_ROLE_ARCHIVE:
      return "pinion-archive-symbolic";

    case PINION_ROLE_NONE:
    default:
      return NULL;
    }
}

const char *
pinion_label_get_title (PinionLabel *label)
{
  const char *title = pinion_role_get_title (pinion_label_get_role (label));

  return title != NULL ? title : pinion_label_get_name (label);
}

static void
on_label_notify (PinionSidebarItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
pinion_sidebar_item_finalize (GObject *object)
{
  PinionSidebarItem *self = PINION_SIDEBAR_ITEM (object);

  g_clear_object (&self->label);
  g_clear_pointer (&self->section_title, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->hint, g_free);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);

  G_OBJECT_CLASS (pinion_sidebar_item_parent_class)->finalize (object);
}

static void
pinion_sidebar_item_class_init (PinionSidebarItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_sidebar_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pinion_sidebar_item_init (PinionSidebarItem *self)
{
}

PinionSidebarItem *
pinion_sidebar_item_new (PinionSidebarKind kind,
                         const PinionView *view,
                         PinionLabel      *label)
{
  PinionSidebarItem *self = g_object_new (PINION_TYPE_SIDEBAR_ITEM, NULL);

  self->kind = kind;
  self->view = *view;
  g_set_object (&self->label, label);

  if (label != NULL)
    g_signal_connect_object (label, "notify", G_CALLBACK (on_label_notify), self,
                             G_CONNECT_SWAPPED);

  return self;
}

PinionSidebarKind
pinion_sidebar_item_get_kind (PinionSidebarItem *self)
{
  return self->kind;
}

const PinionView *
pinion_sidebar_item_get_view (PinionSidebarItem *self)
{
  return &self->view;
}

PinionLabel *
pinion_sidebar_item_get_label (PinionSidebarItem *self)
{
  return self->label;
}

PinionRole
pinion_sidebar_item_get_role (PinionSidebarItem *self)
{
  return self->label != NULL ? pinion_label_get_role (self->label) : PINION_ROLE_NONE;
}

const char *
pinion_sidebar_item_get_title (PinionSidebarItem *self)
{
  if (self->kind == PINION_SIDEBAR_OUTBOX)
    return _("Outbox");

  if (self->kind == PINION_SIDEBAR_MORE)
    return _("More");

  if (self->kind == PINION_SIDEBAR_NEW_SECTION)
    return _("New Section");

  if (self->kind == PINION_SIDEBAR_SECTION)
    return self->name != NULL ? self->name : _("Labels");

  if (self->kind == PINION_SIDEBAR_SEARCHES)
    return _("Saved Searches");

  if (self->kind == PINION_SIDEBAR_SEARCH)
    return self->name != NULL ? self->name : "";

  switch (self->view.kind)
    {
    case PINION_VIEW_INBOX:
      return _("Inbox");

    case PINION_VIEW_STARRED:
      return _("Starred");

    case PINION_VIEW_ALL_MAIL:
      return _("All Mail");

    case PINION_VIEW_SNOOZED:
      return _("Snoozed");

    case PINION_VIEW_LABEL:
    default:
      return self->label != NULL ? pinion_label_get_title (self->label) : "";
    }
}

const char *
pinion_sidebar_item_get_icon (PinionSidebarItem *self)
{
  if (self->kind == PINION_SIDEBAR_OUTBOX)
    return "pinion-outbox-symbolic";

  if (self->kind == PINION_SIDEBAR_MORE)
    return "list-add-symbolic";

  if (self->kind == PINION_SIDEBAR_NEW_SECTION)
    return "tab-new-symbolic";

  if (self->kind == PINION_SIDEBAR_SECTION || self->kind == PINION_SIDEBAR_SEARCHES)
    return NULL;

  if (self->kind == PINION_SIDEBAR_SEARCH)
    return "folder-saved-search-symbolic";

  switch (self->view.kind)
    {
    case PINION_VIEW_INBOX:
      return "pinion-inbox-symbolic";

    case PINION_VIEW_STARRED:
      return "starred-symbolic";

    case PINION_VIEW_ALL_MAIL:
      return "pinion-all-mail-symbolic";

    case PINION_VIEW_SNOOZED:
      return "alarm-symbolic";

    case PINION_VIEW_LABEL:
    default:
      return pinion_role_get_icon (pinion_sidebar_item_get_role (self));
    }
}

guint
pinion_sidebar_item_get_count (PinionSidebarItem *self)
{
  PinionRole role = pinion_sidebar_item_get_role (self);

  if (self->label == NULL)
    return self->count + self->n_hidden;

  if (role == PINION_ROLE_DRAFTS)
    return pinion_label_get_total (self->label);

  return pinion_label_get_unread (self->label) + self->n_hidden;
}

void
pinion_sidebar_item_set_count (PinionSidebarItem *self,
                               guint              count)
{
  if (self->count == count)
    return;

  self->count = count;
  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
dup_name_and_count (PinionSidebarItem *self)
{
  const char *title = pinion_sidebar_item_get_title (self);
  guint count = pinion_sidebar_item_get_count (self);

  if (self->kind == PINION_SIDEBAR_MORE)
    return g_strdup (_("More labels"));

  if (self->kind == PINION_SIDEBAR_SEARCH)
    /* Translators: the name of a search that was saved */
    return g_strdup_printf (_("%s, saved search"), title);

  if (count == 0)
    return g_strdup (title);

  if (self->kind == PINION_SIDEBAR_OUTBOX || self->view.kind == PINION_VIEW_SNOOZED ||
      pinion_sidebar_item_get_role (self) == PINION_ROLE_DRAFTS)
    return g_strdup_printf ("%s, %u", title, count);

  /* Translators: a mailbox or label and how many unread messages it has, as in "Inbox, 3 unread" */
  return g_strdup_printf (ngettext ("%s, %u unread", "%s, %u unread", count), title, count);
}

char *
pinion_sidebar_item_dup_accessible_name (PinionSidebarItem *self)
{
  g_autofree char *name = dup_name_and_count (self);

  if (self->kind == PINION_SIDEBAR_SECTION)
    /* Translators: the title over some labels in the sidebar, and whether they are shown */
    return g_strdup_printf (self->folded ? _("%s, section, folded") : _("%s, section"), name);

  if (self->foldable && self->folded)
    /* Translators: a label whose inner labels are not shown */
    return g_strdup_printf (_("%s, folded"), name);

  return g_steal_pointer (&name);
}

guint
pinion_sidebar_item_get_depth (PinionSidebarItem *self)
{
  return self->depth;
}

void
pinion_sidebar_item_set_depth (PinionSidebarItem *self,
                               guint              depth)
{
  if (self->depth == depth)
    return;

  self->depth = depth;
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
pinion_sidebar_item_get_section (PinionSidebarItem *self)
{
  return self->section;
}

const char *
pinion_sidebar_item_get_section_title (PinionSidebarItem *self)
{
  return self->section_title;
}

void
pinion_sidebar_item_set_section (PinionSidebarItem *self,
                                 guint              section,
                                 const char        *title)
{
  self->section = section;
  g_set_str (&self->section_title, title);
}

static guint
sum_hidden (PinionSidebarItem *self)
{
  guint sum = 0;

  for (guint i = 0; self->hidden != NULL && i < self->hidden->len; i++)
    sum += pinion_label_get_unread (self->hidden->pdata[i]);

  return sum;
}

void
pinion_sidebar_item_set_fold (PinionSidebarItem *self,
                              gboolean           foldable,
                              gboolean           folded,
                              GPtrArray         *hidden)
{
  guint before = self->n_hidden;
  gboolean changed = self->foldable != foldable || self->folded != folded;

  self->foldable = foldable;
  self->folded = folded;
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  if (hidden != NULL)
    self->hidden = g_ptr_array_ref (hidden);
  self->n_hidden = sum_hidden (self);

  if (changed || before != self->n_hidden)
    g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
pinion_sidebar_item_get_foldable (PinionSidebarItem *self)
{
  return self->foldable;
}

gboolean
pinion_sidebar_item_get_folded (PinionSidebarItem *self)
{
  return self->folded;
}

void
pinion_sidebar_item_count_hidden (PinionSidebarItem *self)
{
  guint sum = sum_hidden (self);

  if (self->n_hidden == sum)
    return;

  self->n_hidden = sum;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
pinion_sidebar_item_set_name (PinionSidebarItem *self,
                              const char        *name)
{
  if (g_set_str (&self->name, name))
    g_signal_emit (self, signals[CHANGED], 0);
}

void
pinion_sidebar_item_set_hint (PinionSidebarItem *self,
                              const char        *hint)
{
  if (g_set_str (&self->hint, hint))
    g_signal_emit (self, signals[CHANGED], 0);
}

const char *
pinion_sidebar_item_get_hint (PinionSidebarItem *self)
{
  return self->hint;
}
