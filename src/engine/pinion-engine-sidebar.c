/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar as people set it up. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-commands.h"

/* @section, @label, @account: what it is about, 0 where it is not.  @value: pinned, folded, an order
 * or a place. */
typedef struct
{
  PinionEngine *engine;
  PinionAct act;
  gint64 account;
  gint64 label;
  gint64 section;
  guint value;
  char *text;
  GArray *order;
} SidebarAct;

static void
sidebar_act_free (gpointer data)
{
  SidebarAct *act = data;

  g_object_unref (act->engine);
  g_free (act->text);
  g_clear_pointer (&act->order, g_array_unref);
  g_free (act);
}

static SidebarAct *
sidebar_act_new (PinionEngine *engine,
                 PinionAct     kind)
{
  SidebarAct *act = g_new0 (SidebarAct, 1);

  act->engine = g_object_ref (engine);
  act->act = kind;

  return act;
}

/* -- Doing ---------------------------------------------------------------------------------- */

static gint64
mark_read (PinionStoreSession *session,
           const SidebarAct   *act,
           PinionDone         *done)
{
  g_autoptr (GArray) messages = pinion_store_folder_get_unread (session, act->label,
                                                                &done->conversations);

  done->messages = messages->len;

  return pinion_store_command_set_flag (session, messages, PINION_FLAG_SEEN, TRUE);
}

static gint64
do_command (PinionStoreSession *session,
            const SidebarAct   *act,
            PinionDone         *done)
{
  switch ((int) act->act)
    {
    case PINION_ACT_READ:
      return mark_read (session, act, done);
    case PINION_ACT_PIN_LABEL:
    case PINION_ACT_UNPIN_LABEL:
      return pinion_store_command_pin (session, act->label, act->act == PINION_ACT_PIN_LABEL);
    case PINION_ACT_PIN_ALL:
      return pinion_store_command_pin_all (session, act->account, act->value != 0);
    case PINION_ACT_COLOUR_LABEL:
      return pinion_store_command_set_colour (session, act->label, act->text);
    case PINION_ACT_PLACE_LABEL:
      return pinion_store_command_place (session, act->label, act->section, act->order);
    case PINION_ACT_SORT_LABELS:
      return pinion_store_command_set_order (session, act->account,
                                             (PinionStoreLabelOrder) act->value);
    case PINION_ACT_CREATE_SECTION:
      return pinion_store_command_create_section (session, act->account, act->text, act->label,
                                                  NULL);
    case PINION_ACT_RENAME_SECTION:
      return pinion_store_command_rename_section (session, act->section, act->text);
    case PINION_ACT_REMOVE_SECTION:
      return pinion_store_command_remove_section (session, act->section);
    case PINION_ACT_MOVE_SECTION:
      return pinion_store_command_move_section (session, act->section, act->value);
    default:
      return 0;
    }
}

static DexFuture *
store_sidebar_act (PinionStoreSession *session,
                   gpointer            data)
{
  const SidebarAct *act = data;
  PinionDone *done = g_new0 (PinionDone, 1);

  done->act = act->act;
  done->group = do_command (session, act, done);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, done);
}

/* The lists of labels and sections are true when this ends. */
static DexFuture *
sidebar_act_fiber (gpointer data)
{
  SidebarAct *act = data;
  GError *error = NULL;
  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_store_write (act->engine->store, store_sidebar_act, act, NULL), &error);

  if (done == NULL || !pinion_await (pinion_engine_reload (act->engine), &error))
    return dex_future_new_for_error (error);

  pinion_engine_remember (act->engine, done);
  return dex_future_new_take_boxed (PINION_TYPE_DONE, g_steal_pointer (&done));
}

static DexFuture *
run (SidebarAct *act)
{
  return pinion_fiber_spawn (NULL, 0, sidebar_act_fiber, act, sidebar_act_free);
}

DexFuture *
pinion_engine_pin_label (PinionEngine *self,
                         gint64        label,
                         gboolean      pinned)
{
  SidebarAct *act = sidebar_act_new (self, pinned ? PINION_ACT_PIN_LABEL : PINION_ACT_UNPIN_LABEL);

  act->label = label;

  return run (act);
}

DexFuture *
pinion_engine_set_pin_all (PinionEngine *self,
                           gint64        account,
                           gboolean      pin_all)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_PIN_ALL);

  act->account = account;
  act->value = pin_all ? 1 : 0;

  return run (act);
}

DexFuture *
pinion_engine_set_label_colour (PinionEngine *self,
                                gint64        label,
                                const char   *colour)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_COLOUR_LABEL);

  act->label = label;
  act->text = g_strdup (colour);

  return run (act);
}

