#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server away, cut off, held up or talking nonsense; a full disk; several at once."""

import collections
import concurrent.futures
import contextlib
import ctypes
import json
import multiprocessing
import os
import pathlib
import random
import resource
import socket
import ssl
import tempfile
import threading
import time

import harness
from harness import certificates

MEMORY_MB = 400
MS_REMOUNT, MS_REC, MS_PRIVATE = 32, 16384, 1 << 18
LONGEST_SECONDS = 100


def mount(source, target, kind, flags, data):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind and kind.encode(), flags, data.encode()):
        raise OSError(ctypes.get_errno(), "mount")


class Offline(harness.Case):
    """A gate before the server that can be shut."""

    def setUp(self):
        self.gate = harness.Gate(self.server.imap_tls)
        self.addCleanup(self.gate.shut)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        done = self.cli.add(self.server, imap_port=self.gate.port)
        self.assertEqual(done.status, 0, str(done))
        self.cli.sync()

    def test_acts_are_replayed_in_order(self):
        mails = [self.mail() for _ in range(3)]
        self.gate.shut()
        self.assert_error(self.cli.run("sync"), "port-closed", "reach", "imap")
        (first, _, one), (second, subject, two), (third, _, three) = mails
        self.cli.do("add-label", "Projects", one)
        self.cli.do("star", one)
        self.cli.do("archive", one)
        self.cli.do("move", "Receipts", two)
        self.cli.do("add-label", "Projects", two)
        self.cli.do("remove-label", "Receipts", two)
        self.cli.do("read", two)
        self.cli.do("trash", three)
        self.cli.do("undo")
        self.cli.do("spam", three)
        self.cli.do("send", "--to", "jonas.brandt@northwind.example", "--subject", "from afar")
        self.assertEqual(self.cli.find(subject, "Projects")["labels"], ["Projects"])
        pending = self.cli.do("pending")
        self.assertGreater(len(pending), 4)
        self.assert_error(self.cli.run("unread", two, "--wait"), "port-closed")
        self.gate.open()
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assertEqual(self.cli.do("outbox"), [])
        self.assertEqual(self.witness.where(first), ["Archive", "Projects"])
        for folder in ("Archive", "Projects"):
            self.assertEqual(self.witness.flags(folder, first), {frozenset({"\\Flagged"})})
        self.assertEqual(self.witness.where(second), ["Projects"])
        self.assertEqual(self.witness.flags("Projects", second), {frozenset()})
        self.assertEqual(self.witness.where(third), ["Junk Email"])
        self.assertEqual(len(self.cli.list("Sent Items")), 1)
        self.assert_agrees()

    def test_a_watcher_comes_back_by_itself(self):
        process = self.cli.start("sync", "--watch")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        _, subject = self.deliver()
        self.assertTrue(harness.until(lambda: self.cli.find(subject)))
        self.gate.shut()
        time.sleep(0.5)
        message_id, subject = self.deliver()
        self.gate.open()
        self.assertTrue(harness.until(lambda: self.cli.find(subject), 30))
        self.cli.do("archive", self.cli.message(subject))
        self.assertTrue(harness.until(lambda: self.witness.where(message_id) == ["Archive"], 20))

    def test_cut_in_the_middle_of_everything(self):
        """Wherever the connection ends: nothing is lost, nothing is there twice."""
        chance = random.Random(7)
        mails = [self.mail() for _ in range(4)]
        before = self.everything()
        for number in range(24):
            _, _, message = chance.choice(mails)
            command = chance.choice((["archive"], ["move", "Projects"], ["add-label", "Receipts"],
                                     ["move", "INBOX"], ["star"], ["unstar"], ["undo"],
                                     ["remove-label", "Receipts"]))
            if command != ["undo"]:
                command = [*command, message]
            self.gate.open()
            self.gate.cut_after(chance.randrange(3000, 9000))
            self.cli.run(*command, "--wait")
            self.gate.shut()
        self.gate.open()
        harness.until(lambda: not self.cli.run("sync") or not self.cli.do("pending"), 60)
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()
        self.assertEqual(set(self.everything()), set(before))
        for folder, ids in self.witness.everything().items():
            self.assertEqual([one for one, count in ids.items() if count > 1], [], folder)

    def everything(self):
        return sum(self.witness.everything().values(), collections.Counter())

    def test_a_body_that_is_not_here(self):
        _, subject = self.deliver()
        self.cli.do("sync", "--bodies", "none")
        message = self.cli.message(subject)
        self.gate.shut()
        for how in ("--raw", "--html", "--text"):
            self.assert_error(self.cli.run("show", how, message), "port-closed", "reach", "imap")
        self.assert_error(self.cli.run("show", message), "port-closed")
        self.gate.open()
        self.assertIn("Hello Anna", self.cli.run("show", "--text", message).out.decode())

    def test_a_held_connection_ends_in_time(self):
        self.deliver()
        self.gate.hold()
        began = time.monotonic()
        self.assert_error(self.cli.run("sync"), ("timed-out", "connection-lost"), protocol="imap")
        self.assertLess(time.monotonic() - began, 100 * harness.PATIENCE)
        self.gate.cut()
        self.gate.open()
        self.cli.sync()

    def test_a_lost_answer_doubles_no_message_without_an_id(self):
        """The copy may have been made, and no search can tell: its folder is compared."""
        for number, count in enumerate(range(3100, 3700, 60)):
            subject = f"nameless {number}"
            raw = f"From: a@b.example\r\nSubject: {subject}\r\n\r\nBare.\r\n".encode()
            self.witness.append("INBOX", raw)
            self.cli.sync()
            message = self.cli.message(subject)
            self.cli.do("add-label", "Projects", message)
            self.gate.cut_after(count)
            self.cli.run("sync")
            self.gate.open()
            self.cli.sync()
            self.cli.sync()
            self.assertEqual(self.cli.do("pending"), [])
            there = self.witness.subjects()
            self.assertEqual(sorted(folder for folder, (found, _) in there.items()
                                    for _ in range(found[subject])), ["INBOX", "Projects"], count)
        self.assert_agrees()
        for folder in ("INBOX", "Projects"):
            nameless = [str(uid) for uid, (name, _) in self.witness.rows(folder).items() if not name]
            self.witness.command(folder, "STORE", ",".join(nameless), "+FLAGS", "(\\Deleted)")


