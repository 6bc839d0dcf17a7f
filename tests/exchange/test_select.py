#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 15 to 18: what SELECT leaves out, numbers that lie, UIDs that change, BYE."""

from exchange import E10, E13, E16, EMAIL, HOSTED, Case, for_each, main, until
from imap_peer import Over, answer, bye, first


class Select(Case):
    def fill(self, count, folder="INBOX"):
        return [self.server.deliver(f"mail {number}", folder) for number in range(count)]

    def subjects(self):
        return sorted(row["subject"] for row in self.cli.list("INBOX"))

    @for_each(E10, E16)
    def test_15_no_uidnext(self, profile):
        self.exchange(profile)
        self.imap.says_next = False
        self.fill(5)
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        self.assertEqual(len(self.cli.list("INBOX")), 5)
        self.server.deliver("one more")
        self.assertEqual(self.cli.sync()["new"], 1)
        self.watch()
        self.server.deliver("while idling")
        self.assertTrue(until(lambda: self.row("while idling")))
        self.assertEqual(self.imap.asked("UID FETCH", "BODY.PEEK[]"), 3)

    @for_each(E10, HOSTED)
    def test_15_uidvalidity_changes(self, profile):
        """All UIDs are new, the mail is not: no id changes, no body is fetched again."""
        self.exchange(profile)
        self.fill(4)
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        before = {row["subject"]: row["messages"] for row in self.cli.list("INBOX")}
        self.cli.do("star", before["mail 1"][0])
        with self.mailbox.changing():
            folder = self.mailbox.get("INBOX")
            folder.validity += 7
            folder.messages.reverse()
            for uid, message in enumerate(folder.messages, 1):
                message.uid = uid
        self.imap.forget()
        self.cli.sync()
        after = {row["subject"]: row["messages"] for row in self.cli.list("INBOX")}
        self.assertEqual(after, before)
        self.assertEqual(self.imap.asked("UID FETCH", "BODY.PEEK[]"), 0)
        self.cli.sync()
        flagged = [message.raw for message in folder.messages if b"\\Flagged" in message.flags]
        self.assertEqual(len(flagged), 1)
        self.assertIn(b"Subject: mail 1\r\n", flagged[0])

    def test_15_numbers_that_make_no_sense(self):
        """Fewer without EXPUNGE, EXPUNGE and FETCH of what is not there: looked up, not believed."""
        self.account(E16)
        for number, lines in enumerate([
                ["* 2 EXISTS"], ["* 99 EXPUNGE"], ["* 0 EXPUNGE"], ["* 0 EXISTS"],
                ["* 99 FETCH (FLAGS (\\Seen))"], ["* 99 FETCH (UID 9999 FLAGS (\\Seen))"],
                ["* 1 EXPUNGE", "* 1 EXPUNGE", "* 4 EXISTS"], ["* 4294967295 EXISTS"],
                ["* 3 FETCH ()"], ["* 1 FETCH (UID 2 FLAGS (\\Flagged) UID 3)"]]):
            with self.subTest(lines):
                self.server.deliver(f"mail {number}")
                self.imap.script("SELECT" if number % 3 == 2 else "UID FETCH", first(*lines),
                                 times=2)
                self.cli.sync()
                self.assertEqual(self.subjects(), [f"mail {one}" for one in range(number + 1)])
        self.cli.sync()
        self.assertEqual(len(self.subjects()), 10)
        self.assertFalse(any(row["starred"] for row in self.cli.list("INBOX")))

    def test_15_a_folder_that_never_rests(self):
        """Every answer announces something that is not so: an end is put to it."""
        self.account(E16, sync=False)
        self.fill(3)
        self.imap.always("UID FETCH", first("* 1 EXPUNGE", "* 3 EXISTS"))
        self.cli.run("sync")
        self.assertLess(len(self.imap.commands("UID FETCH")), 200)
        self.imap.scripts.clear()
        self.cli.sync()
        self.assertEqual(len(self.cli.list("INBOX")), 3)

    @for_each(E13, E16)
    def test_16_a_new_uid(self, profile):
        """Somebody edits a message that is open here: gone and new is the same message still."""
        self.exchange(profile)
        self.fill(3)
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        message = self.row("mail 1")["messages"][0]
        self.watch()
        old = self.mailbox.get("INBOX").messages[1]
        new = self.mailbox.replace(old)
        idles = self.imap.idles
        self.assertTrue(self.imap.await_idle(idles - 1))
        self.server.deliver("after it")
        self.assertTrue(until(lambda: self.row("after it")))
        self.assertEqual(self.row("mail 1")["messages"], [message])
        self.assertEqual(self.raw(message), new.raw)
        self.cli.do("star", message, "--wait")
        self.assertEqual(new.flags, {b"\\Flagged"})

    def test_16_another_text(self):
        """The message of the same Message-ID with another text: it is the new one that is shown."""
        self.account(E16, sync=False)
        self.fill(2)
        self.cli.sync()
        message = self.row("mail 0")["messages"][0]
        old = self.mailbox.get("INBOX").messages[0]
        edited = old.raw.replace(b"Hello Anna.", b"Hello Anna, this was edited in another program.")
        self.mailbox.replace(old, edited)
        self.cli.sync()
        self.assertEqual(self.row("mail 0")["messages"], [message])
        self.assertEqual(self.raw(message), edited)

    @for_each(E10, E16)
    def test_17_flags(self, profile):
        """Five flags and one keyword: what is not kept there is not sent, what is there stays."""
        self.exchange(profile)
        _, message = self.server.deliver("flagged", flags=[b"\\Recent", b"$MDNSent"])
        self.imap.always("SELECT", first(
            "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent \\Recent)"))
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        here = self.row("flagged")["messages"][0]
        self.cli.do("read", here)
        self.cli.do("star", here)
        self.cli.do("send", "--to", "ben@lakeside.example", "--subject", "Re: flagged",
                    "--reply-to-message", here)
        self.cli.sync()
        self.assertEqual(message.flags, {b"\\Recent", b"$MDNSent", b"\\Seen", b"\\Flagged",
                                         b"\\Answered"})
        self.assertFalse(self.row("flagged")["unread"])

    def test_17_a_store_that_is_refused(self):
        """BAD to a STORE is not repeated for ever; what is shown becomes what the server has."""
        self.account(E16, sync=False)
        self.fill(1)
        self.cli.sync()
        self.imap.always("UID STORE", answer("BAD", "Command Argument Error. 11"))
        self.cli.do("star", self.row("mail 0")["messages"][0])
        for _ in range(3):
            self.cli.run("sync")
        self.assertLessEqual(len(self.imap.commands("UID STORE")), 4)

    def test_18_the_end_in_the_middle(self):
        """BYE after errors, or no word at all: the next sync goes on where this one ended."""
        for end in (bye, _cut):
            for verb, what in (("UID FETCH", "BODYSTRUCTURE"), ("UID FETCH", "BODY.PEEK[]"),
                               ("SELECT", None), ("LIST", None)):
                with self.subTest(verb, what=what, end=end.__name__):
                    self.account(E16, sync=False)
                    self.fill(3)
                    self.imap.script(verb, end, match=what)
                    self.assert_error(self.cli.run("sync"), "connection-lost", protocol="imap")
                    self.cli.sync()
                    self.assertEqual(self.subjects(), ["mail 0", "mail 1", "mail 2"])

    def test_18_errors_are_counted(self):
        """About ten BADs end a connection: whatever is refused, it is not asked so often."""
        for what in ("BODYSTRUCTURE", "BODY.PEEK[]"):
            with self.subTest(what):
                self.account(E16, sync=False)
                self.fill(150)
                self.imap.always("UID FETCH", answer("BAD", "Command Error. 12"), match=what)
                self.cli.run("sync")
                self.assertLess(self.imap.asked("UID FETCH", what), 10)
                self.imap.scripts.clear()
                self.cli.sync()
                self.assertEqual(len(self.cli.list("INBOX")), 150)
                message = self.row("mail 7")["messages"][0]
                self.assertIn(b"Subject: mail 7\r\n", self.raw(message))


def _cut(*_):
    raise Over


if __name__ == "__main__":
    main()
