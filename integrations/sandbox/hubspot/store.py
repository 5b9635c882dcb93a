"""The CRM of the cast as HubSpot holds it: numbered records, links in both directions, a lagging
index that searches read."""

import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from integrations.sandbox.hubspot.schema import LINKS, PROPERTIES, stamped, written
from integrations.sandbox.kit.world import CAST, World

PORTAL = 25_995_825
LAG = 2.0  # seconds until a search knows of a change


@dataclass(slots=True)
class Item:
    """One record; property values are strings or None."""

    id: str
    kind: str
    properties: dict[str, str | None]
    created: str
    updated: str
    archived: bool = False


@dataclass(slots=True)
class HubSpotStore:
    """Records by kind and id, owners, pipelines; `links` by (kind, id, other kind)."""

    items: dict[str, dict[str, Item]] = field(default_factory=lambda: {k: {} for k in PROPERTIES})
    owners: list[dict[str, Any]] = field(default_factory=list)
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    links: dict[tuple[str, str, str], dict[str, set[int]]] = field(default_factory=dict)
    merged: dict[tuple[str, str], str] = field(default_factory=dict)
    lag: float = LAG
    clock: Callable[[], float] = time.monotonic
    _index: dict[str, dict[str, Item]] = field(default_factory=lambda: {k: {} for k in PROPERTIES})
    _waiting: list[tuple[float, Item]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(46_149_990_001))

    def add(
        self, kind: str, properties: Mapping[str, str | None], at: datetime | None = None
    ) -> Item:
        """A new record with its stamps."""
        stamp = written(at or datetime.now(UTC))
        item = Item(str(next(self._numbers)), kind, dict(properties), stamp, stamp)
        made = "hs_createdate" if kind in ("notes", "tasks") else "createdate"
        item.properties |= {"hs_object_id": item.id, made: stamp, stamped(kind): stamp}
        self.items[kind][item.id] = item
        self._changed(item)
        return item

    def find(self, kind: str, item_id: str) -> Item | None:
        """The record, also an archived one; of one that was merged away the survivor."""
        return self.items[kind].get(self.merged.get((kind, item_id), item_id))

    def touch(self, item: Item, changes: Mapping[str, str | None] | None = None) -> None:
        """Change it; its stamp moves, as it does for every activity that is logged."""
        item.updated = written(datetime.now(UTC))
        item.properties |= {**(changes or {}), stamped(item.kind): item.updated}
        self._changed(item)

    def archive(self, item: Item) -> None:
        """Into the recycle bin, links and all."""
        item.archived = True
        for kind, one, other in list(self.links):
            if (kind, one) == (item.kind, item.id):
                for far in self.links.pop((kind, one, other)):
                    self.links.get((other, far, kind), {}).pop(item.id, None)
        self._changed(item)

    def merge(self, kind: str, keep: str, gone: str) -> None:
        """Two records become one: the id that is gone leads to the one that is kept."""
        self.archive(self.items[kind].pop(gone))
        self._index[kind].pop(gone, None)
        self.merged[(kind, gone)] = keep
        self.touch(self.items[kind][keep], {"hs_merged_object_ids": gone})

    def link(self, one: Item, other: Item, type_id: int) -> None:
        """Both ways; ids of both directions stand at the same place of their pairs."""
        there = LINKS[(one.kind, other.kind)]
        back = LINKS[(other.kind, one.kind)][there.index(type_id)]
        self.links.setdefault((one.kind, one.id, other.kind), {}).setdefault(other.id, set()).add(
            type_id
        )
        self.links.setdefault((other.kind, other.id, one.kind), {}).setdefault(one.id, set()).add(
            back
        )

    def linked(self, kind: str, item_id: str, to: str) -> dict[str, set[int]]:
        """Ids of the other kind and the types of their links, lowest id first."""
        found = self.links.get((kind, self.merged.get((kind, item_id), item_id), to), {})
        return dict(sorted(found.items(), key=lambda pair: int(pair[0])))

    def searchable(self, kind: str) -> list[Item]:
        """What searches know: records as they were a moment ago, archived ones left out."""
        now = self.clock()
        due = [item for at, item in self._waiting if at + self.lag <= now]
        self._waiting = [(at, item) for at, item in self._waiting if at + self.lag > now]
        for item in due:
            self._index[item.kind][item.id] = item
        return [item for item in self._index[kind].values() if not item.archived]

    def stages(self) -> dict[str, dict[str, Any]]:
        """Every stage of every pipeline by its id, with its pipeline's."""
        return {s["id"]: {**s, "pipeline": p["id"]} for p in self.pipelines for s in p["stages"]}

    def _changed(self, item: Item) -> None:
        self._waiting.append((self.clock(), deepcopy(item)))


