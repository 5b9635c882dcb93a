"""The pages of billing and of plans: revenue, the comparison with Stripe, and prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.billing import Compared, Drift, PriceEntry, RevenueBalance, RevenueMonth, rounded
from services.phrases import Phrase
from views.dashboard.kit.blocks import (
    Callout,
    Cell,
    Column,
    Empty,
    Figure,
    Figures,
    PageBlock,
    PageButton,
    Screen,
    Table,
    TableRow,
)
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import billing as say

PATH, PLANS_PATH = "/admin/billing", "/admin/plans"
USUAL = "usd"


@dataclass(frozen=True, slots=True)
class BillingParts:
    """What the page is drawn of; `ready`: a secret key is set."""

    ready: bool
    zone: str
    now: Mapping[str, RevenueBalance]
    month: tuple[RevenueMonth, ...]
    compared: Compared | None


def page(parts: BillingParts, reader: PageReader) -> Screen:
    """Revenue now, what moved this month, and whether Stripe says the same."""
    compare = PageButton(reader(say.COMPARE), f"{PATH}/compare", style="primary")
    blocks: list[PageBlock] = [] if parts.ready else [Callout("warn", reader(say.NO_KEY))]
    currencies = sorted(parts.now) or [USUAL]
    blocks += [_figures(parts, currency, reader) for currency in currencies]
    blocks += [_month(parts, reader), *_comparison(parts.compared, reader)]
    actions = (compare,) if parts.ready else ()
    return Screen(reader(say.BILLING), tuple(blocks), actions=actions)


def plans(prices: tuple[PriceEntry, ...], reader: PageReader, *, ready: bool) -> Screen:
    """Every price that is or was sold."""
    labels = (say.PLAN, say.INTERVAL, say.AMOUNT, say.MODE, say.STATE)
    sync = PageButton(reader(say.SYNC), f"{PLANS_PATH}/sync", style="primary")
    table = Table(
        "prices",
        reader(say.PRICES),
        (*(Column(reader(label), numeric=label is say.AMOUNT) for label in labels), Column("")),
        tuple(_price(one, reader) for one in prices),
        Empty(reader(say.NO_PRICES), reader(say.NO_PRICES_TEXT)),
    )
    lead = reader(say.PRICES_LEAD if ready else say.NO_KEY)
    return Screen(reader(say.PLANS), (table,), lead, actions=(sync,) if ready else ())


def _figures(parts: BillingParts, currency: str, reader: PageReader) -> Figures:
    held = parts.now.get(currency, RevenueBalance())
    told = (
        (say.MRR, held.mrr, reader(say.MRR_SOURCE, zone=parts.zone)),
        (say.TRIAL, held.trial, reader(say.TRIAL_SOURCE)),
        (say.COMMITTED, held.committed, reader(say.COMMITTED_SOURCE)),
    )
    figures = tuple(
        Figure(reader(label), _money(amount, currency, reader), source=source)
        for label, amount, source in told
    )
    return Figures(f"now-{currency}", reader(say.NOW), figures)


def _month(parts: BillingParts, reader: PageReader) -> Table:
    labels: tuple[Phrase, ...] = (say.OPENING, say.NEW, say.REACTIVATION, say.EXPANSION)
    labels += (say.CONTRACTION, say.CHURN, say.CLOSING)
    return Table(
        "movements",
        reader(say.MONTH),
        (Column(reader(say.CURRENCY)), *(Column(reader(one), numeric=True) for one in labels)),
        tuple(_movement(one, reader) for one in parts.month),
        Empty(reader(say.NO_MONTH), reader(say.NO_MONTH_TEXT)),
        note=reader(say.MONTH_NOTE, zone=parts.zone),
    )


def _movement(one: RevenueMonth, reader: PageReader) -> TableRow:
    moved = one.flows
    up = (one.opening, moved.new, moved.reactivation, moved.expansion)
    amounts = (*up, -moved.contraction, -moved.churn, one.closing.mrr)
    cells = (Cell(_money(amount, one.currency, reader)) for amount in amounts)
    return TableRow((Cell(one.currency.upper()), *cells))


def _comparison(found: Compared | None, reader: PageReader) -> tuple[PageBlock, ...]:
    if found is None:
        return (Callout("quiet", f"{reader(say.NEVER)}. {reader(say.NEVER_TEXT)}"),)
    ago = reader.ago(found.began_at)
    left = [one for one in found.drifts if not one.repaired]
    if found.state == "incomplete":
        text = reader(say.INCOMPLETE, ago=ago, n=reader.number(found.seen), note=found.note)
        callout = Callout("warn", text)
    elif found.state == "running":
        callout = Callout("info", reader(say.RUNNING, ago=ago))
    elif left:
        callout = Callout("bad", reader(say.DRIFTED, ago=ago, n=reader.number(len(left))))
    else:
        callout = Callout("good", reader(say.CLEAN, ago=ago, n=reader.number(found.seen)))
    if not found.drifts:
        return (callout,)
    table = Table(
        "drifts",
        reader(say.COMPARISON),
        (Column(reader(say.SUBSCRIPTION)), Column(reader(say.DIFFERENCE)), Column("")),
        tuple(_drift(one, reader) for one in found.drifts),
        Empty(reader(say.NOTHING_DIFFERS)),
    )
    return callout, table


def _drift(one: Drift, reader: PageReader) -> TableRow:
    told = (f"{name}: {here or '–'} → {there or '–'}" for name, here, there in one.values)
    name = reader(say.REPAIR_NAME, id=one.subscription_id)
    repair = PageButton(reader(say.REPAIR), f"{PATH}/drifts/{one.subscription_id}", name=name)
    if one.repaired:
        last = Cell(reader(say.IS_REPAIRED), tone="good")
    elif not one.customer_id:
        last = Cell(reader(say.UNLINKED), tone="warn")
    else:
        last = Cell("", buttons=(repair,))
    kind = reader(say.KINDS[one.kind])
    return TableRow((Cell(one.subscription_id, mono=True), Cell(kind, note="; ".join(told)), last))


def _price(one: PriceEntry, reader: PageReader) -> TableRow:
    sold = one.retired_at is None
    name = reader(say.RETIRE_NAME, id=one.id)
    retire = PageButton(reader(say.RETIRE), f"{PLANS_PATH}/prices/{one.id}/retire", name=name)
    return TableRow(
        (
            Cell(one.plan, note=f"{one.family} · {one.id}"),
            Cell(reader(say.INTERVALS[one.interval])),
            Cell(reader.money(one.amount, one.currency.upper())),
            Cell(reader(say.LIVE if one.livemode else say.TEST)),
            Cell(reader(say.SOLD if sold else say.RETIRED), tone="good" if sold else "quiet"),
            Cell("", buttons=(retire,) if sold else ()),
        )
    )


def _money(amount: Fraction, currency: str, reader: PageReader) -> str:
    return reader.money(rounded(amount), currency.upper())
