#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of folders elsewhere is followed: nothing is lost, nothing fetched twice."""

import contextlib
import re
import sqlite3
import tempfile
import time

import harness
import maildir
from harness import imap_quoted


class Folders(harness.Case):
    shared = True

    def rows(self, query):
        database = sqlite3.connect(self.cli.data / "pinion.db", timeout=10)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def placements(self, path):
        return self.rows("SELECT p.id, p.uid, p.message_id FROM placement p JOIN folder f"
                         f" ON f.id = p.folder_id WHERE f.path = '{path}' ORDER BY p.id")

    def file(self, message):
        number = int(message)
        return (self.cli.data / "mail" / f"{number % 256:02x}" / f"{number}.eml").stat().st_ino

    def settle(self):
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()

    def rename(self, old, new):
        with self.witness.open() as client:
            status, answer = client.rename(imap_quoted(harness.encode_name(old)),
                                           imap_quoted(harness.encode_name(new)))
            self.assertEqual(status, "OK", answer)

    def delete(self, path):
        with self.witness.open() as client:
            status, answer = client.delete(imap_quoted(path))
            self.assertEqual(status, "OK", answer)

    def test_renamed(self):
        self.witness.create("Old", "Old/deep", "Old/empty")
        message_id, subject, message = self.mail("Old/deep")
        self.cli.do("label", "unpin", "Old/deep")
        labels, placements, file = self.cli.labels(), self.placements("Old/deep"), self.file(message)
        self.cli.do("star", message)
        self.rename("Old", "Neü")
        self.assertEqual(self.cli.sync()["new"], 0)
        self.assertEqual(self.witness.flags("Neü/deep", message_id), {frozenset({"\\Flagged"})})
        renamed = self.cli.labels()
        for level in ("", "/deep", "/empty"):
            self.assertEqual(renamed["Neü" + level]["id"], labels["Old" + level]["id"])
        self.assertFalse(renamed["Neü/deep"]["pinned"])
        self.assertEqual(self.placements("Neü/deep"), placements)
        self.assertEqual(self.file(message), file)
        self.assert_agrees()

    def test_renamed_while_mail_is_on_its_way_there(self):
        self.witness.create("Target")
        self.mail("Target")
        message_id, subject, message = self.mail()
        self.cli.do("move", "Target", message)
        self.rename("Target", "Moved away")
        self.settle()
        self.assertEqual(self.witness.where(message_id), ["Moved away"])

    def test_names_are_swapped(self):
        self.witness.create("Left", "Right")
        one, _, message = self.mail("Left")
        two, _, other = self.mail("Right")
        file = self.file(message)
        self.rename("Left", "Middle")
        self.rename("Right", "Left")
        self.rename("Middle", "Right")
        self.settle()
        self.assertEqual((self.witness.where(one), self.witness.where(two)), (["Right"], ["Left"]))
        self.assertEqual(self.file(message), file)

    def test_another_folder_is_not_taken_for_it(self):
        self.witness.create("Was")
        _, subject, _ = self.mail("Was")
        label = self.cli.labels()["Was"]["id"]
        self.delete("Was")
        time.sleep(1.1)  # UIDVALIDITY is a number of seconds
        self.witness.create("Is")
        self.deliver(folder="Is")
        self.settle()
        self.assertNotEqual(self.cli.labels()["Is"]["id"], label)
        self.assertIsNone(self.cli.find(subject))

    def test_a_role_changes_its_name(self):
        label = self.cli.labels()["Junk Email"]["id"]
        message_id, subject, message = self.mail("Junk Email")
        self.rename("Junk Email", "Junk-E-Mail")
        self.settle()
        junk = self.cli.labels()["Junk-E-Mail"]
        self.assertEqual((junk["id"], junk["role"]), (label, "junk"))
        self.delete("Junk-E-Mail")
        time.sleep(1.1)
        self.witness.create("Junk Email")
        self.settle()
        self.assertEqual(self.cli.labels()["Junk Email"]["id"], label)
        self.assertIsNone(self.cli.find(subject, "Junk Email"))

    def test_the_server_counts_anew(self):
        self.witness.create("Counted")
        mails = [self.mail("Counted") for _ in range(3)]
        starred, moved, left = (message for _, _, message in mails)
        files = [self.file(message) for _, _, message in mails]
        self.cli.do("star", starred)
        self.cli.do("move", "Receipts", moved)
        self.count_anew("Counted")
        self.assertEqual(self.cli.sync()["new"], 0)
        self.settle()
        self.assertEqual([self.file(message) for _, _, message in mails], files)
        self.assertEqual(self.witness.flags("Counted", mails[0][0]), {frozenset({"\\Flagged"})})
        self.assertEqual(self.witness.where(mails[1][0]), ["Receipts"])
        self.assertEqual(self.cli.message(mails[2][1], "Counted"), left)

    def test_a_folder_closes_and_opens_again(self):
        self.witness.create("Gate", "Gate/keeper")
        message_id, subject, message = self.mail("Gate")
        kept, kept_subject, _ = self.mail("Gate", "Receipts")
        _, waiting, other = self.mail()
        label = self.cli.labels()["Gate"]["id"]
        self.cli.do("move", "Gate", other)
        self.delete("Gate")
        refused = [line["refused"] for line in self.cli.do("sync") if "refused" in line]
        self.assertEqual([one["kind"] for one in refused], ["move"])
        self.assertIsNone(self.cli.find(subject))
        self.assertEqual(self.cli.find(kept_subject)["labels"], ["Receipts"])
        self.assertEqual(self.cli.find(waiting)["labels"], ["INBOX"])
        self.assertEqual(self.cli.labels()["Gate"]["id"], label)
        self.assert_healthy()
        self.assert_error(self.cli.run("move", "Gate", other), "invalid-argument")
        self.witness.create("Gate")
        _, again = self.deliver(folder="Gate")
        self.settle()
        self.assertEqual(self.cli.labels()["Gate"]["id"], label)
        self.assertIsNotNone(self.cli.find(again, "Gate"))


