/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the command bar offers for what is typed. */

#include "pinion-command.h"
#include "pinion-ui-fixture.h"

static const char *const nothing[] = { NULL };

static void
add_label (GPtrArray       *commands,
           gint64           id,
           const char      *path,
           PinionFolderRole role,
           const char      *account)
{
  g_autoptr (PinionLabel) label = make_label (id, 1, path, role, FALSE, 0);
  const PinionView view = { PINION_VIEW_LABEL, 1, id };
  g_autoptr (PinionSidebarItem) place =
    pinion_sidebar_item_new (PINION_SIDEBAR_VIEW, &view, label);

  g_ptr_array_add (commands, pinion_command_new_place (place, account));
}

static GPtrArray *
make_commands (void)
{
  GPtrArray *commands = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PinionAccountItem) account = make_account (1, "ana@northwind.example");

  g_ptr_array_add (commands, pinion_command_new_action (pinion_actions_find ("win.archive")));
  g_ptr_array_add (commands, pinion_command_new_action (pinion_actions_find ("win.mark-read")));
  g_ptr_array_add (commands, pinion_command_new_action (pinion_actions_find ("win.toggle-star")));
  g_ptr_array_add (commands, pinion_command_new_action (pinion_actions_find ("win.pause")));
  add_label (commands, 1, "Posteingang", PINION_FOLDER_ROLE_INBOX, NULL);
  add_label (commands, 2, "Archiv", PINION_FOLDER_ROLE_ARCHIVE, NULL);
  add_label (commands, 3, "Projects/Aurora/Archäologie", PINION_FOLDER_ROLE_NONE, "ana@x");
  g_ptr_array_add (commands, pinion_command_new_account (account));
  g_ptr_array_add (commands, pinion_command_new_person ("Mira Tal", "mira@tal.example",
                                                        "from:mira@tal.example"));

  return commands;
}

/* The titles of what is meant, "|" between. */
static void
assert_meant (const char        *typed,
              const char *const *recent,
              const char        *expected)
{
  g_autoptr (GPtrArray) commands = make_commands ();
  g_autoptr (GPtrArray) meant = pinion_commands_rank (commands, typed, recent);
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < meant->len; i++)
    g_string_append_printf (titles, "%s%s", i > 0 ? "|" : "",
                            pinion_command_get_title (meant->pdata[i]));

  g_assert_cmpstr (titles->str, ==, expected);
}

static void
assert_first (const char        *typed,
              const char *const *recent,
              PinionCommandKind  kind)
{
  g_autoptr (GPtrArray) commands = make_commands ();
  g_autoptr (GPtrArray) meant = pinion_commands_rank (commands, typed, recent);

  g_assert_cmpuint (meant->len, >, 0);
  g_assert_cmpstr (pinion_command_get_title (meant->pdata[0]), ==, "Archive");
  g_assert_cmpint (pinion_command_get_kind (meant->pdata[0]), ==, kind);
}

static void
test_rank (void)
{
  assert_meant ("mar", nothing, "Mark as Read");
  assert_meant ("mread", nothing, "Mark as Read");
  assert_meant ("arch", nothing, "Archive|Archive|Projects/Aurora/Archäologie");
  assert_meant ("archaol", nothing, "Projects/Aurora/Archäologie");
  assert_meant ("mira", nothing, "Mira Tal");
  assert_meant ("tal.exam", nothing, "Mira Tal");
  assert_meant ("label", nothing, "Projects/Aurora/Archäologie");
  assert_meant ("northw", nothing, "ana@northwind.example");
  assert_meant ("qqq", nothing, "");
}

static void
test_recent (void)
{
  static const char *const recent[] = { "place:0:0:1:1", "action:win.pause", "gone", NULL };
  static const char *const archive[] = { "place:0:0:1:2", NULL };
  static const char *const starred[] = { "action:win.toggle-star", NULL };

  assert_meant ("", nothing,
                "Archive|Mark as Read|Star|Pause Syncing|Inbox|Archive|"
                "Projects/Aurora/Archäologie|ana@northwind.example|Mira Tal");
  assert_meant ("", recent,
                "Inbox|Pause Syncing|Archive|Mark as Read|Star|Archive|"
                "Projects/Aurora/Archäologie|ana@northwind.example|Mira Tal");
  /* What is done comes before the place of its name, and lately or not. */
  assert_first ("archive", archive, PINION_COMMAND_ACTION);
  assert_first ("arch", archive, PINION_COMMAND_ACTION);
  assert_first ("", archive, PINION_COMMAND_PLACE);
  /* It helps what fits, and nothing else. */
  assert_meant ("mar", starred, "Mark as Read");
}

static void
test_names (void)
{
  g_autoptr (GPtrArray) commands = make_commands ();
  g_autofree char *label = pinion_command_dup_accessible_name (commands->pdata[6]);
  g_autofree char *mailbox = pinion_command_dup_accessible_name (commands->pdata[4]);
  g_autofree char *action = pinion_command_dup_accessible_name (commands->pdata[3]);
  g_autofree char *person = pinion_command_dup_accessible_name (commands->pdata[8]);

  g_assert_cmpstr (label, ==, "Projects/Aurora/Archäologie, Label · ana@x");
  g_assert_cmpstr (mailbox, ==, "Inbox, Mailbox");
  g_assert_cmpstr (action, ==, "Pause Syncing");
  g_assert_cmpstr (person, ==, "Mira Tal, mira@tal.example");
  g_assert_null (pinion_command_get_icon (commands->pdata[6]));
  g_assert_nonnull (pinion_command_get_icon (commands->pdata[4]));
  g_assert_cmpstr (pinion_command_get_query (commands->pdata[8]), ==, "from:mira@tal.example");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command/rank", test_rank);
  g_test_add_func ("/command/recent", test_recent);
  g_test_add_func ("/command/names", test_names);

  return g_test_run ();
}
