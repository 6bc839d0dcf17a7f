/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-application.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-assistant.h"
#include "pinion-composer.h"
#include "pinion-config.h"
#include "pinion-engine.h"
#include "pinion-mail-actions.h"
#include "pinion-mail-notifier.h"
#include "pinion-mailto.h"
#include "pinion-preferences.h"
#include "pinion-problem-notifier.h"
#include "pinion-shortcuts.h"
#include "pinion-window.h"

struct _PinionApplication
{
  AdwApplication parent_instance;

  char *directory;
  GSettings *settings;
  PinionEngine *engine;
  PinionProblemNotifier *notifier;
  PinionMailNotifier *mail_notifier;
  GError *failure;
  gboolean opening;
  gboolean closing;
  GPtrArray *drafts; /* asked for before the engine was there, as the next one */
  char *mail_action;
  GVariant *mail_target;
};

G_DEFINE_FINAL_TYPE (PinionApplication, pinion_application, ADW_TYPE_APPLICATION)

/* -- Windows -------------------------------------------------------------------------------- */

static PinionWindow *
find_window (PinionApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL;
       link = link->next)
    if (PINION_IS_WINDOW (link->data))
      return link->data;

  return NULL;
}

static void
show_drafts (PinionApplication *self,
             PinionWindow      *window)
{
  gboolean has_account = g_list_model_get_n_items (pinion_engine_get_accounts (self->engine)) > 0;

  for (guint i = 0; has_account && i < self->drafts->len; i++)
    pinion_composer_present (self->engine, self->drafts->pdata[i], GTK_WIDGET (window));

  g_ptr_array_set_size (self->drafts, 0);
}

/* What a notification asked for, of a program that had ended. */
static void
run_mail_action (PinionApplication *self,
                 PinionWindow      *window)
{
  if (self->mail_action != NULL)
    pinion_mail_actions_run (self->engine, window, self->mail_action, self->mail_target);

  g_clear_pointer (&self->mail_action, g_free);
  g_clear_pointer (&self->mail_target, g_variant_unref);
}

static void
fill_window (PinionApplication *self,
             PinionWindow      *window)
{
  if (self->engine != NULL)
    {
      pinion_window_set_engine (window, self->engine);
      show_drafts (self, window);
      run_mail_action (self, window);
    }
  else if (self->failure != NULL)
    {
      pinion_window_show_failure (window, self->failure);
    }
}

static PinionWindow *
present_window (PinionApplication *self)
{
  PinionWindow *window = find_window (self);

  if (window == NULL)
    {
      window = pinion_window_new (GTK_APPLICATION (self));
      fill_window (self, window);
    }
  else
    {
      gtk_window_present (GTK_WINDOW (window));
    }

  return window;
}

/* -- The engine ----------------------------------------------------------------------------- */

static void
on_cost_changed (PinionApplication *self)
{
  if (self->engine != NULL)
    pinion_engine_set_full_on_metered (self->engine,
                                       g_settings_get_boolean (self->settings, "full-on-metered"));
}

static void
follow_cost (PinionApplication *self)
{
  g_signal_connect_object (self->settings, "changed::full-on-metered",
                           G_CALLBACK (on_cost_changed), self, G_CONNECT_SWAPPED);
  on_cost_changed (self);
}

static gboolean
on_window_made (gpointer user_data)
{
  PinionApplication *self = user_data;
  PinionWindow *window = find_window (self);

  if (window != NULL)
    fill_window (self, window);

  g_application_release (G_APPLICATION (self));

  return G_SOURCE_REMOVE;
}

static DexFuture *
on_opened (DexFuture *future,
           gpointer   user_data)
{
  PinionApplication *self = user_data;
  const GValue *value = dex_future_get_value (future, &self->failure);

  self->opening = FALSE;

  if (value != NULL)
    {
      self->engine = g_value_dup_object (value);
      follow_cost (self);
      self->notifier = pinion_problem_notifier_new (G_APPLICATION (self), self->engine);
      self->mail_notifier = pinion_mail_notifier_new (GTK_APPLICATION (self), self->engine);
      pinion_engine_start (self->engine);
    }

  /* One that is not there yet is filled when it comes. */
  if (find_window (self) != NULL)
    g_idle_add_full (PINION_WINDOW_MADE, on_window_made, g_object_ref (self), g_object_unref);
  else
    g_application_release (G_APPLICATION (self));

  return NULL;
}

