# SPDX-License-Identifier: GPL-3.0-or-later
"""A small internet of this process's own: a name server, web servers on 443 and 80, mail servers.

Everything runs on loopback inside a network namespace, so that the usual ports can be had, names are asked
of the name server here, and nothing can get out.
"""

import atexit
import contextlib
import ctypes
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

A, AAAA, SRV = 1, 28, 33


def enter():
    """Leaves the network of the machine for good; why not, where that cannot be."""
    try:
        os.unshare(os.CLONE_NEWNET | os.CLONE_NEWNS)
        # A computer that only has 127.0.0.1 is not connected, and looks up no names
        for words in ("link set lo up", "address add 192.0.2.1/32 dev lo"):
            subprocess.run(["ip", *words.split()], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespace: {error}"
    folder = tempfile.mkdtemp(prefix="pinion-network-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n"),
                       ("hosts", "127.0.0.1 localhost\n"),
                       ("nsswitch.conf", "hosts: files dns\n")):
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write(text)
        if reason := bind(path, f"/etc/{name}"):
            return reason
    return None


def bind(source, target):
    libc = ctypes.CDLL(None, use_errno=True)
    private = 1 << 18 | 1 << 14
    bind = 1 << 12
    if not os.path.exists(target):
        return f"{target} is missing"
    for arguments in ((b"none", b"/", None, private, None),
                      (source.encode(), os.path.realpath(target).encode(), None, bind, None)):
        if libc.mount(*arguments[:2], arguments[2], ctypes.c_ulong(arguments[3]), arguments[4]):
            return f"{target} cannot be replaced: {os.strerror(ctypes.get_errno())}"
    return None


class Names:
    """`hosts`: name to address.  `services`: "_imaps._tcp.x" to (host, port).  Whatever else is asked for
    is unknown; every name that was asked for is remembered."""

    def __init__(self):
        self.hosts = {}
        self.services = {}
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, address = self.socket.recvfrom(4096)
            self.socket.sendto(self._answer(query), address)

    def _answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
            at += query[at] + 1
        kind = struct.unpack("!H", query[at + 1:at + 3])[0]
        name = ".".join(labels)
        self.asked.append(name)
        record = None
        if kind == A and name in self.hosts:
            record = socket.inet_aton(self.hosts[name])
        elif kind == SRV and name in self.services:
            host, port = self.services[name]
            record = struct.pack("!HHH", 0, 0, port) + _name(host)
        known = record or name in self.hosts or name in self.services
        head = query[:2] + struct.pack("!HHHHH", 0x8580 | (0 if known else 3), 1, bool(record), 0, 0)
        answer = (b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 5, len(record)) + record
                  if record else b"")
        return head + query[12:at + 5] + answer


def _name(host):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in host.strip(".").split(".") if label) + b"\0"


class Mail:
    """A mail server that greets and, on its STARTTLS port, starts TLS; what it hears is remembered."""

    def __init__(self, context, address, port, starttls, greeting):
        self.context = context
        self.starttls = starttls
        self.greeting = greeting
        self.received = bytearray()
        self.listener = socket.create_server((address, port), backlog=16)

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        client.settimeout(30)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(client)
            if not self.starttls:
                client = stack.enter_context(self.context.wrap_socket(client, server_side=True))
            client.sendall(self.greeting)
            while line := client.recv(4096):
                self.received += line
                if b"STARTTLS" in line.upper():
                    client.sendall(b"220 go\r\n" if line[:1] in b"Ss" else b"a OK go\r\n")
                    client = stack.enter_context(self.context.wrap_socket(client, server_side=True))
                elif line.upper().startswith(b"EHLO"):
                    client.sendall(b"250-mail\r\n250 STARTTLS\r\n")
