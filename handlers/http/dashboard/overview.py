"""The overview: whether all is well, and the business in figures."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.reports import DEFAULT_DAYS
from views.dashboard import overview as views


async def seen(visit: Visit) -> web.Response:
    """Every part by itself: one that fails says so in its place."""
    reports = visit.services.reports
    wanted = reports.usage.last_days(DEFAULT_DAYS)
    parts = views.OverviewParts(
        wanted=wanted,
        health=await reports.health.checks(),
        customers=await reports.business.customers(),
        licenses=await reports.business.licenses(),
        last_day=await reports.usage.last_day(),
        trend=await reports.usage.daily(wanted),
        growth=await reports.business.growth(wanted),
        ending=await reports.business.ending(),
    )
    return visit.show(views.page(parts, visit.reader))


PAGES = (Page("GET", views.PATH, seen),)
