"""Members of a workspace: what Slack says of them and how they like their follow-ups."""

from datetime import datetime, time

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import UtcDateTime


class MemberRow(SQLModel, table=True):
    """One person in one workspace; the settings are that person's own."""

    __tablename__ = "members"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    name: str = ""
    email: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    seen_at: datetime = Field(sa_type=UtcDateTime)
    language: str = ""
    tone: str = "friendly"
    length: str = "medium"
    signature: str = ""
    # As Slack says: runs the workspace; was deleted, or is of another organisation.
    admin: bool = False
    outsider: bool = False
    # What happens by itself when a meeting is ready, and when nothing may be told of it.
    auto_start: str = "ask"
    quiet_from: time | None = time(20)
    quiet_until: time | None = time(8)
    # Of one's own instead of Slack's; "" follows Slack.
    zone: str = ""
    # Further addresses of this person, separated by spaces.
    aliases: str = ""


# What the person chose: Slack never changes it.
LIKES = ("language", "tone", "length", "signature")
OWN = (*LIKES, "auto_start", "quiet_from", "quiet_until", "zone", "aliases")


async def find(session: Session, workspace_id: str, member_id: str) -> MemberRow | None:
    """The member, or None when the person was never seen."""
    return await session.get(MemberRow, (workspace_id, member_id))


async def remember(session: Session, workspace_id: str, member_id: str, seen: MemberRow) -> None:
    """Insert or refresh what Slack says; the person's own settings stay as they are."""
    facts = {
        "name": seen.name,
        "email": seen.email,
        "locale": seen.locale,
        "tz": seen.tz,
        "seen_at": seen.seen_at,
        "admin": seen.admin,
        "outsider": seen.outsider,
    }
    settings = {name: getattr(seen, name) for name in OWN}
    row = insert(MemberRow).values(
        workspace_id=workspace_id, member_id=member_id, **facts, **settings
    )
    await session.execute(
        row.on_conflict_do_update(index_elements=["workspace_id", "member_id"], set_=facts)
    )


async def domains(session: Session, workspace_id: str) -> list[str]:
    """The domains of the workspace's members' addresses, in lower case."""
    domain = func.lower(func.split_part(col(MemberRow.email), "@", 2))
    query = select(domain).where(MemberRow.workspace_id == workspace_id).distinct()
    return [one for one in (await session.exec(query)).all() if one]
