"""A customer's access judged afresh: written, followed by tenants and licenses, told once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db.billing import accounts as table
from db.billing import subscriptions
from db.store.session import Session
from services.actors import Operator
from services.audit import Change, Subject, note
from services.billing.access import AccessRule, Entitlement
from services.billing.consequences import (
    ISSUE,
    NOTICE,
    RENEW,
    Consequence,
    consequences,
    of_local_trial,
)
from services.billing.dossiers import read_subscriptions
from services.billing.known import KnownSubscription, given_by, governing
from services.billing.ports import LicenseEffects, LicenseSold, TenantAccess, TenantEffects
from services.billing.telling import Telling
from services.billing.times import BillingTime
from services.ports import Announce, Clock

CHANGED = "subscription.changed"
STRIPE = Operator("stripe", "webhook")
# A time that has passed without a change: Stripe is slower than the clock.
AGAIN = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Followers:
    """Who feels what access becomes."""

    tenants: TenantEffects
    licenses: LicenseEffects
    announce: Announce


class Judging:
    """Runs in the caller's transaction, under the lock of the customer's row."""

    def __init__(
        self, followers: Followers, telling: Telling, time: BillingTime, clock: Clock
    ) -> None:
        self._followers = followers
        self._telling = telling
        self._time = time
        self._clock = clock

    async def judge(self, session: Session, customer_id: str) -> None:
        """Derive the customer's access from all that is known; a repeat changes nothing."""
        customer = await table.claim_customer(session, customer_id, self._clock())
        now = await self._time.now(session, customer.stripe_customer_id)
        known = await read_subscriptions(session, customer_id)
        _keep_trial(customer, known)
        kept = await table.accounts(session, customer_id)
        families = {one.family for one in known} | {one.family for one in kept}
        if customer.trial_plan:
            families.add(table.PLATFORM)
        for family in sorted(families - {""}):
            of_family = tuple(one for one in known if one.family == family)
            await self._judge(session, customer, family, of_family, now)
        unsold = tuple(one for one in known if not one.family)
        found = [one for one in consequences(unsold, now) if one.kind == "unknown_price"]
        await self._telling.tell(session, customer, unsold, found, now)

    async def _judge(
        self,
        session: Session,
        customer: table.BillingCustomerRow,
        family: str,
        known: tuple[KnownSubscription, ...],
        now: datetime,
    ) -> None:
        account = await table.account(session, customer.customer_id, family)
        tries = family == table.PLATFORM and bool(customer.trial_plan)
        trial = customer.trial_ends_at if tries else None
        given, chosen = given_by(known, trial, now)
        local = trial is not None and not any(one.was_live for one in known)
        plan = customer.trial_plan if local else chosen.plan if chosen else ""
        await self._write(session, account, given, plan, chosen)
        found = await self._effects(session, known, consequences(known, now))
        if local and trial is not None:
            found += of_local_trial(customer.customer_id, plan, trial, now)
        await self._telling.tell(session, customer, known, found, now)
        if family == table.LICENSE:
            await self._follow_licenses(session, customer.customer_id, now)
        else:
            access = TenantAccess(given.allowed, given.state.value, plan, given.until)
            await self._followers.tenants.follow(session, customer.customer_id, access)
        account.look_at = _next_look(known, given, now)
        session.add(account)

    async def _write(
        self,
        session: Session,
        account: table.BillingAccountRow,
        given: Entitlement,
        plan: str,
        chosen: KnownSubscription | None,
    ) -> None:
        before = _told(account.state, account.plan, allowed=account.allowed)
        after = _told(given.state.value, plan, allowed=given.allowed)
        account.rule, account.until, account.ends_at = given.rule.value, given.until, given.ends_at
        account.subscription_id = chosen.id if chosen else ""
        if before == after:
            return
        account.state, account.plan, account.allowed = given.state.value, plan, given.allowed
        account.since, account.version = self._clock(), account.version + 1
        subject = Subject("customer", account.customer_id)
        note(session, STRIPE, "billing.access", subject, Change(before, after))
        until = given.until.isoformat() if given.until else None
        whose = {"customer_id": account.customer_id, "family": account.family, "until": until}
        await self._followers.announce(session, CHANGED, {**whose, **after})
        log.info("billing.access", status=account.state, customer_id=account.customer_id)

    async def _effects(
        self,
        session: Session,
        known: tuple[KnownSubscription, ...],
        found: Iterable[Consequence],
    ) -> list[Consequence]:
        """Carry out what is done to licenses; the rest, which is only told."""
        of = {one.id: one for one in known}
        rest = []
        for one in found:
            if one.kind == ISSUE:
                await self._issue(session, of[one.subscription_id], one)
            elif one.kind != RENEW:
                rest.append(one)
        for one in found:
            if one.kind == RENEW:
                await self._renew(session, of[one.subscription_id], one)
        return rest

    async def _issue(self, session: Session, known: KnownSubscription, effect: Consequence) -> None:
        row = await subscriptions.find(session, known.id, lock=True)
        if row is None or row.customer_id is None or row.license_id is not None:
            return
        sold = LicenseSold(row.id, row.customer_id, row.plan)
        row.license_id = await self._followers.licenses.issue(session, sold)
        session.add(row)
        await session.flush()
        if row.license_id is not None:
            await self._telling.keep(session, row.customer_id, effect, note=row.license_id)

    async def _renew(self, session: Session, known: KnownSubscription, effect: Consequence) -> None:
        row = await subscriptions.find(session, known.id)
        if row is None or row.customer_id is None or row.license_id is None:
            return
        if await self._telling.keep(session, row.customer_id, effect, note=row.license_id):
            await self._followers.licenses.renew(session, row.license_id, known.months)

    async def _follow_licenses(self, session: Session, customer_id: str, now: datetime) -> None:
        of_license: dict[str, list[KnownSubscription]] = defaultdict(list)
        for known in await read_subscriptions(session, customer_id):
            if known.family == table.LICENSE and known.license_id is not None:
                of_license[known.license_id].append(known)
        for license_id, several in of_license.items():
            chosen = governing(tuple(several), now)
            if chosen is not None:
                sold = LicenseSold(chosen.id, customer_id, chosen.plan, license_id)
                allowed = chosen.judged(now).allowed
                await self._followers.licenses.follow(session, sold, allowed=allowed)


def _told(state: str, plan: str, *, allowed: bool) -> dict[str, str | bool]:
    return {"state": state, "plan": plan, "allowed": allowed}


def _keep_trial(customer: table.BillingCustomerRow, known: tuple[KnownSubscription, ...]) -> None:
    """A trial at Stripe is the one trial that a customer gets."""
    ends = [one.facts.trial_end for one in known if one.facts.trial_end is not None]
    if ends and customer.trial_ends_at is None:
        customer.trial_ends_at = min(ends)


def _next_look(
    known: tuple[KnownSubscription, ...], given: Entitlement, now: datetime
) -> datetime | None:
    """When time alone may change something: the next of all ends, graces and notices."""
    times = [given.until]
    if given.rule is AccessRule.TRIAL and given.until is not None:
        times.append(given.until - NOTICE)
    for one in known:
        if one.is_over:
            continue
        times.append(one.judged(now).until)
        if one.facts.trial_end is not None:
            times.append(one.facts.trial_end - NOTICE)
    ahead = [at for at in times if at is not None and at > now]
    behind = [one for one in known if one.facts.status == "trialing" and not ahead]
    return min(ahead) if ahead else now + AGAIN if behind else None
