"""What people are told of a consequence, once: an e-mail, a card, or nothing any more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import orjson

from db.billing import accounts as table
from db.licensing import customers
from db.store import jobs
from db.store.session import Database, Session
from services.billing import consequences as kinds
from services.billing.consequences import Consequence
from services.billing.known import KnownSubscription
from services.billing.ports import BillingRoom, CardOffer
from services.ports import Clock, Letter, Outbox

CARD = "billing.card"
PARTITION = "billing"
LETTER = "billing."
# What came to pass longer ago than this is no news: after an outage, or of an account taken over.
NEWS = timedelta(days=7)
MAILED = frozenset(
    {
        *(kinds.NEW, kinds.TRIAL_ENDING, kinds.TRIAL_OVER, kinds.FAILED, kinds.SUSPENDED),
        *(kinds.PAID, kinds.ENDING, kinds.CANCELLED),
    }
)
CARDED = frozenset(
    {
        *(kinds.NEW, kinds.FIRST_PAID, kinds.FAILED, kinds.RECOVERED, kinds.SUSPENDED),
        *(kinds.ENDING, kinds.CANCELLED, kinds.DUPLICATE, kinds.REFUNDED, kinds.DISPUTED),
        *(kinds.UNKNOWN_PRICE, kinds.UNKNOWN_STATUS, kinds.UNKNOWN_CUSTOMER, kinds.ODD_EVENTS),
        *(kinds.STUCK, kinds.TRIAL_OVER),
    }
)


class Telling:
    """Writes effects in the caller's transaction; cards are posted by a job of their own."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def tell(
        self,
        session: Session,
        customer: table.BillingCustomerRow,
        known: Sequence[KnownSubscription],
        found: Iterable[Consequence],
        now: datetime,
    ) -> None:
        """Tell of each of these once: those that were told of are passed by."""
        wanted = {one.key: one for one in found}
        told = await table.known_effects(session, list(wanted))
        of = {one.id: one for one in known}
        for key, effect in wanted.items():
            if key in told:
                continue
            subject = of.get(effect.subscription_id)
            news = subject is None or is_news(effect, subject, now)
            await self._told(session, customer, effect, news=news)

    async def keep(
        self, session: Session, customer_id: str, effect: Consequence, *, note: str = ""
    ) -> bool:
        """Write down that this was done, in the transaction that did it; False: it was before."""
        return await self._add(session, customer_id, effect, table.DONE, note)

    async def announce(self, session: Session, effect: Consequence) -> None:
        """A card about no customer of ours, once."""
        if await self._add(session, None, effect, table.WAITING):
            await start_card(session, effect.key)

    async def _told(
        self,
        session: Session,
        customer: table.BillingCustomerRow,
        effect: Consequence,
        *,
        news: bool,
    ) -> None:
        carded = news and effect.kind in CARDED
        state = table.WAITING if carded else table.DONE if news else table.NEEDLESS
        if not await self._add(session, customer.customer_id, effect, state):
            return
        if carded:
            await start_card(session, effect.key)
        holder = await customers.find(session, customer.customer_id)
        if news and effect.kind in MAILED and holder is not None:
            letter = Letter(
                LETTER + effect.kind,
                holder.email,
                customer.customer_id,
                LETTER + effect.key,
                customer.language,
            )
            await self._outbox.queue(session, letter)

    async def _add(
        self,
        session: Session,
        customer_id: str | None,
        effect: Consequence,
        state: str,
        note: str = "",
    ) -> bool:
        now = self._clock()
        values = {**effect.values, "about": effect.about}
        row = table.BillingEffectRow(
            key=effect.key,
            customer_id=customer_id,
            family=effect.family,
            kind=effect.kind,
            subscription_id=effect.subscription_id,
            values=orjson.dumps(values).decode(),
            state=state,
            note=note,
            created_at=now,
            done_at=None if state == table.WAITING else now,
        )
        return await table.add_effect(session, row)


class BillingCards:
    """Posts the cards that wait."""

    def __init__(self, database: Database, room: BillingRoom, clock: Clock) -> None:
        self._database = database
        self._room = room
        self._clock = clock

    async def post(self, key: str) -> None:
        """A step: post one card, unless that was done; raises Temporary while Slack is away."""
        async with self._database.transaction() as session:
            row = await table.effect(session, key)
            if row is None or row.state != table.WAITING:
                return
            offer = await _offer(session, row)
        await self._room.card(offer)
        async with self._database.transaction() as session:
            row = await table.effect(session, key, lock=True)
            if row is not None and row.state == table.WAITING:
                row.state, row.done_at = table.DONE, self._clock()
                session.add(row)


async def start_card(session: Session, key: str) -> None:
    """Post the card of this effect once the transaction commits."""
    await jobs.start(session, CARD, f"{CARD}:{key}", key, partition=PARTITION)


def is_news(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    """Whether it is still worth telling, as things are now."""
    rule = NEWSWORTHY.get(effect.kind)
    return rule is None or rule(effect, known, now)


async def _offer(session: Session, row: table.BillingEffectRow) -> CardOffer:
    holder = await customers.find(session, row.customer_id) if row.customer_id else None
    return CardOffer(
        key=row.key,
        kind=row.kind,
        email=holder.email if holder else "",
        customer_id=row.customer_id or "",
        family=row.family,
        subscription_id=row.subscription_id,
        values=orjson.loads(row.values),
    )


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= NEWS


def _new(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return not known.is_over and _is_fresh(known.created_at, now)


def _unpaid(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    of = [one for one in known.invoices if one.id == effect.about]
    return not known.is_over and any(one.status in ("open", "uncollectible") for one in of)


def _paid(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return any(one.id == effect.about and _is_fresh(one.paid_at, now) for one in known.invoices)


def _suspended(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return not known.is_over and not known.judged(now).allowed


def _ending(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    ends_at = known.facts.ends_at
    planned = ends_at is not None and ends_at.isoformat() == effect.values["at"]
    return planned and ends_at is not None and ends_at > now and not known.is_over


def _ended(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return _is_fresh(known.ended_at or known.facts.ends_at, now)


def _beside(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return known.is_live


def _came_back(effect: Consequence, known: KnownSubscription, now: datetime) -> bool:
    return any(one.id == effect.about and _is_fresh(one.at, now) for one in known.money_back)


NEWSWORTHY: Mapping[str, Callable[[Consequence, KnownSubscription, datetime], bool]] = {
    kinds.NEW: _new,
    kinds.FIRST_PAID: _paid,
    kinds.FAILED: _unpaid,
    kinds.PAID: _paid,
    kinds.RECOVERED: _paid,
    kinds.SUSPENDED: _suspended,
    kinds.ENDING: _ending,
    kinds.CANCELLED: _ended,
    kinds.DUPLICATE: _beside,
    kinds.REFUNDED: _came_back,
    kinds.DISPUTED: _came_back,
}
