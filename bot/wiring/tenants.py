"""Tenants: from which provider their databases come, and what happens to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from bot.settings.settings import Settings
from bot.wiring.databases import listing
from bot.wiring.foundation import Foundation
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_room import SlackOpsRoom
from handlers.slack.outbound.tenants import SlackTenantRoom, TenantCards
from services import MailServices, TenantServices
from services.mail import Writer
from services.operations import NOWHERE, Operations
from services.ports import Announce
from services.tenants import (
    DELETE,
    INVITATION,
    ONBOARD,
    DatabaseProviders,
    Invitations,
    Lifecycle,
    LifecyclePorts,
    Migrations,
    Onboarding,
    OnboardingPorts,
    SignUpDoor,
    SignUpLimits,
    TenantLetters,
    TenantReconciler,
    Tenants,
    TenantSignUps,
    TenantTerms,
    TenantWatch,
)

HOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class TenantDeps:
    """What tenants stand on: providers of databases, and the domains below."""

    databases: DatabaseProviders
    operations: Operations
    mail: MailServices
    room: SlackOpsRoom
    display: SlackOperationDisplay
    announce: Announce
    pool: AsyncpgPool


def build_tenants(
    base: Foundation, deps: TenantDeps, migrations: Migrations | None
) -> TenantServices:
    """Their operations are registered; `migrations` is what every new database gets."""
    database, clock, given = base.database, base.clock, deps.databases
    terms = tenant_terms(base.settings, given.usual)
    invitations = Invitations(database, deps.mail.emails, terms, clock)
    outside = OnboardingPorts(
        database, given.by_name, given.own, migrations, given.smoke, deps.announce
    )
    onboarding = Onboarding(outside, invitations, terms, clock)
    below = LifecyclePorts(database, given.by_name, given.smoke, deps.announce)
    lifecycle = Lifecycle(below, clock)
    for kind in (onboarding.kind(), *lifecycle.kinds()):
        deps.operations.register(kind)
    directory = Tenants(database, deps.operations, deps.announce, terms, clock)
    cards = TenantCards(directory)
    deps.display.add(ONBOARD, cards.draw)
    deps.display.add(DELETE, cards.draw)
    limits, place = SignUpLimits(AuthWindows(deps.pool)), deps.room.place or NOWHERE
    door = SignUpDoor(given.own, limits, place)
    return TenantServices(
        signups=TenantSignUps(database, deps.operations, door, terms, clock),
        onboarding=onboarding,
        directory=directory,
        invitations=invitations,
        lifecycle=lifecycle,
        watch=TenantWatch(
            database, given.by_name, deps.operations, SlackTenantRoom(deps.room), clock
        ),
        reconciler=TenantReconciler(
            database, listing(given), SlackTenantRoom(deps.room), terms.name_prefix, clock
        ),
    )


def tenant_letters(base: Foundation) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    return {INVITATION: TenantLetters(base.settings.base_url, base.clock).invitation}


def tenant_terms(settings: Settings, provider: str) -> TenantTerms:
    """What every tenant gets.

    Databases are named after our host, since a provider may serve several installations; by a
    digest of it, since PostgreSQL cuts names at 63 bytes.
    """
    host = sha256(urlsplit(settings.base_url).netloc.encode()).hexdigest()[:HOST_DIGITS]
    return TenantTerms(provider=provider, name_prefix=f"seguito-{host}-")
