"""Jobs from start to end: in one transaction with our rows, once, retried, told when they fail."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.process.engine import Engine, EngineRunning
from db.store import jobs
from db.store.session import Database
from handlers.jobs.kit.failures import StepFailed
from handlers.jobs.kit.runner import Runner, step_name
from services.errors import DomainError, NotFound, Temporary
from services.operations import Backoff
from services.phrases import Phrase
from tests.kit.waiting import until

QUICK = Backoff(tries=3, first=timedelta(milliseconds=10))
MISSING = Phrase("No company called “{name}”.", "Nessuna azienda “{name}”.")
BUSY = Phrase("Busy.", "Occupato.")


class Unit(StrEnum):
    """What is weighed in."""

    GRAM = "gram"


@dataclass(frozen=True, slots=True)
class Weight:
    """What a step answers: a frozen type of ours."""

    unit: Unit
    boils: timedelta


@dataclass
class Kitchen:
    """A small service whose verbs note what they did; a name may make one break."""

    done: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    breaks: dict[str, list[Exception]] = field(default_factory=dict)
    weighed: list[tuple[str, Weight | None]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def buy(self, order: str) -> str:
        self._do("buy", order)
        return f"{order} bought"

    async def weigh(self, order: str) -> Weight | None:
        return Weight(Unit.GRAM, timedelta(minutes=3)) if order == "pasta" else None

    async def boil(self, order: str, weight: Weight | None) -> None:
        self.weighed.append((order, weight))

    async def cook(self, order: str) -> None:
        self._do("cook", order)

    async def burn(self, order: str) -> None:
        await asyncio.sleep(3600)

    async def fault(self, workflow: str) -> None:
        self.faults.append(workflow)

    async def failed(self, order: str, reference: str, error: DomainError) -> None:
        self.told.append((order, reference, error.sentence("en"), error.sentence("it")))

    def _do(self, verb: str, order: str) -> None:
        self.done.append((verb, order))
        waiting = self.breaks.get(f"{verb} {order}")
        if waiting:
            raise waiting.pop(0)

    def count(self, verb: str, order: str) -> int:
        return self.done.count((verb, order))


@pytest.fixture(scope="module")
def kitchen(engine: Engine) -> Kitchen:
    """The service, with its workflows registered as a feature file would."""
    kitchen = Kitchen()
    runner = engine.runner
    runner.on_fault = kitchen.fault

    @runner.workflow("kitchen.serve", on_failure=kitchen.failed)
    async def serve(order: str) -> None:
        await runner.step(kitchen.buy, order, retries=QUICK)
        await runner.step(kitchen.cook, order)

    @runner.workflow("kitchen.improvise")
    async def improvise(order: str) -> None:
        try:
            await runner.step(kitchen.buy, order, retries=QUICK)
        except StepFailed as failed:
            if failed.failure.temporary:
                await runner.step(kitchen.cook, order)

    @runner.workflow("kitchen.wait", waits=True)
    async def wait(order: str) -> None:
        if await runner.wait("ready", timedelta(hours=1)) == "now":
            await runner.step(kitchen.cook, order)

    @runner.workflow("kitchen.burn", on_failure=kitchen.failed)
    async def burn(order: str) -> None:
        await runner.step(kitchen.burn, order)

    return kitchen


Start = Callable[..., Awaitable[str]]


@pytest.fixture
def start(jobs_database: Database) -> Start:
    async def start(workflow: str, order: str, job_id: str = "", **options: str) -> str:
        job_id = job_id or f"{workflow}:{uuid4()}"
        options = {"partition": "T1"} | options
        async with jobs_database.transaction() as session:
            await jobs.start(session, workflow, job_id, order, **options)
        return job_id

    return start


async def test_a_job_runs_its_steps_once_in_order(kitchen: Kitchen, start: Start) -> None:
    await start("kitchen.serve", "soup")
    await until(lambda: kitchen.count("cook", "soup"))
    assert [verb for verb, order in kitchen.done if order == "soup"] == ["buy", "cook"]


async def test_starting_twice_with_one_id_is_one_run(kitchen: Kitchen, start: Start) -> None:
    job_id = f"slack:{uuid4()}"
    await asyncio.gather(*(start("kitchen.serve", "rice", job_id) for _ in range(5)))
    await until(lambda: kitchen.count("cook", "rice"))
    await start("kitchen.serve", "rice", job_id)
    await start("kitchen.serve", "after rice")
    await until(lambda: kitchen.count("cook", "after rice"))
    assert kitchen.count("buy", "rice") == 1


async def test_a_rolled_back_transaction_starts_nothing(
    kitchen: Kitchen, start: Start, jobs_database: Database
) -> None:
    async with jobs_database.transaction() as session:
        await jobs.start(session, "kitchen.serve", f"x:{uuid4()}", "ghost", partition="T1")
        await session.rollback()
    await start("kitchen.serve", "after ghost")
    await until(lambda: kitchen.count("cook", "after ghost"))
    assert kitchen.count("buy", "ghost") == 0


async def test_a_temporary_error_is_tried_again(kitchen: Kitchen, start: Start) -> None:
    kitchen.breaks["buy egg"] = [Temporary(BUSY), Temporary(BUSY)]
    await start("kitchen.serve", "egg")
    await until(lambda: kitchen.count("cook", "egg"))
    assert kitchen.count("buy", "egg") == 3


async def test_tries_are_bounded_and_then_the_person_is_told(
    kitchen: Kitchen, start: Start
) -> None:
    kitchen.breaks["buy fish"] = [Temporary(BUSY) for _ in range(9)]
    await start("kitchen.serve", "fish")
    await until(lambda: [told for told in kitchen.told if told[0] == "fish"])
    assert kitchen.count("buy", "fish") == 3
    assert kitchen.count("cook", "fish") == 0


async def test_a_wish_for_a_longer_pause_than_ours_ends_the_tries(
    kitchen: Kitchen, start: Start
) -> None:
    kitchen.breaks["buy oyster"] = [Temporary(BUSY, retry_after=timedelta(hours=2))]
    await start("kitchen.serve", "oyster")
    await until(lambda: [told for told in kitchen.told if told[0] == "oyster"])
    assert kitchen.count("buy", "oyster") == 1


async def test_a_known_error_is_told_at_once_in_both_languages(
    kitchen: Kitchen, start: Start
) -> None:
    kitchen.breaks["buy beans"] = [NotFound(MISSING, name="Bean {Co}")]
    await start("kitchen.serve", "beans")
    await until(lambda: [told for told in kitchen.told if told[0] == "beans"])
    [(_, reference, english, italian)] = [told for told in kitchen.told if told[0] == "beans"]
    assert kitchen.count("buy", "beans") == 1
    assert len(reference) == 6
    assert (english, italian) == ("No company called “Bean {Co}”.", "Nessuna azienda “Bean {Co}”.")


async def test_an_unknown_error_becomes_a_reference_and_never_its_text(
    kitchen: Kitchen, start: Start
) -> None:
    kitchen.breaks["buy milk"] = [ZeroDivisionError("secret detail")]
    await start("kitchen.serve", "milk")
    await until(lambda: [told for told in kitchen.told if told[0] == "milk"])
    [(_, _, english, _)] = [told for told in kitchen.told if told[0] == "milk"]
    assert "secret" not in english
    assert english.startswith("Something went wrong on our side.")


async def test_only_faults_of_ours_are_heard_of_by_those_who_run_it(
    kitchen: Kitchen, start: Start
) -> None:
    kitchen.faults.clear()
    kitchen.breaks["buy salt"] = [NotFound(MISSING, name="salt")]
    kitchen.breaks["buy pepper"] = [ZeroDivisionError("nobody foresaw it")]
    for order in ("salt", "pepper"):
        await start("kitchen.serve", order)
        await until(lambda order=order: [one for one in kitchen.told if one[0] == order])
    assert kitchen.faults == ["kitchen.serve"]


async def test_what_a_step_answers_comes_back_as_its_type(
    kitchen: Kitchen, start: Start, engine: Engine
) -> None:
    @engine.runner.workflow("kitchen.boil")
    async def boil(order: str) -> None:
        weight = await engine.runner.step(kitchen.weigh, order)
        await engine.runner.step(kitchen.boil, order, weight)

    await start("kitchen.boil", "pasta")
    await start("kitchen.boil", "air")
    await until(lambda: len(kitchen.weighed) > 1)
    assert dict(kitchen.weighed) == {"pasta": Weight(Unit.GRAM, timedelta(minutes=3)), "air": None}


async def test_a_workflow_may_go_another_way(kitchen: Kitchen, start: Start) -> None:
    kitchen.breaks["buy bread"] = [Temporary(BUSY) for _ in range(9)]
    await start("kitchen.improvise", "bread")
    await until(lambda: kitchen.count("cook", "bread"))


async def test_a_signal_ends_a_wait_early(
    kitchen: Kitchen, start: Start, jobs_database: Database
) -> None:
    job_id = await start("kitchen.wait", "cake", queue="waits")
    async with jobs_database.transaction() as session:
        assert await jobs.signal(session, job_id, "ready", "now")
    await until(lambda: kitchen.count("cook", "cake"), within=5)


async def test_a_signal_to_nobody_spares_the_transaction(jobs_database: Database) -> None:
    async with jobs_database.transaction() as session:
        assert not await jobs.signal(session, f"nobody:{uuid4()}", "ready")
        await jobs.start(session, "kitchen.serve", f"x:{uuid4()}", "late", partition="T1")


async def test_a_cancelled_job_ends_inside_its_step_and_tells_nobody(
    kitchen: Kitchen, start: Start, engine: Engine, jobs_database: Database
) -> None:
    job_id = await start("kitchen.burn", "toast")
    await until(lambda: engine.runner._in_hand)
    await jobs_database.jobs.cancel(job_id)
    await until(lambda: not engine.runner._in_hand)
    assert not [told for told in kitchen.told if told[0] == "toast"]


async def test_work_must_name_its_partition(jobs_database: Database) -> None:
    async with jobs_database.transaction() as session:
        with pytest.raises(ValueError, match="names its workspace"):
            await jobs.start(session, "kitchen.serve", f"x:{uuid4()}", "tea")


async def test_exactly_once_verbs_share_one_transaction_and_undo_it_when_they_fail(
    engine: Engine, jobs_database: Database, start: Start
) -> None:
    ledger = Ledger(jobs_database)

    @engine.runner.workflow("ledger.charge", on_failure=ledger.failed)
    async def charge(entry: str) -> None:
        await engine.runner.once(ledger.charge, entry)

    async with jobs_database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE ledger (entry text)"))
    await start("ledger.charge", "good")
    await start("ledger.charge", "bad")
    await until(lambda: len(ledger.told) == 1 and ledger.charged >= {"good", "bad"})
    assert ledger.told == [("bad", "No company called “bad”.")]
    assert await ledger.entries() == ["good", "good again"]


class Ledger:
    """A service with money in it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.told: list[tuple[str, str]] = []
        self.charged: set[str] = set()

    async def charge(self, entry: str) -> None:
        await self._write(entry)
        await self._write(f"{entry} again")
        self.charged.add(entry)
        if entry == "bad":
            raise NotFound(MISSING, name=entry)

    async def failed(self, entry: str, reference: str, error: DomainError) -> None:
        self.told.append((entry, error.sentence("en")))

    async def entries(self) -> list[str]:
        async with self._database.transaction() as session:
            rows = await session.execute(text("SELECT entry FROM ledger ORDER BY entry"))
            return list(rows.scalars())

    async def _write(self, entry: str) -> None:
        async with self._database.transaction() as session:
            await session.execute(text("INSERT INTO ledger VALUES (:entry)"), {"entry": entry})


async def test_keys_stay_the_same_and_new_runs_take_the_patched_way(
    kitchen: Kitchen, engine: Engine, start: Start
) -> None:
    seen: list[object] = []
    runner = engine.runner

    @runner.workflow("kitchen.patched")
    async def patched(order: str) -> None:
        seen.append(runner.key(kitchen.buy))
        seen.append(await runner.patched("salt"))
        await runner.step(kitchen.cook, order)

    job_id = await start("kitchen.patched", "pie")
    await until(lambda: kitchen.count("cook", "pie"))
    assert seen == [f"{job_id}:test_engine.buy", True]


def test_a_step_needs_a_name_that_survives(engine: Engine) -> None:
    kitchen = Kitchen()
    assert step_name(kitchen.buy) == "test_engine.buy"
    with pytest.raises(TypeError, match="named verb"):
        step_name(lambda: kitchen.buy("egg"))


async def test_there_is_one_engine_in_a_process(engine: Engine, jobs_database: Database) -> None:
    with pytest.raises(EngineRunning):
        await Engine(jobs_database, Runner()).start()
