"""The licenses' pages: list, issuing one, one of them with its key."""

from dataclasses import replace

from services.audit import AuditRecord
from services.errors import DomainError
from services.licensing import License, Order, Plan, Site
from views.dashboard.history import history
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    ONE_PAGE,
    Cell,
    Column,
    Crumb,
    Empty,
    FactList,
    Filters,
    PageBlock,
    PageButton,
    PageForm,
    Pager,
    Screen,
    Split,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput, SelectOption
from views.dashboard.kit.lists import empty, filters, first_one, pager
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import export_buttons
from views.words.dashboard import frame as words
from views.words.dashboard import licenses as say

PATH = "/admin/licenses"
NEW, BULK = f"{PATH}/new", f"{PATH}/bulk"
TONES: dict[str, Tone] = {
    "active": "good",
    "expired": "quiet",
    "suspended": "warn",
    "cancelled": "bad",
}
MICRO = 1_000_000


def listed(
    found: tuple[License, ...], limit: int, plans: tuple[Plan, ...], at: Address, reader: PageReader
) -> Screen:
    """A page of licenses; `found` has one more than `limit` when there is a next page."""
    table = license_table(
        license_rows(found[:limit], reader), _empty(at, reader), reader, pager(found, limit, at)
    )
    table = replace(table, exports=export_buttons("licenses", reader(say.TITLE), at, reader))
    buttons = (
        PageButton(reader(say.NEW), href=NEW, style="primary"),
        PageButton(reader(say.BULK), href=BULK),
    )
    blocks = (_filters(plans, at, reader), table)
    return Screen(reader(say.TITLE), blocks, reader(say.LEAD), actions=buttons)


def license_rows(found: tuple[License, ...], reader: PageReader) -> tuple[TableRow, ...]:
    """A row for each."""
    return tuple(
        TableRow(
            (
                Cell(one.email, href=f"{PATH}/{one.id}", note=one.domain),
                Cell(one.plan),
                status(one, reader),
                reader.on(one.expires_at) if one.expires_at else Cell(reader(say.NEVER)),
                Cell(f"…{one.key_hint}", mono=True),
            )
        )
        for one in found
    )


def license_table(
    rows: tuple[TableRow, ...],
    empty: Empty,
    reader: PageReader,
    pager: Pager = ONE_PAGE,
) -> Table:
    """Licenses, wherever they are listed."""
    labels = (say.HOLDER, say.PLAN, say.STATUS, say.EXPIRES, say.KEY_END)
    columns = tuple(Column(reader(label)) for label in labels)
    return Table("licenses", reader(say.TITLE), columns, rows, empty, pager)


def status(license: License, reader: PageReader) -> Cell:
    """As a badge."""
    return Cell(reader(say.STATUSES[license.status]), tone=TONES[license.status])


