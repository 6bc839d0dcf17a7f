# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults, one each: how it is set up, what Pinion has to call it, and what its button has to do.

A fault is of one protocol; the other one finds a good server. `code` and `stage` are what has to be told,
`cure` what is offered: None where trying again is all there is, "switch" with the port and the encryption
that work, "trust", "server" (look at the settings), "credentials". `cured`: whether pressing it, and doing
what it asks, makes the account; where the cure is the administrator's it cannot.
"""

import dataclasses
import struct
import threading

from world import EMAIL, PASSWORD, Speaker
from imap_peer import answer, bye, cut, instead
from smtp_peer import last_reply, reply

IMAP, SMTP = "imap", "smtp"
USUAL = {IMAP: (993, "tls"), SMTP: (587, "starttls")}


@dataclasses.dataclass
class Fault:
    """`ports`: of the world, what is behind each. `way`: (port, encryption) as it was typed; `user`,
    `password`: what was typed, None for no name; `trust`: the certificate that was trusted before.
    `slow`: it ends by a time limit. `everywhere`: the other protocol has it too. `peers`: the scripted
    ones, whose attempts are counted."""

    name: str
    protocol: str
    ports: object
    code: str
    stage: str
    cure: object = None
    cured: bool = True
    way: tuple = None
    user: str = None
    password: str = PASSWORD
    slow: bool = False
    environment: dict = dataclasses.field(default_factory=dict)
    offline: bool = False
    unknown: bool = False
    everywhere: bool = False
    trust: str = None
    peers: list = dataclasses.field(default_factory=list)
    lock: object = dataclasses.field(default_factory=threading.Lock)

    def __post_init__(self):
        self.way = self.way or USUAL[self.protocol]

    def like(self, other):
        """The same place as another's."""
        self.host, self.address, self.relays = other.host, other.address, other.relays
        return self

    def build(self, world):
        ports = self.ports(world) if callable(self.ports) else dict(self.ports or {})
        self.host, self.address, self.relays = world.host(self.name, ports)
        if self.unknown:
            del world.names.hosts[self.host]


def house(name, *ports):
    """A house of the real servers; a port is (outer, inner) or both the same."""
    pairs = [port if isinstance(port, tuple) else (port, port) for port in ports]
    return lambda world: {outer: world.place(name, inner) for outer, inner in pairs}


def mixed(*makers):
    return lambda world: {port: target for maker in makers for port, target in maker(world).items()}


def filtered(*ports):
    return lambda world: {port: "filtered" for port in ports}


def speaking(port, **how):
    def make(world):
        kind = how.pop("kind", None)
        context = world.context(kind) if kind else None
        return {port: Speaker(context=context, **how).place}

    return make


class Scripted:
    """A scripted Exchange behind the usual ports."""

    def __init__(self, protocol, *scripts, tweak=None, only=None, **how):
        self.protocol, self.scripts, self.tweak, self.only, self.how = (protocol, scripts, tweak, only,
                                                                       how)
        self.fault = None

    def __call__(self, world):
        peer = (world.imap_peer if self.protocol == IMAP else world.smtp_peer)(**self.how)
        for verb, function in self.scripts:
            peer.always(verb, function)
        if self.tweak:
            self.tweak(peer)
        self.fault.peers.append(peer)
        usual = {"tls": 993, "starttls": 143} if self.protocol == IMAP else {"starttls": 587}
        return {usual[name]: ("127.0.0.1", port) for name, port in peer.ports.items()
                if self.only in (None, name)}


def scripted(name, protocol, code, stage, *scripts, tweak=None, only=None, how=None, **more):
    maker = Scripted(protocol, *scripts, tweak=tweak, only=only, **(how or {}))
    fault = Fault(name, protocol, maker, code, stage, **more)
    maker.fault = fault
    return fault


def hello(text):
    def script(session, _):
        session.line(text)
        session.read_line()
        return True

    return script


def hold(session, *_):
    """No answer, for as long as it is waited for."""
    while True:
        session.read_line()


def inject(agreement, more):
    """Agrees to STARTTLS, with a line behind that nobody encrypted."""

    def script(session, command):
        tag = command.tag if hasattr(command, "tag") else b""
        session.send(tag, agreement, b"\r\n", more, b"\r\n")
        return True

    return script


def no_way(session, command):
    """Nothing but what needs a domain's tickets is offered."""
    session.line("* CAPABILITY IMAP4 IMAP4rev1 LOGINDISABLED AUTH=GSSAPI "
                 + ("" if session.tls else "STARTTLS ") + "ID CHILDREN IDLE NAMESPACE LITERAL+")
    session.done(command)
    return True


