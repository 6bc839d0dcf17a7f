#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's promises, on the demo mailbox with everything mail can be."""

import collections
import concurrent.futures
import email
import email.policy
import functools
import json
import re

import harness
from harness import encode_name, imap_quoted

NOT_MAIL = {"Calendar", "Contacts", "Contacts/Recipient Cache", "Tasks", "Notes", "Journal",
            "Outbox", "Conversation History", "Sync Issues", "Sync Issues/Conflicts",
            "Sync Issues/Local Failures", "Sync Issues/Server Failures", "RSS Feeds"}
ROLES = {"INBOX": "inbox", "Sent Items": "sent", "Drafts": "drafts", "Deleted Items": "trash",
         "Junk Email": "junk", "Archive": "archive"}
APART = ("Deleted Items", "Junk Email", "Drafts")


def at_once(function, arguments):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(function, arguments))


class Contract(harness.Case):
    server_options = {"mailbox": "demo", "seed": 1}
    folders = ()
    shared = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labels = cls.cli.labels()
        cls.rows = {path: cls.cli.list(path) for path, label in cls.labels.items()
                    if not label["hidden"]}
        cls.messages = sorted({message for rows in cls.rows.values() for row in rows
                               for message in row["messages"]})

    @classmethod
    @functools.cache
    def raws(cls):
        """What `show --raw` gives of each message."""
        done = at_once(lambda message: cls.cli.run("show", "--raw", message), cls.messages)
        assert {one.status for one in done} == {0}
        return dict(zip(cls.messages, (one.out for one in done)))

    @classmethod
    @functools.cache
    def shown(cls):
        """What `show` tells of each message."""
        return dict(zip(cls.messages, at_once(lambda message: cls.cli.do("show", message)[0],
                                              cls.messages)))

    def test_labels_are_the_servers_folders(self):
        self.assertEqual(sorted(self.labels), sorted(self.witness.folders()))
        for path, label in self.labels.items():
            self.assertEqual(label["role"], ROLES.get(path), path)
            self.assertEqual(label["hidden"], path in NOT_MAIL, path)
            self.assertRegex(label["colour"], r"\A#[0-9a-f]{6}\Z")
            self.assertEqual(label["pinned"], path not in ROLES and path not in NOT_MAIL, path)
        ids = [label["id"] for label in self.labels.values()]
        self.assertEqual(len(set(ids)), len(ids))

    def test_counts_are_the_servers(self):
        with self.witness.open() as client:
            for path, label in self.labels.items():
                if label["hidden"]:
                    continue
                answer = client.status(imap_quoted(encode_name(path)), "(MESSAGES UNSEEN)")[1]
                counts = re.search(rb"MESSAGES (\d+) UNSEEN (\d+)", answer[-1])
                self.assertEqual((label["total"], label["unread"]),
                                 (int(counts[1]), int(counts[2])), path)

    def test_every_message_is_here_byte_by_byte(self):
        """By what each file holds, told apart by nothing but itself."""
        there = {}
        with self.witness.open() as client:
            for path in self.rows:
                client.select(imap_quoted(encode_name(path)), readonly=True)
                answer = client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
                there[path] = collections.Counter(item[1] for item in answer
                                                  if isinstance(item, tuple))
        here = collections.Counter(self.raws().values())
        everywhere = set().union(*there.values())
        missing = everywhere - set(here)
        self.assertEqual(len(missing), 0, [raw[:300] for raw in list(missing)[:3]])
        self.assertEqual(len(set(here) - everywhere), 0)

    def test_every_message_can_be_shown(self):
        def check(message):
            for how in ("--html", "--text"):
                done = self.cli.run("show", how, message)
                self.assertEqual(done.status, 0, str(done))
                text = done.out.decode()
                if how == "--html":
                    self.assertNotRegex(text, r"(?i)<(script|iframe|object|embed|form|base)\b")
                    self.assertNotRegex(text, r"(?i)<[^>]*\son\w+\s*=")

        every = 1 if harness.PATIENCE < 2 else 3
        at_once(check, self.messages[::every])
        for shown in self.shown().values():
            for name in ("subject", "date", "from", "to", "cc", "labels", "parts", "attachments"):
                self.assertIn(name, shown)

    def test_attachments_are_saved_as_python_decodes_them(self):
        folder = self.new_folder()
        saved = 0
        for message, shown in self.shown().items():
            if not shown["attachments"]:
                continue
            raw = self.raws()[message]
            parsed = email.message_from_bytes(raw, policy=email.policy.default)
            payloads = [part.get_payload(decode=True) or b"" for part in parsed.walk()
                        if not part.is_multipart()]
            payloads += [content.as_bytes() for part in parsed.walk()
                         if part.get_content_type().startswith("message/")
                         for content in part.get_payload() if part.is_multipart()]
            payloads += ["".join(content.as_string() for content in part.get_payload()).encode()
                         for part in parsed.walk()
                         if part.get_content_type() == "message/delivery-status"]
            whole = {re.sub(rb"\r?\n", b"\n", payload).rstrip(b"\n") for payload in payloads}
            for part in shown["attachments"]:
                target = folder / f"{message}-{part['part'].replace('/', '-')}"
                done = self.cli.run("save", message, part["part"], target)
                self.assertEqual(done.status, 0, str(done))
                content = target.read_bytes()
                saved += 1
                if "tnef" in str(payloads) or part["part"].count("/"):
                    continue
                text = re.sub(rb"\r?\n", b"\n", content).rstrip(b"\n")
                if part["type"].startswith(("text/", "message/")):
                    self.assertIn(text, whole, (shown["subject"], part))
                elif content not in payloads:
                    self.assertTrue(any(name in raw.lower() for name in (b"ms-tnef", b"uuencode",
                                                                         b"begin 6")),
                                    (shown["subject"], part, len(content)))
        self.assertGreater(saved, 10)

    def test_save_overwrites_nothing(self):
        message, part = next((message, shown["attachments"][0]["part"])
                             for message, shown in self.shown().items() if shown["attachments"])
        target = self.new_folder() / "file"
        target.write_text("precious")
        self.assert_error(self.cli.run("save", message, part, target),
                          ("invalid-argument", "store-failed", "refused", "file-exists"))
        self.assertEqual(target.read_text(), "precious")
        self.assert_error(self.cli.run("save", message, "99.9", target.with_name("new")),
                          "not-found")
        self.assertFalse(target.with_name("new").exists())
        self.assert_error(
            self.cli.run("save", message, part, target.with_name("no") / "such" / "folder"),
            "not-saved")

    def test_lists_are_newest_first_and_whole(self):
        for path, rows in {**self.rows, None: self.cli.list()}.items():
            dates = [row["date"] for row in rows]
            self.assertEqual(dates, sorted(dates, reverse=True), path)
            ids = [row["conversation"] for row in rows]
            self.assertEqual(len(set(ids)), len(ids), path)
            for row in rows:
                for name, kind in (("subject", str), ("senders", list), ("date", str),
                                   ("unread", bool), ("starred", bool), ("attachments", bool),
                                   ("labels", list), ("messages", list)):
                    self.assertIsInstance(row[name], kind, (path, name))
                self.assertTrue(row["messages"])
                self.assertLessEqual(set(row["labels"]), set(self.labels))

    def test_pages_have_no_gaps_and_nothing_twice(self):
        for path in (None, "INBOX", "Projects/Aurora", "Sent Items"):
            label = ["--label", self.labels[path]["id"]] if path else []
            whole = [row["conversation"] for row in self.cli.list(path)]
            for size in (1, 7, 50) if path == "Projects/Aurora" else (7, 50):
                paged, cursor = [], []
                while True:
                    rows = self.cli.do("list", *label, "--limit", size, *cursor)
                    self.assertLessEqual(len(rows), size)
                    if not rows:
                        break
                    paged += [row["conversation"] for row in rows]
                    cursor = ["--before", rows[-1]["cursor"]]
                self.assertEqual(paged, whole, (path, size))

    def test_all_mail_is_everything_but_trash_junk_and_drafts(self):
        everywhere = {row["conversation"] for row in self.cli.list()}
        for path, rows in self.rows.items():
            if path not in APART:
                self.assertLessEqual({row["conversation"] for row in rows}, everywhere, path)
        only_apart = [row for path in APART for row in self.rows[path]
                      if not set(row["labels"]) - set(APART)]
        self.assertTrue(only_apart)
        listed = {message for row in self.cli.list() for message in row["messages"]}
        for row in only_apart:
            if row["conversation"] not in everywhere:
                self.assertFalse(set(row["messages"]) & listed, row)

    def test_a_message_with_several_labels_is_one(self):
        copies = collections.Counter()
        for path in self.rows:
            copies.update({message_id for message_id in self.witness.ids(path) if message_id})
        several = [message_id for message_id, count in copies.items() if count > 1]
        self.assertTrue(several)
        ids = collections.Counter()
        for raw in self.raws().values():
            header = email.message_from_bytes(raw)
            ids[str(header.get("Message-ID", "")).strip()] += 1
        for message_id in several:
            self.assertEqual(ids[message_id], 1, message_id)

    def test_ids_last(self):
        before = (self.cli.labels(), self.cli.list())
        self.cli.sync()
        self.assertEqual((self.cli.labels(), self.cli.list()), before)
        self.assertEqual(self.cli.sync()["new"], 0)

    def test_dates_are_iso(self):
        for row in self.cli.list():
            self.assertRegex(row["date"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)\Z")

    def test_account_list(self):
        accounts = self.cli.do("account", "list")
        self.assertEqual(len(accounts), 1)
        self.assertEqual(accounts[0]["email"], self.server.email)
        self.assertEqual(accounts[0]["history"], "all")

    def test_the_same_account_again(self):
        self.assert_error(self.cli.add(self.server), "invalid-argument")
        self.assertEqual(len(self.cli.do("account", "list")), 1)

    def test_pin_and_unpin(self):
        self.cli.do("label", "unpin", self.labels["Choir"]["id"])
        self.assertFalse(self.cli.labels()["Choir"]["pinned"])
        self.cli.sync()
        self.assertFalse(self.cli.labels()["Choir"]["pinned"])
        self.cli.do("label", "pin", "Choir")
        self.assertTrue(self.cli.labels()["Choir"]["pinned"])

    def test_not_here(self):
        for command in (["show", "999999"], ["show", "--raw", "999999"], ["read", "999999"],
                        ["save", "999999", "1", "/tmp/x"], ["list", "--label", "No such"],
                        ["move", "No such", self.messages[0]], ["label", "pin", "No such"],
                        ["add-label", "999999", self.messages[0]], ["outbox", "cancel", "9999"],
                        ["account", "remove", "9999"],
                        ["send", "--to", "a@b.example", "--subject", "x", "--reply-to-message",
                         "999999"]):
            self.assert_error(self.cli.run(*command), "not-found")
        self.assert_error(self.cli.run("list", "--before", "nonsense"), "invalid-argument")

    def test_an_act_on_several_fails_as_a_whole(self):
        message = self.cli.list("INBOX")[0]["messages"][0]
        before = self.cli.do("show", message)[0]["starred"]
        self.assert_error(self.cli.run("unstar" if before else "star", message, "999999"),
                          "not-found")
        self.assertEqual(self.cli.do("show", message)[0]["starred"], before)
        self.assertEqual(self.cli.do("pending"), [])

    def test_nothing_to_undo(self):
        cli = self.new_cli()
        self.assert_error(cli.run("undo"), "not-found")

    def test_wrong_usage(self):
        for command in ([], ["nonsense"], ["list", "--nonsense"], ["show"], ["show", "abc"],
                        ["show", "1", "2"], ["show", "--raw", "--html", "1"], ["save", "1"],
                        ["read"], ["read", "x"], ["move", "INBOX"], ["label"], ["label", "paint"],
                        ["account"], ["account", "paint"], ["sync", "--bodies", "some"],
                        ["list", "--limit", "many"], ["list", "--limit", "-1"], ["undo", "1"],
                        ["send"], ["send", "--subject", "x"], ["account", "add"],
                        ["outbox", "cancel"], ["outbox", "paint"], ["sync", "extra"],
                        ["account", "add", "--email", "a@b.example"], ["search"], ["doctor", "x"],
                        ["account", "discover"], ["label", "create"],
                        ["label", "rename", "1"], ["label", "delete"], ["account", "set"],
                        ["account", "set", "1"]):
            done = self.cli.run(*command)
            self.assertEqual(done.status, 2, str(done))
            self.assertEqual(done.out, b"", str(done))
            self.assertTrue(done.err.strip(), str(done))

    def test_words_are_utf8_in_every_locale(self):
        cli = harness.Cli(self.cli.data, self.server.password, LC_ALL="C", LANG=None)
        self.assertEqual(cli.list("日本"), self.cli.list("日本"))
        done = cli.run("send", "--to", "a@b.example", "--subject", "Grüße 日本",
                       "--at", "2099-01-01T09:00Z")
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(cli.do("outbox")[0]["subject"], "Grüße 日本")
        cli.do("outbox", "cancel", done.last["outbox"])
        done = self.cli.run("list", "--label", b"\xff\xfe")
        self.assertEqual((done.status, done.out), (2, b""))

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = harness.subprocess.run(self.cli.command("list"), stdout=full,
                                          stderr=harness.subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr)

    def test_help(self):
        done = self.cli.run("--help")
        self.assertEqual(done.status, 0)
        for word in ("account add", "sync", "PINION_PASSWORD", "--wait", "--trust-sha256"):
            self.assertIn(word, done.out.decode())

    def test_progress_tells_how_far_it_is(self):
        cli = harness.Cli(self.new_folder() / "data", self.server.password)
        cli.add(self.server)
        lines = cli.do("sync")
        self.assertEqual(set(lines[-1]["synced"]), {"messages", "new", "seconds"})
        self.assertEqual(lines[-1]["synced"]["messages"], len(self.messages))
        for line in lines[:-1]:
            self.assertEqual(set(line["progress"]), {"label", "done", "total"}, json.dumps(line))
            self.assertLessEqual(line["progress"]["done"], line["progress"]["total"])
        self.assertTrue(lines[:-1])

    def test_headers_only_then_a_body_on_request(self):
        cli = harness.Cli(self.new_folder() / "data", self.server.password)
        cli.add(self.server)
        self.assertEqual(cli.do("sync", "--bodies", "none")[-1]["synced"]["messages"],
                         len(self.messages))
        self.assertEqual(list((cli.data).rglob("*.eml")), [])
        row = cli.list("INBOX")[0]
        self.assertTrue(cli.run("show", "--raw", row["messages"][-1]).out)
        self.assertTrue(cli.do("show", cli.list("Receipts")[0]["messages"][0])[0]["text"])

    def test_without_an_account(self):
        cli = harness.Cli(self.new_folder() / "data")
        for command in (["labels"], ["list"], ["account", "list"], ["pending"], ["outbox"]):
            self.assertEqual(cli.do(*command), [])
        self.assert_error(cli.run("send", "--to", "a@b.example", "--subject", "x"), "not-found")

    def test_the_folder_is_private(self):
        self.assertEqual(self.cli.data.stat().st_mode & 0o777, 0o700)
        for path in self.cli.data.rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)


if __name__ == "__main__":
    harness.main()
