/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-response.h"

#include <string.h>

#include "pinion-error.h"

static const struct
{
  const char *name;
  PinionImapCode code;
} CODES[] = {
  { "ALERT", PINION_IMAP_CODE_ALERT },
  { "ALREADYEXISTS", PINION_IMAP_CODE_ALREADYEXISTS },
  { "APPENDUID", PINION_IMAP_CODE_APPENDUID },
  { "AUTHENTICATIONFAILED", PINION_IMAP_CODE_AUTHENTICATIONFAILED },
  { "AUTHORIZATIONFAILED", PINION_IMAP_CODE_AUTHORIZATIONFAILED },
  { "CANNOT", PINION_IMAP_CODE_CANNOT },
  { "CAPABILITY", PINION_IMAP_CODE_CAPABILITY },
  { "CLOSED", PINION_IMAP_CODE_CLOSED },
  { "CONTACTADMIN", PINION_IMAP_CODE_CONTACTADMIN },
  { "COPYUID", PINION_IMAP_CODE_COPYUID },
  { "EXPIRED", PINION_IMAP_CODE_EXPIRED },
  { "HIGHESTMODSEQ", PINION_IMAP_CODE_HIGHESTMODSEQ },
  { "INUSE", PINION_IMAP_CODE_INUSE },
  { "LIMIT", PINION_IMAP_CODE_LIMIT },
  { "NONEXISTENT", PINION_IMAP_CODE_NONEXISTENT },
  { "NOPERM", PINION_IMAP_CODE_NOPERM },
  { "OVERQUOTA", PINION_IMAP_CODE_OVERQUOTA },
  { "PERMANENTFLAGS", PINION_IMAP_CODE_PERMANENTFLAGS },
  { "PRIVACYREQUIRED", PINION_IMAP_CODE_PRIVACYREQUIRED },
  { "READ-ONLY", PINION_IMAP_CODE_READ_ONLY },
  { "READ-WRITE", PINION_IMAP_CODE_READ_WRITE },
  { "REFERRAL", PINION_IMAP_CODE_REFERRAL },
  { "SERVERBUG", PINION_IMAP_CODE_SERVERBUG },
  { "TOOBIG", PINION_IMAP_CODE_TOOBIG },
  { "TRYCREATE", PINION_IMAP_CODE_TRYCREATE },
  { "UIDNEXT", PINION_IMAP_CODE_UIDNEXT },
  { "UIDVALIDITY", PINION_IMAP_CODE_UIDVALIDITY },
  { "UNAVAILABLE", PINION_IMAP_CODE_UNAVAILABLE },
  { "WEBALERT", PINION_IMAP_CODE_WEBALERT },
  { "COMPRESSIONACTIVE", PINION_IMAP_CODE_COMPRESSIONACTIVE },
  { "CORRUPTION", PINION_IMAP_CODE_CORRUPTION },
  { "MAILBOXID", PINION_IMAP_CODE_MAILBOXID },
  { "MODIFIED", PINION_IMAP_CODE_MODIFIED },
  { "NOMODSEQ", PINION_IMAP_CODE_NOMODSEQ },
  { "USEATTR", PINION_IMAP_CODE_USEATTR },
};

static const struct
{
  const char *name;
  PinionImapMailboxFlags flag;
  PinionImapUse use;
} ATTRIBUTES[] = {
  { "\\Noselect", PINION_IMAP_MAILBOX_NOSELECT, 0 },
  { "\\NonExistent", PINION_IMAP_MAILBOX_NONEXISTENT | PINION_IMAP_MAILBOX_NOSELECT, 0 },
  { "\\Noinferiors", PINION_IMAP_MAILBOX_NOINFERIORS, 0 },
  { "\\HasChildren", PINION_IMAP_MAILBOX_HASCHILDREN, 0 },
  { "\\HasNoChildren", PINION_IMAP_MAILBOX_HASNOCHILDREN, 0 },
  { "\\Marked", PINION_IMAP_MAILBOX_MARKED, 0 },
  { "\\Subscribed", PINION_IMAP_MAILBOX_SUBSCRIBED, 0 },
  { "\\All", 0, PINION_IMAP_USE_ALL },
  { "\\Archive", 0, PINION_IMAP_USE_ARCHIVE },
  { "\\Drafts", 0, PINION_IMAP_USE_DRAFTS },
  { "\\Flagged", 0, PINION_IMAP_USE_FLAGGED },
  { "\\Junk", 0, PINION_IMAP_USE_JUNK },
  { "\\Sent", 0, PINION_IMAP_USE_SENT },
  { "\\Trash", 0, PINION_IMAP_USE_TRASH },
  { "\\Important", 0, PINION_IMAP_USE_IMPORTANT },
};

