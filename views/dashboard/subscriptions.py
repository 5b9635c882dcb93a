"""Subscriptions on the billing page: the newest ones, a search, and files of all of them."""

from services.reports import Panel, SubscriptionLine, SubscriptionLines
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Empty,
    Filters,
    PageBlock,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.fields import Field, SelectOption
from views.dashboard.kit.lists import empty, filters
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import export_buttons, listed
from views.words.dashboard import billing as say
from views.words.dashboard import frame
from views.words.dashboard import reports as words

CUSTOMERS = "/admin/customers"
TONES: dict[str, Tone] = {
    "active": "good",
    "trialing": "info",
    "canceled": "quiet",
    "paused": "quiet",
}


def subscriptions(
    panel: Panel[SubscriptionLines], at: Address, reader: PageReader
) -> tuple[PageBlock, ...]:
    """A search, and what it finds."""
    return (_filters(at, reader), listed(panel, reader, lambda found: _table(found, at, reader)))


def _filters(at: Address, reader: PageReader) -> Filters:
    search = Field(
        "q",
        reader(frame.SEARCH),
        "search",
        at.text("q"),
        placeholder=reader(say.SEARCH_HELP),
        most=200,
    )
    every = SelectOption("", reader(say.ALL))
    states = (SelectOption(name, reader(phrase)) for name, phrase in say.STATUSES.items())
    chosen = at.text("status") if at.text("status") in say.STATUSES else ""
    status = Field("status", reader(say.STATE), "select", chosen, choices=(every, *states))
    return filters(at, (search, status), reader)


def _table(found: SubscriptionLines, at: Address, reader: PageReader) -> Table:
    labels = (say.CUSTOMER, say.PLAN, say.STATE, say.AMOUNT, say.MONTHLY, say.SINCE, say.ENDS)
    numeric = (say.AMOUNT, say.MONTHLY)
    return Table(
        "subscriptions",
        reader(say.SUBSCRIPTIONS),
        tuple(Column(reader(label), numeric=label in numeric) for label in labels),
        tuple(_row(one, reader) for one in found.lines),
        empty(at, reader, Empty(reader(say.NO_SUBSCRIPTIONS), reader(say.NO_SUBS_TEXT))),
        note=_count(found, reader),
        exports=export_buttons("subscriptions", reader(say.SUBSCRIPTIONS), at, reader),
    )


def _count(found: SubscriptionLines, reader: PageReader) -> str:
    rows = words.ROWS(reader.language, found.size.rows)
    if found.size.many:
        rows = reader(say.OVER, n=reader.number(found.size.rows))
    if found.size.rows <= len(found.lines):
        return rows
    return reader(say.NEWEST, n=reader.number(len(found.lines)), rows=rows)


def _row(one: SubscriptionLine, reader: PageReader) -> TableRow:
    who = one.name or one.email or reader(say.NOBODYS)
    href = f"{CUSTOMERS}/{one.customer_id}" if one.customer_id and one.email else ""
    status = say.STATUSES.get(one.status)
    price = "–" if one.amount is None else reader.money(one.amount, one.currency.upper())
    months = "–" if one.monthly is None else reader.money(one.monthly, one.currency.upper())
    trial = reader(say.IS_TRIAL) if one.counted == "trial" else ""
    interval = say.STRIPE_INTERVALS.get(one.interval)
    return TableRow(
        (
            Cell(who, href=href, note=one.id),
            Cell(one.plan or "–", note=f"× {one.quantity}" if one.quantity > 1 else ""),
            Cell(reader(status) if status else one.status, tone=TONES.get(one.status, "warn")),
            Cell(price, note=reader(interval) if interval else one.interval),
            Cell(months, note=trial),
            reader.on(one.created_at),
            reader.on(one.ends_at),
        )
    )
