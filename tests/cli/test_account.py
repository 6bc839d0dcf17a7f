#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connecting works, or says at which stage and why it does not; and no account gets locked."""

import hashlib
import pathlib
import re
import socket
import ssl
import threading
import time

import harness

STAGES = ["resolve", "reach", "tls", "certificate", "greeting", "sign-in", "open", "folders"]


class Account(harness.Case):
    folders = ("Sent Items",)

    def setUp(self):
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)

    def add(self, server=None, password=None, **changes):
        server = server or self.server
        options = {"email": server.email, "imap-host": server.host,
                   "imap-port": server.imap_tls, "imap-tls": "tls", "smtp-host": server.host,
                   "smtp-port": server.smtp_starttls, "smtp-tls": "starttls", "ca": server.ca,
                   **{name.replace("_", "-"): value for name, value in changes.items()}}
        words = [word for name, value in options.items() if value is not None
                 for word in (f"--{name}", value)]
        return self.cli.run("account", "add", *words, password=password)

    def refusals(self):
        """How many sign-ins the server has refused so far."""
        time.sleep(0.3)
        log = pathlib.Path(self.server.logs, "dovecot.log").read_text(errors="replace")
        return sum(int(count) for count in re.findall(r"auth failed, (\d+) attempts", log))

    def assert_nothing_kept(self):
        self.assertEqual(self.cli.do("account", "list"), [])

    def test_every_stage_is_told(self):
        for tls, imap, smtp in (("tls", "imap_tls", "smtp_tls"),
                                ("starttls", "imap_starttls", "smtp_starttls")):
            self.setUp()
            done = self.add(imap_tls=tls, smtp_tls=tls, imap_port=self.server.facts[imap],
                            smtp_port=self.server.facts[smtp], imap_user=self.server.user)
            self.assertEqual(done.status, 0, str(done))
            stages = [line for line in done.lines if "stage" in line]
            for line in stages:
                self.assertIn("detail", line)
                self.assertIs(line["ok"], True)
            self.assertEqual([line["stage"] for line in stages if line["protocol"] == "imap"
                              ][-3:], ["sign-in", "open", "folders"])
            self.assertLessEqual({line["stage"] for line in stages}, set(STAGES))
            self.assertIn("sign-in", [line["stage"] for line in stages
                                      if line["protocol"] == "smtp"])
            self.assertEqual(len(self.cli.do("account", "list")), 1)

    def test_user_name_forms(self):
        for form in (self.server.email, self.server.user, "anna", "northwind\\ANNA"):
            self.setUp()
            done = self.add(imap_user=form)
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual(self.cli.do("account", "list")[0]["imap_user"], form)
            self.cli.sync()

    def test_the_form_that_works_is_found(self):
        """The address is an alias: only DOMAIN\\user signs in."""
        before = self.refusals()
        done = self.add(email="anna@mail.northwind.example", password=self.server.password)
        self.assertEqual(done.status, 1 if done.status else 0)
        self.assertLessEqual(self.refusals() - before, 3)
        users = [account["imap_user"] for account in self.cli.do("account", "list")]
        if users:
            self.assertIn(users[0], ("anna", "MAIL\\anna", "NORTHWIND\\anna"))

    def test_a_wrong_password_is_tried_three_times_at_most(self):
        before = self.refusals()
        self.assert_error(self.add(password="wrong horse"), "sign-in-refused", "sign-in", "imap")
        self.assertLessEqual(self.refusals() - before, 3)
        self.assert_nothing_kept()
        before = self.refusals()
        self.assert_error(self.add(password="wrong horse", imap_user=self.server.user),
                          "sign-in-refused", "sign-in", "imap")
        self.assertLessEqual(self.refusals() - before, 2)

    def test_a_password_that_became_wrong_is_tried_once(self):
        self.assertEqual(self.add(imap_user=self.server.user).status, 0)
        before = self.refusals()
        self.assert_error(self.cli.run("sync", password="changed"), "sign-in-refused", "sign-in",
                          "imap")
        self.assertEqual(self.refusals() - before, 1)
        process = self.cli.start("sync", "--watch", password="changed")
        time.sleep(6)
        process.terminate()
        self.assertEqual(process.wait(10 * harness.PATIENCE), 0)
        process.stdout.close()
        self.assertEqual(self.refusals() - before, 2)

    def test_no_password(self):
        cli = harness.Cli(self.cli.data)
        done = cli.add(self.server)
        self.assert_error(done, ("password-missing", "keyring-unavailable"))
        self.assertEqual(self.add().status, 0)
        self.assert_error(cli.run("sync"), ("password-missing", "keyring-unavailable"))

    def test_unknown_host(self):
        # No resolver is asked for what cannot be a name.
        unknown = "x" * 64 + ".invalid"
        for host in (unknown, f"mail.{unknown}"):
            self.assert_error(self.add(imap_host=host), ("host-unknown", "no-network"), "resolve",
                              "imap")
        self.assert_error(self.add(smtp_host=unknown),
                          ("host-unknown", "no-network"), "resolve", "smtp")
        for host in ("", "a b", "x" * 300, "-", "host\nname", "ho\x01st"):
            self.assertIn(self.add(imap_host=host).status, (1, 2))
        self.assert_nothing_kept()

    def test_closed_port(self):
        # Bound, so that nobody else gets it, but not listened at
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            self.assert_error(self.add(imap_port=port), "port-closed", "reach", "imap")
            self.assert_error(self.add(smtp_port=port), "port-closed", "reach", "smtp")
        for port in ("0", "65536", "-1", "many"):
            self.assertEqual(self.add(imap_port=port).status, 2)

    def test_the_wrong_kind_of_encryption(self):
        self.assert_error(self.add(imap_port=self.server.imap_starttls), "needs-starttls", "tls",
                          "imap")
        self.assert_error(self.add(imap_tls="starttls"), "needs-tls", None, "imap")
        self.assert_error(self.add(smtp_tls="tls"), "needs-starttls", "tls", "smtp")
        self.assert_error(self.add(smtp_port=self.server.smtp_tls), "needs-tls", None, "smtp")

    def test_another_protocol(self):
        self.assert_error(self.add(imap_port=self.server.smtp_tls),
                          ("greeting-unexpected", "protocol-error"), "greeting", "imap")
        self.assert_error(self.add(imap_port=self.server.smtp_starttls, imap_tls="starttls"),
                          ("greeting-unexpected", "protocol-error"), "greeting", "imap")

    def test_a_silent_port_ends_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            began = time.monotonic()
            done = self.add(imap_port=silent.getsockname()[1], imap_tls="starttls",
                            imap_user="anna")
            self.assert_error(done, "timed-out", protocol="imap")
            self.assertLess(time.monotonic() - began, 45 * harness.PATIENCE)

    def test_smtp_refuses_though_imap_works(self):
        done = self.add(imap_user=self.server.user, smtp_user="stranger")
        self.assert_error(done, "sign-in-refused", "sign-in", "smtp")
        self.assert_nothing_kept()

    def test_addresses_that_are_none(self):
        for address in ("", "anna", "anna@", "@northwind.example", "a b@c.example",
                        "a@b.example\r\nx"):
            self.assertIn(self.add(email=address).status, (1, 2), address)
        self.assert_nothing_kept()

    def test_a_file_that_is_no_certificate(self):
        for content in (b"", b"not a certificate", b"\0" * 100):
            path = self.new_folder() / "ca.pem"
            path.write_bytes(content)
            self.assertEqual(self.add(ca=path).status, 1)
        self.assertEqual(self.add(ca="/no/such/file").status, 1)

    def test_shared_mailbox(self):
        shared = self.server.facts["shared"]
        done = self.add(email=shared["email"], imap_user=shared["user"], kind="shared",
                        smtp_user=self.server.email)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(self.cli.do("account", "list")[0]["kind"], "shared")

    def test_remove(self):
        self.assertEqual(self.add().status, 0)
        self.deliver()
        self.cli.sync()
        account = self.cli.do("account", "list")[0]["id"]
        self.cli.do("account", "remove", account)
        for command in (["account", "list"], ["labels"], ["list"], ["pending"], ["outbox"]):
            self.assertEqual(self.cli.do(*command), [])
        self.assertEqual([path for path in self.cli.data.rglob("*.eml")], [])
        self.assertEqual(self.add().status, 0)


