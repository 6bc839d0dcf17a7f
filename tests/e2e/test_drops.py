#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is dragged and where it may go, with two accounts; labels that are not pinned; a server that does
not answer while it is searched, and what cannot be saved as files.

    test_drops.py BUILD_FOLDER
"""

import imaplib
import json
import pathlib
import re
import sys
import time
import unittest

import stage

SUBJECTS = ["A lamp for the pier", "Two chairs", "The third bell", "Four winds", "Fifth of May"]
MOST_FILES = 500


class Drops(stage.Stage):
    labels = ("Boats", "Boats/Sails", "Clouds", "Crowd", "Elms")
    history = "1y"
    size = "1200x700"

    @classmethod
    def before(cls):
        global Atspi, has_state
        from desk import Atspi, has_state

        cls.jonas = cls.server.user2
        cls.make_folders(cls.jonas, stage.MAILBOXES + ("Zebras",))
        for number, subject in enumerate(SUBJECTS):
            cls.server.deliver(stage.letter(subject, cls.server.email, number), flags="S")
        cls.server.deliver(stage.letter("Under sail", cls.server.email), "Clouds", "S")
        for number in range(MOST_FILES + 1):
            cls.server.deliver(stage.letter(f"Crowd {number:03}", cls.server.email, number),
                               "Crowd", "S")
        cls.append_old("Harbour lights of old")
        cls.add_account(cls.jonas)

    @classmethod
    def append_old(cls, subject):
        """What was received before the history that is kept here begins."""
        then = 3 * 365 * 86400
        imap = cls.server.imap()
        imap.append("INBOX", None, imaplib.Time2Internaldate(time.time() - then),
                    stage.letter(subject, cls.server.email, then))
        imap.logout()

    def drop(self, subject, target, **options):
        self.desk.drag(self.conversation(subject), target, **options)

    def go_to(self, name):
        """The row is another one where its counts changed meanwhile."""
        self.desk.point_and_click(self.place(name))
        self.desk.wait(lambda: has_state(self.place(name), Atspi.StateType.SELECTED),
                       what="the row to be chosen")

    def darkest(self, row):
        return self.light(row, "minima")

    def badge_width(self):
        """Of what the pointer carries."""
        main = self.desk.main_window()[0]
        return max(self.desk.shape(window)[2] for window in self.desk.windows() if window != main)

    # -- Conversations

    def test_01_says_what_it_does(self):
        """With Shift it is another thing; what takes nothing is dimmed."""
        boats, sent = self.place("Boats"), self.place("Sent")
        bright = self.darkest(sent)
        widths = []

        def look():
            widths.append(self.badge_width())
            self.assertGreater(self.darkest(sent), bright + 0.2)
            self.assertLess(self.darkest(boats), bright + 0.1)
            self.desk.pointer("mousemove", *self.desk.place(sent))
            self.desk.wait(lambda: self.badge_width() not in widths, what="it to be itself again")

        for modifier in (None, "shift"):
            self.drop(SUBJECTS[0], boats, modifier=modifier, at_target=look)
        self.assertNotEqual(*widths)
        self.desk.wait(lambda: self.darkest(sent) < bright + 0.1, what="the row to be itself again")

    def test_02_folded_ones_open(self):
        self.go_to("Boats")
        self.desk.press("Left")
        self.await_no_row("Sails")
        self.go_to("Inbox")

        def on():
            self.desk.pointer("mousemove", *self.desk.place(self.place("Sails")))
            self.desk.pointer("mousemove_relative", 2, 0)

        self.drop(SUBJECTS[0], self.place("Boats"), at_target=on)
        self.await_server("Boats/Sails", SUBJECTS[0])
        self.assertEqual(self.count("Boats", SUBJECTS[0]), 0)

    def test_03_the_list_scrolls(self):
        """At its edge, until the other account's labels are there: they take nothing of this one."""
        left, top, width, height = self.desk.box(self.sidebar)

        def zebras():
            found = [row for row in self.desk.find_all("Zebras", "list item", below=self.sidebar)]
            return found and self.desk.place(found[0])[1] < 660 and found[0]

        def on():
            self.desk.pointer("mousemove", *self.desk.place(self.desk.wait(zebras, what="Zebras")))
            self.desk.pointer("mousemove_relative", 2, 0)

        x, y = self.desk.place(self.conversation(SUBJECTS[1]))
        self.desk.drag_to(x, y, 100, 685, at_target=on)
        self.assertEqual(self.count("Zebras", SUBJECTS[1], self.jonas), 0)
        self.assertEqual(self.count("INBOX", SUBJECTS[1]), 1)
        self.desk.pointer("mousemove", 100, 400, "click", "--repeat", 40, "--delay", 5, 4)

    def test_04_several(self):
        self.desk.point_and_click(self.conversation(SUBJECTS[1]))
        self.desk.pointer("keydown", "ctrl")
        self.desk.point_and_click(self.conversation(SUBJECTS[3]))
        self.desk.pointer("keyup", "ctrl")
        self.desk.find("2 selected", "label")
        self.drop(SUBJECTS[3], self.place("Clouds"))
        self.await_server("Clouds", SUBJECTS[1])
        self.await_server("Clouds", SUBJECTS[3])
        self.desk.press("Escape")

    def test_05_a_label_on_a_conversation(self):
        target = self.conversation(SUBJECTS[2])
        self.desk.drag(self.place("Boats"), target)
        self.await_server("Boats", SUBJECTS[2])
        self.assertEqual(self.count("INBOX", SUBJECTS[2]), 1)
        self.desk.drag(self.place("Elms"), target, modifier="shift")
        self.await_server("Elms", SUBJECTS[2])
        self.await_server("INBOX", SUBJECTS[2], 0)

    def test_06_all_inboxes(self):
        self.go_to("Clouds")
        self.drop("Under sail", self.place("Inbox"))
        self.await_server("INBOX", "Under sail")
        self.await_server("Clouds", "Under sail", 0)

    def test_07_a_message(self):
        """By its header, as a file for another program."""
        self.go_to("Inbox")
        self.desk.point_and_click(self.conversation(SUBJECTS[4]))
        self.desk.find(SUBJECTS[4], "heading")
        header = self.desk.find(re.compile("mira@tal.example"))
        dropped = self.session.folder / "dropped.json"
        other = self.session.start(
            [sys.executable, "-B", str(stage.HERE / "drop_target.py"), str(dropped)],
            self.session.folder / "target.log")
        self.desk.wait(lambda: self.session.has_window("Files go here"), what="the other window")
        try:
            x, y = self.desk.place(header)
            self.desk.drag_to(x, y, 60, 60)
            self.desk.wait(dropped.exists, what="a file at the other program")
        finally:
            other.terminate()
            other.wait(5)
            self.desk.focus()
        path, = map(pathlib.Path, json.loads(dropped.read_text(encoding="utf-8")))
        self.assertEqual(path.name, f"{SUBJECTS[4]}.eml")

    # -- Labels that are not pinned

    def more(self):
        self.desk.point_and_click(self.place("More labels"))
        self.desk.wait(self.in_more, what="the labels")

    def in_more(self):
        return [node for child in stage.desk.children(self.pane)
                for node in stage.desk.walk(child, showing=True, whole="list item")
                if stage.desk.role_of(node) == "list item"
                and stage.desk.role_of(child) != "grouping"]

    def test_10_unpinned(self):
        self.desk.click_in_popover(self.menu("Elms")[0])
        self.await_no_row("Elms")

    def test_11_visited(self):
        """With Alt, by the keys and with the pointer: it is shown, and not pinned."""
        self.more()
        self.desk.pointer("type", "--delay", 2, "elm")
        self.desk.wait(lambda: len(self.in_more()) == 1, what="one label")
        self.desk.press("alt+Return")
        self.conversation(SUBJECTS[2])
        self.go_to("Inbox")
        self.more()
        elms = next(node for node in self.in_more() if node.get_name() == "Elms")
        self.desk.pointer("keydown", "alt")
        self.desk.click_in_popover(elms)
        self.desk.pointer("keyup", "alt")
        self.conversation(SUBJECTS[2])
        self.assertNotIn("Elms", self.rows())

    def test_12_pinned(self):
        """By a click, and it stays open for more; by a second one unpinned again."""
        self.more()
        elms = next(node for node in self.in_more() if node.get_name() == "Elms")
        for name in ("Elms, pinned", "Elms", "Elms, pinned"):
            self.desk.click_in_popover(elms)
            self.desk.wait(lambda: elms.get_name() == name, what=name)
        self.desk.press("Escape")
        self.desk.wait(lambda: not self.in_more(), what="the labels to go")
        self.await_rows("Crowd", "Elms", "More labels")

    def pin_all(self):
        self.desk.click_in_popover(self.menu(re.compile("^Labels,.*section"))[-1])
        self.await_no_menu()

    def test_13_pin_all(self):
        """What another client makes is pinned, or not."""
        self.pin_all()
        self.desk.find("New labels are not pinned any more")
        self.make_folders(self.server.email, ("Anchors",))
        self.desk.press("F5")
        self.more()
        self.desk.wait(lambda: self.in_more()[0].get_name() == "Anchors", what="the new label")
        self.desk.press("Escape")
        self.assertNotIn("Anchors", self.rows())
        self.pin_all()
        self.place("Anchors")

    # -- What cannot be done

    def test_20_too_many_files(self):
        self.go_to("Crowd")
        self.desk.find(f"{MOST_FILES + 1} conversations", "label")
        self.desk.point_and_click(self.conversation("Crowd 003"))
        self.desk.press("ctrl+a", "ctrl+s")
        self.desk.find(f"At most {MOST_FILES} messages at a time can be saved as files")
        self.desk.press("Escape")

    def search(self, words):
        self.desk.press("ctrl+f")
        self.desk.type_into("Search all mail", words)

    def test_21_a_server_that_does_not_answer(self):
        """It is not waited for."""
        self.search("harbour")
        self.desk.click("Search the Server", "button")
        self.conversation("Harbour lights of old")
        self.gate.hold()
        self.search("wombat")
        self.desk.find("Nothing Found")
        button = self.desk.click("Search the Server", "button")
        self.desk.click("Cancel", "button")
        self.desk.wait(lambda: has_state(button, Atspi.StateType.FOCUSED), what="the offer")
        self.desk.find("Older mail may be on the server only.")


if __name__ == "__main__":
    # Each finds what those before it have left.
    unittest.main(verbosity=2, failfast=True)
