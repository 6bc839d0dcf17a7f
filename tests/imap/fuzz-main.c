/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target without libFuzzer: each file of a folder as it is, then so many mutations
 * of it, the same in every run.   fuzz-NAME FOLDER MUTATIONS */

#include <glib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* Changes, repeats, drops or moves some bytes. */
static void
mutate (GByteArray *bytes,
        GRand      *random)
{
  static const char interesting[] = "(){}[]<>\"\\\r\n *+&-:,0129~\xff";
  guint at = bytes->len > 0 ? (guint) g_rand_int_range (random, 0, (gint) bytes->len) : 0;
  guint n = (guint) g_rand_int_range (random, 1, 20);
  g_autofree guint8 *copy = NULL;

  if (bytes->len == 0)
    return;

  n = MIN (n, bytes->len - at);
  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      bytes->data[at] = (guint8) g_rand_int (random);
      break;

    case 1:
      bytes->data[at] = (guint8) interesting[g_rand_int_range (random, 0, sizeof interesting)];
      break;

    case 2:
      g_byte_array_remove_range (bytes, at, n);
      break;

    default:
      copy = g_memdup2 (bytes->data + at, n);
      g_byte_array_append (bytes, copy, n);
      break;
    }
}

static void
run_file (const char *path,
          guint       n_mutations,
          GRand      *random)
{
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return;

  LLVMFuzzerTestOneInput ((const guint8 *) contents, length);
  for (guint i = 0; i < n_mutations; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *) contents, (guint) length);
      for (gint n = g_rand_int_range (random, 1, 6); n > 0; n--)
        mutate (bytes, random);
      LLVMFuzzerTestOneInput (bytes->data, bytes->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GDir) folder = argc == 3 ? g_dir_open (argv[1], 0, NULL) : NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const char *name;
  guint n_files = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);

      run_file (path, (guint) atoi (argv[2]), random);
      n_files++;
    }

  return n_files > 0 ? 0 : 1;
}
