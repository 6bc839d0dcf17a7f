#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole mailbox beside mbsync in the same run: first sync, indexed, nothing new, changes.

    bench-sync.py PINION_CLI [--count N] [--maildir DIR] [--bars]

The mailbox is the demo server's, of N messages, or that of DIR, a Maildir++ tree such as other
generators make (left as it is). A table is printed. Fails where the first sync takes more than
twice mbsync's time; with --bars, where it misses what a large mailbox is held to: first sync in
0.6 of mbsync's time and indexed in 1.0, nothing new and changes in 1.0, 150 MB of memory at most,
1.3 times the mail on disk.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

import services  # noqa: E402
from server import DemoServer  # noqa: E402

ROUNDS = 3

MBSYNCRC = """
FSync yes

IMAPAccount demo
Host localhost
Port {imap_tls}
User {email}
PassCmd "cat {password_file}"
TLSType IMAPS
CertificateFile {ca}
PipelineDepth 100

IMAPStore remote
Account demo

MaildirStore local
Path {local}/
Inbox {local}/INBOX
SubFolders Verbatim

Channel all
Far :remote:
Near :local:
Patterns * !Calendar* !Contacts* !Outbox !Tasks !Notes !Journal !"Sync Issues*" !"Conversation History" !"RSS Feeds"
Create Near
SyncState *
"""


def add_account(cli, data, server, env):
    ready = server.facts
    subprocess.run([cli, "--data", data, "account", "add", "--email", ready["email"],
                    "--imap-host", "localhost", "--imap-port", str(ready["imap_tls"]),
                    "--imap-tls", "tls", "--smtp-host", "localhost",
                    "--smtp-port", str(ready["smtp_starttls"]), "--smtp-tls", "starttls",
                    "--history", "all", "--ca", ready["ca"]],
                   env=env, check=True, stdout=subprocess.DEVNULL)


def hand_over(maildir):
    """To the server's user: the folders, not the mail in them, which it only reads."""
    maildir.parent.parent.chmod(0o755)
    for path in [maildir.parent, *maildir.parent.rglob("*")]:
        if path.is_dir():
            os.chown(path, *services.mail_owner())


def linked(source, target):
    """The Maildir++ tree as the demo server has folders; the mail is linked, not copied."""
    for folder in [source, *sorted(source.glob(".*"))]:
        name = folder.name.lstrip(".").replace(".", "/") if folder != source else ""
        for part in ("cur", "new", "tmp"):
            (target / name / part).mkdir(parents=True, exist_ok=True)
            for message in (folder / part).iterdir() if (folder / part).is_dir() else ():
                os.link(message, target / name / part / message.name)
    hand_over(target)


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def change(server, seed=1):
    """500 flags, 200 new, 100 deleted, as another client makes them, all over the Inbox."""
    client = server.imap()
    _, count = client.select("INBOX")
    numbers = random.Random(seed).sample(range(1, int(count[0]) + 1), 600)
    client.store(",".join(map(str, numbers[:500])), "+FLAGS", "\\Flagged")
    client.store(",".join(map(str, numbers[500:])), "+FLAGS", "\\Deleted")
    client.expunge()
    client.logout()
    for number in range(200):
        text = f"{number} and some words more of the new mail.\r\n" * 40
        server.deliver(
            f"From: new@northwind.example\r\nSubject: New {number}\r\n"
            f"Message-ID: <new-{seed}-{number}@northwind.example>\r\n\r\n{text}".encode())


