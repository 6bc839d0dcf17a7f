/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels put on conversations and taken off, several in one go, and moving to one: the actions of
 * the window. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-fiber.h"
#include "pinion-label-popover.h"

/* What a menu of labels was used for.  @create: (nullable) the path of a label that is not there
 * yet. With @move it is the only one of @added. */
typedef struct
{
  PinionWindow *window;
  GArray *conversations;
  PinionView view;
  gint64 account;
  gboolean move;
  GArray *added;
  GArray *removed;
  char *create;
} Labelling;

static void
labelling_free (gpointer data)
{
  Labelling *self = data;

  g_clear_object (&self->window);
  g_clear_pointer (&self->conversations, g_array_unref);
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->removed, g_array_unref);
  g_clear_pointer (&self->create, g_free);
  g_free (self);
}

/* -- Done ----------------------------------------------------------------------------------- */

static PinionLabel *
find_path (PinionEngine *engine,
           gint64        account,
           const char   *path)
{
  GListModel *labels = pinion_engine_get_labels (engine);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);

      if (pinion_label_get_account (label) == account &&
          g_str_equal (pinion_label_get_path (label), path))
        return label; /* the list holds it */
    }

  return NULL;
}

/* The label to be made joins those to be added.  Returns: its undo group, 0 with @error. */
static gint64
make_label (Labelling *self,
            GError   **error)
{
  PinionEngine *engine = self->window->engine;
  g_autofree PinionDone *done = pinion_await_boxed (
    pinion_engine_create_label (engine, self->account, self->create), error);
  PinionLabel *label = done != NULL ? find_path (engine, self->account, self->create) : NULL;
  gint64 id = label != NULL ? pinion_label_get_id (label) : 0;

  if (id != 0)
    g_array_append_val (self->added, id);

  return done != NULL ? done->group : 0;
}

/* The title of the only label it is about. */
static char *
dup_title (Labelling *self)
{
  GArray *only = self->added->len > 0 ? self->added : self->removed;
  PinionLabel *label;

  if (self->added->len + self->removed->len != 1)
    return NULL;

  label = pinion_engine_find_label (self->window->engine, g_array_index (only, gint64, 0));

  return label != NULL ? g_strdup (pinion_label_get_title (label)) : NULL;
}

static DexFuture *
change (Labelling *self)
{
  PinionEngine *engine = self->window->engine;
  const gint64 *ids = (const gint64 *) (gpointer) self->conversations->data;

  if (self->move)
    return pinion_engine_act (engine, PINION_ACT_MOVE, ids, self->conversations->len, &self->view,
                              g_array_index (self->added, gint64, 0));

  return pinion_engine_change_labels (engine, ids, self->conversations->len, &self->view,
                                      self->added, self->removed);
}

/* Returns: (transfer full) (nullable) */
static PinionConversationList *
foretell (Labelling *self)
{
  const gint64 *ids = (const gint64 *) (gpointer) self->conversations->data;
  gint64 label = self->view.kind == PINION_VIEW_LABEL ? self->view.label : 0;

  for (guint i = 0; i < self->removed->len; i++)
    if (g_array_index (self->removed, gint64, i) == label)
      return pinion_list_pane_foretell (self->window->list_pane, PINION_ACT_REMOVE_LABEL, ids,
                                        self->conversations->len, &self->view, label);

  return self->move ? pinion_list_pane_foretell (self->window->list_pane, PINION_ACT_MOVE, ids,
                                                 self->conversations->len, &self->view, 0)
                    : NULL;
}

static DexFuture *
label_fiber (gpointer data)
{
  Labelling *self = data;
  PinionWindow *window = self->window;
  g_autoptr (GError) error = NULL;
  g_autofree PinionDone *done = NULL;
  g_autofree char *title = NULL;
  g_autoptr (PinionConversationList) list = NULL;
  gint64 made = self->create != NULL ? make_label (self, &error) : 0;

  if (error == NULL && self->added->len + self->removed->len > 0)
    {
      title = dup_title (self);
      list = foretell (self);
      done = pinion_await_boxed (change (self), &error);
      if (list != NULL)
        pinion_conversation_list_settle (list,
                                         (const gint64 *) (gpointer) self->conversations->data,
                                         self->conversations->len);
    }

  if (window->undo == NULL)
    return NULL;

  if (error != NULL)
    pinion_undo_toasts_say_error (window->undo, error);
  else if (done != NULL)
    {
      pinion_undo_toasts_add (window->undo, done, title);
      if (made != 0)
        pinion_undo_toasts_join (window->undo, made);
    }

  return NULL;
}

