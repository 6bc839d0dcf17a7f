#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts that are on the server, too: once, as they are here, and gone with them; and the reverse."""

import contextlib
import email
import email.policy
import email.utils
import random
import re
import sqlite3
import time

import harness

JONAS = "jonas.brandt@northwind.example"
ROUNDS = 8
FLAGS = re.compile(rb"UID (\d+).*FLAGS \(([^)]*)\)|FLAGS \(([^)]*)\).*UID (\d+)")


class OnServer(harness.Case):
    def setUp(self):
        super().setUp()
        self.subject = f"{self._testMethodName} {time.time_ns()}"

    def switch(self, word, cli=None):
        cli = cli or self.cli
        account, = cli.do("account", "list")
        account, = cli.do("account", "set", account["id"], "--server-drafts", word)
        return account["server_drafts"]

    def there(self, subject=None, folder="Drafts"):
        """What the server has with this subject: (uid, flags, message)."""
        found = []
        with self.witness.open(folder, readonly=True) as client:
            for item in client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")[1]:
                if not isinstance(item, tuple):
                    continue
                message = email.message_from_bytes(item[1], policy=email.policy.default)
                if message["Subject"] == (subject or self.subject):
                    match = FLAGS.search(item[0])
                    found.append((int(match[1] or match[4]),
                                  set((match[2] or match[3]).decode().split()) - {"\\Recent"},
                                  message))
        return found

    def file(self, content, name="text.txt"):
        path = self.new_folder() / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def write(self, text, *words, cli=None):
        done, = (cli or self.cli).do("draft", "save", "--subject", self.subject, "--to", JONAS,
                                     "--text-file", self.file(text), *words)
        return done["draft"]

    def one(self, text):
        """The one copy there is, which says this."""
        found = self.there()
        self.assertEqual(len(found), 1)
        _, flags, message = found[0]
        self.assertEqual(flags, {"\\Seen", "\\Draft"})
        self.assertEqual(message.get_body(("plain",)).get_content().strip(), text)
        return message

    def listed(self):
        return sum(row["subject"] == self.subject for row in self.cli.list("Drafts"))

    def files(self):
        """What was made of attachments."""
        return (path for path in (self.cli.data / "files").rglob("*") if path.is_file())

    def forget(self, uid):
        self.witness.command("Drafts", "STORE", str(uid), "+FLAGS", "(\\Deleted)")

    @staticmethod
    def theirs(subject, text, html=None, files=()):
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        message["From"] = "Anna Keller <anna@northwind.example>"
        message["To"] = JONAS
        message["Subject"] = subject
        message["Date"] = email.utils.formatdate()
        message["Message-ID"] = email.utils.make_msgid(domain="phone.example")
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="octet-stream",
                                   filename=name)
        return message.as_bytes()