def without_login(peer):
    rows = peer.connection_class.lines

    class Session(peer.connection_class):
        def lines(self):
            return [row.replace(" LOGIN", "") for row in rows(self)]

    peer.connection_class = Session


def broken(peer):
    peer.broken = True


def refuse(peer):
    peer.users.clear()


def only_user(*names):
    def tweak(peer):
        peer.users.clear()
        peer.users.update(names)

    return tweak


# A TLS record that says "handshake failure" to whatever comes
ALERT = b"\x15" + struct.pack("!HHBB", 0x0303, 2, 2, 40)
HTTP = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>Sign in</html>"
CERTIFICATES = (("expired", "certificate-expired", "trust"),
                ("not-yet-valid", "certificate-not-yet-valid", None),
                ("other-name", "certificate-other-name", "trust"),
                ("self-signed", "certificate-self-signed", "trust"),
                ("unknown-issuer", "certificate-unknown-issuer", "trust"))


def certificates(protocol):
    port = USUAL[protocol][0]
    found = [Fault(f"{protocol}-{kind}", protocol, house(kind, port), code, "certificate", cure,
                   cured=cure is not None) for kind, code, cure in CERTIFICATES]
    changed = Fault(f"{protocol}-certificate-changed", protocol, house("self-signed", port),
                    "certificate-changed", "certificate", trust="5e" * 32, cured=False)
    return [*found, changed]


