# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mailbox ought to be after acts on both sides: no server, no program, only the rules.

Messages are told by their subjects, each of which is there once.  For each the model keeps what both
sides last agreed on, what is shown here since, and what the other client left there since.  Where one
side alone touched a message, it is known exactly what has to come out; where both did, the rules of
CONTRIBUTING.md say what must hold.
"""

import random

INBOX, SENT, TRASH, JUNK, ARCHIVE = ("INBOX", "Sent Items", "Deleted Items", "Junk Email",
                                     "Archive")
DRAFTS = "Drafts"
LABELS = ("Projects", "Projects/Aurora", "Receipts")
ROLES = (INBOX, SENT, TRASH, JUNK, ARCHIVE, DRAFTS)
NEW_NAMES = ("Trips", "Trips/Rom & Köln", "Ideas", "Later", "Trips/Oslo", "Zettel", "Ideas/Büro")
SEEN, FLAGGED = "\\Seen", "\\Flagged"
FLAGS = (SEEN, FLAGGED)
ANY = frozenset({True, False})

# -- Folders and messages ---------------------------------------------------------------------


class Folder:
    """One folder, whatever it is called on either side; None where a side has it no more."""

    def __init__(self, here, there):
        self.here = here
        self.there = there

    @property
    def is_fixed(self):
        return self.here in ROLES

    def __repr__(self):
        return f"<{self.here}>" if self.here == self.there else f"<{self.here}|{self.there}>"


class Mail:
    def __init__(self, subject):
        self.subject = subject
        self.id = None
        self.raw = None  # as in a file
        self.texts = set()  # what it says in one copy or another; "": what it said first
        self.agree({})

    def agree(self, copies):
        """Both sides have just these: {folder: flags}."""
        self.base = dict(copies)
        self.base_flags = set().union(*copies.values())
        self.here = set(copies)
        self.here_flags = set(self.base_flags)
        self.there = dict(copies)
        self.moved_here = self.moved_there = False
        self.flagged_here, self.flagged_there = set(), set()
        self.mixed = False  # a sync broke off since: it may have done some of it
        self.loose = False  # what is wanted here is not known
        self.imported = False  # from a file, and both sides have not agreed on it since
        self.dropped = False  # the other client put it into a label that is deleted here
        self.perhaps = set(copies)
        self.may_end = False
        self.ended = set()  # the texts that somebody deleted since

    @property
    def is_twofold(self):
        return len(self.texts) > 1

    @property
    def is_touched(self):
        return bool(self.moved_here or self.moved_there or self.flagged_here
                    or self.flagged_there)

    def is_known(self):
        return bool(self.base)

    def show(self, places, flags):
        """An act here, or a look at what is shown here."""
        self.moved_here |= places != self.here
        self.flagged_here |= set(flags) ^ self.here_flags
        self.here, self.here_flags = set(places), set(flags)
        self.perhaps |= self.here
        self.may_end |= not places

    def leave(self, copies):
        """An act there: {folder: flags} is what the server has now."""
        before = set().union(*self.there.values(), set())
        self.moved_there |= set(copies) != set(self.there)
        if not copies:
            self.may_end = True
        for flag in FLAGS:
            values = {flag in flags for flags in copies.values()}
            if len(values) > 1 or values != {flag in before}:
                self.flagged_there.add(flag)
        self.there = dict(copies)
        self.perhaps |= set(copies)

    def places(self):
        """Where it has to be in the end; None where that depends on who came first."""
        if self.loose or (self.moved_here and self.moved_there):
            return None
        if self.moved_here:
            return set(self.here)
        return set(self.there) if self.moved_there else set(self.base)

    def values(self, flag):
        """What the flag may be in the end, where the message is still there."""
        here, base = flag in self.here_flags, flag in self.base_flags
        there = {flag in flags for flags in self.there.values()}
        # Copies that the other client made before carry the old flag, and flags add up.
        added = set(self.there) - set(self.base) and len(self.there) > 1
        unsure = self.loose or added and True in there
        if flag in self.flagged_here and flag in self.flagged_there:
            return {here} if here != base and not self.mixed and not unsure else ANY
        if flag in self.flagged_here:
            return ANY if unsure else {here}
        # Of two copies in one folder the flags of one are known here, and all add up.
        if self.is_twofold and flag in self.flagged_there:
            return ANY
        if flag not in self.flagged_there:
            return {base} if self.base else there or ANY
        if self.mixed or not there:
            return ANY
        if self.base and not self.moved_there:
            return {base} if there == {base} else {not base}
        # A copy that turns up before the old one is missed looks like one more: their flags add up.
        return there | {base} if self.base else there

    def complaint(self, copies):
        """Why {folder: flags} cannot be what is there in the end; None where it can."""
        places = self.places()
        found = set(copies)
        if places is not None and found != places:
            return f"lies in {found}, not in {places}"
        if places is None and not found and not self.may_end:
            return "is lost"
        archive = {folder for folder in found if folder.here in (ARCHIVE, TRASH)}
        if places is None and not found - archive <= self.perhaps:
            return f"lies in {found}, where nobody put it: {self.perhaps}"
        for flag in FLAGS:
            values = {flag in flags for flags in copies.values()}
            if len(values) > 1:
                return f"has copies that differ in {flag}"
            if not values <= self.values(flag):
                return f"has {flag}: {values}, not {self.values(flag)}"
        return None

    def __repr__(self):
        names = ("base", "here", "there", "here_flags", "moved_here", "moved_there",
                 "flagged_here", "flagged_there", "mixed", "loose")
        return f"{self.subject}: " + ", ".join(f"{name} {vars(self)[name]}" for name in names)


# -- What an act here does to a message -------------------------------------------------------


def after(act, folders, mail, value):
    """The possible ends, each (places, flags), of an act that is named as for pinion-cli."""
    places, flags = frozenset(mail.here), frozenset(mail.here_flags)
    inbox, trash, junk, archive = (folders[name] for name in (INBOX, TRASH, JUNK, ARCHIVE))

    def moved(source, target):
        return [(places - {source} | {target} if source in places else places, flags)]

    if act in ("read", "unread", "star", "unstar"):
        flag = {SEEN} if act.endswith("read") else {FLAGGED}
        return [(places, flags - flag if act.startswith("un") else flags | flag)]
    if not places:
        return [(places, flags)]
    if act == "archive":
        return moved(inbox, archive)
    if act == "unspam":
        return moved(junk, inbox)
    if act in ("trash", "spam"):
        return [(frozenset({trash if act == "trash" else junk}), flags)]
    if act == "delete":
        return [(places - {trash}, flags)]
    if act == "add-label":
        return [(places | {value}, flags)]
    if act == "remove-label":
        ends = [(without(places, value, archive, {trash, junk}), flags)]
        # What says something else elsewhere does not stand for it.
        return ends + [(places - {value} | {archive}, flags)] if mail.is_twofold else ends
    assert act == "move", act
    sources = {inbox} if inbox in places else places
    return [end for source in sources for end in moved(source, value)]


def without(places, label, refuge, discarded):
    """A label that goes; the last copy goes to its refuge."""
    if label not in places:
        return places
    kept = places - {label}
    return kept if kept - discarded else kept | {refuge}


# -- Sequences --------------------------------------------------------------------------------

ACTS_HERE = (("read", 7), ("unread", 5), ("star", 6), ("unstar", 4), ("archive", 7), ("trash", 7),
             ("spam", 4), ("unspam", 4), ("delete", 5), ("add-label", 11), ("move", 9),
             ("remove-label", 9), ("undo", 7), ("import", 8))
FOLDERS_HERE = (("create", 2), ("rename", 2), ("drop", 2))
ACTS_THERE = (("deliver", 9), ("their-flag", 10), ("their-move", 9), ("their-copy", 5),
              ("their-remove", 5), ("their-create", 1), ("their-rename", 1), ("their-drop", 1))
LINKS = (("sync", 16), ("send", 3), ("cut", 7), ("cut-send", 1), ("kill", 5), ("race", 5),
         ("killed", 4), ("watch", 2), ("time", 3))


TWOFOLD = (("their-twin", 14),)

# A run that is all kills, and enough else for them to fall into something.
KILLS = (("killed", 12), ("killed-wait", 14), ("killed-send", 6), ("killed-create", 1), ("kill", 10),
         ("deliver", 5), ("their-flag", 4), ("their-move", 3), ("their-remove", 1), ("sync", 2),
         ("star", 2), ("move", 2), ("add-label", 2), ("trash", 1), ("delete", 1), ("time", 1))


def numbers(chance):
    return tuple(chance.randrange(1000) for _ in range(chance.choice((1, 1, 1, 2, 3))))


def make_step(chance, choices):
    """A step is its name and whole numbers: it means something in every place of a sequence."""
    name = chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
    if name == "race":
        there = ACTS_THERE[:5] + tuple(choice for choice in TWOFOLD if choice in choices)
        acts = tuple(make_step(chance, there) for _ in range(chance.randrange(1, 4)))
        return (name, chance.randrange(100), acts)
    if name in ("killed", "killed-wait"):
        return (name, chance.randrange(100), make_step(chance, ACTS_HERE))
    return (name, chance.randrange(100), *numbers(chance))


ALL = ACTS_HERE + FOLDERS_HERE + ACTS_THERE + LINKS


def sequence(seed, length=None, choices=ALL):
    """The steps of a seed: always the same."""
    chance = random.Random(seed)
    steps = [("deliver", chance.randrange(100), chance.randrange(1000))
             for _ in range(chance.randrange(2, 6))]
    steps.append(("sync", 0))
    steps += [make_step(chance, choices) for _ in range(length or chance.randrange(6, 30))]
    return steps


def shrink(steps, fails, most=120):
    """Drops steps as long as what is left still fails: halves first, then one by one."""
    size = max(1, len(steps) // 2)
    while most > 0:
        start = 0
        while start < len(steps) and most > 0:
            fewer = steps[:start] + steps[start + size:]
            most -= 1
            if fewer and fails(fewer):
                steps = fewer
            else:
                start += size
        if size == 1:
            break
        size //= 2
    return steps
