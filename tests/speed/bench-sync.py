#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""First sync of a whole mailbox, headers and bodies, beside mbsync in the same run.

    bench-sync.py PINION_CLI [--count N] [--most RATIO]

Fails where Pinion takes more than RATIO (2) times mbsync's time, or where a second sync with
nothing new takes more than RATIO times mbsync's (a second is granted in any case).
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

from server import DemoServer  # noqa: E402

MBSYNCRC = """
FSync no

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


def timed(command, env):
    began = time.monotonic()
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    seconds = time.monotonic() - began
    return seconds, done


def add_account(cli, data, server, env):
    ready = server.facts
    subprocess.run([cli, "--data", data, "account", "add", "--email", ready["email"],
                    "--imap-host", "localhost", "--imap-port", str(ready["imap_tls"]),
                    "--imap-tls", "tls", "--smtp-host", "localhost",
                    "--smtp-port", str(ready["smtp_starttls"]), "--smtp-tls", "starttls",
                    "--history", "all", "--ca", ready["ca"]],
                   env=env, check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--most", type=float, default=2.0)
    options = parser.parse_args()
    failed = False

    with DemoServer(count=options.count) as server, \
            tempfile.TemporaryDirectory(prefix="pinion-bench-") as work:
        ready = server.facts
        secret = os.path.join(work, "password")
        pathlib.Path(secret).write_text(ready["password"], encoding="utf-8")
        rc = os.path.join(work, "mbsyncrc")
        local = os.path.join(work, "mbsync")
        os.mkdir(local)
        pathlib.Path(rc).write_text(MBSYNCRC.format(password_file=secret, local=local, **ready),
                                    encoding="utf-8")
        env = dict(os.environ, PINION_PASSWORD=ready["password"])
        data = os.path.join(work, "pinion")

        # Whoever comes first pays for the server's cold index: that is mbsync's warm-up.
        warm = server.imap()
        for line in warm.list()[1]:
            name = line.decode().split(' "/" ', 1)[1]
            status, count = warm.select(name, readonly=True)
            if status == "OK" and count[0] != b"0":
                warm.fetch("1:*", "(FLAGS RFC822.SIZE)")
        warm.logout()

        rows = []
        seconds, done = timed(["mbsync", "-c", rc, "-a", "-q"], env)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
        rows.append(["mbsync, first", seconds])
        add_account(options.cli, data, server, env)
        first, done = timed([options.cli, "--data", data, "sync"], env)
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return 1
        synced = json.loads(done.stdout.splitlines()[-1])["synced"]
        rows.append(["Pinion, first", first])
        rows.append(["mbsync, nothing new", timed(["mbsync", "-c", rc, "-a", "-q"], env)[0]])
        rows.append(["Pinion, nothing new",
                     timed([options.cli, "--data", data, "sync"], env)[0]])

    print(f"{synced['messages']} messages")
    for name, seconds in rows:
        print(f"{name:24} {seconds:8.2f} s")
    for mine, theirs in ((1, 0), (3, 2)):
        ratio = rows[mine][1] / rows[theirs][1]
        print(f"{rows[mine][0]}: {ratio:.2f} times mbsync's")
        failed = failed or (ratio > options.most and rows[mine][1] > 1.0)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest child: {peak:.0f} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
