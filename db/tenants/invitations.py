"""Invitations to administer a tenant, and the administrators they made."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import Digest, Encrypted, UtcDateTime


class InvitationRow(SQLModel, table=True):
    """One invitation. `token` is sealed until the e-mail has left and it was used or is over;
    what is looked up is `token_digest`."""

    __tablename__ = "tenant_invitations"

    id: str = Field(default_factory=lambda: f"inv_{uuid4().hex}", primary_key=True)
    tenant_id: str = Field(foreign_key="tenants.id", ondelete="CASCADE", index=True)
    email: str
    token_digest: bytes = Field(sa_type=Digest, unique=True)
    token: bytes | None = Field(default=None, sa_type=Encrypted)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Another took its place, which is why it was revoked.
    replaced: bool = False


class TenantAdminRow(SQLModel, table=True):
    """Somebody who administers a tenant, since they accepted an invitation."""

    __tablename__ = "tenant_admins"

    tenant_id: str = Field(primary_key=True, foreign_key="tenants.id", ondelete="CASCADE")
    email: str = Field(primary_key=True)
    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)


async def of_digest(session: Session, digest: bytes, *, lock: bool = False) -> InvitationRow | None:
    """Global: the invitation whose token has this digest."""
    query = select(InvitationRow).where(InvitationRow.token_digest == digest)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def find(session: Session, invitation_id: str) -> InvitationRow | None:
    """Global: one by its id."""
    return await session.get(InvitationRow, invitation_id)


async def newest(session: Session, tenant_id: str, *, lock: bool = False) -> InvitationRow | None:
    """The tenant's newest invitation, whatever became of it."""
    query = select(InvitationRow).where(InvitationRow.tenant_id == tenant_id)
    query = query.order_by(col(InvitationRow.created_at).desc(), col(InvitationRow.id)).limit(1)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def open_ones(session: Session, tenant_id: str) -> list[InvitationRow]:
    """The tenant's invitations that were neither used nor revoked, locked."""
    query = select(InvitationRow).where(
        InvitationRow.tenant_id == tenant_id,
        col(InvitationRow.accepted_at).is_(None),
        col(InvitationRow.revoked_at).is_(None),
    )
    return list((await session.exec(query.with_for_update())).all())


async def admins(session: Session, tenant_id: str) -> list[TenantAdminRow]:
    """Who administers the tenant, the first first."""
    query = select(TenantAdminRow).where(TenantAdminRow.tenant_id == tenant_id)
    return list((await session.exec(query.order_by(col(TenantAdminRow.created_at)))).all())


async def forget(session: Session, tenant_id: str) -> None:
    """Delete the tenant's invitations and administrators."""
    for kind in (InvitationRow, TenantAdminRow):
        await session.exec(delete(kind).where(col(kind.tenant_id) == tenant_id))
