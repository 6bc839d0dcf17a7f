#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 11 to 14: names on the wire, languages, re-localising, reserved names."""

import concurrent.futures
import unicodedata

from exchange import E10, E13, E16, EMAIL, Case, Exchange, for_each, harness, main
from folders import DEFAULT, wire
from imap_peer import first
from languages import languages

# Name on the wire, how LIST writes it where that is not usual, and what people see.
ODD = [
    (b"Entw&APw-rfe 2025", None, "Entwürfe 2025"),
    (b"back\\slash", None, "back\\slash"),
    (b"INBOX/Da\tOggetto\tRicevuto", None, None),
    (b"Da\tOggetto\t(3) Ricevuto", None, None),
    (b'the "best"', None, 'the "best"'),
    (b'ends in "', None, 'ends in "'),
    (b"trailing blank ", None, None),
    (b"&2D3eAA- party", None, "\U0001f600 party"),
    (b"R&D", None, None),
    (b"&Jjo", None, None),
    (b"&AOk!-bad", None, None),
    (b"E&AwE-le&AwE-ments", None, None),
    (b"Inbox1", None, "Inbox1"),
    (b"inbox archive", None, "inbox archive"),
    (b"_xF8FF_ slash", None, "_xF8FF_ slash"),
    (b"{3}", b'"{3}"', "{3}"),
    (b"100% (sure) *", b'"100% (sure) *"', "100% (sure) *"),
    (b"NIL", b'"NIL"', "NIL"),
]


def plain(text):
    return unicodedata.normalize("NFC", text)


class Names(Case):
    @for_each(E10, E16)
    def test_11_odd_names(self, profile):
        """Each is listed, synced, filed into and filed out of, by exactly the bytes it came as."""
        self.exchange(profile)
        folders = [self.mailbox.create(name, line=line) for name, line, _ in ODD]
        for number, folder in enumerate(folders):
            self.server.deliver(f"odd {number}", folder.name)
            self.server.deliver(f"for {number}")
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        labels = self.cli.labels()
        by_subject = {label["id"]: path for path, label in labels.items()}
        for _, _, shown in ODD:
            if shown:
                self.assertIn(shown, map(plain, labels))
        rows = {row["subject"]: row for row in self.cli.list()}
        paths = [rows[f"odd {number}"]["labels"] for number in range(len(ODD))]
        self.assertTrue(all(len(found) == 1 for found in paths), paths)
        self.assertEqual(len({found[0] for found in paths}), len(ODD))
        self.assertLessEqual(len(by_subject), len(self.mailbox.folders))
        for number in range(len(ODD)):
            label = labels[paths[number][0]]["id"]
            self.cli.do("move", str(label), rows[f"for {number}"]["messages"][0])
        self.cli.do("star", *(rows[f"odd {number}"]["messages"][0] for number in range(len(ODD))))
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        for number, folder in enumerate(folders):
            subjects = self.mailbox.subjects(folder.name)
            self.assertEqual(sorted(subjects), [f"for {number}", f"odd {number}"], folder.name)
            flags = [message.flags for message in folder.messages
                     if b"Subject: odd" in message.raw]
            self.assertEqual(flags, [{b"\\Flagged"}])
        self.assertEqual(self.mailbox.subjects("INBOX"), [])

    def test_11_public_folders(self):
        """Listed with a separator at the end, on old servers: a tree that holds no mail."""
        self.exchange(E10)
        self.mailbox.create(b"Public Folders/", [b"\\Noselect"])
        self.mailbox.create(b"Public Folders/Company")
        self.server.deliver("seen")
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        shown = [path for path, label in self.cli.labels().items() if not label["hidden"]]
        self.assertNotIn("Public Folders", [path.rstrip("/") for path in shown])
        self.assertNotIn("Public Folders/Company", shown)
        self.assertEqual(self.imap.asked("SELECT", "Public"), 0)
        self.assertTrue(self.row("seen"))

    def test_11_a_line_twice(self):
        """A line that comes again changes nothing; the Inbox is it in any spelling."""
        self.exchange(E16)
        self.mailbox.get("INBOX").line = b"Inbox"
        self.imap.always("LIST", first(b'* LIST (\\HasNoChildren) "/" Drafts'))
        self.server.deliver("once")
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        self.cli.sync()
        roles = [label["role"] for label in self.cli.labels().values() if label["role"]]
        self.assertEqual(sorted(roles), ["drafts", "inbox", "junk", "sent", "trash"])
        self.assertTrue(self.cli.find("once"))

    def test_11_a_folder_that_cannot_be_opened(self):
        """It is set aside; the rest is synced, and its mail is not taken for deleted."""
        self.account(E16, sync=False)
        projects = self.mailbox.create("Projects")
        self.server.deliver("kept", "Projects")
        self.cli.sync()
        for refusal in (("NO", "Server Unavailable. 15"), ("NO", "SELECT failed.")):
            projects.refusal = refusal
            self.server.deliver(f"meanwhile {refusal[1]}")
            self.cli.run("sync")
            self.assertTrue(self.row("kept", "Projects"))
            self.assertTrue(self.row(f"meanwhile {refusal[1]}"))
        projects.refusal = None
        self.cli.sync()
        self.assertTrue(self.row("kept", "Projects"))


