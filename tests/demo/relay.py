# SPDX-License-Identifier: GPL-3.0-or-later
"""What a load balancer does in front of many an Exchange: passes a connection on, bytes untouched.

It tells Dovecot (PROXY protocol) that client and server are two machines. Without it Dovecot takes
loopback for safe and offers AUTH=PLAIN before STARTTLS, which Exchange does not.
"""

import asyncio

PROXY_LINE = b"PROXY TCP4 127.0.0.1 127.0.0.2 50143 143\r\n"
CHUNK = 1 << 16


async def _pump(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()


async def start_relay(port, target):
    """Listens on PORT of loopback for connections to port TARGET; returns the asyncio server."""

    async def on_connection(reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.close()
            return
        inner_writer.write(PROXY_LINE)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        inner_writer.close()
        writer.close()

    return await asyncio.start_server(on_connection, "127.0.0.1", port)
