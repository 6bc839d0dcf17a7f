/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One response of a server, typed (RFC 3501, 7; RFC 2971, 4315, 4731, 5161, 7162, 8474, 9394).
 *
 * Slices in it belong to the framer and are valid until its next push.  What a response holds
 * beyond what is taken here is skipped; servers add things. */

#pragma once

#include "pinion-imap-cursor.h"
#include "pinion-imap-mailbox.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_IMAP_RESPONSE_JUNK,     /* neither tagged nor untagged: @text */
  PINION_IMAP_RESPONSE_CONTINUE, /* "+": @text */
  PINION_IMAP_RESPONSE_TAGGED,   /* @tag, @condition, @code, @text */
  PINION_IMAP_RESPONSE_STATE,    /* untagged OK, NO, BAD, BYE, PREAUTH: @condition, @code, @text */
  PINION_IMAP_RESPONSE_CAPABILITY, /* @text: the words */
  PINION_IMAP_RESPONSE_LIST,       /* @mailbox_flags, @use, @delimiter, @name */
  PINION_IMAP_RESPONSE_STATUS,     /* @name, @status */
  PINION_IMAP_RESPONSE_SEARCH,     /* @numbers */
  PINION_IMAP_RESPONSE_ESEARCH,    /* @tag, @number 1 for UIDs, @text: a set; %NULL for none */
  PINION_IMAP_RESPONSE_EXISTS,     /* @number */
  PINION_IMAP_RESPONSE_EXPUNGE,    /* @number */
  PINION_IMAP_RESPONSE_FETCH,      /* @number; @cursor is before its list */
  PINION_IMAP_RESPONSE_VANISHED,   /* @text: a UID set; @number 1 for EARLIER */
  PINION_IMAP_RESPONSE_NAMESPACE,
  PINION_IMAP_RESPONSE_ENABLED, /* @text: the words */
  PINION_IMAP_RESPONSE_ID,      /* @name, @version: of the server; %NULL where not said */
  PINION_IMAP_RESPONSE_OTHER, /* known to be of no use, or not known */
} PinionImapResponseKind;

typedef enum
{
  PINION_IMAP_OK,
  PINION_IMAP_NO,
  PINION_IMAP_BAD,
  PINION_IMAP_BYE,
  PINION_IMAP_PREAUTH,
} PinionImapCondition;

typedef enum
{
  PINION_IMAP_CODE_NONE,
  PINION_IMAP_CODE_OTHER,
  PINION_IMAP_CODE_ALERT,
  PINION_IMAP_CODE_ALREADYEXISTS,
  PINION_IMAP_CODE_APPENDUID,
  PINION_IMAP_CODE_AUTHENTICATIONFAILED,
  PINION_IMAP_CODE_AUTHORIZATIONFAILED,
  PINION_IMAP_CODE_CANNOT,
  PINION_IMAP_CODE_CAPABILITY,
  PINION_IMAP_CODE_CLOSED,
  PINION_IMAP_CODE_CONTACTADMIN,
  PINION_IMAP_CODE_COPYUID,
  PINION_IMAP_CODE_EXPIRED,
  PINION_IMAP_CODE_HIGHESTMODSEQ,
  PINION_IMAP_CODE_INUSE,
  PINION_IMAP_CODE_LIMIT,
  PINION_IMAP_CODE_NONEXISTENT,
  PINION_IMAP_CODE_NOPERM,
  PINION_IMAP_CODE_OVERQUOTA,
  PINION_IMAP_CODE_PERMANENTFLAGS,
  PINION_IMAP_CODE_PRIVACYREQUIRED,
  PINION_IMAP_CODE_READ_ONLY,
  PINION_IMAP_CODE_READ_WRITE,
  PINION_IMAP_CODE_REFERRAL,
  PINION_IMAP_CODE_SERVERBUG,
  PINION_IMAP_CODE_TOOBIG,
  PINION_IMAP_CODE_TRYCREATE,
  PINION_IMAP_CODE_UIDNEXT,
  PINION_IMAP_CODE_UIDVALIDITY,
  PINION_IMAP_CODE_UNAVAILABLE,
  PINION_IMAP_CODE_WEBALERT,
  PINION_IMAP_CODE_COMPRESSIONACTIVE,
  PINION_IMAP_CODE_CORRUPTION,
  PINION_IMAP_CODE_MAILBOXID,
  PINION_IMAP_CODE_MODIFIED,
  PINION_IMAP_CODE_NOMODSEQ,
  PINION_IMAP_CODE_USEATTR,
} PinionImapCode;

/* @code_number: of UIDNEXT, UIDVALIDITY, HIGHESTMODSEQ; @code_flags: of PERMANENTFLAGS;
 * @code_text: what follows the code's name (CAPABILITY, COPYUID, APPENDUID, MODIFIED,
 * MAILBOXID). */
typedef struct
{
  PinionImapResponseKind kind;
  PinionImapSlice tag;
  PinionImapCondition condition;
  PinionImapCode code;
  guint64 code_number;
  PinionImapFlags code_flags;
  PinionImapSlice code_text;
  PinionImapSlice text;
  guint32 number;
  PinionImapMailboxFlags mailbox_flags;
  PinionImapUse use;
  char delimiter;
  PinionImapSlice name;
  PinionImapSlice version;
  PinionImapStatus status;
  GArray *numbers;
  PinionImapCursor cursor;
} PinionImapResponse;

void pinion_imap_response_init  (PinionImapResponse *self);
void pinion_imap_response_clear (PinionImapResponse *self);

/* Reads the response @framer holds.  Fails with PINION_ERROR_PROTOCOL where it is malformed
 * (skip it and go on) or _TOO_LARGE where it is beyond a bound (end the connection). */
gboolean pinion_imap_response_parse (PinionImapResponse *self,
                                     PinionImapFramer   *framer,
                                     GError            **error);

/* "15 3:5 8:10" of COPYUID.  Adds to @copied.  Returns: %FALSE, and nothing added, where it makes
 * no sense or names more than @most messages. */
gboolean pinion_imap_response_get_copyuid (const PinionImapResponse *self,
                                           gsize                     most,
                                           PinionImapCopied         *copied);

/* "38505 3955" of APPENDUID. */
gboolean pinion_imap_response_get_appenduid (const PinionImapResponse *self,
                                             PinionImapAppended       *appended);

/* "(F2212ea87)" of MAILBOXID, EMAILID, THREADID at @cursor, which it is moved over.  @id: gets
 * %NULL for NIL and for what is no such id (RFC 8474, 7). */
void pinion_imap_response_take_id (PinionImapCursor *cursor,
                                   PinionImapSlice  *id);

/* The same from the code's text, copied. */
void pinion_imap_response_get_mailbox_id (const PinionImapResponse *self,
                                          char                      id[PINION_IMAP_MAX_ID + 1]);

/* A parenthesised list of flags at @cursor, which it is moved over. */
PinionImapFlags pinion_imap_response_take_flags (PinionImapCursor *cursor);

/* "Technical words at offset n"; what @cursor missed as an error. */
GError *pinion_imap_cursor_to_error (const PinionImapCursor *cursor);

G_END_DECLS
