"""Who one is in the panel, in which workspace, and on which screen."""

import asyncio

from playwright.async_api import Page, Route, expect

from integrations.sandbox.server import Sandbox
from tests.browser.panel import EDITOR, OPTIONS, PICKER, WRITING_SECONDS, Panel

FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def test_somebody_with_an_italian_slack_is_spoken_to_in_italian(
    panel: Panel, sandbox: Sandbox
) -> None:
    giulia = next(p for p in sandbox.world.people if p.id == "U0GIULIA")
    await panel.become(giulia)
    await panel.command("/followup brambilla")
    picker = panel.modal(PICKER)
    await expect(picker).to_contain_text("Le tue riunioni")
    await expect(picker).to_contain_text("(facoltativo)")
    await panel.element("followups.pick").first.click()
    await panel.modal(OPTIONS).get_by_role("button", name="Scrivi follow-up").click()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    assert "incontro" in await panel.field("Oggetto").input_value()


async def test_the_second_workspace_has_people_and_meetings_of_its_own(
    panel: Panel, sandbox: Sandbox
) -> None:
    other = sandbox.world.workspaces[1]
    await panel.page.get_by_role("button", name=f"Workspace {other.name}").click()
    await expect(panel.page.locator(f"[data-acting={other.people[0].id}]")).to_be_visible()
    await panel.command("/followup")
    picker = panel.modal(PICKER)
    await expect(panel.element("followups.pick").first).to_be_visible()
    await expect(picker).not_to_contain_text("Hartwell")


async def test_the_address_says_who_one_is_so_that_two_tabs_are_two_people(
    panel: Panel, sandbox: Sandbox
) -> None:
    beside = Panel(await panel.page.context.new_page(), panel.url)
    await beside.enter("T0HOME", "U0GIULIA", "C0GENERAL")
    await panel.composer.fill("Seen at once?")
    await panel.composer.press("Enter")
    await expect(beside.messages.last).to_contain_text("Seen at once?")
    await beside.page.reload()
    await expect(beside.page.locator("[data-acting=U0GIULIA]")).to_be_visible()
    await expect(beside.messages.last).to_contain_text("Seen at once?")


async def test_an_address_that_changes_while_the_panel_opens_is_followed(panel: Panel) -> None:
    opened = await panel.page.context.new_page()
    asked, go = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        asked.set()
        await go.wait()
        await route.continue_()

    await opened.route("**/panel/api/client*", held)
    await opened.goto(f"{panel.url}/#team=T0HOME&user=U0ADA&channel=C0GENERAL")
    await asked.wait()
    await opened.goto(f"{panel.url}/#team=T0HOME&user=U0ADA&channel=C0OPS")
    go.set()
    await expect(opened.get_by_role("main", name="seguito-ops")).to_be_visible()


async def test_a_screen_as_narrow_as_a_phone_s_still_does_the_job(panel: Panel) -> None:
    await panel.page.set_viewport_size({"width": 390, "height": 844})
    await fits(panel.page)
    await panel.pick("kestrel")
    await fits(panel.page)
    box = await panel.modal(OPTIONS).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.open_app("messages")
    await fits(panel.page)


async def fits(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    assert await page.evaluate(FITS)
