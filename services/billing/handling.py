"""One event handled: claimed, Stripe asked afresh, facts written, access derived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from db.billing import accounts, subscriptions
from db.billing import events as table
from db.store.session import Database, Session
from integrations.stripe.types import InvoiceFacts
from integrations.stripe.webhook import StripeEvent, read_event
from services.billing.consequences import ODD_EVENTS, UNKNOWN_CUSTOMER, Consequence
from services.billing.inbox import InboxTerms, restart
from services.billing.judging import Judging
from services.billing.ports import Payments
from services.billing.snapshots import (
    VENDOR,
    Belonging,
    Snapshots,
    StripeLook,
    Whose,
    keep_told,
)
from services.billing.telling import Telling
from services.errors import DomainError, Temporary, translate_vendor_errors
from services.ports import Clock

# Longer than a handling takes; one whose process died is taken over after it.
LEASE = timedelta(seconds=30)
# Looked at in one minute; the rest waits for the next one.
AT_ONCE = 200
OTHER_MODE, OTHER_ACCOUNT = "other_mode", "other_account"
NOT_ABOUT_ONE = "not about a subscription"
OF_OTHERS = "another product's"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BillingDeps:
    """What handling works with."""

    database: Database
    payments: Payments
    snapshots: Snapshots
    judging: Judging
    telling: Telling
    terms: InboxTerms
    clock: Clock


@dataclass(frozen=True, slots=True)
class Heard:
    """An event, the invoice it is about, and its subscription; "" with the `reason`, if any."""

    told: StripeEvent
    invoice: InvoiceFacts | None
    subscription_id: str
    reason: str


class EventHandling:
    """Handles what the inbox kept. Every verb may run again, and then changes nothing."""

    def __init__(self, deps: BillingDeps) -> None:
        self._deps = deps

    async def handle(self, event_id: str, run: str) -> None:
        """A step: handle an event while `run` is its newest; raises DomainError, Temporary."""
        told = await self._claim(event_id, int(run))
        if told is None:
            return
        try:
            await self._act(event_id, int(run), await self._hear(told))
        except Temporary as error:
            await self._wait(event_id, int(run), error)
            raise

    async def failed(self, event_id: str, run: str, reference: str, error: DomainError) -> None:
        """The job gave up, which is in the log under `reference`: the sweep starts another."""
        await self._wait(event_id, int(run), error, reference)

    async def look_again(self, customer_id: str) -> None:
        """Ask Stripe for all that a customer has, and derive the access anew. Raises Temporary."""
        async with self._deps.database.transaction() as session:
            rows = await subscriptions.of_customer(session, customer_id)
        looks = [await self._deps.snapshots.look(row.id) for row in rows]
        async with self._deps.database.transaction() as session:
            for look in looks:
                await self._deps.snapshots.write(session, look)
            await self._deps.judging.judge(session, customer_id)

    async def link(self, customer_id: str, stripe_customer_id: str) -> tuple[str, ...]:
        """After the two were bound: handle what waited for it; the customer's subscriptions."""
        async with self._deps.database.transaction() as session:
            found = await subscriptions.of_stripe_customer(session, stripe_customer_id)
            for one in found:
                one.customer_id = one.customer_id or customer_id
                session.add(one)
            for row in await table.parked_of(session, stripe_customer_id):
                await restart(session, row)
        return tuple(one.id for one in found)

    async def _claim(self, event_id: str, run: int) -> StripeEvent | None:
        async with self._deps.database.transaction() as session:
            row = await table.find(session, event_id, lock=True)
            if row is None or row.run != run or row.state not in table.OPEN:
                return None
            row.state, row.attempts = table.WORKING, row.attempts + 1
            row.claimed_until = self._deps.clock() + LEASE
            session.add(row)
            return read_event(row.payload)

    async def _hear(self, told: StripeEvent) -> Heard:
        reason = await self._out_of_scope(told)
        invoice = None if reason else await self._invoice(told)
        subscription_id = told.subscription_id or (invoice.subscription_id if invoice else "")
        return Heard(told, invoice, "" if reason else subscription_id, reason)

    async def _act(self, event_id: str, run: int, heard: Heard) -> None:
        """Look at Stripe and write; once more when there are others to look at as well."""
        wanted = {heard.subscription_id} - {""}
        while True:
            looks = [await self._deps.snapshots.look(one) for one in sorted(wanted)]
            async with self._deps.database.transaction() as session:
                row = await table.find(session, event_id, lock=True)
                if row is None or row.run != run or row.state not in table.OPEN:
                    return
                if not looks:
                    await self._keep(session, row, heard.reason)
                    return
                beside = await self._deps.snapshots.beside(session, looks)
                if beside <= wanted:
                    await self._write(session, row, heard, looks)
                    return
            wanted |= beside

    async def _out_of_scope(self, told: StripeEvent) -> str:
        """Why an event is not ours to act on, "" when it is."""
        if told.livemode != self._deps.terms.livemode:
            return OTHER_MODE
        if told.account:
            with translate_vendor_errors(VENDOR):
                if told.account != await self._deps.payments.account():
                    return OTHER_ACCOUNT
        return ""

    async def _invoice(self, told: StripeEvent) -> InvoiceFacts | None:
        """The invoice that a refunded or disputed payment paid."""
        if told.payment is None or not told.payment.payment_intent:
            return None
        with translate_vendor_errors(VENDOR):
            return await self._deps.payments.invoice_of_payment(told.payment.payment_intent)

    async def _wait(self, event_id: str, run: int, error: DomainError, reference: str = "") -> None:
        """Free the claim, and say why it waits."""
        async with self._deps.database.transaction() as session:
            row = await table.find(session, event_id, lock=True)
            if row is None or row.run != run or row.state not in table.OPEN:
                return
            row.state, row.note = table.WAITING, f"{error.sentence('en')} {reference}".strip()
            row.claimed_until = self._deps.clock() + LEASE
            session.add(row)

    async def _keep(self, session: Session, row: table.StripeEventRow, reason: str) -> None:
        """An event that nothing follows from."""
        self._end(session, row, table.KEPT, reason or NOT_ABOUT_ONE)
        if reason:
            day = self._deps.clock().date().isoformat()
            values = {"reason": reason, "event": row.id}
            effect = Consequence(f"{ODD_EVENTS}:{reason}:{day}", ODD_EVENTS, "", values=values)
            await self._deps.telling.announce(session, effect)

    async def _write(
        self,
        session: Session,
        row: table.StripeEventRow,
        heard: Heard,
        looks: Sequence[StripeLook],
    ) -> None:
        look = next(one for one in looks if one.subscription_id == heard.subscription_id)
        whose = await self._deps.snapshots.write(session, look)
        if whose.belonging is Belonging.FOREIGN:
            self._end(session, row, table.FOREIGN, OF_OTHERS)
            return
        for one in looks:
            if one is not look:
                await self._deps.snapshots.write(session, one)
        await keep_told(session, heard.told, heard.invoice)
        row.subscription_id = look.subscription_id
        if whose.belonging is Belonging.OURS:
            row.customer_id = whose.customer_id
            await self._deps.judging.judge(session, whose.customer_id)
            self._end(session, row, table.DONE, "")
        elif whose.belonging is Belonging.GONE:
            self._end(session, row, table.DONE, "nobody's any more")
        else:
            await self._park(session, row, look, whose)

    async def _park(
        self, session: Session, row: table.StripeEventRow, look: StripeLook, whose: Whose
    ) -> None:
        """Nothing follows from it until somebody says whose it is."""
        self._end(session, row, table.PARKED, whose.belonging.value)
        seen = look.snapshot
        values = {"stripe_customer": row.stripe_customer_id, "why": whose.belonging.value}
        key = f"{UNKNOWN_CUSTOMER}:{look.subscription_id}"
        found = await subscriptions.find(session, look.subscription_id)
        family = found.family if found else ""
        effect = Consequence(key, UNKNOWN_CUSTOMER, family, look.subscription_id, values=values)
        if seen is not None:
            await self._deps.telling.announce(session, effect)

    def _end(self, session: Session, row: table.StripeEventRow, state: str, why: str) -> None:
        row.state, row.note = state, why
        row.handled_at, row.claimed_until = self._deps.clock(), None
        session.add(row)
        log.info("billing.event", kind=row.type, status=state, reason=why)


class BillingTimer:
    """What time alone changes: graces, trials and planned ends that have run out."""

    def __init__(self, deps: BillingDeps, handling: EventHandling) -> None:
        self._deps = deps
        self._handling = handling

    async def due(self) -> list[str]:
        """A step: the customers whose access time, or a mapped price, may have changed."""
        async with self._deps.database.transaction() as session:
            found = await accounts.due(session, self._deps.clock(), AT_ONCE)
            found += await subscriptions.mapped_anew(session, AT_ONCE)
        return list(dict.fromkeys(found))

    async def look(self, customer_id: str) -> None:
        """A step: ask Stripe and judge anew; raises Temporary."""
        await self._handling.look_again(customer_id)
