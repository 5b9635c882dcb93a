"""Rollouts in a real browser: read on a phone and by machines, paused, followed to their end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from db.store.session import Database
from db.store.vault import Vault
from handlers.http import register
from handlers.http.dashboard.kit.desk import PUBLIC_SITE, PublicSite
from handlers.http.dashboard.kit.guard import SESSION
from integrations.tenant_databases.outcomes import StatementFailed
from services.actors import Operator
from services.admins import Device
from tests.browser.conftest import chromium
from tests.conftest import NewDatabase
from tests.kit.product import free_port
from tests.kit.rollout_stage import ADA, RolloutStage
from tests.kit.wired import foundation, wired

__all__ = ("chromium",)

TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
LONG = "could not create unique index “orders_number_of_the_customer_and_the_year_key”"


@dataclass(frozen=True)
class Bridge:
    """Rollouts, where their pages are, and the cookie of somebody who is signed in."""

    stage: RolloutStage
    url: str
    token: str

    async def page(self, browser: Browser, width: int = 1280, scheme: str = "light") -> Page:
        """A window of theirs."""
        context = await browser.new_context(
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        await context.add_cookies([{"name": SESSION, "value": self.token, "url": self.url}])
        return await context.new_page()


@pytest_asyncio.fixture
async def bridge(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Bridge]:
    database = Database(await migrated_database(), vault)
    stage = RolloutStage(database, 10)
    stage.now = datetime.now(UTC)
    async with wired(foundation(database)) as product:
        app, port = web.Application(), free_port()
        register(app, product.services)
        url = f"http://localhost:{port}"
        app[PUBLIC_SITE] = PublicSite(url)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "localhost", port).start()
        await product.services.admins.local.create("ada", "a long enough password")
        ada = Operator("admin", "ada", "Ada")
        session = await product.services.admins.sessions.begin(ada, Device("", "test"))
        yield Bridge(stage, f"{url}/admin/rollouts", session.token)
        await runner.cleanup()
    await stage.close()
    await database.dispose()


async def test_one_is_paused_and_followed_without_reloading(
    chromium: Browser, bridge: Bridge
) -> None:
    page, stage = await bridge.page(chromium), bridge.stage
    made = await stage.rolled(strategy="gradual")
    version = (await stage.rollouts.get(made)).version
    await page.goto(bridge.url)
    await page.get_by_role("link", name=version).click()
    await expect(page.locator(".steps")).to_contain_text("Running, wave 1 of 3")
    await stage.controls.hold(ADA, made)
    await expect(page.locator(".steps")).to_contain_text("on hold after this wave")
    # This button came by the stream, not with the page.
    await page.get_by_role("button", name=f"Continue: rollout {version}").click()
    await expect(page.get_by_text(f"Rollout {version} goes on.")).to_be_visible()
    await page.get_by_role("button", name=f"Pause: rollout {version}").click()
    await expect(page.locator(".steps")).to_contain_text("Paused")
    await stage.controls.abort(ADA, made)
    await stage.drive(made)
    await expect(page.locator(".steps")).to_contain_text("Aborted: who has it keeps it")
    await expect(page.locator(".live")).to_contain_text("Finished")
    await page.get_by_role("link", name="Roll back…").click()
    await expect(page.get_by_text("This destroys data")).to_be_visible()
    await page.get_by_label(f"Type {version}").fill(version)
    await page.get_by_role("button", name="Roll back").click()
    await expect(page.locator(".steps")).to_contain_text("Rolling back")
    await page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
async def test_pages_are_accessible_and_fit(
    chromium: Browser, bridge: Bridge, width: int, scheme: str
) -> None:
    page, stage = await bridge.page(chromium, width, scheme), bridge.stage
    stage.tenancy.outcomes[stage.tenant(2)] = [StatementFailed(1, "23505", LONG)]
    made = await stage.rolled()
    for path in ("", f"/{made}", f"/{made}/abort", f"/{made}/roll_back"):
        answer = await page.goto(bridge.url + path)
        assert answer is not None
        assert answer.status == 200
        found = await Axe().run(page, options=TAGS)
        assert found.response["violations"] == [], found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.context.close()
