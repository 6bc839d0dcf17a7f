/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar as people set it up. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-commands.h"

/* @section, @label, @account: what it is about, 0 where it is not.  @value: pinned, an order or a
 * place. */
typedef struct
{
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

  g_free (act->text);
  g_clear_pointer (&act->order, g_array_unref);
  g_free (act);
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
            gconstpointer       data,
            PinionDone         *done)
{
  const SidebarAct *act = data;

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

/* @act: what is in it becomes the run's. */
static DexFuture *
run (PinionEngine *self,
     SidebarAct    act)
{
  return pinion_engine_arrange (self, act.act, do_command, g_memdup2 (&act, sizeof act),
                                sidebar_act_free);
}

DexFuture *
pinion_engine_pin_label (PinionEngine *self,
                         gint64        label,
                         gboolean      pinned)
{
  PinionAct act = pinned ? PINION_ACT_PIN_LABEL : PINION_ACT_UNPIN_LABEL;

  return run (self, (SidebarAct) { .act = act, .label = label });
}

DexFuture *
pinion_engine_set_pin_all (PinionEngine *self,
                           gint64        account,
                           gboolean      pin_all)
{
  return run (self, (SidebarAct) {
                      .act = PINION_ACT_PIN_ALL, .account = account, .value = pin_all ? 1 : 0 });
}

DexFuture *
pinion_engine_set_label_colour (PinionEngine *self,
                                gint64        label,
                                const char   *colour)
{
  return run (self, (SidebarAct) {
                      .act = PINION_ACT_COLOUR_LABEL, .label = label, .text = g_strdup (colour) });
}

DexFuture *
pinion_engine_mark_label_read (PinionEngine *self,
                               gint64        label)
{
  return run (self, (SidebarAct) { .act = PINION_ACT_READ, .label = label });
}

DexFuture *
pinion_engine_place_label (PinionEngine *self,
                           gint64        label,
                           gint64        section,
                           GArray       *order)
{
  return run (self, (SidebarAct) { .act = PINION_ACT_PLACE_LABEL,
                                   .label = label,
                                   .section = section,
                                   .order = g_array_ref (order) });
}

DexFuture *
pinion_engine_sort_labels (PinionEngine     *self,
                           gint64            account,
                           PinionLabelOrder  order)
{
  return run (self, (SidebarAct) {
                      .act = PINION_ACT_SORT_LABELS, .account = account, .value = order });
}

DexFuture *
pinion_engine_create_section (PinionEngine *self,
                              gint64        account,
                              const char   *name,
                              gint64        label)
{
  return run (self, (SidebarAct) { .act = PINION_ACT_CREATE_SECTION,
                                   .account = account,
                                   .label = label,
                                   .text = g_strdup (name) });
}

DexFuture *
pinion_engine_rename_section (PinionEngine *self,
                              gint64        section,
                              const char   *name)
{
  return run (self, (SidebarAct) { .act = PINION_ACT_RENAME_SECTION,
                                   .section = section,
                                   .text = g_strdup (name) });
}

DexFuture *
pinion_engine_remove_section (PinionEngine *self,
                              gint64        section)
{
  return run (self, (SidebarAct) { .act = PINION_ACT_REMOVE_SECTION, .section = section });
}

DexFuture *
pinion_engine_move_section (PinionEngine *self,
                            gint64        section,
                            guint         position)
{
  return run (self, (SidebarAct) {
                      .act = PINION_ACT_MOVE_SECTION, .section = section, .value = position });
}

/* -- Folding -------------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  gint64 account;
  gint64 label;
  gint64 section;
  gboolean folded;
} Fold;

static void
fold_free (gpointer data)
{
  Fold *self = data;

  g_object_unref (self->engine);
  g_free (self);
}

static DexFuture *
store_fold (PinionStoreSession *session,
            gpointer            data)
{
  const Fold *self = data;

  if (self->label != 0)
    pinion_store_folder_set_folded (session, self->label, self->folded);
  else
    pinion_store_section_set_folded (session, self->account, self->section, self->folded);

  return dex_future_new_true ();
}

static DexFuture *
fold_fiber (gpointer data)
{
  Fold *self = data;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (self->engine->store, store_fold, self, NULL), &error)
      || !pinion_await (pinion_engine_reload (self->engine), &error))
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
  Fold *data = g_new (Fold, 1);

  *data = (Fold) { g_object_ref (self), account, label, section, folded };

  return pinion_fiber_spawn (NULL, 0, fold_fiber, data, fold_free);
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
