#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor finds what is broken on purpose, names it, and finds nothing in a healthy store."""

import shutil
import sqlite3
import threading

import harness
from harness import imap_quoted


class Examined(harness.Case):
    """Each test has a copy of one store."""

    shared = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = cls.cli
        cls.message_id, raw = harness.letter("healthy")
        cls.server.deliver(raw)
        cls.witness.command("INBOX", "COPY", "1", "Projects")
        cls.cli.sync()
        cls.id = cls.cli.message("healthy", "INBOX")
        cls.number = int(cls.id)

    def setUp(self):
        super().setUp()
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        shutil.copytree(self.whole.data, self.cli.data)

    def database(self):
        return sqlite3.connect(self.cli.data / "pinion.db", timeout=10)

    def harm(self, *statements):
        with self.database() as database:
            for statement in statements:
                changed = database.execute(statement, {"id": self.number}).rowcount
                self.assertGreater(changed, 0, statement)
        database.close()

    def file(self):
        return self.cli.data / "mail" / f"{self.number % 256:02x}" / f"{self.number}.eml"

    def kinds(self):
        return {line["difference"]["kind"] for line in self.cli.run("doctor").lines
                if "difference" in line}

    def assert_finds(self, *kinds):
        """The doctor names differences of just these kinds; returns them."""
        done = self.cli.run("doctor")
        self.assert_error(done, "store-differs")
        found = [line["difference"] for line in done.lines if "difference" in line]
        self.assertEqual({one["kind"] for one in found}, set(kinds), str(done))
        self.assertEqual(done.lines[-2]["doctor"]["differences"], len(found))
        for one in found:
            self.assertTrue(one["detail"])
        return found


class Doctor(Examined):
    def test_healthy(self):
        summary = self.assert_healthy()
        self.assertGreaterEqual(summary["messages"], 1)
        self.assertEqual(summary["files"], summary["messages"])
        self.assertEqual(summary["pending"], 0)
        self.assert_agrees()

    def test_what_is_pending_is_told_and_no_difference(self):
        self.cli.do("star", self.id)
        self.cli.do("move", "Receipts", self.id)
        self.assertEqual(self.assert_healthy()["pending"], len(self.cli.do("pending")))

    def test_a_file_is_missing(self):
        self.file().unlink()
        found, = self.assert_finds("file-missing")
        self.assertEqual(found["message"], self.number)

    def test_a_file_is_short(self):
        self.file().write_bytes(self.file().read_bytes()[:-1])
        found, = self.assert_finds("file-size")
        self.assertEqual(found["message"], self.number)

    def test_a_file_belongs_to_nobody(self):
        stray = self.cli.data / "mail" / "ff" / "999999999.eml"
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_bytes(b"stray")
        (self.cli.data / "mail" / "ff" / "notes.txt").write_bytes(b"stray")
        # What is newer than the look itself is left alone.
        harness.until(lambda: self.cli.run("doctor").status == 1)
        self.assertEqual(len(self.assert_finds("file-without-message")), 2)

    def test_counters(self):
        self.harm("UPDATE view_total SET messages = messages + 1 WHERE view_id > 0")
        self.assert_finds("counter")

    def test_a_list(self):
        self.harm("UPDATE thread_view SET unread = unread + 1 WHERE view_id < 0",
                  "UPDATE view_total SET unread = unread + 1 WHERE view_id < 0")
        self.assert_finds("list")

    def test_conversations(self):
        self.harm("INSERT INTO thread (account_id) VALUES (1)")
        self.assert_finds("thread-empty")
        self.harm("DELETE FROM thread WHERE id NOT IN (SELECT thread_id FROM message)",
                  "DELETE FROM reference")
        self.assert_finds("thread")

    def test_placements(self):
        self.harm("UPDATE placement SET gone = 1 WHERE id ="
                  " (SELECT min (id) FROM placement WHERE message_id = :id)")
        self.assert_finds("placement-hidden", "list")

    def test_a_wish_that_nobody_tells_the_server(self):
        self.harm("UPDATE message SET flags = flags | 4 WHERE id = :id")
        found = self.assert_finds("flag-flagged", "list")
        self.assertEqual({one["label"] for one in found if one["kind"] == "flag-flagged"},
                         {"INBOX", "Projects"})

    def test_uids_mean_other_messages(self):
        self.harm("UPDATE message SET message_id = message_id || 'x' WHERE id = :id")
        self.assertLessEqual({"message-differs", "thread"}, self.kinds())

    def test_the_server_counts_anew(self):
        self.harm("UPDATE folder SET uidvalidity = uidvalidity + 1 WHERE path = 'Projects'")
        found, = self.assert_finds("uidvalidity")
        self.assertEqual(found["label"], "Projects")
        self.cli.sync()
        self.assert_agrees()

    def test_the_server_is_away(self):
        gate = harness.Gate(self.server.imap_tls)
        self.addCleanup(gate.shut)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        self.assertEqual(self.cli.add(self.server, imap_port=gate.port).status, 0)
        self.cli.sync()
        gate.shut()
        done = self.cli.run("doctor")
        self.assert_error(done, "port-closed", "reach", "imap")
        self.assertEqual(done.lines[-2]["doctor"]["differences"], 0)

    def test_it_says_that_another_stays(self):
        process = self.cli.start("sync", "--watch")
        try:
            for line in process.stdout:
                if b'"idle"' in line:
                    break
            self.assert_error(self.cli.run("doctor"), "busy")
        finally:
            process.terminate()
            process.communicate()
        self.assert_healthy()


class DoctorAndServer(Examined):
    def test_zz_other_folders_and_mail(self):
        self.cli.sync()
        message_id, _ = self.deliver()
        found, = self.assert_finds("message-not-here")
        self.assertEqual((found["label"], found["uid"]),
                         ("INBOX", self.witness.uid("INBOX", message_id)))

        uid = self.witness.uid("INBOX", self.message_id)
        self.witness.command("INBOX", "STORE", str(uid), "+FLAGS", "(\\Answered)")
        found = self.assert_finds("message-not-here", "flags")
        self.assertEqual({(one["label"], one["uid"]) for one in found if one["kind"] == "flags"},
                         {("INBOX", uid)})

        self.witness.command("INBOX", "STORE", str(uid), "+FLAGS", "(\\Deleted)")
        found = self.assert_finds("message-not-here", "message-not-there")
        self.assertEqual({(one["uid"], one["message"]) for one in found
                          if one["kind"] == "message-not-there"}, {(uid, self.number)})
        self.cli.sync()
        self.assert_agrees()

        self.witness.create("Unheard of")
        with self.witness.open() as client:
            client.delete(imap_quoted("Projects/Aurora"))
        found = self.assert_finds("folder-not-here", "folder-not-there")
        self.assertEqual({one["label"] for one in found}, {None, "Projects/Aurora"})
        self.cli.sync()
        self.assert_agrees()

    def test_it_waits_for_a_sync(self):
        for number in range(20):
            self.deliver(subject=f"wait {number}")
        done = []
        thread = threading.Thread(target=lambda: done.append(self.cli.run("sync")))
        thread.start()
        while thread.is_alive():
            self.assertIn(self.cli.run("doctor").status, (0, 1))
        thread.join()
        self.assertEqual(done[0].status, 0, str(done[0]))
        self.assert_agrees()



if __name__ == "__main__":
    harness.main()