def cast_store(world: World, path: Path = CAST / "companies.toml") -> HubSpotStore:
    """A store with the companies every CRM of the sandbox knows, searchable at once."""
    cast = tomllib.loads(path.read_text(encoding="utf-8"))
    store = HubSpotStore(lag=0.0)
    store.owners = list(_owners(world))
    store.pipelines = list(_pipelines(cast["pipeline"], written(world.started_at)))
    owners = {str(o["email"]).partition("@")[0]: str(o["id"]) for o in store.owners}
    for company in cast["company"]:
        _add_company(store, company, owners, world.started_at)
    for name in cast["others"]:
        _add_company(store, {"name": name}, owners, world.started_at)
    for kind in PROPERTIES:
        store.searchable(kind)
    store.lag = LAG
    return store


def _add_company(
    store: HubSpotStore, row: Mapping[str, Any], owners: Mapping[str, str], now: datetime
) -> None:
    owner = owners.get(row.get("owner", "ada"), "")
    website = row.get("website")
    employees = row.get("employees")
    company = store.add(
        "companies",
        {
            "name": row["name"],
            "domain": row.get("domain") or _host(website),
            "website": website,
            "industry": row.get("industry"),
            "country": row.get("country"),
            "numberofemployees": str(employees) if employees else None,
            "lifecyclestage": "customer" if row.get("status") == "Customer" else "opportunity",
            "hubspot_owner_id": owner,
        },
        now - timedelta(days=9),
    )
    for line in row.get("contacts", ()):
        _add_contact(store, company, owner, line, now)
    for line in row.get("deals", ()):
        _add_deal(store, company, owner, line, now)
    for line in row.get("notes", ()):
        days, _, text = line.partition("|")
        at = now - timedelta(days=float(days))
        words = {"hs_note_body": f"<p>{text.strip()}</p>", "hs_timestamp": written(at)}
        note = store.add("notes", {**words, "hubspot_owner_id": owner}, at)
        store.link(note, company, 190)


def _add_contact(store: HubSpotStore, company: Item, owner: str, line: str, now: datetime) -> None:
    name, email, title = (part.strip() for part in line.split("|"))
    first, _, last = name.partition(" ")
    names = {"firstname": first, "lastname": last, "email": email or None, "jobtitle": title}
    contact = store.add("contacts", {**names, "hubspot_owner_id": owner}, now - timedelta(days=12))
    for type_id in LINKS[("contacts", "companies")]:
        store.link(contact, company, type_id)


def _add_deal(store: HubSpotStore, company: Item, owner: str, line: str, now: datetime) -> None:
    name, stage, amount, closes = (part.strip() for part in line.split("|"))
    properties = {
        "dealname": name,
        "amount": amount,
        "dealstage": stage,
        "pipeline": "default",
        "closedate": written(now + timedelta(days=int(closes))),
        "description": None,
        "deal_currency_code": "EUR",
        "hubspot_owner_id": owner,
        **computed(store, stage),
    }
    deal = store.add("deals", properties, now - timedelta(days=7))
    for type_id in LINKS[("deals", "companies")]:
        store.link(deal, company, type_id)


def computed(store: HubSpotStore, stage: str) -> dict[str, str | None]:
    """What HubSpot derives from a deal's stage."""
    metadata = store.stages()[stage]["metadata"]
    closed = metadata["isClosed"] == "true"
    return {
        "hs_deal_stage_probability": metadata["probability"],
        "hs_is_closed": str(closed).lower(),
        "hs_is_closed_won": str(closed and metadata["probability"] == "1.0").lower(),
        "hs_is_closed_lost": str(closed and metadata["probability"] == "0.0").lower(),
    }


def _host(website: str | None) -> str | None:
    host = (website or "").partition("//")[2].partition("/")[0] or website
    return host.removeprefix("www.") if host else None


def _owners(world: World) -> Iterator[dict[str, Any]]:
    for number, person in enumerate(world.home.people, start=1):
        first, _, last = person.real_name.partition(" ")
        yield {
            "id": str(71_000_100 + number),
            "email": person.email,
            "firstName": first,
            "lastName": last,
            "type": "PERSON",
            "userId": 9_000 + number,
            "userIdIncludingInactive": 9_000 + number,
            "createdAt": written(world.started_at - timedelta(days=500)),
            "updatedAt": written(world.started_at - timedelta(days=500)),
            "archived": False,
        }


def _pipelines(rows: Mapping[str, list[str]], stamp: str) -> Iterator[dict[str, Any]]:
    for order, (key, stages) in enumerate(rows.items()):
        name, _, label = key.partition("|")
        yield {
            "id": name.strip(),
            "label": label.strip(),
            "displayOrder": order,
            "archived": False,
            "createdAt": stamp,
            "updatedAt": stamp,
            "stages": [_stage(place, row, stamp) for place, row in enumerate(stages)],
        }


def _stage(order: int, row: str, stamp: str) -> dict[str, Any]:
    name, label, percent = (part.strip() for part in row.split("|"))
    closed = percent in ("0", "100")
    return {
        "id": name,
        "label": label,
        "displayOrder": order,
        "archived": False,
        "createdAt": stamp,
        "updatedAt": stamp,
        "metadata": {
            "probability": str(int(percent) / 100),
            "isClosed": str(closed).lower(),
        },
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }
