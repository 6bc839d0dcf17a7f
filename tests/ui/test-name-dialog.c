/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking for a name: what is refused says why, what is taken comes trimmed. */

#include "pinion-name-dialog.h"

typedef struct
{
  GtkWindow *window;
  char *taken;
  guint n_destroyed;
} Fixture;

static char *
check (const char *name,
       gpointer    user_data)
{
  return g_str_equal (name, "Taken") ? g_strdup ("It is there already.") : NULL;
}

static void
take (const char *name,
      gpointer    user_data)
{
  g_set_str (&((Fixture *) user_data)->taken, name);
}

static void
on_destroyed (gpointer user_data)
{
  ((Fixture *) user_data)->n_destroyed++;
}

static GtkEditable *
find_entry (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget))
    return GTK_EDITABLE (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkEditable *found = find_entry (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_name (void)
{
  Fixture fixture = { .window = GTK_WINDOW (adw_window_new ()) };
  GtkWidget *place = gtk_button_new ();
  AdwDialog *dialog;
  GtkEditable *entry;

  adw_window_set_content (ADW_WINDOW (fixture.window), place);
  gtk_window_set_default_size (fixture.window, 600, 400);
  gtk_window_present (fixture.window);
  pinion_name_dialog_present (place, "Name It", "Before", "_Name", check, take, &fixture,
                              on_destroyed);

  while ((dialog = adw_window_get_visible_dialog (ADW_WINDOW (fixture.window))) == NULL ||
         !gtk_widget_get_mapped (GTK_WIDGET (dialog)))
    g_main_context_iteration (NULL, TRUE);

  entry = find_entry (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)));
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "Before");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "accept"));

  gtk_editable_set_text (entry, " Taken ");
  g_assert_false (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "accept"));
  gtk_editable_set_text (entry, "  ");
  g_assert_false (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "accept"));

  gtk_editable_set_text (entry, " After ");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "accept"));
  g_signal_emit_by_name (dialog, "response::accept", "accept");
  g_assert_cmpstr (fixture.taken, ==, "After");

  adw_dialog_force_close (dialog);
  while (fixture.n_destroyed == 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_window_destroy (fixture.window);
  g_free (fixture.taken);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/name-dialog/name", test_name);

  return g_test_run ();
}
