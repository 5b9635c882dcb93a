"""Who may open the dashboard, their sessions, and the tries to get in."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, delete, select, update

from db.store.session import Session
from db.store.types import Digest, UtcDateTime


class LocalAdminRow(SQLModel, table=True):
    """An admin with a password of ours; `password_hash` is argon2id's own text."""

    __tablename__ = "local_admins"

    name: str = Field(primary_key=True)
    password_hash: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class AdminSessionRow(SQLModel, table=True):
    """One browser that is signed in; `digest` is of the id in its cookie, which is never kept."""

    __tablename__ = "admin_sessions"

    id: str = Field(primary_key=True)
    digest: bytes = Field(unique=True, sa_type=Digest)
    operator_kind: str
    operator_id: str = Field(index=True)
    operator_name: str = ""
    began_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    address: str = ""
    agent: str = ""


class AdminSignInRow(SQLModel, table=True):
    """A sign-in with Slack under way, used once; `digest` is of what its browser's cookie says."""

    __tablename__ = "admin_sign_ins"

    digest: bytes = Field(primary_key=True, sa_type=Digest)
    next_path: str = ""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AdminThrottleRow(SQLModel, table=True):
    """Wrong passwords for one name since the last right one; `key` is a digest of the name."""

    __tablename__ = "admin_throttles"

    key: bytes = Field(primary_key=True, sa_type=Digest)
    failures: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    failed_at: datetime = Field(sa_type=UtcDateTime, index=True)


async def local_admin(session: Session, name: str) -> LocalAdminRow | None:
    """Global: the admin of this name."""
    return await session.get(LocalAdminRow, name)


async def local_admins(session: Session) -> list[LocalAdminRow]:
    """Global: all of them, by name."""
    return list((await session.exec(select(LocalAdminRow).order_by(LocalAdminRow.name))).all())


async def of_digest(session: Session, digest: bytes) -> AdminSessionRow | None:
    """Global: the session whose cookie has this digest."""
    query = select(AdminSessionRow).where(AdminSessionRow.digest == digest)
    return (await session.exec(query)).one_or_none()


async def live(session: Session, seen_since: datetime, now: datetime) -> list[AdminSessionRow]:
    """Global: sessions that go on, the newest first."""
    query = (
        select(AdminSessionRow)
        .where(col(AdminSessionRow.seen_at) > seen_since, col(AdminSessionRow.ends_at) > now)
        .order_by(col(AdminSessionRow.began_at).desc(), AdminSessionRow.id)
    )
    return list((await session.exec(query)).all())


async def touch(session: Session, session_id: str, now: datetime) -> None:
    """Global: the session was used; nothing when it has ended meanwhile."""
    await session.exec(
        update(AdminSessionRow).where(col(AdminSessionRow.id) == session_id).values(seen_at=now)
    )


async def end(session: Session, session_ids: Sequence[str]) -> None:
    """Global: these sessions are over."""
    await session.exec(delete(AdminSessionRow).where(col(AdminSessionRow.id).in_(session_ids)))


async def of_operator(session: Session, kind: str, operator_id: str) -> list[AdminSessionRow]:
    """Global: every session of one admin."""
    query = select(AdminSessionRow).where(
        AdminSessionRow.operator_kind == kind, AdminSessionRow.operator_id == operator_id
    )
    return list((await session.exec(query)).all())


async def use_sign_in(session: Session, digest: bytes) -> AdminSignInRow | None:
    """Global: the sign-in with this digest, which nobody can use again."""
    query = delete(AdminSignInRow).where(col(AdminSignInRow.digest) == digest)
    row = (await session.execute(query.returning(AdminSignInRow))).scalar_one_or_none()
    return row


async def throttle(session: Session, key: bytes) -> AdminThrottleRow | None:
    """Global: the tries for this name, locked until the transaction ends."""
    query = select(AdminThrottleRow).where(AdminThrottleRow.key == key).with_for_update()
    return (await session.exec(query)).one_or_none()


async def forgive(session: Session, key: bytes) -> None:
    """Global: the right password came; nothing is held against the name."""
    await session.exec(delete(AdminThrottleRow).where(col(AdminThrottleRow.key) == key))


async def purge(session: Session, now: datetime, throttles_before: datetime) -> None:
    """Global: drop what is over: sessions, sign-ins, tries that were long ago."""
    await session.exec(delete(AdminSessionRow).where(col(AdminSessionRow.ends_at) < now))
    await session.exec(delete(AdminSignInRow).where(col(AdminSignInRow.expires_at) < now))
    await session.exec(
        delete(AdminThrottleRow).where(col(AdminThrottleRow.failed_at) < throttles_before)
    )
