#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar arranged as a person would, with the pointer and by keys, and found so again.

    test_sidebar.py BUILD_FOLDER
"""

import email.utils
import imaplib
import pathlib
import re
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "demo"))

from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")


class Sidebar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer().start()
        cls.addClassCleanup(cls.server.stop)
        cls.append_old("Harbour lights of old", "The quokka slept there.")
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        global Atspi, has_state
        from desk import Atspi, has_state
        from journey import Journey

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.journey.open()
        cls.journey.set_up()
        cls.journey.await_synced()

    @classmethod
    def append_old(cls, subject, body):
        """What was received before the history that is kept here begins."""
        then = time.time() - 3 * 365 * 86400
        imap = cls.server.imap()
        imap.append("INBOX", None, imaplib.Time2Internaldate(then), "\r\n".join([
            "From: Old Friend <old@friend.example>", "To: anna@northwind.example",
            f"Subject: {subject}", f"Date: {email.utils.formatdate(then)}",
            "Message-ID: <harbour@friend.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain", "", body, ""]).encode())
        imap.logout()

    # -- Looking

    def sidebar(self):
        return self.desk.find("Mailboxes and labels", "list")

    def names(self):
        """The rows there are, without their numbers."""
        return [re.sub(r", .*", "", row.get_name() or "")
                for row in self.desk.find_all(None, "list item", below=self.sidebar())]

    def await_order(self, *names):
        def stands():
            shown = [name for name in self.names() if name in names]
            return shown == list(names)

        self.desk.wait(stands, what=f"{names} in {self.names()}")

    def on_server(self):
        imap = self.server.imap()
        try:
            return [line.decode().rsplit('"', 2)[-2] if line.endswith(b'"')
                    else line.decode().split()[-1] for line in imap.list()[1]]
        finally:
            imap.logout()

    def await_on_server(self, name, there=True):
        self.desk.wait(lambda: (name in self.on_server()) == there, 30,
                       f"{name} {'on' if there else 'to leave'} the server")

    # -- Doing

    def focus_row(self, name):
        """A click chooses it, and the keys go there."""
        row = self.journey.label(name)
        self.desk.point_and_click(row)
        self.desk.wait(lambda: has_state(row, Atspi.StateType.SELECTED), what=f"{name} to be chosen")

    def answer(self, name):
        """Types a name into the dialog that is open."""
        self.desk.wait(self.desk.dialog, what="a dialog")
        self.desk.type_into("Name", name)
        self.desk.press("Return")
        self.desk.wait(lambda: not self.desk.dialog(), what="the dialog to go")

    def test_01_rename_by_key(self):
        self.focus_row("Choir")
        self.desk.press("F2")
        self.answer("Chorus")
        self.journey.label("Chorus")
        # Its list is shown, and says so.
        self.desk.find("Chorus", "grouping")
        self.await_on_server("Chorus")
        self.await_on_server("Choir", False)

    def test_02_menu_by_key(self):
        """Unpinned, and back by Undo."""
        self.focus_row("Curiosities")
        self.desk.press("shift+F10")
        self.desk.find("Colour by Its Name", "toggle button")
        self.desk.wait(lambda: any(has_state(item, Atspi.StateType.FOCUSED)
                                   for item in self.desk.find_all(None, "menu item")),
                       what="the menu to have the keyboard")
        self.desk.press("Return")
        self.desk.wait(lambda: "Curiosities" not in self.names(), what="it to go")
        self.desk.click("Undo", "button")
        self.desk.wait(lambda: "Curiosities" in self.names(), what="it to come back")

    def test_03_move_by_key(self):
        self.await_order("Chorus", "Curiosities")
        self.focus_row("Chorus")
        self.desk.press("alt+Down")
        self.await_order("Curiosities", "Chorus")

    def test_04_move_by_drag(self):
        self.desk.drag(self.journey.label("Family"), self.journey.label("Curiosities"), down=0.25)
        self.await_order("Family", "Curiosities", "Chorus")

    def test_05_fold(self):
        self.focus_row("Customers")
        self.desk.press("Left")
        self.desk.find(re.compile("^Customers.*, folded"), "list item")
        self.desk.wait(lambda: "Météo-Lac" not in self.names(), what="what is in it to go")

    def test_051_fold_by_the_title(self):
        pattern = re.compile("^Labels,.*section")
        for folded in (True, False):
            title = self.desk.find(pattern, "list item", below=self.sidebar())
            self.desk.point_and_click(title)
            self.desk.wait(lambda: self.desk.find(pattern, "list item", below=self.sidebar())
                           .get_name().endswith("folded") == folded, what="the labels to fold")

    def test_06_made_elsewhere(self):
        """All labels are pinned, those too that another client makes."""
        imap = self.server.imap()
        imap.create("Aardvarks")
        imap.logout()
        self.desk.press("F5")
        # Nobody has placed it yet: it is the last.
        self.journey.label("Aardvarks", 60)

    def row(self, name, below):
        """A row in sight; `below` is the sidebar, since looking for that takes long."""
        return self.desk.find(re.compile(f"^{re.escape(name)}(,|$)"), "list item", below=below)

    def await_rows(self, below, *names):
        def stands():
            shown = [re.sub(r", .*", "", row.get_name() or "")
                     for row in self.desk.find_all(None, "list item", below=below)]
            return [name for name in shown if name in names] == list(names)

        self.desk.wait(stands, what=f"{names}")

    def await_chosen(self, row):
        self.desk.wait(lambda: has_state(row, Atspi.StateType.SELECTED), what="it to be chosen")

    def save_search(self, query, name, below):
        self.desk.press("ctrl+f")
        entry = self.desk.type_into("Search all mail", query)
        self.await_chosen_none(below)
        self.desk.press("ctrl+d")
        self.answer(name)
        self.await_chosen(self.row(name, below))
        return entry

    def save_typed_search(self, query, name, below):
        """By keys in one go: what was typed last counts."""
        keys = [{":": "colon"}.get(letter, letter) for letter in query]
        self.desk.pointer("key", "--delay", 0, "ctrl+f", *keys, "ctrl+d")
        self.answer(name)
        self.await_chosen(self.row(name, below))

    def await_chosen_none(self, below):
        """While something is searched for that has no name, nothing is where a person is."""
        self.desk.wait(lambda: not any(has_state(row, Atspi.StateType.SELECTED) for row in
                                       self.desk.find_all(None, "list item", below=below)),
                       what="the search")

    def test_061_saved_searches(self):
        """Kept under a name, opened and left with a click; then arranged."""
        sidebar = self.sidebar()
        inbox = self.journey.label("Inbox")
        self.desk.point_and_click(inbox)
        entry = self.save_search("is:unread", "Unread", sidebar)
        self.save_typed_search("from:anna", "Anna", sidebar)
        self.await_rows(sidebar, "Unread", "Anna")
        self.desk.point_and_click(inbox)
        self.await_chosen(inbox)
        for name, query in (("Unread", "is:unread"), ("Anna", "from:anna"), ("Unread", "is:unread")):
            self.desk.point_and_click(self.row(name, sidebar))
            self.desk.wait(lambda: self.desk.text_of(entry) == query, what="what was saved")

        # Again under the same name: another search by this name, until it is taken back
        self.save_search("is:starred", "Unread", sidebar)
        self.desk.press("Escape")
        self.await_chosen(inbox)
        self.desk.press("ctrl+z")
        self.desk.point_and_click(self.row("Unread", sidebar))
        self.desk.wait(lambda: self.desk.text_of(entry) == "is:unread", what="what it was")

        self.desk.drag(self.row("Anna", sidebar), self.row("Unread", sidebar), down=0.25)
        self.await_rows(sidebar, "Anna", "Unread")
        anna = self.row("Anna", sidebar)
        self.desk.point_and_click(anna)
        self.await_chosen(anna)
        self.desk.press("alt+Down")
        self.await_rows(sidebar, "Unread", "Anna")
        self.desk.press("F2")
        self.answer("Letters of Anna")
        self.await_rows(sidebar, "Unread", "Letters of Anna")

        # The last of its menu, and the first
        self.desk.press("shift+F10")
        time.sleep(0.3)
        self.desk.press("Down", "Down", "Down", "Down", "Return")
        self.await_rows(sidebar, "Unread")
        self.desk.press("ctrl+z")
        self.await_rows(sidebar, "Unread", "Letters of Anna")
        unread = self.row("Unread", sidebar)
        self.desk.point_and_click(unread)
        self.await_chosen(unread)
        self.desk.press("shift+F10")
        time.sleep(0.3)
        self.desk.press("Return")
        self.await_rows(sidebar, "Letters of Anna")
        self.desk.press("ctrl+k")
        self.desk.type_into("Command", "unread")
        self.desk.find("Unread, Saved Search", "list item", below=self.desk.dialog())
        self.desk.press("Escape")
        self.desk.wait(lambda: not self.desk.dialog(), what="the command bar to go")

    def test_062_the_server_searched(self):
        """What is found there is opened; and it is told how far back mail is kept here."""
        self.desk.press("ctrl+f")
        self.desk.type_into("Search all mail", "quokka")
        self.desk.find("Save Search", "button")
        self.desk.find("Nothing Found")
        self.desk.click("Search the Server", "button")
        row = self.desk.find(re.compile("Harbour lights of old"), "list item")
        self.desk.find("1 message came from the server.")
        self.desk.point_and_click(row)
        self.desk.find(re.compile("^Reply to Old"))
        self.desk.wait_gone("Getting this message…")

        self.desk.press("ctrl+f")
        self.desk.type_into("Search all mail", "grüße")
        self.desk.find("Older mail may be on the server only.")
        self.desk.press("ctrl+shift+s")
        self.desk.find(re.compile("letters A to Z"))

        self.desk.find(re.compile("^The mail here reaches back to .*[0-9]"))
        self.desk.click("Search Further Back…", "button")
        self.desk.find("How far back mail is kept here")
        self.desk.press("Escape", "Escape")
        self.desk.wait(lambda: not self.desk.dialog(), what="the preferences to go")

    def test_07_again(self):
        """All of it is found so again."""
        self.journey.close()
        self.journey.open()
        self.journey.label("Letters of Anna")
        self.assertNotIn("Unread", self.names())
        self.await_order("Family", "Curiosities", "Chorus")
        self.desk.find(re.compile("^Customers.*, folded"), "list item")
        self.assertEqual(complaints(self.journey.output), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
