"""The audit log, and the keys of the admin API."""

from bot.wiring.foundation import Foundation
from services import AuditServices
from services.audit import AdminKeys, Audit


def build_audit(base: Foundation) -> AuditServices:
    """The one log, and the one cache of admin keys."""
    settings, own = base.settings, base.settings.admin_api_key.get_secret_value()
    return AuditServices(
        log=Audit(base.database),
        admin_keys=AdminKeys(base.database, settings.pepper(), own, base.clock),
    )
