"""Stripe's webhook, and the events that came by it."""

from aiohttp import web

from handlers.http.kit.context import language, operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read_bytes, read_query, routes_of
from handlers.http.kit.problems import Problem
from services.billing import WebhookRefused
from views.api.billing.inbox import (
    InboxAnswer,
    ReceivedAnswer,
    StripeEventAnswer,
    StripeEventBody,
    StripeEventPage,
    StripeEventQuery,
    event_answer,
    event_page,
    inbox_answer,
)

SIGNATURE = "Stripe-Signature"
MAX_BYTES = 512 * 1024


async def receive(request: web.Request) -> web.Response:
    """Keep one event; it is handled by a job."""
    raw = await read_bytes(request, limit=MAX_BYTES)
    header = request.headers.get(SIGNATURE, "")
    try:
        new = await services(request).billing.inbox.receive(raw, header)
    except WebhookRefused as refused:
        sentence = refused.sentence(language(request))
        raise Problem(400, "webhook_refused", sentence) from refused
    return answer(ReceivedAnswer(received=True, repeated=not new))


async def test_inbox(request: web.Request) -> web.Response:
    """Whether the webhook is configured."""
    return answer(inbox_answer(await services(request).billing.inbox.status()))


async def list_events(request: web.Request) -> web.Response:
    """What came, the newest first."""
    await operator(request)
    asked = read_query(request, StripeEventQuery)
    found = await services(request).billing.inbox.listed(
        state=asked.state, before=asked.cursor, limit=asked.limit + 1
    )
    return answer(event_page(found, asked.limit))


async def replay_event(request: web.Request) -> web.Response:
    """Handle one event again."""
    who = await operator(request)
    event = await services(request).billing.inbox.replay(who, request.match_info["id"])
    return answer(event_answer(event), 202)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/webhooks/stripe",
        receive,
        "Receive an event from Stripe",
        "billing",
        body=StripeEventBody,
        answers={200: ReceivedAnswer},
        errors=(400,),
        description="The address to enter at Stripe. The raw body is checked against every active "
        "signing secret; an event is kept once and handled by a job.",
        headers={SIGNATURE: "Stripe's signature of the body, `t=…,v1=…`"},
    ),
    Endpoint(
        "GET",
        "/api/webhooks/stripe/test",
        test_inbox,
        "Check Stripe's webhook",
        "billing",
        answers={200: InboxAnswer},
        description="Tells whether a signing secret and a secret key are set; shows neither.",
    ),
    Endpoint(
        "GET",
        "/api/billing/events",
        list_events,
        "List events from Stripe",
        "billing",
        "admin",
        answers={200: StripeEventPage},
        query=StripeEventQuery,
        errors=(404,),
    ),
    Endpoint(
        "POST",
        "/api/billing/events/{id}/replay",
        replay_event,
        "Handle an event again",
        "billing",
        "admin",
        answers={202: StripeEventAnswer},
        description="Safe at any time: the same facts give the same access and no second effect.",
    ),
)


def routes() -> list[web.RouteDef]:
    """The webhook and its events."""
    return routes_of(ENDPOINTS)
