"""Validation of license keys: facts from memory, responses, receipts."""

from bot.wiring.foundation import Foundation
from db.store.asyncpg_pool import AsyncpgPool
from services import LicensingServices, ValidationServices
from services.validation import (
    LastSeenWriter,
    LicenseCache,
    Receipts,
    Validation,
    ValidationResponses,
)
from views.api.validation import validate_json


def build_validation(
    base: Foundation, pool: AsyncpgPool, last_seen: LastSeenWriter, licensing: LicensingServices
) -> ValidationServices:
    """Start `pool` before `last_seen`, and close it after."""
    settings, clock = base.settings, base.clock
    receipts = Receipts(settings.signing_seeds(), settings.base_url)
    cache = LicenseCache(pool, licensing.plans, clock)
    responses = ValidationResponses(receipts, validate_json)
    pepper, sites = settings.pepper(), licensing.sites
    validator = Validation(pepper, cache, sites, responses, last_seen, clock)
    return ValidationServices(validator, validator.strangers, receipts)
