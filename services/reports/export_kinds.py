"""What can be exported: each kind's columns, in the order in which its rows are read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from db.audit.audit import AuditFilter
from db.licensing.licenses import Wanted
from db.reports import billing as billing_table
from db.reports import exports as table
from db.store.session import Session
from services.clock import day_begins
from services.errors import Invalid
from services.licensing import words_of
from services.phrases import Phrase
from services.reports.days import ONE, stretch_of
from services.reports.months import next_month, read_month
from services.reports.ranges import read_range
from services.reports.sheets import CellKind, ExportColumn
from services.tenants import STATES

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


async def _tenants(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    state = order.text("state")
    return table.tenants(words_of(order.text("q")), state if state in STATES else "")


async def _subscriptions(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    words = words_of(order.text("q"))
    wanted = billing_table.SoughtSubscriptions(words, order.text("status"))
    return billing_table.subscriptions(wanted)


async def _movements(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    this = asked.now.astimezone(asked.zone).date()
    first = read_month(order.text("month") or this.isoformat()[:7])
    return billing_table.movements(first, next_month(first) - ONE)


async def _revenue(_: Session, order: ExportOrder, asked: ExportMoment) -> table.Rows:
    return billing_table.closed_months()


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


def _minor(en: str, it: str) -> ExportColumn:
    return ExportColumn(Phrase(en, it), CellKind.MINOR)


def _moment(en: str, it: str) -> ExportColumn:
    return ExportColumn(Phrase(en, it), CellKind.MOMENT)


EMAIL, PLAN, STATUS = _text("E-mail", "E-mail"), _text("Plan", "Piano"), _text("Status", "Stato")
LICENSE, CUSTOMER = _text("License", "Licenza"), _text("Customer", "Cliente")
CUSTOMER_ID, CURRENCY = _text("Customer’s id", "Id del cliente"), _text("Currency", "Valuta")
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
        _minor("List price", "Prezzo di listino"),
        CURRENCY,
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
TENANTS = ExportKind(
    "tenants",
    (
        _text("Id", "Id"),
        _text("Company", "Azienda"),
        EMAIL,
        _text("Short name", "Nome breve"),
        STATUS,
        PLAN,
        _text("Database at", "Database presso"),
        _text("Language", "Lingua"),
        CUSTOMER_ID,
        _moment("Created", "Creato"),
        _moment("Ready", "Pronto"),
        _moment("Trial ends", "Fine prova"),
        _moment("Deleted after", "Eliminato dopo"),
    ),
    _tenants,
    ("q", "state"),
)
SUBSCRIPTIONS = ExportKind(
    "subscriptions",
    (
        _text("Subscription", "Abbonamento"),
        CUSTOMER_ID,
        EMAIL,
        CUSTOMER,
        PLAN,
        STATUS,
        _number("Quantity", "Quantità"),
        _minor("Price", "Prezzo"),
        CURRENCY,
        _text("Interval", "Periodo"),
        _minor("A month of it", "Al mese"),
        _text("Counted as", "Contato come"),
        _moment("Since", "Da"),
        _moment("Trial ends", "Fine prova"),
        _moment("Period ends", "Fine periodo"),
        _moment("Ends", "Finisce"),
    ),
    _subscriptions,
    ("q", "status"),
)
MOVEMENTS = ExportKind(
    "movements",
    (
        ExportColumn(Phrase("Day", "Giorno"), CellKind.DAY),
        CUSTOMER_ID,
        EMAIL,
        CUSTOMER,
        _text("Movement", "Movimento"),
        _minor("A month of it", "Al mese"),
        CURRENCY,
    ),
    _movements,
    ("month",),
)
REVENUE = ExportKind(
    "mrr",
    (
        ExportColumn(Phrase("Month", "Mese"), CellKind.DAY),
        CURRENCY,
        _minor("MRR at the start", "MRR iniziale"),
        _minor("New", "Nuovi"),
        _minor("Came back", "Tornati"),
        _minor("More", "In più"),
        _minor("Less", "In meno"),
        _minor("Lost", "Persi"),
        _minor("Other currency", "Altra valuta"),
        _minor("MRR at the end", "MRR finale"),
        _minor("Trial MRR", "MRR in prova"),
        _minor("After known cancellations", "Dopo le disdette note"),
    ),
    _revenue,
    (),
)
OF_BILLING = (SUBSCRIPTIONS, MOVEMENTS, REVENUE)
EXPORTS: Mapping[str, ExportKind] = {
    kind.name: kind for kind in (CUSTOMERS, LICENSES, TENANTS, USAGE, AUDIT, FOLLOWUPS, *OF_BILLING)
}
