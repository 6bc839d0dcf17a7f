/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store with letters in many languages, and its index. */

#pragma once

#include "pinion-store-search.h"
#include "store-fixture.h"

G_BEGIN_DECLS

/* Tuesday, 14 November 2023, 22:13:20 UTC */
#define NOW ((gint64) 1700000000)
#define DAY 86400

typedef struct
{
  Fixture *store;
  PinionStoreSearch *search;
} Case;

/* Letters, told apart by their keys. */
typedef struct
{
  const char *key;
  const char *folder;
  const char *from_name;
  const char *from_address;
  const char *subject;
  const char *body;
  const char *files;
  PinionFlags flags;
  int days_ago;
  guint64 size;
} Letter;

#define N_LETTERS 18
extern const Letter letters[N_LETTERS];


void case_init  (Case *self);
void case_clear (Case *self);
/* The store and the index closed and opened again. */
void case_reopen (Case *self);

/* Returns: the message's id */
gint64 case_add_letter  (Case               *self,
                         PinionStoreSession *session,
                         const Letter       *letter,
                         guint32             uid);
void   case_add_letters (Case *self);

/* What is to be indexed next.  Returns: (transfer full): PinionStoreDocument */
GPtrArray *case_next     (Case *self);
/* The rest of a letter, as reading its file would tell. */
void       case_complete (PinionStoreDocument *document);
/* Indexes everything.  Returns: how many messages that were */
guint      case_fill     (Case *self);

/* Returns: (transfer full) (nullable): PinionStoreHit */
GArray *case_find_full (Case                  *self,
                        const char            *text,
                        PinionStoreSearchOrder order,
                        guint                  limit,
                        GError               **error);
/* "budget german": keys of what was found, in the order of the letters.  Returns: (transfer
 * full) */
char   *case_find      (Case       *self,
                        const char *text);

/* Waits for @future.  Returns: (transfer none): it */
DexFuture *case_wait (DexFuture *future);

#define assert_found(self, query, expected)                                     \
  G_STMT_START                                                                  \
  {                                                                             \
    g_autofree char *found_ = case_find (self, query);                                \
    if (g_strcmp0 (found_, expected) != 0)                                       \
      g_error ("'%s' finds '%s', not '%s'", query, found_, expected);            \
  }                                                                             \
  G_STMT_END

G_END_DECLS
