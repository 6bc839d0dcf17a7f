#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assistant worked through eleven of the fault lab's faults, two at a time, by the names a screen
reader speaks: the words are looked at, the button is pressed (now and then by the keyboard), and what it
promises has to come true.  Then once more with nothing to type after the credentials, and no keyring.

    test_assistant.py BUILD_FOLDER

PINION_TEST_PICTURES names a folder for a picture of each.
"""

import os
import pathlib
import re
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]

import world as worlds  # noqa: E402
import faults  # noqa: E402
from session import Session, complaints  # noqa: E402
from world import EMAIL, PASSWORD, network, web  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else pathlib.Path("build")
PICTURES = os.environ.get("PINION_TEST_PICTURES")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
SECONDS = 40
TITLES = ("Account Type", "Import", "Credentials", "IMAP", "SMTP", "Sidebar", "Connect")


class Assistant(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = worlds.World()
        cls.addClassCleanup(cls.world.close)
        cls.world.good = cls.place(faults.Fault("good", "imap", faults.house("good", 993, 143, 587, 465),
                                                "", ""))
        cls.faults = {fault.name: fault for fault in (*faults.imap_faults(), *faults.smtp_faults())}
        cls.trust_authority()
        cls.session = Session(GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))
        cls.session.__enter__()
        cls.addClassCleanup(cls.session.stop)
        # Only the names of this network are asked for.
        del cls.session.environment["PINION_DISCOVER_URL"]
        cls.session.adopt()
        settings = cls.session.folder / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[Settings]\ngtk-enable-animations=0\n")

    @classmethod
    def place(cls, fault):
        fault.build(cls.world)
        return fault

    @classmethod
    def trust_authority(cls):
        """As a company's own authority is, on its computers."""
        bundle = pathlib.Path(cls.world.folder.name, "bundle.pem")
        bundle.write_text(cls.world.ca.read_text())
        if reason := network.bind(str(bundle), BUNDLE):
            raise unittest.SkipTest(reason)

    def open(self, name):
        from journey import Journey

        self.journey = Journey(self.session, BUILD / "src/pinion",
                               {"name": "Anna Keller", "email": EMAIL, "password": PASSWORD},
                               pictures=PICTURES)
        self.journey.data = self.session.folder / name
        self.journey.output = self.session.folder / f"{name}.log"
        self.desk = self.journey.desk
        if PICTURES:
            pathlib.Path(PICTURES).mkdir(parents=True, exist_ok=True)
        self.journey.open()

    def close(self, *others):
        """OTHERS: what somebody else is known to complain about."""
        self.journey.close()
        self.assertEqual([line for line in complaints(self.journey.output)
                          if not any(words in line for words in others)], [])

    # -- Moving about.  Each look asks the program about every widget: what one has found is used again.

    def look(self):
        """{(role, name): widget} of everything in sight"""
        from desk import name_of, role_of, walk

        self.seen = {(role_of(node), name_of(node)): node
                     for node in walk(self.desk.root(), showing=True)}
        return self.seen

    def await_sight(self, *wanted, gone=()):
        """`wanted`: (role, a text or pattern); `gone`: the same, not there any more"""

        def fits(sight, role, text):
            return any(role == one and (name == text if isinstance(text, str) else text.search(name))
                       for one, name in sight)

        def seen():
            sight = self.look()
            return (all(fits(sight, *one) for one in wanted)
                    and not any(fits(sight, *one) for one in gone))

        self.desk.wait(seen, SECONDS, (wanted, gone))

    def await_page(self, title):
        self.await_sight(("heading", title))

    def click(self, name):
        """A page fills as what it shows is learned."""
        self.await_sight(("button", name))
        self.desk.activate(self.seen["button", name])

    def enter(self, name, text):
        from desk import walk

        row = next(node for (role, one), node in self.seen.items() if one == name and role != "label")
        entry = next(node for node in walk(row, 6) if node.get_editable_text_iface() is not None)
        entry.get_editable_text_iface().set_text_contents(text)

    def go_back(self, title):
        self.desk.focus()
        self.desk.press(*["alt+Left"] * (TITLES.index("Connect") - TITLES.index(title)))
        self.await_page(title)

    def go_on(self, title, to="Connect"):
        """By the buttons, from the page that was seen last."""
        for name in TITLES[TITLES.index(title) + 1:TITLES.index(to) + 1]:
            self.click("Connect" if name == "Connect" else "Next")
            if name != "Connect":
                self.await_page(name)

    def use(self, imap, smtp):
        """From the last page back to the servers', and on again with other hosts."""
        self.go_back("IMAP")
        self.enter("Hostname", imap)
        self.go_on("IMAP", "SMTP")
        self.enter("Hostname", smtp)
        self.go_on("SMTP")

    # -- What is said

    def assert_told(self, picture, *told):
        """`told`: (heading, message, cure)"""
        wanted = [("label", re.compile("^Something is in the way")), ("button", "Try Again"),
                  ("button", "Copy Report")]
        for heading, message, cure in told:
            wanted += [("heading", heading), ("label", re.compile(message))]
            wanted += [("button", cure)] if cure else []
        self.await_sight(*wanted)
        self.journey.picture(picture)

    def press(self, cure):
        """With the keyboard alone."""
        from desk import Atspi, has_state

        button = self.desk.find(cure, "button")
        self.desk.focus()
        for _ in range(40):
            if has_state(button, Atspi.StateType.FOCUSED):
                break
            self.desk.press("Tab")
            time.sleep(0.1)
        self.assertTrue(has_state(button, Atspi.StateType.FOCUSED), cure)
        self.desk.press("Return")

    def assert_imap_works(self):
        self.await_sight(("list item", "List the labels: done"),
                         ("label", re.compile("^Something is in the way")),
                         gone=[("heading", re.compile("^IMAP: "))])

    def go_through(self, imap, smtp, cure=None):
        """Both servers are at fault; CURE, where there is one, makes IMAP work. Each: the fault's name, the
        heading, what is said of HOST."""
        hosts, told = [], []
        for name, heading, message in (imap, smtp):
            fault = self.place(self.faults[name])
            hosts.append(fault.host)
            told.append((heading, message.replace("HOST", re.escape(fault.host)),
                         cure if fault.protocol == "imap" else None))
        with self.subTest(f"{imap[0]}+{smtp[0]}"):
            self.use(*hosts)
            self.assert_told(imap[0], *told)
            if cure:
                self.click(cure)
                self.assert_imap_works()

    def enter_wrong_password(self):
        """And a sending server that is not there."""
        self.await_page("Account Type")
        self.go_on("Account Type", "Credentials")
        self.enter("Display name", "Anna Keller")
        self.enter("Email address", EMAIL)
        self.enter("Password", "mistyped 1")
        self.go_on("Credentials", "IMAP")
        self.enter("Hostname", self.world.good.host)
        self.go_on("IMAP", "SMTP")
        self.enter("Hostname", "smtp.nowhere.northwind.example")
        self.go_on("SMTP")
        self.assert_told("imap-wrong-password",
                         ("IMAP: Signing In Was Refused", "refused the user name or the password",
                          "Check Credentials"),
                         ("SMTP: The Server Was Not Found", "No server is known by the name",
                          "Check SMTP Settings"))
        self.assertLessEqual(self.world.refused(self.world.good.address), 3)

    def test_1_faults(self):
        self.world.names.hosts.clear()
        self.world.names.hosts[self.world.good.host] = self.world.good.address
        self.open("faults")
        self.enter_wrong_password()
        self.press("Check Credentials")
        self.await_page("Credentials")
        self.enter("Password", PASSWORD)
        self.go_on("Credentials")
        self.assert_imap_works()

        certificate = "IMAP: The Certificate Is Not Trusted"
        greeted = "SMTP: The Server Did Not Greet as Expected"
        self.go_through(("imap-expired", certificate, "certificate of HOST has expired"),
                        ("smtp-tls-1-1", "SMTP: The Connection Was Not Encrypted",
                         "HOST only speaks outdated encryption"), "Trust This Certificate")
        self.go_through(("imap-self-signed", certificate, "certificate of HOST vouches only for itself"),
                        ("smtp-turned-away", greeted, "HOST turned the connection away"),
                        "Trust This Certificate")
        self.go_through(("imap-993-closed", "IMAP: The Server Was Not Reached",
                         "HOST does not answer on port 993"),
                        ("smtp-concurrent", greeted, "allows no further connection"),
                        "Use Port 143 with STARTTLS")
        self.go_through(("imap-starttls-missing", "IMAP: The Server Did Not Greet as Expected",
                         "HOST offers no encryption"),
                        ("smtp-injection", "SMTP: The Connection Was Not Encrypted",
                         "sent data before encryption was up"), "Use Port 993 with TLS")
        self.click("Copy Report")
        self.await_sight(("button", "Report Copied"))

        closed = self.place(self.faults["smtp-587-closed"])
        self.use(self.world.good.host, closed.host)
        self.assert_told("smtp-587-closed", ("SMTP: The Server Was Not Reached",
                                             "does not answer on port 587", "Use Port 465 with TLS"))
        self.press("Use Port 465 with TLS")
        self.desk.wait_gone("Connect", "heading", seconds=SECONDS)
        self.close()

    def test_2_nothing_to_type(self):
        """The pages after the credentials are right as they are."""
        names = self.world.names
        names.hosts.clear()
        names.hosts["mail.northwind.example"] = self.world.good.address
        names.hosts["autodiscover.northwind.example"] = address = self.world.new_address()
        found = web.account(
            web.protocol(Type="IMAP", Server="mail.northwind.example", Port=993, LoginName=EMAIL,
                         SSL="on", AuthRequired="on"),
            web.protocol(Type="SMTP", Server="mail.northwind.example", Port=587, LoginName=EMAIL,
                         Encryption="TLS", AuthRequired="on"))
        self.enterContext(web.Web({web.POX: web.Reply(200, found)}, self.world.certificates.context(),
                                  (address, 443)))
        self.open("found")
        self.await_page("Account Type")
        self.go_on("Account Type", "Credentials")
        self.enter("Display name", "Anna Keller")
        self.enter("Email address", EMAIL)
        self.enter("Password", PASSWORD)
        self.go_on("Credentials", "IMAP")
        self.await_sight(("button", "Next"), ("label", re.compile("^Found by Autodiscover at ")))
        self.journey.picture("found")

        # The keyring is locked or gone: the password is kept in memory alone.
        self.session.end_keyring()
        self.go_on("IMAP")
        self.await_sight(("heading", "The Password Cannot Be Kept"),
                         ("button", "Keep the Password for This Session Only"))
        self.journey.picture("no-keyring")
        self.click("Keep the Password for This Session Only")
        self.desk.wait_gone("Connect", "heading", seconds=SECONDS)
        # libsecret, where nobody shows the question for the keyring's own password
        self.close("g_task_return_error: assertion 'error != NULL'",
                   "g_task_return_error: assertion '!task->ever_returned'",
                   "secret_service_real_prompt_async")
        for path in self.session.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(PASSWORD.encode(), path.read_bytes(), path)


if __name__ == "__main__":
    if reason := network.enter():
        print(reason)
        sys.exit(77)
    web.clean_environment()
    unittest.main(verbosity=2, warnings="ignore", argv=sys.argv)
