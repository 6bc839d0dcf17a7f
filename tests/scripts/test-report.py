#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closing line of ./check, from logs as meson writes them."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPORT = pathlib.Path(__file__).resolve().parents[2] / '.ci' / 'report.py'

TAP = """TAP version 14
# random seed: R02S
    # Subtest: text
    ok 1 /text/folds
    ok 2 /text/skips # SKIP not here
    1..2
ok 1 text
ok 2 /skip is only a name
1..2
"""


def test(name, result='OK', stdout='', stderr='', returncode=0):
    return {'name': name, 'result': result, 'stdout': stdout, 'stderr': stderr,
            'returncode': returncode}


class Report(unittest.TestCase):
    def run_report(self, *arguments):
        done = subprocess.run([sys.executable, REPORT, *arguments], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.stderr, '')
        return done.returncode, done.stdout.splitlines()

    @staticmethod
    def write(folder, name, tests):
        log = pathlib.Path(folder) / name
        log.write_text(''.join(json.dumps(one) + '\n' for one in tests), encoding='utf-8')
        return log

    def report(self, *tests, stages=(), again=None):
        with tempfile.TemporaryDirectory() as folder:
            logs = f'plain={self.write(folder, "testlog.json", tests)}'
            if again is not None:
                logs += f':{self.write(folder, "again.json", again)}'
            return self.run_report(logs, *stages)

    def again(self, *tests):
        with tempfile.TemporaryDirectory() as folder:
            status, lines = self.run_report('--again', self.write(folder, 'testlog.json', tests))
        self.assertEqual(status, 0)
        return lines[-1].split()

    def test_plain_programs(self):
        status, lines = self.report(test('a'), test('b'), test('c', 'SKIP', returncode=77))
        self.assertEqual((status, lines[-1]), (0, '2 passed, 0 failed, 1 skipped'))

    def test_failure_is_shown(self):
        output = '\n'.join(f'line {i}' for i in range(200))
        status, lines = self.report(test('a'), test('room / b', 'FAIL', output, 'cause', 1))
        self.assertEqual((status, lines[-1]), (1, '1 passed, 1 failed, 0 skipped'))
        self.assertIn('FAILED: room / b (plain, FAIL, status 1)', lines)
        self.assertIn('  | line 199', lines)
        self.assertIn('  | cause', lines)
        self.assertNotIn('  | line 100', lines)

    def test_time_out_is_a_failure(self):
        status, lines = self.report(test('a', 'TIMEOUT', returncode=-15))
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed, 0 skipped'))

    def test_cases_of_tap(self):
        status, lines = self.report(test('a', stdout=TAP))
        self.assertEqual((status, lines[-1]), (0, '2 passed, 0 failed, 1 skipped'))

    def test_early_bad_case_is_shown(self):
        output = '1..90\nnot ok 1 early\n' + ''.join(f'ok {i} case {i}\n' for i in range(2, 91))
        status, lines = self.report(test('a', 'FAIL', output, returncode=1))
        self.assertEqual((status, lines[-1]), (1, '89 passed, 1 failed, 0 skipped'))
        self.assertIn('  | not ok 1 early', lines)

    def test_first_words_of_a_sanitizer_are_shown(self):
        output = '==1==ERROR: AddressSanitizer: heap-buffer-overflow\n' + 'shadow\n' * 99
        status, lines = self.report(test('a', 'ERROR', stderr=output, returncode=1))
        self.assertEqual(status, 1)
        self.assertIn('  | ==1==ERROR: AddressSanitizer: heap-buffer-overflow', lines)

    def test_crash_after_good_cases(self):
        status, lines = self.report(test('a', 'ERROR', '1..3\nok 1 one\n', 'Aborted', -6))
        self.assertEqual((status, lines[-1]), (1, '1 passed, 1 failed, 0 skipped'))

    def test_cases_of_unittest(self):
        good = 'Ran 5 tests in 0.1s\n\nOK (skipped=2)\n'
        bad = 'Ran 4 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n'
        status, lines = self.report(test('a', stderr=good), test('b', 'FAIL', stderr=bad))
        self.assertEqual((status, lines[-1]), (1, '4 passed, 2 failed, 3 skipped'))

    def test_stage_that_came_to_no_test(self):
        status, lines = self.report(test('a'), stages=['!build with sanitizers'])
        self.assertEqual((status, lines[-1]), (1, '1 passed, 1 failed, 0 skipped'))
        self.assertIn('FAILED: build with sanitizers', lines)

    def test_what_may_run_again(self):
        self.assertEqual(self.again(test('p:cli / a'), test('p:cli / b', 'FAIL', returncode=1),
                                    test('c', 'TIMEOUT', returncode=-15)), ['b', 'c'])
        self.assertEqual(self.again(test('a')), [])
        self.assertEqual(self.again(*(test(name, 'FAIL', returncode=1) for name in 'abcd')), [])

    def test_what_sanitizers_find_stands(self):
        for words in ('ERROR: AddressSanitizer: stack-overflow', 'x.c:3: runtime error: shift'):
            self.assertEqual(self.again(test('a', 'FAIL', stderr=words, returncode=1)), [])
        leak = test('a', 'FAIL', stderr='ERROR: LeakSanitizer: detected memory leaks', returncode=1)
        self.assertEqual(self.again(leak), ['a'])

    def test_unsteady(self):
        failed = test('a', 'FAIL', stdout=TAP, stderr='too late', returncode=1)
        status, lines = self.report(failed, test('b'), again=[test('a', stdout=TAP)])
        self.assertEqual((status, lines[-1]), (0, '3 passed, 0 failed, 1 skipped'))
        self.assertIn('UNSTEADY, passed when run again, alone: a (plain, FAIL, status 1)', lines)
        self.assertIn('  | too late', lines)

    def test_failed_twice(self):
        failed = test('a', 'FAIL', returncode=1)
        status, lines = self.report(failed, again=[failed])
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed, 0 skipped'))
        self.assertIn('FAILED: a (plain, FAIL, status 1)', lines)

    def test_no_test_is_no_success(self):
        status, lines = self.report()
        self.assertEqual((status, lines[-1]), (1, '0 passed, 0 failed, 0 skipped'))


if __name__ == '__main__':
    unittest.main()
