"""What is known of a key is trusted as long as it may be, and no longer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic

import pytest
import pytest_asyncio

from db.store.reach import DatabaseUnavailable
from db.store.session import Database
from db.store.vault import Vault
from services.licensing.license_keys import digest, new_key
from services.licensing.license_terms import Issued
from tests.kit.license_desk import OPS, LicenseStage
from tests.kit.relay import Relay
from tests.kit.validation_desk import Process, listening, spend
from tests.kit.waiting import until
from tests.kit.wired import PEPPER

OVERLAP = timedelta(hours=1)


@pytest_asyncio.fixture
async def relay(stage: LicenseStage) -> AsyncIterator[Relay]:
    async with Relay(stage.database.url) as relay:
        yield relay


@pytest_asyncio.fixture
async def process(stage: LicenseStage, relay: Relay) -> AsyncIterator[Process]:
    async with Process(stage, relay.url) as process:
        await listening(process)
        yield process


async def code(process: Process, issued: Issued) -> str:
    """The answer's code."""
    return str((await process.ask(issued.key))["code"])


async def test_a_suspension_is_seen_by_every_process_within_a_second(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    async with Process(stage, stage.database.url) as other:
        await listening(other)
        assert [await code(one, issued) for one in (process, other)] == ["VALID", "VALID"]
        await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
        began = monotonic()
        while {await code(process, issued), await code(other, issued)} != {"SUSPENDED"}:
            assert monotonic() - began < 1
            await asyncio.sleep(0.005)


async def test_a_license_issued_after_its_key_was_tried_is_known_within_a_second(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    rotated = await stage.licenses.rotate(OPS, issued.license.id, OVERLAP)
    await process.ask(rotated.key)
    again = await stage.licenses.rotate(OPS, issued.license.id, OVERLAP)
    began = monotonic()
    while await code(process, again) != "VALID":
        assert monotonic() - began < 1
        await asyncio.sleep(0.005)


async def test_what_was_read_before_a_change_is_not_kept_after_it(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    process.hot.hold = asyncio.Event()
    early = asyncio.create_task(code(process, issued))
    await until(lambda: process.hot.answered == 1)
    await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
    found = digest(PEPPER, issued.key)
    process.cards.forget(found)
    late = asyncio.create_task(code(process, issued))
    await until(lambda: process.hot.answered == 2)
    process.hot.hold.set()
    assert await early == "VALID"
    assert await late == "SUSPENDED"
    assert await code(process, issued) == "SUSPENDED"


async def test_without_notifications_nothing_is_trusted_for_more_than_a_second(
    stage: LicenseStage,
) -> None:
    issued = await stage.issue("pro", 12)
    # Never started, so nobody tells it of anything.
    deaf = Process(stage, stage.database.url)
    assert await code(deaf, issued) == "VALID"
    await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
    assert await code(deaf, issued) == "VALID"
    deaf.skip(1.1)
    assert await code(deaf, issued) == "SUSPENDED"
    await deaf.hot.close()


async def test_what_was_missed_while_nobody_listened_is_read_again(
    stage: LicenseStage, relay: Relay, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    assert await code(process, issued) == "VALID"
    await relay.cut()
    await until(lambda: not process.hot.listening)
    await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
    await relay.mend()
    await listening(process)
    process.skip(1.1)
    assert await code(process, issued) == "SUSPENDED"


async def test_while_postgresql_is_away_what_is_known_goes_on_and_says_so(
    stage: LicenseStage, relay: Relay, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    before = await process.ask(issued.key)
    await relay.cut()
    await until(lambda: not process.hot.listening)
    process.skip(60)
    answer = await process.answer(issued.key)
    assert answer.age == 60
    after = await process.ask(issued.key)
    assert "60 seconds ago" in after.pop("detail")
    assert before.pop("detail") == "The license is valid."
    assert after == before
    with pytest.raises(DatabaseUnavailable):
        await process.ask(new_key())
    process.skip(15 * 60)
    with pytest.raises(DatabaseUnavailable):
        await process.ask(issued.key)
    await relay.mend()
    process.skip(2)
    assert (await process.answer(issued.key)).age is None


async def test_a_key_known_to_be_unknown_gets_no_false_no_while_postgresql_is_away(
    relay: Relay, process: Process
) -> None:
    key = new_key()
    assert (await process.ask(key))["code"] == "NOT_FOUND"
    await relay.cut()
    process.skip(31)
    with pytest.raises(DatabaseUnavailable):
        await process.ask(key)


async def test_a_silent_postgresql_delays_the_first_answer_only(
    stage: LicenseStage, relay: Relay, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    await process.ask(issued.key)
    relay.hang()
    process.skip(31)
    began = monotonic()
    age = (await process.answer(issued.key)).age
    assert age in (33, 34)
    assert monotonic() - began < 4
    for _ in range(20):
        process.skip(1.1)
        began = monotonic()
        assert (await process.answer(issued.key)).age is not None
        assert monotonic() - began < 0.5
    await relay.mend()


async def test_a_new_site_is_let_in_without_a_place_while_postgresql_is_away(
    stage: LicenseStage, vault: Vault, relay: Relay
) -> None:
    issued = await stage.issue("pro", 12)
    database = Database(relay.url, vault, pool_size=2)
    away = LicenseStage(database)
    async with Process(away, relay.url) as process:
        await listening(process)
        await process.ask(issued.key)
        await relay.cut()
        found = await process.ask(issued.key, "shop.example")
        assert (found["valid"], found["receipt"]) == (True, None)
        assert "database is away" in found["detail"]
        await relay.mend()
        process.skip(31)
        assert (await process.ask(issued.key, "shop.example"))["receipt"]
    assert [site.domain for site in await stage.sites.listed(issued.license.id)] == ["shop.example"]
    await database.dispose()


async def test_an_entry_read_again_keeps_what_was_drawn_from_the_same_facts(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    first = await process.answer(issued.key)
    process.skip(31)
    assert await process.answer(issued.key) is first
    await spend(stage.database, issued.license.id, 1, 10)
    process.skip(31)
    assert await process.answer(issued.key) is not first


async def test_one_who_stops_waiting_takes_no_answer_from_the_others(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    process.hot.hold = asyncio.Event()
    asking = [asyncio.create_task(code(process, issued)) for _ in range(3)]
    await until(lambda: process.hot.asked > 0)
    asking[0].cancel()
    await asyncio.sleep(0)
    process.hot.hold.set()
    assert await asyncio.gather(*asking[1:]) == ["VALID", "VALID"]


async def test_a_notification_of_something_else_changes_nothing(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    first = await process.answer(issued.key)
    for payload in ("", "not hex", "00"):
        for tell in process.hot.listeners:
            tell(payload)
    assert await process.answer(issued.key) is first


async def test_a_failure_that_is_no_outage_reaches_everyone_who_asked(
    stage: LicenseStage, database_url: str
) -> None:
    process = Process(stage, database_url)
    process.hot.bug = ValueError("a bug")
    asked = await asyncio.gather(
        *(process.ask(new_key()) for _ in range(3)), return_exceptions=True
    )
    assert [type(one) for one in asked] == [ValueError] * 3
