"""Supabase's Management API as the sandbox knows it, and a tab over all tenants' databases."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg
from aiohttp import web

from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.supabase_management.api import (
    CAP,
    FAILED,
    STUCK,
    TOKEN,
    ManagementApi,
)
from integrations.sandbox.supabase_management.companies import SignUps
from integrations.sandbox.supabase_management.errors import NoServer
from integrations.sandbox.supabase_management.projects import (
    HEALTHY,
    INACTIVE,
    INIT_FAILED,
    ORGANIZATION,
    ProjectStore,
)
from integrations.sandbox.supabase_management.server import Server

ROOT = "/supabase-api"
ONE = f"{ROOT}/v1/projects/{{ref}}"
PANEL = Path(__file__).parent / "panel"
API = "/panel/api/tenants"
REGION = "eu-central-1"
LOOK_AGAIN = 2.0  # seconds
UNREACHED = (asyncpg.PostgresError, OSError)

Act = Callable[[str], Awaitable[object]]


class SupabaseProjects(Vendor):
    """Projects of one organization, each a real database on the sandbox's server."""

    name = "supabase_management"
    place = 64
    color = "#249361"
    fault_kinds = (STUCK, FAILED, CAP)
    open_headers = frozenset({"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"})
    secret_fields = frozenset({"db_pass"})
    panel = PanelPart(PANEL / "tenants.js", tab="Tenants", styles=("tenants.css",))

    def __init__(self, stage: Stage) -> None:
        self._changed = stage.changed
        self.store = ProjectStore(stage.changed)
        self.server = Server(stage.options.database_url)
        self._api = ManagementApi(self.store, self.server)
        self._signups = SignUps(stage.options.app_url)
        self._databases: list[dict[str, object]] = []
        self._looking: asyncio.Task[None] | None = None

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The API's paths, and what the panel may do to a tenant's database."""
        api, listed = self._api, f"{ROOT}/v1/organizations/{{slug}}/projects"
        asked = (
            (web.get, f"{ROOT}/v1/organizations", api.organizations, "organizations.list"),
            (web.get, listed, api.listing, "projects.list"),
            (web.get, f"{ROOT}/v1/projects", api.everything, "projects.all"),
            (web.post, f"{ROOT}/v1/projects", api.create, "projects.create"),
            (web.get, ONE, api.get, "projects.get"),
            (web.delete, ONE, api.delete, "projects.delete"),
            (web.get, f"{ONE}/health", api.health, "projects.health"),
            (web.get, f"{ONE}/config/database/pooler", api.poolers, "poolers.get"),
            (web.post, f"{ONE}/pause", api.pause, "projects.pause"),
            (web.post, f"{ONE}/restore", api.restore, "projects.restore"),
        )
        return [
            *(way(path, api.guarded(go), name=f"{self.name}:{n}") for way, path, go, n in asked),
            web.post(f"{API}/signup", self.sign_up),
            web.post(f"{API}/act", self.act),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address, token and organization; and the server itself, as a cluster of one's own."""
        cluster = {"TENANT_CLUSTER_URL": self.server.url} if self.server.url else {}
        return {
            "SUPABASE_API_URL": f"{origin}{ROOT}",
            "SUPABASE_ACCESS_TOKEN": TOKEN,
            "SUPABASE_ORGANIZATION_ID": ORGANIZATION,
            "SUPABASE_REGION": REGION,
            **cluster,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """One sentence."""
        return {"message": message}

    def contents(self) -> object:
        """The projects, and every tenant's database whoever made it."""
        return {"projects": self.store.as_json(), "databases": self._databases}

    def account_keys(self) -> Sequence[Key]:
        """The organization's."""
        return [Key("Supabase", "access token", TOKEN)]

    async def open(self) -> None:
        """Look at the server's databases from time to time."""
        if self.server.url:
            self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Let go of locks; the databases stay with the server."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        self.store.close()
        await self.server.close()
        await self._signups.close()

    async def sign_up(self, request: web.Request) -> web.Response:
        """POST signup `{count}`: so many companies sign up with the product."""
        asked = await request.json()
        settings = await self._signups.settings(str(request.url.origin()))
        return web.json_response(
            await self._signups.make(asked.get("count"), settings.get("ADMIN_API_KEY", ""))
        )

    async def act(self, request: web.Request) -> web.Response:
        """POST act `{database, what}`: to a database, or to the project it belongs to."""
        try:
            asked = await request.json()
            database, what = str(asked["database"]), str(asked["what"])
            said = await self._acts()[what](self._tenant(database))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            return web.json_response({"error": f"cannot do that: {error}"}, status=400)
        except (*UNREACHED, NoServer) as error:
            return web.json_response({"error": f"the server says: {error}"}, status=400)
        await self.refresh()
        return web.json_response({"said": said if isinstance(said, str) else ""})

    async def refresh(self) -> None:
        """Look at the databases now."""
        found = await self.server.tenants()
        if found != self._databases:
            self._databases = found
            self._changed()

    def _acts(self) -> Mapping[str, Act]:
        server = self.server
        return {
            "close": lambda name: server.accept(name, connections=False),
            "open": lambda name: server.accept(name, connections=True),
            "lock": server.lock,
            "unlock": server.unlock,
            "comes up": lambda name: self._fate(name, HEALTHY),
            "fails": lambda name: self._fate(name, INIT_FAILED),
            "paused": self._paused,
        }

    def _tenant(self, database: str) -> str:
        if database not in {str(one["name"]) for one in self._databases}:
            raise KeyError(database)
        return database

    async def _fate(self, database: str, state: str) -> None:
        for project in self.store.projects.values():
            if project.database == database:
                self.store.stop(project, state)

    async def _paused(self, database: str) -> None:
        """As Supabase pauses idle free projects: by itself, and nobody asked."""
        await self.server.accept(database, connections=False)
        await self._fate(database, INACTIVE)

    async def _look(self) -> None:
        while True:
            with suppress(*UNREACHED):
                await self.refresh()
            await asyncio.sleep(LOOK_AGAIN)


def vendors(stage: Stage) -> Sequence[Vendor]:
    """The one organization."""
    return [SupabaseProjects(stage)]
