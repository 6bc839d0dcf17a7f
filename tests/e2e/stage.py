# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that is signed in already, for what is done in it later: the account is made by pinion-cli.

    class Drops(stage.Stage):
        labels = ("Projects", "Travel")
"""

import email.utils
import json
import pathlib
import re
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo"), str(HERE.parent / "cli")]

from harness import Gate  # noqa: E402
from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")
MAILBOXES = ("Archive", "Sent Items", "Deleted Items")


def letter(subject, to, age=0):
    """What Mira wrote, `age` seconds ago."""
    return "\r\n".join([
        "From: Mira Tal <mira@tal.example>", f"To: {to}", f"Subject: {subject}",
        f"Date: {email.utils.formatdate(time.time() - age, localtime=True)}",
        f"Message-ID: <{subject.replace(' ', '.').lower()}@tal.example>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "",
        f"About {subject.lower()}: all is well here.", ""]).encode()


class Stage(unittest.TestCase):
    """`labels`: made on the server, besides the mailboxes; `before()` fills them."""

    labels = ()
    history = "all"
    size = "1200x760"

    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer(mailbox="empty").start()
        cls.addClassCleanup(cls.server.stop)
        cls.make_folders(cls.server.email, MAILBOXES + cls.labels)
        cls.gate = Gate(cls.server.imap_tls)
        cls.addClassCleanup(cls.gate.shut)
        cls.session = Session(size=cls.size, GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        global desk
        import desk
        from journey import Journey

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.add_account(cls.server.email)
        cls.before()
        cls.open()

    @classmethod
    def before(cls):
        """What there is when the window opens."""

    @classmethod
    def open(cls):
        cls.journey.open()
        cls.sidebar = cls.pane = cls.desk.find("Mailboxes and labels", "list")
        while not any(desk.name_of(node) == "Account menu" for node in desk.walk(cls.pane, 12)):
            cls.pane = cls.pane.get_parent()
        cls.pane = cls.pane.get_parent()
        cls.list = None

    @classmethod
    def make_folders(cls, user, names):
        imap = cls.server.imap(user)
        for name in names:
            imap.create(f'"{name}"')
        imap.logout()

    @classmethod
    def cli(cls, *words):
        done = subprocess.run(
            [str(BUILD / "src/cli/pinion-cli"), "--data", str(cls.journey.data), *map(str, words)],
            env={**cls.session.environment, "PINION_PASSWORD": cls.server.password},
            capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @classmethod
    def add_account(cls, address):
        cls.cli("account", "add", "--email", address, "--history", cls.history,
                "--imap-host", "localhost", "--imap-port", cls.gate.port, "--imap-tls", "tls",
                "--smtp-host", "localhost", "--smtp-port", cls.server.smtp_starttls,
                "--smtp-tls", "starttls", "--ca", cls.server.ca)

    # -- The sidebar

    def rows(self):
        """The rows by what they are called, without their numbers."""
        return [re.sub(r", .*", "", row.get_name() or "")
                for row in self.desk.find_all(None, "list item", below=self.sidebar)]

    def place(self, name, nth=0):
        """A row of the sidebar by its name, or by all that is said of it."""
        pattern = name if hasattr(name, "search") else re.compile(f"^{re.escape(name)}(,|$)")
        return self.desk.find(pattern, "list item", below=self.sidebar, nth=nth)

    def await_rows(self, *names):
        """Until these stand in this order, whatever is between them."""
        def stand():
            shown = self.rows()
            places = [shown.index(name) for name in names if name in shown]
            return len(places) == len(names) and places == sorted(places)

        self.desk.wait(stand, what=f"{names} in order")

    def await_no_row(self, *names):
        self.desk.wait(lambda: not set(names) & set(self.rows()), what=f"{names} to go")

    def light(self, row, which):
        """Of a row's name and what is behind it, from 0 to 1: its "mean", "minima" or "maxima"."""
        left, top, width, height = self.desk.box(row)
        picture = self.session.folder / "row.png"
        self.session.run(["import", "-window", "root", "-crop",
                          f"{width - 60}x{height}+{left + 36}+{top}", "+repage", str(picture)])
        told = self.session.run(["convert", str(picture), "-colorspace", "Gray", "-format",
                                 f"%[fx:{which}]", "info:"], capture_output=True, text=True)
        return float(told.stdout)

    def menu(self, name, nth=0):
        """The row's menu, by a click of the right button: its items, from the first."""
        self.desk.point_and_click(self.place(name, nth), 3)
        return self.menu_items()

    def menu_items(self):
        """Those of the menu over the sidebar, or of the part of it that shows."""
        def items():
            return [node for node in self.in_menu() if desk.role_of(node).endswith("menu item")]

        return self.desk.wait(items, what="a menu")

    def in_menu(self):
        """All that shows in it: to look through all of the window takes long."""
        return [node for child in desk.children(self.pane) if desk.role_of(child) == "menu"
                for node in desk.walk(child, showing=True)]

    def await_no_menu(self):
        self.desk.wait(lambda: not self.in_menu(), what="the menu to go")

    # -- Conversations

    def conversation(self, subject, more=""):
        self.list = self.list or self.desk.find("Conversations", "list")
        return self.desk.find(re.compile(f"^{re.escape(subject)}, from .*{more}"), "list item",
                              below=self.list)

    # -- The witness

    def count(self, folder, subject, user=None):
        imap = self.server.imap(user)
        try:
            if imap.select(f'"{folder}"', readonly=True)[0] != "OK":
                return None
            return len(imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split())
        finally:
            imap.logout()

    def await_server(self, folder, subject, count=1, user=None):
        self.desk.wait(lambda: self.count(folder, subject, user) == count, 30,
                       f"{count} of {subject!r} in {folder}")

    def test_99_no_complaints(self):
        self.assertEqual(complaints(self.journey.output), [])
