"""A wire to PostgreSQL on which every request has a number, where processes are killed."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, Self
from urllib.parse import urlsplit, urlunsplit

# Messages of PostgreSQL's protocol that want an answer: a simple query, an extended one's end.
ASKS = (b"Q", b"S")
READY = b"Z"
Moment = Literal["asked", "sent", "answered"]
Meet = Callable[[int, Moment], Awaitable[bool]]
BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.CancelledError)


class Boundaries:
    """Passes messages on one by one; `meet(number, moment)` says whether the wire lives on.

    `asked`: the request has not reached the server. `sent`: it has. `answered`: the server has done
    it, and its answer has not come back.
    """

    def __init__(self, url: str, meet: Meet) -> None:
        self._parts = urlsplit(url)
        self._meet = meet
        self._count = 0
        self._server: asyncio.Server | None = None
        self._wires: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The database's URL by this wire."""
        place = self._parts.netloc.rpartition("@")[0]
        return urlunsplit(self._parts._replace(netloc=f"{place}@127.0.0.1:{self._port}"))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for wire in tuple(self._wires):
            wire.cancel()
        await asyncio.gather(*self._wires, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._wires.add(task)
        with suppress(*BROKEN):
            there, onward = await asyncio.open_connection(self._parts.hostname, self._parts.port)
            try:
                # The start-up message alone has no kind in front.
                onward.write(await _body(reader))
                ways = self._requests(reader, onward), self._answers(there, writer)
                await asyncio.wait(
                    [asyncio.create_task(way) for way in ways], return_when="FIRST_COMPLETED"
                )
            finally:
                onward.transport.abort()
        writer.transport.abort()
        self._wires.discard(task)

    async def _requests(self, reader: asyncio.StreamReader, onward: asyncio.StreamWriter) -> None:
        with suppress(*BROKEN):
            while kind := await reader.read(1):
                message = kind + await _body(reader)
                asks = kind in ASKS
                self._count += asks
                if asks and not await self._meet(self._count, "asked"):
                    return
                onward.write(message)
                if asks and not await self._meet(self._count, "sent"):
                    return

    async def _answers(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*BROKEN):
            while kind := await there.read(1):
                message = kind + await _body(there)
                ready = kind == READY and self._count
                if ready and not await self._meet(self._count, "answered"):
                    return
                writer.write(message)


async def _body(reader: asyncio.StreamReader) -> bytes:
    length = await reader.readexactly(4)
    return length + await reader.readexactly(struct.unpack("!i", length)[0] - 4)
