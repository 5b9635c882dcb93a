"""Auth: the project's Auth behind our address, its limits, and who hears of sign-ups."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from services.auth import AuthForwarder, AuthLimits
from services.users import Users


def build_auth(
    base: Foundation, vendors: Vendors, pool: AsyncpgPool, users: Users
) -> AuthForwarder:
    """Close it before `pool`."""
    passage = vendors.auth if base.settings.supabase_url else None
    return AuthForwarder(passage, users, AuthLimits(AuthWindows(pool), base.clock))
