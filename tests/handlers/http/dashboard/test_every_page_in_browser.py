"""Every page that there is, in a real browser: a page that is added is looked at by itself.

Pages come from the routing table, their addresses from the links that lead to them.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import unescape
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pydantic import SecretStr
from sqlalchemy import text

from bot.local.history import invent
from db.store.session import Database
from db.store.vault import Vault
from handlers.http import register
from handlers.http.dashboard import pages
from handlers.http.dashboard.kit.desk import PUBLIC_SITE, PublicSite
from handlers.http.dashboard.kit.guard import SESSION
from integrations.tenant_databases.outcomes import (
    Fingerprint,
    SchemaDifference,
    SchemaDrifted,
    StatementFailed,
)
from services import Services
from services.actors import Operator
from services.admins import Device
from services.reports import ExportOrder
from tests.browser.conftest import chromium
from tests.conftest import NewDatabase
from tests.kit.product import free_port
from tests.kit.rollout_stage import GRACE, RolloutStage
from tests.kit.wired import PEPPER, foundation, wired

__all__ = ("chromium",)

TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
Way = tuple[dict[str, int], str]
WAYS: tuple[Way, ...] = ((DESK, "light"), (PHONE, "dark"))
# An operation's page is where its steps come from.
LINK = re.compile(r'(?:href|data-live)="(/admin[^"#]*?)(?:/live)?"')
PLACE = re.compile(r"\{(\w+)(?::([^}]+))?\}")
# Streams and files: nobody looks at them as a page.
NO_PAGES = ("/live", ".csv", ".xlsx", "/download")
BROKEN = StatementFailed(1, "23502", "column “c” contains <null> values of a long_name_of_a_column")
ODD = SchemaDrifted("before", Fingerprint(18, "abc"), SchemaDifference(("table <odd>",), ()))
CSV = b"email,plan,months\nmarta@hartwell.example,pro,12\nnobody,pro,3\n"
# What everybody may see who is not signed in, and what goes wrong.
ODDITIES = ("/admin/nothing", "/admin/licenses?after=nothing", "/admin/customers?q=nobody-like-it")
TYPED = "input:is([type=text], [type=email], [type=number]), textarea"
VISIBLE = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
)].filter((one) => one.checkVisibility() && !one.disabled).length"""
INLINE = "document.querySelectorAll('[style], style, script:not([src]), [onclick]').length"
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@cache
def templates() -> tuple[str, ...]:
    """The pages' paths, as the routing table has them."""
    shown = {one.path for one in pages() if one.method == "GET"}
    return tuple(sorted(path for path in shown if not path.endswith(NO_PAGES)))


def matching(path: str) -> str:
    """The template that an address belongs to; "" for none."""
    for known in templates():
        form = PLACE.sub(lambda place: f"(?:{place[2] or '[^/]+'})", known)
        if re.fullmatch(form, path) and ("{" not in known or path not in templates()):
            return known
    return ""


@dataclass
class Site:
    """Where the pages are, who is signed in, and an address or more of each page."""

    url: str
    token: str
    services: Services
    stage: RolloutStage
    addresses: dict[str, list[str]] = field(default_factory=dict)

    def client(self) -> httpx.AsyncClient:
        """A browser without a screen."""
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"{SESSION}={self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False)

    async def crawl(self, seeds: list[str]) -> None:
        """Every page by its links; of those that look alike the first, and all the seeds."""
        waiting, seen = [*seeds], set[str]()
        async with self.client() as http:
            while waiting:
                address = waiting.pop(0)
                path = address.partition("?")[0]
                known = matching(path)
                alike = (known, path.rpartition("/")[2] if "{verb" in known else "")
                if not known or (str(alike) in seen and address not in seeds) or address in seen:
                    continue
                seen |= {str(alike), address}
                answer = await http.get(address)
                assert answer.status_code == 200, address
                self.addresses.setdefault(known, []).append(address)
                waiting += [unescape(one) for one in LINK.findall(answer.text)]


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Site]:
    """The dashboard over this database, in the test's process."""
    began, own = datetime.now(UTC), {"tenant_cluster_url": SecretStr(database.url)}
    async with wired(foundation(database, tenant_databases="postgres", **own)) as product:
        app, port = web.Application(), free_port()
        register(app, product.services)
        url = f"http://localhost:{port}"
        # The sign-in stays fresh, however long the tests take.
        app[PUBLIC_SITE] = PublicSite(url, clock=lambda: began)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "localhost", port).start()
        await product.services.admins.local.create("ada", "a long enough password")
        ada = Operator("admin", "ada", "Ada")
        session = await product.services.admins.sessions.begin(ada, Device("", "test"))
        stage = RolloutStage(database, 10)
        stage.now = began
        yield Site(url, session.token, product.services, stage)
        await stage.close()
        await runner.cleanup()
    await database.dispose()


