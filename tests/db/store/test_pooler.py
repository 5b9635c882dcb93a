"""Behind PgBouncer: in session mode everything works, in transaction mode we say so and stop."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.process.engine import Engine
from db.store import jobs
from db.store.asyncpg_pool import AsyncpgPool
from db.store.executors import Presence
from db.store.migrate import upgrade
from db.store.postgres import POOLED, DatabaseRefused, connect, require_session
from db.store.session import Database
from db.store.vault import Vault
from handlers.jobs.kit.runner import Runner
from tests.conftest import NewDatabase
from tests.db.store.test_urls import everybody
from tests.integrations.test_webhooks_tls import certificate
from tests.kit.product import KEYS, LICENSE_SECRETS
from tests.kit.waiting import until
from tests.pgbouncer import SECONDS, accepting, pooler

pytestmark = pytest.mark.external
OWN = {
    "PUBLIC_URL": "http://localhost:3000",
    "ENCRYPTION_KEYS": KEYS,
    "SLACK_BOT_TOKEN": "xoxb-tests",
    "SLACK_SIGNING_SECRET": "a-signing-secret-for-tests",
    "ANTHROPIC_API_KEY": "x",
    **LICENSE_SECRETS,
}


@pytest_asyncio.fixture(scope="module")
async def in_transaction_mode(database_url: str, postgres_home: Path) -> AsyncIterator[str]:
    with pooler(database_url, "transaction", postgres_home / "transactions") as url:
        yield await accepting(url)


@pytest_asyncio.fixture(scope="module")
async def in_session_mode(new_database: NewDatabase, postgres_home: Path) -> AsyncIterator[str]:
    with pooler(await new_database(), "session", postgres_home / "sessions") as url:
        await upgrade(await accepting(url))
        yield url


def run(command: str, url: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot COMMAND` behind this URL."""
    return subprocess.run(
        [sys.executable, "-m", "bot", command],
        env={**OWN, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_transaction_mode_is_recognized_also_while_others_work(
    in_transaction_mode: str,
) -> None:
    async def work() -> None:
        while True:
            connection = await connect(in_transaction_mode, {}, statement_cache_size=0)
            try:
                async with connection.transaction():
                    await connection.fetchval("SELECT pg_sleep(0.002)")
            finally:
                connection.terminate()

    for others in (0, 8):
        at_work = [asyncio.create_task(work()) for _ in range(others)]
        for _ in range(5):
            with pytest.raises(DatabaseRefused, match="transaction mode"):
                await require_session(in_transaction_mode)
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_nothing_begins_in_transaction_mode(in_transaction_mode: str, command: str) -> None:
    done = run(command, in_transaction_mode)
    assert (done.returncode, done.stderr) == (2, f"DATABASE_URL: {POOLED}\n")


def test_the_doctor_says_what_to_do(in_transaction_mode: str, in_session_mode: str) -> None:
    assert f"NO  DATABASE_URL: {POOLED}\n" in run("doctor", in_transaction_mode).stdout
    assert (
        "ok  DATABASE_URL: PostgreSQL answers and is up to date\n"
        in run("doctor", in_session_mode).stdout
    )


async def test_sessions_keep_their_settings_and_notifications(
    in_session_mode: str, vault: Vault
) -> None:
    await require_session(in_session_mode)
    database, hot, told = (
        Database(in_session_mode, vault),
        AsyncpgPool(in_session_mode),
        list[str](),
    )
    hot.listen("pooled", told.append)
    await hot.start()
    try:
        await until(lambda: hot.listening)
        async with database.transaction() as session:
            row = await session.execute(text("SHOW statement_timeout"))
            await session.execute(text("NOTIFY pooled, 'heard'"))
            assert row.scalar_one() == "30s"
        await until(lambda: told == ["heard"])
        assert (await hot.fetch("SHOW jit"))[0]["jit"] == "off"
    finally:
        await hot.close()
        await database.dispose()


async def test_a_process_is_present_while_it_holds_its_session(in_session_mode: str) -> None:
    presence = Presence(in_session_mode, "pooled")
    await presence.hold()
    assert await presence.absent() == frozenset()
    await presence.release()


async def test_jobs_run_and_hear_their_signals(in_session_mode: str, vault: Vault) -> None:
    database, runner, heard = Database(in_session_mode, vault), Runner(), asyncio.Event()

    @runner.workflow("pooled.wait", waits=True)
    async def wait(_: str) -> None:
        if await runner.wait("ready", timedelta(hours=1)) == "now":
            heard.set()

    engine = Engine(database, runner)
    await engine.start()
    try:
        async with database.transaction() as session:
            await jobs.start(session, "pooled.wait", "pooled:1", "x", queue=jobs.WAITS.name)
        async with database.transaction() as session:
            assert await jobs.signal(session, "pooled:1", "ready", "now")
        async with asyncio.timeout(SECONDS):
            await heard.wait()
    finally:
        await engine.stop(timedelta(seconds=5))
        await database.dispose()


@pytest_asyncio.fixture(scope="module")
async def over_tls(database_url: str, postgres_home: Path) -> AsyncIterator[str]:
    """As hosted servers are reached: by name, encrypted, with a certificate of their own."""
    _, file = certificate("localhost", postgres_home)
    files = f"client_tls_key_file = {file}\nclient_tls_cert_file = {file}"
    tls = f"client_tls_sslmode = require\n{files}"
    with pooler(database_url, "session", postgres_home / "tls", tls) as url:
        yield f"{await accepting(url.replace('127.0.0.1', 'localhost'))}?sslrootcert={file}"


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_every_driver_proves_the_servers_certificate(over_tls: str, mode: str) -> None:
    assert len(await everybody(f"{over_tls}&sslmode={mode}")) == 1


async def test_a_server_that_cannot_prove_its_name_is_refused_in_words(over_tls: str) -> None:
    other = f"{over_tls.partition('?')[0]}?sslrootcert=system"
    with pytest.raises(DatabaseRefused, match="certificate"):
        await require_session(other)
    with pytest.raises(DatabaseRefused, match="certificate"):
        await require_session(f"{over_tls}&sslmode=verify-full".replace("localhost", "127.0.0.1"))
