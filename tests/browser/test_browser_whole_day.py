"""An admin's whole day on the dashboard, without Slack once: each step is in the audit log."""

import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import asyncpg
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.wiring.foundation import now
from db.store.session import Database
from db.store.vault import Vault
from integrations.databases import ConnectionParts
from services.admins import LocalAdmins
from tests.browser.test_browser_billing import DAY, Company
from tests.browser.test_browser_dashboard import PASSWORD, sign_in
from tests.conftest import NewDatabase
from tests.kit.own_world import OwnWorld, own_world
from tests.kit.wired import foundation, wired

WITHIN_MS = 90_000
INDEX, BACK = "CREATE UNIQUE INDEX items_one ON items (id)", "DROP INDEX items_one"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Desk:
    """An admin before the dashboard."""

    page: Page
    url: str

    async def open(self, path: str) -> None:
        """A page by its address."""
        await self.page.goto(f"{self.url}{path}")

    async def fill(self, **typed: str) -> None:
        """Fields by their names."""
        for name, text in typed.items():
            await self.page.locator(f"main [name={name}]").fill(text)

    async def press(self, name: str) -> None:
        """A button or a link that looks like one."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        await button.or_(link).first.click()

    async def confirm(self, what: str, button: str) -> None:
        """Type what is asked for, and press."""
        await self.fill(confirm=what)
        await self.press(button)

    async def reads(self, text: str, where: str = "main") -> None:
        """It stands there, sooner or later, without a reload."""
        await expect(self.page.locator(where)).to_contain_text(text, timeout=WITHIN_MS)


@pytest_asyncio.fixture
async def world(
    migrated_database: NewDatabase, vault: Vault, template_url: str, tmp_path: Path
) -> AsyncIterator[OwnWorld]:
    """A business with a past, nobody else's."""
    database = Database(await migrated_database(), vault, pool_size=10)
    async with own_world(database, template_url, tmp_path) as made:
        yield made


@pytest_asyncio.fixture(autouse=True)
async def a_fresh_day() -> None:
    """This day has a world of its own."""


async def test_a_whole_day_without_slack(
    chromium: Browser, window: BrowserContext, world: OwnWorld, complaints: list[str]
) -> None:
    ada = await with_slack(window, world)
    await sells_and_renews(ada)
    await imports(ada)
    await finds_out_why(ada, world, window)
    await provisions(ada)
    tenants = [await tenant(ada) for _ in range(3)]
    await in_every_database(world, tenants)
    await rolls_out_and_back(ada, tenants, f"u{uuid4().hex[:6]}")
    grace = await with_a_password(chromium, world)
    await rolls_out_with_a_second_admin(ada, grace, f"d{uuid4().hex[:6]}")
    await closes_and_exports(ada)
    await reads_it_all_in_the_audit_log(ada)
    await grace.page.context.close()
    # The form with the bad SQL is told by the browser too.
    complaints[:] = [one for one in complaints if "422" not in one]


async def with_slack(window: BrowserContext, world: OwnWorld) -> Desk:
    """Ada signs in at Slack's own page."""
    desk = Desk(await window.new_page(), world.product.url)
    await desk.open("/admin/licenses/new")
    await desk.press("Sign in with Slack")
    people = world.sandbox.world.home.people
    admin = next(one for one in people if one.is_ops_admin)
    await desk.page.get_by_label("You are").select_option(label=f"{admin.real_name} (ops admin)")
    await desk.press("Allow")
    await expect(desk.page.get_by_role("heading", name="Issue a license", level=1)).to_be_visible()
    return desk


async def with_a_password(chromium: Browser, world: OwnWorld) -> Desk:
    """Grace signs in with hers."""
    await LocalAdmins(world.database, None, None, None, now).create("grace", PASSWORD)
    context = await chromium.new_context(reduced_motion="reduce")
    desk = Desk(await context.new_page(), world.product.url)
    await desk.open("/admin/rollouts")
    await sign_in(desk.page, "grace")
    await desk.reads("Rollouts")
    return desk


