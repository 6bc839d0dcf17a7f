#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail outside the history range, found by the server and taken in from there."""

import contextlib
import email.utils
import imaplib
import itertools
import time

import harness

YEAR = 365 * 86400
_numbers = itertools.count(1)


class Outside(harness.Case):
    """A month is here, years are there."""

    account_options = ("--history", "1m")
    folders = ("Attic", "Attic/Box & Co", "Quiet")

    def word(self):
        return f"w{next(_numbers)}quokka"

    def old(self, subject, folder="INBOX", years=3, flags=None, client=None, **more):
        """A message that was received years ago; its Message-ID."""
        then = time.time() - years * YEAR
        message_id, raw = harness.letter(subject, **more)
        date = email.utils.formatdate(then)
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = [b"Date: " + date.encode() if line.lower().startswith(b"date:") else line
                 for line in head.split(b"\r\n")]
        with contextlib.nullcontext(client) if client else self.witness.open() as imap:
            status, answer = imap.append(
                harness.imap_quoted(harness.encode_name(folder)), flags,
                imaplib.Time2Internaldate(then), b"\r\n".join(lines) + b"\r\n\r\n" + body)
            assert status == "OK", answer
        return message_id

    def search(self, query, *options):
        """(subjects here, what was said of the server)"""
        rows = self.cli.do("search", query, "--server", *options)
        said = [row["server"] for row in rows if "server" in row]
        self.assertEqual([row for row in rows if "not_searched" in row], [])
        return [row["subject"] for row in rows if "subject" in row], *said

    def here(self, query):
        return [row["subject"] for row in self.cli.do("search", query)]


