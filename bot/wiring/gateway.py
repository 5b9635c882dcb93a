"""The AI gateway: the providers behind it, and whose keys they are asked with."""

from bot.wiring.foundation import Foundation
from db.gateway.ledger import Rows
from db.store.asyncpg_pool import AsyncpgPool
from integrations.http import ClientOptions
from integrations.providers.client import Models
from integrations.providers.types import ANTHROPIC, DEEPSEEK, OPENAI
from services import GatewayServices
from services.gateway import (
    ChatProxy,
    Estimates,
    FactsOf,
    FairScheduler,
    Gateway,
    Ledger,
    ProviderKeys,
    UsageReports,
    read_prices,
)


def build_gateway(base: Foundation, pool: AsyncpgPool, facts: FactsOf) -> GatewayServices:
    """Close the chats before the ledger, which settles what they end, and that before `pool`."""
    settings = base.settings
    models = Models(
        {
            OPENAI: settings.openai_base_url,
            ANTHROPIC: settings.anthropic_base_url,
            DEEPSEEK: settings.deepseek_base_url,
        },
        options=ClientOptions(observe=base.metrics.vendor),
    )
    ours = {
        OPENAI: settings.openai_api_key.get_secret_value(),
        ANTHROPIC: settings.anthropic_api_key.get_secret_value(),
        DEEPSEEK: settings.deepseek_api_key.get_secret_value(),
    }
    ledger, scheduler, prices = Ledger(Rows(pool)), FairScheduler(), read_prices()
    keys = ProviderKeys(base.database, pool, ours, base.clock)
    proxy = ChatProxy(ledger, models, prices, scheduler)
    return GatewayServices(
        chats=Gateway(facts, proxy, models, keys, prices, base.clock),
        scheduler=scheduler,
        ledger=ledger,
        usage=UsageReports(base.database, ledger, base.clock),
        provider_keys=keys,
        estimates=Estimates(prices),
    )
