#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Inbox gone through: conversations put off and back again, the command bar, the menu of labels,
and fifty of them done with the keyboard alone. Then the server is asked.

    test_triage.py BUILD_FOLDER
"""

import datetime
import email
import email.utils
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "demo"))

from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")

MANY = 50
NAMED = ["A lamp for the pier", "Two chairs", "The third bell", "Four winds", "Fifth of May"]
FRESH = "Fresh from above"


def letter(subject, to, number, answers=None):
    lines = [
        "From: Mira Tal <mira@tal.example>", f"To: {to}", f"Subject: {subject}",
        f"Date: {email.utils.formatdate(time.time() - 3600 + number, localtime=True)}",
        f"Message-ID: <{number}.triage@tal.example>"]
    if answers:
        lines.append(f"In-Reply-To: {answers}")
    return "\r\n".join(lines + [
        "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "",
        f"About {subject.lower()}: all is well here.", ""]).encode()


def row(subject):
    return re.compile(f"^{re.escape(subject)}, from ")


class Triage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer(mailbox="empty").start()
        cls.addClassCleanup(cls.server.stop)
        imap = cls.server.imap()
        for name in ("Archive", "Deleted Items", "Projects", "Travel"):
            imap.create(f'"{name}"')
            imap.subscribe(f'"{name}"')
        imap.logout()
        for number in range(MANY):
            cls.server.deliver(letter(f"Routine {number:02}", cls.server.email, number), flags="S")
        for number, subject in enumerate(reversed(NAMED)):
            cls.server.deliver(letter(subject, cls.server.email, 1000 + number), flags="S")
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        global Atspi, has_state, name_of
        from journey import Journey
        from desk import Atspi, has_state, name_of

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.journey.open()
        cls.journey.set_up()
        cls.journey.await_synced()
        # Rows that are still coming would move the others.
        cls.desk.find(f"{MANY + len(NAMED)} conversations", "label")
        # Each look at all of the window costs: most are for a row of one of these.
        cls.rows = cls.desk.find("Conversations", "list")
        cls.sidebar = cls.desk.find("Mailboxes and labels", "list")
        cls.there(NAMED[0])

    # -- Rows

    @classmethod
    def there(cls, subject, more="", **options):
        name = re.compile(f"^{re.escape(subject)}, from .*{more}")
        return cls.desk.find(name, "list item", below=cls.rows, **options)

    def chosen(self, subject):
        """Until the row is the one that a key means."""
        self.desk.wait(lambda: any(has_state(node, Atspi.StateType.SELECTED) for node in
                                   self.desk.find_all(row(subject), "list item", below=self.rows)),
                       what=f"{subject} to be chosen")

    def gone(self, subject):
        self.desk.wait(lambda: not self.desk.find_all(row(subject), "list item", below=self.rows),
                       what=f"{subject} to go")

    def select(self, subject):
        self.desk.point_and_click(self.there(subject))
        self.desk.find(subject, "heading")

    def place(self, name):
        return self.desk.find(name, "list item", below=self.sidebar)

    def no_place(self, name):
        self.desk.wait(lambda: not self.desk.find_all(name, "list item", below=self.sidebar),
                       what=f"{name} to go")

    # -- The witness, and another hand at the same mail

    def count(self, folder, subject="Routine"):
        imap = self.server.imap()
        try:
            if imap.select(f'"{folder}"', readonly=True)[0] != "OK":
                return None  # It may be about to be made
            return len(imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split())
        finally:
            imap.logout()

    def await_server(self, folder, subject, count=1):
        self.desk.wait(lambda: self.count(folder, subject) == count, 30,
                       f"{count} of {subject!r} in {folder}")

    def cli(self, *words):
        done = subprocess.run(
            [str(BUILD / "src/cli/pinion-cli"), "--data", str(self.journey.data), *words],
            env=self.session.environment, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def message(self, subject):
        return next(str(line["messages"][-1]) for line in self.cli("list", "--limit", "1000")
                    if line["subject"] == subject)

    def go_to_inbox(self):
        self.desk.point_and_click(self.place(re.compile("^Inbox")))
        self.desk.find("Inbox", "grouping")

    def await_entry(self, name):
        """The popover or dialog has the focus: what is typed goes there."""
        self.desk.wait(lambda: any(has_state(node, Atspi.StateType.FOCUSED)
                                   for node in self.desk.find_all(name)), what=f"{name} focused")

    def click_in_popover(self, name):
        self.desk.click_in_popover(self.desk.find(name, "list item"))

    # -- Snooze

    def test_00_nothing_to_undo(self):
        self.desk.press("ctrl+z")
        self.desk.find("Nothing to undo")

    def test_00_what_cannot_go_back(self):
        """Its label is deleted by another client between the move and its undo."""
        subject = "A fleeting thought"
        imap = self.server.imap()
        imap.create("Fleeting")
        imap.append("Fleeting", None, None, letter(subject, self.server.email, 2000))
        self.desk.press("F5")
        self.await_labels(subject, ["Fleeting"])
        self.cli("move", "Travel", self.message(subject))
        self.desk.press("F5")
        self.await_server("Travel", subject)
        imap.delete("Fleeting")
        imap.logout()
        self.desk.press("F5")
        self.desk.wait(lambda: all(line["path"] != "Fleeting" for line in self.cli("labels")), 60,
                       "Fleeting to be missed")
        self.desk.press("ctrl+z")
        self.desk.find("1 message stays where it is: its label is no longer there.")
        self.await_labels(subject, ["Travel"])

    def await_labels(self, subject, labels):
        self.desk.wait(lambda: [line["labels"] for line in self.cli("list", "--limit", "1000")
                                if line["subject"] == subject] == [labels], 60,
                       f"{subject} in {labels}")

    def test_01_words(self):
        self.select(NAMED[0])
        self.desk.press("b")
        self.await_entry("When, in words")
        self.desk.press(*"soon")
        self.desk.find("Not understood yet")
        self.desk.press("Return")
        self.desk.find("When, in words")
        self.desk.press("ctrl+a", "i", "n", "space", "3", "space", *"days")
        in_three_days = datetime.date.today() + datetime.timedelta(days=3)
        self.desk.find(re.compile(f"{in_three_days.day}.*08:00|{in_three_days.day}.*8:00"))
        self.desk.press("Return")
        self.gone(NAMED[0])
        self.place("Snoozed, 1")
        self.assertEqual(self.count("INBOX", NAMED[0]), 1)

    def test_02_place_and_undo(self):
        self.desk.press("ctrl+z")
        self.there(NAMED[0])
        self.no_place("Snoozed, 1")

    def test_03_choice_with_the_pointer(self):
        self.select(NAMED[0])
        self.desk.press("b")
        self.click_in_popover(re.compile("^Tomorrow, "))
        self.gone(NAMED[0])
        self.desk.point_and_click(self.place("Snoozed, 1"))
        self.there(NAMED[0], "Snoozed until ")
        self.go_to_inbox()

    def test_04_back_on_time(self):
        """Another process says when; this one wakes it, on top and unread; the server knows nothing."""
        soon = datetime.datetime.now() + datetime.timedelta(seconds=2)
        self.cli("snooze", soon.isoformat("T", "seconds"), self.message(NAMED[0]))
        self.there(NAMED[0], "unread.*Back from snooze")
        top = self.cli("list", "--limit", "1", "--label", "INBOX")[0]
        self.assertEqual(top["subject"], NAMED[0])
        imap = self.server.imap()
        imap.select("INBOX", readonly=True)
        number = imap.search(None, "SUBJECT", f'"{NAMED[0]}"')[1][0].split()[0]
        self.assertIn(b"\\Seen", imap.fetch(number, "(FLAGS)")[1][0])
        imap.logout()
        self.no_place(re.compile("^Snoozed, "))

    def test_05_back_with_an_answer(self):
        self.select(NAMED[1])
        self.desk.press("b")
        self.await_entry("When, in words")
        self.desk.press(*"tomorrow", "Return")
        self.gone(NAMED[1])
        self.server.deliver(letter("Re: " + NAMED[1], self.server.email, 2000,
                                   "<1003.triage@tal.example>"))
        self.there(NAMED[1], "Back from snooze", seconds=20)

    def test_06_calendar(self):
        self.select(NAMED[2])
        self.desk.press("b")
        self.click_in_popover("Choose a Day and Time…")
        self.desk.click("Snooze", "button")
        self.gone(NAMED[2])
        self.cli("unsnooze", self.message(NAMED[2]))
        self.there(NAMED[2])

    # -- Labels

    def test_10_several_labels_at_once(self):
        self.select(NAMED[2])
        self.desk.press("l")
        self.await_entry("Search labels")
        self.desk.press("space", "Down", "space")
        self.desk.find("Projects, set", "list item")
        self.desk.find("Travel, set", "list item")
        self.desk.press("Return")
        self.await_server("Projects", NAMED[2])
        self.await_server("Travel", NAMED[2])
        self.desk.press("ctrl+z")
        self.await_server("Projects", NAMED[2], 0)
        self.await_server("Travel", NAMED[2], 0)
        self.assertEqual(self.count("INBOX", NAMED[2]), 1)

    def test_11_some_and_all(self):
        self.select(NAMED[2])
        self.desk.press("l")
        self.await_entry("Search labels")
        self.desk.press(*"proj", "Return")
        self.await_server("Projects", NAMED[2])
        self.select(NAMED[2])
        self.desk.press("shift+Down", "l")
        self.await_entry("Search labels")
        self.desk.find("Projects, set on some", "list item")
        self.click_in_popover("Projects, set on some")
        self.click_in_popover("Projects, set")
        self.desk.find("Projects", "list item")
        # As it was: nothing is done.
        self.desk.press("Escape")
        self.desk.wait_gone("Search labels")
        self.desk.press("l")
        self.await_entry("Search labels")
        self.click_in_popover("Projects, set on some")
        self.desk.click("Apply", "button")
        self.await_server("Projects", NAMED[3])
        self.desk.press("Escape")

    def test_12_created(self):
        self.select(NAMED[4])
        self.desk.press("l")
        self.await_entry("Search labels")
        self.desk.press(*"lamps")
        self.desk.find("Create “lamps”", "list item")
        self.desk.press("Return")
        self.await_server("lamps", NAMED[4])
        self.desk.press("ctrl+z")
        self.desk.wait(lambda: not any(b"lamps" in line for line in self.list_folders()), 30,
                       "the label to be gone again")
        self.assertEqual(self.count("INBOX", NAMED[4]), 1)

    def list_folders(self):
        imap = self.server.imap()
        try:
            return imap.list()[1]
        finally:
            imap.logout()

    def test_13_move(self):
        self.select(NAMED[4])
        self.desk.press("v")
        self.await_entry("Search labels")
        # The mailboxes before the labels, in the order of the sidebar
        labels = self.desk.find("Labels", "list")
        self.assertEqual([row.get_name() for row in self.desk.find_all(None, "list item", below=labels)][:3],
                         ["Inbox", "Archive", "Trash"])
        self.desk.press(*"trav", "Return")
        self.await_server("Travel", NAMED[4])
        self.await_server("INBOX", NAMED[4], 0)

    # -- The command bar

    def test_14_saved_as_a_file(self):
        self.select(NAMED[3])
        place = self.session.folder / "saved.eml"
        self.desk.press("ctrl+s")
        self.desk.pointer("search", "--sync", "--onlyvisible", "--name", "^Save Message$",
                          "windowfocus", "--sync")
        # The extension stands there already, and is not chosen.
        self.desk.pointer("type", "--delay", 5, place.with_suffix(""))
        self.desk.press("Return")
        self.desk.wait(place.exists, what="a file")
        self.desk.find("1 message saved")
        self.assertEqual(email.message_from_bytes(place.read_bytes())["Subject"], NAMED[3])
        self.desk.focus()

    def test_15_dragged_to_another_program(self):
        dropped = self.session.folder / "dropped.json"
        other = self.session.start(
            [sys.executable, "-B", str(HERE / "drop_target.py"), str(dropped)],
            self.session.folder / "target.log")
        self.desk.wait(lambda: self.session.has_window("Files go here"), what="the other window")
        try:
            source = self.there(NAMED[3])
            x, y = self.desk.place(source)
            self.desk.drag_to(x, y, 60, 60)
            self.desk.wait(dropped.exists, what="files at the other program")
        finally:
            other.terminate()
            other.wait(5)
            self.desk.focus()
        paths = [pathlib.Path(path) for path in json.loads(dropped.read_text(encoding="utf-8"))]
        self.assertEqual([path.name for path in paths], [f"{NAMED[3]}.eml"])
        self.assertEqual(email.message_from_bytes(paths[0].read_bytes())["Subject"], NAMED[3])
        self.assertEqual(paths[0].parent.stat().st_mode & 0o77, 0)

    def test_20_acts(self):
        self.select(NAMED[3])
        self.desk.press("ctrl+k")
        self.await_entry("Command")
        # What cannot be done now is not there.
        self.desk.press(*"not", "space", *"spam")
        self.desk.find("Nothing by This Name")
        self.desk.press("ctrl+a", *"arch")
        self.desk.find(re.compile("^Archive, E$", re.I), "list item")
        self.desk.press("Return")
        self.await_server("Archive", NAMED[3])

    def test_21_goes(self):
        self.desk.press("ctrl+k")
        self.await_entry("Command")
        self.desk.press(*"trvl")
        self.desk.find(re.compile("^Travel, Label"), "list item")
        self.desk.press("Return")
        self.desk.wait_gone("Command")
        self.there(NAMED[4])
        self.desk.press("ctrl+k")
        self.await_entry("Command")
        # What was used last comes first.
        def first():
            shown = self.desk.find_all(role="list item", below=self.desk.dialog())
            return shown[0].get_name() if shown else ""

        self.desk.wait(lambda: first().startswith("Travel"), what="Travel to be the first")
        self.desk.press("Escape")
        self.desk.wait_gone("Command")

    def test_22_finds_people(self):
        self.desk.press("ctrl+k")
        self.await_entry("Command")
        self.desk.press(*"mira")
        self.desk.find(re.compile("^Mira Tal, "), "list item", seconds=20)
        self.desk.press("Return")
        self.there(NAMED[0])
        self.desk.press("Escape")
        self.go_to_inbox()

    # -- Faster than the list is read

    def inbox_rows(self):
        return self.desk.find_all(re.compile(", from "), "list item", below=self.rows)

    def test_23_words_in_one_go(self):
        """What is typed before a popover or the command bar is to be seen is not lost."""
        self.select("Routine 49")
        self.desk.pointer("key", "--delay", 0, "ctrl+k", *"arch", "Return")
        self.await_server("Archive", "Routine 49")
        self.desk.press("ctrl+z")
        self.await_server("INBOX", "Routine", MANY)
        self.select("Routine 49")
        self.desk.pointer("key", "--delay", 0, *["v", *"trav", "Return"] * 2)
        self.await_server("Travel", "Routine", 2)
        self.chosen("Routine 47")
        self.desk.press("ctrl+z")
        self.await_server("INBOX", "Routine", MANY)
        # The second bar waits until the first has gone.
        self.select("Routine 49")
        self.desk.pointer("key", "--delay", 0, "ctrl+k", *"star", "Return", "ctrl+k", *"arch", "Return")
        self.await_server("Archive", "Routine 49")
        self.desk.press("ctrl+z")
        self.await_server("INBOX", "Routine", MANY)
        self.desk.press("ctrl+z")
        self.desk.pointer("key", "--delay", 0, "ctrl+k", "Escape")
        self.desk.wait(lambda: not self.desk.dialog(), what="the command bar to go")

    def test_24_keys_in_one_go(self):
        """Each is about another conversation, and one Undo takes all back."""
        self.select("Routine 49")
        self.desk.pointer("key", "--delay", 0, *["e"] * 8)
        self.chosen("Routine 41")
        self.await_server("Archive", "Routine", 8)
        self.desk.press("ctrl+z")
        self.there("Routine 49")
        self.await_server("INBOX", "Routine", MANY)
        self.assertEqual(self.count("Archive"), 0)

    def test_25_all_of_them(self):
        self.desk.press("ctrl+a")
        self.desk.find(re.compile("^5[0-9] selected$"), "label")
        self.desk.press("e")
        self.desk.find("Inbox Zero")
        self.desk.press("ctrl+z")
        self.there("Routine 49")
        self.await_server("INBOX", "Routine", MANY)

    def test_26_new_above(self):
        x, y = self.desk.place(self.inbox_rows()[3])
        self.desk.pointer("mousemove", x, y, "click", "--repeat", 12, "--delay", 8, 5)
        self.desk.wait(lambda: not self.desk.find_all(row("Routine 49"), "list item",
                                                      below=self.rows), what="the list to scroll")
        self.server.deliver(letter(FRESH, self.server.email, 5000), flags="S")
        self.desk.click("1 new above", "button", seconds=30)
        self.there(FRESH)
        self.desk.wait_gone("1 new above", "button")
        self.desk.find("Today", "row header", below=self.rows)

    def test_26_undone_at_the_top(self):
        """What comes back among the first rows moves them down, and nobody away from the top."""
        rows = sorted(self.inbox_rows(), key=lambda node: self.desk.place(node)[1])
        first, second = name_of(rows[0]), name_of(rows[1])
        place = self.desk.place(rows[0])
        self.desk.point_and_click(rows[1])
        self.desk.press("e")
        self.desk.wait_gone(second, "list item")
        self.desk.press("j", "j", "z")
        self.desk.find(second, "list item", below=self.rows)
        self.desk.wait(lambda: [self.desk.place(node) for node in self.desk.find_all(
            first, "list item", below=self.rows)] == [place], 5, "the first row to be at its place")

    def test_26_search_gives_the_list_back(self):
        """At its place, with what was selected and the keyboard at it."""
        rows = sorted(self.inbox_rows(), key=lambda node: self.desk.place(node)[1])
        name, below = name_of(rows[3]), name_of(rows[4])
        first, place = name_of(rows[0]), self.desk.place(rows[0])
        self.desk.point_and_click(rows[3])
        self.desk.press("ctrl+f")
        self.desk.find("Search all mail", "entry")
        self.desk.type_into("Search all mail", "chairs")
        self.desk.find("1 conversation", "label")
        self.desk.press("Escape")
        self.desk.wait(lambda: [self.desk.place(node) for node in self.desk.find_all(
            first, "list item", below=self.rows)] == [place], 5, "the list to be at its place")
        self.chosen(name.split(", from")[0])
        self.desk.press("Down")
        self.chosen(below.split(", from")[0])

    def press_until(self, key, reached, what):
        """No more often than there is to be passed."""
        for _ in range(20):
            self.desk.press(key)
            time.sleep(0.2)
            if reached():
                return
        self.fail(f"{key} does not come to {what}")

    def has_row(self):
        return any(has_state(node, Atspi.StateType.FOCUSED)
                   for node in self.desk.find_all(None, "list item", below=self.rows))

    def has_button(self, name):
        return any(has_state(node, Atspi.StateType.FOCUSED)
                   for node in self.desk.find_all(name, "button"))

    def test_27_keyboard_through_the_window(self):
        """Tab takes the list as one thing, and leaves headers and texts, either way."""
        self.select(FRESH)
        self.desk.wait(self.has_row, what="a row with the keyboard")
        self.desk.press("Tab")
        self.desk.wait(lambda: not self.has_row(), what="the list to be left")
        self.press_until("Tab", lambda: self.has_button("Forward"), "the foot")
        self.press_until("shift+Tab", lambda: self.has_button("Archive"), "the header")
        self.press_until("shift+Tab", self.has_row, "the list")

    def test_28_menu_gives_the_keyboard_back(self):
        self.desk.press("F10")
        self.desk.wait(lambda: not self.has_row(), what="the menu")
        self.desk.press("Escape")
        self.desk.wait(self.has_row, what="a row with the keyboard again")

    # -- All of it

    @unittest.skipUnless(os.environ.get("PINION_TEST_FULL"), "takes minutes")
    def test_30_fifty(self):
        """Archived, starred, deleted: each with a key or two, without looking away."""
        for subject in [FRESH, *NAMED]:
            if self.desk.find_all(row(subject), "list item", below=self.rows):
                self.select(subject)
                self.desk.press("e")
                self.gone(subject)
        for number in reversed(range(MANY)):
            self.chosen(f"Routine {number:02}")
            self.desk.press(*(("e",), ("numbersign",), ("s", "e"))[number % 3])
            self.gone(f"Routine {number:02}")
        self.desk.find("Inbox Zero")
        self.await_server("INBOX", "Routine", 0)
        deleted = sum(number % 3 == 1 for number in range(MANY))
        self.await_server("Deleted Items", "Routine", deleted)
        self.await_server("Archive", "Routine", MANY - deleted)

    @unittest.skipUnless(os.environ.get("PINION_TEST_FULL"), "needs what the last one leaves")
    def test_31_zero_says_what_is_put_off(self):
        self.cli("unsnooze", self.message(NAMED[0]))
        self.server.deliver(letter("The very last", self.server.email, 3000), flags="S")
        self.there("The very last", seconds=20)
        self.select("The very last")
        self.desk.press("b")
        self.await_entry("When, in words")
        self.desk.press(*"tomorrow", "Return")
        self.desk.find(re.compile("^1 snoozed until Tomorrow"))

    @unittest.skipUnless(os.environ.get("PINION_TEST_FULL"), "takes more mail than the others")
    def test_32_some_of_many(self):
        """A label on one that is far down shows as set on some."""
        many = 220
        for number in range(many):
            self.server.deliver(letter(f"Crowd {number:03}", self.server.email, 4000 + number),
                                flags="S")
        self.there(f"Crowd {many - 1}", seconds=60)
        self.desk.find(re.compile("^2[2-9][0-9] conversations$"), "label", seconds=60)
        self.cli("add-label", self.label("Projects"), self.message("Crowd 000"))
        self.select(f"Crowd {many - 1}")
        self.desk.press("ctrl+a", "l")
        self.await_entry("Search labels")
        self.desk.find("Projects, set on some", "list item")
        self.desk.press("Escape")

    def label(self, path):
        return next(str(line["id"]) for line in self.cli("labels") if line["path"] == path)

    def test_99_no_complaints(self):
        self.assertEqual(complaints(self.journey.output), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
