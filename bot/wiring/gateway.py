"""The AI gateway: the providers behind it, and whose keys they are asked with."""

from dataclasses import dataclass

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.product import now
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database
from integrations.http import ClientOptions
from integrations.providers.client import Models
from integrations.providers.types import ANTHROPIC, DEEPSEEK, OPENAI
from services.gateway import (
    ChatProxy,
    FactsOf,
    FairScheduler,
    Gateway,
    Ledger,
    ProviderKeys,
    read_prices,
)


@dataclass(frozen=True, slots=True)
class GatewayServices:
    """The services by their names in Services; the gateway runs."""

    gateway: Gateway
    pacing: FairScheduler
    provider_keys: ProviderKeys


@dataclass(frozen=True, slots=True)
class GatewayDeps:
    """What the gateway stands on, built before it."""

    database: Database
    hot: AsyncpgPool
    ledger: Ledger
    facts: FactsOf


def build_gateway(settings: Settings, metrics: Metrics, ground: GatewayDeps) -> GatewayServices:
    """Built once per process. Close the gateway before the ledger: it settles what it ends."""
    models = Models(
        {
            OPENAI: settings.openai_base_url,
            ANTHROPIC: settings.anthropic_base_url,
            DEEPSEEK: settings.deepseek_base_url,
        },
        terms=ClientOptions(observe=metrics.vendor),
    )
    ours = {
        OPENAI: settings.openai_api_key.get_secret_value(),
        ANTHROPIC: settings.anthropic_api_key.get_secret_value(),
        DEEPSEEK: settings.deepseek_api_key.get_secret_value(),
    }
    keys, prices = ProviderKeys(ground.database, ground.hot, ours, now), read_prices()
    pacing = FairScheduler()
    pump = ChatProxy(ground.ledger, models, prices, pacing)
    return GatewayServices(Gateway(ground.facts, pump, models, keys, prices, now), pacing, keys)