void
pinion_imap_response_init (PinionImapResponse *self)
{
  memset (self, 0, sizeof *self);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
pinion_imap_response_clear (PinionImapResponse *self)
{
  g_clear_pointer (&self->numbers, g_array_unref);
}

GError *
pinion_imap_cursor_to_error (const PinionImapCursor *cursor)
{
  return pinion_error_new (cursor->too_deep ? PINION_ERROR_TOO_LARGE : PINION_ERROR_PROTOCOL,
                           PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "A response lacks %s at byte %" G_GSIZE_FORMAT, cursor->expected,
                           cursor->error_offset);
}

/* -- Text with a condition ------------------------------------------------------------------- */

static gboolean
take_condition (PinionImapCursor    *cursor,
                PinionImapCondition *condition)
{
  static const char *const words[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!pinion_imap_cursor_accept_word (cursor, words[i]))
        continue;
      *condition = (PinionImapCondition) i;
      return TRUE;
    }

  return FALSE;
}

PinionImapFlags
pinion_imap_response_take_flags (PinionImapCursor *cursor)
{
  PinionImapFlags flags = 0;

  pinion_imap_cursor_expect (cursor, '(');
  while (!pinion_imap_cursor_failed (cursor))
    {
      PinionImapSlice flag;

      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_cursor_accept (cursor, ')'))
        break;
      if (pinion_imap_cursor_word (cursor, &flag))
        flags |= pinion_imap_flag_from_name (flag.data, flag.length);
    }

  return flags;
}

/* The arguments of the code, up to its bracket.  Arguments that make no sense leave the code
 * without effect and the response valid. */
static void
read_code_arguments (PinionImapResponse *self)
{
  PinionImapCursor arguments = { .start = self->code_text.data,
                                 .at = self->code_text.data,
                                 .end = self->code_text.data + self->code_text.length };

  switch (self->code)
    {
    case PINION_IMAP_CODE_UIDNEXT:
    case PINION_IMAP_CODE_UIDVALIDITY:
      self->code_number = pinion_imap_cursor_number (&arguments, G_MAXUINT32);
      break;

    case PINION_IMAP_CODE_HIGHESTMODSEQ:
      self->code_number = pinion_imap_cursor_number (&arguments, G_MAXINT64);
      break;

    case PINION_IMAP_CODE_PERMANENTFLAGS:
      self->code_flags = pinion_imap_response_take_flags (&arguments);
      break;

    default:
      break;
    }

  if (pinion_imap_cursor_failed (&arguments))
    self->code = PINION_IMAP_CODE_OTHER;
}

/* "[CODE arguments] text", both optional. */
static void
read_text (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  const char *close;
  PinionImapSlice name;

  pinion_imap_cursor_skip_blanks (cursor);
  close = memchr (cursor->at, ']', (gsize) (cursor->end - cursor->at));
  if (pinion_imap_cursor_peek (cursor) == '[' && close != NULL)
    {
      cursor->at++;
      self->code = PINION_IMAP_CODE_OTHER;
      if (g_ascii_isalpha (pinion_imap_cursor_peek (cursor)) &&
          pinion_imap_cursor_atom (cursor, &name))
        for (guint i = 0; i < G_N_ELEMENTS (CODES); i++)
          if (pinion_imap_slice_is (&name, CODES[i].name))
            self->code = CODES[i].code;

      pinion_imap_cursor_skip_blanks (cursor);
      if (cursor->at <= close)
        {
          self->code_text.data = cursor->at;
          self->code_text.length = (gsize) (close - cursor->at);
          cursor->at += self->code_text.length + 1;
          read_code_arguments (self);
        }
      pinion_imap_cursor_skip_blanks (cursor);
    }

  pinion_imap_cursor_rest (cursor, &self->text);
}

/* -- Data ------------------------------------------------------------------------------------ */

static void
read_attributes (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  pinion_imap_cursor_expect (cursor, '(');
  while (!pinion_imap_cursor_failed (cursor))
    {
      PinionImapSlice name;

      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_cursor_accept (cursor, ')'))
        break;
      if (!pinion_imap_cursor_word (cursor, &name))
        break;
      for (guint i = 0; i < G_N_ELEMENTS (ATTRIBUTES); i++)
        {
          if (!pinion_imap_slice_is (&name, ATTRIBUTES[i].name))
            continue;
          self->mailbox_flags |= ATTRIBUTES[i].flag;
          if (ATTRIBUTES[i].use != PINION_IMAP_USE_NONE)
            self->use = ATTRIBUTES[i].use;
        }
    }
}

