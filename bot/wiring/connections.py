"""What members connect: their keys, Gmail, and the links they sign in by."""

import hashlib
import hmac

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import ConnectionServices
from services.connections import Connections, CrmKeys, Gmail, Outside, SharedKeys, SignIns
from services.people import Members


def build_connections(base: Foundation, vendors: Vendors, people: Members) -> ConnectionServices:
    """Who is asked, and with whose keys."""
    settings, database = base.settings, base.database
    shared = shared_keys(settings)
    crm_keys = CrmKeys(database, shared, base.clock)
    accounts = Connections(database, vendors.fathom, shared, base.clock, crm_keys)
    signins = SignIns(database, settings.base_url, _signing_key(settings), base.clock)
    outside = Outside(vendors.sign_in, signins, settings.base_url)
    gmail = Gmail(database, accounts, people, outside, base.messenger, base.clock)
    return ConnectionServices(accounts, gmail, signins, crm_keys)


def shared_keys(settings: Settings) -> SharedKeys:
    """The environment's keys, and whom they serve."""
    public = settings.crono_public_key.get_secret_value()
    private = settings.crono_private_key.get_secret_value()
    return SharedKeys(
        workspace_id=settings.slack_ops_team_id,
        admins=settings.admins,
        fathom=settings.fathom_api_key.get_secret_value(),
        crono=(public, private) if public and private else (),
    )


def _signing_key(settings: Settings) -> bytes:
    """The key that signs links, derived from the newest encryption key."""
    newest = next(iter(settings.keys().values()))
    return hmac.new(newest, b"seguito: signed links", hashlib.sha256).digest()
