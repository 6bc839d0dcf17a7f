#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program's window in a corner: files can be dragged away from it.

    drag_source.py FILE...
"""

import sys

import gi

gi.require_version("Gtk", "4.0")
gi.require_version("Gdk", "4.0")
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402

files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path) for path in sys.argv[1:]])
window = Gtk.Window(title="Files come from here", default_width=200, default_height=120)
source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
source.connect("prepare", lambda *_: Gdk.ContentProvider.new_for_value(files))
window.add_controller(source)
window.present()
GLib.MainLoop().run()