class Run:
    """Commands one after the other, each with its time and its peak of memory: of several, the median."""

    def __init__(self, env):
        self.env = env
        self.times = {}

    def time(self, name, command, fine=(0,)):
        began = time.monotonic()
        process = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        out, said = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if os.waitstatus_to_exitcode(status) not in fine:
            print(name, out[-2000:], said[-2000:], file=sys.stderr)
            raise SystemExit(1)
        self.times.setdefault(name, []).append(
            (seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
        return out

    def rows(self):
        return {name: tuple(statistics.median(row[column] for row in rows) for column in range(3))
                for name, rows in self.times.items()}

    def ratio(self, mine, theirs):
        rows = self.rows()
        return sum(rows[name][0] for name in mine) / rows[theirs][0]

    def peak(self, program):
        return max(row[2] for name, rows in self.times.items() if name.startswith(program)
                   for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--maildir", type=pathlib.Path)
    parser.add_argument("--bars", action="store_true")
    options = parser.parse_args()

    # Mail can be linked only within one file system.
    near = options.maildir.resolve().parent if options.maildir else None
    with tempfile.TemporaryDirectory(prefix="pinion-bench-", dir=near) as work:
        work = pathlib.Path(work)
        if options.maildir:
            linked(options.maildir, work / "mail" / "Maildir")
            mailbox = {"mailbox": work / "mail"}
        else:
            mailbox = {"count": options.count}
        with DemoServer(**mailbox) as server:
            return compare(options, server, work)


def compare(options, server, work):
    ready = server.facts
    secret = work / "password"
    secret.write_text(ready["password"], encoding="utf-8")
    rc = work / "mbsyncrc"
    (work / "mbsync").mkdir()
    rc.write_text(MBSYNCRC.format(password_file=secret, local=work / "mbsync", **ready),
                  encoding="utf-8")
    data = work / "pinion"
    mbsync = ["mbsync", "-c", rc, "-a", "-q"]
    cli = [options.cli, "--data", data]
    run = Run(dict(os.environ, PINION_PASSWORD=ready["password"]))

    # Whoever comes first pays for the server's cold index.
    warm = server.imap()
    for line in warm.list()[1]:
        name = line.decode().split(' "/" ', 1)[1]
        status, count = warm.select(name, readonly=True)
        if status == "OK" and count[0] != b"0":
            warm.fetch("1:*", "(FLAGS RFC822.SIZE)")
    warm.logout()

    # mbsync reports what it leaves out (a message too large, say) by its exit status.
    run.time("mbsync, first", mbsync, fine=(0, 1))
    add_account(options.cli, data, server, run.env)
    synced = json.loads(run.time("Pinion, first", cli + ["sync"]).splitlines()[-1])["synced"]
    run.time("Pinion, indexing", cli + ["search", "wordsthatnobodywrote"])
    disk = size_of(data)

    # What takes a moment is done several times, and each is the first at times: it pays for what the
    # server has to find out.
    both = [("mbsync", mbsync, (0, 1)), ("Pinion", cli + ["sync"], (0,))]
    for turn in range(ROUNDS):
        for program, command, fine in both if turn % 2 == 0 else reversed(both):
            run.time(f"{program}, nothing new", command, fine)
    for turn in range(ROUNDS):
        change(server, seed=turn + 1)
        for program, command, fine in both if turn % 2 == 0 else reversed(both):
            run.time(f"{program}, changes", command, fine)
    mail = size_of(work / "mbsync")

    print(f"{synced['messages']} messages, {mail / 1e6:.0f} MB")
    for name, (seconds, processor, peak) in run.rows().items():
        print(f"{name:22} {seconds:8.2f} s, {processor:6.2f} s of the processor, {peak:5.0f} MB")
    peak = run.peak("Pinion")
    figures = [
        ("first sync", run.ratio(["Pinion, first"], "mbsync, first"), 0.6, 2.0),
        ("and indexed", run.ratio(["Pinion, first", "Pinion, indexing"], "mbsync, first"), 1.0, 4.0),
        ("nothing new", run.ratio(["Pinion, nothing new"], "mbsync, nothing new"), 1.0, 10.0),
        ("changes", run.ratio(["Pinion, changes"], "mbsync, changes"), 1.0, 10.0),
        ("memory, of 150 MB", peak / 150, 1.0, 1.0),
        ("disk, of the mail", disk / mail, 1.3, 2.0),
    ]
    failed = False
    for name, figure, bar, most in figures:
        limit = bar if options.bars else most
        failed = failed or figure > limit
        print(f"{name:22} {figure:8.2f}   (bar {bar}){'  MISSED' if figure > limit else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
