/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-view.h"

#include "imap-test-feed.h"

typedef struct
{
  PinionImapFramer *framer;
  PinionImapResponse response;
  PinionImapView *view;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->framer = pinion_imap_framer_new (NULL, NULL, NULL);
  pinion_imap_response_init (&self->response);
  self->view = pinion_imap_view_new ("INBOX", FALSE);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  pinion_imap_framer_free (self->framer);
  pinion_imap_response_clear (&self->response);
  pinion_imap_view_free (self->view);
}

static void
say (Fixture    *self,
     const char *text)
{
  g_autofree char *line = g_strconcat (text, "\r\n", NULL);
  PinionImapFetched fetched;
  gboolean is_fetch;

  g_assert_true (feed_response (self->framer, &self->response, line, strlen (line), 0, NULL));
  is_fetch = self->response.kind == PINION_IMAP_RESPONSE_FETCH;
  if (is_fetch)
    g_assert_true (pinion_imap_fetch_read (&self->response, &fetched, NULL));
  pinion_imap_view_apply (self->view, &self->response, is_fetch ? &fetched : NULL, FALSE);
}

static void
assert_changes (Fixture    *self,
                const char *expected)
{
  g_autoptr (GArray) changes = pinion_imap_view_take_changes (self->view);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);
      const char kinds[] = "E-FR";

      g_string_append_printf (out, "%c%u", kinds[change->kind], change->number);
      if (change->uid != 0)
        g_string_append_printf (out, "/%u", change->uid);
      if (change->kind == PINION_IMAP_CHANGE_FLAGS)
        g_string_append_printf (out, "=%x", change->flags);
      g_string_append_c (out, ' ');
    }
  g_assert_cmpstr (out->str, ==, expected);
  g_assert_false (pinion_imap_view_has_changes (self->view));
}

static void
open_view (Fixture *self)
{
  say (self, "* 5 EXISTS");
  say (self, "* OK [UIDVALIDITY 14] ok");
  say (self, "* OK [UIDNEXT 4491] ok");
  say (self, "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)] ok");
  pinion_imap_view_open (self->view, FALSE);
}

static void
test_select (Fixture      *self,
             gconstpointer data)
{
  const PinionImapSelected *selected = pinion_imap_view_get_selected (self->view);

  open_view (self);
  assert_changes (self, "");
  g_assert_cmpuint (selected->exists, ==, 5);
  g_assert_cmpuint (selected->uidvalidity, ==, 14);
  g_assert_cmpuint (selected->uidnext, ==, 4491);
  g_assert_cmpuint (selected->permanent_flags, ==,
                    PINION_IMAP_FLAGS_SYSTEM | PINION_IMAP_FLAG_MDN_SENT);
  g_assert_false (selected->read_only);
}

