#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange case 28: IDLE, what comes before its + and around its DONE, and its sudden ends.

A server that is silent from then on is in tests/imap/test-cuts.c: half a minute is granted to it.
"""

import threading
import time

from exchange import E10, E16, Case, for_each, harness, main, until
from imap_peer import bye, cut, first, instead


class Idle(Case):
    def assert_seen(self, *subjects, seconds=20):
        self.assertTrue(until(lambda: all(self.row(subject) for subject in subjects), seconds),
                        subjects)

    def assert_rests(self, idles):
        """It idles again, and does not ask again and again."""
        self.assertTrue(self.imap.await_idle(idles, 20 * harness.PATIENCE))

    @for_each(E10, E16)
    def test_28_news_before_the_plus(self, profile):
        """EXISTS comes before IDLE is accepted, where no + is expected to be yet."""
        self.account(profile, more=("--imap-user", "anna@northwind.example"))

        def early(session, _):
            self.server.deliver("before the plus")
            session.announce()

        self.imap.script("IDLE", early)
        self.watch()
        self.assert_seen("before the plus")
        idles = self.imap.idles
        self.server.deliver("after it")
        self.assert_seen("after it")
        self.assert_rests(idles)

    def test_28_stray_lines_while_idling(self):
        """An OK, a line with no meaning, a second +: IDLE goes on, and ends with DONE."""
        self.account(E16)
        self.imap.script("IDLE", first("+ idling", "* OK Still here", "* OK"))
        self.watch()
        self.server.deliver("through noise")
        self.assert_seen("through noise")

    def test_28_news_after_done(self):
        """What arrives between DONE and its OK, or just behind the OK, is not lost."""
        self.account(E16)

        def late(session, command):
            threading.Event().wait(0.1)
            self.server.deliver("before the OK")
            session.announce()
            session.tagged(command, "OK", "IDLE completed.")
            threading.Event().wait(0.1)
            self.server.deliver("after the OK")
            session.announce()
            return True

        self.imap.script("DONE", late)
        self.watch()
        self.server.deliver("first")
        self.assert_seen("first", "before the OK", "after the OK")

    def test_28_an_act_while_idling(self):
        """Another process's act ends IDLE with DONE, is sent, and IDLE begins anew."""
        self.account(E16)
        message_id, message = self.server.deliver("starred")
        self.cli.sync()
        self.watch()
        idles = self.imap.idles
        self.cli.do("star", self.row("starred")["messages"][0])
        self.assertTrue(until(lambda: b"\\Flagged" in message.flags, 20))
        self.assert_rests(idles)
        self.assertEqual(self.mailbox.where(message_id), [b"INBOX"])

    def test_28_the_end_while_idling(self):
        """After 30 minutes Exchange hangs up, with BYE or without a word: it is looked again."""
        for end in (bye, cut):
            with self.subTest(end.__name__):
                self.account(E16)
                self.watch()
                idles = self.imap.idles
                self.imap.script("DONE", end)
                self.server.deliver("as it ended")
                self.assert_rests(idles)
                self.assert_seen("as it ended")

    def test_28_idle_is_refused(self):
        """BAD to IDLE: no loop of IDLE commands; the mail is seen all the same."""
        self.account(E16)
        self.imap.always("IDLE", instead("{tag} BAD Command Error. 12"))
        process = self.cli.start("sync", "--watch")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(until(lambda: self.imap.asked("IDLE") >= 1, 20))
        time.sleep(2)
        self.assertLess(self.imap.asked("IDLE"), 4)
        self.assertIsNone(process.poll())


if __name__ == "__main__":
    main()
