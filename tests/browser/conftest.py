"""A real Chromium before the sandbox's panel, with the product's own process behind it."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, async_playwright, expect

from db.store.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel
from tests.chromium import BROWSER
from tests.journeys.ledger import Ledger
from tests.kit.product import Product, clear_desks, same_crm

PATIENCE_MS = 120_000
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def database(product_database: Database) -> Database:
    """What the running product works on."""
    return product_database


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The installed browser; `make test` names it in CHROMIUM and gets one where there is none."""
    path = BROWSER.found(os.environ)
    if path is None:
        pytest.fail("There is no Chromium here: run `make test`, or set CHROMIUM.")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        yield browser
        await browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Errors in the browser's console, broken content policies among them; must stay empty."""
    return []


@pytest_asyncio.fixture
async def window(chromium: Browser, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    """A browser window without a past."""
    context = await chromium.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            complaints.append(f"{message.type}: {message.text} {place}")

    context.on("console", listen)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    await context.close()
    assert complaints == []


@pytest_asyncio.fixture
async def panel(window: BrowserContext, sandbox_url: tuple[str, Sandbox], ada: Visitor) -> Panel:
    """The panel as Ada sees it, with the running product behind it."""
    panel = Panel(await window.new_page(), sandbox_url[0])
    await panel.enter(ada.team.id, ada.id)
    return panel


@pytest_asyncio.fixture(autouse=True)
async def a_fresh_day(sandbox: Sandbox, product: Product, database: Database) -> None:
    """Every test begins in a world that works, with empty screens and mailboxes."""
    # What an earlier test began must not draw on this one's screens.
    await Ledger(sandbox, database).idle()
    clear_desks(sandbox)
    await same_crm(sandbox, database)
