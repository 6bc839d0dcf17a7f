#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo server and its mailbox are what the other tests take them for."""

import email
import email.policy
import imaplib
import json
import os
import pathlib
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import certificates
import documents
import guard
import mailbox
import maildir
import ports
import server
import services

NOW = 1795377600
ARRIVAL_SECONDS = 2
BEFORE = "IMAP4 IMAP4rev1 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
AFTER = (
    "IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
)
CHANGED_BY_TESTS = ("INBOX", "日本")
LIST_LINE = re.compile(rb'\(([^)]*)\) "/" (.+)')


def until(condition, seconds=5):
    """Whether CONDITION came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def unquoted(name):
    if not name.startswith(b'"'):
        return name.decode()
    return re.sub(r"\\(.)", r"\1", name[1:-1].decode())


def decoded(name):
    """Modified UTF-7 backwards, independently of maildir.py: through Python's UTF-7."""

    def shifted(match):
        return (
            ("+" + match[1].replace(",", "/") + "-").encode().decode("utf-7") if match[1] else "&"
        )

    return re.sub(r"&([^-]*)-", shifted, name)


def folder_names(client):
    return {decoded(unquoted(LIST_LINE.fullmatch(line)[2])) for line in client.list()[1]}


def listed(line):
    return " ".join(line.split()[2:]) if line.startswith("* CAPABILITY") else None


def capability(connection):
    """What the server answers to CAPABILITY, in its own order."""
    connection.sendall(b"a CAPABILITY\r\n")
    text = b""
    while b"a OK" not in text:
        text += connection.recv(4096)
    return listed(text.decode().splitlines()[0])


class Mailbox(unittest.TestCase):
    def write(self, **options):
        folder = tempfile.mkdtemp(prefix="pinion-box-")
        self.addCleanup(shutil.rmtree, folder)
        return mailbox.write_mailbox(folder, now=NOW, **options), pathlib.Path(folder)

    @staticmethod
    def contents(folder):
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    def test_the_same_seed_gives_the_same_bytes(self):
        first, first_folder = self.write(seed=3)
        second, second_folder = self.write(seed=3)
        self.assertEqual(first["digest"], second["digest"])
        self.assertEqual(self.contents(first_folder), self.contents(second_folder))
        self.assertNotEqual(first["digest"], self.write(seed=4)[0]["digest"])

    def test_the_manifest_tells_what_is_there(self):
        manifest, folder = self.write(seed=1)
        messages = [path for path in (folder / "Maildir").rglob("*") if path.parent.name == "cur"]
        self.assertEqual(manifest["messages"], len(messages))
        self.assertGreater(manifest["messages"], 300)
        inbox = [path.name for path in (folder / "Maildir" / "cur").iterdir()]
        self.assertEqual(manifest["folders"]["INBOX"]["messages"], len(inbox))
        self.assertEqual(
            manifest["folders"]["INBOX"]["unread"],
            sum("S" not in name.rpartition(",")[2] for name in inbox),
        )

    def test_sizes_in_file_names_are_true(self):
        _, folder = self.write(seed=1)
        for path in (folder / "Maildir").rglob("*.demo,*"):
            raw = path.read_bytes()
            size, with_crlf = map(int, re.search(r",S=(\d+),W=(\d+)", path.name).groups())
            self.assertEqual((size, with_crlf), (len(raw), len(re.sub(rb"\r?\n", b"\r\n", raw))))

    def test_it_reaches_from_today_to_three_years_ago(self):
        _, folder = self.write(seed=1)
        ages = [
            (NOW - path.stat().st_mtime) / 86400 for path in (folder / "Maildir").rglob("*.demo,*")
        ]
        self.assertGreaterEqual(min(ages), 0)
        for first, last in ((0, 0.5), (1, 7), (30, 60), (200, 365), (366, 720), (1000, 1200)):
            self.assertTrue(any(first <= age <= last for age in ages), (first, last))

    def test_big_mailboxes_are_of_realistic_size(self):
        manifest, _ = self.write(seed=5, count=600)
        self.assertEqual(manifest["messages"], 600)
        self.assertTrue(6_000 < manifest["median"] < 20_000, manifest["median"])
        self.assertGreater(manifest["largest"], 100_000)

    def test_documents_are_real(self):
        pdf = documents.pdf(["Title", "Line (with brackets)"])
        start = int(re.search(rb"startxref\n(\d+)", pdf)[1])
        self.assertTrue(pdf[start:].startswith(b"xref\n0 7\n"))
        places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf)]
        self.assertTrue(
            all(
                pdf[place:].startswith(b"%d 0 obj" % number)
                for number, place in enumerate(places, 1)
            )
        )
        packed = documents.winmail("Subject", "Body", [("a.txt", "text/plain", b"hello")])
        self.assertTrue(packed.startswith(b"\x78\x9f\x3e\x22"))
        self.assertIn("a.txt".encode("utf-16-le"), packed)

    def test_messages_parse(self):
        """Python's parser finds no defect but the one planted in the header that shouts."""
        _, folder = self.write(seed=1)
        for path in (folder / "Maildir").rglob("*.demo,*"):
            message = email.message_from_bytes(path.read_bytes())
            if message["Subject"] != "A header that shouts":
                defects = [defect for part in message.walk() for defect in part.defects]
                self.assertEqual(defects, [], message["Subject"])


