# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange's Client Frontend on port 587, played: its EHLO, AUTH LOGIN, limits and refusals."""

import base64
import binascii
import re
import time

from advertised import smtp_violations
from wire import Connection, Over, Peer

MOST_FAILURES = 3
MOST_RECIPIENTS = 200
TOO_FAST = "421 4.4.2 Message submission rate for this client has exceeded the configured limit"
TOO_LARGE = "552 5.3.4 Message size exceeds fixed maximum message size"


def reply(text):
    """A script that answers with this instead."""

    def script(session, _):
        session.line(text)
        return True

    return script


def last_reply(text):
    """A script that answers with this and hangs up."""

    def script(session, _):
        session.line(text)
        raise Over

    return script


class SmtpSession(Connection):
    """One client."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.offered = {}
        self.hello = False
        self.user = None
        self.failures = 0
        self.sender = None
        self.recipients = []

    def talk(self):
        if self.peer.play("greeting", self, ""):
            return
        self.line("220 mail.northwind.example Microsoft ESMTP MAIL Service ready at "
                  + time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()))
        while True:
            text = self.read_line().decode("utf-8", "backslashreplace")
            verb, _, rest = text.partition(" ")
            self.handle(verb.upper(), rest, text)

    def handle(self, verb, rest, text):
        self.peer.log.append((self.number, text))
        for words in smtp_violations(verb, rest, self.offered, self.tls):
            self.peer.fault(f"{words}: {text}")
        if self.peer.play(verb, self, text):
            return
        handler = getattr(self, "do_" + verb.lower(), None)
        if handler is None:
            self.peer.fault(f"a command nobody offered: {text}")
            self.line("500 5.3.3 Unrecognized command")
        elif verb in ("STARTTLS", "AUTH", "MAIL") and not self.hello:
            self.peer.fault(f"{verb} before EHLO")
            self.line("503 5.5.2 Send hello first")
        else:
            handler(rest)

    def lines(self):
        """The answer to EHLO: what is offered now."""
        rows = [f"SIZE {self.peer.size}", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES"]
        if not self.tls and self.peer.starttls:
            rows.append("STARTTLS")
        rows.append("AUTH GSSAPI NTLM" + (" LOGIN" if self.tls else ""))
        return rows + ["8BITMIME", "BINARYMIME", "CHUNKING"]

    def do_ehlo(self, rest):
        self.hello = True
        rows = self.lines()
        self.offered = dict(row.partition(" ")[::2] for row in rows)
        rows.insert(0, f"mail.northwind.example Hello [{self.address}]")
        for row in rows[:-1]:
            self.line(f"250-{row}")
        self.line(f"250 {rows[-1]}")

    def do_starttls(self, _):
        if self.tls or not self.peer.starttls:
            self.line("503 5.5.2 Only one STARTTLS command can be issued per mail session")
            return
        self.line("220 2.0.0 SMTP server ready")
        self.encrypt()
        self.hello, self.offered = False, {}

    def do_auth(self, rest):
        words = rest.split()
        if words[:1] != ["LOGIN"] or not self.tls or self.user:
            self.line("504 5.7.4 Unrecognized authentication type")
            return
        user = words[1].encode() if len(words) > 1 else self.ask(b"Username:")
        password = self.ask(b"Password:")
        try:
            user = base64.b64decode(user, validate=True).decode()
            password = base64.b64decode(password, validate=True).decode()
        except (binascii.Error, ValueError):
            self.line("501 5.5.4 Invalid arguments")
            return
        self.peer.attempts.append((user, password))
        if user in self.peer.users and password == self.peer.password:
            self.user = user
            self.line("235 2.7.0 Authentication successful")
            return
        self.failures += 1
        self.await_silence(self.peer.tarpit)
        self.line("535 5.7.3 Authentication unsuccessful")
        if self.failures >= MOST_FAILURES:
            raise Over

    def ask(self, what):
        self.line(b"334 " + base64.b64encode(what))
        return self.read_line()

    def await_silence(self, seconds):
        """The tarpit: nothing is said for so long, whatever the client does."""
        try:
            self.await_input(seconds=seconds)
        except Over:
            return
        self.peer.fault("the client did not wait for the tarpit")

    def do_mail(self, rest):
        found = re.match(r"FROM:<([^>]*)>(?:.*SIZE=(\d+))?", rest, re.IGNORECASE)
        if not self.user:
            self.peer.fault(f"MAIL without AUTH: {rest}")
            self.line(self.peer.profile.anonymous)
        elif not found:
            self.line("501 5.5.4 Invalid arguments")
        elif found[2] and int(found[2]) > self.peer.size:
            self.line(TOO_LARGE)
        elif self.peer.rate is not None and len(self.peer.accepted_mail) >= self.peer.rate:
            self.line(TOO_FAST)
            raise Over
        else:
            self.sender, self.recipients = found[1], []
            self.line("250 2.1.0 Sender OK")

    def do_rcpt(self, rest):
        found = re.match(r"TO:<([^>]+)>", rest, re.IGNORECASE)
        if self.sender is None or not found:
            self.line("503 5.5.2 Need mail command")
        elif len(self.recipients) >= MOST_RECIPIENTS:
            self.line("452 4.5.3 Too many recipients")
        else:
            self.recipients.append(found[1])
            self.line("250 2.1.5 Recipient OK")

    def do_data(self, _):
        if not self.recipients:
            self.line("503 5.5.2 Need rcpt command")
            return
        self.line("354 Start mail input; end with <CRLF>.<CRLF>")
        rows = []
        while (row := self.read_line()) != b".":
            rows.append(row.removeprefix(b"."))
        raw = b"".join(row + b"\r\n" for row in rows)
        if self.peer.play("dot", self, raw):
            self.reset()
            return
        self.peer.accepted_mail.append((self.sender, tuple(self.recipients), raw))
        self.reset()
        if self.peer.play("accepted", self, raw):
            return
        self.line("250 2.6.0 <queued@mail.northwind.example> Queued mail for delivery")

    def reset(self):
        self.sender, self.recipients = None, []

    def do_rset(self, _):
        self.reset()
        self.line("250 2.0.0 Resetting")

    def do_noop(self, _):
        self.line("250 2.0.0 OK")

    def do_quit(self, _):
        self.line("221 2.0.0 Service closing transmission channel")
        raise Over


class SmtpPeer(Peer):
    """The connector: `size` it tells, `rate` messages it takes, `tarpit` seconds before a 535."""

    connection_class = SmtpSession

    def __init__(self, context, profile, users, password):
        self.profile = profile
        self.users = users
        self.password = password
        self.size = 37748736
        self.rate = None
        self.tarpit = 0.05
        self.starttls = True
        self.attempts = []
        self.accepted_mail = []
        self.log = []
        super().__init__(context, {"starttls": False})

    def asked(self, verb):
        """How often a command came."""
        return sum(text.upper().startswith(verb) for _, text in self.log)
