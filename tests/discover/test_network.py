#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look-up on a whole network, with the names, ports and certificates of a real one: who is asked, and who
hears what.  What every server there receives is searched for the password, and for the address where
nobody should know it."""

import base64
import sys
import unittest

import network
import web
from web import ADDRESS, BASIC, EXCHANGE, HOSTER, PASSWORD, POX, SOAP, Reply, Web, redirect

import harness  # found once web is there

SECRETS = (PASSWORD.encode(), base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()).rstrip(b"="))
HOME, OTHER, EVIL = "127.0.0.2", "127.0.0.3", "127.0.0.4"
NAMES = ",".join(f"DNS:{name}" for name in (
    "northwind.example", "autodiscover.northwind.example", "autoconfig.northwind.example",
    "mail.northwind.example", "outlook.northwind.example", "owa.northwind.example"))


def setUpModule():
    global dns, home, hoster, stranger
    dns = network.Names()
    web.clean_environment()
    home = web.Certificates("good", "self-signed", names=NAMES)
    hoster = web.Certificates("good", names="DNS:autodiscover.hoster.example,DNS:mail.hoster.example")
    # What a thief has: certificates that are good for the names of the thief's own
    stranger = web.Certificates("good", names="DNS:autodiscover.example,DNS:example,DNS:evil.example")
    for folder in (home, hoster):
        with open(home.out / "all.pem", "a") as file:
            file.write(folder.ca.read_text())
    with open(home.out / "all.pem", "a") as file:
        file.write(stranger.ca.read_text())


def guarded(answer):
    return lambda request, _: (Reply(200, answer) if "authorization" in request.headers
                               else Reply(401, "", BASIC))


class Case(harness.Case):
    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.cli = harness.Cli(self.new_folder() / "data")

    def web(self, pages, address=HOME, certificates=None, kind="good", port=443):
        context = (certificates or home).context(kind) if port == 443 else None
        return self.enterContext(Web(pages, context, (address, port)))

    def mail(self, port, starttls, greeting, address=HOME, certificates=None):
        return self.enterContext(network.Mail((certificates or home).context(), address, port,
                                              starttls, greeting))

    def names(self, hosts, services=None):
        dns.hosts, dns.services = hosts, services or {}
        dns.asked.clear()

    def look_up(self, *more, address=ADDRESS, password=PASSWORD):
        done = self.cli.run("account", "discover", address, "--ca", home.out / "all.pem", *more,
                            password=password)
        self.assertEqual(done.status, 0, str(done))
        if "-d" in sys.argv:
            print(done, dns.asked)
        done.outcomes = {(attempt["source"], attempt["target"]): attempt
                         for attempt in done.last["discovered"]["tried"]}
        return done

    def assert_nobody_knows(self, *servers):
        for server in servers:
            for secret in SECRETS:
                self.assertNotIn(secret, bytes(server.received))

    def best(self, done, protocol):
        found = done.last["discovered"][protocol]
        return found and (found["source"], found["host"], found["port"], found["tls"])


class Home(Case):
    def test_exchange(self):
        """As an Exchange of one's own is found: POX behind a password names the host, which answers."""
        self.names({"autodiscover.northwind.example": HOME, "outlook.northwind.example": HOME})
        server = self.web({POX: guarded(EXCHANGE), SOAP: guarded(web.soap())})
        imap = self.mail(993, False, b"* OK The Microsoft Exchange IMAP4 service is ready.\r\n")
        smtp = self.mail(587, True, b"220 mail Microsoft ESMTP MAIL Service ready\r\n")
        done = self.look_up()
        self.assertEqual(self.best(done, "imap"),
                         ("autodiscover-host", "outlook.northwind.example", 993, "tls"))
        self.assertEqual(self.best(done, "smtp"),
                         ("autodiscover-host", "outlook.northwind.example", 587, "starttls"))
        self.assertIs(done.lines[0]["answers"], True)
        self.assertEqual({request.headers["host"] for request in server.authorised()},
                         {"autodiscover.northwind.example"})
        self.assertEqual(sorted({request.path for request in server.authorised()}), [SOAP, POX])
        self.assert_nobody_knows(imap, smtp)
        for server in (imap, smtp):
            self.assertNotIn(b"anna", bytes(server.received))

    def test_records_and_guesses(self):
        """Without any web server: DNS, and the usual names."""
        self.names({"mail.northwind.example": HOME, "mail.hoster.example": OTHER},
                   {"_imaps._tcp.northwind.example": ("mail.hoster.example", 993),
                    "_imap._tcp.northwind.example": (".", 0),
                    "_submission._tcp.northwind.example": ("mail.northwind.example", 587)})
        self.mail(993, False, b"* OK hello\r\n", OTHER, hoster)
        self.mail(143, True, b"* OK hello\r\n")
        self.mail(587, True, b"220 hello\r\n")
        done = self.look_up()
        self.assertEqual(self.best(done, "smtp"), ("srv", "mail.northwind.example", 587, "starttls"))
        # Seen in the domain itself comes before what only DNS says of another one
        self.assertEqual(self.best(done, "imap"), ("guess", "mail.northwind.example", 143, "starttls"))
        other = next(line for line in done.lines if line.get("host") == "mail.hoster.example")
        self.assertEqual((other["source"], other["own_domain"], other["answers"], other["origin"]),
                         ("srv", False, True, "_imaps._tcp.northwind.example"))

    def test_pointed_at_from_http(self):
        """A redirect in clear leads to a host of the domain, which proves itself; nothing else went out
        in clear."""
        self.names({"autodiscover.northwind.example": OTHER, "mail.northwind.example": HOME})
        clear = self.web({POX: redirect("https://mail.northwind.example" + POX)}, OTHER, port=80)
        server = self.web({POX: guarded(HOSTER)})
        done = self.look_up()
        self.assertEqual(self.best(done, "imap")[0], "autodiscover")
        self.assertEqual(len(server.authorised()), 1)
        request, = clear.requests
        self.assertEqual((request.method, request.body), ("GET", b""))
        self.assertNotIn(b"anna", bytes(clear.received))
        self.assert_nobody_knows(clear)


