"""A copy of a busy installation, started elsewhere: it answers, and lets nothing out."""

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from bot.backups.backup import back_up
from bot.backups.restore import restore
from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.site.vendor import Site
from integrations.sandbox.smtp.vendor import Smtp
from services.actors import Operator
from services.licensing import Order
from services.users import NewUser
from tests.conftest import NewDatabase
from tests.kit.product import HOST, Product, free_port
from tests.kit.waiting import until
from tests.kit.wired import foundation, wired

pytestmark = pytest.mark.process

BUSY = 50
# The passing of time is the input: whatever waits would leave within it.
QUIET_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
ADA = Operator("admin", "ada", "Ada")


@pytest_asyncio.fixture
async def busy(
    migrated_database: NewDatabase, vault: Vault, sandbox_url: tuple[str, Sandbox]
) -> AsyncIterator[Database]:
    """Licenses whose e-mails and webhooks wait, and users who are being provisioned."""
    database = Database(await migrated_database(), vault)
    # A site of its own would be told: other tests look at the sandbox's.
    settings = {"smtp_url": "smtp://localhost:9", "email_from": "us@seguito.example"}
    async with wired(foundation(database, **settings)) as product:
        services, mark = product.services, uuid4().hex[:8]
        url = f"{sandbox_url[0]}/site/webhooks"
        await services.webhooks.endpoints.create(ADA, url, ())
        for number in range(BUSY):
            order = Order(f"{mark}{number}@copy.example", "pro", 12, send_email=True)
            await services.licensing.licenses.issue(ADA, order, f"{mark}{number}")
        for number in range(3):
            new = NewUser(f"{mark}user{number}@copy.example")
            await services.users.accounts.create_by_admin(ADA, new)
    yield database
    await database.dispose()


@pytest_asyncio.fixture
async def copy(
    busy: Database,
    new_database: NewDatabase,
    environment: dict[str, str],
    tmp_path: Path,
) -> AsyncIterator[Product]:
    """Its backup, restored and started under another address."""
    file, target = tmp_path / "busy.dump", Database(await new_database(), busy.vault)
    await back_up(busy.url, file, "1.0", io.StringIO())
    await restore(target, file, ("test",), io.StringIO())
    await target.dispose()
    port = free_port()
    own = {
        "DATABASE_URL": target.url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://{HOST}:{port}",
    }
    product = Product({**environment, **own}, tmp_path / "copy.log")
    await product.start()
    yield product
    assert await product.stop() == 0, product.log()[-4000:]


def left(sandbox: Sandbox) -> tuple[int, int, int]:
    """What reached the world outside: e-mails and webhooks of the copy, and every request."""
    mails = sandbox.of(Smtp).server.mails
    mine = [mail for mail in mails if any("@copy.example" in str(to) for to in mail.recipients)]
    entries = sandbox.journal.entries()
    newest = entries[-1]["n"] if entries else 0
    return len(mine), len(sandbox.of(Site).webhooks.deliveries), newest


async def test_nothing_leaves_a_copy_and_everything_does_once_it_is_released(
    copy: Product, sandbox: Sandbox
) -> None:
    before = left(sandbox)
    async with httpx.AsyncClient(base_url=copy.url, trust_env=False) as http:
        health = (await http.get("/health")).json()
        assert health["database"] == "quarantined"
        assert (await http.get("/pricing")).status_code == 503
        command = await http.post("/slack/commands", data={"command": "/followup"})
        assert "restored from a backup" in command.json()["text"]
        chat = await http.post("/v1/chat/completions", json={})
        assert chat.status_code == 503
        assert chat.headers["Retry-After"]
    await asyncio.sleep(QUIET_SECONDS)
    assert left(sandbox) == before

    shown = await asyncio.to_thread(run, copy, "release")
    assert shown.returncode == 1
    assert f"{BUSY} e-mails that wait to be sent: leave" in shown.stdout
    assert f"{BUSY} webhooks that wait to be delivered: leave" in shown.stdout
    name = copy.url.removeprefix("http://")
    assert name in shown.stderr
    assert left(sandbox) == before

    released = await asyncio.to_thread(run, copy, "release", name, "--drop", "webhooks")
    assert (released.returncode, released.stderr) == (0, "")
    await until(lambda: left(sandbox)[0] == before[0] + BUSY, PATIENCE_SECONDS)
    assert left(sandbox)[1] == before[1]
    async with httpx.AsyncClient(base_url=copy.url, trust_env=False) as http:
        assert (await http.get("/health")).json()["database"] == "ok"
        assert (await http.get("/pricing")).status_code == 200


def run(product: Product, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command with the product's own settings."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=product.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
