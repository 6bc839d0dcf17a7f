/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Only whether a message has attachments is taken from a BODYSTRUCTURE: the rest is left to the
 * MIME parser, since Exchange's structures are often wrong.  A stack of frames instead of
 * recursion; elements that do not fit are stepped over. */

#include "pinion-imap-fetch.h"

#include <string.h>

typedef enum
{
  FRAME_PART,
  FRAME_PARAMETERS,
  FRAME_DISPOSITION,
} FrameKind;

typedef struct
{
  FrameKind kind;
  guint index;
  gboolean multipart;
  gboolean after_parts; /* of a multipart: its subtype and more */
  gboolean wants_value; /* of parameters: the last name was one of a file */
  PinionImapSlice type;
  PinionImapSlice subtype;
  gboolean has_id;
  gboolean has_name;
  gboolean has_file_name;
  gboolean is_attachment;
  gboolean is_inline;
} Frame;

typedef struct
{
  PinionImapCursor *cursor;
  Frame frames[PINION_IMAP_MAX_DEPTH];
  guint depth;
  gboolean found;
  gboolean cut;
} Walk;

/* -- Judging one part ------------------------------------------------------------------------ */

static gboolean
is_one_of (const PinionImapSlice *slice,
           const char *const     *words)
{
  for (; *words != NULL; words++)
    if (pinion_imap_slice_is (slice, *words))
      return TRUE;

  return FALSE;
}

/* Parts that belong to the machinery of mail. */
static gboolean
is_machinery (const Frame *part)
{
  static const char *const subtypes[] = { "pgp-signature",     "pkcs7-signature",
                                          "x-pkcs7-signature", "pgp-encrypted",
                                          "delivery-status",   "disposition-notification",
                                          "global-delivery-status", NULL };

  return is_one_of (&part->subtype, subtypes);
}

static gboolean
is_attached (const Frame *part)
{
  if (part->type.data == NULL || part->multipart || is_machinery (part))
    return FALSE;
  if (part->is_attachment)
    return TRUE;
  if (pinion_imap_slice_is (&part->type, "text"))
    return part->has_file_name || (part->has_name && !part->is_inline && !part->has_id &&
                                   !pinion_imap_slice_is (&part->subtype, "calendar"));

  /* A picture within the text has an id that the text refers to. */
  return !part->has_id;
}

/* -- Walking --------------------------------------------------------------------------------- */

static Frame *
top (Walk *walk)
{
  return &walk->frames[walk->depth - 1];
}

static void
push (Walk     *walk,
      FrameKind kind)
{
  walk->cursor->at++;
  walk->frames[walk->depth++] = (Frame){ .kind = kind };
}

static void
pop (Walk *walk)
{
  Frame done = *top (walk);
  Frame *parent;

  walk->cursor->at++;
  walk->depth--;
  if (done.kind == FRAME_PART)
    walk->found = walk->found || is_attached (&done);
  if (walk->depth == 0)
    return;

  parent = top (walk);
  parent->index++;
  if (done.kind == FRAME_PARAMETERS)
    {
      parent->has_name |= done.has_name;
    }
  else if (done.kind == FRAME_DISPOSITION)
    {
      parent->has_file_name |= done.has_name;
      parent->is_attachment |= done.is_attachment;
      parent->is_inline |= done.is_inline;
    }
}

static void
step_over (Walk *walk)
{
  pinion_imap_cursor_skip_value (walk->cursor, PINION_IMAP_MAX_BODY_DEPTH);
  top (walk)->index++;
}

