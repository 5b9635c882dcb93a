"""Users: what each is given, the operation that gives it, and who asks for it in Slack."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_room import SlackOpsRoom
from handlers.slack.outbound.users import SlackUserRoom, UserReceipts
from integrations.supabase.client import Supabase
from services import CreditServices, OpsServices, UserServices
from services.operations import Operations
from services.people import Members
from services.users import (
    PROVISION,
    Mirror,
    Provisioning,
    ProvisioningPorts,
    ProvisioningTerms,
    Reconciler,
    ReconcilerPorts,
    Sessions,
    UserCommands,
    UserKeys,
    UserNotices,
    UserOrders,
    Users,
)


@dataclass(frozen=True, slots=True)
class UserParts:
    """What is built before the ops commands, whose yes begins `orders`."""

    users: Users
    keys: UserKeys
    mirror: Mirror
    provisioning: Provisioning
    orders: UserOrders
    room: SlackUserRoom


def build_user_parts(
    base: Foundation,
    vendors: Vendors,
    operations: Operations,
    credits: CreditServices,
    room: SlackOpsRoom,
    display: SlackOperationDisplay,
) -> UserParts:
    """Their operation is registered with `operations`; its card shows the receipt too."""
    database, clock, terms = base.database, base.clock, provisioning_terms(base.settings)
    keys = UserKeys(database, vendors.openrouter, terms, clock)
    mirror = Mirror(database, _supabase(base, vendors), clock)
    tells = SlackUserRoom(room)
    notices = UserNotices(database, tells, clock)
    ports = ProvisioningPorts(database, _supabase(base, vendors), credits.accounts, notices)
    provisioning = Provisioning(operations, keys, mirror, ports, terms, clock)
    operations.register(provisioning.kind())
    users = Users(database, operations, keys, mirror, clock)
    display.add(PROVISION, UserReceipts(users, credits.accounts).draw)
    return UserParts(users, keys, mirror, provisioning, UserOrders(users), tells)


def build_users(
    base: Foundation,
    vendors: Vendors,
    parts: UserParts,
    people: Members,
    ops: OpsServices,
    credits: CreditServices,
) -> UserServices:
    """With whoever asks for them in Slack, and who compares them with the world outside."""
    database, terms = base.database, provisioning_terms(base.settings)
    accounts = _supabase(base, vendors)
    ports = ReconcilerPorts(database, vendors.openrouter, accounts, credits.proofs, parts.room)
    return UserServices(
        accounts=parts.users,
        commands=UserCommands(database, parts.users, terms, people, ops.confirmations, ops.access),
        keys=parts.keys,
        provisioning=parts.provisioning,
        reconciler=Reconciler(ports, parts.users, parts.keys, parts.mirror, terms),
        sessions=Sessions(vendors.tokens, ready=accounts is not None),
    )


def provisioning_terms(settings: Settings) -> ProvisioningTerms:
    """What every new user gets. Keys are named after our host: an account may serve several."""
    return ProvisioningTerms(
        initial_credits=settings.initial_credits,
        key_limit=settings.openrouter_key_limit_usd,
        key_prefix=f"seguito {urlsplit(settings.base_url).netloc} ",
        on_confirmation=settings.provision_on == "confirmation",
    )


def _supabase(base: Foundation, vendors: Vendors) -> Supabase | None:
    return vendors.supabase if base.settings.supabase_url else None
