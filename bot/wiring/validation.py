"""Validation of license keys: facts from memory, verdicts, receipts, touches in batches."""

from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.product import now
from db.store.asyncpg_pool import AsyncpgPool
from services.licensing import Plans, Sites
from services.validation import (
    LastSeenWriter,
    LicenseCache,
    Receipts,
    Validation,
    ValidationResponses,
)
from views.api.validation import validate_json


@dataclass(frozen=True, slots=True)
class Validating:
    """The services by their names in Services; `touches` runs."""

    validation: Validation
    receipts: Receipts
    touches: LastSeenWriter


def build_validation(
    settings: Settings, hot: AsyncpgPool, plans: Plans, sites: Sites
) -> Validating:
    """Built once per process; start `hot` before `touches`, and close it after."""
    receipts = Receipts(settings.signing_seeds(), settings.base_url)
    cards, touches = LicenseCache(hot, plans, now), LastSeenWriter(hot, now)
    verdicts = ValidationResponses(receipts, validate_json)
    validation = Validation(settings.pepper(), cards, sites, verdicts, touches, now)
    return Validating(validation, receipts, touches)
