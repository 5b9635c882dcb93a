"""Users who signed up."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import UserServices
from services.users import Sessions


def build_users(base: Foundation, vendors: Vendors) -> UserServices:
    """Whose tokens are believed."""
    return UserServices(sessions=Sessions(vendors.tokens, ready=bool(base.settings.supabase_url)))
