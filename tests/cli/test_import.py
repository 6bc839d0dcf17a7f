#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages from files: on the server as they were, with their date; once; and taken back."""

import os
import re
import time

import harness

DATE = "Tue, 05 Mar 2019 08:15:30 +0100"


class Import(harness.Case):
    shared = True
    number = 0

    def letter(self, body="Some words.\n", **more):
        Import.number += 1
        subject = f"import {self._testMethodName} {Import.number}"
        raw = (f"From: Ines <ines@lakeside.example>\r\nTo: anna@northwind.example\r\nDate: {DATE}\r\n"
               f"Subject: {subject}\r\nMessage-ID: <{time.time_ns()}@lakeside.example>\r\n"
               + "".join(f"{name}: {value}\r\n" for name, value in more.items())
               + "\r\n" + body.replace("\n", "\r\n")).encode()
        return subject, raw

    def file(self, raw, name="letter.eml"):
        path = self.new_folder() / name
        path.write_bytes(raw)
        return path

    def there(self, folder, subject):
        """What the server has: (INTERNALDATE, flags, bytes)."""
        found = []
        with self.witness.open(folder, readonly=True) as client:
            for item in client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")[1]:
                if isinstance(item, tuple) and f"Subject: {subject}\r\n".encode() in item[1]:
                    date = re.search(rb'INTERNALDATE "([^"]*)"', item[0])[1].decode()
                    flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                    found.append((date, set(flags) - {"\\Recent"}, item[1]))
        return found

    def import_(self, label, *files):
        done = self.cli.run("import", label, *files)
        return done, next(line["imported"] for line in done.lines if "imported" in line)

    def shown(self, label, subject):
        return [row for row in self.cli.list(label) if row["subject"] == subject]

    # -- There and as it was --

    def test_as_it_was(self):
        subject, raw = self.letter("Some words.\nGr\u00fc\u00dfe, and a long line: " + "x" * 1200 + "\n.\nEnd\n")
        done, counts = self.import_("Projects", self.file(raw))
        self.assertEqual((done.status, counts),
                         (0, {"added": 1, "labelled": 0, "known": 0, "left_out": 0}))
        row, = self.shown("Projects", subject)
        self.assertFalse(row["unread"])
        self.assertIn("Some words.", row["snippet"])
        self.assertEqual(self.there("Projects", subject), [])
        self.cli.sync()
        (date, flags, there), = self.there("Projects", subject)
        self.assertEqual(there, raw)
        self.assertEqual(flags, {"\\Seen"})
        self.assertIn("05-Mar-2019", date)
        self.cli.sync()
        self.assertEqual(len(self.shown("Projects", subject)), 1)
        shown = self.cli.run("show", row["messages"][0], "--text").out
        self.assertIn("Gr\u00fc\u00dfe", shown.decode())
        self.assert_agrees()

    def test_lines_end_as_they_must(self):
        subject, raw = self.letter("One\nTwo\n")
        self.import_("Projects", self.file(raw.replace(b"\r\n", b"\n")))
        other, mac = self.letter("One\nTwo\n")
        self.import_("Projects", self.file(mac.replace(b"\r\n", b"\r")))
        third, boxed = self.letter("One\nFrom here on\n\nTo there\n")
        self.import_("Projects", self.file(b"From ines Tue Mar  5 08:15:30 2019\n"
                                           + boxed.replace(b"\r\n", b"\n")))
        self.cli.sync()
        for name, wanted in ((subject, raw), (other, mac), (third, boxed)):
            (_, _, there), = self.there("Projects", name)
            self.assertEqual(there, wanted)

    def test_no_date_no_id(self):
        raw = b"Subject: import bare\r\nFrom: ines@lakeside.example\r\n\r\nNothing else.\r\n"
        done, counts = self.import_("Projects", self.file(raw))
        self.assertEqual((done.status, counts["added"]), (0, 1))
        self.cli.sync()
        self.cli.sync()
        (date, _, there), = self.there("Projects", "import bare")
        self.assertRegex(there[:-len(raw)],
                         rb"^Message-ID: <[0-9a-f]{40}@import\.pinion\.invalid>\r\n$")
        self.assertTrue(there.endswith(raw))
        self.assertIn(time.strftime("%Y", time.gmtime()), date)
        self.assertEqual(len(self.shown("Projects", "import bare")), 1)
        done, counts = self.import_("Projects", self.file(raw))
        self.assertEqual((done.status, counts["known"]), (0, 1))

    def test_when_it_came(self):
        """Where the Date is no good, the last server's word."""
        subject, raw = self.letter()
        raw = (b"Received: from a by b; Wed, 06 Mar 2019 10:00:00 +0000\r\n"
               + raw.replace(DATE.encode(), b"Fri, 01 Jan 2100 00:00:00 +0000"))
        self.import_("Projects", self.file(raw))
        self.cli.sync()
        (date, _, there), = self.there("Projects", subject)
        self.assertEqual(there, raw)
        self.assertIn("06-Mar-2019", date)

    # -- Once --

    def test_known(self):
        subject, raw = self.letter()
        path = self.file(raw)
        self.import_("Projects", path)
        done, counts = self.import_("Projects", path, path)
        self.assertEqual((done.status, counts["known"]), (0, 2))
        self.cli.sync()
        done, counts = self.import_("Projects", path)
        self.assertEqual((done.status, counts["known"]), (0, 1))
        done, counts = self.import_("Receipts", path)
        self.assertEqual((done.status, counts["labelled"]), (0, 1))
        self.cli.sync()
        self.assertEqual([len(self.there(folder, subject)) for folder in ("Projects", "Receipts")],
                         [1, 1])
        row, = self.shown("Projects", subject)
        self.assertEqual(len(row["messages"]), 1)
        self.assert_agrees()

    def test_known_without_an_id(self):
        """It is on the server already, and was not given one there."""
        raw = (f"From: Ines <ines@lakeside.example>\r\nDate: {DATE}\r\nSubject: import nameless\r\n"
               "\r\nSome words.\r\n").encode()
        with self.witness.open() as client:
            client.append("Projects", "(\\Seen)", None, raw)
        self.cli.sync()
        done, counts = self.import_("Projects", self.file(raw))
        self.assertEqual((done.status, counts["known"]), (0, 1))
        done, counts = self.import_("Receipts", self.file(raw))
        self.assertEqual((done.status, counts["labelled"]), (0, 1))
        self.cli.sync()
        (_, _, there), = self.there("Receipts", "import nameless")
        self.assertEqual(there, raw)
        self.assert_agrees()

    # -- Taken back --

    def test_undone_before(self):
        subject, raw = self.letter()
        other, more = self.letter()
        self.import_("Projects", self.file(raw), self.file(more))
        self.cli.do("undo")
        self.assertEqual(self.shown("Projects", subject) + self.shown("Projects", other), [])
        self.assertEqual(self.cli.do("pending"), [])
        self.cli.sync()
        self.assertEqual(self.there("Projects", subject), [])
        # And once more the same.
        done, counts = self.import_("Projects", self.file(raw))
        self.assertEqual((done.status, counts["added"]), (0, 1))
        self.cli.sync()
        self.assertEqual(len(self.there("Projects", subject)), 1)
        self.assert_agrees()

    def test_undone_after(self):
        subject, raw = self.letter()
        self.import_("Projects", self.file(raw))
        self.cli.sync()
        self.cli.do("undo")
        self.assertEqual(self.shown("Projects", subject), [])
        self.cli.sync()
        self.assertEqual(self.there("Projects", subject), [])
        self.assertEqual(len(self.there("Deleted Items", subject)), 1)
        self.assert_agrees()

    # -- What is no message --

    def test_left_out(self):
        subject, raw = self.letter()
        _, second = self.letter()
        folder = self.new_folder()
        bad = {
            "empty.eml": (b"", "file-no-message"),
            "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "file-no-message"),
            "prose.txt": (b"Dear Anna,\n\nhow are you?\n", "file-no-message"),
            "notes.txt": (b"Shopping: bread\nand milk\n", "file-no-message"),
            "nul.eml": (raw + b"\0", "file-no-message"),
            "letter.msg": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "file-of-outlook"),
            "all.mbox": (b"From a\n" + raw + b"\r\nFrom b\n" + second, "file-of-mailbox"),
        }
        for name, (content, _) in bad.items():
            (folder / name).write_bytes(content)
        os.mkfifo(folder / "pipe")
        with open(folder / "huge.eml", "wb") as huge:
            huge.truncate(200 << 20)
        good = self.file(raw)
        done, counts = self.import_("Projects", *(folder / name for name in bad), good, folder,
                                    folder / "pipe", folder / "huge.eml", folder / "nowhere.eml")
        self.assertEqual(done.status, 1)
        self.assertEqual(counts, {"added": 1, "labelled": 0, "known": 0, "left_out": len(bad) + 4})
        codes = {line["left_out"]["file"]: line["left_out"]["code"] for line in done.lines
                 if "left_out" in line}
        self.assertEqual(codes, {**{name: code for name, (_, code) in bad.items()},
                                 folder.name: "file-no-message", "pipe": "file-no-message",
                                 "huge.eml": "file-too-large", "nowhere.eml": "file-unreadable"})
        self.assertEqual(done.error["code"], "file-no-message")
        self.assertEqual(len(self.shown("Projects", subject)), 1)
        self.cli.do("undo")

    def test_no_such_label(self):
        self.assert_error(self.cli.run("import", "Drafts", self.file(self.letter()[1])),
                          "invalid-argument")
        self.assert_error(self.cli.run("import", "Nowhere", self.file(self.letter()[1])), "not-found")
        self.assertEqual(self.cli.run("import", "Projects").status, 2)


