"""Fathom's webhook: the address that each connected member's recordings are sent to."""

from aiohttp import web

from handlers.http.kit.context import language, services
from handlers.http.kit.endpoints import Endpoint, answer, read_bytes, read_query, routes_of
from handlers.http.kit.problems import Problem
from services.arrivals import DeliveryRefused, HookGone
from views.api.arrivals import FathomDeliveryBody, FathomDeliveryQuery, FathomReceivedAnswer

# Eight hours of talk are about four.
MAX_BYTES = 12 * 1024 * 1024


async def receive(request: web.Request) -> web.Response:
    """Keep one delivery; it is read by a job."""
    connection_id, hook = request.match_info["id"], read_query(request, FathomDeliveryQuery).hook
    raw = await read_bytes(request, limit=MAX_BYTES)
    inbox = services(request).arrivals.inbox
    try:
        new = await inbox.receive(connection_id, hook, raw, request.headers)
    except HookGone as gone:
        raise Problem(410, "webhook_gone", gone.sentence(language(request))) from gone
    except DeliveryRefused as refused:
        sentence = refused.sentence(language(request))
        raise Problem(400, "webhook_refused", sentence) from refused
    return answer(FathomReceivedAnswer(received=True, repeated=not new))


ENDPOINTS = (
    Endpoint(
        "POST",
        "/webhooks/fathom/{id}",
        receive,
        "Receive a recording from Fathom",
        "meetings",
        body=FathomDeliveryBody,
        query=FathomDeliveryQuery,
        answers={200: FathomReceivedAnswer},
        errors=(400, 410),
        description="The address of one member's webhook; Seguito gives it to Fathom when the "
        "member saves a key. The raw body is checked by Standard Webhooks and kept once.",
        headers={
            "webhook-id": "Identifier of the delivery, the same in each repeat",
            "webhook-timestamp": "Time of the signature, in seconds since 1970",
            "webhook-signature": "Signatures, `v1,<base64>`, separated by spaces",
        },
    ),
)


def routes() -> list[web.RouteDef]:
    """The webhook."""
    return routes_of(ENDPOINTS)
