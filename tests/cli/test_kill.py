#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any instant: nothing is lost and nothing is doubled, here and on the server."""

import collections
import random
import time

import harness

SYNC_ROUNDS = 12
ACT_ROUNDS = 30
SEND_ROUNDS = 12
JONAS = "jonas.brandt@northwind.example"


class Killed(harness.Case):
    def kill_after(self, seconds, *command):
        """Whether the command was still at it."""
        process = self.cli.start(*command)
        try:
            time.sleep(seconds)
            running = process.poll() is None
            process.kill()
        finally:
            process.communicate()
        return running

    def time_of(self, *command):
        began = time.monotonic()
        self.cli.do(*command)
        return time.monotonic() - began

    def settle(self):
        harness.until(lambda: self.cli.run("sync").status == 0 and not self.cli.do("pending"), 60)
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])


class KilledFirstSync(Killed):
    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()

    def test_first_sync(self):
        """Each round starts where the last one was killed."""
        chance = random.Random(11)
        before = self.witness.everything()
        whole = {path: (label["total"], label["unread"]) for path, label in
                 self.cli.labels().items()}
        seconds = self.time_of("sync") + 1.5
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        self.assertEqual(self.cli.add(self.server).status, 0)
        killed = sum(self.kill_after(chance.uniform(0.05, seconds) / 3, "sync")
                     for _ in range(SYNC_ROUNDS))
        self.assertGreater(killed, 2)
        self.settle()
        self.assertEqual({path: (label["total"], label["unread"]) for path, label in
                          self.cli.labels().items()}, whole)
        self.assertEqual(self.witness.everything(), before)
        fresh = self.new_cli()
        for path, label in fresh.labels().items():
            if not label["hidden"]:
                self.assertEqual(self.cli.subjects(path), fresh.subjects(path), path)
        messages = {message for row in self.cli.list() for message in row["messages"]}
        for message in sorted(messages)[::12]:
            self.assertTrue(self.cli.run("show", "--raw", message).out)


class KilledActs(Killed):
    def rounds(self, chance, wait):
        mails = [self.deliver() for _ in range(8)]
        self.cli.sync()
        messages = {subject: self.cli.message(subject) for _, subject in mails}
        ids = {message_id for message_id, _ in mails}
        seconds = self.time_of("star", next(iter(messages.values())), "--wait")
        commands = (["archive"], ["move", "Projects"], ["add-label", "Receipts"], ["star"],
                    ["move", "INBOX"], ["remove-label", "Receipts"], ["read"], ["trash"],
                    ["spam"], ["unspam"], ["undo"], ["label", "create", "New/er"],
                    ["label", "rename", "New", "Old"], ["label", "rename", "Old", "New"],
                    ["label", "delete", "New"])
        for _ in range(ACT_ROUNDS):
            command = list(chance.choice(commands))
            if command[0] not in ("undo", "label"):
                command += chance.sample(sorted(messages.values()), chance.randrange(1, 4))
            self.kill_after(chance.uniform(0.01, seconds * 1.2), *command, *wait)
            if not wait and chance.random() < 0.4:
                self.kill_after(chance.uniform(0.05, seconds * 1.2), "sync")
        self.settle()
        self.assert_agrees()
        there = self.witness.everything()
        everywhere = sum(there.values(), collections.Counter())
        self.assertLessEqual(ids, set(everywhere))
        for folder, found in there.items():
            self.assertEqual([one for one, count in found.items() if count > 1], [], folder)

    def test_acts_with_wait(self):
        self.rounds(random.Random(3), ["--wait"])

    def test_acts_and_syncs(self):
        self.rounds(random.Random(5), [])


class KilledActsWithExtensions(KilledActs):
    server_options = {"mailbox": "empty", "capability": "full"}


class KilledSending(Killed):
    def test_sending(self):
        """At most once, ever; and what is not known to be sent is said to be unknown."""
        chance = random.Random(13)
        jonas = harness.Witness(self.server, JONAS)
        began = time.monotonic()
        self.cli.do("send", "--to", JONAS, "--subject", "warm", "--wait")
        seconds = time.monotonic() - began
        subjects = [f"kill {number}" for number in range(SEND_ROUNDS)]
        for subject in subjects:
            self.kill_after(chance.uniform(0.02, seconds * 1.1), "send", "--to", JONAS,
                            "--subject", subject, "--wait")
        self.settle()
        time.sleep(1)
        arrived = jonas.subjects()["INBOX"][0]
        filed = self.witness.subjects()["Sent Items"][0]
        outbox = {one["subject"]: one["state"] for one in self.cli.do("outbox")}
        for subject in subjects:
            self.assertLessEqual(arrived[subject], 1, subject)
            self.assertLessEqual(filed[subject], 1, subject)
            if filed[subject]:
                self.assertEqual(arrived[subject], 1, subject)
            elif arrived[subject]:
                self.assertEqual(outbox.get(subject), "uncertain", subject)


if __name__ == "__main__":
    harness.main()
