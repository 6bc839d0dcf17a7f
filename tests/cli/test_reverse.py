#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another client does shows here after a sync, and new mail within two seconds."""

import contextlib
import json
import queue
import re
import sqlite3
import threading
import time

import harness
from harness import encode_name, imap_quoted

SEEN_WITHIN = 2.0


class Reverse(harness.Case):
    shared = True

    def uid(self, folder, message_id):
        return str(self.witness.uid(folder, message_id))

    def command(self, folder, message_id, name, *words):
        self.witness.command(folder, name, self.uid(folder, message_id), *words)

    def resync(self):
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()

    def test_new_mail(self):
        _, subject = self.deliver()
        synced = self.cli.sync()
        self.assertEqual(synced["new"], 1)
        row = self.cli.find(subject, "INBOX")
        self.assertTrue(row["unread"])
        self.assertEqual(row["labels"], ["INBOX"])
        self.assertEqual(self.cli.sync()["new"], 0)
        self.assert_agrees()

    def empty_log(self):
        """What a program that ended before its store was closed left in the log is not the next one's."""
        with contextlib.closing(sqlite3.connect(self.cli.data / "pinion.db")) as database:
            database.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchall()

    def test_nothing_new_writes_nothing(self):
        database, log = self.cli.data / "pinion.db", self.cli.data / "pinion.db-wal"
        self.deliver()
        self.cli.sync()
        self.cli.sync()
        self.empty_log()
        before = database.stat().st_mtime_ns
        self.cli.sync()
        self.assertEqual(database.stat().st_mtime_ns, before)
        self.assertEqual(log.stat().st_size if log.exists() else 0, 0)

    def test_new_mail_by_smtp(self):
        message_id, raw = harness.letter("by smtp", sender="Anna Keller <anna@northwind.example>")
        client = self.server.smtp()
        client.sendmail(self.server.email, [self.server.email], raw)
        client.quit()
        self.assertTrue(harness.until(lambda: message_id in self.witness.ids("INBOX")))
        self.resync()
        self.assertIsNotNone(self.cli.find("by smtp", "INBOX"))

    def test_flags(self):
        message_id, subject, _ = self.mail()
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Seen \\Flagged)")
        self.resync()
        row = self.cli.find(subject)
        self.assertEqual((row["unread"], row["starred"]), (False, True))
        self.command("INBOX", message_id, "STORE", "-FLAGS", "(\\Seen \\Flagged)")
        self.resync()
        row = self.cli.find(subject)
        self.assertEqual((row["unread"], row["starred"]), (True, False))

    def test_answered(self):
        message_id, _, message = self.mail()
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Answered)")
        self.resync()
        self.assertTrue(self.cli.do("show", message)[0]["answered"])

    def test_moved(self):
        message_id, subject, message = self.mail()
        self.command("INBOX", message_id, "MOVE", "Projects")
        self.resync()
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        row = self.cli.find(subject, "Projects")
        self.assertEqual((row["labels"], row["messages"]), (["Projects"], [message]))

    def test_moved_to_every_role(self):
        for folder in ("Archive", "Deleted Items", "Junk Email"):
            message_id, subject, _ = self.mail(subject=f"to {folder}")
            self.command("INBOX", message_id, "MOVE", imap_quoted(folder))
            self.resync()
            self.assertIsNone(self.cli.find(subject, "INBOX"))
            self.assertIsNotNone(self.cli.find(subject, folder))
            self.assertEqual(self.cli.find(subject) is not None, folder == "Archive")

    def test_copied(self):
        message_id, subject, message = self.mail()
        self.command("INBOX", message_id, "COPY", imap_quoted("Projects/Aurora"))
        self.resync()
        row = self.cli.find(subject)
        self.assertEqual(sorted(row["labels"]), ["INBOX", "Projects/Aurora"])
        self.assertEqual(row["messages"], [message])
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Deleted)")
        self.resync()
        self.assertEqual(self.cli.find(subject)["labels"], ["Projects/Aurora"])

    def test_deleted(self):
        message_id, subject, _ = self.mail()
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Deleted)")
        self.resync()
        self.assertIsNone(self.cli.find(subject))
        self.assertIsNone(self.cli.find(subject, "INBOX"))

    def test_marked_deleted_is_not_gone(self):
        message_id, subject, _ = self.mail()
        with self.witness.open("INBOX") as client:
            client.uid("STORE", self.uid("INBOX", message_id), "+FLAGS", "(\\Deleted)")
            client.unselect()
        self.cli.sync()
        with self.witness.open("INBOX") as client:
            client.uid("STORE", self.uid("INBOX", message_id), "-FLAGS", "(\\Deleted)")
        self.resync()
        self.assertIsNotNone(self.cli.find(subject, "INBOX"))

    def test_appended(self):
        message_id, raw = harness.letter("appended elsewhere")
        self.witness.append("Receipts", raw, "(\\Seen)")
        self.resync()
        row = self.cli.find("appended elsewhere", "Receipts")
        self.assertFalse(row["unread"])
        self.assertEqual(self.cli.run("show", "--raw", row["messages"][0]).out,
                         self.witness.raw("Receipts", message_id))

    def test_edited(self):
        """As Exchange does it: the same Message-ID with another UID."""
        message_id, subject, message = self.mail()
        self.cli.do("star", message, "--wait")
        raw = self.witness.raw("INBOX", message_id)
        edited = raw.replace(b"Hello Anna.", b"Hello Anna, this was changed.").replace(
            b"Subject: ", b"Subject: edited ")
        self.witness.append("INBOX", edited, "(\\Flagged)")
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Deleted)")
        self.resync()
        row = self.cli.find("edited " + subject, "INBOX")
        self.assertEqual((row["messages"], row["starred"]), ([message], True))
        self.assertEqual(self.cli.run("show", "--raw", message).out, edited)
        self.assertIsNone(self.cli.find(subject))

    def test_folders_come_go_and_are_renamed(self):
        self.witness.create("Neu & älter", "Neu & älter/日本 2")
        _, subject = self.deliver(folder="Neu & älter/日本 2")
        self.resync()
        self.assertIsNotNone(self.cli.find(subject, "Neu & älter/日本 2"))
        label = self.cli.labels()["Neu & älter"]["id"]
        with self.witness.open() as client:
            client.rename(imap_quoted(encode_name("Neu & älter")), imap_quoted("Umbenannt"))
        self.resync()
        row = self.cli.find(subject, "Umbenannt/日本 2")
        self.assertEqual(row["labels"], ["Umbenannt/日本 2"])
        self.assertNotIn("Neu & älter", self.cli.labels())
        with self.witness.open() as client:
            client.delete(imap_quoted(encode_name("Umbenannt/日本 2")))
            client.delete("Umbenannt")
        self.resync()
        self.assertIsNone(self.cli.find(subject))
        self.assertNotIn(label, [one["id"] for one in self.cli.labels().values()
                                 if one["path"] != "Umbenannt"])

    def test_a_folder_made_anew_has_other_messages(self):
        self.witness.create("Anew")
        self.deliver("old one", folder="Anew")
        self.deliver("old two", folder="Anew")
        self.resync()
        with self.witness.open() as client:
            client.delete("Anew")
        time.sleep(1.1)  # UIDVALIDITY is a number of seconds
        self.witness.create("Anew")
        self.deliver("new one", folder="Anew")
        self.resync()
        self.assertEqual(dict(self.cli.subjects("Anew")), {"new one": 1})
        self.assertIsNone(self.cli.find("old one"))

    def test_flags_here_and_there_at_once(self):
        message_id, subject, message = self.mail()
        self.cli.do("star", message)
        self.command("INBOX", message_id, "STORE", "+FLAGS", "(\\Seen)")
        self.resync()
        row = self.cli.find(subject)
        self.assertEqual((row["unread"], row["starred"]), (False, True))
        self.assertEqual(self.witness.flags("INBOX", message_id),
                         {frozenset({"\\Seen", "\\Flagged"})})

    def test_a_folder_goes_while_an_act_waits_for_it(self):
        self.witness.create("Short lived")
        message_id, subject, message = self.mail()
        self.cli.sync()
        self.cli.do("move", "Short lived", message)
        with self.witness.open() as client:
            client.delete('"Short lived"')
        refused = [line["refused"] for line in self.cli.do("sync") if "refused" in line]
        self.assertEqual([(one["kind"], one["subject"]) for one in refused], [("move", subject)])
        self.assertTrue(refused[0]["error"])
        self.resync()
        where = self.witness.where(message_id)
        self.assertEqual(len(where), 1)
        self.assertEqual(self.cli.find(subject, where[0])["labels"], where)
        self.assertNotIn("Short lived", self.cli.labels())

    def test_many_changes_in_one_go(self):
        mails = [self.deliver(subject=f"many {number}") for number in range(20)]
        self.cli.sync()
        uids = {number: self.uid("INBOX", mails[number][0]) for number in range(20)}
        with self.witness.open("INBOX") as client:
            client.uid("COPY", ",".join(uids[n] for n in range(0, 5)), "Projects")
            client.uid("MOVE", ",".join(uids[n] for n in range(5, 10)), "Archive")
            client.uid("STORE", ",".join(uids[n] for n in range(10, 15)), "+FLAGS", "(\\Seen)")
            client.uid("STORE", ",".join(uids[n] for n in range(15, 20)), "+FLAGS", "(\\Deleted)")
            client.expunge()
        self.resync()


