"""The gateway's ledger in PostgreSQL; the hour is counted in Redis, if there is one."""

from bot.settings.settings import Settings
from db.gateway.ledger import Rows
from db.store.asyncpg_pool import AsyncpgPool
from integrations.redis_windows.client import RedisWindows
from services.gateway import Ledger, Windows


def build_ledger(settings: Settings, hot: AsyncpgPool) -> Ledger:
    """Built once per process; nothing connects yet. Close it after the gateway, before `hot`."""
    url = settings.redis_url.get_secret_value()
    return Ledger(Rows(hot), Windows(RedisWindows(url) if url else None))
