#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searching an Exchange for what is not here: in ASCII, and said so."""

import time

from exchange import E10, E16, Case, for_each, main

YEARS = 3 * 365 * 86400


class Search(Case):
    @for_each(E10, E16)
    def test_ascii(self, profile):
        self.account(profile, more=("--history", "1m"))
        old = time.time() - YEARS
        self.server.deliver("Quokka sighted", received=old, body="By the harbour.\n")
        self.server.deliver("Nothing new", received=old, body="No quokka here.\n")
        self.server.deliver("Something else", received=old, body="At all.\n")
        self.cli.sync()
        self.assertEqual(self.cli.do("search", "quokka"), [])
        rows = self.cli.do("search", "quokka", "--server")
        self.assertEqual({row["subject"] for row in rows if "subject" in row},
                         {"Quokka sighted", "Nothing new"})
        self.assertIn({"server": {"here": 0, "taken": 2, "more": False}}, rows)
        rows = self.cli.do("search", "subject:quokka OR subject:something -subject:sighted",
                           "--server")
        self.assertEqual({row["subject"] for row in rows if "subject" in row}, {"Something else"})
        self.assert_healthy()

    @for_each(E10, E16)
    def test_other_letters(self, profile):
        """Nothing is asked, rather than something else; the guard would hear a CHARSET."""
        self.account(profile, more=("--history", "1m"))
        self.server.deliver("Grüße", received=time.time() - YEARS)
        for query in ("Grüße", "from:ana 東京", "-ö quokka", "quokka OR straße"):
            done = self.cli.run("search", query, "--server")
            self.assert_error(done, "search-ascii-only")
            self.assertIn("A to Z", done.error["message"])
            self.assertEqual(self.cli.run("search", query).status, 0)


if __name__ == "__main__":
    main()
