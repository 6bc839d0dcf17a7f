#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 24 to 27: searching, long commands, APPEND of what was sent or in a file, MOVE."""

import threading
import time

from exchange import E10, E13, E16, EMAIL, HOSTED, Case, for_each, letter, main
from imap_peer import READY, answer, bye, instead

PLAIN = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 1 NIL NIL NIL NIL)'
BEN = "ben@lakeside.example"


class Filing(Case):
    def filed(self, label="Deleted Items"):
        """Moves the one message of the Inbox; returns the server's message."""
        here = self.cli.list("INBOX")[0]["messages"][0]
        self.cli.run("move", label, here, "--wait")
        return here

    # -- SEARCH --

    @for_each(E10, HOSTED)
    def test_24_ascii_alone(self, profile):
        """Names, subjects and ids of every kind are filed without a search that is refused."""
        self.exchange(profile, uses=False)
        self.mailbox.create("Entwürfe 2025/Größe")
        _, raw = letter("grüße")
        odd = raw.replace(b"Message-ID: <", "Message-ID: <grüße.".encode())
        for data in (raw.replace(b"Message-ID: <", b'Message-ID: <"a b\\\\c".'), odd,
                     letter("Übergröße 二")[1], b"Subject: no id\r\n\r\nNothing else.\r\n"):
            self.mailbox.deliver(data)
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        rows = self.cli.list("INBOX")
        self.assertEqual(len(rows), 4)
        for row in rows:
            self.cli.do("move", "Entwürfe 2025/Größe", row["messages"][0])
        self.cli.run("sync")
        self.assertEqual(self.imap.asked("UID SEARCH", "CHARSET"), 0)
        there = self.mailbox.get("Entwürfe 2025/Größe").messages
        left = self.mailbox.get("INBOX").messages
        self.assertEqual(len({message.raw for message in there + left}), 4)
        self.assertGreaterEqual(len(there), 2)

    # -- Long commands --

    def test_25_lines_stay_short(self):
        """Every second message of thousands: the sets go in commands of less than 8 KB."""
        self.exchange(E16)
        folder = self.mailbox.get("INBOX")
        folder.next = 10001
        for number in range(3400):
            raw = (f"From: {BEN}\r\nSubject: {number}\r\nMessage-ID: <{number}@lakeside.example>"
                   "\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nHello.\r\n").encode()
            folder.add(raw).structure = PLAIN
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync("--bodies", "none")
        rows = self.cli.do("list", "--label", "INBOX", "--limit", "4000")
        even = [row["messages"][0] for row in rows if int(row["subject"]) % 2 == 0]
        self.assertEqual(len(even), 1700)
        self.cli.do("star", *even)
        self.cli.do("read", *even[:600])
        self.cli.sync("--bodies", "none")
        self.assertEqual(sum(b"\\Flagged" in message.flags for message in folder.messages), 1700)
        self.assertEqual(sum(b"\\Seen" in message.flags for message in folder.messages), 600)
        self.assertLess(max(len(command.line) for command in self.imap.commands()), 8192)

    def test_25_a_command_that_is_too_long(self):
        """Command Error. 10 is not answered with the same command again and again."""
        self.account(E16)
        self.server.deliver("one")
        self.cli.sync()
        self.imap.always("UID STORE", answer("BAD", "Command Error. 10"))
        self.cli.do("star", self.row("one")["messages"][0])
        for _ in range(2):
            self.cli.run("sync")
        self.assertLess(self.imap.asked("UID STORE"), 4)

    # -- APPEND --

    def send(self, subject="sent"):
        """Sends, however the filing goes; it was sent once."""
        done = self.cli.run("send", "--to", BEN, "--subject", subject, "--wait", seconds=60)
        self.assertEqual(len(self.smtp.accepted_mail), 1)
        return done

    def assert_kept(self, subject="sent", copies=1):
        """Nothing is sent again; what was sent can be read here; the server has so many copies."""
        self.cli.run("sync")
        self.assertEqual(len(self.smtp.accepted_mail), 1)
        self.assertEqual(self.mailbox.subjects("Sent Items").count(subject), copies)
        rows = [row for row in self.cli.list("Sent Items") if row["subject"] == subject]
        self.assertLessEqual(len(rows), 1)
        if copies:
            self.assertIn(subject.encode(), self.raw(rows[0]["messages"][-1]))

    @for_each(E10, E16)
    def test_26_append(self, profile):
        """With and without APPENDUID: one copy, read, and known again."""
        self.account(profile, more=("--imap-user", EMAIL))
        done = self.send()
        self.assertEqual(done.status, 0, str(done))
        self.assert_kept()
        message = self.mailbox.get("Sent Items").messages[0]
        self.assertEqual(message.flags, {b"\\Seen"})
        self.assertEqual(self.imap.asked("APPEND"), 1)
        command = self.imap.commands("APPEND")[0]
        self.assertTrue(command.literals[-1].waited)
        self.assertEqual(self.cli.do("outbox"), [])

    def test_26_no_appenduid(self):
        self.account(E16)
        self.imap.says_copies = False
        self.assertEqual(self.send().status, 0)
        self.assert_kept()

    def test_26_the_server_files_by_itself(self):
        """A rule, or a hosted Exchange, has put the copy there: there is no second one."""
        self.account(E16)
        self.smtp.script("dot", lambda session, raw: self.mailbox.deliver(
            raw, "Sent Items", [b"\\Seen"]) and None)
        self.assertEqual(self.send().status, 0)
        self.assert_kept()
        self.assertEqual(self.imap.asked("APPEND"), 0)

    def test_26_refused(self):
        """Tagged, untagged, without a tag: it is out once, and filed once in the end."""
        self.account(E16)
        scripts = (
            ("APPEND", answer("NO", "Maximum size of appendable message has been exceeded")),
            ("literal", answer("BAD", "command line limit exceeded")),
            ("literal", answer("NO", "Server Unavailable. 15")),
            ("APPEND", answer("BAD", "Command Argument Error. 11")),
            ("APPEND", instead("* BAD command line limit exceeded")),
            ("literal", instead("Server Unavailable. 15")),
            ("APPEND", bye),
        )
        for number, (verb, script) in enumerate(scripts, 1):
            with self.subTest(number, verb=verb):
                subject = f"sent {number}"
                self.imap.script(verb, script)
                self.cli.run("send", "--to", BEN, "--subject", subject, "--wait", seconds=60)
                self.change("UPDATE message SET orphaned = 1 WHERE orphaned IS NOT NULL")
                for _ in range(2):
                    self.change("UPDATE operation SET next_try = 1")
                    self.cli.run("sync")
                self.assertEqual(len(self.smtp.accepted_mail), number)
                self.assertEqual(self.mailbox.subjects("Sent Items").count(subject), 1)
                self.assertIn(f"Subject: {subject}\r\n".encode(),
                              self.raw(self.row(subject, "Sent Items")["messages"][0]))

    def test_26_refused_for_good(self):
        """The copy stays here as sent and not filed, and is not offered again and again."""
        self.account(E16)
        too_large = answer("NO", "Maximum size of appendable message has been exceeded")
        self.imap.always("APPEND", too_large)
        done = self.send()
        self.assertEqual((done.error["protocol"], done.error["code"]), ("imap", "not-filed"))
        for number in range(3):
            self.cli.run("sync")
            self.change("UPDATE message SET orphaned = 1 WHERE orphaned IS NOT NULL")
            self.assertLessEqual(self.imap.asked("APPEND"), number + 2)
        self.assertEqual([one["state"] for one in self.cli.do("outbox")], ["submitted"])
        self.imap.scripts.clear()
        self.cli.sync()
        self.assert_kept()
        self.assertEqual(self.cli.do("outbox"), [])

    def test_26_the_answer_is_lost(self):
        """The copy is there, its OK is not: looked for, and not appended twice."""
        self.account(E16)
        self.imap.script("APPEND", self.keep_and_hang_up("Sent Items"))
        self.send()
        self.assert_kept()
        self.assertEqual(self.imap.asked("APPEND"), 1)

    def test_26_slowly(self):
        """An upload may take its time before it is answered."""
        self.account(E16)
        waiting = threading.Event()

        def slowly(session, _):
            waiting.wait(0.7)
            session.line(READY)

        self.imap.script("APPEND", slowly)
        self.assertEqual(self.send().status, 0)
        self.assert_kept()

    # -- Drafts --

    def keep_drafts(self):
        account, = self.cli.do("account", "list")
        self.cli.do("account", "set", account["id"], "--server-drafts", "on")

    def write(self, subject, *words):
        done, = self.cli.do("draft", "save", "--to", BEN, "--subject", subject, *words)
        return done["draft"]

    def one_draft(self, subject):
        message, = self.mailbox.get("Drafts").messages
        self.assertEqual(self.mailbox.subjects("Drafts"), [subject])
        self.assertEqual([row["subject"] for row in self.cli.list("Drafts")], [subject])
        return message

    @for_each(E10, E16)
    def test_26_a_draft(self, profile):
        """Kept, replaced, edited by another program, and discarded; with and without UIDs told."""
        for says_copies in (True, False):
            self.account(profile, more=("--imap-user", EMAIL))
            self.imap.says_copies = says_copies
            self.keep_drafts()
            draft = self.write("later")
            self.cli.sync()
            self.assertEqual(self.one_draft("later").flags, {b"\\Seen", b"\\Draft"})
            self.write("much later", "--draft", draft)
            self.cli.sync()
            old = self.one_draft("much later")
            self.cli.sync()
            self.assertEqual(self.one_draft("much later"), old)

            edited = old.raw.replace(b"\r\n\r\n", b"\r\n\r\nEdited elsewhere.\r\n", 1)
            self.mailbox.replace(old, edited, "Drafts")
            self.cli.sync()
            self.one_draft("much later")
            theirs = self.row("much later", "Drafts")["messages"][-1]
            self.assertEqual(self.raw(theirs), edited)
            self.cli.do("draft", "discard", theirs)
            self.cli.sync()
            self.assertEqual(self.mailbox.subjects("Drafts"), [])
            self.assertEqual(self.cli.list("Drafts"), [])
            self.assertEqual(self.cli.do("pending"), [])

    def test_26_a_draft_whose_answer_is_lost(self):
        self.account(E16)
        self.keep_drafts()
        draft = self.write("later")

        def keep_and_hang_up(session, command):
            self.mailbox.get("Drafts").add(bytes(command.literals[-1]), [b"\\Seen", b"\\Draft"])
            bye(session, command)

        self.imap.script("APPEND", keep_and_hang_up)
        self.cli.run("sync")
        self.cli.sync()
        self.one_draft("later")
        self.assertEqual(self.imap.asked("APPEND"), 1)
        self.write("much later", "--draft", draft)
        self.cli.sync()
        self.one_draft("much later")

    # -- From files --

    def files(self):
        """Messages that are recent, older than the history that is kept, or say no date; each with and
        without an id: their subjects, and their files."""
        recent = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        files = {}
        old = "Tue, 05 Mar 2019 08:15:30 +0100"
        for age, date in (("recent", recent), ("old", old), ("", None)):
            for name in ("<one@lakeside.example>", None):
                subject = f"{age} {'named' if name else 'nameless'}".strip()
                raw = f"From: {BEN}\r\nSubject: {subject}\r\n"
                raw += f"Date: {date}\r\n" if date else ""
                raw += f"Message-ID: {name.replace('one', age)}\r\n" if name else ""
                files[subject] = self.new_folder() / "letter.eml"
                files[subject].write_bytes((raw + "\r\nSome words.\r\n").encode())
        return files

    def account_for_files(self, profile, says_copies=True):
        self.exchange(profile)
        self.imap.says_copies = says_copies
        self.mailbox.create("Projects")
        self.assertEqual(self.add("--history", "1y", user=EMAIL).status, 0)
        self.cli.sync()

    def keep_and_hang_up(self, folder, dates=True):
        """A script: what is appended is kept, with its date or without, and the connection cut."""

        def script(session, command):
            message = session.keep(self.mailbox.get(folder), command)
            if not dates:
                message.received = time.time()
            bye(session, command)

        return script

    def lose_answers(self, dates=True):
        self.imap.always("APPEND", self.keep_and_hang_up("Projects", dates))

    def assert_there_once(self, subjects):
        """Whatever is compared, each stays the message that it is here."""
        here = None
        for _ in range(3):
            self.assertEqual(sorted(self.mailbox.subjects("Projects")), sorted(subjects))
            rows = {row["subject"]: row["messages"] for row in self.cli.list("Projects")}
            self.assertEqual(sorted(rows), sorted(subjects))
            self.assertEqual(rows, here or rows)
            self.assertEqual(self.cli.do("pending"), [])
            here = rows
            self.cli.sync()

    def test_26_files(self):
        """Sizes are estimated: what has no id is known again by the one that it was given."""
        for profile, says_copies in ((E10, False), (E16, True)):
            with self.subTest(profile.name):
                files = self.files()
                self.account_for_files(profile, says_copies)
                self.cli.do("import", "Projects", *files.values())
                self.cli.sync()
                self.assert_there_once(files)
                for message in self.mailbox.get("Projects").messages:
                    self.assertTrue(message.message_id)
                    self.assertTrue(any(message.raw.endswith(path.read_bytes())
                                        for path in files.values()))
                done, = self.cli.do("import", "Projects", *files.values())
                self.assertEqual(done["imported"]["known"], len(files))
                self.cli.do("undo")
                self.cli.sync()
                self.assert_there_once([])

    def import_once(self, files):
        """Each comes to the server once, though each answer was lost."""
        self.cli.do("import", "Projects", *files.values())
        for _ in files:
            self.cli.run("sync")
        self.cli.sync()
        self.assert_there_once(files)
        self.assertEqual(self.imap.asked("APPEND"), len(files))

    def test_26_the_answer_to_a_file_is_lost(self):
        """It is found by its id, its own or the one that it was given, and not appended twice."""
        files = self.files()
        self.account_for_files(E16, says_copies=False)
        self.lose_answers()
        self.import_once(files)

    def search_lags(self):
        """What came lately is not found by its header: an index that is written later."""

        def nothing(session, command):
            if b"HEADER" not in command.args:
                return False
            session.line("* SEARCH")
            session.done(command)
            return True

        self.imap.always("UID SEARCH", nothing)

    def test_26_the_answer_is_lost_and_the_search_lags(self):
        """Among what is new in the folder it is found all the same, also where its date was not kept."""
        files = self.files()
        for dates in (True, False):
            with self.subTest(dates=dates):
                self.account_for_files(E16, says_copies=False)
                self.search_lags()
                self.lose_answers(dates)
                self.import_once(files)

    def test_26_sent_and_the_search_lags(self):
        self.account(E16)
        self.search_lags()
        self.imap.script("APPEND", self.keep_and_hang_up("Sent Items"))
        self.send()
        self.assert_kept()
        self.assertEqual(self.imap.asked("APPEND"), 1)

    def test_26_files_with_ids_that_cannot_be_searched_for(self):
        """They are known again among all that is new, however old; whether the answer comes or not."""
        for cut in (False, True):
            with self.subTest(cut=cut):
                files = {subject: path for subject, path in self.files().items()
                         if not subject.endswith("nameless")}
                for path in files.values():
                    path.write_bytes(path.read_bytes().replace(
                        b"@lakeside.example>", "@gr\u00fc\u00dfe.example>".encode()))
                self.account_for_files(E16, says_copies=False)
                if cut:
                    self.lose_answers()
                self.import_once(files)

    # -- MOVE --

    @for_each(E10, E16)
    def test_27_move(self, profile):
        """COPYUID without text, UIDs without COPYUID, or no MOVE at all: moved once, and known."""
        for says_copies in (True, False):
            self.account(profile, more=("--imap-user", EMAIL))
            self.imap.says_copies = says_copies
            message_id, message = self.server.deliver("moved")
            self.cli.sync()
            self.imap.forget()
            here = self.filed()
            self.assertEqual(self.mailbox.where(message_id), [b"Deleted Items"])
            self.cli.sync()
            self.assertEqual(self.cli.do("pending"), [])
            self.assertEqual(self.row("moved", "Deleted Items")["messages"], [here])
            self.assertEqual(self.cli.list("INBOX"), [])
            self.assertEqual(self.raw(here), message.raw)
            self.assertEqual(self.imap.asked("UID MOVE"),
                             1 if "MOVE" in profile.signed_in.split() else 0)

    @for_each(E13, E16)
    def test_27_nothing_was_moved(self, profile):
        """OK, no COPYUID, no EXPUNGE, the message where it was: it is not lost, here or there."""
        self.account(profile)
        message_id, _ = self.server.deliver("stays")
        self.cli.sync()
        self.imap.always("UID MOVE", answer("OK", "MOVE completed."))
        self.filed()
        self.assertEqual(self.mailbox.where(message_id), [b"INBOX"])
        self.cli.run("sync")
        self.assertEqual(len([row for row in self.cli.list() + self.cli.list("Deleted Items")
                              if row["subject"] == "stays"]), 1)
        self.assertLess(self.imap.asked("UID MOVE"), 5)

    def test_27_copied_and_not_removed(self):
        """COPYUID, and the message in both places: in the end it is where the server has it."""
        self.account(E16)
        message_id, message = self.server.deliver("twice")
        self.cli.sync()

        def half(session, command):
            copied = self.mailbox.get("Deleted Items").add(message.raw, message.flags)
            validity = self.mailbox.get("Deleted Items").validity
            session.line(f"* OK [COPYUID {validity} {message.uid} {copied.uid}]")
            session.done(command)
            return True

        self.imap.script("UID MOVE", half)
        self.filed()
        self.cli.sync()
        self.cli.sync()
        labels = {name.decode() for name in self.mailbox.where(message_id)}
        row = self.cli.find("twice", "Deleted Items")
        self.assertEqual(set(row["labels"]), labels)

    def test_27_moved_and_the_answer_lost(self):
        self.account(E16)
        message_id, _ = self.server.deliver("moved")
        self.cli.sync()

        def silently(session, command):
            session.copy(command, True)
            folder = self.mailbox.get("INBOX")
            folder.messages.clear()
            bye(session, command)

        self.imap.script("UID MOVE", silently)
        here = self.filed()
        self.cli.sync()
        self.assertEqual(self.mailbox.where(message_id), [b"Deleted Items"])
        self.assertEqual(self.row("moved", "Deleted Items")["messages"], [here])

    def test_27_without_uidplus(self):
        """A plain EXPUNGE would take what somebody else has marked: nothing but ours ever goes."""
        self.account(E10, more=("--imap-user", EMAIL))
        ours, _ = self.server.deliver("ours")
        others, marked = self.server.deliver("marked by another program")
        self.cli.sync()
        here = self.row("ours")["messages"][0]
        self.mailbox.flag(marked, b"\\Deleted")
        self.cli.run("move", "Deleted Items", here, "--wait")
        self.cli.run("sync")
        self.assertIn(b"INBOX", self.mailbox.where(others))
        self.assertIn(b"Deleted Items", self.mailbox.where(ours))
        self.assertEqual(self.imap.asked("EXPUNGE"), 0)
        self.assertEqual(self.row("ours", "Deleted Items")["messages"], [here])
        self.assertIsNone(self.row("ours", "INBOX"))


if __name__ == "__main__":
    main()
