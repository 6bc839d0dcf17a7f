/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mail-actions.h"

#include "pinion-composer.h"

gboolean
pinion_mail_actions_shows (const char *name)
{
  return !g_str_equal (name, "archive-message") && !g_str_equal (name, "read-messages");
}

/* -- Acts ----------------------------------------------------------------------------------- */

/* What could not be done is told where the person looks for it. */
static DexFuture *
on_acted (DexFuture *future,
          gpointer   user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    return NULL;

  gtk_window_present (user_data);
  pinion_window_say_error (user_data, error);

  return NULL;
}

static void
act (PinionEngine *engine,
     PinionWindow *window,
     PinionAct     act,
     const gint64 *messages,
     gsize         n_messages)
{
  DexFuture *acted
    = pinion_engine_act_on_messages (engine, act, messages, (guint) n_messages, 0);

  dex_future_disown (dex_future_finally (acted, on_acted, g_object_ref (window), g_object_unref));
}

/* -- Answering ------------------------------------------------------------------------------ */

typedef struct
{
  PinionEngine *engine;
  PinionWindow *window;
} Answering;

static void
answering_free (gpointer data)
{
  Answering *answering = data;

  g_object_unref (answering->engine);
  g_object_unref (answering->window);
  g_free (answering);
}

static DexFuture *
on_prepared (DexFuture *future,
             gpointer   user_data)
{
  Answering *answering = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    pinion_composer_present (answering->engine, g_value_get_boxed (value),
                             GTK_WIDGET (answering->window));
  else
    pinion_window_say_error (answering->window, error);

  return NULL;
}

static void
answer (PinionEngine *engine,
        PinionWindow *window,
        gint64        message)
{
  DexFuture *prepared = pinion_engine_prepare_reply (engine, message, PINION_REPLY);
  Answering *answering = g_new0 (Answering, 1);

  answering->engine = g_object_ref (engine);
  answering->window = g_object_ref (window);
  dex_future_disown (dex_future_finally (prepared, on_prepared, answering, answering_free));
}

/* -- All of them ---------------------------------------------------------------------------- */

void
pinion_mail_actions_run (PinionEngine *engine,
                         PinionWindow *window,
                         const char   *name,
                         GVariant     *target)
{
  const gint64 *ids;
  gsize n_ids;
  gint64 id;

  g_return_if_fail (PINION_IS_ENGINE (engine));
  g_return_if_fail (PINION_IS_WINDOW (window));

  if (g_str_equal (name, "read-messages"))
    {
      ids = g_variant_get_fixed_array (target, &n_ids, sizeof (gint64));
      act (engine, window, PINION_ACT_READ, ids, n_ids);
      return;
    }

  id = g_variant_get_int64 (target);
  if (g_str_equal (name, "archive-message"))
    act (engine, window, PINION_ACT_ARCHIVE, &id, 1);
  else if (g_str_equal (name, "reply-message"))
    answer (engine, window, id);
  else if (g_str_equal (name, "open-inbox"))
    pinion_window_show_inbox (window, id);
  else
    pinion_window_show_message (window, id);
}
