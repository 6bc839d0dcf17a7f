#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real mail server for demonstrations and tests: Dovecot and Postfix on loopback, like Exchange.

    server.py [--mailbox demo|empty|DIR] [--seed N] [--count M] [--now TIME] ...

It prints one line of JSON when it is ready:

    {"host": "localhost", "imap_tls": 24711, "imap_starttls": ..., "smtp_starttls": ...,
     "smtp_tls": ..., "ca": "/tmp/.../ca.pem", "name": "Anna Keller",
     "email": "anna@northwind.example", "user": "NORTHWIND\\\\anna", "password": "...",
     "user2": "jonas.brandt@northwind.example", "shared": {"email": ..., "user": ...},
     "sink": "sink@northwind.example", "maildir": "/tmp/.../Maildir", "logs": "/tmp/...",
     "kerberos": {"config": ..., "keytab": ..., "principal": ...}, "pid": ...}

("kerberos" is null unless GSSAPI is among the mechanisms.)

and runs until its standard input closes, its parent ends, or SIGTERM; then every process and file
of it is gone (guard.py), even after kill -9. All users have the one password, which is made up anew
or taken from the environment as PINION_DEMO_PASSWORD. Mail for a .example address nobody has here
is kept in the sink's mailbox, with the address in its Delivered-To; nobody@... is unknown; nothing
ever leaves the machine.

Without root there is Dovecot alone, and the SMTP ports are null: Postfix cannot start then. For an
ordinary user `unshare --user --map-root-user --map-auto server.py ...` gives both.

In Python:

    with DemoServer() as server:
        server.imap().select("INBOX")
