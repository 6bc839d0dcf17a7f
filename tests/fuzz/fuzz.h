/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A fuzz target: one function that takes any bytes and asserts what must hold for them.  It keeps
 * nothing from one call to the next.  Targets run under fuzz-main.c or libFuzzer. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* What is left of an input of which some bytes decide how the rest is used. */
typedef struct
{
  const guint8 *data;
  gsize left;
} FuzzInput;

/* 0 at the end. */
static inline guint8
fuzz_input_byte (FuzzInput *self)
{
  if (self->left == 0)
    return 0;

  self->left--;

  return *self->data++;
}

/* The next line or, in the last one, all that is left; cut at the first NUL.
 * Returns: (transfer full) */
static inline char *
fuzz_input_line (FuzzInput *self)
{
  const guint8 *end = self->left > 0 ? memchr (self->data, '\n', self->left) : NULL;
  gsize length = end != NULL ? (gsize) (end - self->data) : self->left;
  char *text = g_strndup ((const char *) self->data, length);

  length += end != NULL;
  self->data += length;
  self->left -= length;

  return text;
}

/* The next @length bytes, or what is left; cut at the first NUL.  Returns: (transfer full) */
static inline char *
fuzz_input_text (FuzzInput *self,
                 gsize      length)
{
  char *text;

  length = MIN (length, self->left);
  text = g_strndup ((const char *) self->data, length);
  self->data += length;
  self->left -= length;

  return text;
}

G_END_DECLS
