#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receiving a large mailbox over TLS, beside `openssl s_client` draining the same bytes.

    bench-receive.py BENCH_RECEIVE [--count N] [--rounds N] [--most RATIO] [--only memory|dovecot]

Both are whole processes: connecting, signing in, EXAMINE, one UID FETCH of every message, LOGOUT.
They take turns, and the best of each counts. Fails where Pinion takes more than RATIO (1.3) times as
long to receive it from a real server. Since such a server can hide a slow client behind its own
work, the same from one that only plays back is told, too, without being judged: there it counts
that Pinion reads all the system's authorities when it starts, and that it keeps large messages in
files.
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

import certificates  # noqa: E402
import maildir  # noqa: E402
import replay  # noqa: E402
import services  # noqa: E402
from server import DemoServer, imap_quoted  # noqa: E402

LINE = b"The buoys were back on Tuesday, and all but one of them had kept the time.\r\n"
LOGIN = "anna@northwind.example"


def make_message(number, chance):
    """Most have some KiB, every fortieth a hundred."""
    size = 120_000 if number % 40 == 0 else chance.randrange(1_500, 10_500)
    header = (f"From: Jonas Brandt <jonas.brandt@northwind.example>\r\n"
              f"To: Anna Keller <anna@northwind.example>\r\nSubject: Number {number}\r\n"
              f"Message-ID: <{number}.bench@northwind.example>\r\n\r\n").encode()
    return header + LINE * (size // len(LINE))


def make_messages(count):
    chance = random.Random(1)
    return (make_message(number, chance) for number in range(count))


def write_mailbox(home, count):
    root = pathlib.Path(home) / "Maildir"
    maildir.make_folder(root, "INBOX")
    for number, raw in enumerate(make_messages(count)):
        maildir.write(root, "INBOX", raw, "S", 1_780_000_000 + number, number)
    services.own(home)


def make_answer(count):
    """What a server says to the FETCH of everything."""
    return b"".join(
        b'* %d FETCH (UID %d FLAGS (\\Seen) INTERNALDATE "28-May-2026 20:26:40 +0000" '
        b"RFC822.SIZE %d BODY[] {%d}\r\n%b)\r\n" % (number, number, len(raw), len(raw), raw)
        for number, raw in enumerate(make_messages(count), 1))


def timed(command, **options):
    """Returns seconds, seconds of the processor, and what subprocess.run() returned."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, check=False, **options)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, worked, done


def drain(port, ca, password):
    """Everything goes to /dev/null."""
    commands = (f"a LOGIN {imap_quoted(LOGIN)} {imap_quoted(password)}\r\n"
                "b EXAMINE INBOX\r\n"
                "c UID FETCH 1:* (UID BODY.PEEK[])\r\n"
                "d LOGOUT\r\n")
    seconds, worked, done = timed(
        ["openssl", "s_client", "-quiet", "-verify_quiet", "-CAfile", ca,
         "-connect", f"localhost:{port}"],
        input=commands.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done.check_returncode()
    return seconds, worked


def receive(options, port, ca, password, directory):
    """Returns the bytes of all messages, too."""
    seconds, worked, done = timed([options.program, str(port), LOGIN, ca, directory],
                                  input=password + "\n", capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{options.program}: {done.stderr}")
    messages, size = map(int, done.stdout.split())
    if messages != options.count:
        sys.exit(f"{messages} of {options.count} messages came")
    return seconds, worked, size


def compare(options, title, place, directory):
    """PLACE: port, CA and password. Prints a table; returns whether it was fast enough."""
    theirs, ours = [], []
    drain(*place)  # the server's index and the system's cache are warm then
    for _ in range(options.rounds):
        theirs.append(drain(*place))
        *times, size = receive(options, *place, directory)
        ours.append(tuple(times))

    megabytes = size / 1e6
    print(f"{title}: {options.count} messages, {megabytes:.0f} MB")
    for name, times in (("openssl s_client", theirs), ("Pinion", ours)):
        best = min(times)[0]
        rounds = " ".join(f"{seconds:.2f}" for seconds, _ in times)
        print(f"  {name:18} {best:6.2f} s {megabytes / best:6.0f} MB/s, "
              f"{min(worked for _, worked in times):.2f} s of the processor   ({rounds})")
    ratio = min(ours)[0] / min(theirs)[0]
    print(f"  Pinion takes {ratio:.2f} times as long", flush=True)
    return ratio <= options.most


def from_memory(options, work, spill):
    keys = pathlib.Path(work) / "tls"
    ca = str(certificates.make_certificates(keys, ("good",)))
    with replay.ReplayServer(keys / "good", options.count, make_answer(options.count)) as played:
        compare(options, "From memory", (played.port, ca, "secret"), spill)


def from_dovecot(options, home, spill):
    write_mailbox(home, options.count)
    with DemoServer(mailbox=home) as server:
        ready = server.facts
        return compare(options, "From Dovecot",
                       (ready["imap_tls"], ready["ca"], ready["password"]), spill)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=float, default=1.3, metavar="RATIO")
    parser.add_argument("--only", choices=("memory", "dovecot"))
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="pinion-bench-") as work:
        home = os.path.join(work, "home")
        spill = os.path.join(work, "spill")
        os.chmod(work, 0o711)
        os.mkdir(spill)

        fast = True
        if options.only != "dovecot":
            from_memory(options, work, spill)
        if options.only != "memory":
            fast = from_dovecot(options, home, spill)
    print("fast enough:", "yes" if fast else "no")
    return 0 if fast else 1


if __name__ == "__main__":
    sys.exit(main())
