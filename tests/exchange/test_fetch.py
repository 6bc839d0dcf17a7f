#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 19 to 23: sizes, messages that do not come, structures, stray lines, Outlook's parts."""

import email.message
import email.policy

from exchange import E10, E13, E16, EMAIL, Case, for_each, letter, main, until

PLACEHOLDER = (b'From: "Microsoft Exchange Server 2010" <>\r\nSubject: Retrieval using the IMAP4 '
               b"protocol failed for the following message: %d\r\nMIME-Version: 1.0\r\n"
               b'Content-Type: text/plain; charset="us-ascii"\r\n\r\nThe server couldn\'t retrieve '
               b"the following message:\r\n\r\nSubject: \"%s\"\r\n")
TEXT = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 1 NIL NIL NIL NIL)'
DEFECTS = {
    "a description for the disposition":
        b"(" + TEXT + TEXT + b' "mixed" ("boundary" "x") "Some description" NIL)',
    "a bare disposition": TEXT.replace(b"1 NIL NIL", b'1 NIL "inline"'),
    "a disposition of NIL": TEXT.replace(b"1 NIL NIL", b"1 NIL (NIL NIL)"),
    "a negative size": TEXT.replace(b"12 1", b"-1 -1"),
    "no size": TEXT.replace(b"12 1", b"NIL NIL"),
    "nothing in it": TEXT.replace(b"12 1", b"0 0"),
    "no encoding": TEXT.replace(b'"7bit"', b"NIL"),
    "an encoding that is no string": TEXT.replace(b'"7bit"', b"7bit"),
    "an encoding with a blank": TEXT.replace(b'"7bit"', b'"base64 "'),
    "NIL as a value": TEXT.replace(b'"us-ascii"', b"NIL"),
    "no parameters": TEXT.replace(b'("charset" "us-ascii")', b"NIL"),
    "no parts": b'("alternative" ("boundary" "x") NIL NIL NIL)',
    "no subtype": b"(" + TEXT + b")",
    "a message without envelope": b'("message" "rfc822" NIL NIL NIL "7bit" 500)',
    "winmail": b'("application" "ms-tnef" ("name" "winmail.dat") NIL NIL "base64" 100)',
    "raw eight bits": b'("text" "plain" ("name" "gr\xfc\xdfe.txt") NIL NIL "7bit" 12 1)',
    "not even a list": b"NIL",
    "a list without its end": b'("text" "plain"',
    "too many ends": TEXT + b")",
}


