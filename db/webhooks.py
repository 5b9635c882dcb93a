"""Outgoing webhooks: addresses of other systems, messages for them, and each one's delivery."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Text, delete
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import Encrypted, JsonText, UtcDateTime

PENDING = "pending"
DELIVERED = "delivered"
FAILED = "failed"
DROPPED = "dropped"


class EndpointRow(SQLModel, table=True):
    """Where messages go: `url` is scheme and host, `path` the rest, which may hold a secret.

    `events` is a JSON list of types, empty for all of them.
    `failing_since` is when it stopped answering well; while that is set, one delivery at a time
    tries it, which holds `trying_until`.
    """

    __tablename__ = "webhook_endpoints"

    id: str = Field(default_factory=lambda: f"whe_{uuid4().hex}", primary_key=True)
    url: str = Field(sa_type=Text)
    path: bytes = Field(sa_type=Encrypted)
    secret: bytes = Field(sa_type=Encrypted)
    events: str = Field(sa_type=JsonText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_reason: str = ""
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trying_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageRow(SQLModel, table=True):
    """What happened; `payload` is the body exactly as it is sent and signed."""

    __tablename__ = "webhook_messages"

    id: str = Field(default_factory=lambda: f"msg_{uuid4().hex}", primary_key=True)
    type: str
    payload: str = Field(sa_type=JsonText)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeliveryRow(SQLModel, table=True):
    """One message on its way to one endpoint; `run` numbers its jobs, only the newest acts."""

    __tablename__ = "webhook_deliveries"

    message_id: str = Field(primary_key=True, foreign_key="webhook_messages.id", ondelete="CASCADE")
    endpoint_id: str = Field(
        primary_key=True, foreign_key="webhook_endpoints.id", ondelete="CASCADE", index=True
    )
    state: str = PENDING
    attempts: int = 0
    run: int = 1
    last_status: int | None = None
    last_error: str = Field(default="", sa_type=Text)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def endpoints(session: Session) -> list[EndpointRow]:
    """Global: every endpoint, oldest first; they belong to the business, not to a workspace."""
    query = select(EndpointRow).order_by(col(EndpointRow.created_at), col(EndpointRow.id))
    return list((await session.exec(query)).all())


async def addressees(session: Session) -> list[EndpointRow]:
    """Global: the endpoints that are on, kept from being deleted until the transaction ends."""
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.disabled_at).is_(None))
        .order_by(col(EndpointRow.id))
    )
    # FOR KEY SHARE, which hinders nobody but who deletes.
    query = query.with_for_update(read=True, key_share=True)
    return list((await session.exec(query)).all())


async def find_endpoint(
    session: Session, endpoint_id: str, *, lock: bool = False
) -> EndpointRow | None:
    """Global: the endpoint; `lock` holds its row, read afresh, until the transaction ends."""
    query = select(EndpointRow).where(EndpointRow.id == endpoint_id)
    if lock:
        # FOR NO KEY UPDATE: whoever announces something meanwhile need not wait.
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def find_message(session: Session, message_id: str) -> MessageRow | None:
    """Global: the message."""
    return (await session.exec(select(MessageRow).where(MessageRow.id == message_id))).one_or_none()


async def find_delivery(
    session: Session, message_id: str, endpoint_id: str, *, lock: bool = False
) -> DeliveryRow | None:
    """Global: the delivery; `lock` holds its row until the transaction ends."""
    query = select(DeliveryRow).where(
        DeliveryRow.message_id == message_id, DeliveryRow.endpoint_id == endpoint_id
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def deliveries(
    session: Session, endpoint_id: str, *, before: str = "", limit: int = 50
) -> Iterable[tuple[DeliveryRow, MessageRow]]:
    """Global: an endpoint's deliveries with their messages, newest first, older than `before`."""
    query = (
        select(DeliveryRow, MessageRow)
        .where(DeliveryRow.endpoint_id == endpoint_id, DeliveryRow.message_id == MessageRow.id)
        .order_by(col(MessageRow.created_at).desc(), col(MessageRow.id).desc())
        .limit(limit)
    )
    last = await find_message(session, before) if before else None
    if last is not None:
        query = query.where(
            (col(MessageRow.created_at) < last.created_at)
            | ((col(MessageRow.created_at) == last.created_at) & (col(MessageRow.id) < last.id))
        )
    return [(row[0], row[1]) for row in (await session.exec(query)).all()]


async def forget(session: Session, before: datetime) -> None:
    """Global: delete messages older than that, with their deliveries."""
    await session.execute(delete(MessageRow).where(col(MessageRow.created_at) < before))
