"""Customers' own keys of the providers, sealed; they go with their customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select

from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime
from db.store.vault import Vault, identity

CHANNEL = "provider_keys_changed"
READ = "SELECT customer_id, provider, key FROM provider_keys WHERE customer_id = ANY($1::text[])"


class ProviderKey(SQLModel, table=True):
    """A customer's key of one provider; `hint` is its last four characters."""

    __tablename__ = "provider_keys"

    customer_id: str = Field(primary_key=True, foreign_key="customers.id", ondelete="CASCADE")
    provider: str = Field(primary_key=True)
    key: bytes = Field(sa_type=Encrypted)
    hint: str
    saved_at: datetime = Field(sa_type=UtcDateTime)


async def find(
    session: Session, customer_id: str, provider: str, *, lock: bool = False
) -> ProviderKey | None:
    """The customer's key of `provider`; `lock` holds its row until the transaction ends."""
    query = select(ProviderKey).where(
        ProviderKey.customer_id == customer_id, ProviderKey.provider == provider
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def of_customer(session: Session, customer_id: str) -> list[ProviderKey]:
    """All the customer's keys, by provider."""
    query = select(ProviderKey).where(ProviderKey.customer_id == customer_id)
    return list((await session.exec(query.order_by(col(ProviderKey.provider)))).all())


async def changed(session: Session, customer_id: str) -> None:
    """Tell every process, when the transaction commits, to forget the customer's keys."""
    await session.execute(select(func.pg_notify(CHANNEL, customer_id)))


class ProviderKeyReader:
    """Reads the keys of many customers at once, and unseals them for those who ask with them."""

    def __init__(self, pool: AsyncpgPool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def read(self, customer_ids: Sequence[str]) -> dict[str, Mapping[str, bytes]]:
        """Sealed keys by provider, by customer, empty without. Raises DatabaseUnavailable."""
        found: dict[str, dict[str, bytes]] = {customer_id: {} for customer_id in customer_ids}
        for customer_id, provider, sealed in await self._pool.fetch(READ, customer_ids):
            found[customer_id][provider] = sealed
        return dict(found)

    def unseal(self, customer_id: str, sealed: Mapping[str, bytes]) -> Mapping[str, str]:
        """The keys of one customer by provider; raises VaultError (see `db.vault`)."""
        return {
            provider: self._vault.open(
                blob,
                table="provider_keys",
                column="key",
                row_id=identity((customer_id, provider)),
            )
            for provider, blob in sealed.items()
        }
