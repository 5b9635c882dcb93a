"""Modals in the panel: errors under inputs, views on views, confirm dialogs, menus."""

from playwright.async_api import expect

from integrations.sandbox.server import Sandbox
from tests.browser.panel import EDITOR, OPTIONS, PICKER, WRITING_SECONDS, Panel

OVERVIEW = "connections.overview"
KEY_FORM = "connections.fathom_form"
TESTING = "connections.fathom_testing"
VERSIONS = "followups.versions"


async def test_what_is_wrong_stands_under_its_input(panel: Panel) -> None:
    await panel.pick("kestrel")
    await panel.field("Cc (optional)").fill("not an address")
    await panel.submit()

    error = panel.modal(OPTIONS).get_by_role("alert")
    await expect(error).to_contain_text("“not” is not an e-mail address")
    cc = panel.field("Cc (optional)")
    await expect(cc).to_be_focused()
    await expect(cc).to_have_attribute("aria-invalid", "true")
    described = await cc.get_attribute("aria-describedby") or ""
    assert await error.get_attribute("id") in described.split()

    await cc.fill("sam@altamarea.example")
    await expect(error).to_have_count(0)
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await expect(panel.field("Cc (optional)")).to_have_value("sam@altamarea.example")


async def test_back_leads_to_the_view_below_as_it_was_left(panel: Panel) -> None:
    await panel.command("/followup")
    await panel.field("Search (optional)").fill("kestrel")
    await panel.field("Search (optional)").press("Enter")
    await expect(panel.modal(PICKER)).not_to_contain_text("Brightloom")
    await panel.element("followups.pick").first.click()
    await expect(panel.modal(OPTIONS)).to_be_visible()

    await panel.modal().get_by_role("button", name="Back").first.click()
    await expect(panel.modal(PICKER)).to_contain_text("Kestrel")
    await expect(panel.modal(PICKER)).not_to_contain_text("Brightloom")
    await expect(panel.field("Search (optional)")).to_have_value("kestrel")

    await panel.modal().locator("[data-modal=dismiss]").click()
    await expect(panel.modal()).to_have_count(0)


async def test_pages_of_meetings_are_turned_back_and_forth(panel: Panel) -> None:
    await panel.command("/followup")
    picker = panel.modal(PICKER)
    await expect(picker).to_contain_text("Today")
    newest = await panel.element("followups.pick").first.get_attribute("data-block-id")
    await picker.get_by_role("button", name="Older").click()
    await expect(picker.get_by_role("button", name="Newest")).to_be_visible()
    assert await panel.element("followups.pick").first.get_attribute("data-block-id") != newest
    await picker.get_by_role("button", name="Newest").click()
    await expect(picker.get_by_role("button", name="Newest")).to_have_count(0)
    await expect(panel.element("followups.pick").first).to_have_attribute(
        "data-block-id", str(newest)
    )


async def test_disconnecting_asks_first_and_the_key_can_be_given_again(
    panel: Panel, sandbox: Sandbox
) -> None:
    sam = next(p for p in sandbox.world.people if p.id == "U0SAM")
    await panel.become(sam)
    await panel.command("/seguito connections")
    buttons = panel.page.locator("[data-block-id='connections.fathom']")
    disconnect = buttons.filter(has_text="Disconnect")
    confirm = panel.page.get_by_role("alertdialog")

    await disconnect.click()
    await expect(confirm).to_contain_text("Your key is deleted")
    await confirm.get_by_role("button", name="Keep").click()
    await expect(confirm).to_have_count(0)
    await expect(disconnect).to_be_focused()

    await disconnect.click()
    await confirm.get_by_role("button", name="Disconnect").click()
    await expect(disconnect).to_have_count(0)
    await buttons.click()
    await panel.modal(KEY_FORM).get_by_label("Fathom API key").fill("wrong")
    await panel.submit()
    await expect(panel.modal(KEY_FORM)).to_contain_text("does not accept this key")
    await expect(panel.field("Fathom API key")).to_have_value("wrong")
    await panel.field("Fathom API key").fill(sam.fathom_key)
    await panel.submit()
    await expect(panel.modal(TESTING)).to_contain_text("Fathom is connected")


async def test_versions_are_listed_and_an_earlier_one_is_restored(panel: Panel) -> None:
    await panel.write("juniper")
    written = await panel.field("Subject").input_value()
    await panel.field("Subject").fill("Rewritten by hand")
    await panel.element("followups.show_versions").click()
    await expect(panel.modal(VERSIONS)).to_contain_text("edited by you")

    await panel.modal(VERSIONS).get_by_role("button", name="Restore").first.click()
    await expect(panel.modal(EDITOR)).to_be_visible()
    await expect(panel.field("Subject")).to_have_value(written)


async def test_a_version_is_written_again_with_an_instruction(panel: Panel) -> None:
    await panel.write("juniper")
    await panel.element("followups.ask_regenerate").click()
    await panel.field("What should change?").fill("Shorter, please")
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await panel.element("followups.show_versions").click()
    await expect(panel.modal(VERSIONS)).to_contain_text("Version 2")
