#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in, to real servers for IMAP and SMTP, with a KDC where there are tickets."""

import os
import pathlib
import re
import subprocess
import time
import unittest

import harness
import kerberos
import services
import test_secrets

PASSWORD = "Wäxed \"moustache\\ 7"
# How a message of SCRAM or a Kerberos token begins, in base64
TOKENS = re.compile(r"\b(biws|eSws|cD10bHM|Yz1|dj1|cj0|YII|TlRMTVN)")


class SignIn(harness.Case):
    server_options = {"mailbox": "empty", "password": PASSWORD}

    @classmethod
    def setUpClass(cls):
        """No witness: imaplib cannot say this password."""
        cls.server = cls.enterClassContext(harness.DemoServer(**cls.server_options))

    def setUp(self):
        self.cli = self.new_cli(account=False)

    def stages(self, done):
        """How it went at the stage of signing in: {protocol: detail}"""
        self.assertEqual(done.status, 0, str(done))
        return {line["protocol"]: line["detail"] for line in done.lines
                if line.get("stage") == "sign-in"}

    def assert_works(self, cli, **options):
        subject = f"{self.id()} {time.time_ns()}"
        cli.do("send", "--to", self.server.email, "--subject", subject, "--wait", **options)
        self.assertTrue(harness.until(lambda: cli.do("sync", **options)
                                      and cli.find(subject, "INBOX")))

    def refusals(self):
        log = pathlib.Path(self.server.logs, "dovecot.log").read_text(errors="replace")
        return sum(int(count) for count in re.findall(r"auth failed, (\d+) attempts", log))


class Everything(SignIn):
    """A server that knows them all."""

    server_options = {**SignIn.server_options, "scheme": "scram-sha-256",
                      "mechanisms": "plain login scram-sha-256 scram-sha-256-plus"}

    def test_the_password_stays_here(self):
        """SCRAM, bound to the connection where the server wants it: Postfix does not."""
        cli = self.new_cli(account=False, PINION_DEBUG="traffic")
        done = cli.add(self.server, "--imap-user", self.server.email)
        self.assertEqual(self.stages(done), {"imap": "SCRAM-SHA-256-PLUS",
                                             "smtp": "SCRAM-SHA-256"})
        for needle in test_secrets.forms(PASSWORD, (self.server.email,)):
            self.assertNotIn(needle, done.out + done.err.encode())
        self.assertNotRegex(done.err, TOKENS)
        self.assertEqual(cli.do("account", "list")[0]["sign_in"], "password")
        self.assert_works(cli)

    def test_another_mailbox(self):
        done = self.cli.add(self.server, "--imap-user", self.server.shared["user"])
        self.assertEqual(self.stages(done), {"imap": "LOGIN command", "smtp": "SCRAM-SHA-256"})

    def test_a_wrong_password(self):
        before = self.refusals()
        done = self.cli.add(self.server, password="wrong horse")
        self.assert_error(done, "sign-in-refused", "sign-in", "imap")
        self.assertTrue(harness.until(lambda: self.refusals() > before))
        self.assertLessEqual(self.refusals() - before, 3)
        self.assertEqual(self.cli.do("account", "list"), [])


class LoginOnly(SignIn):
    server_options = {**SignIn.server_options, "mechanisms": "login"}

    def test_login(self):
        done = self.cli.add(self.server, "--imap-user", self.server.user)
        self.assertEqual(self.stages(done), {"imap": "LOGIN", "smtp": "LOGIN"})

    def test_no_password_in_place_of_a_ticket(self):
        before = self.refusals()
        done = self.cli.add(self.server, "--sign-in", "kerberos")
        self.assert_error(done, "sign-in-no-mechanism", "sign-in")
        self.assertIn("LOGIN", done.error["detail"])
        self.assertEqual(self.refusals(), before)


class Misconfigured(SignIn):
    """SCRAM is offered, and the passwords are kept in a way that does not allow it."""

    server_options = {**SignIn.server_options, "mechanisms": "scram-sha-256 plain"}

    def test_the_next_mechanism_follows(self):
        done = self.cli.add(self.server, "--imap-user", self.server.user)
        self.assertEqual(self.stages(done), {"imap": "PLAIN", "smtp": "PLAIN"})

    def test_a_wrong_password_is_judged_once(self):
        """However many mechanisms there are, the forms of the name share the three attempts."""
        before = self.refusals()
        done = self.cli.add(self.server, password="wrong horse")
        self.assert_error(done, "sign-in-refused", "sign-in", "imap")
        self.assertTrue(harness.until(lambda: self.refusals() > before))
        self.assertLessEqual(self.refusals() - before, 3)


