"""A wire to PostgreSQL that tests can cut, or leave silent, and mend."""

import asyncio
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65_536


class Relay:
    """Passes bytes on to the server of a URL; `url` is the same database by this way."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._wires: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._port = 0
        self._fatal = b""
        self._lost = asyncio.Event()

    @property
    def url(self) -> str:
        """The database's URL through this relay."""
        place = self._parts.netloc.rpartition("@")[0]
        return urlunsplit(self._parts._replace(netloc=f"{place}@127.0.0.1:{self._port}"))

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Let connections through, again at the same address."""
        self._flows.set()
        self._fatal, self._lost = b"", asyncio.Event()
        if self._server is None:
            self._server = await asyncio.start_server(self._pass, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse new connections and drop those that there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._flows.set()
        for wire in tuple(self._wires):
            wire.cancel()
        await asyncio.gather(*self._wires, return_exceptions=True)

    def hang(self) -> None:
        """Keep every connection, and pass nothing on: a server that does not answer."""
        self._flows.clear()

    def lose_answer_to(self, word: bytes) -> asyncio.Event:
        """Pass on the next request with this word, and no answer of the server's from then on.

        The event is set when that request has gone.
        """
        self._fatal, self._lost = word, asyncio.Event()
        return self._lost

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._wires.add(task)
        host, port = self._parts.hostname or "127.0.0.1", self._parts.port or 5432
        with suppress(OSError, asyncio.CancelledError):
            there, onward = await asyncio.open_connection(host, port)
            try:
                await asyncio.gather(self._pump(reader, onward), self._answer(there, writer))
            finally:
                onward.transport.abort()
        writer.transport.abort()
        self._wires.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            await self._flows.wait()
            if self._fatal and self._fatal in chunk:
                self._fatal = b""
                self._lost.set()
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            await self._flows.wait()
            if not self._lost.is_set():
                writer.write(chunk)
                await writer.drain()
        writer.close()
