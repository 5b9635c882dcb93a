"""What a page's body is made of. Texts are ready to be read; a block names its template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from services.errors import DomainError, Invalid
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput

Tone = Literal["", "good", "warn", "bad", "quiet", "info"]


@dataclass(frozen=True, slots=True)
class PageButton:
    """A verb: a POST form of its own, or with `href` a link that looks like one.

    `name` says more than `label` to a screen reader: “Suspend SEG-1234”.
    """

    label: str
    action: str = ""
    href: str = ""
    style: Literal["plain", "primary", "danger", "quiet"] = "plain"
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a table or a list of facts.

    `tone` draws it as a badge, `mono` as code, `copy` with a button that copies it; `at` is its ISO
    time, `hint` what pointing at a time shows, `note` a second, softer line; `changes` are names
    with what was before and after.
    """

    text: str
    href: str = ""
    tone: Tone = ""
    mono: bool = False
    copy: bool = False
    at: str = ""
    hint: str = ""
    note: str = ""
    buttons: tuple[PageButton, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; `sort_href` makes its header a link, `sorted` says how it is sorted now."""

    label: str
    numeric: bool = False
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells in the order of the columns; the first one names the row."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says instead of rows: what will be here, and the one thing that makes it so."""

    title: str
    text: str = ""
    button: PageButton | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a list goes on, and its beginning; "" for a link that is not needed."""

    next_href: str = ""
    first_href: str = ""


ONE_PAGE = Pager()


class PageBlock:
    """Anything that can stand in a page's body."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Table(PageBlock):
    """A list. `note` stands above it: a count, or of what time it is."""

    template: ClassVar[str] = "blocks/table.html.j2"

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    empty: Empty
    pager: Pager = ONE_PAGE
    note: str = ""
    exports: tuple[PageButton, ...] = ()


@dataclass(frozen=True, slots=True)
class FactList(PageBlock):
    """What is known of one thing: names and values."""

    template: ClassVar[str] = "blocks/facts.html.j2"

    title: str
    facts: tuple[tuple[str, Cell], ...]
    buttons: tuple[PageButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that matters; `source` says where it comes from, behind a button beside it."""

    label: str
    value: str
    note: str = ""
    href: str = ""
    source: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Figures(PageBlock):
    """Numbers beside each other."""

    template: ClassVar[str] = "blocks/figures.html.j2"

    id: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is well or not, in words, with its cure."""

    tone: Tone
    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Checks(PageBlock):
    """What is well and what is not."""

    template: ClassVar[str] = "blocks/checks.html.j2"

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Callout(PageBlock):
    """A sentence that stands out, with what to do next."""

    template: ClassVar[str] = "blocks/message.html.j2"

    tone: Tone
    text: str
    button: PageButton | None = None


@dataclass(frozen=True, slots=True)
class Prose(PageBlock):
    """Plain text under a heading; lines stay lines, `mono` as code."""

    template: ClassVar[str] = "blocks/prose.html.j2"

    title: str
    text: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Filters(PageBlock):
    """A search as a GET form: what is filtered is in the address. `clear_href` when any is set."""

    template: ClassVar[str] = "blocks/filters.html.j2"

    action: str
    fields: tuple[Field, ...]
    submit: str
    label: str
    clear_href: str = ""
    clear: str = ""


@dataclass(frozen=True, slots=True)
class PageForm(PageBlock):
    """A POST form. What was `typed` stays in it; `error` is told above and beside its field."""

    template: ClassVar[str] = "blocks/form.html.j2"

    action: str
    fields: tuple[Field, ...]
    submit: str
    title: str = ""
    lead: str = ""
    style: Literal["primary", "danger"] = "primary"
    typed: FormInput = NOTHING_TYPED
    error: DomainError | None = None
    cancel_href: str = ""

    @property
    def error_field(self) -> str:
        """Name of the field the error is about; "" when it is about none of them."""
        named = self.error.field if isinstance(self.error, Invalid) else ""
        return named if named in {field.name for field in self.fields} else ""

    @property
    def multipart(self) -> bool:
        """Whether a file is sent."""
        return any(field.kind == "file" for field in self.fields)


@dataclass(frozen=True, slots=True)
class Split(PageBlock):
    """Two columns where there is room: the main thing, and what stands beside it."""

    template: ClassVar[str] = "blocks/split.html.j2"

    main: tuple[PageBlock, ...]
    beside: tuple[PageBlock, ...]


@dataclass(frozen=True, slots=True)
class Live(PageBlock):
    """Blocks that follow what happens: `url` is a stream of handlers/http/dashboard/kit/live.py."""

    template: ClassVar[str] = "blocks/live.html.j2"

    id: str
    url: str
    blocks: tuple[PageBlock, ...]
    over: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page above this one."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One page's body: its one heading, what can be done there, and its blocks."""

    title: str
    blocks: tuple[PageBlock, ...]
    lead: str = ""
    crumbs: tuple[Crumb, ...] = ()
    actions: tuple[PageButton, ...] = ()
    badge: Cell | None = None