class FirstSyncCut(harness.Case):
    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()

    def setUp(self):
        self.gate = harness.Gate(self.server.imap_tls)
        self.addCleanup(self.gate.shut)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        done = self.cli.add(self.server, imap_port=self.gate.port)
        self.assertEqual(done.status, 0, str(done))

    def test_cut_and_go_on(self):
        for count in (6000, 30000, 100000, 200000, 500000, 900000):
            self.gate.open()
            self.gate.cut_after(count)
            done = self.cli.run("sync")
            if done.status:
                self.assert_error(done, ("connection-lost", "port-closed"), protocol="imap")
            self.gate.shut()
        self.gate.open()
        self.cli.sync()
        whole = self.new_cli()
        self.assertEqual({path: label["total"] for path, label in self.cli.labels().items()},
                         {path: label["total"] for path, label in whole.labels().items()})
        for path, label in whole.labels().items():
            if not label["hidden"]:
                self.assertEqual(self.cli.subjects(path), whole.subjects(path), path)

    def test_a_full_disk_by_limit(self):
        """A limit on the size of any file stands in for a disk that fills up."""

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (400 * 1024, 400 * 1024))
            harness.signal.signal(harness.signal.SIGXFSZ, harness.signal.SIG_IGN)

        done = self.cli.run("sync", preexec_fn=limit)
        self.assert_error(done, ("disk-full", "store-failed"))
        self.gate.open()
        self.cli.sync()
        self.assertEqual(self.cli.do("sync")[-1]["synced"]["new"], 0)

    def test_a_folder_that_cannot_be_written(self):
        blocked = self.new_folder() / "file"
        blocked.write_text("")
        done = harness.Cli(blocked / "data").run("labels")
        self.assert_error(done, ("store-failed", "store-read-only"))


