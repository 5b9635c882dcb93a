"""An attack from outside, without any key: compressed bombs, and connections that are never done.

python -m bench.slack_attack 3000        attacks 127.0.0.1:3000 until it is ended
"""

import asyncio
import gzip
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from itertools import cycle, islice

HOST = "127.0.0.1"
UNPACKED = 60 * 1024 * 1024
BOMBS, SLOW = 60, 150
# Each bomb comes again that soon; slow connections send a byte as often.
PAUSE_SECONDS = 0.5
PATHS = ("/api/validate", "/api/chat", "/slack/events", "/oauth/gmail/start", "/nowhere")
HEAD = "POST {} HTTP/1.1\r\nHost: x\r\nX-License-Key: x\r\n"
SLOW_STARTS = (
    "",
    "POST /api/validate HT",
    HEAD.format("/api/validate"),
    HEAD.format("/api/validate") + "Content-Length: 60000\r\n\r\n{",
    HEAD.format("/api/chat") + "Content-Length: 60000\r\n\r\n{",
    HEAD.format("/slack/events") + "Content-Length: 60000\r\n\r\n{",
    HEAD.format("/api/validate") + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nZZ\r\n",
)


@asynccontextmanager
async def attack(port: int) -> AsyncIterator[None]:
    """60 bombs and 150 slow connections, each begun anew when it is closed, during the block."""
    packed = gzip.compress(bytes(UNPACKED))
    size = f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    bombs = [HEAD.format(path).encode() + size + packed for path in PATHS]
    starts = [start.encode() for start in SLOW_STARTS]
    async with AsyncExitStack() as stack:
        for bomb in islice(cycle(bombs), BOMBS):
            await stack.enter_async_context(_attacker(port, bomb, drips=False))
        for start in islice(cycle(starts), SLOW):
            await stack.enter_async_context(_attacker(port, start, drips=True))
        yield


@asynccontextmanager
async def _attacker(port: int, sent: bytes, *, drips: bool) -> AsyncIterator[None]:
    async def run() -> None:
        while True:
            with suppress(ConnectionError):
                await _connection(port, sent, drips=drips)
            await asyncio.sleep(PAUSE_SECONDS)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _connection(port: int, sent: bytes, *, drips: bool) -> None:
    _, writer = await asyncio.open_connection(HOST, port)
    with closing(writer):
        writer.write(sent)
        await writer.drain()
        while drips and not writer.is_closing():
            await asyncio.sleep(PAUSE_SECONDS)
            writer.write(b"x")


async def _for_ever(port: int) -> None:
    async with attack(port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_for_ever(int(sys.argv[1])))
