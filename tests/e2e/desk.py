# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands and eyes on a program: widgets by the names a screen reader speaks, a real pointer.

Import it only inside a session (Session.adopt()): AT-SPI looks for its bus at once.
"""

import re
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 20
LOOK = 0.05
# The lists that begin with a padding, which no accessible says.
PADDED = {"Mailboxes and labels": 6}


class NotFound(AssertionError):
    """What a person would be looking for is not there."""


def _matches(wanted, text):
    if hasattr(wanted, "search"):
        return wanted.search(text) is not None
    return wanted == text


def children(node):
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child is not None:
            yield child


def states(node):
    try:
        return node.get_state_set()
    except GLib.Error:
        return None


def has_state(node, state):
    found = states(node)
    return found is not None and found.contains(state)


def is_showing(node):
    return has_state(node, Atspi.StateType.SHOWING)


def walk(node, depth=60, showing=False, whole=None):
    """All widgets below, itself first, as they are now. Each is some round trips to the program: with
    `showing` what is below a hidden one is left out, and what is inside one of the role `whole`."""
    yield node
    if depth > 0 and (whole is None or role_of(node) != whole):
        for child in children(node):
            if not showing or is_showing(child):
                yield from walk(child, depth - 1, showing, whole)


def name_of(node):
    try:
        return node.get_name() or ""
    except GLib.Error:
        return ""


def role_of(node):
    try:
        return node.get_role_name()
    except GLib.Error:
        return ""


def _focus(node):
    """GTK answers some of these with an error although it does it."""
    try:
        node.get_component_iface().grab_focus()
    except GLib.Error:
        pass


class Desk:
    """One program: `Desk("pinion")`."""

    def __init__(self, application, session):
        self.application = application
        self.session = session
        self.scope = None

    # -- Looking

    def root(self):
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        for child in children(desktop):
            if name_of(child) == self.application:
                return child
        return None

    def dialog(self):
        """The topmost dialog that is open over a window; None where there is none."""
        found = None
        for frame in self.frames():
            for node in walk(frame, 3, showing=True):
                if role_of(node) in ("dialog", "alert"):
                    found = node
        return found

    def find_all(self, name=None, role=None, showing=True, below=None):
        """Below `below`, else what scope() gives, if there is one, else everywhere."""
        root = below or (self.scope() if self.scope else None) or self.root()
        if root is None:
            return []
        found = []
        # Rows hold no rows. What WebKit puts between a view and its document does not say that it shows.
        whole = role if role == "list item" else None
        for node in walk(root, showing=showing and role != "document web", whole=whole):
            if role is not None and not _matches(role, role_of(node)):
                continue
            if name is not None and not _matches(name, name_of(node)):
                continue
            if showing and not is_showing(node):
                continue
            found.append(node)
        return found

    def frames(self):
        """The program's windows."""
        root = self.root()
        return [node for node in children(root) if is_showing(node)] if root else []

    def find(self, name=None, role=None, showing=True, below=None, seconds=PATIENCE, nth=0):
        """Waits until it is there."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.find_all(name, role, showing, below)
            if len(found) > nth:
                return found[nth]
            if time.monotonic() >= deadline:
                raise NotFound(f"no {role or 'widget'} named {name!r} after {seconds} s:\n"
                               + self.describe())
            time.sleep(LOOK)

    def has(self, name=None, role=None, showing=True):
        return bool(self.find_all(name, role, showing))

    def wait_gone(self, name=None, role=None, seconds=PATIENCE):
        self.wait(lambda: not self.has(name, role), seconds, f"{role} {name!r} to go")

    @staticmethod
    def wait(test, seconds=PATIENCE, what="something"):
        deadline = time.monotonic() + seconds
        while True:
            result = test()
            if result:
                return result
            if time.monotonic() >= deadline:
                raise NotFound(f"waited {seconds} s for {what}")
            time.sleep(LOOK)

    def describe(self):
        """The tree in words, for the person who reads a failure."""
        root = self.root()
        if root is None:
            return f"  (the program {self.application} is not on the desktop)"
        lines = []

        def add(node, depth):
            if is_showing(node) or depth < 2:
                name = name_of(node)
                if name or depth < 3:
                    lines.append("  " * depth + f"{role_of(node)} {name!r}")
            for child in children(node):
                if depth < 40:
                    add(child, depth + 1)

        add(root, 1)
        return "\n".join(lines[:400])

    # -- Acting

    def click(self, name=None, role=None, **options):
        node = self.find(name, role, **options)
        self.activate(node)
        return node

    @staticmethod
    def activate(node):
        """The widget's own action, as a screen reader would ask for it."""
        for _ in range(100):
            if has_state(node, Atspi.StateType.SENSITIVE) or not is_showing(node):
                break
            time.sleep(LOOK)
        if node.get_n_actions() < 1:
            raise NotFound(f"{role_of(node)} {name_of(node)!r} has no action")
        node.do_action(0)

    def type_into(self, name, text, role=None):
        """Sets the text of an entry by its name, or of the row that has it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for node in self.find_all(name):
                for candidate in walk(node, 6):
                    if candidate.get_editable_text_iface() is not None \
                            and has_state(candidate, Atspi.StateType.EDITABLE):
                        _focus(candidate)
                        candidate.get_editable_text_iface().set_text_contents(text)
                        return candidate
            if time.monotonic() >= deadline:
                raise NotFound(f"no entry named {name!r}:\n" + self.describe())
            time.sleep(LOOK)

    @staticmethod
    def text_of(node):
        """What a text shows."""
        for candidate in walk(node, 6):
            text = candidate.get_text_iface()
            if text is not None:
                return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
        return ""

    # -- Pointer and keys

    def place(self, node, down=0.5):
        """On the screen: the middle of a widget, or another part of its height."""
        left, top, width, height = self.box(node)
        return (left + width // 2, top + int(height * down))

    def box(self, node):
        """Where a widget is on the screen: left, top, width, height.

        For a place in the window GTK 4.18 adds up where the box of each ancestor begins in what its
        parent has room for. So the padding of every ancestor is left out, and the border of the window
        is taken away twice."""
        extents = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        left, top = self.origin()
        while node is not None and role_of(node) != "frame":
            if role_of(node) == "list" and name_of(node) in PADDED:
                top += PADDED[name_of(node)]
            node = node.get_parent()
        if node is not None:
            border = node.get_component_iface().get_extents(Atspi.CoordType.PARENT)
            left, top = left - 2 * border.x, top - 2 * border.y
        return (left + extents.x, top + extents.y, extents.width, extents.height)

    def main_window(self):
        """The program's largest window: its number, and where it begins on the screen."""
        best = (0, None, (0, 0))
        for window in self.windows():
            left, top, width, height = self.shape(window)
            best = max(best, (width * height, window, (left, top)))
        return best[1:]

    def windows(self):
        """The numbers of all that the program has on the screen: popovers and what is dragged, too."""
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--class", self.application],
                              env=self.session.environment, capture_output=True,
                              text=True).stdout.split()

    def shape(self, window):
        """Left, top, width, height; of a window that is gone by now, nothing."""
        out = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window],
                             env=self.session.environment, capture_output=True, text=True).stdout
        values = dict(re.findall(r"(\w+)=(-?\d+)", out))
        return tuple(int(values.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def origin(self):
        return self.main_window()[1]

    def focus(self):
        """There is no window manager to do it when another window has gone."""
        self.pointer("windowfocus", "--sync", self.main_window()[0])

    def pointer(self, *words):
        self.session.run(["xdotool", *map(str, words)])

    def press(self, *keys):
        self.pointer("key", "--clearmodifiers", *keys)

    def at_rest(self, name, role):
        """What slides in is pressed where it comes to rest."""
        place = None
        while True:
            node = self.find(name, role)
            before, place = place, self.place(node)
            if place == before:
                return node
            time.sleep(0.15)

    def leave_dialog(self):
        """Every page and the dialog."""
        def gone():
            if not self.dialog():
                return True
            self.press("Escape")
            time.sleep(0.3)
            return False
        self.focus()
        self.wait(gone, what="the dialog to close")

    def point_and_click(self, node, button=1):
        x, y = self.place(node)
        self.pointer("mousemove", x, y)
        time.sleep(0.1)
        self.pointer("click", button)

    def click_in_popover(self, node):
        """With the real pointer: a popover is a window of its own, with its own beginning."""
        main = self.main_window()[0]
        before = None

        def at_rest():
            nonlocal before
            # A tooltip is lower.
            shapes = [self.shape(window) for window in self.windows() if window != main]
            last, before = before, [shape for shape in shapes if shape[2] > 100 and shape[3] > 60]
            return before if before == last else None

        left, top, width, _ = self.wait(at_rest, what="the popover")[-1]
        place = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        # What GTK says of it leaves out where the popover begins: that is its outermost widget.
        whole = outer = place
        while whole.width <= outer.width <= width:
            whole, node = outer, node.get_parent()
            outer = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        self.pointer("mousemove", left + place.x - whole.x + place.width // 2,
                     top + place.y - whole.y + place.height // 2)
        time.sleep(0.1)
        self.pointer("click", 1)

    def drag(self, source, target, modifier=None, at_target=None, down=0.5):
        """With a real pointer, at a human pace. `at_target()` is called before letting go."""
        self.drag_to(*self.place(source), *self.place(target, down), modifier, at_target)

    def drag_to(self, x0, y0, x1, y1, modifier=None, at_target=None):
        """The same from place to place of the screen."""
        if modifier:
            self.pointer("keydown", modifier)
        self.pointer("mousemove", x0, y0)
        time.sleep(0.1)
        self.pointer("mousedown", 1)
        steps = 10
        for step in range(1, steps + 1):
            self.pointer("mousemove", x0 + (x1 - x0) * step // steps,
                         y0 + (y1 - y0) * step // steps)
            time.sleep(0.03)
        for shake in (2, -2, 0):
            self.pointer("mousemove", x1 + shake, y1)
            time.sleep(0.05)
        if at_target:
            at_target()
        self.pointer("mouseup", 1)
        if modifier:
            self.pointer("keyup", modifier)
