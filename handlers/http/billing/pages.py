"""The pricing page and the page after a checkout, for anybody's browser."""

from aiohttp import web

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import language, services
from handlers.http.kit.pages import FORM_HEADERS, html
from services.billing import MONTHLY, YEARLY, Buyer, Wish
from services.client_network import network_of
from services.errors import DomainError
from views.pages import pricing as views

LONGEST = 254
REFUSED = 422


def routes() -> list[web.RouteDef]:
    """The two pages."""
    return [
        web.get("/pricing", show),
        web.post("/pricing", buy),
        web.get("/billing/done/{id}", done),
    ]


async def show(request: web.Request) -> web.Response:
    """The plans of one interval."""
    interval = YEARLY if request.query.get("interval") == YEARLY else MONTHLY
    return await _page(request, views.PricingForm(interval))


async def buy(request: web.Request) -> web.Response:
    """On to Stripe's page; what is wrong is said beside what was typed."""
    given = await request.post()
    interval = YEARLY if given.get("interval") == YEARLY else MONTHLY
    email = str(given.get("email", "")).strip()[:LONGEST]
    buyer = Buyer(email=email, network=network_of(address_of(request)), language=language(request))
    wish = Wish(str(given.get("plan", "")), interval)
    try:
        opened = await services(request).billing.checkouts.open(buyer, wish)
    except DomainError as error:
        problem = error.sentence(language(request))
        return await _page(request, views.PricingForm(interval, email, problem), REFUSED)
    return web.Response(status=303, headers={**FORM_HEADERS, "Location": opened.url})


async def done(request: web.Request) -> web.Response:
    """What came of a checkout; looks again while Stripe's webhook is on its way."""
    found = await services(request).billing.checkouts.outcome(request.match_info["id"])
    return html(views.outcome(found, language(request)))


async def _page(request: web.Request, form: views.PricingForm, status: int = 200) -> web.Response:
    billing = services(request).billing
    sold = await billing.catalogue.sold()
    text = views.pricing(sold, form, billing.contact, language(request))
    return web.Response(text=text, content_type="text/html", status=status, headers=FORM_HEADERS)