"""

import argparse
import asyncio
import imaplib
import itertools
import json
import os
import pathlib
import secrets
import signal
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import certificates
import guard
import kerberos
import maildir
import ports
import relay
import services

READY_SECONDS = 20
PORT_TRIES = 5
PORT_RANGE = range(20000, 32000)  # below those the kernel hands out to clients
LONGEST_STATE = 60  # Unix socket paths end at 107 bytes


class StartError(Exception):
    """Said to the person as it is."""


def _text_of(path):
    return pathlib.Path(path).read_text() if path else ""


class Keeper:
    """Starts everything, says so, and waits for the end."""

    def __init__(self, options, state):
        self.options = options
        self.state = state
        self.logs = pathlib.Path(options.logs or state)
        self.processes = {}
        self.relay = None
        self.realm = None
        self.smtp = services.is_root()

    def serve(self, control):
        try:
            return asyncio.run(self._serve(control))
        except StartError as error:
            print(f"demo server: {error}", file=sys.stderr)
            return 1

    async def _serve(self, control):
        if obstacle := services.obstacle():
            raise StartError(obstacle)
        if "gssapi" in self._mechanisms():
            if absent := kerberos.missing(services.program_path()):
                raise StartError(f"not installed: {', '.join(absent)}")
            self.realm = kerberos.Realm(self.state, self.logs, services.program_path())
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(control, stop.set)
        self.logs.mkdir(parents=True, exist_ok=True)
        ready = asyncio.create_task(self._start())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({ready, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return 0
        settings = ready.result()
        print(json.dumps(self._facts(settings)), flush=True)
        await self._until_over(stopped)
        return 0

    async def _start(self):
        settings = self._settings({})
        filled = asyncio.create_task(self._fill(settings))
        certificates.make_certificates(self.state / "tls", (self.options.certificate,))
        for attempt in itertools.count(1):
            settings = self._settings({name: ports.take(PORT_RANGE) for name in self._port_names()})
            if self.realm:
                self.realm.write(settings.ports["kdc"])
                if attempt == 1:
                    await asyncio.to_thread(self.realm.fill)
            if await self._listen(settings):
                break
            if attempt == PORT_TRIES:
                raise StartError(f"no free ports found\n{self._log_tail()}")
        await filled
        return settings

    def _port_names(self):
        names = ["imap_tls", "imap_starttls", "relayed", *(["kdc"] if self.realm else [])]
        return names + ["smtp_starttls", "smtp_tls"] if self.smtp else names

    def _mechanisms(self):
        return tuple((self.options.mechanisms or "").split())

    def _settings(self, ports):
        options = self.options
        home = "" if options.mailbox in ("demo", "empty") else os.path.abspath(options.mailbox)
        return services.Settings(
            state=self.state,
            logs=self.logs,
            certificate=options.certificate,
            capability=options.capability,
            without=tuple(options.without.upper().split()),
            greeting=options.greeting,
            password=options.password,
            mechanisms=self._mechanisms(),
            scheme=options.scheme,
            kerberos=self.realm.dovecot_settings() if self.realm else "",
            anna_home=home,
            more_dovecot=_text_of(options.more_dovecot),
            more_postfix=_text_of(options.more_postfix),
            ports=ports,
        )

    async def _fill(self, settings):
        """The demo mailbox is written while the daemons start."""
        services.make_mailboxes(settings)
        if self.options.mailbox != "demo":
            return
        home = settings.home(services.ANNA)
        options = [
            f"--{name}={value}"
            for name in ("seed", "count", "now")
            if (value := getattr(self.options, name)) is not None
        ]
        writer = await asyncio.create_subprocess_exec(
            sys.executable,
            services.HERE / "mailbox.py",
            "--out",
            home,
            "--rich",
            *options,
            stdout=subprocess.DEVNULL,
        )
        if await writer.wait():
            raise StartError("the mailbox could not be written")
        services.own(home)

    async def _listen(self, settings):
        """Starts the daemons; false when another program took a port in the meantime."""
        services.write_dovecot(settings)
        if self.realm:
            await self._run("kdc", self.realm.command(), **self.realm.environment())
        await self._run("dovecot", services.dovecot_command(settings))
        if self.smtp:
            services.write_postfix(settings)
            command = services.postfix_command(settings)
            await self._run("postfix", command, MAIL_CONFIG=str(command[-1]))
        try:
            self.relay = await relay.start_relay(
                settings.ports["imap_starttls"], settings.ports["relayed"]
            )
        except OSError:
            await self._end_daemons()
            return False
        return await self._all_answer(settings)

    async def _run(self, name, command, **environment):
        with open(self.logs / f"{name}.err", "ab") as errors:
            self.processes[name] = await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                preexec_fn=guard.end_with_parent,
                env={"PATH": services.program_path(), "LANG": "C.UTF-8", **environment},
            )

    async def _all_answer(self, settings):
        deadline = time.monotonic() + READY_SECONDS
        waiting = set(settings.ports.values())
        while waiting:
            if any(process.returncode is not None for process in self.processes.values()):
                taken = "Address already in use" in self._log_tail(1 << 16)
                await self._end_daemons()
                if taken:
                    return False
                raise StartError(f"a daemon did not start\n{self._log_tail()}")
            if time.monotonic() > deadline:
                raise StartError(f"the daemons do not answer\n{self._log_tail()}")
            waiting = {port for port in waiting if not await self._answers(port)}
            await asyncio.sleep(0.02)
        return True

    async def _answers(self, port):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    async def _end_daemons(self):
        for process in self.processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            await process.wait()

    def _log_tail(self, size=3000):
        texts = []
        for name in (
            "dovecot.log",
            "dovecot.err",
            "postfix.log",
            "postfix.err",
            "kdc.log",
            "kdc.err",
        ):
            path = self.logs / name
            if path.exists() and (text := path.read_text(errors="replace")[-size:]):
                texts.append(f"--- {name}\n{text}")
        return "\n".join(texts)

    def _facts(self, settings):
        anna, shared = services.ANNA, services.SALES
        return {
            "host": "localhost",
            **{
                name: settings.ports.get(name)
                for name in ("imap_tls", "imap_starttls", "smtp_starttls", "smtp_tls")
            },
            "ca": str(self.state / "tls" / "ca.pem"),
            "name": "Anna Keller",
            "email": anna.email,
            "user": "NORTHWIND\\anna",
            "password": settings.password,
            "user2": services.JONAS.email,
            "shared": {"email": shared.email, "user": "NORTHWIND\\anna\\sales"},
            "sink": services.SINK.email,
            "maildir": str(settings.home(anna) / "Maildir"),
            "logs": str(self.logs),
            "kerberos": self.realm.facts() if self.realm else None,
            "pid": os.getppid(),
        }

    async def _until_over(self, stopped):
        ends = {
            name: asyncio.create_task(process.wait()) for name, process in self.processes.items()
        }
        await asyncio.wait({stopped, *ends.values()}, return_when=asyncio.FIRST_COMPLETED)
        for name, end in ends.items():
            if end.done() and not stopped.done():
                raise StartError(f"{name} ended by itself\n{self._log_tail()}")


class DemoServer:
    """The server as a context manager; the options are those of the command line.

    `facts` is what the command prints; each of it is an attribute too: server.imap_tls.
    """

    def __init__(self, password=None, **options):
        self.options = options
        self.password_wanted = password
        self.process = None
        self.facts = {}

    def __getattr__(self, name):
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        options = [
            f"--{name.replace('_', '-')}={value}"
            for name, value in self.options.items()
            if value is not None
        ]
        environment = dict(os.environ)
        if self.password_wanted is not None:
            environment["PINION_DEMO_PASSWORD"] = self.password_wanted
        self.process = subprocess.Popen(
            [sys.executable, __file__, *options],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError("the demo server did not start; it said why on standard error")
        self.facts = json.loads(line)
        return self

    def stop(self):
        """Returns when all of it is gone."""
        if self.process:
            self.process.stdin.close()
            self.process.wait(timeout=30)
            self.process.stdout.close()
            self.process = None

    def change_password(self, password):
        """Everybody's, as an administrator would; returns once it is true."""
        state = pathlib.Path(self.ca).parent.parent
        services.change_password(state, password, self.options.get("scheme", "ssha256"))
        self.facts["password"] = password
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.imap().logout()
                return
            except imaplib.IMAP4.error:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def tls(self):
        """A TLS context that trusts this server alone; a wrong certificate is not looked at."""
        context = ssl.create_default_context(cafile=self.facts["ca"])
        if self.options.get("certificate", "good") != "good":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def imap(self, user=None):
        """A signed-in imaplib client; the first user by default."""
        client = imaplib.IMAP4_SSL(self.host, self.imap_tls, ssl_context=self.tls())
        client.login(imap_quoted(user or self.email), self.password)
        return client

    def smtp(self, user=None):
        """A signed-in smtplib client over STARTTLS."""
        client = smtplib.SMTP(self.host, self.smtp_starttls)
        client.starttls(context=self.tls())
        client.login(user or self.email, self.password)
        return client

    def deliver(self, raw, folder="INBOX", flags="", when=None):
        """Puts a message straight into the first user's folder, as new mail; returns its file.

        `flags` are Maildir's letters (S seen, F flagged, R answered); the folder has to be there.
        """
        path = maildir.deliver(self.maildir, folder, raw, flags, when or time.time())
        try:
            services.own(path)
        except FileNotFoundError:
            pass  # Somebody watches the folder: the server has taken it in already.
        return path


