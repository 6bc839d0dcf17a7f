#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any instant of mixed acts: the store opens, the journal goes on, nothing is lost, nothing
is doubled, and no mail is sent twice.

    test_kill.py                          a few kills
    test_kill.py --kills 1000 [--from N] [--server KIND]...
    test_kill.py --seed N --server KIND   that run of acts again; the kills fall as the machine likes
"""

import argparse
import itertools
import sys
import time

import model
import test_model
import world

SHORT = 20
STEPS = 40


def steps_of(kind, seed):
    return model.sequence(f"kills {kind} {seed}", STEPS, model.KILLS)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=SHORT)
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--server", choices=world.SERVERS, action="append")
    options = parser.parse_args()
    kinds = options.server or (list(world.SERVERS) if options.kills > SHORT else ["exchange"])
    began = time.monotonic()
    kills = runs = failed = 0
    for number, kind in enumerate(kinds):
        wanted = options.kills * (number + 1) // len(kinds)
        seeds = itertools.count(options.first) if options.seed is None else [options.seed]
        with world.World(kind) as there:
            for seed in seeds:
                steps = steps_of(kind, seed)
                failure = test_model.attempt(there, itertools.takewhile(
                    lambda _: kills + there.count["kills"] < wanted, steps))
                if failure:
                    test_model.report(kind, seed, steps, failure)
                runs += 1
                failed += failure is not None
                if kills + there.count["kills"] >= wanted:
                    break
            kills += there.count["kills"]
            print(f"{kind}: {kills} kills, {runs} runs, {time.monotonic() - began:.1f} s",
                  flush=True)
    print(f"{kills} kills in {runs} runs, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
