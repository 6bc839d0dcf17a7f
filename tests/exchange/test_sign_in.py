#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 5 to 10: signing in, refusals that are none, and limits."""

import threading

from exchange import E10, E13, E16, EMAIL, HOSTED, USER, Case, for_each, main, until
from imap_peer import Over, answer, bye

ALIAS = "NORTHWIND\\anna\\sales"
PASSWORDS = ('quote"inside', "back\\slash", "umläut-ß-€", "x" * 64, 'all "of\\ it ä {3}', " blanks ")


class SignIn(Case):
    def test_05_continuations(self):
        for go_on in (b"+", b"+ ", b"+    "):
            for profile in (E10, E13):
                with self.subTest(go_on, profile=profile.name):
                    self.exchange(profile)
                    self.imap.go_on = go_on
                    done = self.add(user=EMAIL)
                    self.assertEqual(done.status, 0, str(done))
                    self.assertEqual(self.imap.asked("AUTHENTICATE"), 1)

    @for_each()
    def test_06_a_name_with_a_mailbox_part(self, profile):
        """PLAIN refuses it, LOGIN takes it; the bytes arrive as they were typed."""
        self.exchange(profile, users=(ALIAS, EMAIL))
        done = self.add(user=ALIAS)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual([(verb, user) for verb, user, _ in self.imap.attempts],
                         [("LOGIN", ALIAS.encode())])

    def test_06_passwords(self):
        for password in PASSWORDS:
            for user in (ALIAS, EMAIL):
                with self.subTest(password, user=user):
                    self.exchange(E16, users=(ALIAS, EMAIL), password=password)
                    done = self.add(user=user)
                    self.assertEqual(done.status, 0, str(done))
                    self.assertEqual(self.imap.attempts[0][1:],
                                     (user.encode(), password.encode()))
                    self.assertNotIn(password, done.out.decode() + done.err)

    @for_each(E10, E16)
    def test_06_a_wrong_password_is_tried_once(self, profile):
        self.account(profile)
        self.imap.forget()
        done = self.cli.run("sync", password="mistyped")
        self.assert_error(done, "sign-in-refused", "sign-in", "imap")
        self.assertEqual(len(self.imap.attempts), 1)

    def test_06_names_are_tried_in_turn(self):
        """Without a name the address comes first; each on a connection of its own, few in all."""
        self.exchange(E16, users=(USER,))
        self.smtp.users = {EMAIL, USER}
        self.add()
        names = [user for _, user, _ in self.imap.attempts]
        self.assertEqual(names[0], EMAIL.encode())
        self.assertLessEqual(len(names), 4)
        self.assertEqual(len(set(names)), len(names))
        self.assertEqual(self.imap.accepted, len(names))

    @for_each()
    def test_07_authenticated_but_not_connected(self, profile):
        self.exchange(profile)
        self.imap.broken = True
        done = self.add(user=EMAIL)
        self.assert_error(done, "not-connected-to-mailbox", "sign-in", "imap")
        self.assertEqual(len(self.imap.attempts), 1)
        self.imap.broken = False
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.server.deliver("kept")
        self.cli.sync()
        self.imap.broken = True
        self.imap.forget()
        self.assert_error(self.cli.run("sync"), "not-connected-to-mailbox")
        self.assertEqual(len(self.imap.attempts), 1)
        self.assertTrue(self.row("kept"))
        self.imap.broken = False
        self.cli.sync()

    def test_07_in_the_middle_of_work(self):
        """The mailbox goes away while commands are under way: nothing is taken for deleted."""
        self.account(E16)
        for number in range(3):
            self.server.deliver(f"mail {number}")
        self.cli.sync()
        self.imap.script("SELECT", lambda session, _: setattr(session, "broken", True))
        self.assert_error(self.cli.run("sync"), "not-connected-to-mailbox")
        self.assertEqual(len(self.cli.list("INBOX")), 3)
        self.cli.sync()
        self.assertEqual(len(self.cli.list("INBOX")), 3)

    @for_each(E13, E16)
    def test_08_server_unavailable(self, profile):
        """The right password, refused by a server in trouble: the next connection has it right."""
        self.exchange(profile)
        self.imap.script("AUTHENTICATE", answer("NO", "Server Unavailable. 15"))
        done = self.add(user=EMAIL)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(self.imap.accepted, 2)
        stages = [line["stage"] for line in done.lines if line.get("protocol") == "imap"]
        self.assertEqual(len(stages), len(set(stages)), "a stage was told twice")

    def test_08_unavailable_for_longer(self):
        """Twice is enough; what is said is not about the password."""
        self.exchange(E16)
        self.imap.always("AUTHENTICATE", answer("NO", "Server Unavailable. 15"))
        self.assert_error(self.add(user=EMAIL), "server-unavailable", "sign-in", "imap")
        self.assertEqual(self.imap.asked("AUTHENTICATE"), 2)

    def test_08_a_watcher_comes_back(self):
        self.account(E16)
        self.watch()
        self.imap.script("AUTHENTICATE", answer("NO", "Server Unavailable. 15"), times=2)
        idles = self.imap.idles
        self.imap.cut()
        self.server.deliver("later")
        self.assertTrue(self.imap.await_idle(idles))
        self.assertTrue(until(lambda: self.row("later")))

    def test_09_a_slow_refusal(self):
        """A refusal is delayed; it is waited for and told as what it is."""
        self.exchange(E16)
        self.smtp.users.clear()
        asked = threading.Event()

        def slowly(session, command):
            asked.wait(0.5)
            session.failed(command)
            return True

        self.imap.script("AUTHENTICATE", slowly)
        self.assert_error(self.add(user=EMAIL), "sign-in-refused", "sign-in", "imap")

    def test_09_a_mailbox_without_imap(self):
        """The refusal says the same; that SMTP takes the password says more."""
        self.exchange(E16)
        self.imap.users.clear()
        self.assert_error(self.add(user=EMAIL), "imap-disabled", "sign-in", "imap")
        self.assertEqual((len(self.imap.attempts), len(self.smtp.attempts)), (1, 1))

    def test_09_closed_before_sign_in(self):
        """Nobody signed in within a minute: that says nothing about a password."""
        self.exchange(E16)
        for script in (bye, lambda *_: _over()):
            self.imap.script("AUTHENTICATE", script)
            self.assert_error(self.add(user=EMAIL), "connection-lost", "sign-in", "imap")
        self.assertEqual(self.add(user=EMAIL).status, 0)

    @for_each(E10, HOSTED)
    def test_10_a_limit_of_connections(self, profile):
        """Three other devices and a limit of four: one connection has to do, and does."""
        self.exchange(profile)
        self.imap.limit = 4
        self.imap.signed_in |= {"telephone", "desktop", "tablet"}
        for number in range(40):
            self.server.deliver(f"mail {number}", "INBOX" if number % 2 else "Drafts")
        self.assertEqual(self.add(user=EMAIL).status, 0)
        self.cli.sync()
        self.watch()
        message = self.row("mail 1")["messages"][0]
        self.cli.do("star", message, "--wait")
        self.cli.do("send", "--to", "ben@lakeside.example", "--subject", "fifth", "--wait")
        self.assertEqual(self.mailbox.subjects("Sent Items"), ["fifth"])
        self.assertEqual(self.imap.turned_away, 0)
        self.assertLessEqual(self.imap.most_at_once, 4)

    def test_10_all_of_them_taken(self):
        """What is over the limit may also look signed in: the watcher waits for its turn, and the next
        one to come finds all as it was."""
        self.account(E16)
        watcher = self.watch()
        self.imap.broken = True
        self.imap.forget()
        self.imap.cut()
        self.assertTrue(until(lambda: self.imap.refused_broken))
        self.server.deliver("came meanwhile")
        self.imap.broken = False
        self.assertEqual(len(self.imap.attempts), 1)
        watcher.kill()
        watcher.wait()
        self.watch()
        self.assertTrue(until(lambda: self.row("came meanwhile")))


def _over():
    raise Over


if __name__ == "__main__":
    main()