def imap_quoted(text):
    """An IMAP quoted string, for imaplib, which quotes passwords but no other name."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--mailbox",
        default="demo",
        metavar="demo|empty|DIR",
        help="what the first user finds: the demo mailbox, nothing, or a folder made "
        "by mailbox.py (used in place: it is changed)",
    )
    parser.add_argument("--seed", type=int, help="for mailbox.py")
    parser.add_argument("--count", type=int, help="for mailbox.py")
    parser.add_argument("--now", help="for mailbox.py")
    parser.add_argument(
        "--capability",
        choices=services.CAPABILITIES,
        default="exchange",
        help="what is announced: Exchange's list, the same with CONDSTORE, or all that Dovecot can do",
    )
    parser.add_argument(
        "--without",
        default="",
        metavar="NAMES",
        help="what of Exchange's list is not announced: 'uidplus move idle'",
    )
    parser.add_argument(
        "--mechanisms",
        metavar="NAMES",
        help="how to sign in, to IMAP and SMTP: 'plain login scram-sha-256 scram-sha-256-plus "
        "gssapi'; gssapi brings a Kerberos realm of its own",
    )
    parser.add_argument(
        "--scheme",
        choices=services.SCHEMES,
        default="ssha256",
        help="how passwords are kept; SCRAM needs its own",
    )
    parser.add_argument("--greeting", default=services.GREETING)
    parser.add_argument("--certificate", choices=certificates.KINDS, default="good")
    parser.add_argument(
        "--more-dovecot", metavar="FILE", help="lines to add to dovecot.conf, for tests"
    )
    parser.add_argument("--more-postfix", metavar="FILE", help="the same for Postfix's master.cf")
    parser.add_argument("--logs", metavar="DIR", help="keep the logs there")
    options = parser.parse_args()
    options.password = os.environ.get("PINION_DEMO_PASSWORD") or secrets.token_urlsafe(12)
    return options


def _new_state():
    place = tempfile.gettempdir()
    state = tempfile.mkdtemp(
        prefix="pinion-demo-", dir=place if len(place) < LONGEST_STATE else "/tmp"
    )
    os.chmod(state, 0o711)
    return pathlib.Path(state)


def main():
    options = _options()
    state = _new_state()
    sys.exit(guard.run_guarded(state, Keeper(options, state).serve))


if __name__ == "__main__":
    main()
