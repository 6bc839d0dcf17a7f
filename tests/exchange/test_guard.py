#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard itself (exchange case 29): what it lets pass, what it reports, and that a test fails."""

import dataclasses
import io
import socket
import ssl
import unittest

from advertised import State, smtp_violations, violations
from exchange import E10, E16, HOSTED, Case, main, tls_context
from grammar import GrammarError, parse

STATE = State(advertised=frozenset(E16.signed_in.split()), selected=b"INBOX")
PLAIN = dataclasses.replace(STATE, advertised=frozenset(E10.signed_in.split()))
CLEAR = State(advertised=frozenset(E16.clear.split()), tls=False, signed_in=False)
BEFORE = State(advertised=frozenset(E16.encrypted.split()), signed_in=False)
NO_LITERAL = dataclasses.replace(
    STATE, advertised=frozenset(E16.signed_in.replace("LITERAL+", "").split()))

FINE = [
    (CLEAR, b"a CAPABILITY"), (CLEAR, b"a STARTTLS"), (BEFORE, b"a AUTHENTICATE PLAIN"),
    (BEFORE, b"a AUTHENTICATE PLAIN AGEAYg=="), (BEFORE, b'a LOGIN "CORP\\\\anna\\\\sales" "x"'),
    (STATE, b"a NAMESPACE"), (STATE, b'a ID ("name" "Pinion")'), (STATE, b"a ID NIL"),
    (STATE, b'a LIST "" "*"'), (STATE, b'a SELECT "Sent Items"'), (STATE, b"a UNSELECT"),
    (STATE, b"a STATUS Drafts (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)"),
    (STATE, b"a UID FETCH 1:* (UID FLAGS)"), (STATE, b"a UID FETCH 1 BODY.PEEK[]<0.100>"),
    (STATE, b"a UID FETCH 1:5 (UID RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (To)])"),
    (STATE, b"a UID STORE 1 +FLAGS.SILENT (\\Seen $MDNSent)"), (STATE, b"a UID EXPUNGE 1"),
    (STATE, b"a UID MOVE 1:2 Drafts"), (PLAIN, b"a UID COPY 1 Drafts"), (STATE, b"a IDLE"),
    (STATE, b'a UID SEARCH HEADER Message-ID "<1@x>" UNDELETED'), (STATE, b"a UID SEARCH ALL"),
    (STATE, b'a APPEND "Sent Items" (\\Seen) {3}\r\n'), (STATE, b"a LOGOUT"),
    (NO_LITERAL, b"a APPEND Drafts (\\Draft) {3}\r\n"),
]
WRONG = [
    (STATE, b"a ENABLE CONDSTORE"), (STATE, b"a SELECT INBOX (CONDSTORE)"),
    (STATE, b"a SELECT INBOX (QRESYNC (1 2))"), (STATE, b"a EXAMINE INBOX (CONDSTORE)"),
    (STATE, b"a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1)"), (STATE, b"a UID FETCH 1 (MODSEQ)"),
    (STATE, b"a UID STORE 1 (UNCHANGEDSINCE 5) +FLAGS (\\Seen)"), (STATE, b"a UID FETCH 1 ()"),
    (STATE, b"a UID FETCH 1 (BINARY.PEEK[1])"), (STATE, b"a UID FETCH 1 (PREVIEW)"),
    (STATE, b"a UID SEARCH RETURN (ALL) UNSEEN"), (STATE, b"a UID SEARCH MODSEQ 5"),
    (STATE, b"a UID SEARCH CHARSET UTF-8 SUBJECT x"), (STATE, b"a UID SEARCH KEYWORD $Forwarded"),
    (STATE, b"a UID SEARCH OLDER 60"), (STATE, b"a UID SORT (DATE) UTF-8 ALL"),
    (STATE, b"a SORT (DATE) UTF-8 ALL"), (STATE, b"a UID THREAD REFERENCES UTF-8 ALL"),
    (STATE, b'a LIST "" "*" RETURN (SPECIAL-USE)'), (STATE, b'a LIST (SPECIAL-USE) "" "*"'),
    (STATE, b'a LIST "" ("%" "*")'), (STATE, b"a COMPRESS DEFLATE"), (STATE, b"a GETQUOTAROOT INBOX"),
    (PLAIN, b"a UID EXPUNGE 1"), (PLAIN, b"a UID MOVE 1 Drafts"), (PLAIN, b"a MOVE 1 Drafts"),
    (PLAIN, b'a ID ("name" "x")'), (STATE, b"a ID ()"), (PLAIN, b"a UNSELECT"),
    (State(advertised=frozenset({"IMAP4rev1"})), b"a IDLE"),
    (NO_LITERAL, b"a APPEND Drafts (\\Draft) {3+}\r\n"),
    (State(advertised=frozenset(E10.encrypted.split()), signed_in=False),
     b"a AUTHENTICATE PLAIN AGEAYg=="), (BEFORE, b"a AUTHENTICATE XOAUTH2"),
    (CLEAR, b"a LOGIN anna secret"), (CLEAR, b"a AUTHENTICATE PLAIN"), (CLEAR, b"a NAMESPACE"),
    (BEFORE, b"a STARTTLS"), (STATE, b'a SELECT "Entw\xc3\xbcrfe"'),
    (STATE, b'a UID SEARCH SUBJECT {3}\r\n'), (STATE, b"a UID STORE 1 +FLAGS ($Forwarded)"),
    (STATE, b"a APPEND Drafts (\\Draft $Junk) {3}\r\n"), (STATE, b"a STATUS INBOX (MESSAGES)"),
    (STATE, b"a STATUS inbox (MESSAGES)"), (STATE, b"a STATUS Drafts (HIGHESTMODSEQ)"),
    (STATE, b"a STATUS Drafts (SIZE)"), (STATE, b"a UID FETCH " + b"1," * 6000 + b"1 (FLAGS)"),
    (dataclasses.replace(STATE, idling=True), b"a NOOP"), (STATE, b"a XLIST \"\" \"*\""),
    (STATE, b"a APPEND Drafts (\\Draft) {3}\r\n (\\Draft) {3}\r\n"), (STATE, b"a NOTIFY NONE"),
    (STATE, b"a STATUS Drafts ()"),
]
OFFERED = {"SIZE": "100", "AUTH": "GSSAPI NTLM LOGIN", "8BITMIME": ""}
SMTP_FINE = [("EHLO", "[127.0.0.1]"), ("AUTH", "LOGIN"), ("MAIL", "FROM:<a@b.example> SIZE=5"),
             ("MAIL", "FROM:<a@b.example> BODY=8BITMIME"), ("RCPT", "TO:<a@b.example>")]
