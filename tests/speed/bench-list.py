#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Inbox of 20,000, new to Pinion: how soon all of it is listed, and how soon the newest fifty can be read.

    bench-list.py PINION_CLI [--count N] [--maildir DIR] [--runs N] [--bars]

The mailbox is one of N messages in the Inbox, or that of DIR, a Maildir++ tree (left as it is). The
time counts from signing in, as far as a program outside can tell: the first progress that pinion-cli
says. The store is looked at from outside, each hundredth of a second. Fails where the best run takes
more than thrice what is wanted, 1 s and 0.5 s; with --bars, where it takes more.
"""

import argparse
import contextlib
import importlib
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

from server import DemoServer  # noqa: E402

sync = importlib.import_module("bench-sync")

# What Pinion asks for
FIELDS = ("From To Subject Date Message-ID In-Reply-To References Thread-Index List-Id Precedence"
          " Auto-Submitted Content-Type")

PEOPLE = [f"{first} {last} <{first.lower()}.{last.lower()}@northwind.example>"
          for first in ("Mara", "Jonas", "Ines", "Tomas", "Yuki", "Ada", "Paul", "Lena")
          for last in ("Keller", "Lind", "Okafor", "Novak", "Sato", "Byrne")]


def letter(number, chance):
    """With the header of a message that has come through an Exchange, in threads of four."""
    thread = number - number % 4
    references = "".join(f" <{other}.list@northwind.example>" for other in range(thread, number))
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(1.7e9 + number * 600))
    received = "".join(
        f"Received: from mail{hop}.northwind.example (10.0.{hop}.7) by mx{hop}.northwind.example\r\n"
        f" with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA) id 15.1.2507.{hop};\r\n"
        f" {date}\r\n" for hop in range(3))
    lines = [
        f"{received}From: {chance.choice(PEOPLE)}", f"To: {chance.choice(PEOPLE)}",
        f"Cc: {', '.join(chance.sample(PEOPLE, 2))}",
        f"Subject: {'Re: ' if number > thread else ''}Quarterly figures and what follows, {thread}",
        f"Date: {date}", f"Message-ID: <{number}.list@northwind.example>",
        *([f"In-Reply-To:{references[references.rindex(' '):]}", f"References:{references}"]
          if references else []),
        "MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', "",
        *("These are some words of this message, as many as a short one has." for _ in range(12)),
        "",
    ]
    return "\r\n".join(lines).encode()


def make(folder, count):
    """A Maildir whose Inbox has all."""
    chance = random.Random(count)
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        flags = "S" if chance.random() < 0.9 else ""
        text = letter(number, chance)
        # With its sizes, as the server names what it delivers
        name = f"{1700000000 + number}.M{number}.bench,S={len(text)},W={len(text)}:2,{flags}"
        path = folder / "cur" / name
        path.write_bytes(text)
        os.utime(path, (1.7e9 + number * 600,) * 2)
    sync.hand_over(folder)


class Store:
    """What a client's store has, looked at from outside."""

    def __init__(self, data):
        path = next(path for path in data.rglob("*")
                    if path.is_file() and path.suffix not in ("-wal", "-shm")
                    and self.is_one(path))
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    @staticmethod
    def is_one(path):
        if path.read_bytes()[:15] != b"SQLite format 3":
            return False
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'placement'").fetchone()

    def get(self, question):
        return self.db.execute(question).fetchone()[0] or 0


def measure(cli, server, data, wanted):
    """Seconds until the Inbox is listed, and until the newest fifty can be read."""
    env = dict(os.environ, PINION_PASSWORD=server.facts["password"])
    sync.add_account(cli, data, server, env)
    store = Store(data)
    process = subprocess.Popen([cli, "--data", data, "sync"], env=env, stdout=subprocess.PIPE)
    listed = readable = None
    with process:
        process.stdout.readline()
        began = time.monotonic()
        while process.poll() is None and not (listed and readable):
            if not listed and store.get("SELECT max (rowid) FROM placement") >= wanted:
                listed = time.monotonic() - began
            if not readable and store.get("SELECT count (*) FROM (SELECT 1 FROM message"
                                          " WHERE body_state = 1 LIMIT 50)") >= 50:
                readable = time.monotonic() - began
            time.sleep(0.01)
        process.kill()
    if not listed or not readable:
        raise SystemExit(f"the sync ended early: {listed} {readable}")
    return listed, readable


def receive(server):
    """How many there are, and the seconds in which all that a list needs comes in, where nobody reads it:
    no client can be faster.  Also pays for the server's cold index."""
    client = server.imap()
    _, count = client.select("INBOX", readonly=True)
    seconds = []
    for number in range(3):
        began = time.monotonic()
        client.send(f"raw{number} UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS"
                    f" ({FIELDS})])\r\n".encode())
        end, tail = f"\r\nraw{number} OK".encode(), b""
        while end not in tail:
            tail = tail[-len(end):] + client.sock.recv(1 << 20)
        while not tail.endswith(b"\r\n"):
            tail += client.sock.recv(1 << 20)
        seconds.append(time.monotonic() - began)
    client.shutdown()
    return int(count[0]), min(seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--maildir", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bars", action="store_true")
    options = parser.parse_args()

    near = options.maildir.resolve().parent if options.maildir else None
    with tempfile.TemporaryDirectory(prefix="pinion-bench-", dir=near) as work:
        work = pathlib.Path(work)
        if options.maildir:
            sync.linked(options.maildir, work / "mail" / "Maildir")
        else:
            make(work / "mail" / "Maildir", options.count)
        with DemoServer(mailbox=work / "mail") as server:
            wanted, limit = receive(server)
            runs = [measure(options.cli, server, work / f"pinion-{number}", wanted)
                    for number in range(options.runs)]

    print(f"{wanted} messages in the Inbox, {options.runs} runs; receiving alone takes {limit:.2f} s")
    failed = False
    for name, bar, times in zip(("listed", "newest 50 readable"), (1.0, 0.5), zip(*runs)):
        most = bar if options.bars else 3 * bar
        failed = failed or min(times) > most
        print(f"{name:22} {', '.join(f'{seconds:.2f}' for seconds in times)} s   (bar {bar})"
              f"{'  MISSED' if min(times) > bar else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
