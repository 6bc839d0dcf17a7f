#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program's window in a corner: takes files that are dropped on it, and says which.

    drop_target.py OUTPUT
"""

import json
import pathlib
import sys

import gi

gi.require_version("Gtk", "4.0")
gi.require_version("Gdk", "4.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402


def on_drop(_target, files, _x, _y):
    paths = [file.get_path() for file in files.get_files()]
    part = pathlib.Path(sys.argv[1] + ".part")
    part.write_text(json.dumps(paths), encoding="utf-8")
    part.rename(sys.argv[1])
    return True


window = Gtk.Window(title="Files go here", default_width=200, default_height=120)
target = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
target.connect("drop", on_drop)
window.add_controller(target)
window.present()
GLib.MainLoop().run()
