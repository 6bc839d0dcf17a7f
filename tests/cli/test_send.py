#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sent once, filed in Sent once, and exactly what was written arrives."""

import datetime
import email
import email.policy
import email.utils
import hashlib
import time

import harness

SINK = "sink@northwind.example"
JONAS = "jonas.brandt@northwind.example"


class Send(harness.Case):
    shared = True

    def setUp(self):
        super().setUp()
        self.subject = f"{self._testMethodName} {time.time_ns()}"
        self.sink = harness.Witness(self.server, SINK)
        self.jonas = harness.Witness(self.server, JONAS)

    def file(self, content, name="text.txt"):
        path = self.new_folder() / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def send(self, *words, text="Hello.\n", to=JONAS, wait=True):
        return self.cli.do("send", *(["--to", to] if to else []), "--subject", self.subject,
                           *(["--text-file", self.file(text)] if text is not None else []),
                           *words, *(["--wait"] if wait else []))

    @staticmethod
    def raws(witness, folder, subject):
        """Every message with this subject."""
        with witness.open(folder, readonly=True) as client:
            answer = client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
        found = [item[1] for item in answer if isinstance(item, tuple)]
        return [raw for raw in found
                if email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject]

    def arrived(self, witness=None, count=1):
        """The one copy that arrived, and that no second one does."""
        witness = witness or self.jonas
        harness.until(lambda: len(self.raws(witness, "INBOX", self.subject)) >= count)
        raws = self.raws(witness, "INBOX", self.subject)
        self.assertEqual(len(raws), count)
        return raws[0], email.message_from_bytes(raws[0], policy=email.policy.default)

    def filed(self):
        raws = self.raws(self.witness, "Sent Items", self.subject)
        self.assertEqual(len(raws), 1)
        return raws[0], email.message_from_bytes(raws[0], policy=email.policy.default)

    def body(self, message, kind="plain"):
        return message.get_body((kind,)).get_content().replace("\r\n", "\n")

    def test_plain(self):
        self.send()
        self.assertEqual(self.cli.do("outbox"), [])
        self.assertEqual(self.cli.do("pending"), [])
        _, message = self.arrived()
        _, kept = self.filed()
        self.assertEqual(self.body(message), "Hello.\n")
        self.assertEqual(message["Message-ID"], kept["Message-ID"])
        self.assertEqual(message["From"], "Anna Keller <anna@northwind.example>")
        self.assertEqual(message["To"], JONAS)
        written = email.utils.parsedate_to_datetime(message["Date"])
        now = datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs((written - now).total_seconds()), 120)
        self.assertEqual(self.witness.flags("Sent Items", str(kept["Message-ID"])),
                         {frozenset({"\\Seen"})})
        for header in ("X-Mailer", "User-Agent", "X-Pinion-Draft", "X-Originating-IP", "Bcc"):
            self.assertNotIn(header, message)
        self.cli.sync()
        row = self.cli.find(self.subject, "Sent Items")
        self.assertEqual((row["unread"], len(row["messages"])), (False, 1))
        self.assertEqual(row["labels"], ["Sent Items"])
        self.assert_agrees(ignored=["Drafts"])

    def test_later_instead_of_at_once(self):
        outbox = self.send(wait=False)[-1]["outbox"]
        waiting = self.cli.do("outbox")
        self.assertEqual([(one["id"], one["subject"]) for one in waiting],
                         [(outbox, self.subject)])
        self.assertEqual(self.raws(self.witness, "Sent Items", self.subject), [])
        self.cli.sync()
        self.assertEqual(self.cli.do("outbox"), [])
        self.arrived()
        self.filed()
        self.cli.sync()
        self.arrived()
        self.filed()
        self.assertEqual(len(self.cli.find(self.subject)["messages"]), 1)

    def test_bcc_stays_secret_and_is_kept(self):
        self.send("--cc", "Carla <carla@lakeside.example>", "--bcc", SINK)
        raw, message = self.arrived()
        secret, hidden = self.arrived(self.sink, 2)
        for text in (raw, secret):
            self.assertNotIn(b"Bcc", text)
            self.assertNotIn(b"sink@northwind.example", email.message_from_bytes(text).as_bytes()
                             .split(b"Subject:")[1])
        self.assertEqual(message["Cc"], "Carla <carla@lakeside.example>")
        _, kept = self.filed()
        self.assertEqual(kept["Bcc"], SINK)

    def test_only_bcc(self):
        self.cli.run("send", "--bcc", JONAS, "--to", SINK, "--subject", self.subject, "--wait")
        self.arrived()

    def test_dots_and_endings(self):
        text = ".\n..\n.hidden\n...\nFrom here on\n-- \nAnna\n.\n\n.\n"
        self.send(text=text)
        _, message = self.arrived()
        self.assertEqual(self.body(message).rstrip("\n"), text.rstrip("\n"))
        _, kept = self.filed()
        self.assertEqual(self.body(kept).rstrip("\n"), text.rstrip("\n"))

    def test_long_lines_and_no_last_newline(self):
        text = "x" * 5000 + "\n" + "wörter " * 500 + "\nend"
        self.send(text=text)
        raw, message = self.arrived()
        self.assertLessEqual(max(len(line) for line in raw.split(b"\r\n")), 998)
        self.assertEqual(self.body(message).rstrip("\n"), text)

    def test_every_script(self):
        self.subject = f"Grüße 日本語 العربية 🌱 {'lang ' * 40}{time.time_ns()}"
        text = "Grüße aus Köln\n日本語のテキスト\nمرحبا\n🌱🚀\n"
        self.send("--cc", "Jürgen Müller <juergen@lakeside.example>", text=text)
        raw, message = self.arrived()
        self.assertEqual(self.body(message), text)
        self.assertEqual(message["Subject"], self.subject)
        self.assertEqual(message["Cc"].addresses[0].display_name, "Jürgen Müller")
        raw.split(b"\r\n\r\n")[0].decode("ascii")
        self.cli.sync()
        self.assertIsNotNone(self.cli.find(self.subject, "Sent Items"))

    def test_html_and_text(self):
        html = "<p>Hello <b>Jonas</b>, größer &amp; better.</p>"
        self.send("--html-file", self.file(html, "body.html"), text="Hello Jonas\n")
        _, message = self.arrived()
        self.assertEqual(message.get_content_type(), "multipart/alternative")
        self.assertIn("<b>Jonas</b>", self.body(message, "html"))
        self.assertIn("größer", self.body(message, "html"))
        self.assertEqual(self.body(message), "Hello Jonas\n")

    def test_html_alone_has_text_too(self):
        self.send("--html-file", self.file("<p>Only <i>rich</i></p>", "body.html"), text=None)
        _, message = self.arrived()
        self.assertIn("Only", self.body(message))

    def test_attachments(self):
        contents = {"a plain.txt": b"text\r\nlines\n.\n\rodd", "Bericht für März.pdf":
                    bytes(range(256)) * 400, "empty.bin": b"", "日本.bin": b"\0\r\n\0" * 50,
                    "letter.eml": harness.letter("inner")[1]}
        files = [self.file(content, name) for name, content in contents.items()]
        self.send(*[word for path in files for word in ("--attach", path)])
        _, message = self.arrived()
        found = {part.get_filename(): part for part in message.iter_attachments()}
        self.assertEqual(set(found), set(contents))
        for name, content in contents.items():
            part = found[name]
            got = (part.get_payload(0).as_bytes() if part.is_multipart()
                   else part.get_payload(decode=True))
            if name.endswith(".eml"):
                self.assertEqual(got.replace(b"\r\n", b"\n").strip(),
                                 content.replace(b"\r\n", b"\n").strip())
            else:
                self.assertEqual(got, content, name)
        self.cli.sync()
        shown = self.cli.do("show", self.cli.message(self.subject, "Sent Items"))[0]
        self.assertEqual(len(shown["attachments"]), len(contents))
        for part in shown["attachments"]:
            target = self.new_folder() / "saved"
            self.cli.do("save", shown["message"], part["part"], target)
            if not part["name"].endswith(".eml"):
                self.assertEqual(target.read_bytes(), contents[part["name"]], part)

    def test_a_large_attachment(self):
        content = hashlib.sha256(b"seed").digest() * (6 * 1024 * 1024 // 32)
        self.send("--attach", self.file(content, "large.bin"))
        _, message = self.arrived()
        self.assertEqual(next(message.iter_attachments()).get_payload(decode=True), content)
        self.filed()

    def test_reply(self):
        original_id, subject = self.deliver(References="<root@lakeside.example>")
        self.cli.sync()
        original = self.cli.message(subject)
        self.subject = f"Re: {subject}"
        self.send("--reply-to-message", original)
        _, message = self.arrived()
        self.assertEqual(message["In-Reply-To"], original_id)
        self.assertEqual(message["References"].split(), ["<root@lakeside.example>", original_id])
        self.cli.sync()
        row = self.cli.find(subject, "INBOX") or self.cli.find(self.subject, "INBOX")
        self.assertEqual(len(row["messages"]), 2)
        self.assertEqual(row["messages"][0], original)
        self.assertTrue(self.cli.do("show", original)[0]["answered"])
        self.assertIn("\\Answered", set().union(*self.witness.flags("INBOX", original_id)))

    def test_to_oneself(self):
        self.send(to=self.server.email)
        harness.until(lambda: self.raws(self.witness, "INBOX", self.subject))
        self.cli.sync()
        row = self.cli.find(self.subject, "INBOX")
        self.assertEqual(sorted(row["labels"]), ["INBOX", "Sent Items"])

    def test_many_recipients(self):
        people = [f"p{number}@lakeside.example" for number in range(40)]
        self.send(*[word for one in people for word in ("--to", one)], to=None)
        self.filed()
        self.assertTrue(harness.until(
            lambda: len(self.raws(self.sink, "INBOX", self.subject)) == 40))

    def test_a_refused_recipient(self):
        done = self.cli.run("send", "--to", f"{JONAS}, nobody@northwind.example", "--subject",
                            self.subject, "--wait")
        self.assert_error(done, "recipients-refused", protocol="smtp")
        outbox = [one for one in self.cli.do("outbox") if one["subject"] == self.subject]
        self.addCleanup(self.cli.run, "outbox", "cancel", outbox[0]["id"])
        self.assertIn("nobody@northwind.example", str(done.error))
        self.assertEqual(self.raws(self.jonas, "INBOX", self.subject), [])
        self.assertEqual(outbox[0]["state"], "failed")
        self.assertTrue(outbox[0]["error"])
        self.cli.sync()
        self.assertEqual(self.raws(self.witness, "Sent Items", self.subject), [])
        self.assertGreater(self.cli.do("outbox", "cancel", outbox[0]["id"])[-1]["draft"], 0)
        self.assertNotIn(self.subject, [one["subject"] for one in self.cli.do("outbox")])

    def test_addresses_that_are_none(self):
        for address in ("", "nobody", "a@", "@b.example", "a b@c.example", "a@b.example\r\nRCPT",
                        "<>", ", ,", "\"a\r\n RCPT TO:<evil@x>\"@y.example"):
            done = self.cli.run("send", "--to", address, "--subject", self.subject, "--wait")
            self.assertIn(done.status, (1, 2), str(done))
        self.assertEqual(self.cli.do("outbox"), [])

    def test_header_injection(self):
        path = self.file("x", "f\r\nX-Injected: 1.txt")
        self.subject = f"one\r\nX-Injected: two {time.time_ns()}"
        done = self.cli.run("send", "--to", JONAS, "--subject", self.subject, "--attach", path,
                            "--wait")
        if done.status == 0:
            time.sleep(0.5)
            with self.jonas.open("INBOX", readonly=True) as client:
                answer = client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
            for item in answer:
                if isinstance(item, tuple):
                    self.assertNotRegex(item[1], rb"(?m)^X-Injected")

    def test_missing_files(self):
        for option in ("--attach", "--text-file", "--html-file"):
            done = self.cli.run("send", "--to", JONAS, "--subject", self.subject, option,
                                "/no/such/file")
            self.assertEqual(done.status, 1, str(done))
            self.assertTrue(done.error["message"])
        self.assertEqual(self.cli.do("outbox"), [])

    def test_send_later_and_cancel(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=6)
        outbox = self.send("--at", soon.isoformat(timespec="seconds"), wait=False)[-1]["outbox"]
        self.cli.sync()
        self.assertEqual([one["id"] for one in self.cli.do("outbox")], [outbox])
        self.assertEqual(self.raws(self.jonas, "INBOX", self.subject), [])
        time.sleep(7)
        self.cli.sync()
        self.arrived()
        self.filed()
        kept = self.subject
        self.subject += " cancelled"
        outbox = self.send("--at", "2099-01-01T09:00+02:00", wait=False)[-1]["outbox"]
        self.cli.do("outbox", "cancel", outbox)
        self.cli.sync()
        self.assertEqual(self.cli.do("outbox"), [])
        self.assertEqual(self.raws(self.jonas, "INBOX", self.subject), [])
        self.assertNotEqual(kept, self.subject)
        for wrong in ("yesterday", "2026-13-45", ""):
            done = self.cli.run("send", "--to", JONAS, "--subject", "x", "--at", wrong)
            self.assertEqual(done.status, 2, str(done))

    def test_a_draft_stays_here(self):
        """What a cancelled message becomes: on this computer, and nowhere else."""
        outbox = self.send(wait=False)[-1]["outbox"]
        draft = self.cli.do("outbox", "cancel", outbox)[-1]["draft"]
        self.cli.sync()
        shown = self.cli.do("show", draft)[0]
        self.assertTrue(shown["draft"])
        self.assertEqual(shown["subject"], self.subject)
        for folder in self.witness.folders():
            self.assertEqual(self.raws(self.witness, folder, self.subject), [], folder)
        self.assertEqual(self.raws(self.jonas, "INBOX", self.subject), [])
        self.assertIsNone(self.cli.find(self.subject))
        self.cli.do("delete", draft)
        self.assert_error(self.cli.run("show", draft), "not-found")

    def test_a_server_that_files_by_itself(self):
        """The copy in Sent is there before Pinion comes to file it: no second one is made."""
        self.send(wait=False)
        outbox = list(self.cli.data.rglob("*.eml")) + list(self.cli.data.rglob("outbox*/*"))
        raw = next((path.read_bytes() for path in outbox
                    if path.is_file() and self.subject.encode() in path.read_bytes()), None)
        self.assertIsNotNone(raw)
        self.witness.append("Sent Items", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        self.cli.sync()
        self.filed()
        self.assertEqual(self.cli.do("outbox"), [])


class SendWithExtensions(Send):
    server_options = {"mailbox": "empty", "capability": "full"}


class SubmissionTrouble(harness.Case):
    """What goes wrong between the outbox and the server."""

    def setUp(self):
        self.gate = harness.Gate(self.server.smtp_starttls)
        self.addCleanup(self.gate.shut)
        self.cli = harness.Cli(self.new_folder() / "data", self.server.password)
        done = self.cli.add(self.server, smtp_port=self.gate.port)
        self.assertEqual(done.status, 0, str(done))
        self.jonas = harness.Witness(self.server, JONAS)
        self.subject = f"{self._testMethodName} {time.time_ns()}"

    def test_smtp_away(self):
        self.gate.shut()
        done = self.cli.run("send", "--to", JONAS, "--subject", self.subject, "--wait")
        self.assert_error(done, ("port-closed", "unreachable"), protocol="smtp")
        self.assertEqual(self.cli.do("outbox")[0]["state"], "queued")
        self.cli.sync()
        self.assertEqual(len(self.cli.do("outbox")), 1)
        self.assertEqual(Send.raws(self.jonas, "INBOX", self.subject), [])

    def test_cut_while_connecting_is_tried_again(self):
        """In the greeting, in STARTTLS, and twice in the handshake."""
        for count in (0, 60, 400, 900):
            self.gate.open()
            self.gate.cut_after(count)
            self.cli.run("send", "--to", JONAS, "--subject", f"{self.subject} {count}")
            self.cli.run("sync")
            outbox = self.cli.do("outbox")
            self.assertEqual((len(outbox), outbox[0]["state"]), (1, "queued"), outbox)
            self.cli.do("outbox", "cancel", outbox[0]["id"])

    def test_cut_in_the_middle_never_sends_twice(self):
        text = self.new_folder() / "text"
        text.write_text("line\n" * 60000)
        for count in (1500, 2500, 2600, 2700, 2800, 2900, 3000):
            subject = f"cut after {count}"
            self.gate.open()
            self.gate.cut_after(count)
            self.cli.run("send", "--to", JONAS, "--subject", subject, "--text-file", text,
                         "--wait")
            self.gate.shut()
        self.gate.open()
        for _ in range(2):
            self.cli.sync()
        time.sleep(1)
        arrived = [Send.raws(self.jonas, "INBOX", f"cut after {count}")
                   for count in (1500, 2500, 2600, 2700, 2800, 2900, 3000)]
        self.assertLessEqual(max(map(len, arrived)), 1)


if __name__ == "__main__":
    harness.main()
