"""The ledger when a process is killed, or PostgreSQL is away: nothing lost or doubled."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.local.postgres import LOSSY, Postgres
from db.gateway.ledger import CallOutcome, Rows
from db.store.migrate import upgrade
from services.errors import Temporary
from services.gateway.ledger import KEEP, QUOTA_EXCEEDED
from services.gateway.usage_queue import UsageWriteQueue
from tests.kit.ledger_desk import Desk, ask, claim, metered, new_license

ROOT = Path(__file__).parents[3]
PAUSE = 0.2


@pytest.mark.process
async def test_a_kill_between_hold_and_settle_loses_and_doubles_nothing(
    desk: Desk, ledger_url: str
) -> None:
    license_id = new_license()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.ledger_holder", ledger_url, license_id, "4"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ids = [UUID((await process.stdout.readline()).decode().strip()) for _ in range(4)]
    process.kill()
    await process.wait()

    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["held_micro"]) == (3, 1, 30)
    assert (await desk.ledger.hold(claim(license_id, monthly=4))).code == QUOTA_EXCEEDED

    later = datetime.now(UTC) + KEEP + timedelta(minutes=1)
    assert await desk.rows.expire(500, KEEP, at=later) == 3
    # The answer that had begun is charged by its estimate, the others are free.
    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["held_micro"]) == (0, 2, 0)
    assert (month["input_tokens"], month["output_tokens"], month["cost_micro"]) == (20, 10, 17)
    (day,) = await desk.days(license_id)
    assert (day["requests"], day["cost_micro"], day["estimated"]) == (2, 17, 1)
    assert (await desk.ledger.hold(claim(license_id, monthly=3))).code == ""
    # What the dead process had sent and nobody knew of comes late, and again.
    for _ in range(2):
        await desk.rows.settle(
            [CallOutcome(one, None, None, 0, "settled", cost_micro=1) for one in (*ids[:2], ids[3])]
        )
    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["cost_micro"]) == (1, 3, 18)
    states = [await desk.state(one) for one in ids]
    assert states == ["settled", "settled", "expired", "settled"]


async def test_an_answer_that_begins_and_ends_is_metered_once_by_its_end(desk: Desk) -> None:
    license_id = new_license()
    ended, given_up, begun = (claim(license_id) for _ in range(3))
    for one in (ended, given_up, begun):
        await desk.ledger.hold(one)
        desk.ledger.begin(one.request_id, metered(cost_micro=100, streamed=True))
    await desk.ledger.caught_up()
    assert (await desk.month(license_id))["calls"].count("price_version") == 3
    await desk.ledger.settle(ended.request_id, metered())
    await desk.ledger.release(given_up.request_id, "timeout")
    await desk.ledger.caught_up()
    # One that is not held any more stays as it is.
    await desk.rows.begin(
        [CallOutcome(ended.request_id, license_id, datetime.now(UTC), 0, "settled")]
    )
    await desk.rows.expire(500, KEEP, at=datetime.now(UTC) + KEEP + timedelta(minutes=1))
    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["cost_micro"]) == (0, 2, 107)
    assert month["calls"] == "{}"


async def test_settles_wait_for_postgresql_and_holds_say_so(postgres_home: Path) -> None:
    server = Postgres(postgres_home / "ledger", settings=LOSSY)
    url = server.start()
    await upgrade(url)
    desk = Desk.at(url)
    license_id = new_license()
    try:
        claims = [claim(license_id) for _ in range(5)]
        for one in claims:
            await desk.ledger.hold(one)
        server.stop()
        for one in claims[:4]:
            await desk.ledger.settle(one.request_id, metered())
        await desk.ledger.release(claims[4].request_id, "timeout")
        with pytest.raises(Temporary):
            await desk.ledger.hold(claim(license_id))
        with pytest.raises(Temporary):
            await desk.ledger.look(license_id, 100, None)
        server.start()
        await desk.ledger.caught_up(timedelta(seconds=10))
        month = await desk.month(license_id)
        assert (month["held"], month["used"], month["cost_micro"]) == (0, 4, 28)
        assert (await desk.ledger.hold(claim(license_id))).code == ""
    finally:
        await desk.close()
        server.stop()


async def test_a_restart_of_postgresql_goes_unnoticed_by_a_hold(postgres_home: Path) -> None:
    server = Postgres(postgres_home / "ledger", settings=LOSSY)
    desk = Desk.at(server.start())
    mine = claim(new_license())
    try:
        await desk.ledger.hold(claim(mine.license_id))
        server.stop()
        waiting = asyncio.ensure_future(desk.ledger.hold(mine))
        await asyncio.sleep(PAUSE)
        server.start()
        assert (await waiting).limits.month_used == 2
    finally:
        await desk.close()
        server.stop()


async def test_closing_waits_for_the_settles_in_hand(ledger_url: str, desk: Desk) -> None:
    closing = Desk.at(ledger_url)
    mine = claim(new_license())
    await closing.ledger.hold(mine)
    await closing.ledger.settle(mine.request_id, metered())
    await closing.close()
    assert await desk.state(mine.request_id) == "settled"


async def test_an_end_is_given_up_only_after_its_time(desk: Desk) -> None:
    nowhere = Desk.at("postgresql://nobody@127.0.0.1:9/nothing")
    settling = UsageWriteQueue(Rows(nowhere.hot), kept=timedelta(seconds=0.2))
    settling.put(CallOutcome(claim(new_license()).request_id, None, None, 0, "settled"))
    await settling.empty(timedelta(seconds=0.01))
    began = asyncio.get_running_loop().time()
    await settling.empty(timedelta(seconds=5))
    assert asyncio.get_running_loop().time() - began < 4
    await settling.close()
    await nowhere.close()


async def test_expire_goes_on_until_nothing_is_due(desk: Desk) -> None:
    license_id = new_license()
    long_ago = datetime(2021, 1, 1, tzinfo=UTC)
    asks = [ask(license_id, hourly=1_000) for _ in range(600)]
    for first in range(0, 600, 100):
        await desk.rows.hold(asks[first : first + 100], at=long_ago)
    await desk.ledger.expire()
    assert (await desk.month(license_id))["held"] == 0
