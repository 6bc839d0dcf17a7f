# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot and Postfix from a folder of their own: configuration, start, and nothing else.

Dovecot keeps the mailboxes, checks every password (Postfix asks it too) and takes in mail by LMTP.
Postfix takes submissions and hands everything for a .example address to Dovecot.
"""

import base64
import dataclasses
import grp
import hashlib
import hmac
import os
import pathlib
import pwd
import re
import secrets
import shutil
import subprocess
import time

HERE = pathlib.Path(__file__).parent
MAIL_UID = 5000  # owns the mailboxes when root runs the server; Dovecot refuses root's own
GREETING = "The Microsoft Exchange IMAP4 service is ready."
BEFORE_SIGN_IN = "IMAP4 IMAP4rev1 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
AFTER_SIGN_IN = BEFORE_SIGN_IN.replace("IMAP4rev1", "IMAP4rev1 AUTH=PLAIN")
# Whether it is Exchange's list is asked of SMTP as well; condstore is that and the counting of changes.
CAPABILITIES = ("exchange", "condstore", "full")
SCHEMES = ("ssha256", "scram-sha-256")
ITERATIONS = 4096


@dataclasses.dataclass(frozen=True)
class User:
    email: str
    home: str  # a folder below the state's "home", or an absolute path
    names: tuple  # every form that signs in, in lower case
    owners: tuple = ()  # whose sign-in may send from this address, besides its own


ANNA = User("anna@northwind.example", "anna", ("anna@northwind.example", "northwind\\anna", "anna"))
JONAS = User(
    "jonas.brandt@northwind.example",
    "jonas",
    ("jonas.brandt@northwind.example", "northwind\\jonas.brandt", "jonas.brandt"),
)
SALES = User(
    "sales@northwind.example",
    "sales",
    ("northwind\\anna\\sales", "anna@northwind.example\\sales"),
    (ANNA.email,),
)
SINK = User("sink@northwind.example", "sink", ("sink@northwind.example",))
USERS = (ANNA, JONAS, SALES, SINK)


@dataclasses.dataclass(frozen=True)
class Settings:
    state: pathlib.Path
    logs: pathlib.Path
    certificate: str = "good"
    capability: str = "exchange"
    without: tuple = ()  # what of it is not announced
    greeting: str = GREETING
    password: str = ""
    mechanisms: tuple = ()  # of IMAP and SMTP; what the capability stands for where there are none
    scheme: str = "ssha256"
    kerberos: str = ""  # Dovecot's settings for it
    anna_home: str = ""  # a folder made by mailbox.py, in place of a new one
    more_dovecot: str = ""  # added to dovecot.conf and to Postfix's master.cf
    more_postfix: str = ""
    ports: dict = dataclasses.field(default_factory=dict)

    def home(self, user):
        chosen = self.anna_home if user is ANNA else ""
        return pathlib.Path(chosen or self.state / "home" / user.home)


def is_root():
    """Whether the daemons can run as their own users: root, and not alone in a user namespace."""
    lines = pathlib.Path("/proc/self/uid_map").read_text().splitlines()
    ranges = (map(int, line.split()) for line in lines)
    return os.geteuid() == 0 and any(first <= MAIL_UID < first + count for first, _, count in ranges)


def mail_owner():
    return (MAIL_UID, MAIL_UID) if is_root() else (os.getuid(), os.getgid())


def obstacle():
    """Why the daemons cannot start here, as words for a person; None when they can."""
    needed = {"dovecot": "Dovecot 2.4", "openssl": "OpenSSL"}
    if is_root():
        needed["postconf"] = "Postfix"
    path = program_path()
    if missing := [name for program, name in needed.items() if not shutil.which(program, path=path)]:
        return f"not installed: {', '.join(missing)}"
    if not is_root():
        try:
            _rootless()
        except KeyError:
            return "the user it runs as has no name in /etc/passwd"
        if os.geteuid() == 0:
            return "root alone in a user namespace is not enough; use unshare --map-auto"
    return None


def program_path():
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _fill(template, words):
    text = (HERE / template).read_text()
    return re.sub(r"@([A-Z0-9_]+)@", lambda match: str(words[match[1]]), text)


def _announced(settings, names):
    """Dovecot's setting; none where all that it can do is announced."""
    if settings.capability == "full":
        return ""
    more = " CONDSTORE ENABLE" if settings.capability == "condstore" else ""
    kept = (name for name in (names + more).split() if name not in settings.without)
    return f"imap_capability = {' '.join(kept)}"


def _words(settings):
    exchange = settings.capability != "full"
    certificate = settings.state / "tls" / settings.certificate
    uid, gid = mail_owner()
    return {
        "STATE": settings.state,
        "LOGS": settings.logs,
        "INSTANCE": settings.state.name,
        "CERTIFICATE": f"{certificate}.pem",
        "KEY": f"{certificate}.key",
        "UID": uid,
        "GID": gid,
        "GREETING": settings.greeting,
        "IMAP_MECHANISMS": " ".join(
            settings.mechanisms or (("plain",) if exchange else ("plain", "login"))
        ),
        "SMTP_MECHANISMS": ",".join(settings.mechanisms or ("plain", "login")),
        "KERBEROS": settings.kerberos,
        "CAPABILITY_BEFORE_SIGN_IN": _announced(settings, BEFORE_SIGN_IN),
        "CAPABILITY_AFTER_SIGN_IN": _announced(settings, AFTER_SIGN_IN),
        "DISCARDED_KEYWORDS": "etrn" if exchange else "",
        "SMTPUTF8": "no" if exchange else "yes",
        "POSTFIX_SOCKET": "mode = 0600\n    user = postfix" if is_root() else "mode = 0600",
        "CHROOT": "" if is_root() else "chroot =",
        "ROOTLESS": "" if is_root() else _rootless(),
        **{name.upper(): port for name, port in settings.ports.items()},
    }


