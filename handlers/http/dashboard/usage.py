"""Usage: what all licenses ask of the models."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.reports import read_range
from views.dashboard import usage as views
from views.dashboard.report_parts import by_weeks


async def seen(visit: Visit) -> web.Response:
    """The days that the address asks for."""
    usage = visit.services.reports.usage
    wanted = read_range(visit.address.query, usage.today())
    weeks = by_weeks(visit.address, wanted)
    parts = views.UsageParts(
        wanted=wanted,
        weeks=weeks,
        trend=await (usage.weekly(wanted) if weeks else usage.daily(wanted)),
        leaders=await usage.leaders(wanted),
        heat=await usage.heat(),
    )
    return visit.show(views.page(parts, visit.address, visit.reader))


PAGES = (Page("GET", views.PATH, seen),)
