#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what meson wrote down of its test runs, and says what failed.

Usage: report.py NAME=TESTLOG[:SECOND]... !STAGE...
       report.py --again TESTLOG

NAME=TESTLOG is a run of the tests and its meson-logs/testlog.json, SECOND that of those which were
run a second time, alone; !STAGE is something that failed before it came to tests. A test program
that tells of its own cases (TAP, Python's unittest) counts with each of them. The last line is
"N passed, N failed, N skipped".

--again names the tests that a second run may tell more of: a few that failed beside others, not
what a sanitizer found. What passes then is still shown, as unsteady.
"""

import json
import os
import re
import sys

TAIL = 40
MOST_AGAIN = 3
# What only a fiber's stack points at is lost to LeakSanitizer: a hint, and not of one cause.
FINDING = re.compile(r'ERROR: (?!Leak)\w+Sanitizer|runtime error:')
SANITIZER = re.compile(r'ERROR: \w+Sanitizer|runtime error:')
TAP_POINT = re.compile(r'^\s*(not )?ok\b(?: +\d+)?(?: *-)? *(.*)$')
TAP_SUBTEST = re.compile(r'^\s*# Subtest: (.*)$')
UNITTEST = re.compile(r'^Ran (\d+) tests? in \S+\s+(?:OK|FAILED)(?: \((.*)\))?$', re.MULTILINE)


class Tally:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __bool__(self):
        return bool(self.passed or self.failed or self.skipped)

    def __str__(self):
        return f'{self.passed} passed, {self.failed} failed, {self.skipped} skipped'


def tally_tap(text):
    """Counts test points; the one that sums up a subtest is not one of its own."""
    tally = Tally()
    if not re.search(r'^(TAP version \d+|1\.\.\d+)', text, re.MULTILINE):
        return tally
    sums = set()
    for line in text.splitlines():
        if subtest := TAP_SUBTEST.match(line):
            sums.add(subtest[1].strip())
            continue
        if not (point := TAP_POINT.match(line)):
            continue
        name, _, directive = (' ' + point[2]).partition(' # ')
        directive = directive.upper()
        if name.strip() in sums:
            sums.discard(name.strip())
        elif directive.startswith('SKIP'):
            tally.skipped += 1
        elif point[1] and not directive.startswith('TODO'):
            tally.failed += 1
        else:
            tally.passed += 1
    return tally


def tally_unittest(text):
    tally = Tally()
    for ran, details in UNITTEST.findall(text):
        counts = {word: int(number) for word, number in re.findall(r'([a-z][a-z ]*)=(\d+)', details)}
        bad = sum(counts.get(word, 0) for word in ('failures', 'errors', 'unexpected successes'))
        skipped = counts.get('skipped', 0)
        tally += Tally(max(int(ran) - bad - skipped, 0), bad, skipped)
    return tally


def tally_test(test):
    """What one test program comes to. Its end decides: a crash after good cases is a failure."""
    tally = tally_tap(test['stdout']) or tally_unittest(test['stdout'] + test.get('stderr', ''))
    if test['result'] in ('OK', 'EXPECTEDFAIL'):
        return tally or Tally(passed=1)
    if test['result'] == 'SKIP':
        return tally or Tally(skipped=1)
    if not tally.failed:
        tally += Tally(failed=1)
    return tally


def telling_lines(lines):
    """The cases that failed, what a sanitizer found first, else the end."""
    for number, line in enumerate(lines):
        if SANITIZER.search(line):
            return lines[number:number + TAIL]
    return [line for line in lines[:-TAIL] if 'not ok' in line] + lines[-TAIL:]


def read_log(path):
    with open(path, encoding='utf-8', errors='replace') as log:
        return [json.loads(line) for line in log if line.strip()]


def find_again(tests):
    failed = [test for test in tests if tally_test(test).failed]
    output = '\n'.join(test.get('stdout', '') + test.get('stderr', '') for test in failed)
    if len(failed) > MOST_AGAIN or FINDING.search(output):
        return []
    return [test['name'].rpartition(' / ')[2] for test in failed]


def show_failure(run, test, word='FAILED'):
    print(f'\n{word}: {test["name"]} ({run}, {test["result"]}, status {test["returncode"]})')
    for name in ('stdout', 'stderr'):
        for line in telling_lines(test.get(name, '').splitlines()):
            print(f'  | {line}')


def main(arguments):
    total = Tally()
    for argument in arguments:
        if argument.startswith('!'):
            print(f'\nFAILED: {argument[1:]}')
            total += Tally(failed=1)
            continue
        run, _, paths = argument.partition('=')
        path, _, second = paths.partition(':')
        again = {test['name']: test for test in (read_log(second) if second else [])}
        for test in read_log(path):
            tally = tally_test(test)
            if tally.failed and test['name'] in again:
                alone = tally_test(again[test['name']])
                if not alone.failed:
                    show_failure(run, test, 'UNSTEADY, passed when run again, alone')
                    tally = alone
            total += tally
            if tally.failed:
                show_failure(run, test)
    if not total:
        print('\nNo test was run.')
    print()
    print(total)
    return 0 if total.passed and not total.failed else 1


if __name__ == '__main__':
    if sys.argv[1:2] == ['--again']:
        print(*(find_again(read_log(sys.argv[2])) if os.path.exists(sys.argv[2]) else []))
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
