"""Crono's public API (contract B): envelopes, any case in requests, camelCase in replies."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.crono import search
from integrations.sandbox.crono.store import CronoStore, Record
from integrations.sandbox.crono.wire import Failure, low, many, one, read_body
from integrations.sandbox.kit.wire import Handler

KEYS = ("crono-sandbox-public", "crono-sandbox-private")
# Sorting a hundred thousand records for each page of two hundred takes minutes.
CROWD = 5_000
Answer = Callable[[web.Request], Awaitable[dict[str, Any]]]


class CronoApi:
    """The readers of every resource, behind the two key headers."""

    def __init__(self, store: CronoStore) -> None:
        self._store = store
        self._tables: dict[str, dict[str, Record]] = {
            "Accounts": store.accounts,
            "Prospects": store.prospects,
            "Opportunities": store.deals,
            "Notes": store.notes,
            "Users": store.users,
        }
        self._sorted: dict[str, tuple[object, int, list[Record]]] = {}

    def guarded(self, answer: Answer) -> Handler:
        """Checks the keys; a business error is a 200 that says isSuccess false (contract B2)."""

        async def guarded(request: web.Request) -> web.Response:
            given = (request.headers.get("X-Api-Key"), request.headers.get("X-Api-Secret"))
            if given != KEYS:
                error = Failure("ApiKeysMissing", "The API keys are missing or not valid.")
                return web.json_response(error.envelope(), status=401)
            try:
                return web.json_response(await answer(request))
            except Failure as failure:
                return web.json_response(failure.envelope())

        return guarded

    def listing(self, resource: str) -> Handler:
        """GET a page of a resource."""

        async def answer(request: web.Request) -> dict[str, Any]:
            query = {name.lower(): value for name, value in request.query.items()}
            limit, offset = search.paging(query)
            records = search.ordered(self._tables[resource].values(), resource, None)
            return many(records, limit, offset, lambda record: self._with(record, query))

        return self.guarded(answer)

    def reading(self, resource: str) -> Handler:
        """GET one of a resource."""

        async def answer(request: web.Request) -> dict[str, Any]:
            record = self._tables[resource].get(request.match_info["id"])
            if record is None:
                raise Failure("EntityNotFound", f"{resource}: no such object.")
            query = {name.lower(): value for name, value in request.query.items()}
            return one(self._with(record, query))

        return self.guarded(answer)

    def searching(self, resource: str) -> Handler:
        """POST search: filters, sorting and paging in a body that is not wrapped."""

        async def answer(request: web.Request) -> dict[str, Any]:
            body = low(await read_body(request))
            limit, offset = search.paging(body.get("pagination"))
            records = self._found(resource, body)
            includes = body.get("includes") or {}
            return many(records, limit, offset, lambda record: self._with(record, includes))

        return self.guarded(answer)

    async def users(self, request: web.Request) -> dict[str, Any]:
        """GET Users: the cheap check of the keys."""
        users = list(self._store.users.values())
        return many(users, len(users), 0)

    async def pipelines(self, request: web.Request) -> dict[str, Any]:
        """GET Pipelines with their stages."""
        pipelines = self._store.pipelines
        return many(pipelines, len(pipelines), 0)

    async def tasks(self, request: web.Request) -> dict[str, Any]:
        """POST Tasks/search: limit and offset are required and flat."""
        body = low(await read_body(request))
        limit, offset = search.paging(body)
        found = search.matching(self._store.tasks.values(), "Tasks", body)
        return many(sorted(found, key=lambda task: str(task["activityDate"])), limit, offset)

    def _found(self, resource: str, body: dict[str, Any]) -> list[Record]:
        """What fits, in order; of a crowd, pages of everything are sorted once."""
        table, sort = self._tables[resource], body.get("sort")
        whole = len(table) > CROWD and not set(body) - search.HARMLESS
        kept = self._sorted.get(resource)
        if whole and kept is not None and kept[:2] == (sort, len(table)):
            return kept[2]
        records = search.ordered(search.matching(table.values(), resource, body), resource, sort)
        if whole:
            self._sorted[resource] = (sort, len(table), records)
        return records

    def _with(self, record: Mapping[str, Any], includes: dict[str, Any]) -> Record:
        """The record with the objects that were asked for beside their ids."""
        shown = dict(record)
        for flag, key, name, table in (
            ("withaccount", "accountId", "account", self._store.accounts),
            ("withopportunity", "opportunityId", "opportunity", self._store.deals),
            ("withprospects", "prospectId", "prospect", self._store.prospects),
        ):
            if str(includes.get(flag)).lower() == "true" and key in record:
                shown[name] = table.get(str(record[key]))
        return shown
