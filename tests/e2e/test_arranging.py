#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels and sections, by their menus, by drags and by keys: made, named, coloured, moved, deleted.

    test_arranging.py BUILD_FOLDER
"""

import re
import unittest

import stage

# The menu of a label, without "Mark All as Read".
UNPIN, RENAME, INSIDE, IMPORT, SECTION, SORT, DELETE = range(7)


class Arranging(stage.Stage):
    labels = ("Apples", "Boats", "Boats/Sails", "Clouds", "Dunes", "Elms")

    @classmethod
    def before(cls):
        global Atspi, has_state
        from desk import Atspi, has_state

        for subject, folder, flags in (("A grey one", "Clouds", ""), ("A white one", "Clouds", ""),
                                       ("Sand", "Dunes", "S"), ("Bark", "Elms", "S")):
            cls.server.deliver(stage.letter(subject, cls.server.email), folder, flags)

    def choose(self, items, which):
        self.desk.click_in_popover(items[which])

    def type_name(self, name):
        """Into the dialog that is open: the keys go there at once, over what stands there."""
        dialog = self.desk.wait(self.desk.dialog, what="a dialog")
        entry = self.desk.find("Name", "text", below=dialog)
        self.desk.wait(lambda: has_state(entry, Atspi.StateType.FOCUSED), what="the focus")
        self.desk.press("ctrl+a")
        self.desk.pointer("type", "--delay", 2, name)

    def answer(self, name):
        self.type_name(name)
        self.desk.press("Return")
        self.desk.wait(lambda: not self.desk.dialog(), what="the dialog to go")

    def focus(self, name):
        row = self.place(name)
        self.desk.point_and_click(row)
        self.desk.wait(lambda: has_state(row, Atspi.StateType.SELECTED), what=f"{name} to be chosen")

    def undo(self):
        self.desk.press("ctrl+z")

    def await_folder(self, name, there=True):
        self.desk.wait(lambda: (self.count(name, "x") is not None) == there, 30,
                       f"{name} {'on' if there else 'to leave'} the server")

    # -- The menu of a label

    def test_01_read(self):
        """All at once, and back."""
        self.place("Clouds, 2 unread")
        items = self.menu("Clouds")
        self.assertEqual(len(items), DELETE + 2)
        self.choose(items, IMPORT + 1)
        self.place(re.compile("^Clouds$"))
        self.desk.click("Undo", "button")
        self.place("Clouds, 2 unread")

    def test_02_colour(self):
        for colour, before in (("Green", "Colour by Its Name"), ("Colour by Its Name", "Green")):
            self.menu("Apples")
            self.assertTrue(has_state(self.swatch(before), Atspi.StateType.PRESSED))
            self.desk.click_in_popover(self.swatch(colour))
            self.await_no_menu()
            # The rows are laid out anew with it: a press on one would end there.
            self.desk.find("Colour of Apples changed")

    def swatch(self, name):
        return next(node for node in self.in_menu() if node.get_name() == name)

    def test_03_inside(self):
        self.choose(self.menu("Apples"), INSIDE)
        self.answer("Cider")
        self.await_rows("Apples", "Cider", "Boats")
        self.await_folder("Apples/Cider")

    def test_04_rename(self):
        """Not to a name that there is."""
        self.choose(self.menu("Cider"), RENAME)
        self.type_name("cider/x")
        self.desk.find("A name cannot have a “/” in it.")
        self.answer("Juice")
        self.await_rows("Apples", "Juice", "Boats")
        self.await_folder("Apples/Juice")
        self.await_folder("Apples/Cider", False)

    def test_05_delete(self):
        """Nothing, then with the mail in it to Archive, then to Trash: each as it was answered."""
        for name, answer in (("Dunes", "Delete, Mail to Archive"),
                             ("Elms", "Delete, Mail to Trash")):
            for response in ("Cancel", answer) if name == "Dunes" else (answer,):
                self.choose(self.menu(name), DELETE)
                alert = self.desk.wait(self.desk.dialog, what="the question")
                self.assertEqual(alert.get_name(), f"Delete “{name}”?")
                self.desk.click(response, "button", below=alert)
                self.desk.wait(lambda: not self.desk.dialog(), what="the question to go")
            self.await_no_row(name)
        self.await_server("Archive", "Sand")
        self.await_server("Deleted Items", "Bark")
        self.await_folder("Dunes", False)
        self.await_folder("Elms", False)

    def test_051_looks_pressed_no_more(self):
        row = self.place("Boats")
        before = self.light(row, "mean")
        self.menu("Boats")
        self.assertLess(self.light(row, "mean"), before - 0.01)
        self.desk.press("Escape")
        self.await_no_menu()
        self.desk.pointer("mousemove", 700, 300)
        self.desk.wait(lambda: abs(self.light(row, "mean") - before) < 0.005, what="the row as it was")

    # -- The same by keys

    def test_06_menu_key(self):
        """The last of it asks; and what is in a label goes with it."""
        self.focus("Apples")
        for key in ("Menu", "shift+F10"):
            self.desk.press(key)
            last = self.menu_items()[DELETE]

            def is_reached():
                if has_state(last, Atspi.StateType.FOCUSED):
                    return True
                self.desk.press("Down")
                return False
            self.desk.wait(is_reached, what="the last item")
            self.desk.press("Return")
            alert = self.desk.wait(self.desk.dialog, what="the question")
            self.desk.find(re.compile("So are the labels in it"), below=alert)
            # Enter does nothing that cannot be taken back, and the focus is again where it was.
            self.desk.press("Return")
            self.desk.wait(lambda: not self.desk.dialog(), what="the question to go")

    # -- Sections

    def section_menu(self, name):
        return self.menu(re.compile(f"^{name},.*section"))

    def test_10_section_by_a_menu(self):
        self.choose(self.section_menu("Labels"), 1)
        self.answer("Garden")
        self.await_rows("Clouds", "More labels", "Garden")

    def test_11_into_it_by_a_menu(self):
        """The labels in it come along."""
        self.choose(self.menu("Apples"), SECTION)
        # The way back, Garden, and a new one
        self.desk.wait(lambda: len(self.menu_items()) == 3, what="the menu within the menu")
        self.choose(self.menu_items(), 1)
        self.await_rows("Garden", "Apples", "Juice")
        self.undo()
        self.await_rows("Apples", "Juice", "Garden")

    def test_12_into_it_by_a_drag(self):
        self.desk.drag(self.place("Clouds"), self.place("Garden"))
        self.await_rows("Boats", "More labels", "Garden", "Clouds")

    def test_13_section_by_a_drop(self):
        """The row is there only while a label is on its way; the drop asks for a name."""
        self.assertNotIn("New Section", self.rows())
        source, title = self.place("Boats"), self.place("Clouds")
        x, y = self.desk.place(title)

        def on_to_the_new_row():
            self.desk.pointer("mousemove", *self.desk.place(self.place("New Section")))
            self.desk.pointer("mousemove_relative", 2, 0)

        self.desk.drag_to(*self.desk.place(source), x, y, at_target=on_to_the_new_row)
        self.answer("Harbour")
        self.await_rows("Garden", "Clouds", "Harbour", "Boats", "Sails")
        self.await_no_row("New Section")

    def test_14_section_moved_and_named(self):
        self.choose(self.section_menu("Harbour"), 3)
        self.await_rows("Harbour", "Boats", "Garden", "Clouds")
        self.choose(self.section_menu("Harbour"), 2)
        self.answer("Quay")
        self.await_rows("Quay", "Boats", "Garden")

    def test_15_section_removed(self):
        """Its labels go back to the others, and with it back to where they were."""
        self.choose(self.section_menu("Quay"), 5)
        self.await_no_row("Quay")
        self.await_rows("Apples", "Boats", "More labels", "Garden")
        self.undo()
        self.await_rows("Quay", "Boats", "Garden", "Clouds")

    def test_16_section_folded(self):
        title = self.place("Garden")
        self.desk.point_and_click(title)
        self.place(re.compile("^Garden,.*folded"))
        self.await_no_row("Clouds")

    # -- What is on its way

    def test_20_hover_opens(self):
        """What is folded opens under a drag, and the label is dropped on what came to light."""
        self.focus("Boats")
        self.desk.press("Left")
        self.await_no_row("Sails")
        at = self.place("Boats")
        self.desk.drag(self.place("Apples"), at, at_target=lambda: self.place("Sails"))
        self.await_rows("Boats", "Sails")

    def test_21_order_by_keys(self):
        """On over the end of a section into the next."""
        self.await_rows("Quay", "Apples", "Boats")
        self.focus("Apples")
        self.desk.press("alt+Up")
        self.await_rows("Apples", "Quay", "Boats")
        self.desk.press("alt+Down", "alt+Down")
        self.await_rows("Quay", "Boats", "Apples")
        self.undo()
        self.await_rows("Quay", "Apples", "Boats")

    def test_22_order_by_a_drag(self):
        """Below the last that is in a label is below the label."""
        self.desk.drag(self.place("Apples"), self.place("Sails"), down=0.75)
        self.await_rows("Quay", "Boats", "Sails", "Apples")

    def test_30_again(self):
        """All of it is found so again."""
        self.journey.close()
        self.open()
        self.await_rows("Quay", "Boats", "Sails", "Apples", "Garden")
        self.place(re.compile("^Garden,.*folded"))


if __name__ == "__main__":
    # Each finds what those before it have left.
    unittest.main(verbosity=2, failfast=True)
