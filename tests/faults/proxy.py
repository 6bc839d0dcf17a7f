# SPDX-License-Identifier: GPL-3.0-or-later
"""A SOCKS 5 proxy (RFC 1928): refuses everything, or passes it on."""

import contextlib
import socket
import struct
import threading

REFUSED, PASSED = 2, 0
NAME = 3


class Proxy:
    """`passes`: whether it lets anything through; `asked`: for which (host, port)."""

    def __init__(self, passes=False):
        self.passes = passes
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    @staticmethod
    def _read(client, size):
        data = b""
        while len(data) < size:
            more = client.recv(size - len(data))
            if not more:
                raise OSError("gone")
            data += more
        return data

    def _serve(self, client):
        with contextlib.suppress(OSError):
            _, methods = self._read(client, 2)
            self._read(client, methods)
            client.sendall(b"\x05\x00")
            kind = self._read(client, 4)[3]
            if kind == NAME:
                host = self._read(client, self._read(client, 1)[0]).decode()
            else:
                host = socket.inet_ntoa(self._read(client, 4))
            port = struct.unpack("!H", self._read(client, 2))[0]
            self.asked.append((host, port))
            inner = socket.create_connection((host, port)) if self.passes else None
            answer = PASSED if inner else REFUSED
            client.sendall(b"\x05" + bytes([answer]) + b"\x00\x01" + bytes(6))
            if inner:
                threading.Thread(target=self._carry, args=(inner, client), daemon=True).start()
                self._carry(client, inner)

    @staticmethod
    def _carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