class Languages(Case):
    def roles(self, names, uses, case):
        """What a fresh account makes of a mailbox with these folders."""
        attributes = {"sent": b"\\Sent", "trash": b"\\Trash", "drafts": b"\\Drafts",
                      "junk": b"\\Junk"}
        folders = {"INBOX": None, **{name: attributes.get(role) for name, role in names.items()}}
        server = Exchange(E16 if uses else E13, uses=uses, folders=folders)
        try:
            cli = harness.Cli(self.new_folder() / "data", server.password)
            done = cli.add(server, "--imap-user", EMAIL, "--smtp-user", EMAIL)
            self.assertEqual(done.status, 0, str(done))
            cli.sync("--bodies", "none")
            found = {path: label["role"] or ("hidden" if label["hidden"] else None)
                     for path, label in cli.labels().items()}
            self.assertEqual(server.faults(), [])
        finally:
            server.close()
        return case, found

    def check(self, cases):
        """Two at a time: each is a world of its own."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(self.roles, names, uses, (title, names))
                    for title, names, uses in cases]
            for job in jobs:
                (title, names), found = job.result()
                wanted = {name: role or "hidden" for name, role in names.items()}
                with self.subTest(title):
                    self.assertEqual(found, {"INBOX": "inbox", **wanted})

    def test_12_every_language(self):
        self.check([(language, names, False) for language, names in languages()])

    def test_12_with_attributes(self):
        self.check([(language, names, True) for language, names in languages()
                    if language in ("de", "tr", "ja")])

    def test_12_attributes_decide(self):
        """Where the server says what a folder is for, its name does not matter."""
        _, found = self.roles({"Post (gesendet)": "sent", "Mülleimer": "trash", "Spam-Verdacht":
                               "junk", "Skizzen": "drafts"}, True, None)
        self.assertEqual(found, {"INBOX": "inbox", "Post (gesendet)": "sent", "Skizzen": "drafts",
                                 "Mülleimer": "trash", "Spam-Verdacht": "junk"})

    def test_12_mixed(self):
        """Two languages, and the twins that other programs made: the server's own name wins."""
        names = {"Gesendete Elemente": "sent", "Gelöschte Elemente": "trash", "Entwürfe": "drafts",
                 "Junk-E-Mail": "junk", "Archive": "archive", "Sent": None, "Trash": None,
                 "Spam": None}
        _, found = self.roles(names, False, None)
        self.assertEqual(found, {"INBOX": "inbox", **names})
        _, found = self.roles({"Sent": None, "Sent Items": "sent", "Sent to clients": None,
                               "Deleted Items": "trash", "Trash": None}, False, None)
        self.assertEqual(found, {"INBOX": "inbox", "Sent": None, "Sent Items": "sent",
                                 "Sent to clients": None, "Deleted Items": "trash", "Trash": None})


