"""A Supabase project in the sandbox, and somebody who signs up there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from integrations.sandbox.supabase_auth.profiles import ProfilesApi
from integrations.sandbox.supabase_auth.store import AuthStore
from integrations.sandbox.supabase_auth.vendor import SupabaseAuth
from tests.sandbox.outside_stage import Outside, outside

OLGA = {"email": "olga@shop.example", "password": "correct horse"}
NEW_SHAPE = {"X-Supabase-Api-Version": "2024-01-01"}


@dataclass(frozen=True, slots=True)
class Project:
    """Its keys, and ways to ask it."""

    world: Outside
    public: dict[str, str]
    secret: dict[str, str]

    @property
    def store(self) -> AuthStore:
        return self.world.sandbox.of(SupabaseAuth).store

    @property
    def profiles(self) -> ProfilesApi:
        return self.world.sandbox.of(SupabaseAuth).profiles

    @property
    def auth(self) -> str:
        return f"{self.world.env['SUPABASE_URL']}/auth/v1"

    async def ask(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A POST with the publishable key."""
        headers = {**self.public, **more.pop("headers", {})}
        method = more.pop("method", "POST")
        url = f"{self.auth}{path}"
        return await self.world.http.request(method, url, json=body, headers=headers, **more)

    async def rest(self, method: str, query: str = "", body: Any = None, **headers: str) -> Any:
        """A request for `profiles` with the secret key."""
        url = f"{self.world.env['SUPABASE_URL']}/rest/v1/profiles{query}"
        told = {**self.secret, **headers}
        return await self.world.http.request(method, url, json=body, headers=told)

    async def signed_in(self) -> dict[str, Any]:
        """Olga's session."""
        self.store.settings.confirm_email = False
        reply = await self.ask("/signup", OLGA)
        assert reply.status_code == 200, reply.text
        return reply.json()


@asynccontextmanager
async def project() -> AsyncIterator[Project]:
    """A new one."""
    async with outside() as world:
        keys = (world.env["SUPABASE_PUBLISHABLE_KEY"], world.env["SUPABASE_SECRET_KEY"])
        yield Project(world, {"apikey": keys[0]}, {"apikey": keys[1]})


def bearer(session: dict[str, Any]) -> dict[str, str]:
    """The header of somebody signed in."""
    return {"Authorization": f"Bearer {session['access_token']}"}
