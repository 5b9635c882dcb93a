"""A mail server on localhost that answers each command as the test says, and remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# What a script may say instead of a reply.
HANG_UP = "hang up"
SILENCE = "silence"

USUAL = {
    "GREETING": "220 fake ready",
    "EHLO": "250-fake\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "MESSAGE": "250 queued",
    "QUIT": "221 bye",
}


@dataclass
class FakeMailServer:
    """Set `script` (reply by command); read `commands` and `messages`."""

    port: int = 0
    script: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it is hung up."""
        try:
            goes_on = await self._say(writer, "GREETING")
            while goes_on and (line := (await reader.readline()).decode().strip()):
                self.commands.append(line)
                verb = line.split()[0].upper()
                goes_on = await self._say(writer, verb)
                if verb == "DATA" and self._reply("DATA").startswith("354"):
                    self.messages.append(await reader.readuntil(b"\r\n.\r\n"))
                    goes_on = await self._say(writer, "MESSAGE")
        finally:
            writer.close()

    def _reply(self, name: str) -> str:
        return self.script.get(name, USUAL[name])

    async def _say(self, writer: asyncio.StreamWriter, name: str) -> bool:
        reply = self._reply(name)
        if reply == HANG_UP:
            return False
        if reply == SILENCE:
            await asyncio.sleep(900)
        writer.write(f"{reply}\r\n".encode())
        return True


@asynccontextmanager
async def fake_mail_server() -> AsyncIterator[FakeMailServer]:
    """A fake on a port of its own."""
    fake = FakeMailServer()
    talks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(fake.serve(reader, writer))
        talks.add(talk)
        talk.add_done_callback(talks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    yield fake
    server.close()
    for talk in tuple(talks):
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
