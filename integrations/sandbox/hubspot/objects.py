"""Objects one by one, in lists and in batches (contract §4)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import web

from integrations.sandbox.hubspot.schema import (
    LINKS,
    PROPERTIES,
    chosen,
    kind_of,
    required,
    stamped,
    values,
    written,
)
from integrations.sandbox.hubspot.store import HubSpotStore, Item, computed
from integrations.sandbox.hubspot.wire import Failure, Json, error_body, invalid, read_body

LONGEST_LIST, LARGEST_BATCH = 100, 100
USUAL_PAGE = 10
DEFAULTS = {
    "companies": ("name", "domain", "createdate", "hs_lastmodifieddate"),
    "contacts": ("firstname", "lastname", "email", "createdate", "lastmodifieddate"),
    "deals": ("dealname", "amount", "closedate", "pipeline", "dealstage", "createdate"),
}
# A deal that is lost must say why: an administrator's rule (contract §1).
REASONED = ("closedlost", "closed_lost_reason")


def asked(names: str | Sequence[str] | None, kind: str) -> list[str]:
    """Names of properties that shall be shown, those always shown included."""
    listed = names.split(",") if isinstance(names, str) else list(names or DEFAULTS.get(kind, ()))
    return [name.strip() for name in listed] + ["hs_object_id", stamped(kind)]


def shown(item: Item, names: Sequence[str]) -> Json:
    """The record as a read gives it."""
    return {
        "id": item.id,
        "properties": chosen(item.kind, item.properties, names),
        "createdAt": item.created,
        "updatedAt": item.updated,
        "archived": item.archived,
    }


class Objects:
    """Reads and writes of every object type."""

    def __init__(self, store: HubSpotStore, changed: Callable[[], None]) -> None:
        self._store, self._changed = store, changed

    async def listing(self, request: web.Request) -> web.Response:
        """GET a page, oldest id first, without any cap."""
        kind = kind_of(request.match_info["kind"])
        limit = _page_size(request.query.get("limit"), LONGEST_LIST)
        after = int(request.query.get("after", "0") or 0)
        archived = request.query.get("archived") == "true"
        items = [
            item
            for item in self._store.items[kind].values()
            if item.archived == archived and int(item.id) > after
        ]
        names = asked(request.query.get("properties"), kind)
        rows = [self._with_links(item, names, request) for item in items[:limit]]
        body: Json = {"results": rows}
        if len(items) > limit:
            body["paging"] = {"next": {"after": rows[-1]["id"], "link": "?after="}}
        return web.json_response(body)

    async def reading(self, request: web.Request) -> web.Response:
        """GET one by its id, or by a unique property."""
        kind = kind_of(request.match_info["kind"])
        item = self._one(kind, request)
        if item.archived and request.query.get("archived") != "true":
            raise _not_found()
        names = asked(request.query.get("properties"), kind)
        return web.json_response(self._with_links(item, names, request))

    async def batch(self, request: web.Request) -> web.Response:
        """POST batch/read: what is not found is told with a 207."""
        kind = kind_of(request.match_info["kind"])
        body = await read_body(request)
        wanted = [str(one.get("id")) for one in body.get("inputs") or ()]
        if not 1 <= len(wanted) <= LARGEST_BATCH:
            raise invalid(f"inputs must hold between 1 and {LARGEST_BATCH}")
        names = asked(body.get("properties"), kind)
        by_email = body.get("idProperty") == "email"
        find = self._by_email if by_email else partial(self._alive, kind)
        pairs = [(one, find(one)) for one in wanted]
        found = {item.id: item for _, item in pairs if item is not None}
        missing = [one for one, item in pairs if item is None]
        now = written(datetime.now(UTC))
        answer: Json = {
            "status": "COMPLETE",
            "results": [shown(item, names) for item in found.values()],
            "startedAt": now,
            "completedAt": now,
        }
        if not missing:
            return web.json_response(answer)
        error = error_body("OBJECT_NOT_FOUND", "Could not get some objects")
        answer |= {"numErrors": 1, "errors": [{**error, "context": {"ids": missing}}]}
        return web.json_response(answer, status=207)

    async def create(self, request: web.Request) -> web.Response:
        """POST a new one; empty `types` are accepted and link nothing, as they are over there."""
        kind = kind_of(request.match_info["kind"])
        body = await read_body(request)
        properties = values(kind, body.get("properties"))
        required(kind, properties)
        if kind == "deals":
            properties |= self._staged(properties, {})
        ends = [end for one in body.get("associations") or () for end in self._ends(kind, one)]
        item = self._store.add(kind, properties)
        for other, type_id in ends:
            self._store.link(item, other, type_id)
            self._store.touch(other)
        self._changed()
        return web.json_response(shown(item, list(item.properties)), status=201)

    async def change(self, request: web.Request) -> web.Response:
        """PATCH some properties; an empty string clears."""
        kind = kind_of(request.match_info["kind"])
        item = self._one(kind, request)
        if item.archived:
            raise _not_found()
        changes = values(kind, (await read_body(request)).get("properties"))
        if kind == "deals":
            changes |= self._staged(changes, item.properties)
        self._store.touch(item, changes)
        self._changed()
        return web.json_response(shown(item, list(item.properties)))

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE: into the recycle bin; again it is the same."""
        kind = kind_of(request.match_info["kind"])
        item = self._store.items[kind].get(request.match_info["id"])
        if item is not None and not item.archived:
            self._store.archive(item)
            self._changed()
        return web.Response(status=204)

    def _one(self, kind: str, request: web.Request) -> Item:
        name = request.match_info["id"]
        by_email = request.query.get("idProperty") == "email"
        item = self._by_email(name) if by_email else self._store.find(kind, name)
        if item is None:
            raise _not_found()
        return item

    def _alive(self, kind: str, item_id: str) -> Item | None:
        item = self._store.find(kind, item_id)
        return None if item is None or item.archived else item

    def _by_email(self, email: str) -> Item | None:
        wanted = email.lower()
        for item in self._store.items["contacts"].values():
            more = (item.properties.get("hs_additional_emails") or "").lower().split(";")
            own = (item.properties.get("email") or "").lower()
            if not item.archived and wanted in (own, *more):
                return item
        return None

    def _ends(self, kind: str, association: Any) -> list[tuple[Item, int]]:
        """The far end with each id of its types; 400 for ids of another pair or direction."""
        far = str((association.get("to") or {}).get("id"))
        types = [int(one.get("associationTypeId", 0)) for one in association.get("types") or ()]
        pairs = {t: to for (one, to), ids in LINKS.items() if one == kind for t in ids}
        kinds = {pairs.get(type_id) for type_id in types}
        if not types:
            return []
        [to] = kinds if len(kinds) == 1 else [None]
        item = self._alive(to, far) if to else None
        if item is None:
            words = f"One or more associations are not valid. Invalid ids: {far}"
            raise invalid(words, "INVALID_OBJECT_IDS")
        return [(item, type_id) for type_id in types]

    def _staged(
        self, changes: dict[str, str | None], present: dict[str, str | None]
    ) -> dict[str, str | None]:
        """What a stage brings with it; 400 when it is none of the pipeline's or asks for more."""
        if "dealstage" not in changes and "pipeline" not in changes:
            return {}
        after = {**present, **changes}
        stage = self._store.stages().get(after.get("dealstage") or "")
        if stage is None or stage["pipeline"] != after.get("pipeline", "default"):
            words = f"{after.get('dealstage')} was not one of the allowed options"
            raise invalid(words, "INVALID_OPTION", "dealstage")
        demanding, reason = REASONED
        if stage["id"] == demanding and not after.get(reason):
            words = f"The stage needs a value for {reason}"
            raise invalid(words, "MISSING_CONDITIONAL_REQUIRED_PROPERTY", reason)
        derived = computed(self._store, stage["id"])
        closes = derived["hs_is_closed"] == "true" and "closedate" not in changes
        return {**derived, **({"closedate": written(datetime.now(UTC))} if closes else {})}

    def _with_links(self, item: Item, names: Sequence[str], request: web.Request) -> Json:
        row = shown(item, names)
        listed = request.query.get("associations", "")
        links = {}
        for to in filter(None, listed.split(",")):
            kind = kind_of(to.strip())
            ids = self._store.linked(item.kind, item.id, kind)
            rows = [
                {"id": far, "type": f"{item.kind}_to_{kind}"} for far, types in ids.items() if types
            ]
            if rows:
                links[kind] = {"results": rows}
        return {**row, "associations": links} if links else row


def kinds() -> tuple[str, ...]:
    """Every object type that is imitated."""
    return tuple(PROPERTIES)


def _page_size(given: str | None, most: int) -> int:
    if given is None:
        return USUAL_PAGE
    if not given.isdigit() or not 1 <= int(given) <= most:
        raise invalid(f"limit must be between 1 and {most}")
    return int(given)


def _not_found() -> Failure:
    return Failure(404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.")