class FullDisk(harness.Case):
    """Without threads: it forks."""

    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()

    def setUp(self):
        pass

    def test_a_full_disk(self):
        """A real one, small, in a mount namespace of a process of its own."""
        folder = self.new_folder() / "small"
        folder.mkdir()

        def small_disk():
            os.unshare(os.CLONE_NEWNS)
            mount("none", "/", None, MS_REC | MS_PRIVATE, "")
            mount("none", str(folder), "tmpfs", 0, "size=1200k")

        def act(answer):
            small_disk()
            cli = harness.Cli(folder / "data", self.server.password)
            added = cli.add(self.server)
            full = cli.run("sync")
            labels = cli.run("labels")
            mount("none", str(folder), "tmpfs", MS_REMOUNT, "size=100m")
            again = cli.run("sync")
            counts = {path: label["total"] for path, label in cli.labels().items()}
            answer.send([added, full, labels, again, counts])

        if os.geteuid():
            self.skipTest("only root can make a small disk")
        mine, theirs = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=act, args=(theirs,))
        child.start()
        theirs.close()
        try:
            added, full, labels, again, counts = mine.recv()
        except EOFError:
            self.skipTest("no mount namespace here")
        finally:
            child.join()
        self.assertEqual(added.status, 0, str(added))
        self.assert_error(full, "disk-full")
        self.assertEqual(labels.status, 0, str(labels))
        self.assertEqual(again.status, 0, str(again))
        whole = self.new_cli()
        self.assertEqual(counts, {path: label["total"] for path, label in whole.labels().items()})


class Together(harness.Case):
    def test_parallel_syncs(self):
        for _ in range(5):
            self.deliver()
        processes = [self.cli.start("sync") for _ in range(4)]
        for process in processes:
            out = process.communicate(timeout=60 * harness.PATIENCE)[0]
            last = json.loads(out.splitlines()[-1])
            if process.returncode:
                self.assertEqual(last["error"]["code"], "busy")
            else:
                self.assertIn("synced", last)
        self.assertEqual([process.returncode for process in processes].count(0) > 0, True)
        self.assert_agrees()

    def test_parallel_acts(self):
        mails = [self.deliver() for _ in range(10)]
        self.cli.sync()
        messages = [self.cli.message(subject) for _, subject in mails]
        commands = [[verb, message, *wait] for message in messages
                    for verb, wait in (("star", []), ("read", ["--wait"]))]
        commands += [["add-label", "Projects", *messages], ["sync"], ["list"], ["labels"]]
        processes = [self.cli.start(*command) for command in commands]
        for command, process in zip(commands, processes):
            out = process.communicate(timeout=120 * harness.PATIENCE)[0]
            self.assertEqual(process.returncode, 0, (command, out[-500:]))
        self.cli.sync()
        for message_id, _ in mails:
            self.assertEqual(self.witness.where(message_id), ["INBOX", "Projects"])
            for folder in ("INBOX", "Projects"):
                self.assertEqual(self.witness.flags(folder, message_id),
                                 {frozenset({"\\Seen", "\\Flagged"})})
        self.assert_agrees()

    def test_two_folders_of_state_agree(self):
        other = self.new_cli()
        message_id, subject, message = self.mail()
        other.sync()
        self.cli.do("star", message, "--wait")
        other.do("archive", other.message(subject), "--wait")
        self.cli.sync()
        other.sync()
        for cli in (self.cli, other):
            row = cli.find(subject)
            self.assertEqual((row["labels"], row["starred"]), (["Archive"], True))
            self.assert_agrees(cli)


# -- A server that talks nonsense -------------------------------------------------------------


class Peer:
    """Speaks IMAP by TLS as SCRIPT says; a script is called with each connection."""

    def __init__(self, folder, script):
        self.ca = folder / "ca.pem"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "good.pem", folder / "good.key")
        self.script = script
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(raw,), daemon=True).start()

    def talk(self, raw):
        with contextlib.suppress(OSError, ssl.SSLError, ValueError), raw:
            with self.context.wrap_socket(raw, server_side=True) as tls:
                self.script(Talk(tls))


