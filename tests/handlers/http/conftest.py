"""The API as the program serves it: every service as it is wired, over a real database."""

from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from db.store.session import Database
from handlers import http
from handlers.http.health import METRICS, PROBE
from handlers.http.kit.cors import ORIGINS
from services import Services
from tests.kit.wired import ADMIN_KEY, foundation, wired
from views.api.kit.health import Health

ADMIN = {"X-Admin-Key": ADMIN_KEY}

Http = TestClient[web.Request, web.Application]


@dataclass(frozen=True)
class Told:
    """An answer, read."""

    status: int
    headers: dict[str, str]
    text: str
    json: Any

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


class Api:
    """Somebody with an admin key, unless other headers are given."""

    def __init__(self, client: Http, services: Services) -> None:
        self.client = client
        self.services = services

    async def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **sent: Any
    ) -> Told:
        given = ADMIN if headers is None else headers
        async with self.client.request(method, path, headers=given, **sent) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json" and text
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Told(answer.status, headers, text, await answer.json() if is_json else None)

    async def get(self, path: str, **sent: Any) -> Told:
        return await self.call("GET", path, **sent)

    async def post(self, path: str, body: Any = None, **sent: Any) -> Told:
        return await self.call("POST", path, **({"json": body} if body is not None else {}), **sent)

    async def put(self, path: str, body: Any, **sent: Any) -> Told:
        return await self.call("PUT", path, json=body, **sent)

    async def delete(self, path: str, **sent: Any) -> Told:
        return await self.call("DELETE", path, **sent)


async def healthy() -> Health:
    """As long as these tests run."""
    return Health(ready=True, version="0", database="ok")


def application(services: Services, origins: Set[str] = frozenset()) -> web.Application:
    """The program's HTTP doors, without those that belong to Slack."""
    app = web.Application()
    app[PROBE] = healthy
    app[METRICS] = lambda: b""
    app[ORIGINS] = origins
    http.register(app, services)
    return app


@asynccontextmanager
async def serving(database: Database, **settings: Any) -> AsyncIterator[Api]:
    """The API over this database."""
    base = foundation(database, **settings)
    async with wired(base) as product:
        await product.start()
        app = application(product.services, base.settings.origins)
        async with TestClient(TestServer(app)) as client:
            yield Api(client, product.services)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(database: Database) -> AsyncIterator[Api]:
    """The API over the session's database."""
    async with serving(database) as served:
        yield served