/* "(\"CHILDINFO\" (...))" may follow the name (RFC 5258, 6): cuts it off an atom's end, where only
 * those words are believed. */
static void
cut_extended_data (PinionImapSlice *name)
{
  static const char *const words[] = { " (CHILDINFO (", " (\"CHILDINFO\" (", " (OLDNAME (",
                                       " (\"OLDNAME\" (" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      char *found = memmem (name->data, name->length, words[i], strlen (words[i]));

      if (found != NULL && found > name->data && name->data[name->length - 1] == ')')
        name->length = (gsize) (found - name->data);
    }
}

/* A name: Exchange sends control characters and blanks in what looks like an atom, and quotes
 * within quotes, so that everything to the end of the line is the name then. */
static void
read_listed_name (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  char *start = cursor->at;
  gboolean quoted = pinion_imap_cursor_peek (cursor) == '"';
  char next;

  if (!quoted && pinion_imap_cursor_peek (cursor) != '{')
    {
      pinion_imap_cursor_rest (cursor, &self->name);
      if (self->name.length == 0)
        pinion_imap_cursor_fail (cursor, "a mailbox name");
      else
        cut_extended_data (&self->name);
      return;
    }

  if (!pinion_imap_cursor_string (cursor, &self->name))
    return;

  next = pinion_imap_cursor_peek (cursor);
  if (quoted && !pinion_imap_cursor_at_end (cursor) && next != ' ' && next != '(')
    {
      char *last = memrchr (start, '"', (gsize) (cursor->end - start));

      self->name.data = start + 1;
      self->name.length = last > start ? (gsize) (last - start - 1) : 0;
      cursor->at = cursor->end;
    }
}

static void
read_list (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  PinionImapSlice delimiter;

  self->kind = PINION_IMAP_RESPONSE_LIST;
  read_attributes (self);
  pinion_imap_cursor_skip_blanks (cursor);
  if (pinion_imap_cursor_nstring (cursor, &delimiter) && delimiter.length > 1)
    pinion_imap_cursor_fail (cursor, "a delimiter of one character");
  else if (delimiter.length == 1)
    self->delimiter = delimiter.data[0];
  if (pinion_imap_cursor_failed (cursor))
    return;

  pinion_imap_cursor_skip_blanks (cursor);
  read_listed_name (self);
  if (memchr (self->name.data != NULL ? self->name.data : "", '\0', self->name.length) != NULL)
    pinion_imap_cursor_fail (cursor, "a mailbox name without NUL");
}

void
pinion_imap_response_take_id (PinionImapCursor *cursor,
                              PinionImapSlice  *id)
{
  PinionImapSlice slice = { 0 };

  *id = slice;
  if (!pinion_imap_cursor_accept (cursor, '('))
    {
      pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
      return;
    }

  pinion_imap_cursor_skip_blanks (cursor);
  pinion_imap_cursor_atom (cursor, &slice);
  pinion_imap_cursor_skip_blanks (cursor);
  pinion_imap_cursor_expect (cursor, ')');
  if (pinion_imap_cursor_failed (cursor) || slice.length > PINION_IMAP_MAX_ID)
    return;

  for (gsize i = 0; i < slice.length; i++)
    if (!g_ascii_isalnum (slice.data[i]) && slice.data[i] != '-' && slice.data[i] != '_')
      return;

  *id = slice;
}

static void
copy_id (PinionImapCursor *cursor,
         char              id[PINION_IMAP_MAX_ID + 1])
{
  PinionImapSlice slice;

  pinion_imap_response_take_id (cursor, &slice);
  if (slice.data != NULL)
    memcpy (id, slice.data, slice.length);
  id[slice.length] = '\0';
}

static void
take_status_number32 (PinionImapCursor *cursor,
                      guint32          *number)
{
  *number = (guint32) pinion_imap_cursor_number (cursor, G_MAXUINT32);
}

/* Also NIL: there is none. */
static void
take_status_number64 (PinionImapCursor *cursor,
                      guint64          *number)
{
  if (g_ascii_isdigit (pinion_imap_cursor_peek (cursor)))
    *number = pinion_imap_cursor_number (cursor, G_MAXINT64);
  else
    pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
}

