#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What web servers may answer to a look-up, well or badly, and what they are told and not told."""

import base64
import time
import unittest

import web
from web import (ADDRESS, AUTOCONFIG, BASIC, EXCHANGE, HOSTER, PASSWORD, POX, SOAP, WELL_KNOWN,
                 Reply, Web, autoconfig, connection, hang, pox, protocol, redirect,
                 redirect_address, redirect_url, server_element, soap)

import harness  # found once web is there

SECRETS = (PASSWORD.encode(), base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()))
IMAPS = ("imap", "imap.northwind.example", 993, "tls")
PATHS = (POX, SOAP, AUTOCONFIG, WELL_KNOWN)
SUBMISSION = ("smtp", "smtp.northwind.example", 587, "starttls")


def setUpModule():
    global certificates
    web.clean_environment()
    certificates = web.Certificates()


def servers(done, source=None):
    return [(line["protocol"], line["host"], line["port"], line["tls"]) for line in done.lines[:-1]
            if source in (None, line["source"])]


class Case(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.context = certificates.context()

    def setUp(self):
        self.cli = harness.Cli(self.new_folder() / "data")

    def serve(self, pages, context=True):
        context = self.context if context is True else context
        return self.enterContext(Web(pages, context))

    def look_up(self, server, *more, address=ADDRESS, ca=None, password=None):
        done = self.cli.run("account", "discover", address, "--base-url", server.url, "--ca",
                            ca or certificates.ca, *more, password=password)
        self.assertEqual(done.status, 0, str(done))
        discovered = done.last["discovered"]
        self.assertEqual(discovered["findings"], len(done.lines) - 1)
        self.assertNotIn(PASSWORD, str(done))
        ranks = [line["rank"] for line in done.lines[:-1]]
        self.assertEqual(ranks, sorted(ranks))
        done.outcomes = {}
        for attempt in discovered["tried"]:
            path = attempt["target"].removeprefix(server.url).partition("?")[0]
            done.outcomes[path] = attempt
        return done

    def assert_outcomes(self, *cases, **options):
        """Nothing is found where the places that are asked have only these pages: (Reply, outcome)."""
        for start in range(0, len(cases), len(PATHS)):
            some = dict(zip(PATHS, cases[start:]))
            server = self.serve({path: page for path, (page, _) in some.items()})
            done = self.look_up(server, **options)
            self.assertEqual(servers(done), [])
            for path, (page, outcome) in some.items():
                got = done.outcomes[path]
                self.assertEqual(got["outcome"], outcome, (got, page))


class Pox(Case):
    def test_imap_and_smtp(self):
        server = self.serve({POX: Reply(200, HOSTER)})
        done = self.look_up(server)
        self.assertEqual(servers(done), [IMAPS, SUBMISSION])
        for line in done.lines[:-1]:
            self.assertEqual((line["source"], line["user"], line["user_form"], line["verified"],
                              line["own_domain"]),
                             ("autodiscover", ADDRESS, "address", True, True))
        self.assertEqual(done.last["discovered"]["imap"]["host"], "imap.northwind.example")
        request, = server.asked(POX)
        self.assertEqual(request.method, "POST")
        self.assertEqual(request.headers["content-type"], "text/xml; charset=utf-8")
        body = request.body.decode()
        self.assertIn(f"<EMailAddress>{ADDRESS}</EMailAddress>", body)
        self.assertLess(body.index("<EMailAddress>"), body.index("<AcceptableResponseSchema>"))
        self.assertNotIn("https://schemas", body)

    def test_only_hosts_of_exchange(self):
        done = self.look_up(self.serve({POX: Reply(200, EXCHANGE)}))
        self.assertEqual(servers(done, "autodiscover"), [])
        hosts = [line["host"] for line in done.lines[:-1] if line["protocol"] == "imap"]
        self.assertEqual(hosts[0], "outlook.northwind.example")
        self.assertIn("owa.northwind.example", hosts)
        self.assertNotIn("5e1c2f36-7f02-47e8@northwind.example", hosts)
        for line in done.lines[:-1]:
            self.assertEqual(line["source"], "autodiscover-host")
            self.assertIs(line["verified"], False)

    def test_nothing_in_clear(self):
        page = web.account(
            protocol(Type="IMAP", Server="imap.northwind.example", Port=143, SSL="off"),
            protocol(Type="IMAP", Server="imap.northwind.example", Port=143, Encryption="None"),
            protocol(Type="SMTP", Server="smtp.northwind.example", Port=25, SSL="off"),
            protocol(Type="POP3", Server="pop.northwind.example", Port=995))
        self.assert_outcomes((Reply(200, page), "nothing"))

    def test_statuses(self):
        self.assert_outcomes(
            (Reply(401, "", BASIC), "needs-sign-in"),
            (Reply(401, "", ("WWW-Authenticate", "NTLM"), ("WWW-Authenticate", "Negotiate")),
             "needs-sign-in"),
            (Reply(403), "forbidden"),
            (Reply(404), "not-found"),
            (Reply(415), "refused"),
            (Reply(500, HOSTER), "server-error"),
            (Reply(503), "server-error"))

    def test_nonsense(self):
        bomb = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
        error = pox("<Error Time='1' Id='2'><ErrorCode>600</ErrorCode><Message>Invalid Request"
                    "</Message></Error>")
        self.assert_outcomes(*((Reply(200, page), outcome) for page, outcome in (
            (error, "nothing"),
            ("<!DOCTYPE html><html><body>Welcome</body></html>", "malformed"),
            ("<html><body><p>Welcome</p></body></html>", "malformed"),
            ("<html><br></body>", "malformed"),
            (f'<!DOCTYPE a [<!ENTITY e0 "x">{bomb}]>' + HOSTER.replace("Anna", "&e9;"), "malformed"),
            ("", "malformed"),
            ('<!DOCTYPE a SYSTEM "file:///etc/passwd">' + HOSTER, "malformed"),
            ("<a>" * 80000, "too-large"),
            (HOSTER[:-20], "malformed"),
            (HOSTER + " " * 10_000_000, "too-large"),
            (HOSTER.replace("<User>", "<User>" + "x" * 300000), "too-large"))))

    def test_hanging_and_hanging_up(self):
        """One place that is silent keeps nobody else waiting, and has its time."""
        server = self.serve({POX: hang, SOAP: lambda request, connection: None,
                             WELL_KNOWN: Reply(200, autoconfig(
                                 server_element("incoming", "imap", IMAPS[1], 993, "SSL")))})
        began = time.monotonic()
        process = self.cli.start("account", "discover", ADDRESS, "--base-url", server.url, "--ca",
                                 certificates.ca)
        self.assertTrue(harness.until(lambda: len(server.requests) == 4))
        process.terminate()
        process.communicate()
        self.assertLess(time.monotonic() - began, 8 * harness.PATIENCE)

    def test_certificates(self):
        for kind in ("expired", "unknown-issuer"):
            with self.subTest(kind):
                server = self.serve({POX: Reply(200, HOSTER)}, certificates.context(kind))
                done = self.look_up(server, password=PASSWORD)
                self.assertEqual((servers(done), server.requests), ([], []))
                self.assertEqual({attempt["outcome"] for attempt in done.outcomes.values()},
                                 {"bad-certificate"})
                self.assertIn("certificate-", done.outcomes[POX]["detail"])

    def test_plain_http(self):
        """A base in clear is asked, its word is not taken for verified, and no password is told."""
        server = self.serve({POX: Reply(200, HOSTER), SOAP: Reply(401, "", BASIC)}, None)
        done = self.look_up(server, password=PASSWORD)
        self.assertEqual(servers(done), [IMAPS, SUBMISSION])
        self.assertEqual({line["verified"] for line in done.lines[:-1]}, {False})
        self.assertEqual(done.outcomes[SOAP]["outcome"], "needs-sign-in")
        self.assertEqual(server.authorised(), [])


class Redirects(Case):
    def test_followed_at_home(self):
        for page in (redirect("/elsewhere", 307),
                     redirect("https://deep.autodiscover.northwind.example/elsewhere"),
                     Reply(200, redirect_url("https://northwind.example/elsewhere"))):
            with self.subTest(bytes(page)):
                server = self.serve({POX: page, "/elsewhere": Reply(200, HOSTER)})
                done = self.look_up(server)
                self.assertEqual(servers(done), [IMAPS, SUBMISSION])
                self.assertEqual(server.asked("/elsewhere")[0].method, "POST")

    def test_not_followed(self):
        targets = (("https://evil.example/x", "other-host"),
                   ("https://northwind.example.evil.example/x", "other-host"),
                   ("https://evilnorthwind.example/x", "other-host"),
                   ("https://autodiscover.example/x", "other-host"),
                   ("https://example/x", "other-host"),
                   ("http://autodiscover.northwind.example/x", "not-encrypted"),
                   ("https://anna:x@autodiscover.northwind.example/x", "malformed"),
                   ("//evil.example/x", "other-host"),
                   ("ftp://northwind.example/x", "not-encrypted"),
                   ("file:///etc/passwd", "not-encrypted"),
                   ("https://", "malformed"))
        self.assert_outcomes(*((redirect(target), outcome) for target, outcome in targets),
                             password=PASSWORD)
        for target, outcome in (targets[0], targets[5]):
            self.assert_outcomes((Reply(200, redirect_url(target)), outcome),
                                 (Reply(200, soap(code="RedirectUrl", target=target)), outcome),
                                 password=PASSWORD)

    def test_says_whom_it_points_at(self):
        server = self.serve({POX: redirect("https://Mail.Hoster.example./x"),
                             SOAP: Reply(200, soap(code="RedirectUrl",
                                                   target="https://soap.hoster.example/y"))})
        done = self.look_up(server)
        self.assertEqual(done.outcomes[POX]["host"], "mail.hoster.example")
        self.assertEqual(done.outcomes[SOAP]["host"], "soap.hoster.example")

    def test_loops(self):
        counter = iter(range(1000))
        loop = "too-many-redirects"
        self.assert_outcomes(
            (Reply(200, redirect_address(ADDRESS)), loop),
            (Reply(200, soap(code="RedirectAddress", target=ADDRESS)), loop),
            (redirect(AUTOCONFIG + "?again"), loop),
            (redirect(WELL_KNOWN), loop))

        server = self.serve({
            POX: lambda *_: Reply(200, redirect_address(f"a{next(counter)}@northwind.example")),
            WELL_KNOWN: lambda *_: redirect(f"{WELL_KNOWN}?{next(counter)}")})
        done = self.look_up(server)
        for path in (POX, WELL_KNOWN):
            self.assertEqual(done.outcomes[path]["outcome"], loop)
            self.assertEqual(len(server.asked(path)), 10)

    def test_another_address(self):
        def page(request, _):
            return Reply(200, HOSTER if b"anna.keller@" in request.body
                         else redirect_address("anna.keller@northwind.example"))

        self.assertEqual(servers(self.look_up(self.serve({POX: page}))), [IMAPS, SUBMISSION])

        for address, outcome in (("anna@hoster.example", "other-address"),
                                 ("anna@example", "malformed"), ("anna@co.uk", "malformed"),
                                 ("not an address", "malformed")):
            server = self.serve({POX: Reply(200, redirect_address(address))})
            done = self.look_up(server, password=PASSWORD)
            self.assertEqual(done.outcomes[POX]["outcome"], outcome)
            self.assertEqual(done.outcomes[POX]["host"] is None, outcome == "malformed")
            self.assertEqual(server.authorised(), [])

    def test_agreed(self):
        """A host that the person agreed to is asked, and told the password, if it can prove itself."""

        def page(request, _):
            return (Reply(200, HOSTER) if "authorization" in request.headers
                    else Reply(401, "", BASIC))

        other = self.serve({"/there": page})
        server = self.serve({POX: redirect(f"https://localhost:{other.port}/there")})

        done = self.look_up(server, password=PASSWORD)
        self.assertEqual((servers(done), other.requests), ([], []))
        self.assertEqual(done.outcomes[POX]["host"], "localhost")

        done = self.look_up(server, "--agree", "localhost", password=PASSWORD)
        self.assertEqual(servers(done), [IMAPS, SUBMISSION])
        self.assertEqual(server.authorised(), [])
        self.assertEqual(len(other.authorised()), 1)

    def test_agreed_with_a_bad_certificate(self):
        for kind in ("self-signed", "other-name"):
            other = self.serve({"/there": Reply(401, "", BASIC)}, certificates.context(kind))
            server = self.serve({POX: redirect(f"https://localhost:{other.port}/there")})
            done = self.look_up(server, "--agree", "localhost", password=PASSWORD)
            self.assertEqual(other.requests, [])
            self.assertEqual(done.outcomes[POX]["outcome"], "bad-certificate")


class Soap(Case):
    def test_connections(self):
        outside = connection("imap.northwind.example", 993, "SSL")
        page = soap(("ExternalImap4Connections",
                     outside + outside + connection("imap.northwind.example", 143, "")
                     + connection("imap.northwind.example", 143, "TLS")),
                    ("InternalImap4Connections", connection("ex01.northwind.local", 993, "SSL")),
                    ("ExternalSmtpConnections", connection("smtp.northwind.example", 587, "TLS")))
        server = self.serve({SOAP: Reply(200, page)})
        done = self.look_up(server)
        self.assertEqual(servers(done, "autodiscover-soap"),
                         [IMAPS, ("imap", IMAPS[1], 143, "starttls"), SUBMISSION,
                          ("imap", "ex01.northwind.local", 993, "tls")])
        request, = server.asked(SOAP)
        self.assertEqual(request.headers["soapaction"].strip('"').rsplit("/", 1)[1],
                         "GetUserSettings")
        for name in ("ExternalImap4Connections", "ExternalSmtpConnections", f"<a:Mailbox>{ADDRESS}"):
            self.assertIn(name, request.body.decode())

    def test_internal_only(self):
        page = soap(("InternalImap4Connections", connection("ex01.northwind.local", 143, "TLS")))
        done = self.look_up(self.serve({SOAP: Reply(200, page)}))
        self.assertEqual(servers(done), [("imap", "ex01.northwind.local", 143, "starttls")])
        self.assertIs(done.lines[0]["own_domain"], False)

    def test_faults(self):
        fault = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
                 "<faultcode>s:Client</faultcode><faultstring>It broke</faultstring></s:Fault>"
                 "</s:Body></s:Envelope>")
        server = self.serve({SOAP: Reply(200, fault)})
        attempt = self.look_up(server).outcomes[SOAP]
        self.assertEqual((attempt["outcome"], attempt["detail"]), ("nothing", "fault It broke"))
        self.assert_outcomes((Reply(200, soap()), "malformed"),
                             (Reply(200, soap(code="InvalidUser")), "nothing"),
                             (Reply(200, "<clientConfig/>"), "malformed"),
                             (Reply(200, HOSTER), "malformed"))