async def some_rollouts(site: Site) -> list[str]:
    """One that waits for its start and for a second admin, one refused, one that halted, done."""
    stage = site.stage
    waiting = stage.order(start=False, up_sql="ALTER TABLE t DROP COLUMN d", strategy="gradual")
    proposed = await stage.propose(waiting, GRACE)
    await stage.drive(proposed)
    rehearsed = await stage.rolled(dry_run=True)
    # One after the other: whoever comes first in a wave is another each time.
    stage.tenancy.outcomes[stage.tenant(3)] = [ODD]
    drifted = await stage.rolled()
    stage.tenancy.outcomes[stage.tenant(2)] = [BROKEN]
    halted = await stage.rolled()
    return [f"/admin/rollouts/{one}" for one in (proposed, rehearsed, drifted, halted)]


async def some_work(site: Site) -> list[str]:
    """A user, a tenant, an import, a long export: the addresses where each is followed."""
    led: list[str] = []
    forms = {
        "/admin/users": {"email": f"{uuid4().hex[:8]}@room.example"},
        "/admin/tenants": {
            "email": "ada@hopper.example",
            "company_name": "Hopper & Sons of the long Valley",
            "plan": "starter",
            "language": "en",
        },
        "/admin/licenses": {"email": "marta@hartwell.example", "plan": "pro", "months": "6"},
        "/admin/licenses/bulk": {},
    }
    async with site.client() as http:
        token = re.search(r'name="_token" value="(\w+)"', (await http.get("/admin")).text)
        assert token is not None
        for path, typed in forms.items():
            sent = {"_token": token[1], "_request": uuid4().hex, **typed}
            files = None if typed else {"csv": ("orders.csv", CSV)}
            answer = await http.post(path, data=sent, files=files)
            assert answer.status_code == 303, f"{path}: {answer.text[-3000:]}"
            led.append(answer.headers["Location"])
        # The audit log keeps who exported.
        assert (await http.get("/admin/exports/customers.csv")).status_code == 200
    ada = Operator("admin", "ada", "Ada")
    async with site.stage.database.transaction() as session:
        # Nobody works here: it is ready as if somebody had.
        await session.execute(text("UPDATE tenants SET state = 'ready'"))
    made = await site.services.reports.files.start(ada, ExportOrder("customers"), "en")
    return [*led, f"/admin/exports/files/{made}"]


@pytest_asyncio.fixture(scope="module")
async def filled(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Site]:
    """A year of business, and something on each page."""
    database = Database(await migrated_database(), vault)
    await invent(database, PEPPER, ZoneInfo("UTC"))
    async with opened(database) as site:
        seeds = [*await some_rollouts(site), *await some_work(site)]
        await site.crawl(["/admin", "/admin/sign-in?again=1", *seeds])
        yield site


