# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop session of its own: a virtual screen, a session bus, accessibility, a keyring.

    with Session(size="1200x760") as session:
        program = session.start(["build/src/pinion", "--data", folder])
        session.picture("out.png")

Everything it starts ends with it, and lives in a temporary folder of its own.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time


class SessionError(Exception):
    """The session itself cannot be had (no X server, no bus)."""


def _read_line(descriptor, seconds):
    """The first line that arrives on a pipe, in time."""
    import select

    text = b""
    deadline = time.monotonic() + seconds
    while not text.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise SessionError("a server did not start in time")
        piece = os.read(descriptor, 4096)
        if not piece:
            raise SessionError("a server ended at once")
        text += piece
    return text.decode().strip()


class Session:
    """See the module. With display=True the person's own screen is used, and only the bus and the
    keyring are made."""

    def __init__(self, size="1200x760", display=False, **environment):
        self.size = size
        self.display = display
        self.processes = []
        self.folder = None
        self.log = None
        self.keyring = None
        self.extra = environment
        self.environment = {}

    def __enter__(self):
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    # -- Start and stop

    def _start(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pinion-e2e-"))
        for name in ("home", "run", "config", "data", "cache"):
            (self.folder / name).mkdir(mode=0o700)
        self.log = open(self.folder / "session.log", "wb")
        self.environment = {
            key: value for key, value in os.environ.items()
            if not key.startswith(("XDG_", "DBUS_", "GNOME_", "PINION_PASSWORD"))
        }
        self.environment.update(
            HOME=str(self.folder / "home"),
            XDG_RUNTIME_DIR=str(self.folder / "run"),
            XDG_CONFIG_HOME=str(self.folder / "config"),
            XDG_DATA_HOME=str(self.folder / "data"),
            XDG_CACHE_HOME=str(self.folder / "cache"),
            XDG_CURRENT_DESKTOP="GNOME",
            GSETTINGS_BACKEND="keyfile",
            GDK_DEBUG="no-portals",
            GTK_A11Y="atspi",
            NO_AT_BRIDGE="0",
            LANG="C.UTF-8",
            # Without a graphics card, drawing by OpenGL takes what the program needs to answer.
            GSK_RENDERER="cairo",
            GIO_USE_PROXY_RESOLVER="dummy",
            GIO_USE_NETWORK_MONITOR="base",
            # Nobody is looked up out there
            PINION_DISCOVER_URL="http://127.0.0.1:1",
        )
        # A whole desktop program leaks at exit what its libraries keep; the rooms' tests look for ours.
        self.environment["ASAN_OPTIONS"] = self.environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        self.environment.update(self.extra)
        if not self.display:
            self._start_screen()
        self._start_bus()
        self._start_keyring()
        return self

    def _spawn(self, command, **options):
        process = subprocess.Popen(command, env=self.environment, stderr=self.log,
                                   start_new_session=True, **options)
        self.processes.append(process)
        return process

    def _start_screen(self):
        reading, writing = os.pipe()
        self._spawn(["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{self.size}x24",
                     "-nolisten", "tcp", "-noreset", "-dpi", "96"],
                    pass_fds=[writing], stdout=self.log)
        os.close(writing)
        number = _read_line(reading, 20)
        os.close(reading)
        self.environment.update(DISPLAY=f":{number}", GDK_BACKEND="x11")
        self.environment.pop("WAYLAND_DISPLAY", None)

    def _start_bus(self):
        reading, writing = os.pipe()
        self._spawn(["dbus-daemon", "--session", "--nofork", f"--print-address={writing}"],
                    pass_fds=[writing], stdout=self.log)
        os.close(writing)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = _read_line(reading, 20)
        os.close(reading)

    def _start_keyring(self):
        keyring = self._spawn(["gnome-keyring-daemon", "--foreground", "--unlock",
                               "--components=secrets"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.keyring = keyring
        keyring.stdin.write(b"session\n")
        keyring.stdin.close()
        keyring.stdout.close()
        # Whoever asks for it before it is there makes the bus start a second one, which is locked.
        deadline = time.monotonic() + 20
        while not self._is_owned("org.freedesktop.secrets"):
            if time.monotonic() > deadline:
                raise SessionError("the keyring did not start in time")
            time.sleep(0.05)

    def end_keyring(self):
        """Whoever asks for it now gets one that is locked, or none."""
        _end(self.keyring)

    def _is_owned(self, name):
        asked = subprocess.run(
            ["gdbus", "call", "--session", "--dest=org.freedesktop.DBus", "--object-path=/",
             "--method=org.freedesktop.DBus.NameHasOwner", name],
            env=self.environment, capture_output=True, timeout=30)
        return asked.stdout.startswith(b"(true")

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                _end(process)
        self.processes = []
        if self.log:
            self.log.close()
            self.log = None
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    # -- Use

    def adopt(self):
        """Makes this process part of the session, for AT-SPI and the Secret Service in Python."""
        for key in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME",
                    "GDK_BACKEND"):
            if key in self.environment:
                os.environ[key] = self.environment[key]

    def start(self, command, output, **environment):
        """Starts the program under test; its words go to the file `output`."""
        with open(output, "ab") as stream:
            process = subprocess.Popen(command, env={**self.environment, **environment},
                                       stdout=stream, stderr=stream, start_new_session=True)
        self.processes.append(process)
        return process

    def run(self, command, **options):
        return subprocess.run(command, env=self.environment, check=True, **options)

    def has_window(self, title):
        """Whether a window of this title is on the screen."""
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title],
                              env=self.environment, capture_output=True, check=False,
                              ).returncode == 0

    def settings(self, **values):
        """What the person chose before, for programs that start from now on (GVariant text)."""
        folder = self.folder / "config" / "glib-2.0" / "settings"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{key.replace('_', '-')}={value}" for key, value in values.items()]
        (folder / "keyfile").write_text("\n".join(["[io/github/pinionmail/Pinion]", *lines, ""]),
                                        encoding="utf-8")

    def picture(self, path, width=None, height=None):
        """The screen, or its upper left part, as PNG."""
        part = ["-crop", f"{width}x{height}+0+0", "+repage"] if width else []
        self.run(["import", "-window", "root", *part, str(path)])


# What others say and Pinion cannot help: GIO where the machine has no file monitors left, or nobody takes
# notifications, WebKit's own process (the second of its sandbox) about the bus, GTK's file chooser where
# files come and go while a name is typed, and the sanitizer at the sight of a fiber.
NOT_OURS = ("Failed to create file monitor", "unable to send notifications", "(process:2)",
            "gtk_tree_store_remove", "makecontext")


def complaints(log):
    """What GTK, GLib and their friends had to say of the program."""
    path = pathlib.Path(log)
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return [line for line in text.splitlines()
            if any(word in line for word in ("WARNING", "CRITICAL", "ERROR"))
            and not any(words in line for words in NOT_OURS)]


def _end(process, seconds=10):
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        pass