class Troubled(Import):
    """With an account of its own, and a server that does not say which UID it gave (no UIDPLUS)."""

    shared = False
    server_options = {**harness.Case.server_options, "without": "uidplus"}

    def setUp(self):
        super().setUp()
        self.gate = harness.Gate(self.server.imap_tls)
        self.addCleanup(self.gate.shut)

    def test_offline_and_killed(self):
        self.assert_comes_through(*self.letter())

    def test_offline_and_killed_without_an_id(self):
        subject, raw = self.letter()
        self.assert_comes_through(subject, re.sub(rb"Message-ID:.*\r\n", b"", raw))

    def assert_comes_through(self, subject, raw):
        cli = self.new_cli(account=False)
        self.assertEqual(cli.add(self.server, imap_port=self.gate.port).status, 0)
        cli.sync()
        self.gate.shut()
        done = cli.run("import", "Projects", self.file(raw))
        self.assertEqual(done.status, 0)
        self.assertNotEqual(cli.run("sync").status, 0)
        self.assertEqual([row["subject"] for row in cli.list("Projects")].count(subject), 1)
        self.gate.open()
        for cut in (1500, 3000, 4500, 6000, 7000, 8000, 9000):
            self.gate.cut_after(cut)
            cli.run("sync")
            self.gate.open()
        cli.sync()
        self.assertEqual(len(self.there("Projects", subject)), 1)
        self.assertEqual([row["subject"] for row in cli.list("Projects")].count(subject), 1)
        self.assertEqual(cli.do("pending"), [])
        self.assert_agrees(cli)

    def test_outside_the_history(self):
        """It stays in sight, though comparing would not find it; also with no id, or with one that
        cannot be searched for."""
        cli = self.new_cli("--history", "1y")
        subject, raw = self.letter()
        self.assert_stays(cli, subject, raw)
        subject, raw = self.letter()
        self.assert_stays(cli, subject, re.sub(rb"Message-ID:.*\r\n", b"", raw))
        subject, raw = self.letter()
        raw = raw.replace(b"Message-ID: <", "Message-ID: <\u00fc".encode())
        self.assert_stays(cli, subject, raw)

    def assert_stays(self, cli, subject, raw):
        cli.do("import", "Projects", self.file(raw))
        for _ in range(2):
            cli.sync()
            self.assertEqual([row["subject"] for row in cli.list("Projects")].count(subject), 1)
        self.assertEqual(len(self.there("Projects", subject)), 1)
        cli.do("undo")
        cli.sync()
        self.assertEqual(self.there("Projects", subject), [])

    def test_into_trash_and_back(self):
        subject, raw = self.letter()
        self.import_("Deleted Items", self.file(raw))
        self.cli.sync()
        self.assertEqual(len(self.there("Deleted Items", subject)), 1)
        self.cli.do("undo")
        self.cli.sync()
        self.assertEqual(self.there("Deleted Items", subject), [])
        self.assert_agrees()

    def test_folder_gone(self):
        self.witness.create("Short-lived")
        self.cli.sync()
        subject, raw = self.letter()
        self.import_("Short-lived", self.file(raw))
        with self.witness.open() as client:
            client.delete("Short-lived")
        done = self.cli.run("sync")
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assertEqual(self.cli.do("search", f'subject:"{subject}"'), [])
        self.assertTrue(any("refused" in line for line in done.lines), done)

    def test_one_of_two_folders_gone(self):
        """It has a label more, and is not lost with the one it was imported into."""
        self.witness.create("Short-lived")
        self.cli.sync()
        subject, raw = self.letter()
        self.import_("Short-lived", self.file(raw))
        self.cli.do("add-label", "Projects", self.shown("Short-lived", subject)[0]["messages"][0])
        with self.witness.open() as client:
            client.delete("Short-lived")
        self.cli.run("sync")
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assertEqual([there for _, _, there in self.there("Projects", subject)], [raw])
        self.assertEqual(len(self.shown("Projects", subject)), 1)
        self.assert_agrees()


if __name__ == "__main__":
    harness.main()