class History(harness.Case):
    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()

    def test_ranges(self):
        counts = {}
        for history in ("none", "1m", "6m", "2y", "all"):
            cli = harness.Cli(self.new_folder() / "data", self.server.password)
            self.assertEqual(cli.add(self.server, "--history", history).status, 0)
            counts[history] = cli.sync()["messages"]
            if history == "1m":
                self.assert_only_since(cli, 32)
        order = [counts[name] for name in ("none", "1m", "6m", "2y", "all")]
        self.assertEqual(order, sorted(set(order)), counts)
        self.assertEqual(counts["none"], 0)

    def assert_only_since(self, cli, days):
        with self.witness.open("INBOX", readonly=True) as client:
            since = time.strftime("%d-%b-%Y", time.gmtime(time.time() - (days + 1) * 86400))
            there = len(client.uid("SEARCH", "SINCE", since)[1][0].split())
        self.assertLessEqual(cli.labels()["INBOX"]["total"], there)

    def test_none_has_what_arrives_from_now_on(self):
        cli = harness.Cli(self.new_folder() / "data", self.server.password)
        cli.add(self.server, "--history", "none")
        self.assertEqual(cli.sync()["messages"], 0)
        _, subject = self.deliver()
        self.assertEqual(cli.sync()["new"], 1)
        self.assertEqual(dict(cli.subjects("INBOX")), {subject: 1})


