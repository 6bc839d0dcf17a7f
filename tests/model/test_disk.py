#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full, or can only be read: a clear error each time, and nothing is lost."""

import ctypes
import multiprocessing
import os
import pathlib
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import harness  # noqa: E402

MS_RDONLY, MS_REMOUNT, MS_REC, MS_PRIVATE = 1, 32, 16384, 1 << 18
SIZE = "24m"
MAILS = 6
ACTS = (["star"], ["add-label", "Projects"], ["archive"], ["read"], ["move", "Receipts"], ["trash"])


def mount(source, target, kind, flags, data=""):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind and kind.encode(), flags, data.encode()):
        raise OSError(ctypes.get_errno(), "mount")


class SmallDisk:
    """A real one, in a mount namespace of this process."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"
        os.unshare(os.CLONE_NEWNS)
        mount("none", "/", None, MS_REC | MS_PRIVATE)
        mount("none", str(folder), "tmpfs", 0, f"size={SIZE}")

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as ballast:
            for size in (1 << 16, 4096):
                try:
                    while ballast.write(b"x" * size) == size:
                        pass
                except OSError:
                    pass

    def empty(self):
        self.ballast.unlink(missing_ok=True)

    def lock(self):
        mount("none", str(self.folder), None, MS_REMOUNT | MS_RDONLY, f"size={SIZE}")

    def unlock(self):
        mount("none", str(self.folder), None, MS_REMOUNT, f"size={SIZE}")


class Disk(harness.Case):
    """Without threads: it forks."""

    def setUp(self):
        self.witness = harness.Witness(self.server)

    def within(self, act):
        """What @act, a function of a disk and a cli, does in a process with a disk of its own."""
        if os.geteuid():
            self.skipTest("only root can make a small disk")
        folder = self.new_folder() / "small"
        folder.mkdir()
        mine, theirs = multiprocessing.Pipe(duplex=False)

        def child():
            try:
                disk = SmallDisk(folder)
            except OSError:
                theirs.send("skip")
                return
            try:
                act(disk, harness.Cli(folder / "data", self.server.password))
                theirs.send(None)
            except BaseException:
                theirs.send(traceback.format_exc())

        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        theirs.close()
        outcome = mine.recv()
        process.join()
        if outcome == "skip":
            self.skipTest("no mount namespace here")
        self.assertIsNone(outcome, outcome)

    def begin(self, cli):
        self.assertEqual(cli.add(self.server).status, 0)
        self.mails = [self.deliver() for _ in range(MAILS)]
        cli.sync()
        return [cli.message(subject) for _, subject in self.mails]

    def shown(self, cli, message):
        line = cli.do("show", message)[-1]
        return line["labels"], line["unread"], line["starred"]

    def refuse(self, done, codes):
        if done.status:
            self.assert_error(done, codes)
        return done.status != 0

    def finish(self, cli):
        """All of it is there, once, and both sides agree."""
        cli.sync()
        self.assertEqual(cli.do("pending"), [])
        self.cli = cli
        self.assert_agrees()
        there = self.witness.everything()
        for message_id, _ in self.mails:
            for folder, found in there.items():
                self.assertLessEqual(found[message_id], 1, folder)
            self.assertTrue(any(found[message_id] for found in there.values()), message_id)

    def test_full(self):
        def act(disk, cli):
            messages = self.begin(cli)
            refused = 0
            for words, message in zip(ACTS * 2, messages * 2, strict=True):
                before = self.shown(cli, message)
                disk.fill()
                failed = self.refuse(cli.run(*words, message), "disk-full")
                self.refuse(cli.run("labels"), "disk-full")
                disk.empty()
                if failed:
                    self.assertEqual(self.shown(cli, message), before)
                refused += failed
            self.assertGreater(refused, 0)
            self.deliver()
            disk.fill()
            self.refuse(cli.run("sync"), "disk-full")
            self.refuse(cli.run("send", "--to", "jonas.brandt@northwind.example", "--subject",
                                "full", "--wait"), "disk-full")
            disk.empty()
            self.finish(cli)
            sent = self.witness.subjects()["Sent Items"][0]["full"]
            self.assertLessEqual(sent, 1)
            self.assertEqual(harness.Witness(self.server, "jonas.brandt@northwind.example")
                             .subjects()["INBOX"][0]["full"], sent)

        self.within(act)

    def test_only_to_be_read(self):
        def act(disk, cli):
            messages = self.begin(cli)
            before = [self.shown(cli, message) for message in messages]
            disk.lock()
            for words, message in zip(ACTS, messages, strict=True):
                self.assertTrue(self.refuse(cli.run(*words, message), "store-read-only"))
            self.assertTrue(self.refuse(cli.run("sync"), "store-read-only"))
            disk.unlock()
            self.assertEqual([self.shown(cli, message) for message in messages], before)
            for words, message in zip(ACTS, messages, strict=True):
                cli.do(*words, message)
            self.finish(cli)

        self.within(act)


if __name__ == "__main__":
    harness.main()