class Changed(Case):
    def test_13_another_language(self):
        """The same folders under other names: followed, and nothing is fetched twice."""
        for profile in (E10, E16):
            with self.subTest(profile.name):
                self.exchange(profile, uses=False)
                self.mailbox.create("Projects")
                for number in range(4):
                    self.server.deliver(f"sent {number}", "Sent Items", [b"\\Seen"])
                    self.server.deliver(f"deleted {number}", "Deleted Items")
                    self.server.deliver(f"project {number}", "Projects")
                self.assertEqual(self.add(user=EMAIL).status, 0)
                self.cli.sync()
                before = self.cli.labels()
                messages = {row["subject"]: row["messages"] for path in ("Sent Items", "Projects")
                            for row in self.cli.list(path)}
                renamed = {"Sent Items": "Gesendete Elemente", "Deleted Items": "Gelöschte Elemente",
                           "Drafts": "Entwürfe", "Junk Email": "Junk-E-Mail",
                           "Projects": "Vorhaben"}
                for old, new in renamed.items():
                    self.mailbox.rename(old, new)
                self.imap.forget()
                self.cli.sync()
                after = self.cli.labels()
                for old, new in renamed.items():
                    self.assertNotIn(old, after)
                    self.assertEqual(after[new]["role"], before[old]["role"], new)
                    self.assertEqual(after[new]["total"], before[old]["total"], new)
                    if before[old]["total"]:
                        self.assertEqual(after[new]["id"], before[old]["id"], new)
                self.assertEqual(self.imap.asked("UID FETCH", "BODY.PEEK[]"), 0)
                for path in ("Gesendete Elemente", "Vorhaben"):
                    for row in self.cli.list(path):
                        self.assertEqual(row["messages"], messages[row["subject"]])

    def test_13_what_is_pending_goes_along(self):
        self.account(E16, uses=False)
        self.server.deliver("to be filed")
        self.mailbox.create("Projects")
        self.server.deliver("old", "Projects")
        self.cli.sync()
        self.cli.do("move", "Projects", self.row("to be filed")["messages"][0])
        self.mailbox.rename("Projects", "Vorhaben")
        self.cli.sync()
        self.assertEqual(sorted(self.mailbox.subjects("Vorhaben")), ["old", "to be filed"])
        self.assertEqual(self.mailbox.subjects("INBOX"), [])

    def test_13_a_namesake_is_no_rename(self):
        """Another folder with the same UIDVALIDITY and UIDs, and other mail in it."""
        self.account(E16)
        self.mailbox.create("Projects", validity=77)
        for number in range(3):
            self.server.deliver(f"project {number}", "Projects")
        self.cli.sync()
        del self.mailbox.folders[wire("Projects")]
        self.mailbox.create("Other", validity=77)
        for number in range(3):
            self.server.deliver(f"other {number}", "Other")
        self.cli.sync()
        self.assertNotIn("Projects", self.cli.labels())
        for row in self.cli.list("Other"):
            self.assertTrue(row["subject"].startswith("other"))
            self.assertIn(row["subject"].encode(), self.raw(row["messages"][0]))
        self.assertEqual(len(self.cli.list("Other")), 3)

    def test_13_a_swap(self):
        """Two folders change their names with each other."""
        self.account(E16)
        for name in ("One", "Two"):
            self.mailbox.create(name)
            self.server.deliver(f"in {name}", name)
        self.cli.sync()
        self.mailbox.rename("One", "Three")
        self.mailbox.rename("Two", "One")
        self.mailbox.rename("Three", "Two")
        self.cli.sync()
        self.assertEqual(self.cli.subjects("One"), {"in Two": 1})
        self.assertEqual(self.cli.subjects("Two"), {"in One": 1})

    def test_13_the_name_of_one_that_is_gone(self):
        """A folder goes, another gets its name, and later its own again."""
        self.account(E16)
        for name in ("One", "Two"):
            self.mailbox.create(name)
            self.server.deliver(f"in {name}", name)
        self.cli.sync()
        message = self.row("in Two", "Two")["messages"]
        del self.mailbox.folders[wire("One")]
        self.cli.sync()
        self.imap.forget()
        for old, new in (("Two", "One"), ("One", "Two")):
            self.mailbox.rename(old, new)
            self.cli.sync()
            self.assertEqual(self.row("in Two", new)["messages"], message)
            self.assertNotIn(old, self.cli.labels())
        self.assertEqual(self.imap.asked("UID FETCH", "BODY.PEEK[]"), 0)

    def test_14_names_that_are_refused(self):
        """Taken in other letters, or reserved: nothing here pretends that the label was made."""
        self.account(E16, folders={**DEFAULT, "projects": None})
        for path in ("Projects", "Calendar", "Journal"):
            done = self.cli.run("label", "create", path)
            self.assertEqual(done.status, 1, str(done))
            self.assertNotEqual(done.error["message"], "")
        self.cli.sync()
        self.assertEqual([path for path in self.cli.labels() if path.lower() == "projects"],
                         ["projects"])


if __name__ == "__main__":
    main()
