"""The API for people who signed in at an issuer of this test's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest_asyncio

from db.store.session import Database
from tests.handlers.http.conftest import Api, Told, serving
from tests.integrations.fake_vendor import by_path, fake_vendor, says
from tests.integrations.tokens import SigningKey
from tests.kit.credits_desk import CreditsDesk

PAGE = "https://room.example"


@dataclass
class Room:
    """A client app: its users, and what they are answered."""

    api: Api
    desk: CreditsDesk
    key: SigningKey
    issuer: str

    def token(self, user: str, **claims: Any) -> str:
        return str(self.key.token(**{"iss": self.issuer, "sub": user, **claims}))

    async def call(self, method: str, path: str, user: str, **sent: Any) -> Told:
        headers = {"Authorization": f"Bearer {self.token(user)}", "Origin": PAGE}
        return await self.api.call(method, f"/core/v1/credits/{path}", headers=headers, **sent)

    async def user(self, amount: int) -> str:
        user = str(uuid4())
        if amount:
            await self.desk.grant(user, amount)
        return user


@pytest_asyncio.fixture
async def room(database: Database) -> AsyncIterator[Room]:
    """With an issuer that publishes one key."""
    async with fake_vendor() as issuer:
        key = SigningKey()
        issuer.answer = by_path(**{"jwks.json": says({"keys": [key.jwk]})})
        settings = {"supabase_url": issuer.url, "cors_origins": PAGE}
        async with serving(database, **settings) as api:
            yield Room(api, CreditsDesk(database), key, f"{issuer.url}/auth/v1")
