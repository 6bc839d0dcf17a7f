# SPDX-License-Identifier: GPL-3.0-or-later
"""pinion-cli against a scripted Exchange: the server as a whole, and the case all cases stand on.

A test fails when the client used anything that was not advertised (advertised.py), whatever else
it asserts.  The number in a test's name is its case:

   1  banners                              test_connection.py
   2  capabilities by state                test_connection.py
   3  STARTTLS, and what is injected       test_connection.py
   4  no STARTTLS, no password             test_connection.py
   5  continuations of AUTHENTICATE        test_sign_in.py
   6  names with a mailbox part, passwords test_sign_in.py
   7  authenticated but not connected      test_sign_in.py
   8  Server Unavailable                   test_sign_in.py
   9  a slow refusal, closed before it     test_sign_in.py
  10  a limit of connections               test_sign_in.py
  11  odd names of folders                 test_folders.py
  12  languages, attributes                test_folders.py
  13  names that change                    test_folders.py
  14  names that are refused               test_folders.py
  15  what SELECT leaves out and changes   test_select.py
  16  a new UID for the same message       test_select.py
  17  flags and keywords                   test_select.py
  18  errors are counted                   test_select.py
  19  sizes, partial fetches               test_fetch.py
  20  messages that are not handed out     test_fetch.py
  21  broken structures and envelopes      test_fetch.py
  22  stray lines, long lines, 8 bits      test_fetch.py
  23  winmail.dat, invitations, links      test_fetch.py
  24  searches are ASCII                   test_filing.py; CHARSET and 8 bits: the guard, always
  25  commands are short                   test_filing.py; the length: the guard, always
  26  APPEND                               test_filing.py
  27  MOVE                                 test_filing.py
  28  IDLE                                 test_idle.py; silence: tests/imap/test-cuts.c
  29  what is not advertised               test_guard.py, and at the end of every test
  30  EHLO, STARTTLS, LOGIN                test_submit.py
  31  refusals and limits                  test_submit.py, tests/cli/test_submission.py
  32  the answer to a message is lost      test_submit.py, tests/cli/test_submission.py
"""

import contextlib
import functools
import pathlib
import sqlite3
import ssl
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / name)
                for name in ("cli", "demo")]

import harness  # noqa: E402
from folders import Mailbox  # noqa: E402
from harness import certificates, letter, until  # noqa: E402, F401
from imap_peer import ImapPeer  # noqa: E402
from profiles import ALL, E10, E13, E16, HOSTED  # noqa: E402, F401
from smtp_peer import SmtpPeer  # noqa: E402

EMAIL = "anna@northwind.example"
USER = "NORTHWIND\\anna"
PASSWORD = "Quartz-7-lantern"


@functools.cache
def tls_context():
    """The server's side, and the path of the authority that vouches for it."""
    folder = tempfile.TemporaryDirectory(prefix="pinion-exchange-")
    ca = certificates.make_certificates(folder.name, ("good",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca.parent / "good.pem", ca.parent / "good.key")
    return context, ca, folder


class Exchange:
    """Both services over one mailbox, with the names harness.Cli.add() asks for."""

    host = "localhost"
    email = EMAIL

    def __init__(self, profile=E16, uses=None, password=PASSWORD, users=(EMAIL, USER), **mailbox):
        context, self.ca, _ = tls_context()
        self.profile = profile
        self.password = password
        self.mailbox = Mailbox(profile.uses if uses is None else uses, **mailbox)
        self.imap = ImapPeer(context, profile, self.mailbox, set(users), password)
        self.smtp = SmtpPeer(context, profile, set(users), password)
        self.imap_tls = self.imap.ports["tls"]
        self.imap_starttls = self.imap.ports["starttls"]
        self.smtp_starttls = self.smtp.ports["starttls"]

    def deliver(self, subject, folder="INBOX", flags=(), received=None, **more):
        """New mail: its Message-ID and the server's message."""
        message_id, raw = letter(subject, **more)
        return message_id, self.mailbox.deliver(raw, folder, flags, received)

    def faults(self):
        return self.imap.faults + self.smtp.faults

    def close(self):
        self.imap.close()
        self.smtp.close()


class Case(harness.Case):
    """A server for each test, started by the test; the guard speaks at the end."""

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            self.assertEqual(server.faults(), [], server.profile.name)

    def exchange(self, profile=E16, **options):
        """A server; it is self.server from now on, and self.cli knows nothing of it yet."""
        self.server = Exchange(profile, **options)
        self.servers.append(self.server)
        self.addCleanup(self.server.close)
        self.mailbox, self.imap, self.smtp = (self.server.mailbox, self.server.imap,
                                              self.server.smtp)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        return self.server

    def account(self, profile=E16, sync=True, more=(), **options):
        """A server with Pinion signed in to it, and synced."""
        self.exchange(profile, **options)
        done = self.cli.add(self.server, *more)
        self.assertEqual(done.status, 0, str(done))
        if sync:
            self.cli.sync()

    def add(self, *more, user=None, starttls=False, **options):
        """`account add`, however it ends."""
        extra = ["--imap-port", self.server.imap_starttls, "--imap-tls", "starttls"]
        return self.cli.add(self.server, *(extra if starttls else []),
                            *(["--imap-user", user, "--smtp-user", EMAIL] if user else []),
                            *more, **options)

    def watch(self):
        """`sync --watch`, idling, as a process that ends with the test."""
        before = self.imap.idles
        process = self.cli.start("sync", "--watch")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(self.imap.await_idle(before, 30 * harness.PATIENCE))
        return process

    def change(self, statement):
        """Changes Pinion's own database: the only way past a time that has to pass."""
        for path in self.cli.data.rglob("*"):
            if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
                with contextlib.closing(sqlite3.connect(path)) as database, database:
                    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'"
                                        ).fetchone():
                        database.execute(statement)

    def row(self, subject, label="INBOX"):
        """The one row with this subject in a label's list."""
        return self.cli.find(subject, label)

    def raw(self, message):
        """The message's own bytes as `show --raw` gives them; None where it has none."""
        done = self.cli.run("show", message, "--raw")
        return done.out if done.status == 0 else None


def for_each(*profiles):
    """The test runs for each profile, with its name in the failure."""

    def decorate(test):
        @functools.wraps(test)
        def run(self):
            for profile in profiles or ALL:
                with self.subTest(profile.name):
                    test(self, profile)

        return run

    return decorate


main = harness.main
