/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target without libFuzzer, with the same arguments:
 *
 *   fuzz-NAME [-runs=N] [-dict=FILE] [-seed=N] FOLDER|FILE...
 *
 * Each file as it is, then N runs in all of files that were changed, the same ones each time.  An
 * input that fails is left behind as "crash-input", to be given as FILE. */

#include "fuzz.h"

#include <signal.h>
#include <stdlib.h>

typedef struct
{
  GRand *random;
  GPtrArray *inputs;
  GPtrArray *words;
  guint n_runs;
} Runner;

static const guint8 *current;
static gsize current_size;

static void
on_abort (int signal_number)
{
  g_file_set_contents ("crash-input", (const char *) current, (gssize) current_size, NULL);
  signal (SIGABRT, SIG_DFL);
  abort ();
}

/* -- What there is to work with ------------------------------------------------------------- */

static void
add_file (Runner     *self,
          const char *path)
{
  char *contents;
  gsize length;

  if (g_file_get_contents (path, &contents, &length, NULL))
    g_ptr_array_add (self->inputs, g_bytes_new_take (contents, length));
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_path (Runner     *self,
          const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    {
      add_file (self, path);
      return;
    }

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    add_file (self, g_ptr_array_index (names, i));
}

/* name="word" a line; escapes \\, \" and \xHH. */
static void
add_word (Runner     *self,
          const char *line)
{
  const char *at = strchr (line, '"');
  const char *end = at != NULL ? strrchr (at, '"') : NULL;
  GByteArray *word;

  if (*line == '#' || end == NULL || end == at)
    return;

  word = g_byte_array_new ();
  for (at++; at < end; at++)
    {
      guint8 byte = (guint8) *at;

      if (*at == '\\' && at[1] == 'x')
        {
          byte = (guint8) (g_ascii_xdigit_value (at[2]) * 16 + g_ascii_xdigit_value (at[3]));
          at += 3;
        }
      else if (*at == '\\')
        byte = (guint8) *++at;
      g_byte_array_append (word, &byte, 1);
    }
  g_ptr_array_add (self->words, g_byte_array_free_to_bytes (word));
}

static void
add_dictionary (Runner     *self,
                const char *path)
{
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return;

  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    add_word (self, lines[i]);
}

/* -- Changing ------------------------------------------------------------------------------- */

static guint
up_to (Runner *self,
       guint   most)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) most + 1);
}

static GBytes *
pick (Runner    *self,
      GPtrArray *from)
{
  return g_ptr_array_index (from, up_to (self, from->len - 1));
}

/* Puts bytes of @piece somewhere. */
static void
splice (Runner     *self,
        GByteArray *bytes,
        GBytes     *piece,
        gboolean    whole)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (piece, &size);
  guint at = up_to (self, bytes->len);
  g_autofree guint8 *tail = g_memdup2 (bytes->data + at, bytes->len - at);
  guint tail_length = bytes->len - at;

  if (!whole && size > 0)
    {
      guint start = up_to (self, (guint) size - 1);

      data += start;
      size = up_to (self, MIN ((guint) size - start, 64));
    }

  g_byte_array_set_size (bytes, at);
  if (size > 0)
    g_byte_array_append (bytes, data, (guint) size);
  if (tail_length > 0)
    g_byte_array_append (bytes, tail, tail_length);
}

static void
change (Runner     *self,
        GByteArray *bytes)
{
  static const char interesting[] = "(){}[]<>\"\\\r\n *+&-:,.0129~=\xff";
  guint at = bytes->len > 0 ? up_to (self, bytes->len - 1) : 0;
  guint wanted = 1 + up_to (self, 20);
  guint n = MIN (wanted, bytes->len - at);

  switch (up_to (self, 5))
    {
    case 0:
      if (n > 0)
        bytes->data[at] = (guint8) g_rand_int (self->random);
      break;

    case 1:
      if (n > 0)
        bytes->data[at] = (guint8) interesting[up_to (self, sizeof interesting - 1)];
      break;

    case 2:
      if (n > 0)
        g_byte_array_remove_range (bytes, at, n);
      break;

    case 3:
    case 4:
      if (self->words->len > 0)
        splice (self, bytes, pick (self, self->words), TRUE);
      break;

    default:
      splice (self, bytes, pick (self, self->inputs), FALSE);
      break;
    }
}

/* -- Running -------------------------------------------------------------------------------- */

static void
run (const guint8 *data,
     gsize         size)
{
  /* A place of its own, so that a read beyond it is noticed. */
  g_autofree guint8 *copy = size > 0 ? g_memdup2 (data, size) : g_malloc (1);

  current = copy;
  current_size = size;
  LLVMFuzzerTestOneInput (copy, size);
}

static void
run_all (Runner *self)
{
  for (guint i = 0; i < self->inputs->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->inputs, i), &size);

      run (data, size);
    }

  for (guint i = 0; i < self->n_runs; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      gsize size;
      const guint8 *data = g_bytes_get_data (pick (self, self->inputs), &size);

      if (size > 0)
        g_byte_array_append (bytes, data, (guint) size);
      for (guint n = 1 + up_to (self, 5); n > 0; n--)
        change (self, bytes);
      run (bytes->data, bytes->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  Runner self = { .random = g_rand_new_with_seed (1),
                  .inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref),
                  .words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  gboolean found;

  signal (SIGABRT, on_abort);
  for (int i = 1; i < argc; i++)
    {
      if (g_str_has_prefix (argv[i], "-runs="))
        self.n_runs = (guint) atoi (argv[i] + strlen ("-runs="));
      else if (g_str_has_prefix (argv[i], "-dict="))
        add_dictionary (&self, argv[i] + strlen ("-dict="));
      else if (g_str_has_prefix (argv[i], "-seed="))
        g_rand_set_seed (self.random, (guint32) atoi (argv[i] + strlen ("-seed=")));
      else
        add_path (&self, argv[i]);
    }

  found = self.inputs->len > 0;
  if (found)
    run_all (&self);

  g_ptr_array_unref (self.inputs);
  g_ptr_array_unref (self.words);
  g_rand_free (self.random);

  return found ? 0 : 1;
}
