"""Why a customer's access is what it is: the rule, and the rows it stands on, on their page."""

from collections.abc import Mapping
from datetime import datetime

from services.billing import AccountReason, CustomerReason
from services.phrases import Phrase
from views.dashboard.kit.blocks import Callout, Cell, FactList, PageBlock, Tone
from views.dashboard.kit.reader import PageReader
from views.words.billing import why as words
from views.words.dashboard import customers as say

MOST = 5


def access(found: CustomerReason, reader: PageReader) -> tuple[PageBlock, ...]:
    """Nothing for who never had a subscription or trial; what they have is their licenses."""
    return tuple(block for account in found.accounts for block in _account(account, found, reader))


def _account(of: AccountReason, found: CustomerReason, reader: PageReader) -> tuple[PageBlock, ...]:
    given = of.entitlement
    rule = reader(
        words.RULES[given.rule],
        until=_day(given.until, reader),
        ends=_day(given.ends_at, reader),
        failed=_day(of.first_failed_at, reader),
    )
    tone: Tone = "good" if given.allowed else "bad"
    may = reader(words.ACCESS if given.allowed else words.NO_ACCESS)
    facts = [
        (reader(say.ACCESS), Cell(f"{reader(words.STATES[given.state])}, {may}", tone=tone)),
        (reader(say.WHY), Cell(rule)),
    ]
    if given.ends_at is not None and given.allowed:
        facts.append((reader(say.ENDS), Cell(_day(given.ends_at, reader))))
    title = f"{reader(words.FAMILIES[of.family])} {of.plan.capitalize()}".strip()
    rows = (*facts, *_rows(of, reader), *_history(found, reader))
    told = () if given.allowed else (Callout("bad", f"{title}: {rule}"),)
    return (*told, FactList(reader(say.SUBSCRIPTION_OF, plan=title), rows))


def _rows(of: AccountReason, reader: PageReader) -> tuple[tuple[str, Cell], ...]:
    rows: list[tuple[str, Cell]] = []
    if of.counts is not None:
        status = _said(words.STATUSES, of.counts.facts.status, reader)
        cell = Cell(of.counts.id, mono=True, copy=True, note=f"{status} · {of.counts.price_id}")
        rows.append((reader(words.SUBSCRIPTION), cell))
    for one in of.invoices:
        amount = reader.money(one.amount_paid or one.amount_due, one.currency.upper() or "USD")
        state = _said(words.INVOICE_STATES, one.status, reader)
        failed = f" · {reader(words.FAILED)}" if one.failed else ""
        when = _day(one.created_at, reader)
        rows.append((reader(say.INVOICE), Cell(f"{amount} · {state}{failed}", note=when)))
    for other in of.others:
        status = _said(words.STATUSES, other.facts.status, reader)
        rows.append((reader(words.OTHERS), Cell(other.id, mono=True, note=status)))
    return tuple(rows)


def _history(found: CustomerReason, reader: PageReader) -> tuple[tuple[str, Cell], ...]:
    rows: list[tuple[str, Cell]] = []
    if found.events:
        told = (f"{one.type}, {reader.moment(one.at)}" for one in found.events[:MOST])
        rows.append((reader(words.EVENTS), Cell("; ".join(told))))
    if found.effects:
        told = (
            _said(words.KINDS, one.kind, reader)
            + (f" ({reader(words.NEEDLESS)})" if one.state == "needless" else "")
            for one in found.effects[:MOST]
        )
        rows.append((reader(words.EFFECTS), Cell("; ".join(told))))
    if found.stripe_customer_id:
        rows.append((reader(say.AT_STRIPE), Cell(found.stripe_customer_id, mono=True, copy=True)))
    return tuple(rows)


def _said(of: Mapping[str, Phrase], key: str, reader: PageReader) -> str:
    known = of.get(key)
    return reader(known) if known else key


def _day(at: datetime | None, reader: PageReader) -> str:
    return reader.day(at) if at is not None else ""
