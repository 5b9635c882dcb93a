"""What every test may ask for: a real PostgreSQL, a Database, an engine, a running product."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from bot.local.postgres import LOSSY, Postgres
from bot.process.engine import Engine
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.urls import parse
from db.store.vault import Vault
from handlers.jobs.kit.runner import Runner
from tests.kit.product import (
    ada,
    app_port,
    environment,
    giulia,
    product,
    product_database,
    pytest_runtest_makereport,
    sandbox,
    sandbox_url,
)

# One running product for every folder that asks for it: pytest takes fixtures by their names here.
__all__ = (
    "ada",
    "app_port",
    "environment",
    "giulia",
    "product",
    "product_database",
    "pytest_runtest_makereport",
    "sandbox",
    "sandbox_url",
)

NewDatabase = Callable[[], Awaitable[str]]
# What a test stands on says whether `make quick` leaves it out.
MARKED_BY = {"chromium": "external", "product": "process"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the expensive fixtures it stands on."""
    for item in items:
        for fixture in MARKED_BY.keys() & getattr(item, "fixturenames", ()):
            item.add_marker(MARKED_BY[fixture])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which nothing passed has proven nothing, whatever it was asked for."""
    told = session.config.pluginmanager.get_plugin("terminalreporter")
    if told and session.exitstatus == pytest.ExitCode.OK and not told.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.fixture(scope="session")
def postgres_home() -> Iterator[Path]:
    """An empty SEGUITO_HOME that the server's account can reach, unlike pytest's own folders."""
    home = Path(tempfile.mkdtemp(prefix="seguito-tests-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def postgres(postgres_home: Path) -> Iterator[Postgres]:
    """The session's server; nothing on it survives a power cut."""
    server = Postgres(postgres_home, settings=LOSSY)
    yield server
    server.stop()


@pytest_asyncio.fixture(scope="session")
async def template_url(postgres: Postgres) -> str:
    """A migrated database that is only copied: every table of ours and the engine's."""
    url = postgres.start()
    await upgrade(url)
    return url


@pytest_asyncio.fixture(scope="session")
async def database_url(migrated_database: NewDatabase) -> str:
    """The session's one migrated database."""
    return await migrated_database()


@pytest.fixture(scope="session")
def new_database(template_url: str) -> NewDatabase:
    """Makes another, empty database on the same server: `url = await new_database()`."""
    return partial(create_database, template_url, "")


@pytest.fixture(scope="session")
def migrated_database(template_url: str) -> NewDatabase:
    """Makes another, migrated database; a copy takes a tenth of what migrating does."""
    copy = f"TEMPLATE {parse(template_url).parameters['dbname']} STRATEGY file_copy"
    return partial(create_database, template_url, copy)


async def create_database(server_url: str, options: str) -> str:
    """A database of its own on this server; its URL."""
    name = f"extra_{uuid4().hex[:12]}"
    # Not from the template itself: while it is copied nobody may be connected to it.
    connection = await asyncpg.connect(parse(server_url).at("postgres").url)
    await connection.execute(f"CREATE DATABASE {name} {options}")
    await connection.close()
    return parse(server_url).at(name).url


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault with one throw-away key."""
    return Vault({"test": bytes(range(32))})


@pytest_asyncio.fixture(scope="session")
async def database(database_url: str, vault: Vault) -> AsyncIterator[Database]:
    """The session's one Database; tests use ids of their own instead of emptying it."""
    database = Database(database_url, vault, pool_size=10)
    yield database
    await database.dispose()


@pytest_asyncio.fixture(scope="module")
async def jobs_database(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Database]:
    """A database of the `engine`'s own: a running product would take its jobs from the queues."""
    database = Database(await migrated_database(), vault, pool_size=10)
    yield database
    await database.dispose()


@pytest_asyncio.fixture(scope="module")
async def engine(jobs_database: Database) -> AsyncIterator[Engine]:
    """The durable engine, one per module because there can be only one in a process at a time.

    A module's own fixture registers its workflows: `engine.runner.workflow("name")(body)`, or
    `handlers.jobs.<feature>.register(engine.runner, services)`. Unique job ids replace resets.
    """
    # It looks for work only when it is told of some.
    never, look = timedelta(hours=1), timedelta(milliseconds=200)
    engine = Engine(jobs_database, Runner(), look=look, idle=never)
    await engine.start()
    yield engine
    await engine.stop(timedelta(seconds=5))
