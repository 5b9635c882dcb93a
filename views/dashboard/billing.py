"""The pages of billing and of plans: revenue, the comparison with Stripe, and prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.billing import Compared, Drift, PriceEntry, RevenueBalance, RevenueMonth
from services.reports import Panel, SubscriptionLines
from views.dashboard.kit.addresses import Address
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
from views.dashboard.revenue import by_month, closed, money, moved
from views.dashboard.subscriptions import subscriptions
from views.words.dashboard import billing as say

PATH, PLANS_PATH = "/admin/billing", "/admin/plans"
USUAL = "usd"


@dataclass(frozen=True, slots=True)
class BillingParts:
    """What the page is drawn of; `ready`: a secret key is set."""

    ready: bool
    zone: str
    now: Mapping[str, RevenueBalance]
    today: date
    month: tuple[RevenueMonth, ...]
    closed: tuple[RevenueMonth, ...]
    subscriptions: Panel[SubscriptionLines]
    compared: Compared | None


def page(parts: BillingParts, at: Address, reader: PageReader) -> Screen:
    """Revenue now and by month, what moved it, who subscribes, and whether Stripe agrees."""
    compare = PageButton(reader(say.COMPARE), f"{PATH}/compare", style="primary")
    blocks: list[PageBlock] = [] if parts.ready else [Callout("warn", reader(say.NO_KEY))]
    blocks += revenue(parts.now, parts.zone, reader)
    blocks += by_month((*parts.month, *parts.closed), parts.zone, reader)
    blocks.append(moved(parts.month, parts.today.replace(day=1), parts.zone, reader))
    blocks += subscriptions(parts.subscriptions, at, reader)
    blocks += [closed(parts.closed, reader), *_comparison(parts.compared, reader)]
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


def revenue(
    now: Mapping[str, RevenueBalance], zone: str, reader: PageReader
) -> tuple[Figures, ...]:
    """The balance of each currency that there is, the usual one first; 0 of it without any."""
    currencies = sorted(now, key=lambda one: (one != USUAL, one)) or [USUAL]
    return tuple(_figures(now.get(one, RevenueBalance()), one, zone, reader) for one in currencies)


def _figures(held: RevenueBalance, currency: str, zone: str, reader: PageReader) -> Figures:
    told = (
        (say.MRR, held.mrr, reader(say.MRR_SOURCE, zone=zone)),
        (say.TRIAL, held.trial, reader(say.TRIAL_SOURCE)),
        (say.COMMITTED, held.committed, reader(say.COMMITTED_SOURCE)),
    )
    figures = tuple(
        Figure(reader(label), money(amount, currency, reader), source=source)
        for label, amount, source in told
    )
    return Figures(f"now-{currency}", reader(say.NOW), figures)


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
