/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-roles-private.h"

#include <string.h>

static void
test_table (void)
{
  for (guint i = 0; i < pinion_n_folder_names; i++)
    {
      g_autofree char *folded = pinion_sync_fold_name (pinion_folder_names[i].name);

      g_assert_cmpstr (folded, ==, pinion_folder_names[i].name);
      if (i > 0)
        g_assert_cmpint (strcmp (pinion_folder_names[i - 1].name, pinion_folder_names[i].name), <,
                         0);
    }
}

static GArray *
assign (const char *const *names,
        guint              n_names)
{
  g_autoptr (GPtrArray) mailboxes
      = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_mailbox_free);

  for (guint i = 0; i < n_names; i++)
    g_ptr_array_add (mailboxes, pinion_imap_mailbox_new (g_strdup (names[i]), '/', 0, 0));

  return pinion_sync_assign_roles (mailboxes);
}

static void
test_assign (void)
{
  const char *names[] = {
    "INBOX", "Sent", "Sent Items", "Deleted Items", "Gel&APY-schte Elemente", "Archive",
    "Calendar", "Calendar/Birthdays", "Projects/Sent Items", "Sent to clients", "Junk Email",
    "Sync Issues", "Sync Issues/Conflicts", "Drafts", "INBOX/Drafts",
  };
  const PinionFolderKind expected[] = {
    PINION_FOLDER_INBOX, PINION_FOLDER_PLAIN, PINION_FOLDER_SENT, PINION_FOLDER_TRASH,
    PINION_FOLDER_PLAIN, PINION_FOLDER_ARCHIVE, PINION_FOLDER_NOT_MAIL, PINION_FOLDER_NOT_MAIL,
    PINION_FOLDER_PLAIN, PINION_FOLDER_PLAIN, PINION_FOLDER_JUNK, PINION_FOLDER_NOT_MAIL,
    PINION_FOLDER_NOT_MAIL, PINION_FOLDER_DRAFTS, PINION_FOLDER_PLAIN,
  };
  g_autoptr (GArray) kinds = assign (names, G_N_ELEMENTS (names));

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (g_array_index (kinds, PinionFolderKind, i), ==, expected[i]);
}

static void
test_german (void)
{
  const char *names[] = { "inbox", "Gesendete Elemente", "Entw&APw-rfe", "Gel&APY-schte Elemente",
                          "Junk-E-Mail", "Archiv", "Postausgang", "Kalender" };
  const PinionFolderKind expected[] = {
    PINION_FOLDER_INBOX, PINION_FOLDER_SENT, PINION_FOLDER_DRAFTS, PINION_FOLDER_TRASH,
    PINION_FOLDER_JUNK, PINION_FOLDER_ARCHIVE, PINION_FOLDER_NOT_MAIL, PINION_FOLDER_NOT_MAIL,
  };
  g_autoptr (GArray) kinds = assign (names, G_N_ELEMENTS (names));

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (g_array_index (kinds, PinionFolderKind, i), ==, expected[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/roles/table", test_table);
  g_test_add_func ("/sync/roles/assign", test_assign);
  g_test_add_func ("/sync/roles/german", test_german);
  return g_test_run ();
}
