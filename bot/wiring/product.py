"""The whole product on one screen: its domains, each built from those below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.wiring.admins import build_admins
from bot.wiring.alerts import alert_letters, build_alerts
from bot.wiring.arrivals import build_arrivals
from bot.wiring.audit import build_audit
from bot.wiring.auth import build_auth
from bot.wiring.billing import BillingBelow, build_billing, subscription_letters
from bot.wiring.connections import build_connections
from bot.wiring.credits import build_credits
from bot.wiring.crm import build_crm
from bot.wiring.databases import shared_windows
from bot.wiring.doctor import build_doctor
from bot.wiring.followups import build_followups
from bot.wiring.foundation import Foundation
from bot.wiring.gateway import build_gateway
from bot.wiring.home import build_home
from bot.wiring.issuing import build_bulk, build_issuing
from bot.wiring.licensing import build_licensing, license_letters
from bot.wiring.mail import build_mail, build_post
from bot.wiring.ops import build_ops, build_ops_room
from bot.wiring.reports import build_reports
from bot.wiring.rollouts import build_tenants_and_rollouts
from bot.wiring.tenants import TenantDeps, tenant_letters
from bot.wiring.users import UserParts, build_user_parts, build_users
from bot.wiring.validation import build_validation
from bot.wiring.vendors import Vendors
from bot.wiring.webhooks import build_webhooks, webhook_letters
from bot.wiring.workspaces import build_workspaces
from db.store.asyncpg_pool import AsyncpgPool
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_room import SlackOpsRoom
from integrations.supabase_management.pacing import ManagementPace
from services import (
    BillingServices,
    LicensingServices,
    MailServices,
    ReportServices,
    RolloutServices,
    Services,
    TenantServices,
    WebhookServices,
)
from services.audit import note_act
from services.issuing import BULK_ISSUE, Bulk
from services.mail import Writer
from services.operations import Operations
from services.ops import Starter
from services.people import Members
from services.ports import Announce
from services.retention import Retention
from services.users import PROVISION
from services.validation import LastSeenWriter
from services.webhooks import FailureContacts
from views.slack.operations import KINDS


class Running(Protocol):
    """Something with connections or tasks of its own."""

    async def start(self) -> None:
        """Begin; called once, before any door opens."""

    async def close(self) -> None:
        """Finish what is in hand and give everything back; called once, after the doors closed."""


@dataclass(frozen=True, slots=True)
class Product:
    """The services, and what of them runs."""

    services: Services
    # In the order of starting; closed backwards: what settles before what it settles with.
    running: tuple[Running, ...]

    async def start(self) -> None:
        """Start everything that runs."""
        for part in self.running:
            await part.start()

    async def close(self) -> None:
        """Close everything that runs, also what was never started."""
        for part in reversed(self.running):
            await part.close()


def build_product(base: Foundation, vendors: Vendors) -> Product:
    """Built once per process; nothing connects before `Product.start`."""
    database, clock, pool = base.database, base.clock, _pool(base, vendors)
    audit, people = build_audit(base), Members(database, base.messenger, clock)
    connections = build_connections(base, vendors, people)
    display, operations = _operations(base)
    crm = build_crm(base, vendors, connections.crm_keys, operations, people)
    room, mail, webhooks, announce = _messages(base, vendors)
    licensing = build_licensing(base, mail, announce)
    bulk, credits = build_bulk(base, licensing, operations, display), build_credits(base, room)
    users = build_user_parts(base, vendors, operations, credits, room, display)
    ops = build_ops(base, audit.log, people, _starters(bulk, users))
    auth, last_seen = build_auth(base, vendors, pool, users.users), LastSeenWriter(pool, clock)
    validation = build_validation(base, pool, last_seen, licensing)
    beneath = TenantDeps(vendors.databases, operations, mail, room, display, announce, pool)
    tenants, rollouts, billing, reports = _fleet(base, vendors, beneath, licensing)
    below, followups = build_followups(base, vendors, people, connections, crm, operations)
    services = Services(
        admins=build_admins(base, vendors, pool, ops, audit.log, room),
        alerts=build_alerts(base, vendors, room, mail, billing, rollouts),
        arrivals=build_arrivals(base, vendors, below, followups),
        audit=audit,
        auth=auth,
        billing=billing,
        budgets=below.budgets.services,
        calendar=below.calendar,
        connections=connections,
        credits=credits,
        crm=crm,
        doctor=build_doctor(base, connections, crm, ops),
        followups=followups,
        gateway=build_gateway(base, pool, validation.validator.facts),
        home=build_home(base, people, connections, ops, reports, below.budgets.services),
        issuing=build_issuing(base, people, ops, licensing, bulk, operations),
        licensing=licensing,
        mail=mail,
        meetings=below.meetings,
        operations=operations,
        ops=ops,
        people=people,
        reports=reports,
        retention=Retention(base.database, base.settings.retention, base.clock),
        rollouts=rollouts,
        tenants=tenants,
        users=build_users(base, vendors, users, people, ops, credits),
        validation=validation,
        webhooks=webhooks,
        workspaces=build_workspaces(base, vendors, people),
    )
    return Product(services, _running(services, pool, last_seen))


def _fleet(
    base: Foundation, vendors: Vendors, beneath: TenantDeps, licensing: LicensingServices
) -> tuple[TenantServices, RolloutServices, BillingServices, ReportServices]:
    tenants, rollouts = build_tenants_and_rollouts(base, vendors, beneath)
    sold = BillingBelow(beneath.mail, licensing, tenants, beneath.announce, beneath.room)
    billing = build_billing(base, vendors, sold)
    reports = build_reports(base, beneath.operations, billing.revenue)
    return tenants, rollouts, billing, reports


def _running(
    services: Services, pool: AsyncpgPool, last_seen: LastSeenWriter
) -> tuple[Running, ...]:
    """Closed backwards: what settles before what it settles with."""
    ledger = (services.gateway.ledger, services.gateway.chats)
    domains = (services.operations.live, services.billing.catalogue)
    return (pool, services.auth, last_seen, *ledger, *domains)


def _starters(bulk: Bulk, users: UserParts) -> Mapping[str, Starter]:
    """What the yes to an ops command begins, by command."""
    return {BULK_ISSUE: bulk.begin, PROVISION: users.orders.begin}


def _pool(base: Foundation, vendors: Vendors) -> AsyncpgPool:
    """For the hot paths; calls to Supabase's Management API are counted in it, too."""
    pool = AsyncpgPool(base.database.url)
    vendors.management.limit(ManagementPace(shared_windows(pool)))
    return pool


def _operations(base: Foundation) -> tuple[SlackOperationDisplay, Operations]:
    """Durable work, and the card on which most of it is drawn."""
    display = SlackOperationDisplay(base.messenger.clients, KINDS)
    return display, Operations(base.database, display, base.clock, note_act)


def _messages(
    base: Foundation, vendors: Vendors
) -> tuple[SlackOpsRoom, MailServices, WebhookServices, Announce]:
    """What leaves unasked: to the ops channel, by e-mail, and to other people's systems."""
    room, post = build_ops_room(base), build_post(base)
    mail = build_mail(base, post, room, _letters(base))
    contacts = FailureContacts(room, mail.emails, post.address if post.ready else "")
    webhooks = build_webhooks(base, vendors.webhooks, contacts)
    return room, mail, webhooks, webhooks.endpoints.announce


def _letters(base: Foundation) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    licenses, tenants = license_letters(base.clock), tenant_letters(base)
    alarm = alert_letters(base)
    return {**licenses, **webhook_letters(), **tenants, **subscription_letters(base), **alarm}
