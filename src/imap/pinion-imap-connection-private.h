/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the connection share: its state, and sending. */

#pragma once

#include "pinion-imap-connection.h"
#include "pinion-imap-pipeline.h"
#include "pinion-imap-view.h"

G_BEGIN_DECLS

/* Commands with UID sets: Exchange is slow with larger ones. */
#define PINION_IMAP_MAX_UIDS 200

typedef enum
{
  PINION_IMAP_IDLE_ASKED,   /* no "+" yet */
  PINION_IMAP_IDLE_WAITING, /* after "+" */
  PINION_IMAP_IDLE_ENDING,  /* after DONE */
} PinionImapIdleState;

/* @offered: names of SASL mechanisms.  @enabled: what the server confirmed with ENABLED.
 * @append_limit: of the capability, 0 for none.  @greeting_text, @server_name, @server_version:
 * (nullable), what the server calls itself, in the greeting and with ID.  @words: its
 * capabilities.  @view: the mailbox that is selected or being selected.
 * @greeting: settles with the first response.  @idle: the IDLE in flight, if any; @idle_end: it
 * is to end as soon as it may.  @mixes_answers: it answered searches that were in flight together in
 * another order.  @done_limit, @logout_limit: milliseconds that the answer to DONE and
 * to LOGOUT is waited for. */
struct _PinionImapConnection
{
  GObject parent_instance;

  PinionImapPipeline *pipeline;
  PinionImapCapability capabilities;
  PinionImapCapability enabled;
  guint64 append_limit;
  PinionImapQuirks quirks;
  char *words;
  char *greeting_text;
  char *server_name;
  char *server_version;
  GPtrArray *offered;
  PinionImapView *view;
  DexPromise *greeting;
  DexPromise *closed;
  guint n_malformed;
  gboolean mixes_answers;

  PinionImapCommand *idle;
  PinionImapIdleState idle_state;
  gboolean idle_end;
  guint done_limit;
  guint logout_limit;
};

PinionImapConnection *pinion_imap_connection_new (void);

/* Talks over @stream from now on.  @expect_greeting: FALSE after STARTTLS. */
void pinion_imap_connection_attach (PinionImapConnection *self,
                                    GIOStream            *stream,
                                    gboolean              expect_greeting);

/* Stops talking and forgets all that was said.  Returns: (transfer full) (nullable) the stream. */
GIOStream *pinion_imap_connection_detach (PinionImapConnection *self,
                                          GError              **error);

/* @command: (transfer full).  Returns: (transfer full), its promise. */
DexFuture *pinion_imap_connection_send (PinionImapConnection *self,
                                        PinionImapCommand    *command);

/* Ends the connection because of what the server does; everything pending rejects with @error
 * (transfer full). */
void pinion_imap_connection_fail (PinionImapConnection *self,
                                  GError               *error);

/* A rejected future: nothing was sent. */
DexFuture *pinion_imap_connection_refuse (PinionErrorCode code,
                                          const char     *message);

/* Agrees on extensions after signing in: ID, ENABLE, COMPRESS.  What is refused is not used.
 * Resolves to TRUE; rejects only where the connection broke. */
DexFuture *pinion_imap_connection_agree (PinionImapConnection *self);

/* Whether @capability was enabled. */
gboolean pinion_imap_connection_enabled (PinionImapConnection *self,
                                         PinionImapCapability  capability);

/* Whether the mailbox that is selected has modification sequences to ask for. */
gboolean pinion_imap_connection_has_modseq (PinionImapConnection *self);

/* Leaves of the PinionImapUidFlags in @flags the last one of each UID, ascending. */
void pinion_imap_uid_flags_settle (GArray *flags);

/* A blank and the mailbox, as this server is told of it. */
void pinion_imap_connection_add_name (PinionImapConnection *self,
                                      PinionImapCommand    *command,
                                      const char           *raw_name);

/* The mailbox the server names so.  Returns: (transfer full) (nullable), its raw name */
char *pinion_imap_connection_take_name (PinionImapConnection  *self,
                                        const PinionImapSlice *slice);

/* "(MESSAGES ...)": what STATUS may be asked here.  Returns: (transfer full) */
char *pinion_imap_connection_make_status_items (PinionImapConnection *self);

/* What a server says of changes since a modification sequence, while it says so; counted.
 * @n_malformed: of the connection when it began.  @incomplete: something made no sense.
 * @changed: PinionImapUidFlags; @vanished: PinionUidRange. */
typedef struct
{
  guint n_malformed;
  gboolean incomplete;
  GArray *changed;
  GArray *vanished;
} PinionImapNews;

PinionImapNews *pinion_imap_news_new   (PinionImapConnection *self);
PinionImapNews *pinion_imap_news_ref   (PinionImapNews *self);
void            pinion_imap_news_unref (PinionImapNews *self);

/* Takes VANISHED and, with UID and flags, FETCH.  Returns: whether it was one of them */
gboolean pinion_imap_news_take (PinionImapNews          *self,
                                PinionImapResponse      *response,
                                const PinionImapFetched *fetched);

/* Forgets what was said so far. */
void pinion_imap_news_reset (PinionImapNews *self);

/* A SELECT or EXAMINE.  @since: (nullable) with @news, where QRESYNC is enabled: what changed since
 * is asked for and goes there. */
PinionImapCommand *pinion_imap_connection_make_select (PinionImapConnection  *self,
                                                       const char            *raw_name,
                                                       gboolean               read_only,
                                                       const PinionImapKnown *since,
                                                       PinionImapNews        *news);

/* A response arrived while IDLE is in flight, or another command is given. */
void pinion_imap_connection_end_idle (PinionImapConnection *self);

/* Sends @commands (transfer full, element-type PinionImapCommand) one after the other without
 * waiting; the first error is the result, after all have settled.  Then calls @finish, which
 * returns the result; @data is freed in the end. */
typedef DexFuture *(*PinionImapJoinFunc) (PinionImapConnection *self,
                                          gpointer              data);

DexFuture *pinion_imap_connection_join (PinionImapConnection *self,
                                        GPtrArray            *commands,
                                        PinionImapJoinFunc    finish,
                                        gpointer              data,
                                        GDestroyNotify        destroy);

/* An empty list for pinion_imap_connection_join(). */
GPtrArray *pinion_imap_command_list_new (void);

G_END_DECLS