class Autoconfig(Case):
    def test_servers(self):
        page = autoconfig(
            server_element("incoming", "pop3", "pop.northwind.example", 995, "SSL"),
            server_element("incoming", "imap", "imap.northwind.example", 143, "plain"),
            server_element("incoming", "imap", "imap.%EMAILDOMAIN%", 993, "SSL", "%EMAILLOCALPART%"),
            server_element("outgoing", "smtp", "smtp.northwind.example", 587, "STARTTLS"))
        for path in (AUTOCONFIG, WELL_KNOWN):
            server = self.serve({path: Reply(200, page)})
            done = self.look_up(server)
            self.assertEqual(servers(done, "autoconfig"), [IMAPS, SUBMISSION])
            self.assertEqual([(line["user"], line["user_form"]) for line in done.lines[:-1]],
                             [("anna", "local-part"), (ADDRESS, "address")])
            self.assertEqual(server.asked(path)[0].method, "GET")

    def test_after_autodiscover(self):
        page = autoconfig(server_element("incoming", "imap", "other.northwind.example", 993, "SSL"))
        done = self.look_up(self.serve({AUTOCONFIG: Reply(200, page), POX: Reply(200, HOSTER)}))
        self.assertEqual(servers(done)[0], IMAPS)
        self.assertEqual(servers(done)[-1][1], "other.northwind.example")


