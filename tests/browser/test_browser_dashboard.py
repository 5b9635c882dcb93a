"""The dashboard in a real browser: both ways in, every page, forms with good and bad input."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect

from bot.wiring.foundation import now
from db.store.session import Database
from integrations.sandbox.server import Sandbox
from services.admins import LocalAdmins
from tests.browser.panel import Panel
from tests.kit.product import Product

PASSWORD = "a long enough password"
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
PAGES = (
    "/admin/customers",
    "/admin/customers/new",
    "/admin/licenses",
    "/admin/licenses/new",
    "/admin/licenses/bulk",
    "/admin/users",
    "/admin/users/new",
    "/admin/audit",
    "/admin/settings",
    "/admin/nothing",
)
PHONE = {"width": 360, "height": 740}


@pytest_asyncio.fixture
async def admin(database: Database) -> str:
    """A local admin's name."""
    name = f"ada-{uuid4().hex[:8]}"
    await LocalAdmins(database, None, None, None, now).create(name, PASSWORD)
    return name


@pytest_asyncio.fixture
async def desk(window: BrowserContext, product: Product, admin: str) -> AsyncIterator[Page]:
    """The dashboard, signed in with a password."""
    page = await window.new_page()
    await page.goto(f"{product.url}/admin/licenses")
    await sign_in(page, admin)
    await expect(page.get_by_role("heading", name="Licenses", level=1)).to_be_visible()
    yield page


async def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """By the form."""
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


async def issue(desk: Page, product: Product, email: str) -> None:
    """A license of the plan that stands first."""
    await desk.goto(f"{product.url}/admin/licenses/new")
    await desk.get_by_label("Customer’s e-mail").fill(email)
    await desk.get_by_label("Plan").select_option("pro")
    await desk.get_by_role("button", name="Issue license").click()
    await expect(desk.get_by_role("status").get_by_text(email)).to_be_visible()


async def test_the_panel_opens_the_dashboard_as_the_person_one_plays(panel: Panel) -> None:
    async with panel.page.context.expect_page() as opened:
        await panel.page.get_by_role("link", name="Dashboard").click()
    page = await opened.value
    await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    await expect(page.locator(".menu-wide .who")).to_contain_text("Ada")


async def test_slacks_page_asks_and_a_member_who_is_no_admin_learns_nothing(
    window: BrowserContext, product: Product, sandbox: Sandbox, complaints: list[str]
) -> None:
    page = await window.new_page()
    await page.goto(f"{product.url}/admin/users")
    await page.get_by_role("link", name="Sign in with Slack").click()
    people = sandbox.world.home.people
    stranger = next(one for one in people if not one.is_ops_admin)
    await page.get_by_label("You are").select_option(label=stranger.real_name)
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("alert")).to_contain_text("could not be signed in")
    await expect(page.get_by_role("navigation")).to_have_count(0)
    complaints[:] = [one for one in complaints if "403" not in one]
    await window.clear_cookies()
    await page.goto(f"{product.url}/admin/users")
    await page.get_by_role("link", name="Sign in with Slack").click()
    admin = next(one for one in people if one.is_ops_admin)
    await page.get_by_label("You are").select_option(label=f"{admin.real_name} (ops admin)")
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("heading", name="Users", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_free_of_serious_findings_and_fits_a_phone(
    desk: Page, product: Product, complaints: list[str], scheme: str
) -> None:
    await issue(desk, product, f"{uuid4().hex[:8]}@example.com")
    one = desk.url
    await desk.emulate_media(color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in (*PAGES, one.removeprefix(product.url)):
        await desk.goto(f"{product.url}{path}")
        found[path] = await serious(desk)
        await desk.set_viewport_size(PHONE)
        wide = await desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], path
        found[path] += await serious(desk)
        await desk.set_viewport_size({"width": 1280, "height": 800})
    assert {path: told for path, told in found.items() if told} == {}
    # The page that is not there is told so by the browser too.
    complaints[:] = [one for one in complaints if "404" not in one]


async def test_bad_input_is_told_beside_its_field_and_keeps_what_was_typed(
    desk: Page, product: Product, complaints: list[str]
) -> None:
    await desk.goto(f"{product.url}/admin/customers/new")
    await desk.get_by_label("E-mail").fill("nobody@localhost")
    await desk.get_by_label("Notes").fill("pays late")
    await desk.get_by_role("button", name="Create customer").click()
    field = desk.get_by_label("E-mail")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(desk.get_by_role("alert")).to_be_focused()
    await expect(desk.get_by_label("Notes")).to_have_value("pays late")
    email = f"{uuid4().hex[:8]}@example.com"
    await field.fill(email)
    await desk.get_by_role("button", name="Create customer").click()
    await expect(desk.get_by_role("status")).to_contain_text("is a customer now")
    complaints[:] = [one for one in complaints if "422" not in one]


async def test_a_license_is_sold_renewed_suspended_and_its_key_shown(
    desk: Page, product: Product
) -> None:
    email = f"{uuid4().hex[:8]}@example.com"
    await issue(desk, product, email)
    await desk.get_by_role("button", name="Show key").click()
    await expect(desk.get_by_text(re.compile("CHA(-[0-9A-F]{8}){4}")).first).to_be_visible()
    await desk.get_by_role("link", name="Back to the license").click()
    await desk.get_by_role("link", name="Renew").click()
    await desk.get_by_label("Months").fill("6")
    await desk.get_by_role("button", name="Renew").click()
    await expect(desk.get_by_role("status")).to_contain_text("Renewed until")
    await desk.get_by_role("link", name="Suspend").click()
    await desk.get_by_label("Reason").fill("asked for it")
    await desk.get_by_role("button", name="Suspend").click()
    await expect(desk.get_by_text("Suspended", exact=True)).to_be_visible()
    await desk.get_by_role("button", name="Reinstate").click()
    await expect(desk.get_by_text("Active", exact=True)).to_be_visible()
    await expect(desk.get_by_text("licenses.reinstate")).to_be_visible()


async def test_a_customer_is_deleted_by_typing_the_address(
    desk: Page, product: Product, complaints: list[str]
) -> None:
    email = f"{uuid4().hex[:8]}@example.com"
    await issue(desk, product, email)
    await desk.get_by_role("link", name=email).click()
    await desk.get_by_role("link", name="Delete…").click()
    await desk.get_by_label("Type").fill("something else")
    await desk.get_by_role("button", name="Delete for good").click()
    await expect(desk.get_by_role("alert")).to_contain_text("exactly")
    await desk.get_by_label("Type").fill(email)
    await desk.get_by_role("button", name="Delete for good").click()
    await expect(desk.get_by_role("status")).to_contain_text("is deleted")
    complaints[:] = [one for one in complaints if "422" not in one]


async def test_a_csv_is_imported_and_its_bad_line_told(desk: Page, product: Product) -> None:
    await desk.goto(f"{product.url}/admin/licenses/bulk")
    lines = ["email,plan,months", f"{uuid4().hex[:8]}@example.com,pro,12", "nobody,pro,12"]
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    await desk.get_by_label("CSV file").set_input_files(file)
    await desk.get_by_role("button", name="Issue the good lines").click()
    await expect(desk.get_by_role("row", name=re.compile("nobody"))).to_contain_text("Bad")
    await expect(desk.locator(".live")).to_contain_text("Finished")


async def test_a_test_user_is_provisioned_while_one_looks_on(desk: Page, product: Product) -> None:
    await desk.goto(f"{product.url}/core/v1/admin/ui")
    email = f"{uuid4().hex[:8]}@example.com"
    await desk.get_by_label("E-mail").fill(email)
    await desk.get_by_role("button", name="Create and provision").click()
    await expect(desk.get_by_role("heading", name=email, level=1)).to_be_visible()
    await expect(desk.locator(".live")).to_contain_text("Finished")
    await expect(desk.locator(".steps")).to_contain_text("OpenRouter key")


async def test_everything_is_reached_by_keyboard_alone(desk: Page, product: Product) -> None:
    await desk.goto(f"{product.url}/admin/customers")
    await desk.keyboard.press("Tab")
    await expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    await desk.keyboard.press("Enter")
    await desk.keyboard.press("Tab")
    await expect(desk.get_by_role("link", name="New customer").first).to_be_focused()
    await desk.keyboard.press("Enter")
    await desk.get_by_label("E-mail").focus()
    email = f"{uuid4().hex[:8]}@example.com"
    await desk.keyboard.type(email)
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("status")).to_contain_text("is a customer now")
    await desk.goto(f"{product.url}/admin/customers")
    await desk.keyboard.press("/")
    await expect(desk.get_by_role("searchbox")).to_be_focused()
    await desk.keyboard.type(email)
    await expect(desk.locator("tbody tr")).to_have_count(1)
    assert email.replace("@", "%40") in desk.url


