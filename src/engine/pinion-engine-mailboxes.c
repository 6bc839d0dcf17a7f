/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the person decides of an account's mailbox: how far back it reaches, which label has which
 * role, and which are shown. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#define LET_GO_AT_ONCE 200

typedef struct
{
  PinionEngine *engine;
  gint64 account;
  gint64 label;
  PinionHistory history;
  gint64 start;
  PinionFolderRole role;
  gboolean hidden;
  guint n;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->engine);
  g_free (change);
}

static Change *
change_new (PinionEngine *self)
{
  Change *change = g_new0 (Change, 1);

  change->engine = g_object_ref (self);

  return change;
}

/* -- History -------------------------------------------------------------------------------- */

static DexFuture *
store_history (PinionStoreSession *session,
               gpointer            data)
{
  Change *change = data;
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, change->account);

  if (account == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such account");
  else
    pinion_store_history_set (session, account->id, change->history,
                              pinion_history_get_start (change->history,
                                                        g_get_real_time () / G_USEC_PER_SEC,
                                                        account->created));

  return dex_future_new_true ();
}

static DexFuture *
let_go (PinionStoreSession *session,
        gpointer            data)
{
  Change *change = data;

  change->n = pinion_store_history_let_go (session, change->account, LET_GO_AT_ONCE);

  return dex_future_new_true ();
}

/* The sync takes its settings when it begins: it begins anew, once what is outside is gone. */
static DexFuture *
history_fiber (gpointer data)
{
  Change *change = data;
  PinionEngine *self = change->engine;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (self->store, store_history, change, NULL), &error)
      || !pinion_await (pinion_engine_reload (self), &error))
    return dex_future_new_for_error (error);

  do
    {
      if (!pinion_await (pinion_store_write (self->store, let_go, change, NULL), &error))
        return dex_future_new_for_error (error);
    }
  while (change->n == LET_GO_AT_ONCE);

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_set_history (PinionEngine *self,
                           gint64        account,
                           PinionHistory history)
{
  Change *change = change_new (self);

  change->account = account;
  change->history = history;

  return pinion_fiber_spawn (NULL, 0, history_fiber, change, change_free);
}

/* -- Roles ---------------------------------------------------------------------------------- */

static PinionFolderRole
folder_role (PinionRole role)
{
  static const PinionFolderRole roles[] = {
    [PINION_ROLE_NONE] = PINION_FOLDER_ROLE_NONE,
    [PINION_ROLE_INBOX] = PINION_FOLDER_ROLE_INBOX,
    [PINION_ROLE_SENT] = PINION_FOLDER_ROLE_SENT,
    [PINION_ROLE_DRAFTS] = PINION_FOLDER_ROLE_DRAFTS,
    [PINION_ROLE_TRASH] = PINION_FOLDER_ROLE_TRASH,
    [PINION_ROLE_JUNK] = PINION_FOLDER_ROLE_JUNK,
    [PINION_ROLE_ARCHIVE] = PINION_FOLDER_ROLE_ARCHIVE,
  };

  return role < G_N_ELEMENTS (roles) ? roles[role] : PINION_FOLDER_ROLE_NONE;
}

static DexFuture *
store_role (PinionStoreSession *session,
            gpointer            data)
{
  Change *change = data;
  g_autoptr (PinionStoreFolder) holder
      = pinion_store_folder_get_by_role (session, change->account, change->role);
  g_autoptr (PinionStoreFolder) folder
      = change->label != 0 ? pinion_store_folder_get (session, change->label) : NULL;

  if (change->role == PINION_FOLDER_ROLE_NONE || change->role == PINION_FOLDER_ROLE_INBOX)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "this role is not for choosing");
  else if (change->label != 0 && (folder == NULL || folder->account_id != change->account))
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND,
                               "the account has no such label");
  else if (folder != NULL && (folder->role == PINION_FOLDER_ROLE_INBOX || !folder->selectable))
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "this label cannot have another role");
  else if (folder != NULL)
    pinion_store_folder_set_role (session, folder->id, change->role);
  else if (holder != NULL)
    pinion_store_folder_set_role (session, holder->id, PINION_FOLDER_ROLE_NONE);

  return dex_future_new_true ();
}

static DexFuture *
store_hidden (PinionStoreSession *session,
              gpointer            data)
{
  Change *change = data;
  g_autoptr (PinionStoreFolder) folder = pinion_store_folder_get (session, change->label);

  if (folder == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label");
  else if (change->hidden && folder->role != PINION_FOLDER_ROLE_NONE)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "a label with a role is always shown");
  else if (folder->hidden != change->hidden)
    pinion_store_folder_set_hidden (session, folder->id, change->hidden);

  return dex_future_new_true ();
}

typedef struct
{
  Change *change;
  PinionStoreFunc func;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  change_free (step->change);
  g_free (step);
}

/* The list of labels is true when this ends, and the syncs know what to look at. */
static DexFuture *
step_fiber (gpointer data)
{
  Step *step = data;
  PinionEngine *self = step->change->engine;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (self->store, step->func, step->change, NULL), &error)
      || !pinion_await (pinion_engine_reload (self), &error))
    return dex_future_new_for_error (error);

  pinion_engine_wake (self, step->change->account, PINION_SYNC_WAKE_SERVER);
  return dex_future_new_true ();
}

/* @change: (transfer full) */
static DexFuture *
run_step (Change         *change,
          PinionStoreFunc func)
{
  Step *step = g_new0 (Step, 1);

  step->change = change;
  step->func = func;

  return pinion_fiber_spawn (NULL, 0, step_fiber, step, step_free);
}

DexFuture *
pinion_engine_set_role (PinionEngine *self,
                        gint64        account,
                        PinionRole    role,
                        gint64        label)
{
  Change *change = change_new (self);

  change->account = account;
  change->role = folder_role (role);
  change->label = label;

  return run_step (change, store_role);
}

DexFuture *
pinion_engine_set_hidden (PinionEngine *self,
                          gint64        label,
                          gboolean      hidden)
{
  Change *change = change_new (self);

  change->label = label;
  change->hidden = hidden;

  return run_step (change, store_hidden);
}

/* -- A missing Archive ---------------------------------------------------------------------- */

static DexFuture *
create_role_fiber (gpointer data)
{
  Change *change = data;
  PinionEngine *self = change->engine;
  GError *error = NULL;

  if (change->role != PINION_FOLDER_ROLE_ARCHIVE
      || pinion_engine_find_role (self, change->account, PINION_ROLE_ARCHIVE) != NULL)
    return dex_future_new_for_error (
        pinion_error_new (PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                          "the account has such a label, or none is made"));

  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_engine_create_label (self, change->account, PINION_ARCHIVE_NAME), &error);
  if (done == NULL)
    return dex_future_new_for_error (error);

  PinionLabel *label = pinion_engine_find_path (self, change->account, PINION_ARCHIVE_NAME);
  if (label != NULL
      && !pinion_await (pinion_engine_set_role (self, change->account, PINION_ROLE_ARCHIVE,
                                                pinion_label_get_id (label)),
                        &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, g_steal_pointer (&done));
}

DexFuture *
pinion_engine_create_role (PinionEngine *self,
                           gint64        account,
                           PinionRole    role)
{
  Change *change = change_new (self);

  change->account = account;
  change->role = folder_role (role);

  return pinion_fiber_spawn (NULL, 0, create_role_fiber, change, change_free);
}