DexFuture *
pinion_engine_mark_label_read (PinionEngine *self,
                               gint64        label)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_READ);

  act->label = label;

  return run (act);
}

DexFuture *
pinion_engine_place_label (PinionEngine *self,
                           gint64        label,
                           gint64        section,
                           GArray       *order)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_PLACE_LABEL);

  act->label = label;
  act->section = section;
  act->order = g_array_ref (order);

  return run (act);
}

DexFuture *
pinion_engine_sort_labels (PinionEngine     *self,
                           gint64            account,
                           PinionLabelOrder  order)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_SORT_LABELS);

  act->account = account;
  act->value = order;

  return run (act);
}

DexFuture *
pinion_engine_create_section (PinionEngine *self,
                              gint64        account,
                              const char   *name,
                              gint64        label)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_CREATE_SECTION);

  act->account = account;
  act->label = label;
  act->text = g_strdup (name);

  return run (act);
}

DexFuture *
pinion_engine_rename_section (PinionEngine *self,
                              gint64        section,
                              const char   *name)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_RENAME_SECTION);

  act->section = section;
  act->text = g_strdup (name);

  return run (act);
}

DexFuture *
pinion_engine_remove_section (PinionEngine *self,
                              gint64        section)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_REMOVE_SECTION);

  act->section = section;

  return run (act);
}

DexFuture *
pinion_engine_move_section (PinionEngine *self,
                            gint64        section,
                            guint         position)
{
  SidebarAct *act = sidebar_act_new (self, PINION_ACT_MOVE_SECTION);

  act->section = section;
  act->value = position;

  return run (act);
}

/* -- Folding -------------------------------------------------------------------------------- */

static DexFuture *
store_fold (PinionStoreSession *session,
            gpointer            data)
{
  const SidebarAct *act = data;

  if (act->label != 0)
    pinion_store_folder_set_folded (session, act->label, act->value != 0);
  else
    pinion_store_section_set_folded (session, act->account, act->section, act->value != 0);

  return dex_future_new_true ();
}

static DexFuture *
fold_fiber (gpointer data)
{
  SidebarAct *act = data;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (act->engine->store, store_fold, act, NULL), &error)
      || !pinion_await (pinion_engine_reload (act->engine), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static DexFuture *
fold (PinionEngine *self,
      gint64        account,
      gint64        section,
      gint64        label,
      gboolean      folded)
{
  SidebarAct *act = sidebar_act_new (self, 0);

  act->account = account;
  act->section = section;
  act->label = label;
  act->value = folded ? 1 : 0;

  return pinion_fiber_spawn (NULL, 0, fold_fiber, act, sidebar_act_free);
}

DexFuture *
pinion_engine_fold_label (PinionEngine *self,
                          gint64        label,
                          gboolean      folded)
{
  return fold (self, 0, 0, label, folded);
}

DexFuture *
pinion_engine_fold_section (PinionEngine *self,
                            gint64        account,
                            gint64        section,
                            gboolean      folded)
{
  return fold (self, account, section, 0, folded);
}

GListModel *
pinion_engine_get_sections (PinionEngine *self)
{
  return G_LIST_MODEL (self->sections);
}

PinionSection *
pinion_engine_find_section (PinionEngine *self,
                            gint64        account,
                            gint64        section)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sections)); i++)
    {
      g_autoptr (PinionSection) known = g_list_model_get_item (G_LIST_MODEL (self->sections), i);

      if (pinion_section_get_account (known) == account
          && pinion_section_get_id (known) == section)
        return known; /* the list holds it */
    }

  return NULL;
}

void
pinion_engine_take_sections (PinionEngine *self,
                             GPtrArray    *sections)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same = sections->len == g_list_model_get_n_items (G_LIST_MODEL (self->sections));

  for (guint i = 0; i < sections->len; i++)
    {
      const PinionStoreSection *section = g_ptr_array_index (sections, i);
      PinionSection *known = pinion_engine_find_section (self, section->account_id, section->id);
      g_autoptr (PinionSection) there
          = g_list_model_get_item (G_LIST_MODEL (self->sections), i);

      same = same && known != NULL && known == there;
      if (known != NULL)
        pinion_section_update (known, section);
      g_ptr_array_add (items, known != NULL ? g_object_ref (known) : pinion_section_new (section));
    }

  if (!same)
    g_list_store_splice (self->sections, 0,
                         g_list_model_get_n_items (G_LIST_MODEL (self->sections)), items->pdata,
                         items->len);
}
