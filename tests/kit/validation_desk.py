"""Validation as one process has it, with wires to be cut and clocks to be moved."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, Self
from uuid import uuid4

import asyncpg
import orjson

from db.store.asyncpg_pool import AsyncpgPool, OnNotify
from db.store.session import Database
from services.validation.last_seen import LastSeenWriter
from services.validation.license_cache import LicenseCache, RenderedResponse
from services.validation.receipts import Receipts
from services.validation.responses import ValidationResponses
from services.validation.validation import Validation
from tests.kit.license_desk import LicenseStage
from tests.kit.waiting import until
from tests.kit.wired import PEPPER
from views.api.validation import validate_json

SEED = bytes(range(32))


class CountingHot(AsyncpgPool):
    """Counts what is asked and answered; can keep an answer back, or fail."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked = 0
        self.answered = 0
        self.hold: asyncio.Event | None = None
        self.bug: Exception | None = None
        self.listeners: list[OnNotify] = []
        self.heard: set[str] = set()

    def listen(self, channel: str, callback: OnNotify) -> None:
        """As Hot, and remembers what came."""

        def tell(payload: str) -> None:
            callback(payload)
            self.heard.add(payload)

        self.listeners.append(tell)
        super().listen(channel, tell)

    async def fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """As Hot; an answer waits while `hold` is an unset event."""
        self.asked += 1
        if self.bug:
            raise self.bug
        rows = await super().fetch(sql, *values)
        self.answered += 1
        if self.hold is not None:
            await self.hold.wait()
        return rows


class Process:
    """One process that validates; `hot_url` may lead through a relay."""

    def __init__(self, stage: LicenseStage, hot_url: str) -> None:
        self.stage = stage
        self.hot = CountingHot(hot_url)
        self.receipts = Receipts((SEED,), "https://seguito.example")
        self.cards = LicenseCache(self.hot, stage.plans, stage.clock, self.ticks)
        self.touches = LastSeenWriter(self.hot, stage.clock, every=timedelta(hours=1))
        verdicts = ValidationResponses(self.receipts, validate_json)
        parts = (self.cards, stage.sites, verdicts, self.touches)
        self.validation = Validation(PEPPER, *parts, stage.clock)
        self._skipped = 0.0

    def ticks(self) -> float:
        """The clock that never jumps, but for `skip`."""
        return monotonic() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let what is known grow older."""
        self._skipped += seconds

    async def __aenter__(self) -> Self:
        await self.hot.start()
        await self.touches.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.touches.close()
        await self.hot.close()

    async def answer(
        self, key: str, domain: str = "", address: str = "192.0.2.1"
    ) -> RenderedResponse:
        """The answer as it leaves."""
        mark = self.validation.mark(key)
        ready = self.validation.at_once(mark, domain)
        return ready or await self.validation.answer(mark, domain, address)

    async def ask(self, key: str, domain: str = "", address: str = "192.0.2.1") -> dict[str, Any]:
        """The answer, read."""
        answer = await self.answer(key, domain, address)
        read: dict[str, Any] = orjson.loads(answer.body)
        return read


async def spend(database: Database, license_id: str, requests: int, tokens: int) -> None:
    """Put this month's usage where the ledger keeps it (November 2026)."""
    connection = await asyncpg.connect(database.url)
    try:
        await connection.execute(
            "INSERT INTO usage_months (license_id, month, held, used, input_tokens, output_tokens,"
            " cost_micro, held_micro) VALUES ($1, '2026-11-01', 0, $2, $3, 0, 0, 0)"
            " ON CONFLICT (license_id, month) DO UPDATE SET used = $2, input_tokens = $3",
            license_id,
            requests,
            tokens,
        )
    finally:
        await connection.close()


def shape(value: object) -> object:
    """Which fields there are, whatever is in them."""
    if isinstance(value, Mapping):
        return {name: shape(inner) for name, inner in value.items()}
    return None


async def listening(process: Process) -> None:
    """Until the process hears of changes, and has heard of all that happened before."""
    await until(lambda: process.hot.listening)
    marker = uuid4().hex
    async with process.stage.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("SELECT pg_notify('license_changed', $1)", (marker,))
    await until(lambda: marker in process.hot.heard)


async def heard_until_now(connection: asyncpg.Connection, heard: list[str]) -> None:
    """Until `connection` was told of all changes before; notifications come in their order."""
    marker = uuid4().hex
    await connection.execute("SELECT pg_notify('license_changed', $1)", marker)
    await until(lambda: marker in heard)
    heard.remove(marker)
