/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/part-files/safe", test_safe);
  g_test_add_func ("/ui/part-files/runs-code", test_runs_code);
  g_test_add_func ("/ui/part-files/pretends", test_pretends);

  return g_test_run ();
}
