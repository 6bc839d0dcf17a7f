/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One command on its way: what is sent, and what is done with the answers (RFC 3501, 2.2.1).
 *
 * All that goes out passes through here: names and values become atoms, quoted strings or literals,
 * so that CR, LF and NUL are never inside a line and non-ASCII is only in literals.  Text given to
 * pinion_imap_command_add() is the program's own. */

#pragma once

#include <libdex.h>

#include "pinion-imap-failure.h"
#include "pinion-imap-fetch.h"

G_BEGIN_DECLS

/* The longest line (without literals): Exchange cuts off at 10,240 bytes. */
#define PINION_IMAP_MAX_LINE 8000

/* What is left of it for a UID set. */
#define PINION_IMAP_MAX_SET 7000

typedef enum
{
  PINION_IMAP_COMMAND_ALONE_BEFORE = 1 << 0, /* sent when nothing else is in flight */
  PINION_IMAP_COMMAND_ALONE_AFTER = 1 << 1,  /* nothing is sent until it is done */
  PINION_IMAP_COMMAND_LAST = 1 << 2,         /* nothing may be read after its answer (STARTTLS) */
  PINION_IMAP_COMMAND_SECRET = 1 << 3,       /* not for the traffic log */
  PINION_IMAP_COMMAND_PATIENT = 1 << 4,      /* has no time limit while in flight (IDLE after "+") */
  PINION_IMAP_COMMAND_GOODBYE = 1 << 5,      /* BYE is expected (LOGOUT) */
  PINION_IMAP_COMMAND_NO_IS_ANSWER = 1 << 6, /* finish() is called for NO, too */
} PinionImapCommandFlags;

typedef struct _PinionImapCommand PinionImapCommand;

typedef enum
{
  PINION_IMAP_SEGMENT_TEXT,
  PINION_IMAP_SEGMENT_LITERAL, /* @bytes; may be sent without waiting where the server allows */
  PINION_IMAP_SEGMENT_MESSAGE, /* @bytes or the file @path; always waits for the server's word */
} PinionImapSegmentKind;

/* @binary: as literal8, which may hold NUL (RFC 3516, 4.4). */
typedef struct
{
  PinionImapSegmentKind kind;
  GBytes *bytes;
  char *path;
  guint64 size;
  gboolean binary;
} PinionImapSegment;

/* @untagged: looks at data while the command is in flight; returns whether it was for it.
 * @on_sent: it goes out now.
 * @open_literal: where the literal of a response in the making goes; KEEP where it is not for it.
 * @on_continue: answers a "+" that is no literal's; %NULL bytes send nothing.
 * @finish: settles the promise after OK; without it, it resolves to TRUE.  What it leaves pending
 * is rejected with the server's words.
 * @pause: set by @untagged; nothing more is read until it settles, its rejection is the command's.
 * @serial: commands with the same one are never in flight together, but those of one @group
 * (nullable), whose owner notices where their answers are mixed up. */
struct _PinionImapCommand
{
  guint tag;
  PinionImapAsked asked;
  PinionImapCommandFlags flags;
  const char *serial;
  gconstpointer group;
  GArray *segments;
  GString *text;
  DexPromise *promise;
  gulong cancelled_handler;
  gboolean abandoned;

  void (*on_sent) (PinionImapCommand *self);
  gboolean (*untagged) (PinionImapCommand       *self,
                        PinionImapResponse      *response,
                        const PinionImapFetched *fetched);
  PinionImapLiteralPlace (*open_literal) (PinionImapCommand  *self,
                                          PinionImapItemKind  kind,
                                          guint64             size,
                                          gpointer           *stream);
  GBytes *(*on_continue) (PinionImapCommand  *self,
                          PinionImapResponse *response,
                          GError            **error);
  void (*finish) (PinionImapCommand        *self,
                  const PinionImapResponse *response);
  DexFuture *pause;
  gpointer data;
  GDestroyNotify destroy;
};

/* @verb: "UID FETCH".  Returns: (transfer full), reference counted. */
PinionImapCommand *pinion_imap_command_new   (const char            *verb,
                                              PinionImapAsked        asked,
                                              PinionImapCommandFlags flags);
PinionImapCommand *pinion_imap_command_ref   (PinionImapCommand *self);
void               pinion_imap_command_unref (PinionImapCommand *self);

/* @data: for the callbacks; freed with the command. */
void pinion_imap_command_set_data (PinionImapCommand *self,
                                   gpointer           data,
                                   GDestroyNotify     destroy);

/* A blank and @text as it is. */
void pinion_imap_command_add (PinionImapCommand *self,
                              const char        *text);

/* A blank and @value as an astring. */
void pinion_imap_command_add_astring (PinionImapCommand *self,
                                      const char        *value);

/* A blank and a message.  @binary: it holds NUL, and the server knows literal8. */
void pinion_imap_command_add_message (PinionImapCommand *self,
                                      GBytes            *message,
                                      gboolean           binary);
void pinion_imap_command_add_file    (PinionImapCommand *self,
                                      const char        *path,
                                      guint64            size,
                                      gboolean           binary);

/* Bytes of its lines without literals, tag and line end included. */
gsize pinion_imap_command_get_line_length (const PinionImapCommand *self);

/* Whether nobody has been told the outcome yet. */
gboolean pinion_imap_command_is_pending (const PinionImapCommand *self);

/* Settles it, unless it is settled. @error: (transfer full) */
void pinion_imap_command_reject (PinionImapCommand *self,
                                 GError            *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapCommand, pinion_imap_command_unref)

G_END_DECLS
