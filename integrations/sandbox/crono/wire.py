"""Crono's envelope and its way of reading requests."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web


class Failure(Exception):
    """A business error, by one of the codes of contract B5."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def envelope(self) -> dict[str, Any]:
        """The reply that tells of it."""
        errors = [{"code": self.code, "message": str(self)}]
        return {"data": None, "isSuccess": False, "errors": errors}


def one(record: Mapping[str, Any] | bool | None) -> dict[str, Any]:
    """The envelope of one object."""
    return {"data": record, "isSuccess": True, "errors": []}


def many(
    records: Sequence[Mapping[str, Any]],
    limit: int,
    offset: int,
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda record: record,
) -> dict[str, Any]:
    """The envelope of a page, drawn by `shown`; `total` counts what was found before paging."""
    page = [shown(record) for record in records[offset : offset + limit]]
    return {**one(None), "data": page, "total": len(records), "limit": limit, "offset": offset}


async def read_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Failure BadRequest for anything else."""
    try:
        body = json.loads(await request.text())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Failure("BadRequest", "The body must be a JSON object.")
    return body


def low(value: Any) -> Any:
    """The same document with lower-case names at every depth: Crono takes any case."""
    if isinstance(value, Mapping):
        return {str(name).lower(): low(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [low(item) for item in value]
    return value
