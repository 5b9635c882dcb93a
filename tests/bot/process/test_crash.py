"""Processes that run jobs are killed at chosen lines; what they had in hand is finished once."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.local.postgres import LOSSY, Postgres
from db.store import jobs
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault

pytestmark = pytest.mark.process
PROGRAM = Path(__file__).parent / "crash_program.py"
ROOT = Path(__file__).parents[3]
PATIENCE = 120


class Worker:
    """One forked process of crash_program and the lines it said."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.lines: asyncio.Queue[str] = asyncio.Queue()

    async def says(self, begin: str) -> str:
        async with asyncio.timeout(PATIENCE):
            while not (line := await self.lines.get()).startswith(begin):
                pass
            return line

    def send(self, what: signal.Signals) -> None:
        os.kill(self._pid, what)

    async def end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, how)
            async with asyncio.timeout(PATIENCE):
                while True:
                    os.kill(self._pid, 0)
                    await asyncio.sleep(0.02)


class Nursery:
    """The running crash_program: asks it for workers and sorts what they say."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._workers: dict[int, Worker] = {}
        self._newborn: asyncio.Queue[Worker] = asyncio.Queue()

    async def worker(self, url: str) -> Worker:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{url}\n".encode())
        return await asyncio.wait_for(self._newborn.get(), PATIENCE)

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            pid, _, words = line.decode().strip().partition(" ")
            if not pid.isdigit():
                continue  # the log
            if words.startswith("ready") and int(pid) not in self._workers:
                self._workers[int(pid)] = Worker(int(pid))
                self._newborn.put_nowait(self._workers[int(pid)])
            elif int(pid) in self._workers:
                self._workers[int(pid)].lines.put_nowait(words)


class Crew:
    """Hires workers for one database and leaves none behind."""

    def __init__(self, nursery: Nursery, url: str) -> None:
        self._nursery = nursery
        self._url = url
        self._all: list[Worker] = []

    async def hire(self) -> Worker:
        worker = await self._nursery.worker(self._url)
        self._all.append(worker)
        return worker

    async def dismiss(self) -> None:
        for worker in self._all:
            await worker.end(signal.SIGKILL)


@pytest_asyncio.fixture(scope="module")
async def nursery() -> AsyncIterator[Nursery]:
    pipe = asyncio.subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, stdin=pipe, stdout=pipe, env=environment, start_new_session=True
    )
    nursery = Nursery(process)
    listening = asyncio.create_task(nursery.listen())
    yield nursery
    os.killpg(process.pid, signal.SIGKILL)
    await listening
    await process.wait()


@pytest_asyncio.fixture(scope="module")
async def other_url(migrated_database: Callable[[], Awaitable[str]]) -> str:
    """A database of our own: the session's engine would take the jobs meant for the workers."""
    url = await migrated_database()
    return url


@pytest_asyncio.fixture(scope="module")
async def base(other_url: str, vault: Vault) -> AsyncIterator[Database]:
    database = Database(other_url, vault, pool_size=3)
    yield database
    await database.dispose()


@pytest_asyncio.fixture
async def crew(nursery: Nursery, other_url: str) -> AsyncIterator[Crew]:
    crew = Crew(nursery, other_url)
    yield crew
    await crew.dismiss()


async def start(base: Database, workflow: str, job: str) -> None:
    async with base.transaction() as session:
        await jobs.start(session, workflow, job, job, partition="T1")


async def effects(base: Database, job: str) -> list[str]:
    async with base.transaction() as session:
        rows = await session.execute(
            text("SELECT verb FROM effects WHERE job = :job"), {"job": job}
        )
        return sorted(rows.scalars())


async def test_a_step_that_was_done_before_the_kill_is_not_repeated(
    base: Database, crew: Crew
) -> None:
    first = await crew.hire()
    await start(base, "crash.steps", "stick-1")
    await first.says("second stick-1")
    await first.end(signal.SIGKILL)
    second = await crew.hire()
    await second.says("third stick-1")
    assert await effects(base, "stick-1") == ["first", "second", "second", "third"]


async def test_a_survivor_takes_over_within_seconds(base: Database, crew: Crew) -> None:
    workers = [await crew.hire(), await crew.hire()]
    await start(base, "crash.steps", "stick-2")
    asked = [asyncio.create_task(worker.says("second stick-2")) for worker in workers]
    done, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    victim = workers[asked.index(done.pop())]
    await victim.end(signal.SIGKILL)
    async with asyncio.timeout(5):
        await waiting.pop()
    survivor = next(worker for worker in workers if worker is not victim)
    await survivor.says("third stick-2")


async def test_a_slow_step_of_a_living_process_is_left_alone(base: Database, crew: Crew) -> None:
    workers = [await crew.hire(), await crew.hire()]
    await start(base, "crash.steps", "slow-1")
    asked = [asyncio.create_task(worker.says("third slow-1")) for worker in workers]
    _, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    waiting.pop().cancel()
    assert await effects(base, "slow-1") == ["first", "second", "third"]


