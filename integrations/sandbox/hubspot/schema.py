"""Which properties HubSpot's objects have here, and what values they take (contract §4)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from integrations.sandbox.hubspot.wire import invalid

STRING, NUMBER, TIME, BOOL = "string", "number", "datetime", "bool"
TASK_TYPES = ("TODO", "CALL", "EMAIL", "LINKED_IN_CONNECT", "LINKED_IN_MESSAGE")
TASK_STATUS = ("NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED")
PRIORITIES = ("LOW", "MEDIUM", "HIGH")
LONGEST_NOTE = 65_536
TYPE_NAMES = {
    "0-1": "contacts",
    "0-2": "companies",
    "0-3": "deals",
    "0-46": "notes",
    "0-27": "tasks",
}
SINGULAR = {"contact": "contacts", "company": "companies", "deal": "deals"}
# A name of several kinds is an enumeration of these values.
Kind = str | tuple[str, ...]
COMMON: Mapping[str, Kind] = {
    "hubspot_owner_id": STRING,
    "hs_object_id": NUMBER,
    "hs_merged_object_ids": STRING,
    "hs_lastmodifieddate": TIME,
}
PROPERTIES: Mapping[str, Mapping[str, Kind]] = {
    "companies": {
        **COMMON,
        "name": STRING,
        "domain": STRING,
        "hs_additional_domains": STRING,
        "website": STRING,
        "industry": STRING,
        "annualrevenue": NUMBER,
        "numberofemployees": NUMBER,
        "phone": STRING,
        "country": STRING,
        "lifecyclestage": STRING,
        "createdate": TIME,
    },
    "contacts": {
        **COMMON,
        "firstname": STRING,
        "lastname": STRING,
        "email": STRING,
        "hs_additional_emails": STRING,
        "phone": STRING,
        "mobilephone": STRING,
        "jobtitle": STRING,
        "createdate": TIME,
        "lastmodifieddate": TIME,
    },
    "deals": {
        **COMMON,
        "dealname": STRING,
        "amount": NUMBER,
        "dealstage": STRING,
        "pipeline": STRING,
        "closedate": TIME,
        "description": STRING,
        "deal_currency_code": STRING,
        "closed_lost_reason": STRING,
        "hs_deal_stage_probability": NUMBER,
        "hs_is_closed": BOOL,
        "hs_is_closed_won": BOOL,
        "hs_is_closed_lost": BOOL,
        "createdate": TIME,
    },
    "notes": {**COMMON, "hs_timestamp": TIME, "hs_note_body": STRING, "hs_createdate": TIME},
    "tasks": {
        **COMMON,
        "hs_timestamp": TIME,
        "hs_task_subject": STRING,
        "hs_task_body": STRING,
        "hs_task_status": TASK_STATUS,
        "hs_task_priority": PRIORITIES,
        "hs_task_type": TASK_TYPES,
        "hs_createdate": TIME,
    },
}
READ_ONLY = frozenset(
    {
        "hs_object_id",
        "hs_lastmodifieddate",
        "lastmodifieddate",
        "createdate",
        "hs_createdate",
        "hs_merged_object_ids",
        "hs_deal_stage_probability",
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_is_closed_lost",
    }
)
# From a kind to another, and how: HUBSPOT_DEFINED ids (contract §4); the second one is primary.
LINKS: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("deals", "contacts"): (3,),
    ("contacts", "deals"): (4,),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("notes", "contacts"): (202,),
    ("contacts", "notes"): (201,),
    ("notes", "companies"): (190,),
    ("companies", "notes"): (189,),
    ("notes", "deals"): (214,),
    ("deals", "notes"): (213,),
    ("tasks", "contacts"): (204,),
    ("contacts", "tasks"): (203,),
    ("tasks", "companies"): (192,),
    ("companies", "tasks"): (191,),
    ("tasks", "deals"): (216,),
    ("deals", "tasks"): (215,),
}
REQUIRED = {"notes": ("hs_timestamp",), "tasks": ("hs_timestamp",)}


def kind_of(name: str) -> str:
    """The object type by any of its names; 400 for one that is not imitated."""
    kind = TYPE_NAMES.get(name, SINGULAR.get(name, name))
    if kind not in PROPERTIES:
        raise invalid(f"Unable to infer object type from: {name}")
    return kind


def stamped(kind: str) -> str:
    """The name of its modification stamp: contacts are different (contract §4)."""
    return "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"


def values(kind: str, given: object) -> dict[str, str | None]:
    """Properties as they are stored; 400 naming each that is unknown, read-only or not of its type.

    An empty string clears.
    """
    if not isinstance(given, Mapping):
        raise invalid("Properties must be given in an object named properties")
    known = PROPERTIES[kind]
    for name in given:
        if name not in known:
            words = f'Property values were not valid: Property "{name}" does not exist'
            raise invalid(words, "PROPERTY_DOESNT_EXIST", name)
        if name in READ_ONLY:
            raise invalid(f'"{name}" is a read only property', "READ_ONLY_VALUE", name)
    return {name: _value(name, known[name], value) for name, value in given.items()}


def required(kind: str, properties: Mapping[str, str | None]) -> None:
    """400 for what a create must bring."""
    for name in REQUIRED.get(kind, ()):
        if not properties.get(name):
            words = f"Error creating {kind}. Some required properties were not set: {name}"
            raise invalid(words, "MISSING_REQUIRED_PROPERTY", name)


def written(moment: datetime) -> str:
    """A time as HubSpot writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(value: str | None) -> int:
    """A stored time as epoch milliseconds; 0 for none."""
    return round(datetime.fromisoformat(value).timestamp() * 1000) if value else 0


def chosen(
    kind: str, properties: Mapping[str, str | None], names: Iterable[str]
) -> dict[str, str | None]:
    """What a read shows: what was asked for; unknown names are silently left out."""
    return {name: properties.get(name) for name in names if name in PROPERTIES[kind]}


def _value(name: str, kind: Kind, value: object) -> str | None:
    if value in ("", None):
        return None
    if not isinstance(value, str):
        value = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(kind, tuple) and value not in kind:
        words = f"{value} was not one of the allowed options: {list(kind)}"
        raise invalid(words, "INVALID_OPTION", name)
    if kind == NUMBER:
        return _number(name, value)
    if kind == TIME:
        return written(_moment(name, value))
    if name == "hs_note_body" and len(value) > LONGEST_NOTE:
        raise invalid(f"{name} is too long", "INVALID_LENGTH", name)
    return value


def _number(name: str, value: str) -> str:
    try:
        float(value)
    except ValueError:
        raise invalid(f"{value} was not a valid number.", "INVALID_NUMBER", name) from None
    return value


def _moment(name: str, value: str) -> datetime:
    try:
        if value.lstrip("-").isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        parsed = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        words = f"{value} was not a valid long or ISO 8601 date."
        raise invalid(words, "INVALID_DATE", name) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
