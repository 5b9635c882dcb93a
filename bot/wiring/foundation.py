"""What every domain is built on: settings, database, Slack, and the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from db.store.session import Database
from db.store.vault import Vault
from handlers.slack.outbound.messenger import SlackMessenger
from services.ports import Clock


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Foundation:
    """Handed to every builder of this package."""

    settings: Settings
    database: Database
    metrics: Metrics
    messenger: SlackMessenger
    clock: Clock = now


def build_database(settings: Settings, url: str) -> Database:
    """The database behind `url`, with the vault that opens its secrets."""
    return Database(url, Vault(settings.keys()))
