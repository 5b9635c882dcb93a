"""How fast two workers provision users, beside the imitated OpenRouter's own speed.

    python -m bench.provisioning [--users 200] [--busy]

Two `python -m bot worker` on an embedded PostgreSQL with its usual durability, the imitated vendors
in this process; then as many keys are asked of the imitation directly, eight at a time. `--busy`:
it answers 429 every other time. It fails unless every user has credits once and one live key.
"""

import argparse
import asyncio
import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
from aiohttp import web

from bot.local.postgres import Postgres
from bot.process import log
from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation, build_database
from bot.wiring.product import build_product
from bot.wiring.vendors import build_vendors
from db.store.migrate import upgrade
from handlers.slack.outbound.messenger import SlackMessenger
from integrations.http import client
from integrations.openrouter.client import KeyWish, OpenRouter
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.openrouter.vendor import OpenRouterKeys
from integrations.sandbox.server import SANDBOX, Sandbox, SandboxOptions, build
from services import Services
from services.actors import Operator
from services.users import NewUser

WORKERS = 2
AT_ONCE = 8
PATIENCE_SECONDS = 900
HOST = "127.0.0.1"
BY = Operator("command", "bench")


def main() -> int:
    """Measure, print, and check what became of everybody; 1 when somebody has not all, once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--busy", action="store_true")
    given = parser.parse_args()
    log.configure("console", "CRITICAL")
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = Postgres(home)
        try:
            return asyncio.run(measure(server.start(), home, given.users, busy=given.busy))
        finally:
            server.stop()


async def measure(url: str, home: Path, users: int, *, busy: bool) -> int:
    """A few users first, so that each worker is there and warm."""
    await upgrade(url)
    async with imitated(own(url, home)) as (sandbox, environment), services(environment) as inside:
        with workers(environment):
            await provisioned(inside, 4 * AT_ONCE)
            if busy:
                sandbox.faults.add(Fault("openrouter", "keys.create", "busy", times=None))
            made, took = await provisioned(inside, users)
        sandbox.faults.remove()
        wrong = [one for one in made if not await has_all(inside, sandbox, one)]
        direct = await asked_directly(environment, users)
    print(f"users provisioned                {users} in {took:.1f} s, by {WORKERS} workers")
    print(f"a second                         {users / took:.1f}")
    print(f"the imitation alone, {AT_ONCE} at once   {users / direct:.0f} keys a second")
    print(f"ratio                            {direct / took:.3f}")
    print(f"without credits once and one key {len(wrong)}")
    return 1 if wrong else 0


async def provisioned(inside: Services, count: int) -> tuple[list[str], float]:
    """So many new users and the seconds from the first to the last who has a key."""
    begun = time.perf_counter()
    made = [(await inside.users.accounts.create_by_admin(BY, new())).id for _ in range(count)]
    await all_active(inside, made)
    return made, time.perf_counter() - begun


async def all_active(inside: Services, ids: list[str]) -> None:
    """Until every one of them has a key that works; gives up after a while."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for user_id in ids:
            while not (await inside.users.accounts.get(user_id)).provisioned:  # noqa: ASYNC110 - the fact is another process's
                await asyncio.sleep(0.05)


async def has_all(inside: Services, sandbox: Sandbox, user_id: str) -> bool:
    """Credits once, and one live key."""
    keys = sandbox.of(OpenRouterKeys).store.newest_first()
    live = [key for key in keys if key.name.endswith(user_id)]
    balance = await inside.credits.accounts.balance(user_id)
    return len(live) == 1 and balance.available == 100


async def asked_directly(settings: dict[str, str], times: int) -> float:
    """Seconds for so many keys from the imitation, by our own client."""
    async with client(settings["OPENROUTER_API_URL"], "openrouter") as http:
        router = OpenRouter(http, settings["OPENROUTER_PROVISIONING_KEY"])
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with gate:
                await router.create(KeyWish(f"direct {number}"))

        begun = time.perf_counter()
        await asyncio.gather(*map(one, range(times)))
        return time.perf_counter() - begun


@asynccontextmanager
async def imitated(own: dict[str, str]) -> AsyncIterator[tuple[Sandbox, dict[str, str]]]:
    """The vendors, and the settings with which they are found, beside our own."""
    app = build(SandboxOptions())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"http://{HOST}:{runner.addresses[0][1]}/environment"
        told = (await http.get(address)).json()
    yield app[SANDBOX], {name: str(it) for name, it in told.items() if name.isupper()} | own
    await runner.cleanup()


@asynccontextmanager
async def services(environment: dict[str, str]) -> AsyncIterator[Services]:
    """The services in this process, without an engine: what they start, the workers run."""
    settings = Settings.model_validate({name.lower(): it for name, it in environment.items()})
    database, metrics = build_database(settings, environment["DATABASE_URL"]), Metrics()
    vendors = build_vendors(settings, metrics)
    base = Foundation(settings, database, metrics, SlackMessenger(nobody))
    product = build_product(base, vendors)
    yield product.services
    await product.close()
    await vendors.close()
    await database.dispose()


@contextmanager
def workers(environment: dict[str, str]) -> Iterator[None]:
    """So many processes that run jobs."""
    command = [sys.executable, "-m", "bot", "worker"]
    given = {"PATH": os.environ["PATH"], **environment}
    started = [
        subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL) for _ in range(WORKERS)
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def own(url: str, home: Path) -> dict[str, str]:
    """What no vendor tells."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "DATABASE_URL": url,
        "ENCRYPTION_KEYS": f"bench:{key}",
        "LICENSE_PEPPER": secrets.token_hex(32),
        "LICENSE_SIGNING_KEY": key,
        "PUBLIC_URL": "http://localhost:3000",
        "SEGUITO_HOME": str(home),
        "LOG_LEVEL": "WARNING",
    }


def new() -> NewUser:
    """Somebody nobody knows."""
    return NewUser(f"{uuid4().hex}@example.com")


async def nobody(*_: object) -> object:
    """There is no Slack here."""
    raise LookupError("no Slack")


if __name__ == "__main__":
    sys.exit(main())