class Fetch(Case):
    def check(self, subject, message, label="INBOX"):
        """The row is there once, and holds the message's own bytes."""
        row = self.row(subject, label)
        self.assertIsNotNone(row, subject)
        self.assertEqual(self.raw(row["messages"][0]), message.raw, subject)

    @for_each(E13, E16)
    def test_19_sizes(self, profile):
        """What a size claims is an estimate: every message arrives whole."""
        self.exchange(profile)
        sizes = {"nothing": 0, "little": 10, "a bit less": 60000, "much": 40000000,
                 "more than there is": 4294967295}
        messages = {}
        for name, size in sizes.items():
            for body in ("short\n", "line of text\n" * 6000):
                subject = f"{name} {len(body)}"
                messages[subject] = self.server.deliver(subject, body=body)[1]
                messages[subject].size = size
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        for subject, message in messages.items():
            self.check(subject, message)

    def test_19_partial_fetches(self):
        """A range may be ignored, and the last piece may be short or empty."""
        for whole in (False, True):
            self.account(E16, sync=False)
            self.imap.whole = whole
            _, message = self.server.deliver("large", body="0123456789abcdef\n" * 20000)
            message.size = 1000
            self.cli.sync()
            self.check("large", message)

    def test_19_newest_first(self):
        """What the first screen shows can be read before all the rest of a large Inbox is listed."""
        self.account(E16, sync=False)
        for number in range(1200):
            self.server.deliver(f"mail {number}")
        self.cli.sync()
        self.assertEqual(len(self.cli.list("INBOX")), 1200)
        fetches = [str(command) for command in self.imap.commands("UID FETCH")]
        headers = [at for at, fetch in enumerate(fetches) if "HEADER.FIELDS" in fetch]
        bodies = [at for at, fetch in enumerate(fetches) if "BODY.PEEK[]" in fetch]
        self.assertLess(headers[0], bodies[0])
        self.assertLess(bodies[0], headers[-1])

    @for_each(E10, E16)
    def test_20_a_message_that_is_not_handed_out(self, profile):
        """OK, and nothing came: shown as such, kept, asked for once a time, and taken when it comes."""
        self.exchange(profile)
        messages = [self.server.deliver(f"mail {number}")[1] for number in range(4)]
        messages[2].held = False
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        self.assertEqual(len(self.cli.list("INBOX")), 4)
        for number in (0, 1, 3):
            self.check(f"mail {number}", messages[number])
        here = self.row("mail 2")["messages"][0]
        self.assert_error(self.cli.run("show", here), "message-unavailable")
        self.imap.forget()
        self.cli.sync()
        self.assertEqual(self.imap.asked("UID FETCH", "BODY.PEEK[]"), 1)
        self.assertEqual(len(self.cli.list("INBOX")), 4)
        messages[2].held = True
        self.cli.sync()
        self.imap.forget()
        self.check("mail 2", messages[2])
        self.assertEqual(self.imap.commands(), [])
        self.assertEqual(self.row("mail 2")["messages"], [here])

    def test_20_not_in_a_loop(self):
        """A watcher leaves it alone after that, and can still act on it."""
        self.account(E16, sync=False)
        _, message = self.server.deliver("corrupt")
        message.held = False
        self.watch()
        here = self.row("corrupt")["messages"][0]
        self.cli.do("star", here, "--wait")
        self.server.deliver("next")
        self.assertTrue(until(lambda: self.row("next")))
        self.assertEqual(message.flags, {b"\\Flagged"})
        self.assertLessEqual(self.imap.asked("UID FETCH", f"UID FETCH {message.uid} (UID FLAGS INT"),
                             2)

    def test_20_a_placeholder(self):
        """Exchange's notice that it could not convert the message is not the message."""
        self.account(E16, sync=False)
        message_id, message = self.server.deliver("the real one")
        self.cli.sync("--bodies", "none")
        message.instead = PLACEHOLDER % (message.uid, b"the real one")
        self.cli.sync()
        here = self.row("the real one")["messages"][0]
        self.assertNotIn(b"Retrieval using", self.raw(here) or b"")
        message.instead = None
        self.cli.sync()
        self.check("the real one", message)
        self.assertEqual(self.row("the real one")["messages"], [here])
        self.assertEqual(self.mailbox.where(message_id), [b"INBOX"])

    def test_20_a_placeholder_from_the_first(self):
        """Its headers are no message's either: when the message can be had, it is the only one."""
        self.account(E16, sync=False)
        _, message = self.server.deliver("the real one")
        message.instead = PLACEHOLDER % (message.uid, b"the real one")
        self.server.deliver("another")
        self.cli.sync()
        self.assertTrue(self.row("another"))
        self.imap.forget()
        message.instead = None
        self.cli.sync()
        self.check("the real one", message)
        self.assertEqual(len(self.cli.list("INBOX")), 2)

    def test_21_structures(self):
        """What cannot be read of a BODYSTRUCTURE costs the paper clip at most."""
        self.account(E16, sync=False)
        messages = {}
        for name, structure in DEFECTS.items():
            messages[name] = self.server.deliver(name)[1]
            messages[name].structure = structure
        self.cli.sync()
        for name, message in messages.items():
            self.check(name, message)
        self.assertLessEqual(self.imap.accepted, 2)

    def test_21_addresses(self):
        """No sender, no date, or a host that is none."""
        self.account(E16, sync=False)
        raws = {
            "no from": (b"From: ", b"X-From: "),
            "no date": (b"Date: ", b"X-Date: "),
            "no host": (b"From: Ben Roth <ben.roth@lakeside.example>",
                        b'From: "Microsoft Exchange Server" <>'),
            "no address": (b"From: Ben Roth <ben.roth@lakeside.example>",
                           b"From: Microsoft Exchange Server <MAILER-DAEMON>"),
        }
        messages = {}
        for subject, (old, new) in raws.items():
            _, raw = letter(subject)
            self.assertIn(old, raw)
            messages[subject] = self.mailbox.deliver(raw.replace(old, new, 1))
        self.cli.sync()
        for subject, message in messages.items():
            self.check(subject, message)
            if subject in ("no host", "no address"):
                self.assertIn("Microsoft Exchange Server", self.row(subject)["senders"][0])

    @for_each(E13, E16)
    def test_22_stray_lines(self, profile):
        """Requests to go on in the middle of nothing, and a literal that looks like an answer."""
        self.exchange(profile)
        self.imap.between = b"+ "
        bodies = ["\r\n".join(f"P{number} OK FETCH completed." for number in range(40)),
                  "* 5 EXPUNGE\r\n* BYE Connection closed. 14\r\n+ \r\n{10}\r\n", "x)\r\n* 1 FETCH ("]
        messages = {}
        for number, body in enumerate(bodies):
            subject = f"talkative {number}"
            messages[subject] = self.server.deliver(subject, body=body)[1]
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        for subject, message in messages.items():
            self.check(subject, message)

    def test_22_eight_bits_in_headers(self):
        self.account(E16, sync=False)
        _, raw = letter("plain")
        message = self.mailbox.deliver(raw.replace(b"Subject: plain", "Subject: grüße".encode()))
        other = self.mailbox.deliver(letter("latin")[1].replace(b"Subject: latin",
                                                                b"Subject: gr\xfc\xdfe zwei"))
        self.cli.sync()
        self.check("grüße", message)
        self.check("grüße zwei", other)

    def test_22_a_long_line(self):
        """A megabyte of numbers in one line of SEARCH."""
        self.account(E16, sync=False, more=("--history", "1y"))
        _, message = self.server.deliver("found")

        def search(session, command):
            numbers = b" ".join(b"%d" % number for number in range(100000, 250000))
            session.line(b"* SEARCH %d " % message.uid + numbers)
            session.done(command)
            return True

        self.imap.script("UID SEARCH", search)
        self.cli.sync()
        self.check("found", message)
        self.cli.sync()
        self.check("found", message)

    def test_23_outlook(self):
        """winmail.dat, an invitation, and the text with a link that may stand for it."""
        self.account(E16, sync=False)
        parts = {
            "tnef": ("application", "ms-tnef", b"\x78\x9f\x3e\x22" + bytes(60), "winmail.dat"),
            "invitation": ("text", "calendar", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0"
                           b"\r\nEND:VCALENDAR\r\n", "invite.ics"),
        }
        messages = {}
        for subject, (main_type, subtype, data, name) in parts.items():
            mail = email.message.EmailMessage(policy=email.policy.SMTP)
            mail["From"], mail["To"] = "Ben Roth <ben.roth@lakeside.example>", EMAIL
            mail["Subject"], mail["Message-ID"] = subject, f"<{subject}@lakeside.example>"
            mail.set_content("See what comes with it.\n")
            mail.add_attachment(data, maintype=main_type, subtype=subtype, filename=name,
                                params={"method": "REQUEST"} if subtype == "calendar" else None)
            messages[subject] = self.mailbox.deliver(mail.as_bytes())
        messages["link"] = self.server.deliver(
            "link", body="When: Tuesday\nhttps://owa.northwind.example/owa/?ae=Item&a=Open\n")[1]
        self.cli.sync()
        for subject, message in messages.items():
            self.check(subject, message)
            shown = self.cli.do("show", self.row(subject)["messages"][0])
            self.assertTrue(shown)
        self.assertTrue(self.row("tnef")["attachments"])
        here = self.row("tnef")["messages"][0]
        shown = self.cli.do("show", here)[-1]
        part = next(part for part in shown["attachments"] if part["name"] == "winmail.dat")
        target = self.new_folder() / "winmail.dat"
        self.cli.do("save", here, part["part"] if "part" in part else part["id"], target)
        self.assertEqual(target.read_bytes(), parts["tnef"][2])
        self.assertIn(b"owa.northwind.example", self.cli.run(
            "show", self.row("link")["messages"][0], "--text").out)


if __name__ == "__main__":
    main()
