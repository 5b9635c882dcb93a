"""The API's document: for programs at /api/openapi.json, for people at /api/docs."""

from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from aiohttp import web

from handlers.http.kit.endpoints import Endpoint, routes_of
from handlers.http.kit.pages import html
from handlers.http.kit.problems import HEADERS
from views.api.kit.docs import docs_page
from views.api.kit.openapi import document


@dataclass(frozen=True, slots=True)
class Documented:
    """The document in both forms, made once at the start."""

    json: bytes
    page: str


DOCUMENTED: web.AppKey[Documented] = web.AppKey("documented", Documented)


def documented(endpoints: Iterable[Endpoint]) -> Documented:
    """What these endpoints say of themselves."""
    told = document(one.operation() for one in endpoints)
    return Documented(json=orjson.dumps(told), page=docs_page(told))


async def openapi(request: web.Request) -> web.Response:
    """The OpenAPI document as JSON, rendered once at start."""
    body = request.app[DOCUMENTED].json
    return web.Response(body=body, content_type="application/json", headers=HEADERS)


async def page(request: web.Request) -> web.Response:
    """The same document as a page for people."""
    return html(request.app[DOCUMENTED].page)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/openapi.json",
        openapi,
        "This document",
        "docs",
        answers={200: "application/json"},
    ),
    Endpoint(
        "GET", "/api/docs", page, "This document, to be read", "docs", answers={200: "text/html"}
    ),
)


def routes() -> list[web.RouteDef]:
    """The document's two addresses."""
    return routes_of(ENDPOINTS)
