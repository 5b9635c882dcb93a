"""What an ops admin was shown and may confirm once: commands between preview and receipt."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime


class ProposalRow(SQLModel, table=True):
    """One preview; `arguments` is the service's own JSON, `claimed_at` says it was confirmed."""

    __tablename__ = "proposals"

    id: str = Field(primary_key=True)
    workspace_id: str
    member_id: str
    member_name: str = ""
    channel_id: str
    action: str
    arguments: str = Field(sa_type=JsonText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def find(
    session: Session, workspace_id: str, member_id: str, proposal_id: str
) -> ProposalRow | None:
    """The member's own proposal, its row locked until the transaction ends."""
    query = (
        select(ProposalRow)
        .where(
            ProposalRow.workspace_id == workspace_id,
            ProposalRow.member_id == member_id,
            ProposalRow.id == proposal_id,
        )
        .with_for_update()
    )
    return (await session.exec(query)).one_or_none()


async def find_job(session: Session, proposal_id: str) -> ProposalRow | None:
    """Global: the proposal a job was started for, by the id the job was given."""
    return await session.get(ProposalRow, proposal_id)


async def purge(session: Session, before: datetime) -> None:
    """Global: drop every proposal that expired before the given time."""
    await session.exec(delete(ProposalRow).where(col(ProposalRow.expires_at) < before))
