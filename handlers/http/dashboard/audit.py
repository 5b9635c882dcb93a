"""The audit log: filtered, read page by page."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.audit import AuditSearch
from views.dashboard import audit as views

LIMIT = 50
LARGEST_ID = 2**63 - 1


async def listed(visit: Visit) -> web.Response:
    """The newest first."""
    after = visit.asked("after")
    place = min(int(after), LARGEST_ID) if after.isascii() and after.isdigit() else None
    search = AuditSearch(visit.asked("q"), visit.asked("who"), visit.asked("outcome"))
    found = await visit.services.audit.log.lines(
        subject_id=visit.asked("subject"), search=search, before_id=place, limit=LIMIT + 1
    )
    return visit.show(views.listed(found, LIMIT, visit.address, visit.reader))


PAGES = (Page("GET", views.PATH, listed),)
