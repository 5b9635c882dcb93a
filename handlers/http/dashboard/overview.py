"""The overview: whether all is well, and the business in figures."""

from aiohttp import web

from handlers.http.dashboard.kit.desk import DESK
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services import formats
from services.reports import DEFAULT_DAYS
from views.dashboard import overview as views
from views.dashboard.months import CLOSE, months
from views.words.dashboard import months as say


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
        fleet=await reports.business.fleet(),
        trend=await reports.usage.daily(wanted),
        growth=await reports.business.growth(wanted),
        ending=await reports.business.ending(),
        answered=visit.request.app[DESK].answered,
    )
    closed = months(await reports.months.listed(), visit.reader)
    return visit.show(views.page(parts, visit.reader, (closed,)))


async def close_month(visit: Visit) -> web.Response:
    """Keep a month's figures for good."""
    closed = await visit.services.reports.months.close(visit.operator, visit.typed.text("month"))
    name = formats.month(closed.first, visit.reader.language)
    return visit.done(views.PATH, say.DONE, month=name)


PAGES = (Page("GET", views.PATH, seen), Page("POST", CLOSE, close_month))
