"""The API of tenants as it is wired; the provider and its servers are lists, and a worker runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from db import operations as operation_table
from db.store.session import Database, unseal
from db.tenants import invitations as invitation_table
from handlers.http.kit.context import SERVICES
from services import Services
from services.operations import AGAIN, OVER, legs
from services.tenants import DatabaseProviders
from tests.handlers.http.conftest import Api, Told, application
from tests.kit.tenant_desk import Cluster, Servers
from tests.kit.wired import foundation, wired

TENANTS = "/api/admin/tenants"


@dataclass
class Office:
    """An admin with a key, people in front of the public door, and the world behind it."""

    api: Api
    database: Database
    cluster: Cluster
    servers: Servers

    @property
    def services(self) -> Services:
        """As they are wired."""
        return self.api.services

    async def sign_up(self, company: str = "Acme", email: str = "") -> Told:
        """At the public door, without a key, from an address of its own."""
        email = email or f"{uuid4().hex}@example.com"
        return await self.api.post(
            "/api/onboarding/signup", {"email": email, "company_name": company}, headers={}
        )

    async def ready(self, company: str = "Acme") -> dict[str, Any]:
        """A tenant that is ready, as the admin sees it."""
        email = f"{uuid4().hex}@example.com"
        made = await self.api.post(TENANTS, {"email": email, "company_name": company})
        await self.work(made.json["operation_id"])
        return dict((await self.api.get(f"{TENANTS}/{made.json['id']}")).json)

    async def onboarded(self, onboarding_id: str) -> None:
        """Run the onboarding to its end."""
        _, operation = await self.services.tenants.signups.status(onboarding_id)
        await self.work(operation.id)

    async def work(self, operation_id: str) -> None:
        """As the job does, until it waits or is over."""
        async with self.database.transaction() as session:
            row = await operation_table.find(session, operation_id)
        assert row is not None
        for step in (await self.services.operations.see(operation_id)).steps:
            while True:
                answer = await self.services.operations.advance(
                    operation_id, legs.name(row), step.name
                )
                if answer != AGAIN:
                    break
            if answer == OVER or answer > 0:
                return

    async def link(self, tenant_id: str) -> str:
        """The link in the newest invitation's e-mail, as a path."""
        async with self.database.transaction() as session:
            row = await invitation_table.newest(session, tenant_id)
            assert row is not None
            return f"/invitation?token={unseal(session, row, 'token')}"

    async def mails(self, email: str) -> int:
        """How many e-mails are on their way to this address."""
        found = await self.services.mail.emails.listed(limit=100)
        return sum(one.to == email for one in found)


@pytest_asyncio.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """Everything wired, with fakes for the world."""
    cluster, servers = Cluster(), Servers()
    providers = DatabaseProviders("supabase", {"supabase": cluster}, servers, servers)
    base = foundation(database, smtp_url="smtp://localhost:1", email_from="Seguito <s@example.com>")
    async with wired(base, databases=providers) as product:
        await product.start()
        app = application(product.services)
        async with TestClient(TestServer(app)) as client:
            yield Office(Api(client, app[SERVICES]), database, cluster, servers)
