# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange's IMAP service, played: greeting, states, refusals and manners by profile."""

import base64
import binascii
import threading

import fetching
from advertised import State, violations
from folders import KEPT, listed
from grammar import LITERAL_END, Command, GrammarError, Literal
from wire import Connection, Over, Peer

MOST_ERRORS = 10
READY = b"+ Ready for additional command text."


def answer(condition, text):
    """A script that answers with this instead."""

    def script(session, command):
        session.tagged(command, condition, text)
        return True

    return script


def first(*lines):
    """A script that sends these lines and lets the peer go on."""

    def script(session, _):
        for line in lines:
            session.line(line)

    return script


def instead(*lines):
    """A script that sends these lines, {tag} filled in, and no answer of its own."""

    def script(session, command):
        for line in lines:
            session.line(line.replace("{tag}", command.tag.decode()))
        return True

    return script


def bye(session, _):
    """A script: the end, as Exchange puts it."""
    session.line("* BYE Connection closed. 14")
    raise Over


def cut(*_):
    """A script: the end, without a word."""
    raise Over


class Session(Connection):
    """One connection. `view` is what this client was told of the selected folder: UID to flags."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.user = None
        self.folder = None
        self.read_only = False
        self.view = {}
        self.idling = False
        self.broken = False
        self.errors = 0

    # -- Talking --

    @property
    def profile(self):
        return self.peer.profile

    @property
    def capabilities(self):
        if self.user:
            return self.profile.signed_in
        return self.profile.encrypted if self.tls else self.profile.clear

    def tagged(self, command, condition, text):
        """The end of a command; Exchange hangs up after about ten that failed."""
        self.send(command.tag, b" ", condition.encode(), b" ", text.encode(), b"\r\n")
        if condition == "BAD":
            self.errors += 1
        if self.errors >= MOST_ERRORS:
            bye(self, command)

    def done(self, command, text=None):
        self.announce(command.verb)
        self.tagged(command, "OK", text or f"{command.verb.split()[-1]} completed.")

    def failed(self, command, text=None):
        self.tagged(command, "NO", text or f"{command.verb.split()[-1]} failed.")

    def talk(self):
        if self.peer.play("greeting", self, ""):
            return
        self.line(b"* OK " + self.peer.banner)
        while True:
            command = self.read_command()
            if command is not None:
                self.handle(command)

    def read_command(self):
        parts = []
        while True:
            line = self.read_line()
            parts.append(line)
            found = LITERAL_END.search(line)
            if not found:
                break
            if not found[2] and self.peer.play("literal", self, Command(parts)):
                return None
            if not found[2]:
                self.line(READY)
            literal = Literal(self.read_exactly(int(found[1])))
            literal.waited = not found[2]
            parts.append(literal)
        try:
            return Command(parts)
        except GrammarError as error:
            self.peer.fault(f"{error}: {parts!r}")
            self.tagged(_Nameless(parts), "BAD", "Command Error. 12")
            return None

    def state(self):
        folder = self.folder
        return State(
            advertised=frozenset(self.capabilities.split()),
            tls=self.tls,
            signed_in=self.user is not None,
            idling=self.idling,
            selected=folder.name if folder else None,
            permanent=frozenset(flag.lower() for flag in (folder.permanent if folder else KEPT)),
            most=self.peer.most_bytes,
        )

    def handle(self, command):
        self.peer.note(self, command)
        for words in violations(command, self.state()):
            self.peer.fault(f"{words}: {command}")
        if self.peer.play(command.verb, self, command):
            return
        if len(command.line) > self.peer.most_bytes:
            self.tagged(command, "BAD", "Command Error. 10")
            return
        if self.user and self.broken:
            self.refuse_broken(command)
            return
        handler = getattr(self, "do_" + command.verb.replace(" ", "_").lower(), None)
        if handler is None:
            self.tagged(command, "BAD", "Command Error. 12")
        elif command.verb not in ANYWHERE and not self.user:
            self.tagged(command, "BAD", "Command received in Invalid state.")
        elif command.verb in IN_FOLDER and not self.folder:
            self.tagged(command, "BAD", "Command received in Invalid state.")
        elif command.verb in OUTSIDE_LOCK:
            handler(command)
        else:
            with self.peer.mailbox.lock:
                handler(command)

    def refuse_broken(self, command):
        """Signed in, with no mailbox behind it."""
        if self.errors:
            bye(self, command)
        self.tagged(command, "BAD", "User is authenticated but not connected.")
        self.peer.refused_broken += 1

    def left(self):
        self.peer.leave(self)

    # -- News --

    def announce(self, verb="NOOP"):
        """What changed in the selected folder since this client was last told (RFC 3501, 7.4.1)."""
        if self.folder is None:
            return
        with self.peer.mailbox.lock:
            now = {message.uid: frozenset(message.flags) for message in self.folder.messages}
            if verb not in ("FETCH", "STORE", "SEARCH"):
                for uid in [uid for uid in self.view if uid not in now]:
                    self.line(b"* %d EXPUNGE" % (list(self.view).index(uid) + 1))
                    del self.view[uid]
            added = [uid for uid in now if uid not in self.view]
            for uid, flags in self.view.items():
                if uid in now and now[uid] != flags:
                    number = list(self.view).index(uid) + 1
                    self.line(b"* %d FETCH (FLAGS (%s))" % (number, b" ".join(sorted(now[uid]))))
                    self.view[uid] = now[uid]
            for uid in added:
                self.view[uid] = now[uid]
            if added:
                self.line(b"* %d EXISTS" % len(self.view))

    # -- Any state --

    def do_capability(self, command):
        self.line(f"* CAPABILITY {self.capabilities}")
        self.done(command)

    def do_noop(self, command):
        self.done(command)

    def do_id(self, command):
        self.line('* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" '
                  f'"{self.profile.version}")')
        self.done(command)

    def do_logout(self, command):
        self.line(f"* BYE Microsoft Exchange Server {self.profile.year} IMAP4 server signing off.")
        self.tagged(command, "OK", "LOGOUT completed.")
        raise Over

    def do_starttls(self, command):
        if self.tls or "STARTTLS" not in self.capabilities:
            self.tagged(command, "BAD", "Command received in Invalid state.")
            return
        self.tagged(command, "OK", "Begin TLS negotiation now.")
        self.encrypt()

    # -- Signing in --

    def do_login(self, command):
        if "LOGINDISABLED" in self.capabilities or self.user:
            self.tagged(command, "BAD", "Command received in Invalid state.")
        else:
            self.sign_in(command, *command.args)

    def do_authenticate(self, command):
        if command.args[0].upper() != b"PLAIN" or self.user:
            self.tagged(command, "BAD", "Command received in Invalid state.")
            return
        response = command.args[1] if len(command.args) > 1 else None
        if response is None:
            self.line(self.peer.go_on)
            response = self.read_line()
        try:
            _, user, password = base64.b64decode(response, validate=True).split(b"\0")
        except (binascii.Error, ValueError):
            self.tagged(command, "BAD", "Command Argument Error. 11")
            return
        self.sign_in(command, user, password)

    def sign_in(self, command, user, password):
        """A mailbox part in the name is for LOGIN alone."""
        self.peer.attempts.append((command.verb, bytes(user), bytes(password)))
        plain_alias = command.verb == "AUTHENTICATE" and user.count(b"\\") > 1
        known = user.decode("utf-8", "replace") in self.peer.users
        if plain_alias or not known or password.decode("utf-8", "replace") != self.peer.password:
            self.failed(command)
        elif not self.peer.enter(self):
            self.failed(command)
        else:
            self.user = bytes(user)
            self.broken = self.peer.broken
            self.tagged(command, "OK", f"{command.verb} completed.")

    # -- Folders --

    def do_namespace(self, command):
        self.line('* NAMESPACE (("" "/")) NIL NIL')
        self.done(command)

    def do_list(self, command):
        reference, pattern = command.args[:2]
        if pattern == b"":
            self.line('* LIST (\\Noselect \\HasChildren) "/" ""')
        names = list(self.peer.mailbox.folders)
        for folder in self.peer.mailbox.folders.values():
            if pattern == b"" or (pattern == b"%" and b"/" in folder.name.rstrip(b"/")):
                continue
            below = any(name.startswith(folder.name + b"/") for name in names)
            attributes = [b"\\HasChildren" if below else b"\\HasNoChildren", *folder.attributes]
            self.line(b'* LIST (%s) "/" %s' % (b" ".join(attributes),
                                               folder.line or listed(folder.name)))
        self.done(command)

    def do_lsub(self, command):
        self.done(command)

    def find(self, command, name):
        """The folder, or None and a refusal."""
        folder = self.peer.mailbox.get(bytes(name))
        if folder is None:
            self.failed(command, f"{command.args and name.decode('ascii', 'replace')} doesn't exist.")
        elif folder.refusal:
            self.tagged(command, *folder.refusal)
        else:
            return folder
        return None

    def do_status(self, command):
        folder = self.find(command, command.args[0])
        if folder is None:
            return
        facts = {
            b"MESSAGES": len(folder.messages), b"RECENT": 0, b"UIDNEXT": folder.next,
            b"UIDVALIDITY": folder.validity,
            b"UNSEEN": sum(b"\\Seen" not in message.flags for message in folder.messages),
        }
        items = b" ".join(b"%s %d" % (word.upper(), facts[word.upper()])
                          for word in command.args[1] if word.upper() in facts)
        self.line(b"* STATUS %s (%s)" % (folder.line or listed(folder.name), items))
        self.done(command)

    def do_select(self, command):
        self.folder = None
        folder = self.find(command, command.args[0])
        if folder is None:
            return
        self.folder = folder
        self.read_only = command.verb == "EXAMINE"
        self.view = {message.uid: frozenset(message.flags) for message in folder.messages}
        permanent = b" ".join(folder.permanent)
        self.line(b"* %d EXISTS" % len(self.view))
        self.line(b"* 0 RECENT")
        self.line(b"* FLAGS (%s)" % permanent)
        self.line(b"* OK [PERMANENTFLAGS (%s)] Permanent flags" % permanent)
        unseen = [at for at, flags in enumerate(self.view.values(), 1) if b"\\Seen" not in flags]
        if unseen and self.peer.says_next:
            self.line(b"* OK [UNSEEN %d] Is the first unseen message" % unseen[0])
        self.line(b"* OK [UIDVALIDITY %d] UIDVALIDITY value" % folder.validity)
        if self.peer.says_next:
            self.line(b"* OK [UIDNEXT %d] The next unique identifier value" % folder.next)
        code = "READ-ONLY" if self.read_only else "READ-WRITE"
        self.tagged(command, "OK", f"[{code}] {command.verb} completed.")

    do_examine = do_select

    def do_unselect(self, command):
        self.folder = None
        self.done(command)

    def do_close(self, command):
        if not self.read_only:
            self.expunge(lambda message: b"\\Deleted" in message.flags)
        self.folder = None
        self.done(command)

    def do_create(self, command):
        name = bytes(command.args[0])
        if self.peer.mailbox.get(name):
            self.failed(command, "Mailbox already exists")
        elif name.lower() in (b"journal", b"calendar", b"outbox"):
            self.failed(command, "Folder name is reserved")
        else:
            self.peer.mailbox.create(name)
            self.done(command)

    def do_delete(self, command):
        folder = self.find(command, command.args[0])
        if folder is not None:
            del self.peer.mailbox.folders[folder.name]
            self.done(command)

    def do_rename(self, command):
        old, new = map(bytes, command.args[:2])
        if self.find(command, old) is None:
            return
        if self.peer.mailbox.get(new):
            self.failed(command, "Mailbox already exists")
            return
        for name in [name for name in self.peer.mailbox.folders
                     if name == old or name.startswith(old + b"/")]:
            self.peer.mailbox.rename(name, new + name[len(old):])
        self.done(command)

    def do_subscribe(self, command):
        self.done(command)

    do_unsubscribe = do_subscribe

    # -- Messages --

    def chosen(self, text, by_uid):
        """The messages a set names, by what this client was told."""
        uids = list(self.view)
        if by_uid:
            wanted = fetching.numbers(text, max(uids, default=0))
            return [self.folder.find(uid) for uid in uids if wanted(uid) and self.folder.find(uid)]
        wanted = fetching.numbers(text, len(uids))
        return [self.folder.find(uid) for at, uid in enumerate(uids, 1)
                if wanted(at) and self.folder.find(uid)]

    def do_fetch(self, command):
        items = command.args[1] if len(command.args) > 1 else []
        by_uid = command.verb.startswith("UID")
        if not items:
            self.tagged(command, "BAD", "Command Argument Error. 11")
            return
        places = {uid: at for at, uid in enumerate(self.view, 1)}
        for message in self.chosen(command.args[0], by_uid):
            text = fetching.answer(message, items if isinstance(items, list) else [items], by_uid,
                                   self.peer)
            if text is not None:
                self.send(b"* %d FETCH (" % places[message.uid], text, b")\r\n")
            self.view[message.uid] = frozenset(message.flags)
            if self.peer.between:
                self.line(self.peer.between)
        self.done(command)

    do_uid_fetch = do_fetch

    def do_store(self, command):
        if self.read_only:
            self.tagged(command, "BAD", "Command received in Invalid state.")
            return
        how = command.args[1].upper()
        flags = {_spelled(flag) for value in command.args[2:]
                 for flag in (value if isinstance(value, list) else [value])}
        if not flags <= set(self.folder.permanent):
            self.tagged(command, "BAD", "Command Argument Error. 11")
            return
        for message in self.chosen(command.args[0], command.verb.startswith("UID")):
            if how.startswith(b"+"):
                message.flags |= flags
            elif how.startswith(b"-"):
                message.flags -= flags
            else:
                message.flags = set(flags)
            if how.endswith(b".SILENT"):
                self.view[message.uid] = frozenset(message.flags)
        self.peer.changed(self)
        self.done(command)

    do_uid_store = do_store

    def do_search(self, command):
        if b"CHARSET" in command.args:
            self.failed(command,
                        "[BADCHARSET (US-ASCII)] The specified charset is not supported.")
            return
        by_uid = command.verb.startswith("UID")
        uids = list(self.view)
        matches = fetching.search(list(command.args), len(uids), max(uids, default=0))
        found = [uid if by_uid else at for at, uid in enumerate(uids, 1)
                 if self.folder.find(uid) and matches(at, self.folder.find(uid))]
        self.line(b" ".join([b"* SEARCH", *(b"%d" % number for number in found)]))
        self.done(command)

    do_uid_search = do_search

    def copy(self, command, move):
        """Copies, and says where to; None where that failed."""
        target = self.find(command, command.args[1])
        if target is None:
            return None
        messages = self.chosen(command.args[0], command.verb.startswith("UID"))
        copies = [target.add(message.raw, message.flags, message.received) for message in messages]
        if not messages or "UIDPLUS" not in self.capabilities or not self.peer.says_copies:
            return messages, ""
        return messages, (f"[COPYUID {target.validity} "
                          f"{','.join(str(message.uid) for message in messages)} "
                          f"{','.join(str(message.uid) for message in copies)}]")

    def do_copy(self, command):
        copied = self.copy(command, False)
        if copied:
            self.peer.changed(self)
            self.done(command, f"{copied[1]} COPY completed.".strip())

    do_uid_copy = do_copy

    def do_move(self, command):
        """COPYUID comes before, and its text is empty."""
        copied = self.copy(command, True)
        if not copied:
            return
        messages, code = copied
        if code:
            self.line(f"* OK {code}")
        self.expunge(lambda message: message in messages)
        self.done(command)

    do_uid_move = do_move

    def expunge(self, goes):
        self.folder.messages = [message for message in self.folder.messages if not goes(message)]
        self.peer.changed(self)

    def do_expunge(self, command):
        wanted = fetching.numbers(command.args[0], 0) if command.args else lambda uid: True
        self.expunge(lambda message: b"\\Deleted" in message.flags and wanted(message.uid))
        self.done(command)

    do_uid_expunge = do_expunge

    def do_append(self, command):
        folder = self.find(command, command.args[0])
        if folder is None:
            return
        message = self.keep(folder, command)
        code = f"[APPENDUID {folder.validity} {message.uid}] "
        self.done(command, (code if "UIDPLUS" in self.capabilities and self.peer.says_copies else "")
                  + "APPEND completed.")

    def keep(self, folder, command):
        """What APPEND says is kept, with its date."""
        flags, received = [], None
        for value in command.args[1:-1]:
            if isinstance(value, list):
                flags = [_spelled(flag) for flag in value]
            else:
                received = fetching.moment(bytes(value))
        message = folder.add(bytes(command.literals[-1]),
                             [flag for flag in flags if flag != b"\\Flagged"], received)
        self.peer.changed(self)
        return message

    # -- IDLE --

    def do_idle(self, command):
        with self.peer.idled:
            self.idling = True
            self.peer.idles += 1
            self.peer.idled.notify_all()
        self.line("+ IDLE accepted, awaiting DONE command.")
        try:
            while not self.has_line():
                self.announce()
                if self.await_input(mind_wake=True):
                    self._more()
        finally:
            self.idling = False
        line = self.read_line()
        if line.upper() != b"DONE":
            self.peer.fault(f"while idling: {line!r}")
            self.tagged(command, "BAD", "Command received in Invalid state.")
        elif not self.peer.play("DONE", self, command):
            self.done(command)


class _Nameless:
    """A command that could not be read has a tag nevertheless."""

    def __init__(self, parts):
        self.tag = parts[0].split(b" ", 1)[0] or b"*"
        self.verb = ""


def _spelled(flag):
    """A flag as the server spells it."""
    return next((kept for kept in KEPT if kept.lower() == flag.lower()), bytes(flag))


ANYWHERE = {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE", "ID"}
IN_FOLDER = {verb for verb in (
    "FETCH STORE SEARCH COPY MOVE EXPUNGE CLOSE UNSELECT").split()}
IN_FOLDER |= {f"UID {verb}" for verb in ("FETCH", "STORE", "SEARCH", "COPY", "MOVE", "EXPUNGE")}
OUTSIDE_LOCK = {"IDLE", "LOGIN", "AUTHENTICATE", "STARTTLS", "LOGOUT"}


class ImapPeer(Peer):
    """The service, for one mailbox.

    `limit` connections per user; `broken` gives sessions with no mailbox behind them; `says_next`
    and `says_copies` tell whether UIDNEXT and UNSEEN, COPYUID and APPENDUID come; `between` is a
    line after each FETCH answer; `whole` ignores the range of a partial FETCH.
    """

    connection_class = Session

    def __init__(self, context, profile, mailbox, users, password):
        self.profile = profile
        self.mailbox = mailbox
        self.users = users
        self.password = password
        self.banner = profile.banner
        self.go_on = b"+ "
        self.limit = 16
        self.most_bytes = 10240
        self.broken = False
        self.refused_broken = 0
        self.says_next = True
        self.says_copies = True
        self.between = None
        self.whole = False
        self.attempts = []
        self.signed_in = set()
        self.most_at_once = 0
        self.turned_away = 0
        self.log = []
        self.idles = 0
        self.idled = threading.Condition()
        mailbox.watchers.append(self.changed)
        super().__init__(context, {"tls": True, "starttls": False})

    def enter(self, session):
        with self.lock:
            if len(self.signed_in) >= self.limit:
                self.turned_away += 1
                return False
            self.signed_in.add(session)
            self.most_at_once = max(self.most_at_once, len(self.signed_in))
            return True

    def leave(self, session):
        with self.lock:
            self.signed_in.discard(session)

    def note(self, session, command):
        with self.lock:
            self.log.append((session.number, command))

    def commands(self, *verbs):
        """The commands that came, of these verbs."""
        with self.lock:
            return [command for _, command in self.log if not verbs or command.verb in verbs]

    def asked(self, verb, what=""):
        """How often VERB came with WHAT in it."""
        return sum(what in str(command) for command in self.commands(verb))

    def forget(self):
        with self.lock:
            self.log.clear()
            self.attempts.clear()

    def changed(self, by=None):
        for connection in list(self.connections):
            if connection is not by and connection.idling:
                connection.wake()

    def await_idle(self, more_than=0, seconds=30):
        """Until a client idles for the next time after MORE_THAN of them."""
        with self.idled:
            return self.idled.wait_for(lambda: self.idles > more_than, seconds)