def _rootless():
    """Without root, Dovecot has to run as one user throughout."""
    user = pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(os.getgid()).gr_name
    return (
        f"default_internal_user = {user}\ndefault_internal_group = {group}\n"
        f"default_login_user = {user}\n"
    )


def _scram(password):
    """RFC 5803's StoredKey and ServerKey."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"{{SCRAM-SHA-256}}{ITERATIONS},{','.join(parts)}"


def _hashed(password, scheme):
    if scheme == "scram-sha-256":
        return _scram(password)
    salt = secrets.token_bytes(8)
    digest = hashlib.sha256(password.encode() + salt).digest()
    return "{SSHA256}" + base64.b64encode(digest + salt).decode()


def _passwd_lines(settings):
    """Dovecot looks names up with their backslashes doubled; only the first name has a home."""
    password = _hashed(settings.password, settings.scheme)
    for user in USERS:
        yield f"{user.email}:{password}::::{settings.home(user)}::"
        for name in user.names:
            if name != user.email:
                yield "{}:{}::::::user={}".format(name.replace("\\", "\\\\"), password, user.email)


def change_password(state, password, scheme):
    """Another password for everybody; the file is whole at any moment. That it changed, Dovecot
    tells by its time alone, in whole seconds."""
    users = state / "users"
    hashed = _hashed(password, scheme)
    lines = [re.sub(r"^([^:]+):[^:]*:", lambda match: f"{match[1]}:{hashed}:", line)
             for line in users.read_text().splitlines()]
    fresh = users.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n")
    os.utime(fresh, (time.time(), int(users.stat().st_mtime) + 2))
    fresh.replace(users)


def write_dovecot(settings):
    state = settings.state
    (state / "run").mkdir(mode=0o755, exist_ok=True)
    (state / "users").write_text("\n".join(_passwd_lines(settings)) + "\n")
    text = _fill("dovecot.conf.in", _words(settings))
    (state / "dovecot.conf").write_text(text + settings.more_dovecot)


def make_mailboxes(settings):
    for user in USERS:
        for part in ("cur", "new", "tmp"):
            (settings.home(user) / "Maildir" / part).mkdir(parents=True, exist_ok=True)
        own(settings.home(user))


def own(path):
    """Gives a file, or a folder and all in it, to the mailboxes' owner."""
    if not is_root():
        return
    uid, gid = mail_owner()
    os.chown(path, uid, gid)
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            os.chown(os.path.join(folder, name), uid, gid)


def _regexp(*alternatives):
    return "|".join(re.escape(text) for text in alternatives)


def write_postfix(settings):
    home = settings.state / "postfix"
    for folder in ("conf", "data", "queue"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    words = _words(settings)
    (home / "conf" / "main.cf").write_text(_fill("main.cf.in", words))
    services = _fill("master.cf.in", words) + settings.more_postfix
    (home / "conf" / "master.cf").write_text(services)
    local = _regexp(*(user.email.partition("@")[0] for user in USERS))
    (home / "aliases").write_text(
        f"if !/^({local})(\\+.*)?@northwind\\.example$/\n"
        f"/^(.+)@(.+\\.example)$/ sink+$1=$2@northwind.example\nendif\n"
    )
    (home / "recipients").write_text(
        "/^nobody@/ 550 5.1.1 User unknown\n"
        "!/\\.example$/ 550 5.7.54 Unable to relay: this server delivers to .example only\n"
    )
    (home / "senders").write_text(
        "".join(
            f"/^{_regexp(user.email)}$/ {' '.join((user.email, *user.owners))}\n" for user in USERS
        )
    )
    for path in (home / "conf" / "main.cf", home / "conf" / "master.cf"):
        os.utime(path, (0, 0))  # Postfix waits seconds for a file so new that it might yet change
    _make_queue(home)


def _make_queue(home):
    """The folders `postfix start` would make, without its second of shell script."""
    postfix = pwd.getpwnam("postfix").pw_uid
    postdrop = grp.getgrnam("postdrop").gr_gid
    os.chown(home / "data", postfix, -1)
    os.chmod(home / "data", 0o700)
    for name in (
        "active",
        "bounce",
        "corrupt",
        "defer",
        "deferred",
        "flush",
        "hold",
        "incoming",
        "private",
        "saved",
        "trace",
    ):
        (home / "queue" / name).mkdir(mode=0o700, exist_ok=True)
        os.chown(home / "queue" / name, postfix, -1)
    for name, mode in (("maildrop", 0o730), ("public", 0o710)):
        (home / "queue" / name).mkdir(exist_ok=True)
        os.chown(home / "queue" / name, postfix, postdrop)
        os.chmod(home / "queue" / name, mode)
    (home / "queue" / "pid").mkdir(exist_ok=True)


def dovecot_command(settings):
    return [
        shutil.which("dovecot", path=program_path()),
        "-F",
        "-c",
        settings.state / "dovecot.conf",
    ]


def postfix_command(settings):
    postconf = shutil.which("postconf", path=program_path())
    folder = subprocess.run(
        [postconf, "-dh", "daemon_directory"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return [f"{folder}/master", "-d", "-c", settings.state / "postfix" / "conf"]
