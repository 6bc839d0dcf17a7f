#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 1 to 4: greetings, capability lists, STARTTLS."""

import dataclasses

from exchange import E16, Case, for_each, main
from imap_peer import Over
from profiles import BANNER


class Connection(Case):
    def test_01_banners(self):
        for banner in (BANNER + b" EXCH01.northwind.example", BANNER + b" [QmFzZTY0]",
                       b"Northwind mail", b"", b"[ALERT", b"[X] [CAPABILITY nonsense",
                       b"Willkommen, gr\xfc\xdf Gott \xff\xfe"):
            with self.subTest(banner):
                self.exchange(E16)
                self.imap.banner = banner
                self.server.deliver("greeted")
                done = self.add()
                self.assertEqual(done.status, 0, str(done))
                self.cli.sync()
                self.assertTrue(self.row("greeted"))

    @for_each()
    def test_02_capabilities(self, profile):
        """Asked for anew in each state, since nothing is volunteered."""
        self.exchange(profile)
        self.server.deliver("capable")
        for starttls in (False, True):
            self.imap.forget()
            done = self.add(starttls=starttls)
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual(self.imap.asked("CAPABILITY"), 3 if starttls else 2)
        self.cli.sync()
        message = self.row("capable")["messages"][0]
        self.cli.do("trash", message, "--wait")
        self.assertEqual(self.mailbox.subjects("Deleted Items"), ["capable"])
        self.assertEqual(self.mailbox.subjects("INBOX"), [])

    def test_02_move_before_sign_in_only(self):
        fickle = dataclasses.replace(E16, signed_in=E16.signed_in.replace("MOVE ", ""))
        self.account(fickle, sync=False)
        self.server.deliver("moved by copy")
        self.cli.sync()
        self.cli.do("trash", self.row("moved by copy")["messages"][0], "--wait")
        self.assertEqual(self.mailbox.subjects("Deleted Items"), ["moved by copy"])
        self.assertEqual(self.imap.asked("UID MOVE"), 0)

    @for_each()
    def test_03_starttls(self, profile):
        self.exchange(profile)
        done = self.add(starttls=True)
        self.assertEqual(done.status, 0, str(done))
        self.assertTrue(all(session.tls for session in self.imap.connections))

    def test_03_what_was_injected_is_discarded(self):
        """Bytes slipped in before the handshake are the attacker's, not the server's."""
        self.exchange(E16)

        def inject(session, command):
            session.send(command.tag, b" OK Begin TLS negotiation now.\r\n"
                         b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nP3 OK CAPABILITY completed.\r\n")
            session.encrypt()
            return True

        self.imap.script("STARTTLS", inject)
        self.assert_error(self.add(starttls=True), "data-before-encryption", "tls", "imap")
        self.assertEqual(self.imap.attempts, [])

    def test_04_no_starttls_no_password(self):
        bare = dataclasses.replace(E16, clear="IMAP4 IMAP4rev1 LOGINDISABLED IDLE NAMESPACE")
        open_ = dataclasses.replace(E16, clear="IMAP4 IMAP4rev1 AUTH=PLAIN IDLE NAMESPACE")
        for profile in (bare, open_):
            with self.subTest(profile.clear):
                self.exchange(profile)
                done = self.add(starttls=True)
                self.assert_error(done, "starttls-missing", "greeting", "imap")
                self.assertEqual(self.imap.attempts, [])
                self.assertEqual(self.cli.do("account", "list"), [])

    def test_04_the_service_is_off(self):
        """IMAP is switched off by default: the front end may take the connection and drop it."""
        self.exchange(E16)

        def drop(session, _):
            raise Over

        self.imap.always("greeting", drop)
        self.assert_error(self.add(), "connection-lost", "greeting", "imap")


if __name__ == "__main__":
    main()
