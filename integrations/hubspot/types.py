"""What HubSpot's API speaks of, in HubSpot's words; ids are numbers written as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from integrations.json_fields import Record, flag, record, records, text, whole

ObjectKind = Literal["companies", "contacts", "deals", "notes", "tasks"]
# HUBSPOT_DEFINED association ids (contract §4). The primary ones (1, 5) are read, never written.
TYPE_IDS: Mapping[tuple[ObjectKind, ObjectKind], int] = {
    ("notes", "companies"): 190,
    ("notes", "contacts"): 202,
    ("notes", "deals"): 214,
    ("tasks", "companies"): 192,
    ("tasks", "contacts"): 204,
    ("tasks", "deals"): 216,
}
PRIMARY = frozenset({1, 5})


@dataclass(frozen=True, slots=True)
class HubSpotKey:
    """A service key, or the token of an older private app."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Portal:
    """The HubSpot account: `time_zone` is an IANA name, `currency` the company's (ISO 4217)."""

    id: str
    time_zone: str
    currency: str
    ui_domain: str


@dataclass(frozen=True, slots=True)
class CrmObject:
    """One record: properties as text, "" for none; `linked` holds ids by kind, primary first."""

    id: str
    properties: Mapping[str, str]
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A new record's tie to another one."""

    kind: ObjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Objects:
    """One page; `after` leads to the next, "" on the last. Only searches tell a `total`."""

    rows: tuple[CrmObject, ...]
    after: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    """A test of a search: `value` as text, times as epoch milliseconds."""

    property: str
    operator: Literal["EQ", "NEQ", "GT", "GTE", "CONTAINS_TOKEN"]
    value: str

    def body(self) -> dict[str, str]:
        """As the API takes it."""
        return {
            "propertyName": self.property,
            "operator": self.operator,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class ObjectSearch:
    """Records that pass all filters of one of the `groups`; 10,000 rows at most (contract §3)."""

    groups: tuple[tuple[PropertyFilter, ...], ...] = ()
    properties: tuple[str, ...] = ()
    sort: str = ""
    newest_first: bool = False
    limit: int = 200
    after: int = 0


@dataclass(frozen=True, slots=True)
class PipelineStage:
    """`probability` from 0 to 1; a stage that is not `writable` takes no deals from us."""

    id: str
    label: str
    closed: bool
    probability: float
    writable: bool


@dataclass(frozen=True, slots=True)
class DealPipeline:
    """Stages in their order, archived ones left out."""

    id: str
    label: str
    stages: tuple[PipelineStage, ...]


@dataclass(frozen=True, slots=True)
class HubSpotOwner:
    """Whom records belong to; `id` is what `hubspot_owner_id` wants."""

    id: str
    name: str
    email: str


def read_object(row: Record) -> CrmObject:
    """A record of any answer, with its links where they were asked for."""
    properties = record(row.get("properties"))
    values = {name: text(properties, name) for name in properties}
    linked = {
        kind: _first_primary(records(record(found).get("results")))
        for kind, found in record(row.get("associations")).items()
    }
    return CrmObject(text(row, "id"), values, linked)


def read_pipeline(row: Record) -> DealPipeline:
    """A pipeline with the stages that are in use."""
    stages = [one for one in records(row.get("stages")) if not flag(one, "archived")]
    stages.sort(key=lambda one: whole(one, "displayOrder") or 0)
    return DealPipeline(text(row, "id"), text(row, "label"), tuple(map(_stage, stages)))


def read_owner(row: Record) -> HubSpotOwner:
    """An owner; their name is their address where none is given."""
    name = f"{text(row, 'firstName')} {text(row, 'lastName')}".strip()
    email = text(row, "email").lower()
    return HubSpotOwner(text(row, "id"), name or email, email)


def read_portal(row: Record) -> Portal:
    """The account's details."""
    return Portal(
        id=text(row, "portalId"),
        time_zone=text(row, "timeZone"),
        currency=text(row, "companyCurrency").upper(),
        ui_domain=text(row, "uiDomain"),
    )


def read_links(rows: tuple[Record, ...]) -> tuple[str, ...]:
    """Ids of an associations answer, the primary one first."""
    found = [
        (_is_primary(records(one.get("associationTypes"))), text(one, "toObjectId")) for one in rows
    ]
    return tuple(far for _, far in sorted(found, key=lambda pair: not pair[0]) if far)


def _stage(row: Record) -> PipelineStage:
    metadata = record(row.get("metadata"))
    try:
        probability = float(text(metadata, "probability") or 0)
    except ValueError:
        probability = 0.0
    # Without a word about it, certainty in either direction is the end (contract §4).
    said = text(metadata, "isClosed")
    closed = said == "true" if said else probability in (0.0, 1.0)
    writable = text(row, "writePermissions") not in ("READ_ONLY", "INTERNAL_ONLY")
    return PipelineStage(text(row, "id"), text(row, "label"), closed, probability, writable)


def _first_primary(rows: tuple[Record, ...]) -> tuple[str, ...]:
    """A list's links name a type in words; one record may come once for each of its types."""
    found = sorted(rows, key=lambda one: "primary" not in text(one, "type").lower())
    return tuple(dict.fromkeys(far for one in found if (far := text(one, "id"))))


def _is_primary(types: tuple[Record, ...]) -> bool:
    return any(whole(one, "typeId") in PRIMARY for one in types)
