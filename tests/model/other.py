# SPDX-License-Identifier: GPL-3.0-or-later
"""The other client: a second program on the mailbox, by imaplib."""

import email
import email.policy
import re

import harness
import model
from harness import encode_name, imap_quoted


class Wrong(AssertionError):
    """What must not be."""


class TooLate(Wrong):
    """What the other client meant went away under its hands: nothing was done."""


def check(condition, *words):
    if not condition:
        raise Wrong(" ".join(str(word) for word in words))


class Other:
    """A second program on the mailbox, with a connection that stays."""

    def __init__(self, server):
        self.server = server
        self.client = server.imap()
        self.texts = {}  # {(folder, uid): which text of its message it is}

    def do(self, name, *words):
        status, answer = getattr(self.client, name)(*words)
        gone = rb"\[(NONEXISTENT|EXPUNGEISSUED|TRYCREATE)\]"
        if status == "NO" and re.match(gone, answer[0] or b""):
            raise TooLate(f"{name} {words} {answer}")
        check(status == "OK", name, words, answer)
        return answer

    def select(self, folder):
        self.do("select", imap_quoted(encode_name(folder)))

    def folders(self):
        return harness.Witness._folders(self.client)

    def read(self):
        """{folder: {uid: (subject, flags)}}; once more where a folder went while it was read."""
        for last in (False, False, True):
            try:
                return {folder: self.rows(folder) for folder in self.folders()}
            except (Wrong, self.client.error):
                if last:
                    raise
                self.client = self.server.imap()
        return None

    def rows(self, folder):
        found = {}
        self.select(folder)
        what = "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT X-TEXT)])"
        for item in self.client.uid("FETCH", "1:*", what)[1]:
            if isinstance(item, tuple):
                uid = int(re.search(rb"UID (\d+)", item[0])[1])
                flags = set(re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split())
                header = email.message_from_bytes(item[1], policy=email.policy.default)
                found[uid] = (str(header["Subject"]), frozenset(flags) & set(model.FLAGS))
                self.texts[folder, uid] = str(header["X-Text"] or "")
        return found

    def store(self, folder, uid, sign, flag):
        self.select(folder)
        self.do("uid", "STORE", str(uid), sign + "FLAGS.SILENT", f"({flag})")

    def transfer(self, word, folder, uid, target):
        self.select(folder)
        self.do("uid", word, str(uid), imap_quoted(encode_name(target)))

    def remove(self, folder, *uids):
        self.store(folder, ",".join(map(str, uids)), "+", "\\Deleted")
        self.do("expunge")

    def empty(self, keep):
        """Nothing but these folders, and nothing in them."""
        self.client.select("INBOX")
        for folder in sorted(self.folders(), key=len, reverse=True):
            if folder not in keep:
                self.do("delete", imap_quoted(encode_name(folder)))
            elif uids := self.rows(folder):
                self.remove(folder, *uids)
        for folder in keep:
            if folder not in self.folders():
                self.do("create", imap_quoted(encode_name(folder)))