static void
enter_list (Walk *walk)
{
  Frame *frame = top (walk);

  if (walk->depth == PINION_IMAP_MAX_DEPTH)
    {
      walk->cut = TRUE;
      step_over (walk);
    }
  else if (frame->kind == FRAME_DISPOSITION && frame->index == 1)
    {
      push (walk, FRAME_PARAMETERS);
    }
  else if (frame->kind != FRAME_PART)
    {
      step_over (walk);
    }
  else if (frame->index == 0 || (frame->multipart && !frame->after_parts))
    {
      frame->multipart = TRUE;
      push (walk, FRAME_PART);
    }
  else if (frame->multipart)
    {
      step_over (walk);
    }
  else if (frame->index == 2)
    {
      push (walk, FRAME_PARAMETERS);
    }
  else if (frame->index >= 7 && !pinion_imap_slice_is (&frame->type, "message"))
    {
      push (walk, FRAME_DISPOSITION);
    }
  else
    {
      step_over (walk);
    }
}

static void
note_disposition (Frame                 *frame,
                  const PinionImapSlice *value)
{
  frame->is_attachment |= pinion_imap_slice_is (value, "attachment");
  frame->is_inline |= pinion_imap_slice_is (value, "inline");
}

static void
note_part_value (Frame                 *frame,
                 const PinionImapSlice *value)
{
  if (frame->multipart)
    frame->after_parts = TRUE;
  else if (frame->index == 0)
    frame->type = *value;
  else if (frame->index == 1)
    frame->subtype = *value;
  else if (frame->index == 3)
    frame->has_id = value->data != NULL && value->length > 0;
  else if (frame->index >= 8)
    note_disposition (frame, value);
}

static void
note_parameter (Frame                 *frame,
                const PinionImapSlice *value)
{
  static const char *const names[] = { "name", "filename", NULL };
  PinionImapSlice plain = *value;
  const char *star;

  if (frame->index % 2 == 1)
    {
      frame->has_name |= frame->wants_value && value->data != NULL && value->length > 0;
      return;
    }

  /* RFC 2231: filename*, filename*0* */
  star = plain.data != NULL ? memchr (plain.data, '*', plain.length) : NULL;
  if (star != NULL)
    plain.length = (gsize) (star - plain.data);
  frame->wants_value = is_one_of (&plain, names);
}

static void
take_value (Walk *walk)
{
  Frame *frame = top (walk);
  PinionImapSlice value;
  char c = pinion_imap_cursor_peek (walk->cursor);

  if (pinion_imap_cursor_accept_word (walk->cursor, "NIL"))
    value = (PinionImapSlice){ 0 };
  else if (c == '"' || c == '{' || c == '~')
    pinion_imap_cursor_string (walk->cursor, &value);
  else
    pinion_imap_cursor_atom (walk->cursor, &value);

  if (pinion_imap_cursor_failed (walk->cursor))
    return;

  if (frame->kind == FRAME_PART)
    note_part_value (frame, &value);
  else if (frame->kind == FRAME_PARAMETERS)
    note_parameter (frame, &value);
  else if (frame->index == 0)
    note_disposition (frame, &value);
  frame->index++;
}

PinionImapAttachment
pinion_imap_bodystructure_read (PinionImapCursor *cursor)
{
  g_autofree Walk *walk = NULL;

  if (pinion_imap_cursor_peek (cursor) != '(')
    {
      pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
      return PINION_IMAP_ATTACHMENT_UNKNOWN;
    }

  /* Too large for a fiber's stack */
  walk = g_new (Walk, 1);
  walk->cursor = cursor;
  walk->depth = 0;
  walk->found = FALSE;
  walk->cut = FALSE;
  push (walk, FRAME_PART);

  while (walk->depth > 0 && !pinion_imap_cursor_failed (cursor))
    {
      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_cursor_peek (cursor) == ')')
        pop (walk);
      else if (pinion_imap_cursor_peek (cursor) == '(')
        enter_list (walk);
      else
        take_value (walk);
    }

  if (walk->found)
    return PINION_IMAP_ATTACHMENT_YES;

  return walk->cut ? PINION_IMAP_ATTACHMENT_UNKNOWN : PINION_IMAP_ATTACHMENT_NO;
}
