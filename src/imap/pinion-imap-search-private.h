/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a search is made of, for those who add to it. */

#pragma once

#include "pinion-imap-search.h"

G_BEGIN_DECLS

/* @criteria: as they are sent.  @asked: what a person asks, a key and its value (nullable) in
 * turns; @is_unicode: not all of these values are ASCII.  @newest: 0 for all.  @group: (nullable) of
 * searches that need not wait for each other's answers. */
struct _PinionImapSearch
{
  GString *criteria;
  GPtrArray *asked;
  gboolean is_unicode;
  PinionUidSet *uids;
  guint newest;
  gconstpointer group;
};

G_END_DECLS
