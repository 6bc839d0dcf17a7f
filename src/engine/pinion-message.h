/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message as the conversation view shows it, its body, and its attachments.  Plain data, made off
 * the main thread, never changed afterwards. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *address;
} PinionAddress;

typedef enum
{
  PINION_BODY_MISSING,     /* still on the server; being fetched */
  PINION_BODY_HERE,
  PINION_BODY_UNAVAILABLE, /* the server cannot hand it out */
  PINION_BODY_BROKEN,      /* it made the program fail once: opened only on request */
} PinionBodyState;

/* One part of a message that a person can open or save.  @part: its name for saving ("2", "1.2"). */
typedef struct
{
  char *part;
  char *file_name;
  char *content_type;
  char *content_id;
  guint64 size;
  gboolean is_attachment;
} PinionAttachment;

/* A message.  Arrays hold PinionAddress; @labels: ids.  @draft: it can be written on: it is one of this
 * computer (@local_draft), or another program's. */
typedef struct
{
  gint64 id;
  gint64 conversation;
  gint64 account;
  GPtrArray *from;
  GPtrArray *reply_to;
  GPtrArray *to;
  GPtrArray *cc;
  GPtrArray *bcc;
  char *subject;
  char *snippet;
  gint64 date;
  guint64 size;
  gboolean unread;
  gboolean starred;
  gboolean answered;
  gboolean local_draft;
  gboolean draft;
  gboolean outgoing;
  gboolean has_attachments;
  PinionBodyState body;
  GArray *labels;
} PinionMessage;

/* What is drawn.  @html: a whole, safe document.  @remote_pictures: how many were left out.
 * @attachments: PinionAttachment. */
typedef struct
{
  gint64 message;
  char *html;
  char *text;
  gboolean is_plain;
  guint remote_pictures;
  GPtrArray *attachments;
  char *list_unsubscribe;
} PinionBody;

#define PINION_TYPE_MESSAGE (pinion_message_get_type ())
#define PINION_TYPE_BODY (pinion_body_get_type ())
GType pinion_message_get_type (void);
GType pinion_body_get_type    (void);

PinionAddress *pinion_address_new  (const char *name,
                                    const char *address);
void           pinion_address_free (PinionAddress *self);

/* "Ana Keller" or the address where there is no name.  Borrowed. */
const char *pinion_address_get_display (const PinionAddress *self);

/* Atomically counted. */
PinionMessage *pinion_message_new   (void);
PinionMessage *pinion_message_ref   (PinionMessage *self);
void           pinion_message_unref (PinionMessage *self);
PinionBody    *pinion_body_new      (void);
PinionBody    *pinion_body_ref      (PinionBody *self);
void           pinion_body_unref    (PinionBody *self);
void           pinion_attachment_free (PinionAttachment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMessage, pinion_message_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionBody, pinion_body_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionAddress, pinion_address_free)

G_END_DECLS
