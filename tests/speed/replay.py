# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP server over TLS that has one answer to every FETCH, in memory: as fast as any line."""

import multiprocessing
import os
import socket
import ssl

CAPABILITY = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS LITERAL+ NAMESPACE\r\n"


def _serve_one(stream, count, answer):
    commands = stream.makefile("rb")
    stream.sendall(b"* OK ready\r\n")
    for line in commands:
        tag, verb, *rest = line.split()
        before = {
            b"CAPABILITY": CAPABILITY,
            b"NAMESPACE": b'* NAMESPACE (("" "/")) NIL NIL\r\n',
            b"EXAMINE": b"* %d EXISTS\r\n* OK [UIDVALIDITY 1] \r\n* OK [UIDNEXT %d] \r\n"
                        % (count, count + 1),
            b"LOGOUT": b"* BYE bye\r\n",
            b"UID": answer,
        }.get(verb.upper(), b"")
        if before:
            stream.sendall(before)
        stream.sendall(tag + b" OK done\r\n")
        if verb.upper() == b"LOGOUT":
            return


def _serve(listener, certificate, count, answer):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate}.pem", f"{certificate}.key")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    while True:
        plain, _ = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as stream:
                _serve_one(stream, count, answer)
                stream.unwrap()
        except OSError:
            pass


class ReplayServer:
    """COUNT messages; ANSWER: all their FETCH responses. CERTIFICATE: a path without .pem."""

    def __init__(self, certificate, count, answer):
        self.arguments = (certificate, count, answer)
        self.port = 0
        self.process = None

    def __enter__(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(listener, *self.arguments), daemon=True)
        self.process.start()
        listener.close()
        return self

    def __exit__(self, *_):
        os.kill(self.process.pid, 9)
        self.process.join()
