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

/* @offered: names of SASL mechanisms. @view: the mailbox that is selected or being selected.
 * @greeting: settles with the first response.  @idle: the IDLE in flight, if any; @idle_end: it
 * is to end as soon as it may.  @done_limit, @logout_limit: milliseconds that the answer to DONE and
 * to LOGOUT is waited for. */
struct _PinionImapConnection
{
  GObject parent_instance;

  PinionImapPipeline *pipeline;
  PinionImapCapability capabilities;
  GPtrArray *offered;
  PinionImapView *view;
  DexPromise *greeting;
  DexPromise *closed;
  guint n_malformed;

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
