"""Messages, cards and the app's own tabs as the panel shows them."""

import pytest
from playwright.async_api import expect

from tests.browser.panel import EDITOR, PICKER, WRITING_SECONDS, Panel

REGENERATE = "followups.regenerate_form"


async def test_an_answer_only_for_me_says_so_and_nobody_else_sees_it(panel: Panel) -> None:
    await panel.command("/seguito help")
    answer = panel.messages.filter(has_text="What I do")
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer.get_by_text("APP", exact=True)).to_be_visible()

    await panel.page.locator("[data-acting]").click()
    await panel.page.get_by_role("menuitem", name="Giulia").click()
    await expect(panel.page.locator("[data-acting=U0GIULIA]")).to_be_visible()
    await expect(panel.page.get_by_role("log")).to_contain_text("Questo è l’inizio del canale")
    await expect(panel.messages.filter(has_text="What I do")).to_have_count(0)


async def test_an_ordinary_message_is_seen_by_everybody(panel: Panel) -> None:
    await panel.composer.fill("Lunch at *one*? :wave:")
    await panel.composer.press("Enter")
    await expect(panel.messages.last.locator("strong, b").filter(has_text="one")).to_be_visible()
    await panel.page.locator("[data-acting]").click()
    await panel.page.get_by_role("menuitem", name="Giulia").click()
    await expect(panel.messages.last).to_contain_text("Lunch at one?")


async def test_a_command_nobody_knows_is_not_sent(panel: Panel) -> None:
    await panel.command("/followdown now")
    await expect(panel.messages.last).to_contain_text("/followdown is not a valid command")


async def test_the_home_tab_shows_how_the_connections_stand(panel: Panel) -> None:
    await panel.open_app("home")
    home = panel.page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("What I do")
    await expect(home).to_contain_text("Fathom")
    await expect(home.get_by_role("button", name="Disconnect").first).to_be_visible()
    await panel.page.locator("[data-tab=about]").click()
    about = panel.page.get_by_role("tabpanel", name="About")
    await expect(about).to_contain_text("/gmail-connect")


async def test_a_shortcut_opens_the_picker(panel: Panel) -> None:
    await panel.page.get_by_role("button", name="Shortcuts").click()
    await panel.page.get_by_role("menuitem", name="New follow-up").click()
    await expect(panel.modal(PICKER)).to_be_visible()


@pytest.mark.parametrize(("choice", "modal"), [("View & edit", EDITOR), ("Regenerate", REGENERATE)])
async def test_the_menu_of_a_card_opens_what_it_names(
    choice: str, modal: str, panel: Panel
) -> None:
    await card_of_a_followup(panel)
    await panel.pick_item(panel.element("followups.menu").last, choice)
    await expect(panel.modal(modal)).to_be_visible()


async def test_a_discarded_card_keeps_a_word_and_no_buttons(panel: Panel) -> None:
    await card_of_a_followup(panel)
    await panel.pick_item(panel.element("followups.menu").last, "Discard")
    card = panel.messages.filter(has_text="Saffron").last
    await expect(card).to_contain_text("Discarded.")
    await expect(card.locator("[data-action-id]")).to_have_count(0)


async def card_of_a_followup(panel: Panel) -> None:
    """Write one, close its modal, and go where its card is."""
    await panel.write("saffron")
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.open_app("messages")
    card = panel.messages.filter(has_text="Saffron").last
    await expect(card.get_by_role("button", name="Create Gmail draft")).to_be_visible(
        timeout=WRITING_SECONDS * 1000
    )
