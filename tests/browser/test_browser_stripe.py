"""Stripe's tab in the panel, in a real browser."""

from playwright.async_api import expect

from tests.browser.panel import Panel


async def test_stripes_tab_moves_its_clock(panel: Panel) -> None:
    pane = await panel.look_at("stripe")
    await expect(pane).to_be_visible()
    clock = pane.locator(".stripe__clock strong")
    before = await clock.inner_text()
    await pane.get_by_role("button", name="+1 day").click()
    await expect(clock).not_to_have_text(before)
