"""Tolerant readers of vendors' words: what is missing or of another type becomes empty."""

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson

from integrations.errors import RefusedByVendor, Unreachable

Record = Mapping[str, object]


def document(vendor: str, content: bytes) -> Record:
    """The JSON object in a successful answer.

    Unreachable when it is no JSON at all (a proxy's page, a cut answer: worth another try), Refused
    `malformed` when it is JSON of another kind.
    """
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Unreachable(vendor, "the answer is not JSON") from None
    if not isinstance(value, Mapping):
        raise RefusedByVendor(vendor, "malformed", "the answer is not a JSON object")
    return value


def record(value: object) -> Record:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def records(value: object) -> tuple[Record, ...]:
    """The JSON objects in a list; anything else is left out."""
    if not isinstance(value, list):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def text(row: Record, *keys: str) -> str:
    """The first non-empty of these fields as text, ids given as numbers included; "" if none.

    Without NUL, which JSON may hold and PostgreSQL takes in no text.
    """
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and (words := value.replace("\0", "").strip()):
            return words
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def one_line(words: str) -> str:
    """The words without line ends and control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())


def whole(row: Record, key: str) -> int | None:
    """A whole number, also when it is written as text."""
    written = text(row, key)
    return int(written) if written.isascii() and written.isdigit() else None


def flag(row: Record, key: str) -> bool:
    """True only when the field is true."""
    return row.get(key) is True


def moment(row: Record, *keys: str) -> datetime | None:
    """The first of these fields that is an ISO 8601 time, as UTC; a time without a zone is UTC."""
    for key in keys:
        try:
            parsed = datetime.fromisoformat(text(row, key))
        except ValueError:
            continue
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return None
