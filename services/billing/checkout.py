"""Buying: one Stripe customer and one open checkout per customer, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from math import ceil
from uuid import uuid4

import structlog

from db.billing import accounts
from db.billing import checkouts as table
from db.licensing import customers
from db.store.session import Database, Session
from integrations.errors import RateLimited, Unreachable
from integrations.stripe.types import CheckoutOrder, CheckoutSession
from services.billing.access import LIVE, TRIAL
from services.billing.catalogue import PLATFORM, VENDOR, Catalogue, PriceEntry
from services.billing.ports import Payments
from services.email_address import wire_address
from services.errors import Conflict, NotFound, Temporary, translate_vendor_errors
from services.phrases import Phrase
from services.ports import Clock

# Stripe keeps idempotency keys for a day, and a session lives for one.
KEY_LIFE = timedelta(hours=23)
TRIES = 4
KEY_PART = 12
# As Stripe takes the end of a trial: this far ahead at least.
LEAST_TRIAL = timedelta(hours=48)
DAY = timedelta(days=1)
# Anonymous checkouts from one network in an hour.
PERIOD, MOST = timedelta(hours=1), 20
# While a payment's webhook is on its way, so long nobody need worry.
PATIENCE = timedelta(minutes=2)

SUBSCRIBED = Phrase(
    "You have a subscription already. Change or end it in the customer portal: "
    "POST /api/billing/portal.",
    "Hai già un abbonamento. Cambialo o chiudilo nel portale clienti: POST /api/billing/portal.",
)
NO_CUSTOMER = Phrase(
    "There is no such customer. It may have been deleted.",
    "Questo cliente non esiste. Forse è stato eliminato.",
)
NO_CHECKOUT = Phrase(
    "There is no such checkout. Begin again at /pricing.",
    "Questo checkout non esiste. Ricomincia da /pricing.",
)
MOVED = Phrase(
    "Your checkout changed while it was opened. Please try again.",
    "Il checkout è cambiato mentre si apriva. Riprova.",
)
TOO_MANY = Phrase(
    "Too many checkouts were begun from your network. Try again in an hour.",
    "Dalla tua rete sono stati aperti troppi checkout. Riprova tra un’ora.",
)
NO_PORTAL = Phrase(
    "There is no subscription to manage yet. Begin one at /pricing.",
    "Non c’è ancora un abbonamento da gestire. Inizia da /pricing.",
)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: a customer of ours that proved to be it, or anybody with an address.

    Of an anonymous one `customer_id` is "" and `network` is where the request came from.
    """

    customer_id: str = ""
    email: str = ""
    network: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is bought; the amount and whether there is a trial are ours to say."""

    plan: str
    interval: str
    family: str = PLATFORM


@dataclass(frozen=True, slots=True)
class OpenedCheckout:
    """Where to pay; `id` is by which its outcome is asked for."""

    id: str
    url: str
    expires_at: datetime | None


class CheckoutState(StrEnum):
    """How far it is: `paid` waits for Stripe's webhook, `unclaimed` for somebody to say whose."""

    OPEN = "open"
    PAID = "paid"
    READY = "ready"
    UNCLAIMED = "unclaimed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CheckoutOutcome:
    """What came of a checkout: `access` is a word of `access.AccessState`, "" before it is ready.

    `until` is the end of a trial or grace. `late`: the webhook takes longer than it should.
    """

    state: CheckoutState
    family: str
    plan: str
    interval: str
    url: str = ""
    access: str = ""
    until: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class CheckoutPlaces:
    """Addresses of ours that Stripe leads back to; `done` gets the checkout's id behind it."""

    done: str
    back: str


