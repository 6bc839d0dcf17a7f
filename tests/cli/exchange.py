# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server as Exchange plays it: EHLO twice, LOGIN only inside TLS, and its refusals."""

import base64
import contextlib
import pathlib
import socket
import ssl
import threading

KEYWORDS = ("SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "{}", "8BITMIME",
            "BINARYMIME", "CHUNKING")
GOOD = {"MAIL": "250 2.1.0 Sender OK", "RCPT": "250 2.1.5 Recipient OK",
        "RSET": "250 2.0.0 Resetting", "QUIT": "221 2.0.0 Closing",
        "DATA": "354 Start mail input; end with <CRLF>.<CRLF>"}
RATE = ("421 4.4.2 Message submission rate for this client has exceeded the configured limit")


class Exchange:
    """Listens until stopped.  REFUSALS: {verb: reply}, with "." for the end of a message and "" for
    the greeting; a 421, or the reply None, closes."""

    def __init__(self, certificates, password):
        self.password = password
        self.refusals = {}
        self.most = None  # messages before the rate limit
        self.messages = []
        self.commands = []  # once signed in
        self.connections = 0
        self.attempts = 0  # to sign in
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = pathlib.Path(certificates)
        self.context.load_cert_chain(folder / "good.pem", folder / "good.key")
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            client.settimeout(30)
            talk = _Talk(self, client)
            with contextlib.suppress(OSError):
                talk.run()
            talk.end()


class _Closed(Exception):
    pass


class _Talk:
    def __init__(self, server, client):
        self.server = server
        self.socket = client
        self.file = client.makefile("rb")

    def run(self):
        with contextlib.suppress(_Closed):
            self.answer("", "220 mail.northwind.example Microsoft ESMTP MAIL Service ready")
            self.hello("STARTTLS")
            self.expect(b"STARTTLS")
            self.say("220 2.0.0 SMTP server ready")
            self.file.close()
            self.socket = self.server.context.wrap_socket(self.socket, server_side=True)
            self.file = self.socket.makefile("rb")
            self.hello("AUTH GSSAPI NTLM LOGIN")
            self.sign_in()
            while True:
                self.command()

    def end(self):
        self.file.close()
        self.socket.close()

    def say(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise _Closed
        return line[:-2]

    def expect(self, start):
        line = self.line()
        if not line.startswith(start):
            self.say("503 5.5.2 Send hello first")
            raise _Closed
        return line

    def answer(self, verb, text):
        """Whether it was the friendly answer."""
        refusal = self.server.refusals.get(verb, text)
        if refusal is None:
            raise _Closed
        self.say(refusal)
        if refusal.startswith(("221", "421")):
            raise _Closed
        return refusal == text

    def hello(self, keyword):
        self.expect(b"EHLO [127.0.0.1]")
        lines = ["mail.northwind.example Hello [127.0.0.1]",
                 *(word.format(keyword) for word in KEYWORDS)]
        for line in lines[:-1]:
            self.say(f"250-{line}")
        self.say(f"250 {lines[-1]}")

    def sign_in(self):
        self.expect(b"AUTH LOGIN")
        self.server.attempts += 1
        self.say("334 VXNlcm5hbWU6")
        self.line()
        self.say("334 UGFzc3dvcmQ6")
        good = base64.b64decode(self.line()).decode() == self.server.password
        if not good or not self.answer("AUTH", "235 2.7.0 Authentication successful"):
            raise _Closed

    def command(self):
        line = self.line()
        self.server.commands.append(line)
        verb = line.split(b" ")[0].decode()
        server = self.server
        if verb == "MAIL" and server.most is not None and len(server.messages) >= server.most:
            self.say(RATE)
            raise _Closed
        if verb == "BDAT":
            raise _Closed
        if self.answer(verb, GOOD[verb]) and verb == "DATA":
            self.text()

    def text(self):
        lines = []
        while (line := self.line()) != b".":
            lines.append(line.removeprefix(b"."))
        self.server.messages.append(b"\r\n".join(lines))
        if not self.answer(".", "250 2.6.0 Queued mail for delivery"):
            self.server.messages.pop()