class ReverseWithExtensions(Reverse):
    server_options = {"mailbox": "empty", "capability": "full"}

    def asked(self, cli):
        """The commands of one sync."""
        done = cli.run("sync")
        self.assertEqual(done.status, 0, str(done))
        return re.findall(r"^imap \d+ C: P\d+ (.*)$", done.err, re.MULTILINE)

    def test_nothing_new_costs_a_handful_of_questions(self):
        for number in range(30):
            self.deliver(f"glance {number}", folder=harness.FOLDERS[number % 8])
        cli = self.new_cli(PINION_DEBUG="traffic")
        quiet = self.asked(cli)
        self.assertLess(len(quiet), 12, quiet)
        self.assertFalse([line for line in quiet if re.match("SELECT|UID", line)], quiet)

        # What did change is all that is asked for.
        message_id, _ = self.deliver("glance again", folder="Receipts")
        busy = self.asked(cli)
        self.assertEqual([line for line in busy if line.startswith("SELECT")],
                         ['SELECT Receipts'], busy)
        self.assertFalse([line for line in busy if re.match(r"UID FETCH 1:\* \(UID FLAGS\)$", line)],
                         busy)
        self.assertIsNotNone(cli.find("glance again", "Receipts"))
        self.assert_agrees(cli)


class Watch(harness.Case):
    """`sync --watch` hears of everything by itself."""

    def setUp(self):
        super().setUp()
        self.process = self.cli.start("sync", "--watch")
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.addCleanup(self.end)
        self.await_idle()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def await_idle(self):
        deadline = time.monotonic() + 20 * harness.PATIENCE
        while time.monotonic() < deadline:
            if self.lines.get(timeout=20 * harness.PATIENCE).get("state") == "idle":
                return
        self.fail("it never came to rest")

    def assert_soon(self, condition, seconds=SEEN_WITHIN):
        began = time.monotonic()
        self.assertTrue(harness.until(condition, seconds))
        return time.monotonic() - began

    def test_new_mail_is_seen_within_two_seconds(self):
        for _ in range(3):
            _, subject = self.deliver()
            self.assert_soon(lambda: self.cli.find(subject, "INBOX"))

    def test_changes_in_the_inbox_are_seen(self):
        message_id, subject = self.deliver()
        self.assert_soon(lambda: self.cli.find(subject, "INBOX"))
        uid = str(self.witness.uid("INBOX", message_id))
        self.witness.command("INBOX", "STORE", uid, "+FLAGS", "(\\Seen \\Flagged)")
        self.assert_soon(lambda: self.cli.find(subject)["starred"])
        self.assertFalse(self.cli.find(subject)["unread"])
        self.witness.command("INBOX", "STORE", uid, "+FLAGS", "(\\Deleted)")
        self.assert_soon(lambda: not self.cli.find(subject, "INBOX"))

    def test_acts_of_another_process_are_sent_by_the_watcher(self):
        message_id, subject = self.deliver()
        self.assert_soon(lambda: self.cli.find(subject, "INBOX"))
        message = self.cli.message(subject)
        self.cli.do("star", message, "--wait")
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Flagged"})})
        self.cli.do("archive", message)
        self.assert_soon(lambda: self.witness.where(message_id) == ["Archive"], 5)
        self.cli.do("undo", "--wait")
        self.assertEqual(self.witness.where(message_id), ["INBOX"])

    def test_a_second_sync_waits_or_says_so(self):
        done = self.cli.run("sync")
        if done.status:
            self.assert_error(done, "busy")
        else:
            self.assertIn("synced", done.last)

    def test_it_ends_on_sigterm(self):
        self.process.terminate()
        self.assertEqual(self.process.wait(10 * harness.PATIENCE), 0)

    def test_it_ends_on_sigint(self):
        self.process.send_signal(harness.signal.SIGINT)
        self.assertEqual(self.process.wait(10 * harness.PATIENCE), 0)


if __name__ == "__main__":
    harness.main()
