#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts later in life, as a person meets them: passwords and certificates that change, a server
that is away, other servers, several addresses and accounts, their order, their end.

    test_life.py BUILD_FOLDER
"""

import hashlib
import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo"), str(HERE.parent / "cli")]

import ssl  # noqa: E402

from harness import Gate, letter  # noqa: E402
from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

# What the tests of pinion-cli prove of the engine is worked in the window only where there is time.
FULL = unittest.skipUnless(os.environ.get("PINION_TEST_FULL"), "PINION_TEST_FULL is not set")
BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")
AWAY = 3
# The button of the page where servers are changed, whatever it says just then.
BUTTON = re.compile("^(Check and Save|Cancel|Saving…)$")


class Notifications:
    """What the desktop was told."""

    def __init__(self, session):
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(HERE / "notifications.py")], env=session.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        assert self.lines.get(timeout=20) == {"ready": True}

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self, seconds=20):
        return self.lines.get(timeout=seconds)

    def none(self):
        return self.lines.empty()

    def press(self, number, action="default"):
        self.process.stdin.write(f"{number} {action}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class ThirdHeld(Gate):
    """A gate that nothing passes from the third connection on."""

    count = 0

    @property
    def accepted(self):
        return self.count

    @accepted.setter
    def accepted(self, count):
        self.count = count
        if count == 3:
            self.hold()

    def is_connected(self):
        """Whether a client's end of a connection is open."""
        lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()]
        return any(words[2].endswith(f":{self.port:04X}") and words[3] == "01" for words in lines)


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer(mailbox="empty", certificate="self-signed").start()
        cls.addClassCleanup(cls.server.stop)
        imap = cls.server.imap()
        for name in ("Drafts", "Sent Items", "Deleted Items", "Projects"):
            imap.create(f'"{name}"')
        imap.logout()
        cls.deliver("The first of all")
        cls.gate = Gate(cls.server.imap_tls)
        cls.addClassCleanup(cls.gate.shut)
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"),
                              PINION_TEST_AWAY_SECONDS=str(AWAY))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        cls.desktop = Notifications(cls.session)
        cls.addClassCleanup(cls.desktop.stop)
        from journey import Journey

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.desk.scope = cls.desk.dialog
        cls.add_account(cls.server.email, cls.server.email, "Anna Keller")
        cls.journey.open()
        cls.desk.find(re.compile("^The first of all, from "), "list item")

    @classmethod
    def deliver(cls, subject, **headers):
        cls.server.deliver(letter(subject, **headers)[1])

    @classmethod
    def fingerprint(cls, server=None):
        server = server or cls.server
        pem = ssl.get_server_certificate((server.host, server.imap_tls))
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    @classmethod
    def cli(cls, *words, password=None):
        done = subprocess.run(
            [str(BUILD / "src/cli/pinion-cli"), "--data", str(cls.journey.data),
             *map(str, words)], capture_output=True, text=True,
            env={**cls.session.environment, "PINION_PASSWORD": password or cls.server.password})
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    @classmethod
    def add_account(cls, email, user, name, *more):
        cls.cli("account", "add", "--email", email, "--name", name, "--imap-host", "localhost",
                "--imap-port", cls.gate.port, "--imap-tls", "tls", "--imap-user", user,
                "--smtp-host", "localhost", "--smtp-port", cls.server.smtp_starttls, "--smtp-tls",
                "starttls", "--smtp-user", cls.server.email, "--trust-sha256", cls.fingerprint(),
                *more)

    # -- Ways

    def open_preferences(self):
        self.desk.focus()
        self.desk.press("ctrl+comma")
        self.desk.wait(self.desk.dialog, what="the preferences")

    def leave(self):
        self.desk.leave_dialog()

    def open_row(self, name, shows, role="list item"):
        self.desk.point_and_click(self.desk.at_rest(name, role))
        return self.desk.find(shows)

    def open_account(self, email=None):
        self.open_preferences()
        self.open_row(email or self.server.email, "Servers and Password")

    def check(self):
        self.desk.click("Check and Save", "button")

    def refusals(self):
        log = pathlib.Path(self.server.logs, "dovecot.log").read_text(errors="replace")
        return sum(int(count) for count in re.findall(r"auth failed, (\d+) attempts", log))

    def kept_password(self):
        found = subprocess.run(["secret-tool", "search", "--all", "xdg:schema",
                                "io.github.pinionmail.Pinion.Account"],
                               env=self.session.environment, capture_output=True, text=True)
        return re.findall(r"secret = (.*)", found.stdout)

    def await_mail(self, subject):
        self.deliver(subject)
        self.desk.find(re.compile(f"^{subject}, from "), "list item", seconds=30)

    # -- Who one writes as

    @FULL
    def test_01_an_address_and_signatures(self):
        self.open_account()
        self.open_row(self.server.email, "Signature")
        self.desk.type_into("Signature", "Anna Keller\nNorthwind")
        self.desk.press("Escape")
        self.desk.find("Anna Keller, with a signature")
        self.desk.click("Add Address…", "button")
        self.desk.type_into("Display name", "Sales")
        self.desk.type_into("Email address", "sales@northwind.example")
        self.desk.type_into("Signature", "<b>Sales team</b>")
        self.desk.find(re.compile("^HTML"))
        self.open_row("Add Address", "Sales, with a signature", "button")
        self.leave()
        account, = self.cli("account", "list")
        self.assertEqual(account["signature"], "Anna Keller\nNorthwind")
        self.assertEqual([alias["address"] for alias in account["aliases"]],
                         ["sales@northwind.example"])

    def text(self):
        return self.desk.text_of(self.desk.find("Message", "text"))

    @FULL
    def test_02_the_signature_follows_the_address(self):
        self.desk.focus()
        self.desk.press("c")
        self.desk.wait(lambda: self.text() == "\n\n-- \nAnna Keller\nNorthwind",
                       what="the signature")
        self.desk.point_and_click(self.desk.find("From", "combo box"))
        time.sleep(0.5)
        self.desk.press("Down", "Return")
        self.desk.wait(lambda: self.text() == "\n\n-- \nSales team", 5, "the other signature")
        self.desk.type_into("To", self.server.sink)
        self.desk.type_into("Subject", "From the team")
        self.desk.type_into("Message", "Good morning!\n\n-- \nSales team")
        self.journey.send()
        message = self.await_sent("From the team")
        self.assertEqual(message["From"], "Sales <sales@northwind.example>")
        html = message.get_body(("html",)).get_content()
        self.assertIn("<b>Sales team</b>", html)
        self.assertIn("-- \nSales team", message.get_body(("plain",)).get_content()
                      .replace("\r\n", "\n"))

    def await_sent(self, subject):
        import email
        import email.policy

        def look():
            imap = self.server.imap(self.server.sink)
            try:
                imap.select("INBOX", readonly=True)
                numbers = imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
                return numbers and imap.fetch(numbers[0], "(BODY.PEEK[])")[1][0][1]
            finally:
                imap.logout()
        raw = self.desk.wait(look, 40, f"{subject!r} to be sent")
        return email.message_from_bytes(raw, policy=email.policy.default)

    @FULL
    def test_03_an_answer_is_from_where_the_message_went(self):
        # The composer's window took the focus with it: mail would be told of.
        self.desk.focus()
        message_id, raw = letter("For the team")
        self.server.deliver(raw.replace(b"Anna Keller <anna@northwind.example>",
                                        b"Sales <sales@northwind.example>"))
        self.journey.open_conversation("For the team")
        self.desk.click(re.compile("^Reply to "), "button")
        self.desk.wait(lambda: "Sales team" in self.text(), what="the team's signature")
        self.desk.click("Discard", "button")

    # -- A password that was changed

    def test_04_a_password_changes(self):
        old = self.server.password
        before = self.refusals()
        self.server.change_password("Another one 9")
        before = self.refusals()
        self.gate.cut()
        told = self.desktop.next()
        self.assertEqual(told["summary"], "A Password Is Needed")
        self.assertIn(self.server.email, told["body"])
        self.desk.find("Reconnect…", "button")
        self.desk.focus()
        self.desk.press("F5")
        self.assertEqual(self.kept_password(), [old])

        self.desktop.press(told["id"])
        self.desk.find("IMAP: Signing In Was Refused")
        self.desk.type_into("New password", "wrong horse")
        self.check()
        self.desk.wait(lambda: self.refusals() == before + 2, what="the wrong one to be refused")
        self.desk.find("Check and Save", "button")
        self.assertEqual(self.kept_password(), [old])
        self.desk.type_into("New password", "Another one 9")
        self.check()
        self.desk.wait_gone(BUTTON, "button")
        self.leave()
        self.await_mail("After the new password")
        self.assertEqual(self.kept_password(), ["Another one 9"])
        self.assertEqual(self.refusals(), before + 2)
        self.assertTrue(self.desktop.none())

    # -- A certificate that was changed

    def trust(self):
        """IMAP's and SMTP's certificate were the same, and are two now: each is asked about."""
        def trusted():
            if not self.desk.has(BUTTON, "button"):
                return True
            for button in self.desk.find_all("Trust the New Certificate", "button"):
                self.desk.activate(button)
            return False
        self.desk.find("Trust the New Certificate", "button")
        self.desk.wait(trusted, 40, "the certificates to be trusted")
        self.leave()

    @FULL
    def test_05_a_certificate_changes(self):
        with DemoServer(mailbox="empty", certificate="self-signed",
                        password=self.server.password) as other:
            old, new = self.fingerprint(), self.fingerprint(other)
            self.gate.target = other.imap_tls
            self.gate.cut()
            told = self.desktop.next()
            self.assertEqual(told["summary"], "A Certificate Has Changed")
            self.desk.click("Reconnect…", "button")
            self.desk.find("IMAP: The Certificate Has Changed")
            for words in (old, new):
                self.desk.find(" ".join(words.upper()[at:at + 4] for at in range(0, 64, 4)))

            # Leaving is staying stopped.
            self.leave()
            self.desk.find("Reconnect…", "button")
            before = self.gate.accepted
            self.desk.press("F5")
            self.desk.click("Reconnect…", "button")
            self.trust()
            self.assertEqual(self.desktop.next(), {"closed": told["id"]})
            self.assertGreater(self.gate.accepted, before)

            self.gate.target = self.server.imap_tls
            self.gate.cut()
            told = self.desktop.next()
            self.desk.click("Reconnect…", "button")
            self.trust()
            self.assertEqual(self.desktop.next(), {"closed": told["id"]})
        self.await_mail("With the old certificate again")
        self.assertTrue(self.desktop.none())

    # -- A server that is away

    @FULL
    def test_06_a_server_is_away(self):
        self.gate.shut()
        self.desk.find(re.compile("^localhost has not been reached"), seconds=AWAY + 20)
        self.assertTrue(self.desktop.none())
        self.desk.click("Reconnect…", "button")
        self.desk.find("Servers and Password", "label")
        self.leave()
        self.gate.open()
        self.desk.press("F5")
        self.desk.wait_gone(re.compile("^localhost has not been reached"), "label", 40)
        self.await_mail("Back again")

    # -- Other servers

    @FULL
    def test_07_other_servers(self):
        self.open_account()
        self.open_row("Servers and Password", "New password")
        self.desk.type_into("User name", self.server.user2)
        self.check()
        self.desk.find("IMAP: Another Mailbox", seconds=30)
        self.assertEqual(self.cli("account", "list")[0]["imap_user"], self.server.email)
        self.desk.type_into("User name", self.server.user)
        self.check()
        self.desk.wait_gone(BUTTON, "button", 30)
        self.leave()
        self.assertEqual(self.cli("account", "list")[0]["imap_user"], self.server.user)
        self.await_mail("By another name")

    def test_07_stages_and_cancel(self):
        """All stages are done, and it is being proven to be the same mailbox, when the server falls
        silent."""
        before = self.cli("account", "list")
        gate = ThirdHeld(self.gate.target)
        self.addCleanup(gate.shut)
        self.open_account()
        self.open_row("Servers and Password", "New password")
        self.desk.type_into("Port", str(gate.port))
        self.check()
        self.desk.click("Trust This Certificate", "button")
        for stage in ("Find the server", "Encrypt (TLS)", "Open the Inbox", "List the labels"):
            self.desk.find(f"{stage}: done", "list item")
        self.desk.wait(lambda: gate.accepted == 3 and gate.is_connected(), what="the proof")
        self.desk.click("Cancel", "button")
        self.desk.find("Cancelled. Nothing was changed.")
        self.desk.find("Check and Save", "button")
        self.desk.wait(lambda: not gate.is_connected(), 10, "the connection to be closed")
        self.leave()
        self.assertEqual(self.cli("account", "list"), before)

    # -- Several accounts

    def order(self):
        return [account["email"] for account in self.cli("account", "list")]

    @FULL
    def test_08_a_second_account(self):
        shared = self.server.facts["shared"]
        self.add_account(shared["email"], shared["user"], "Sales", "--kind", "shared")
        sidebar = self.desk.find("Mailboxes and labels", "list")
        self.desk.wait(lambda: len(self.desk.find_all(re.compile("^Inbox"), "list item",
                                                      below=sidebar)) >= 2, what="three Inboxes")
        self.desk.find(shared["email"], "label")
        self.open_preferences()
        # The focus is in the row once its menu has been open.
        self.desk.point_and_click(self.desk.find(f"Order of {shared['email']}", "toggle button"))
        time.sleep(0.5)
        self.desk.press("Escape")
        time.sleep(0.5)
        self.desk.press("alt+Up")
        self.desk.wait(lambda: self.order() == [shared["email"], self.server.email],
                       what="the order by the keyboard")
        self.desk.drag(self.desk.find(self.server.email, "list item"),
                       self.desk.find(shared["email"], "list item"))
        self.desk.wait(lambda: self.order() == [self.server.email, shared["email"]],
                       what="the order by dragging")
        self.leave()

    @FULL
    def test_09_what_was_found_by_searching(self):
        self.open_preferences()
        self.desk.click("Search", "toggle button")
        self.desk.press("f", "o", "r", "g", "o", "t")
        self.desk.find("Ask about forgotten attachments", "list item")
        self.leave()

    # -- New mail is told of

    def show_label(self, name):
        sidebar = self.desk.find("Mailboxes and labels", "list")
        self.desk.point_and_click(self.desk.find(name, "list item", below=sidebar))

    def next_sum(self, count):
        """The first of them may have been told of already."""
        while True:
            told = self.desktop.next()
            if told.get("summary") == f"{count} New Messages":
                return told

    def flags(self, subject):
        imap = self.server.imap()
        try:
            imap.select("INBOX", readonly=True)
            numbers = imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
            return imap.fetch(numbers[0], "(FLAGS)")[1][0].decode() if numbers else None
        finally:
            imap.logout()

    def action(self, told, name):
        return next(one for one in told["actions"] if name in one)

    def test_10_new_mail_is_told_of(self):
        while not self.desktop.none():
            self.desktop.next()
        self.desk.focus()
        self.show_label(re.compile("^Projects"))
        self.deliver("A lamp in the fog")
        told = self.desktop.next()
        self.assertEqual(told["summary"], "Ben Roth")
        self.assertIn("A lamp in the fog", told["body"])
        self.assertIn("default", told["actions"])

        # Another client reads it.
        imap = self.server.imap()
        imap.select("INBOX")
        number = imap.search(None, "SUBJECT", '"A lamp in the fog"')[1][0].split()[-1]
        imap.store(number, "+FLAGS", "(\\Seen)")
        imap.logout()
        self.assertEqual(self.desktop.next(), {"closed": told["id"]})

        # Its buttons.
        self.deliver("A bell under water")
        told = self.desktop.next()
        self.desktop.press(told["id"], self.action(told, "read-messages"))
        self.desk.wait(lambda: "Seen" in (self.flags("A bell under water") or ""),
                       what="the server to hear of it")
        self.deliver("A rope too short")
        told = self.desktop.next()
        self.desktop.press(told["id"])
        self.desk.find("A rope too short", "heading")

        # Several at once are one.
        self.show_label(re.compile("^Projects"))
        subjects = [f"Gull number {number}" for number in range(3)]
        for subject in subjects:
            self.deliver(subject)
        told = self.next_sum(len(subjects))
        self.assertIn("Ben Roth", told["body"])
        self.desktop.press(told["id"], self.action(told, "read-messages"))
        for subject in subjects:
            self.desk.wait(lambda: "Seen" in (self.flags(subject) or ""), what="all to be read")

        # Whoever looks at the Inbox sees it come, and may go on at once.
        self.show_label(re.compile("^Inbox"))
        self.await_mail("Seen as it comes")
        self.show_label(re.compile("^Projects"))
        self.deliver("Not seen as it comes")
        told = self.desktop.next()
        self.assertIn("Not seen as it comes", told.get("body", told))
        self.desktop.press(told["id"], self.action(told, "read-messages"))

    def test_11_a_quiet_account(self):
        self.show_label(re.compile("^Projects"))
        self.open_account()
        self.desk.point_and_click(self.desk.find("Notifications", "list item"))
        self.desk.wait(lambda: not self.cli("account", "list")[0]["notifications"],
                       what="the account to be quiet")
        self.leave()
        self.deliver("Nobody is told")
        self.desk.wait(lambda: self.cli("search", "subject:nobody"), what="the mail to come")
        self.assertTrue(self.desktop.none())
        self.cli("account", "set", "1", "--notifications", "on")

    # -- The end

    @FULL
    def test_97_an_account_is_removed(self):
        before = len(self.cli("account", "list"))
        self.open_account()
        # Below what is in sight of the page.
        self.journey.scroll([self.desk.at_rest("Servers and Password", "list item")], 5, 20)
        self.open_row("Remove Account…", "Remove Account?", "button")
        self.desk.click("Remove", "button")
        self.desk.wait(lambda: len(self.cli("account", "list")) < before, what="it to be gone")
        self.leave()
        self.assertEqual(len(self.kept_password()), before - 1)
        files = [path for path in self.journey.data.rglob("*") if path.is_file()]
        left = [path.name for path in files if b"The first of all" in path.read_bytes()]
        self.assertEqual(left, [])

    def test_99_ends_without_complaint(self):
        self.journey.close()
        self.assertEqual(complaints(self.journey.output), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=False)
