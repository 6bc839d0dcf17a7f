#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail found by what is in it, on a real server and the demo mailbox with its many languages."""

import email.message
import email.policy
import pathlib
import signal
import sqlite3
import time

import harness
from harness import until


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
                ("filename:견적서.pdf", "광학 센서 견적서")):
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

    def test_newest_first_and_limit(self):
        rows = self.found("from:anna")
        self.assertGreater(len(rows), 10)
        dates = [row["date"] for row in rows]
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.assertEqual(len({row["conversation"] for row in rows}), len(rows))
        self.assertEqual(self.found("from:anna", "--limit", 3), rows[:3])
        self.assertEqual(self.cli.do("search", "--limit=2", "from:anna"), rows[:2])

    def test_states_are_those_of_the_labels(self):
        labels = self.cli.labels()
        starred = {row["conversation"] for row in self.found("is:starred")}
        for path, label in labels.items():
            if label["hidden"] or label["role"] == "drafts":
                continue
            rows = self.cli.list(path)
            inside = {row["conversation"] for row in self.found(f'label:"{path}"')}
            self.assertLessEqual({row["conversation"] for row in rows}, inside, path)
            unread = {row["conversation"] for row in self.found(f'label:"{path}" is:unread')}
            self.assertEqual(bool(unread), any(
                one["unread"] for other, one in labels.items()
                if other == path or other.startswith(f"{path}/")), path)
        for row in self.cli.do("list"):
            self.assertEqual(row["starred"], row["conversation"] in starred, row["subject"])

    def test_trash_and_junk_too(self):
        for path in ("Deleted Items", "Junk Email"):
            row = self.cli.list(path)[0]
            found = self.found(f'"{row["subject"]}"')
            self.assertIn(path, {label for one in found for label in one["labels"]})
            self.assertTrue(set(row["messages"]) <= {m for one in found for m in one["messages"]})

    def test_every_subject_is_found(self):
        for row in self.cli.do("list"):
            subject = row["subject"].replace('"', " ")
            if any(character.isalnum() for character in subject):
                found = {one["conversation"] for one in self.found(f'subject:"{subject}"')}
                self.assertIn(row["conversation"], found, subject)

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
        self.assertIn("search QUERY", self.cli.run("--help").out.decode())


class Search(harness.Case):
    """What changes is found as it is now."""

    def find(self, query, cli=None):
        return [row["subject"] for row in (cli or self.cli).do("search", query)]

    def rich(self):
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        message["From"] = "Zoë Müller <zoe@lakeside.example>"
        message["To"] = "Anna Keller <anna@northwind.example>"
        message["Cc"] = "Carla Gómez <carla@lakeside.example>"
        message["Subject"] = "Offer"
        message["Message-ID"] = "<rich@lakeside.example>"
        message["Date"] = email.utils.formatdate(time.time() - 86400)
        message.set_content("plain words only")
        message.add_alternative("<style>.hidden{}</style><p>Fa&ccedil;ade &amp; <b>garden</b></p>",
                                subtype="html")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf",
                               filename="Größe der Gärten.pdf")
        self.server.deliver(message.as_bytes(), folder="INBOX", flags="")

    def test_what_is_found(self):
        self.rich()
        self.cli.sync()
        for query in ("offer", "from:zoe", "from:MULLER", "zoe@lakeside.example", "cc:gomez",
                      "to:anna", '"plain words"', "plain -garden", "filename:grosse",
                      'filename:"gärten.pdf"', "has:attachment", "is:unread", "after:yesterday",
                      "after:2d before:2099", "smaller:1M offer", "label:inbox offer"):
            self.assertEqual(self.find(query), ["Offer"], query)
        for query in ("hidden", "from:carla", "subject:plain", "larger:1M offer", "is:read",
                      "before:2020", "label:archive", "offer -is:unread"):
            self.assertEqual(self.find(query), [], query)

    def test_it_follows(self):
        _, subject, message = self.mail()
        word = subject.split()[0]
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

    def test_headers_alone(self):
        _, subject = self.deliver(body="wombats in the garden\n")
        self.cli.sync("--bodies", "none")
        word = subject.split()[0]
        self.assertEqual(self.find(word), [subject])
        self.assertEqual(self.find("wombats"), [])
        self.cli.sync()
        self.assertEqual(self.find("wombats"), [subject])

    def test_a_broken_index(self):
        self.deliver(body="wombats\n")
        self.cli.sync()
        self.assertEqual(len(self.find("wombats")), 1)
        index = pathlib.Path(self.cli.data) / "search.db"
        with sqlite3.connect(index) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = index.read_bytes()
        for damage in (None, b"", b"nonsense" * 1000, whole[:8000],
                       whole[:8192] + b"damage!!" * ((len(whole) - 8192) // 8)):
            for name in ("search.db-wal", "search.db-shm", "search.db"):
                (index.parent / name).unlink(missing_ok=True)
            if damage is not None:
                index.write_bytes(damage)
            self.assertEqual(len(self.find("wombats")), 1, damage and damage[:20])

    def test_killed_while_indexing(self):
        for number in range(60):
            self.deliver(body=f"wombats {number}\n" + "many more words\n" * 400)
        self.cli.sync("--bodies", "none")
        for delay in (0.15, 0.2, 0.25, 0.3):
            process = self.cli.start("sync")
            time.sleep(delay * harness.PATIENCE)
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        self.cli.sync()
        self.assertEqual(len(self.find("wombats")), 60)

    def test_while_it_watches(self):
        process = self.cli.start("sync", "--watch")
        try:
            self.deliver(body="wombats arrive\n")
            self.assertTrue(until(lambda: self.find("wombats arrive"), 20))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stdout.close()


if __name__ == "__main__":
    harness.main()
