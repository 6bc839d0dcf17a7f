#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A window as wide as a phone: what opens in it takes what is typed, and the sidebar comes to a drag.

    test_narrow.py BUILD_FOLDER
"""

import re
import unittest

import stage

SUBJECTS = ["A lamp for the pier", "Two chairs", "The third bell"]


class Narrow(stage.Stage):
    labels = ("Boats", "Clouds")
    size = "360x700"

    @classmethod
    def before(cls):
        global Atspi, has_state
        from desk import Atspi, has_state

        for number, subject in enumerate(SUBJECTS):
            cls.server.deliver(stage.letter(subject, cls.server.email, number), flags="S")

    @classmethod
    def open(cls):
        """The sidebar is not there yet."""
        cls.journey.open()
        cls.list = cls.desk.find("Conversations", "list")

    def await_focus(self, name):
        self.desk.wait(lambda: any(has_state(node, Atspi.StateType.FOCUSED)
                                   for node in self.desk.find_all(name)), what=f"{name} focused")

    def read(self, subject):
        # An act that is undone brings a row back above it.
        row = self.desk.at_rest(re.compile(f"^{re.escape(subject)}, from "), "list item")
        self.desk.point_and_click(row)
        self.desk.find(subject, "heading")

    def come_back(self):
        self.desk.press("Escape")
        # What slides away takes clicks until it is gone.
        self.desk.wait_gone(None, "heading")
        self.conversation(SUBJECTS[1])

    def test_01_command_bar(self):
        """A sheet from below, with the focus where one types, and not further."""
        self.conversation(SUBJECTS[0])
        self.desk.press("ctrl+k")
        self.await_focus("Command")
        self.desk.press(*"clou")
        self.desk.find(re.compile("^Clouds, Label"), "list item")
        self.desk.press("Return")
        self.desk.find("Clouds", "grouping")
        self.desk.find("No Conversations")
        self.desk.pointer("key", "--delay", 0, "ctrl+k", *"inbox", "Return")
        self.conversation(SUBJECTS[0])

    def test_02_labels(self):
        self.read(SUBJECTS[0])
        self.desk.press("l")
        self.await_focus("Search labels")
        self.desk.press(*"boa", "Return")
        self.await_server("Boats", SUBJECTS[0])
        self.come_back()

    def test_03_snooze(self):
        self.read(SUBJECTS[1])
        self.desk.press("b")
        self.await_focus("When, in words")
        self.desk.press(*"tomorrow", "Return")
        self.desk.find(re.compile("^Snoozed until "))
        self.desk.press("ctrl+z")
        self.come_back()

    def test_04_keyboard_after_the_last_act(self):
        """The row that was opened has gone with it: the next one has the keyboard."""
        self.read(SUBJECTS[0])
        self.desk.press("e")
        self.desk.find("Archived")
        self.come_back()
        self.desk.wait(lambda: any(has_state(node, Atspi.StateType.FOCUSED) for node in
                                   self.desk.find_all(None, "list item", below=self.list)),
                       what="a row with the keyboard")
        self.desk.press("ctrl+z")
        self.conversation(SUBJECTS[0])

    def test_05_address_in_one_line(self):
        """As wide as the name that is short: what stands beside it goes below it."""
        self.read(SUBJECTS[2])
        address = self.desk.find("mira@tal.example", "label")
        name = self.desk.find("Mira Tal", "label")
        self.assertLess(self.desk.box(address)[3], 2 * self.desk.box(name)[3])
        self.come_back()

    def test_05_selecting(self):
        """Begun while a conversation is read, it shows what is selected, and what can be done."""
        self.read(SUBJECTS[1])
        self.desk.press("ctrl+a")
        self.desk.find(re.compile("^[0-9]+ selected"))
        self.conversation(SUBJECTS[0])
        self.desk.press("Escape")
        self.desk.wait_gone(re.compile("^[0-9]+ selected"))

    def test_06_a_drag_brings_the_sidebar(self):
        """Over the button that opens it; it leaves when the drag is over."""
        button = self.desk.find("Show Sidebar", "button")

        def on():
            self.sidebar = self.desk.find("Mailboxes and labels", "list")
            clouds = self.desk.at_rest(re.compile("^Clouds(,|$)"), "list item")
            self.desk.pointer("mousemove", *self.desk.place(clouds))
            self.desk.pointer("mousemove_relative", 2, 0)

        self.desk.drag(self.conversation(SUBJECTS[2]), button, at_target=on)
        self.await_server("Clouds", SUBJECTS[2])
        self.desk.wait_gone("Mailboxes and labels", "list")


if __name__ == "__main__":
    unittest.main(verbosity=2)
