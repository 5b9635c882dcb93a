"""The calendar's own work, on a database of its own: told once, whatever the clock does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from services.licensing.license_times import BATCH
from tests.kit.license_desk import NOW, OPS, LicenseStage

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def stage(
    migrated_database: Callable[[], Awaitable[str]], vault: Vault
) -> AsyncIterator[LicenseStage]:
    url = await migrated_database()
    database = Database(url, vault, pool_size=10)
    yield LicenseStage(database)
    await database.dispose()


async def test_what_is_over_is_told_once_even_when_two_timers_look(stage: LicenseStage) -> None:
    made = [(await stage.issue(months=1)).license for _ in range(3)]
    await stage.issue(months=2)
    await stage.licenses.suspend(OPS, made[2].id, "")
    stage.wait(40 * DAY)
    stage.heard.clear()
    looks = (LicenseStage(stage.database), stage)
    looks[0].now = stage.now
    counts = await asyncio.gather(*(one.licenses.expire_due() for one in looks))
    assert sum(counts) == 2
    assert await stage.licenses.expire_due() == 0
    told = [kind for one in looks for kind, _ in one.heard]
    assert told == ["license.expired"] * 2
    for one in made[:2]:
        assert await stage.told(one.id) == ["licenses.issue", "licenses.expire"]


async def test_a_clock_that_jumps_back_leaves_the_license_running(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    stage.wait(40 * DAY)
    await stage.licenses.expire_due()
    stage.wait(-39 * DAY)
    assert (await stage.licenses.find(made.id)).status == "active"
    stage.wait(39 * DAY)
    assert await stage.licenses.expire_due() == 0
    assert (await stage.told(made.id)).count("licenses.expire") == 1


async def test_more_than_a_batch_is_told_in_one_go(stage: LicenseStage) -> None:
    for _ in range(BATCH + 5):
        await stage.issue(months=1)
    stage.wait(40 * DAY)
    assert await stage.licenses.expire_due() == BATCH + 5


async def test_holders_are_written_to_fourteen_three_and_no_days_before(
    stage: LicenseStage,
) -> None:
    made = (await stage.issue(months=1)).license
    assert made.expires_at is not None
    end = made.expires_at
    days: list[int] = []
    stage.now = NOW
    while stage.now < end + 10 * DAY:
        await stage.licenses.expire_due()
        if await stage.licenses.notify_due():
            days.append((end.date() - stage.now.date()).days)
        stage.wait(timedelta(hours=6))
    assert days == [14, 3, 0]
    assert {one.kind for one in stage.letters} == {"license.expiring"}
    assert {one.to for one in stage.letters} == {made.email}
    assert len({one.dedupe for one in stage.letters}) == 3


async def test_a_timer_that_was_away_sends_only_the_nearest_notice(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    assert made.expires_at is not None
    stage.now = made.expires_at - 2 * DAY
    assert await stage.licenses.notify_due() == 1
    assert [one.dedupe.rpartition(":")[2] for one in stage.letters] == ["3"]
    stage.now = made.expires_at - 10 * DAY
    assert await stage.licenses.notify_due() == 0
    stage.now = made.expires_at + 30 * DAY
    assert await stage.licenses.notify_due() == 0


async def test_a_renewal_begins_the_notices_anew(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    assert made.expires_at is not None
    stage.now = made.expires_at - 14 * DAY
    assert await stage.licenses.notify_due() == 1
    renewed = await stage.licenses.renew(OPS, made.id, 1)
    assert await stage.licenses.notify_due() == 0
    assert renewed.expires_at is not None
    stage.now = renewed.expires_at - 14 * DAY
    assert await stage.licenses.notify_due() == 1


async def test_suspended_cancelled_and_lifetime_holders_are_left_in_peace(
    stage: LicenseStage,
) -> None:
    suspended, cancelled = [(await stage.issue(months=1)).license for _ in range(2)]
    await stage.issue("founders", None)
    await stage.licenses.suspend(OPS, suspended.id, "")
    await stage.licenses.cancel(OPS, cancelled.id)
    stage.wait(29 * DAY)
    assert await stage.licenses.notify_due() == 0


async def test_two_timers_at_once_write_one_letter(stage: LicenseStage) -> None:
    for _ in range(5):
        await stage.issue(months=1)
    stage.wait(28 * DAY)
    other = LicenseStage(stage.database)
    other.now = stage.now
    counts = await asyncio.gather(stage.licenses.notify_due(), other.licenses.notify_due())
    assert sum(counts) == 5
