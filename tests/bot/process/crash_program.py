"""Processes that run the jobs of test_crash.py until they are killed.

Each line on standard input is a database URL and makes one more process, by a fork that spares
it the imports. Everything is said as `pid words`. A job whose name begins with `stick` hangs in
the first process that runs it, so that the test can kill it at that very line.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta

from sqlalchemy import text

from bot.process.engine import Engine
from db.store.session import Database
from db.store.vault import Vault
from handlers.jobs.kit.runner import Runner
from services.errors import DomainError, NotFound
from services.phrases import Phrase

SETUP = """
CREATE TABLE IF NOT EXISTS effects (job text, verb text);
CREATE TABLE IF NOT EXISTS account (name text PRIMARY KEY, credits int NOT NULL);
INSERT INTO account VALUES ('acme', 0) ON CONFLICT DO NOTHING;
"""


MISSING = Phrase("No “{name}”.", "Manca “{name}”.")


def say(*words: object) -> None:
    # One write, so that the lines of several processes never mix.
    os.write(1, (" ".join(map(str, (os.getpid(), *words))) + "\n").encode())


class Bank:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, job: str, verb: str) -> int:
        async with self._database.transaction() as session:
            await session.execute(
                text("INSERT INTO effects VALUES (:job, :verb)"), {"job": job, "verb": verb}
            )
            times = await session.execute(
                text("SELECT count(*) FROM effects WHERE job = :job AND verb = :verb"),
                {"job": job, "verb": verb},
            )
            return int(times.scalar_one())

    async def first(self, job: str) -> None:
        await self.note(job, "first")
        say("first", job)

    async def second(self, job: str) -> None:
        times = await self.note(job, "second")
        say("second", job, times)
        if job.startswith("stick") and times == 1:
            await asyncio.sleep(600)
        if job.startswith("slow"):
            await asyncio.sleep(1.5)
        if job.startswith("poison"):
            os.kill(os.getpid(), signal.SIGKILL)
        if job.startswith("wrong"):
            raise NotFound(MISSING, name=job)

    async def third(self, job: str) -> None:
        await self.note(job, "third")
        say("third", job)

    async def credit(self, job: str) -> None:
        async with self._database.transaction() as session:
            await session.execute(text("UPDATE account SET credits = credits + 1"))
        async with self._database.transaction() as session:
            await session.execute(text("INSERT INTO effects VALUES (:job, 'credit')"), {"job": job})

    async def failed(self, job: str, reference: str, error: DomainError) -> None:
        times = await self.note(job, "failed")
        say("failed", job, times, error.sentence("it"))
        if job.startswith("wrong") and times == 1:
            await asyncio.sleep(600)


def register(runner: Runner, bank: Bank) -> None:
    @runner.workflow("crash.steps", on_failure=bank.failed)
    async def steps(job: str) -> None:
        await runner.step(bank.first, job)
        await runner.step(bank.second, job)
        await runner.step(bank.third, job)

    @runner.workflow("crash.credit", on_failure=bank.failed)
    async def credit(job: str) -> None:
        await runner.once(bank.credit, job)

    @runner.workflow("crash.wait", waits=True)
    async def wait(job: str) -> None:
        await runner.step(bank.first, job)
        await runner.wait("go", timedelta(hours=1))
        await runner.step(bank.third, job)


async def main(url: str) -> None:
    database = Database(url, Vault({"test": bytes(32)}))
    async with database.engine.begin() as connection:
        for statement in SETUP.strip().splitlines():
            await connection.execute(text(statement))
    ended, again = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGHUP, again.set)
    while not ended.is_set():
        again.clear()
        await run(database, ended, again)
    await database.dispose()
    say("stopped")


async def run(database: Database, *until: asyncio.Event) -> None:
    runner = Runner(max_starts=2)
    register(runner, Bank(database))
    engine = Engine(database, runner, look=timedelta(milliseconds=200))
    await engine.start()
    say("ready", engine.executor_id)
    waits = [asyncio.create_task(event.wait()) for event in until]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    await engine.stop(timedelta(seconds=10))
    # The loop's threads must outlive the engine that had taken them over.
    await asyncio.to_thread(say, "rests")
    for wait in waits:
        wait.cancel()


if __name__ == "__main__":
    # Nobody waits for the forked processes.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("forks")
    for line in sys.stdin:
        if os.fork() == 0:
            asyncio.run(main(line.strip()))
            os._exit(0)
