/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A PinionDraft as a message in MIME, and back.  All functions block: parser's thread.
 *
 * A draft's file is a message like any other; what a message cannot say (recipients half typed, files
 * not yet attached, what it answers) is kept in the field X-Pinion-Draft, which never leaves this
 * computer. */

#pragma once

#include "pinion-account.h"
#include "pinion-draft.h"
#include "pinion-store-mirror.h"

G_BEGIN_DECLS

/* @raw: the whole message; @header: its facts, borrowed from @strings; @recipients: the envelope. */
typedef struct
{
  GBytes *raw;
  GStrv recipients;
  PinionStoreHeader header;
  GPtrArray *strings;
} PinionDraftFile;

void pinion_draft_file_clear (PinionDraftFile *self);

/* @temp: a path that is free, for the time it takes; what a crash leaves there is the caller's to clear.
 * Errors: as pinion_mime_compose_to_file(). */
gboolean pinion_draft_file_write_draft (const PinionDraft   *draft,
                                        const PinionAccount *account,
                                        const char          *temp,
                                        PinionDraftFile     *file,
                                        GError             **error);

/* @original: (nullable) path of the message that is answered or forwarded.  Errors: also
 * PINION_ERROR_INVALID_ARGUMENT where nobody would get it. */
gboolean pinion_draft_file_write_message (const PinionDraft   *draft,
                                          const PinionAccount *account,
                                          const char          *original,
                                          const char          *temp,
                                          PinionDraftFile     *file,
                                          GError             **error);

/* What of a draft other programs may see: the message as it would be sent, Bcc and files with it, but
 * with those recipients only that can be understood yet, be it none, and without X-Pinion-Draft, since
 * that names paths of this computer.  Its Message-ID is a new one each time, so that a later copy is
 * never taken for an earlier one.  @file: its recipients stay %NULL; @original: as below.  Errors: as
 * pinion_mime_compose_to_file(), also where an attachment is not there any more. */
gboolean pinion_draft_file_write_copy (const PinionDraft   *draft,
                                       const PinionAccount *account,
                                       const char          *original,
                                       const char          *temp,
                                       PinionDraftFile     *file,
                                       GError             **error);

/* A draft of this computer.  @files: (nullable) a folder that is not there yet, for the attachments
 * of one that names no files, since it was to be sent.  Returns: (transfer full) */
PinionDraft *pinion_draft_file_read (const char *path,
                                     const char *files,
                                     GError    **error);

/* The same for one from the server: what stands in X-Pinion-Draft there would have this computer's
 * files attached, and is not looked at. */
PinionDraft *pinion_draft_file_read_foreign (const char *path,
                                             const char *files,
                                             GError    **error);

/* The Message-ID of what the message at @path answers.  Returns: (transfer full) (nullable) */
char *pinion_draft_file_dup_answered (const char *path);

/* Returns: (transfer full) */
PinionDraft *pinion_draft_file_make_reply (const char          *original,
                                           gint64               message,
                                           PinionReplyKind      kind,
                                           const PinionAccount *account,
                                           GError             **error);

G_END_DECLS
