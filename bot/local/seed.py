"""Seeding: installations and Fathom keys that did not come through Slack, from a JSON document."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from db import installations
from db.connections import connections
from db.store.session import Database, seal


class BadSeed(Exception):
    """The seed is not what it should be; the text names the first mistake."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Workspace(_Strict):
    """One workspace's installation."""

    team_id: str
    team_name: str = ""
    bot_token: str
    bot_id: str
    bot_user_id: str
    app_id: str
    scopes: tuple[str, ...] = ()


class FathomKey(_Strict):
    """A member's own Fathom key, as if saved through the modal."""

    workspace_id: str
    member_id: str
    key: str


class Seed(_Strict):
    """What a seed document may hold."""

    installations: tuple[Workspace, ...] = ()
    fathom_keys: tuple[FathomKey, ...] = ()


def read_seed(text: str | bytes) -> Seed:
    """A seed from JSON; raises BadSeed."""
    try:
        return Seed.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadSeed(
            f"The seed is not usable at {where or 'its start'}: {first['msg']}."
        ) from None


async def seed(database: Database, wanted: Seed) -> None:
    """Insert or replace; running it again changes nothing."""
    for workspace in wanted.installations:
        await _install(database, workspace)
    for key in wanted.fathom_keys:
        await _save_key(database, key)


async def _install(database: Database, one: Workspace) -> None:
    installed = installations.Installed(
        enterprise_id="",
        team_id=one.team_id,
        bot_token=one.bot_token,
        bot_id=one.bot_id,
        bot_user_id=one.bot_user_id,
        installed_at=datetime.now(UTC),
        app_id=one.app_id,
        team_name=one.team_name,
        bot_scopes=one.scopes,
    )
    async with database.transaction() as session:
        await installations.save(session, "", one.team_id, installed)


async def _save_key(database: Database, one: FathomKey) -> None:
    owner = (one.workspace_id, one.member_id)
    async with database.transaction() as session:
        row = await connections.find(session, *owner, "fathom", lock=True)
        if row is None:
            row = connections.Connection(
                workspace_id=one.workspace_id,
                member_id=one.member_id,
                vendor="fathom",
                secret=b"",
                connected_at=datetime.now(UTC),
            )
        row.status = connections.CONNECTED
        seal(session, row, "secret", one.key)
        session.add(row)
