"""Auth: the project's Auth behind our address, its limits, and who hears of sign-ups."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from services import UserServices
from services.auth import AuthForwarder, AuthLimits


def build_auth(
    base: Foundation, vendors: Vendors, pool: AsyncpgPool, users: UserServices
) -> AuthForwarder:
    """Close it before `pool`."""
    passage = vendors.auth if base.settings.supabase_url else None
    return AuthForwarder(passage, users.accounts, AuthLimits(AuthWindows(pool), base.clock))