static void
open_engine (PinionApplication *self)
{
  g_autofree char *directory = NULL;

  if (self->engine != NULL || self->opening)
    return;

  directory = self->directory != NULL ? g_strdup (self->directory)
                                      : pinion_engine_dup_default_directory ();
  g_clear_error (&self->failure);
  self->opening = TRUE;
  g_application_hold (G_APPLICATION (self));
  dex_future_disown (dex_future_finally (pinion_engine_open (directory), on_opened,
                                         g_object_ref (self), g_object_unref));
}

static DexFuture *
on_closed (DexFuture *future,
           gpointer   user_data)
{
  PinionApplication *self = user_data;

  g_clear_object (&self->notifier);
  g_clear_object (&self->engine);
  self->closing = FALSE;
  g_application_release (G_APPLICATION (self));

  return NULL;
}

/* The last window is gone: what is being written is finished first. */
static void
close_engine (PinionApplication *self)
{
  if (self->engine == NULL || self->closing)
    return;

  self->closing = TRUE;
  pinion_mail_notifier_stop (self->mail_notifier);
  g_clear_object (&self->mail_notifier);
  g_application_hold (G_APPLICATION (self));
  dex_future_disown (dex_future_finally (pinion_engine_close (self->engine), on_closed,
                                         g_object_ref (self), g_object_unref));
}

static void
pinion_application_window_removed (GtkApplication *application,
                                   GtkWindow      *window)
{
  PinionApplication *self = PINION_APPLICATION (application);

  GList *windows = gtk_application_get_windows (application);

  /* Held first: without a window and a hold the program would end at once.  A message may still be
   * written in a window of its own. */
  if (windows != NULL && windows->data == window && windows->next == NULL)
    close_engine (self);

  GTK_APPLICATION_CLASS (pinion_application_parent_class)->window_removed (application, window);
}

/* -- Asked for ------------------------------------------------------------------------------ */

static gboolean
on_first_turn (gpointer user_data)
{
  present_window (user_data);
  g_application_release (user_data);

  return G_SOURCE_REMOVE;
}

/* The start has had its turn of the main loop: the window takes the next ones. */
static void
present_soon (PinionApplication *self)
{
  g_application_hold (G_APPLICATION (self));
  g_idle_add_full (G_PRIORITY_DEFAULT, on_first_turn, g_object_ref (self), g_object_unref);
}

static void
pinion_application_activate (GApplication *application)
{
  PinionApplication *self = PINION_APPLICATION (application);

  open_engine (self);
  present_soon (self);
}

static void
pinion_application_open (GApplication *application,
                         GFile       **files,
                         int           n_files,
                         const char   *hint)
{
  PinionApplication *self = PINION_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);
      PinionDraft *draft = pinion_mailto_parse (uri);

      if (draft != NULL)
        g_ptr_array_add (self->drafts, draft);
    }

  open_engine (self);
  if (self->engine != NULL)
    show_drafts (self, present_window (self));
  else
    present_soon (self);
}

static int
pinion_application_handle_local_options (GApplication *application,
                                         GVariantDict *options)
{
  PinionApplication *self = PINION_APPLICATION (application);
  const char *directory = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Pinion %s\n", PINION_VERSION);
      return 0;
    }

  /* Another folder is another mailbox: not the running program's business */
  if (g_variant_dict_lookup (options, "data", "^&ay", &directory))
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (directory);

      self->directory = g_file_get_path (file);
      g_application_set_flags (application,
                               g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    }

  return -1;
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
on_preferences (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  PinionApplication *self = user_data;

  if (self->engine != NULL)
    adw_dialog_present (pinion_preferences_new (self->engine),
                        GTK_WIDGET (present_window (self)));
}

/* Whatever else is open in the window stays beneath. */
static void
on_solve (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  PinionApplication *self = user_data;
  PinionWindow *window;
  AdwDialog *open;

  if (self->engine == NULL)
    return;

  window = present_window (self);
  open = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
  if (!PINION_IS_PREFERENCES (open))
    {
      open = pinion_preferences_new (self->engine);
      adw_dialog_present (open, GTK_WIDGET (window));
    }
  pinion_preferences_show_servers (PINION_PREFERENCES (open), g_variant_get_int64 (parameter));
}

