"""A license holder's own view of its sites."""

from aiohttp import web

from handlers.http.kit.context import licensed, services
from handlers.http.kit.endpoints import Endpoint, answer, routes_of
from services.licensing import Domain
from views.api.licensing.sites import SiteList, site_list


async def listed(request: web.Request) -> web.Response:
    """The domains that hold a place."""
    license_id = (await licensed(request)).license_id
    return answer(site_list(await services(request).licensing.sites.listed(license_id)))


async def release(request: web.Request) -> web.Response:
    """Give a place back, for another domain."""
    license_id = (await licensed(request)).license_id
    domain = Domain.read(request.match_info["domain"])
    await services(request).licensing.sites.release(license_id, domain)
    return answer(site_list(await services(request).licensing.sites.listed(license_id)))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/sites",
        listed,
        "List the sites of the license",
        "sites",
        "license",
        answers={200: SiteList},
    ),
    Endpoint(
        "DELETE",
        "/api/sites/{domain}",
        release,
        "Release a site, for another one to take its place",
        "sites",
        "license",
        answers={200: SiteList},
        description="A place moves once in seven days; before that the answer is 409.",
        errors=(409, 422),
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/sites."""
    return routes_of(ENDPOINTS)