def imap_faults():
    way143 = (143, "starttls")
    return [
        # Reaching
        Fault("imap-host-unknown", IMAP, None, "host-unknown", "resolve", "server", unknown=True),
        Fault("imap-port-mistyped", IMAP, house("good", 993), "port-closed", "reach",
              ("switch", 993, "tls"), way=(1993, "tls")),
        Fault("imap-993-closed", IMAP, house("good", 143), "port-closed", "reach",
              ("switch", 143, "starttls")),
        Fault("imap-143-closed", IMAP, house("good", 993), "port-closed", "reach",
              ("switch", 993, "tls"), way=way143),
        Fault("imap-all-closed", IMAP, None, "port-closed", "reach", "server"),
        Fault("imap-993-filtered", IMAP, mixed(filtered(993), house("good", 143)), "timed-out",
              "reach", ("switch", 143, "starttls"), slow=True),
        Fault("imap-all-filtered", IMAP, filtered(993, 143), "timed-out", "reach", "server",
              slow=True),
        # Encryption
        Fault("imap-tls-on-143", IMAP, house("good", 143, 993), "needs-starttls", "tls",
              ("switch", 143, "starttls"), way=(143, "tls")),
        Fault("imap-starttls-on-993", IMAP, house("good", 993), "needs-tls", "greeting",
              ("switch", 993, "tls"), way=(993, "starttls"), slow=True),
        Fault("imap-993-begins-in-clear", IMAP, house("good", (993, 143)), "needs-starttls", "tls",
              ("switch", 993, "starttls")),
        Fault("imap-starttls-missing", IMAP, mixed(house("no-starttls", 143), house("good", 993)),
              "starttls-missing", "greeting", ("switch", 993, "tls"), way=way143),
        Fault("imap-no-encryption-at-all", IMAP, house("no-starttls", 143), "starttls-missing",
              "greeting", "server", way=way143),
        scripted("imap-tls-1-1", IMAP, "tls-too-old", "tls", how={"old": True}, cured=False),
        Fault("imap-tls-alert", IMAP, mixed(speaking(993, says=ALERT), house("good", 143)),
              "tls-failed", "tls", ("switch", 143, "starttls")),
        scripted("imap-injection", IMAP, "data-before-encryption", "tls",
                 ("STARTTLS", inject(b" OK go", b"* OK [CAPABILITY IMAP4rev1] trust me")),
                 only="starttls", way=way143, cured=False),
        # Greeting
        Fault("imap-port-of-smtp", IMAP, mixed(house("good", 993), house("good", 587)),
              "greeting-unexpected", "greeting", ("switch", 993, "tls"), way=(587, "starttls")),
        Fault("imap-web-server", IMAP, mixed(speaking(993, says=HTTP, close=False),
                                             house("good", 143)),
              "web-server", "tls", ("switch", 143, "starttls")),
        Fault("imap-https", IMAP, mixed(speaking(443, kind="good", says=HTTP), house("good", 993)),
              "timed-out", "greeting", ("switch", 993, "tls"), way=(443, "tls"), slow=True),
        Fault("imap-hangs-up", IMAP, speaking(993, close=True), "connection-lost", "tls", None,
              cured=False),
        Fault("imap-silent", IMAP, speaking(143), "timed-out", "greeting", "server", way=way143,
              slow=True),
        scripted("imap-says-bye", IMAP, "greeting-refused", "greeting",
                 ("greeting", hello("* BYE Service is shutting down")), only="tls", cured=False),
        scripted("imap-preauth", IMAP, "greeting-unexpected", "greeting",
                 ("greeting", hello("* PREAUTH welcome back")), only="tls", cure="server"),
        scripted("imap-nonsense", IMAP, "protocol-error", "greeting",
                 ("CAPABILITY", instead("zz99 OK what was asked?")), only="tls", cured=False),
        # Signing in
        Fault("imap-wrong-password", IMAP, house("good", 993), "sign-in-refused", "sign-in",
              "credentials", password="mistyped 1"),
        Fault("imap-wrong-user", IMAP, house("good", 993), "sign-in-refused", "sign-in",
              "credentials", user="nobody"),
        scripted("imap-disabled", IMAP, "imap-disabled", "sign-in", tweak=refuse, user=EMAIL,
                 cured=False),
        scripted("imap-not-connected", IMAP, "not-connected-to-mailbox", "sign-in", tweak=broken,
                 user=EMAIL, cured=False),
        scripted("imap-throttled", IMAP, "throttled", "sign-in",
                 ("NAMESPACE", answer("BAD", "Request is throttled. Suggested Backoff Time: 299961"
                                      " milliseconds")), user=EMAIL, cured=False),
        scripted("imap-too-many-connections", IMAP, "too-many-connections", "sign-in",
                 ("AUTHENTICATE", answer("NO", "[LIMIT] Maximum number of connections exceeded")),
                 user=EMAIL, cured=False),
        scripted("imap-server-unavailable", IMAP, "server-unavailable", "sign-in",
                 ("AUTHENTICATE", answer("NO", "Server Unavailable. 15")), user=EMAIL, cured=False),
        scripted("imap-app-password", IMAP, "app-password-needed", "sign-in",
                 ("AUTHENTICATE", answer("NO", "[ALERT] Application-specific password required")),
                 user=EMAIL, cure="credentials", cured=False),
        scripted("imap-no-mechanism", IMAP, "sign-in-no-mechanism", "sign-in",
                 ("CAPABILITY", no_way), user=EMAIL, cure="server", only="tls"),
        scripted("imap-sign-in-stalls", IMAP, "timed-out", "sign-in", ("AUTHENTICATE", hold),
                 user=EMAIL, cure="server", slow=True),
        scripted("imap-closed-while-signing-in", IMAP, "connection-lost", "sign-in",
                 ("AUTHENTICATE", bye), user=EMAIL, cured=False),
        # The mailbox
        scripted("imap-inbox-not-opened", IMAP, "mailbox-not-opened", "open",
                 ("EXAMINE", answer("NO", "EXAMINE failed.")),
                 ("SELECT", answer("NO", "SELECT failed.")), user=EMAIL, cured=False),
        scripted("imap-no-list", IMAP, "refused", "folders", ("LIST", answer("NO", "LIST failed.")),
                 user=EMAIL, cured=False),
        scripted("imap-cut-at-list", IMAP, "connection-lost", "folders", ("LIST", cut), user=EMAIL,
                 cured=False),
        *certificates(IMAP),
    ]


