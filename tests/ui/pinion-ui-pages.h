/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window on an engine of its own, worked by titles and labels as a person would find them. */

#pragma once

#include <adwaita.h>
#include <glib/gstdio.h>

#include "pinion-engine.h"

#define PATIENCE_SECONDS 20

typedef struct
{
  char *directory;
  PinionEngine *engine;
  GtkWindow *window;
} Fixture;

/* -- Finding -------------------------------------------------------------------------------- */

typedef gboolean (*Wanted) (GtkWidget  *widget,
                            const char *words);

static inline gboolean
is_entry (GtkWidget  *widget,
          const char *title)
{
  return ADW_IS_ENTRY_ROW (widget) &&
         g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title);
}

static inline gboolean
is_row (GtkWidget  *widget,
        const char *title)
{
  return ADW_IS_ACTION_ROW (widget) &&
         g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title);
}

static inline gboolean
is_button (GtkWidget  *widget,
           const char *label)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static inline gboolean
is_label (GtkWidget  *widget,
          const char *words)
{
  return GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), words);
}

/* The first shown widget in the order of the tree, without recursion. */
static inline GtkWidget *
find (Fixture    *fixture,
      Wanted      wanted,
      const char *words)
{
  g_autoptr (GQueue) queue = g_queue_new ();
  GtkWidget *widget;

  g_queue_push_tail (queue, fixture->window);
  while ((widget = g_queue_pop_head (queue)) != NULL)
    {
      if (wanted (widget, words))
        return widget;

      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        if (gtk_widget_get_child_visible (child) && gtk_widget_get_visible (child))
          g_queue_push_tail (queue, child);
    }

  return NULL;
}

static inline GtkWidget *
await (Fixture    *fixture,
       Wanted      wanted,
       const char *words)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  GtkWidget *widget;

  while ((widget = find (fixture, wanted, words)) == NULL && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);

  if (widget == NULL)
    g_error ("There is no “%s”", words);

  return widget;
}

static inline void
press (Fixture    *fixture,
       const char *label)
{
  g_signal_emit_by_name (await (fixture, is_button, label), "clicked");
}

static inline void
type (Fixture    *fixture,
      const char *title,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (await (fixture, is_entry, title)), text);
}

static inline void
assert_typed (Fixture    *fixture,
              const char *title,
              const char *text)
{
  GtkWidget *entry = await (fixture, is_entry, title);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, text);
}

/* -- Fixture -------------------------------------------------------------------------------- */

static inline DexFuture *
on_settled (DexFuture *future,
            gpointer   user_data)
{
  *(gboolean *) user_data = TRUE;

  return NULL;
}

static inline void
settle (DexFuture *future)
{
  gboolean settled = FALSE;
  DexFuture *watch = dex_future_finally (dex_ref (future), on_settled, &settled, NULL);

  while (!settled)
    g_main_context_iteration (NULL, TRUE);
  dex_unref (watch);
}

static inline void
fixture_open (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  DexFuture *opened;
  const GValue *value;

  fixture->directory = g_dir_make_tmp ("pinion-test-XXXXXX", &error);
  g_assert_no_error (error);

  opened = pinion_engine_open (fixture->directory);
  settle (opened);
  value = dex_future_get_value (opened, &error);
  g_assert_no_error (error);
  fixture->engine = g_value_dup_object (value);
  dex_unref (opened);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 720, 720);
}

static inline void
remove_directory (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_directory (child);
      else
        g_remove (child);
    }

  g_rmdir (path);
}

static inline void
fixture_close (Fixture *fixture)
{
  DexFuture *closed = pinion_engine_close (fixture->engine);

  settle (closed);
  dex_unref (closed);
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->engine);
  remove_directory (fixture->directory);
  g_free (fixture->directory);
}