class Served(unittest.TestCase):
    """One server for all of these."""

    @classmethod
    def setUpClass(cls):
        cls.server = server.DemoServer(now=NOW, seed=1).start()
        cls.addClassCleanup(cls.server.stop)

    def connect(self, port):
        connection = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(connection.close)
        return connection

    def sign_in(self, user=None):
        client = self.server.imap(user)
        self.addCleanup(client.logout)
        return client

    def sending(self, user=None):
        if not self.server.smtp_starttls:
            self.skipTest("Postfix starts only as root")
        client = self.server.smtp(user)
        self.addCleanup(client.quit)
        return client

    def test_capabilities_over_tls(self):
        connection = self.server.tls().wrap_socket(
            self.connect(self.server.imap_tls), server_hostname="localhost"
        )
        self.addCleanup(connection.close)
        self.assertIn(services.GREETING.encode(), connection.recv(4096))
        self.assertEqual(capability(connection), f"{BEFORE} AUTH=PLAIN")
        connection.sendall(f'b LOGIN {self.server.email} "{self.server.password}"\r\n'.encode())
        self.assertIn(b"b OK", connection.recv(4096))
        self.assertEqual(capability(connection), AFTER)

    def test_capabilities_before_starttls(self):
        connection = self.connect(self.server.imap_starttls)
        self.assertIn(services.GREETING.encode(), connection.recv(4096))
        self.assertEqual(capability(connection), f"{BEFORE} STARTTLS LOGINDISABLED")

    def test_starttls(self):
        client = imaplib.IMAP4("localhost", self.server.imap_starttls)
        client.starttls(ssl_context=self.server.tls())
        client.login(self.server.email, self.server.password)
        self.assertEqual(client.capability()[1][0].decode(), AFTER)
        client.logout()

    def test_no_password_without_tls(self):
        client = imaplib.IMAP4("localhost", self.server.imap_starttls)
        with self.assertRaisesRegex(imaplib.IMAP4.error, "PRIVACYREQUIRED"):
            client.login(self.server.email, self.server.password)
        client.logout()

    def test_every_form_of_the_user_name(self):
        for user in (
            "anna@northwind.example",
            "Anna@Northwind.Example",
            "NORTHWIND\\anna",
            "anna",
            self.server.shared["user"],
        ):
            with self.subTest(user):
                self.sign_in(user).select("INBOX")

    def test_a_wrong_password_is_refused_at_once(self):
        began = time.monotonic()
        for _ in range(4):
            client = imaplib.IMAP4_SSL(
                "localhost", self.server.imap_tls, ssl_context=self.server.tls()
            )
            with self.assertRaises(imaplib.IMAP4.error):
                client.login(self.server.email, "wrong")
            client.shutdown()
        self.assertLess(time.monotonic() - began, 3)

    def test_namespace_and_id(self):
        client = self.sign_in()
        self.assertEqual(client.namespace()[1], [b'(("" "/")) NIL NIL'])
        client.xatom("ID", "NIL")
        self.assertIn(b"Microsoft.Exchange.Imap4.Imap4Server", client.response("ID")[1][0])

    def test_folder_names_come_back_as_they_were_made(self):
        client = self.sign_in()
        names = folder_names(client)
        for name in mailbox.EXCHANGE_FOLDERS + mailbox.LABELS:
            self.assertIn(name, names)
        self.assertGreaterEqual(max(name.count("/") for name in names), 5)
        for name in (
            '100% "sure"',
            "Wish*list",
            "Back\\slash",
            "Trailing blank ",
            "日本",
            "🌱 Garden",
        ):
            answer, _ = client.select(server.imap_quoted(maildir.encode_name(name)))
            self.assertEqual(answer, "OK", name)

    def test_every_message_is_served(self):
        client = self.sign_in()
        manifest = json.loads(
            (pathlib.Path(self.server.maildir).parent / "manifest.json").read_text()
        )
        for name, folder in manifest["folders"].items():
            if name in CHANGED_BY_TESTS:
                continue
            quoted = server.imap_quoted(maildir.encode_name(name))
            self.assertEqual(
                client.select(quoted, readonly=True)[1], [str(folder["messages"]).encode()], name
            )
            if folder["messages"]:
                self.assertEqual(
                    client.fetch("1:*", "(UID FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[])")[0], "OK"
                )
                self.assertEqual(
                    len(client.search(None, "UNSEEN")[1][0].split()), folder["unread"], name
                )

    def test_one_message_may_have_two_labels(self):
        client = self.sign_in()
        found = 0
        for name in ("INBOX", "Projects/Aurora", "Sent Items"):
            client.select(server.imap_quoted(name), readonly=True)
            found += len(
                client.search(None, "SUBJECT", '"Firmware 2.4 goes"', "FROM", '"Maya"')[1][
                    0
                ].split()
            )
        self.assertEqual(found, 4)  # two letters of Maya's, in two folders

    def test_smtp_both_ways(self):
        begun = self.sending()
        encrypted = smtplib.SMTP_SSL("localhost", self.server.smtp_tls, context=self.server.tls())
        self.addCleanup(encrypted.quit)
        for client in (begun, encrypted):
            client.ehlo()
            self.assertEqual(client.esmtp_features["auth"].split(), ["PLAIN", "LOGIN"])
            self.assertEqual(client.esmtp_features["size"], "37748736")
            self.assertNotIn("smtputf8", client.esmtp_features)

    def test_smtp_takes_no_password_before_tls(self):
        self.sending()
        client = smtplib.SMTP("localhost", self.server.smtp_starttls)
        self.addCleanup(client.quit)
        client.ehlo()
        self.assertNotIn("auth", client.esmtp_features)
        self.assertIn("starttls", client.esmtp_features)
        self.assertEqual(client.docmd("AUTH", "PLAIN AGEAYg==")[0], 530)
        self.assertEqual(client.docmd("MAIL", "FROM:<anna@northwind.example>")[0], 530)

    def test_sent_mail_arrives_in_time(self):
        sender, client = self.sending("NORTHWIND\\anna"), self.sign_in()
        other, sink = self.sign_in(self.server.user2), self.sign_in(self.server.sink)
        receivers = [self.server.email, self.server.user2, "claire.dubois@meteo-lac.example"]
        token = f"token {time.time_ns()}"
        raw = f"From: {self.server.email}\r\nSubject: {token}\r\n\r\nHello\r\n"
        began = time.monotonic()
        self.assertEqual(sender.sendmail(self.server.email, receivers, raw), {})
        for mailbox_ in (client, other, sink):
            self.assertTrue(
                until(
                    lambda: mailbox_.select("INBOX")
                    and mailbox_.search(None, "SUBJECT", server.imap_quoted(token))[1][0]
                )
            )
        self.assertLess(time.monotonic() - began, ARRIVAL_SECONDS)
        number = sink.search(None, "SUBJECT", server.imap_quoted(token))[1][0].split()[-1]
        head = sink.fetch(number, "(BODY.PEEK[HEADER])")[1][0][1]
        self.assertIn(b"Delivered-To: sink+claire.dubois=meteo-lac.example@northwind.example", head)

    def test_refusals(self):
        client, mine = self.sending(), self.server.email
        for code, sender, receiver in (
            (553, "henrik@northwind.example", mine),
            (550, mine, "nobody@northwind.example"),
            (550, mine, "someone@outside.test"),
        ):
            with self.subTest(receiver=receiver, sender=sender):
                with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                    client.sendmail(sender, [receiver], "Subject: x\r\n\r\n")
                self.assertEqual(refused.exception.recipients[receiver][0], code)

    def test_delivered_behind_the_servers_back(self):
        client = self.sign_in()
        client.select("INBOX")
        before = int(client.select("INBOX")[1][0])
        self.server.deliver(b"Subject: straight in\n\nHello\n")
        self.assertTrue(until(lambda: int(client.select("INBOX")[1][0]) == before + 1))
        self.server.deliver(b"Subject: read already\n\nHello\n", "日本", "S")
        client.select(maildir.encode_name("日本"))
        self.assertTrue(client.search(None, "SEEN", "SUBJECT", '"read already"')[1][0])

    def test_two_servers_at_once(self):
        with server.DemoServer(mailbox="empty") as other:
            ports = {
                getattr(each, name)
                for each in (self.server, other)
                for name in ("imap_tls", "imap_starttls", "smtp_starttls", "smtp_tls")
            }
            self.assertEqual(len(ports - {None}), 8 if other.smtp_tls else 4)
            client = other.imap()
            self.assertEqual(client.select("INBOX")[1], [b"0"])
            client.logout()


