"""Doors for HTTP: the list of features that have some."""

from aiohttp import web

from handlers.http import health, oauth
from handlers.http.context import SERVICES
from handlers.http.errors import answer_errors
from services import Services

FEATURES = (health, oauth)


def register(app: web.Application, services: Services) -> None:
    """Add every feature's routes, and the one place where an exception becomes a response."""
    app[SERVICES] = services
    app.middlewares.append(answer_errors)
    for feature in FEATURES:
        app.add_routes(feature.routes())
