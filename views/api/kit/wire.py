"""What all models of the API share: strict bodies, times, pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_PAGE = 50
LARGEST_PAGE = 100
LONGEST_TEXT = 2_000
LONGEST_NAME = 200
LONGEST_CURSOR = 400

Row = TypeVar("Row")
Cursor = TypeVar("Cursor", str, int)
NextCursor = Annotated[str | None, Field(description="Cursor of the next page; null at the end")]


class Body(BaseModel):
    """Something that is sent to us: unknown fields and other kinds are mistakes, and are told."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, strict=True)


class Query(BaseModel):
    """What stands behind the question mark."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PageQuery(Query):
    """Which part of a list."""

    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="Maximum number of objects")
    cursor: str = Field(
        "",
        max_length=LONGEST_CURSOR,
        description="Value of `next` in the previous answer; first page without it",
    )


def cut(
    found: tuple[Row, ...], limit: int, cursor: Callable[[Row], Cursor]
) -> tuple[tuple[Row, ...], Cursor | None]:
    """A page of what was found, and its last one's cursor when there was more than `limit`."""
    shown = found[:limit]
    return shown, cursor(shown[-1]) if len(found) > limit else None


def timestamp(at: datetime) -> str:
    """ISO 8601 in UTC, to the second: `2026-11-21T14:03:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def optional_timestamp(at: datetime | None) -> str | None:
    """The same, or None."""
    return timestamp(at) if at is not None else None