class Options(unittest.TestCase):
    def test_full_capability(self):
        with server.DemoServer(mailbox="empty", capability="full", greeting="Hello.") as full:
            client = full.imap()
            self.assertIn(b"Hello.", client.welcome)
            for word in ("CONDSTORE", "QRESYNC", "SPECIAL-USE", "LIST-STATUS", "SORT", "ESEARCH"):
                self.assertIn(word, client.capability()[1][0].decode().split())
            client.logout()

    def test_own_password_and_home(self):
        home = tempfile.mkdtemp(prefix="pinion-box-")
        self.addCleanup(shutil.rmtree, home)
        mailbox.write_mailbox(home, count=20, now=NOW)
        with server.DemoServer(password='pass "word" \\ ä:', mailbox=home) as own:
            self.assertEqual(own.password, 'pass "word" \\ ä:')
            client = imaplib.IMAP4_SSL("localhost", own.imap_tls, ssl_context=own.tls())
            client.authenticate("PLAIN", lambda _: f"\0{own.email}\0{own.password}".encode())
            client.select("INBOX")
            client.logout()
        self.assertTrue(pathlib.Path(home, "manifest.json").exists())

    def test_wrong_certificates(self):
        reasons = {
            "expired": "certificate has expired",
            "not-yet-valid": "certificate is not yet valid",
            "other-name": "not valid for 'localhost'",
            "self-signed": "self-signed certificate",
            "unknown-issuer": "unable to get local issuer",
        }
        for kind, reason in reasons.items():
            with self.subTest(kind), server.DemoServer(mailbox="empty", certificate=kind) as wrong:
                strict = ssl.create_default_context(cafile=wrong.ca)
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, reason):
                    imaplib.IMAP4_SSL("localhost", wrong.imap_tls, ssl_context=strict)
                wrong.imap().logout()

    def test_certificates_alone(self):
        folder = tempfile.mkdtemp(prefix="pinion-tls-")
        self.addCleanup(shutil.rmtree, folder)
        certificates.make_certificates(folder)
        for kind in certificates.KINDS:
            self.assertTrue(pathlib.Path(folder, f"{kind}.pem").exists())


