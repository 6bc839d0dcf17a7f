# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault lab's world: a network of its own, with real servers that are set up wrongly, one way a house.

Each house is an address of Dovecot and Postfix (one pair of daemons serves them all), or a scripted peer. In
front of each fault stands a relay with a name of its own and the usual ports; it writes down every byte that
comes from Pinion, and its own address tells in the servers' logs which fault was at work.
"""

import base64
import contextlib
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / name) for name in ("cli", "demo", "discover", "exchange")]

import harness  # noqa: E402
import network  # noqa: E402
import web  # noqa: E402
from folders import Mailbox  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402
from profiles import E16  # noqa: E402
from smtp_peer import SmtpPeer  # noqa: E402

EMAIL = "anna@northwind.example"
USER = "NORTHWIND\\anna"
PASSWORD = "Quartz-7-lantern"
NAMES = "DNS:*.northwind.example,DNS:northwind.example,DNS:localhost,IP:127.0.0.1"
KINDS = ("good", "expired", "not-yet-valid", "other-name", "self-signed", "unknown-issuer")
SECRETS = tuple(form for text in (PASSWORD, *(f"\0{user}\0{PASSWORD}" for user in
                                              (EMAIL, USER, "anna")))
                for form in (text.encode(), base64.b64encode(text.encode()).rstrip(b"=")))

# What is wrong with the real daemons, house by house
DOVECOT_HOUSE = """
service imap-login {{
  inet_listener {name}_tls {{
    listen = {address}
    port = 993
    ssl = yes
  }}
  inet_listener {name}_clear {{
    listen = {address}
    port = 143
  }}
}}
local {address} {{
  {settings}
}}
"""
POSTFIX_HOUSE = "{address}:{port} inet n - n - - smtpd {options}\n"


def dovecot_settings(certificate):
    return (f"ssl_server_cert_file = {certificate}.pem\n"
            f"  ssl_server_key_file = {certificate}.key")


class Relay:
    """One port of one fault: passes everything on, and keeps what Pinion said."""

    def __init__(self, address, port, target):
        self.address = address
        self.target = target
        self.heard = bytearray()
        self.pairs = []
        self.listener = socket.create_server((address, port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                inner = socket.create_connection(self.target, source_address=(self.address, 0))
                for ends in ((client, inner, self.heard), (inner, client, None)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(source, target, heard):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if heard is not None:
                    heard += data
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


class Speaker:
    """Something that is no mail server: says SAYS when spoken to, or at once, and may hang up."""

    def __init__(self, says=b"", first=b"", close=False, context=None):
        self.says, self.first, self.close, self.context = says, first, close, context
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.place = self.listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError, ssl.SSLError):
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            client.sendall(self.first)
            while not self.close and client.recv(1 << 16):
                client.sendall(self.says)
        client.close()


class Filtered:
    """A port whose connections are neither taken nor refused: the queue of who waits is full."""

    def __init__(self, address, port):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(0)
        self.waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect((address, port))
            self.waiting.append(one)


class World:
    """`place(house, port)` is where a house's port is; `names` knows every host."""

    def __init__(self):
        # Only with a way to everywhere there is a network to the eyes of GIO.
        subprocess.run(["ip", "route", "add", "default", "dev", "lo"], check=True)
        self.names = network.Names()
        self.folder = tempfile.TemporaryDirectory(prefix="pinion-faults-")
        folder = pathlib.Path(self.folder.name)
        folder.chmod(0o755)
        self.certificates = web.Certificates(*KINDS, names=NAMES)
        self.ca = self.certificates.ca
        self.houses = {}
        self.server = harness.DemoServer(password=PASSWORD, mailbox="empty",
                                         more_dovecot=self._dovecot(folder / "dovecot"),
                                         more_postfix=self._postfix(folder / "postfix"))
        self.server.start()
        self.addresses = iter(range(1, 65000))
        self.relays = []

    def close(self):
        self.server.stop()

    # -- The real daemons

    def _certificate(self, kind):
        return self.certificates.out / kind

    def _house(self, name):
        return self.houses.setdefault(name, f"127.0.1.{len(self.houses) + 1}")

    def _dovecot(self, path):
        houses = {kind: dovecot_settings(self._certificate(kind)) for kind in KINDS}
        houses["no-starttls"] = "ssl = no"
        path.write_text("".join(
            DOVECOT_HOUSE.format(name=name.replace("-", "_"), address=self._house(name),
                                 settings=settings) for name, settings in houses.items()))
        return path

    def _postfix(self, path):
        plain = {kind: self._chain(kind) for kind in KINDS}
        plain["no-starttls"] = self._chain("good") + " -o smtpd_tls_security_level=none"
        plain["no-auth"] = self._chain("good") + " -o smtpd_sasl_auth_enable=no"
        plain["turned-away"] = (self._chain("good") + " -o smtpd_delay_reject=no"
                                " -o smtpd_client_restrictions=reject")
        rows = []
        for name, options in plain.items():
            rows.append(POSTFIX_HOUSE.format(address=self._house(name), port=587, options=options))
            rows.append(POSTFIX_HOUSE.format(address=self._house(name), port=465, options=options
                                             + " -o smtpd_tls_wrappermode=yes"))
        path.write_text("".join(rows))
        return path

    def _chain(self, kind):
        certificate = self._certificate(kind)
        return f"-o smtpd_tls_chain_files={certificate}.key,{certificate}.pem"

    def place(self, house, port):
        return self.houses[house], port

    # -- What is put in front

    def new_address(self):
        number = next(self.addresses)
        return f"127.{64 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"

    def host(self, name, ports):
        """A name in the network whose ports lead to TARGETS: {port: (address, port) | "filtered"}.
        Returns (host, address, relays)."""
        host = f"{name}.northwind.example"
        address = self.new_address()
        self.names.hosts[host] = address
        relays = []
        for port, target in ports.items():
            if target == "filtered":
                self.relays.append(Filtered(address, port))
            else:
                relays.append(Relay(address, port, target))
        self.relays += relays
        return host, address, relays

    # -- Scripted peers

    def context(self, kind="good", old=False):
        context = self.certificates.context(kind)
        if old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context

    def imap_peer(self, users=(EMAIL, USER), **how):
        return ImapPeer(self.context(**how), E16, Mailbox(E16.uses), set(users), PASSWORD)

    def smtp_peer(self, users=(EMAIL, USER), **how):
        return SmtpPeer(self.context(**how), E16, set(users), PASSWORD)

    # -- What the servers saw

    def _log(self, name):
        path = pathlib.Path(self.server.logs, name)
        return path.read_text(errors="replace") if path.exists() else ""

    def refused(self, address):
        """Sign-ins that the real servers refused to a relay's address."""
        found = re.findall(rf"auth failed, (\d+) attempts[^\n]*rip={re.escape(address)},",
                           self._log("dovecot.log"))
        tried = re.findall(rf"\[{re.escape(address)}\]: SASL \w+ authentication failed",
                           self._log("postfix.log"))
        return sum(map(int, found)) + len(tried)

    def entered(self, address):
        """Sign-ins that they took."""
        return (len(re.findall(rf"Login: user=[^\n]*rip={re.escape(address)},", self._log("dovecot.log")))
                + len(re.findall(rf"client=[^\n]*\[{re.escape(address)}\], sasl_method",
                                 self._log("postfix.log"))))
