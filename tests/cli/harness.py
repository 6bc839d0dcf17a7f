# SPDX-License-Identifier: GPL-3.0-or-later
"""pinion-cli at work on a real server, and imaplib as the witness who knows nothing of Pinion."""

import collections
import contextlib
import email
import email.message
import email.policy
import email.utils
import functools
import imaplib
import itertools
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

import certificates  # noqa: E402, F401
import maildir  # noqa: E402
import ports  # noqa: E402
from maildir import encode_name  # noqa: E402
from server import DemoServer, imap_quoted  # noqa: E402, F401

# Instrumented builds are slower; what is bounded in time gets this many times as long.
PATIENCE = float(os.environ.get("PINION_TEST_PATIENCE", "1"))
COMMAND_SECONDS = 120
FOLDERS = ("Sent Items", "Drafts", "Deleted Items", "Junk Email", "Archive", "Projects",
           "Projects/Aurora", "Receipts")
LIST_LINE = re.compile(rb'\(([^)]*)\) "/" (.+)', re.DOTALL)
TROUBLE = re.compile(r"(CRITICAL|WARNING) \*\*|ERROR: \w*Sanitizer|SUMMARY: |runtime error")
_numbers = itertools.count(1)


def program():
    return os.environ["PINION_CLI"]


def until(condition, seconds=10.0):
    """What CONDITION gave last: true, unless it never was in time."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not (result := condition()) and time.monotonic() < deadline:
        time.sleep(0.03)
    return result


def describe_threads(pid):
    """What each thread of a process waits for, and how much it has worked: of one that does not end."""
    lines = []
    for task in sorted(pathlib.Path(f"/proc/{pid}/task").iterdir()):
        with contextlib.suppress(OSError):
            stat = (task / "stat").read_text().rpartition(")")[2].split()
            call = (task / "syscall").read_text().split()[0]
            lines.append(f"{task.name} {(task / 'comm').read_text().strip()}: {stat[0]}, system call"
                         f" {call}, {(task / 'wchan').read_text()}, ticks {stat[11]}+{stat[12]}")
    return "\n".join(lines)


# -- Pinion -----------------------------------------------------------------------------------


class Done:
    """One command that ended."""

    def __init__(self, command, status, out, err):
        self.command = command
        self.status = status
        self.out = out
        self.err = err.decode(errors="replace")

    @functools.cached_property
    def lines(self):
        """Standard output, which is JSON objects and nothing else."""
        found = []
        for line in self.out.decode().splitlines():
            found.append(json.loads(line))
            assert isinstance(found[-1], dict), line
        return found

    @property
    def last(self):
        return self.lines[-1]

    @property
    def error(self):
        return self.last["error"]

    def __str__(self):
        return (f"{' '.join(map(str, self.command))}: status {self.status}\n"
                f"{self.out[-2000:].decode(errors='replace')}\n{self.err[-2000:]}")


class Cli:
    """pinion-cli with one folder of state."""

    def __init__(self, data, password=None, **environment):
        self.data = pathlib.Path(data)
        self.password = password
        self.environment = environment

    def _environment(self, password):
        environment = {
            **os.environ,
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "LC_ALL": "C.UTF-8",
            "ASAN_OPTIONS": "exitcode=99",
            "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
            **self.environment,
        }
        environment.pop("PINION_PASSWORD", None)
        if password or self.password:
            environment["PINION_PASSWORD"] = password or self.password
        return {name: value for name, value in environment.items() if value is not None}

    def command(self, *arguments):
        return [program(), "--data", str(self.data),
                *(word if isinstance(word, bytes) else str(word) for word in arguments)]

    def start(self, *arguments, password=None, **options):
        """The command as a process of its own: standard output is a pipe."""
        options.setdefault("stderr", subprocess.DEVNULL)
        return subprocess.Popen(self.command(*arguments), env=self._environment(password),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options)

    def run(self, *arguments, password=None, seconds=COMMAND_SECONDS, **options):
        """The command's end, however it ended."""
        process = self.start(*arguments, password=password, stderr=subprocess.PIPE, **options)
        try:
            out, err = process.communicate(timeout=seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            threads = describe_threads(process.pid)
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{arguments} did not end: {out[-500:]} {err[-500:]}\n{threads}") \
                from None
        done = Done(arguments, process.returncode, out, err)
        assert done.status in (0, 1, 2), str(done)
        assert not TROUBLE.search(done.err), str(done)
        return done

    def do(self, *arguments, **options):
        """The lines of a command that has to succeed."""
        done = self.run(*arguments, **options)
        assert done.status == 0, str(done)
        return done.lines

    def add(self, server, *more, imap_port=None, smtp_port=None, **options):
        return self.run(
            "account", "add", "--email", server.email, "--name", "Anna Keller",
            "--imap-host", server.host, "--imap-port", imap_port or server.imap_tls,
            "--imap-tls", "tls", "--smtp-host", server.host,
            "--smtp-port", smtp_port or server.smtp_starttls, "--smtp-tls", "starttls",
            *([] if "--history" in more else ["--history", "all"]),
            *([] if "--ca" in more or "--trust-sha256" in more else ["--ca", server.ca]),
            *more, **options)

    def sync(self, *arguments):
        return self.do("sync", *arguments)[-1]["synced"]

    def labels(self):
        return {label["path"]: label for label in self.do("labels")}

    def list(self, label=None):
        return self.do("list", *(["--label", label] if label else []))

    def subjects(self, label=None):
        """How often each subject is there."""
        return collections.Counter(row["subject"] for row in self.list(label))

    def find(self, subject, label=None):
        """The one conversation with this subject; None where there is none."""
        rows = [row for row in self.list(label) if row["subject"] == subject]
        assert len(rows) <= 1, rows
        return rows[0] if rows else None

    def message(self, subject, label=None):
        """The id of the one message with this subject."""
        row = self.find(subject, label)
        assert row and len(row["messages"]) == 1, (subject, row)
        return row["messages"][0]


# -- The witness ------------------------------------------------------------------------------


def decoded(name):
    """Modified UTF-7 as text, through Python's UTF-7."""

    def shifted(match):
        if not match[1]:
            return "&"
        return ("+" + match[1].replace(",", "/") + "-").encode().decode("utf-7")

    return re.sub(r"&([^-]*)-", shifted, name)


class Witness:
    """The mailbox as imaplib sees it.  A connection for each look: nothing is remembered."""

    def __init__(self, server, user=None):
        self.server = server
        self.user = user

    @contextlib.contextmanager
    def open(self, folder=None, readonly=False):
        client = self.server.imap(self.user)
        try:
            if folder:
                status, answer = client.select(imap_quoted(encode_name(folder)), readonly=readonly)
                assert status == "OK", answer
            yield client
        finally:
            client.logout()

    @staticmethod
    def _folders(client):
        names = []
        for line in client.list()[1]:
            if isinstance(line, tuple):
                names.append(line[1].decode())
                continue
            name = LIST_LINE.fullmatch(line)[2].decode()
            if name.startswith('"'):
                name = re.sub(r"\\(.)", r"\1", name[1:-1])
            names.append(name)
        return [decoded(name) for name in names]

    def folders(self):
        with self.open() as client:
            return self._folders(client)

    def create(self, *folders):
        with self.open() as client:
            for folder in folders:
                status, answer = client.create(imap_quoted(encode_name(folder)))
                assert status == "OK" or b"exists" in answer[0], answer

    @staticmethod
    def _rows(client, folder):
        found = {}
        status, answer = client.select(imap_quoted(encode_name(folder)), readonly=True)
        assert status == "OK", answer
        answer = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
        for item in answer:
            if not isinstance(item, tuple):
                continue
            uid = int(re.search(rb"UID (\d+)", item[0])[1])
            flags = set(re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split())
            header = email.message_from_bytes(item[1])
            found[uid] = (str(header.get("Message-ID", "")).strip(), flags - {"\\Recent"})
        return found

    def rows(self, folder):
        """{uid: (message-id, flags)} of a folder."""
        with self.open() as client:
            return self._rows(client, folder)

    def ids(self, folder):
        """How often each Message-ID is there."""
        return collections.Counter(name for name, _ in self.rows(folder).values())

    def flags(self, folder, message_id):
        return {frozenset(flags) for name, flags in self.rows(folder).values()
                if name == message_id}

    def where(self, message_id):
        """The folders the message lies in, one by one: two copies in one count twice."""
        return sorted(folder for folder, ids in self.everything().items()
                      for _ in range(ids[message_id]))

    def everything(self):
        """How often each Message-ID is in each folder."""
        with self.open() as client:
            return {folder: collections.Counter(name for name, _ in
                                                self._rows(client, folder).values())
                    for folder in self._folders(client)}

    def subjects(self):
        """{folder: (how often each subject is there, how many are unread)}"""
        found = {}
        with self.open() as client:
            for folder in self._folders(client):
                client.select(imap_quoted(encode_name(folder)), readonly=True)
                subjects, unread = collections.Counter(), 0
                fields = "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])"
                for item in client.uid("FETCH", "1:*", fields)[1]:
                    if isinstance(item, tuple):
                        unread += b"\\Seen" not in item[0]
                        header = email.message_from_bytes(item[1], policy=email.policy.default)
                        subjects[str(header["Subject"])] += 1
                found[folder] = (subjects, unread)
        return found

    def uid(self, folder, message_id):
        return next(uid for uid, (name, _) in self.rows(folder).items() if name == message_id)

    def raw(self, folder, message_id):
        with self.open(folder, readonly=True) as client:
            answer = client.uid("FETCH", str(self.uid(folder, message_id)), "(BODY.PEEK[])")[1]
        return answer[0][1]

    def command(self, folder, *words):
        """A UID command on a folder as another program would give it."""
        with self.open(folder) as client:
            status, answer = client.uid(*words)
            assert status == "OK", answer
            if words[0] == "STORE" and "\\Deleted" in words[-1]:
                client.expunge()
            return answer

    def append(self, folder, raw, flags=None):
        with self.open() as client:
            status, answer = client.append(imap_quoted(encode_name(folder)), flags, None, raw)
            assert status == "OK", answer


# -- Mail -------------------------------------------------------------------------------------


def letter(subject, body="Hello Anna.\n", sender="Ben Roth <ben.roth@lakeside.example>", **headers):
    """A message of its own: (Message-ID, bytes)."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = "Anna Keller <anna@northwind.example>"
    message["Subject"] = subject
    message["Date"] = email.utils.formatdate(time.time() - 3600 + next(_numbers))
    message["Message-ID"] = f"<{next(_numbers)}.{os.getpid()}.{time.time_ns()}@lakeside.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message["Message-ID"], message.as_bytes()


# -- Between the two --------------------------------------------------------------------------


class Gate:
    """A way to a port of the server that can be shut, cut and held."""

    def __init__(self, target):
        self.target = target
        self.listener = None
        self.pairs = []
        self.bytes_left = None
        self.held = threading.Event()
        # Below the ports that the kernel hands out, so that it can be had again.
        self.port = ports.take(range(12000, 20000))
        self.accepted = 0
        self.open()

    def open(self):
        """Lets connections through, at the same port as before."""
        self.bytes_left = None
        self.held.clear()
        if self.listener:
            return
        self.listener = until(self._listen)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _listen(self):
        try:
            return socket.create_server(("127.0.0.1", self.port), backlog=64)
        except OSError:
            return None

    def shut(self):
        """Cuts what is open; further connections are refused."""
        listener, self.listener = self.listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def cut_after(self, count):
        """Cuts everything once COUNT more bytes have come from the server."""
        self.bytes_left = count

    def hold(self):
        """Nothing passes any more, and nothing is closed."""
        self.held.set()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self.pairs.append((client, server))
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client, server):
        other = {client: server, server: client}
        with client, server:
            try:
                while True:
                    for end in select.select([client, server], [], [])[0]:
                        data = end.recv(1 << 16)
                        if not data:
                            return
                        if self.held.is_set():
                            continue
                        if end is server and self.bytes_left is not None:
                            data = data[:self.bytes_left]
                            self.bytes_left -= len(data)
                        other[end].sendall(data)
                        if self.bytes_left == 0:
                            self.shut()
                            return
            except OSError:
                return


# -- Cases ------------------------------------------------------------------------------------


class Case(unittest.TestCase):
    """A server for the class; state of its own for each test, or one for all where it is shared."""

    server_options = {"mailbox": "empty"}
    folders = FOLDERS
    account_options = ()
    shared = False
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(DemoServer(**cls.server_options))
        cls.witness = Witness(cls.server)
        cls.witness.create(*cls.folders)
        if cls.shared:
            folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="pinion-cli-"))
            cls.cli = Cli(pathlib.Path(folder) / "data", cls.server.password)
            done = cls.cli.add(cls.server, *cls.account_options)
            assert done.status == 0, str(done)
            cls.cli.sync()

    def setUp(self):
        if not self.shared:
            self.cli = self.new_cli()

    def new_folder(self):
        folder = tempfile.mkdtemp(prefix="pinion-cli-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return pathlib.Path(folder)

    def new_cli(self, *options, account=True, **environment):
        cli = Cli(self.new_folder() / "data", self.server.password, **environment)
        if account:
            done = cli.add(self.server, *self.account_options, *options)
            self.assertEqual(done.status, 0, str(done))
            cli.sync()
        return cli

    def deliver(self, subject=None, folder="INBOX", flags="", **more):
        """New mail; returns its Message-ID and subject."""
        subject = subject or f"{self._testMethodName} {next(_numbers)}"
        message_id, raw = letter(subject, **more)
        self.server.deliver(raw, folder=folder, flags=flags)
        return message_id, subject

    def mail(self, *folders, **more):
        """New mail that is here already: (Message-ID, subject, id)."""
        message_id, subject = self.deliver(folder=folders[0] if folders else "INBOX", **more)
        for other in folders[1:]:
            self.witness.command(folders[0] if folders else "INBOX", "COPY",
                                 str(self.witness.uid(folders[0], message_id)),
                                 imap_quoted(encode_name(other)))
        self.cli.sync()
        rows = [row for label in folders or ("INBOX",) for row in self.cli.list(label)
                if row["subject"] == subject]
        return message_id, subject, rows[0]["messages"][-1]

    def count_anew(self, path):
        """Gives the folder another UIDVALIDITY and its messages other UIDs."""
        folder = maildir.folder_path(self.server.maildir, path)
        names = folder / "dovecot-uidlist"
        lines = names.read_text().splitlines()
        lines[0] = re.sub(r"V(\d+) N(\d+)", lambda match:
                          f"V{int(match[1]) + 7} N{int(match[2]) + 100}", lines[0])
        lines[1:] = [re.sub(r"^(\d+)", lambda match: str(int(match[1]) + 100), line)
                     for line in lines[1:]]
        for index in folder.glob("dovecot.index*"):
            index.unlink()
        names.write_text("\n".join(lines) + "\n")

    def assert_error(self, done, code, stage=None, protocol=None):
        """The command failed for this reason and said so in full."""
        self.assertEqual(done.status, 1, str(done))
        error = done.error
        for name in ("protocol", "stage", "code", "message", "fix"):
            self.assertTrue(error[name].strip(), (name, error))
        self.assertIn(error["protocol"], ("imap", "smtp"))
        self.assertRegex(error["code"], r"\A[a-z0-9]+(-[a-z0-9]+)*\Z")
        self.assertIn(error["code"], code if isinstance(code, tuple) else (code,), str(done))
        if stage:
            self.assertEqual(error["stage"], stage, str(done))
        if protocol:
            self.assertEqual(error["protocol"], protocol, str(done))

    def assert_agrees(self, cli=None, ignored=()):
        """The lists here and the folders there hold the same messages, told by their subjects."""
        cli = cli or self.cli
        truth = self.witness.subjects()
        labels = cli.labels()
        self.assertEqual(sorted(labels), sorted(truth))
        for path, label in labels.items():
            if path not in ignored and not label["hidden"]:
                subjects, unread = truth[path]
                here = cli.subjects(path)
                self.assertEqual((here - subjects, subjects - here), ({}, {}), path)
                self.assertEqual((label["total"], label["unread"]), (subjects.total(), unread),
                                 path)
        self.assert_healthy(cli)

    def assert_healthy(self, cli=None):
        """The doctor finds nothing; returns what it counted."""
        done = (cli or self.cli).run("doctor")
        self.assertEqual(done.status, 0, str(done))
        summary = done.last["doctor"]
        self.assertEqual((len(done.lines), summary["differences"]), (1, 0), str(done))
        return summary


def main():
    unittest.main(verbosity=2)


__all__ = [name for name in dir() if not name.startswith("_")] + ["signal"]
