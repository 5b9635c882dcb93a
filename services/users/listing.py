"""Users listed: with or without a key that works, page by page."""

from collections.abc import AsyncIterator

from db.store.session import Database
from db.users import users as table
from services.errors import Invalid
from services.pages import MAX_PAGE, NO_PLACE, bounded
from services.users.state import User, read

MAX_WORDS = 5


async def page_of_users(
    database: Database,
    *,
    provisioned: bool | None = None,
    words: str = "",
    limit: int = 50,
    after: str = "",
) -> tuple[User, ...]:
    """The newest first, with or without a key that works, with every word in address or id.

    `after` is the last one's id of the page before; raises Invalid when that is gone.
    """
    where = table.has(words.split()[:MAX_WORDS])
    if provisioned is not None:
        where.append(table.is_provisioned() if provisioned else table.is_unprovisioned())
    async with database.transaction() as session:
        last = await table.find(session, after) if after else None
        if after and last is None:
            raise Invalid(NO_PLACE, field="cursor")
        rows = await table.page(session, where=where, after=last, limit=bounded(limit))
    return tuple(read(*row) for row in rows)


async def every_user(database: Database, *, provisioned: bool | None) -> AsyncIterator[User]:
    """All of them, the newest first; a page at a time is read."""
    after = ""
    while found := await page_of_users(
        database, provisioned=provisioned, limit=MAX_PAGE, after=after
    ):
        for user in found:
            yield user
        after = found[-1].id