async def test_a_session_that_was_ended_leads_to_the_sign_in_page_and_back(
    desk: Page, product: Product, admin: str, complaints: list[str]
) -> None:
    await desk.goto(f"{product.url}/admin/customers/new")
    await desk.get_by_label("Notes").fill("kept through it all")
    await desk.context.clear_cookies()
    await desk.get_by_label("E-mail").fill(f"{uuid4().hex[:8]}@example.com")
    await desk.get_by_role("button", name="Create customer").click()
    await expect(desk.get_by_text("kept through it all")).to_be_visible()
    async with desk.context.expect_page() as opened:
        await desk.get_by_role("link", name="Sign in").click()
    await sign_in(await opened.value, admin)
    await desk.get_by_role("button", name="Send again").click()
    await desk.get_by_role("button", name="Send again").click()
    await expect(desk.get_by_role("status")).to_contain_text("is a customer now")
    complaints[:] = [one for one in complaints if "403" not in one]


async def test_another_sites_form_changes_nothing(
    desk: Page, product: Product, sandbox_url: tuple[str, Sandbox], complaints: list[str]
) -> None:
    email = f"{uuid4().hex[:8]}@example.com"
    other = await desk.context.new_page()
    await other.goto(sandbox_url[0].replace("127.0.0.1", "localhost"))
    await other.evaluate(
        """([url, email]) => {
            const made = (tag, said) => Object.assign(document.createElement(tag), said);
            const form = made("form", { method: "post", action: url });
            form.append(made("input", { name: "email", value: email }));
            document.body.append(form);
            form.submit();
        }""",
        [f"{product.url}/admin/customers", email],
    )
    await expect(other.get_by_text("Nothing was done")).to_be_visible()
    await desk.goto(f"{product.url}/admin/customers?q={email}")
    await expect(desk.get_by_text("Nothing matches")).to_be_visible()
    complaints[:] = [one for one in complaints if "403" not in one]


async def test_pages_work_without_a_script(desk: Page, product: Product, admin: str) -> None:
    browser = desk.context.browser
    assert browser
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{product.url}/admin/customers/new")
    await sign_in(page, admin)
    email = f"{uuid4().hex[:8]}@example.com"
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Create customer").click()
    await expect(page.get_by_role("status")).to_contain_text("is a customer now")
    await context.close()