SMTP_WRONG = [("AUTH", "PLAIN AGEAYg=="), ("MAIL", "FROM:<a@b.example> SMTPUTF8"),
              ("MAIL", "FROM:<a@b.example> RET=HDRS"), ("MAIL", "FROM:<\u00e4@b.example>"),
              ("MAIL", "FROM:<a@b.example> BODY=BINARYMIME"), ("BDAT", "5 LAST"),
              ("RCPT", "TO:<a@b.example> NOTIFY=NEVER"), ("STARTTLS", "")]


class Guard(unittest.TestCase):
    def test_29_what_is_fine(self):
        for state, text in FINE:
            with self.subTest(text):
                self.assertEqual(violations(parse(text, b"abc"), state), [])

    def test_29_what_is_not_advertised(self):
        for state, text in WRONG:
            with self.subTest(text[:80]):
                command = parse(text, b"\xc3\xa4x", b"abc")
                self.assertNotEqual(violations(command, state), [])

    def test_29_smtp(self):
        for verb, rest in SMTP_FINE:
            self.assertEqual(smtp_violations(verb, rest, OFFERED, True), [], (verb, rest))
        for verb, rest in SMTP_WRONG:
            self.assertNotEqual(smtp_violations(verb, rest, OFFERED, True), [], (verb, rest))
        self.assertNotEqual(smtp_violations("AUTH", "LOGIN", OFFERED, False), [])

    def test_29_grammar(self):
        command = parse(b'a UID FETCH 1:2 (UID BODY.PEEK[HEADER.FIELDS (To "Cc")] (x "y\\"z"))')
        self.assertEqual((command.verb, command.tag), ("UID FETCH", b"a"))
        self.assertEqual(command.args, [b"1:2", [b"UID", b'BODY.PEEK[HEADER.FIELDS (To "Cc")]',
                                                 [b"x", b'y"z']]])
        command = parse(b"a LOGIN {4+}\r\n {3}\r\n", b"an(a", b'x"y')
        self.assertEqual(command.args, [b"an(a", b'x"y'])
        self.assertEqual([literal.waited for literal in command.literals], [False, True])
        for broken in (b"a LIST (", b"a LIST )", b'a LIST "x', b"a"):
            with self.assertRaises(GrammarError):
                parse(broken)


class Misbehaving(Case):
    """A test case as the others, with a client that does not behave."""

    lines = ()

    def client(self):
        self.exchange(HOSTED)
        context = ssl.create_default_context(cafile=str(tls_context()[1]))
        with socket.create_connection(("localhost", self.server.imap_tls)) as raw, \
                context.wrap_socket(raw, server_hostname="localhost") as client:
            reader = client.makefile("rb")
            reader.readline()
            for number, line in enumerate((b"LOGIN anna@northwind.example Quartz-7-lantern",
                                           *self.lines, b"LOGOUT")):
                client.sendall(b"t%d %s\r\n" % (number, line))
                while not reader.readline().startswith(b"t%d " % number):
                    pass


class GuardedCase(unittest.TestCase):
    """On the wire, and to the end: the test with that client fails, the other does not."""

    def outcome(self, *lines):
        case = Misbehaving("client")
        case.lines = lines
        return unittest.TextTestRunner(stream=io.StringIO()).run(unittest.TestSuite([case]))

    def test_29_a_client_that_behaves(self):
        self.assertTrue(self.outcome(b"SELECT INBOX", b"UID FETCH 1:* (FLAGS)").wasSuccessful())

    def test_29_a_client_that_does_not(self):
        for line in (b"ENABLE CONDSTORE", b"UID MOVE 1 Drafts", b'LIST "" "*" RETURN (CHILDREN)',
                     b"XYZZY"):
            result = self.outcome(b"SELECT INBOX", line)
            self.assertEqual(len(result.failures), 1, line)
            self.assertIn(line.decode(), result.failures[0][1])


if __name__ == "__main__":
    main()
