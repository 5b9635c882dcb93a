"""The product as its own process beside the sandbox: what journeys and browser tests stand on."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from sqlalchemy import text

from bot.local.seed import read_seed, seed
from db.crm import records, refreshes
from db.crm.refreshes import CrmMappingRow
from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.crono.vendor import Crono
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import SANDBOX, Sandbox, SandboxOptions, build
from integrations.sandbox.site.vendor import Site
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.smtp.vendor import Smtp
from tests.kit.wired import KEY, PEPPER

HOST = "127.0.0.1"
READY_SECONDS = 40
PORTS = range(20_000, 32_000)
IDLE = "seguito_slack_at_work 0.0"
# The `vault` fixture's key, as the product's environment says it.
LICENSE_SECRETS = {
    "LICENSE_PEPPER": PEPPER.decode(),
    "LICENSE_SIGNING_KEY": KEY,
}
KEYS = f"test:{KEY}"
NO_OWN_CRM = text("DELETE FROM connections WHERE vendor IN ('crono', 'hubspot')")


def free_port() -> int:
    """A port nobody listens on now, below those that outgoing connections are given."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, PORTS[randbelow(len(PORTS))]))
            return int(probe.getsockname()[1])


class Product:
    """`python -m bot web` as an operator runs it; can be killed and started again."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"http://{HOST}:{environment['PORT']}"

    async def start(self, *arguments: str) -> None:
        """Start it and wait until it is ready."""
        self._spawn(arguments)
        assert self.process is not None
        async with httpx.AsyncClient(trust_env=False) as http:
            for _ in range(READY_SECONDS * 10):
                assert self.process.poll() is None, self.log()
                if await self._is_ready(http):
                    return
                await asyncio.sleep(0.1)
        raise AssertionError(f"not ready in time:\n{self.log()}")

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    def _spawn(self, arguments: tuple[str, ...]) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "web", *arguments],
                env={"PATH": os.environ["PATH"], **self.environment},
                stdout=log,
                stderr=log,
            )

    async def idle(self) -> None:
        """Wait until no listener is at work; one that was killed is idle."""
        async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(READY_SECONDS):
            while self.process is not None and self.process.poll() is None:
                if IDLE in (await http.get(f"{self.url}/metrics")).text:
                    return
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """kill -9: no good-byes."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop, as a deploy does; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 30)

    def log(self) -> str:
        """Everything it has said."""
        return self._log.read_text("utf-8") if self._log.exists() else ""


@pytest_asyncio.fixture(scope="session")
async def app_port() -> int:
    """Where the product will listen."""
    return free_port()


@pytest_asyncio.fixture(scope="session")
async def sandbox_url(app_port: int, template_url: str) -> AsyncIterator[tuple[str, Sandbox]]:
    """The outside world, in this process; its projects are databases of the tests' server."""
    async with running_sandbox(app_port, template_url) as running:
        yield running


@asynccontextmanager
async def running_sandbox(app_port: int, server_url: str) -> AsyncIterator[tuple[str, Sandbox]]:
    """An outside world for the product at that port."""
    options = SandboxOptions(app_url=f"http://{HOST}:{app_port}", database_url=server_url)
    app = build(options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, HOST, port).start()
    app[SANDBOX].of(Slack).base_url = f"http://{HOST}:{port}"
    yield f"http://{HOST}:{port}", app[SANDBOX]
    await runner.cleanup()


@pytest.fixture(scope="session")
def sandbox(sandbox_url: tuple[str, Sandbox]) -> Sandbox:
    """The sandbox's insides: people, journal, faults."""
    return sandbox_url[1]


@pytest_asyncio.fixture(scope="session")
async def product_database(
    migrated_database: Callable[[], Awaitable[str]], vault: Vault
) -> AsyncIterator[Database]:
    """The running product's own: its worker would take the jobs that other tests do by hand."""
    database = Database(await migrated_database(), vault, pool_size=10)
    yield database
    await database.dispose()