class Certificates(harness.unittest.TestCase):
    """One server for each certificate that is wrong in its own way."""

    assert_error = harness.Case.assert_error
    new_folder = harness.Case.new_folder

    CASES = {"expired": "certificate-expired", "other-name": "certificate-other-name",
             "self-signed": "certificate-self-signed",
             "unknown-issuer": "certificate-unknown-issuer"}

    def check(self, kind):
        with harness.DemoServer(mailbox="empty", certificate=kind) as server:
            self.cli = harness.Cli(self.new_folder() / "data", server.password)
            done = self.cli.add(server)
            self.assert_error(done, self.CASES[kind], "certificate", "imap")
            pem = ssl.get_server_certificate((server.host, server.imap_tls))
            der = ssl.PEM_cert_to_DER_cert(pem)
            fingerprint = hashlib.sha256(der).hexdigest()
            self.assertEqual(done.error["sha256"].replace(":", "").lower(), fingerprint)
            self.assertEqual(self.cli.do("account", "list"), [])
            log = pathlib.Path(server.logs, "dovecot.log").read_text(errors="replace")
            self.assertNotIn("auth failed", log)

            wrong = "0" * 64
            self.assertEqual(self.cli.add(server, "--trust-sha256", wrong).status, 1)
            done = self.cli.add(server, "--trust-sha256", fingerprint)
            self.assertEqual(done.status, 0, str(done))
            self.cli.sync()

    def test_expired(self):
        self.check("expired")

    def test_other_name(self):
        self.check("other-name")

    def test_self_signed(self):
        self.check("self-signed")

    def test_unknown_issuer(self):
        self.check("unknown-issuer")

    def test_an_authority_that_is_not_named_is_not_trusted(self):
        with harness.DemoServer(mailbox="empty") as server:
            self.cli = harness.Cli(self.new_folder() / "data", server.password)
            done = self.cli.run(
                "account", "add", "--email", server.email, "--imap-host", server.host,
                "--imap-port", server.imap_tls, "--imap-tls", "tls", "--smtp-host", server.host,
                "--smtp-port", server.smtp_starttls, "--smtp-tls", "starttls")
            self.assert_error(done, ("certificate-unknown-issuer",), "certificate", "imap")

    def test_a_trusted_certificate_that_changes_stops_everything(self):
        with harness.DemoServer(mailbox="empty", certificate="self-signed") as server:
            der = ssl.PEM_cert_to_DER_cert(
                ssl.get_server_certificate((server.host, server.imap_tls)))
            gate = harness.Gate(server.imap_tls)
            self.cli = harness.Cli(self.new_folder() / "data", server.password)
            done = self.cli.add(server, "--trust-sha256", hashlib.sha256(der).hexdigest(),
                                imap_port=gate.port)
            self.assertEqual(done.status, 0, str(done))
            self.cli.sync()
            with harness.DemoServer(mailbox="empty", certificate="self-signed",
                            password=server.password) as other:
                gate.target = other.imap_tls
                self.assert_error(self.cli.run("sync"), "certificate-changed", "certificate",
                                  "imap")
            gate.shut()


if __name__ == "__main__":
    harness.main()
