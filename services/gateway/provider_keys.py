"""Whose key a provider is asked with: ours where the plan includes AI, or the customer's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.gateway import provider_keys as table
from db.licensing import customers
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database, seal
from integrations.providers.types import PROVIDERS
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import Invalid, NotAllowed, NotFound
from services.gateway.own_keys import OwnKeys
from services.licensing import Facts
from services.phrases import Phrase
from services.ports import Clock

MAX_KEY = 400
SHORTEST_KEY = 8
HINT = 4

NO_PROVIDER = Phrase(
    "There is no provider “{provider}”. Choose one of: {providers}.",
    "Non c’è un fornitore “{provider}”. Scegli tra: {providers}.",
)
NOT_A_KEY = Phrase(
    "That cannot be a provider’s key. Copy it whole, without spaces.",
    "Non può essere la chiave di un fornitore. Copiala intera, senza spazi.",
)
NOT_IN_PLAN = Phrase(
    "The plan “{plan}” does not use a provider key of your own. Get a plan that does.",
    "Il piano “{plan}” non usa una tua chiave di un fornitore. Scegli un piano che la usi.",
)
NONE_SAVED = Phrase(
    "No key of {provider} is saved. Save one: PUT /api/provider-keys/{provider}.",
    "Non è salvata nessuna chiave di {provider}. Salvane una: PUT /api/provider-keys/{provider}.",
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A key as its owner sees it: the last four characters, and when it was saved."""

    provider: str
    hint: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys a license may use, by provider; `own` names the providers paid by the customer."""

    by_provider: Mapping[str, str]
    own: frozenset[str] = frozenset()


NONE = Keys({})


class ProviderKeys:
    """Keeps the customers' keys and chooses between theirs and ours."""

    def __init__(
        self, database: Database, pool: AsyncpgPool, ours: Mapping[str, str], clock: Clock
    ) -> None:
        """`ours` by provider; an empty one is none."""
        self._database = database
        self._own = OwnKeys(pool, database.vault)
        self._ours = Keys({name: key for name, key in ours.items() if key})
        self._clock = clock

    async def keys(self, facts: Facts) -> Keys:
        """What this license may use: the customer's own keys first; raises DatabaseUnavailable."""
        if not facts.plan.own_key:
            return self._ours if facts.plan.ai_included else NONE
        own = await self._own.of(facts.customer_id)
        ours = self._ours if facts.plan.ai_included else NONE
        return Keys({**ours.by_provider, **own}, frozenset(own)) if own else ours

    async def listed(self, holder: Facts) -> tuple[Saved, ...]:
        """The customer's own keys, without the keys."""
        async with self._database.transaction() as session:
            rows = await table.of_customer(session, holder.customer_id)
        return tuple(Saved(row.provider, row.hint, row.saved_at) for row in rows)

    async def find(self, holder: Facts, provider: str) -> Saved:
        """One of them; raises NotFound, or Invalid for a provider nobody knows."""
        _check_provider(provider)
        found = [saved for saved in await self.listed(holder) if saved.provider == provider]
        if not found:
            raise NotFound(NONE_SAVED, provider=provider)
        return found[0]

    async def save(self, holder: Facts, provider: str, typed: str) -> Saved:
        """Keep the key sealed, in place of the one before; raises Invalid or NotAllowed."""
        _check_provider(provider)
        if not holder.plan.own_key:
            raise NotAllowed(NOT_IN_PLAN, plan=holder.plan.display_name)
        key = _possible(typed)
        async with self._database.transaction() as session:
            # There may be no key to lock yet: two first ones at once wait for each other here.
            await customers.find(session, holder.customer_id, lock=True)
            row = await table.find(session, holder.customer_id, provider, lock=True)
            before = {"hint": row.hint} if row else None
            if row is None:
                row = _empty(holder, provider, self._clock())
            row.hint, row.saved_at = key[-HINT:], self._clock()
            seal(session, row, "key", key)
            session.add(row)
            change = Change(before, {"hint": row.hint})
            note(session, _by(holder), "provider_keys.save", _subject(holder, provider), change)
            await table.changed(session, holder.customer_id)
        self._own.forget(holder.customer_id)
        return Saved(provider, row.hint, row.saved_at)

    async def forget(self, holder: Facts, provider: str) -> None:
        """Delete the key; raises NotFound when there is none."""
        _check_provider(provider)
        async with self._database.transaction() as session:
            row = await table.find(session, holder.customer_id, provider, lock=True)
            if row is None:
                raise NotFound(NONE_SAVED, provider=provider)
            await session.delete(row)
            change = Change({"hint": row.hint}, None)
            note(session, _by(holder), "provider_keys.forget", _subject(holder, provider), change)
            await table.changed(session, holder.customer_id)
        self._own.forget(holder.customer_id)


def _empty(holder: Facts, provider: str, now: datetime) -> table.ProviderKey:
    return table.ProviderKey(
        customer_id=holder.customer_id, provider=provider, key=b"", hint="", saved_at=now
    )


def _check_provider(provider: str) -> None:
    if provider not in PROVIDERS:
        names = ", ".join(PROVIDERS)
        raise Invalid(NO_PROVIDER, field="provider", provider=provider[:MAX_KEY], providers=names)


def _possible(typed: str) -> str:
    key = typed.strip()
    fits = SHORTEST_KEY <= len(key) <= MAX_KEY
    if not fits or not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid(NOT_A_KEY, field="key")
    return key


def _by(holder: Facts) -> Operator:
    return Operator("license", holder.license_id)


def _subject(holder: Facts, provider: str) -> Subject:
    return Subject("provider_key", f"{holder.customer_id}/{provider}")
