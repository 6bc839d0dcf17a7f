# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's steps done for true: pinion-cli on one side, imaplib on the other, Dovecot between."""

import collections
import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import harness  # noqa: E402
import model  # noqa: E402
from harness import encode_name, imap_quoted  # noqa: E402
from files import Files, fresh_subject, letter, other_text  # noqa: E402
from model import ARCHIVE, FLAGGED, INBOX, JUNK, SEEN, SENT, TRASH, Folder, Mail  # noqa: E402
from other import Other, TooLate, Wrong, check  # noqa: E402

JONAS = "jonas.brandt@northwind.example"
SETTLE_SECONDS = 200
SYNC_SECONDS = 0.25  # about; kills and cuts are spread over it
ACT_SECONDS = 0.03
_subjects = itertools.count(1)
_texts = itertools.count(1)

# What makes minutes pass at once, where it was built.
CLOCK = {"LD_PRELOAD": os.environ["PINION_TEST_CLOCK"], "PINION_TEST_AHEAD": "0",
         "ASAN_OPTIONS": "exitcode=99:verify_asan_link_order=0"} \
    if "PINION_TEST_CLOCK" in os.environ else {}

# Each kind of server, as options of the demo server.
SERVERS = {
    "qresync": {"capability": "full"},
    "condstore": {"capability": "condstore"},
    "exchange": {"capability": "exchange"},
    "no-uidplus": {"capability": "exchange", "without": "UIDPLUS"},
    "no-move": {"capability": "exchange", "without": "MOVE"},
    "bare": {"capability": "exchange", "without": "UIDPLUS MOVE IDLE"},
}


# -- One mailbox ------------------------------------------------------------------------------


class World:
    """A server of one kind, used for one sequence after the other."""

    def __init__(self, kind):
        self.kind = kind
        self.stack = contextlib.ExitStack()
        self.count = collections.Counter()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.server = stack.enter_context(
                harness.DemoServer(mailbox="empty", **SERVERS[self.kind]))
            self.folder = pathlib.Path(stack.enter_context(
                tempfile.TemporaryDirectory(prefix="pinion-model-")))
            self.imap = harness.Gate(self.server.imap_tls)
            self.smtp = harness.Gate(self.server.smtp_starttls)
            stack.callback(self.imap.shut)
            stack.callback(self.smtp.shut)
            self.stack = stack.pop_all()
        self.paths = (INBOX, *harness.FOLDERS)
        self.other = Other(self.server)
        self.other.empty(self.paths)
        self._make_template()
        return self

    def __exit__(self, *_):
        self.other.client.logout()
        self.stack.close()

    def _make_template(self):
        """A folder of state that has seen the empty mailbox: each sequence starts with a copy."""
        cli = harness.Cli(self.folder / "template", self.server.password)
        done = cli.add(self.server, imap_port=self.imap.port, smtp_port=self.smtp.port)
        check(done.status == 0, done)
        cli.sync()

    def run(self, steps, note=None):
        """Does the steps; raises Wrong where something is."""
        data = self.folder / "data"
        if set(self.other.folders()) != set(self.paths):
            self.other.empty(self.paths)
            shutil.rmtree(self.folder / "template")
            self._make_template()
        self.other.empty(self.paths)
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "template", data)
        with contextlib.closing(Run(self, data, note)) as run:
            for step in steps:
                run.step(step)
            run.finish()


