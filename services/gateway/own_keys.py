"""Customers' own keys of the providers, as this process remembers them until they change."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import NamedTuple

from cachetools import FIFOCache

from db.gateway.provider_keys import CHANNEL, ProviderKeyReader
from db.store.asyncpg_pool import AsyncpgPool
from db.store.vault import Vault
from services.caching import Batcher, CacheFreshness

MOST_REMEMBERED = 10_000


class _Known(NamedTuple):
    """Keys by provider, sealed as they were read, and when they were asked for."""

    read_at: float
    sealed: Mapping[str, bytes]


class OwnKeys:
    """One per process, and told of changes by PostgreSQL; nobody waits for a key twice."""

    def __init__(
        self, pool: AsyncpgPool, vault: Vault, ticks: Callable[[], float] = monotonic
    ) -> None:
        """`ticks`: seconds of the clock by which `CacheFreshness` judges."""
        self._store = ProviderKeyReader(pool, vault)
        self._ticks = ticks
        self._is_fresh = CacheFreshness(pool, ticks)
        self._known: FIFOCache[str, _Known] = FIFOCache(MOST_REMEMBERED)
        self._changes = 0
        self._asked: Batcher[str, Mapping[str, bytes]] = Batcher(self._read)
        pool.listen(CHANNEL, self.forget)

    async def of(self, customer_id: str) -> Mapping[str, str]:
        """The customer's keys by provider, none for a stranger.

        Raises DatabaseUnavailable, and VaultError for the one whose key cannot be unsealed.
        """
        known = self._known.get(customer_id)
        if known is not None and self._is_fresh(known.read_at):
            return self._store.unseal(customer_id, known.sealed)
        return self._store.unseal(customer_id, await self._asked.get(customer_id) or {})

    def forget(self, customer_id: str) -> None:
        """The customer's keys changed just now."""
        self._changes += 1
        self._known.pop(customer_id, None)

    async def _read(self, customer_ids: Sequence[str]) -> Mapping[str, Mapping[str, bytes]]:
        began, changes = self._ticks(), self._changes
        found = await self._store.read(customer_ids)
        # What changed meanwhile may have been read as it was before.
        if changes == self._changes:
            self._known.update({one: _Known(began, sealed) for one, sealed in found.items()})
        return found
