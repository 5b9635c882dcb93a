"""Validation of license keys: facts from memory, verdicts, receipts, touches in batches."""

from dataclasses import dataclass

from bot.settings import Settings
from bot.wiring import now
from db.hot import Hot
from services.cards import Cards
from services.plans import Plans
from services.receipts import Receipts
from services.sites import Sites
from services.touches import Touches
from services.validation import Validation
from services.verdicts import Verdicts
from views.api.validate import validate_json


@dataclass(frozen=True, slots=True)
class Validating:
    """The services by their names in Services; `touches` runs."""

    validation: Validation
    receipts: Receipts
    touches: Touches


def build_validation(settings: Settings, hot: Hot, plans: Plans, sites: Sites) -> Validating:
    """Built once per process; start `hot` before `touches`, and close it after."""
    receipts = Receipts(settings.signing_seeds(), settings.base_url)
    cards, touches = Cards(hot, plans, now), Touches(hot, now)
    verdicts = Verdicts(receipts, validate_json)
    validation = Validation(settings.pepper(), cards, sites, verdicts, touches, now)
    return Validating(validation, receipts, touches)
