"""What is sold by subscription: Stripe's prices, what each of them sells, and which are retired."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime

import structlog

from db.billing import accounts, checkouts
from db.store.session import Database, Session
from integrations.stripe.types import StripePrice
from services.actors import TIMER, Operator
from services.audit import Change, Facts, Subject, note
from services.billing.ports import Payments
from services.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotFound,
    translate_vendor_errors,
    vendors_words,
)
from services.phrases import Phrase
from services.ports import Clock

PLATFORM, LICENSE = accounts.PLATFORM, accounts.LICENSE
FAMILIES = accounts.FAMILIES
MONTHLY, YEARLY = "monthly", "yearly"
INTERVALS = {MONTHLY: ("month", 1), YEARLY: ("year", 1)}
NAMES = {value: name for name, value in INTERVALS.items()}
# Plans that nobody buys on a page.
BY_CONTRACT = frozenset({"enterprise"})
# The name of a price in Stripe's own catalogue says what it sells.
LOOKUP_KEY = re.compile(r"(license_)?([a-z][a-z0-9]{1,30})_(monthly|yearly)")
PLAN = re.compile(r"[a-z][a-z0-9_-]{1,39}")

VENDOR = "Stripe"
CONTRACT = Phrase(
    "Enterprise is sold by contract. Write to us and we make you an offer.",
    "Enterprise si vende con contratto. Scrivici e ti facciamo un’offerta.",
)
NOT_SOLD = Phrase(
    "This plan is not sold {interval} at present. GET /api/billing/plans lists what is.",
    "Questo piano al momento non si vende {interval}. GET /api/billing/plans elenca cosa si vende.",
)
NO_PRICE = Phrase(
    "There is no such price. Copy its id (price_…) from Stripe’s dashboard.",
    "Questo prezzo non esiste. Copia il suo id (price_…) dalla dashboard di Stripe.",
)
NO_PLAN = Phrase(
    "A plan’s name has lower-case letters, digits and hyphens, like professional.",
    "Il nome di un piano ha lettere minuscole, cifre e trattini, come professional.",
)
ODD_PRICE = Phrase(
    "Only prices of a whole amount for each month or year can be sold.",
    "Si possono vendere solo prezzi con un importo intero per ogni mese o anno.",
)
NOT_CONFIGURED = Phrase(
    "Nothing is sold here yet: the operator has to set STRIPE_SECRET_KEY.",
    "Qui non si vende ancora nulla: il gestore deve impostare STRIPE_SECRET_KEY.",
)


log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A price and what it sells; `amount` in minor units each `interval` (monthly, yearly, other).

    `retired_at`: it renews, and is not sold any more.
    """

    id: str
    family: str
    plan: str
    interval: str
    currency: str
    amount: int
    livemode: bool
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What a comparison of the catalogue with Stripe's did; ids of prices."""

    added: tuple[str, ...]
    retired: tuple[str, ...]
    unnamed: tuple[str, ...]


