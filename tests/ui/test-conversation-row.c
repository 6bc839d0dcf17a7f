/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list as it is drawn, and what a screen reader says of it. */

#include <adwaita.h>

#include "pinion-conversation-row.h"
#include "pinion-ui-fixture.h"

static const PinionView inbox = { PINION_VIEW_LABEL, 1, 1 };

static gint64
today_noon (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) noon =
    g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                           g_date_time_get_day_of_month (now), 12, 0, 0);

  return g_date_time_to_unix (noon);
}

/* Whether a visible label below @widget says @text. */
static gboolean
says (GtkWidget  *widget,
      const char *text)
{
  if (!gtk_widget_get_visible (widget))
    return FALSE;

  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;

  return FALSE;
}

static GtkWidget *
new_row (PinionConversation *conversation)
{
  GtkWidget *row = pinion_conversation_row_new ();

  g_object_ref_sink (row);
  pinion_conversation_row_set_context (PINION_CONVERSATION_ROW (row), NULL, &inbox);
  pinion_conversation_row_set_item (PINION_CONVERSATION_ROW (row), conversation);

  return row;
}

static void
test_shows (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget <b>2026</b> & more", today_noon (), TRUE);
  GtkWidget *row = new_row (conversation);

  g_assert_true (says (row, "Ana Keller"));
  g_assert_true (says (row, "Budget <b>2026</b> & more"));
  g_assert_true (says (row, "How it begins"));
  g_assert_true (says (row, "12:00"));
  g_assert_true (gtk_widget_has_css_class (row, "unread"));

  g_assert_finalize_object (row);
}

/* The same row shows another conversation: nothing of the first is left. */
static void
test_shown_again (void)
{
  g_autoptr (PinionConversation) first =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), TRUE);
  g_autoptr (PinionConversation) second = make_conversation (2, "Bob", "", 86400, FALSE);
  GtkWidget *row = new_row (first);

  pinion_conversation_row_set_item (PINION_CONVERSATION_ROW (row), second);

  g_assert_false (says (row, "Ana Keller"));
  g_assert_false (says (row, "Budget"));
  g_assert_true (says (row, "Bob"));
  g_assert_true (says (row, "No subject"));
  g_assert_true (says (row, "1970-01-02"));
  g_assert_false (gtk_widget_has_css_class (row, "unread"));

  pinion_conversation_row_set_item (PINION_CONVERSATION_ROW (row), NULL);
  g_assert_finalize_object (row);
}

static void
test_not_loaded (void)
{
  g_autoptr (PinionConversation) conversation = pinion_conversation_new (1);
  GtkWidget *row = new_row (conversation);
  g_autofree char *name = pinion_conversation_dup_accessible_name (conversation);

  g_assert_true (gtk_widget_has_css_class (row, "loading"));
  g_assert_cmpstr (name, ==, "Loading");

  g_assert_finalize_object (row);
}

static void
test_compact (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), FALSE);
  GtkWidget *row = new_row (conversation);
  int three_lines, two_lines;

  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, -1, NULL, &three_lines, NULL, NULL);
  pinion_conversation_row_set_compact (PINION_CONVERSATION_ROW (row), TRUE);
  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, -1, NULL, &two_lines, NULL, NULL);

  g_assert_cmpint (two_lines, <, three_lines);
  g_assert_false (says (row, "How it begins"));

  g_assert_finalize_object (row);
}

static void
test_accessible_name (void)
{
  g_autoptr (PinionConversation) conversation =
    make_conversation (1, "Ana Keller", "Budget", today_noon (), TRUE);
  g_autofree char *name = pinion_conversation_dup_accessible_name (conversation);

  g_assert_cmpstr (name, ==, "Budget, from Ana Keller, unread, 12:00");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/conversation-row/shows", test_shows);
  g_test_add_func ("/conversation-row/shown-again", test_shown_again);
  g_test_add_func ("/conversation-row/not-loaded", test_not_loaded);
  g_test_add_func ("/conversation-row/compact", test_compact);
  g_test_add_func ("/conversation-row/accessible-name", test_accessible_name);

  return g_test_run ();
}