async def sells_and_renews(desk: Desk) -> None:
    """A license, and six months more."""
    await desk.fill(email="marta@hartwell.example")
    await desk.page.get_by_label("Plan").select_option("pro")
    await desk.press("Issue license")
    await desk.reads("marta@hartwell.example", "[role=status]")
    await desk.press("Renew")
    await desk.page.get_by_label("Months").fill("6")
    await desk.press("Renew")
    await desk.reads("Renewed until", "[role=status]")


async def imports(desk: Desk) -> None:
    """Two good lines and a bad one."""
    lines = "email,plan,months\na@loom.example,pro,12\nnobody,pro,3\nb@loom.example,starter,1"
    await desk.open("/admin/licenses/bulk")
    file = {"name": "orders.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    await desk.page.get_by_label("CSV file").set_input_files(file)  # type: ignore[arg-type]  # a dict
    await desk.press("Issue the good lines")
    await desk.reads("Finished", ".live")
    row = desk.page.get_by_role("row", name=re.compile("nobody"))
    await expect(row).to_contain_text("Bad")


async def finds_out_why(desk: Desk, world: OwnWorld, window: BrowserContext) -> None:
    """A customer whose card was declined for eight days."""
    key = world.environment["ADMIN_API_KEY"]
    company = Company(world.product, world.sandbox, world.sandbox_url, key)
    await company.sign_up()
    theirs = await window.new_page()
    await theirs.goto(await company.checkout())
    await theirs.get_by_role("button", name="Start trial").click()
    await company.until("trialing")
    await company.play("card", customer=company.at_stripe, works=False)
    await company.play("advance", seconds=15 * DAY)
    await company.until("past_due")
    await company.play("advance", seconds=8 * DAY)
    await company.until("suspended")
    await theirs.close()
    await desk.open("/admin/customers")
    await desk.page.keyboard.press("/")
    await desk.page.keyboard.type(company.email)
    await expect(desk.page.locator("tbody tr")).to_have_count(1)
    await desk.page.locator("tbody a").first.click()
    await desk.reads("and nothing was paid within 7 days")
    await desk.reads("suspended, no access")
    await desk.reads("declined")
    await company.close()


async def provisions(desk: Desk) -> None:
    """A test user, by the seeds' old address, each step as it happens."""
    await desk.open("/core/v1/admin/ui")
    await desk.fill(email="olga@room.example")
    await desk.press("Create and provision")
    await desk.reads("Finished", ".live")
    await desk.reads("OpenRouter key", ".steps")


async def tenant(desk: Desk) -> str:
    """A company with a database; its id."""
    company = f"Loom {uuid4().hex[:6]}"
    await desk.open("/admin/tenants/new")
    await desk.fill(company_name=company, email=f"{uuid4().hex[:8]}@loom.example")
    await desk.press("Create")
    await expect(desk.page.get_by_role("heading", name=company, level=1)).to_be_visible()
    await desk.reads("Finished", ".live")
    return desk.page.url.rpartition("/")[2]


async def in_every_database(world: OwnWorld, tenants: list[str]) -> None:
    """A table; in the last one a row twice, which no unique index stands."""
    async with wired(foundation(world.database)) as product:
        for tenant_id in tenants:
            parts: ConnectionParts = await product.services.tenants.directory.parts(tenant_id)
            connection = await asyncpg.connect(
                host=parts.address or parts.host,
                port=parts.port,
                user=parts.user,
                password=parts.password.get_secret_value(),
                database=parts.database,
                ssl=False,
            )
            await connection.execute("CREATE TABLE items (id int)")
            if tenant_id == tenants[-1]:
                await connection.execute("INSERT INTO items VALUES (1), (1)")
            await connection.close()


async def rolls_out_and_back(desk: Desk, tenants: list[str], version: str) -> None:
    """Bad SQL is refused, good SQL halts at one tenant, and what was done is undone."""
    await desk.open(f"/admin/tenants/{tenants[0]}")
    first = await desk.page.locator("dd code").first.inner_text()
    await desk.open("/admin/rollouts")
    await desk.press("New rollout")
    await desk.fill(version=version, sql="CREATE UNIQUE INDX", rollback_sql=BACK, canary=first)
    await desk.press("Check it")
    await expect(desk.page.locator("#field-sql-error")).to_contain_text("line 1")
    await expect(desk.page.locator("#field-rollback_sql")).to_have_value(BACK)
    await desk.fill(sql=INDEX, canary_watch="1h", wave_watch="1s")
    await desk.press("Check it")
    await desk.reads("Tried on a copy")
    await desk.press("Start…")
    await desk.confirm(version, "Start")
    await desk.reads("watched until")
    await desk.press(f"Watched enough: rollout {version}")
    await desk.reads("Halted", ".steps")
    await desk.reads("failed: could not create unique index")
    await desk.press("Roll back…")
    await desk.confirm("something else", "Roll back")
    await expect(desk.page.get_by_role("alert")).to_contain_text("exactly")
    await desk.confirm(version, "Roll back")
    await desk.reads("Rolled back", ".steps")


async def rolls_out_with_a_second_admin(ada: Desk, grace: Desk, version: str) -> None:
    """What destroys waits for Grace, who sees it appear in the list."""
    await ada.open("/admin/rollouts/new")
    await ada.fill(version=version, sql="DELETE FROM items", wave_watch="0s")
    await ada.page.get_by_label("In which waves").select_option("all")
    await ada.press("Check it")
    await ada.reads("Needs a second admin")
    await ada.press("Start…")
    await ada.confirm(version, "Start")
    await ada.reads("as soon as a second admin agrees")
    await grace.page.get_by_role("link", name=version).click(timeout=WITHIN_MS)
    await grace.press("Agree…")
    await grace.reads("DELETE FROM items")
    await grace.confirm(version, "Agree")
    await ada.reads("done: 3")
    await grace.reads("Finished", ".live")


async def closes_and_exports(desk: Desk) -> None:
    """Last month's figures are kept, and the file says the same as the page."""
    await desk.open("/admin")
    row = desk.page.locator("#months tbody tr").first
    await row.get_by_role("button", name=re.compile("^Close")).click()
    await desk.reads("closed", "[role=status]")
    cells = await row.locator("td").all_inner_texts()
    async with desk.page.expect_download() as coming:
        await row.get_by_role("link").first.click()
    sheet = read_sheet(await (await coming.value).path())
    at = sheet[0].index("Requests"), sheet[0].index("Failed"), sheet[0].index("Cost (USD)")
    requests, failed, cost = (sum(float(line[n] or 0) for line in sheet[1:]) for n in at)
    assert requests > 0
    assert f"{requests:,.0f}" in cells, (cells, requests, failed)
    assert any(f"{cost:,.2f}" in one for one in cells), (cells, cost)


async def reads_it_all_in_the_audit_log(desk: Desk) -> None:
    """Each step, by whom."""
    for action in (
        *("admins.sign_in", "licenses.issue", "licenses.renew", "users.create"),
        *("tenants.create", "rollouts.propose", "rollouts.wanted", "rollouts.rolls_back"),
        *("rollouts.approved", "reports.close_month", "exports.make"),
    ):
        await desk.open(f"/admin/audit?q={action}")
        who = "grace" if action == "rollouts.approved" else "Ada"
        rows = desk.page.locator("tbody tr").filter(has_text=action)
        await expect(rows.filter(has_text=who).first).to_be_visible()


def read_sheet(path: Path) -> list[list[str]]:
    """The cells of an Excel file's first sheet, as texts."""
    with zipfile.ZipFile(path) as file:
        rows = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")]
        for row in rows.iter(f"{SHEET}row")
    ]
