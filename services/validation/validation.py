"""Whether a license key is valid: answered from the cache, written down only for a new site."""

from contextlib import suppress
from time import monotonic

from db.store.reach import DatabaseUnavailable
from services.errors import Invalid, NotFound
from services.licensing import (
    DOMAIN_INVALID,
    KEY,
    Domain,
    Facts,
    Sites,
    canonical,
    digest,
    evaluate,
)
from services.ports import Clock
from services.validation.last_seen import LastSeenWriter
from services.validation.license_cache import (
    CachedLicense,
    CachedResponse,
    LicenseCache,
    RenderedResponse,
)
from services.validation.responses import ValidationRequest, ValidationResponses
from services.validation.unknown_keys import UnknownKeyRateLimiter

# Longer ones are no domains; what is drawn for them is not kept.
LONGEST_KEPT = 260
MOST_RESPONSES = 32


class Validation:
    """Answers for thousands of sites; one per process."""

    def __init__(
        self,
        pepper: bytes,
        cache: LicenseCache,
        sites: Sites,
        responses: ValidationResponses,
        last_seen: LastSeenWriter,
        clock: Clock,
    ) -> None:
        self._pepper = pepper
        self._cache = cache
        self._sites = sites
        self._responses = responses
        self._last_seen = last_seen
        self._clock = clock
        # Of all doors: who tries keys here has tried them there.
        self.unknown_keys = UnknownKeyRateLimiter(monotonic)
        self._unknown = responses.unknown(evaluate(None, None, clock()))

    async def facts(self, key: str) -> Facts | None:
        """All that is known of the key, for the gateway; None: there is no such key.

        What it used may be half a minute old: the ledger decides about that. Raises
        DatabaseUnavailable when PostgreSQL is away and the key is not cached.
        """
        found = self.mark(key)
        entry = self._cache.trusted(found) or (await self._cache.lookup(found)).entry
        looked = entry.facts
        if looked is not None:
            self._last_seen.record((looked.license_id, ""))
        return looked

    def mark(self, key: str) -> bytes:
        """What a key, however it was typed, is known by here; junk is known by one mark."""
        # The look-up decides, not the check byte: that one is for people's typing mistakes.
        return digest(self._pepper, key if KEY.fullmatch(key) else canonical(key))

    def at_once(self, mark: bytes, domain: str) -> RenderedResponse | None:
        """The answer if it lies ready here; None: ask `answer`."""
        entry = self._cache.fresh(mark)
        return self._ready(entry, domain) if entry is not None else None

    async def answer(self, mark: bytes, domain: str, address: str) -> RenderedResponse:
        """What the marked key is good for on `domain` as it came in, "" for the license alone.

        Raises TooManyTries when `address` tried too many unknown keys, and DatabaseUnavailable when
        PostgreSQL is away and the key is not known here.
        """
        found = await self._cache.lookup(mark)
        if found.age is not None:
            return self._from_memory(found.entry, domain, found.age)
        if found.entry.facts is None:
            self.unknown_keys.hit(address)
            return self._unknown
        return self._ready(found.entry, domain) or await self._rendered(mark, found.entry, domain)

    def _ready(self, entry: CachedLicense, domain: str) -> RenderedResponse | None:
        response = entry.responses.get(domain)
        if response is None or not response.since <= self._clock() < response.until:
            return None
        self._last_seen.record(response.seen)
        return response.answer

    async def _rendered(self, mark: bytes, entry: CachedLicense, text: str) -> RenderedResponse:
        asked = self._asked(entry, text)
        if entry.facts and asked.domain and asked.eligibility.activates:
            try:
                entry = await self._activated(mark, entry.facts, asked.domain)
            except DatabaseUnavailable:
                return self._from_memory(entry, text, 0)
            asked = self._asked(entry, text)
        response = self._responses.response(entry, asked)
        _keep(entry, text, response)
        if entry.facts is not None:
            self._last_seen.record(response.seen)
        return response.answer

    async def _activated(self, mark: bytes, facts: Facts, domain: Domain) -> CachedLicense:
        with suppress(NotFound):
            await self._sites.activate(facts.license_id, domain)
        # Others hear of it from PostgreSQL; the answer to this request must know already.
        self._cache.forget(mark)
        return (await self._cache.lookup(mark)).entry

    def _from_memory(self, entry: CachedLicense, text: str, age: int) -> RenderedResponse:
        return self._responses.from_memory(entry, self._asked(entry, text), age)

    def _asked(self, entry: CachedLicense, text: str) -> ValidationRequest:
        now = self._clock()
        try:
            domain = Domain.read(text) if text else None
        except Invalid:
            judged = evaluate(entry.facts, None, now)
            return ValidationRequest(None, now, DOMAIN_INVALID if judged.valid else judged)
        return ValidationRequest(domain, now, evaluate(entry.facts, domain, now))


def _keep(entry: CachedLicense, text: str, response: CachedResponse) -> None:
    if len(text) <= LONGEST_KEPT:
        if len(entry.responses) >= MOST_RESPONSES:
            entry.responses.clear()
        entry.responses[text] = response