class Passwords(Case):
    def guarded(self, answer, password=PASSWORD):
        expected = "Basic " + base64.b64encode(f"{ADDRESS}:{password}".encode()).decode()

        def page(request, _):
            return (Reply(200, answer) if request.headers.get("authorization") == expected
                    else Reply(401, "", ("WWW-Authenticate", "Negotiate"), BASIC))

        return page

    def test_told_where_it_is_asked_for(self):
        password = 'pä"ss:wörd'
        server = self.serve({POX: self.guarded(HOSTER, password),
                             SOAP: self.guarded(soap(), password)})
        done = self.look_up(server, password=password)
        self.assertEqual(servers(done), [IMAPS, SUBMISSION])
        self.assertEqual(sorted(request.path for request in server.authorised()), [SOAP, POX])
        for path in (POX, SOAP):
            self.assertNotIn("authorization", server.asked(path)[0].headers)

    def test_without_a_password(self):
        server = self.serve({POX: self.guarded(HOSTER), SOAP: self.guarded(soap())})
        done = self.look_up(server)
        self.assertEqual({done.outcomes[path]["outcome"] for path in (POX, SOAP)}, {"needs-sign-in"})
        self.assertEqual(server.authorised(), [])

    def test_a_wrong_one_is_tried_once(self):
        """However many places ask for it: directories lock accounts."""
        server = self.serve({POX: self.guarded(HOSTER), SOAP: self.guarded(soap())})
        done = self.look_up(server, password="wrong")
        self.assertEqual(servers(done), [])
        self.assertEqual(len(server.authorised()), 1)
        self.assertIn("sign-in-refused",
                      [attempt["outcome"] for attempt in done.last["discovered"]["tried"]])

    def test_only_what_was_asked_for(self):
        """No password without a challenge that takes it, and none for who does not ask."""
        challenge = Reply(401, "", BASIC)
        for headers in ((), (("WWW-Authenticate", "NTLM"), ("WWW-Authenticate", "Basically"))):
            server = self.serve({AUTOCONFIG: challenge, WELL_KNOWN: challenge,
                                 POX: Reply(401, "", *headers), SOAP: Reply(401, "", *headers)})
            self.look_up(server, password=PASSWORD)
            self.assertEqual(len(server.requests), 4)
            self.assertEqual(server.authorised(), [])

    def test_not_after_a_redirect_out(self):
        """Signed in, then sent away: who is there hears nothing, not even that anybody called."""
        other = self.serve({"/there": Reply(401, "", BASIC)})
        for target in (f"https://localhost:{other.port}/there", f"http://localhost:{other.port}/"):
            def page(request, _, target=target):
                return (redirect(target) if "authorization" in request.headers
                        else Reply(401, "", BASIC))

            server = self.serve({POX: page, SOAP: page})
            self.look_up(server, password=PASSWORD)
            self.assertGreaterEqual(len(server.authorised()), 1)
        self.assertEqual(bytes(other.received), b"")

    def test_nothing_leaks_into_the_output(self):
        server = self.serve({POX: self.guarded(HOSTER), SOAP: self.guarded(soap())})
        cli = harness.Cli(self.new_folder() / "data", PINION_DEBUG="traffic",
                          G_MESSAGES_DEBUG="all")
        done = cli.run("account", "discover", ADDRESS, "--base-url", server.url, "--ca",
                       certificates.ca, password=PASSWORD)
        self.assertEqual(len(server.authorised()), 2)
        for secret in SECRETS:
            self.assertNotIn(secret, done.out)
            self.assertNotIn(secret.decode(), done.err)
        for file in cli.data.rglob("*"):
            if file.is_file():
                self.assertFalse(any(secret in file.read_bytes() for secret in SECRETS), file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
