"""A company in a real browser: signed up, seen by ops, its invitation accepted, then suspended."""

import re
from uuid import uuid4

import httpx
from playwright.async_api import BrowserContext, expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel

FORM = "tenants.form"
READY_MS = 120_000
LINK = re.compile(r"http://\S+/invitation\?token=[\w-]+")


async def in_ops(panel: Panel, sandbox: Sandbox, ada: Visitor) -> None:
    """Ada goes to the ops channel."""
    channel = next(c for c in sandbox.world.home.channels if c.is_ops)
    await panel.enter(ada.team.id, ada.id, channel.id)


async def test_a_company_that_signs_up_has_a_database_and_an_administrator_seconds_later(
    panel: Panel,
    sandbox: Sandbox,
    ada: Visitor,
    environment: dict[str, str],
    window: BrowserContext,
    complaints: list[str],
) -> None:
    company, email = f"Hopper {uuid4().hex[:6]}", f"{uuid4().hex[:8]}@client.example"
    await in_ops(panel, sandbox, ada)
    async with httpx.AsyncClient(trust_env=False, base_url=environment["PUBLIC_URL"]) as http:
        body = {"email": email, "company_name": company}
        told = await http.post("/api/onboarding/signup", json=body)
        assert told.status_code == 202
    card = panel.messages.filter(has_text=company).last
    await expect(card).to_contain_text("is ready as", timeout=READY_MS)
    await expect(card).to_contain_text("PostgreSQL")

    inbox = await panel.look_at("smtp")
    await inbox.get_by_role("button", name=email).click(timeout=READY_MS)
    await inbox.get_by_role("tab", name="Plain text").click()
    found = LINK.search(await inbox.locator("[data-field=text]").inner_text())
    assert found is not None
    page = await window.new_page()
    await page.goto(found.group())
    await page.get_by_label("Your name").fill("Ada Rossi")
    await page.get_by_role("button", name="Accept invitation").click()
    await expect(page.get_by_role("heading")).to_have_text("Welcome, Ada Rossi")
    await page.goto(found.group())
    await expect(page.get_by_text("accepted already")).to_be_visible()
    # Chromium tells of every page that is not a 200.
    assert "410" in complaints.pop()
    await page.close()


async def test_a_tenant_from_the_form_is_suspended_resumed_and_deleted_with_a_way_back(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    company = f"Form {uuid4().hex[:6]}"
    await in_ops(panel, sandbox, ada)
    await panel.command("/tenant-create")
    await expect(panel.modal(FORM)).to_be_visible()
    await panel.field("Company").fill(company)
    await panel.field("Administrator’s e-mail").fill(f"{uuid4().hex[:8]}@client.example")
    await panel.submit()
    card = panel.messages.filter(has_text="is ready as").filter(has_text=company).last
    await expect(card).to_be_visible(timeout=READY_MS)
    await card.get_by_role("button", name="Manage").click()
    manage = panel.modal("tenants.manage_view")
    await expect(manage).to_contain_text(company)
    await manage.get_by_role("button", name="Suspend…").click()
    await panel.field("Reason").fill("Unpaid")
    await panel.submit()
    await expect(manage).to_contain_text("is being suspended")
    closed = panel.messages.filter(has_text="Suspend tenant").filter(has_text=company).last
    await expect(closed).to_contain_text("refuses connections", timeout=READY_MS)
    await manage.get_by_role("button", name="Resume").click()
    opened = panel.messages.filter(has_text="Resume tenant").filter(has_text=company).last
    await expect(opened).to_contain_text("Done", timeout=READY_MS)
