"""Pages of figures over the invented year, in a real browser: readable, accessible, quiet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page

from bot.local.history import invent
from db.store.session import Database
from db.store.vault import Vault
from handlers.http import register
from handlers.http.dashboard.kit.desk import PUBLIC_SITE, PublicSite
from handlers.http.dashboard.kit.guard import SESSION
from services.actors import Operator
from services.admins import Device
from tests.browser.conftest import chromium
from tests.conftest import NewDatabase
from tests.kit.product import free_port
from tests.kit.wired import PEPPER, foundation, wired

__all__ = ("chromium",)

PAGES = ("/admin", "/admin/usage", "/admin/usage?days=365&by=week", "/admin/followups?days=90")
TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Opened:
    """Where the pages are, and the cookie of somebody who is signed in."""

    url: str
    token: str


@pytest_asyncio.fixture(scope="module")
async def opened(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Opened]:
    database = Database(await migrated_database(), vault)
    await invent(database, PEPPER, ROME)
    async with wired(foundation(database, business_timezone="Europe/Rome")) as product:
        app, port = web.Application(), free_port()
        register(app, product.services)
        url = f"http://localhost:{port}"
        app[PUBLIC_SITE] = PublicSite(url, ROME)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "localhost", port).start()
        await product.services.admins.local.create("ada", "a long enough password")
        ada = Operator("admin", "ada", "Ada")
        session = await product.services.admins.sessions.begin(ada, Device("", "test"))
        yield Opened(url, session.token)
        await runner.cleanup()
    await database.dispose()


async def window(
    browser: Browser, opened: Opened, complaints: list[str], **options: object
) -> BrowserContext:
    context = await browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]  # the library's own names
    await context.add_cookies([{"name": SESSION, "value": opened.token, "url": opened.url}])
    context.on("console", lambda one: complaints.append(f"{one.type}: {one.text}"))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    return context


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_are_accessible_and_fit(
    chromium: Browser, opened: Opened, width: int, scheme: str
) -> None:
    complaints: list[str] = []
    size = {"width": width, "height": 900}
    context = await window(chromium, opened, complaints, viewport=size, color_scheme=scheme)
    page = await context.new_page()
    for path in PAGES:
        answer = await page.goto(opened.url + path)
        assert answer is not None
        assert answer.status == 200
        await page.evaluate(
            "document.querySelectorAll('.figures-table').forEach(one => one.open = true)"
        )
        found = await Axe().run(page, options=TAGS)
        assert found.response["violations"] == [], found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []
    await context.close()


async def test_where_a_figure_comes_from_is_reached_by_keyboard(
    chromium: Browser, opened: Opened
) -> None:
    context = await window(chromium, opened, [], viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(opened.url + "/admin/usage")
    button = page.get_by_role("button", name="Where “Requests” comes from")
    await button.focus()
    await page.keyboard.press("Enter")
    told = page.get_by_text("Calls to models that ended well").first
    assert "report_models" in await told.inner_text()
    await page.keyboard.press("Escape")
    assert not await told.is_visible()
    await context.close()


async def test_a_chart_has_its_figures_as_a_table(chromium: Browser, opened: Opened) -> None:
    context = await window(chromium, opened, [], viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(opened.url + "/admin/usage?days=30&by=day")
    chart = page.locator("#requests")
    await chart.get_by_text("Show the figures as a table").click()
    assert await chart.locator("tbody tr").count() == 30
    drawing = chart.get_by_role("img")
    assert "highest at" in await drawing.locator("desc").text_content() or ""
    await context.close()


async def test_choosing_another_time_asks_for_it(chromium: Browser, opened: Opened) -> None:
    context = await window(chromium, opened, [], viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(opened.url + "/admin/followups")
    await page.get_by_label("Period").select_option("90")
    await page.get_by_role("button", name="Show").click()
    await page.wait_for_url("**/followups?days=90**")
    await context.close()


async def test_the_link_beside_a_page_downloads_its_rows(chromium: Browser, opened: Opened) -> None:
    page: Page = await (
        await window(chromium, opened, [], viewport={"width": 1280, "height": 900})
    ).new_page()
    await page.goto(opened.url + "/admin/usage?days=7")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download “Usage” as CSV").click()
    download = await coming.value
    assert download.suggested_filename.startswith("seguito-usage-")
    assert (await download.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    await page.context.close()
