"""Room, the example app: its form makes a user who within seconds has credits and a key."""

from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.supabase_auth.vendor import SupabaseAuth
from tests.browser.panel import Panel
from tests.kit.product import Product

WITHIN = 120_000  # milliseconds
PASSWORD = "correct horse"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def room_url(sandbox_url: tuple[str, Sandbox], product: Product) -> str:
    """The page itself, with the product behind it."""
    return f"{sandbox_url[0]}/room"


async def fill(room: Page | FrameLocator, email: str, password: str, button: str) -> None:
    """The form, sent."""
    await room.get_by_label("E-mail").fill(email)
    await room.get_by_label("Password").fill(password)
    await room.get_by_role("button", name=button, exact=True).click()


def somebody() -> str:
    """Who is new."""
    return f"olga-{uuid4().hex[:8]}@shop.example"


async def test_the_form_creates_a_user_with_credits_and_a_key(panel: Panel) -> None:
    email = somebody()
    await panel.look_at("room")
    room = panel.page.frame_locator("iframe[title=Room]")
    await fill(room, email, PASSWORD, "Sign up")
    await expect(room.get_by_text(f"We have sent a link to {email}")).to_be_visible()
    project = await panel.look_at("supabase")
    link = project.locator("[data-auth-mail]").first.get_by_role("link")
    page = await panel.follow_link(link)
    await expect(page.get_by_text(f"Hello {email}")).to_be_visible()
    await expect(page.locator("[data-room=key]")).to_have_text("Ready", timeout=WITHIN)
    await expect(page.locator("[data-room=balance]")).to_have_text("100")
    assert "access_token" not in page.url
    # The frame in the panel is the same browser: it is signed in as well, and both sign out.
    await panel.look_at("room")
    await expect(room.get_by_text(f"Hello {email}")).to_be_visible()
    await room.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    await fill(page, email, PASSWORD, "Sign in")
    await expect(page.locator("[data-room=key]")).to_have_text("Ready")
    await panel.look_at("supabase")
    await panel.page.get_by_role("tab", name="Profiles").click()
    await expect(panel.page.get_by_role("row", name=email)).to_contain_text("active")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_code_confirms_and_what_goes_wrong_is_said(
    window: BrowserContext,
    room_url: str,
    sandbox: Sandbox,
    size: dict[str, int],
    complaints: list[str],
) -> None:
    email, page = somebody(), await window.new_page()
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})
    await page.goto(room_url)
    notice = page.locator("#notice")
    await fill(page, email, "short", "Sign up")
    await expect(notice).to_contain_text("too weak")
    sandbox.faults.add(Fault("supabase", "signup", status=429, code="over_request_rate_limit"))
    await fill(page, email, PASSWORD, "Sign up")
    await expect(notice).to_contain_text("Too many tries")
    sandbox.faults.add(Fault("supabase", "signup", status=400, code="brand_new"))
    await fill(page, email, PASSWORD, "Sign up")
    await expect(notice).to_contain_text("The sandbox was told to answer 400.")
    await fill(page, email, PASSWORD, "Sign up")
    await page.get_by_label("Code").fill("000000")
    await page.get_by_role("button", name="Confirm").click()
    await expect(notice).to_contain_text("used up or too old")
    await page.get_by_role("button", name="Send the e-mail again").click()
    await expect(notice).to_contain_text("Wait a minute")
    assert await page.evaluate(FITS)
    store = sandbox.of(SupabaseAuth).store
    code = next(mail.code for mail in reversed(store.mails) if mail.to == email)
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.locator("[data-room=key]")).to_have_text("Ready", timeout=WITHIN)
    assert await page.evaluate(FITS)
    await page.get_by_role("button", name="Sign out").click()
    await fill(page, email, "wrong horse", "Sign in")
    await expect(notice).to_contain_text("do not fit")
    # A refusal is an answer here; the browser's console calls it an error.
    assert all("Failed to load resource" in one for one in complaints), complaints
    complaints.clear()


async def test_a_forgotten_password_is_set_anew(
    window: BrowserContext, room_url: str, sandbox: Sandbox
) -> None:
    email, page = somebody(), await window.new_page()
    store = sandbox.of(SupabaseAuth).store
    await page.goto(room_url)
    await fill(page, email, PASSWORD, "Sign up")
    await expect(page.get_by_text("We have sent a link")).to_be_visible()
    await page.goto(store.mails[-1].link)
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Forgot your password?").click()
    await expect(page.locator("#notice")).to_contain_text("a link is on its way")
    await page.goto(store.mails[-1].link)
    await page.get_by_label("New password").fill("another horse")
    await page.get_by_role("button", name="Save it").click()
    await expect(page.get_by_text(f"Hello {email}")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await fill(page, email, "another horse", "Sign in")
    await expect(page.locator("[data-room=key]")).to_have_text("Ready", timeout=WITHIN)
