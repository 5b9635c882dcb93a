"""Sign-ins under way at a vendor: one row per link handed out, used once, gone after minutes."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime


class SignIn(SQLModel, table=True):
    """A member on the way to Google; `id` is the digest of the state in the link."""

    __tablename__ = "signins"

    id: str = Field(primary_key=True)
    workspace_id: str
    member_id: str
    # The follow-up that waits for this, or "".
    followup_id: str = ""
    verifier: bytes | None = Field(default=None, sa_type=Encrypted)
    # Where the link was followed; it may hold an address that speaks for us, hence sealed.
    place: bytes | None = Field(default=None, sa_type=Encrypted)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def find(session: Session, signin_id: str, *, lock: bool = False) -> SignIn | None:
    """Global: the sign-in of a state (whose digest only its holder can name)."""
    query = select(SignIn).where(SignIn.id == signin_id)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def newest(session: Session, workspace_id: str, member_id: str) -> SignIn | None:
    """The member's only link, its row held until the transaction ends."""
    query = select(SignIn).where(SignIn.workspace_id == workspace_id, SignIn.member_id == member_id)
    return (await session.exec(query.with_for_update())).first()


async def forget(session: Session, workspace_id: str, member_id: str) -> None:
    """Drop the member's earlier links: only the newest one works."""
    await session.exec(
        delete(SignIn).where(
            col(SignIn.workspace_id) == workspace_id, col(SignIn.member_id) == member_id
        )
    )


async def purge(session: Session, before: datetime) -> None:
    """Global: drop every link that expired before the given time."""
    await session.exec(delete(SignIn).where(col(SignIn.expires_at) < before))
