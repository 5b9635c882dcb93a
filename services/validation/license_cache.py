"""A cache of what is known of license keys: entries with an age, served while they are fresh."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from time import monotonic

from db.gateway.months import month_of, next_month
from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable
from db.validation import CHANNEL, LicenseReader, LicenseRecord
from services.caching import Batcher, CacheFreshness
from services.licensing import Facts, Plan, Plans
from services.ports import Clock
from services.validation.receipts import ReceiptTerms

USAGE_SECONDS = 10.0
AWAY_SECONDS = 15 * 60.0
ANSWER_SECONDS = 2.0
PROBE_SECONDS = 1.0
# Longer than any question is under way.
UNSETTLED_SECONDS = 4 * ANSWER_SECONDS
MOST_KNOWN = 20_000
MOST_UNKNOWN = 20_000


@dataclass(frozen=True, slots=True)
class RenderedResponse:
    """A rendered answer to a validation; `age`: seconds since it was true, None for just now."""

    body: bytes
    age: int | None = None


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer that is good from `since` `until`, and the license and the site it is about."""

    answer: RenderedResponse
    since: datetime
    until: datetime
    seen: tuple[str, str]


class CachedLicense:
    """One key's facts (None: there is no such key), and what was made of them."""

    __slots__ = ("facts", "read_at", "receipts", "responses", "used_at")

    def __init__(self, facts: Facts | None, read_at: float) -> None:
        self.facts = facts
        self.read_at = read_at
        self.used_at = read_at
        # By the domain as it was sent.
        self.responses: dict[str, CachedResponse] = {}
        # With the time of issue.
        self.receipts: dict[ReceiptTerms, tuple[str, datetime]] = {}

    def learn(self, facts: Facts | None) -> None:
        """Newer facts; what was drawn from the same ones stays."""
        if facts != self.facts:
            self.facts = facts
            self.responses.clear()


@dataclass(frozen=True, slots=True)
class Lookup:
    """An entry, and its age in seconds when PostgreSQL is away: None means up to date."""

    entry: CachedLicense
    age: int | None = None


