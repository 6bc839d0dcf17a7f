#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list sent on beside what came directly: one message, of which no text is lost."""

import sqlite3

import harness


class Texts(harness.Case):
    shared = True

    def begun(self):
        """As after a kill between the command and its answer."""
        database = sqlite3.connect(self.cli.data / "pinion.db", timeout=10)
        with database:
            assert database.execute("UPDATE operation SET state = 1").rowcount == 1
        database.close()

    def texts(self, message_id):
        """{folder: the different sizes}"""
        found = {}
        for folder in self.witness.where(message_id):
            with self.witness.open(folder) as client:
                uids = client.uid("SEARCH", "HEADER", "Message-ID", message_id)[1][0].split()
                found[folder] = sorted({len(client.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1])
                                        for uid in uids})
        return found

    def moved_meanwhile(self, target):
        """An archiving that was begun, while a message was moved to TARGET there, and another text came to
        Archive: (Message-ID, its id here, the sizes)."""
        subject = "moved " + self.id()
        message_id, raw = harness.letter(subject)
        other = raw + b"-- \r\nSent to you by a list.\r\n"
        self.witness.append("INBOX", raw)
        self.cli.sync()
        message = self.cli.message(subject)
        self.cli.do("archive", message)
        self.begun()
        with self.witness.open("INBOX") as client:
            uid = client.uid("SEARCH", "HEADER", "Message-ID", message_id)[1][0].split()[0]
            status, answer = client.uid("MOVE", uid, target)
            assert status == "OK", answer
        self.witness.append("Archive", other)
        self.cli.sync()
        self.cli.sync()
        return message_id, message, sorted([len(raw), len(other)])

    def test_acts(self):
        subject = "two texts " + self.id()
        message_id, raw = harness.letter(subject)
        self.witness.append("INBOX", raw)
        self.witness.append("INBOX", raw + b"-- \r\nSent to you by a list.\r\n")
        self.cli.sync()
        message = self.cli.message(subject)
        for act, folder in (("archive", "Archive"), ("undo", "INBOX"), ("trash", "Deleted Items"),
                            ("undo", "INBOX")):
            self.cli.do(act, *(() if act == "undo" else (message,)), "--wait")
            self.assertEqual(self.witness.where(message_id), [folder, folder], act)
        self.cli.do("add-label", "Projects", message, "--wait")
        self.cli.do("remove-label", "INBOX", message, "--wait")
        self.assertEqual(self.witness.where(message_id), ["Archive", "Projects"])
        self.assert_agrees()

    def test_moved_and_killed_and_another_text_came(self):
        message_id, message, sizes = self.moved_meanwhile("Archive")
        self.assertEqual(self.witness.where(message_id), ["Archive", "Archive"])
        self.cli.do("trash", message, "--wait")
        self.assertEqual(self.texts(message_id), {"Deleted Items": sizes})

    def test_imported_and_killed_and_another_text_came(self):
        subject = "import " + self.id()
        message_id, raw = harness.letter(subject)
        other = raw + b"-- \r\nSent to you by a list.\r\n"
        path = self.new_folder() / "letter.eml"
        path.write_bytes(raw)
        self.cli.sync()
        self.assertEqual(self.cli.run("import", "Projects", path).status, 0)
        self.begun()
        self.witness.append("Projects", raw)
        self.witness.append("Projects", other)
        self.cli.sync()
        self.cli.sync()
        message = self.cli.message(subject, "Projects")
        self.assertEqual(self.witness.where(message_id), ["Projects", "Projects"])
        self.cli.do("trash", message, "--wait")
        self.assertEqual(self.texts(message_id), {"Deleted Items": sorted([len(raw), len(other)])})

    def test_taken_away_and_another_text_came(self):
        message_id, message, sizes = self.moved_meanwhile("Receipts")
        self.assertEqual(self.witness.where(message_id), ["Archive", "Receipts"])
        self.cli.do("remove-label", "Receipts", message, "--wait")
        self.assertEqual(self.texts(message_id), {"Archive": sizes})


class TextsWithoutMove(Texts):
    server_options = {"mailbox": "empty", "capability": "exchange", "without": "UIDPLUS MOVE IDLE"}


if __name__ == "__main__":
    harness.main()
