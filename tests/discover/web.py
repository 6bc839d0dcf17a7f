# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server on loopback that answers as it is told, and remembers every byte that it was sent."""

import contextlib
import os
import pathlib
import socket
import ssl
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "cli"), str(HERE.parent / "demo")]

import certificates  # noqa: E402

ADDRESS = "anna@northwind.example"
PASSWORD = "correct horse 7"
POX = "/autodiscover/autodiscover.xml"
SOAP = "/autodiscover/autodiscover.svc"
AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
BASIC = ("WWW-Authenticate", 'Basic realm="mail"')


class Request:
    def __init__(self, raw, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.method, self.target, _ = lines[0].split(" ", 2)
        self.path, _, self.query = self.target.partition("?")
        self.headers = {name.strip().lower(): value.strip()
                        for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        self.body = body


class Reply:
    def __init__(self, status=200, body=b"", *headers, content_type="text/xml; charset=utf-8"):
        self.status = status
        self.body = body.encode() if isinstance(body, str) else body
        self.headers = headers
        self.content_type = content_type

    def __bytes__(self):
        head = [f"HTTP/1.1 {self.status} Whatever", f"Content-Length: {len(self.body)}",
                f"Content-Type: {self.content_type}", "Connection: close",
                *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


def redirect(location, status=302):
    return Reply(status, b"", ("Location", location))


def hang(request, connection):
    """No answer, until the other side has enough of it."""
    with contextlib.suppress(OSError):
        while connection.recv(4096):
            pass


class Web:
    """`pages` maps a path to a Reply, or to a function of the request and the connection that returns
    one; what is not there is 404.  `context`: None for plain HTTP."""

    def __init__(self, pages, context=None, address=("127.0.0.1", 0)):
        self.pages = pages
        self.context = context
        self.requests = []
        self.received = bytearray()
        self.closed = threading.Event()
        self.listener = socket.create_server(address, backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

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
        client.settimeout(60)
        with contextlib.suppress(OSError), client:
            try:
                if self.context:
                    client = self.context.wrap_socket(client, server_side=True)
                with client:
                    self._answer(client)
            finally:
                self.closed.set()

    def _read(self, client):
        raw = b""
        while b"\r\n\r\n" not in raw:
            data = client.recv(65536)
            if not data:
                return None
            raw += data
            self.received += data
        head, _, body = raw.partition(b"\r\n\r\n")
        request = Request(raw, head, body)
        while len(request.body) < int(request.headers.get("content-length", 0)):
            data = client.recv(65536)
            self.received += data
            request.body += data
        return request

    def _answer(self, client):
        request = self._read(client)
        if request is None:
            return
        self.requests.append(request)
        page = self.pages.get(request.path, Reply(404))
        reply = page(request, client) if callable(page) else page
        if reply is not None:
            client.sendall(bytes(reply))

    def asked(self, path):
        return [request for request in self.requests if request.path == path]

    def authorised(self):
        return [request for request in self.requests if "authorization" in request.headers]


class Certificates:
    """One authority and its certificates for a whole test program."""

    def __init__(self, *kinds, names=certificates.NAMES):
        self.folder = tempfile.TemporaryDirectory(prefix="pinion-web-")
        out = pathlib.Path(self.folder.name)
        old, certificates.NAMES = certificates.NAMES, names
        try:
            certificates.make_certificates(out, kinds or tuple(certificates.KINDS))
        finally:
            certificates.NAMES = old
        self.out = out
        self.ca = out / "ca.pem"

    def context(self, kind="good"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.out / f"{kind}.pem", self.out / f"{kind}.key")
        return context


# -- What is answered -------------------------------------------------------------------------


def pox(inner, response="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"):
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
 <Response xmlns="{response}">
  {inner}
 </Response>
</Autodiscover>
"""


def account(*protocols, action="<Action>settings</Action>"):
    return pox(f"<User><DisplayName>Anna Keller</DisplayName></User><Account><AccountType>email"
               f"</AccountType>{action}{''.join(protocols)}</Account>")


def protocol(**elements):
    return "<Protocol>" + "".join(f"<{name}>{value}</{name}>"
                                  for name, value in elements.items()) + "</Protocol>"


HOSTER = account(
    protocol(Type="IMAP", Server="imap.northwind.example", Port=993, DomainRequired="off",
             LoginName=ADDRESS, SPA="off", SSL="on", AuthRequired="on"),
    protocol(Type="SMTP", Server="smtp.northwind.example", Port=587, LoginName=ADDRESS, SPA="off",
             Encryption="TLS", AuthRequired="on", UsePOPAuth="on", SMTPLast="off"))

EXCHANGE = account(
    protocol(Type="EXCH", Server="5e1c2f36-7f02-47e8@northwind.example",
             ASUrl="https://ex01.northwind.local/EWS/Exchange.asmx"),
    protocol(Type="EXPR", Server="outlook.northwind.example",
             ASUrl="https://outlook.northwind.example/EWS/Exchange.asmx"),
    "<Protocol><Type>WEB</Type><External><OWAUrl AuthenticationMethod='Fba'>"
    "https://owa.northwind.example/owa/</OWAUrl></External></Protocol>")


def redirect_address(address):
    return account(action=f"<Action>redirectAddr</Action><RedirectAddr>{address}</RedirectAddr>")


def redirect_url(url):
    return account(action=f"<Action>redirectUrl</Action><RedirectUrl>{url}</RedirectUrl>")


def connection(host, port, method):
    return (f"<ProtocolConnection><EncryptionMethod>{method}</EncryptionMethod><Hostname>{host}"
            f"</Hostname><Port>{port}</Port></ProtocolConnection>")


def soap(*settings, code="NoError", target=""):
    """`settings`: (name, what is in it)"""
    user_settings = "".join(
        f'<UserSetting i:type="ProtocolConnectionCollectionSetting"><Name>{name}</Name>'
        f"<ProtocolConnections>{inner}</ProtocolConnections></UserSetting>"
        for name, inner in settings)
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action s:mustUnderstand="1">x</a:Action>
  </s:Header><s:Body>
  <GetUserSettingsResponseMessage xmlns="http://schemas.microsoft.com/exchange/2010/Autodiscover">
   <Response xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><ErrorCode>NoError</ErrorCode>
    <ErrorMessage /><UserResponses><UserResponse><ErrorCode>{code}</ErrorCode>
     <ErrorMessage>No error.</ErrorMessage><RedirectTarget>{target}</RedirectTarget>
     <UserSettingErrors /><UserSettings>{user_settings}</UserSettings>
    </UserResponse></UserResponses></Response>
  </GetUserSettingsResponseMessage></s:Body></s:Envelope>"""


def server_element(kind, protocol, host, port, socket_type, user="%EMAILADDRESS%", more=""):
    return (f'<{kind}Server type="{protocol}"><hostname>{host}</hostname><port>{port}</port>'
            f"<socketType>{socket_type}</socketType><username>{user}</username>"
            f"<authentication>password-cleartext</authentication>{more}</{kind}Server>")


def autoconfig(*servers):
    return ('<?xml version="1.0"?>\n<clientConfig version="1.1"><emailProvider '
            'id="northwind.example"><domain>northwind.example</domain><displayName>Northwind'
            f"</displayName>{''.join(servers)}</emailProvider></clientConfig>")


def clean_environment():
    """Nobody's proxy comes between."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    os.environ["GIO_USE_PROXY_RESOLVER"] = "dummy"