class Strangers(Case):
    """The leak of 2021 cannot happen."""

    def test_autodiscover_of_the_suffix(self):
        """Everything above the domain belongs to a thief, and is not even looked up."""
        self.names({"autodiscover.example": EVIL, "example": EVIL, "autodiscover.northwind.example": HOME,
                    "northwind.example": HOME})
        thief = self.web({path: guarded(HOSTER) for path in (POX, SOAP)}, EVIL, stranger)
        clear = self.web({POX: Reply(401, "", BASIC)}, EVIL, port=80)
        server = self.web({POX: redirect("https://autodiscover.example" + POX),
                           SOAP: redirect("https://example" + SOAP)})
        done = self.look_up()
        self.assertIsNone(self.best(done, "imap"))
        self.assertEqual(bytes(thief.received) + bytes(clear.received), b"")
        self.assertEqual([name for name in dns.asked if not name.endswith("northwind.example")],
                         [])
        self.assert_nobody_knows(server)

        for address in ("anna@example", "anna@com", "anna@co.uk"):
            dns.asked.clear()
            done = self.look_up(address=address)
            self.assertEqual((len(done.lines), dns.asked), (1, []))

    def test_dns_and_http_lie(self):
        """Whoever holds DNS and port 80 points at a host with a good certificate: nobody goes there
        unless the person agrees, and then only there."""
        self.names({"autodiscover.northwind.example": EVIL, "autodiscover.hoster.example": OTHER,
                    "evil.example": EVIL},
                   {"_autodiscover._tcp.northwind.example": ("autodiscover.hoster.example", 443)})
        thief = self.web({path: Reply(401, "", BASIC) for path in (POX, SOAP)}, EVIL, stranger)
        clear = self.web({POX: redirect("https://evil.example" + POX)}, EVIL, port=80)
        other = self.web({path: guarded(HOSTER) for path in (POX, SOAP)}, OTHER, hoster)

        done = self.look_up()
        pointer = done.outcomes["autodiscover", "_autodiscover._tcp.northwind.example"]
        self.assertEqual((pointer["outcome"], pointer["host"]),
                         ("other-host", "autodiscover.hoster.example"))
        pointer = done.outcomes["autodiscover", "http://autodiscover.northwind.example" + POX]
        self.assertEqual((pointer["outcome"], pointer["host"]), ("other-host", "evil.example"))
        self.assertEqual((other.requests, thief.requests), ([], []))
        self.assert_nobody_knows(thief, clear)

        done = self.look_up("--agree", "autodiscover.hoster.example")
        self.assertEqual(self.best(done, "imap")[0], "autodiscover")
        self.assertEqual({request.headers["host"] for request in other.authorised()},
                         {"autodiscover.hoster.example"})
        self.assertEqual(thief.requests, [])
        self.assert_nobody_knows(thief, clear)

    def test_another_ones_certificate(self):
        """In the place of the domain's own host sits somebody with another certificate."""
        self.names({"autodiscover.northwind.example": EVIL, "northwind.example": HOME})
        thief = self.web({path: guarded(HOSTER) for path in (POX, SOAP)}, EVIL, stranger)
        own = self.web({path: guarded(HOSTER) for path in (POX, SOAP)}, kind="self-signed")
        done = self.look_up()
        self.assertIsNone(self.best(done, "imap"))
        self.assertEqual(thief.requests + own.requests, [])
        for host, code in (("autodiscover.northwind.example", "certificate-other-name"),
                           ("northwind.example", "certificate-self-signed")):
            attempt = done.outcomes["autodiscover", f"https://{host}{POX}"]
            self.assertEqual(attempt["outcome"], "bad-certificate")
            self.assertIn(code, attempt["detail"])
        self.assert_nobody_knows(thief, own)


if __name__ == "__main__":
    if reason := network.enter():
        print(reason)
        sys.exit(77)
    unittest.main(verbosity=2)