static void
on_account (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  PinionApplication *self = user_data;
  AdwDialog *preferences;

  if (self->engine == NULL)
    return;

  preferences = pinion_preferences_new (self->engine);
  adw_dialog_present (preferences, GTK_WIDGET (present_window (self)));
  pinion_preferences_show_account (PINION_PREFERENCES (preferences),
                                   g_variant_get_int64 (parameter));
}

static void
on_mail_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  PinionApplication *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  PinionWindow *window = find_window (self);

  if (self->closing)
    return;

  if (self->engine != NULL && window != NULL && !pinion_mail_actions_shows (name))
    {
      pinion_mail_actions_run (self->engine, window, name, parameter);
      return;
    }

  g_set_str (&self->mail_action, name);
  g_clear_pointer (&self->mail_target, g_variant_unref);
  self->mail_target = g_variant_ref (parameter);
  open_engine (self);
  window = present_window (self);
  if (self->engine != NULL)
    run_mail_action (self, window);
}

static void
on_add_account (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  PinionApplication *self = user_data;

  if (self->engine != NULL)
    pinion_assistant_present (self->engine, GTK_WIDGET (present_window (self)));
}

static void
on_shortcuts (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  adw_dialog_present (pinion_shortcuts_new (), GTK_WIDGET (present_window (user_data)));
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  static const char *const developers[] = { "The Pinion contributors", NULL };
  AdwDialog *about = adw_about_dialog_new ();

  g_object_set (about, "application-name", "Pinion", "application-icon", PINION_APP_ID, "version",
                PINION_VERSION, "developer-name", _("The Pinion contributors"), "developers",
                developers, "license-type", GTK_LICENSE_GPL_3_0, "comments",
                _("Mail for people whose mailbox lives on an Exchange server"), NULL);
  adw_dialog_present (about, GTK_WIDGET (present_window (user_data)));
}

static void
on_quit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
}

static void
add_actions (PinionApplication *self)
{
  static const GActionEntry entries[] = {
    { "preferences", on_preferences },
    { "solve", on_solve, "x" },
    { "account", on_account, "x" },
    { "open-message", on_mail_action, "x" },
    { "archive-message", on_mail_action, "x" },
    { "reply-message", on_mail_action, "x" },
    { "read-messages", on_mail_action, "ax" },
    { "open-inbox", on_mail_action, "x" },
    { "add-account", on_add_account },
    { "shortcuts", on_shortcuts },
    { "about", on_about },
    { "quit", on_quit },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
follow_color_scheme (PinionApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int choice = g_settings_get_enum (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (choice, 0, 2)]);
}

static void
pinion_application_startup (GApplication *application)
{
  PinionApplication *self = PINION_APPLICATION (application);

  G_APPLICATION_CLASS (pinion_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (PINION_APP_ID);
  self->settings = g_settings_new (PINION_APP_ID);
  g_signal_connect_object (self->settings, "changed::color-scheme",
                           G_CALLBACK (follow_color_scheme), self, G_CONNECT_SWAPPED);
  follow_color_scheme (self);

  pinion_actions_install (GTK_APPLICATION (self));
}

static void
pinion_application_finalize (GObject *object)
{
  PinionApplication *self = PINION_APPLICATION (object);

  g_clear_object (&self->notifier);
  g_clear_object (&self->mail_notifier);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->mail_action, g_free);
  g_clear_pointer (&self->mail_target, g_variant_unref);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_clear_pointer (&self->directory, g_free);

  G_OBJECT_CLASS (pinion_application_parent_class)->finalize (object);
}

static void
pinion_application_class_init (PinionApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pinion_application_finalize;
  application_class->startup = pinion_application_startup;
  application_class->activate = pinion_application_activate;
  application_class->open = pinion_application_open;
  application_class->handle_local_options = pinion_application_handle_local_options;
  GTK_APPLICATION_CLASS (klass)->window_removed = pinion_application_window_removed;
}

static void
pinion_application_init (PinionApplication *self)
{
  static const GOptionEntry options[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Folder that holds everything"), N_("DIR") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
    { NULL }
  };

  self->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_draft_free);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  add_actions (self);
}

PinionApplication *
pinion_application_new (void)
{
  return g_object_new (PINION_TYPE_APPLICATION, "application-id", PINION_APP_ID,
                       "resource-base-path", "/io/github/pinionmail/Pinion", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
