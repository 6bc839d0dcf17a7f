/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages on their way out, and local drafts.
 *
 * Their raw files are the only copy there is: they are on the disk (fsync) before the transaction
 * commits, the transaction is on the disk before its future settles, and both are found again if
 * the database breaks.
 *
 * A message is submitted at most once: SENDING is committed before the first byte leaves; an end
 * that nobody saw becomes UNCERTAIN, and only the person can send it again. */

#pragma once

#include "pinion-store-mirror.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_STORE_OUTBOX_QUEUED,
  PINION_STORE_OUTBOX_SENDING,
  /* accepted by SMTP, its copy in Sent not yet confirmed */
  PINION_STORE_OUTBOX_SUBMITTED,
  PINION_STORE_OUTBOX_FAILED,
  PINION_STORE_OUTBOX_UNCERTAIN,
} PinionStoreOutboxState;

/* @path: the raw file.  @send_at: not before, in seconds.  @reply_to: the message it answers, or 0.
 * @error_code: (nullable) kebab-case.  Immutable. */
typedef struct
{
  gint64 id;
  gint64 account_id;
  gint64 message_id;
  char *path;
  char *sender;
  char **recipients;
  char *subject;
  PinionStoreOutboxState state;
  gint64 created;
  gint64 send_at;
  guint tries;
  gint64 next_try;
  char *error_code;
  char *error_text;
  gint64 reply_to;
} PinionStoreOutboxItem;

#define PINION_TYPE_STORE_OUTBOX_ITEM (pinion_store_outbox_item_get_type ())
GType pinion_store_outbox_item_get_type (void);

PinionStoreOutboxItem *pinion_store_outbox_item_ref   (PinionStoreOutboxItem *self);
void                   pinion_store_outbox_item_unref (PinionStoreOutboxItem *self);

/* "queued" "sending" "submitted" "failed" "uncertain" */
const char *pinion_store_outbox_state_to_string (PinionStoreOutboxState state);

/* A message to send; borrowed.  @raw: all its bytes.  @draft: the local draft it was, or 0; it
 * becomes this message. */
typedef struct
{
  gint64 account_id;
  GBytes *raw;
  PinionStoreHeader header;
  const char *sender;
  const char *const *recipients;
  gint64 send_at;
  gint64 reply_to;
  gint64 draft;
} PinionStoreOutgoing;

/* Returns: the outbox id. */
gint64 pinion_store_outbox_add (PinionStoreSession        *session,
                                const PinionStoreOutgoing *outgoing);

/* Everything that has not arrived in Sent, oldest first.  @account_id: 0 for all.
 * Returns: (transfer full): PinionStoreOutboxItem */
GPtrArray *pinion_store_outbox_list (PinionStoreSession *session,
                                     gint64              account_id);

/* Returns: (transfer full) (nullable) */
PinionStoreOutboxItem *pinion_store_outbox_get (PinionStoreSession *session,
                                                gint64              id);

/* The oldest that may be sent now; none while the server has asked one of the account's messages to
 * wait (PINION_ERROR_THROTTLED, _TOO_MANY_CONNECTIONS), since that is meant for all.  Returns: (transfer full) (nullable) */
PinionStoreOutboxItem *pinion_store_outbox_get_due (PinionStoreSession *session,
                                                    gint64              account_id,
                                                    gint64              now);

/* When the next queued one may be sent, in seconds; G_MAXINT64: none is queued. */
gint64 pinion_store_outbox_next_due (PinionStoreSession *session,
                                     gint64              account_id);

/* Whether one is on its way, from here or from another process. */
gboolean pinion_store_outbox_is_sending (PinionStoreSession *session,
                                         gint64              account_id);

/* Once when an account's sending begins: what was on its way when the program ended is uncertain,
 * and what was submitted is filed in Sent if it was not yet. */
void pinion_store_outbox_recover (PinionStoreSession *session,
                                  gint64              account_id);

/* QUEUED to SENDING, to be committed before anything is sent.  %FALSE: it was cancelled, or another
 * process sends it. */
gboolean pinion_store_outbox_start (PinionStoreSession *session,
                                    gint64              id);

/* SMTP accepted it: an APPEND to Sent is queued and the item leaves when that is done (where there
 * is no Sent it stays, as the only copy); the answered message is marked as such. */
void pinion_store_outbox_submitted (PinionStoreSession *session,
                                    gint64              id);

/* It surely was not accepted; back to QUEUED for @next_try (seconds). */
void pinion_store_outbox_retry (PinionStoreSession *session,
                                gint64              id,
                                gint64              next_try,
                                const GError       *error);

/* What kept one message from being tried at all keeps the others: all that could go at @now wait until
 * @next_try too (seconds). */
void pinion_store_outbox_hold (PinionStoreSession *session,
                               gint64              account_id,
                               gint64              now,
                               gint64              next_try);

/* The same for what only the person can mend (a refused password must not be tried once for each
 * message): all that are not for later than @now are FAILED, those that wait for another try too. */
void pinion_store_outbox_fail_waiting (PinionStoreSession *session,
                                       gint64              account_id,
                                       gint64              now,
                                       const GError       *error);

/* Refused, or with PINION_ERROR_OUTCOME_UNKNOWN uncertain; it waits for the person. */
void pinion_store_outbox_failed (PinionStoreSession *session,
                                 gint64              id,
                                 const GError       *error);

/* FAILED, UNCERTAIN or waiting: to be sent now, because the person says so. */
void pinion_store_outbox_send_now (PinionStoreSession *session,
                                   gint64              id);

/* QUEUED, FAILED or UNCERTAIN: it becomes a local draft.  Returns: the draft's message id; 0 if it
 * is too late, or it does not exist. */
gint64 pinion_store_outbox_cancel (PinionStoreSession *session,
                                   gint64              id);

/* -- Local drafts ------------------------------------------------------------------------------ */

/* Writes a draft; pinion-store-drafts.h has its copies on the server.  @draft: the message id of the draft to replace, or
 * 0. @reply_to: what it answers and is in the conversation of, or 0.  Returns: its message id, which
 * stays the same from save to save. */
gint64 pinion_store_draft_save (PinionStoreSession      *session,
                                gint64                   account_id,
                                gint64                   draft,
                                const PinionStoreHeader *header,
                                GBytes                  *raw,
                                gint64                   reply_to);

/* Discards it, file and all; nothing where there is none. */
void pinion_store_draft_remove (PinionStoreSession *session,
                                gint64              draft);

/* Returns: (transfer full): gint64 message ids of local drafts, newest first.  @account_id: 0 for
 * all. */
GArray *pinion_store_drafts_list (PinionStoreSession *session,
                                  gint64              account_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreOutboxItem, pinion_store_outbox_item_unref)

G_END_DECLS
