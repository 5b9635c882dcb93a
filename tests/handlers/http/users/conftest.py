"""The admin API of users over the users' desk: OpenRouter from the sandbox, Supabase as lists."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from db.store.session import Database
from tests.handlers.http.conftest import ADMIN, Api, Told, application
from tests.kit.user_desk import UserDesk, user_desk
from tests.kit.wired import foundation, wired

USERS = "/core/v1/admin/users"
SECOND = timedelta(seconds=1)


@dataclass
class Office:
    """An admin with a key, and the desk behind the API."""

    api: Api
    desk: UserDesk

    async def call(self, method: str, path: str = "", body: Any = None, **headers: str) -> Told:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if body is None else {"json": body}
        return await self.api.call(method, f"{USERS}{path}", headers=ADMIN | named, **sent)

    async def create(self, email: str = "", **more: Any) -> Told:
        """Without waiting for what nobody does."""
        self.desk.now += SECOND
        body = {"email": email or f"{uuid4().hex}@example.com", **more}
        return await self.call("POST", body=body, Prefer="respond-async")

    async def active(self, **more: Any) -> str:
        """A user who has everything; the id."""
        told = await self.create(**more)
        await self.desk.run(told.json["id"])
        return str(told.json["id"])

    @asynccontextmanager
    async def working(self, email: str) -> AsyncIterator[None]:
        """A worker takes the operation of this address as soon as there is one."""

        async def work() -> None:
            while (user := await self.desk.users.of_email(email)) is None:  # noqa: ASYNC110 - a row
                await asyncio.sleep(0.01)
            await self.desk.run(user.id)

        task = asyncio.create_task(work())
        yield
        with suppress(asyncio.CancelledError):
            await task


@pytest_asyncio.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """The product's API, its users those of the desk."""
    async with user_desk(database) as desk, wired(foundation(database)) as product:
        users = replace(
            product.services.users,
            accounts=desk.users,
            provisioning=desk.provisioning,
            keys=desk.keys,
        )
        await product.start()
        app = application(replace(product.services, users=users))
        async with TestClient(TestServer(app)) as client:
            yield Office(Api(client, product.services), desk)
