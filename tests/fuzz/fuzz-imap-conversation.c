/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything a server can say, EXISTS, EXPUNGE, VANISHED, NAMESPACE and what is not known included,
 * through framer, grammar and view.  The first byte decides how the rest is cut; the outcome must
 * not depend on it.  The number of messages is counted along. */

#include "fuzz.h"
#include "pinion-imap-failure.h"
#include "pinion-imap-view.h"

#define MOST_CHANGES 50001

typedef struct
{
  PinionImapFramer *framer;
  PinionImapResponse response;
  PinionImapView *view;
  guint64 hash;
  guint32 exists;
} Target;

static void
add (Target       *self,
     gconstpointer data,
     gsize         length)
{
  const guint8 *bytes = data;

  for (gsize i = 0; i < length; i++)
    self->hash = (self->hash ^ bytes[i]) * G_GUINT64_CONSTANT (1099511628211);
}

static void
use_fetched (Target                  *self,
             const PinionImapFetched *fetched)
{
  if (fetched->has_body)
    add (self, fetched->body.data, fetched->body.length);
  if (fetched->has_header)
    add (self, fetched->header.data, fetched->header.length);
  add (self, &fetched->uid, sizeof fetched->uid);
  add (self, &fetched->attachment, sizeof fetched->attachment);
}

/* VANISHED does not say how many of its UIDs there were. */
static void
count_along (Target *self)
{
  const PinionImapResponse *response = &self->response;
  guint32 exists = pinion_imap_view_get_selected (self->view)->exists;

  if (response->kind == PINION_IMAP_RESPONSE_EXISTS)
    self->exists = response->number;
  else if (response->kind == PINION_IMAP_RESPONSE_EXPUNGE)
    self->exists -= response->number > 0 && response->number <= self->exists;
  else if (response->kind == PINION_IMAP_RESPONSE_VANISHED)
    {
      g_assert_cmpuint (exists, <=, self->exists);
      self->exists = exists;
    }

  g_assert_cmpuint (exists, ==, self->exists);
}

static void
use_response (Target *self)
{
  PinionImapResponse *response = &self->response;
  PinionImapFetched fetched;
  gboolean is_fetch = response->kind == PINION_IMAP_RESPONSE_FETCH;
  g_autoptr (PinionImapCopied) copied = pinion_imap_copied_new ();
  g_autofree char *name = pinion_imap_slice_dup (&response->name);

  add (self, &response->kind, sizeof response->kind);
  if (is_fetch)
    {
      if (!pinion_imap_fetch_read (response, &fetched, NULL))
        return;
      use_fetched (self, &fetched);
    }
  if (response->kind == PINION_IMAP_RESPONSE_LIST && name != NULL)
    pinion_imap_mailbox_free (pinion_imap_mailbox_new (g_steal_pointer (&name), response->delimiter,
                                                       response->mailbox_flags, response->use));
  if (response->kind == PINION_IMAP_RESPONSE_STATE)
    g_error_free (pinion_imap_failure_new (PINION_IMAP_ASKED_APPEND, response));
  if (response->code == PINION_IMAP_CODE_COPYUID)
    pinion_imap_response_get_copyuid (response, 1000, copied);

  pinion_imap_view_apply (self->view, response, is_fetch ? &fetched : NULL, FALSE);
  count_along (self);
}

static void
check_changes (Target *self)
{
  g_autoptr (GArray) changes = pinion_imap_view_take_changes (self->view);

  g_assert_cmpuint (changes->len, <=, MOST_CHANGES);
  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);

      /* Nothing is said to be gone that cannot be told apart. */
      if (change->kind == PINION_IMAP_CHANGE_EXPUNGED)
        g_assert_true (change->number != 0 || change->uid != 0);
    }
}

/* Returns what came of it as one number. */
static guint64
run (const guint8 *data,
     gsize         size,
     gsize         piece)
{
  Target self = { .framer = pinion_imap_framer_new (NULL, NULL, NULL),
                  .view = pinion_imap_view_new ("INBOX", FALSE) };
  PinionImapFramerStatus status = PINION_IMAP_FRAMER_MORE;

  pinion_imap_response_init (&self.response);
  pinion_imap_view_open (self.view, FALSE);

  while (size > 0 && status != PINION_IMAP_FRAMER_ERROR)
    {
      gsize part = MIN (size, piece);
      gsize left = part;

      while ((status = pinion_imap_framer_push (self.framer, &data, &left, NULL)) ==
             PINION_IMAP_FRAMER_RESPONSE)
        if (pinion_imap_response_parse (&self.response, self.framer, NULL))
          use_response (&self);
      size -= part;
    }

  add (&self, pinion_imap_view_get_selected (self.view), offsetof (PinionImapSelected, raw_name));
  check_changes (&self);
  pinion_imap_view_free (self.view);
  pinion_imap_response_clear (&self.response);
  pinion_imap_framer_free (self.framer);

  return self.hash;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size > 0)
    g_assert_cmpuint (run (data + 1, size - 1, size), ==,
                      run (data + 1, size - 1, 1 + data[0] % 32));

  return 0;
}
