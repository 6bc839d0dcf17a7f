#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail found by what is in it, on a real server and the demo mailbox with its many languages."""

import contextlib
import email.message
import email.policy
import email.utils
import itertools
import pathlib
import signal
import sqlite3
import time

import harness
from harness import until

_numbers = itertools.count(1)


def quoted(text):
    """As the query language has it: a quotation mark inside is two."""
    return '"' + text.replace('"', '""') + '"'


class World(harness.Case):
    """The demo mailbox: letters as people write them."""

    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()
    shared = True

    def found(self, query, *options):
        return self.cli.do("search", query, *options)

    def subjects(self, query):
        return {row["subject"] for row in self.found(query)}

    def test_scripts(self):
        for query, subject in (
                ("議事録", "打ち合わせの議事録"),
                ("センサー OR 納期", "打ち合わせの議事録"),
                ("校准证书", "关于海水传感器的交货时间"),
                ("传感", "关于海水传感器的交货时间"),
                ("견적서", "광학 센서 견적서"),
                ("방수", "광학 센서 견적서"),
                ("καλημερα", "Καλημέρα από τη Σύρο"),
                ("ΣΥΡΟ", "Καλημέρα από τη Σύρο"),
                ("filename:議事録", "打ち合わせの議事録"),
                ("filename:견적서.pdf", "광학 센서 견적서"),
                ('subject:"광학 센서 견적서"', "광학 센서 견적서"),
                ('subject:"센서 견적"', "광학 센서 견적서"),
                ('"시간에 관하여" OR subject:견적', "광학 센서 견적서")):
            self.assertIn(subject, self.subjects(query), query)

    def test_rows_are_those_of_list(self):
        listed = {row["conversation"]: row for row in self.cli.do("list")}
        found = [row for row in self.found("has:attachment")
                 if row["conversation"] in listed]
        self.assertGreater(len(found), 5)
        for row in found:
            other = dict(listed[row["conversation"]])
            self.assertIsNone(row.get("cursor"))
            for name in ("subject", "senders", "unread", "starred", "attachments", "labels",
                         "messages"):
                if "Deleted Items" not in row["labels"] and "Junk Email" not in row["labels"]:
                    self.assertEqual(row[name], other[name], name)

    def test_excerpts(self):
        """The words around, where they are asked for and the row does not show them otherwise."""
        self.server.deliver(harness.letter("Far down", "Dear Anna,\n\n" + "Nothing here. " * 30
                                           + "The lighthouse keeper has the quillwort key.\n")[1])
        self.cli.sync()
        row = self.found("quillwort", "--excerpts")[0]
        self.assertIn("has the quillwort key", row["excerpt"])
        self.assertNotIn("excerpt", self.found("quillwort")[0])
        self.assertNotIn("excerpt", self.found("subject:far", "--excerpts")[0])
        self.assertEqual([row["excerpt"] for row in self.found("filename:견적서.pdf", "--excerpts")],
                         ["견적서.pdf"])

    def test_newest_first_and_limit(self):
        rows = self.found("from:anna")
        self.assertGreater(len(rows), 10)
        dates = [row["date"] for row in rows]
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.assertEqual(len({row["conversation"] for row in rows}), len(rows))
        self.assertEqual(self.found("from:anna", "--limit", 3), rows[:3])
        self.assertEqual(self.cli.do("search", "--limit=2", "from:anna"), rows[:2])

    def test_saved(self):
        saved = lambda: [(row["name"], row["query"], row["order"], row["pinned"])
                         for row in self.cli.do("searches")]
        found = self.found("from:anna", "--save", "Anna", "--limit", 5)
        self.assertEqual(self.found("-is:read", "--save=Unread best", "--order", "relevance"),
                         self.found("-is:read", "--order=relevance"))
        self.assertEqual(saved(), [("Anna", "from:anna", "date", True),
                                   ("Unread best", "-is:read", "relevance", True)])
        self.assertEqual(self.cli.do("search", "--saved", "ANNA", "--limit", 5), found)
        self.assertEqual(self.cli.do("search", "--saved=unread best"),
                         self.found("-is:read", "--order", "relevance"))

        self.cli.do("searches", "rename", "anna", "Letters of Anna")
        self.cli.do("searches", "unpin", "Letters of Anna")
        self.cli.do("searches", "remove", "Unread best")
        self.assertEqual(saved(), [("Letters of Anna", "from:anna", "date", False)])
        self.cli.do("undo")
        self.assertEqual([row[0] for row in saved()], ["Letters of Anna", "Unread best"])
        self.found("subject:x", "--save", "letters of anna")
        self.assertEqual(saved()[0], ("letters of anna", "subject:x", "date", True))

        for args in (("search", "--saved", "nobody"), ("searches", "pin", "nobody"),
                     ("searches", "rename", "Unread best", "Letters of Anna")):
            done = self.cli.run(*args)
            self.assertEqual(done.status, 1, args)
            self.assertTrue(done.error["message"] and done.error["fix"])
        for row in saved():
            self.cli.do("searches", "remove", row[0])

    def test_states_are_those_of_the_labels(self):
        labels = self.cli.labels()
        starred = {row["conversation"] for row in self.found("is:starred")}
        for path, label in labels.items():
            if label["hidden"] or label["role"] == "drafts":
                continue
            rows = self.cli.list(path)
            inside = {row["conversation"] for row in self.found(f"label:{quoted(path)}")}
            self.assertLessEqual({row["conversation"] for row in rows}, inside, path)
            unread = {row["conversation"] for row in self.found(f"label:{quoted(path)} is:unread")}
            self.assertEqual(bool(unread), any(
                one["unread"] for other, one in labels.items()
                if other == path or other.startswith(f"{path}/")), path)
        for row in self.cli.do("list"):
            self.assertEqual(row["starred"], row["conversation"] in starred, row["subject"])

    def test_trash_and_junk_too(self):
        for path in ("Deleted Items", "Junk Email"):
            row = self.cli.list(path)[0]
            found = self.found(quoted(row["subject"]))
            self.assertIn(path, {label for one in found for label in one["labels"]})
            self.assertTrue(set(row["messages"]) <= {m for one in found for m in one["messages"]})

    def test_every_subject_is_found(self):
        rows = [row for row in self.cli.do("list")
                if any(character.isalnum() for character in row["subject"])]
        self.assertGreater(len(rows), 30)
        for some in itertools.batched(rows, 12):
            query = " OR ".join(f"subject:{quoted(row['subject'])}" for row in some)
            found = {row["conversation"] for row in self.found(query)}
            self.assertLessEqual({row["conversation"] for row in some}, found, query)

    def test_nothing_is_an_error(self):
        for query in ("", "   ", '"', "-", "OR", "from:", "before:soon", "is:purple", "* ^ ( ) { }",
                      "zzz AND NOT NEAR(x y)", "'; DROP TABLE message; --", "a" * 5000,
                      'subject:"', "-from:anna", "label:nosuch", "%", "larger:-1"):
            self.assertEqual(self.cli.run("search", query).status, 0, query)
        self.assertEqual(self.cli.do("search", "qqqzzzxxx"), [])

    def test_usage(self):
        self.assertEqual(self.cli.run("search").status, 2)
        self.assertEqual(self.cli.run("search", "a", "b").status, 2)
        self.assertEqual(self.cli.run("search", "--nosuch", "a").status, 2)
        self.assertEqual(self.cli.run("search", "a", "--limit", "-1").status, 2)
        self.assertEqual(self.cli.run("search", "a", "--order", "size").status, 2)
        self.assertEqual(self.cli.run("search", "a", "--saved", "b").status, 2)
        self.assertEqual(self.cli.run("searches", "burn").status, 2)
        self.assertIn("search QUERY", self.cli.run("--help").out.decode())