static void
test_changes (Fixture      *self,
              gconstpointer data)
{
  open_view (self);
  say (self, "* 6 EXISTS");
  say (self, "* 6 FETCH (UID 60 FLAGS (\\Seen))");
  say (self, "* 2 FETCH (FLAGS (\\Flagged))");
  say (self, "* 5 FETCH (UID 50)");
  say (self, "* 1 EXPUNGE");
  say (self, "* 4 EXPUNGE");
  say (self, "* 4 EXPUNGE");
  assert_changes (self, "E6 F6/60=1 F2=4 -1 -4/50 -4/60 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 3);
}

/* With QRESYNC messages go by UID; which numbers that moves is only known of those that were
 * said. */
static void
test_vanished (Fixture      *self,
               gconstpointer data)
{
  open_view (self);
  say (self, "* 1 FETCH (UID 10)");
  say (self, "* 2 FETCH (UID 20)");
  say (self, "* 4 FETCH (UID 40)");
  say (self, "* 5 FETCH (UID 50)");
  say (self, "* VANISHED (EARLIER) 1:9");
  say (self, "* VANISHED 20");
  say (self, "* 3 FETCH (FLAGS (\\Seen))");
  assert_changes (self, "-0/20 F3/40=1 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 4);

  /* 30 was never said to be anything: behind 10, nothing is known any more. */
  say (self, "* VANISHED 30,50");
  say (self, "* 1 FETCH (MODSEQ (5) FLAGS ())");
  say (self, "* 2 FETCH (FLAGS ())");
  assert_changes (self, "-0/30 -0/50 F1/10=0 F2=0 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 2);

  /* More than there are; no set at all */
  say (self, "* VANISHED 1:4294967295");
  assert_changes (self, "R0 ");
  say (self, "* VANISHED x");
  assert_changes (self, "R0 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 2);

  say (self, "* 4000000000 EXISTS");
  say (self, "* VANISHED 1:3999999999");
  assert_changes (self, "R0 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 1);
}

/* What is said before CLOSED is of the mailbox that is left. */
static void
test_closed (Fixture      *self,
             gconstpointer data)
{
  const PinionImapSelected *selected = pinion_imap_view_get_selected (self->view);

  say (self, "* 77 EXISTS");
  say (self, "* OK [UIDVALIDITY 1] ok");
  say (self, "* OK [HIGHESTMODSEQ 100] ok");
  say (self, "* OK [MAILBOXID (Fold)] ok");
  say (self, "* OK [CLOSED] gone");
  g_assert_cmpuint (selected->exists, ==, 0);
  g_assert_cmpuint (selected->highestmodseq, ==, 0);
  say (self, "* OK [HIGHESTMODSEQ 7] ok");
  say (self, "* OK [MAILBOXID (Fnew)] ok");
  open_view (self);
  say (self, "* OK [CLOSED] once more");
  g_assert_cmpuint (selected->exists, ==, 5);
  g_assert_cmpuint (selected->uidvalidity, ==, 14);
  g_assert_cmpuint (selected->highestmodseq, ==, 7);
  g_assert_cmpstr (selected->mailbox_id, ==, "Fnew");
  say (self, "* OK [NOMODSEQ] none");
  g_assert_cmpuint (selected->highestmodseq, ==, 0);
  assert_changes (self, "");
}

/* What does not add up is not believed. */
static void
test_lies (Fixture      *self,
           gconstpointer data)
{
  open_view (self);
  say (self, "* 9 FETCH (UID 1 FLAGS (\\Seen))");
  assert_changes (self, "");
  say (self, "* 9 EXPUNGE");
  assert_changes (self, "R0 ");
  say (self, "* 0 EXPUNGE");
  assert_changes (self, "R0 ");
  say (self, "* 3 EXISTS");
  assert_changes (self, "R0 ");
  say (self, "* OK [UIDVALIDITY 15] changed");
  say (self, "* 4 EXISTS");
  assert_changes (self, "R0 ");
  g_assert_cmpuint (pinion_imap_view_get_selected (self->view)->exists, ==, 4);
}

/* A count is no reason to take memory. */
static void
test_huge (Fixture      *self,
           gconstpointer data)
{
  open_view (self);
  say (self, "* 4294967295 EXISTS");
  say (self, "* 4294967295 FETCH (UID 4294967295 FLAGS ())");
  say (self, "* 4294967295 EXPUNGE");
  assert_changes (self, "E4294967295 F4294967295=0 -4294967295 ");

  for (guint i = 0; i < 60000; i++)
    say (self, "* 1 FETCH (FLAGS ())");
  assert_changes (self, "R0 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/imap/view/select", Fixture, NULL, set_up, test_select, tear_down);
  g_test_add ("/imap/view/changes", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/imap/view/vanished", Fixture, NULL, set_up, test_vanished, tear_down);
  g_test_add ("/imap/view/closed", Fixture, NULL, set_up, test_closed, tear_down);
  g_test_add ("/imap/view/lies", Fixture, NULL, set_up, test_lies, tear_down);
  g_test_add ("/imap/view/huge", Fixture, NULL, set_up, test_huge, tear_down);

  return g_test_run ();
}