class Catalogue:
    """Decides what may be bought and for how much; clients name a plan and an interval only."""

    def __init__(self, database: Database, payments: Payments, clock: Clock) -> None:
        self._database = database
        self._payments = payments
        self._clock = clock
        self._learning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Learn from Stripe in the background, so that a new installation sells at once."""
        if self.ready:
            self._learning = asyncio.create_task(self._learn_first())

    async def close(self) -> None:
        """Learn no more."""
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)

    @property
    def ready(self) -> bool:
        """Whether anything can be sold at all."""
        return self._payments.ready

    async def sold(self) -> tuple[PriceEntry, ...]:
        """What is sold now in the mode of the secret key, by family and amount."""
        async with self._database.transaction() as session:
            rows = await checkouts.sold(session, livemode=self._payments.livemode)
        return tuple(map(_entry, rows))

    async def listed(self) -> tuple[PriceEntry, ...]:
        """All that is or was sold, in both modes."""
        async with self._database.transaction() as session:
            return tuple(map(_entry, await accounts.prices(session)))

    async def find(self, family: str, plan: str, interval: str) -> PriceEntry:
        """The price that somebody buys now. Raises Invalid: by contract, or not sold."""
        if not self.ready:
            raise Conflict(NOT_CONFIGURED)
        if plan in BY_CONTRACT:
            raise Invalid(CONTRACT, field="plan")
        for entry in await self.sold():
            if (entry.family, entry.plan, entry.interval) == (family, plan, interval):
                return entry
        raise Invalid(NOT_SOLD, field="plan", interval=interval)

    async def sync(self, operator: Operator) -> SyncOutcome:
        """Learn from Stripe: a price whose lookup key is `professional_monthly` sells that plan.

        Of a license's plan the key is `license_pro_yearly`. A price that lost its key, or is
        archived there, is retired. Prices without such a key stay as an operator set them.
        """
        with translate_vendor_errors(VENDOR):
            found = await self._payments.prices()
        added: list[str] = []
        retired: list[str] = []
        async with self._database.transaction() as session:
            known = {row.id: row for row in await accounts.prices(session)}
            for one in found:
                row, named = known.get(one.id), _named(one)
                if one.active and named and (row is None or row.retired_at is not None):
                    await self._put(session, operator, one, named)
                    added.append(one.id)
                elif row is not None and row.retired_at is None and _is_over(row, one):
                    self._retire(session, operator, row)
                    retired.append(one.id)
        unnamed = tuple(one.id for one in found if one.active and not _named(one))
        return SyncOutcome(
            tuple(added), tuple(retired), tuple(one for one in unnamed if one not in known)
        )

    async def learn(self) -> int:
        """A step: the same by the clock; how many prices changed. Nothing without a secret key."""
        if not self.ready:
            return 0
        done = await self.sync(TIMER)
        return len(done.added) + len(done.retired)

    async def put(self, operator: Operator, price_id: str, family: str, plan: str) -> PriceEntry:
        """Say what a price of Stripe's sells; another price of the same is retired."""
        if family not in FAMILIES or not PLAN.fullmatch(plan):
            raise Invalid(NO_PLAN, field="plan")
        with translate_vendor_errors(VENDOR):
            found = await self._payments.prices((price_id,))
        if not found:
            raise NotFound(NO_PRICE)
        async with self._database.transaction() as session:
            return _entry(await self._put(session, operator, found[0], (family, plan)))

    async def retire(self, operator: Operator, price_id: str) -> PriceEntry:
        """Sell it no more; whoever has it goes on paying it."""
        async with self._database.transaction() as session:
            row = await checkouts.price(session, price_id, lock=True)
            if row is None:
                raise NotFound(NO_PRICE)
            if row.retired_at is None:
                self._retire(session, operator, row)
            return _entry(row)

    async def _learn_first(self) -> None:
        if await self.sold():
            return
        try:
            await self.learn()
        except DomainError as error:
            # The clock tries again; until then nothing is for sale.
            log.warning("billing.not_learnt", reason=vendors_words(error))

    async def _put(
        self, session: Session, operator: Operator, one: StripePrice, sells: tuple[str, str]
    ) -> accounts.BillingPriceRow:
        family, plan = sells
        if one.amount is None or (one.interval, one.interval_count) not in NAMES:
            raise Invalid(ODD_PRICE, field="price")
        row = await checkouts.price(session, one.id, lock=True)
        row = row or accounts.BillingPriceRow(
            id=one.id,
            family=family,
            plan=plan,
            interval=one.interval,
            interval_count=one.interval_count,
            currency=one.currency,
            amount=one.amount,
            livemode=one.livemode,
            product_id=one.product_id,
            created_at=self._clock(),
        )
        row.family, row.plan, row.retired_at = family, plan, None
        row.lookup_key = one.lookup_key
        for other in await checkouts.sold(session, livemode=one.livemode):
            same = (other.family, other.plan, other.interval, other.interval_count)
            if other.id != row.id and same == (family, plan, one.interval, one.interval_count):
                self._retire(session, operator, other)
        session.add(row)
        after: Facts = {
            "family": family,
            "plan": plan,
            "interval": row.interval,
            "amount": row.amount,
        }
        note(session, operator, "billing.price", Subject("price", row.id), Change(None, after))
        await session.flush()
        return row

    def _retire(self, session: Session, operator: Operator, row: accounts.BillingPriceRow) -> None:
        row.retired_at = self._clock()
        session.add(row)
        note(session, operator, "billing.price_retired", Subject("price", row.id))


def _named(one: StripePrice) -> tuple[str, str] | None:
    """The family and plan that its lookup key says, if the price is one that can be sold."""
    words = LOOKUP_KEY.fullmatch(one.lookup_key)
    interval = NAMES.get((one.interval, one.interval_count))
    if words is None or one.amount is None or interval != words[3]:
        return None
    return LICENSE if words[1] else PLATFORM, words[2]


def _is_over(row: accounts.BillingPriceRow, one: StripePrice) -> bool:
    """Archived at Stripe, or its lookup key went to another price."""
    return not one.active or bool(LOOKUP_KEY.fullmatch(row.lookup_key) and not _named(one))


def _entry(row: accounts.BillingPriceRow) -> PriceEntry:
    return PriceEntry(
        id=row.id,
        family=row.family,
        plan=row.plan,
        interval=NAMES.get((row.interval, row.interval_count), "other"),
        currency=row.currency,
        amount=row.amount,
        livemode=row.livemode,
        retired_at=row.retired_at,
    )