static void
read_status_item (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  PinionImapStatus *status = &self->status;
  PinionImapSlice name;

  if (!pinion_imap_cursor_atom (cursor, &name))
    return;
  pinion_imap_cursor_skip_blanks (cursor);

  if (pinion_imap_slice_is (&name, "MESSAGES"))
    take_status_number32 (cursor, &status->messages);
  else if (pinion_imap_slice_is (&name, "UNSEEN"))
    take_status_number32 (cursor, &status->unseen);
  else if (pinion_imap_slice_is (&name, "UIDNEXT"))
    take_status_number32 (cursor, &status->uidnext);
  else if (pinion_imap_slice_is (&name, "UIDVALIDITY"))
    take_status_number32 (cursor, &status->uidvalidity);
  else if (pinion_imap_slice_is (&name, "HIGHESTMODSEQ"))
    take_status_number64 (cursor, &status->highestmodseq);
  else if (pinion_imap_slice_is (&name, "SIZE"))
    take_status_number64 (cursor, &status->size);
  else if (pinion_imap_slice_is (&name, "APPENDLIMIT"))
    take_status_number64 (cursor, &status->append_limit);
  else if (pinion_imap_slice_is (&name, "MAILBOXID"))
    copy_id (cursor, status->mailbox_id);
  else
    pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
}

static void
read_status (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->kind = PINION_IMAP_RESPONSE_STATUS;
  pinion_imap_cursor_astring (cursor, &self->name);
  pinion_imap_cursor_skip_blanks (cursor);
  pinion_imap_cursor_expect (cursor, '(');
  while (!pinion_imap_cursor_failed (cursor))
    {
      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_cursor_accept (cursor, ')'))
        break;
      read_status_item (self);
    }
}

static void
read_search (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->kind = PINION_IMAP_RESPONSE_SEARCH;
  for (;;)
    {
      guint32 number;

      pinion_imap_cursor_skip_blanks (cursor);
      /* "(MODSEQ 123)" may follow */
      if (pinion_imap_cursor_at_end (cursor) || pinion_imap_cursor_peek (cursor) == '(')
        break;
      number = (guint32) pinion_imap_cursor_number (cursor, G_MAXUINT32);
      if (pinion_imap_cursor_failed (cursor))
        break;
      if (number != 0)
        g_array_append_val (self->numbers, number);
    }
}

static void
read_vanished (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->kind = PINION_IMAP_RESPONSE_VANISHED;
  if (pinion_imap_cursor_accept (cursor, '('))
    {
      self->number = pinion_imap_cursor_accept_word (cursor, "EARLIER");
      pinion_imap_cursor_expect (cursor, ')');
      pinion_imap_cursor_skip_blanks (cursor);
    }
  pinion_imap_cursor_atom (cursor, &self->text);
}

/* "PARTIAL (-1:-100 1,3:5)", with NIL for none (RFC 9394, 3.1) */
static void
read_partial (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  PinionImapSlice range;
  PinionImapSlice set;

  pinion_imap_cursor_expect (cursor, '(');
  pinion_imap_cursor_atom (cursor, &range);
  pinion_imap_cursor_skip_blanks (cursor);
  pinion_imap_cursor_atom (cursor, &set);
  pinion_imap_cursor_expect (cursor, ')');
  if (!pinion_imap_cursor_failed (cursor) && !pinion_imap_slice_is (&set, "NIL"))
    self->text = set;
}

static void
read_correlator (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  if (!pinion_imap_cursor_accept (cursor, '('))
    return;

  if (!pinion_imap_cursor_accept_word (cursor, "TAG"))
    pinion_imap_cursor_fail (cursor, "a tag");
  pinion_imap_cursor_skip_blanks (cursor);
  pinion_imap_cursor_astring (cursor, &self->tag);
  pinion_imap_cursor_expect (cursor, ')');
  pinion_imap_cursor_skip_blanks (cursor);
}

/* RFC 4731, 3.1: ALL is left out where nothing was found. */
static void
read_esearch (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->kind = PINION_IMAP_RESPONSE_ESEARCH;
  read_correlator (self);
  self->number = pinion_imap_cursor_accept_word (cursor, "UID");
  pinion_imap_cursor_skip_blanks (cursor);

  while (!pinion_imap_cursor_failed (cursor) && !pinion_imap_cursor_at_end (cursor))
    {
      PinionImapSlice name;

      if (!pinion_imap_cursor_atom (cursor, &name))
        break;
      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_slice_is (&name, "ALL"))
        pinion_imap_cursor_atom (cursor, &self->text);
      else if (pinion_imap_slice_is (&name, "PARTIAL"))
        read_partial (self);
      else
        pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
      pinion_imap_cursor_skip_blanks (cursor);
    }
}

