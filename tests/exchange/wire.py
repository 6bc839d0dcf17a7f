# SPDX-License-Identifier: GPL-3.0-or-later
"""What both peers stand on: a port, a thread for each connection, TLS, lines, and scripts.

A script is what a test lays in: at a command it names, once or always, its function is called
before the peer answers; where it returns true it has answered itself.
"""

import contextlib
import select
import socket
import ssl
import threading

SECONDS = 120


class Over(Exception):
    """The connection is at its end."""


class Connection(threading.Thread):
    """One client. `wake()` may be called by any thread."""

    def __init__(self, peer, raw, number, tls):
        super().__init__(daemon=True)
        self.peer = peer
        self.socket = raw
        self.address = raw.getpeername()[0]
        self.number = number
        self.tls = tls
        self.buffer = b""
        self.discarded = b""
        self._woken, self._waker = socket.socketpair()

    def run(self):
        try:
            self.socket.settimeout(SECONDS)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                self.encrypt()
            self.talk()
        except (Over, OSError, ValueError):
            pass
        except Exception as error:  # The test has to hear of it, whatever it is.
            self.peer.fault(f"the peer failed: {type(error).__name__}: {error}")
        finally:
            self.hang_up()
            self.left()

    def talk(self):
        raise NotImplementedError

    def left(self):
        """Called when the connection is over."""

    def encrypt(self):
        self.discarded = self.buffer
        self.buffer = b""
        self.socket = self.peer.context.wrap_socket(self.socket, server_side=True)
        self.tls = True

    def hang_up(self):
        self.shut()
        for one in (self.socket, self._woken, self._waker):
            with contextlib.suppress(OSError):
                one.close()

    def shut(self):
        """Both directions end now, whoever waits; without TLS's farewell."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def wake(self):
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    def send(self, *lines):
        self.socket.sendall(b"".join(lines))

    def line(self, text):
        """A line of the server's; text or bytes."""
        self.send(text.encode() if isinstance(text, str) else text, b"\r\n")

    def await_input(self, mind_wake=False, seconds=SECONDS):
        """Until there is something to read (True), or somebody woke it (False)."""
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return True
        ready = select.select([self.socket, self._woken], [], [], seconds)[0]
        if self._woken in ready:
            self._woken.recv(4096)
            if mind_wake and self.socket not in ready:
                return False
        if not ready:
            raise Over
        return self.socket in ready or self.await_input(mind_wake, seconds)

    def _more(self):
        self.await_input()
        data = self.socket.recv(1 << 16)
        if not data:
            raise Over
        self.buffer += data

    def has_line(self):
        return b"\n" in self.buffer

    def read_line(self):
        """Without its end."""
        while not self.has_line():
            self._more()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.removesuffix(b"\r")

    def read_exactly(self, size):
        while len(self.buffer) < size:
            self._more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data


class Peer:
    """Listens on `ports` ports, each with TLS at once or not."""

    connection_class = Connection

    def __init__(self, context, ports):
        self.context = context
        self.lock = threading.Lock()
        self.connections = []
        self.accepted = 0
        self.faults = []
        self.scripts = []
        self.ports = {}
        self._listeners = []
        for name, tls in ports.items():
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self._listeners.append(listener)
            self.ports[name] = listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(listener, tls), daemon=True).start()

    def _accept(self, listener, tls):
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            with self.lock:
                self.accepted += 1
                connection = self.connection_class(self, client, self.accepted, tls)
                self.connections.append(connection)
            connection.start()

    def fault(self, words):
        with self.lock:
            self.faults.append(words)

    def close(self):
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self):
        """Every connection ends at once, without a word."""
        for connection in list(self.connections):
            connection.shut()

    # -- Scripts --

    def script(self, verb, function, times=1, match=None):
        """FUNCTION is called at the next TIMES commands VERB whose text has MATCH in it."""
        with self.lock:
            self.scripts.append([verb, function, times, match])

    def always(self, verb, function, match=None):
        self.script(verb, function, 1 << 30, match)

    def play(self, verb, connection, command):
        """True where a script answered."""
        with self.lock:
            due = [entry for entry in self.scripts if entry[0] == verb and entry[2] > 0
                   and (entry[3] is None or entry[3] in str(command))][:1]
            for entry in due:
                entry[2] -= 1
        return bool(due and due[0][1](connection, command))
