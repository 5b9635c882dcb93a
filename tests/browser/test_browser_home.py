"""App Home in a real browser: each button does its work in place, in both languages and widths."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.panel import EDITOR, OPTIONS, PICKER, WRITING_SECONDS, Panel

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def tab(panel: Panel) -> Locator:
    """The page itself."""
    return panel.page.get_by_role("tabpanel", name="Home")


async def close(panel: Panel, callback_id: str) -> None:
    """Wait for this modal, then put it away."""
    await expect(panel.modal(callback_id)).to_be_visible()
    await panel.page.keyboard.press("Escape")
    await expect(panel.modal()).to_have_count(0)


async def test_every_button_of_home_does_its_work_in_place(panel: Panel) -> None:
    await panel.command("/followup hartwell")
    await close(panel, PICKER)
    await panel.open_app("home")
    home = tab(panel)
    await expect(home).to_contain_text("Meetings without a follow-up")
    for button, opened in (
        ("home.new", PICKER),
        ("home.all_meetings", PICKER),
        ("home.new_task", "crm.task_form"),
        ("home.templates", "templates.list"),
        ("home.settings", "settings.form"),
        ("home.budgets", "budgets.sheet"),
    ):
        await panel.element(button).click()
        await close(panel, opened)
    await panel.element("home.refresh").click()
    await expect(home).to_contain_text("Operations today")
    # Ada runs operations.
    await expect(home).to_contain_text("running")

    await panel.element("followups.pick").first.click()
    await expect(panel.modal(OPTIONS)).to_be_visible()
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await close(panel, EDITOR)
    await expect(home).to_contain_text("ready, not in Gmail yet")
    await panel.element("home.open_draft").first.click()
    await close(panel, EDITOR)
    await panel.element("home.finish").first.click()
    await close(panel, "followups.review")
    drafts = await panel.element("home.discard").count()
    await panel.element("home.discard").first.click()
    await panel.page.get_by_role("button", name="Discard").last.click()
    await expect(panel.element("home.discard")).to_have_count(drafts - 1)

    await panel.element("connections.connect_gmail").click()
    await expect(panel.element("connections.open_link")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("person", "title"), [("U0SAM", "Open drafts"), ("U0GIULIA", "Bozze aperte")]
)
async def test_home_fits_and_reads_in_both_languages(
    panel: Panel, size: dict[str, int], person: str, title: str
) -> None:
    await panel.page.set_viewport_size(size)  # type: ignore[arg-type] # a ViewportSize
    await panel.enter("T0HOME", person)
    await panel.open_app("home")
    await expect(tab(panel)).to_contain_text(title)
    assert await panel.page.evaluate(FITS)
