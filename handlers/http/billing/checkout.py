"""Buying over HTTP: what is for sale, checkouts, the customer portal, and the catalogue."""

from aiohttp import web

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import (
    ADMIN_HEADER,
    LICENSE_HEADER,
    language,
    licensed,
    operator,
    services,
)
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from handlers.http.kit.problems import Problem
from services.billing import Buyer, Wish
from services.client_network import network_of
from views.api.billing.checkout import (
    CheckoutAnswer,
    CheckoutBody,
    OfferList,
    OutcomeAnswer,
    PortalAnswer,
    PortalBody,
    PriceAnswer,
    PriceBody,
    PriceList,
    SyncAnswer,
    checkout_answer,
    offer_list,
    outcome_answer,
    price_answer,
    sync_answer,
)

ROOT = "/api/billing"
WHO = {
    LICENSE_HEADER: "The holder of this license buys",
    ADMIN_HEADER: "With it `customer_id` says who buys",
}
NEEDS_KEY = "Send a license key, or an admin key with the customer_id."


async def plans(request: web.Request) -> web.Response:
    """What is sold by subscription now."""
    billing = services(request).billing
    return answer(offer_list(await billing.catalogue.sold(), billing.publishable_key))


async def open_checkout(request: web.Request) -> web.Response:
    """Begin to buy; the same checkout again while it is open."""
    body = await read(request, CheckoutBody)
    buyer = await _buyer(request, body)
    wish = Wish(body.plan, body.interval, body.family)
    return answer(checkout_answer(await services(request).billing.checkouts.open(buyer, wish)))


async def find_checkout(request: web.Request) -> web.Response:
    """How far a checkout is."""
    found = await services(request).billing.checkouts.outcome(request.match_info["id"])
    return answer(outcome_answer(found))


async def open_portal(request: web.Request) -> web.Response:
    """The customer's own portal: whoever proves to be the customer, or an operator."""
    body = await read(request, PortalBody)
    if body.customer_id:
        await operator(request)
        customer_id = body.customer_id
    elif request.headers.get(LICENSE_HEADER):
        customer_id = (await licensed(request)).customer_id
    else:
        raise Problem(401, "license_key_missing", NEEDS_KEY)
    return answer(PortalAnswer(url=await services(request).billing.checkouts.portal(customer_id)))


async def list_prices(request: web.Request) -> web.Response:
    """All that is or was sold."""
    await operator(request)
    listed = await services(request).billing.catalogue.listed()
    return answer(PriceList(prices=[price_answer(one) for one in listed]))


async def sync_prices(request: web.Request) -> web.Response:
    """Learn prices from Stripe by their lookup keys."""
    who = await operator(request)
    return answer(sync_answer(await services(request).billing.catalogue.sync(who)))


async def put_price(request: web.Request) -> web.Response:
    """Say what a price sells."""
    who = await operator(request)
    body = await read(request, PriceBody)
    catalogue = services(request).billing.catalogue
    entry = await catalogue.put(who, request.match_info["id"], body.family, body.plan)
    return answer(price_answer(entry))


async def retire_price(request: web.Request) -> web.Response:
    """Sell a price no more."""
    who = await operator(request)
    entry = await services(request).billing.catalogue.retire(who, request.match_info["id"])
    return answer(price_answer(entry))


async def _buyer(request: web.Request, body: CheckoutBody) -> Buyer:
    """Who proved to be whom: an operator's customer, a license's holder, or anybody."""
    spoken = language(request)
    if body.customer_id:
        await operator(request)
        return Buyer(body.customer_id, language=spoken)
    if request.headers.get(LICENSE_HEADER):
        return Buyer((await licensed(request)).customer_id, language=spoken)
    return Buyer(email=body.email, network=network_of(address_of(request)), language=spoken)


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/plans",
        plans,
        "List plans sold by subscription",
        "billing",
        answers={200: OfferList},
        description="Amounts are in minor units. Enterprise is sold by contract and not listed.",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/checkout",
        open_checkout,
        "Open a checkout",
        "billing",
        body=CheckoutBody,
        answers={200: CheckoutAnswer},
        description="Send the person to `url`. A customer has one open checkout: asking again "
        "gives it again, another plan or interval replaces it. Without a key anybody may buy for "
        "an `email`; known and unknown addresses are answered alike. 409 when there is a "
        "subscription already: change it in the portal.",
        errors=(401, 404, 409),
        headers=WHO,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/checkout/{{id}}",
        find_checkout,
        "Get the outcome of a checkout",
        "billing",
        answers={200: OutcomeAnswer},
        description="Ask again every few seconds while it is `paid`.",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/portal",
        open_portal,
        "Open the customer portal",
        "billing",
        body=PortalBody,
        answers={200: PortalAnswer},
        description="With a license key it is its holder's portal, with an admin key that of "
        "`customer_id`. Make one for each click: the address is good for minutes.",
        errors=(401, 409),
        headers=WHO,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/prices",
        list_prices,
        "List prices",
        "billing",
        "admin",
        answers={200: PriceList},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/prices/sync",
        sync_prices,
        "Learn prices from Stripe",
        "billing",
        "admin",
        answers={200: SyncAnswer},
        description="A price with the lookup key `professional_monthly` sells that plan, "
        "`license_pro_yearly` a license's plan. Prices that lost their key or were archived are "
        "retired. Happens by itself every hour. 409 when Stripe refuses the secret key.",
        errors=(409,),
    ),
    Endpoint(
        "PUT",
        f"{ROOT}/prices/{{id}}",
        put_price,
        "Set what a price sells",
        "billing",
        "admin",
        PriceBody,
        {200: PriceAnswer},
        description="Another price of the same plan and interval is retired. Subscriptions that "
        "waited for this price are judged anew. 409 when Stripe refuses the secret key.",
        errors=(409,),
    ),
    Endpoint(
        "DELETE",
        f"{ROOT}/prices/{{id}}",
        retire_price,
        "Retire a price",
        "billing",
        "admin",
        answers={200: PriceAnswer},
        description="It is sold no more; whoever has it goes on paying it.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything that sells."""
    return routes_of(ENDPOINTS)
