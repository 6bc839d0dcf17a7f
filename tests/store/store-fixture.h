/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store in a folder of the test's own, and sessions that a test holds in its hand: between begin
 * and commit the store's thread waits, and the test calls the store's functions itself. */

#pragma once

#include "pinion-store-accounts.h"
#include "pinion-store-commands.h"
#include "pinion-store-files.h"
#include "pinion-store-folders.h"
#include "pinion-store-mirror.h"
#include "pinion-store-operations.h"
#include "pinion-store-outbox.h"
#include "pinion-store-view.h"

G_BEGIN_DECLS

typedef struct
{
  char *dir;
  PinionStore *store;
  gint64 account;
  GHashTable *folders;

  DexFuture *running;
  GAsyncQueue *to_test;
  GAsyncQueue *to_store;
} Fixture;

/* An open store; with an account me@example.com and the folders INBOX, Sent, Drafts, Trash, Junk,
 * Archive, Projects, Family. */
Fixture *fixture_new (void);
/* The same without account. */
Fixture *fixture_new_empty (void);
/* Removes the folder, too. */
void     fixture_free (Fixture *self);

void     fixture_close  (Fixture *self);
void     fixture_reopen (Fixture *self);
/* Returns: (transfer full) the error, or %NULL */
GError  *fixture_try_open (Fixture *self);

/* Waits for @future (taken).  Returns: (transfer full) (nullable) its error */
GError *fixture_wait (DexFuture *future);

PinionStoreSession *fixture_begin  (Fixture *self);
void                fixture_commit (Fixture *self);
void                fixture_cancel (Fixture *self);
/* Returns: (transfer full): why it failed, or %NULL */
GError             *fixture_end    (Fixture *self);
PinionStoreSession *fixture_read   (Fixture *self);

gint64 fixture_folder (Fixture    *self,
                       const char *path);
void   fixture_find_folders (Fixture *self);

/* Makes @listing that of a LIST with these paths; roles by their usual names. */
void fixture_list (PinionStoreSession *session,
                   gint64              account,
                   const char *const  *paths);

#define FIXTURE_SIZE 1000

/* One message into @folder.  Returns: its id */
gint64 fixture_add (PinionStoreSession *session,
                    gint64              folder,
                    guint32             uid,
                    PinionFlags         flags,
                    const char         *message_id,
                    const char         *references,
                    gint64              date);

/* The same, of some size (octets): what says something else has another. */
gint64 fixture_add_sized (PinionStoreSession *session,
                          gint64              folder,
                          guint32             uid,
                          PinionFlags         flags,
                          const char         *message_id,
                          const char         *references,
                          gint64              date,
                          guint64             size);

/* The same in short: a new one of the date 100. */
gint64 fixture_add_text (PinionStoreSession *session,
                         gint64              folder,
                         guint32             uid,
                         const char         *message_id,
                         guint64             size);

/* One id in an array. Returns: (transfer full) */
GArray *fixture_ids (gint64 id);

/* "Inbox Projects": the paths where the message is shown, sorted.  Returns: (transfer full) */
char *fixture_labels (Fixture            *self,
                      PinionStoreSession *session,
                      gint64              message);

/* "move INBOX/1>Archive ...": what is queued.  Returns: (transfer full) */
char *fixture_pending (PinionStoreSession *session);

/* Counts everything again by other means and compares with what the store has. */
void fixture_check (Fixture *self);

/* Commits, checks, and begins the next transaction. */
PinionStoreSession *fixture_next (Fixture *self);

/* Commits, checks, and is gone. */
void fixture_finish (Fixture *self);

#define fixture_assert_labels(self, session, message, expected)                \
  G_STMT_START                                                                  \
  {                                                                             \
    g_autofree char *labels_ = fixture_labels (self, session, message);          \
    g_assert_cmpstr (labels_, ==, expected);                                     \
  }                                                                             \
  G_STMT_END

#define fixture_assert_pending(session, expected)                               \
  G_STMT_START                                                                  \
  {                                                                             \
    g_autofree char *pending_ = fixture_pending (session);                       \
    g_assert_cmpstr (pending_, ==, expected);                                    \
  }                                                                             \
  G_STMT_END

G_END_DECLS