@unittest.skipIf(kerberos.missing(services.program_path()),
                 f"not installed: {', '.join(kerberos.missing(services.program_path()))}")
class Tickets(SignIn):
    server_options = {**SignIn.server_options, "mechanisms": "plain gssapi"}

    def setUp(self):
        self.folder = self.new_folder()
        self.cache = f"FILE:{self.folder}/tickets"
        self.cli = self.with_tickets(self.cache)

    def with_tickets(self, cache, config=None, **more):
        """pinion-cli with no password at all."""
        return harness.Cli(self.folder / "data", None, KRB5CCNAME=cache,
                           KRB5_CONFIG=str(config or self.server.kerberos["config"]), **more)

    def get_ticket(self, *options):
        facts = self.server.kerberos
        subprocess.run(["kinit", *options, "-k", "-t", facts["keytab"], facts["principal"]],
                       check=True,
                       env={**os.environ, "KRB5_CONFIG": facts["config"],
                            "KRB5CCNAME": self.cache})

    def add(self, cli=None, *more):
        return (cli or self.cli).add(self.server, "--sign-in", "kerberos", *more)

    def test_a_ticket_is_enough(self):
        self.get_ticket()
        cli = self.with_tickets(self.cache, PINION_DEBUG="traffic")
        done = self.add(cli)
        self.assertEqual(self.stages(done), {"imap": "GSSAPI", "smtp": "GSSAPI"})
        self.assertNotRegex(done.err, TOKENS)
        self.assertEqual(self.cli.do("account", "list")[0]["sign_in"], "kerberos")
        self.assert_works(self.cli)

        # A password that happens to be there is not the way that was chosen.
        gone = self.with_tickets(f"FILE:{self.folder}/none")
        for password in (None, PASSWORD):
            done = gone.run("sync", password=password)
            self.assert_error(done, "ticket-missing", "sign-in", "imap")
            self.assertIn("kinit", done.error["fix"])

    def test_no_ticket(self):
        before = self.refusals()
        self.assert_error(self.add(), "ticket-missing", "sign-in")
        self.assertEqual(self.cli.do("account", "list"), [])
        self.assertEqual(self.refusals(), before)

    def test_a_password_where_tickets_are_offered_too(self):
        done = self.cli.add(self.server, "--imap-user", self.server.user, password=PASSWORD)
        self.assertEqual(self.stages(done), {"imap": "PLAIN", "smtp": "PLAIN"})

    def changed_config(self, pattern, replacement):
        path = self.folder / "krb5.conf"
        text = pathlib.Path(self.server.kerberos["config"]).read_text()
        path.write_text(re.sub(pattern, replacement, text, count=1))
        return path

    def test_a_server_with_another_key(self):
        """The KDC has given the service a new key, and nobody has told the server."""
        home = pathlib.Path(self.server.kerberos["config"]).parent
        environment = {**os.environ, "KRB5_CONFIG": str(home / "krb5.conf"),
                       "KRB5_KDC_PROFILE": str(home / "kdc.conf"),
                       "PATH": services.program_path()}

        def change(query):
            subprocess.run(["kadmin.local", "-q", query], check=True, env=environment,
                           stdout=subprocess.DEVNULL)

        change("cpw -randkey imap/localhost")
        try:
            self.get_ticket()
            self.assert_error(self.add(), "ticket-refused", "sign-in", "imap")
            self.assertEqual(self.cli.do("account", "list"), [])
        finally:
            change(f"ktadd -k {home / 'services.keytab'} imap/localhost")

    def test_no_way_to_the_kdc(self):
        self.get_ticket()
        config = self.changed_config(r"kdc = 127.0.0.1:\d+", "kdc = 127.0.0.1:9")
        self.assert_error(self.add(self.with_tickets(self.cache, config)), "server-unavailable",
                          "sign-in")

    def test_another_mailbox(self):
        """A ticket cannot name one, and one's own is not opened in its place."""
        self.get_ticket()
        done = self.add(self.cli, "--imap-user", self.server.shared["user"])
        self.assert_error(done, "sign-in-no-mechanism", "sign-in", "imap")

    def test_wrong_usage(self):
        done = self.cli.add(self.server, "--sign-in", "ticket")
        self.assertEqual(done.status, 2, str(done))


if __name__ == "__main__":
    harness.main()
