#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window worked as a person would, and the server asked through another client whether it
came true: every row of the table of what is synced, both ways.

    test_window.py BUILD_FOLDER
"""

import email.utils
import pathlib
import re
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "demo"))

from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")

SUBJECTS = ["Tulips for the lock", "The kettle is back", "Minutes of the choir", "A parcel of maps",
            "Win a yacht today", "The lighthouse key", "Rain on Thursday", "One more lantern"]


def letter(subject, to):
    return "\r\n".join([
        f"From: Mira Tal <mira@tal.example>", f"To: {to}", f"Subject: {subject}",
        f"Date: {email.utils.formatdate(localtime=True)}",
        f"Message-ID: <{subject.replace(' ', '.').lower()}@tal.example>",
        "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "",
        f"About {subject.lower()}: all is well here.", "", "Mira", ""]).encode()


class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DemoServer().start()
        cls.addClassCleanup(cls.server.stop)
        for subject in reversed(SUBJECTS):
            cls.server.deliver(letter(subject, cls.server.email))
            time.sleep(0.02)
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        cls.session.adopt()
        from journey import Journey

        cls.journey = Journey(cls.session, BUILD / "src/pinion", cls.server.facts)
        cls.desk = cls.journey.desk
        cls.journey.open()
        cls.journey.set_up()
        cls.journey.await_synced()

    # -- The witness

    def find(self, folder, subject):
        """The flags of each message of this subject in the folder on the server."""
        imap = self.server.imap()
        try:
            imap.select(f'"{folder}"', readonly=True)
            numbers = imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
            return [imap.fetch(number, "(FLAGS)")[1][0].decode() for number in numbers]
        finally:
            imap.logout()

    def await_server(self, folder, subject, count=1, flag=None):
        def come_true():
            found = self.find(folder, subject)
            return len(found) == count and (flag is None or all(flag in one for one in found))

        self.desk.wait(come_true, 30, f"{count} of {subject!r} in {folder} {flag or ''}")

    def act(self, subject, *keys):
        self.journey.select(subject)
        self.desk.press(*keys)

    # -- From here to the server

    def test_01_read(self):
        self.assertFalse(any("\\Seen" in one for one in self.find("INBOX", SUBJECTS[0])))
        self.journey.open_conversation(SUBJECTS[0])
        self.await_server("INBOX", SUBJECTS[0], flag="\\Seen")

    def test_02_star(self):
        self.act(SUBJECTS[0], "s")
        self.await_server("INBOX", SUBJECTS[0], flag="\\Flagged")

    def test_03_archive(self):
        self.act(SUBJECTS[1], "e")
        self.await_server("Archive", SUBJECTS[1])
        self.await_server("INBOX", SUBJECTS[1], 0)

    def test_04_undo(self):
        self.act(SUBJECTS[2], "e")
        self.await_server("Archive", SUBJECTS[2])
        # What has been in sight meanwhile is not what is taken back.
        self.await_server("INBOX", SUBJECTS[3], flag="\\Seen")
        self.desk.press("ctrl+z")
        self.await_server("INBOX", SUBJECTS[2])
        self.await_server("Archive", SUBJECTS[2], 0)

    def test_05_drop_on_label(self):
        self.journey.drop_on_label(SUBJECTS[3], "Travel")
        self.await_server("Travel", SUBJECTS[3])
        self.await_server("INBOX", SUBJECTS[3])

    def test_06_drop_with_shift(self):
        self.journey.drop_on_label(SUBJECTS[5], "Receipts", move=True)
        self.await_server("Receipts", SUBJECTS[5])
        self.await_server("INBOX", SUBJECTS[5], 0)

    def test_07_spam(self):
        self.act(SUBJECTS[4], "exclam")
        self.await_server("Junk Email", SUBJECTS[4])
        self.await_server("INBOX", SUBJECTS[4], 0)

    def test_08_delete(self):
        self.act(SUBJECTS[6], "numbersign")
        self.await_server("Deleted Items", SUBJECTS[6])
        self.await_server("INBOX", SUBJECTS[6], 0)

    def test_09_reply(self):
        self.journey.open_conversation(SUBJECTS[7])
        self.journey.reply("The lantern hangs. Thank you!")
        self.journey.send()
        self.await_server("Sent Items", "Re: " + SUBJECTS[7], flag="\\Seen")
        self.desk.wait(lambda: self.count_in_sink("Re: " + SUBJECTS[7]) > 0, 60, "the reply")
        self.assertEqual(self.count_in_sink("Re: " + SUBJECTS[7]), 1)
        # Where all is from oneself, it is told whom it is to.
        self.desk.point_and_click(self.journey.label("Sent"))
        self.desk.find(re.compile(f"^{SUBJECTS[7]}, to "), "list item")
        self.desk.point_and_click(self.journey.label("Inbox"))

    def count_in_sink(self, subject):
        imap = self.server.imap(self.server.sink)
        imap.select("INBOX", readonly=True)
        found = imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
        imap.logout()
        return len(found)

    def test_10_draft_stays_here(self):
        self.desk.press("c")
        self.desk.type_into("Subject", "A thought for later")
        self.desk.type_into("Message", "Not finished yet.")
        time.sleep(4)
        letter_window = self.desk.find("A thought for later", "frame")
        self.desk.click("Close", "button", below=letter_window)
        self.desk.wait_gone("A thought for later", "frame")
        self.desk.focus()
        self.assertEqual(self.find("Drafts", "A thought for later"), [])
        self.journey.await_synced()
        listed = subprocess.run(
            [str(BUILD / "src/cli/pinion-cli"), "--data", str(self.journey.data), "list",
             "--label", "Drafts"], env=self.session.environment, capture_output=True, text=True)
        self.assertIn("A thought for later", listed.stdout)

    # -- From the server to here

    def test_11_new_mail_arrives(self):
        self.server.deliver(letter("Fresh from the press", self.server.email))
        self.desk.find(re.compile("^Fresh from the press, from "), "list item", seconds=10)

    def test_12_read_elsewhere(self):
        imap = self.server.imap()
        imap.select("INBOX")
        number = imap.search(None, "SUBJECT", '"Fresh from the press"')[1][0].split()[0]
        imap.store(number, "+FLAGS", "(\\Seen)")
        imap.logout()
        self.desk.wait(lambda: not self.desk.has(
            re.compile("^Fresh from the press, from .*unread"), "list item"), 30,
            "the row to be read")

    def test_13_moved_elsewhere(self):
        imap = self.server.imap()
        imap.select("INBOX")
        number = imap.search(None, "SUBJECT", '"Fresh from the press"')[1][0].split()[0]
        imap.copy(number, "Travel")
        imap.store(number, "+FLAGS", "(\\Deleted)")
        imap.expunge()
        imap.logout()
        self.desk.wait_gone(re.compile("^Fresh from the press, from "), "list item", 30)

    # -- A pause

    def test_14_paused(self):
        """What is done meanwhile waits, and is done when syncing goes on."""
        self.desk.press("F10")
        # GTK gives what is in a menu a role, and no name.
        self.desk.click(role="check menu item")
        self.desk.find(re.compile("^Paused"))
        self.act(SUBJECTS[2], "s")
        self.desk.find(re.compile(f"^{SUBJECTS[2]}, from .*starred"), "list item")
        self.assertFalse(any("\\Flagged" in one for one in self.find("INBOX", SUBJECTS[2])))
        self.desk.click("Resume", "button")
        self.await_server("INBOX", SUBJECTS[2], flag="\\Flagged")
        self.desk.wait_gone("Resume", "button")

    def test_15_search(self):
        """As it is typed, over all mail; a term becomes a chip, and Escape brings back what was there."""
        self.desk.press("ctrl+f")
        self.desk.type_into("Search all mail", "lighthou")
        row = re.compile(f"^{SUBJECTS[5]}, from ")
        self.desk.find(row, "list item")
        self.desk.wait(lambda: not self.desk.has(re.compile(f"^{SUBJECTS[0]}, from "), "list item"),
                       30, "only what was searched for")
        # What the row is found for, and does not begin with, is read aloud, too.
        self.desk.type_into("Search all mail", "lighthou well")
        self.desk.wait(lambda: any("all is well" in (found.get_description() or "")
                                   for found in self.desk.find_all(row, "list item")),
                       what="the words around what was found")
        self.desk.type_into("Search all mail", "lighthou is:read")
        self.desk.find("Remove “Read”", "button")
        self.desk.press("Escape")
        self.desk.find(re.compile(f"^{SUBJECTS[0]}, from "), "list item")
        self.desk.wait_gone("Remove “Read”", "button")

        self.desk.press("ctrl+f")
        self.desk.type_into("Search all mail", "zzqq")
        self.desk.find("Nothing Found")
        self.desk.press("Escape")
        self.desk.find(re.compile(f"^{SUBJECTS[0]}, from "), "list item")

    # -- And both ways

    def drafts(self, subject):
        """The text of each draft of this subject on the server."""
        imap = self.server.imap()
        try:
            imap.select("Drafts", readonly=True)
            numbers = imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
            return [imap.fetch(number, "(BODY.PEEK[TEXT])")[1][0][1].decode() for number in numbers]
        finally:
            imap.logout()

    def close_letter(self, subject):
        self.desk.click("Close", "button", below=self.desk.find(subject, "frame"))
        self.desk.wait_gone(subject, "frame")
        self.desk.focus()

    def test_16_drafts_on_the_server(self):
        """Once the account is set so: those that are here, and those that were begun elsewhere."""
        self.desk.press("ctrl+comma")
        self.desk.point_and_click(self.desk.at_rest(self.server.email, "list item"))
        self.desk.point_and_click(self.desk.at_rest("Drafts on the Server", "list item"))
        self.await_server("Drafts", "A thought for later", flag="\\Draft")
        self.desk.leave_dialog()

        subject = "Begun on the phone"
        imap = self.server.imap()
        imap.append("Drafts", "(\\Draft \\Seen)", None, letter(subject, "ben@lakeside.example"))
        imap.logout()
        self.desk.press("F5")
        self.desk.point_and_click(self.journey.label("Drafts"))
        self.desk.find(re.compile("^A thought for later, no recipients, "), "list item")
        self.desk.find(re.compile(f"^{subject}, to "), "list item")
        self.journey.select(subject)
        self.desk.find(subject, "frame")
        self.desk.type_into("Message", "Ended here.")
        self.close_letter(subject)
        self.desk.wait(lambda: [text.strip() for text in self.drafts(subject)] == ["Ended here."],
                       30, "the draft to be replaced")

        self.journey.select(subject)
        self.desk.find(subject, "frame")
        self.desk.click("Discard", "button", below=self.desk.find(subject, "frame"))
        self.desk.click("Discard", "button", below=self.desk.find("Discard This Message?", "alert"))
        self.desk.wait(lambda: not self.drafts(subject), 30, "the draft to go")
        self.desk.focus()
        self.desk.point_and_click(self.journey.label("Inbox"))

    # -- All the while

    def test_98_secret_is_kept(self):
        """The password is in the Secret Service and nowhere else."""
        secret = self.server.password.encode()
        for path in self.session.folder.rglob("*"):
            if path.is_file() and "keyrings" not in path.parts:
                self.assertNotIn(secret, path.read_bytes(), path)
        for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.assertNotIn(secret, line.read_bytes())
            except OSError:
                pass
        found = subprocess.run(["secret-tool", "search", "--all", "xdg:schema",
                                "io.github.pinionmail.Pinion.Account"],
                               env=self.session.environment, capture_output=True)
        self.assertIn(secret, found.stdout + found.stderr)

    def test_99_ends_without_complaint(self):
        self.journey.close()
        self.assertEqual(complaints(self.journey.output), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=False)