def smtp_faults():
    tls465 = (465, "tls")
    return [
        Fault("smtp-host-unknown", SMTP, None, "host-unknown", "resolve", "server", unknown=True),
        Fault("smtp-587-closed", SMTP, house("good", 465), "port-closed", "reach",
              ("switch", 465, "tls")),
        Fault("smtp-465-closed", SMTP, house("good", 587), "port-closed", "reach",
              ("switch", 587, "starttls"), way=tls465),
        Fault("smtp-all-closed", SMTP, None, "port-closed", "reach", "server"),
        Fault("smtp-587-filtered", SMTP, mixed(filtered(587), house("good", 465)), "timed-out",
              "reach", ("switch", 465, "tls"), slow=True),
        Fault("smtp-tls-on-587", SMTP, house("good", 587), "needs-starttls", "tls",
              ("switch", 587, "starttls"), way=(587, "tls")),
        Fault("smtp-starttls-on-465", SMTP, house("good", 465), "needs-tls", "greeting",
              ("switch", 465, "tls"), way=(465, "starttls"), slow=True),
        Fault("smtp-starttls-missing", SMTP, mixed(house("no-starttls", 587), house("good", 465)),
              "starttls-missing", "tls", ("switch", 465, "tls")),
        Fault("smtp-no-encryption-at-all", SMTP, house("no-starttls", 587), "starttls-missing", "tls",
              "server"),
        scripted("smtp-tls-1-1", SMTP, "tls-too-old", "tls", how={"old": True}, cured=False),
        scripted("smtp-injection", SMTP, "data-before-encryption", "tls",
                 ("STARTTLS", inject(b"220 go", b"250 trust me")), cured=False),
        Fault("smtp-port-of-imap", SMTP, mixed(house("good", 143), house("good", 587)),
              "greeting-unexpected", "greeting", ("switch", 587, "starttls"),
              way=(143, "starttls")),
        Fault("smtp-web-server", SMTP, mixed(speaking(465, says=HTTP), house("good", 587)),
              "web-server", "tls", ("switch", 587, "starttls"), way=tls465),
        Fault("smtp-turned-away", SMTP, house("turned-away", 587), "greeting-refused", "greeting",
              None, cured=False),
        scripted("smtp-concurrent", SMTP, "too-many-connections", "greeting",
                 ("greeting", last_reply("421 4.3.2 The maximum number of concurrent connections has "
                                         "exceeded a limit, closing transmission channel")),
                 cured=False),
        Fault("smtp-silent", SMTP, speaking(587), "timed-out", "greeting", "server", slow=True),
        Fault("smtp-no-auth-on-465", SMTP, mixed(house("no-auth", 465), house("good", 587)),
              "sign-in-no-mechanism", "sign-in", ("switch", 587, "starttls"), way=tls465),
        Fault("smtp-port-of-servers", SMTP, mixed(house("no-auth", (25, 587)), house("good", 587)),
              "sign-in-no-mechanism", "sign-in", ("switch", 587, "starttls"), way=(25, "starttls")),
        Fault("smtp-no-auth-at-all", SMTP, mixed(house("no-auth", 587), house("good", 465)),
              "sign-in-no-mechanism", "sign-in", "server"),
        scripted("smtp-only-tickets", SMTP, "sign-in-no-mechanism", "sign-in", tweak=without_login,
                 cure="server"),
        scripted("smtp-refuses-though-imap-works", SMTP, "sending-disabled", "sign-in",
                 tweak=refuse, cure="server", user=EMAIL),
        Fault("smtp-wrong-user", SMTP, house("good", 587), "sign-in-refused", "sign-in",
              "credentials", user="nobody"),
        scripted("smtp-try-later", SMTP, "server-unavailable", "sign-in",
                 ("AUTH", reply("454 4.7.0 Temporary authentication failure")), cured=False),
        scripted("smtp-throttled", SMTP, "throttled", "sign-in",
                 ("AUTH", last_reply("421 4.4.2 Message submission rate for this client has exceeded "
                                     "the configured limit")), cured=False),
        scripted("smtp-sign-in-stalls", SMTP, "timed-out", "sign-in", ("AUTH", hold), cure="server",
                 slow=True),
        *certificates(SMTP),
    ]


def here_faults(proxy):
    """What is wrong with this computer or its network."""
    forbids = Speaker(says=b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").place[1]

    def proxied(url):
        """libproxy leaks what it looked up."""
        return {"GIO_USE_PROXY_RESOLVER": "libproxy", "http_proxy": url,
                "ASAN_OPTIONS": "exitcode=99:detect_leaks=0"}

    return [
        Fault("no-network", IMAP, house("good", 993), "no-network", "resolve", None, cured=False,
              offline=True, everywhere=True),
        Fault("proxy-refuses", IMAP, house("good", 993), "proxy-refused", "reach", None, cured=False,
              environment=proxied(f"socks5://127.0.0.1:{proxy}"), everywhere=True),
        Fault("proxy-is-down", IMAP, house("good", 993), "proxy-refused", "reach", None, cured=False,
              environment=proxied("http://127.0.0.1:1"), everywhere=True),
        Fault("proxy-forbids", IMAP, house("good", 993), "proxy-refused", "reach", None, cured=False,
              environment=proxied(f"http://127.0.0.1:{forbids}"), everywhere=True),
    ]
