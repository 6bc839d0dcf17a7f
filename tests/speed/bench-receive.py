#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receiving a large mailbox over TLS, beside `openssl s_client` draining the same bytes.

    bench-receive.py BENCH_RECEIVE [--count N] [--rounds N] [--most RATIO]

Both are whole processes: connecting, signing in, SELECT, one UID FETCH of every message, LOGOUT.
They take turns, and the best of each counts. Fails where Pinion takes more than RATIO (1.3) times as
long. Since a busy machine or a slow server can hide a slow client, what each took of the processor
is told, too.
"""

import argparse
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

import maildir  # noqa: E402
import services  # noqa: E402
from server import DemoServer, imap_quoted  # noqa: E402

LINE = b"The buoys were back on Tuesday, and all but one of them had kept the time.\r\n"


def write_mailbox(home, count):
    """COUNT messages: most of some KiB, every fortieth of a hundred."""
    root = pathlib.Path(home) / "Maildir"
    maildir.make_folder(root, "INBOX")
    chance = random.Random(1)
    for number in range(count):
        size = 120_000 if number % 40 == 0 else chance.randrange(1_500, 10_500)
        header = (f"From: Jonas Brandt <jonas.brandt@northwind.example>\r\n"
                  f"To: Anna Keller <anna@northwind.example>\r\nSubject: Number {number}\r\n"
                  f"Message-ID: <{number}.bench@northwind.example>\r\n\r\n").encode()
        raw = header + LINE * (size // len(LINE))
        maildir.write(root, "INBOX", raw, "S", 1_780_000_000 + number, number)
    services.own(home)


def timed(command, **options):
    """Returns seconds, seconds of the processor, and what subprocess.run() returned."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, check=False, **options)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, worked, done


def drain(ready):
    """Everything goes to /dev/null."""
    commands = (f'a LOGIN {imap_quoted(ready["email"])} {imap_quoted(ready["password"])}\r\n'
                "b EXAMINE INBOX\r\n"
                "c UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])\r\n"
                "d LOGOUT\r\n")
    seconds, worked, done = timed(
        ["openssl", "s_client", "-quiet", "-verify_quiet", "-CAfile", ready["ca"],
         "-connect", f"localhost:{ready['imap_tls']}"],
        input=commands.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done.check_returncode()
    return seconds, worked


def receive(program, ready, directory, count):
    """Returns the bytes of all messages, too."""
    seconds, worked, done = timed(
        [program, str(ready["imap_tls"]), ready["email"], ready["ca"], directory],
        input=ready["password"] + "\n", capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program}: {done.stderr}")
    messages, size = map(int, done.stdout.split())
    if messages != count:
        sys.exit(f"{messages} of {count} messages came")
    return seconds, worked, size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=float, default=1.3)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="pinion-bench-") as work:
        home = os.path.join(work, "home")
        spill = os.path.join(work, "spill")
        os.chmod(work, 0o711)
        os.mkdir(spill)
        write_mailbox(home, options.count)
        with DemoServer(mailbox=home) as server:
            ready = server.facts
            drain(ready)  # the server's index and the system's cache are warm then
            theirs, ours = [], []
            for _ in range(options.rounds):
                theirs.append(drain(ready))
                *times, size = receive(options.program, ready, spill, options.count)
                ours.append(tuple(times))

    megabytes = size / 1e6
    print(f"{options.count} messages, {megabytes:.0f} MB")
    for name, times in (("openssl s_client", theirs), ("Pinion", ours)):
        best = min(times)[0]
        rounds = " ".join(f"{seconds:.2f}" for seconds, _ in times)
        print(f"{name:18} {best:6.2f} s {megabytes / best:6.0f} MB/s, "
              f"{min(worked for _, worked in times):.2f} s of the processor   ({rounds})")
    ratio = min(ours)[0] / min(theirs)[0]
    print(f"Pinion takes {ratio:.2f} times as long; {options.most} is allowed")
    return 1 if ratio > options.most else 0


if __name__ == "__main__":
    sys.exit(main())