/* RFC 2971, 3.2 */
static void
read_id (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->kind = PINION_IMAP_RESPONSE_ID;
  if (!pinion_imap_cursor_accept (cursor, '('))
    return;

  while (!pinion_imap_cursor_failed (cursor))
    {
      PinionImapSlice field;
      PinionImapSlice value;

      pinion_imap_cursor_skip_blanks (cursor);
      if (pinion_imap_cursor_accept (cursor, ')') ||
          !pinion_imap_cursor_string (cursor, &field))
        break;
      pinion_imap_cursor_skip_blanks (cursor);
      if (!pinion_imap_cursor_nstring (cursor, &value))
        break;
      if (pinion_imap_slice_is (&field, "name"))
        self->name = value;
      else if (pinion_imap_slice_is (&field, "version"))
        self->version = value;
    }
}

static void
read_numbered (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  self->number = (guint32) pinion_imap_cursor_number (cursor, G_MAXUINT32);
  pinion_imap_cursor_skip_blanks (cursor);

  if (pinion_imap_cursor_accept_word (cursor, "FETCH"))
    {
      self->kind = PINION_IMAP_RESPONSE_FETCH;
      pinion_imap_cursor_skip_blanks (cursor);
    }
  else if (pinion_imap_cursor_accept_word (cursor, "EXISTS"))
    self->kind = PINION_IMAP_RESPONSE_EXISTS;
  else if (pinion_imap_cursor_accept_word (cursor, "EXPUNGE"))
    self->kind = PINION_IMAP_RESPONSE_EXPUNGE;
  else
    self->kind = PINION_IMAP_RESPONSE_OTHER;
}

static void
read_data (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;
  PinionImapSlice word;

  if (!pinion_imap_cursor_atom (cursor, &word))
    return;
  pinion_imap_cursor_skip_blanks (cursor);

  if (pinion_imap_slice_is (&word, "LIST") || pinion_imap_slice_is (&word, "LSUB"))
    read_list (self);
  else if (pinion_imap_slice_is (&word, "STATUS"))
    read_status (self);
  else if (pinion_imap_slice_is (&word, "SEARCH"))
    read_search (self);
  else if (pinion_imap_slice_is (&word, "ESEARCH"))
    read_esearch (self);
  else if (pinion_imap_slice_is (&word, "VANISHED"))
    read_vanished (self);
  else if (pinion_imap_slice_is (&word, "ID"))
    read_id (self);
  else if (pinion_imap_slice_is (&word, "ENABLED"))
    {
      self->kind = PINION_IMAP_RESPONSE_ENABLED;
      pinion_imap_cursor_rest (cursor, &self->text);
    }
  else if (pinion_imap_slice_is (&word, "CAPABILITY"))
    {
      self->kind = PINION_IMAP_RESPONSE_CAPABILITY;
      pinion_imap_cursor_rest (cursor, &self->text);
    }
  else if (pinion_imap_slice_is (&word, "NAMESPACE"))
    self->kind = PINION_IMAP_RESPONSE_NAMESPACE;
  else
    self->kind = PINION_IMAP_RESPONSE_OTHER;
}

/* A line that begins with neither "*" nor "+". */
static void
read_tagged_or_junk (PinionImapResponse *self)
{
  PinionImapCursor *cursor = &self->cursor;

  if (pinion_imap_cursor_peek (cursor) == '[')
    {
      /* Seen from Exchange: a response code on a line of its own */
      self->kind = PINION_IMAP_RESPONSE_STATE;
      read_text (self);
      return;
    }

  if (!pinion_imap_cursor_at_end (cursor) && g_ascii_isalnum (*cursor->at) &&
      pinion_imap_cursor_atom (cursor, &self->tag))
    {
      pinion_imap_cursor_skip_blanks (cursor);
      if (take_condition (cursor, &self->condition) && self->condition <= PINION_IMAP_BAD)
        {
          self->kind = PINION_IMAP_RESPONSE_TAGGED;
          read_text (self);
          return;
        }
    }

  cursor->at = cursor->start;
  pinion_imap_cursor_rest (cursor, &self->text);
}

static void
reset (PinionImapResponse *self)
{
  GArray *numbers = self->numbers;

  if (numbers->len > 0)
    g_array_set_size (numbers, 0);
  memset (self, 0, sizeof *self);
  self->numbers = numbers;
}