class Ports(unittest.TestCase):
    """Whoever takes one has it alone, from the moment it is seen to be free."""

    AMONG = range(19000, 19040)
    TAKE = (
        "import ports, sys\n"
        "print(*(ports.take(range({0.start}, {0.stop})) for _ in range(3)), flush=True)\n"
        "sys.stdin.read()\n"
    )

    def takers(self, n):
        for _ in range(n):
            process = subprocess.Popen(
                [sys.executable, "-B", "-c", self.TAKE.format(self.AMONG)],
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.addCleanup(process.wait)
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.stdin.close)
            yield process

    def test_each_has_its_own(self):
        taken = [
            int(port) for one in list(self.takers(8)) for port in one.stdout.readline().split()
        ]
        self.assertEqual(len(taken), 24)
        self.assertEqual(len(set(taken)), 24, taken)

    def test_it_goes_with_the_process(self):
        for one in self.takers(1):
            taken = one.stdout.readline().split()
            one.kill()
            one.wait()
        for port in map(int, taken):
            self.assertEqual(ports.take([port]), port)


class Ends(unittest.TestCase):
    """However it ends, nothing is left."""

    def running(self):
        process = subprocess.Popen(
            [sys.executable, HERE / "server.py", "--mailbox=empty"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.stdout.close)
        facts = json.loads(process.stdout.readline())
        state = pathlib.Path(facts["ca"]).parent.parent
        return process, state, guard.descendants(process.pid)

    def assert_gone(self, process, state, below):
        process.wait(10)
        self.assertTrue(until(lambda: not state.exists()), f"{state} is left")
        self.assertTrue(
            until(lambda: not any(map(alive, below))), [pid for pid in below if alive(pid)]
        )

    def test_standard_input_closed(self):
        process, state, below = self.running()
        self.assertGreater(len(below), 5)
        process.stdin.close()
        self.assert_gone(process, state, below)
        self.assertEqual(process.returncode, 0)

    def test_terminated(self):
        process, state, below = self.running()
        process.terminate()
        self.assert_gone(process, state, below)

    def test_killed(self):
        process, state, below = self.running()
        process.kill()
        self.assert_gone(process, state, below)

    def test_keeper_killed(self):
        process, state, below = self.running()
        os.kill(below[0], signal.SIGKILL)
        self.assert_gone(process, state, below)

    def test_daemon_killed(self):
        process, state, below = self.running()
        master = next(pid for pid in below if name_of(pid) == "dovecot")
        os.kill(master, signal.SIGKILL)
        self.assert_gone(process, state, below)
        self.assertEqual(process.returncode, 1)

    def test_parent_killed(self):
        script = (
            "import subprocess, sys, time\n"
            f"command = [sys.executable, {str(HERE / 'server.py')!r}, '--mailbox=empty']\n"
            "subprocess.Popen(command, stdin=sys.stdin)\n"
            "time.sleep(60)\n"
        )
        reader, writer = os.pipe()
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdin=reader, stdout=subprocess.PIPE
        )
        self.addCleanup(os.close, writer)
        self.addCleanup(os.close, reader)
        self.addCleanup(parent.stdout.close)
        facts = json.loads(parent.stdout.readline())
        below = [facts["pid"], *guard.descendants(facts["pid"])]
        parent.kill()
        self.assert_gone(parent, pathlib.Path(facts["ca"]).parent.parent, below)


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


if __name__ == "__main__":
    unittest.main(verbosity=2)
