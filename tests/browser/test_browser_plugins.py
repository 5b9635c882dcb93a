"""A vendor whose folder was just added has its tab in the panel, drawn by its own script."""

from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, expect

import integrations.sandbox
from integrations.sandbox.kit.registry import discover
from integrations.sandbox.server import SandboxOptions, build
from tests.sandbox import neighbours


async def test_a_new_vendors_tab_shows_what_it_got(window: BrowserContext) -> None:
    factories = (*discover(integrations.sandbox), *discover(neighbours))
    async with TestServer(build(SandboxOptions(), factories)) as server:
        page = await window.new_page()
        await page.goto(str(server.make_url("/")))
        tab = page.locator("[data-outside=parcels]")
        await expect(tab).to_have_text("Parcels")
        url = str(server.make_url("/parcels/v1/parcels"))
        await page.request.post(url, data={"to": "Olga"})
        await expect(tab).to_have_text("Parcels1")
        await tab.click()
        await expect(page.locator("[data-pane=parcels] .parcels")).to_have_text("To Olga")
        await expect(page.locator(".parcels")).to_have_css("font-style", "italic")
        await page.locator("[data-outside=faults]").click()
        await page.get_by_label("Vendor").select_option("parcels")
        await page.get_by_label("What happens").select_option("lost_parcel")
        await expect(page.get_by_label("Seconds")).to_be_visible()
        await page.close()