class Run(Files):
    """One sequence."""

    def __init__(self, world, data, note=None):
        self.world = world
        self.other = world.other
        self.cli = harness.Cli(data, world.server.password, **CLOCK)
        self.note = note or (lambda *_: None)
        self.folders = [Folder(path, path) for path in world.paths]
        self.named = {folder.here: folder for folder in self.folders}
        self.names = {path: self.named[path] for path in world.paths}
        self.mails = {}
        self.groups = []  # what undo takes back, the last one last
        self.structure = None  # the side that changed folders since both agreed
        self.loose_folders = False
        self.sent = {}  # {subject: whether it is certain to arrive}
        self.watching = None

    def close(self):
        if self.watching:
            self.watching.kill()
            self.watching.communicate()
        self.world.imap.open()
        self.world.smtp.open()

    # -- Steps --

    def step(self, step):
        name, *values = step
        self.note(step)
        self.world.count[name] += 1
        if name in dict(model.ACTS_HERE):
            self.act_here(name, values)
        else:
            getattr(self, "do_" + name.replace("-", "_"))(*values)
        if self.watching:
            self.mix()

    def mix(self):
        """A sync broke off, or goes on: what was open may be done, or done in part."""
        for mail in self.mails.values():
            mail.mixed |= mail.is_touched

    def do_time(self, value, *_):
        self.pass_time((2, 15, 130, 700)[value % 4])

    def pass_time(self, seconds):
        ahead = int(self.cli.environment.get("PINION_TEST_AHEAD", 0)) + seconds
        self.cli.environment["PINION_TEST_AHEAD"] = str(ahead)

    # -- Acts here --

    def candidates(self):
        return [mail for mail in self.mails.values() if mail.id and mail.here]

    def chosen(self, values):
        """Some messages that are shown here, each once."""
        found = self.candidates()
        return list(dict.fromkeys(found[value % len(found)] for value in values)) if found else []

    def label(self, value):
        """A folder that is a label here."""
        found = [folder for folder in self.folders
                 if folder.here and folder.here not in (SENT, TRASH, JUNK, model.DRAFTS)]
        return found[value % len(found)]

    def by_path(self):
        """{path here: folder}.  A sync that broke off may have followed a new name already."""
        found = {folder.there: folder for folder in self.folders if folder.there}
        found.update({folder.here: folder for folder in self.folders if folder.here})
        return found

    def look(self, mail):
        """What is shown here, for true: (places, flags)."""
        done = self.cli.run("show", mail.id)
        if done.status:
            check(done.error["code"] == "not-found", done)
            return frozenset(), frozenset()
        shown = done.last
        by_path = self.by_path()
        places = frozenset(by_path[path] for path in shown["labels"] if path in by_path)
        flags = {SEEN} if not shown["unread"] else set()
        return places, frozenset(flags | ({FLAGGED} if shown["starred"] else set()))

    def see(self, mail):
        """The model follows what came from there while nobody looked."""
        if mail.mixed and (mail.moved_there or mail.flagged_there) or mail.loose:
            mail.here, mail.here_flags = map(set, self.look(mail))
            mail.perhaps |= mail.here

    def is_elsewhere(self, mail):
        """Whether it lies in a label that the other client has deleted or renamed."""
        return self.structure == "there" and any(folder.there != folder.here
                                                 for folder in mail.here)

    def act_here(self, act, values, kill_after=None, wait=False):
        if act == "undo":
            self.undo(kill_after)
            return
        if act == "import":
            self.bring(values, kill_after, wait)
            return
        # With --wait what came from there may show as well.
        mails = [mail for mail in self.chosen(values[1:])
                 if not wait or not (mail.moved_there or mail.flagged_there or mail.loose)]
        for mail in mails:
            self.see(mail)
        mails = [mail for mail in mails if mail.here]
        if not mails:
            return
        value = self.label(values[0])
        if act == "move" and value.here in (ARCHIVE, INBOX):
            own = [folder for folder in self.folders if folder.here and not folder.is_fixed]
            value, act = (own[values[0] % len(own)], act) if own else (value, "archive")
        before = {mail: (frozenset(mail.here), frozenset(mail.here_flags)) for mail in mails}
        ends = {mail: model.after(act, self.named, mail, value) for mail in mails}
        words = [value.here] if act in ("add-label", "remove-label", "move") else []
        command = [act, *words, *(mail.id for mail in mails)]
        if kill_after is None:
            done = self.cli.run(*command)
            if done.status and self.structure == "there":
                return  # A label that has another name by now, or is gone, as a sync has shown.
            check(done.status == 0, done)
            changed = done.last["done"]["changed"]
            shown = {mail: end[0] if len(end) == 1 else self.look(mail)
                     for mail, end in ends.items()}
        else:
            self.killed_command([*command, *(["--wait"] if wait else [])], kill_after)
            shown = {mail: self.look(mail) for mail in mails}
            changed = shown != before
            if not changed:
                return
        for mail in mails:
            check(shown[mail] in ends[mail], act, value, mail, "shown is", shown[mail],
                  "not", ends[mail])
            mail.show(*shown[mail])
            # For good, while the other client takes away what was to stay: both meant it.
            if act == "delete" and self.named[TRASH] in before[mail][0]:
                mail.may_end = True
                mail.ended |= mail.texts
            # A label that the other client has deleted or renamed, which is not known here yet: where
            # it is empty nobody can tell the two.
            if self.is_elsewhere(mail):
                self.loosen_file(mail)
        # Of two texts in one folder one may have gone; and what the other client took away may go just now.
        unsure = changed and any(mail.is_twofold for mail in mails) or (
            self.watching and any(mail.moved_there for mail in mails))
        check(changed == (shown != before) or unsure, act, value, "changed is", changed, mails, shown)
        if changed:
            self.remember({mail: (before[mail], shown[mail]) for mail in mails})

    def killed_command(self, command, after):
        process = self.cli.start(*command)
        try:
            time.sleep(after)
            self.world.count["kills"] += process.poll() is None
            process.kill()
        finally:
            process.communicate()
        self.cli.do("pending")

    def label_ids(self):
        """{folder: the id of its label here}."""
        by_path = self.by_path()
        return {by_path[path]: label["id"] for path, label in self.cli.labels().items()
                if path in by_path}

    def remember(self, mails):
        """What undo takes back next: {mail: (start, end)}, and which labels were there."""
        self.groups.append((mails, self.label_ids()))

    def undo(self, kill_after):
        if not self.groups or self.groups[-1] is None:
            return
        group, ids = self.groups.pop()
        now = set(self.label_ids().values())
        gone = {folder for folder, number in ids.items() if number not in now}
        certain = {mail: not (mail.moved_there or mail.flagged_there or mail.mixed or mail.loose)
                   and (mail.here, mail.here_flags) == end and all(
                       folder.here and folder.there for folder in (start or end)[0])
                   for mail, (start, end) in group.items()}
        before = {mail: self.look(mail) for mail in group if not certain[mail]}
        if kill_after is None:
            done = self.cli.run("undo")
            check(done.status == 0 or done.error["code"] == "not-found", done)
            said = {line["stays"]["message"]: line["stays"]["why"] for line in done.lines
                    if "stays" in line}
            check(set(said) <= {mail.id for mail in group}, "of others it is said that", said)
        else:
            self.killed_command(["undo"], kill_after)
            said = None
        shown = {mail: self.look(mail) for mail in group}
        if kill_after is not None and all(shown[mail] == (mail.here, mail.here_flags)
                                          for mail in group):
            # It may be taken back or not: where nothing differs nobody can tell.
            self.groups.append(None)
            return
        for mail, (start, end) in group.items():
            if certain[mail]:
                self.check_undone(mail, start, end, gone, shown[mail], said)
            elif said and said.get(mail.id) == "label-gone":
                check(shown[mail] == before[mail], "undo says that", mail, "stays in",
                      before[mail], "and shows", shown[mail])
                self.world.count["stays"] += 1
            if mail.imported:
                mail.ended |= mail.texts
            mail.loose |= not certain[mail]
            mail.show(*shown[mail])
            mail.moved_here |= not certain[mail]

    def check_undone(self, mail, start, end, gone, shown, said):
        """Taken back, but for labels that are not there any more; and just that is what is said of it.
        @said: None where nobody heard it."""
        why = None
        lost = start[0] & gone - end[0] if start else set()
        if lost:
            has_other = bool(start[0] - end[0] - lost)
            why = "label-left" if has_other else "label-gone"
            wanted = (start[0] - lost, start[1]) if has_other else (end[0], start[1])
            check(shown == wanted, "undo of", start, "to", end, "without", lost, "shows", shown)
            self.world.count[why] += 1
        elif end[0] or mail.moved_here:
            check(self.is_back(mail, start, end, shown), "undo of", start, "to", end, "shows",
                  shown)
        elif said and said.get(mail.id) == "deleted":
            why = "deleted"  # for good, by a sync since
        check(said is None or said.get(mail.id) == why, "undo says of", mail, said, "and not", why)

    def do_killed(self, value, step):
        self.world.count[step[0]] += 1
        if not self.watching:
            self.act_here(step[0], step[1:], ACT_SECONDS * value / 80)

    def do_killed_wait(self, value, step):
        self.world.count[step[0]] += 1
        self.stop_watching(value)
        self.doubt_sent()
        self.act_here(step[0], step[1:], (ACT_SECONDS + SYNC_SECONDS) * value / 80, wait=True)
        self.mix()

    def do_killed_send(self, value, more=0, *_):
        self.stop_watching(value)
        self.doubt_sent()
        subject = f"sent{next(_subjects)}"
        wait = ["--wait"] if more % 3 else []
        self.killed_command(["send", "--to", JONAS, "--subject", subject, *wait],
                            (ACT_SECONDS + (SYNC_SECONDS if wait else 0)) * value / 80)
        # None: nobody knows whether it ever was written down.
        self.sent[subject] = None
        self.mix()

    def do_killed_create(self, value, *_):
        name = self.fresh_name(value, "here")
        if name and self.begins("here"):
            self.killed_command(["label", "create", name], ACT_SECONDS * value / 80)
            if name in self.cli.labels():
                self.folders.append(Folder(name, None))
                self.names[name] = self.folders[-1]
                self.groups.append(None)

    # -- Folders, on both sides --

    def fresh_name(self, value, side):
        """A name that is free on both sides, whose parent is there."""
        usable = [name for name in model.NEW_NAMES if name not in self.names
                  and ("/" not in name
                       or any(getattr(folder, side) == name.rpartition("/")[0]
                              for folder in self.folders))]
        return usable[value % len(usable)] if usable else None

    def begins(self, side):
        if self.structure not in (None, side) or self.watching:
            return False
        self.structure = side
        return True

    def own_folders(self, side):
        return [folder for folder in self.folders if getattr(folder, side)
                and not folder.is_fixed and folder.here and folder.there]

    def inside(self, top, side):
        name = getattr(top, side)
        return [folder for folder in self.folders if (getattr(folder, side) or "").startswith(
            name + "/")]

    def do_create(self, value, *_):
        name = self.fresh_name(value, "here")
        if name and self.begins("here"):
            self.cli.do("label", "create", name)
            self.folders.append(Folder(name, None))
            self.names[name] = self.folders[-1]
            self.groups.append(None)

    def do_their_create(self, value, *_):
        name = self.fresh_name(value, "there")
        if name and self.begins("there"):
            self.other.do("create", imap_quoted(encode_name(name)))
            self.folders.append(Folder(None, name))
            self.names[name] = self.folders[-1]

    def rename(self, value, side, command):
        found = self.own_folders(side)
        name = self.fresh_name(value, side)
        if not found or not name:
            return
        folder = found[value // 3 % len(found)]
        old = getattr(folder, side)
        if name.startswith(old + "/") or not self.begins(side):
            return
        command(old, name)
        for inner in self.inside(folder, side):
            setattr(inner, side, name + getattr(inner, side)[len(old):])
            self.names[getattr(inner, side)] = inner
        setattr(folder, side, name)
        self.names[name] = folder

    def do_rename(self, value, *_):
        self.rename(value, "here", lambda old, new: self.cli.do("label", "rename", old, new))
        self.groups.append(None)

    def do_their_rename(self, value, *_):
        self.rename_there(value)
        for mail in self.mails.values():
            if mail.moved_here and self.is_elsewhere(mail):
                self.loosen_file(mail)

    def rename_there(self, value):
        self.rename(value, "there", lambda old, new: self.other.do(
            "rename", imap_quoted(encode_name(old)), imap_quoted(encode_name(new))))

    def do_drop(self, value, *more):
        found = self.own_folders("here")
        if not found or not self.begins("here"):
            return
        top = found[value % len(found)]
        kept = self.named[ARCHIVE if value % 2 else TRASH]
        for mail in self.mails.values():
            if mail.id:
                self.see(mail)
        self.cli.do("label", "delete", top.here, "--mail", "archive" if value % 2 else "trash")
        inner = sorted(self.inside(top, "here"), key=lambda folder: len(folder.here), reverse=True)
        for mail in self.mails.values():
            if mail.is_twofold and mail.here & {top, *inner}:
                mail.show(*self.look(mail))
        for folder in (*inner, top):
            for mail in self.mails.values():
                if folder in mail.here:
                    mail.show(model.without(frozenset(mail.here), folder, kept,
                                            {self.named[TRASH], self.named[JUNK]}),
                              mail.here_flags)
                if mail.moved_there and (folder in mail.there
                                         or (mail.mixed and folder in mail.perhaps)):
                    self.loosen(mail)
            folder.here = None
        self.groups.append(None)

    def loosen(self, mail):
        mail.loose = mail.dropped = self.loose_folders = True

    def do_their_drop(self, value, *_):
        found = self.own_folders("there")
        if not found or not self.begins("there"):
            return
        top = found[value % len(found)]
        inner = sorted(self.inside(top, "there"), key=lambda folder: len(folder.there),
                       reverse=True)
        before = self.copies()
        self.other.client.select("INBOX")
        for folder in (*inner, top):
            self.other.do("delete", imap_quoted(encode_name(folder.there)))
            folder.there = None
            for mail in self.mails.values():
                if mail.moved_here and folder in mail.perhaps:
                    self.loosen_file(mail)
        self.left(before)

    # -- Acts there --

    def copies(self):
        """{subject: {folder: flags}}, and a list of what is doubled."""
        found = collections.defaultdict(dict)
        self.doubled = []
        self.uids = {}
        self.texts = collections.defaultdict(set)
        self.uneven = set()
        lying = set()
        for name, rows in self.other.read().items():
            folder = self.names.get(name)
            check(folder is not None, "an unknown folder", name)
            for uid, (subject, flags) in rows.items():
                text = self.other.texts[name, uid]
                if (subject, folder, text) in lying:
                    self.doubled.append((subject, folder, uid))
                elif folder in found[subject] and found[subject][folder] != flags:
                    self.uneven.add(subject)
                lying.add((subject, folder, text))
                self.texts[subject].add(text)
                found[subject][folder] = flags
                self.uids[subject, folder] = (name, uid)
        return found

    def left(self, before):
        """The model learns what the other client made of it."""
        now = self.copies()
        for subject, mail in self.mails.items():
            if now.get(subject, {}) != before.get(subject, {}):
                mail.there = dict(before.get(subject, {}))
                mail.leave(now.get(subject, {}))
                self.meet_drop(mail)
            mail.ended |= mail.texts - self.texts[subject]

    def meet_drop(self, mail):
        """What comes into a folder that was deleted here goes where its mail went, or keeps it."""
        for folder in mail.there:
            if folder.here is None and folder.there is not None and self.structure == "here":
                self.loosen(mail)

    def there(self, value):
        """A message that is there, and one of its places."""
        before = self.copies()
        found = [(subject, folder) for subject, places in before.items() for folder in places
                 if subject in self.mails]
        return before, *(found[value % len(found)] if found else (None, None))

    def target(self, value, taken):
        found = [folder for folder in self.folders if folder not in taken and folder.there
                 and folder.here not in (model.DRAFTS, SENT)
                 and folder.there in self.other.folders()]
        return found[value % len(found)]

    def do_deliver(self, value, more=0, *_):
        subject = fresh_subject()
        there = [folder for folder in self.folders if folder.there and not folder.is_fixed
                 and folder.there in self.other.folders()]
        folder = there[more % len(there)] if more % 4 == 0 and there else self.named[INBOX]
        flags = [flag for bit, flag in enumerate(model.FLAGS) if value & 8 << bit]
        raw = letter(subject, value % 10 != 9)
        self.other.do("append", imap_quoted(encode_name(folder.there)), f"({' '.join(flags)})",
                      None, raw)
        mail = self.mails[subject] = Mail(subject)
        mail.raw = raw
        mail.leave({folder: frozenset(flags)})
        self.meet_drop(mail)

    def do_their_twin(self, value, more=0, *_):
        """The same message once more, which says something else."""
        before, subject, folder = self.there(more)
        mail = self.mails.get(subject)
        if not mail or not mail.raw or b"Message-ID" not in mail.raw:
            return
        number = next(_texts)
        text = f"t{number}{'.' * number}"  # of a size of its own
        flags = before[subject][folder]
        target = folder if value % 3 else self.target(value, ())
        if target.there not in self.other.folders():
            return
        self.other.do("append", imap_quoted(encode_name(target.there)), f"({' '.join(flags)})",
                      None, other_text(mail.raw, text))
        mail.texts |= {"", text}
        self.left(before)
        mail.moved_there = True
        self.meet_drop(mail)

    def do_their_flag(self, value, more=0, *_):
        before, subject, folder = self.there(more)
        if subject:
            flag = model.FLAGS[value % 2]
            sign = "-" if flag in before[subject][folder] else "+"
            name, uid = self.uids[subject, folder]
            self.other.store(name, uid, sign, flag)
            self.left(before)

    def do_their_move(self, value, more=0, *_):
        self.carry("MOVE", value, more)

    def do_their_copy(self, value, more=0, *_):
        self.carry("COPY", value, more)

    def carry(self, word, value, more):
        before, subject, folder = self.there(more)
        if subject:
            target = self.target(value, before[subject])
            name, uid = self.uids[subject, folder]
            self.other.transfer(word, name, uid, target.there)
            self.left(before)

    def do_their_remove(self, value, more=0, *_):
        before, subject, folder = self.there(more)
        if subject:
            name, uid = self.uids[subject, folder]
            self.other.remove(name, uid)
            self.left(before)

    # -- Sending --

    def do_send(self, value, *_):
        subject = f"sent{next(_subjects)}"
        self.cli.do("send", "--to", JONAS, "--subject", subject)
        self.sent[subject] = True

    def doubt_sent(self):
        for line in self.cli.do("outbox"):
            if self.sent.get(line["subject"]):
                self.sent[line["subject"]] = False

    def do_cut_send(self, value, *_):
        self.do_send(value)
        self.stop_watching(value)
        self.world.smtp.cut_after(value * 60)
        done = self.cli.run("sync")
        self.world.smtp.open()
        self.doubt_sent()
        self.mix()

    # -- Links --

    def do_watch(self, value, *_):
        if self.watching:
            self.stop_watching(value)
            return
        self.watching = self.cli.start("sync", "--watch")
        for line in self.watching.stdout:
            if "idle" in line.decode():
                break
        self.mix()

    def stop_watching(self, value=1):
        if self.watching:
            self.doubt_sent()
            (self.watching.kill if value % 2 else self.watching.terminate)()
            self.watching.communicate()
            self.watching = None

    def do_cut(self, value, *_):
        """The connection ends within an answer; or there never is one."""
        self.stop_watching(value)
        self.world.imap.cut_after(value * 130)
        if value < 5:
            self.world.imap.shut()
        done = self.cli.run("sync")
        self.world.imap.open()
        if done.status == 0:
            self.world.count["not cut"] += 1
        else:
            check(done.error["message"], done)
        self.mix()
        self.world.count["cuts"] += done.status != 0

    def do_kill(self, value, *_):
        self.stop_watching(value)
        self.doubt_sent()
        self.killed_command(["sync"], SYNC_SECONDS * value / 80)
        self.mix()

    def do_race(self, value, acts):
        """The other client is at work while a sync runs."""
        self.stop_watching(value)
        process = self.cli.start("sync")
        try:
            for act in acts:
                time.sleep(SYNC_SECONDS * value / 300)
                try:
                    self.step(act)
                except TooLate:
                    self.world.count["too late"] += 1
        finally:
            out = process.communicate()[0]
        check(process.returncode == 0, "a sync failed:", out[-1500:])
        self.mix()

    def do_sync(self, value=1, *_):
        """To the end; then both sides agree and every message is where it has to be."""
        self.stop_watching(value)
        deadline = time.monotonic() + SETTLE_SECONDS * harness.PATIENCE
        for turn in itertools.count():
            done = self.cli.run("sync")
            check(done.status == 0, done)
            self.note_refused(done)
            if not (left := self.cli.do("pending") + self.queued()):
                break
            # What waits for a message to turn up, or for the next try.
            check(turn < 12 or (not CLOCK and time.monotonic() < deadline), "operations stay:",
                  left)
            self.pass_time(130)
            time.sleep(0 if CLOCK else 5)
        self.world.count["syncs again"] += turn > 0
        self.agree()

    def queued(self):
        """What is to be sent yet, and is not uncertain."""
        return [line for line in self.cli.do("outbox") if line["state"] != "uncertain"] \
            if self.sent else []

    def note_refused(self, done):
        for line in done.lines:
            if "refused" in line:
                self.world.count["refused"] += 1
                mail = next((mail for mail in self.mails.values()
                             if mail.id == line["refused"]["message"]), None)
                check(mail is None or mail.places() is None or mail.mixed or self.structure,
                      "refused for no reason:", line, mail)

    def agree(self):
        self.agree_on_folders()
        copies = self.copies()
        for subject, folder, uid in self.doubled:
            # Both clients copied it there, and neither could know of the other; what lay there before was
            # taken away by a sync in between.  A label that is deleted here is such an act, too, on what the
            # other client put into it: that has to leave before anybody looked at where it goes.  But only
            # where the other client brought it there: two labels do not bring the same mail twice.
            mail = self.mails[subject]
            copied = folder in mail.perhaps and (folder not in mail.base or mail.mixed)
            if copied and (mail.moved_here or mail.dropped) and mail.moved_there:
                self.other.remove(folder.there, uid)
                self.world.count["doubled by both"] += 1
        if self.doubled:
            self.cli.do("sync")
            copies = self.copies()
        check(not self.doubled, "doubled:", self.doubled,
              [self.mails.get(subject) for subject, _, _ in self.doubled])
        for subject in self.sent:
            if subject in copies and subject not in self.mails:
                self.mails[subject] = Mail(subject)
                self.mails[subject].leave({self.named[SENT]: frozenset({SEEN})})
        check(set(copies) <= set(self.mails), "from nowhere:", set(copies) - set(self.mails))
        for subject, mail in self.mails.items():
            complaint = mail.complaint(copies.get(subject, {}))
            check(not complaint, subject, complaint, "--", mail)
            lost = mail.texts - self.texts[subject] - mail.ended
            check(not lost, subject, "has lost its texts", lost, "--", mail)
            mail.texts = set(self.texts[subject])
        check(not self.uneven, "copies in one folder differ in flags:", self.uneven)
        for subject, mail in self.mails.items():
            mail.agree(copies.get(subject, {}))
        self.discover()

    def agree_on_folders(self):
        there = set(self.other.folders())
        side = self.structure or "here"
        wanted = {getattr(folder, side): folder for folder in self.folders
                  if getattr(folder, side)}
        if self.loose_folders:
            check(set(wanted) <= there, "folders are lost:", set(wanted) - there)
            for name in there - set(wanted):
                wanted[name] = self.names[name]
        check(set(wanted) == there, "folders:", there, "not", set(wanted))
        self.folders = list(wanted.values())
        for name, folder in wanted.items():
            folder.here = folder.there = name
        self.names = dict(wanted)
        self.structure, self.loose_folders = None, False

    def discover(self):
        """The ids of what is new here."""
        if all(mail.id for mail in self.mails.values() if mail.base):
            return
        for subject, number in self.ids().items():
            if subject in self.mails:
                self.mails[subject].id = number

    def ids(self):
        """{subject: id} of all that is shown here."""
        found = {}
        for label in (None, TRASH, JUNK):
            for row in self.cli.list(label):
                check(len(row["messages"]) == 1, row)
                found[row["subject"]] = row["messages"][0]
        return found

    # -- The end --

    def finish(self):
        self.stop_watching()
        self.do_sync()
        self.check_lists()
        done = self.cli.run("doctor")
        check(done.status == 0 and done.last["doctor"]["differences"] == 0, "doctor:", done)
        self.check_sent()

    def check_lists(self):
        labels = self.cli.labels()
        check(set(labels) == {folder.here for folder in self.folders}, "labels:", set(labels))
        for path, label in labels.items():
            folder = self.names[path]
            wanted = {mail.subject: mail.base[folder] for mail in self.mails.values()
                      if folder in mail.base}
            shown = {}
            for row in self.cli.list(path):
                check(row["subject"] not in shown, "shown twice:", row)
                shown[row["subject"]] = frozenset(
                    ([] if row["unread"] else [SEEN]) + ([FLAGGED] if row["starred"] else []))
            check(shown == wanted, path, "shows", shown, "and has", wanted)
            unread = sum(SEEN not in flags for flags in wanted.values())
            check((label["total"], label["unread"]) == (len(wanted), unread), label)

    def wait_for_post(self):
        """What was handed over before this has arrived when this has."""
        subject = f"last{next(_subjects)}"
        self.cli.do("send", "--to", JONAS, "--subject", subject, "--wait")
        self.sent[subject] = True
        self.do_sync()

    def check_sent(self):
        """Once with Jonas and once in Sent, where it is certain; never twice."""
        if not self.sent:
            return
        jonas = harness.Witness(self.world.server, JONAS)
        if None in self.sent.values():
            self.wait_for_post()
        sure = {subject for subject, is_sure in self.sent.items() if is_sure}
        harness.until(lambda: sure <= set(jonas.subjects()["INBOX"][0]), 20)
        arrived = jonas.subjects()["INBOX"][0]
        filed = collections.Counter(subject for name, rows in self.other.read().items()
                                    for subject, _ in rows.values())
        outbox = {line["subject"]: line["state"] for line in self.cli.do("outbox")}
        for subject, is_sure in self.sent.items():
            check(arrived[subject] <= 1, subject, "arrived", arrived[subject], "times")
            check(subject in outbox or arrived[subject] or is_sure is None, subject, "is lost",
                  outbox)
            if is_sure:
                check(arrived[subject] == 1 and subject not in outbox, subject, outbox)
            if self.mails.get(subject) is None and arrived[subject]:
                check(outbox.get(subject) == "uncertain", subject, "is not filed", outbox)


def describe(step):
    return json.dumps(step)
