"""The audit log's page."""

from services.audit import AuditRecord
from views.dashboard.history import changes, outcome, who
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Empty,
    Filters,
    Pager,
    Screen,
    Table,
    TableRow,
)
from views.dashboard.kit.fields import Field, SelectOption
from views.dashboard.kit.lists import empty, filters
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import export_buttons
from views.words.dashboard import audit as say
from views.words.dashboard import frame as words
from views.words.dashboard import history

PATH = "/admin/audit"
# Where a line's subject has a page of its own.
PAGES = {
    "customer": "/admin/customers",
    "license": "/admin/licenses",
    "user": "/admin/users",
    "tenant": "/admin/tenants",
    "rollout": "/admin/rollouts",
    "bulk": "/admin/licenses/bulk",
}


def listed(found: tuple[AuditRecord, ...], limit: int, at: Address, reader: PageReader) -> Screen:
    """A page of lines; `found` has one more than `limit` when there is a next page."""
    shown = found[:limit]
    labels = (say.ACTION, say.SUBJECT, say.WHO, say.WHEN, say.OUTCOME, say.CHANGE)
    table = Table(
        "audit",
        reader(say.TITLE),
        tuple(Column(reader(label)) for label in labels),
        tuple(_row(one, reader) for one in shown),
        _empty(at, reader),
        Pager(
            at.href(after=str(shown[-1].id)) if len(found) > limit else "",
            at.href(after="") if at.text("after") else "",
        ),
        exports=export_buttons("audit", reader(say.TITLE), at, reader),
    )
    return Screen(reader(say.TITLE), (_filters(at, reader), table), reader(say.LEAD))


def _row(line: AuditRecord, reader: PageReader) -> TableRow:
    subject = line.subject
    page = PAGES.get(subject.kind, "")
    named = Cell(
        subject.id if len(subject.id) <= 24 else f"{subject.id[:21]}…",
        href=f"{page}/{subject.id}" if page else "",
        mono=True,
        note=subject.kind,
    )
    return TableRow(
        (
            Cell(line.action, mono=True),
            named,
            who(line),
            reader.when(line.at),
            outcome(line, reader),
            Cell("", changes=changes(line)),
        )
    )


def _filters(at: Address, reader: PageReader) -> Filters:
    anything = SelectOption("", reader(words.ANY))
    outcomes = tuple(SelectOption(name, reader(label)) for name, label in history.OUTCOMES.items())
    kinds = tuple(SelectOption(name, reader(label)) for name, label in say.KINDS.items())
    fields = (
        Field("q", reader(words.SEARCH), "search", at.text("q"), most=200,
              placeholder=reader(say.SEARCH_HELP)),
        Field("who", reader(say.WHO), "select", at.text("who"), choices=(anything, *kinds)),
        Field("outcome", reader(say.OUTCOME), "select", at.text("outcome"),
              choices=(anything, *outcomes)),
    )  # fmt: skip
    return filters(at, fields, reader)


def _empty(at: Address, reader: PageReader) -> Empty:
    return empty(at, reader, Empty(reader(say.NONE), reader(say.NONE_TEXT)))
