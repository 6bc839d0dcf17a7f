/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of causes, shared by the error and its words. */

#pragma once

#include "pinion-error.h"

G_BEGIN_DECLS

typedef struct
{
  PinionErrorCode code;
  const char *name;
  gboolean temporary;
  const char *message;
  const char *fix;
} PinionCause;

/* Never %NULL; an unknown code is internal. */
const PinionCause *pinion_cause_find (int code);

G_END_DECLS