class LicenseCache:
    """Entries by the digest of the key; one per process, and told of changes by PostgreSQL."""

    def __init__(
        self, pool: AsyncpgPool, plans: Plans, clock: Clock, ticks: Callable[[], float] = monotonic
    ) -> None:
        """`ticks`: seconds of the clock that `pool.listening_since` is told by."""
        self._is_fresh = CacheFreshness(pool, ticks)
        self._reader = LicenseReader(pool)
        self._plans = plans
        self._clock = clock
        self._ticks = ticks
        self._known: dict[bytes, CachedLicense] = {}
        self._unknown: dict[bytes, CachedLicense] = {}
        self._changed: dict[bytes, float] = {}
        self._facts: Batcher[bytes, CachedLicense] = Batcher(self._read)
        self._usage: Batcher[bytes, CachedLicense] = Batcher(self._read_used)
        self._away = False
        self._probe_at = -inf
        self._probes: set[asyncio.Task[None]] = set()
        pool.listen(CHANNEL, self._notified)

    def fresh(self, digest: bytes) -> CachedLicense | None:
        """The entry if it is here and may be trusted as it is; never waits."""
        entry = self.trusted(digest)
        stale = entry is None or self._ticks() - entry.used_at > USAGE_SECONDS
        return None if stale else entry

    def trusted(self, digest: bytes) -> CachedLicense | None:
        """The same, but for what was used of the license, which may be older."""
        entry = self._known.get(digest) or self._unknown.get(digest)
        return entry if entry is not None and self._is_fresh(entry.read_at) else None

    async def lookup(self, digest: bytes) -> Lookup:
        """The entry, read anew if it must be, from memory while PostgreSQL is away.

        Raises DatabaseUnavailable when it is away and the key is not known here, or for too long.
        """
        if (entry := self.fresh(digest)) is not None:
            return Lookup(entry)
        if self._away:
            return await self._lookup_while_away(digest)
        try:
            return Lookup(await self._renewed(digest))
        except DatabaseUnavailable:
            return self._remembered(digest)

    def forget(self, digest: bytes) -> None:
        """The key's facts changed just now."""
        now = self._ticks()
        self._known.pop(digest, None)
        self._unknown.pop(digest, None)
        self._changed.pop(digest, None)
        self._changed[digest] = now
        while (oldest := next(iter(self._changed))) != digest:
            if now - self._changed[oldest] < UNSETTLED_SECONDS:
                break
            del self._changed[oldest]

    def _notified(self, payload: str) -> None:
        with suppress(ValueError):
            self.forget(bytes.fromhex(payload))

    async def _lookup_while_away(self, digest: bytes) -> Lookup:
        """Nobody waits for a server that does not answer; one in a second asks whether it does."""
        if self._ticks() >= self._probe_at:
            self._probe_at = self._ticks() + PROBE_SECONDS
            if self._age(digest) > AWAY_SECONDS:
                return Lookup(await self._renewed(digest))
            probe = asyncio.create_task(self._probe(digest))
            self._probes.add(probe)
            probe.add_done_callback(self._probes.discard)
        return self._remembered(digest)

    async def _probe(self, digest: bytes) -> None:
        with suppress(DatabaseUnavailable):
            await self._renewed(digest)

    def _remembered(self, digest: bytes) -> Lookup:
        age = self._age(digest)
        if age > AWAY_SECONDS:
            # An unknown key may have been issued meanwhile: no false “no”.
            raise DatabaseUnavailable("the database is away, and this key is not known here")
        return Lookup(self._known[digest], round(age))

    def _age(self, digest: bytes) -> float:
        entry = self._known.get(digest)
        return self._ticks() - entry.read_at if entry is not None else inf

    async def _renewed(self, digest: bytes) -> CachedLicense:
        entry = self._known.get(digest)
        if entry is not None and self._is_fresh(entry.read_at):
            found = await self._usage.get(digest)
        else:
            found = await self._facts.get(digest)
        return found or await self._renewed(digest)

    async def _read(self, digests: Sequence[bytes]) -> Mapping[bytes, CachedLicense]:
        began, now = self._ticks(), self._clock()
        async with self._reach():
            records = await self._reader.read(digests, month_of(now).date())
            plans = [await self._plans.find(record.plan, record.plan_version) for record in records]
        resets_at = next_month(now)
        facts = {
            record.digest: _facts(record, plan, resets_at)
            for record, plan in zip(records, plans, strict=True)
        }
        return {digest: self._keep(digest, facts.get(digest), began) for digest in digests}

    async def _read_used(self, digests: Sequence[bytes]) -> Mapping[bytes, CachedLicense]:
        began, now = self._ticks(), self._clock()
        entries = {one: self._known[one] for one in digests if one in self._known}
        ids = {one: entry.facts.license_id for one, entry in entries.items() if entry.facts}
        async with self._reach():
            rows = await self._reader.used(list(ids.values()), month_of(now).date())
        used = {row.license_id: (row.used, row.tokens) for row in rows}
        for digest, entry in entries.items():
            requests, tokens = used.get(ids[digest], (0, 0))
            entry.used_at = max(began, entry.used_at)
            if entry.facts:
                resets_at = next_month(now)
                entry.learn(replace(entry.facts, used=requests, tokens=tokens, resets_at=resets_at))
        return entries

    @asynccontextmanager
    async def _reach(self) -> AsyncIterator[None]:
        """Whether PostgreSQL is away is learned from every question; none takes longer than 2 s."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield
        except (DatabaseUnavailable, TimeoutError) as error:
            self._away = True
            self._probe_at = self._ticks() + PROBE_SECONDS
            raise DatabaseUnavailable("the database does not answer") from error
        self._away = False

    def _keep(self, digest: bytes, facts: Facts | None, began: float) -> CachedLicense:
        """Remember what was read, unless something newer is known or the key changed meanwhile."""
        if self._changed.get(digest, -inf) >= began:
            return CachedLicense(facts, began)
        old = self._known.pop(digest, None) or self._unknown.pop(digest, None)
        entry = old or CachedLicense(facts, began)
        if entry.read_at <= began:
            entry.read_at = entry.used_at = began
            entry.learn(facts)
        entries, most = (self._known, MOST_KNOWN) if entry.facts else (self._unknown, MOST_UNKNOWN)
        # At the end: the one that was not read for longest goes first.
        entries[digest] = entry
        if len(entries) > most:
            del entries[next(iter(entries))]
        return entry


def _facts(record: LicenseRecord, plan: Plan, resets_at: datetime) -> Facts:
    return Facts(
        license_id=record.license_id,
        customer_id=record.customer_id,
        status=record.status,
        expires_at=record.expires_at,
        activated_at=record.activated_at,
        plan=plan,
        domain=record.domain,
        sites=tuple(record.sites),
        used=record.used,
        tokens=record.tokens,
        resets_at=resets_at,
        key_expires_at=record.key_expires_at,
        budget_micro=record.budget_micro,
        blocked=record.blocked,
    )