class Talk:
    """One connection of the peer."""

    CAPABILITIES = b"IMAP4rev1 SASL-IR UIDPLUS MOVE IDLE NAMESPACE LITERAL+ AUTH=PLAIN"

    def __init__(self, tls):
        self.tls = tls
        self.lines = tls.makefile("rb")

    def say(self, data):
        self.tls.sendall(data)

    def command(self):
        """(tag, name, rest) of the next one."""
        line = self.lines.readline()
        if not line:
            raise OSError
        tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
        name, _, rest = rest.partition(b" ")
        if name.upper() == b"UID":
            name, _, rest = rest.partition(b" ")
        return tag, name.upper(), rest

    def greet(self):
        self.say(b"* OK [CAPABILITY " + self.CAPABILITIES + b"] ready\r\n")

    def serve(self, answers, until=None):
        """Answers like a small honest server, but for ANSWERS: {command: bytes}; TAG is replaced."""
        honest = {
            b"CAPABILITY": b"* CAPABILITY " + self.CAPABILITIES + b"\r\nTAG OK done\r\n",
            b"NAMESPACE": b'* NAMESPACE (("" "/")) NIL NIL\r\nTAG OK done\r\n',
            b"LIST": b'* LIST () "/" INBOX\r\n* LIST () "/" Archive\r\nTAG OK done\r\n',
            b"EXAMINE": b"* FLAGS (\\Seen)\r\n* 3 EXISTS\r\n* 0 RECENT\r\n"
                       b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n"
                       b"TAG OK [READ-WRITE] done\r\n",
            b"STATUS": b"* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7 UNSEEN 3)\r\n"
                       b"TAG OK done\r\n",
            b"FETCH": b"* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\n"
                      b"* 3 FETCH (UID 3 FLAGS ())\r\nTAG OK done\r\n",
            b"LOGOUT": b"* BYE\r\nTAG OK done\r\n",
        }
        while True:
            tag, name, rest = self.command()
            name = b"EXAMINE" if name == b"SELECT" else name
            answer = answers.get(name, honest.get(name, b"TAG OK done\r\n"))
            if callable(answer):
                answer = answer(self, tag, rest)
            self.say(answer.replace(b"TAG", tag))
            if answer.endswith(b"* BYE\r\n"):
                return


def endless(piece):
    def answer(talk, tag, rest):
        while True:
            talk.say(piece)
    return answer


def fetch(line):
    return b"* 1 FETCH (" + line + b")\r\nTAG OK done\r\n"