gboolean
pinion_imap_response_parse (PinionImapResponse *self,
                            PinionImapFramer   *framer,
                            GError            **error)
{
  PinionImapCursor *cursor = &self->cursor;

  reset (self);
  pinion_imap_cursor_init (cursor, framer);

  if (pinion_imap_cursor_accept (cursor, '+'))
    {
      self->kind = PINION_IMAP_RESPONSE_CONTINUE;
      pinion_imap_cursor_skip_blanks (cursor);
      pinion_imap_cursor_rest (cursor, &self->text);
    }
  else if (pinion_imap_cursor_accept (cursor, '*'))
    {
      pinion_imap_cursor_skip_blanks (cursor);
      if (g_ascii_isdigit (pinion_imap_cursor_peek (cursor)))
        {
          read_numbered (self);
        }
      else if (take_condition (cursor, &self->condition))
        {
          self->kind = PINION_IMAP_RESPONSE_STATE;
          read_text (self);
        }
      else
        {
          read_data (self);
        }
    }
  else
    read_tagged_or_junk (self);

  if (!pinion_imap_cursor_failed (cursor))
    return TRUE;

  g_propagate_error (error, pinion_imap_cursor_to_error (cursor));

  return FALSE;
}

/* -- COPYUID and APPENDUID ------------------------------------------------------------------- */

/* Adds the UIDs of a set in the order they are written, which is the order of the mapping. */
static gboolean
take_ordered_uids (PinionImapCursor *cursor,
                   gsize             most,
                   GArray           *uids)
{
  do
    {
      guint64 first = pinion_imap_cursor_number (cursor, G_MAXUINT32);
      guint64 last = first;

      if (pinion_imap_cursor_accept (cursor, ':'))
        last = pinion_imap_cursor_number (cursor, G_MAXUINT32);
      if (first == 0 || last == 0)
        return FALSE;
      if (first > last)
        {
          guint64 other = first;

          first = last;
          last = other;
        }
      if (last - first >= most - MIN (most, uids->len))
        return FALSE;
      for (guint64 uid = first; uid <= last; uid++)
        {
          guint32 value = (guint32) uid;

          g_array_append_val (uids, value);
        }
    }
  while (pinion_imap_cursor_accept (cursor, ','));

  return TRUE;
}

static PinionImapCursor
cursor_of_code (const PinionImapResponse *self)
{
  return (PinionImapCursor){ .start = self->code_text.data,
                             .at = self->code_text.data,
                             .end = self->code_text.data + self->code_text.length };
}

void
pinion_imap_response_get_mailbox_id (const PinionImapResponse *self,
                                     char                      id[PINION_IMAP_MAX_ID + 1])
{
  PinionImapCursor cursor = cursor_of_code (self);

  copy_id (&cursor, id);
}

gboolean
pinion_imap_response_get_copyuid (const PinionImapResponse *self,
                                  gsize                     most,
                                  PinionImapCopied         *copied)
{
  g_autoptr (GArray) source = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) destination = g_array_new (FALSE, FALSE, sizeof (guint32));
  PinionImapCursor cursor = cursor_of_code (self);
  guint32 uidvalidity = (guint32) pinion_imap_cursor_number (&cursor, G_MAXUINT32);

  pinion_imap_cursor_skip_blanks (&cursor);
  if (uidvalidity == 0 || !take_ordered_uids (&cursor, most, source))
    return FALSE;
  pinion_imap_cursor_skip_blanks (&cursor);
  if (!take_ordered_uids (&cursor, most, destination) || source->len != destination->len)
    return FALSE;

  copied->uidvalidity = uidvalidity;
  g_array_append_vals (copied->source, source->data, source->len);
  g_array_append_vals (copied->destination, destination->data, destination->len);

  return TRUE;
}

gboolean
pinion_imap_response_get_appenduid (const PinionImapResponse *self,
                                    PinionImapAppended       *appended)
{
  PinionImapCursor cursor = cursor_of_code (self);
  PinionImapAppended found;

  found.uidvalidity = (guint32) pinion_imap_cursor_number (&cursor, G_MAXUINT32);
  pinion_imap_cursor_skip_blanks (&cursor);
  found.uid = (guint32) pinion_imap_cursor_number (&cursor, G_MAXUINT32);
  if (found.uidvalidity == 0 || found.uid == 0)
    return FALSE;

  *appended = found;

  return TRUE;
}
