/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
/* -- Keeping -------------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  PinionAccount *account;
  PinionSecret *secret;
  gboolean keep_secret;
  gint64 id;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_object_unref (keeping->engine);
  g_clear_pointer (&keeping->account, pinion_account_free);
  g_clear_pointer (&keeping->secret, pinion_secret_unref);
  g_free (keeping);
}

static DexFuture *
store_account (PinionStoreSession *session,
               gpointer            data)
{
  Keeping *keeping = data;
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *other = g_ptr_array_index (accounts, i);

      if (g_ascii_strcasecmp (other->email, keeping->account->email) == 0
          && g_ascii_strcasecmp (other->imap.host, keeping->account->imap.host) == 0
          && other->imap.port == keeping->account->imap.port
          && g_strcmp0 (other->imap.user, keeping->account->imap.user) == 0)
        {
          pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                     "this account is here already");
          return dex_future_new_true ();
        }
    }

  keeping->account->created = g_get_real_time () / G_USEC_PER_SEC;
  keeping->id = pinion_store_account_add (session, keeping->account);

  return dex_future_new_true ();
}

static DexFuture *
add_fiber (gpointer data)
{
  Keeping *keeping = data;
  PinionEngine *self = keeping->engine;
  GError *error = NULL;

  if (keeping->keep_secret)
    {
      g_autofree char *label = g_strdup_printf ("Pinion: %s", keeping->account->email);

      if (!pinion_await (pinion_secret_store (keeping->account->uuid, label, keeping->secret),
                         &error))
        return dex_future_new_for_error (error);
    }

  if (!pinion_await (pinion_store_write (self->store, store_account, keeping, NULL), &error))
    {
      if (keeping->keep_secret)
        pinion_await (pinion_secret_clear (keeping->account->uuid), NULL);
      return dex_future_new_for_error (error);
    }

  gboolean running = self->running;
  self->running = FALSE;
  gboolean loaded = pinion_await (pinion_engine_reload (self), &error);
  self->running = running;
  if (!loaded)
    return dex_future_new_for_error (error);

  PinionAccountItem *item = pinion_engine_find_account (self, keeping->id);
  if (item != NULL && keeping->secret != NULL)
    pinion_account_item_set_secret (item, keeping->secret);
  if (item != NULL && keeping->keep_secret)
    pinion_account_item_note_kept (item);
  if (item != NULL && running)
    pinion_account_item_start (item);

  return dex_future_new_for_int64 (keeping->id);
}

DexFuture *
pinion_engine_add_account (PinionEngine        *self,
                           const PinionAccount *account,
                           PinionSecret        *secret,
                           gboolean             keep_secret)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->engine = g_object_ref (self);
  keeping->account = pinion_account_copy (account);
  keeping->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  keeping->keep_secret = keep_secret && pinion_account_needs_password (account);

  return pinion_fiber_spawn (NULL, 0, add_fiber, keeping, keeping_free);
}

static DexFuture *
remove_account (PinionStoreSession *session,
                gpointer            data)
{
  Keeping *keeping = data;

  pinion_store_account_remove (session, keeping->id);

  return dex_future_new_true ();
}

/* An index keeps words of what has left it; it is made anew of what the others have. */
static void
forget_words (PinionEngine *self)
{
  g_autoptr (GPtrArray) left = NULL;

  if (!pinion_store_search_discard (self->search))
    return;

  left = pinion_await_boxed (pinion_store_search_next (self->search, 1, FALSE), NULL);
  if (self->running)
    pinion_engine_index_changed (self);
}

static DexFuture *
remove_fiber (gpointer data)
{
  Keeping *keeping = data;
  PinionEngine *self = keeping->engine;
  PinionAccountItem *item = pinion_engine_find_account (self, keeping->id);
  GError *error = NULL;

  if (item == NULL)
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                       PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                       "there is no such account"));

  g_autofree char *uuid = g_strdup (pinion_account_item_get_account (item)->uuid);

  pinion_await (pinion_account_item_stop (item), NULL);
  if (!pinion_await (pinion_store_write (self->store, remove_account, keeping, NULL), &error))
    return dex_future_new_for_error (error);

  /* Without a keyring there is nothing in it either. */
  pinion_await (pinion_secret_clear (uuid), NULL);
  forget_words (self);
  pinion_await (pinion_engine_sweep_draft_files (self, 0), NULL);

  return pinion_engine_reload (self);
}

DexFuture *
pinion_engine_remove_account (PinionEngine *self,
                              gint64        account)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->engine = g_object_ref (self);
  keeping->id = account;

  return pinion_fiber_spawn (NULL, 0, remove_fiber, keeping, keeping_free);
}
