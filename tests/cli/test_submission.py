#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outbox and a server that refuses, asks for a pause, or does not say what became of it."""

import pathlib
import sqlite3
import time

import exchange
import harness

JONAS = "jonas.brandt@northwind.example"


class Submission(harness.Case):
    def setUp(self):
        self.exchange = exchange.Exchange(pathlib.Path(self.server.ca).parent,
                                          self.server.password)
        self.addCleanup(self.exchange.stop)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        done = self.cli.add(self.server, smtp_port=self.exchange.port)
        self.assertEqual(done.status, 0, str(done))
        self.exchange.connections = self.exchange.attempts = 0
        self.stem = f"{self._testMethodName} {time.time_ns()}"

    def queue(self, count):
        for number in range(count):
            self.cli.do("send", "--to", JONAS, "--subject", f"{self.stem} {number}")

    def outbox(self):
        return self.cli.do("outbox")

    def database(self):
        for path in self.cli.data.rglob("*"):
            if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
                with sqlite3.connect(path) as database:
                    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'"
                                        ).fetchone():
                        return path
        return None

    def times(self):
        with sqlite3.connect(self.database()) as database:
            return [row[0] for row in
                    database.execute("SELECT next_try FROM outbox ORDER BY id")]

    def let_time_pass(self):
        with sqlite3.connect(self.database()) as database:
            database.execute("UPDATE outbox SET next_try = 1")

    def assert_filed(self, count):
        filed = [one for one in self.witness.subjects()["Sent Items"][0].elements()
                 if one.startswith(self.stem)]
        self.assertEqual(sorted(filed), [f"{self.stem} {number}" for number in range(count)])

    def assert_sent(self, count):
        self.assertEqual(len(self.exchange.messages), count)
        for number in range(count):
            subject = f"Subject: {self.stem} {number}\r\n".encode()
            self.assertEqual(sum(subject in raw for raw in self.exchange.messages), 1, number)

    def test_rate_limit(self):
        """Five a minute: the sixth is told to wait, and the others wait with it."""
        self.exchange.most = 5
        self.queue(8)
        began = time.time()
        self.cli.sync()
        self.assert_sent(5)
        self.assertEqual(self.exchange.connections, 6)
        waiting = self.outbox()
        self.assertEqual([one["state"] for one in waiting], ["queued"] * 3)
        self.assertIn("submission rate", waiting[0]["error"])
        self.assertGreaterEqual(max(self.times()), began + 60)
        # Nobody asks before the minute is over, for a new message neither.
        self.exchange.most = None
        self.cli.do("send", "--to", JONAS, "--subject", f"{self.stem} 8")
        self.cli.sync()
        self.assertEqual(self.exchange.connections, 6)
        self.let_time_pass()
        self.cli.sync()
        self.assertEqual(self.outbox(), [])
        self.assert_sent(9)
        self.assert_filed(9)

    def test_no_answer_to_the_end(self):
        """It may have been sent: nobody sends it again by himself."""
        self.exchange.refusals["."] = None
        done = self.cli.run("send", "--to", JONAS, "--subject", f"{self.stem} 0", "--wait")
        self.assert_error(done, "outcome-unknown", protocol="smtp")
        self.assertEqual(self.outbox()[0]["state"], "uncertain")
        self.exchange.refusals.clear()
        self.cli.sync()
        self.let_time_pass()
        self.cli.sync()
        self.assert_sent(1)
        self.assertEqual(self.exchange.connections, 1)
        self.assertEqual(self.outbox()[0]["state"], "uncertain")
        self.assert_filed(0)

    def test_refused_password(self):
        """Tried once, not once for each message: accounts get locked."""
        self.exchange.refusals["AUTH"] = "535 5.7.3 Authentication unsuccessful"
        self.queue(3)
        self.cli.sync()
        self.cli.sync()
        self.assertEqual(self.exchange.attempts, 1)
        self.assertEqual([one["state"] for one in self.outbox()], ["failed"] * 3)
        self.assertIn("5.7.3", self.outbox()[2]["error"])

    def test_server_away(self):
        """One look is enough for all; nothing is given back for it."""
        self.exchange.refusals[""] = "421 4.3.2 Service not active"
        self.queue(3)
        self.cli.sync()
        self.assertEqual(self.exchange.connections, 1)
        self.assertEqual([one["state"] for one in self.outbox()], ["queued"] * 3)
        self.exchange.refusals.clear()
        self.let_time_pass()
        self.cli.sync()
        self.assert_sent(3)
        self.assert_filed(3)

    def test_international_address(self):
        """Exchange takes none before the @; a domain is another matter."""
        self.cli.do("send", "--to", "ben@bücher.example", "--subject", f"{self.stem} 0", "--wait")
        self.assertIn(b"RCPT TO:<ben@xn--bcher-kva.example>", self.exchange.commands)
        done = self.cli.run("send", "--to", f"{JONAS}, käthe@lakeside.example", "--subject",
                            f"{self.stem} 1", "--wait")
        self.assert_error(done, "address-unsupported", protocol="smtp")
        self.assertIn("käthe@lakeside.example", self.outbox()[0]["error"])
        self.assertEqual(self.outbox()[0]["state"], "failed")
        self.assert_sent(1)

    def test_refusals(self):
        cases = (
            ("MAIL", "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
             "sender-refused", "failed"),
            ("MAIL", "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail",
             "sign-in-required", "failed"),
            ("MAIL", "451 5.7.3 Must issue a STARTTLS command first", "needs-starttls", "failed"),
            ("MAIL", "503 5.5.2 Send hello first", "protocol-error", "queued"),
            ("MAIL", "552 5.3.4 Message size exceeds fixed maximum message size",
             "message-too-large", "failed"),
            ("RCPT", "452 4.5.3 Too many recipients", "too-many-recipients", "failed"),
            ("RCPT", "550 5.1.1 User unknown", "recipients-refused", "failed"),
            ("RCPT", "452 4.3.1 Insufficient system resources", "server-unavailable", "queued"),
            (".", "552 5.3.4 Message size exceeds fixed maximum message size",
             "message-too-large", "failed"),
            (".", "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException", "sender-refused",
             "failed"),
        )
        for number, (verb, reply, code, state) in enumerate(cases):
            with self.subTest(reply=reply):
                self.exchange.refusals = {verb: reply}
                done = self.cli.run("send", "--to", JONAS, "--subject", f"{self.stem} {number}",
                                    "--wait")
                self.assert_error(done, code, protocol="smtp")
                item = self.outbox()[-1]
                self.assertEqual(item["state"], state)
                self.assertIn(reply, item["error"])
                self.assertEqual(self.exchange.messages, [])
                if verb == "RCPT":
                    self.assertIn(JONAS, item["error"])
        self.assert_filed(0)


if __name__ == "__main__":
    harness.main()
