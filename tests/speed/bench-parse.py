#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast FETCH responses are understood: the table of bench-parse, and where Callgrind is
installed, instructions a byte, which no busy machine changes.

    bench-parse.py BENCH_PARSE
"""

import re
import shutil
import subprocess
import sys

SORTS = 4


def print_instructions(program, sort):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         "--toggle-collect=bench_parse_all", program, "--once", str(sort)],
        capture_output=True, text=True, check=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    name, size = done.stdout.splitlines()
    print(f"{name:14} {int(found[1]) / int(size):8.2f} instructions a byte")


def main():
    program = sys.argv[1]
    status = subprocess.run([program], check=False).returncode
    if shutil.which("valgrind"):
        for sort in range(SORTS):
            print_instructions(program, sort)
    print("at least 300 MB/s for all of these:", "no" if status else "yes")
    return status


if __name__ == "__main__":
    sys.exit(main())
