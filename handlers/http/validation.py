"""Validation of license keys, asked by thousands of sites; keys for receipts; the front door."""

import orjson
from aiohttp import web
from multidict import CIMultiDict

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import SERVICES, license_key, services
from handlers.http.kit.endpoints import Endpoint, at_hand, read_bytes, routes_of
from handlers.http.kit.problems import HEADERS, Problem
from views.api.validation import KeySet, RootAnswer, ValidateAnswer, ValidateBody, root_json

MAX_BYTES = 64 * 1024
AGE = "X-Answer-Age"
SEND = 'Send {"domain": "shop.example"}, or no body.'
JSON = {"Content-Type": "application/json"}
ANSWER: CIMultiDict[str] = CIMultiDict({**JSON, **HEADERS})
CACHED = {**JSON, "Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}


async def validate(request: web.Request) -> web.Response:
    """Whether the key stands, on the domain in the body if there is one."""
    key = license_key(request)
    domain = await _domain(request) if request.body_exists else ""
    serving = request.app[SERVICES]
    serving.gateway.scheduler.beside()
    validation = serving.validation.validator
    mark = validation.mark(key)
    answer = validation.at_once(mark, domain)
    if answer is None:
        answer = await validation.answer(mark, domain, address_of(request))
    headers = ANSWER.copy()
    if answer.age is not None:
        headers[AGE] = str(answer.age)
    return web.Response(body=answer.body, headers=headers)


async def keys(request: web.Request) -> web.Response:
    """The public keys of receipts."""
    return web.Response(body=services(request).validation.receipts.jwks, headers=CACHED)


async def root(_: web.Request) -> web.Response:
    """Where the document and everything else is."""
    return web.Response(body=root_json(), headers=ANSWER.copy())


async def _domain(request: web.Request) -> str:
    raw = at_hand(request, limit=MAX_BYTES)
    if raw is None:
        raw = await read_bytes(request, limit=MAX_BYTES)
    if not raw or raw == b"{}":
        return ""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "not_json", f"The body is not JSON. {SEND}") from error
    if not isinstance(body, dict):
        raise Problem(422, "invalid", f"The body is not a JSON object. {SEND}")
    domain = body.get("domain")
    if domain is None:
        return ""
    if not isinstance(domain, str):
        raise Problem(422, "invalid", f"domain: this is not a text. {SEND}", param="domain")
    return domain.strip()


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/validate",
        validate,
        "Validate a license key",
        "validation",
        "license",
        ValidateBody,
        answers={200: ValidateAnswer},
        description="Answers 200 for every key, with `valid` and `code`; 401 only when no key is "
        "sent. A domain that is new takes a place of the plan. While our database is away, what "
        f"was known is answered, with its age in seconds in `{AGE}`. Unknown keys are limited "
        "by address.",
    ),
    Endpoint(
        "GET",
        "/.well-known/jwks.json",
        keys,
        "The public keys of receipts",
        "validation",
        answers={200: KeySet},
    ),
    Endpoint("GET", "/", root, "Addresses of the documents", "docs", answers={200: RootAnswer}),
)


def routes() -> list[web.RouteDef]:
    """Validation, the key set and the front door."""
    return routes_of(ENDPOINTS)
