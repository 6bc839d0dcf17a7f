/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels made, renamed and deleted. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-imap-mailbox.h"
#include "pinion-store-labels.h"

#include <string.h>

/* Deeper than any server goes. */
#define MOST_LEVELS 64

/* Exchange allows some 250 characters a name. */
#define LONGEST_NAME 240

typedef struct
{
  PinionEngine *engine;
  PinionAct act;
  gint64 account;
  gint64 label;
  char *path;
  PinionFolderRole mail;
} LabelAct;

static void
label_act_free (gpointer data)
{
  LabelAct *act = data;

  g_object_unref (act->engine);
  g_free (act->path);
  g_free (act);
}

/* -- Names ---------------------------------------------------------------------------------- */

static gboolean
is_same_path (const char *a,
              const char *b)
{
  g_autofree char *one = g_utf8_casefold (a, -1);
  g_autofree char *two = g_utf8_casefold (b, -1);

  return strcmp (one, two) == 0;
}

/* The server's own bytes where there is such a label: they are never encoded again. */
static GBytes *
find_raw_name (GPtrArray  *folders,
               const char *path)
{
  for (guint i = 0; i < folders->len; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);

      if (is_same_path (folder->path, path))
        return g_bytes_ref (folder->name);
    }

  return NULL;
}

static char
find_delimiter (GPtrArray *folders)
{
  for (guint i = 0; i < folders->len; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);

      if (folder->delimiter != 0)
        return folder->delimiter;
    }

  return '/';
}

static GBytes *
make_raw_name (GBytes     *parent,
               char        delimiter,
               const char *name)
{
  g_autofree char *parent_name = NULL;

  if (*name == '\0' || g_utf8_strlen (name, -1) > LONGEST_NAME)
    return NULL;

  if (parent != NULL)
    {
      gsize length;
      const char *data = g_bytes_get_data (parent, &length);
      parent_name = g_strndup (data, length);
    }

  char *raw = pinion_imap_mailbox_make_raw_name (parent_name, delimiter, name);
  return raw != NULL ? g_bytes_new_take (raw, strlen (raw)) : NULL;
}

typedef struct
{
  GBytes *raw_name;
  char *path;
} Level;

static void
level_clear (gpointer data)
{
  Level *level = data;

  g_clear_pointer (&level->raw_name, g_bytes_unref);
  g_free (level->path);
}

/* The levels of @path, from the top; %NULL: it is no name.  The last one is named as it is typed. */
static GArray *
make_levels (GPtrArray  *folders,
             const char *path,
             char        delimiter)
{
  g_auto (GStrv) names = g_strsplit (path, "/", MOST_LEVELS + 1);
  g_autoptr (GArray) levels = g_array_new (FALSE, TRUE, sizeof (Level));
  guint n = g_strv_length (names);
  GBytes *parent = NULL;

  g_array_set_clear_func (levels, level_clear);
  for (guint i = 0; i < n && n <= MOST_LEVELS; i++)
    {
      const char *above = i > 0 ? g_array_index (levels, Level, i - 1).path : NULL;
      Level level = { .path = above != NULL ? g_strconcat (above, "/", names[i], NULL)
                                            : g_strdup (names[i]) };

      if (i + 1 < n)
        level.raw_name = find_raw_name (folders, level.path);
      if (level.raw_name == NULL)
        level.raw_name = make_raw_name (parent, delimiter, names[i]);
      parent = level.raw_name;
      g_array_append_val (levels, level);
      if (parent == NULL)
        return NULL;
    }

  return n > 0 && n <= MOST_LEVELS ? g_steal_pointer (&levels) : NULL;
}

/* -- Doing ---------------------------------------------------------------------------------- */

static gint64
act_with_name (PinionStoreSession *session,
               const LabelAct     *act,
               gint64              account)
{
  g_autoptr (GPtrArray) folders = pinion_store_folders_list_all (session, account);
  char delimiter = find_delimiter (folders);
  g_autoptr (GArray) levels = make_levels (folders, act->path, delimiter);
  g_autofree PinionStoreLevel *borrowed = NULL;

  if (levels == NULL)
    {
      pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                 "this cannot be the name of a label");
      return 0;
    }

  borrowed = g_new0 (PinionStoreLevel, levels->len);
  for (guint i = 0; i < levels->len; i++)
    {
      const Level *level = &g_array_index (levels, Level, i);
      borrowed[i] = (PinionStoreLevel){ level->raw_name, level->path };
    }

  if (act->act == PINION_ACT_CREATE_LABEL)
    return pinion_store_command_create_label (session, account, delimiter, borrowed, levels->len,
                                              NULL);

  return pinion_store_command_rename_label (session, act->label, borrowed, levels->len);
}

static gint64
find_account (PinionStoreSession *session,
              const LabelAct     *act)
{
  if (act->act == PINION_ACT_CREATE_LABEL)
    {
      g_autoptr (PinionAccount) account = pinion_store_account_get (session, act->account);
      return account != NULL ? account->id : 0;
    }

  g_autoptr (PinionStoreFolder) folder = pinion_store_folder_get (session, act->label);
  return folder != NULL ? folder->account_id : 0;
}

static DexFuture *
store_label_act (PinionStoreSession *session,
                 gpointer            data)
{
  LabelAct *act = data;
  PinionDone *done = g_new0 (PinionDone, 1);
  gint64 account = find_account (session, act);

  done->act = act->act;
  if (account == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label or account");
  else if (act->act == PINION_ACT_DELETE_LABEL)
    done->group = pinion_store_command_delete_label (session, act->label, act->mail);
  else
    done->group = act_with_name (session, act, account);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, done);
}

/* The list of labels is true when this ends. */
static DexFuture *
label_act_fiber (gpointer data)
{
  LabelAct *act = data;
  GError *error = NULL;
  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_store_write (act->engine->store, store_label_act, act, NULL), &error);

  if (done == NULL || !pinion_await (pinion_engine_reload (act->engine), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, g_steal_pointer (&done));
}

static DexFuture *
run_label_act (PinionEngine *self,
               PinionAct     kind,
               gint64        account,
               gint64        label,
               const char   *path)
{
  LabelAct *act = g_new0 (LabelAct, 1);

  act->engine = g_object_ref (self);
  act->act = kind;
  act->account = account;
  act->label = label;
  act->path = g_strdup (path);

  return pinion_fiber_spawn (NULL, 0, label_act_fiber, act, label_act_free);
}

DexFuture *
pinion_engine_create_label (PinionEngine *self,
                            gint64        account,
                            const char   *path)
{
  return run_label_act (self, PINION_ACT_CREATE_LABEL, account, 0, path);
}

DexFuture *
pinion_engine_rename_label (PinionEngine *self,
                            gint64        label,
                            const char   *path)
{
  return run_label_act (self, PINION_ACT_RENAME_LABEL, 0, label, path);
}

DexFuture *
pinion_engine_delete_label (PinionEngine *self,
                            gint64        label,
                            PinionRole    mail)
{
  LabelAct *act = g_new0 (LabelAct, 1);

  act->engine = g_object_ref (self);
  act->act = PINION_ACT_DELETE_LABEL;
  act->label = label;
  act->mail = mail == PINION_ROLE_TRASH ? PINION_FOLDER_ROLE_TRASH : PINION_FOLDER_ROLE_ARCHIVE;

  return pinion_fiber_spawn (NULL, 0, label_act_fiber, act, label_act_free);
}
