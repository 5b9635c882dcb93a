"""Licenses from a CSV: the form, and the file's lines as they are issued."""

from services.errors import DomainError
from services.issuing import BulkLine, BulkProgress
from services.operations import Operation
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Crumb,
    Empty,
    Figure,
    Figures,
    PageBlock,
    PageButton,
    PageForm,
    Screen,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput
from views.dashboard.kit.reader import PageReader
from views.dashboard.licenses import BULK
from views.dashboard.licenses import PATH as LICENSES
from views.dashboard.operations import followed
from views.words.dashboard import bulk as say
from views.words.dashboard import licenses

FILE, SEND = "csv", "send"
MOST_SHOWN = 200
TONES: dict[str, Tone] = {"ok": "quiet", "issued": "good", "known": "info", "bad": "bad"}


def ask(
    reader: PageReader, typed: FormInput = NOTHING_TYPED, error: DomainError | None = None
) -> Screen:
    """The form with the file."""
    fields = (
        Field(FILE, reader(say.FILE), "file", help=reader(say.FILE_HELP), required=True),
        Field(SEND, reader(say.SEND), "checkbox"),
    )
    form = PageForm(
        BULK,
        fields,
        reader(say.START),
        lead=reader(say.LEAD),
        typed=typed,
        error=error,
        cancel_href=LICENSES,
    )
    return Screen(reader(say.TITLE), (form,), crumbs=_crumbs(reader))


def one(
    progress: BulkProgress,
    lines: tuple[BulkLine, ...],
    operation: Operation | None,
    reader: PageReader,
) -> Screen:
    """One file: how far it is, and its lines, the bad ones first."""
    counts = (
        (say.ISSUED, progress.issued),
        (say.KNOWN, progress.known),
        (say.BAD, progress.bad),
        (say.WAITING, progress.waiting),
    )
    figures = Figures(
        "counts",
        reader(say.LINES),
        tuple(Figure(reader(label), reader.number(count)) for label, count in counts),
    )
    live = (followed(operation, reader),) if operation else ()
    blocks: tuple[PageBlock, ...] = (figures, *live, _lines(lines, progress.id, reader))
    title = f"{reader(say.TITLE)} · {reader.moment(progress.created_at)}"
    return Screen(title, blocks, crumbs=_crumbs(reader))


def _lines(lines: tuple[BulkLine, ...], bulk_id: str, reader: PageReader) -> Table:
    order = sorted(lines, key=lambda one: (one.state != "bad", one.number))
    shown = order[:MOST_SHOWN]
    rows = tuple(
        TableRow(
            (
                Cell(str(one.number)),
                Cell(one.email, href=f"{LICENSES}/{one.license_id}" if one.license_id else ""),
                Cell(one.plan),
                Cell(reader(say.STATES[one.state]), tone=TONES[one.state]),
                Cell(one.reason),
            )
        )
        for one in shown
    )
    labels = (say.LINE, say.EMAIL, say.PLAN, say.STATE, say.REASON)
    csv = PageButton(reader(say.RESULTS), href=f"{BULK}/{bulk_id}/results.csv")
    note = reader(say.SHOWN, n=len(shown)) if len(lines) > len(shown) else ""
    return Table(
        "lines",
        reader(say.LINES),
        tuple(Column(reader(label)) for label in labels),
        rows,
        Empty(reader(say.NO_LINES)),
        note=note,
        exports=(csv,),
    )


def _crumbs(reader: PageReader) -> tuple[Crumb, ...]:
    return (Crumb(reader(licenses.TITLE), LICENSES),)
