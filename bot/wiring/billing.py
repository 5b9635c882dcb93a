"""Billing: Stripe's events, the access that follows, and who feels it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from db.licensing import customers
from db.store.session import Session
from handlers.slack.outbound.billing import SlackBillingRoom
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services import BillingServices, LicensingServices, MailServices, TenantServices
from services.billing import (
    AccessState,
    BillingCards,
    BillingDeps,
    BillingDesk,
    BillingTime,
    BillingTimer,
    Catalogue,
    CheckoutPlaces,
    Checkouts,
    Comparison,
    EventHandling,
    Explaining,
    Followers,
    InboxTerms,
    Judging,
    LicenseSold,
    Revenue,
    Snapshots,
    StripeInbox,
    Telling,
    TenantAccess,
    Trials,
    billing_letters,
)
from services.licensing import SubscribedLicenses
from services.mail import Writer
from services.ports import Announce
from services.tenants import Tenants


@dataclass(frozen=True, slots=True)
class BillingBelow:
    """What billing is built on; tenants and licenses only as those who feel it."""

    mail: MailServices
    licensing: LicensingServices
    tenants: TenantServices
    announce: Announce
    room: SlackOpsRoom


def build_billing(base: Foundation, vendors: Vendors, below: BillingBelow) -> BillingServices:
    """Over the one Stripe account."""
    database, clock, stripe = base.database, base.clock, vendors.stripe
    terms = inbox_terms(base.settings)
    telling = Telling(below.mail.emails, clock)
    licenses = LicenseFollower(SubscribedLicenses(below.licensing.licenses))
    followers = Followers(TenantFollower(below.tenants.directory), licenses, below.announce)
    time = billing_time(base)
    judging = Judging(followers, telling, time, clock)
    snapshots = Snapshots(database, stripe, clock)
    deps = BillingDeps(database, stripe, snapshots, judging, telling, terms, clock)
    handling = EventHandling(deps)
    catalogue, url = Catalogue(database, stripe, clock), base.settings.base_url
    places = CheckoutPlaces(f"{url}/billing/done", f"{url}/pricing")
    return BillingServices(
        catalogue=catalogue,
        checkouts=Checkouts(database, stripe, catalogue, places, clock),
        comparison=Comparison(database, stripe, handling, clock),
        revenue=Revenue(database, base.settings.business_zone, clock),
        publishable_key=base.settings.stripe_publishable_key,
        contact=base.settings.email_from,
        inbox=StripeInbox(database, terms, telling, clock),
        handling=handling,
        timer=BillingTimer(deps, handling),
        cards=BillingCards(database, SlackBillingRoom(below.room), clock),
        desk=BillingDesk(database, deps, handling, below.licensing.customers.delete),
        explaining=Explaining(database, time),
        trials=Trials(database, judging, clock),
    )


def inbox_terms(settings: Settings) -> InboxTerms:
    """What Stripe's deliveries are checked against."""
    key = settings.stripe_secret_key.get_secret_value()
    return InboxTerms(settings.webhook_secrets(), livemode="_live_" in key, has_key=bool(key))


def billing_time(base: Foundation) -> BillingTime:
    """The time by which access is judged."""
    return BillingTime(base.clock, livemode=inbox_terms(base.settings).livemode)


def subscription_letters(base: Foundation) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    return billing_letters(billing_time(base))


class TenantFollower:
    """Tenants, as billing moves them: opened and closed, and of which plan."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    async def follow(self, session: Session, customer_id: str, access: TenantAccess) -> None:
        """What an operator suspended stays so; without any access there is no plan to set."""
        if access.state == AccessState.NONE.value:
            return
        reason = f"subscription: {access.state.replace('_', ' ')}"
        await self._tenants.follow(
            session, customer_id, allowed=access.allowed, plan=access.plan, reason=reason
        )


class LicenseFollower:
    """Licenses, as billing moves them."""

    def __init__(self, licenses: SubscribedLicenses) -> None:
        self._licenses = licenses

    async def issue(self, session: Session, sold: LicenseSold) -> str | None:
        """The license of an earlier subscription, or a new one whose key is mailed."""
        holder = await customers.find(session, sold.customer_id)
        if holder is None:
            return None
        earlier = await self._licenses.earlier(session, sold.customer_id, sold.plan)
        if earlier is not None:
            return earlier.id
        request = f"stripe:{sold.subscription_id}"
        return await self._licenses.issue(session, holder.email, sold.plan, request)

    async def renew(self, session: Session, license_id: str, months: int) -> bool:
        """The months of one paid invoice."""
        return await self._licenses.renew(session, license_id, months)

    async def follow(self, session: Session, sold: LicenseSold, *, allowed: bool) -> None:
        """Unpaid or not, and of which plan."""
        if sold.license_id is not None:
            await self._licenses.follow(session, sold.license_id, sold.plan, allowed=allowed)
