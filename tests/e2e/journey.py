# SPDX-License-Identifier: GPL-3.0-or-later
"""What a newcomer does, step by step: sets the account up, reads, files, answers.

Used by the demo (a line and a picture a step) and by the test (assertions around it).
"""

import pathlib
import re
import time

from desk import Atspi, Desk

APPLICATION = "pinion"
# What is read out of a conversation after its subject
PEOPLE = ", (from |to |no recipients)"


class Journey:
    def __init__(self, session, program, facts, pictures=None, note=None, output=None):
        self.session = session
        self.program = program
        self.facts = facts
        self.pictures = pathlib.Path(pictures) if pictures else None
        self.note = note or (lambda words: None)
        self.data = session.folder / "pinion"
        self.output = output or session.folder / "pinion.log"
        self.process = None
        self.desk = Desk(APPLICATION, session)

    # -- The program

    def open(self, **environment):
        self.process = self.session.start([str(self.program), "--data", str(self.data)],
                                          self.output, **environment)
        self.desk.wait(self.desk.root, what="the window")
        self.desk.pointer("mousemove", 2, 2)

    def close(self):
        """By its own way out."""
        self.desk.focus()
        self.desk.press("ctrl+q")
        self.process.wait(20)

    def picture(self, name, words=None, **part):
        if words:
            self.note(words)
        if self.pictures is None:
            return
        time.sleep(0.8)
        self.session.picture(self.pictures / f"{name}.png", **part)

    # -- Assistant

    def next_page(self):
        self.desk.click(re.compile("^(Next|Continue)$"), "button")

    def choose_account_type(self):
        self.desk.find("Microsoft Exchange (IMAP)")
        self.picture("01-account-type", "The assistant asks for the kind of account")
        self.next_page()

    def choose_import(self):
        self.desk.find(re.compile("History"))
        self.picture("02-import", "How much mail to bring here")
        self.next_page()

    def enter_credentials(self):
        self.desk.type_into("Display name", self.facts["name"])
        self.desk.type_into("Email address", self.facts["email"])
        self.desk.type_into("Password", self.facts["password"])
        self.picture("03-credentials", "Name, address and password")
        self.next_page()

    def enter_imap(self):
        self.desk.find(re.compile("IMAP"))
        self.desk.type_into("Hostname", "localhost")
        self.desk.type_into("Port", str(self.facts["imap_tls"]))
        self.picture("04-imap", "The IMAP server")
        self.next_page()

    def enter_smtp(self):
        self.desk.find(re.compile("SMTP"))
        self.desk.type_into("Port", str(self.facts["smtp_starttls"]))
        self.picture("05-smtp", "The SMTP server")
        self.next_page()

    def choose_sidebar(self):
        self.desk.find("Pin all labels")
        self.picture("06-sidebar", "Which labels the sidebar shows")

    def trust(self):
        self.desk.click(re.compile("^Trust"), "button", seconds=40)

    def connect(self):
        """The demo's authority is unknown to this computer: each server's certificate is looked at and
        trusted, as a person would on first contact with a company's own server."""
        self.desk.click("Connect", "button")
        self.desk.find(re.compile("^Trust"), "button", seconds=40)
        self.picture("07-certificate", "The server's certificate is not known here, and says why")
        self.trust()
        self.desk.wait(lambda: self.has_mail() or self.desk.has(re.compile("^Trust"), "button"),
                       60, "SMTP's certificate, or mail")
        if not self.has_mail():
            self.trust()
        self.desk.wait(self.has_mail, 60, "mail")

    def set_up(self):
        self.choose_account_type()
        self.choose_import()
        self.enter_credentials()
        self.enter_imap()
        self.enter_smtp()
        self.choose_sidebar()
        self.connect()

    # -- Mail

    def has_mail(self):
        return bool(self.rows())

    def rows(self):
        """The conversations as they are read out."""
        return self.desk.find_all(re.compile(PEOPLE), "list item")

    def row(self, subject, seconds=30):
        """Scrolls, as a person would, until it is in sight as a whole."""
        name = re.compile("^" + re.escape(subject) + PEOPLE)
        deadline = time.monotonic() + seconds
        self.desk.wait(self.rows, seconds, "conversations")
        if not self.is_in_sight(name):
            self.scroll(self.rows(), 4, 200)
        while not self.is_in_sight(name) and time.monotonic() < deadline:
            self.scroll(self.rows(), 5, 3)
        return self.desk.find(name, "list item", seconds=1)

    def scroll(self, rows, button, clicks):
        """By the wheel, over the middle one of the rows."""
        x, y = self.desk.place(rows[len(rows) // 2])
        self.desk.pointer("mousemove", x, y, "click", "--repeat", clicks, "--delay", 8, button)
        time.sleep(0.5)

    def is_in_sight(self, name):
        found = self.desk.find_all(name, "list item")
        if not found:
            return False
        box = found[0].get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        frame = self.desk.frames()[0]
        height = frame.get_component_iface().get_extents(Atspi.CoordType.WINDOW).height
        return box.y > 40 and box.y + box.height < height - 10

    def label(self, name, seconds=30):
        """A row of the sidebar, scrolled into sight."""
        pattern = re.compile(r"^" + re.escape(name) + r"(,|$)")
        sidebar = self.desk.find("Mailboxes and labels", "list")
        deadline = time.monotonic() + seconds
        if not self.is_in_sight(pattern):
            self.scroll(self.desk.find_all(None, "list item", below=sidebar), 4, 200)
        while not self.is_in_sight(pattern) and time.monotonic() < deadline:
            shown = self.desk.find_all(None, "list item", below=sidebar)
            self.scroll(shown, 5, 3)
        return self.desk.find(pattern, "list item", below=sidebar, seconds=1)

    def select(self, subject):
        row = self.row(subject)
        self.desk.point_and_click(row)
        return row

    def await_synced(self, seconds=120):
        self.desk.wait_gone(re.compile("^(Syncing|Connecting)"), seconds=seconds)

    def open_conversation(self, subject):
        self.select(subject)
        self.desk.find(subject, "heading", seconds=30)

    def drop_on_label(self, subject, label, move=False, at_target=None):
        self.desk.drag(self.row(subject), self.label(label),
                       modifier="shift" if move else None, at_target=at_target)

    def reply(self, text):
        self.desk.click(re.compile("^Reply to "), "button")
        self.desk.type_into("Message", text)

    def send(self):
        self.desk.click("Send", "button")
