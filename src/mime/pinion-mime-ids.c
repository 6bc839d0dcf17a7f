/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include "pinion-mime-bounds.h"
#include "pinion-text.h"

#include <string.h>

#define THREAD_INDEX_LENGTH 22
#define THREAD_INDEX_GUID 6
#define GUID_LENGTH (THREAD_INDEX_LENGTH - THREAD_INDEX_GUID)

G_STATIC_ASSERT (PINION_MIME_GUID_SIZE == 2 * GUID_LENGTH + 1);

gboolean
pinion_mime_is_id (PinionMimeSpan id)
{
  if (id.length == 0 || id.length > PINION_MIME_MAX_MESSAGE_ID)
    return FALSE;

  for (gsize i = 0; i < id.length; i++)
    {
      if (g_ascii_isgraph (id.start[i]))
        return TRUE;
    }

  g_autofree char *clean = pinion_text_clean_line (id.start, (gssize) id.length, 0);

  return *clean != '\0';
}

/* The next id between "<" and ">" from @at on, which is moved behind it. */
static gboolean
next_enclosed (const char    **at,
               PinionMimeSpan *id)
{
  const char *open;

  while ((open = strchr (*at, '<')) != NULL)
    {
      *id = (PinionMimeSpan) { open + 1, strcspn (open + 1, "<>") };
      *at = id->start + id->length;
      if (pinion_mime_is_id (*id))
        return TRUE;
    }

  return FALSE;
}

/* The next word that holds an "@". */
static gboolean
next_bare (const char    **at,
           PinionMimeSpan *id)
{
  while (**at != '\0')
    {
      *id = (PinionMimeSpan) { *at, strcspn (*at, " \t,>") };
      *at += id->length + (id->start[id->length] != '\0');
      if (memchr (id->start, '@', id->length) != NULL && pinion_mime_is_id (*id))
        return TRUE;
    }

  return FALSE;
}

void
pinion_mime_ids_init (PinionMimeIds *self,
                      const char    *value)
{
  PinionMimeSpan id;
  const char *at = value != NULL ? value : "";

  self->at = at;
  self->bare = !next_enclosed (&at, &id);
}

gboolean
pinion_mime_ids_next (PinionMimeIds  *self,
                      PinionMimeSpan *id)
{
  return self->bare ? next_bare (&self->at, id) : next_enclosed (&self->at, id);
}

gboolean
pinion_mime_find_id (const char     *value,
                     PinionMimeSpan *id)
{
  PinionMimeIds ids;

  if (value == NULL)
    return FALSE;

  pinion_mime_ids_init (&ids, value);
  if (pinion_mime_ids_next (&ids, id))
    return TRUE;

  /* Not an id by the book, but the sender's only name for it */
  *id = (PinionMimeSpan) { value, MIN (strlen (value), PINION_MIME_MAX_MESSAGE_ID) };

  return strpbrk (value, " \t") == NULL && pinion_mime_is_id (*id);
}

/* Written by programs that had none to give: it would join strangers. */
static gboolean
is_no_guid (const guchar *guid)
{
  for (guint i = 1; i < GUID_LENGTH; i++)
    {
      if (guid[i] != guid[0])
        return FALSE;
    }

  return TRUE;
}

static void
write_hex (const guchar *bytes,
           gsize         length,
           char         *hex)
{
  const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < length; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }
  hex[2 * length] = '\0';
}

/* 6 bytes of time, the conversation's GUID, then 5 bytes for each reply. */
gboolean
pinion_mime_read_guid (const char *value,
                       char       *guid)
{
  guchar bytes[PINION_MIME_MAX_THREAD_INDEX];
  int state = 0;
  guint save = 0;

  if (value == NULL)
    return FALSE;

  gsize length = g_base64_decode_step (value, MIN (strlen (value), sizeof bytes), bytes, &state, &save);
  if (length < THREAD_INDEX_LENGTH || is_no_guid (bytes + THREAD_INDEX_GUID))
    return FALSE;

  write_hex (bytes + THREAD_INDEX_GUID, GUID_LENGTH, guid);

  return TRUE;
}
