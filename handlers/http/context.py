"""What an HTTP handler may ask for: the services, and a reference for what goes wrong."""

import secrets

from aiohttp import web

from services import Services
from services.phrases import language_of

SERVICES: web.AppKey[Services] = web.AppKey("services", Services)


def services(request: web.Request) -> Services:
    """The services of this program."""
    return request.config_dict[SERVICES]


def reference() -> str:
    """A short id by which a person and the log speak of the same failure."""
    return secrets.token_hex(3)


def language(request: web.Request) -> str:
    """The browser's language, if we speak it."""
    return language_of(request.headers.get("Accept-Language", ""))
