"""The dashboard at /admin: the list of its pages, a module each."""

from functools import partial

from aiohttp import web

from handlers.http.dashboard import (
    audit,
    billing,
    bulk,
    customers,
    exports,
    followups,
    licenses,
    operations,
    overview,
    rollout_orders,
    rollouts,
    settings,
    sign_in,
    tenants,
    usage,
    users,
)
from handlers.http.dashboard.kit.desk import DESK, FILES_AT, build_desk, static
from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.live import FEEDS, LiveFeeds
from handlers.http.dashboard.kit.pages import Page, routes_of, serve
from handlers.http.dashboard.kit.visit import Visit
from views.dashboard.kit.blocks import Callout, Screen
from views.words.dashboard import frame as say

# Each has PAGES. A page is in the navigation as soon as something answers at its path.
# Bulk before licenses, and new rollouts before rollouts, which would take it for one.
MODULES = (
    audit,
    billing,
    bulk,
    customers,
    exports,
    followups,
    licenses,
    operations,
    overview,
    rollout_orders,
    rollouts,
    settings,
    sign_in,
    tenants,
    usage,
    users,
)
# Where the seeds' address leads, kept for whoever has it in a bookmark.
OLD_ADDRESS, NEW_USER = "/core/v1/admin/ui", "/admin/users/new"


def register(app: web.Application) -> None:
    """Files and navigation, read once; live regions end when the program does."""
    app[FEEDS] = LiveFeeds()
    app.on_shutdown.append(app[FEEDS].close)
    app[DESK] = build_desk(frozenset(page.path for page in pages() if page.method == "GET"))


def pages() -> tuple[Page, ...]:
    """Every page and verb, module by module."""
    return tuple(page for module in MODULES for page in module.PAGES)


def routes() -> list[web.RouteDef]:
    """All of them; whatever else is under /admin leads strangers to the sign-in page too."""
    nowhere = partial(serve, Page("*", "", _nowhere))
    return [
        web.get(f"{FILES_AT}/{{name}}", static),
        web.get(OLD_ADDRESS, _old_address),
        *sign_in.routes(),
        *routes_of(pages()),
        web.route("*", "/admin/{path:.*}", nowhere),
    ]


async def _nowhere(visit: Visit) -> web.Response:
    reader = visit.reader
    text = Callout("quiet", reader(say.NOT_FOUND_TEXT))
    return visit.show(Screen(reader(say.NOT_FOUND), (text,)), 404)


async def _old_address(_: web.Request) -> web.Response:
    return web.Response(status=303, headers={**HEADERS, "Location": NEW_USER})