class Search(harness.Case):
    """What changes is found as it is now.  The tests share a server: each has words of its own."""

    @staticmethod
    def word():
        return f"w{next(_numbers)}mbat"

    def find(self, query, cli=None):
        return [row["subject"] for row in (cli or self.cli).do("search", query)]

    def index(self):
        return pathlib.Path(self.cli.data) / "search.db"

    def rich(self, word):
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        message["From"] = f"Zoë Müller{word} <zoe.{word}@lakeside.example>"
        message["To"] = f"Anna {word} <anna@northwind.example>"
        message["Cc"] = f"Carla Gómez{word} <carla@lakeside.example>"
        message["Subject"] = f"Offer {word}"
        message["Message-ID"] = f"<{word}@lakeside.example>"
        message["Date"] = email.utils.formatdate(time.time() - 86400)
        message.set_content(f"plain {word} only")
        message.add_alternative(f"<style>.hidden{word}{{}}</style>"
                                f"<p>Fa&ccedil;ade &amp; <b>garden</b> {word}</p>",
                                subtype="html")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf",
                               filename=f"Größe der Gärten {word}.pdf")
        self.server.deliver(message.as_bytes(), folder="INBOX", flags="")
        return str(message["Subject"])

    def test_what_is_found(self):
        word = self.word()
        subject = self.rich(word)
        self.cli.sync()
        for query in (f"{word} offer", f"OFFER {word}", f"from:zoe.{word}", f"from:muller{word}",
                      f"zoe.{word}@lakeside.example", f"cc:gomez{word}", f"to:{word}",
                      f'"plain {word}"', f"{word} plain -garden", f"filename:{word}",
                      f'filename:"gärten {word}.pdf"', f"{word[:-1]} offer", f"{word} grosse",
                      f"has:attachment {word}", f"is:unread {word}", f"after:yesterday {word}",
                      f"after:2d before:2099 {word}", f"smaller:1M {word}",
                      f"label:inbox {word}", f"qqqqq OR offer {word}", f"{word} o", f"{word} of"):
            self.assertEqual(self.find(query), [subject], query)
        for query in (f"hidden{word}", f"from:carla {word}", f"subject:plain {word}",
                      f"larger:1M {word}", f"is:read {word}", f"before:2020 {word}",
                      f"label:archive {word}", f"{word} -is:unread", f"bcc:{word}",
                      f'"{word[:-1]}"', f'"{word} plain"', f"{word} qx"):
            self.assertEqual(self.find(query), [], query)

    def test_it_follows(self):
        word = self.word()
        _, subject, message = self.mail(subject=f"About {word}")
        self.cli.do("star", message)
        self.assertEqual(self.find(f"is:starred {word}"), [subject])
        self.cli.do("read", message)
        self.assertEqual(self.find(f"is:unread {word}"), [])
        self.cli.do("move", "Projects", message, "--wait")
        self.assertEqual(self.find(f"label:projects {word}"), [subject])
        self.assertEqual(self.find(f"label:inbox {word}"), [])
        self.cli.do("trash", message, "--wait")
        self.assertEqual(self.find(word), [subject])
        self.cli.do("delete", message, "--wait")
        self.assertEqual(self.find(word), [])
        self.cli.sync()
        self.assertEqual(self.find(word), [])

    def test_a_label_with_quotes(self):
        word = self.word()
        label = f'Say "{word}" now'
        _, subject, message = self.mail()
        self.cli.do("label", "create", label)
        self.cli.do("move", label, message, "--wait")
        for query in (f'label:"Say ""{word}"" now"', f'label:"say {word} now"',
                      f'in:say is:unread label:"SAY ""{word}"" NOW"'):
            self.assertEqual(self.find(query), [subject], query)
        self.assertEqual(self.find(f'label:"Say ""{word}"""'), [])

    def test_headers_alone(self):
        word, inside = self.word(), self.word()
        _, subject = self.deliver(subject=f"Garden {word}", body=f"{inside} in the garden\n")
        self.cli.sync("--bodies", "none")
        self.assertEqual(self.find(word), [subject])
        self.assertEqual(self.find(inside), [])
        self.cli.sync()
        self.assertEqual(self.find(inside), [subject])

    def test_a_broken_index(self):
        word = self.word()
        _, subject = self.deliver(body=f"{word}\n")
        self.cli.sync()
        self.assertEqual(self.find(word), [subject])
        index = self.index()
        with contextlib.closing(sqlite3.connect(index)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = index.read_bytes()
        for damage in (None, b"", b"nonsense" * 1000, whole[:8000],
                       whole[:8192] + b"damage!!" * ((len(whole) - 8192) // 8)):
            for name in ("search.db-wal", "search.db-shm", "search.db"):
                (index.parent / name).unlink(missing_ok=True)
            if damage is not None:
                index.write_bytes(damage)
            done = self.cli.run("search", word)
            self.assertEqual([row["subject"] for row in done.lines], [subject], str(done))
            self.assertEqual(done.status, 0, str(done))
            self.assertNotIn("search.db", done.err)

    def count_indexed(self):
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.index()}?mode=ro",
                                                    uri=True)) as database:
                return database.execute("SELECT count(*) FROM doc").fetchone()[0]
        except sqlite3.Error:
            return 0

    def kill_when(self, condition, *command):
        """Whether CONDITION was seen before the command ended."""
        process = self.cli.start(*command)
        try:
            until(lambda: condition() or process.poll() is not None, 60)
            running = process.poll() is None
            process.kill()
        finally:
            process.communicate()
        return running

    def test_killed_while_indexing(self):
        """The texts fill several transactions; each time it goes on where it was."""
        word = self.word()
        for number in range(30):
            self.deliver(body=f"{word} {number}\n" + "many more words\n" * 20000)
        self.cli.sync()
        killed = 0
        already = len(self.cli.do("list")) - 30
        for count in (0, 1, already + 5, already + 20):
            killed += self.kill_when(
                lambda least=count: self.index().exists() and self.count_indexed() >= least,
                "search", word)
        self.assertGreater(killed, 1)
        self.assertEqual(len(self.find(word)), 30)
        self.assertEqual(len(self.find(f'"{word} 17"')), 1)

    def test_while_it_watches(self):
        word = self.word()
        process = self.cli.start("sync", "--watch")
        try:
            self.deliver(body=f"{word} arrives\n")
            self.assertTrue(until(lambda: self.find(word), 20))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


if __name__ == "__main__":
    harness.main()
