"""What lists have in common: their filters, their pager, and what they say instead of rows."""

from collections.abc import Sequence
from typing import Protocol

from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Empty, Filters, PageButton, Pager
from views.dashboard.kit.fields import Field
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import frame as say


class Listed(Protocol):
    """A thing in a list."""

    @property
    def id(self) -> str:
        """What the page after it begins with."""


def filters(at: Address, fields: tuple[Field, ...], reader: PageReader) -> Filters:
    """These fields over a list at this address, and a way back to all of it."""
    return Filters(
        at.path,
        fields,
        reader(say.APPLY),
        reader(say.FILTER),
        at.path if at.filtered else "",
        reader(say.CLEAR),
    )


def pager(found: Sequence[Listed], limit: int, at: Address) -> Pager:
    """`found` has one more than `limit` when there is a next page."""
    return Pager(
        at.href(after=found[limit - 1].id) if len(found) > limit else "",
        at.href(after="") if at.text("after") else "",
    )


def empty(at: Address, reader: PageReader, none_yet: Empty) -> Empty:
    """What a list says instead of rows: that its filters leave none, or what will be here."""
    if not at.filtered:
        return none_yet
    clear = PageButton(reader(say.CLEAR), href=at.path)
    return Empty(reader(say.NOTHING_FOUND), reader(say.NOTHING_FOUND_TEXT), clear)


def first_one(title: str, text: str, label: str, href: str) -> Empty:
    """A list that nothing was put into yet, and the button that makes the first."""
    return Empty(title, text, PageButton(label, href=href, style="primary"))
