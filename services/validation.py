"""What a license key is good for: answered from memory, written down only for a new site."""

from contextlib import suppress
from time import monotonic

from db.reach import DatabaseAway
from services.cards import Answer, Cards, Entry, Page
from services.domains import Domain
from services.errors import Invalid, NotFound
from services.license_keys import KEY, canonical, digest
from services.ports import Clock
from services.sites import Sites
from services.standing import DOMAIN_INVALID, Facts, standing
from services.strangers import Strangers
from services.touches import Touches
from services.verdicts import Asked, Verdicts

# Longer ones are no domains; what is drawn for them is not kept.
LONGEST_KEPT = 260
MOST_PAGES = 32


class Validation:
    """Answers for thousands of sites; one per process."""

    def __init__(
        self,
        pepper: bytes,
        cards: Cards,
        sites: Sites,
        verdicts: Verdicts,
        touches: Touches,
        clock: Clock,
    ) -> None:
        self._pepper = pepper
        self._cards = cards
        self._sites = sites
        self._verdicts = verdicts
        self._touches = touches
        self._clock = clock
        # Of all doors: who tries keys here has tried them there.
        self.strangers = Strangers(monotonic)
        self._unknown = verdicts.unknown(standing(None, None, clock()))

    async def facts(self, key: str) -> Facts | None:
        """All that is known of the key, for the gateway; None: there is no such key.

        What it used may be half a minute old: the ledger decides about that. Raises DatabaseAway
        when PostgreSQL is away and the key is not known here.
        """
        found = self.mark(key)
        entry = self._cards.trusted(found) or (await self._cards.look(found)).entry
        looked = entry.facts
        if looked is not None:
            self._touches.note((looked.license_id, ""))
        return looked

    def mark(self, key: str) -> bytes:
        """What a key, however it was typed, is known by here; junk is known by one mark."""
        # The look-up decides, not the check byte: that one is for people's typing mistakes.
        return digest(self._pepper, key if KEY.fullmatch(key) else canonical(key))

    def at_once(self, mark: bytes, domain: str) -> Answer | None:
        """The answer if it lies ready here; None: ask `answer`."""
        entry = self._cards.fresh(mark)
        return self._ready(entry, domain) if entry is not None else None

    async def answer(self, mark: bytes, domain: str, address: str) -> Answer:
        """What the marked key is good for on `domain` as it came in, "" for the license alone.

        Raises TooManyTries when `address` tried too many unknown keys, and DatabaseAway when
        PostgreSQL is away and the key is not known here.
        """
        look = await self._cards.look(mark)
        if look.age is not None:
            return self._from_memory(look.entry, domain, look.age)
        if look.entry.facts is None:
            self.strangers.met(address)
            return self._unknown
        return self._ready(look.entry, domain) or await self._drawn(mark, look.entry, domain)

    def _ready(self, entry: Entry, domain: str) -> Answer | None:
        page = entry.pages.get(domain)
        if page is None or not page.since <= self._clock() < page.until:
            return None
        self._touches.note(page.seen)
        return page.answer

    async def _drawn(self, mark: bytes, entry: Entry, text: str) -> Answer:
        asked = self._asked(entry, text)
        if entry.facts and asked.domain and asked.standing.activates:
            try:
                entry = await self._activated(mark, entry.facts, asked.domain)
            except DatabaseAway:
                return self._from_memory(entry, text, 0)
            asked = self._asked(entry, text)
        page = self._verdicts.page(entry, asked)
        _keep(entry, text, page)
        if entry.facts is not None:
            self._touches.note(page.seen)
        return page.answer

    async def _activated(self, mark: bytes, facts: Facts, domain: Domain) -> Entry:
        with suppress(NotFound):
            await self._sites.activate(facts.license_id, domain)
        # Others hear of it from PostgreSQL; the answer to this request must know already.
        self._cards.forget(mark)
        return (await self._cards.look(mark)).entry

    def _from_memory(self, entry: Entry, text: str, age: int) -> Answer:
        return self._verdicts.from_memory(entry, self._asked(entry, text), age)

    def _asked(self, entry: Entry, text: str) -> Asked:
        now = self._clock()
        try:
            domain = Domain.read(text) if text else None
        except Invalid:
            judged = standing(entry.facts, None, now)
            return Asked(None, now, DOMAIN_INVALID if judged.valid else judged)
        return Asked(domain, now, standing(entry.facts, domain, now))


def _keep(entry: Entry, text: str, page: Page) -> None:
    if len(text) <= LONGEST_KEPT:
        if len(entry.pages) >= MOST_PAGES:
            entry.pages.clear()
        entry.pages[text] = page
