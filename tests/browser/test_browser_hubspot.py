"""HubSpot in a real browser: filled by a follow-up and taken back, in both languages."""

from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from integrations.sandbox.hubspot.vendor import HubSpot
from integrations.sandbox.hubspot.wire import KEY
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel
from tests.journeys.steps import modal

SECONDS = 120


@dataclass(frozen=True)
class Told:
    """Who follows up which meeting, and what they read."""

    meeting: str
    company: str
    done: tuple[str, ...]
    undo: str
    undone: tuple[str, ...]


ENGLISH = Told(
    "orchard",
    "Orchard Street Bakery",
    ("The note is in the CRM.", "The tasks are in the CRM.", "The deal is changed."),
    "Undo",
    ("The CRM note was deleted.", "The tasks were deleted.", "The deal is as it was."),
)
ITALIAN = Told(
    "valdoro",
    "Caseificio Valdoro",
    ("La nota è nel CRM.", "Le attività sono nel CRM.", "La trattativa è stata modificata."),
    "Annulla quanto fatto",
    (
        "La nota CRM è stata eliminata.",
        "Le attività sono state eliminate.",
        "La trattativa è com’era.",
    ),
)


async def connect(ada: Visitor) -> None:
    """An admin connects HubSpot."""
    await ada.command("/seguito connections")
    await modal(ada, "connections.overview")
    await ada.click("crm.ask_keys_hubspot")
    await modal(ada, "crm.form")
    await ada.type("crm.key_1", KEY)
    await ada.submit()
    await ada.sees("HubSpot is connected")
    await ada.close(everything=True)


@pytest.mark.parametrize("told", [ENGLISH, ITALIAN], ids=["en", "it"])
async def test_note_tasks_and_deal_go_into_hubspot_and_come_back(
    panel: Panel, ada: Visitor, giulia: Visitor, sandbox: Sandbox, told: Told
) -> None:
    await connect(ada)
    store = sandbox.of(HubSpot).store
    earlier = set(store.items["tasks"])
    if told is ITALIAN:
        person = sandbox.world.person(giulia.id)
        assert person is not None
        await panel.become(person)
    await panel.write(told.meeting)
    await panel.element("followups.show_review").click()
    review = panel.modal("followups.review")
    await expect(review).to_contain_text(told.company)

    await panel.element("followups.change_deal").click()
    await panel.element("followups.edit_deal").first.click()
    await expect(panel.modal("followups.deal_form")).to_be_visible()
    await panel.element("followups.deal_amount").fill("3.000,00")
    await panel.submit()
    await expect(review).to_contain_text("→")
    for box in await review.get_by_role("checkbox").all():
        await box.check()
    await panel.submit()
    await expect(review).to_have_count(0)
    # The list of meetings lay below.
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.open_app("messages")
    card = panel.messages.filter(has_text=told.company).last
    for words in told.done:
        await expect(card).to_contain_text(words, timeout=SECONDS * 1000)
    tasks = [item for key, item in store.items["tasks"].items() if key not in earlier]
    assert tasks
    assert not any(item.archived for item in tasks)

    hubspot = await panel.look_at("hubspot")
    await hubspot.get_by_role("tab", name="Tasks").click()
    await expect(hubspot).to_contain_text(told.company)

    await card.locator("[data-action-id='followups.menu']").click()
    await panel.page.get_by_text(told.undo, exact=True).last.click()
    await expect(panel.modal("followups.undo_review")).to_be_visible()
    await panel.submit()
    for words in told.undone:
        await expect(card).to_contain_text(words, timeout=SECONDS * 1000)
    assert all(item.archived for item in tasks)
