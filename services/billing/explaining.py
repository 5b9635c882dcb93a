"""Why a customer's access is what it is: the rule, and the rows that it stands on."""

from dataclasses import dataclass
from datetime import datetime

from db.billing import accounts as table
from db.billing import events
from db.licensing import customers
from db.store.session import Database, Session
from services.billing.access import AccessState, Entitlement
from services.billing.dossiers import read_subscriptions
from services.billing.known import KnownInvoice, KnownSubscription, given_by
from services.billing.times import BillingTime
from services.email_address import wire_address
from services.errors import NotFound
from services.phrases import Phrase

NOBODY = Phrase(
    "There is no customer “{name}”. Write the address that the plan was bought with.",
    "Non c’è un cliente “{name}”. Scrivi l’indirizzo con cui è stato acquistato il piano.",
)
NEWEST = 3
EVENTS = 5


@dataclass(frozen=True, slots=True)
class ToldEffect:
    """An effect: its kind, when, and whether it was carried out (`needless`: it was too late)."""

    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event of Stripe's about the customer."""

    id: str
    type: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountReason:
    """One family: the judgement now, the subscription that counts, its newest invoices.

    `entitlement` is judged at the time of asking, `kept` is the state when it was last judged.
    `first_failed_at` is where a grace began. `others` are subscriptions that do not count.
    """

    family: str
    plan: str
    entitlement: Entitlement
    kept: str
    since: datetime | None
    counts: KnownSubscription | None
    invoices: tuple[KnownInvoice, ...]
    others: tuple[KnownSubscription, ...]

    @property
    def first_failed_at(self) -> datetime | None:
        """Where the grace began."""
        return self.counts.first_failed_at if self.counts else None


@dataclass(frozen=True, slots=True)
class CustomerReason:
    """All that makes a customer's access what it is."""

    customer_id: str
    email: str
    stripe_customer_id: str
    trial_ends_at: datetime | None
    accounts: tuple[AccountReason, ...]
    effects: tuple[ToldEffect, ...]
    events: tuple[SeenEvent, ...]


class Explaining:
    """Reads only."""

    def __init__(self, database: Database, time: BillingTime) -> None:
        self._database = database
        self._time = time

    async def why(self, email: str) -> CustomerReason:
        """By the customer's address; raises Invalid, NotFound."""
        address = wire_address(email.strip().lower(), field="email")
        async with self._database.transaction() as session:
            holder = await customers.of_email(session, address)
            if holder is None:
                raise NotFound(NOBODY, name=address)
            return await self._reason(session, holder)

    async def of_customer(self, customer_id: str) -> CustomerReason:
        """By our id; raises NotFound."""
        async with self._database.transaction() as session:
            holder = await customers.find(session, customer_id)
            if holder is None:
                raise NotFound(NOBODY, name=customer_id[:60])
            return await self._reason(session, holder)

    async def _reason(self, session: Session, holder: customers.CustomerRow) -> CustomerReason:
        billed = await table.customer(session, holder.id)
        known = await read_subscriptions(session, holder.id)
        kept = {one.family: one for one in await table.accounts(session, holder.id)}
        families = sorted({*kept, *(one.family for one in known if one.family)})
        now = await self._time.now(session, billed.stripe_customer_id if billed else None)
        told = await table.effects(session, holder.id, EVENTS)
        seen = await events.of_subscriptions(session, [one.id for one in known], EVENTS)
        accounts = [_account(family, kept.get(family), billed, known, now) for family in families]
        return CustomerReason(
            customer_id=holder.id,
            email=holder.email,
            stripe_customer_id=(billed.stripe_customer_id or "") if billed else "",
            trial_ends_at=billed.trial_ends_at if billed else None,
            accounts=tuple(accounts),
            effects=tuple(ToldEffect(one.kind, one.state, one.created_at) for one in told),
            events=tuple(SeenEvent(one.id, one.type, one.state, one.created_at) for one in seen),
        )


def _account(
    family: str,
    kept: table.BillingAccountRow | None,
    billed: table.BillingCustomerRow | None,
    known: tuple[KnownSubscription, ...],
    now: datetime,
) -> AccountReason:
    of_family = tuple(one for one in known if one.family == family)
    tries = billed is not None and family == table.PLATFORM and bool(billed.trial_plan)
    trial = billed.trial_ends_at if billed and tries else None
    given, counts = given_by(of_family, trial, now)
    return AccountReason(
        family=family,
        plan=kept.plan if kept else counts.plan if counts else "",
        entitlement=given,
        kept=kept.state if kept else AccessState.NONE.value,
        since=kept.since if kept else None,
        counts=counts,
        invoices=tuple(reversed(counts.invoices[-NEWEST:])) if counts else (),
        others=tuple(one for one in of_family if counts and one.id != counts.id),
    )
