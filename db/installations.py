"""Slack installations with their sealed tokens, and the single-use states of installs under way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, and_, case, col, delete, or_, select

from db.store.session import Session, seal, unseal
from db.store.types import Encrypted, UtcDateTime

KEY = ("enterprise_id", "team_id")


class Installation(SQLModel, table=True):
    """The app in one workspace, or in a whole organisation when `team_id` is ""."""

    __tablename__ = "installations"

    enterprise_id: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    app_id: str = ""
    team_name: str = ""
    bot_id: str = ""
    bot_user_id: str = ""
    bot_scopes: str = ""
    bot_token: bytes = Field(sa_type=Encrypted)
    bot_refresh_token: bytes | None = Field(default=None, sa_type=Encrypted)
    bot_token_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    installer_id: str = ""
    installed_at: datetime = Field(sa_type=UtcDateTime)


class OrganisationTeam(SQLModel, table=True):
    """A workspace whose organisation installed us as a whole, as Slack's own requests showed."""

    __tablename__ = "organisation_teams"

    team_id: str = Field(primary_key=True)
    enterprise_id: str = Field(index=True)


class InstallState(SQLModel, table=True):
    """An install under way; `id` is the digest of the state in its link."""

    __tablename__ = "install_states"

    id: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation with its secrets opened; ids and secrets that do not apply are ""."""

    enterprise_id: str
    team_id: str
    bot_token: str
    bot_id: str
    bot_user_id: str
    installed_at: datetime
    app_id: str = ""
    team_name: str = ""
    bot_scopes: tuple[str, ...] = ()
    refresh_token: str = ""
    expires_at: datetime | None = None
    installer_id: str = ""

    def __repr__(self) -> str:
        return f"<installation of {self.enterprise_id}/{self.team_id}>"


async def find(session: Session, enterprise_id: str, team_id: str) -> Installed | None:
    """The workspace's own installation, else its organisation's; "" stands for no id.

    A team's id is unique over all organisations, so a workspace that joined one after it
    installed us is still found. A timer names no organisation: the one it was seen in counts.
    """
    own = and_(col(Installation.team_id) == team_id, col(Installation.team_id) != "")
    seen = select(OrganisationTeam.enterprise_id).where(OrganisationTeam.team_id == team_id)
    learned = and_(col(Installation.team_id) == "", col(Installation.enterprise_id).in_(seen))
    wanted = [own, _exactly(enterprise_id, "")] if enterprise_id else [own, learned]
    query = select(Installation).where(or_(*wanted))
    row = (await session.exec(query.order_by(case((own, 0), else_=1)).limit(1))).first()
    return None if row is None else _opened(session, row)


async def hold(session: Session, enterprise_id: str, team_id: str) -> Installation | None:
    """Exactly this installation, its row held until the transaction ends."""
    query = select(Installation).where(_this(enterprise_id, team_id))
    return (await session.exec(query.with_for_update())).first()


def opened(session: Session, row: Installation) -> Installed:
    """Its secrets opened."""
    return _opened(session, row)


async def note_team(session: Session, enterprise_id: str, team_id: str) -> None:
    """Remember in which organisation, installed as a whole, a workspace is."""
    values = {"team_id": team_id, "enterprise_id": enterprise_id}
    statement = insert(OrganisationTeam).values(values)
    changed = {"enterprise_id": enterprise_id}
    await session.execute(statement.on_conflict_do_update(index_elements=["team_id"], set_=changed))


async def save(session: Session, enterprise_id: str, team_id: str, installed: Installed) -> None:
    """Insert or replace the installation of this workspace or organisation."""
    # Under whatever organisation it was kept before.
    await session.exec(delete(Installation).where(_this(enterprise_id, team_id)))
    row = Installation(
        enterprise_id=enterprise_id,
        team_id=team_id,
        app_id=installed.app_id,
        team_name=installed.team_name,
        bot_id=installed.bot_id,
        bot_user_id=installed.bot_user_id,
        bot_scopes=",".join(installed.bot_scopes),
        bot_token=b"",
        bot_token_expires_at=installed.expires_at,
        installer_id=installed.installer_id,
        installed_at=installed.installed_at,
    )
    seal(session, row, "bot_token", installed.bot_token)
    if installed.refresh_token:
        seal(session, row, "bot_refresh_token", installed.refresh_token)
    values = {name: getattr(row, name) for name in Installation.model_fields}
    # Two people may install at once: the later one wins, neither fails.
    await session.execute(
        insert(Installation)
        .values(values)
        .on_conflict_do_update(
            index_elements=list(KEY), set_={k: v for k, v in values.items() if k not in KEY}
        )
    )


async def forget(
    session: Session, enterprise_id: str, team_id: str, *, before: datetime | None = None
) -> bool:
    """Delete an installation; with `before`, only one made earlier, so a late event is harmless.

    Whether there was one.
    """
    query = delete(Installation).where(_this(enterprise_id, team_id))
    if before is not None:
        query = query.where(col(Installation.installed_at) <= before)
    gone = (await session.exec(query)).rowcount > 0
    if gone and not team_id:
        whole = col(OrganisationTeam.enterprise_id) == enterprise_id
        await session.exec(delete(OrganisationTeam).where(whole))
    return gone


async def add_state(session: Session, state_digest: str, expires_at: datetime) -> None:
    """Global: remember an install that begins; whoever begins it has no workspace yet."""
    session.add(InstallState(id=state_digest, expires_at=expires_at))


async def use_state(session: Session, state_digest: str, now: datetime) -> bool:
    """Global: whether the state was good; it is gone afterwards. Clears lapsed ones as well."""
    query = delete(InstallState).where(col(InstallState.id) == state_digest)
    expires_at = (await session.exec(query.returning(col(InstallState.expires_at)))).scalars().all()
    await session.exec(delete(InstallState).where(col(InstallState.expires_at) <= now))
    return any(moment > now for moment in expires_at)


def _this(enterprise_id: str, team_id: str) -> ColumnElement[bool]:
    return col(Installation.team_id) == team_id if team_id else _exactly(enterprise_id, "")


def _exactly(enterprise_id: str, team_id: str) -> ColumnElement[bool]:
    return and_(
        col(Installation.enterprise_id) == enterprise_id,
        col(Installation.enterprise_id) != "",
        col(Installation.team_id) == team_id,
    )


def _opened(session: Session, row: Installation) -> Installed:
    refresh = unseal(session, row, "bot_refresh_token") if row.bot_refresh_token else ""
    return Installed(
        enterprise_id=row.enterprise_id,
        team_id=row.team_id,
        bot_token=unseal(session, row, "bot_token"),
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
        installed_at=row.installed_at,
        app_id=row.app_id,
        team_name=row.team_name,
        bot_scopes=tuple(filter(None, row.bot_scopes.split(","))),
        refresh_token=refresh,
        expires_at=row.bot_token_expires_at,
        installer_id=row.installer_id,
    )
