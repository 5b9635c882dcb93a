"""The customers' pages: list, new, one of them, deleting one."""

from services.audit import AuditRecord
from services.errors import DomainError
from services.licensing import Customer, CustomerChanges, License, NewCustomer
from views.dashboard.history import history
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Crumb,
    Empty,
    FactList,
    PageBlock,
    PageButton,
    PageForm,
    Prose,
    Screen,
    Split,
    Table,
    TableRow,
)
from views.dashboard.kit.dangers import danger_form
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput
from views.dashboard.kit.lists import empty, filters, first_one, pager
from views.dashboard.kit.reader import PageReader
from views.dashboard.licenses import license_rows, license_table
from views.dashboard.report_parts import export_buttons
from views.words.dashboard import customers as say
from views.words.dashboard import frame as words

PATH = "/admin/customers"
NEW = f"{PATH}/new"
EMAIL, NAME, NOTES, CONFIRM = "email", "name", "notes", "confirm"


def listed(found: tuple[Customer, ...], limit: int, at: Address, reader: PageReader) -> Screen:
    """A page of customers; `found` has one more than `limit` when there is a next page."""
    shown = found[:limit]
    new = PageButton(reader(say.NEW), href=NEW, style="primary")
    rows = tuple(
        TableRow(
            (
                Cell(one.name or one.email, href=f"{PATH}/{one.id}", note=one.email),
                status(one, reader),
                reader.on(one.created_at),
            )
        )
        for one in shown
    )
    table = Table(
        "customers",
        reader(say.TITLE),
        (Column(reader(say.CUSTOMER)), Column(reader(say.STATUS)), Column(reader(say.SINCE))),
        rows,
        _empty(at, reader),
        pager(found, limit, at),
        exports=export_buttons("customers", reader(say.TITLE), at, reader),
    )
    search = Field("q", reader(words.SEARCH), "search", at.text("q"),
                   placeholder=reader(say.SEARCH_HELP), most=200)  # fmt: skip
    blocks = (filters(at, (search,), reader), table)
    return Screen(reader(say.TITLE), blocks, reader(say.LEAD), actions=(new,))


def new(
    reader: PageReader, typed: FormInput = NOTHING_TYPED, error: DomainError | None = None
) -> Screen:
    """The form of a new customer."""
    form = PageForm(
        PATH, _fields(reader), reader(say.CREATE), typed=typed, error=error, cancel_href=PATH
    )
    return Screen(reader(say.NEW), (form,), crumbs=_crumbs(reader))


def read_new(typed: FormInput) -> NewCustomer:
    """What the form says."""
    return NewCustomer(typed.text(EMAIL), typed.text(NAME), typed.text(NOTES))


def read_changes(typed: FormInput) -> CustomerChanges:
    """What the form of one says."""
    return CustomerChanges(typed.text(EMAIL), typed.text(NAME), typed.text(NOTES))


def one(
    customer: Customer,
    licenses: tuple[License, ...],
    lines: tuple[AuditRecord, ...],
    reader: PageReader,
    why: tuple[PageBlock, ...] = (),
) -> Screen:
    """Everything about one customer; `why` their access is what it is stands first."""
    path = f"{PATH}/{customer.id}"
    name = customer.name or customer.email
    blocked = customer.status == "blocked"
    facts = FactList(
        reader(say.DETAILS),
        (
            (reader(say.EMAIL), Cell(customer.email, copy=True)),
            (reader(say.ID), Cell(customer.id, mono=True, copy=True)),
            (reader(say.SINCE), reader.when(customer.created_at)),
            (reader(say.CHANGED), reader.since(customer.updated_at)),
        ),
    )
    main: tuple[PageBlock, ...] = (
        *why,
        license_table(
            license_rows(licenses, reader),
            Empty(reader(say.NO_LICENSES), button=_issue(customer, reader, "plain")),
            reader,
        ),
        history(lines, reader),
    )
    notes = (Prose(reader(say.NOTES), customer.notes),) if customer.notes else ()
    toggle = PageButton(
        reader(say.UNBLOCK if blocked else say.BLOCK),
        f"{path}/{'unblock' if blocked else 'block'}",
        style="plain" if blocked else "danger",
    )
    return Screen(
        name,
        (Split(main, (facts, *notes)),),
        crumbs=_crumbs(reader),
        actions=(
            _issue(customer, reader, "primary"),
            PageButton(reader(say.EDIT), href=f"{path}/edit"),
            toggle,
            PageButton(reader(say.DELETE), href=f"{path}/delete", style="quiet"),
        ),
        badge=status(customer, reader),
    )


def edit(
    customer: Customer,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """The form of one customer."""
    path = f"{PATH}/{customer.id}"
    form = PageForm(
        f"{path}/edit",
        _fields(reader, customer),
        reader(say.SAVE),
        typed=typed,
        error=error,
        cancel_href=path,
    )
    return Screen(reader(say.EDIT), (form,), crumbs=_crumbs(reader, customer))


def delete(
    customer: Customer,
    licenses: int,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """What would be gone, and the field for its name."""
    path, name = f"{PATH}/{customer.id}", customer.name or customer.email
    field = Field(CONFIRM, reader(say.CONFIRM, name=customer.email), required=True, most=300)
    told = (reader(say.DELETE_LEAD, n=licenses), reader(say.DELETE_NOW))
    form = danger_form(path, "delete", field, told, typed, error)
    return Screen(reader(say.DELETE_TITLE, name=name), (form,), crumbs=_crumbs(reader, customer))


def status(customer: Customer, reader: PageReader) -> Cell:
    """As a badge."""
    blocked = customer.status == "blocked"
    return Cell(reader(say.STATUSES[customer.status]), tone="bad" if blocked else "good")


def _issue(customer: Customer, reader: PageReader, style: str) -> PageButton:
    href = Address("/admin/licenses/new", {"email": customer.email}).href()
    if style == "primary":
        return PageButton(reader(say.ISSUE), href=href, style="primary")
    return PageButton(reader(say.ISSUE), href=href)


def _fields(reader: PageReader, customer: Customer | None = None) -> tuple[Field, ...]:
    email, name, notes = (
        (customer.email, customer.name, customer.notes) if customer else ("", "", "")
    )
    return (
        Field(EMAIL, reader(say.EMAIL), "email", email, required=True, most=254),
        Field(NAME, reader(say.NAME), "text", name, help=reader(say.NAME_HELP), most=200),
        Field(NOTES, reader(say.NOTES), "textarea", notes, help=reader(say.NOTES_HELP), most=5_000),
    )


def _empty(at: Address, reader: PageReader) -> Empty:
    none = first_one(reader(say.NONE_YET), reader(say.NONE_YET_TEXT), reader(say.NEW), NEW)
    return empty(at, reader, none)


def _crumbs(reader: PageReader, customer: Customer | None = None) -> tuple[Crumb, ...]:
    top = Crumb(reader(say.TITLE), PATH)
    if customer is None:
        return (top,)
    return (top, Crumb(customer.name or customer.email, f"{PATH}/{customer.id}"))
