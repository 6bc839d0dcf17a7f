#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command with an X display and a session bus of its own, beside others that do the same.

    with-display.py COMMAND...

The X server itself picks a free number: asking for one first is a race.
"""

import os
import subprocess
import sys


def main():
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[writing], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            display = number.readline().strip()
        if not display:
            print("with-display.py: Xvfb does not start", file=sys.stderr)
            return 99
        return subprocess.call(["dbus-run-session", "--", *sys.argv[1:]],
                               env=dict(os.environ, DISPLAY=f":{display}"))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
