"""The AI gateway: the providers behind it, and whose keys they are asked with."""

from dataclasses import dataclass

from bot.metrics import Metrics
from bot.settings import Settings
from bot.wiring import now
from db.hot import Hot
from db.session import Database
from integrations.http import Terms
from integrations.providers.client import Models
from integrations.providers.types import ANTHROPIC, DEEPSEEK, OPENAI
from services.gateway import FactsOf, Gateway
from services.ledger import Ledger
from services.pacing import Pacing
from services.prices import read_prices
from services.provider_keys import ProviderKeys
from services.pump import Pump


@dataclass(frozen=True, slots=True)
class Gates:
    """The services by their names in Services; the gateway runs."""

    gateway: Gateway
    pacing: Pacing
    provider_keys: ProviderKeys


@dataclass(frozen=True, slots=True)
class Ground:
    """What the gateway stands on, built before it."""

    database: Database
    hot: Hot
    ledger: Ledger
    facts: FactsOf


def build_gateway(settings: Settings, metrics: Metrics, ground: Ground) -> Gates:
    """Built once per process. Close the gateway before the ledger: it settles what it ends."""
    models = Models(
        {
            OPENAI: settings.openai_base_url,
            ANTHROPIC: settings.anthropic_base_url,
            DEEPSEEK: settings.deepseek_base_url,
        },
        terms=Terms(observe=metrics.vendor),
    )
    ours = {
        OPENAI: settings.openai_api_key.get_secret_value(),
        ANTHROPIC: settings.anthropic_api_key.get_secret_value(),
        DEEPSEEK: settings.deepseek_api_key.get_secret_value(),
    }
    keys, prices = ProviderKeys(ground.database, ground.hot, ours, now), read_prices()
    pacing = Pacing()
    pump = Pump(ground.ledger, models, prices, pacing)
    return Gates(Gateway(ground.facts, pump, models, keys, prices, now), pacing, keys)
