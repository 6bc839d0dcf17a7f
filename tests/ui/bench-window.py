# SPDX-License-Identifier: GPL-3.0-or-later

"""bench-window.py BENCH-SEARCH WITH-DISPLAY BENCH-WINDOW [MESSAGES]

Makes a store of half a million messages with its index, which tells how fast a search is, and works a
window of it."""

import pathlib
import subprocess
import sys
import tempfile

bench_search, with_display, bench_window, *more = sys.argv[1:]

with tempfile.TemporaryDirectory(prefix="pinion-bench-") as work:
    store = pathlib.Path(work) / "store"
    made = subprocess.run([bench_search, f"--messages={more[0] if more else 500000}", "--words=30",
                           f"--dir={store}"])
    shown = subprocess.run([sys.executable, "-B", with_display, bench_window, "--data", store])
    sys.exit(made.returncode or shown.returncode)
