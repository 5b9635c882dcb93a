"""How customers stand as payers: whether they owe, until when they try, and what they pay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from db.billing import accounts
from db.billing import subscriptions as table
from db.store.session import Database, Session
from services.billing.access import AccessRule, AccessState, Entitlement
from services.billing.dossiers import read_rows
from services.billing.known import KnownSubscription, given_by
from services.billing.mrr import NOTHING, monthly, rounded
from services.billing.times import BillingTime

# In these somebody owes, within the grace or after it.
OWING = frozenset({AccessState.PAST_DUE, AccessState.SUSPENDED})
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer now. `dunning`: an invoice is due, of the platform or of a license.

    `price` is what the platform costs them a month in minor units of `currency`, before discounts;
    0 while nothing is paid. `trial_ends_at` is None without a running trial.
    """

    dunning: bool = False
    trial_ends_at: datetime | None = None
    price: int = 0
    currency: str = ""


class Payers:
    """Derives each customer's access afresh; writes nothing."""

    def __init__(self, database: Database, time: BillingTime) -> None:
        self._database = database
        self._time = time

    async def standings(self, customer_ids: Sequence[str]) -> Mapping[str, Payer]:
        """Those of them that billing knows, by our id."""
        found: dict[str, Payer] = {}
        for first in range(0, len(customer_ids), AT_ONCE):
            asked = customer_ids[first : first + AT_ONCE]
            async with self._database.transaction() as session:
                found |= await self._standings(session, asked)
        return found

    async def _standings(
        self, session: Session, customer_ids: Sequence[str]
    ) -> Mapping[str, Payer]:
        rows = {row.id: row for row in await table.of_customers(session, customer_ids)}
        known: dict[str, list[KnownSubscription]] = defaultdict(list)
        for one in await read_rows(session, list(rows.values())):
            known[rows[one.id].customer_id or ""].append(one)
        found = {}
        for customer in await accounts.customers(session, customer_ids):
            now = await self._time.now(session, customer.stripe_customer_id)
            of_customer = known[customer.customer_id]
            found[customer.customer_id] = _payer(customer, of_customer, rows, now)
        return found


def _payer(
    customer: accounts.BillingCustomerRow,
    known: Sequence[KnownSubscription],
    rows: Mapping[str, table.StripeSubscriptionRow],
    now: datetime,
) -> Payer:
    platform = tuple(one for one in known if one.family == accounts.PLATFORM)
    licenses = tuple(one for one in known if one.family == accounts.LICENSE)
    trial = customer.trial_ends_at if customer.trial_plan else None
    given, _ = given_by(platform, trial, now)
    paid = [rows[one.id] for one in platform if _is_paid(one.judged(now))]
    worth = sum((_monthly(row) for row in paid), NOTHING)
    owes = {given.state, *(one.judged(now).state for one in licenses)}
    return Payer(
        dunning=bool(owes & OWING),
        trial_ends_at=given.until if given.rule is AccessRule.TRIAL else None,
        price=rounded(worth),
        currency=paid[0].currency if paid else "",
    )


def _is_paid(given: Entitlement) -> bool:
    return given.allowed and given.rule is not AccessRule.TRIAL


def _monthly(row: table.StripeSubscriptionRow) -> Fraction:
    return monthly(row.amount or 0, row.quantity or 1, row.interval, row.interval_count)
