/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-paths.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "pinion-store-files.h"
#include "pinion-store-sql.h"

#define TEMP_SECONDS 600
#define TREE_DEPTH 4

static gboolean
set_errno (GError    **error,
           const char *path)
{
  int number = errno;

  return pinion_error_set (error, pinion_sql_errno_code (number), PINION_PROTOCOL_NONE,
                           PINION_STAGE_NONE, "%s: %s", path, g_strerror (number));
}

char *
pinion_store_dup_body_path (const char      *dir,
                            PinionStorePlace place,
                            gint64           message_id)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".eml", message_id);
  g_autofree char *half = g_strdup_printf ("%02x", (guint) (message_id & 0xff));

  if (place == PINION_STORE_PLACE_OUTBOX)
    return g_build_filename (dir, "outbox", name, NULL);
  if (place == PINION_STORE_PLACE_DRAFTS)
    return g_build_filename (dir, "drafts", name, NULL);

  return g_build_filename (dir, "mail", half, name, NULL);
}

gboolean
pinion_store_make_dir (const char *path,
                       GError    **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || set_errno (error, path);
}

gboolean
pinion_store_make_parent (const char *path,
                          GError    **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return pinion_store_make_dir (parent, error);
}

static void
remove_tree (const char *path,
             guint       depth)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0 && depth > 0)
        remove_tree (child, depth - 1);
    }

  g_rmdir (path);
}

void
pinion_store_remove_tree (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    remove_tree (path, TREE_DEPTH);
}

gboolean
pinion_store_process_has_ended (gint64 pid)
{
  return pid == getpid () || (kill ((pid_t) pid, 0) != 0 && errno == ESRCH);
}

static gboolean
is_older (const char *path,
          gint64      seconds)
{
  GStatBuf info;

  return g_stat (path, &info) == 0
         && info.st_mtime <= g_get_real_time () / G_USEC_PER_SEC - seconds;
}

void
pinion_store_clean_temp (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "tmp", NULL);
  g_autoptr (GDir) temp = g_dir_open (path, 0, NULL);
  const char *name;

  while (temp != NULL && (name = g_dir_read_name (temp)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      gint64 pid = g_ascii_strtoll (name, NULL, 10);

      if (pid <= 0 || pinion_store_process_has_ended (pid) || is_older (child, TEMP_SECONDS))
        g_unlink (child);
    }
}

char *
pinion_store_dup_temp_path (PinionStore *self)
{
  static gint counter;
  g_autofree char *name = g_strdup_printf ("%d-%d-%08x.eml", (int) getpid (),
                                           g_atomic_int_add (&counter, 1), g_random_int ());

  return g_build_filename (pinion_store_get_dir (self), "tmp", name, NULL);
}

/* Absolute: drafts name their files, and are read in other folders than this one. */
static char *
dup_files_root (PinionStore *self)
{
  g_autofree char *path = g_build_filename (pinion_store_get_dir (self), "files", NULL);

  return g_canonicalize_filename (path, NULL);
}

char *
pinion_store_dup_files_path (PinionStore *self)
{
  g_autofree char *root = dup_files_root (self);
  g_autofree char *name = g_uuid_string_random ();

  return g_build_filename (root, name, NULL);
}

void
pinion_store_remove_files (const char *path)
{
  pinion_store_remove_tree (path);
}

/* The folder of DIR/files that @path is in.  Returns: (transfer full) (nullable) */
static char *
dup_files_folder (PinionStore *self,
                  const char  *path)
{
  g_autofree char *root = dup_files_root (self);
  g_autofree char *prefix = g_strconcat (root, G_DIR_SEPARATOR_S, NULL);

  if (!g_str_has_prefix (path, prefix))
    return NULL;

  g_auto (GStrv) rest = g_strsplit (path + strlen (prefix), G_DIR_SEPARATOR_S, 2);
  return g_uuid_string_is_valid (rest[0]) ? g_build_filename (root, rest[0], NULL) : NULL;
}

void
pinion_store_remove_files_of (PinionStore       *self,
                              const char *const *paths)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *folder = dup_files_folder (self, paths[i]);

      if (folder != NULL)
        pinion_store_remove_tree (folder);
    }
}

static gboolean
is_used (GPtrArray  *used,
         const char *folder)
{
  g_autofree char *prefix = g_strconcat (folder, G_DIR_SEPARATOR_S, NULL);

  for (guint i = 0; i < used->len; i++)
    {
      if (g_str_has_prefix (g_ptr_array_index (used, i), prefix))
        return TRUE;
    }

  return FALSE;
}

void
pinion_store_clean_files (PinionStore *self,
                          GPtrArray   *used,
                          gint64       age)
{
  g_autofree char *root = dup_files_root (self);
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);

      if (!is_used (used, folder) && is_older (folder, age))
        pinion_store_remove_tree (folder);
    }
}

gboolean
pinion_store_write_durably (const char *path,
                            GBytes     *bytes,
                            GError    **error)
{
  g_autoptr (GError) cause = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (!pinion_store_make_parent (path, error))
    return FALSE;

  if (g_file_set_contents_full (path, data != NULL ? data : "", (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &cause))
    return TRUE;

  return pinion_error_set (error,
                           g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOSPC)
                             ? PINION_ERROR_DISK_FULL
                             : pinion_sql_errno_code (errno),
                           PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s", cause->message);
}

gboolean
pinion_store_rename (const char *from,
                     const char *to,
                     GError    **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;

  if (errno == ENOENT && !pinion_store_make_parent (to, error))
    return FALSE;

  return g_rename (from, to) == 0 || set_errno (error, from);
}

gboolean
pinion_store_link (const char *from,
                   const char *to,
                   GError    **error)
{
  if (!pinion_store_make_parent (to, error))
    return FALSE;

  g_unlink (to);
  return link (from, to) == 0 || pinion_store_rename (from, to, error);
}