class Checkouts:
    """Opens checkouts and says what came of them."""

    def __init__(
        self,
        database: Database,
        payments: Payments,
        catalogue: Catalogue,
        places: CheckoutPlaces,
        clock: Clock,
    ) -> None:
        self._database = database
        self._payments = payments
        self._catalogue = catalogue
        self._places = places
        self._clock = clock

    async def open(self, buyer: Buyer, wish: Wish) -> OpenedCheckout:
        """A usable, open session, the same one again where there is one; several at once are one.

        An anonymous buyer is never bound to a customer who owns anything: known and unknown
        addresses are answered alike. Raises Invalid, Conflict (there is a subscription), Temporary.
        """
        price = await self._catalogue.find(wish.family, wish.plan, wish.interval)
        for _ in range(TRIES):
            row, bound = await self._claim(buyer, price)
            stripe_id = await self._stripe_customer(row, bound) if row.customer_id else ""
            if stripe_id and row.family == PLATFORM:
                await self._refuse_second(stripe_id)
            session = await self._session(row, stripe_id)
            if session is not None and session.status == "open" and _fits(row, price):
                return OpenedCheckout(row.id, session.url, session.expires_at)
            await self._close(row, session)
        raise Temporary(MOVED)

    async def outcome(self, checkout_id: str) -> CheckoutOutcome:
        """What came of it so far. Raises NotFound; Stripe being away counts as waiting."""
        async with self._database.transaction() as session:
            row = await table.find(session, checkout_id)
        if row is None:
            raise NotFound(NO_CHECKOUT)
        base = CheckoutOutcome(CheckoutState.PAID, row.family, row.plan, row.interval)
        try:
            found = await self._payments.checkout(row.session_id) if row.session_id else None
        except (Unreachable, RateLimited):
            return base
        if found is None or found.status == "expired":
            return replace(base, state=CheckoutState.EXPIRED)
        if found.status == "open":
            return replace(base, state=CheckoutState.OPEN, url=found.url)
        return await self._paid(row, found, base)

    async def portal(self, customer_id: str, language: str = "en") -> str:
        """The address of the customer's own portal at Stripe, good for minutes."""
        async with self._database.transaction() as session:
            row = await accounts.customer(session, customer_id)
        if row is None or not row.stripe_customer_id:
            raise Conflict(NO_PORTAL)
        with translate_vendor_errors(VENDOR):
            return await self._payments.portal(row.stripe_customer_id, self._places.back)

    async def _claim(
        self, buyer: Buyer, price: PriceEntry
    ) -> tuple[table.BillingCheckoutRow, str | None]:
        """The buyer's open try, a new one where there is none, and the Stripe customer bound."""
        async with self._database.transaction() as session:
            if buyer.customer_id:
                customer = await customers.find(session, buyer.customer_id)
                if customer is None:
                    raise NotFound(NO_CUSTOMER)
                return await self._of_customer(session, buyer, customer, price)
            return await self._of_stranger(session, buyer, price)

    async def _of_customer(
        self,
        session: Session,
        buyer: Buyer,
        customer: customers.CustomerRow,
        price: PriceEntry,
    ) -> tuple[table.BillingCheckoutRow, str | None]:
        known = await accounts.claim_customer(session, customer.id, self._clock())
        known.language = buyer.language
        row = await table.open_of(session, customer.id)
        if row is None:
            trial = _trial(known.trial_ends_at, price, self._clock())
            row = self._new(buyer, customer.email, price, trial)
            row.customer_id = customer.id
            session.add(row)
            await session.flush()
        return row, known.stripe_customer_id

    async def _of_stranger(
        self, session: Session, buyer: Buyer, price: PriceEntry
    ) -> tuple[table.BillingCheckoutRow, str | None]:
        email = wire_address(buyer.email.strip(), field="email").lower()
        await table.lock_email(session, email)
        customer = await customers.of_email(session, email)
        if customer is None:
            await self._limit(session, buyer.network)
            customer = customers.CustomerRow(
                email=email,
                name=email.partition("@")[0],
                created_at=self._clock(),
                updated_at=self._clock(),
            )
            session.add(customer)
            await session.flush()
            return await self._of_customer(session, buyer, customer, price)
        if await table.begun_by_strangers(session, customer.id):
            return await self._of_customer(session, buyer, customer, price)
        row = await table.open_unbound(session, email)
        if row is None:
            await self._limit(session, buyer.network)
            row = self._new(buyer, email, price, _trial(None, price, self._clock()))
            session.add(row)
            await session.flush()
        return row, None

    async def _limit(self, session: Session, network: str) -> None:
        began = await table.count_since(session, network, self._clock() - PERIOD)
        if began >= MOST:
            raise Temporary(TOO_MANY, retry_after=PERIOD)

    def _new(
        self, buyer: Buyer, email: str, price: PriceEntry, trial: tuple[int | None, datetime | None]
    ) -> table.BillingCheckoutRow:
        return table.BillingCheckoutRow(
            id=f"chk_{uuid4().hex}",
            email=email,
            family=price.family,
            plan=price.plan,
            interval=price.interval,
            price_id=price.id,
            trial_days=trial[0],
            trial_end=trial[1],
            language=buyer.language,
            network=buyer.network,
            created_at=self._clock(),
        )

    async def _stripe_customer(self, row: table.BillingCheckoutRow, bound: str | None) -> str:
        """The one Stripe customer of ours: found by our metadata, or made with the same key."""
        customer_id = row.customer_id or ""
        if bound:
            return bound
        address = sha256(row.email.encode()).hexdigest()[:KEY_PART]
        key = f"seguito-customer-{customer_id}-{address}"
        with translate_vendor_errors(VENDOR):
            found = await self._payments.customer_of(customer_id)
            made = found or await self._payments.create_customer(
                customer_id, row.email, "", key=key
            )
        async with self._database.transaction() as session:
            known = await accounts.claim_customer(session, customer_id, self._clock())
            if known.stripe_customer_id is None:
                known.stripe_customer_id = made.id
            return known.stripe_customer_id

    async def _refuse_second(self, stripe_id: str) -> None:
        """Ask Stripe itself: a live subscription to a plan of ours is changed, not bought twice."""
        live: list[str] = []
        with translate_vendor_errors(VENDOR):
            async for one in self._payments.subscriptions(stripe_id):
                if one.status in LIVE:
                    live.extend(item.price.id for item in one.items)
        async with self._database.transaction() as session:
            prices = await accounts.prices(session, live) if live else []
        if any(price.family == PLATFORM for price in prices):
            raise Conflict(SUBSCRIBED)

    async def _session(
        self, row: table.BillingCheckoutRow, stripe_id: str
    ) -> CheckoutSession | None:
        """The try's session: asked for, or opened with its own key; None: its key is too old."""
        with translate_vendor_errors(VENDOR):
            if row.session_id:
                return await self._payments.checkout(row.session_id)
            if self._clock() - row.created_at > KEY_LIFE:
                return None
            order = CheckoutOrder(
                stripe_customer_id=stripe_id,
                customer_id=row.customer_id or "",
                price_id=row.price_id,
                success_url=f"{self._places.done}/{row.id}",
                cancel_url=self._places.back,
                trial_days=row.trial_days,
                trial_end=row.trial_end,
                locale=row.language,
                email="" if stripe_id else row.email,
            )
            made = await self._payments.create_checkout(order, key=row.id)
        async with self._database.transaction() as session:
            kept = await table.find(session, row.id)
            if kept is not None:
                kept.session_id = made.id
                session.add(kept)
        return made

    async def _close(self, row: table.BillingCheckoutRow, session: CheckoutSession | None) -> None:
        """Make room for another try: what is open at Stripe is expired there first."""
        if session is not None and session.status == "open":
            with translate_vendor_errors(VENDOR):
                await self._payments.expire_checkout(session.id)
        async with self._database.transaction() as transaction:
            kept = await table.find(transaction, row.id)
            if kept is not None:
                kept.state = table.CLOSED
                transaction.add(kept)

    async def _paid(
        self, row: table.BillingCheckoutRow, found: CheckoutSession, base: CheckoutOutcome
    ) -> CheckoutOutcome:
        late = self._clock() - row.created_at > PATIENCE
        async with self._database.transaction() as session:
            kept = await table.subscription_of(session, found.subscription_id)
            if kept is None:
                return replace(base, late=late)
            if kept.customer_id is None:
                return replace(base, state=CheckoutState.UNCLAIMED)
            account = await accounts.account(session, kept.customer_id, row.family)
            return replace(
                base,
                state=CheckoutState.READY if account.version else CheckoutState.PAID,
                access=account.state,
                until=account.until,
                late=late,
            )


def _fits(row: table.BillingCheckoutRow, price: PriceEntry) -> bool:
    return row.price_id == price.id


def _trial(
    trial_ends_at: datetime | None, price: PriceEntry, now: datetime
) -> tuple[int | None, datetime | None]:
    """Days, or the end of a trial that runs already; a customer gets one, and no license has."""
    if price.family != PLATFORM:
        return None, None
    if trial_ends_at is None:
        return TRIAL.days, None
    left = trial_ends_at - now
    if left >= LEAST_TRIAL:
        return None, trial_ends_at
    return (ceil(left / DAY) if left > timedelta(0) else None), None
