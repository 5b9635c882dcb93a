"""Quarantine: a copy of a database lets nothing out until somebody releases it by its name."""

from collections.abc import Sequence
from typing import TextIO
from urllib.parse import urlsplit

from bot.wiring.foundation import now
from db import quarantine as table
from db.rotation import unreadable
from db.store.session import Database

KINDS = table.KINDS
EXPLAINED = {
    table.EMAILS: "e-mails that wait to be sent",
    table.WEBHOOKS: "webhooks that wait to be delivered",
    table.ROLLOUTS: "rollouts under way (dropped, they are paused)",
    table.JOBS: "jobs and operations under way",
}


class NotReleased(Exception):
    """It stays in quarantine; the text says why, and what to type."""


def name_of(public_url: str) -> str:
    """What an operator types to release the database of this address: its host."""
    return urlsplit(public_url).netloc


async def is_in_service(database: Database, public_url: str) -> bool:
    """Whether it may act under this address; "" is any."""
    async with database.transaction() as session:
        row = await table.find(session)
    return row is not None and (not public_url or row.public_url in ("", public_url))


async def take_into_service(database: Database, public_url: str) -> bool:
    """As `is_in_service`; the first program over a new database says where that is."""
    if not await is_in_service(database, public_url):
        return False
    async with database.transaction() as session:
        row = await table.find(session)
        if row is not None and public_url and not row.public_url:
            await table.put(session, table.InServiceRow(public_url=public_url, since=row.since))
    return True


async def release(
    database: Database, public_url: str, name: str, drop: Sequence[str], say: TextIO
) -> None:
    """Show what is due; with the right name, drop what is not wanted and put it in service.

    Raises NotReleased.
    """
    if await is_in_service(database, public_url):
        say.write("This database is in service; there is nothing to release.\n")
        return
    if closed := await unreadable(database):
        raise NotReleased(f"Secrets do not open: {closed[0]}. Give the right ENCRYPTION_KEYS.")
    wanted = name_of(public_url)
    async with database.transaction() as session:
        for one in await table.due(session):
            fate = "dropped" if one.kind in drop else "leave"
            say.write(f"{one.count:>8} {EXPLAINED[one.kind]}: {fate}\n")
    if name != wanted:
        raise NotReleased(
            f"In quarantine. To let it act as {public_url}: python -m bot release {wanted}"
            f" [--drop {'|'.join(KINDS)}]"
        )
    async with database.transaction() as session:
        await table.drop(session, drop)
        row = table.InServiceRow(public_url=public_url, since=now(), released_by="command")
        await table.put(session, row)
    say.write(f"Released: it acts as {public_url} from now on.\n")
