"""The loop that looks and tells: at once when something was raised, and through an outage."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest_asyncio

from bot.process.vendor_health import VendorHealth
from bot.process.watchman import Watchman
from db.store.session import Database
from db.store.vault import Vault
from services import AlertServices
from services.alerts import Alert, Cause
from services.errors import AWAY, Temporary
from services.operations import Place
from tests.conftest import NewDatabase
from tests.kit.alert_stage import AlertStage
from tests.kit.waiting import until

LONG = timedelta(hours=1)


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[AlertStage]:
    """Alerts on a control database of the test's own."""
    database = Database(await migrated_database(), vault)
    yield AlertStage(database)
    await database.dispose()


def watchman(stage: AlertStage, vendors: VendorHealth, period: timedelta = LONG) -> Watchman:
    """One of this stage."""
    services = AlertServices(stage.alerts, stage.watch, stage.telling)
    return Watchman(services, vendors, period)


async def test_what_is_raised_here_is_told_at_once_though_the_next_look_is_far(
    stage: AlertStage,
) -> None:
    looking = asyncio.create_task(watchman(stage, VendorHealth()).watch())
    await stage.alerts.fire(Cause.BUDGET, "OpenRouter")
    await until(lambda: stage.channel.posted)
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking


async def test_a_vendor_that_this_process_cannot_reach_is_told(stage: AlertStage) -> None:
    seconds = iter([0.0, *[100.0] * 50])
    vendors = VendorHealth(lambda: next(seconds))
    for _ in range(5):
        vendors.hear("fathom", 503)
    await watchman(stage, vendors).turn()
    assert [one.subject for one in stage.channel.posted] == ["Fathom"]


async def test_slack_being_away_ends_no_loop(stage: AlertStage) -> None:
    stage.channel.away = Temporary(AWAY, vendor="Slack")
    looking = asyncio.create_task(
        watchman(stage, VendorHealth(), timedelta(milliseconds=5)).watch()
    )
    await stage.alerts.fire(Cause.BUDGET, "OpenRouter")
    tried = asyncio.Event()

    async def post(alert: Alert) -> Place:
        tried.set()
        return Place("T", "OPS", "1")

    stage.channel.post = post  # type: ignore[method-assign] # Slack is back
    async with asyncio.timeout(30):
        await tried.wait()
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