GREETINGS = {
    "rubbish": b"\x00\xff\xfe rubbish\r\n" * 50,
    "http": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "bye": b"* BYE too busy\r\n",
    "preauth": b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n",
    "nothing": b"",
    "no line end": b"* OK " + b"x" * 3_000_000,
    "an answer to nothing": b"A1 OK what\r\n",
    "a literal in the greeting": b"* OK {4000000000}\r\n",
}
ANSWERS = {
    "bye at once": {b"EXAMINE": b"* BYE gone\r\n"},
    "a wrong tag": {b"EXAMINE": b"ZZZ99 OK done\r\n"},
    "rubbish": {b"EXAMINE": lambda *_: os.urandom(3000) + b"\r\nTAG OK done\r\n"},
    "rubbish and an end": {b"EXAMINE": lambda *_: os.urandom(3000) + b"\r\n* BYE\r\n"},
    "an endless line": {b"LIST": endless(b"x" * 65536)},
    "endless lines": {b"LIST": endless(b'* LIST () "/" a\r\n' * 4000)},
    "endless exists": {b"EXAMINE": endless(b"* 4 EXISTS\r\n" * 4000)},
    "a huge literal": {b"FETCH": b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\nx\r\n* BYE\r\n"},
    "endless messages": {b"FETCH": endless(b"* 1 FETCH (UID 1 FLAGS ())\r\n" * 4000)},
    "a literal beyond numbers": {b"FETCH": b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n"},
    "a negative literal": {b"FETCH": b"* 1 FETCH (UID 1 BODY[] {-1}\r\nTAG OK done\r\n"},
    "a literal in LIST": {b"LIST": b'* LIST () "/" {2000000000}\r\n'},
    "nested parentheses": {b"FETCH": b"* 1 FETCH (" + b"(" * 200000 + b"\r\nTAG OK done\r\n"},
    "uids from nowhere": {b"FETCH": fetch(b"UID 4294967295 FLAGS (\\Seen)")},
    "uid nought": {b"FETCH": fetch(b"UID 0 FLAGS ()")},
    "a sequence beyond": {b"FETCH": b"* 999999999 FETCH (UID 2 FLAGS ())\r\nTAG OK done\r\n"},
    "many exists": {b"EXAMINE": b"* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                               b"* OK [UIDNEXT 4294967295] ok\r\nTAG OK done\r\n"},
    "expunge of everything": {b"FETCH": b"* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\nTAG OK done"
                                        b"\r\n"},
    "expunge of what is not there": {b"FETCH": b"* 4000000 EXPUNGE\r\nTAG OK done\r\n"},
    "no to everything": {b"EXAMINE": b"TAG NO go away\r\n", b"LIST": b"TAG NO go away\r\n"},
    "bad to everything": {b"LIST": b"TAG BAD what\r\n"},
    "a name of nothing": {b"LIST": b'* LIST () "/" ""\r\n* LIST () "" "x"\r\n* LIST () NIL "y/z"'
                                   b'\r\n* LIST () "/" "&AAAA-&"\r\nTAG OK done\r\n'},
    "names that are paths": {b"LIST": b'* LIST () "/" "../../../etc/passwd"\r\n'
                                      b'* LIST () "/" "/etc"\r\n* LIST () "/" "a//b"\r\n'
                                      b'* LIST () "/" INBOX\r\nTAG OK done\r\n'},
    "a continuation nobody asked for": {b"EXAMINE": b"+ go on\r\n" * 5 + b"TAG OK done\r\n"},
    "endless continuations": {b"EXAMINE": endless(b"+ go on\r\n" * 4000)},
}


class Nonsense(harness.unittest.TestCase):
    """Each ends with an error that has a name, in bounded time and memory, or does no harm."""

    assert_error = harness.Case.assert_error
    new_folder = harness.Case.new_folder

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="pinion-peer-")))
        certificates.make_certificates(cls.folder, ("good",))

    def run_peer(self, script):
        peer = Peer(self.folder, script)
        self.addCleanup(peer.close)
        return peer

    def add(self, peer, smtp):
        cli = harness.Cli(self.new_folder() / "data", "secret-of-the-test")
        return cli, cli.run(
            "account", "add", "--email", "a@b.example", "--imap-host", "localhost", "--imap-port",
            peer.port, "--imap-tls", "tls", "--imap-user", "a", "--smtp-host", "localhost",
            "--smtp-port", smtp.port, "--smtp-tls", "tls", "--ca", peer.ca, "--history", "all")

    def in_parallel(self, function, cases):
        """Most of them wait for what never comes."""
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            running = {name: pool.submit(function, case) for name, case in cases.items()}
            for name, future in running.items():
                with self.subTest(name):
                    seconds, done = future.result()
                    print(f"  {name}: {seconds:.1f} s,"
                          f" {done.error['code'] if done.status else 'done'}")
                    self.assertLess(seconds, LONGEST_SECONDS * harness.PATIENCE)
                    if done.status:
                        self.assert_error(done, done.error["code"], protocol="imap")
                        self.assertNotEqual(done.error["code"], "internal", str(done))
                    self.assertNotIn("secret-of-the-test", done.out.decode() + done.err)
        if harness.PATIENCE < 2:
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            self.assertLess(peak, MEMORY_MB)

    @staticmethod
    def submission(talk):
        """Just enough SMTP to sign in."""
        talk.say(b"220 mail.example ESMTP\r\n")
        while True:
            line = talk.lines.readline().upper()
            if not line:
                return
            if line.startswith(b"EHLO"):
                talk.say(b"250-mail.example\r\n250 AUTH PLAIN\r\n")
            elif line.startswith(b"AUTH"):
                talk.say(b"235 ok\r\n")
            elif line.startswith(b"QUIT"):
                talk.say(b"221 bye\r\n")
                return
            else:
                talk.say(b"250 ok\r\n")

    def test_greetings(self):
        smtp = self.run_peer(self.submission)

        def check(greeting):
            def script(talk):
                talk.tls.settimeout(3)
                talk.say(greeting)
                talk.command()
                time.sleep(1)

            began = time.monotonic()
            _, done = self.add(self.run_peer(script), smtp)
            self.assertEqual(done.status, 1, str(done))
            return time.monotonic() - began, done

        self.in_parallel(check, GREETINGS)

    def test_answers(self):
        smtp = self.run_peer(self.submission)

        def check(answers):
            mood = {}

            def script(talk):
                talk.greet()
                talk.serve(mood)

            cli, done = self.add(self.run_peer(script), smtp)
            self.assertEqual(done.status, 0, str(done))
            mood.update(answers)
            began = time.monotonic()
            nonsense = cli.run("sync")
            seconds = time.monotonic() - began
            cli.do("labels")
            cli.do("list")
            mood.clear()
            cli.do("sync")
            self.assertLessEqual({"INBOX", "Archive"}, set(cli.labels()))
            return seconds, nonsense

        self.in_parallel(check, ANSWERS)


if __name__ == "__main__":
    harness.main()
