"""Customers' own keys of the providers, sealed; they go with their customer."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from db.session import Session
from db.types import Encrypted, UtcDateTime


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