class Drafts(OnServer):
    shared = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account, = cls.cli.do("account", "list")
        assert not account["server_drafts"]
        cls.cli.do("account", "set", account["id"], "--server-drafts", "on")

    def test_there_once_and_replaced(self):
        draft = self.write("One.")
        self.assertEqual(self.there(), [])
        self.cli.sync()
        message = self.one("One.")
        self.assertEqual(message["To"], JONAS)
        self.assertNotIn("X-Pinion-Draft", message)
        self.cli.sync()
        self.one("One.")
        self.assertEqual(self.write("Two.", "--draft", draft), draft)
        self.cli.sync()
        self.one("Two.")
        self.assertEqual(self.listed(), 1)
        self.assertEqual(self.cli.do("pending"), [])
        self.cli.sync()
        self.one("Two.")
        self.assert_agrees()

    def test_written_offline(self):
        draft = self.write("One.")
        for text in ("Two.", "Three.", "Four."):
            self.write(text, "--draft", draft)
        self.cli.sync()
        self.one("Four.")
        self.assert_agrees()

    def test_files_and_bcc(self):
        draft = self.write("With a file.", "--bcc", "dan@lakeside.example", "--attach",
                           self.file(b"\x00\x01", "a b.bin"))
        self.cli.sync()
        message = self.one("With a file.")
        self.assertEqual(message["Bcc"], "dan@lakeside.example")
        self.assertEqual([(part.get_filename(), part.get_content())
                          for part in message.iter_attachments()], [("a b.bin", b"\x00\x01")])
        self.assertNotIn(str(self.cli.data.parent), message.as_string())
        self.cli.do("draft", "discard", draft)
        self.cli.sync()
        self.assertEqual(self.there(), [])
        self.assert_agrees()

    def test_half_typed(self):
        self.cli.do("draft", "save", "--subject", self.subject, "--to", "jonas@, x",
                    "--text-file", self.file("Half."))
        self.cli.sync()
        self.one("Half.")
        self.assert_healthy()

    def test_discarded(self):
        draft = self.write("Never mind.")
        self.cli.sync()
        self.cli.do("draft", "discard", draft)
        self.assertEqual(self.listed(), 0)
        self.cli.sync()
        self.assertEqual(self.there(), [])
        self.assert_agrees()

    def test_sent(self):
        draft = self.write("To be sent.")
        self.cli.sync()
        self.one("To be sent.")
        self.cli.do("send", "--draft", draft, "--wait")
        self.cli.sync()
        self.assertEqual(self.there(), [])
        sent, = self.there(folder="Sent Items")
        self.assertEqual(sent[1], {"\\Seen"})
        self.assertEqual(self.listed(), 0)
        self.assert_agrees()

    def test_sending_taken_back(self):
        draft = self.write("To be sent.", "--attach", self.file(b"abc", "kept.bin"))
        self.cli.sync()
        outbox, = self.cli.do("send", "--draft", draft, "--at", "2099-01-01T09:00")
        self.cli.sync()
        self.assertEqual(self.there(), [])
        back, = self.cli.do("outbox", "cancel", outbox["outbox"])
        self.assertEqual(back["draft"], draft)
        self.cli.sync()
        message = self.one("To be sent.")
        self.assertEqual([part.get_filename() for part in message.iter_attachments()], ["kept.bin"])
        self.write("Not yet.", "--draft", draft)
        self.cli.sync()
        message = self.one("Not yet.")
        self.assertEqual([part.get_content() for part in message.iter_attachments()], [b"abc"])
        self.assert_agrees()

    def test_deleted_there(self):
        draft = self.write("One.")
        other = self.write("Other.")
        self.cli.sync()
        for uid, _, _ in self.there():
            self.forget(uid)
        self.write("Written on.", "--draft", other)
        self.cli.sync()
        self.cli.sync()
        self.one("Written on.")
        self.assertEqual(self.listed(), 1)
        self.assertEqual(self.cli.run("show", draft).status, 1)
        self.assert_agrees()

    def test_thrown_away_there(self):
        self.write("One.")
        self.cli.sync()
        (uid, _, _), = self.there()
        self.witness.command("Drafts", "COPY", str(uid), '"Deleted Items"')
        self.forget(uid)
        self.cli.sync()
        self.assertEqual(self.listed(), 0)
        self.assertEqual(len(self.there(folder="Deleted Items")), 1)
        self.assert_agrees()

    def test_edited_there(self):
        """As Exchange does it: the Message-ID stays, and the UID is another one."""
        draft = self.write("One.")
        self.cli.sync()
        (uid, _, message), = self.there()
        message.set_content("Edited there, on the phone.")
        self.forget(uid)
        self.witness.append("Drafts", message.as_bytes(policy=email.policy.SMTP),
                            "(\\Seen \\Draft)")
        self.cli.sync()
        self.one("Edited there, on the phone.")
        self.assertEqual(self.listed(), 1)
        self.assertEqual(self.cli.run("show", draft).status, 1)
        self.assert_agrees()

    def test_gone_on_with(self):
        question, _, _ = self.mail(subject=self.subject + " question")
        raw = self.theirs(self.subject, "Begun there.\n", "<p>Begun <b>there</b>.</p>",
                          [("a.bin", b"aaa"), ("a.bin", b"bbb")])
        raw = f"In-Reply-To: {question}\r\n".encode() + raw
        self.witness.append("Drafts", raw, "(\\Draft \\Seen)")
        self.cli.sync()
        row, = [row for row in self.cli.list("Drafts") if row["subject"] == self.subject]
        done, = self.cli.do("draft", "save", "--draft", row["messages"][-1])
        self.assertEqual(self.listed(), 1)
        self.assertNotEqual(done["draft"], row["messages"][-1])
        self.write("Gone on with here.", "--draft", done["draft"])
        self.cli.sync()
        message = self.one("Gone on with here.")
        self.assertEqual([(part.get_filename(), part.get_content())
                          for part in message.iter_attachments()],
                         [("a.bin", b"aaa"), ("a.bin", b"bbb")])
        self.assertEqual(message["In-Reply-To"], question)
        self.assert_agrees()
        self.assertEqual(len(list(self.files())), 2)
        self.cli.do("draft", "discard", done["draft"])
        self.assertEqual(list(self.files()), [])

    def test_theirs_discarded_and_sent(self):
        for number, words in enumerate((["draft", "discard"], ["send", "--wait", "--draft"])):
            self.witness.append("Drafts", self.theirs(self.subject, f"Theirs {number}.\n"),
                                "(\\Draft)")
            self.cli.sync()
            row, = [row for row in self.cli.list("Drafts") if row["subject"] == self.subject]
            self.cli.do(*words, row["messages"][-1])
            self.cli.sync()
            self.assertEqual(self.there(), [])
            self.assertEqual(self.listed(), 0)
        self.assertEqual(len(self.there(folder="Sent Items")), 1)
        self.assert_agrees()

    def test_what_cannot_be(self):
        _, _, mail = self.mail()
        for words in (["save", "--draft", mail], ["discard", mail], ["discard", "999999"]):
            self.assertEqual(self.cli.run("draft", *words).status, 1, words)
        for words in ([], ["burn"], ["discard"], ["save", "--at", "2030-01-01T09:00"],
                      ["save", "--html-file", "x"],
                      ["save", "--draft", "x"]):
            self.assertEqual(self.cli.run("draft", *words).status, 2, words)


