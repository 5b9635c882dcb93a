"""The nightly comparison with Stripe: all pages and statuses; a part of them is never clean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

import orjson
import structlog

from db.billing import accounts
from db.billing import comparisons as table
from db.billing.subscriptions import StripeSubscriptionRow
from db.store.session import Database
from integrations.errors import IntegrationError
from integrations.stripe.types import OUR_CUSTOMER, SubscriptionSnapshot
from services.actors import Operator
from services.audit import Change, Subject, note
from services.billing.access import OVER
from services.billing.ports import Payments
from services.errors import Conflict, NotFound
from services.phrases import Phrase
from services.ports import Clock

DIFFERENT, UNKNOWN_HERE, UNKNOWN_THERE = "different", "unknown_here", "unknown_there"
COMPLETE, INCOMPLETE, RUNNING = table.COMPLETE, table.INCOMPLETE, table.RUNNING
AT_ONCE = 100
KEEP = timedelta(days=90)

NO_DRIFT = Phrase(
    "The last comparison found no such difference. Run another one.",
    "L’ultimo confronto non ha trovato questa differenza. Fanne un altro.",
)
NOBODYS = Phrase(
    "Nobody knows whose subscription this is. Link its Stripe customer to one of ours first.",
    "Non si sa di chi sia questo abbonamento. Prima collega il suo cliente Stripe a uno nostro.",
)

log = structlog.get_logger(__name__)


class LooksAgain(Protocol):
    """Billing's own way to bring a customer up to date."""

    async def look_again(self, customer_id: str) -> None:
        """Ask Stripe for all that the customer has, and derive access anew. Raises Temporary."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A subscription that is otherwise here than at Stripe.

    `kind` is different, unknown_here or unknown_there; `values` are (field, here, there).
    """

    subscription_id: str
    kind: str
    customer_id: str
    values: tuple[tuple[str, str, str], ...]
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A run. Only a complete one without drifts says that nothing differs; `note`: why not."""

    id: str
    state: str
    seen: int
    note: str
    began_at: datetime
    ended_at: datetime | None
    drifts: tuple[Drift, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything was seen and nothing differs."""
        return self.state == COMPLETE and not any(not one.repaired for one in self.drifts)


