#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random acts on both sides, cuts, kills and races: whatever came, both sides agree in the end.

    test_model.py                                    a few sequences for each kind of server
    test_model.py --seeds 1000 [--from N] [--server KIND] [--minutes M]
    test_model.py --seed N --server KIND [--no-shrink]   that one again, and what of it is needed
    test_model.py --twofold ...                      with messages that come once more and say something else
"""

import argparse
import json
import re
import subprocess
import sys
import time
import traceback

import model
import world

# A short run: all kinds of steps are among them.
SHORT = {kind: (number,) for number, kind in enumerate(world.SERVERS, 1835)}
SHRINK_TRIES = 120


class Failure:
    """Why a sequence failed, as one line and in full; None where it did not."""

    def __init__(self, error):
        self.line = str(error).splitlines()[0][:400] if str(error) else repr(error)
        # What stays the same when it is tried with fewer steps.
        self.kind = re.sub(r"m?\d+|<.*?>|[{\[].*", "", self.line.partition("--")[0])[:40]
        self.full = "".join(traceback.format_exception(error))


def attempt(there, steps, note=None):
    try:
        there.run(steps, note)
    except (AssertionError, KeyError, ValueError, IndexError, TypeError, AttributeError,
            OSError, there.other.client.error, subprocess.SubprocessError) as error:
        there.other = world.Other(there.server)
        return Failure(error)
    return None


def report(kind, seed, steps, failure):
    print(f"FAILED --server {kind} --seed {seed}: {failure.line}", flush=True)
    for step in steps:
        print(f"    {json.dumps(step, ensure_ascii=False)}")
    print(failure.full, flush=True)


def tried(there, kind, seed, choices, shrinks):
    """Whether the sequence is right; says all about it where it is not."""
    steps = model.sequence(f"{kind} {seed}", choices=choices)
    failure = attempt(there, steps)
    if not failure:
        return True
    report(kind, seed, steps, failure)
    if shrinks:
        last = [failure]

        def fails(fewer):
            again = attempt(there, fewer)
            if not again or again.kind != failure.kind:
                return False
            last[0] = again
            return True

        if not fails(steps) and not fails(steps):
            print("    it went well when tried again: what was cut or killed fell otherwise",
                  flush=True)
            return False
        steps = model.shrink(steps, fails, SHRINK_TRIES)
        report(kind, f"{seed}, shrunk", steps, last[0])
    return False


def run(seeds_of, choices, shrinks, minutes=None, follow=None):
    """{kind: seeds}: the number of failures.  Each kind has its share of the minutes."""
    failed = ran = 0
    counts = world.collections.Counter()
    began = time.monotonic()
    for number, (kind, seeds) in enumerate(seeds_of.items(), 1):
        deadline = began + 60 * minutes * number / len(seeds_of) if minutes else None
        with world.World(kind) as there:
            start = time.monotonic()
            for seed in seeds:
                if deadline and time.monotonic() > deadline:
                    break
                if follow:
                    failure = attempt(there, model.sequence(f"{kind} {seed}", choices=choices),
                                      follow)
                    if failure:
                        report(kind, seed, [], failure)
                    failed += failure is not None
                else:
                    failed += not tried(there, kind, seed, choices, shrinks)
                ran += 1
            counts += there.count
            print(f"{kind}: {ran} sequences so far, {time.monotonic() - start:.1f} s", flush=True)
    print(f"{ran} sequences, {failed} failed, {time.monotonic() - began:.1f} s: "
          + ", ".join(f"{name} {number}" for name, number in sorted(counts.items())), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, help="how many for each kind of server")
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--server", choices=world.SERVERS, action="append")
    parser.add_argument("--minutes", type=float, help="begins no sequence after that long")
    parser.add_argument("--twofold", action="store_true")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--follow", action="store_true", help="say each step")
    options = parser.parse_args()
    kinds = options.server or list(world.SERVERS)
    if options.seed is not None:
        seeds = {kind: (options.seed,) for kind in kinds}
    elif options.seeds:
        seeds = {kind: range(options.first, options.first + options.seeds) for kind in kinds}
    else:
        seeds = {kind: SHORT[kind] for kind in kinds}
    follow = (lambda step: print("  ", step, flush=True)) if options.follow else None
    choices = model.ALL + (model.TWOFOLD if options.twofold else ())
    sys.exit(1 if run(seeds, choices, not options.no_shrink, options.minutes, follow) else 0)


if __name__ == "__main__":
    main()
