/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One question over HTTP and its answer, through libsoup.  Private to discover.
 *
 * Redirects are not followed: where they lead is the answer.  There are no cookies and no
 * authentication of libsoup's own.  The certificate is judged by net, as every other, before a
 * byte of the request is sent.  An answer is at most PINION_XML_MAX_BYTES long. */

#pragma once

#include "pinion-discover-policy.h"

#include <libdex.h>

G_BEGIN_DECLS

typedef struct _PinionHttp PinionHttp;

/* @body: (nullable) then it is a GET.  @soap_action: (nullable).  @user, @secret: (nullable) to
 * sign in with, by Basic; sent only where the policy lets it, else the question is not asked at
 * all. */
typedef struct
{
  GUri *url;
  const char *body;
  const char *soap_action;
  const char *user;
  PinionSecret *secret;
} PinionHttpQuestion;

/* @url: where it was really asked for.  @location: (nullable) where a redirect leads.  @basic:
 * whether a 401 takes a password.  @body: (nullable) of a 200. */
typedef struct
{
  guint status;
  GUri *url;
  char *location;
  gboolean basic;
  GBytes *body;
} PinionHttpReply;

#define PINION_TYPE_HTTP_REPLY (pinion_http_reply_get_type ())
GType pinion_http_reply_get_type (void);

PinionHttpReply *pinion_http_reply_copy (const PinionHttpReply *self);
void             pinion_http_reply_free (PinionHttpReply       *self);

/* @policy: borrowed for as long.  @ca_pem: (nullable).  @cancellable: ends every question.
 * Belongs to the calling thread.  Returns: (transfer full) */
PinionHttp *pinion_http_new  (PinionPolicy *policy,
                              const char   *ca_pem,
                              GCancellable *cancellable);
void        pinion_http_free (PinionHttp   *self);

/* Everything of @question is copied; @limit in milliseconds for all of it.  The future is not to be
 * dropped.  Resolves to a PinionHttpReply (boxed). */
DexFuture *pinion_http_ask (PinionHttp               *self,
                            const PinionHttpQuestion *question,
                            guint                     limit);

/* Asks @host for Autodiscover in clear, without saying for whom, only to see where it leads. */
DexFuture *pinion_http_peek (PinionHttp *self,
                             const char *host,
                             guint       limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionHttp, pinion_http_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionHttpReply, pinion_http_reply_free)

G_END_DECLS