class Comparison:
    """Compares, tells, and repairs by looking again."""

    def __init__(
        self, database: Database, payments: Payments, looking: LooksAgain, clock: Clock
    ) -> None:
        self._database = database
        self._payments = payments
        self._looking = looking
        self._clock = clock

    async def run(self) -> Compared | None:
        """See every subscription of Stripe's. None without a secret key.

        A page that fails ends the run as incomplete; what was found until then is kept.
        """
        if not self._payments.ready:
            return None
        run = table.BillingComparisonRow(id=f"cmp_{uuid4().hex}", began_at=self._clock())
        async with self._database.transaction() as session:
            await table.forget(session, self._clock() - KEEP)
            session.add(run)
        seen: set[str] = set()
        found: list[Drift] = []
        batch: list[SubscriptionSnapshot] = []
        state, why = COMPLETE, ""
        try:
            async for one in self._payments.subscriptions():
                seen.add(one.id)
                batch.append(one)
                if len(batch) >= AT_ONCE:
                    found += await self._differing(batch)
                    batch = []
            found += await self._differing(batch)
            found = await self._confirmed(found)
            found += await self._gone(seen)
        except IntegrationError as error:
            state, why = INCOMPLETE, str(error)
        return await self._end(run.id, state, why, len(seen), found)

    async def nightly(self) -> str:
        """A step: the same by the clock; how it ended, "" without a secret key."""
        found = await self.run()
        return found.state if found else ""

    async def latest(self) -> Compared | None:
        """The newest run, with what differed."""
        async with self._database.transaction() as session:
            row = await table.latest(session)
            if row is None:
                return None
            return _compared(row, await table.drifts(session, row.id))

    async def repair(self, operator: Operator, subscription_id: str) -> Compared:
        """Look again at the customer whose subscription differs, by billing's own way.

        Raises NotFound, Conflict (nobody's), Temporary.
        """
        async with self._database.transaction() as session:
            row = await table.latest(session)
            drift = await table.drift(session, row.id, subscription_id) if row else None
        if row is None or drift is None:
            raise NotFound(NO_DRIFT)
        if not drift.customer_id:
            raise Conflict(NOBODYS)
        await self._looking.look_again(drift.customer_id)
        async with self._database.transaction() as session:
            await table.mark_repaired(session, row.id, subscription_id)
            subject = Subject("subscription", subscription_id)
            note(session, operator, "billing.repair", subject, Change(None, {"kind": drift.kind}))
        found = await self.latest()
        if found is None:
            raise NotFound(NO_DRIFT)
        return found

    async def _differing(self, batch: Sequence[SubscriptionSnapshot]) -> list[Drift]:
        if not batch:
            return []
        prices = {item.price.id for one in batch for item in one.items}
        async with self._database.transaction() as session:
            rows = await table.rows(session, [one.id for one in batch])
            sold = {row.id for row in await accounts.prices(session, sorted(prices))}
            bound = {
                one.customer_id: await accounts.of_stripe(session, one.customer_id)
                for one in batch
                if one.id not in rows
            }
        found = []
        for one in batch:
            row = rows.get(one.id)
            if row is not None and row.customer_id is not None:
                found += _different(row, one)
            elif one.status not in OVER and _is_ours(one, sold):
                holder = bound.get(one.customer_id)
                ours = holder.customer_id if holder else one.metadata.get(OUR_CUSTOMER, "")
                found.append(Drift(one.id, UNKNOWN_HERE, ours, (("status", "", one.status),)))
        return found

    async def _confirmed(self, found: Iterable[Drift]) -> list[Drift]:
        """Those that differ at a second look, too: an event may have been on its way."""
        kept = []
        for drift in found:
            fresh = await self._payments.subscription(drift.subscription_id)
            if fresh is not None:
                kept += await self._differing([fresh])
        return kept

    async def _gone(self, seen: set[str]) -> list[Drift]:
        """What is alive here, and not in Stripe's whole list."""
        async with self._database.transaction() as session:
            ours = await table.living(session, livemode=self._payments.livemode)
            rows = await table.rows(session, sorted(ours - seen))
        gone = []
        for row in rows.values():
            # It may have been made while the pages were read.
            fresh = await self._payments.subscription(row.id)
            if fresh is None:
                values = (("status", row.status, ""),)
                gone.append(Drift(row.id, UNKNOWN_THERE, row.customer_id or "", values))
        return gone

    async def _end(
        self, run_id: str, state: str, why: str, seen: int, found: Iterable[Drift]
    ) -> Compared:
        drifts = {one.subscription_id: one for one in found}
        async with self._database.transaction() as session:
            row = await session.get_one(table.BillingComparisonRow, run_id)
            row.state, row.note, row.seen, row.ended_at = state, why, seen, self._clock()
            session.add_all(
                table.BillingDriftRow(
                    comparison_id=run_id,
                    subscription_id=one.subscription_id,
                    kind=one.kind,
                    customer_id=one.customer_id or None,
                    values=orjson.dumps({name: list(both) for name, *both in one.values}).decode(),
                )
                for one in drifts.values()
            )
            await session.flush()
            compared = _compared(row, await table.drifts(session, run_id))
        log.info("billing.compared", status=state, count=len(drifts))
        return compared


def _is_ours(one: SubscriptionSnapshot, sold: set[str]) -> bool:
    return OUR_CUSTOMER in one.metadata or any(item.price.id in sold for item in one.items)


def _different(row: StripeSubscriptionRow, one: SubscriptionSnapshot) -> list[Drift]:
    """The fields from which access and revenue follow."""
    item = one.items[0] if one.items else None
    pairs = (
        ("status", row.status, one.status),
        ("price", row.price_id, item.price.id if item else row.price_id),
        ("quantity", row.quantity, item.quantity if item else row.quantity),
        ("period_end", row.period_end, item.period_end if item else row.period_end),
        ("trial_end", row.trial_end, one.trial_end),
        ("cancel_at", row.cancel_at, one.cancel_at),
        ("cancel_at_period_end", row.cancel_at_period_end, one.cancel_at_period_end),
        ("collection_paused", row.collection_paused, bool(one.paused_collection)),
    )
    values = tuple(
        (name, _said(here), _said(there)) for name, here, there in pairs if here != there
    )
    return [Drift(one.id, DIFFERENT, row.customer_id or "", values)] if values else []


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def _compared(row: table.BillingComparisonRow, drifts: Iterable[table.BillingDriftRow]) -> Compared:
    return Compared(
        id=row.id,
        state=row.state,
        seen=row.seen,
        note=row.note,
        began_at=row.began_at,
        ended_at=row.ended_at,
        drifts=tuple(map(_drift, drifts)),
    )


def _drift(row: table.BillingDriftRow) -> Drift:
    values = orjson.loads(row.values)
    return Drift(
        row.subscription_id,
        row.kind,
        row.customer_id or "",
        tuple((name, str(here), str(there)) for name, (here, there) in values.items()),
        repaired=row.state == table.REPAIRED,
    )
