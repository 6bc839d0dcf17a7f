#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password is in the Secret Service and nowhere else."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse

import harness

PASSWORD = "Xk9-Correct.Horse\\Staple\"% 42"
ROOMS = ("core", "net", "sasl", "imap", "smtp", "mime", "store", "sync", "engine")
DEBUG = {"PINION_DEBUG": "all", "SECRET_DEBUG": "all", "G_TLS_GNUTLS_DEBUG": "all",
         "G_MESSAGES_DEBUG": " ".join(["GLib", "GLib-GIO", "GLib-Net", "libsecret",
                                       *(f"pinion-{room}" for room in ROOMS)])}


def forms(password, users):
    """Every way in which a protocol, a log or a file could spell it."""
    raw = password.encode()
    found = {raw, raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"'), base64.b64encode(raw),
             base64.urlsafe_b64encode(raw), raw.hex().encode(), raw[::-1],
             json.dumps(password).strip('"').encode(), urllib.parse.quote(password).encode(),
             password.encode("utf-16-le"), b"Correct.Horse"}
    for user in users:
        for identity in (b"", user.encode()):
            found.add(base64.b64encode(identity + b"\0" + user.encode() + b"\0" + raw))
    for shift in range(3):  # inside any other base64 text
        encoded = base64.b64encode(b"\0" * shift + raw)
        found.add(encoded[4 if shift else 0:-4])
    return found


class Watcher(threading.Thread):
    """Looks at what every process that begins from now on tells of itself.

    The test and its server, both in Python, know the password and hand it on.
    """

    def __init__(self, needles):
        super().__init__(daemon=True)
        self.needles = needles
        self.old = {entry.name for entry in pathlib.Path("/proc").iterdir()}
        self.over = threading.Event()
        self.looks = 0
        self.found = []

    def run(self):
        while not self.over.is_set():
            for entry in pathlib.Path("/proc").iterdir():
                if entry.name.isdigit() and entry.name not in self.old:
                    self.look(entry)

    def look(self, entry):
        for name in ("cmdline", "environ"):
            try:
                text = (entry / name).read_bytes()
                program = (entry / "comm").read_text().strip()
                age = time.time() - (entry / "stat").stat().st_mtime
            except OSError:
                continue
            if program == "python3":
                continue
            if name == "environ" and program == os.path.basename(harness.program())[:15]:
                # It was handed over this way; what counts is that it goes at once.
                if age < 0.5 * harness.PATIENCE:
                    continue
            self.looks += 1
            if any(needle in text for needle in self.needles):
                self.found.append((program, name, text[:200]))

    def stop(self):
        self.over.set()
        self.join()