/* @self: (transfer full) */
static void
run (Labelling *self)
{
  dex_future_disown (pinion_fiber_spawn (NULL, 0, label_fiber, self, labelling_free));
}

/* What is selected now: the menu hid nothing of it. */
static Labelling *
labelling_new (PinionWindow *window,
               gint64        account)
{
  Labelling *self = g_new0 (Labelling, 1);

  self->window = g_object_ref (window);
  self->conversations = pinion_list_pane_dup_selected (window->list_pane);
  self->view = *pinion_list_pane_get_view (window->list_pane);
  self->account = account;
  self->added = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->removed = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

/* -- The menu ------------------------------------------------------------------------------- */

static void
on_applied (PinionWindow       *self,
            GArray             *added,
            GArray             *removed,
            const char         *create,
            PinionLabelPopover *popover)
{
  Labelling *labelling = labelling_new (self, pinion_label_popover_get_account (popover));

  g_array_append_vals (labelling->added, added->data, added->len);
  g_array_append_vals (labelling->removed, removed->data, removed->len);
  labelling->create = g_strdup (create);
  run (labelling);
}

static void
on_created (PinionWindow       *self,
            const char         *path,
            PinionLabelPopover *popover)
{
  Labelling *labelling = labelling_new (self, pinion_label_popover_get_account (popover));

  labelling->move = TRUE;
  labelling->create = g_strdup (path);
  run (labelling);
}

static void
on_label_to_move (PinionWindow *self,
                  PinionLabel  *label)
{
  g_autoptr (GArray) ids = pinion_list_pane_dup_selected (self->list_pane);

  pinion_window_act (self, PINION_ACT_MOVE, (const gint64 *) (gpointer) ids->data, ids->len,
                     pinion_list_pane_get_view (self->list_pane), pinion_label_get_id (label));
}

static void
count_labels (PinionConversation *conversation,
              GHashTable         *carried)
{
  guint n_labels = 0;
  const gint64 *labels = pinion_conversation_get_labels (conversation, &n_labels);

  for (guint i = 0; i < n_labels; i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (carried, &labels[i]));

      g_hash_table_insert (carried, g_memdup2 (&labels[i], sizeof (gint64)),
                           GUINT_TO_POINTER (n + 1));
    }
}

/* @user_data: a GWeakRef of the menu. */
static DexFuture *
on_counted (DexFuture *future,
            gpointer   user_data)
{
  g_autoptr (PinionLabelPopover) popover = g_weak_ref_get (user_data);
  const GValue *value = dex_future_get_value (future, NULL);

  if (popover != NULL && value != NULL)
    pinion_label_popover_set_carried (popover, g_value_get_boxed (value));

  return NULL;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Of many, not all were looked at: the menu is open before the store has counted. */
static void
count_all (PinionWindow *self,
           GArray       *ids,
           GtkWidget    *popover)
{
  GWeakRef *menu = g_new0 (GWeakRef, 1);

  g_weak_ref_init (menu, popover);
  dex_future_disown (dex_future_finally (
    pinion_engine_count_labels (self->engine, (const gint64 *) (gpointer) ids->data, ids->len),
    on_counted, menu, weak_ref_free));
}

static void
open_labels (PinionWindow     *self,
             PinionPickPurpose purpose)
{
  g_autoptr (GArray) ids = pinion_list_pane_dup_selected (self->list_pane);
  g_autoptr (GPtrArray) items = pinion_list_pane_dup_selected_items (self->list_pane);
  g_autoptr (PinionDragged) selected = pinion_list_pane_make_dragged (self->list_pane, ids);
  g_autoptr (GHashTable) carried =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GtkWidget *popover;

  if (selected->account == 0)
    {
      pinion_undo_toasts_say (self->undo, _("Labels belong to one account: "
                                            "select conversations of one account"));
      return;
    }

  for (guint i = 0; i < items->len; i++)
    count_labels (items->pdata[i], carried);

  popover = pinion_label_popover_new (self->engine, selected->account, purpose, carried, ids->len);
  g_signal_connect_object (popover, "chosen", G_CALLBACK (on_label_to_move), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "applied", G_CALLBACK (on_applied), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "created", G_CALLBACK (on_created), self, G_CONNECT_SWAPPED);
  if (purpose == PINION_PICK_TO_ADD && ids->len > items->len)
    count_all (self, ids, popover);
  pinion_window_present_at_selection (self, GTK_POPOVER (popover));
}

static void
on_add_label (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  open_labels (user_data, PINION_PICK_TO_ADD);
}

static void
on_move (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  open_labels (user_data, PINION_PICK_TO_MOVE);
}

void
pinion_window_add_labelling (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "add-label", on_add_label },
    { "move", on_move },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
