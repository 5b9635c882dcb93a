"""Searches: filters, one order, pages up to the ten-thousandth row (contract §3 and §4)."""

import operator as op
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.hubspot.objects import asked, shown
from integrations.sandbox.hubspot.schema import (
    PROPERTIES,
    TIME,
    Kind,
    kind_of,
    milliseconds,
)
from integrations.sandbox.hubspot.store import HubSpotStore, Item
from integrations.sandbox.hubspot.wire import Json, invalid, read_body

LARGEST_PAGE, USUAL_PAGE, MOST_ROWS = 200, 10, 10_000
GROUPS, FILTERS, ALL_FILTERS, LONGEST_BODY = 5, 6, 18, 3_000
RANKS = {"EQ": op.eq, "LT": op.lt, "LTE": op.le, "GT": op.gt, "GTE": op.ge}
ASSOCIATED = "associations."
OPERATORS = frozenset(
    {
        *("EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN"),
        *("HAS_PROPERTY", "NOT_HAS_PROPERTY", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"),
    }
)


class Searches:
    """POST …/search over the index, which is a little behind."""

    def __init__(self, store: HubSpotStore) -> None:
        self._store = store

    async def search(self, request: web.Request) -> web.Response:
        """A page of what passes one of the groups."""
        kind = kind_of(request.match_info["kind"])
        if len(await request.text()) > LONGEST_BODY:
            raise invalid("The search body is too long")
        body = await read_body(request)
        groups = _groups(kind, body)
        limit, after = _window(body)
        found = [item for item in self._store.searchable(kind) if self._passes(item, groups)]
        query = str(body.get("query") or "").lower()
        if query:
            found = [one for one in found if query in " ".join(map(str, _words(one))).lower()]
        _sort(kind, found, body.get("sorts") or [])
        names = asked(body.get("properties"), kind)
        answer: Json = {
            "total": len(found),
            "results": [shown(item, names) for item in found[after : after + limit]],
        }
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return web.json_response(answer)

    def _passes(self, item: Item, groups: list[list[dict[str, Any]]]) -> bool:
        return not groups or any(all(self._holds(item, one) for one in group) for group in groups)

    def _holds(self, item: Item, test: Mapping[str, Any]) -> bool:
        name, operator = str(test["propertyName"]), test["operator"]
        if name.startswith(ASSOCIATED):
            far = kind_of(name.removeprefix(ASSOCIATED))
            return str(test.get("value")) in self._store.linked(item.kind, item.id, far)
        return _compare(PROPERTIES[item.kind][name], item.properties.get(name), operator, test)


def _groups(kind: str, body: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    groups = [list(one.get("filters") or ()) for one in body.get("filterGroups") or ()]
    many = sum(map(len, groups)) > ALL_FILTERS or any(len(one) > FILTERS for one in groups)
    if len(groups) > GROUPS or many:
        raise invalid("There are too many filters or filter groups")
    for one in (one for group in groups for one in group):
        name = str(one.get("propertyName"))
        if one.get("operator") not in OPERATORS:
            raise invalid(f"Invalid operator {one.get('operator')}")
        if not name.startswith(ASSOCIATED) and name not in PROPERTIES[kind]:
            raise invalid(f"There was a problem with the request: unknown property {name}")
    return groups


def _window(body: Mapping[str, Any]) -> tuple[int, int]:
    limit, after = body.get("limit", USUAL_PAGE), str(body.get("after") or "0")
    if not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE or not after.isdigit():
        raise invalid(f"limit must be between 1 and {LARGEST_PAGE}, after a whole number")
    if int(after) + limit > MOST_ROWS:
        raise invalid("The maximum number of results a search can page through is 10000")
    return limit, int(after)


def _sort(kind: str, found: list[Item], sorts: list[Any]) -> None:
    if len(sorts) > 1:
        raise invalid("Only one sort is allowed")
    if not sorts:
        found.sort(key=lambda item: item.created)
        return
    [sort] = sorts
    name = sort if isinstance(sort, str) else str(sort.get("propertyName"))
    down = isinstance(sort, dict) and sort.get("direction") == "DESCENDING"
    kinds = PROPERTIES[kind]
    if name not in kinds:
        raise invalid(f"Unknown sort {name}")
    found.sort(key=lambda item: _ordered(kinds[name], item.properties.get(name)), reverse=down)


def _words(item: Item) -> list[str]:
    names = ("name", "domain", "website", "phone", "firstname", "lastname", "email", "dealname")
    return [item.properties.get(name) or "" for name in names]


def _compare(kind: Kind, value: str | None, operator: str, test: Mapping[str, Any]) -> bool:
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return bool(value) is (operator == "HAS_PROPERTY")
    if operator.startswith("NOT_") or operator == "NEQ":
        positive = "EQ" if operator == "NEQ" else operator.removeprefix("NOT_")
        return not _compare(kind, value, positive, test)
    if operator == "IN":
        wanted = [str(one) for one in test.get("values") or ()]
        return value is not None and (value if isinstance(kind, tuple) else value.lower()) in wanted
    if operator == "CONTAINS_TOKEN":
        tokens = re.split(r"[;,\s]+", (value or "").lower())
        return str(test.get("value", "")).lower().strip("*") in tokens
    return value is not None and _ranked(kind, value, operator, test)


def _ranked(kind: Kind, value: str, operator: str, test: Mapping[str, Any]) -> bool:
    here = _ordered(kind, value)
    there = _wanted(kind, str(test.get("value")))
    if operator == "BETWEEN":
        return bool(there <= here <= _wanted(kind, str(test.get("highValue"))))
    return bool(RANKS[operator](here, there))


def _wanted(kind: Kind, value: str) -> Any:
    """What is compared with: times are epoch milliseconds."""
    if kind == TIME:
        if not value.lstrip("-").isdigit():
            raise invalid(f"{value} is not a valid epoch in milliseconds")
        return int(value)
    return _ordered(kind, value)


def _ordered(kind: Kind, value: str | None) -> Any:
    if kind == TIME:
        return milliseconds(value)
    if kind == "number":
        return float(value or 0)
    return (value or "") if isinstance(kind, tuple) else (value or "").lower()