async def test_a_stop_lets_the_step_end_and_leaves_the_rest(base: Database, crew: Crew) -> None:
    first = await crew.hire()
    await start(base, "crash.steps", "slow-2")
    await first.says("second slow-2")
    await first.end(signal.SIGTERM)
    assert await effects(base, "slow-2") == ["first", "second"]
    second = await crew.hire()
    await second.says("third slow-2")
    assert await effects(base, "slow-2") == ["first", "second", "third"]


async def test_an_engine_can_be_stopped_and_another_started_in_one_process(
    base: Database, crew: Crew
) -> None:
    worker = await crew.hire()
    async with base.transaction() as session:
        await jobs.start(session, "crash.wait", "wait-0", "wait-0", queue="waits")
    await worker.says("first wait-0")
    worker.send(signal.SIGHUP)
    await worker.says("rests")
    await worker.says("ready")
    async with base.transaction() as session:
        await jobs.signal(session, "wait-0", "go")
    await worker.says("third wait-0")
    assert await effects(base, "wait-0") == ["first", "third"]


async def test_a_wait_survives_its_process(base: Database, crew: Crew) -> None:
    first = await crew.hire()
    async with base.transaction() as session:
        await jobs.start(session, "crash.wait", "wait-1", "wait-1", queue="waits")
    await first.says("first wait-1")
    await until(
        base, "SELECT count(*) > 0 FROM dbos.operation_outputs WHERE workflow_uuid='wait-1'"
    )
    await first.end(signal.SIGKILL)
    second = await crew.hire()
    async with base.transaction() as session:
        await jobs.signal(session, "wait-1", "go")
    await second.says("third wait-1")
    assert await effects(base, "wait-1") == ["first", "third"]


async def test_credits_are_exact_whatever_is_killed(base: Database, crew: Crew) -> None:
    names = [f"credit-{number}" for number in range(60)]
    worker = await crew.hire()
    for kill in range(3):
        for name in names[kill * 20 : kill * 20 + 20]:
            await start(base, "crash.credit", name)
        await asyncio.sleep(0.25)
        await worker.end(signal.SIGKILL)
        worker = await crew.hire()
    await until(base, "SELECT count(*) = 0 FROM dbos.workflow_status WHERE status = 'PENDING'")
    await until(base, "SELECT count(*) = 60 FROM effects WHERE verb = 'credit'")
    async with base.transaction() as session:
        credits = await session.execute(text("SELECT credits FROM account"))
        noted = await session.execute(text("SELECT count(*) FROM effects WHERE verb = 'credit'"))
        assert (credits.scalar_one(), noted.scalar_one()) == (60, 60)


async def test_no_kill_counted_as_a_failure(base: Database) -> None:
    assert await holds(base, "SELECT count(*) = 0 FROM effects WHERE verb = 'failed'")


async def test_a_failure_is_told_in_its_own_words_after_a_kill(base: Database, crew: Crew) -> None:
    first = await crew.hire()
    await start(base, "crash.steps", "wrong-1")
    assert await first.says("failed wrong-1") == "failed wrong-1 1 Manca “wrong-1”."
    await first.end(signal.SIGKILL)
    second = await crew.hire()
    assert await second.says("failed wrong-1") == "failed wrong-1 2 Manca “wrong-1”."
    assert await effects(base, "wrong-1") == ["failed", "failed", "first", "second"]


async def test_a_job_that_kills_its_process_is_set_aside_and_told(
    base: Database, crew: Crew
) -> None:
    worker = await crew.hire()
    await start(base, "crash.steps", "poison-1")
    for _ in range(3):
        await worker.says("second poison-1")
        worker = await crew.hire()
    told = await worker.says("failed poison-1")
    assert told.startswith("failed poison-1 1 Qualcosa è andato storto")
    assert (await effects(base, "poison-1")).count("second") == 3


async def test_jobs_go_on_after_a_restart_of_the_server(
    vault: Vault, postgres_home: Path, nursery: Nursery
) -> None:
    home = postgres_home / "restarts"
    server = Postgres(home, settings=LOSSY)
    url = server.start()
    await upgrade(url)
    crew, base = Crew(nursery, url), Database(url, vault, pool_size=3)
    try:
        worker = await crew.hire()
        async with base.transaction() as session:
            await jobs.start(session, "crash.wait", "wait-2", "wait-2", queue="waits")
        await worker.says("first wait-2")
        server.stop()
        await asyncio.sleep(1)
        assert server.start() == url
        await start(base, "crash.steps", "quick-1")
        await worker.says("third quick-1")
        async with base.transaction() as session:
            assert await jobs.signal(session, "wait-2", "go")
        await worker.says("third wait-2")
    finally:
        await crew.dismiss()
        await base.dispose()
        server.stop()


async def until(base: Database, fact: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds(base, fact):  # noqa: ASYNC110 - the fact is in the database
            await asyncio.sleep(0.05)


async def holds(base: Database, fact: str) -> bool:
    async with base.transaction() as session:
        return bool((await session.execute(text(fact))).scalar_one())