@pytest_asyncio.fixture(scope="session")
async def environment(
    sandbox_url: tuple[str, Sandbox],
    app_port: int,
    product_database: Database,
    postgres_home: Path,
) -> dict[str, str]:
    """The product's settings; the second workspace is installed, the cast's keys are saved."""
    return await settings_of(sandbox_url[0], app_port, product_database, postgres_home)


async def settings_of(
    sandbox_url: str, app_port: int, database: Database, home: Path
) -> dict[str, str]:
    """Settings of a product over that database, seeded with what the sandbox's cast has."""
    async with httpx.AsyncClient(trust_env=False) as http:
        settings = (await http.get(f"{sandbox_url}/environment")).json()
    await seed(database, read_seed(json.dumps(settings["_seed"])))
    vendors = {name: str(value) for name, value in settings.items() if name.isupper()}
    own = {
        "DATABASE_URL": database.url,
        "ENCRYPTION_KEYS": KEYS,
        **LICENSE_SECRETS,
        "METRICS": "true",
        "HOST": HOST,
        "PORT": str(app_port),
        "PUBLIC_URL": f"http://{HOST}:{app_port}",
        "SEGUITO_HOME": str(home),
        "LOG_LEVEL": "INFO",
    }
    return {**own, **vendors}


@pytest_asyncio.fixture(scope="session")
async def product(environment: dict[str, str], postgres_home: Path) -> AsyncIterator[Product]:
    """The running product; a test that kills it starts it again."""
    product = Product(environment, postgres_home / "product.log")
    await product.start()
    yield product
    assert await product.stop() == 0, product.log()[-4000:]


@pytest.fixture
def ada(sandbox: Sandbox, product: Product) -> Visitor:
    """The first person of the home workspace who has meetings and speaks English."""
    return visitor(sandbox, "en")


@pytest.fixture
def giulia(sandbox: Sandbox, product: Product) -> Visitor:
    """A person of the home workspace who speaks Italian."""
    return visitor(sandbox, "it")


def visitor(sandbox: Sandbox, language: str) -> Visitor:
    """The first of the home workspace's people with this language and a Fathom key."""
    home = sandbox.world.home
    person = next(p for p in home.people if p.locale.startswith(language) and p.fathom_key)
    return sandbox.of(Slack).person(home.id, person.id)


def clear_desks(sandbox: Sandbox) -> None:
    """A world that works again, with empty screens and mailboxes."""
    sandbox.faults.remove()
    sandbox.of(Google).accounts.drafts.clear()
    sandbox.of(Smtp).server.mails.clear()
    site = sandbox.of(Site).webhooks
    site.deliveries.clear()
    site.secrets = ()
    for team in sandbox.of(Slack).teams.values():
        team.views.forget_homes()
        for person in team.workspace.people:
            team.views.close_all(person.id)
            for room in team.rooms.of(person.id):
                room.posts.clear()


async def same_crm(sandbox: Sandbox, database: Database) -> None:
    """The CRM as every day begins with it: Crono, and Hartwell's account is chosen.

    Two accounts have the domain; once the index is filled, a minute after the start, it knows both.
    """
    accounts = sandbox.of(Crono).store.accounts.values()
    [account] = [one for one in accounts if one["name"] == "Hartwell Logistics"]
    chosen = CrmMappingRow(
        workspace_id="T0HOME",
        domain="hartwell-logistics.example",
        account_id=str(account["objectId"]),
        account_name=str(account["name"]),
        chosen_by="U0ADA",
        chosen_at=datetime.now(UTC),
    )
    async with database.transaction() as session:
        # The home workspace is back at the CRM of the environment, and knows nothing of another.
        if (await session.execute(NO_OWN_CRM)).rowcount:
            await records.forget(session, chosen.workspace_id)
            await refreshes.forget(session, chosen.workspace_id)
        await refreshes.choose(session, chosen.workspace_id, chosen)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed journey shows what the product said."""
    report = yield
    product = getattr(item, "funcargs", {}).get("product")
    if report.failed and isinstance(product, Product):
        report.sections.append(("product", product.log()[-6000:]))
    return report