class FoldersWithExtensions(Folders):
    server_options = {"mailbox": "empty", "capability": "full"}


class Rights(harness.Case):
    """Folders of which a person has not every right (RFC 4314): the server says OK and does nothing."""

    folders = (*harness.FOLDERS, "Unseen", "Kept")
    shared = True

    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
            settings.write("mail_plugins {\n  acl = yes\n}\nacl_driver = vfile\n")
            settings.flush()
            cls.server_options = {"mailbox": "empty", "capability": "full",
                                  "more_dovecot": settings.name}
            super().setUpClass()

    def database(self):
        return sqlite3.connect(self.cli.data / "pinion.db", timeout=10)

    def allow(self, path, rights):
        place = maildir.folder_path(self.server.maildir, path) / "dovecot-acl"
        place.write_text(f"owner {rights}\n")
        place.chmod(0o644)

    def sync_until_given_up(self):
        """What is refused in the end, past the time that has to pass between."""
        for _ in range(4):
            self.assertNotEqual(self.cli.do("pending"), [])
            with contextlib.closing(self.database()) as database, database:
                database.execute("UPDATE operation SET next_try = 0")
            refused = [line["refused"] for line in self.cli.do("sync") if "refused" in line]
        self.assertEqual(self.cli.do("pending"), [])
        return refused

    def test_a_flag_that_may_not_be_set(self):
        message_id, subject, message = self.mail("Unseen")
        _, other, starred = self.mail("Unseen")
        self.allow("Unseen", "lrwtei")
        self.cli.do("read", message)
        self.cli.do("star", starred)
        refused = self.sync_until_given_up()
        self.assertEqual([(one["kind"], one["subject"]) for one in refused], [("flag", subject)])
        self.assertTrue(self.cli.find(subject)["unread"])
        self.assertTrue(self.cli.find(other)["starred"])
        self.assertEqual(self.witness.flags("Unseen", message_id), {frozenset()})
        self.assert_agrees()

    def test_what_may_not_be_deleted(self):
        message_id, subject, message = self.mail("Kept", "Receipts")
        self.allow("Kept", "lrwsei")
        self.cli.do("remove-label", "Kept", message)
        refused = self.sync_until_given_up()
        self.assertEqual([(one["kind"], one["subject"]) for one in refused], [("remove", subject)])
        self.assertEqual(self.witness.where(message_id), ["Kept", "Receipts"])
        self.assertEqual(sorted(self.cli.find(subject)["labels"]), ["Kept", "Receipts"])
        self.assert_agrees()


if __name__ == "__main__":
    harness.main()
