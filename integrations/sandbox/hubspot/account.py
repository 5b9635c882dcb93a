"""The account itself: details, owners, pipelines, properties, what a key may do; and links."""

from typing import Any

from aiohttp import web

from integrations.sandbox.hubspot.schema import LINKS, PROPERTIES, kind_of
from integrations.sandbox.hubspot.store import PORTAL, HubSpotStore
from integrations.sandbox.hubspot.wire import SCOPES, Failure, Json, error_body, invalid, read_body

LARGEST_BATCH = 1_000
LARGEST_PAGE = 500


class Account:
    """What is asked about the account, and how records are linked."""

    def __init__(self, store: HubSpotStore) -> None:
        self._store = store

    async def details(self, request: web.Request) -> web.Response:
        """GET account-info details."""
        body = {
            "portalId": PORTAL,
            "accountType": "STANDARD",
            "timeZone": "Europe/Rome",
            "companyCurrency": "EUR",
            "additionalCurrencies": [],
            "utcOffset": "+01:00",
            "utcOffsetMilliseconds": 3_600_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        }
        return web.json_response(body)

    async def token(self, request: web.Request) -> web.Response:
        """POST access-token-info: a token nobody has is answered 404 with HTML (contract §2)."""
        body = await read_body(request)
        if not body.get("tokenKey"):
            raise invalid("tokenKey is required")
        granted = SCOPES.get(str(body["tokenKey"]))
        if granted is None:
            return web.Response(status=404, text="<html>Not found</html>", content_type="text/html")
        answer = {"userId": 9_001, "hubId": PORTAL, "appId": 31_337, "scopes": sorted(granted)}
        return web.json_response(answer)

    async def owners(self, request: web.Request) -> web.Response:
        """GET owners, by their address too."""
        email = request.query.get("email", "").lower()
        found = [one for one in self._store.owners if email in ("", one["email"].lower())]
        return web.json_response({"results": found})

    async def pipelines(self, request: web.Request) -> web.Response:
        """GET pipelines with their stages; only deals have some."""
        rows = self._store.pipelines if kind_of(request.match_info["kind"]) == "deals" else []
        return web.json_response({"results": rows})

    async def property(self, request: web.Request) -> web.Response:
        """GET one property's definition."""
        kind, name = kind_of(request.match_info["kind"]), request.match_info["name"]
        known = PROPERTIES[kind].get(name)
        if known is None:
            raise Failure(404, "OBJECT_NOT_FOUND", f"No property exists with the name {name}")
        options = [
            {"label": one.title(), "value": one, "hidden": False, "displayOrder": place}
            for place, one in enumerate(known if isinstance(known, tuple) else ())
        ]
        body = {
            "name": name,
            "label": name.replace("_", " ").capitalize(),
            "type": "enumeration" if options else known,
            "fieldType": "select" if options else "text",
            "description": "",
            "groupName": f"{kind}information",
            "options": options,
        }
        return web.json_response(body)

    async def links(self, request: web.Request) -> web.Response:
        """GET one record's links to another kind."""
        kind, far = kind_of(request.match_info["kind"]), kind_of(request.match_info["to"])
        item = self._store.find(kind, request.match_info["id"])
        if item is None or item.archived:
            raise Failure(404, "OBJECT_NOT_FOUND", "Object not found.")
        after, limit = int(request.query.get("after", "0")), self._limit(request)
        rows = self._rows(kind, item.id, far)
        body: Json = {"results": rows[after : after + limit]}
        if after + limit < len(rows):
            body["paging"] = {"next": {"after": str(after + limit)}}
        return web.json_response(body)

    async def batch(self, request: web.Request) -> web.Response:
        """POST associations batch/read: those without any link are told with a 207."""
        kind, far = kind_of(request.match_info["kind"]), kind_of(request.match_info["to"])
        inputs = [str(one.get("id")) for one in (await read_body(request)).get("inputs") or ()]
        if not 1 <= len(inputs) <= LARGEST_BATCH:
            raise invalid(f"inputs must hold between 1 and {LARGEST_BATCH}")
        found = {one: self._rows(kind, one, far) for one in inputs}
        answer: Json = {
            "status": "COMPLETE",
            "results": [{"from": {"id": one}, "to": rows} for one, rows in found.items() if rows],
            "startedAt": "2026-11-18T10:00:00Z",
            "completedAt": "2026-11-18T10:00:00Z",
        }
        bare = [one for one, rows in found.items() if not rows]
        if not bare:
            return web.json_response(answer)
        error = error_body("OBJECT_NOT_FOUND", f"No {far} is associated")
        answer |= {"numErrors": len(bare), "errors": [{**error, "context": {"fromObjectId": bare}}]}
        return web.json_response(answer, status=207)

    async def put(self, request: web.Request) -> web.Response:
        """PUT the default link, without a body."""
        kind, far = kind_of(request.match_info["kind"]), kind_of(request.match_info["to"])
        one = self._store.find(kind, request.match_info["id"])
        other = self._store.find(far, request.match_info["to_id"])
        if one is None or other is None or (kind, far) not in LINKS:
            raise invalid("One or more associations are not valid", "INVALID_OBJECT_IDS")
        self._store.link(one, other, LINKS[(kind, far)][0])
        return web.json_response({"status": "COMPLETE", "results": []})

    def _limit(self, request: web.Request) -> int:
        limit = request.query.get("limit", str(LARGEST_PAGE))
        if not limit.isdigit() or not 1 <= int(limit) <= LARGEST_PAGE:
            raise invalid(f"limit must be between 1 and {LARGEST_PAGE}")
        return int(limit)

    def _rows(self, kind: str, item_id: str, far: str) -> list[dict[str, Any]]:
        return [
            {
                "toObjectId": other,
                "associationTypes": [
                    {"category": "HUBSPOT_DEFINED", "typeId": one, "label": None}
                    for one in sorted(types)
                ],
            }
            for other, types in self._store.linked(kind, item_id, far).items()
        ]