class Secrets(harness.Case):
    server_options = {"mailbox": "demo", "seed": 1, "password": PASSWORD}
    folders = ()

    def setUp(self):
        self.needles = forms(PASSWORD, (self.server.email, self.server.user, "anna"))
        self.said = []

    def assert_clean(self, data, what):
        for needle in self.needles:
            self.assertNotIn(needle, data, what)

    def assert_files_clean(self, *folders):
        files = 0
        for folder in folders:
            for path in pathlib.Path(folder).rglob("*"):
                if path.is_file() and not path.is_symlink():
                    files += 1
                    self.assert_clean(path.read_bytes(), path)
        return files

    def check(self, cli, *command, status=0, **options):
        done = cli.run(*command, **options)
        self.assertEqual(done.status, status, str(done))
        self.assert_clean(done.out, command)
        self.assert_clean(done.err.encode(), command)
        self.said.append(done.err)
        return done

    def session(self, cli, home):
        """Everything a person might do, with every log switched on."""
        server = self.server
        for tls, imap, smtp in (("tls", "imap_tls", "smtp_tls"),
                                ("starttls", "imap_starttls", "smtp_starttls")):
            self.check(cli, "account", "add", "--email", server.email, "--imap-host", server.host,
                       "--imap-port", server.facts[imap], "--imap-tls", tls, "--smtp-host",
                       server.host, "--smtp-port", server.facts[smtp], "--smtp-tls", tls,
                       "--imap-user", server.user, "--smtp-user", server.email, "--ca", server.ca)
            self.check(cli, "sync")
            message = cli.list("INBOX")[0]["messages"][0]
            self.check(cli, "star", message, "--wait")
            self.check(cli, "send", "--to", server.email, "--subject", "secretless", "--wait")
            self.check(cli, "account", "list")
            if tls == "tls":
                account = cli.do("account", "list")[0]["id"]
                self.check(cli, "account", "remove", account)
        process = cli.start("sync", "--watch")
        try:
            time.sleep(2)
            environ = pathlib.Path(f"/proc/{process.pid}/environ").read_bytes()
            self.assert_clean(environ, "the environment of a running one")
        finally:
            process.terminate()
            process.communicate()
        self.assertGreater(self.assert_files_clean(cli.data, home), 5)

    def test_nothing_tells_the_password(self):
        home = self.new_folder()
        cli = harness.Cli(self.new_folder() / "data", PASSWORD, HOME=str(home),
                          TMPDIR=str(home), XDG_RUNTIME_DIR=str(home), **DEBUG)
        watcher = Watcher(self.needles)
        watcher.start()
        try:
            self.session(cli, home)
        finally:
            watcher.stop()
        self.assertGreater(watcher.looks, 50)
        self.assertEqual(watcher.found, [])
        self.assertIn("***", "".join(self.said), "the traffic log was off")
        logs = pathlib.Path(self.server.logs)
        self.assert_clean(b"".join(path.read_bytes() for path in logs.glob("*.log")), "server")

    def test_a_refused_password_is_not_told_either(self):
        """What was typed by mistake may be the password of something else."""
        wrong = "Correct.Horse of another stable"
        cli = harness.Cli(self.new_folder() / "data", wrong, PINION_DEBUG="traffic")
        done = cli.add(self.server, "--imap-user", "anna")
        self.assertEqual(done.status, 1)
        for needle in forms(wrong, (self.server.email, "anna")):
            self.assertNotIn(needle, done.out + done.err.encode())
        self.assert_files_clean(cli.data)

    def test_the_keyring_has_it_and_nobody_else(self):
        """A real Secret Service: this test again, inside a session bus of its own."""
        home = self.new_folder()
        environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"),
                       "XDG_RUNTIME_DIR": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                       "PINION_TEST_KEYRING": json.dumps(self.server.facts)}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        for program in ("dbus-run-session", "gnome-keyring-daemon", "secret-tool"):
            if not harness.shutil.which(program):
                self.skipTest(f"{program} is not here")
        done = subprocess.run(["dbus-run-session", "--", sys.executable, "-B", __file__],
                              capture_output=True, text=True, env=environment,
                              timeout=120 * harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])


def inside_keyring():
    """On a session bus: the keyring is unlocked, then used."""
    facts = json.loads(os.environ.pop("PINION_TEST_KEYRING"))
    home = pathlib.Path(os.environ["HOME"])
    keyring = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock",
                                "--components=secrets"], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    keyring.stdin.write(b"keyring\n")
    keyring.stdin.close()
    bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    # Whoever asks for it before it is there makes the bus start a second one, which is locked.
    assert harness.until(lambda: subprocess.run(
        ["gdbus", "call", "--session", "--dest=org.freedesktop.DBus", "--object-path=/",
         "--method=org.freedesktop.DBus.NameHasOwner", "org.freedesktop.secrets"],
        capture_output=True, timeout=30).stdout.startswith(b"(true"), 20), "no Secret Service"
    assert harness.until(lambda: subprocess.run(
        ["secret-tool", "store", "--label=probe", "probe", "probe"], input=b"probe",
        capture_output=True, timeout=30).returncode == 0, 20), "it stays locked"

    with_password = harness.Cli(home / "mail", facts["password"], DBUS_SESSION_BUS_ADDRESS=bus)
    without = harness.Cli(home / "mail", None, DBUS_SESSION_BUS_ADDRESS=bus)
    server = type("Server", (), facts)
    done = harness.until(lambda: with_password.add(server))
    assert done.status == 0 and "not kept" not in done.err, str(done)
    without.sync()
    message = without.list("INBOX")[0]["messages"][0]
    without.do("star", message, "--wait")
    without.do("send", "--to", facts["email"], "--subject", "from the keyring", "--wait")
    needles = forms(facts["password"], (facts["email"], facts["user"]))
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(needle in data for needle in needles), path
    stored = subprocess.run(["secret-tool", "search", "--all", "xdg:schema",
                             "io.github.pinionmail.Pinion.Account"], capture_output=True, text=True)
    told = stored.stdout + stored.stderr
    assert facts["password"] in told, told
    done = without.run("account", "remove", without.do("account", "list")[0]["id"])
    assert done.status == 0, str(done)
    stored = subprocess.run(["secret-tool", "search", "--all", "xdg:schema",
                             "io.github.pinionmail.Pinion.Account"], capture_output=True, text=True)
    assert facts["password"] not in stored.stdout, "the password outlived its account"
    keyring.terminate()
    keyring.wait()


if __name__ == "__main__":
    if "PINION_TEST_KEYRING" in os.environ:
        inside_keyring()
    else:
        harness.main()
