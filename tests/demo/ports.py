# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of loopback for whoever listens later, or again.

Between the moment when a port is seen to be free and the moment when somebody listens there,
another test could see and take the same one. So whoever takes a port binds a name of the abstract
namespace, which is shared as widely as the ports are, and goes with the process however that ends.
"""

import random
import socket


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def take(among):
    """A free port of the range AMONG, which nobody else takes while this process lives."""
    while True:
        port = random.choice(among)
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0pinion-test-port-{port}")
        except OSError:
            name.close()
            continue
        if _is_free(port):
            name.detach()  # never closed but by the end of the process
            return port
        name.close()
