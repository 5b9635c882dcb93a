"""Crono's filters, orders and pages (contract B2 and B4)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from integrations.sandbox.crono.store import Record
from integrations.sandbox.crono.wire import Failure

LARGEST_PAGE = 200
USUAL_PAGE = 50
# Said to a filter of one name for each resource: contains, equals, one of, is set, from, until.
FILTERS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Accounts": {
        "name": ("contains", "name"),
        "industry": ("contains", "industry"),
        "country": ("equals", "country"),
        "status": ("among", "cronoStatus"),
        "userid": ("equals", "userId"),
        "haswebsite": ("present", "website"),
        "createddatemin": ("from", "createdDate"),
        "createddatemax": ("until", "createdDate"),
        "lastmodifieddatemin": ("from", "lastModifiedDate"),
        "lastmodifieddatemax": ("until", "lastModifiedDate"),
    },
    "Prospects": {
        "name": ("contains", "name"),
        "title": ("contains", "title"),
        "objectids": ("among", "objectId"),
        "accountid": ("equals", "accountId"),
        "userid": ("equals", "userId"),
        "hasemail": ("present", "email"),
        "lastmodifieddatemin": ("from", "lastModifiedDate"),
        "lastmodifieddatemax": ("until", "lastModifiedDate"),
    },
    "Opportunities": {
        "name": ("contains", "name"),
        "stages": ("among", "stage"),
        "pipeline": ("equals", "pipeline"),
        "accountid": ("equals", "accountId"),
        "userid": ("equals", "userId"),
        "closedatemin": ("from", "closeDate"),
        "closedatemax": ("until", "closeDate"),
        "lastmodifieddatemin": ("from", "lastModifiedDate"),
        "lastmodifieddatemax": ("until", "lastModifiedDate"),
    },
    "Notes": {
        "objectids": ("among", "objectId"),
        "descriptioncontains": ("contains", "description"),
        "accountid": ("equals", "accountId"),
        "opportunityid": ("equals", "opportunityId"),
        "userid": ("equals", "userId"),
        "active": ("equals", "active"),
        "createddatemin": ("from", "createdDate"),
        "createddatemax": ("until", "createdDate"),
    },
    "Users": {
        "email": ("contains", "email"),
        "name": ("contains", "firstName"),
        "active": ("equals", "active"),
    },
    "Tasks": {
        "accountid": ("equals", "accountId"),
        "prospectid": ("equals", "prospectId"),
        "opportunityid": ("equals", "opportunityId"),
        "completed": ("equals", "completed"),
        "type": ("equals", "type"),
        "types": ("among", "type"),
        "since": ("from", "activityDate"),
        "to": ("until", "activityDate"),
    },
}
# These change nothing in the sandbox's small world, but are no mistake.
HARMLESS = frozenset(
    {"pagination", "includes", "sort", "sortby", "cleanemptyname", "limit", "offset"}
)
ORDERS = {
    "name": "name",
    "createddate": "createdDate",
    "closedate": "closeDate",
    "amount": "amount",
    "stage": "stage",
    "lastactivity": "lastActivityDate",
    "latestactivity": "lastModifiedDate",
    "companyname": "accountId",
}
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "contains": lambda value, wanted: str(wanted).lower() in str(value or "").lower(),
    "equals": lambda value, wanted: str(value).lower() == str(wanted).lower(),
    "among": lambda value, wanted: str(value).lower() in [str(item).lower() for item in wanted],
    "present": lambda value, wanted: bool(value) is bool(wanted),
    "from": lambda value, wanted: str(value or "") >= str(wanted),
    "until": lambda value, wanted: str(value or "") <= str(wanted),
}


def matching(records: Iterable[Record], resource: str, body: Mapping[str, Any]) -> list[Record]:
    """The records that pass every filter; BadRequest for one the sandbox does not know."""
    filters = FILTERS[resource]
    wanted = {n: v for n, v in body.items() if n not in HARMLESS and v not in (None, [])}
    unknown = set(wanted) - set(filters)
    if unknown:
        raise Failure("BadRequest", f"Unknown filter {sorted(unknown)[0]}.")
    tests = [(filters[name], value) for name, value in wanted.items()]
    return [
        record
        for record in records
        if all(_TESTS[kind](record.get(key), value) for (kind, key), value in tests)
    ]


def ordered(records: Iterable[Record], resource: str, sort: str | None) -> list[Record]:
    """Sorted as asked (`Name`, `AmountDesc`), else by name, or deals and notes newest first."""
    usual = "Name" if resource in ("Accounts", "Prospects", "Users") else "CreatedDateDesc"
    order = (sort or usual).lower()
    key = ORDERS.get(order.removesuffix("desc"))
    if key is None:
        raise Failure("BadRequest", f"Unknown sort {sort}.")
    return sorted(
        records,
        key=lambda record: (
            (record.get(key) is not None, record.get(key) or 0, record["objectId"])
            if key == "amount"
            else (True, str(record.get(key) or "").lower(), str(record.get("objectId")))
        ),
        reverse=order.endswith("desc"),
    )


def paging(given: object) -> tuple[int, int]:
    """Limit and offset; a search must give both, and 200 is the most."""
    if not isinstance(given, Mapping):
        raise Failure("MissingInput", "pagination is required.")
    try:
        limit = int(given.get("limit", USUAL_PAGE))
        offset = int(given.get("offset", 0))
    except (TypeError, ValueError):
        raise Failure("BadRequest", "limit and offset must be numbers.") from None
    if not 1 <= limit <= LARGEST_PAGE or offset < 0:
        raise Failure("BadRequest", f"limit must be between 1 and {LARGEST_PAGE}.")
    return limit, offset
