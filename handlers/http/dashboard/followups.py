"""Follow-ups in figures."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.reports import read_range
from views.dashboard import followups as views
from views.dashboard.report_parts import by_weeks


async def seen(visit: Visit) -> web.Response:
    """The days that the address asks for."""
    reports = visit.services.reports
    wanted = read_range(visit.address.query, reports.usage.today())
    parts = views.FollowUpParts(
        wanted=wanted,
        weeks=by_weeks(visit.address, wanted),
        outcomes=await reports.followups.outcomes(wanted),
        cost=await reports.followups.cost(wanted),
        actions=await reports.followups.actions(wanted),
    )
    return visit.show(views.page(parts, visit.address, visit.reader))


PAGES = (Page("GET", views.PATH, seen),)
