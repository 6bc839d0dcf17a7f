#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations put off: away from the Inbox only, back on time or with an answer, here alone."""

import datetime
import time

import harness


def moment(seconds):
    return (datetime.datetime.now() + datetime.timedelta(seconds=seconds)).isoformat("T", "seconds")


class Snooze(harness.Case):
    shared = True

    def subjects(self, *what):
        return [line["subject"] for line in self.cli.do("list", *what)]

    def test_away_and_back(self):
        message_id, subject, message = self.mail(flags="S")
        done = self.cli.do("snooze", "tomorrow 9", message)[-1]["done"]
        self.assertTrue(done["changed"])
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        self.assertIsNotNone(self.cli.find(subject))
        row = next(line for line in self.cli.do("list", "--snoozed") if line["subject"] == subject)
        self.assertIn("snoozed", row)
        self.assertIn("INBOX", row["labels"])
        # Nothing of it is the server's.
        self.assertEqual(self.cli.do("pending"), [])
        self.assertEqual(self.witness.where(message_id), ["INBOX"])

        self.assertTrue(self.cli.do("unsnooze", message)[-1]["done"]["changed"])
        self.assertIsNotNone(self.cli.find(subject, "INBOX"))
        self.cli.do("undo")
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        self.assertFalse(self.cli.do("snooze", "tomorrow 9", message)[-1]["done"]["changed"])
        self.cli.do("unsnooze", message)
        self.cli.do("doctor")

    def test_on_time(self):
        _, subject, message = self.mail(flags="S")
        self.cli.do("snooze", moment(3), message)
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        end = time.monotonic() + 20
        while self.cli.find(subject, "INBOX") is None:
            self.assertLess(time.monotonic(), end, "it never came back")
            time.sleep(0.2)
        row = self.cli.do("list", "--label", "INBOX")[0]
        self.assertEqual(row["subject"], subject)
        self.assertTrue(row["unread"])
        self.assertIn("back", row)
        self.cli.do("read", message)
        self.assertFalse(self.cli.find(subject, "INBOX")["unread"])
        self.assertEqual(self.cli.do("pending"), [])
        self.cli.do("doctor")

    def test_an_answer_brings_it_back(self):
        message_id, subject, message = self.mail(flags="S")
        self.cli.do("snooze", "in 3 days", message)
        self.deliver(In_Reply_To=message_id)
        self.cli.sync()
        row = self.cli.find(subject, "INBOX")
        self.assertIsNotNone(row)
        self.assertNotIn("snoozed", row)
        self.assertEqual(len(row["messages"]), 2)

    def test_stays_away_though_the_server_counts_anew(self):
        _, subject, message = self.mail(flags="S")
        self.cli.do("snooze", "in 3 days", message)
        self.count_anew("INBOX")
        self.cli.sync()
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        self.assertIn(subject, self.subjects("--snoozed"))
        self.cli.do("unsnooze", message)
        self.assertIsNotNone(self.cli.find(subject, "INBOX"))
        self.cli.do("doctor")

    def test_usage(self):
        _, _, message = self.mail()
        for words in (("snooze",), ("snooze", "tomorrow"), ("snooze", "yesterday", message),
                      ("snooze", "tomorrow", "x"), ("unsnooze",),
                      ("list", "--snoozed", "--label", "INBOX")):
            self.assertEqual(self.cli.run(*words).status, 2, words)
        done = self.cli.run("snooze", "tomorrow", 999999)
        self.assertEqual((done.status, done.error["code"]), (1, "not-found"))


if __name__ == "__main__":
    harness.main()
