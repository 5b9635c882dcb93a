"""How HubSpot's records come into the index: whole by lists, then what changed by searches."""

from dataclasses import replace
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from integrations.hubspot.client import HubSpot
from integrations.hubspot.types import (
    CrmObject,
    HubSpotKey,
    ObjectKind,
    ObjectSearch,
    PropertyFilter,
)
from services.crm import hubspot_fields as fields
from services.crm.port import ChangePage, RecordKind

PAGE = 200
MOST_ROWS = 10_000  # of one search, then HubSpot answers 400 (contract §3)
OVERLAP = 120_000  # milliseconds read again: the index of searches lags


@dataclass(frozen=True, slots=True)
class ChangeCursor:
    """Where a reading stands; times in epoch milliseconds.

    `full`: lists, `after` leads on, `newest` is the newest stamp before it began. `changes`:
    from `since`, row `offset`, `newest` seen so far. `held`: more than 10,000 rows have the stamp
    `since`; they are paged by id, `after` is the last one.
    """

    phase: Literal["full", "changes", "held"] = "full"
    after: str = ""
    since: int = 0
    offset: int = 0
    newest: int = 0


CURSOR: TypeAdapter[ChangeCursor] = TypeAdapter(ChangeCursor)


class HubSpotChanges:
    """The pages of one account's records."""

    def __init__(
        self,
        client: HubSpot,
        key: HubSpotKey,
        reader: fields.Reader,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._client = client
        self._most_rows = most_rows
        self._key = key
        self._reader = reader

    async def page(self, kind: RecordKind, cursor: str) -> ChangePage:
        """The page after `cursor`, "" for the first of a full pass."""
        at = CURSOR.validate_json(cursor) if cursor else ChangeCursor()
        if at.phase == "full":
            return await self._listed(kind, at)
        return await (self._held(kind, at) if at.phase == "held" else self._changed(kind, at))

    async def _listed(self, kind: RecordKind, at: ChangeCursor) -> ChangePage:
        objects = fields.KINDS[kind]
        if not at.after:
            at = replace(at, newest=await self._newest(objects))
        found = await self._client.page(self._key, objects, fields.PROPERTIES[objects], at.after)
        if found.after:
            return self._told(kind, found.rows, replace(at, after=found.after), more=True)
        after_it = ChangeCursor("changes", since=max(0, at.newest - OVERLAP))
        return self._told(kind, found.rows, after_it, more=False)

    async def _changed(self, kind: RecordKind, at: ChangeCursor) -> ChangePage:
        objects, name = fields.KINDS[kind], _stamp(kind)
        tests = ((PropertyFilter(name, "GTE", str(at.since)),),)
        search = ObjectSearch(tests, fields.PROPERTIES[objects], name, after=at.offset)
        found = await self._client.search(self._key, objects, search)
        rows = await self._with_companies(objects, found.rows)
        newest = max([at.newest, *(_changed_at(kind, row) for row in rows)])
        reached = at.offset + len(rows)
        if not found.after:
            after_it = ChangeCursor("changes", since=max(at.since, newest - OVERLAP))
            return self._told(kind, rows, after_it, more=False, total=found.total)
        if reached + PAGE <= self._most_rows:
            further = replace(at, offset=reached, newest=newest)
        elif newest > at.since:
            further = ChangeCursor("changes", since=newest, newest=newest)
        else:
            further = ChangeCursor("held", since=at.since, after="0", newest=newest)
        return self._told(kind, rows, further, more=True, total=found.total)

    async def _held(self, kind: RecordKind, at: ChangeCursor) -> ChangePage:
        """Rows of one stamp by their ids, then on with the next stamp."""
        objects = fields.KINDS[kind]
        tests = (
            PropertyFilter(_stamp(kind), "EQ", str(at.since)),
            PropertyFilter("hs_object_id", "GT", at.after),
        )
        search = ObjectSearch((tests,), fields.PROPERTIES[objects], "hs_object_id")
        found = await self._client.search(self._key, objects, search)
        rows = await self._with_companies(objects, found.rows)
        if found.after and rows:
            return self._told(kind, rows, replace(at, after=rows[-1].id), more=True)
        following = ChangeCursor("changes", since=at.since + 1, newest=at.newest)
        return self._told(kind, rows, following, more=True)

    async def _newest(self, objects: ObjectKind) -> int:
        """The newest stamp as the full pass begins: what changes during it is read again after."""
        kind = next(kind for kind, name in fields.KINDS.items() if name == objects)
        name = _stamp(kind)
        search = ObjectSearch((), (name,), name, newest_first=True, limit=1)
        rows = (await self._client.search(self._key, objects, search)).rows
        return max((_changed_at(kind, row) for row in rows), default=0)

    async def _with_companies(
        self, objects: ObjectKind, rows: tuple[CrmObject, ...]
    ) -> tuple[CrmObject, ...]:
        """Searches tell no links."""
        if objects == "companies" or not rows:
            return rows
        ids = [row.id for row in rows]
        linked = await self._client.linked_many(self._key, objects, ids, "companies")
        return tuple(replace(row, linked={"companies": linked.get(row.id, ())}) for row in rows)

    def _told(
        self,
        kind: RecordKind,
        rows: tuple[CrmObject, ...],
        cursor: ChangeCursor,
        *,
        more: bool,
        total: int | None = None,
    ) -> ChangePage:
        records = tuple(self._reader.record(kind, row) for row in rows)
        return ChangePage(records, CURSOR.dump_json(cursor).decode(), more, total=total)


def _stamp(kind: RecordKind) -> str:
    """Contacts have another name for it (contract §4)."""
    return "lastmodifieddate" if kind == "contact" else "hs_lastmodifieddate"


def _changed_at(kind: RecordKind, row: CrmObject) -> int:
    at = fields.moment(row.properties.get(_stamp(kind), ""))
    return fields.milliseconds(at) if at else 0
