/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "pinion-part-files.h"

static void
assert_risk (const char     *name,
             const char     *type,
             const char     *head,
             PinionPartRisk  risk)
{
  g_autofree char *by_name = NULL;
  g_autofree char *real = NULL;

  g_assert_cmpint (pinion_part_judge (name, type, head, strlen (head), &by_name, &real), ==, risk);
  g_assert_true ((by_name != NULL) == (risk == PINION_PART_PRETENDS));
}

static void
test_safe (void)
{
  assert_risk ("plan.pdf", "application/pdf", "%PDF-1.7\n%....", PINION_PART_SAFE);
  assert_risk ("photo.jpg", "image/jpeg", "\xff\xd8\xff\xe0 JFIF", PINION_PART_SAFE);
  assert_risk ("notes.txt", "text/plain", "Dear Ana,\n", PINION_PART_SAFE);
  assert_risk ("table.csv", "text/csv", "a,b,c\n1,2,3\n", PINION_PART_SAFE);
  assert_risk ("report.docx",
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
               "PK\x03\x04....", PINION_PART_SAFE);
  assert_risk ("empty.pdf", "application/pdf", "", PINION_PART_SAFE);
}

static void
test_runs_code (void)
{
  assert_risk ("a.desktop", "application/octet-stream", "[Desktop Entry]\n", PINION_PART_RUNS_CODE);
  assert_risk ("holiday.jpg.exe", "image/jpeg", "MZ", PINION_PART_RUNS_CODE);
  assert_risk ("x.sh", "text/plain", "echo", PINION_PART_RUNS_CODE);
  assert_risk ("readme.txt", "text/plain", "#!/bin/sh\nrm -rf /\n", PINION_PART_RUNS_CODE);
  assert_risk ("picture.png", "image/png", "\x7f" "ELF\x02", PINION_PART_RUNS_CODE);
  assert_risk ("a.HTML", "text/html", "<html>", PINION_PART_RUNS_CODE);
  assert_risk ("a.svg", "image/svg+xml", "<svg xmlns='x'/>", PINION_PART_RUNS_CODE);
  assert_risk ("picture", "image/svg+xml", "", PINION_PART_RUNS_CODE);
  assert_risk ("app.AppImage", "application/octet-stream", "", PINION_PART_RUNS_CODE);
  assert_risk ("a.jar", "application/zip", "PK\x03\x04", PINION_PART_RUNS_CODE);
  assert_risk ("sheet.xlsm", "application/octet-stream", "PK\x03\x04", PINION_PART_RUNS_CODE);
}

static void
test_pretends (void)
{
  assert_risk ("invoice.pdf", "application/pdf", "PK\x03\x04\x14....", PINION_PART_PRETENDS);
  assert_risk ("photo.jpg", "image/jpeg", "%PDF-1.7\n%....", PINION_PART_PRETENDS);
}

/* -- Where there is no room ----------------------------------------------------------------- */

static char *place;
static gboolean has_namespace;

/* Where file systems of its own can be mounted. */
static gboolean
enter_namespace (void)
{
  return (unshare (CLONE_NEWNS) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0)
         && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void
assert_not_fetched (PinionErrorCode code,
                    const char     *words)
{
  g_autoptr (PinionPartFiles) files = g_object_new (PINION_TYPE_PART_FILES, NULL);
  PinionAttachment attachment = { .file_name = (char *) "plan.pdf", .part = (char *) "2" };
  g_autoptr (DexFuture) copy = pinion_part_files_fetch (files, 1, &attachment);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_assert_null (dex_future_get_value (copy, &error));
  g_assert_true (pinion_error_is (error, code));
  message = pinion_error_dup_message (error);
  g_assert_cmpstr (message, ==, words);
}

static void
test_no_place (void)
{
  g_assert_cmpint (g_rmdir (place), ==, 0);
  assert_not_fetched (PINION_ERROR_STORE_FAILED,
                      "Mail could not be read from or written to this computer.");
  g_assert_cmpint (g_mkdir (place, 0700), ==, 0);
}

/* A file system of one folder, its root, has no room for another: the words are those of saving. */
static void
test_full_disk (void)
{
  g_autoptr (GError) saving = NULL;
  g_autofree char *words = NULL;

  if (!has_namespace || mount ("none", place, "tmpfs", 0, "nr_inodes=1") != 0)
    {
      g_test_skip ("There is no mount namespace here");
      return;
    }

  saving = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  saving = pinion_error_adopt_saving (g_steal_pointer (&saving));
  words = pinion_error_dup_message (saving);
  assert_not_fetched (PINION_ERROR_DISK_FULL, words);
  umount (place);
}

int
main (int    argc,
      char **argv)
{
  int failures;

  /* Before there is any other thread, and before anything asks where temporary files go. */
  has_namespace = enter_namespace ();
  place = g_mkdtemp (g_strdup ("/tmp/pinion-test-XXXXXX"));
  g_assert_nonnull (place);
  g_setenv ("TMPDIR", place, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/part-files/safe", test_safe);
  g_test_add_func ("/ui/part-files/runs-code", test_runs_code);
  g_test_add_func ("/ui/part-files/pretends", test_pretends);

  g_test_add_func ("/ui/part-files/no-place", test_no_place);
  g_test_add_func ("/ui/part-files/full-disk", test_full_disk);

  failures = g_test_run ();
  g_rmdir (place);
  g_free (place);

  return failures;
}
