# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox in memory: folders by the bytes of their names, messages with UIDs and flags.

Tests change it while sessions look at it; every change is announced to the sessions that idle.
"""

import contextlib
import itertools
import re
import threading
import time

from maildir import encode_name

SYSTEM = (b"\\Seen", b"\\Answered", b"\\Flagged", b"\\Deleted", b"\\Draft")
KEPT = (*SYSTEM, b"$MDNSent")
ATOM = re.compile(rb"[!#$&'+,\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~\t]+")
DEFAULT = {
    "INBOX": None, "Sent Items": b"\\Sent", "Drafts": b"\\Drafts", "Deleted Items": b"\\Trash",
    "Junk Email": b"\\Junk", "Outbox": None, "Calendar": None, "Contacts": None, "Tasks": None,
    "Notes": None, "Journal": None, "Sync Issues": None, "Sync Issues/Conflicts": None,
}
_validities = itertools.count(1400)


def wire(path):
    """A path as the protocol names it; bytes are taken as they are."""
    return path if isinstance(path, bytes) else encode_name(path).encode()


def listed(name):
    """A name in LIST as Exchange writes it: TABs are not quoted, a backslash makes a literal."""
    if b"\\" in name or b'"' in name:
        return b"{%d}\r\n%s" % (len(name), name)
    return name if ATOM.fullmatch(name) else b'"%s"' % name


class Message:
    """`size` and `structure` are what the server claims; `held` is False where it hands out nothing."""

    def __init__(self, uid, raw, flags=(), received=None):
        self.uid = uid
        self.raw = raw
        self.flags = set(flags)
        self.received = received if received is not None else time.time()
        self.size = len(raw) * 103 // 100 + 5
        self.structure = None
        self.held = True
        self.instead = None

    @property
    def text(self):
        """What FETCH gives: the message, or what stands in for it."""
        return self.instead if self.instead is not None else self.raw

    @property
    def message_id(self):
        found = re.search(rb"^Message-ID:\s*(<[^>\r\n]*>)", self.raw, re.IGNORECASE | re.MULTILINE)
        return found[1].decode("ascii", "replace") if found else ""


class Folder:
    """`line` is how LIST writes the name where that is not the usual way."""

    def __init__(self, name, attributes=(), line=None, validity=None):
        self.name = name
        self.attributes = list(attributes)
        self.line = line
        self.validity = validity or next(_validities)
        self.next = 1
        self.messages = []
        self.permanent = KEPT
        self.refusal = None

    def add(self, raw, flags=(), received=None):
        message = Message(self.next, raw, flags, received)
        self.next += 1
        self.messages.append(message)
        return message

    def find(self, uid):
        return next((message for message in self.messages if message.uid == uid), None)


class Mailbox:
    """All folders, and who is told of changes."""

    def __init__(self, uses=False, folders=DEFAULT):
        self.lock = threading.RLock()
        self.folders = {}
        self.watchers = []
        for path, use in dict(folders).items():
            self.create(path, [use] if uses and use else [])

    @contextlib.contextmanager
    def changing(self):
        """For a test that changes several things at once."""
        with self.lock:
            yield self
        for tell in list(self.watchers):
            tell()

    def create(self, path, attributes=(), line=None, validity=None):
        with self.lock:
            name = wire(path)
            self.folders[name] = Folder(name, attributes, line, validity)
            return self.folders[name]

    def get(self, path):
        """A folder by path or name; None where there is none. Case does not matter."""
        name = wire(path)
        if name in self.folders:
            return self.folders[name]
        return next((folder for key, folder in self.folders.items()
                     if key.lower() == name.lower()), None)

    def rename(self, old, new):
        """The same folder under another name, as re-localising does it."""
        with self.changing():
            folder = self.folders.pop(wire(old))
            folder.name = wire(new)
            self.folders[folder.name] = folder

    def deliver(self, raw, path="INBOX", flags=(), received=None):
        with self.changing():
            return self.get(path).add(raw, flags, received)

    def remove(self, message, path="INBOX"):
        with self.changing():
            self.get(path).messages.remove(message)

    def flag(self, message, *flags):
        with self.changing():
            message.flags = set(flags)

    def replace(self, message, raw=None, path="INBOX"):
        """What happens when another program edits a message: the old one goes, a new one comes."""
        with self.changing():
            folder = self.get(path)
            folder.messages.remove(message)
            return folder.add(raw or message.raw, message.flags, message.received)

    def where(self, message_id):
        """The names of the folders a message lies in, one by one."""
        with self.lock:
            return sorted(folder.name for folder in self.folders.values()
                          for message in folder.messages if message.message_id == message_id)

    def subjects(self, path):
        with self.lock:
            return [subject(message.raw) for message in self.get(path).messages]


def subject(raw):
    found = re.search(rb"^Subject: (.*?)\r?$", raw, re.IGNORECASE | re.MULTILINE)
    return found[1].decode("utf-8", "replace") if found else ""