def new(
    plans: tuple[Plan, ...],
    email: str,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """The form of a new license; `email` stands in it at first."""
    choices = tuple(SelectOption(one.name, _plan_line(one, reader)) for one in plans)
    fields = (
        Field("email", reader(say.EMAIL), "email", email, required=True, most=254,
              help=reader(say.EMAIL_HELP)),
        Field("plan", reader(say.PLAN), "select", choices=choices, required=True),
        Field("months", reader(say.MONTHS), "number", "12", help=reader(say.MONTHS_HELP), most=120),
        Field("domain", reader(say.DOMAIN), most=253, help=reader(say.SITE_HELP)),
        Field("send", reader(say.SEND), "checkbox"),
    )  # fmt: skip
    form = PageForm(PATH, fields, reader(say.ISSUE), typed=typed, error=error, cancel_href=PATH)
    return Screen(reader(say.NEW), (form,), crumbs=_crumbs(reader))


def read_order(typed: FormInput, plans: tuple[Plan, ...]) -> Order:
    """What the form says; raises Invalid for months that are no number."""
    plan = typed.text("plan")
    lifetime = any(one.lifetime for one in plans if one.name == plan)
    return Order(
        typed.text("email"),
        plan,
        None if lifetime else typed.number("months"),
        typed.text("domain"),
        send_email=typed.checked("send"),
    )


def one(
    license: License, sites: tuple[Site, ...], lines: tuple[AuditRecord, ...], reader: PageReader
) -> Screen:
    """Everything about one license, and what may be done with it."""
    sites_table = Table(
        "sites",
        reader(say.SITES),
        (Column(reader(say.DOMAIN)),),
        tuple(TableRow((Cell(site.domain),)) for site in sites),
        Empty(reader(say.NO_SITES)),
    )
    main: tuple[PageBlock, ...] = (sites_table, history(lines, reader))
    return Screen(
        f"{license.plan} · {license.email}",
        (Split(main, (_facts(license, reader),)),),
        crumbs=_crumbs(reader),
        actions=_verbs(license, reader),
        badge=status(license, reader),
    )


def key_shown(license: License, key: str, reader: PageReader) -> Screen:
    """The key itself, on an answer that no browser keeps."""
    path = f"{PATH}/{license.id}"
    facts = FactList(
        reader(say.KEY_LABEL),
        ((reader(say.KEY_LABEL), Cell(key, mono=True, copy=True)),),
        (PageButton(reader(say.BACK), href=path),),
    )
    title = reader(say.KEY_SHOWN, email=license.email)
    return Screen(title, (facts,), reader(say.KEY_LEAD), crumbs=_crumbs(reader, license))


def crumbs_of(license: License, reader: PageReader) -> tuple[Crumb, ...]:
    """Above the forms of its verbs."""
    return _crumbs(reader, license)


def _facts(license: License, reader: PageReader) -> FactList:
    budget = license.budget_micro
    rows = [
        (reader(say.HOLDER), Cell(license.email, href=f"/admin/customers/{license.customer_id}")),
        (reader(say.PLAN), Cell(license.plan, note=f"v{license.plan_version}")),
        (
            reader(say.EXPIRES),
            reader.when(license.expires_at) if license.expires_at else Cell(reader(say.NEVER)),
        ),
        (reader(say.ISSUED), reader.when(license.issued_at)),
        (reader(say.ACTIVATED), reader.when(license.activated_at)),
        (reader(say.KEY), Cell(f"…{license.key_hint}", mono=True)),
        (
            reader(say.BUDGET),
            Cell(
                reader(say.NO_BUDGET)
                if budget is None
                else reader.money(budget * 100 // MICRO, "USD")
            ),
        ),
        ("Id", Cell(license.id, mono=True, copy=True)),
    ]
    if license.reason:
        rows.insert(1, (reader(say.REASON), Cell(license.reason)))
    if license.domain:
        rows.insert(2, (reader(say.DOMAIN), Cell(license.domain)))
    if license.old_key_until and license.old_key_until > reader.now:
        rows.append((reader(say.OLD_KEY), reader.when(license.old_key_until)))
    show = PageButton(reader(say.SHOW_KEY), f"{PATH}/{license.id}/key")
    return FactList(reader(say.DETAILS), tuple(rows), (show,))


def _verbs(license: License, reader: PageReader) -> tuple[PageButton, ...]:
    path = f"{PATH}/{license.id}"
    if license.status == "cancelled":
        return ()
    suspended = license.status == "suspended"
    first = (
        PageButton(reader(say.REINSTATE), f"{path}/reinstate", style="primary")
        if suspended
        else PageButton(reader(say.RENEW), href=f"{path}/renew", style="primary")
    )
    renewable = license.expires_at is not None or suspended
    suspend = () if suspended else (PageButton(reader(say.SUSPEND), href=f"{path}/suspend"),)
    return (
        *((first,) if renewable else ()),
        PageButton(reader(say.DELIVER), f"{path}/deliver"),
        PageButton(reader(say.ROTATE), href=f"{path}/rotate"),
        PageButton(reader(say.TRANSFER), href=f"{path}/transfer"),
        PageButton(reader(say.LIMIT), href=f"{path}/limit"),
        *suspend,
        PageButton(reader(say.CANCEL), href=f"{path}/cancel", style="quiet"),
    )


def _filters(plans: tuple[Plan, ...], at: Address, reader: PageReader) -> Filters:
    anything = SelectOption("", reader(words.ANY))
    named = tuple(SelectOption(plan.name, plan.display_name) for plan in plans)
    stated = tuple(SelectOption(name, reader(label)) for name, label in say.STATUSES.items())
    fields = (
        Field("q", reader(words.SEARCH), "search", at.text("q"), most=200,
              placeholder=reader(say.SEARCH_HELP)),
        Field("plan", reader(say.PLAN), "select", at.text("plan"), choices=(anything, *named)),
        Field("status", reader(say.STATUS), "select", at.text("status"),
              choices=(anything, *stated)),
    )  # fmt: skip
    return filters(at, fields, reader)


def _plan_line(plan: Plan, reader: PageReader) -> str:
    phrase = say.FOR_LIFE if plan.lifetime else say.MONTHLY
    price = reader.money(plan.price_minor, plan.currency)
    return reader(phrase, plan=plan.display_name, price=price)


def _empty(at: Address, reader: PageReader) -> Empty:
    none = first_one(reader(say.NONE_YET), reader(say.NONE_YET_TEXT), reader(say.NEW), NEW)
    return empty(at, reader, none)


def _crumbs(reader: PageReader, license: License | None = None) -> tuple[Crumb, ...]:
    top = Crumb(reader(say.TITLE), PATH)
    if license is None:
        return (top,)
    return (top, Crumb(license.email, f"{PATH}/{license.id}"))
