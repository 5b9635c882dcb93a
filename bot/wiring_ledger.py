"""The gateway's ledger in PostgreSQL; the hour is counted in Redis, if there is one."""

from bot.settings import Settings
from db.hot import Hot
from db.ledger import Rows
from integrations.redis_windows.client import RedisWindows
from services.ledger import Ledger
from services.windows import Windows


def build_ledger(settings: Settings, hot: Hot) -> Ledger:
    """Built once per process; nothing connects yet. Close it after the gateway, before `hot`."""
    url = settings.redis_url.get_secret_value()
    return Ledger(Rows(hot), Windows(RedisWindows(url) if url else None))