@pytest_asyncio.fixture(scope="module")
async def empty(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Site]:
    """The first day: there is nothing yet."""
    async with opened(Database(await migrated_database(), vault)) as site:
        await site.crawl([path for path in templates() if "{" not in path])
        yield site


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says."""
    return []


@pytest_asyncio.fixture
async def window(chromium: Browser, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    """A browser that is quiet unless something is wrong."""
    context = await chromium.new_context(viewport=DESK, reduced_motion="reduce")

    def listen(message: ConsoleMessage) -> None:
        complaints.append(f"{message.type}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    await context.close()


async def enter(window: BrowserContext, site: Site) -> Page:
    """A tab of somebody who is signed in there."""
    await window.add_cookies([{"name": SESSION, "value": site.token, "url": site.url}])
    return await window.new_page()


async def look_at(window: BrowserContext, site: Site, path: str) -> None:
    """Each address of the page: nothing inline, one heading, nobody kept out."""
    page = await enter(window, site)
    for address in site.addresses[path]:
        answer = await page.goto(site.url + address)
        assert answer is not None
        assert answer.status == 200
        assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
        assert await page.evaluate(INLINE) == 0
        await expect(page.locator("h1")).to_have_count(1)
        assert await looked_at(page) == [], address


async def looked_at(page: Page, ways: tuple[Way, ...] = WAYS) -> list[str]:
    """What keeps somebody out: at a desk in the light, on a phone in the dark."""
    found: list[str] = []
    for size, scheme in ways:
        await page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of the two
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if await page.evaluate(WIDE):
            found.append(f"{scheme}: wider than {size['width']} pixels")
        told = await Axe().run(page, options=TAGS)
        found += [
            f"{scheme}: {one['id']}: {node['html'][:160]}"
            for one in told.response["violations"]
            for node in one["nodes"]
        ]
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a dict of the two
    return found


@pytest.mark.parametrize("path", templates())
async def test_every_page_is_accessible_fits_a_phone_and_is_quiet(
    window: BrowserContext, filled: Site, complaints: list[str], path: str
) -> None:
    assert filled.addresses.get(path), f"no link leads to {path}"
    await look_at(window, filled, path)
    assert complaints == []


@pytest.mark.parametrize("path", [one for one in templates() if "{" not in one])
async def test_so_is_every_page_on_the_first_day(
    window: BrowserContext, empty: Site, complaints: list[str], path: str
) -> None:
    await look_at(window, empty, path)
    assert complaints == []


@pytest.mark.parametrize("path", templates())
async def test_a_form_that_is_sent_empty_says_so_beside_its_fields(
    window: BrowserContext, filled: Site, path: str
) -> None:
    page = await enter(window, filled)
    for address in filled.addresses.get(path, ()):
        await page.goto(filled.url + address)
        forms = page.locator("main form[method=post]:has([required])")
        for number in range(await forms.count()):
            await page.goto(filled.url + address)
            form = forms.nth(number)
            for one in await form.locator(TYPED).all():
                await one.fill("")
            async with page.expect_navigation():
                await form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
            alert = page.get_by_role("alert")
            await expect(alert).to_be_visible()
            await expect(alert).to_be_focused()
            assert await looked_at(page, WAYS[1:]) == [], address


@pytest.mark.parametrize("path", templates())
async def test_tab_leads_to_everything_on_a_page(
    window: BrowserContext, filled: Site, path: str
) -> None:
    page = await enter(window, filled)
    address = filled.addresses[path][0]
    await page.goto(filled.url + address)
    await page.evaluate(
        """() => { window.reached = new Set(); window.unseen = [];
        document.addEventListener('focusin', (event) => {
            const one = event.target;
            window.reached.add(one);
            const style = getComputedStyle(one);
            if (style.outlineStyle === 'none' && style.boxShadow === 'none')
                window.unseen.push(one.outerHTML.slice(0, 120));
        }); }"""
    )
    wanted = await page.evaluate(VISIBLE)
    for _ in range(wanted + 12):
        await page.keyboard.press("Tab")
    assert await page.evaluate("window.reached.size") >= wanted, address
    assert await page.evaluate("window.unseen") == [], address


@pytest.mark.parametrize("address", ODDITIES)
async def test_what_is_not_there_or_goes_wrong_is_a_page_too(
    window: BrowserContext, filled: Site, address: str
) -> None:
    page = await enter(window, filled)
    await page.goto(filled.url + address)
    await expect(page.locator("h1")).to_have_count(1)
    assert await looked_at(page) == []