class DraftsWithExtensions(Drafts):
    server_options = {"mailbox": "empty", "capability": "full"}


class Switched(OnServer):
    def test_off_and_on(self):
        self.assertTrue(self.switch("on"))
        self.write("One.")
        self.cli.sync()
        self.one("One.")
        self.assertFalse(self.switch("off"))
        self.cli.sync()
        self.assertEqual(self.there(), [])
        self.assertEqual(self.listed(), 1)
        self.assert_agrees(ignored=["Drafts"])
        self.assertTrue(self.switch("on"))
        self.cli.sync()
        self.one("One.")
        self.assertEqual(self.listed(), 1)
        self.assert_agrees()

    def test_nothing_is_left_of_a_removed_account(self):
        self.witness.append("Drafts", self.theirs(self.subject, "Theirs.\n",
                                                  files=[("a.bin", b"aaa")]), "(\\Draft)")
        self.cli.sync()
        row, = [row for row in self.cli.list("Drafts") if row["subject"] == self.subject]
        self.cli.do("draft", "save", "--draft", row["messages"][-1])
        self.assertEqual(len(list(self.files())), 1)
        self.cli.do("account", "remove", self.cli.do("account", "list")[0]["id"])
        self.assertEqual(list(self.files()), [])
        self.assertEqual(len(self.there()), 1)

    def test_watched(self):
        """While somebody syncs, what another process saved gets there by itself."""
        self.switch("on")
        self.cli.environment["PINION_TEST_SETTLE_SECONDS"] = "1"
        watcher = self.cli.start("sync", "--watch")
        self.addCleanup(watcher.communicate)
        self.addCleanup(watcher.kill)
        draft = self.write("One.")
        self.assertTrue(harness.until(self.there, 20))
        self.one("One.")
        self.write("Two.", "--draft", draft)
        self.assertTrue(harness.until(lambda: [message for _, _, message in self.there()
                                               if "Two." in message.as_string()], 20))
        self.assertTrue(harness.until(lambda: len(self.there()) == 1, 20))
        self.one("Two.")

    def test_the_server_counts_anew(self):
        self.switch("on")
        draft = self.write("One.")
        self.cli.sync()
        self.count_anew("Drafts")
        self.cli.sync()
        self.one("One.")
        self.write("Two.", "--draft", draft)
        self.cli.sync()
        self.one("Two.")
        self.assertEqual(self.listed(), 1)
        self.assert_agrees()


class Killed(OnServer):
    def test_no_double_and_no_loss(self):
        """Killed while copies are made and replaced: in the end there is one, the last."""
        chance = random.Random(17)
        self.switch("on")
        draft = self.write("Begun.")
        began = time.monotonic()
        self.cli.sync()
        seconds = time.monotonic() - began
        for number in range(ROUNDS):
            self.write(f"Text {number}.", "--draft", draft)
            process = self.cli.start("sync")
            time.sleep(chance.uniform(0.02, seconds))
            process.kill()
            process.communicate()
            self.assertGreaterEqual(len(self.there()), 1)
        self.cli.sync()
        self.one(f"Text {ROUNDS - 1}.")
        self.assertEqual(self.listed(), 1)

    def test_changed_while_its_copy_was_on_its_way(self):
        """The sync that learns what became of the copy sends the new one, too."""
        self.switch("on")
        draft = self.write("One.")
        self.assert_error(self.cli.run("sync", password="wrong"), "sign-in-refused")
        file = sqlite3.connect(self.cli.data / "pinion.db", timeout=10)
        with contextlib.closing(file) as database, database:
            begun = database.execute("UPDATE operation SET state = 1 WHERE kind = 5").rowcount
        self.assertEqual(begun, 1)
        self.write("Two.", "--draft", draft)
        self.cli.sync()
        self.one("Two.")
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()


if __name__ == "__main__":
    harness.main()
