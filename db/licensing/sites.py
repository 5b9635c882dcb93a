"""Sites: the domains a license was activated for."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import UtcDateTime


class SiteRow(SQLModel, table=True):
    """One domain of one license.

    `moved_at`: since when it holds a place that another domain gave up. `released_at`: this one
    gave up its place, which the next domain takes over together with the row's history.
    """

    __tablename__ = "sites"

    license_id: str = Field(primary_key=True, foreign_key="licenses.id", ondelete="CASCADE")
    domain: str = Field(primary_key=True)
    activated_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def of_license(session: Session, license_id: str) -> list[SiteRow]:
    """The license's sites, the oldest first; those that gave up their place come along."""
    query = select(SiteRow).where(SiteRow.license_id == license_id)
    oldest = (col(SiteRow.activated_at), col(SiteRow.domain))
    return list((await session.exec(query.order_by(*oldest))).all())
