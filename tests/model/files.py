# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's messages as files, and their import."""

import itertools
import re

import harness
from model import DRAFTS, FLAGS, SEEN, SENT, TRASH, Mail
from other import check

_numbers = itertools.count(1)


def fresh_subject():
    return f"m{next(_numbers)}"


def letter(subject, has_id):
    raw = harness.letter(subject)[1]
    return raw if has_id else re.sub(rb"Message-ID: [^\r]*\r\n", b"", raw)


def other_text(raw, text):
    """The same message as @raw, as somebody sent it on: by its Message-ID, Date and sender."""
    return raw.replace(b"\r\n\r\n", f"\r\nX-Text: {text}\r\n\r\n".encode(), 1) + text.encode()


class Files:
    """What a run does with files."""

    def loosen_file(self, mail):
        """It lies in a label that the other client has taken away: that may not be known here yet, and what
        is from a file and has no other label has no place to go then."""
        mail.loose = True
        mail.may_end |= not mail.there and all(folder.there != folder.here for folder in mail.here)

    def choose_file(self, value):
        """One that is new; or that of a message which was seen before, wherever it is now."""
        seen = [mail for mail in self.mails.values() if mail.raw]
        if seen and value % 3 == 0:
            return seen[value // 3 % len(seen)]
        mail = Mail(fresh_subject())
        mail.raw = letter(mail.subject, value % 4 != 3)
        return mail

    def bring(self, values, kill_after, wait):
        places = [folder for folder in self.folders if folder.here not in (None, SENT, DRAFTS)]
        folder = places[values[1] % len(places)]
        mail = self.choose_file(values[0])
        # Whether it is known what is shown of it here; and with --wait what came from there may show.
        is_known = mail.id or not mail.moved_there
        if wait and (mail.moved_there or mail.flagged_there or mail.loose):
            return
        if mail.id:
            self.see(mail)
        # Without a Message-ID the file is only known as what is here: while the other client has moved that
        # and nobody looked, what is imported is another message, of the same subject.
        if b"Message-ID" not in mail.raw and mail.there and not mail.here:
            return
        before = (frozenset(mail.here), frozenset(mail.here_flags))
        counts = self.import_file(mail, folder, kill_after, wait)
        number = self.ids().get(mail.subject)
        if counts == {} or not number:
            check(not counts and (counts == {} or not before[0]), "import:", mail, "is not shown")
            return
        mail.id = number
        shown = self.look(mail)
        kind = "known" if folder in before[0] else "labelled" if before[0] else "added"
        if is_known:
            ends = [before[0] | {folder}] + ([before[0]] if counts is None else [])
            check(shown[0] in ends, "import:", mail, "is shown in", shown[0], "not in", ends)
            check(shown[1] == before[1] or not before[0], "import:", mail, "has", shown[1])
            check(counts in (None, {kind: 1}), "import:", mail, counts, "not", kind)
        if shown != before:
            self.note_import(mail, folder, before if kind == "labelled" else None, shown, is_known)

    def import_file(self, mail, folder, kill_after, wait):
        """What it says: {what became of it: 1}; nothing where the label is not there, and None where that
        is not known."""
        path = self.world.folder / "letter.eml"
        path.write_bytes(mail.raw)
        command = ["import", folder.here, path, *(["--wait"] if wait else [])]
        if kill_after is not None:
            self.killed_command(command, kill_after)
            return None
        done = self.cli.run(*command)
        if done.status and self.structure == "there":
            return {}
        check(done.status == 0, done)
        counts = next(line["imported"] for line in done.lines if "imported" in line)
        return {kind: number for kind, number in counts.items() if number}

    def note_import(self, mail, folder, before, shown, is_known):
        self.mails[mail.subject] = mail
        mail.show(*shown)
        mail.imported = True
        if is_known and not before:
            mail.flagged_here |= set(FLAGS)
        if self.is_elsewhere(mail):
            self.loosen_file(mail)
        if is_known:
            self.remember({mail: (before, shown)})
        else:
            self.groups.append(None)

    def is_back(self, mail, start, end, shown):
        """Whether an act on it is taken back.  What came from a file (no start) goes without a trace where
        the server has not got it yet, else to Trash, and from there for good."""
        if start is not None:
            return shown == start
        trash = frozenset({self.named[TRASH]})
        return shown[0] == (frozenset() if mail.imported or end[0] == trash else trash)
