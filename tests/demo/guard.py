# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing outlives the demo server, however it ends.

Two processes watch each other. The front one is what was started: it looks at its standard input,
its parent and its signals. Behind it, in a session of its own, the keeper does the work. A pipe
joins them, so each notices at once that the other is gone, kill -9 included. Whoever is left ends
every process below (both are "subreapers", so that daemons cannot slip away) and removes the state
folder.
"""

import ctypes
import os
import pathlib
import resource
import select
import shutil
import signal
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PARENT_CHECK_SECONDS = 0.5
SWEEP_SECONDS = 5
DAEMON_FILES = 4096

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent():
    """For a daemon before exec: a session of its own, and SIGTERM when the keeper dies.

    Daemons close every descriptor they might have: with a limit of a million that takes seconds.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (DAEMON_FILES, DAEMON_FILES))
    os.setsid()
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def descendants(of=None):
    """The process ids below OF, this process by default."""
    children = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(errors="replace")
        except OSError:
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state != "Z":
            children.setdefault(int(parent), []).append(int(entry.name))
    found, todo = [], [of or os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def sweep(state):
    """Ends every process below this one, at once, and removes the state folder."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while (left := descendants()) and time.monotonic() < deadline:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        _reap()
        time.sleep(0.01)
    _reap()
    shutil.rmtree(state, ignore_errors=True)


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def run_guarded(state, serve):
    """Runs serve(control) in the keeper and returns its exit status; `state` is gone afterwards.

    `control` is a file descriptor that becomes readable when the keeper is to end.
    """
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    parent = os.getppid()
    control, leash = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(leash)
        _keep(state, serve, control)
    os.close(control)
    _watch(pid, parent)
    os.close(leash)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sweep(state)
    return status if status >= 0 else 1


def _keep(state, serve, control):
    status = 1
    try:
        os.setsid()
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        status = serve(control)
    finally:
        sweep(state)
        os._exit(status)


def _watch(keeper, parent):
    """Returns when the person, the parent or the keeper has had enough."""
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    over = os.pidfd_open(keeper)
    while os.getppid() == parent:
        ready = select.select([0, told, over], [], [], PARENT_CHECK_SECONDS)[0]
        if told in ready or over in ready or (0 in ready and not os.read(0, 4096)):
            break
    os.close(over)