class ServerSearch(Outside):
    def test_found_opened_kept(self):
        word, other = self.word(), self.word()
        recent = self.deliver(body=f"About {word}.\n")[1]
        self.cli.sync()
        self.old(f"Old one {other}", body=f"The {word} of old.\n")
        self.old("In the attic", "Attic/Box & Co", years=5, body=f"Also {word}.\n")
        self.old("Another thing", body="Nothing of it.\n")
        self.cli.sync()
        self.assertEqual(self.here(word), [recent])

        subjects, said = self.search(word)
        self.assertEqual(subjects, [recent, f"Old one {other}", "In the attic"])
        self.assertEqual(said, {"here": 1, "taken": 2, "more": False})
        self.assertEqual(self.here(word), subjects)
        row = self.cli.find("In the attic", "Attic/Box & Co")
        shown = self.cli.do("show", row["messages"][0])[0]
        self.assertIn(f"Also {word}.", shown["text"])
        self.assert_healthy()

        # Again: nothing twice, nothing lost by a sync; what came is searched as all that is here.
        subjects, said = self.search(word)
        self.assertEqual(said, {"here": 3, "taken": 0, "more": False})
        self.cli.sync()
        self.assertEqual(self.here(word), subjects)
        self.assertEqual(self.here(f"subject:{other} before:2y"), [f"Old one {other}"])
        self.assertEqual(self.here("subject:another"), [])
        self.assert_healthy()

    def test_questions(self):
        """Each kind of term finds what it says and nothing else."""
        word, big = self.word(), self.word()
        self.old(f"Plain {word}", sender="Quinn Zorro <quinn@zorro.example>", flags="\\Seen",
                 Cc="Cecily <cecily@zorro.example>")
        self.old(f"Starred {word}", flags="\\Flagged", body=f"In the {big} text.\n")
        self.old(f"Large {word}", years=2, body="x" * 70 + "\n" + ("y" * 70 + "\n") * 1500)
        plain, starred, large = f"Plain {word}", f"Starred {word}", f"Large {word}"
        self.assertEqual(len(self.search(word)[0]), 3)
        for query, expected in (
                (f"subject:{word} from:quinn", {plain}),
                (f"subject:{word} -from:quinn", {starred, large}),
                (f"{word} cc:cecily", {plain}),
                (f"body:{big}", {starred}),
                (f'"starred {word}"', {starred}),
                (f"{word} is:starred", {starred}),
                (f"{word} is:read", {plain}),
                (f"{word} is:unread", {starred, large}),
                (f"{word} larger:50K", {large}),
                (f"{word} smaller:50K", {plain, starred}),
                (f"{word} after:1000d", {large}),
                (f"{word} before:1000d", {plain, starred}),
                (f"{word} -before:1000d", {large}),
                (f"{word} from:quinn OR is:starred OR larger:50K", {plain, starred, large}),
                (f"{word} label:attic", set()),
                (f"{word} has:attachment", set())):
            with self.subTest(query):
                subjects, said = self.search(query)
                self.assertEqual(set(subjects), expected)
                # What is in a label is chosen here.
                if "label:" not in query:
                    self.assertEqual((said["here"], said["taken"]), (len(expected), 0))

    def test_another_range(self):
        """What lies outside goes when it is said anew what is to be kept, and is found again."""
        word = self.word()
        self.old(f"Long ago {word}")
        self.assertEqual(self.search(word)[0], [f"Long ago {word}"])
        account = self.cli.do("account", "list")[0]["id"]
        for history, here in (("5y", [f"Long ago {word}"]), ("1m", [])):
            self.cli.do("account", "set", account, "--history", history)
            self.cli.sync()
            self.assertEqual(self.here(word), here)
            self.assert_healthy()
        self.assertEqual(self.search(word)[0], [f"Long ago {word}"])
        self.assert_healthy()

    def test_acts(self):
        """It is mail like any other."""
        word = self.word()
        message_id = self.old(f"Acted on {word}")
        self.search(word)
        row = self.cli.do("search", word)[0]
        self.cli.do("star", row["messages"][0], "--wait")
        self.assertIn(frozenset({"\\Flagged"}), self.witness.flags("INBOX", message_id))
        self.cli.do("move", "Quiet", row["messages"][0], "--wait")
        self.assertEqual(self.witness.where(message_id), ["Quiet"])
        self.cli.sync()
        self.assert_healthy()

    def test_a_folder_that_is_gone(self):
        """It is named, and the others are searched."""
        word = self.word()
        self.witness.create("Shortlived")
        self.cli.sync()
        self.old(f"Still found {word}", "Attic")
        with self.witness.open() as client:
            client.delete("Shortlived")
        rows = self.cli.do("search", word, "--server")
        failed = [row["not_searched"] for row in rows if "not_searched" in row]
        self.assertEqual([one["label"] for one in failed], ["Shortlived"])
        self.assertTrue(failed[0]["code"] and failed[0]["message"] and failed[0]["fix"])
        self.assertEqual([row["subject"] for row in rows if "subject" in row],
                         [f"Still found {word}"])

    def test_cannot_be_asked(self):
        self.assert_error(self.cli.run("search", "filename:plan", "--server"),
                          "search-unsupported")
        self.assert_error(self.cli.run("search", "label:attic OR is:starred", "--server"),
                          "search-unsupported")

    def test_no_server(self):
        gate = harness.Gate(self.server.imap_tls)
        self.addCleanup(gate.shut)
        cli = harness.Cli(self.new_folder() / "data", self.server.password)
        done = cli.add(self.server, "--history", "1m", imap_port=gate.port)
        self.assertEqual(done.status, 0, str(done))
        gate.shut()
        self.assertEqual(cli.run("search", "anything").status, 0)
        self.assert_error(cli.run("search", "anything", "--server"),
                          ("port-closed", "connection-lost", "timed-out", "unreachable"))


class WithExtensions(Outside):
    """The newest of what is found is asked for as such (RFC 9394)."""

    server_options = {"mailbox": "empty", "capability": "full"}

    def test_many(self):
        """The newest of all folders, and it is said that there are more."""
        word = self.word()
        with self.witness.open() as client:
            for number in range(30):
                self.old(f"{word} attic {number}", "Attic", years=8, client=client)
            for number in range(180):
                self.old(f"{word} inbox {number}", years=2 + number / 1000, client=client)
        subjects, said = self.search(word)
        self.assertEqual((said["taken"], said["more"]), (200, True))
        self.assertEqual(len([one for one in subjects if "inbox" in one]), 180)
        self.assert_healthy()


if __name__ == "__main__":
    harness.main()
