"""The verbs we need of Supabase's Management API v1 (api.supabase.com, contract B.1)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx
import orjson
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from integrations.errors import RateLimited, RefusedByVendor, Unreachable
from integrations.http import credential
from integrations.json_fields import Record, document, moment, record, records, text, whole
from integrations.supabase_management.errors import VENDOR, check
from integrations.supabase_management.types import NewProject, Pooler, Project, TakeTurn, unlimited

PAGE = 100
MAX_PAGES = 200
# As long a call waits here for its turn; after that whoever asked comes again.
PATIENCE = timedelta(seconds=10)
PRIMARY = "PRIMARY"


class SupabaseManagement:
    """Projects of one account, asked for with a personal access token.

    Takes a client of `integrations.http.client` and the limit all our processes share. Every call
    raises Unreachable (it may have happened), RateLimited, AuthExpired, NeedsPerson with the
    vendor's sentence, or RefusedByVendor `404` for an unknown project.
    """

    def __init__(self, http: httpx.AsyncClient, token: str, turn: TakeTurn = unlimited) -> None:
        self._http = http
        self._token = token
        self._turn = turn

    def limit(self, turn: TakeTurn) -> None:
        """From now on every call waits for its turn, which all our processes count together."""
        self._turn = turn

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def organizations(self) -> tuple[str, ...]:
        """The slugs of the organizations the token may see."""
        rows = _rows(await self._call("GET", "/v1/organizations", "organizations.list"))
        return tuple(text(row, "slug", "id") for row in rows)

    async def projects(self, organization: str, search: str = "") -> tuple[Project, ...]:
        """Every project of the organization, or those whose name has this in it.

        All of them or an error: a page that is missing or short of what was promised raises.
        """
        path, found = f"/v1/organizations/{organization}/projects", dict[str, Project]()
        for _ in range(MAX_PAGES):
            query = {"limit": str(PAGE), "offset": str(len(found)), "sort": "created_asc"}
            if search:
                query["search"] = search
            response = await self._call("GET", path, "projects.list", organization, params=query)
            answer = document(VENDOR, response.content)
            pages, rows = record(answer.get("pagination")), records(answer.get("projects"))
            total = whole(pages, "count")
            if total is None or not isinstance(answer.get("projects"), list):
                raise RefusedByVendor(VENDOR, "malformed", "a list without its projects")
            before = len(found)
            found.update((one.ref, one) for row in rows for one in [_project(row, organization)])
            if len(found) >= total:
                return tuple(found.values())
            if len(found) == before:
                raise Unreachable(VENDOR, "a page is short of the projects it promised")
        raise RefusedByVendor(VENDOR, "malformed", "pages without an end")

    async def create(self, wish: NewProject) -> Project:
        """Ask for a project. Unreachable: it may be made all the same, so look for its name."""
        body = {
            "name": wish.name,
            "organization_slug": wish.organization,
            "db_pass": wish.password,
            "region_selection": {"type": "specific", "code": wish.region},
        }
        made = await self._call(
            "POST", "/v1/projects", "projects.create", wish.organization, json=body
        )
        return _project(document(VENDOR, made.content), wish.organization)

    async def get(self, ref: str) -> Project:
        """One project as it is now."""
        response = await self._call("GET", f"/v1/projects/{ref}", "projects.get", ref)
        return _project(document(VENDOR, response.content), "")

    async def health(self, ref: str, services: Sequence[str]) -> Mapping[str, str]:
        """Of each of these services COMING_UP, ACTIVE_HEALTHY or UNHEALTHY; none is left out."""
        path = f"/v1/projects/{ref}/health"
        response = await self._call(
            "GET", path, "projects.health", ref, params={"services": services}
        )
        told = {text(row, "name"): text(row, "status") for row in _rows(response)}
        return {name: told.get(name, "UNKNOWN") for name in services}

    async def poolers(self, ref: str) -> tuple[Pooler, ...]:
        """The ways through the shared pooler to the primary database."""
        path = f"/v1/projects/{ref}/config/database/pooler"
        rows = _rows(await self._call("GET", path, "poolers.get", ref))
        return tuple(_pooler(row) for row in rows if text(row, "database_type") == PRIMARY)

    async def pause(self, ref: str) -> None:
        """Begin to pause; its database ends every session."""
        await self._call("POST", f"/v1/projects/{ref}/pause", "projects.pause", ref)

    async def restore(self, ref: str) -> None:
        """Begin to bring a paused project back."""
        await self._call("POST", f"/v1/projects/{ref}/restore", "projects.restore", ref)

    async def delete(self, ref: str) -> None:
        """Delete the project with all it holds, for ever."""
        await self._call("DELETE", f"/v1/projects/{ref}", "projects.delete", ref)

    async def _call(
        self,
        method: str,
        path: str,
        operation: str,
        scope: str = "",
        *,
        json: Mapping[str, object] | None = None,
        params: Mapping[str, str | Sequence[str]] | None = None,
    ) -> httpx.Response:
        token = credential(VENDOR, self._token)
        await self._wait(operation, scope)
        response = await self._http.request(
            method,
            path,
            json=json,
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            extensions={"operation": operation},
        )
        check(response)
        return response

    async def _wait(self, operation: str, scope: str) -> None:
        left = PATIENCE
        while wait := await self._turn(operation, scope):
            if wait > left:
                raise RateLimited(VENDOR, wait, "our own limit")
            left -= wait
            await asyncio.sleep(wait.total_seconds())


def _rows(response: httpx.Response) -> tuple[Record, ...]:
    """The objects of an answer that is a list; what is none is no answer."""
    try:
        value = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise Unreachable(VENDOR, "the answer is not JSON") from None
    if not isinstance(value, list):
        raise RefusedByVendor(VENDOR, "malformed", "the answer is not a list")
    return records(value)


def _project(row: Record, organization: str) -> Project:
    ref = text(row, "ref", "id")
    if not ref:
        raise RefusedByVendor(VENDOR, "malformed", "a project without its ref")
    return Project(
        ref=ref,
        name=text(row, "name"),
        organization=text(row, "organization_slug") or organization,
        status=text(row, "status"),
        created_at=moment(row, "created_at", "inserted_at"),
        host=text(record(row.get("database")), "host"),
    )


def _pooler(row: Record) -> Pooler:
    """The fields; of the connection string what they lack: the user with the project's ref."""
    try:
        whole_string = conninfo_to_dict(text(row, "connection_string", "connectionString"))
    except ProgrammingError:
        whole_string = {}
    user, spelt = text(row, "db_user"), str(whole_string.get("user") or "")
    return Pooler(
        host=text(row, "db_host"),
        port=whole(row, "db_port") or 0,
        user=spelt if "." in spelt and "." not in user else user,
        database=text(row, "db_name"),
        mode=text(row, "pool_mode"),
        sslmode=str(whole_string.get("sslmode") or ""),
    )
