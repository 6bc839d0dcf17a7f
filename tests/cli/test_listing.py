#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A large Inbox is listed before it is known when its messages came, and that is found out afterwards."""

import contextlib
import email.utils
import imaplib
import sqlite3
import time

import harness

MANY = 2300
HOUR = 3600
DAY = 24 * HOUR
NOW = int(time.time())


class Dates(harness.Case):
    folders = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # By when they came, which the order of their UIDs follows: none of these is in the first screenful.
        cls.put("old by arrival", NOW - 20 * DAY, NOW - 8 * 365 * DAY)
        cls.put("old by date", NOW - 5000 * DAY, NOW - 70 * DAY)
        cls.put("without date", None, NOW - 69 * DAY)
        cls.put("from the future", NOW + 5000 * DAY, NOW - 68 * DAY)
        for number in range(MANY):
            sent = NOW - 60 * DAY + number * 600
            cls.put(f"usual {number}", sent, sent + HOUR)

    @classmethod
    def put(cls, subject, sent, received):
        date = f"Date: {email.utils.formatdate(sent)}\r\n" if sent is not None else ""
        cls.server.deliver(
            f"From: Ada <ada@northwind.example>\r\nTo: anna@northwind.example\r\n{date}"
            f"Subject: {subject}\r\nMessage-ID: <{subject.replace(' ', '.')}@northwind.example>\r\n"
            f"\r\nSome words.\r\n".encode(), when=received)

    def setUp(self):
        self.cli = self.new_cli(account=False, PINION_DEBUG="traffic")
        self.assertEqual(self.cli.add(self.server).status, 0)

    def stored(self, question):
        path = f"file:{self.cli.data / 'pinion.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
            return db.execute(question).fetchall()

    def assert_dated(self):
        with self.witness.open("INBOX", readonly=True) as client:
            answer = client.uid("FETCH", "1:*", "(UID INTERNALDATE)")[1]
        told = {}
        for line in answer:
            uid = int(line.split(b"UID ")[1].split()[0].rstrip(b")"))
            told[uid] = int(time.mktime(imaplib.Internaldate2tuple(line)))
        here = dict(self.stored("SELECT p.uid, m.received FROM placement p"
                                " JOIN message m ON m.id = p.message_id"))
        self.assertEqual(here, told)
        shown = dict(self.stored("SELECT subject, date FROM message WHERE subject NOT LIKE 'usual%'"))
        self.assertEqual(shown, {
            "old by arrival": NOW - 8 * 365 * DAY, "old by date": NOW - 5000 * DAY,
            "without date": NOW - 69 * DAY, "from the future": NOW - 68 * DAY})
        self.assertEqual(self.stored("SELECT count(*) FROM message m JOIN thread_view v"
                                     " ON v.thread_id = m.thread_id AND v.date <> m.date"), [(0,)])

    def test_found_out_afterwards(self):
        done = self.cli.run("sync")
        self.assertEqual(done.status, 0, str(done)[-2000:])
        asked = [line.split("C: ")[1] for line in done.err.splitlines() if "C: " in line]
        self.assertEqual(sum("INTERNALDATE RFC822.SIZE" in line for line in asked), 1)
        self.assertEqual(sum("(UID INTERNALDATE)" in line for line in asked), 1)
        self.assert_dated()

        # What is within a range is said by when it came.
        account = self.cli.do("account", "list")[0]["id"]
        self.cli.do("account", "set", account, "--history", "1y")
        self.cli.sync()
        self.assertIsNone(self.cli.find("old by arrival"))
        self.assertIsNotNone(self.cli.find("old by date"))

    def test_found_out_after_an_end(self):
        process = self.cli.start("sync")
        store = self.cli.data / "pinion.db"
        self.assertTrue(harness.until(
            lambda: store.exists() and self.stored("SELECT count(*) FROM placement")[0][0] > 50
            or process.poll() is not None))
        process.kill()
        process.wait()
        process.stdout.close()
        self.cli.sync()
        self.assert_dated()
        self.assert_agrees()


if __name__ == "__main__":
    harness.main()
