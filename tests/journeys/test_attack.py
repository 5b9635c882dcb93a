"""Nobody outside can hold up a click: compressed bombs and slow connections beside it."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from itertools import cycle, islice

import pytest_asyncio

from integrations.sandbox.slack.visitor import Visitor
from tests.product import HOST, Product

UNPACKED = 60 * 1024 * 1024
BOMBS, SLOW, COMMANDS = 60, 150, 30
DRIP_SECONDS = 0.05
ACK_MS = 1_000.0
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


@pytest_asyncio.fixture
async def under_attack(app_port: int, product: Product) -> AsyncIterator[None]:
    """Bombs again and again, and connections that send a byte now and then."""
    packed = gzip.compress(bytes(UNPACKED))
    size = f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    bombs = [HEAD.format(path).encode() + size.encode() + packed for path in PATHS]
    starts = [start.encode() for start in SLOW_STARTS]
    async with AsyncExitStack() as stack:
        for bomb in islice(cycle(bombs), BOMBS):
            await stack.enter_async_context(attacking(app_port, bomb, again=True))
        for start in islice(cycle(starts), SLOW):
            await stack.enter_async_context(attacking(app_port, start, again=False))
        yield


@asynccontextmanager
async def attacking(port: int, sent: bytes, *, again: bool) -> AsyncIterator[None]:
    """One attacker, at work while the block runs."""

    async def attack() -> None:
        while True:
            _, writer = await asyncio.open_connection(HOST, port)
            with closing(writer):
                writer.write(sent)
                while not (again or writer.is_closing()):
                    await asyncio.sleep(DRIP_SECONDS)
                    writer.write(b"x")
                await asyncio.sleep(DRIP_SECONDS)

    task = asyncio.create_task(attack())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_no_ack_takes_a_second_and_no_error_is_logged(
    under_attack: None, ada: Visitor, product: Product
) -> None:
    before = len(product.log())
    outcomes = [await ada.command("/seguito help") for _ in range(COMMANDS)]
    assert not [one.error for one in outcomes if one.error]
    assert max(one.ack_ms for one in outcomes) < ACK_MS
    said = product.log()[before:]
    assert "Traceback" not in said
    assert '"level":"error"' not in said
