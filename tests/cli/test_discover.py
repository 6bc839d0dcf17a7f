#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""account discover: what it prints, how it ends, and that an account can be made of it."""

import pathlib
import sys

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "discover"))

import web  # noqa: E402

FINDING = {"source", "protocol", "host", "port", "tls", "user", "user_form", "origin", "rank",
           "verified", "own_domain", "answers"}
ATTEMPT = {"source", "target", "outcome", "host", "detail"}


class Discover(harness.Case):
    folders = ("Sent Items",)

    def setUp(self):
        self.cli = harness.Cli(self.new_folder() / "data")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        web.clean_environment()
        cls.certificates = web.Certificates("good")

    def pages(self):
        """What a hosting company's panel says of the demo server."""
        return {web.POX: web.Reply(200, web.account(
            web.protocol(Type="IMAP", Server=self.server.host, Port=self.server.imap_tls, SSL="on",
                         LoginName=self.server.user),
            web.protocol(Type="SMTP", Server=self.server.host, Port=self.server.smtp_starttls,
                         Encryption="TLS", UsePOPAuth="on")))}

    def test_output(self):
        with web.Web(self.pages(), self.certificates.context()) as server:
            done = self.cli.run("account", "discover", self.server.email, "--base-url", server.url,
                                "--ca", self.certificates.ca)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(len(done.lines), 3)
        for line in done.lines[:-1]:
            self.assertEqual(set(line), FINDING)
        discovered = done.last["discovered"]
        self.assertEqual(set(discovered), {"findings", "imap", "smtp", "tried"})
        for attempt in discovered["tried"]:
            self.assertEqual(set(attempt), ATTEMPT)
            self.assertNotEqual(attempt["outcome"], "running")
        self.assertEqual(self.cli.do("account", "list"), [])

        imap, smtp = discovered["imap"], discovered["smtp"]
        done = self.cli.run(
            "account", "add", "--email", self.server.email, "--ca", self.server.ca,
            *(word for name, found in (("imap", imap), ("smtp", smtp))
              for word in (f"--{name}-host", found["host"], f"--{name}-port", found["port"],
                           f"--{name}-tls", found["tls"], f"--{name}-user", found["user"])),
            password=self.server.password)
        self.assertEqual(done.status, 0, str(done))

    def test_nothing_found(self):
        with web.Web({}, self.certificates.context()) as server:
            done = self.cli.run("account", "discover", self.server.email, "--base-url", server.url,
                                "--ca", self.certificates.ca)
        self.assertEqual((done.status, len(done.lines)), (0, 1), str(done))
        discovered = done.last["discovered"]
        self.assertEqual((discovered["findings"], discovered["imap"], discovered["smtp"]),
                         (0, None, None))
        self.assertEqual({attempt["outcome"] for attempt in discovered["tried"]}, {"not-found"})

    def test_nobody_there(self):
        done = self.cli.run("account", "discover", self.server.email, "--base-url",
                            "https://127.0.0.1:1")
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual({attempt["outcome"] for attempt in done.last["discovered"]["tried"]},
                         {"unreachable"})

    def test_wrong_usage(self):
        for words in ((), ("a@b.example", "c@d.example"), ("a@b.example", "--base-url", "nowhere"),
                      ("a@b.example", "--base-url", "ftp://127.0.0.1"),
                      ("a@b.example", "--base-url", "https://me:pw@127.0.0.1"),
                      ("a@b.example", "--nonsense")):
            done = self.cli.run("account", "discover", *words)
            self.assertEqual((done.status, done.out), (2, b""), str(done))
        for address in ("anna", "anna@", "an na@b.example"):
            self.assert_error(self.cli.run("account", "discover", address), "invalid-argument")
        self.assert_error(self.cli.run("account", "discover", "a@b.example", "--ca", "/nowhere",
                                       "--base-url", "https://127.0.0.1:1"), "not-found")


if __name__ == "__main__":
    harness.main()
