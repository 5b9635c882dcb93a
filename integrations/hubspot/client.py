"""The verbs we need of HubSpot's CRM API, version 2026-09 (contract hubspot.md)."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

import httpx

from integrations.errors import RateLimited, RefusedByVendor
from integrations.http import SHORT_WAIT, credential
from integrations.hubspot.errors import VENDOR, check
from integrations.hubspot.pacing import Pace
from integrations.hubspot.types import (
    TYPE_IDS,
    CrmObject,
    DealPipeline,
    HubSpotKey,
    HubSpotOwner,
    Link,
    ObjectKind,
    Objects,
    ObjectSearch,
    Portal,
    read_links,
    read_object,
    read_owner,
    read_pipeline,
    read_portal,
)
from integrations.json_fields import Record, document, record, records, text, whole

HUBSPOT_VERSION = "2026-09"  # kept until about March 2028
LIST_PAGE, BATCH, LINKS_PAGE = 100, 100, 500
MAX_LINK_PAGES = 4
SEARCH_TRIES = 3
TOKEN_INFO = "/oauth/v2/private-apps/get/access-token-info"  # noqa: S105 — a path
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Call:
    """One request; `budget` is what it counts against, `safe` a POST that only reads."""

    method: str
    path: str
    operation: str
    params: Values = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    safe: bool = False
    budget: Literal["calls", "background", "searches"] = "calls"


class HubSpot:
    """One account's CRM behind a service key.

    Takes a client made by `integrations.http.client`. Every call raises Unreachable, RateLimited,
    AuthExpired or RefusedByHubSpot. Creates are never sent twice.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._paces: dict[str, Pace] = {}

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def portal(self, key: HubSpotKey) -> Portal:
        """The account the key belongs to: the cheapest call that tells whether it works."""
        path = f"/account-info/{HUBSPOT_VERSION}/details"
        return read_portal(await self._get(key, path, "account.details"))

    async def scopes(self, key: HubSpotKey) -> frozenset[str] | None:
        """What the key may do; None when HubSpot does not tell (an old path, contract §2)."""
        try:
            answer = await self._post(key, TOKEN_INFO, {"tokenKey": key.token}, "token.info")
        except RefusedByVendor:
            return None
        found = answer.get("scopes")
        return frozenset(map(str, found)) if isinstance(found, list) else None

    async def owners(self, key: HubSpotKey) -> tuple[HubSpotOwner, ...]:
        """Everyone records may belong to."""
        found: list[HubSpotOwner] = []
        after = ""
        while True:
            params = {"limit": str(LIST_PAGE), **({"after": after} if after else {})}
            path = f"/crm/owners/{HUBSPOT_VERSION}"
            answer = await self._get(key, path, "owners.list", params)
            found += map(read_owner, records(answer.get("results")))
            after = _next(answer)
            if not after:
                return tuple(one for one in found if one.id)

    async def pipelines(self, key: HubSpotKey) -> tuple[DealPipeline, ...]:
        """Every pipeline of deals that is in use, in HubSpot's order."""
        path = f"/crm/pipelines/{HUBSPOT_VERSION}/deals"
        answer = await self._get(key, path, "pipelines.list")
        rows = [one for one in records(answer.get("results")) if one.get("archived") is not True]
        rows.sort(key=lambda one: whole(one, "displayOrder") or 0)
        return tuple(map(read_pipeline, rows))

    async def options(self, key: HubSpotKey, kind: ObjectKind, name: str) -> frozenset[str]:
        """The values a property of a list may have."""
        path = f"/crm/properties/{HUBSPOT_VERSION}/{kind}/{name}"
        answer = await self._get(key, path, "properties.get")
        return frozenset(text(one, "value") for one in records(answer.get("options")))

    async def read(
        self, key: HubSpotKey, kind: ObjectKind, record_id: str, names: Iterable[str]
    ) -> CrmObject:
        """One record; of one that was merged away the survivor, with its own id."""
        params = {"properties": ",".join(names)}
        if kind != "companies":
            params["associations"] = "companies"
        path = f"{_objects(kind)}/{quote(record_id, safe='')}"
        return read_object(await self._get(key, path, f"{kind}.get", params))

    async def read_many(
        self, key: HubSpotKey, kind: ObjectKind, ids: Iterable[str], names: Iterable[str]
    ) -> tuple[CrmObject, ...]:
        """Those of the records that are there (a 207 leaves the others out)."""
        wanted, properties = list(dict.fromkeys(ids)), list(names)
        found: list[CrmObject] = []
        for start in range(0, len(wanted), BATCH):
            inputs = [{"id": one} for one in wanted[start : start + BATCH]]
            body = {"properties": properties, "inputs": inputs}
            answer = await self._post(key, f"{_objects(kind)}/batch/read", body, f"{kind}.batch")
            found += map(read_object, records(answer.get("results")))
        return tuple(found)

    async def page(
        self, key: HubSpotKey, kind: ObjectKind, names: Iterable[str], after: str
    ) -> Objects:
        """A page of all records with their companies, for a full pass; "" is the first."""
        params = {"limit": str(LIST_PAGE), "properties": ",".join(names)}
        if kind != "companies":
            params["associations"] = "companies"
        if after:
            params["after"] = after
        call = _Call("GET", _objects(kind), f"{kind}.list", params, budget="background")
        answer = await self._send(key, call)
        return Objects(tuple(map(read_object, records(answer.get("results")))), _next(answer))

    async def search(self, key: HubSpotKey, kind: ObjectKind, search: ObjectSearch) -> Objects:
        """A page of a search; HubSpot's index is some seconds behind what was written."""
        body: dict[str, object] = {
            "filterGroups": [{"filters": [one.body() for one in group]} for group in search.groups],
            "properties": list(search.properties),
            "limit": search.limit,
            "after": str(search.after),
        }
        if search.sort:
            direction = "DESCENDING" if search.newest_first else "ASCENDING"
            body["sorts"] = [{"propertyName": search.sort, "direction": direction}]
        path = f"{_objects(kind)}/search"
        call = _Call("POST", path, f"{kind}.search", body=body, safe=True, budget="searches")
        answer = await self._searched(key, call)
        rows = tuple(map(read_object, records(answer.get("results"))))
        return Objects(rows, _next(answer), whole(answer, "total"))

    async def linked(
        self, key: HubSpotKey, kind: ObjectKind, record_id: str, to: ObjectKind
    ) -> tuple[str, ...]:
        """Ids of the records of another kind that are tied to this one, 2,000 at most."""
        path = f"{_objects(kind)}/{quote(record_id, safe='')}/associations/{to}"
        rows: list[Record] = []
        after = ""
        for _ in range(MAX_LINK_PAGES):
            params = {"limit": str(LINKS_PAGE), **({"after": after} if after else {})}
            answer = await self._get(key, path, f"{kind}.associations", params)
            rows += records(answer.get("results"))
            after = _next(answer)
            if not after:
                break
        return read_links(tuple(rows))

    async def linked_many(
        self, key: HubSpotKey, kind: ObjectKind, ids: Iterable[str], to: ObjectKind
    ) -> dict[str, tuple[str, ...]]:
        """The same for many records at once; those without any are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, tuple[str, ...]] = {}
        path = f"/crm/associations/{HUBSPOT_VERSION}/{kind}/{to}/batch/read"
        for start in range(0, len(wanted), BATCH):
            body = {"inputs": [{"id": one} for one in wanted[start : start + BATCH]]}
            answer = await self._post(key, path, body, "associations.batch")
            for row in records(answer.get("results")):
                found[text(record(row.get("from")), "id")] = read_links(records(row.get("to")))
        return found

    async def create(
        self, key: HubSpotKey, kind: ObjectKind, values: Values, links: Iterable[Link]
    ) -> CrmObject:
        """A new record tied to these; never repeated: whether a lost one is there, only a look
        tells."""
        associations = [
            {
                "to": {"id": link.id},
                "types": [
                    {
                        "associationCategory": "HUBSPOT_DEFINED",
                        "associationTypeId": TYPE_IDS[(kind, link.kind)],
                    }
                ],
            }
            for link in links
        ]
        body = {"properties": dict(values), "associations": associations}
        call = _Call("POST", _objects(kind), f"{kind}.create", body=body)
        return read_object(await self._send(key, call))

    async def tie(self, key: HubSpotKey, record: tuple[ObjectKind, str], link: Link) -> None:
        """HubSpot's default link between a record (kind, id) and another; again it is the same."""
        kind, record_id = record
        end = f"associations/default/{link.kind}/{quote(link.id, safe='')}"
        path = f"{_objects(kind)}/{quote(record_id, safe='')}/{end}"
        await self._send(key, _Call("PUT", path, f"{kind}.associate", safe=True))

    async def update(
        self, key: HubSpotKey, kind: ObjectKind, record_id: str, values: Values
    ) -> CrmObject:
        """Change these properties and no others; "" clears one."""
        path = f"{_objects(kind)}/{quote(record_id, safe='')}"
        # The same again ends the same: it may be sent twice.
        body = {"properties": dict(values)}
        call = _Call("PATCH", path, f"{kind}.update", body=body, safe=True)
        return read_object(await self._send(key, call))

    async def delete(self, key: HubSpotKey, kind: ObjectKind, record_id: str) -> None:
        """Into HubSpot's recycle bin; gone already is fine."""
        path = f"{_objects(kind)}/{quote(record_id, safe='')}"
        try:
            await self._send(key, _Call("DELETE", path, f"{kind}.delete", safe=True))
        except RefusedByVendor as error:
            if error.code != "OBJECT_NOT_FOUND":
                raise

    async def _searched(self, key: HubSpotKey, call: _Call) -> Record:
        """Asked again when other processes or apps used up this second's searches."""
        for attempt in range(1, SEARCH_TRIES):
            try:
                return await self._send(key, call)
            except RateLimited as error:
                if error.retry_after > SHORT_WAIT:
                    raise
                await asyncio.sleep(error.retry_after.total_seconds() * attempt)
        return await self._send(key, call)

    async def _get(
        self, key: HubSpotKey, path: str, operation: str, params: Values | None = None
    ) -> Record:
        return await self._send(key, _Call("GET", path, operation, params or {}))

    async def _post(
        self, key: HubSpotKey, path: str, body: Mapping[str, object], operation: str
    ) -> Record:
        return await self._send(key, _Call("POST", path, operation, body=body, safe=True))

    async def _send(self, key: HubSpotKey, call: _Call) -> Record:
        await self._turn(key, call)
        response = await self._http.request(
            call.method,
            call.path,
            headers={"Authorization": f"Bearer {credential(VENDOR, key.token)}"},
            params=dict(call.params),
            json=call.body,
            extensions={"operation": call.operation, "safe": call.safe},
        )
        check(response)
        return document(VENDOR, response.content) if response.content else {}

    async def _turn(self, key: HubSpotKey, call: _Call) -> None:
        # By digest: a dictionary of secrets is one more place to look for them.
        name = hashlib.sha256(key.token.encode()).hexdigest()
        pace = self._paces.setdefault(name, Pace())
        if call.budget == "searches":
            await pace.search()
        else:
            await pace.call(background=call.budget == "background")


def _objects(kind: ObjectKind) -> str:
    return f"/crm/objects/{HUBSPOT_VERSION}/{kind}"


def _next(answer: Record) -> str:
    return text(record(record(answer.get("paging")).get("next")), "after")
