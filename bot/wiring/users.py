"""Users: what each is given, and the operation that gives it."""

from urllib.parse import urlsplit

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.ops_room import SlackOpsRoom
from handlers.slack.outbound.users import SlackUserRoom
from services import UserServices
from services.operations import Operations
from services.users import (
    CreditGrants,
    Mirror,
    Provisioning,
    ProvisioningPorts,
    ProvisioningTerms,
    Sessions,
    UserKeys,
    UserNotices,
    Users,
)


def build_users(
    base: Foundation,
    vendors: Vendors,
    operations: Operations,
    credits: CreditGrants,
    room: SlackOpsRoom,
) -> UserServices:
    """Their operation is registered with `operations`."""
    database, clock, terms = base.database, base.clock, provisioning_terms(base.settings)
    keys = UserKeys(database, vendors.openrouter, terms, clock)
    supabase = vendors.supabase if base.settings.supabase_url else None
    mirror = Mirror(database, supabase, clock)
    notices = UserNotices(database, SlackUserRoom(room), clock)
    outside = ProvisioningPorts(database, supabase, credits, notices)
    provisioning = Provisioning(operations, keys, mirror, outside, terms, clock)
    operations.register(provisioning.kind())
    return UserServices(
        sessions=Sessions(vendors.tokens, ready=supabase is not None),
        accounts=Users(database, operations, keys, mirror, clock),
        provisioning=provisioning,
        keys=keys,
    )


def provisioning_terms(settings: Settings) -> ProvisioningTerms:
    """What every new user gets. Keys are named after our host: an account may serve several."""
    return ProvisioningTerms(
        initial_credits=settings.initial_credits,
        key_limit=settings.openrouter_key_limit_usd,
        key_prefix=f"seguito {urlsplit(settings.base_url).netloc} ",
        on_confirmation=settings.provision_on == "confirmation",
    )
