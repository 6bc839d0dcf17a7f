#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages from files: dropped on a label and on the list by another program, taken back; and where they
are chosen. Then the server is asked.

    test_importing.py BUILD_FOLDER
"""

import contextlib
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "demo"))

from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")


def row(subject):
    return re.compile(f"^{re.escape(subject)}, from ")


class Importing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer(mailbox="empty").start()
        cls.addClassCleanup(cls.server.stop)
        imap = cls.server.imap()
        for name in ("Archive", "Drafts", "Deleted Items", "Projects", "Travel"):
            imap.create(f'"{name}"')
            imap.subscribe(f'"{name}"')
        imap.logout()
        cls.server.deliver(b"From: Mira Tal <mira@tal.example>\r\nSubject: Files will come\r\n"
                           b"Message-ID: <files.import@tal.example>\r\n\r\nSoon.\r\n", flags="S")
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        global Atspi, has_state, walk
        from desk import Atspi, has_state, walk
        from journey import Journey

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.journey.open()
        cls.journey.set_up()
        cls.journey.await_synced()

    def letter(self, subject, content=None):
        path = self.session.folder / f"{subject}.eml"
        path.write_bytes(content or (
            f"From: Mira Tal <mira@tal.example>\nTo: anna@northwind.example\nSubject: {subject}\n"
            f"Date: Tue, 05 Mar 2019 08:15:30 +0100\nMessage-ID: <{subject}.import@tal.example>\n"
            "\nAll is well here.\n").encode())
        return path

    def await_server(self, folder, subject, count=1):
        def found():
            imap = self.server.imap()
            try:
                imap.select(f'"{folder}"', readonly=True)
                return len(imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()) == count
            finally:
                imap.logout()
        self.desk.wait(found, 60, f"{subject} in {folder} {count} times")

    @contextlib.contextmanager
    def other_program(self, files):
        """A window from whose middle, which is given, they can be dragged."""
        other = self.session.start([sys.executable, "-B", str(HERE / "drag_source.py"),
                                    *map(str, files)], self.session.folder / "source.log")
        title = "Files come from here"
        self.desk.wait(lambda: self.session.has_window(title), what="the other window")
        self.desk.pointer("search", "--sync", "--onlyvisible", "--name", title, "windowmove",
                          "--sync", 900, 600)
        try:
            yield 980, 660
        finally:
            other.terminate()
            other.wait(5)
            self.desk.focus()

    def drag_files(self, files, target, words):
        """`target()`: where to, once the other program stands there.  It hands the files over until
        `words` say that they have come."""
        with self.other_program(files) as start:
            self.desk.drag_to(*start, *self.desk.place(target()))
            self.desk.find(words)

    def drag_in_vain(self, files, target):
        """The row dims while they hover, and is itself again; nothing comes of it."""
        with self.other_program(files) as start:
            bright = self.darkest(target)

            def look():
                self.desk.wait(lambda: self.darkest(target) > bright + 0.2, what="a refusal")

            self.desk.drag_to(*start, *self.desk.place(target), at_target=look)
            self.desk.wait(lambda: self.darkest(target) < bright + 0.1, what="the row as it was")

    def darkest(self, row):
        """Of the begin of a row's name, left of what the pointer carries, from 0 to 1."""
        left, top, _, height = self.desk.box(row)
        picture = self.session.folder / "row.png"
        self.session.run(["import", "-window", "root", "-crop",
                          f"60x{height}+{left + 36}+{top}", "+repage", str(picture)])
        told = self.session.run(["convert", str(picture), "-colorspace", "Gray", "-format",
                                 "%[fx:minima]", "info:"], capture_output=True, text=True)
        return float(told.stdout)

    @contextlib.contextmanager
    def chooser(self, title):
        def has_focus():
            return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$",
                                   "windowfocus", "--sync"], env=self.session.environment,
                                  check=False, capture_output=True, timeout=30).returncode == 0

        self.desk.wait(has_focus, what="the chooser")
        yield self.desk.find(title, "dialog")
        self.desk.wait(lambda: not self.session.has_window(f"^{title}$"),
                       what="the chooser to close")
        self.desk.focus()

    def choose(self, path, title):
        """As one who types where the file is: the chooser has an entry for it from the slash on."""
        with self.chooser(title) as chooser:
            self.desk.press("slash")
            entry = self.desk.wait(lambda: self.find_entry(chooser), what="an entry")
            entry.get_editable_text_iface().set_text_contents(str(path))
            self.desk.wait(lambda: self.desk.text_of(entry) == str(path), what="the whole path")
            self.desk.press("Return")

    @staticmethod
    def find_entry(node):
        """The first that can be typed into, whatever its name."""
        return next((found for found in walk(node, showing=True)
                     if found.get_editable_text_iface() is not None
                     and has_state(found, Atspi.StateType.EDITABLE)), None)

    def leave_chooser(self, title):
        with self.chooser(title):
            self.desk.press("Escape")

    def test_1_dropped_on_a_label(self):
        files = [self.letter("A first file"), self.letter("A second file")]
        self.drag_files(files, lambda: self.journey.label("Projects"),
                        "2 messages imported into Projects")
        for path in files:
            self.await_server("Projects", path.stem)

    def test_2_dropped_on_the_list(self):
        self.desk.point_and_click(self.journey.label("Travel"))
        empty = self.desk.find("No Conversations")
        self.drag_files([self.letter("Third thing")], lambda: empty,
                        "1 message imported into Travel")
        self.desk.find(row("Third thing"), "list item")
        self.await_server("Travel", "Third thing")
        self.desk.click("Undo", "button")
        self.desk.wait_gone(row("Third thing"), "list item")
        self.await_server("Travel", "Third thing", 0)

    def test_3_no_message(self):
        """Each is named, below the reason."""
        prose = [self.letter(f"Prose {number:02}", b"Dear Anna,\n\nhow are you?\n")
                 for number in range(30)]
        several = self.letter("All", b"From a\nSubject: a\n\nb\n\nFrom b\nSubject: c\n\nd\n")
        self.drag_files([self.letter("Fourth thing"), *prose, several],
                        lambda: self.journey.label("Travel"), "31 Files Were Not Imported")
        first = self.desk.find("The file has several messages in it.")
        files = self.desk.find("Files that were not imported")
        self.desk.wait(lambda: self.desk.box(first)[1] >= self.desk.box(files)[1],
                       what="the first reason in sight")
        self.desk.find("All.eml: The file has several messages in it.", "list item")
        self.desk.find("The file is not a message.")
        self.desk.find("Prose 00.eml: The file is not a message.", "list item")
        self.desk.press("Tab", "End")
        self.desk.find("Prose 29.eml: The file is not a message.", "list item")
        self.desk.click("Close", "button")
        self.await_server("Travel", "Fourth thing")

    def test_4_refused(self):
        """Pictures are no mail, and Drafts takes no mail that was sent."""
        picture = self.session.folder / "harbour.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n")
        self.drag_in_vain([picture], self.journey.label("Projects"))
        letter = self.letter("Fifth thing")
        self.drag_in_vain([letter], self.journey.label("Drafts"))
        self.drag_files([picture, letter], lambda: self.journey.label("Projects"),
                        "1 File Was Not Imported")
        self.desk.find("harbour.png: The file is not a message.", "list item")
        self.desk.click("Close", "button")
        self.await_server("Projects", "Fifth thing")
        self.await_server("Drafts", "Fifth thing", 0)

    def test_5_chosen(self):
        """From the menu of a mailbox, and by the command bar for what is shown; or not after all."""
        def ask():
            self.desk.point_and_click(self.journey.label("Archive"), 3)
            self.desk.wait(lambda: self.desk.find_all(None, "menu item", showing=False),
                           what="a menu")
            self.desk.press("Return")

        ask()
        self.leave_chooser("Import Messages into Archive")
        ask()
        self.choose(self.letter("Sixth thing"), "Import Messages into Archive")
        self.desk.find("1 message imported into Archive")
        self.await_server("Archive", "Sixth thing")

        self.desk.point_and_click(self.journey.label("Travel"))
        self.desk.find(row("Fourth thing"), "list item")
        self.desk.press("ctrl+k")
        self.desk.type_into("Command", "import")
        self.desk.find(re.compile("^Import Messages"), "list item")
        self.desk.press("Return")
        self.choose(self.letter("Seventh thing"), "Import Messages into Travel")
        self.desk.find("1 message imported into Travel")
        self.desk.find(row("Seventh thing"), "list item")

    def test_9_nothing_to_complain(self):
        self.journey.close()
        self.assertEqual(complaints(self.journey.output), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
