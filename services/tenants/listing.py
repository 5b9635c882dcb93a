"""Tenants listed: by state and by words, page by page."""

from collections.abc import AsyncIterator

from db.store.session import Database
from db.tenants import tenants as table
from services.errors import Invalid
from services.pages import MAX_PAGE, NO_PLACE, bounded
from services.tenants.refusals import NO_STATE
from services.tenants.state import DELETED, STATES, Tenant, read

MAX_WORDS = 5


async def page_of_tenants(
    database: Database, *, state: str = "", words: str = "", limit: int = 50, after: str = ""
) -> tuple[Tenant, ...]:
    """The newest first, with every word in company, address or short name.

    `after` is the last one's id of the page before. Raises Invalid (`state`, `cursor`).
    """
    if state and state not in STATES:
        raise Invalid(NO_STATE, field="state", state=state)
    where = table.sought(words.split()[:MAX_WORDS], state)
    async with database.transaction() as session:
        last = await table.find(session, after) if after else None
        if after and last is None:
            raise Invalid(NO_PLACE, field="cursor")
        rows = await table.page(session, where=where, after=last, limit=bounded(limit))
    return tuple(read(row) for row in rows)


async def every_tenant(database: Database) -> AsyncIterator[Tenant]:
    """All that are not deleted, the newest first; a page at a time is read."""
    after = ""
    while found := await page_of_tenants(database, limit=MAX_PAGE, after=after):
        for tenant in found:
            if tenant.state != DELETED:
                yield tenant
        after = found[-1].id
