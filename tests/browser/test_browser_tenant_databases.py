"""Tenants in the panel: made by a click, broken, mended and locked."""

from playwright.async_api import expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.supabase_management.vendor import SupabaseProjects
from tests.browser.panel import Panel

READY_MS = 120_000


async def test_tenants_are_made_broken_and_mended_by_clicks(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    sandbox.of(SupabaseProjects).store.lasts = 0.2
    await panel.enter(ada.team.id, ada.id, ada.team.workspace.channels[0].id)
    pane = await panel.look_at("supabase_management")
    await pane.get_by_label("Companies that become tenants now").fill("2")
    await pane.get_by_role("button", name="Make tenants").click()
    await expect(pane).to_contain_text("2 asked for")
    tenants = pane.locator("[data-tenant]")
    await expect(tenants.nth(1)).to_be_visible(timeout=READY_MS)
    one = tenants.first
    await expect(one).to_contain_text("accepts connections", timeout=READY_MS)
    await one.get_by_role("button", name="Stop accepting").click()
    await expect(one).to_contain_text("accepts none")
    await one.get_by_role("button", name="Accept again").click()
    await expect(one).to_contain_text("accepts connections")
    await one.get_by_role("button", name="Paused by Supabase").click()
    await expect(one).to_contain_text("INACTIVE")
    await expect(pane).not_to_contain_text("undefined")
