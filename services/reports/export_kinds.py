"""What can be exported: each kind's columns, in the order in which its rows are read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from db.audit.audit import AuditFilter
from db.licensing.licenses import Wanted
from db.reports import exports as table
from db.store.session import Session
from services.clock import day_begins
from services.errors import Invalid
from services.licensing import words_of
from services.phrases import Phrase
from services.reports.days import ONE, stretch_of
from services.reports.ranges import read_range
from services.reports.sheets import CellKind, ExportColumn

UNKNOWN = Phrase(
    "There is no export called “{name}”. Open the page again and choose one there.",
    "Non esiste l’esportazione «{name}». Riapri la pagina e scegline una lì.",
)


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """Which export, with the page's own filters by their names in its address."""

    name: str
    filters: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A filter's value; "" for none."""
        return self.filters.get(name, "")


@dataclass(frozen=True, slots=True)
class ExportMoment:
    """What the rows of an export depend on besides its filters."""

    now: datetime
    zone: ZoneInfo


RowsOf = Callable[[Session, ExportOrder, ExportMoment], Awaitable[table.Rows]]


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One export; `filters` are those it knows, and nothing else is kept of an address."""

    name: str
    columns: tuple[ExportColumn, ...]
    rows: RowsOf
    filters: tuple[str, ...]


def find_kind(name: str) -> ExportKind:
    """The export of this name; raises Invalid."""
    if name not in EXPORTS:
        raise Invalid(UNKNOWN, field="name", name=name[:40])
    return EXPORTS[name]


async def _customers(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    return table.customers(words_of(order.text("q")))


async def _licenses(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    wanted = Wanted(
        asked.now,
        words_of(order.text("q")),
        order.text("customer"),
        order.text("plan"),
        order.text("status"),
    )
    return table.licenses(wanted)


async def _usage(session: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    wanted = read_range(order.filters, asked.now.astimezone(asked.zone).date())
    return table.usage(await stretch_of(session, wanted.first, wanted.last, asked.zone))


async def _audit(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    names = ("subject", "q", "who", "outcome")
    return table.audit(AuditFilter(*(order.text(name) for name in names)))


async def _followups(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    wanted = read_range(order.filters, asked.now.astimezone(asked.zone).date())
    since = day_begins(wanted.first, asked.zone)
    return table.followups(since, day_begins(wanted.last + ONE, asked.zone))


def _text(en: str, it: str) -> ExportColumn:
    return ExportColumn(Phrase(en, it))


def _number(en: str, it: str) -> ExportColumn:
    return ExportColumn(Phrase(en, it), CellKind.NUMBER)


def _moment(en: str, it: str) -> ExportColumn:
    return ExportColumn(Phrase(en, it), CellKind.MOMENT)


EMAIL, PLAN, STATUS = _text("E-mail", "E-mail"), _text("Plan", "Piano"), _text("Status", "Stato")
LICENSE, CUSTOMER = _text("License", "Licenza"), _text("Customer", "Cliente")
INPUT, OUTPUT = (
    _number("Input tokens", "Token in entrata"),
    _number("Output tokens", "Token in uscita"),
)
CUSTOMERS = ExportKind(
    "customers",
    (
        _text("Id", "Id"),
        EMAIL,
        _text("Name", "Nome"),
        STATUS,
        _number("Licenses", "Licenze"),
        _text("Notes", "Note"),
        _moment("Created", "Creato"),
    ),
    _customers,
    ("q",),
)
LICENSES = ExportKind(
    "licenses",
    (
        LICENSE,
        EMAIL,
        CUSTOMER,
        PLAN,
        STATUS,
        _text("Domain", "Dominio"),
        _text("Key ends in", "La chiave finisce con"),
        ExportColumn(Phrase("List price", "Prezzo di listino"), CellKind.MINOR),
        _text("Currency", "Valuta"),
        _moment("Issued", "Emessa"),
        _moment("Activated", "Attivata"),
        _moment("Ends", "Scade"),
    ),
    _licenses,
    ("q", "customer", "plan", "status"),
)
USAGE = ExportKind(
    "usage",
    (
        ExportColumn(Phrase("Day", "Giorno"), CellKind.DAY),
        LICENSE,
        EMAIL,
        PLAN,
        _text("Provider", "Provider"),
        _text("Model", "Modello"),
        _number("Requests", "Richieste"),
        _number("Failed", "Fallite"),
        INPUT,
        OUTPUT,
        ExportColumn(Phrase("Cost (USD)", "Costo (USD)"), CellKind.MICRO),
        _number("Estimated requests", "Richieste stimate"),
    ),
    _usage,
    ("days", "from", "to"),
)
AUDIT = ExportKind(
    "audit",
    (
        _number("Line", "Riga"),
        _moment("When", "Quando"),
        _text("Kind of operator", "Tipo di operatore"),
        _text("Operator", "Operatore"),
        _text("Name", "Nome"),
        _text("Action", "Azione"),
        _text("Outcome", "Esito"),
        _text("Kind of subject", "Tipo di oggetto"),
        _text("Subject", "Oggetto"),
        _text("Before", "Prima"),
        _text("After", "Dopo"),
    ),
    _audit,
    ("subject", "q", "who", "outcome"),
)
FOLLOWUPS = ExportKind(
    "followups",
    (
        _text("Id", "Id"),
        _text("Workspace", "Workspace"),
        _text("Member", "Membro"),
        _moment("Begun", "Iniziato"),
        STATUS,
        _number("Versions", "Versioni"),
        ExportColumn(Phrase("Edited by hand", "Modificato a mano"), CellKind.YES_NO),
        INPUT,
        OUTPUT,
        _moment("First used", "Primo uso"),
    ),
    _followups,
    ("days", "from", "to"),
)
EXPORTS: Mapping[str, ExportKind] = {
    kind.name: kind for kind in (CUSTOMERS, LICENSES, USAGE, AUDIT, FOLLOWUPS)
}
