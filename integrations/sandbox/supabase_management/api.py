"""The Management API's paths for projects, strict by its specification (contract B.1)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from integrations.sandbox.kit.faults import FaultKind
from integrations.sandbox.kit.rates import RateLimiter
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.supabase_management.checks import check_new
from integrations.sandbox.supabase_management.errors import NoServer, Refused
from integrations.sandbox.supabase_management.projects import (
    COMING_UP,
    HEALTHY,
    INACTIVE,
    INIT_FAILED,
    ORGANIZATION,
    PAUSING,
    RESTORING,
    ProjectStore,
    StoredProject,
)
from integrations.sandbox.supabase_management.server import Server

TOKEN = "sbp_sandbox0123456789abcdef0123456789abcdef01"  # noqa: S105 - of a stand-in
LIMIT = 120  # of each endpoint and scope in a minute
MAX_PAGE = 100
SERVICES = ("auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer")
STUCK = FaultKind("stuck_coming_up", "Project stays in COMING_UP")
FAILED = FaultKind("init_failed", "Project ends in INIT_FAILED")
CAP = FaultKind("project_cap", "Cap of free projects")
FATES = {STUCK.name: COMING_UP, FAILED.name: INIT_FAILED}
CAPPED = (
    "The following organization members have reached their maximum limits for the number of active"
    " free projects within organizations where they are an administrator or owner: sandbox (2"
    " project limit). They will need to either delete, pause, or upgrade one or more of these"
    " projects before you're able to create a free project in this organization."
)

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ManagementApi:
    """The handlers."""

    def __init__(self, store: ProjectStore, server: Server) -> None:
        self._store, self._server = store, server
        self._rates = RateLimiter(enforced=True)

    def guarded(self, work: Handler) -> Handler:
        """Behind the token and the limit; refusals become answers."""

        async def handler(request: web.Request) -> web.Response:
            count = self._rates.count(_scope(request), LIMIT)
            told = {
                "X-RateLimit-Limit": str(count.limit),
                "X-RateLimit-Remaining": str(max(0, count.limit - count.used)),
                "X-RateLimit-Reset": str(count.reset),
            }
            try:
                if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                    raise Refused(401, "Unauthorized")
                if count.exceeded:
                    raise Refused(429, "ThrottlerException: Too Many Requests")
                response = await work(request)
            except Refused as refused:
                response = refused.response()
            except NoServer:
                response = Refused(500, "Failed to create project").response()
            response.headers.update(told)
            return response

        return handler

    async def organizations(self, _: web.Request) -> web.Response:
        """GET /v1/organizations: the one."""
        return web.json_response([{"id": ORGANIZATION, "slug": ORGANIZATION, "name": "Sandbox"}])

    async def listing(self, request: web.Request) -> web.Response:
        """GET /v1/organizations/{slug}/projects: by offset, with the total."""
        if request.match_info["slug"] != ORGANIZATION:
            raise Refused(404, "Organization not found")
        limit, offset = _number(request, "limit", MAX_PAGE), _number(request, "offset", 0)
        if not 1 <= limit <= MAX_PAGE:
            raise Refused(400, "limit must not be greater than 100")
        wanted = request.query.get("search", "").lower()
        found = [one for one in self._store.projects.values() if wanted in one.name.lower()]
        if request.query.get("sort", "name_asc").startswith("name"):
            found.sort(key=lambda one: one.name)
        if request.query.get("sort", "").endswith("_desc"):
            found.reverse()
        page = [self._listed(one) for one in found[offset : offset + limit]]
        pages = {"count": len(found), "limit": limit, "offset": offset}
        return web.json_response({"projects": page, "pagination": pages})

    async def everything(self, _: web.Request) -> web.Response:
        """GET /v1/projects: all of them at once."""
        return web.json_response([self._shown(one) for one in self._store.projects.values()])

    async def create(self, request: web.Request) -> web.Response:
        """POST /v1/projects: two of one name are two projects; no key makes a repeat one."""
        body, fault = await _body(request), request.get(FAULT)
        region = check_new(body)
        if body["organization_slug"] != ORGANIZATION:
            raise Refused(404, "Organization not found")
        if fault is not None and fault.kind == CAP.name:
            raise Refused(400, CAPPED)
        fate = FATES.get(fault.kind, "") if fault else ""
        project = self._store.add(body["name"], region, fate)
        try:
            await self._server.make(project.database, project.role, body["db_pass"])
        except NoServer:
            self._store.remove(project)
            raise
        if not fate:
            self._store.move(project, COMING_UP)
        shown = self._shown(project)
        del shown["database"]
        return web.json_response(shown, status=201)

    async def get(self, request: web.Request) -> web.Response:
        """GET /v1/projects/{ref}."""
        return web.json_response(self._shown(self._project(request)))

    async def health(self, request: web.Request) -> web.Response:
        """GET /v1/projects/{ref}/health?services=…&services=…"""
        project, asked = self._project(request), request.query.getall("services", [])
        if not asked or not set(asked) <= set(SERVICES):
            raise Refused(400, f"each value in services must be one of: {', '.join(SERVICES)}")
        status = project.services(self._store.now())
        rows = [{"name": one, "healthy": status == HEALTHY, "status": status} for one in asked]
        return web.json_response(rows)

    async def poolers(self, request: web.Request) -> web.Response:
        """GET /v1/projects/{ref}/config/database/pooler: both ways lead to the same server."""
        project, place = self._project(request), self._server.place
        return web.json_response(
            [
                self._pooler(project, place.host, place.port, mode)
                for mode in ("transaction", "session")
            ]
        )

    async def pause(self, request: web.Request) -> web.Response:
        """POST /v1/projects/{ref}/pause: its database takes no connections from now on."""
        project = self._project(request)
        if project.status(self._store.now()) != HEALTHY:
            raise Refused(400, f"Project is in {project.state} state and cannot be paused")
        await self._server.accept(project.database, connections=False)
        self._store.move(project, PAUSING)
        return web.Response()

    async def restore(self, request: web.Request) -> web.Response:
        """POST /v1/projects/{ref}/restore."""
        project = self._project(request)
        if project.status(self._store.now()) != INACTIVE:
            raise Refused(400, f"Project is in {project.state} state and cannot be restored")
        await self._server.accept(project.database, connections=True)
        self._store.move(project, RESTORING)
        return web.Response()

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /v1/projects/{ref}."""
        project = self._project(request)
        self._store.remove(project)
        await self._server.drop(project.database, project.role)
        return web.json_response({"id": 1, "ref": project.ref, "name": project.name})

    def _project(self, request: web.Request) -> StoredProject:
        project = self._store.projects.get(request.match_info["ref"])
        if project is None:
            raise Refused(404, "Project not found")
        return project

    def _shown(self, project: StoredProject) -> dict[str, Any]:
        return {
            "id": project.ref,
            "ref": project.ref,
            "organization_id": ORGANIZATION,
            "organization_slug": ORGANIZATION,
            "name": project.name,
            "region": project.region,
            "created_at": project.created_at.isoformat(),
            "status": project.status(self._store.now()),
            "database": {
                "host": f"db.{project.ref}.supabase.invalid",
                "version": "17.6.1.005",
                "postgres_engine": "17",
                "release_channel": "ga",
            },
        }

    def _listed(self, project: StoredProject) -> dict[str, Any]:
        return {
            "ref": project.ref,
            "name": project.name,
            "cloud_provider": "AWS",
            "region": project.region,
            "is_branch": False,
            "status": project.status(self._store.now()),
            "inserted_at": project.created_at.isoformat(),
            "databases": [],
        }

    def _pooler(self, project: StoredProject, host: str, port: int, mode: str) -> dict[str, Any]:
        # This machine's server has no certificate, which the connection string says.
        login = f"{quote(project.role)}:[YOUR-PASSWORD]"
        string = f"postgresql://{login}@{host}:{port}/{project.database}?sslmode=disable"
        return {
            "identifier": project.ref,
            "database_type": "PRIMARY",
            "is_using_scram_auth": True,
            "db_user": project.role,
            "db_host": host,
            "db_port": port,
            "db_name": project.database,
            "connection_string": string,
            "connectionString": string,
            "default_pool_size": 15,
            "max_client_conn": 200,
            "pool_mode": mode,
        }


def _scope(request: web.Request) -> str:
    resource = request.match_info.route.resource
    name = f"{request.method} {resource.canonical if resource else request.path}"
    return f"{name} {request.match_info.get('ref') or request.match_info.get('slug') or ''}"


def _number(request: web.Request, name: str, usual: int) -> int:
    text = request.query.get(name, str(usual))
    if not text.isdecimal():
        raise Refused(400, f"{name} must be an integer number")
    return int(text)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "Unexpected token in JSON")
    return body
