"""Stripe's tab in the panel, in a real browser."""

from playwright.async_api import expect

from tests.browser.panel import Panel


async def test_stripes_tab_shows_its_prices_and_its_clock(panel: Panel) -> None:
    pane = await panel.look_at("stripe")
    await expect(pane).to_be_visible()
    await pane.get_by_role("button", name="+1 day").click()
    await expect(pane).to_contain_text("Begin one at /pricing of the app.")
