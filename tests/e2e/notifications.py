#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's notifications, for a session that has no desktop.

    notifications.py

Prints {"ready": true}, then a JSON object for each notification: {"id", "summary", "body",
"actions"} or {"closed": id}; takes lines "ID ACTION" on standard input, as if a person had pressed there.
"""

import json
import sys

from gi.repository import Gio, GLib

XML = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""
PATH = "/org/freedesktop/Notifications"
NAME = "org.freedesktop.Notifications"


def say(**words):
    print(json.dumps(words), flush=True)


class Service:
    def __init__(self):
        self.loop = GLib.MainLoop()
        self.count = 0
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        node = Gio.DBusNodeInfo.new_for_xml(XML)
        self.bus.register_object(PATH, node.interfaces[0], self.on_call, None, None)
        Gio.bus_own_name_on_connection(self.bus, NAME, Gio.BusNameOwnerFlags.NONE,
                                       lambda *_: say(ready=True), lambda *_: self.loop.quit())
        GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT,
                          GLib.IOCondition.IN | GLib.IOCondition.HUP, self.on_line)

    def on_call(self, _bus, _sender, _path, _interface, method, arguments, call):
        if method == "Notify":
            _, replaced, _, summary, body, actions, _, _ = arguments.unpack()
            self.count = replaced or self.count + 1
            say(id=self.count, summary=summary, body=body, actions=actions[::2])
            call.return_value(GLib.Variant("(u)", (self.count,)))
        elif method == "CloseNotification":
            say(closed=arguments.unpack()[0])
            call.return_value(None)
        elif method == "GetCapabilities":
            call.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        else:
            call.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))

    def on_line(self, stream, _condition):
        line = stream.readline()
        if not line:
            self.loop.quit()
            return False
        number, action = line.rstrip("\n").split(" ", 1)
        self.bus.emit_signal(None, PATH, NAME, "ActionInvoked",
                             GLib.Variant("(us)", (int(number), action)))
        return True


if __name__ == "__main__":
    Service().loop.run()
