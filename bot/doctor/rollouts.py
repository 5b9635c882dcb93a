"""The doctor's look at what rollouts read: migrations as files, and the address of sites."""

from pathlib import Path

from bot.doctor.finding import NOT_SET, SettingFinding, fine, untried, wrong
from bot.settings.settings import Settings
from services.errors import NotFound
from services.rollouts import MigrationFiles

DIRECTORY, HEALTH = "migrations_directory", "tenant_health_url"


async def check_rollouts(settings: Settings) -> tuple[SettingFinding, ...]:
    """The files are counted; no tenant's site is asked."""
    return await _directory(settings.migrations_directory), _health(settings.tenant_health_url)


async def _directory(given: str) -> SettingFinding:
    if not given:
        return untried(
            DIRECTORY, words=f"{NOT_SET}; their SQL is typed in or sent with the request"
        )
    try:
        versions = await MigrationFiles(Path(given)).versions()
    except NotFound:
        return wrong(DIRECTORY, words=f"{given} is no directory here")
    return fine(DIRECTORY, words=f"{given}, migrations: {len(versions)}")


def _health(given: str) -> SettingFinding:
    if not given:
        return untried(HEALTH, words=f"{NOT_SET}; no site is asked between two waves")
    return untried(HEALTH, words="cannot be tried without a tenant’s name; rollouts ask it")
