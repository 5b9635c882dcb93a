"""The API beside a Supabase project of the sandbox, for a page of one origin."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from db.store.session import Database
from handlers.http.kit.cors import ORIGINS
from integrations.sandbox.supabase_auth import vendor as supabase_vendor
from integrations.sandbox.supabase_auth.keys import PUBLISHABLE, SECRET
from tests.handlers.http.conftest import Api, Told, application
from tests.integrations.sandbox_vendors import Vendors, sandbox_vendors
from tests.kit.wired import foundation, wired

APP = "https://app.example.com"


@dataclass(frozen=True)
class Client:
    """A client app: it has no key, and an address of its own."""

    api: Api
    outside: Vendors
    address: str

    @property
    def project(self) -> supabase_vendor.SupabaseAuth:
        return self.outside.sandbox.of(supabase_vendor.SupabaseAuth)

    async def ask(self, method: str, path: str, **sent: Any) -> Told:
        # Limits count by address: what was asked elsewhere from here is nobody's business.
        headers = {"X-Forwarded-For": self.address, **sent.pop("headers", {})}
        return await self.api.call(method, f"/core/v1/auth{path}", headers=headers, **sent)

    def journal(self, operation: str) -> list[dict[str, Any]]:
        found = self.outside.sandbox.journal.entries(vendor="supabase")
        return [one for one in found if one["request"]["operation"] == operation]


def somebody() -> dict[str, str]:
    """Who is new here."""
    return {"email": f"{uuid4().hex}@shop.example", "password": "correct horse"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(database: Database) -> AsyncIterator[Client]:
    """The product's doors, and the project behind them."""
    async with sandbox_vendors((supabase_vendor.vendors,)) as outside:
        base = foundation(
            database,
            supabase_url=f"{outside.url}/supabase",
            supabase_publishable_key=PUBLISHABLE,
            supabase_secret_key=SECRET,
        )
        async with wired(base) as product:
            await product.start()
            app = application(product.services)
            app[ORIGINS] = frozenset({APP})
            async with TestClient(TestServer(app)) as served:
                address = f"2a02:{uuid4().hex[:4]}::1"
                yield Client(Api(served, product.services), outside, address)
