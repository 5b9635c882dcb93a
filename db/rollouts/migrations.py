"""Versions of tenants' schemas, in the order in which they were rolled out, and tenants to come."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Text, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.store.session import Session
from db.store.types import UtcDateTime

OPEN = "open"
FINISHED = "finished"
ROLLED_BACK = "rolled_back"
# Who starts, finishes or catches up holds this; a number of our own among PostgreSQL's locks.
FLEET_LOCK = 7_301_702


class TenantMigrationRow(SQLModel, table=True):
    """A version that was rolled out at least once; its SQL never changes.

    `finished` ones are what every new tenant gets, by `position`; `hash` is of both scripts,
    `rollout_id` that which finished it.
    """

    __tablename__ = "tenant_migrations"

    version: str = Field(primary_key=True)
    position: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=(Identity(),),
        nullable=False,
        index=True,
    )
    hash: str
    up_sql: str = Field(sa_type=Text)
    down_sql: str = Field(default="", sa_type=Text)
    state: str = OPEN
    rollout_id: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class RolloutNewcomerRow(SQLModel, table=True):
    """A tenant that was caught up before it was ready: looked at again once it is.

    What finished in between it would lack for ever.
    """

    __tablename__ = "rollout_newcomers"

    tenant_id: str = Field(primary_key=True)
    name: str = ""
    since: datetime = Field(sa_type=UtcDateTime)


async def lock_fleet(session: Session) -> None:
    """Global: nobody else starts or finishes a rollout, or begins to catch up, until the end."""
    await session.execute(select(func.pg_advisory_xact_lock(FLEET_LOCK)))


async def find(session: Session, version: str) -> TenantMigrationRow | None:
    """Global: the version, None before its first rollout."""
    return await session.get(TenantMigrationRow, version)


async def add(session: Session, row: TenantMigrationRow) -> TenantMigrationRow:
    """Global: write the version unless it is there; the one that is."""
    values = row.model_dump(exclude={"position"})
    await session.execute(insert(TenantMigrationRow).values(**values).on_conflict_do_nothing())
    query = select(TenantMigrationRow).where(TenantMigrationRow.version == row.version)
    return (await session.exec(query)).one()


async def mark(session: Session, version: str, state: str, rollout_id: str = "") -> None:
    """Global: what every new tenant gets from now on has changed, by this rollout."""
    query = update(TenantMigrationRow).where(col(TenantMigrationRow.version) == version)
    await session.execute(query.values(state=state, rollout_id=rollout_id))


async def finished(session: Session) -> list[TenantMigrationRow]:
    """Global: what every tenant has, in the order in which it is applied."""
    query = select(TenantMigrationRow).where(TenantMigrationRow.state == FINISHED)
    return list((await session.exec(query.order_by(col(TenantMigrationRow.position)))).all())


async def versions(session: Session) -> set[str]:
    """Global: every version that was ever rolled out."""
    return set((await session.exec(select(TenantMigrationRow.version))).all())


async def expect(session: Session, row: RolloutNewcomerRow) -> None:
    """Global: this tenant is on its way; again changes nothing."""
    written = insert(RolloutNewcomerRow).values(**row.model_dump()).on_conflict_do_nothing()
    await session.execute(written)


async def newcomers(session: Session) -> list[RolloutNewcomerRow]:
    """Global: tenants on their way, the longest first."""
    query = select(RolloutNewcomerRow).order_by(col(RolloutNewcomerRow.since))
    return list((await session.exec(query)).all())


async def arrived(session: Session, tenants: Iterable[str]) -> None:
    """Global: these are ready, or will never be: they are newcomers no more."""
    query = delete(RolloutNewcomerRow).where(col(RolloutNewcomerRow.tenant_id).in_(list(tenants)))
    await session.execute(query)
