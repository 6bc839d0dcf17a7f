#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange cases 30 to 32: submission. What refusals become is in tests/cli/test_submission.py."""

from exchange import E10, E16, EMAIL, USER, Case, for_each, main
from smtp_peer import MOST_RECIPIENTS, last_reply, reply
from wire import Over

BEN = "ben@lakeside.example"


class Submit(Case):
    def send(self, *more, subject="sent", to=BEN):
        return self.cli.run("send", "--to", to, "--subject", subject, *more, "--wait", seconds=60)

    def let_time_pass(self):
        """Every message of the outbox is due now."""
        self.change("UPDATE outbox SET next_try = 1")

    def lines(self, verb):
        return [text for _, text in self.smtp.log if text.upper().startswith(verb)]

    @for_each(E10, E16)
    def test_30_hello_tls_login(self, profile):
        """EHLO, STARTTLS, EHLO again, LOGIN within TLS, in this order; never PLAIN."""
        self.account(profile, more=("--imap-user", EMAIL))
        self.smtp.log.clear()
        self.assertEqual(self.send().status, 0)
        verbs = [text.split(" ")[0].upper() for _, text in self.smtp.log]
        self.assertEqual(verbs[:4], ["EHLO", "STARTTLS", "EHLO", "AUTH"])
        self.assertEqual([text.split(" ")[1] for text in self.lines("AUTH")], ["LOGIN"])
        self.assertLess(verbs.index("AUTH"), verbs.index("MAIL"))
        self.assertEqual([(mail[0], mail[1]) for mail in self.smtp.accepted_mail],
                         [(EMAIL, (BEN,))])

    def test_30_no_starttls(self):
        """A connector without STARTTLS hears of no password."""
        self.exchange(E16)
        self.smtp.starttls = False
        done = self.add(user=EMAIL)
        self.assertEqual(done.status, 1, str(done))
        self.assertEqual(done.error["protocol"], "smtp", str(done))
        self.assertEqual(self.smtp.attempts, [])
        self.assertEqual(self.smtp.asked("AUTH"), 0)

    def test_31_a_slow_refusal(self):
        """535 comes late, and the password is tried once: the third failure would close."""
        self.account(E16)
        self.smtp.attempts.clear()
        self.smtp.tarpit = 1
        self.smtp.password = "changed since"
        self.assert_error(self.send(), "sign-in-refused", protocol="smtp")
        self.cli.run("sync")
        self.assertEqual(len(self.smtp.attempts), 1)
        self.assertEqual(self.smtp.accepted_mail, [])

    @for_each(E10, E16)
    def test_31_not_anonymous_not_as_somebody_else(self, profile):
        """530 and 550 in the words of each edition: told, and not tried again."""
        self.account(profile, more=("--imap-user", EMAIL))
        for words, code in ((profile.anonymous, "sign-in-required"),
                            (profile.denied, "sender-refused")):
            self.smtp.script("MAIL", reply(words))
            self.assert_error(self.send(subject=code), code, protocol="smtp")
            asked = self.smtp.asked("MAIL")
            self.cli.run("sync")
            self.assertEqual(self.smtp.asked("MAIL"), asked)
        self.assertEqual(self.smtp.accepted_mail, [])

    def test_31_too_large(self):
        """SIZE is told in time: MAIL, or not even that, and never the message's text."""
        self.account(E16)
        self.smtp.size = 3000
        body = self.new_folder() / "body.txt"
        body.write_text("A line of the message.\n" * 400)
        done = self.send("--attach", body)
        self.assert_error(done, "message-too-large", protocol="smtp")
        self.assertEqual(self.smtp.asked("DATA") + self.smtp.asked("BDAT"), 0)
        self.assertEqual([one["state"] for one in self.cli.do("outbox")], ["failed"])

    def test_31_more_than_200_recipients(self):
        """452 at RCPT 201: nobody gets it rather than some, and the person is told."""
        self.account(E16)
        people = [f"person{number}@lakeside.example" for number in range(MOST_RECIPIENTS + 1)]
        self.assert_error(self.send(to=", ".join(people)), "too-many-recipients", protocol="smtp")
        self.assertEqual(self.smtp.accepted_mail, [])
        done = self.send(to=", ".join(people[1:]), subject="just enough")
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(len(self.smtp.accepted_mail[0][1]), MOST_RECIPIENTS)

    def test_31_the_limit_of_a_minute(self):
        """421 and the end, in the middle of a queue: each is sent once, in its turn."""
        self.account(E16)
        self.smtp.rate = 5
        for number in range(7):
            self.cli.do("send", "--to", BEN, "--subject", f"number {number}")
        self.cli.sync()
        self.cli.sync()
        self.assertEqual(len(self.smtp.accepted_mail), 5)
        self.assertEqual([one["state"] for one in self.cli.do("outbox")], ["queued"] * 2)
        self.smtp.rate = None
        self.let_time_pass()
        self.cli.sync()
        self.assertEqual(sorted(self.mailbox.subjects("Sent Items")),
                         [f"number {number}" for number in range(7)])
        self.assertEqual(len({mail[2] for mail in self.smtp.accepted_mail}), 7)
        self.assertEqual(len(self.smtp.accepted_mail), 7)

    def assert_uncertain(self, accepted):
        done = self.send()
        self.assert_error(done, "outcome-unknown", protocol="smtp")
        for _ in range(2):
            self.let_time_pass()
            self.cli.sync()
        self.assertEqual(len(self.smtp.accepted_mail), accepted)
        self.assertEqual([one["state"] for one in self.cli.do("outbox")], ["uncertain"])

    def test_32_lost_before_the_answer(self):
        """Between the last dot and 250: taken or not, it is not sent again by itself."""
        def hang_up(*_):
            raise Over

        for event, accepted in (("accepted", 1), ("dot", 0)):
            with self.subTest(event):
                self.account(E16)
                self.smtp.script(event, hang_up)
                self.assert_uncertain(accepted)

    def test_32_a_421_after_the_dot(self):
        """An answer is an answer: it was not taken, and goes out once, later."""
        self.account(E16)
        self.smtp.script("dot", last_reply("421 4.4.2 Connection dropped due to timeout"))
        self.send()
        self.assertEqual(len(self.smtp.accepted_mail), 0)
        self.let_time_pass()
        self.cli.sync()
        self.assertEqual(len(self.smtp.accepted_mail), 1)
        self.assertEqual(self.mailbox.subjects("Sent Items"), ["sent"])

    def test_30_a_domain_in_the_name(self):
        self.exchange(E16)
        done = self.add("--smtp-user", USER)
        self.assertEqual(done.status, 0, str(done))
        self.assertIn((USER, self.server.password), self.smtp.attempts)


if __name__ == "__main__":
    main()
